"""Changes of ranges of a document's bytes, applied once and in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from xcap_sdk.documents.source import Source


@dataclass(frozen=True, slots=True)
class Moved:
    """The bytes of an element, to be written elsewhere, with the changes that lie inside them.

    Attributes:
        start: Of the element.
        end: Behind it.
    """

    start: int
    end: int


Part: TypeAlias = str | Moved


@dataclass(frozen=True, slots=True)
class Change:
    """What a range of the bytes becomes.

    Attributes:
        start: Of the range.
        end: Behind it; the same as ``start`` to insert.
        parts: What is written instead.
        removes: Whether it takes an element away, which a `Moved` writes elsewhere, perhaps.
        is_content: Whether the range is all that is in an element, which may be one other element alone.
    """

    start: int
    end: int
    parts: tuple[Part, ...] = ()
    removes: bool = False
    is_content: bool = False


def _order(change: Change) -> tuple[int, bool, int, bool, bool]:
    # At one place insertions come first, then the outermost range: what lies within it is dropped with it.
    is_inner = not change.is_content
    return change.start, change.end > change.start, -change.end, is_inner, not change.removes


def apply(source: Source, changes: Iterable[Change]) -> bytes:
    """Apply changes to a document.

    Ranges lie apart from each other or within each other; a change within the range of another one counts
    only where that range is moved.

    Args:
        source: The document.
        changes: In any order; insertions at one place keep theirs.

    Returns:
        The new bytes.

    Raises:
        UnicodeEncodeError: A name, comment or instruction that the document's encoding cannot hold.
    """
    ordered = sorted(changes, key=_order)
    return b"".join(_pieces(source, ordered, range(len(source.data)), 0, is_moved=False))


def _pieces(
    source: Source, ordered: list[Change], stretch: range, first: int, *, is_moved: bool
) -> Iterator[bytes]:
    """The bytes of a stretch of the document with the changes in it.

    A function of its own: one inside `apply` that calls itself would keep the document until the garbage
    collector comes.
    """
    position, end = stretch.start, stretch.stop
    for change in ordered[first:] if not is_moved else _within(ordered, first, position, end):
        if change.start < position:
            continue
        yield source.data[position : change.start]
        for part in change.parts:
            if isinstance(part, str):
                yield part.encode(source.encoding)
            else:
                inner = bisect_left(ordered, part.start, key=lambda each: each.start)
                yield from _pieces(source, ordered, range(part.start, part.end), inner, is_moved=True)
        position = change.end
    yield source.data[position:end]


def _within(ordered: list[Change], first: int, start: int, end: int) -> Iterator[Change]:
    """The changes inside a moved range: neither its own removal nor what is inserted before or behind it."""
    for at in range(first, len(ordered)):
        change = ordered[at]
        if change.start >= end:
            return
        is_own = change.end == start or (change.removes and change.end == end)
        # Of an element around it that starts where it starts, or whose content does.
        is_around = change.end > end or change.is_content
        if not (change.start == start and (is_own or is_around)):
            yield change
