"""What resource-lists documents hold, and how far references to others are followed."""

from __future__ import annotations

from typing import TypeAlias

from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists

MAX_DEPTH = 32
"""How many externals inside each other are followed, unless said otherwise."""

MAX_DOCUMENTS = 100
"""How many other documents are read, unless said otherwise."""

Item: TypeAlias = ResourceList | Entry | EntryRef | External
Parent: TypeAlias = ResourceLists | ResourceList

KINDS: tuple[tuple[type[Item], str, str, str], ...] = (
    (ResourceList, "lists", "list", "name"),
    (Entry, "entries", "entry", "uri"),
    (EntryRef, "entry_refs", "entry-ref", "ref"),
    (External, "externals", "external", "anchor"),
)
"""Class, view of the parent, element, and key attribute, whose field has the same name."""


_NAMES = {cls: (view, element, attribute) for cls, view, element, attribute in KINDS}


def kind_of(item: Item) -> tuple[str, str, str]:
    """View, element and key attribute of an item."""
    return _NAMES.get(type(item)) or next(kind[1:] for kind in KINDS if isinstance(item, kind[0]))
