"""Elements that go to another parent in one version, while the other version changes or moves them, too."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, cast

from xcap_sdk.documents.classes import is_model, is_several, kind
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import shape_of
from xcap_sdk.editing.clashes import Where
from xcap_sdk.editing.diff import Keys, key_field
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.versions import Versions, alike

Side: TypeAlias = Literal["mine", "theirs"]


@dataclass(frozen=True, slots=True)
class Stray:
    """An element of base that one side or both do not have where it was.

    Attributes:
        base: As it was.
        mine: What I made of it where it was; None if I have none there.
        theirs: What they made of it there; None if they have none.
    """

    base: Outline
    mine: Outline | None
    theirs: Outline | None


@dataclass(slots=True)
class Strays:
    """What a merge came upon.

    Attributes:
        gone: What one side does not have where it was.
        pairs: What was merged, by the ids of the objects of base: the same elements, whatever their keys.
    """

    gone: list[Stray] = field(default_factory=list[Stray])
    pairs: dict[int, Versions] = field(default_factory=dict[int, Versions])


@dataclass(frozen=True, slots=True)
class Relocation:
    """An element that is elsewhere in one version, or in both.

    Attributes:
        versions: It in the three versions.
        where: Where it is to be.
        lost: What stands for it in the version whose place it does not get; None if it is there where it was.
    """

    versions: Versions
    where: Where | None
    lost: object | None


class Relocations:
    """What was moved by one side, and changed or moved by the other.

    Args:
        strays: What a first merge came upon.
        root: The documents; None if there was none to start from.
        keys: The usage's keys.
        lineage: What is known of the objects of mine.
        prefer: Whose place counts if both put an element elsewhere.

    Attributes:
        found: All that both sides have.
        removed: What one side put elsewhere and the other one removed: it, where it is now.
    """

    def __init__(
        self, strays: Strays, root: Versions | None, keys: Keys, lineage: Lineage, prefer: Side
    ) -> None:
        self.found: list[Relocation] = []
        self.removed: list[Stray] = []
        self._gone: set[int] = set()
        if root is None or root.base is None:
            return
        self._prefer = prefer
        self._keys = keys
        self._lineage = lineage
        base = _all(root.base, "mine")
        counts = Counter(_identity(each.outline, keys) for each in base)
        mine = _Elements(root.mine, "mine", keys, lineage, counts, pairs=strays.pairs)
        theirs = _Elements(root.theirs, "theirs", keys, UNKNOWN, counts, pairs=strays.pairs)
        known = {id(stray.base.value): stray for stray in strays.gone}
        for was in base:
            identity = _identity(was.outline, keys)
            identity = identity if counts[identity] == 1 else None
            stray = known.get(id(was.outline.value), Stray(was.outline, None, None))
            here, there = mine.find(was, identity), theirs.find(was, identity)
            is_gone = (not here and not mine.has(identity)) or (not there and not theirs.has(identity))
            if identity and is_gone and (only := self._removed(stray, here, there)) is not None:
                self.removed.append(only)
                continue
            found = self._relocation(stray, here, there)
            if found is not None and all(alike(found.versions.mine, each) for each in found.versions if each):
                self.found.append(found)
                self._gone.add(id(was.outline.value))

    def _removed(self, stray: Stray, mine: _Found | None, theirs: _Found | None) -> Stray | None:
        """What one side put elsewhere and the other one removed: it, where it is now."""
        if stray.mine is not None or stray.theirs is not None:
            return None
        if mine is None and theirs is not None and theirs.is_moved and alike(stray.base, theirs.outline):
            return Stray(stray.base, None, theirs.outline)
        if theirs is None and mine is not None and mine.is_moved and alike(stray.base, mine.outline):
            return Stray(stray.base, mine.outline, None)
        return None

    def _relocation(self, stray: Stray, mine: _Found | None, theirs: _Found | None) -> Relocation | None:
        """What became of an element of base; None if it is where it was, or only one side did anything."""
        here = mine if stray.mine is None and mine and mine.is_moved else None
        there = theirs if stray.theirs is None and theirs and theirs.is_moved else None
        ours = here.outline if here else stray.mine
        others = stray.theirs or (theirs.outline if theirs else None)
        if ours is None or others is None or not (here or there):
            return None
        if here and there and self._are_together(here, there):
            return None  # both put it into the same element, where they are merged
        gets = here if here and (self._prefer == "mine" or not there) else there
        lost = None if not (here and there) else others if gets is here else ours
        where = gets.where if gets else None
        return Relocation(Versions(stray.base, ours, others), where, lost.value if lost else None)

    def _are_together(self, mine: _Found, theirs: _Found) -> bool:
        """Whether both sides put an element into the same one."""
        here, there = mine.parent, theirs.parent
        if here is None or there is None:
            return here is there
        origin = self._lineage.origin(here.value)
        name = key_field(there.value, self._keys)
        keys = [getattr(each, name, None) for each in (origin or here.value, there.value)] if name else [0, 0]
        return here.name == there.name and keys[0] == keys[1]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.found or self.removed)

    def is_gone(self, base: object) -> bool:
        """Whether an element of base is elsewhere, so that nothing is left where it was."""
        return id(base) in self._gone


NOTHING = Relocations(Strays(), None, {}, UNKNOWN, "theirs")
"""No relocations."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """An element of one version, the one around it, and where it is."""

    outline: Outline
    parent: Outline | None
    where: Where | None


@dataclass(frozen=True, slots=True)
class _Found:
    """An element of base in another version, and whether it is in another element there."""

    outline: Outline
    parent: Outline | None
    where: Where | None
    is_moved: bool


class _Elements:
    """The elements of one version."""

    def __init__(
        self,
        root: Outline,
        side: Side,
        keys: Keys,
        lineage: Lineage,
        base: Container[tuple[str, str] | None],
        *,
        pairs: Mapping[int, Versions],
    ) -> None:
        self._base = base
        self._side: Side = side
        self._pairs = pairs
        self._keys = keys
        self._lineage = lineage
        self._by_origin: dict[int, _Placed] = {}
        self._by_key: dict[tuple[str, str], list[_Placed]] = {}
        for each in _all(root, side):
            origin = lineage.origin(each.outline.value)
            if origin is not None:
                self._by_origin[id(origin)] = each
            elif (identity := _identity(each.outline, keys)) is not None:
                self._by_key.setdefault(identity, []).append(each)

    def has(self, identity: tuple[str, str] | None) -> bool:
        """Whether there are elements that may be one, by their keys."""
        return identity in self._by_key

    def find(self, base: _Placed, identity: tuple[str, str] | None) -> _Found | None:
        """The one that an element of base is."""
        found = self._by_origin.get(id(base.outline.value))
        if found is None:
            same = self._by_key.get(identity, []) if identity else []
            if len(same) != 1:
                return None
            found = same[0]
        return _Found(found.outline, found.parent, found.where, not self._are_same(base.parent, found.parent))

    def _are_same(self, base: Outline | None, other: Outline | None) -> bool:
        """Whether an element is one of base, as far as objects, or names and keys, tell."""
        if base is None or other is None:
            return base is other
        if (origin := self._lineage.origin(other.value)) is not None:
            return origin is base.value
        if (pair := self._pairs.get(id(base.value))) is not None:
            return other.value is (pair.mine if self._side == "mine" else pair.theirs).value
        was, now = _identity(base, self._keys), _identity(other, self._keys)
        is_renamed = not self._lineage and was not in self._by_key and now not in self._base
        return base.name == other.name and (was == now or is_renamed)


def _identity(outline: Outline, keys: Keys) -> tuple[str, str] | None:
    """What tells an element from all others of a document, if no other one has it."""
    name = key_field(outline.value, keys)
    key: object = getattr(outline.value, name, None) if name else None
    return (outline.name, key) if isinstance(key, str) else None


def _all(root: Outline, side: Side) -> list[_Placed]:
    """All elements of a version."""
    found = [_Placed(root, None, None)]
    for each in found:
        counts = Counter[str]()
        for child in each.outline.children:
            name = child.field or ""
            index, counts[name] = counts[name], counts[name] + 1
            places = (index, None) if side == "mine" else (None, index)
            found.append(_Placed(child, each.outline, Where(each.where, name, *places)))
    return found


def doubles(merged: Outline, sides: Versions, keys: Keys, prefer: Side | None) -> list[object]:
    """What all versions have once and a merged one twice: all but the one where the side that decides has it.

    What two sides added apart from each other stays: base does not have it.

    Args:
        merged: The merged document.
        sides: The documents that it was made of.
        keys: The usage's keys.
        prefer: The side that decides; None for theirs.
    """
    if sides.base is None:
        return []
    versions = [_by_identity(outline, keys) for outline in (sides.base, sides.mine, sides.theirs)]
    decides = versions[1 if prefer == "mine" else 2]
    extra: list[object] = []
    gone: set[int] = set()  # what is in those goes with them, and is none that could be kept
    for identity, every in _by_identity(merged, keys).items():
        found = [each for each in every if id(each.outline.value) not in gone]
        if len(found) > 1 and all(len(each.get(identity, ())) == 1 for each in versions):
            parent = decides[identity][0].parent
            wanted = parent and _identity(parent, keys)
            there = [each for each in found if (each.parent and _identity(each.parent, keys)) == wanted]
            kept = (there or found)[0]
            for each in found:
                if each is not kept:
                    extra.append(each.outline.value)
                    gone.update(map(id, objects_of(each.outline.value)))
    return extra


def _by_identity(root: Outline, keys: Keys) -> dict[tuple[str, str], list[_Placed]]:
    found: dict[tuple[str, str], list[_Placed]] = {}
    for each in _all(root, "mine"):
        if (identity := _identity(each.outline, keys)) is not None:
            found.setdefault(identity, []).append(each)
    return found


def substituted(
    value: Any, table: Mapping[int, object | None], made: Callable[[object, object], None]
) -> Any:
    """A model with other objects in place of some.

    Args:
        value: The model; it stays as it is.
        table: What takes the place of objects, by their ids; None to leave them out.
        made: Is told of each object that was made, and of what.
    """
    return _substituted(value, table, made, set())


def _substituted(
    value: Any, table: Mapping[int, object | None], made: Callable[[object, object], None], around: set[int]
) -> Any:
    """The same; ``around`` are the objects that were put in around this one, which are not put in again."""
    changes: dict[str, Any] = {}
    for var in shape_of(kind(value)).contents:
        held: Any = getattr(value, var.name)
        items = cast("list[Any]", held if is_several(held) else [held])
        news: list[Any] = []
        for item in items:
            if not is_model(item):
                news.append(item)
                continue
            other = table.get(id(item), item)
            if other is item or id(other) in around:
                news.append(_substituted(item, table, made, around))
            elif other is not None:
                around.add(id(other))
                news.append(_substituted(other, table, made, around))
                around.remove(id(other))
        if len(news) != len(items) or any(one is not other for one, other in zip(items, news, strict=True)):
            changes[var.name] = kind(items)(news) if items is held else next(iter(news), None)
    if not changes:
        return value
    new = copy.copy(value)
    for name, item in changes.items():
        object.__setattr__(new, name, item)
    made(new, value)
    return new
