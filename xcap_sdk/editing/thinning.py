"""An edited document without most of what was not edited: enough to prove the edits.

To read a long document once more takes as long as all the rest of a plan. But elements in a list of their
parent that are byte for byte what they were read as what they read as before. With them left out of the
document, and their objects left out of the model, the one reads as the other just if it does with them.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias, cast

from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import Part, shape_of
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.diff import other_objects, same_objects
from xcap_sdk.editing.mirror import Unmirrored, elements, mirrored

Mirrors: TypeAlias = Mapping[Element, Sequence[Element]]
"""The children of elements each of which is what the model shows at that place."""

_LEAST = 32
"""Fewer elements in a row are not worth the trouble."""

_SHORT = 16 * 1024
"""A document of fewer bytes is read as a whole as quickly."""


class Thinned:
    """What is left of an edited document.

    Args:
        source: The document before the edits.
        before: Its model.
        after: The edited model; what was not edited is the same object.
        mirrors: What is known of the document's elements already.

    Attributes:
        model: The edited model without what is left out.
        stretches: The bytes of the document that stand for that: where each starts, and where it has ended.
    """

    def __init__(self, source: Source, before: Outline, after: Outline, mirrors: Mirrors) -> None:
        self.stretches: list[tuple[int, int]] = []
        self._source = source
        self._mirrors = mirrors
        self.model: Any = after.value
        if len(source.data) >= _SHORT:
            self.model = self._left(before, after, source.root)

    def _left(self, before: Outline, after: Outline, element: Element) -> Any:
        """What is left of the object of one element: itself, or a copy with less in it."""
        if not (before.is_typed and after.is_typed):
            return after.value
        shape = shape_of(kind(after.value))
        if not shape.plain or shape.in_turn or shape.text is not None:
            return after.value
        children = self._children(before, element)
        if not children:
            return after.value
        old, new = before.parts, after.parts
        runs = _runs(old, new)
        inside = {at: at for at in _between(runs)} if len(old) == len(new) else {}
        dropped: list[tuple[int, int]] = []
        for was, now, length in runs:
            first, last = now + 1, now + length - 1  # those beside an edit stay, which proves its place
            around = _list_at(after.value, new, first) if last - first >= _LEAST else None
            if around is not None and last <= around.stop:
                start, end = (self._source.place(children[at + was - now]).start for at in (first, last))
                self.stretches.append((start, end))
                dropped.append((first, last))
            kept = range(now, now + length) if around is None else (now, last)
            inside |= {at: at + was - now for at in kept if len(children[at + was - now]) >= _LEAST}
        others: dict[int, Any] = {}
        for at, its in inside.items():
            if _list_at(after.value, new, at) is not None:
                left = self._left(before.child(old[its]), after.child(new[at]), children[its])
                others |= {at: left} if left is not new[at][1] else {}
        return _with(after.value, new, others, dropped)

    def _children(self, before: Outline, element: Element) -> Sequence[Element]:
        """The children of an element, if each is what the model shows at its place; else none."""
        known = self._mirrors.get(element)
        if known is not None:
            return known
        children = elements(element)
        try:
            return children if isinstance(mirrored(before.names(), children), range) else ()
        except Unmirrored:
            return ()


def _runs(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[int, int, int]]:
    """Where the same objects follow each other: where that begins before and now, and how many they are."""
    if len(old) == len(new):
        edges = [-1, *other_objects(old, new), len(new)]
        return [(edge + 1, edge + 1, following - edge - 1) for edge, following in pairwise(edges)]
    first, last = same_objects(old, new)
    return [(0, 0, first), (len(old) - last, len(new) - last, last)]


def _between(runs: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    """What stands between runs of children of which there are as many as before."""
    return (following[1] - 1 for _, following in pairwise(runs))


def _list_at(owner: object, parts: Sequence[Part], at: int) -> range | None:
    """Which children are those of the field that one of them is in; None if it shows them in another way."""
    var = parts[at][0]
    items: Any = getattr(owner, var.name)
    length = len(cast("list[Any]", items)) if isinstance(items, list | tuple) else 1
    first = next(index for index, part in enumerate(parts) if part[0] is var)
    end = first + length
    goes_on = end < len(parts) and parts[end][0] is var
    return range(first, end) if end <= len(parts) and parts[end - 1][0] is var and not goes_on else None


def _with(
    owner: Any, parts: Sequence[Part], others: Mapping[int, object], dropped: Sequence[tuple[int, int]]
) -> Any:
    """A copy of an object with other children in place of some, and without others."""
    if not others and not dropped:
        return owner
    made = copy.copy(owner)
    for at in {parts[at][0].name: at for at in (*others, *(first for first, _ in dropped))}.values():
        name, around = parts[at][0].name, _list_at(owner, parts, at)
        assert around is not None
        held: Any = getattr(owner, name)
        cls = kind(held)
        is_list = issubclass(cls, list) or cls is tuple
        found = list(cast("list[Any]", held)) if is_list else [held]
        for index, value in others.items():
            if index in around:
                found[index - around.start] = value
        for first, last in reversed(dropped):
            if first in around:
                del found[first - around.start : last - around.start]
        object.__setattr__(made, name, cls(found) if is_list else found[0])
    return made
