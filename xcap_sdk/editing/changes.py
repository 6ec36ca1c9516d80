"""Edits that single XCAP requests can make, and changes, which are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """An attribute gets a value, or goes.

    Attributes:
        owner: What is to be replaced if this cannot be done: an element of the document that is wanted.
        size: The bytes that it takes, about.
        element: Of the document as it is.
        name: As ``{namespace}name``.
        value: None to remove it.
    """

    owner: Element
    size: int
    element: Element
    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Remove:
    """An element goes.

    Attributes:
        owner: What is to be replaced if this cannot be done: an element of the document that is wanted.
        size: The bytes that it takes, about.
        element: Of the document as it is.
        to: Where it is to come back, in the document that is wanted; None for nowhere.
    """

    owner: Element
    size: int
    element: Element
    to: Element | None = None


@dataclass(frozen=True, slots=True)
class Insert:
    """A new element.

    Attributes:
        owner: What is to be replaced if this cannot be done: an element of the document that is wanted.
        size: The bytes that it takes, about.
        parent: Of the document as it is.
        new: Of the document that is wanted.
        low: Among which of the parent's nodes it comes at the earliest.
        high: And at the latest.
    """

    owner: Element
    size: int
    parent: Element
    new: Element
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Replace:
    """An element takes the place of another one.

    Attributes:
        owner: What is to be replaced if this cannot be done: an element of the document that is wanted. None
            for the root, in place of which there is nothing.
        selector_size: The bytes that its selector takes, about.
        old: Of the document as it is.
        new: Of the document that is wanted.
        wanted: That document.
    """

    owner: Element | None
    selector_size: int
    old: Element
    new: Element
    wanted: Source

    @property
    def size(self) -> int:
        """The bytes that it takes, about: mostly not asked for, and then not looked for."""
        start, end = self.wanted.span(self.new)
        return self.selector_size + end - start


Edit: TypeAlias = SetAttribute | Remove | Insert | Replace


def requests(edits: Iterable[Edit]) -> int:
    """How many requests edits take: what moves is removed first and inserted then."""
    return sum(1 + (isinstance(edit, Remove) and edit.to is not None) for edit in edits)


@dataclass(slots=True)
class Change:
    """An element that is not what it is to be.

    Attributes:
        replace: The edit that replaces all of it.
        is_whole: Whether there is no other way.
        early: The edits to be made before those of the children: what goes.
        inner: The children that are not what they are to be.
        late: The edits to be made behind them: what comes, what moves, and the attributes.
    """

    replace: Replace
    is_whole: bool = False
    early: list[Edit] = field(default_factory=list[Edit])
    inner: list[Change] = field(default_factory=list["Change"])
    late: list[Edit] = field(default_factory=list[Edit])

    @property
    def parts(self) -> int:
        """In how many places something is to be done; requests may be more."""
        return len(self.early) + len(self.inner) + len(self.late)

    def cheapest(self, price: int, *, whole: bool = True) -> tuple[int, list[Edit]]:
        """The cheapest edits and what they cost.

        Args:
            price: What each request costs besides its bytes.
            whole: Whether the element itself may be replaced where there is another way.
        """
        if self.is_whole:
            return self.replace.size + price, [self.replace]
        inner = [child.cheapest(price) for child in self.inner]
        edits = [*self.early, *(edit for _, each in inner for edit in each), *self.late]
        cost = sum(each for each, _ in inner)
        own = (*self.early, *self.late)
        cost += sum(edit.size for edit in own) + price * requests(own)
        if whole and requests(edits) > 1 and self.replace.size + price < cost:
            return self.replace.size + price, [self.replace]
        return cost, edits

    def __bool__(self) -> bool:
        """Whether there is anything to be done."""
        return self.is_whole or any(self.inner) or bool(self.early or self.late)
