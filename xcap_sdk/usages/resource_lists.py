"""resource-lists (RFC 4826 §3): buddy lists and what refers to them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_sdk.errors import Problem
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "RFC 4826 §3.4.5"
Item = ResourceList | Entry | EntryRef | External

# Class, view of the parent, element, key attribute (whose field has the same name).
_KINDS: tuple[tuple[type[Item], str, str, str], ...] = (
    (ResourceList, "lists", "list", "name"),
    (Entry, "entries", "entry", "uri"),
    (EntryRef, "entry_refs", "entry-ref", "ref"),
    (External, "externals", "external", "anchor"),
)


def _places(book: ResourceLists) -> Iterator[tuple[str, str, Item, bool]]:
    """Place, field, item, and whether its key was there before among its siblings, in document order."""
    pending: list[tuple[str, str, ResourceLists | ResourceList]] = [("", "resource-lists", book)]
    while pending:
        place, path, parent = pending.pop()
        counts = Counter[str]()
        names = Counter(item.name for item in parent.items if isinstance(item, ResourceList))
        seen: set[tuple[str, str]] = set()
        inner: list[tuple[str, str, ResourceLists | ResourceList]] = []
        for item in parent.items:
            view, element, attribute = next(kind[1:] for kind in _KINDS if isinstance(item, kind[0]))
            index, counts[view] = counts[view], counts[view] + 1
            key: str | None = getattr(item, attribute)
            named = isinstance(item, ResourceList) and item.name is not None and names[item.name] == 1
            subscript = json.dumps(key, ensure_ascii=False) if named else str(index)
            here = f"{place}{'.' if place else ''}{view}[{subscript}]"
            yield (
                f"{here}.{attribute}",
                f"{path}/{element}/@{attribute}",
                item,
                key is not None and (view, key) in seen,
            )
            if key is not None:
                seen.add((view, key))
            if isinstance(item, ResourceList):
                inner.append((here, f"{path}/{element}", item))
        pending += reversed(inner)


def _uniqueness(book: ResourceLists) -> Iterator[Problem]:
    for place, path, item, taken in _places(book):
        if taken:
            _, element, attribute = next(kind[1:] for kind in _KINDS if isinstance(item, kind[0]))
            value: str = getattr(item, attribute)
            message = f"another {element} beside it has the {attribute} {value!r} already ({_SECTION})"
            yield Problem(place, "uniqueness", message, field=path)


def _references(book: ResourceLists) -> Iterator[Problem]:
    for place, _, item, _ in _places(book):
        if isinstance(item, EntryRef) and not _is_relative_path(item.ref):
            message = (
                f"{item.ref!r} is no relative path reference: it starts with the AUID, "
                f"without a scheme or a slash ({_SECTION})"
            )
            yield Problem(place, "reference", message)
        elif isinstance(item, External) and item.anchor is not None and not _is_absolute_http(item.anchor):
            yield Problem(
                place, "reference", f"{item.anchor!r} is no absolute http or https URI ({_SECTION})"
            )


def _is_relative_path(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and bool(parts.path) and not parts.path.startswith("/")


def _is_absolute_http(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


RESOURCE_LISTS = ApplicationUsage(
    auid="resource-lists",
    root=ResourceLists,
    media_type="application/resource-lists+xml",
    keys={cls: attribute for cls, _, _, attribute in _KINDS},
    empty=ResourceLists,
    checks=(Check("uniqueness", _SECTION, _uniqueness), Check("reference", _SECTION, _references)),
)
"""Buddy lists (RFC 4826 §3)."""
