"""Which objects of theirs a merged model is made of: what their document hides of these goes along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from xcap_sdk.documents.classes import is_model, is_several, kind
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.editing.lineage import Lineage


class Descent:
    """Takes note of the objects that a merge makes.

    Args:
        lineage: What is known of the objects of mine.

    Attributes:
        copies: Objects of mine, each with what was made of it.
        derived: What was made, each with what it was made of.
    """

    def __init__(self, lineage: Lineage) -> None:
        self.copies: list[tuple[object, object]] = []
        self.derived: list[tuple[object, object]] = []
        self._lineage = lineage
        self._mine: dict[int, object] = {}  # by the ids of the copies
        self._origins: dict[int, object] = {}  # objects of theirs by the ids of what was made of them
        self._made: list[object] = []
        self._equal: list[tuple[Any, Any]] = []

    def copied(self, mine: object, new: object) -> None:
        """Note a copy of something of mine, an object or a list."""
        pairs = zip(_objects_in(mine), _objects_in(new), strict=True)
        for one, other in pairs:
            self.copies.append((one, other))
            self._mine[id(other)] = one

    def made(self, new: object, of: object) -> None:
        """Note an object that stands for one of theirs, or for what was made of one of theirs or mine."""
        self.derived.append((new, of))
        if id(of) in self._origins or id(of) not in self._mine:
            self._origins[id(new)] = self._origins.get(id(of), of)
            self._made.append(new)
        else:
            self.copies.append((self._mine[id(of)], new))
            self._mine[id(new)] = self._mine[id(of)]

    def unchanged(self, base: Any, theirs: Any) -> None:
        """Note something of base that they did not change, and I did; an object or a list."""
        if is_model(base) or kind(base) in (list, tuple):
            self._equal.append((base, theirs))

    def lineage(self, model: object) -> Lineage:
        """Which object of theirs each object of a merged model comes from, as far as it is another one."""
        made = list(self._made)
        made_of = [self._origins[id(new)] for new in made]
        known = set(map(id, made))
        moved = [(mine, new) for mine, new in self.copies if id(new) not in known] if self._lineage else []
        if moved and self._equal:
            pairs = (zip(_objects_in(base), _objects_in(theirs), strict=True) for base, theirs in self._equal)
            theirs = {id(one): other for each in pairs for one, other in each}
            there = set(map(id, objects_of(model)))
            for mine, new in moved:
                origin = self._lineage.origin(mine)
                other = None if origin is None else theirs.get(id(origin))
                if other is not None and id(other) not in there:
                    made.append(new)
                    made_of.append(other)
        return Lineage(made, made_of, copies=self.copies)


def _objects_in(value: object) -> Iterable[Any]:
    """The objects in something that is one, or in a list."""
    items = cast("list[object]", value) if is_several(value) else [value]
    return [each for item in items if is_model(item) for each in objects_of(item)]
