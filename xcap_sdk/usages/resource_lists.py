"""resource-lists (RFC 4826 §3): buddy lists and what refers to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_sdk.documents.bounded import subscript
from xcap_sdk.usages.list_kinds import KINDS, Item, Parent, kind_of
from xcap_sdk.usages.usage import ApplicationUsage, Check

if TYPE_CHECKING:
    from xcap_sdk.errors import Problem

_SECTION = "RFC 4826 §3.4.5"
ENTRIES = "RFC 4826 §3.1"
_ITEMS = tuple(cls for cls, *_ in KINDS)


class Start(NamedTuple):
    """Where a list or a whole document of lists is.

    Attributes:
        model: It.
        place: Its place in the model; empty for the document.
        field: The path of its element, as conflict reports name fields.
        prefix: What elements of resource-lists are prefixed with there.
    """

    model: ResourceLists | ResourceList
    place: str = ""
    field: str = "resource-lists"
    prefix: str = ""


def places(start: Start) -> Iterator[tuple[str, str, Item, bool]]:
    """Place, field, item, and whether its key was there before among its siblings, in document order."""
    pending: list[tuple[str, str, ResourceLists | ResourceList]] = [(start.place, start.field, start.model)]
    while pending:
        place, path, parent = pending.pop()
        counts = Counter[str]()
        names = Counter(item.name for item in parent.items if isinstance(item, ResourceList))
        seen: set[tuple[str, str]] = set()
        inner: list[tuple[str, str, ResourceLists | ResourceList]] = []
        for item in parent.items:
            if not isinstance(item, _ITEMS):
                continue  # from untyped code: there is no such element, as the schema says
            view, element, attribute = kind_of(item)
            index, counts[view] = counts[view], counts[view] + 1
            key: str | None = getattr(item, attribute)
            named = isinstance(item, ResourceList) and item.name is not None and names[item.name] == 1
            here = f"{place}{'.' if place else ''}{view}"
            here += subscript(here, key if named else None, index)
            yield (
                f"{here}.{attribute}",
                f"{path}/{start.prefix}{element}/@{attribute}",
                item,
                key is not None and (view, key) in seen,
            )
            if key is not None:
                seen.add((view, key))
            if isinstance(item, ResourceList):
                inner.append((here, f"{path}/{start.prefix}{element}", item))
        pending += reversed(inner)


def _parents(model: Parent) -> Iterator[Parent]:
    """What holds lists and entries: all lists, and the document."""
    pending: list[Parent] = [model]
    while pending:
        parent = pending.pop()
        yield parent
        pending += [item for item in parent.items if isinstance(item, ResourceList)]


def _has_twins(parent: Parent) -> bool:
    kinds = [(kind_of(item), item) for item in parent.items if isinstance(item, _ITEMS)]
    keys = [(view, key) for (view, _, name), item in kinds if (key := getattr(item, name)) is not None]
    return len(set(keys)) < len(keys)


def uniqueness(start: Start) -> Iterator[Problem]:
    """Names, URIs and references that siblings have already (RFC 4826 §3.4.5)."""
    if not any(map(_has_twins, _parents(start.model))):
        return  # as mostly, and the places take longer to say than to see this
    from xcap_sdk.errors import Problem

    for place, path, item, taken in places(start):
        if taken:
            _, element, attribute = kind_of(item)
            value: str = getattr(item, attribute)
            message = f"another {element} beside it has the {attribute} {value!r} already ({_SECTION})"
            yield Problem(place, "uniqueness", message, field=path)


def references(start: Start) -> Iterator[Problem]:
    """References that are no relative path or no absolute URI (RFC 4826 §3.4.5)."""
    kinds = {cls for parent in _parents(start.model) for cls in map(type, parent.items)}
    if not any(issubclass(cls, EntryRef | External) for cls in kinds):
        return
    from xcap_sdk.errors import Problem
    from xcap_sdk.usages.list_references import is_absolute_http, is_relative_path

    for place, _, item, _ in places(start):
        ref: str | None = getattr(item, "ref", None)  # a document may lack it
        if ref is not None and not is_relative_path(ref):
            message = (
                f"{ref!r} is no relative path reference: it starts with the AUID, "
                f"without a scheme or a slash ({_SECTION})"
            )
            yield Problem(place, "reference", message)
        elif isinstance(item, External) and item.anchor is not None and not is_absolute_http(item.anchor):
            yield Problem(
                place, "reference", f"{item.anchor!r} is no absolute http or https URI ({_SECTION})"
            )


def entry_uris(start: Start) -> Iterator[Problem]:
    """Entries whose uri is none (RFC 4826 §3.1)."""
    from xcap_sdk.usages.absolute import no_uris, told_of

    uris = [item.uri for parent in _parents(start.model) for item in parent.items if isinstance(item, Entry)]
    if not no_uris(uris):  # as mostly
        return
    for place, _, item, _ in places(start):
        if isinstance(item, Entry) and no_uris([item.uri]):
            yield told_of(place, item.uri, ENTRIES)


RESOURCE_LISTS = ApplicationUsage(
    auid="resource-lists",
    root=ResourceLists,
    media_type="application/resource-lists+xml",
    keys={cls: attribute for cls, _, _, attribute in KINDS},
    empty=ResourceLists,
    checks=(
        Check("uniqueness", _SECTION, lambda book: uniqueness(Start(book))),
        Check("reference", _SECTION, lambda book: references(Start(book))),
        Check("uri", ENTRIES, lambda book: entry_uris(Start(book))),
    ),
)
"""Buddy lists (RFC 4826 §3)."""
