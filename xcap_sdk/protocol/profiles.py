"""What a server does right, what it does in its own way, and what must never be sent to it: as a value.

RFC 4825 says what servers do, and servers deviate from it, some so that data is lost. A profile says of each
ability whether the server has it (`ServerProfile.right`), is known not to have it (`ServerProfile.wrong`), or
neither, where nobody has looked. Saves use on their own only what is right; what was asked for expressly and
is not known is done and looked at; what is wrong is not used at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from xcap_sdk.protocol.documents import DocumentAddress
from xcap_sdk.protocol.messages import GATEWAY

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import Address


class Ability(StrEnum):
    """Something that RFC 4825 says of a server."""

    APPEND_ELEMENT = "append-element"
    """A new element that is selected without a position comes behind those of its name (§8.2.3)."""
    INSERT_ELEMENT = "insert-element"
    """A new element that is selected by a position comes there (§8.2.3)."""
    REPLACE_ELEMENT = "replace-element"
    """An element that is put takes the place of the one that was there (§8.2.4)."""
    DELETE_ELEMENT = "delete-element"
    """DELETE removes the element that is selected, and nothing else (§8.4)."""
    SET_ATTRIBUTE = "set-attribute"
    """PUT sets an attribute, new or not (§7.7)."""
    DELETE_ATTRIBUTE = "delete-attribute"
    """DELETE removes an attribute (§7.8)."""
    BIND_PREFIXES = "bind-prefixes"
    """Selectors may bind prefixes with ``?xmlns()`` (§6.4)."""
    MATCH = "if-match"
    """A PUT under ``If-Match`` is refused if the document is another version (§7.11)."""
    ATOMIC = "atomic"
    """Of two writes under the same condition at the same time one is refused."""
    MATCH_ANY = "if-match-any"
    """``If-Match: *`` holds for any document that is there (§7.11)."""
    MUST_NOT_EXIST = "if-none-match"
    """A PUT under ``If-None-Match: *`` is refused if the document is there (§7.11)."""
    MATCH_DELETE = "delete-if-match"
    """A DELETE under ``If-Match`` is refused if the document is another version (§7.11)."""
    REVALIDATE = "get-if-none-match"
    """A GET under ``If-None-Match`` is answered 304 if the document is still that version (§7.11)."""
    GET_ELEMENT = "get-element"
    """GET gives an element byte for byte, as ``application/xcap-el+xml`` (§7.6)."""
    GET_ATTRIBUTE = "get-attribute"
    """GET gives an attribute's value, escaped, as ``application/xcap-att+xml`` (§7.9)."""
    GET_NAMESPACES = "get-namespaces"
    """GET gives the namespaces in scope of an element, as ``application/xcap-ns+xml`` (§7.10)."""
    ONE_NODE = "one-node"
    """A selector that fits several nodes is answered 404, and nothing is deleted (§8.3, §8.4)."""
    CREATED = "created"
    """201 says that something is new (§8.2.7)."""
    NOT_FOUND = "not-found"
    """404 says that something is not there (§8.3, §8.4)."""
    CONFLICT = "conflict"
    """409 refuses a document or a node that cannot be stored (§8.2.2, §8.2.5)."""


NODE_WRITES = frozenset(
    {
        Ability.APPEND_ELEMENT,
        Ability.INSERT_ELEMENT,
        Ability.REPLACE_ELEMENT,
        Ability.DELETE_ELEMENT,
        Ability.SET_ATTRIBUTE,
        Ability.DELETE_ATTRIBUTE,
        Ability.BIND_PREFIXES,
    }
)
"""What is used to write single nodes."""


class Danger(StrEnum):
    """A request that hurts a server, or its users."""

    GET_NAMESPACES = "get-namespaces"
    """The GET of namespace bindings (§7.10) brings the server down."""
    DELETE_SEVERAL = "delete-several"
    """The DELETE of a selector that fits several nodes removes all of them, where §8.4 wants 404."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerProfile:
    """What is known of a server.

    Attributes:
        name: What people call it.
        servers: Which products it names in its ``Server`` header field, in lower case; empty for a profile
            that is only used where it is handed in.
        auids: How AUIDs start that it alone lists in its xcap-caps; it is recognised by these, too.
        right: What it does as RFC 4825 says.
        wrong: What it is known to do otherwise.
        dangers: What is never sent to it.
        busy: With which statuses it says that it cannot serve just now, so that what is safe to repeat is
            repeated; see `is_busy`.
        usages: The AUIDs of the application usages that it serves; None if that depends.
        max_document: The bytes that a document may have; None if there is no known limit.

    Raises:
        ValueError: Something is both right and wrong, or a number cannot be.
    """

    # Pydantic, which reads profiles from files, refuses names that there are not.
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: str
    servers: tuple[str, ...] = ()
    auids: tuple[str, ...] = ()
    right: frozenset[Ability] = frozenset()
    wrong: frozenset[Ability] = frozenset()
    dangers: frozenset[Danger] = frozenset()
    busy: frozenset[int] = GATEWAY
    usages: frozenset[str] | None = None
    max_document: int | None = None

    def __post_init__(self) -> None:
        if both := self.right & self.wrong:
            raise ValueError(f"{self.name}: {_listed(both)} cannot be both right and wrong")
        if not all(400 <= status <= 599 for status in self.busy):
            raise ValueError(f"{self.name}: busy={sorted(self.busy)} has to be statuses from 400 to 599")
        if self.max_document is not None and self.max_document < 1:
            raise ValueError(f"{self.name}: max_document={self.max_document} has to be above 0")

    def does(self, *abilities: Ability) -> bool:
        """Whether the server is known to do all of this right."""
        return self.right.issuperset(abilities)

    def fails(self, *abilities: Ability) -> bool:
        """Whether the server is known to do some of this in another way than RFC 4825 says."""
        return not self.wrong.isdisjoint(abilities)

    def is_busy(self, status: int, address: Address) -> bool:
        """Whether an answer says that the server cannot serve just now, so that it is worth asking again.

        A status that is none of a gateway's may say so of documents that the server serves, and of nothing
        else: of single nodes and of other usages it says that they cannot be.

        Args:
            status: The answer's status.
            address: What was asked for.
        """
        if status not in self.busy or status in GATEWAY:
            return status in self.busy
        return isinstance(address, DocumentAddress) and (self.usages is None or address.auid in self.usages)

    def knowing(self, *, right: Iterable[Ability] = (), wrong: Iterable[Ability] = ()) -> ServerProfile:
        """The same profile with other knowledge of some abilities.

        Args:
            right: What the server does as RFC 4825 says.
            wrong: What it does otherwise.
        """
        good, bad = frozenset(right), frozenset(wrong)
        return replace(self, right=(self.right - bad) | good, wrong=(self.wrong - good) | bad)

    def without(self, abilities: Iterable[Ability]) -> ServerProfile:
        """The same profile, knowing nothing of some abilities."""
        unknown = frozenset(abilities)
        return replace(self, right=self.right - unknown, wrong=self.wrong - unknown)

    def __str__(self) -> str:
        lines = [self.name, f"  right: {_listed(self.right)}", f"  wrong: {_listed(self.wrong)}"]
        if unknown := frozenset(Ability) - self.right - self.wrong:
            lines.append(f"  not known: {_listed(unknown)}")
        if self.dangers:
            lines.append(f"  never sent: {', '.join(sorted(each.value for each in self.dangers))}")
        if self.max_document is not None:
            lines.append(f"  documents: up to {self.max_document:,} bytes")
        return "\n".join(lines)


def _listed(abilities: Iterable[Ability]) -> str:
    given = frozenset(abilities)
    return ", ".join(ability.value for ability in Ability if ability in given) or "nothing"


CAUTIOUS = ServerProfile(
    name="unknown server",
    right=frozenset({Ability.MATCH, Ability.REVALIDATE}),
    dangers=frozenset(Danger),
)
"""For a server that nobody has looked at: documents are put under ``If-Match``, all else is looked at."""

CONFORMANT = ServerProfile(name="RFC 4825", servers=("xcap-sdk",), right=frozenset(Ability))
"""For a server that does all of it right, as the embedded one."""

KAMAILIO = ServerProfile(
    name="Kamailio 5.6",
    servers=("kamailio",),
    right=frozenset({Ability.MATCH, Ability.MATCH_DELETE, Ability.REVALIDATE}),
    wrong=NODE_WRITES
    | {
        Ability.ATOMIC,
        Ability.MATCH_ANY,
        Ability.MUST_NOT_EXIST,
        Ability.GET_ELEMENT,
        Ability.GET_ATTRIBUTE,
        Ability.GET_NAMESPACES,
        Ability.ONE_NODE,
        Ability.CREATED,
        Ability.NOT_FOUND,
        Ability.CONFLICT,
    },
    dangers=frozenset(Danger),
    busy=GATEWAY | {412, 500},
    usages=frozenset(
        {
            "resource-lists",
            "rls-services",
            "pres-rules",
            "pidf-manipulation",
            "org.openmobilealliance.pres-rules",
            "org.openmobilealliance.pres-content",
            "org.openmobilealliance.user-profile",
            "org.openmobilealliance.xcap-directory",
            "xcap-caps",
        }
    ),
)
"""Kamailio with its module xcap_server: it writes documents anew around a node, moves what is replaced to the
end, overwrites in spite of ``If-None-Match: *``, and exits on a GET of namespaces.

It looks at the ETag in one step and writes in another: with several worker processes two writes can get
through, with one (``tcp_children=1``) they cannot. While its database is locked it answers 500, or 412 to the
right ETag; it answers 500, too, to whatever it does not know, for good.
"""

OPENXCAP = ServerProfile(
    name="OpenXCAP 3.2",
    servers=("openxcap",),
    auids=("org.openxcap.",),
    right=frozenset(
        {
            Ability.MATCH,
            Ability.MATCH_ANY,
            Ability.MUST_NOT_EXIST,
            Ability.REVALIDATE,
            Ability.CREATED,
            Ability.NOT_FOUND,
            Ability.CONFLICT,
        }
    ),
    wrong=frozenset(
        {
            Ability.SET_ATTRIBUTE,
            Ability.BIND_PREFIXES,
            Ability.GET_ELEMENT,
            Ability.GET_ATTRIBUTE,
            Ability.GET_NAMESPACES,
            Ability.ONE_NODE,
        }
    ),
)
"""OpenXCAP: elements come and go as they should in plain ASCII documents, and not in others; attributes are
escaped twice."""

PROFILES = (CONFORMANT, KAMAILIO, OPENXCAP)
"""The profiles of servers that are known."""


def recognized(server: str, auids: Iterable[str] = ()) -> ServerProfile:
    """The profile of a server by what it says of itself.

    Proxies put their own name into ``Server``, before or instead of the server's; xcap-caps comes through.

    Args:
        server: Its ``Server`` header field; empty if it has none.
        auids: The application usages that its xcap-caps lists; none if that was not read.

    Returns:
        Its profile; `CAUTIOUS` if there is none.
    """
    names = _products(server)
    for profile in PROFILES:
        if not names.isdisjoint(profile.servers):
            return profile
    for profile in PROFILES:
        if profile.auids and any(auid.casefold().startswith(profile.auids) for auid in auids):
            return profile
    return CAUTIOUS


@lru_cache(maxsize=64)
def _products(server: str) -> frozenset[str]:
    """The products that a ``Server`` header field names, without versions and comments (RFC 9110 §10.2.4)."""
    depth, text = 0, ""
    for character in server:
        depth = max(0, depth + (character == "(") - (character == ")"))
        text += " " if depth or character in "()," else character
    return frozenset(product.partition("/")[0].casefold() for product in text.split())
