"""The children of an element in three versions: which are the same, and in what order they belong."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import TypeAlias, cast

from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.places import python_name
from xcap_sdk.editing.diff import Keys, align
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.listed import Listed, Origins, count, key_of
from xcap_sdk.editing.versions import Versions, narrowed

Node: TypeAlias = tuple[int | None, int | None, int | None]
"""Where a child is in base, mine and theirs, counted within its field; None where it is not."""


def are_in_place(
    base: Sequence[object], mine: Sequence[object], theirs: Sequence[object], keys: Keys
) -> bool:
    """Whether lists have the same elements in the same order, as far as keys tell."""
    if not len(base) == len(mine) == len(theirs):
        return False
    for before, ours, others in zip(base, mine, theirs, strict=True):
        if not ours == before == others:
            key = key_of(before, keys)
            if key is None or not kind(before) is kind(ours) is kind(others):
                return False
            if not key == key_of(ours, keys) == key_of(others, keys):
                return False
    return True


def match(
    field: str,
    sides: Versions,
    inner: Sequence[Sequence[object]],
    keys: Keys,
    owners: Sequence[object],
    *,
    lineage: Lineage,
) -> Matching:
    """Find out which elements of a field are the same.

    Args:
        field: The field.
        sides: The element.
        inner: The field's elements, in all versions, without what is the same at the start and at the end.
        keys: The usage's keys.
        owners: The objects on the way to the element, and itself; their properties tell what there is one of.
        lineage: What is known of the objects of mine.
    """
    versions = (sides.base or sides.mine), sides.mine, sides.theirs
    narrow = [narrowed(side, field, items) for side, items in zip(versions, inner, strict=True)]
    base, mine, theirs = (Listed(each, keys) for each in narrow)

    def is_only_one(index: int) -> bool:
        """Whether there can be but one of this name, or one without a key, as far as that can be told."""
        name = mine.name(index)
        counts = [0 if side is None else count(side, field, name, keys) for side in sides]
        if counts != [0, 1, 1]:
            return False
        if mine.has_key_field(index) or not mine.is_declared(index):
            return True
        shortcut = python_name(name)
        return any(isinstance(getattr(kind(owner), shortcut, None), property) for owner in owners)

    ours = Origins.of(align(narrow[0], narrow[1], keys, lineage), len(mine))
    others = Origins.of(align(narrow[0], narrow[2], keys), len(theirs))
    ours.forget_renames(base, mine, theirs, others, lineage)
    others.forget_renames(base, theirs, mine, ours, UNKNOWN)
    return Matching(mine, theirs, ours, others, is_only_one)


class Matching:
    """Which elements of a field are the same in three versions.

    Attributes:
        nodes: The elements by number, each where it is in the versions: first theirs in their order.
    """

    def __init__(
        self,
        mine: Listed,
        theirs: Listed,
        ours: Origins,
        others: Origins,
        is_only_one: Callable[[int], bool],
    ) -> None:
        self._mine = mine
        self._theirs = theirs
        self._ours = ours
        self._others = others
        where = {origin: index for index, origin in enumerate(others.origins) if origin is not None}
        partner: dict[int, int] = {
            index: where[origin]
            for index, origin in enumerate(ours.origins)
            if origin is not None and origin in where
        }
        partner.update(self._twins(is_only_one))
        there = {other: index for index, other in partner.items()}
        self.nodes: dict[int, Node] = {
            index: (origin, there.get(index), index) for index, origin in enumerate(others.origins)
        }
        self._numbers: list[int] = []  # of mine
        for index, origin in enumerate(ours.origins):
            number = partner.get(index, len(self._theirs) + index)
            self._numbers.append(number)
            if index not in partner:
                self.nodes[number] = (origin, index, None)

    def is_mine_unchanged(self, index: int | None) -> bool:
        """Whether it is known without another look that I did not change one of mine."""
        return index is not None and index not in self._ours.changed

    def _twins(self, is_only_one: Callable[[int], bool]) -> Iterable[tuple[int, int]]:
        """What both added, as mine and theirs."""
        ours = [index for index, origin in enumerate(self._ours.origins) if origin is None]
        others = [index for index, origin in enumerate(self._others.origins) if origin is None]
        if not ours or not others:
            return
        for trait in (Listed.identity, Listed.looks):
            there: dict[Hashable, deque[int]] = defaultdict(deque)
            for index in others:
                there[trait(self._theirs, index)].append(index)
            there.pop(None, None)
            found = {index: same.popleft() for index in ours if (same := there.get(trait(self._mine, index)))}
            yield from found.items()
            taken = set(found.values())
            ours = [index for index in ours if index not in found]
            others = [index for index in others if index not in taken]
        keyless = {
            self._theirs.name(index): index for index in others if self._theirs.identity(index) is None
        }
        for index in ours:
            other = keyless.get(self._mine.name(index)) if self._mine.identity(index) is None else None
            if other is not None and is_only_one(index):
                yield index, other

    def order(
        self, kept: Collection[int], *, prefer_mine: bool
    ) -> tuple[list[int], tuple[str, str, str] | None]:
        """Bring the elements in order.

        Who changed the order gives it; if both did, what I moved goes where I moved it, unless they moved it
        too. What only one side has comes behind what it followed there; theirs before mine.

        Args:
            kept: The numbers of those that there are to be.
            prefer_mine: Whether my order counts if both moved the same.

        Returns:
            The numbers in order; and if both moved the same elsewhere, the three orders.
        """
        theirs = [number for number in range(len(self._theirs)) if number in kept]
        mine = [number for number in self._numbers if number in kept]
        ours = [self.nodes[number] for number in mine if None not in self.nodes[number]]
        moved: set[int] = set()
        clash = None
        if not (_rises(each[0] for each in ours) or _rises(each[2] for each in ours)):
            common = [node for number in theirs if None not in (node := self.nodes[number])]
            if _rises(each[0] for each in common):
                return self._woven(mine, theirs, set(), set()), None
            here = {each[2] for each in ours if each[1] in self._ours.moved}
            there = {each[2] for each in common if each[2] in self._others.moved}
            if here & there:
                clash = self._orders(ours, common, here | there)
                if prefer_mine:
                    return self._woven(mine, theirs, set(), set()), clash
            else:
                moved = cast("set[int]", here)
        fresh = {number for number in theirs if self.nodes[number][:2] == (None, None)}
        return self._woven(theirs, mine, moved, fresh), clash

    def _orders(
        self, ours: Sequence[Node], others: Sequence[Node], moved: set[int | None]
    ) -> tuple[str, str, str]:
        """What was moved, in the three orders."""
        mine, theirs = ([node for node in side if node[2] in moved] for side in (ours, others))
        base = sorted(mine, key=lambda node: node[0] or 0)
        base_text, mine_text, theirs_text = (
            ", ".join(self._theirs.label(cast("int", node[2])) for node in side)
            for side in (base, mine, theirs)
        )
        return base_text, mine_text, theirs_text

    @staticmethod
    def _woven(first: Sequence[int], second: Sequence[int], moved: set[int], fresh: set[int]) -> list[int]:
        """The second order's own elements, and those moved, put into the first order."""
        start = -1
        staying = [number for number in first if number not in moved]
        following = dict(zip([start, *staying], [*staying, None], strict=True))
        inside = set(staying)
        previous = start
        for number in second:
            if number not in inside:
                place = previous
                while (after := following[place]) is not None and after in fresh:
                    place = after
                following[number], following[place] = following[place], number
            previous = number
        order: list[int] = []
        current = following[start]
        while current is not None:
            order.append(current)
            current = following[current]
        return order


def _rises(numbers: Iterable[int | None]) -> bool:
    last = -1
    for number in cast("Iterable[int]", numbers):
        if number < last:
            return False
        last = number
    return True
