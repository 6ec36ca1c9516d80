"""What a model was, noted so that it can be told what became of it.

An edited model cannot say what it was before, and to read the document once more takes as long as the first
time did. So the values of its objects are noted, which takes a fraction of that. Afterwards the objects are
found that are not what they were, and the model is put together again as it was: of copies of these and of
what they are in, and of the very objects of the edited model everywhere else.

A document has thousands of objects of few classes. So they are noted by columns and not one by one: those of
one class that one field of others holds make a group, and what each of their fields holds is one list. That
lists are made and compared takes no Python code for each object.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property
from itertools import chain, compress, count, repeat
from operator import attrgetter, is_, ne
from typing import Any, NamedTuple, TypeAlias, cast
from xml.etree.ElementTree import QName

from xsdata.models.datatype import XmlDuration, XmlPeriod

from xcap_sdk.documents.compiled.fields import is_made_by_fields, is_several, stored_as
from xcap_sdk.documents.objects import object_fields

_FIXED = (
    *(str, int, bool, float, bytes, type(None), tuple),
    *(Enum, Decimal, QName, XmlDuration, XmlPeriod, date, time),
)
_CONTAINERS = frozenset({list, dict})
_TEXTS = frozenset({str, type(None)})


class _Field(NamedTuple):
    """A field of a class.

    Attributes:
        name: The attribute that holds what is in it.
        get: Gives that of an object.
        has_objects: Whether it may hold objects.
    """

    name: str
    get: Callable[[Any], Any]
    has_objects: bool


_Column: TypeAlias = tuple[list[Any], bool]
"""What is kept of what one field of the objects of a group holds, in their order, and whether it is plain.

That it is if all are texts, or all are empty: then equal values are the same.
"""


class _Group:
    """Objects of one class that one field of the objects of another group holds.

    Args:
        objects: The objects.
        above: The group of those that they are in; None for the model itself.
        field: The number of the field.
        are_items: Whether the field holds them in lists.

    Attributes:
        objects: The objects.
        is_tracked: Whether they count as objects of their own.
        above: The group of those that they are in; None for the model itself.
        fields: The fields of their class.
        columns: What the fields hold.
    """

    __slots__ = ("_are_items", "_field", "above", "columns", "fields", "is_tracked", "objects")

    def __init__(
        self, objects: list[Any], above: _Group | None = None, field: int = 0, *, are_items: bool = False
    ) -> None:
        cls = objects[0].__class__
        self.objects = objects
        self.is_tracked = above is None or are_items or bool(object_fields(cls))
        self.above = above
        self._field = field
        self._are_items = are_items
        self.fields = _fields(cls)
        self.columns: list[_Column] = [_noted(list(map(get, objects))) for _, get, _ in self.fields]

    def below(self) -> Iterable[_Group]:
        """The groups of the objects that the fields hold."""
        for number, ((_, _, has_objects), (values, is_plain)) in enumerate(
            zip(self.fields, self.columns, strict=True)
        ):
            if has_objects and not is_plain:
                for objects, are_items in _objects_in(values):
                    yield _Group(objects, self, number, are_items=are_items)

    def changed(self) -> set[int]:
        """The numbers of the objects that are not what they were."""
        found = set[int]()
        for (_, get, _), (values, is_plain) in zip(self.fields, self.columns, strict=True):
            now = list(map(get, self.objects))
            if not (now == values if is_plain else all(map(is_, now, values))):
                are_texts = is_plain and values[0].__class__ not in _CONTAINERS
                differ = ne if are_texts else _differ
                found.update(compress(count(), map(differ, now, values)))
        return found

    def owners(self, numbers: Iterable[int]) -> set[int]:
        """The numbers that what some of the objects are in has in the group above."""
        assert self.above is not None
        wanted = {id(self.objects[number]) for number in numbers}
        held = enumerate(self.above.columns[self._field][0])
        if not self._are_items:
            return {number for number, value in held if id(value) in wanted}
        return {
            number for number, value in held if is_several(value) and not wanted.isdisjoint(map(id, value))
        }


class Snapshot:
    """What a model is made of, at the time when it is what a document says.

    Args:
        model: The model.

    Attributes:
        model: The object that is the whole model.
    """

    def __init__(self, model: object) -> None:
        self.model: Any = model
        self._groups = [_Group([model])]
        for group in self._groups:
            self._groups += group.below()

    def replace(self, others: Mapping[int, object]) -> None:
        """Let other objects stand for what some stand for.

        Args:
            others: The other objects, by the ids of those that they stand for.
        """
        self.model = others.get(id(self.model), self.model)
        for group in self._groups:
            group.objects = [others.get(id(each), each) for each in group.objects]
            group.columns = [
                ([_with(each, others) for each in values], is_plain) for values, is_plain in group.columns
            ]

    @cached_property
    def tracked(self) -> frozenset[int]:
        """The ids of the objects that were there.

        Left out is what its parent and its field tell already: the only one in a field that holds no others,
        such as the display name of an entry.
        """
        return frozenset(
            chain.from_iterable(map(id, group.objects) for group in self._groups if group.is_tracked)
        )

    def before(self) -> dict[int, tuple[Any, Any]]:
        """What was edited, and what these objects are in.

        Returns:
            The objects, each with another one that is what it was, by their ids. What is in none of them is
            what it was.
        """
        spine = self._spine()
        found: dict[int, tuple[Any, Any]] = {
            id(each): (each, _blank(each))
            for group, numbers in spine
            for each in (group.objects[number] for number in numbers)
        }
        others = {identity: was for identity, (_, was) in found.items()}
        for group, numbers in spine:
            for number in numbers:
                was = others[id(group.objects[number])]
                for (name, _, _), (values, _) in zip(group.fields, group.columns, strict=True):
                    object.__setattr__(was, name, _with(values[number], others))
        return found

    def _spine(self) -> list[tuple[_Group, set[int]]]:
        """The groups with the numbers of the objects that were edited, or that have edited ones in them."""
        reached: dict[int, set[int]] = {}
        for group in reversed(self._groups):  # each stands behind the one that it is in
            numbers = group.changed() | reached.get(id(group), set())
            if numbers:
                reached[id(group)] = numbers
                if group.above is not None:
                    reached.setdefault(id(group.above), set()).update(group.owners(numbers))
        return [(group, reached[id(group)]) for group in self._groups if id(group) in reached]


class _Copy:
    """A copy of a value that nothing is known of; no dataclass, as those are objects of the model."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value: Any = copy.deepcopy(value)


@cache
def _fields(cls: type[Any]) -> tuple[_Field, ...]:
    stored, objects = stored_as(cls), object_fields(cls)
    names = [(field.name, stored.get(field.name, field.name)) for field in dataclasses.fields(cls)]
    return tuple(_Field(held, attrgetter(held), name in objects) for name, held in names)


def _blank(like: Any) -> Any:
    """Another object like one, whose fields are still to be set."""
    cls: type[Any] = like.__class__
    return object.__new__(cls) if _is_made_by_fields(cls) else copy.copy(like)


_is_made_by_fields = cache(is_made_by_fields)


@cache
def _is_fixed(cls: type[Any]) -> bool:
    """Whether values of a class do not change, or are objects that are noted themselves."""
    return hasattr(cls, "__dataclass_fields__") or issubclass(cls, _FIXED)


def _noted(values: list[Any]) -> _Column:
    """What is kept of what a field holds: something that does not change with it."""
    kinds = set(map(type, values))
    if kinds <= _TEXTS:
        return values, True
    if len(kinds) == 1 and not kinds.isdisjoint(_CONTAINERS) and not any(values):
        return [kinds.pop()()] * len(values), True
    if all(map(_is_fixed, kinds)):
        return values, False
    return [each if _is_fixed(each.__class__) else _copied(each) for each in values], False


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return _Copy(items) if any(issubclass(cls, list) for cls in set(map(type, items))) else items[:]
    return dict(cast("dict[str, Any]", value)) if isinstance(value, dict) else _Copy(value)


def _differ(now: Any, noted: Any) -> bool:
    """Whether a field holds something else than what was noted."""
    if now is noted or (now is None and noted.__class__ in _CONTAINERS and not noted):
        return False  # None in place of what is empty is no edit: a document says the same
    if isinstance(noted, list):
        items = cast("list[Any]", noted)
        if not isinstance(now, list) or len(cast("list[Any]", now)) != len(items):
            return True
        return not all(map(is_, cast("list[Any]", now), items))  # an equal one may hide something else
    if isinstance(noted, _Copy):
        return bool(now != noted.value)
    return not isinstance(noted, dict) or now != noted


def _objects_in(values: list[Any]) -> Iterable[tuple[list[Any], bool]]:
    """The objects that a field holds, those of each class by themselves, and whether they are in lists."""
    kinds: Collection[type[Any]] = dict.fromkeys(map(type, values))
    yield from zip(_by_class(values, kinds), repeat(False))
    if any(issubclass(cls, list) or cls is tuple for cls in kinds):
        several = list(chain.from_iterable(filter(is_several, values)))
        yield from zip(_by_class(several, dict.fromkeys(map(type, several))), repeat(True))


def _by_class(values: list[Any], kinds: Collection[type[Any]]) -> Iterable[list[Any]]:
    """The objects among values, those of each class by themselves."""
    found: dict[type[Any], list[Any]] = {cls: [] for cls in kinds if hasattr(cls, "__dataclass_fields__")}
    if found and len(kinds) == 1:
        return [values]
    for each in values if found else ():
        if (objects := found.get(each.__class__)) is not None:
            objects.append(each)
    return found.values()


def _with(noted: Any, others: Mapping[int, object]) -> Any:
    """What a field held, with other objects in place of some."""
    if is_several(noted):
        return noted.__class__([others.get(id(each), each) for each in noted])
    if isinstance(noted, dict):
        return dict(cast("dict[str, Any]", noted))
    return copy.deepcopy(noted.value) if isinstance(noted, _Copy) else others.get(id(noted), noted)
