"""What both clients share, without I/O: the session, addresses, and who has which documents."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Self, TypeVar

from xcap_sdk.errors import InvalidInput
from xcap_sdk.flows.circuit import Circuit
from xcap_sdk.flows.conversation import Session
from xcap_sdk.flows.held import Held
from xcap_sdk.protocol.documents import DocumentAddress, Tree
from xcap_sdk.protocol.naming import user_uri
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.repository.place import address_of
from xcap_sdk.transport import Network
from xcap_sdk.usages import ApplicationUsage

if TYPE_CHECKING:
    from xcap_sdk.protocol.profiles import ServerProfile

R = TypeVar("R")


def session_for(
    root: XcapRoot,
    user: str | None,
    *,
    authenticated: bool,
    profile: ServerProfile | None,
    node_writes: bool | None,
    usages: Iterable[ApplicationUsage[Any]],
    network: Network | None,
    handle: Callable[[Held[Any]], Any],
) -> Session:
    """The session of a new client.

    Raises:
        InvalidAddress: The user is no URI with a scheme.
        InvalidInput: The profile is none.
    """
    if user is not None:
        user_uri(user)
    if profile is not None:
        _check_profile(profile)
    reach = network or Network()
    configured = {usage.auid: usage for usage in usages}
    session = Session(
        root=root,
        user=user,
        authenticated=authenticated,
        configured=configured,
        given=profile,
        node_writes=node_writes,
        tries=reach.tries,
        circuit=Circuit(reach.circuit_failures, reach.circuit_seconds),
        redirects=reach.redirects,
        limits=reach.limits,
        handle=handle,
    )
    session.usages.update(configured)
    return session


def _check_profile(profile: object) -> None:
    from xcap_sdk.protocol.profiles import ServerProfile

    if not isinstance(profile, ServerProfile):  # but the name of a file
        raise InvalidInput(f"profile={profile!r} is no ServerProfile: load_profile() reads one from a file")


class Place:
    """One user's documents, or the global tree's.

    Args:
        session: The client's session.
        tree: Which tree.
        xui: Whose documents; None in the global tree, or if there is no user.
    """

    def __init__(self, session: Session, tree: Tree, xui: str | None) -> None:
        self._session = session
        self._tree: Tree = tree
        self._xui = xui

    @property
    def root(self) -> XcapRoot:
        """The XCAP root."""
        return self._session.root

    @property
    def user(self) -> str | None:
        """Whose documents these are; None in the global tree, or if the client has no user."""
        return self._xui

    def address(self, usage: ApplicationUsage[Any] | str, document: str | None = None) -> DocumentAddress:
        """The address of any document here.

        Args:
            usage: The application usage, or its AUID.
            document: The document's name; None for the usage's own default.

        Returns:
            The address, from which those of elements and attributes are made.

        Raises:
            InvalidAddress: A part of it cannot be, or the client has no user.
        """
        known = self._usage(usage)
        tree = "global" if known is not None and known.tree == "global" else self._tree
        if known is not None:
            return address_of(self._session, known, tree, self._xui, document)
        return DocumentAddress(
            root=self._session.root,
            auid=str(usage),
            tree=tree,
            xui=self._xui if tree == "users" else None,
            document="index" if document is None else document,
        )

    def __repr__(self) -> str:
        whose = "global" if self._tree == "global" else f"user={self._xui}"
        return f"<{type(self).__name__} {self._session.root.uri} {whose}>"

    def _with(self, **attributes: object) -> Self:
        """A copy, some of whose attributes are others."""
        other = copy.copy(self)
        vars(other).update(attributes)
        return other

    def _own(self, usage: ApplicationUsage[R]) -> ApplicationUsage[R]:
        """One of the SDK's own usages as this client was told that its server has it."""
        configured = self._session.configured.get(usage.auid)
        return usage if configured is None or configured.root is not usage.root else configured

    def _usage(self, usage: ApplicationUsage[Any] | str) -> ApplicationUsage[Any] | None:
        """The usage itself or the known one with an AUID; one that is handed in is known from then on."""
        if isinstance(usage, str):
            return self._session.usages.get(usage)
        self._session.usages[usage.auid] = usage
        return usage
