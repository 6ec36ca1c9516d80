"""Which children of an element are the same before and after an edit.

Two elements are the same if the same object stands for them, see `xcap_sdk.editing.lineage`. Between models
that have no objects in common they are the same if they have the same key, or are equal in all but the key,
or share most of their children: a rename. Nothing else is the same where there are keys: what a model does
not show of one element must not end up in another. Elements without keys are the same if they are equal, or
if as many of their name are left before as after.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import Part
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.sameness import sameness

Keys: TypeAlias = Mapping[type, str]
"""The field that tells the elements of a class apart."""

_COMMON = 16  # what more elements than this have in common tells none of them


@dataclass(frozen=True, slots=True)
class Alignment:
    """The children of an element before and after an edit.

    What comes first and last in both and is equal is not looked at.

    Attributes:
        first: How many children are equal at the start.
        before: The children between, as they were.
        after: The children between, as they are now.
        origin: For each of `after` which of `before` it is; None for a new one.
        stays: For each of `after` whether it keeps its place among those that were there.
    """

    first: int
    before: tuple[Outline, ...]
    after: tuple[Outline, ...]
    origin: tuple[int | None, ...]
    stays: tuple[bool, ...]

    @property
    def removed(self) -> list[int]:
        """Which of `before` are gone."""
        kept = set(self.origin)
        return [index for index in range(len(self.before)) if index not in kept]


def key_field(value: object, keys: Keys) -> str | None:
    """The field that tells an element apart from others of its class.

    Args:
        value: What stands for the element in the model.
        keys: The usage's keys; classes that are not in it may say so themselves, by ``_key_field``.
    """
    return keys.get(kind(value)) or getattr(kind(value), "_key_field", None)


def identity_anywhere(outline: Outline, keys: Keys) -> tuple[str, str] | None:
    """What tells an element apart wherever it is; None for what has no key, or holds others that have.

    Of the latter the name says nothing: lists in several places may well have the same.

    Args:
        outline: The element.
        keys: The usage's keys.
    """
    field = key_field(outline.value, keys)
    key: object = getattr(outline.value, field) if field else None
    return (outline.name, key) if isinstance(key, str) and not hasattr(outline.value, "_views") else None


def align(before: Outline, after: Outline, keys: Keys, lineage: Lineage = UNKNOWN) -> Alignment:
    """Find out which children of an element are the same before and after an edit.

    Takes linear time but for what changed its order.

    Args:
        before: The element as it was.
        after: The element as it is now.
        keys: The usage's keys.
        lineage: What is known of the objects of ``after``.
    """
    first, last = same_objects(before.parts, after.parts)
    old, new = before.parts[first : len(before.parts) - last], after.parts[first : len(after.parts) - last]
    read = lineage.children(after.value, before.value, old)
    at_start = _run(old, new, read)
    left = min(len(old), len(new)) - at_start
    is_over = not left or len(old) == len(new) == 1  # the run from the end is none, or the same
    at_end = 0 if is_over else min(_run(old[::-1], new[::-1], read[::-1]), left)
    first += at_start
    olds = tuple(before.child(part) for part in old[at_start : len(old) - at_end])
    news = tuple(after.child(part) for part in new[at_start : len(new) - at_end])
    if len(olds) == len(news) == 1 and _is_heir(olds[0], news[0], lineage):  # as mostly
        return Alignment(first, olds, news, (0,), (True,))
    matcher = _Matcher(olds, news, keys, lineage, read[at_start : len(old) - at_end])
    origin = matcher.match() if olds and news else (None,) * len(news)
    return Alignment(first, olds, news, origin, _staying(origin))


def _is_heir(before: Outline, after: Outline, lineage: Lineage) -> bool:
    """Whether an element is known to be one that was there."""
    is_known = is_model(before.value) and lineage.origin(after.value) is before.value
    return is_known and before.name == after.name


def is_bare_rename(before: Outline, after: Outline, keys: Keys) -> bool:
    """Whether two elements that are paired have different keys and nothing else that the model shows.

    They may as well be one that is gone and another that is new.

    Args:
        before: The element as it was.
        after: The element as it is now.
        keys: The usage's keys.
    """
    field = key_field(before.value, keys)
    if field is None or getattr(before.value, field) == getattr(after.value, field, None):
        return False
    _, attributes, text, children = after.fingerprint(without=field)
    return not (attributes or text or children) and after.fingerprint(field) == before.fingerprint(field)


def same_objects(old: Sequence[Part], new: Sequence[Part]) -> tuple[int, int]:
    """How many are the very same objects at the start, and how many of the others at the end."""
    shorter = min(len(old), len(new))
    first = next(other_objects(old, new), shorter)
    behind = (reversed(each[first:]) for each in (old, new))
    last = next(other_objects(*behind), shorter - first)
    return first, last


def other_objects(old: Iterable[Part], new: Iterable[Part]) -> Iterator[int]:
    """Where not the same object is in the same field; one object as False, say, may be in several."""
    pairs = enumerate(zip(old, new, strict=False))
    return (at for at, (was, now) in pairs if was[1] is not now[1] or was[0] is not now[0])


def _run(old: Sequence[Part], new: Sequence[Part], read: Sequence[object]) -> int:
    """How many are the same at the start; a loop with one call: this is where a diff spends its time.

    Args:
        old: The children as they were.
        new: The children as they are now.
        read: What of the edited model each of ``old`` was read as, as far as that is known.
    """
    count = 0
    cls: type[object] | None = None
    same = sameness(object)
    known: Iterable[object] = read or repeat(None)
    for (field, value), (other_field, other), was in zip(old, new, known, strict=False):
        if field is not other_field or (was is not other and was is not None):
            break  # a new one may look the same
        if value is not other:
            if value.__class__ is not cls:
                cls = value.__class__
                same = sameness(cls)
            if not same(value, other):
                break
        count += 1
    return count


class _Matcher:
    def __init__(
        self,
        before: Sequence[Outline],
        after: Sequence[Outline],
        keys: Keys,
        lineage: Lineage,
        read: Sequence[object],
    ) -> None:
        self._before = before
        self._after = after
        self._keys = keys
        self._lineage = lineage
        self._read = read
        self._origin: dict[int, int] = {}
        self._taken: set[int] = set()
        self._elsewhere: set[int] = set()  # of those after: what was read in another place

    def match(self) -> tuple[int | None, ...]:
        self._by_lineage()
        if len(self._origin) < len(self._after):
            self._by_looks()
        return tuple(self._origin.get(index) for index in range(len(self._after)))

    def _by_looks(self) -> None:
        """Pair what no object tells."""
        self._by(self._identity)
        self._by(self._looks_if_keyless)
        if not self._read:  # else an object that was not read is no renamed one
            self._by(self._all_but_key)
        self._by_content()
        self._by(self._name_if_keyless, even=True)

    def _by_lineage(self) -> None:
        """Pair what the same object stands for."""
        here = {id(each): index for index, each in enumerate(self._read) if is_model(each)}
        where = {id(each.value): index for index, each in enumerate(self._before) if is_model(each.value)}
        for index, each in enumerate(self._after):
            before = here.get(id(each.value))
            if before is None:
                origin = self._lineage.origin(each.value)
                before = where.get(id(each.value if origin is None else origin))
            if before is not None and before not in self._taken and self._before[before].name == each.name:
                self._pair(before, index)
            elif self._lineage.origin(each.value) is not None:
                self._elsewhere.add(index)
        if self._lineage and len(self._origin) < len(self._after):
            # What is elsewhere now is nothing that is here.
            living = (index for index, each in enumerate(self._before) if self._lineage.lives(each.value))
            self._taken.update(living)

    def _by(self, trait: Callable[[Outline], Hashable | None], *, even: bool = False) -> None:
        """Pair what has the same trait, in order; equal ones first.

        Args:
            trait: What to go by; None for what is not to be paired.
            even: Only where as many have it before as after.
        """
        old = _grouped(trait, ((n, each) for n, each in enumerate(self._before) if n not in self._taken))
        new = _grouped(trait, ((n, each) for n, each in enumerate(self._after) if self._is_open(n)))
        for value, afters in new.items():
            befores = old.get(value, [])
            if even and len(befores) != len(afters):
                continue
            if len(befores) == len(afters) == 1:
                self._pair(befores[0], afters[0])
            elif befores:
                self._pair_all(befores, afters)

    def _pair_all(self, befores: list[int], afters: list[int]) -> None:
        """Pair what is equal, and then the rest, in order."""
        looks: dict[Hashable, deque[int]] = defaultdict(deque)
        for index in befores:
            looks[self._before[index].fingerprint()].append(index)
        rest: list[int] = []
        for index in afters:
            same = looks.get(self._after[index].fingerprint())
            if same:
                self._pair(same.popleft(), index)
            else:
                rest.append(index)
        left = [index for index in befores if index not in self._taken]
        for one, other in zip(left, rest, strict=False):
            self._pair(one, other)

    def _by_content(self) -> None:
        """Pair what shares most of its children, whatever its key: a rename along with other edits."""
        contents = {
            index: self._content(each) for index, each in enumerate(self._before) if index not in self._taken
        }
        holders: dict[Hashable, list[int]] = defaultdict(list)
        for index, content in contents.items():
            for trait in content:
                holders[trait].append(index)
        for index, each in enumerate(self._after):
            if not self._is_open(index) or not holders:
                continue
            content = self._content(each)
            known = [
                holders[trait] for trait in content if trait in holders and len(holders[trait]) <= _COMMON
            ]
            for holder, count in Counter(holder for found in known for holder in found).most_common():
                if holder not in self._taken and 2 * count > len(content | contents[holder]):
                    self._pair(holder, index)
                    break

    def _content(self, each: Outline) -> set[Hashable]:
        """What tells an element by its children: their keys, or all of them; one alone says nothing."""
        traits = {self._identity(child) or child.fingerprint() for child in each.children}
        return {(each.name, trait) for trait in traits} if len(traits) > 1 else set()

    def _is_open(self, after: int) -> bool:
        """Whether it is not known yet what one of those after is."""
        return after not in self._origin and after not in self._elsewhere

    def _pair(self, before: int, after: int) -> None:
        self._origin[after] = before
        self._taken.add(before)

    def _key(self, each: Outline) -> Hashable | None:
        field = key_field(each.value, self._keys)
        key = getattr(each.value, field) if field else None
        return key if isinstance(key, Hashable) else None

    def _identity(self, each: Outline) -> Hashable | None:
        key = self._key(each)
        return None if key is None else (each.name, key)

    def _all_but_key(self, each: Outline) -> Hashable | None:
        field = key_field(each.value, self._keys)
        return each.fingerprint(without=field) if field else None

    def _looks_if_keyless(self, each: Outline) -> Hashable | None:
        return each.fingerprint() if self._key(each) is None else None

    def _name_if_keyless(self, each: Outline) -> Hashable | None:
        return (each.name, kind(each.value)) if self._key(each) is None else None


def _grouped(
    trait: Callable[[Outline], Hashable | None], each: Iterable[tuple[int, Outline]]
) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, outline in each:
        value = trait(outline)
        if value is not None:
            groups[value].append(index)
    return groups


def _staying(origin: Sequence[int | None]) -> tuple[bool, ...]:
    """Which keep their place: the longest run of increasing origins, so that as few as possible move."""
    ends: list[int] = []  # the smallest last origin of a run of each length
    runs: list[int] = []  # where that stands
    previous: list[int | None] = [None] * len(origin)
    for index, place in enumerate(origin):
        if place is None:
            continue
        length = bisect_left(ends, place)
        previous[index] = runs[length - 1] if length else None
        if length == len(ends):
            ends.append(place)
            runs.append(index)
        else:
            ends[length] = place
            runs[length] = index
    stays = [False] * len(origin)
    current = runs[-1] if runs else None
    while current is not None:
        stays[current] = True
        current = previous[current]
    return tuple(stays)
