"""How the elements of a document in three versions are merged: attribute by attribute and child by child."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import XmlVar, any_field, shape_of
from xcap_sdk.editing.clashes import Reporter, Where, is_unknown, text_of
from xcap_sdk.editing.descent import Descent
from xcap_sdk.editing.diff import Keys
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.listed import key_of
from xcap_sdk.editing.relocating import NOTHING, Relocations, Stray, Strays, doubles, substituted
from xcap_sdk.editing.siblings import Node, are_in_place, match
from xcap_sdk.editing.versions import (
    Spot,
    Versions,
    alike,
    copied,
    empty_like,
    ends,
    is_short,
    only,
    rewrapped,
    same,
    without,
)

Prefer: TypeAlias = Literal["mine", "theirs"]
"""Which side decides where both changed the same thing differently."""


class Merger:
    """Merges element by element.

    Attributes:
        report: The clashes found so far.
        strays: What one side does not have where it was, and what it has elsewhere.
        descent: What the objects made so far are made of.
    """

    def __init__(
        self,
        root: Versions,
        keys: Keys,
        lineage: Lineage,
        prefer: Prefer | None,
        relocations: Relocations = NOTHING,
    ) -> None:
        self.report: Reporter = Reporter(*root)
        self.strays: Strays = Strays()
        self._keys = keys
        self._lineage = lineage
        self._prefer: Prefer | None = prefer
        self._relocations = relocations
        self._owners: list[object] = []
        self.descent: Descent = Descent(lineage)

    def element(self, sides: Versions, where: Where | None) -> Any:
        """An element that both sides have: theirs with my changes."""
        if sides.base is not None:
            self.strays.pairs[id(sides.base.value)] = sides
        merged = copy.copy(sides.theirs.value)
        self.descent.made(merged, sides.theirs.value)
        self._owners.append(merged)
        fields = self._unknown if is_unknown(sides.theirs) else self._fields
        for name, value in fields(sides, where):
            object.__setattr__(merged, name, value)
        self._owners.pop()
        return merged

    def _decided(self, base: Any, mine: Any, theirs: Any, clash: Callable[[], None]) -> Any:
        """One of three values, by who changed it."""
        if same(mine, theirs) or same(mine, base):
            return theirs
        if not same(theirs, base):
            clash()
            if self._prefer != "mine":
                return theirs
        else:
            self.descent.unchanged(base, theirs)
        return self._copied(mine)

    def _unknown(self, sides: Versions, where: Where | None) -> Iterable[tuple[str, Any]]:
        """The content of an element of no known class."""
        texts = sides.values("text")
        yield "text", self._decided(*texts, lambda: self.report.text(where, *texts))
        yield "attributes", self._attributes(*sides.values("attributes"), where)
        if any(child.tail for side in sides if side is not None for child in side.children):
            yield "children", self._whole(["children"], sides, where)[0]
        else:
            yield "children", self._list(any_field(), sides, where)

    def _fields(self, sides: Versions, where: Where | None) -> Iterable[tuple[str, Any]]:
        """The content of an element, by the fields of its class."""
        shape = shape_of(kind(sides.theirs.value))
        for var in shape.attributes:
            values = sides.values(var.name)

            def clash(name: str = var.qname, texts: Iterable[str | None] = text_of(values, var)) -> None:
                self.report.attribute(where, name, *texts)

            yield var.name, self._decided(*values, clash)
        for var in shape.wildcards:
            yield var.name, self._attributes(*sides.values(var.name), where)
        if (text := shape.text) is not None:
            values = sides.values(text.name)
            if sides.base is None and "" in values:  # XML does not tell no text from an empty one
                yield text.name, values[2] or values[1]
            else:
                texts = text_of(values, text)
                yield text.name, self._decided(*values, lambda: self.report.text(where, *texts))
        in_turn: dict[int, list[str]] = defaultdict(list)
        for var in shape.contents:
            if var.sequence is not None:
                in_turn[var.sequence].append(var.name)
            elif not var.list_element:
                yield var.name, self._single(var.name, sides, where)
            elif shape.plain:
                yield var.name, self._list(var, sides, where)
            else:
                yield var.name, self._whole([var.name], sides, where)[0]
        for names in in_turn.values():
            yield from zip(names, self._rows(names, sides, where), strict=True)

    def _attributes(
        self,
        base: Mapping[str, str] | None,
        mine: Mapping[str, str],
        theirs: Mapping[str, str],
        where: Where | None,
    ) -> dict[str, str]:
        """Attributes by name."""
        merged: dict[str, str] = {}
        for name in dict.fromkeys((*theirs, *mine)):
            values = (base or {}).get(name), mine.get(name), theirs.get(name)

            def clash(name: str = name, values: tuple[str | None, ...] = values) -> None:
                self.report.attribute(where, name, *values)

            value = self._decided(*values, clash)
            if value is not None:
                merged[name] = value
        return merged

    def _single(self, field: str, sides: Versions, where: Where | None) -> Any:
        """A field for at most one element."""
        found = [only(side, field) for side in sides]
        if any(len(spots) > 1 for spots in found):
            return self._whole([field], sides, where)[0]
        base, mine, theirs = (spots[0] if spots else None for spots in found)
        here = Where(where, field, 0 if mine else None, 0 if theirs else None)
        there = mine or theirs
        if base is None or there is None or (mine and theirs):
            return self._spot(base, mine, theirs, here)
        empty = empty_like(there.part[1])
        if empty is None or kind(base.part[1]) is not kind(empty):
            return self._spot(base, mine, theirs, here)
        # A container that says nothing itself: without it all that was in it is gone, but no more than that.
        part = there.part[0], empty
        merged = self._spot(base, mine or Spot(sides.mine, part), theirs or Spot(sides.theirs, part), here)
        return None if merged == empty else merged

    def _spot(self, base: Spot | None, mine: Spot | None, theirs: Spot | None, where: Where) -> Any:
        """What takes the place of a child; None for nothing."""
        values = [None if spot is None else spot.part[1] for spot in (base, mine, theirs)]
        if base is not None and not (mine and theirs):
            if self._relocations.is_gone(values[0]):
                return None
            spots = (None if spot is None else spot.outline() for spot in (mine, theirs))
            self.strays.gone.append(Stray(base.outline(), *spots))
        if same(values[1], values[2]) or same(values[1], values[0]):
            return values[2]
        is_mine_alone = same(values[2], values[0])
        if mine is not None and theirs is not None and not (is_mine_alone and is_short(values[1])):
            origin = self._lineage.origin(values[1]) if base is None else None
            if origin is not None and key_of(origin, self._keys) == key_of(values[2], self._keys):
                base = Spot(mine.owner, (mine.part[0], origin))  # both put it here
            sides = Versions(None if base is None else base.outline(), mine.outline(), theirs.outline())
            if sides.base is not None and not alike(sides.base, sides.theirs):
                sides = sides._replace(base=None)
            # Nothing is known of what is unknown: two that were made apart may not belong together.
            is_known = sides.base is not None or not is_unknown(sides.theirs)
            if alike(sides.mine, sides.theirs) and is_model(sides.theirs.value) and is_known:
                merged = self.element(sides, where)
                return merged if sides.theirs.value is values[2] else rewrapped(values[2], merged)

        def clash() -> None:
            outlines = [None if spot is None else spot.outline() for spot in (base, mine, theirs)]
            self.report.element(where, *outlines)

        before, ours, others = values
        decided = self._decided(before, ours, others, clash)
        if is_mine_alone and is_model(others) and kind(decided) is kind(others):
            self.descent.made(decided, others)
        return decided

    def _list(self, var: XmlVar, sides: Versions, where: Where | None) -> Any:
        """A field for any number of elements."""
        values = sides.values(var.name)
        first, last = ends(*values)
        inner = [each[first : len(each) - last] for each in values]
        before, ours, others = inner
        if same(ours, others) or same(ours, before):
            return values[2]

        def at(node: Node) -> Any:
            spots = [
                None if owner is None or index is None else Spot(owner, (var, items[index]))
                for owner, items, index in zip(sides, inner, node, strict=True)
            ]
            places = [None if index is None else first + index for index in node]
            return self._spot(spots[0], spots[1], spots[2], Where(where, var.name, places[1], places[2]))

        if are_in_place(before, ours, others, self._keys):
            merged: list[Any] = [
                other if same(mine, base) else at((index, index, index))
                for index, (base, mine, other) in enumerate(zip(*inner, strict=True))
            ]
        else:
            merged = self._matched(var, sides, inner, where, at)
        merged = [*values[2][:first], *merged, *values[2][len(values[2]) - last :]]
        return tuple(merged) if kind(values[2]) is tuple else merged

    def _matched(
        self, var: XmlVar, sides: Versions, inner: list[Any], where: Where | None, at: Callable[[Node], Any]
    ) -> list[Any]:
        """The elements of a field that are not all the same."""
        found: dict[int, Any] = {}
        matching = match(var.name, sides, inner, self._keys, self._owners, lineage=self._lineage)
        for number, node in matching.nodes.items():
            base, mine, theirs = node
            if theirs is not None and (matching.is_mine_unchanged(mine) or (base, mine) == (None, None)):
                found[number] = inner[2][theirs]
            elif base is None and theirs is None:
                found[number] = self._copied(inner[1][mine])
            elif not matching.is_mine_unchanged(mine):
                value = at(node)
                if value is not None:
                    found[number] = value
        order, clash = matching.order(found, prefer_mine=self._prefer == "mine")
        if clash is not None:
            self.report.order(where, *clash)
        return [found[number] for number in order]

    def _copied(self, mine: Any) -> Any:
        """A copy of what only I have here."""
        new = copied(mine)
        self.descent.copied(mine, new)
        return new

    def relocated(self, merged: Any) -> Any:
        """The merged document with what both sides made of the elements that one of them put elsewhere.

        None if one of them would be lost, as what it was put into is not in the document.
        """
        kept: list[object] = []
        table: dict[int, object | None] = {}
        for each in self._relocations.found:
            if each.lost is not None:
                self.report.moved(each.versions.base or each.versions.mine, *each.versions[1:])
            both = self.element(each.versions, each.where)
            table.update({id(each.versions.mine.value): both, id(each.versions.theirs.value): both})
            kept.append(both)
            if each.lost is not None:
                table[id(each.lost)] = None
        for stray in self._relocations.removed:
            self.report.moved(stray.base, stray.mine, stray.theirs)
            if stray.mine is not None and self._prefer != "mine":
                table[id(stray.mine.value)] = None
            elif stray.theirs is not None and self._prefer == "mine":
                table[id(stray.theirs.value)] = None
        table.update({id(new): table[id(old)] for old, new in self.descent.copies if id(old) in table})
        result = substituted(merged, table, self.descent.made)
        there = set(map(id, objects_of(result)))
        there.update(id(of) for new, of in self.descent.derived if id(new) in there)
        return result if there.issuperset(map(id, kept)) else None

    def without_doubles(self, merged: Any, root: Versions) -> Any:
        """The merged document without what it has twice and neither side has."""
        extra = doubles(Outline.of(merged), root, self._keys, self._prefer)
        return substituted(merged, dict.fromkeys(map(id, extra)), self.descent.made) if extra else merged

    def _whole(self, fields: Sequence[str], sides: Versions, where: Where | None) -> list[Any]:
        """Content that can only be taken as a whole, such as text with elements in between."""
        values = [sides.values(field) for field in fields]
        before, ours, others = ([each[side] for each in values] for side in range(3))
        return self._decided(before, ours, others, lambda: self.report.element(where, *sides))

    def _rows(self, fields: Sequence[str], sides: Versions, where: Where | None) -> list[Any]:
        """Fields whose elements take turns, as the starts and ends of periods, and belong together."""
        before, ours, others = sides.rows(fields)
        if before is None or ours is None or others is None or before in (ours, others):
            return self._whole(fields, sides, where)
        removed = Counter(before) - Counter(ours)
        added = Counter(ours) - Counter(before) - (Counter(others) - Counter(before))
        if ours != others and removed & (Counter(before) - Counter(others)):
            return self._whole(fields, sides, where)
        merged = [*without(others, removed), *without(ours, Counter(ours) - added)]
        return [list(column) for column in zip(*merged, strict=True)] or [[] for _ in fields]
