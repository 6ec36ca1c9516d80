"""Flattens lists of documents in hand as a resource list server does (RFC 4826 §4.5).

    flatten(book, "friends").uris

The lists inside it and what it refers to are gone through in document order, each in its place; each URI
counts once, where it comes first. No list is gone through twice, so that circles end. What cannot be followed
is left out and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.flat_lists import FlatList
from xcap_sdk.usages.following import Missing, flattened
from xcap_sdk.usages.list_kinds import Parent
from xcap_sdk.usages.list_nodes import children


def flatten(
    book: ResourceLists | ResourceList,
    list: str | Sequence[str] | None = None,
    *,
    address: DocumentAddress | None = None,
    others: Mapping[DocumentAddress, ResourceLists] | None = None,
) -> FlatList:
    """Flatten a list of a document in hand, without any request.

    Args:
        book: The document, or one of its lists, such as the one inside a service.
        list: The name of the list, or the names on the way to it from the top level down; None for all.
        address: The document's address, to follow references into the document itself.
        others: Other documents in hand, by their addresses.

    Returns:
        The flat list; references to documents that are not in hand are problems of it.

    Raises:
        InvalidInput: There is no such list.
    """
    documents = dict(others or {})
    if address is not None and isinstance(book, ResourceLists):
        documents[address] = book
    flattening = flattened(book, find(book, list), address)
    try:
        wanted = next(flattening)
        while True:
            found = documents.get(wanted)
            wanted = flattening.send(found or Missing("unread", f"is in {wanted}, which is not in hand"))
    except StopIteration as end:
        flat: FlatList = end.value
        return flat


def find(book: Parent, list: str | Sequence[str] | None) -> tuple[Parent, str]:
    """The list of a name, or of the names on the way to it, and its place.

    Raises:
        InvalidInput: There is none.
    """
    parent, place = book, ""
    for name in () if list is None else (list,) if isinstance(list, str) else list:
        fitting = [
            (item, where)
            for item, where, _ in children(parent, place)
            if isinstance(item, ResourceList) and item.name == name
        ]
        if not fitting:
            names = [
                item.name for item in parent.items if isinstance(item, ResourceList) and item.name is not None
            ]
            there = f"there are {', '.join(map(repr, names[:5]))}" if names else "there are none with a name"
            raise InvalidInput(f"no list {name!r} in {place or 'the document'}: {there}")
        parent, place = fitting[0]
    return parent, place
