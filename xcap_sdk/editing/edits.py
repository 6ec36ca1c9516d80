"""Edits of a document's elements, and how they are made."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xcap_sdk.documents.outline import Fingerprint, Outline
from xcap_sdk.documents.rendering import element_of
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.documents.xml import Element


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


def apply(edits: Sequence[Edit], splice: Splice) -> None:
    """Make the edits. What goes here and comes there moves, with all that the model does not show."""
    arriving = _arriving(edits)
    moved = {id(element) for element in arriving.values()}
    for number, edit in enumerate(edits):
        if isinstance(edit, Insert):
            element = arriving.get(number)
            if element is None:
                splice.insert(edit.parent, edit.index, element_of(edit.outline))
            else:
                splice.move(element, edit.parent, edit.index)
        elif isinstance(edit, Replace):
            splice.replace(edit.element, element_of(edit.outline))
        elif not isinstance(edit, Remove):
            edit(splice)
        elif id(edit.element) not in moved:
            splice.remove(edit.element)


def _arriving(edits: Sequence[Edit]) -> dict[int, Element]:
    """Which insertions, by number, are of elements that are removed elsewhere."""
    if not any(isinstance(edit, Insert) for edit in edits):
        return {}
    leaving: dict[Fingerprint, deque[Element]] = defaultdict(deque)
    for edit in edits:
        if isinstance(edit, Remove):
            leaving[edit.outline.fingerprint()].append(edit.element)
    arriving: dict[int, Element] = {}
    for number, edit in enumerate(edits if leaving else ()):
        if isinstance(edit, Insert) and (found := leaving.get(edit.outline.fingerprint())):
            arriving[number] = found.popleft()
    return arriving
