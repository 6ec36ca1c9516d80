"""Flat lists: what a list comes to once all its references are followed (RFC 4826 §4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from xcap_documents.resource_lists import Entry
from xcap_sdk.protocol.addresses import DocumentAddress

Reason: TypeAlias = Literal[
    "invalid",
    "dangling",
    "circular",
    "repeated",
    "elsewhere",
    "unread",
    "refused",
    "unreadable",
    "too-deep",
    "too-many",
    "shifted",
    "revived",
]
"""Why a reference was not followed, or what a planned change of a list would do to it.

- ``invalid``: it is no such reference.
- ``dangling``: nothing is there, or no such element.
- ``circular``: it leads back into a list that it is in.
- ``repeated``: the list was referred to before. Nothing is missing in the flat list for that, but a resource
  list server gives up there (RFC 4826 §4.5).
- ``elsewhere``: it is on another server, and no way to read it was given.
- ``unread``: it is in a document that is not in hand.
- ``refused``: the server does not give the document out.
- ``unreadable``: what is there is no resource-lists document.
- ``too-deep``, ``too-many``: the limits are reached.
- ``shifted``, ``revived``: only from plans. It would lead to something else than before; or it led nowhere,
  and would lead somewhere.
"""

_SUBSCRIBABLE = {"sip", "sips", "pres"}


@dataclass(frozen=True, slots=True)
class FlatEntry:
    """An entry of a flat list.

    Attributes:
        uri: Its URI.
        label: The name to show: that of the reference that led to it, if it has one, else the entry's own.
        entry: The entry itself.
        document: The document that holds it; None for one in hand whose address was not given.
        place: Its place in that document's model.
        via: The references that were followed to it, as the documents write them, the outermost first.
    """

    uri: str
    label: str | None
    entry: Entry = field(repr=False)
    document: DocumentAddress | None
    place: str
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceProblem:
    """A reference that was not followed, or that a planned change of a list would harm.

    Attributes:
        reason: Why.
        reference: What it says; None for an external without an anchor, and for a whole document.
        document: The document that it is in; None for one in hand whose address was not given.
        place: Its place in that document's model; empty for the whole document.
        message: Why, in words.
    """

    reason: Reason
    reference: str | None
    document: DocumentAddress | None
    place: str
    message: str

    def __str__(self) -> str:
        where = " of ".join(str(part) for part in (self.place, self.document) if part)
        return f"{where}: {self.message} [{self.reason}]"


@dataclass(frozen=True, slots=True)
class FlatList:
    """A list with all its references followed.

    Attributes:
        entries: Its entries in order, no URI twice.
        problems: The references that were not followed, in order.
    """

    entries: Sequence[FlatEntry]
    problems: Sequence[ReferenceProblem]

    @property
    def uris(self) -> list[str]:
        """The URIs, in order."""
        return [entry.uri for entry in self.entries]

    @property
    def subscribable(self) -> list[str]:
        """The URIs that a resource list server can subscribe to: sip, sips and pres (RFC 4826 §4.5)."""
        return [uri for uri in self.uris if uri.partition(":")[0].lower() in _SUBSCRIBABLE]
