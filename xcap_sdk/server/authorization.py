"""Who may do what: the default policy of RFC 4825 §5.7, and what may stand in its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import ApplicationUsage


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody asks for.

    Attributes:
        user: The name of the user, who has shown the password.
        usage: The application usage.
        document: The document that it is about.
        write: Whether it is to be changed.
        owner: Whether the document is in the user's own home directory.
        trusted: Whether the user may change the global tree, and read what is guarded there.
    """

    user: str
    usage: ApplicationUsage[Any]
    document: DocumentAddress
    write: bool
    owner: bool
    trusted: bool


Policy: TypeAlias = Callable[[Access], bool]
"""Says whether an access is allowed."""


def default_policy(access: Access) -> bool:
    """The default of RFC 4825 §5.7: one's own home directory is one's own, all may read the global tree.

    Trusted users write the global tree. A usage may open its documents for all users to read, as the status
    icon does, or leave its global tree to trusted users, as rls-services does (RFC 4826 §4.4.9), or keep its
    documents for trusted users to write and their owners to read, as the locked user profile does.
    """
    if access.usage.provided and (access.trusted or access.write):
        return access.trusted
    if access.document.tree == "global":
        return access.trusted or not (access.write or access.usage.guarded)
    return access.owner or (access.usage.public and not access.write)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which home directories there are, and whose they are.

    Attributes:
        names: The user names.
        xuis: XUI to user name. If None, a user owns each XUI that is the user name, that is it behind the
            scheme, or has it as its user part: ``sip:alice@example.org``, of any domain, is alice's.
        trusted: Names of the users who may write the global tree.
    """

    names: Collection[str]
    xuis: Mapping[str, str] | None = None
    trusted: Collection[str] = ()

    def owner(self, xui: str) -> str | None:
        """The name of the user whose home directory it is; None if there is no such user."""
        if self.xuis is not None:
            return self.xuis.get(xui)
        _, _, address = xui.partition(":")
        user_part = unquote(address.partition("@")[0].partition(";")[0])
        return next((name for name in (xui, address, user_part) if name in self.names), None)
