"""Edits of a document's elements, and how they are made."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from xcap_sdk.documents.outline import Fingerprint, Outline
from xcap_sdk.documents.rendering import element_of
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.diff import Keys, key_field


@dataclass(frozen=True, slots=True)
class Insert:
    """A new element, or one that comes from somewhere else.

    Attributes:
        parent: Where it is to be.
        index: Before which of the parent's element children.
        outline: What it is.
    """

    parent: Element
    index: int
    outline: Outline


@dataclass(frozen=True, slots=True)
class Remove:
    """An element that goes.

    Attributes:
        element: The element.
        outline: What it was.
    """

    element: Element
    outline: Outline


@dataclass(frozen=True, slots=True)
class Replace:
    """An element that is made anew.

    Attributes:
        element: The element.
        outline: What it is to be.
    """

    element: Element
    outline: Outline


Edit: TypeAlias = Insert | Remove | Replace | Callable[[Splice], Any]
Inside: TypeAlias = Callable[[Outline, Outline, Element], list[Edit]]
"""The edits of an element from how it was to how it is to be."""


def set_attribute(element: Element, name: str, value: str) -> Edit:
    """The edit that sets an attribute."""
    return lambda splice: splice.set_attribute(element, name, value)


def remove_attribute(element: Element, name: str) -> Edit:
    """The edit that removes an attribute."""
    return lambda splice: splice.remove_attribute(element, name)


def set_text(element: Element, text: str) -> Edit:
    """The edit that changes the text of an element without element children."""
    return lambda splice: splice.set_text(element, text)


def move(element: Element, parent: Element, index: int) -> Edit:
    """The edit that moves an element before another, with all that is in it."""
    return lambda splice: splice.move(element, parent, index)


def apply(edits: Sequence[Edit], splice: Splice, keys: Keys, inside: Inside | None = None) -> None:
    """Make the edits. What goes here and comes there moves, with all that the model does not show.

    Args:
        edits: The edits.
        splice: What makes them.
        keys: The usage's keys.
        inside: Finds the edits of an element that moves and changes; None to make it anew instead.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
        InvalidInput: It holds something that the document's encoding cannot.
        ValueError: The edits cannot be made together.
    """
    arriving = _arriving(edits, keys, inside)
    moved = {id(element) for element, _ in arriving.values()}
    for number, edit in enumerate(edits):
        if isinstance(edit, Insert):
            if number not in arriving:
                splice.insert(edit.parent, edit.index, element_of(edit.outline))
                continue
            element, inner = arriving[number]
            splice.move(element, edit.parent, edit.index)
            apply(inner, splice, keys)
        elif isinstance(edit, Replace):
            splice.replace(edit.element, element_of(edit.outline))
        elif not isinstance(edit, Remove):
            edit(splice)
        elif id(edit.element) not in moved:
            splice.remove(edit.element)


def _arriving(
    edits: Sequence[Edit], keys: Keys, inside: Inside | None
) -> dict[int, tuple[Element, list[Edit]]]:
    """Which insertions, by number, are of elements that are removed elsewhere, and what changes in them."""
    inserts = {number: edit for number, edit in enumerate(edits) if isinstance(edit, Insert)}
    removes = [edit for edit in edits if isinstance(edit, Remove)] if inserts else []
    leaving: dict[Fingerprint, deque[Remove]] = defaultdict(deque)
    for edit in removes:
        leaving[edit.outline.fingerprint()].append(edit)
    arriving: dict[int, tuple[Element, list[Edit]]] = {}
    for number, edit in inserts.items() if leaving else ():
        if found := leaving.get(edit.outline.fingerprint()):
            arriving[number] = found.popleft().element, []
    if inside is None:
        return arriving
    rest = {
        identity: gone for gone in chain(*leaving.values()) if (identity := _identity(gone.outline, keys))
    }
    gone_by = Counter(_identity(gone.outline, keys) for gone in chain(*leaving.values()))
    come_by = Counter(_identity(inserts[number].outline, keys) for number in inserts.keys() - arriving.keys())
    for number in inserts.keys() - arriving.keys():
        identity = _identity(inserts[number].outline, keys)
        if identity in rest and gone_by[identity] == come_by[identity] == 1:
            gone = rest[identity]
            inner = inside(gone.outline, inserts[number].outline, gone.element)
            if not any(isinstance(edit, Replace) and edit.element is gone.element for edit in inner):
                arriving[number] = gone.element, inner
    return arriving


def _identity(outline: Outline, keys: Keys) -> tuple[str, str] | None:
    """What tells an element apart wherever it is; of what holds keyed elements the name does not."""
    field = key_field(outline.value, keys)
    key: object = getattr(outline.value, field) if field else None
    return (outline.name, key) if isinstance(key, str) and not hasattr(outline.value, "_views") else None
