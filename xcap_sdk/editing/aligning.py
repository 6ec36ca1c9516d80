"""Which children of an element of one document are those of an element of another."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.comparing import is_element, look, solid
from xcap_sdk.editing.selecting import KeyAttributes

Content: TypeAlias = Callable[[Element], bytes]
"""Gives the bytes of an element."""


class Row:
    """The nodes in an element: elements, comments and instructions."""

    def __init__(self, parent: Element) -> None:
        self.parent: Element = parent
        self.nodes: list[Element] = list(parent)
        self.places: list[int] = [at for at, node in enumerate(self.nodes) if is_element(node)]
        self.elements: list[Element] = [self.nodes[at] for at in self.places]
        self.first: int = 0
        self.start: int = 0
        self.end: int = len(self.nodes)

    def cut(self, first: int, last: int) -> None:
        """Leave out elements at the start and at the end, and what stands before and behind them."""
        self.start = self.places[first - 1] + 1 if first else 0
        self.end = self.places[-last] if last else len(self.nodes)
        self.places = self.places[first : len(self.places) - last]
        self.elements = self.elements[first : len(self.elements) - last]

    @property
    def looks(self) -> list[tuple[str, str]]:
        """The nodes as `look` shows them."""
        return [look(node) for node in self.nodes[self.start : self.end]]

    @property
    def asides(self) -> list[tuple[str, str]]:
        """The comments and instructions."""
        return [look(node) for node in self.nodes[self.start : self.end] if not is_element(node)]

    @property
    def texts(self) -> list[str]:
        """The text before, between and behind the nodes, unless it is blank."""
        before = self.nodes[self.start - 1].tail if self.start else self.parent.text
        return [solid(before), *(solid(node.tail) for node in self.nodes[self.start : self.end])]

    def asides_before(self, at: int) -> int:
        """How many comments and instructions stand before one of the elements."""
        return self.places[at] - self.start - at if at < len(self.places) else self.end - self.start - at


@dataclass(frozen=True, slots=True)
class Aligned:
    """Which elements of two rows are the same.

    Attributes:
        staying: Pairs that keep their place.
        removed: Which of the old ones are no more.
        moved: Which of the old ones each new one is that changes its place.
        coming: The new ones that are to be inserted, those that move too, each with the places among the
            parent's nodes where it may come.
    """

    staying: list[tuple[int, int]]
    removed: list[int]
    moved: dict[int, int]
    coming: list[tuple[int, int, int]]


def aligned(before: Row, after: Row, keys: KeyAttributes, content: Content | None) -> Aligned | None:
    """Align two rows.

    Args:
        before: As it is.
        after: As it is wanted.
        keys: The attributes that tell elements apart.
        content: Gives the bytes of an element, where equal bytes mean equal elements.

    Returns:
        None if the comments among the elements cannot come to stand where they are to.
    """
    origin = _matched(before.elements, after.elements, keys, content)
    staying = [(at, its) for at, its in zip(origin, range(len(origin)), strict=True) if at is not None]
    staying = _longest(staying)
    moved = {its: at for its, at in enumerate(origin) if at is not None}
    for _, its in staying:
        del moved[its]
    taken = {at for at in origin if at is not None}
    staying = _with_replaced(
        staying, before, after, taken, {its for its, at in enumerate(origin) if at is not None}
    )
    if any(before.asides_before(at) != after.asides_before(its) for at, its in staying):
        return None
    taken |= {at for at, _ in staying}
    removed = [at for at in range(len(before.elements)) if at not in taken]
    coming: list[tuple[int, int, int]] = []
    edges = [(-1, -1), *staying, (len(before.elements), len(after.elements))]
    for (low, first), (high, last) in pairwise(edges):
        places = _places(before, low, high)
        for its in range(first + 1, last):
            found = places.get(after.asides_before(its))
            if found is None:
                return None
            coming.append((its, *found))
    return Aligned(staying, removed, moved, coming)


def _places(before: Row, low: int, high: int) -> dict[int, tuple[int, int]]:
    """The first and last place among the nodes between two elements, by the number of asides before it."""
    start = before.places[low] + 1 if low >= 0 else before.start
    end = before.places[high] if high < len(before.places) else before.end
    asides = before.asides_before(low) if low >= 0 else 0
    found: dict[int, tuple[int, int]] = {}
    for place in range(start, end + 1):
        found[asides] = (found.get(asides, (place, place))[0], place)
        asides += place < end and not is_element(before.nodes[place])
    return found


def _matched(
    olds: Sequence[Element],
    news: Sequence[Element],
    keys: KeyAttributes,
    content: Content | None,
) -> list[int | None]:
    """Which of the old elements each of the new ones is."""
    origin: list[int | None] = [None] * len(news)
    taken: set[int] = set()
    told = _telling(olds, news, keys)

    def match(trait: Callable[[Element], Hashable | None]) -> None:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for at, element in enumerate(olds):
            if at not in taken and (value := trait(element)) is not None:
                waiting[value].append(at)
        for its, element in enumerate(news):
            if origin[its] is None and (value := trait(element)) is not None and waiting.get(value):
                at = waiting[value].popleft()
                origin[its] = at
                taken.add(at)

    def identity(element: Element) -> Hashable | None:
        name = told.get(str(element.tag))
        value = element.get(name) if name else None
        return None if value is None else (element.tag, value)

    doubled = _doubled(map(identity, olds)) | _doubled(map(identity, news))
    if content is not None:
        match(
            lambda element: content(element) if (key := identity(element)) is None or key in doubled else None
        )
    match(identity)
    return origin


def _doubled(values: Iterable[Hashable | None]) -> set[Hashable]:
    return {value for value, count in Counter(values).items() if count > 1 and value is not None}


def _telling(olds: Sequence[Element], news: Sequence[Element], keys: KeyAttributes) -> dict[str, str]:
    """The attribute that tells the elements of a name apart, for those that have one."""
    told: dict[str, str] = {}
    groups: dict[str, tuple[list[Element], list[Element]]] = defaultdict(lambda: ([], []))
    for which, elements in enumerate((olds, news)):
        for element in elements:
            groups[str(element.tag)][which].append(element)
    for tag, sides in groups.items():
        known = keys.get(tag)
        if known is not None:
            told[tag] = known
            continue
        some = next(iter(sides[0] or sides[1]))
        for name in map(str, some.attrib):
            values = [[element.get(name) for element in side] for side in sides]
            if all(None not in side and len(set(side)) == len(side) for side in values):
                told[tag] = name
                break
    return told


def _with_replaced(
    staying: list[tuple[int, int]], before: Row, after: Row, gone: set[int], known: set[int]
) -> list[tuple[int, int]]:
    """Add pairs of elements, one of which goes where the other one comes."""
    pairs: list[tuple[int, int]] = []
    edges = [(-1, -1), *staying, (len(before.elements), len(after.elements))]
    for (low, first), (high, last) in pairwise(edges):
        if low >= 0:
            pairs.append((low, first))
        olds = [at for at in range(low + 1, high) if at not in gone]
        news = [its for its in range(first + 1, last) if its not in known]
        if len(olds) == len(news) == 1:
            pairs.append((olds[0], news[0]))
            continue
        rest = deque(olds)
        for its in news:
            fitting = next((at for at in rest if before.elements[at].tag == after.elements[its].tag), None)
            if fitting is None:
                continue
            while rest.popleft() != fitting:
                pass
            pairs.append((fitting, its))
    return pairs


def _longest(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs in which both increase; the second do already."""
    ends: list[int] = []
    runs: list[int] = []
    previous: list[int] = []
    for index, (at, _) in enumerate(pairs):
        length = bisect_left(ends, at)
        previous.append(runs[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        runs[length : length + 1] = [index]
    found: list[tuple[int, int]] = []
    index = runs[-1] if runs else -1
    while index >= 0:
        found.append(pairs[index])
        index = previous[index]
    return found[::-1]
