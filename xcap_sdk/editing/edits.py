"""Edits of a document's elements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from xcap_sdk.documents.outline import Outline
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
        was: What it was.
        outline: What it is to be.
        keeps: Whether it is the same element, so that comments and instructions in it stay.
    """

    element: Element
    was: Outline
    outline: Outline
    keeps: bool = True


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


def set_leading_text(element: Element, text: str) -> Edit:
    """The edit that changes the text of an element up to its first child."""
    return lambda splice: splice.set_leading_text(element, text)


def set_following_text(element: Element, text: str) -> Edit:
    """The edit that changes the text behind an element, up to the next one."""
    return lambda splice: splice.set_following_text(element, text)


def remove(element: Element) -> Edit:
    """The edit that takes an element away that no model shows."""
    return lambda splice: splice.remove(element)


def move(element: Element, parent: Element, index: int) -> Edit:
    """The edit that moves an element before another, with all that is in it."""
    return lambda splice: splice.move(element, parent, index)
