"""The three versions of an element that a merge looks at side by side."""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter
from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any, NamedTuple, TypeAlias, cast

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import Part, shape_of

Row: TypeAlias = tuple[Any, ...]
"""What belongs together of fields that take turns."""

_SHORT = 64
_ATOMS = {str, int, bool, float, type(None)}


class Spot(NamedTuple):
    """A child where it is in one version.

    Attributes:
        owner: The element around it.
        part: The child as it is in the model.
    """

    owner: Outline
    part: Part

    def outline(self) -> Outline:
        """The child's outline."""
        return self.owner.child(self.part)


class Versions(NamedTuple):
    """An element in three versions.

    Attributes:
        base: What both sides started from; None if there was no such element.
        mine: What I made of it.
        theirs: What the other side made of it.
    """

    base: Outline | None
    mine: Outline
    theirs: Outline

    def values(self, field: str) -> tuple[Any, Any, Any]:
        """The values of a field: nothing where there was no element, or None stands for several."""
        found: list[Any] = [None if side is None else getattr(side.value, field) for side in self]
        nothing: Any = next(filter(_is_for_several, map(kind, found)), None)
        before, ours, others = (nothing() if each is None and nothing else each for each in found)
        return before, ours, others

    def rows(self, fields: Sequence[str]) -> tuple[list[Row] | None, list[Row] | None, list[Row] | None]:
        """What belongs together of fields that take turns; None for a version where they do not match."""
        before = [] if self.base is None else _rows(self.base, fields)
        return before, _rows(self.mine, fields), _rows(self.theirs, fields)


def _is_for_several(cls: type[Any]) -> bool:
    return issubclass(cls, list | dict) or cls is tuple


def _rows(owner: Outline, fields: Sequence[str]) -> list[Row] | None:
    columns: list[list[Any]] = [getattr(owner.value, field) for field in fields]
    try:
        rows = list(zip(*columns, strict=True))
        Counter(rows)
    except (TypeError, ValueError):  # of different length, or of what cannot be counted
        return None
    return rows


def without(rows: Sequence[Row], dropped: Counter[Row]) -> list[Row]:
    """The rows without some of them."""
    left = Counter(dropped)
    kept: list[Row] = []
    for row in rows:
        if left[row] > 0:
            left[row] -= 1
        else:
            kept.append(row)
    return kept


def only(owner: Outline | None, field: str) -> list[Spot]:
    """The element in a field for at most one; several if it has no name and is but its content."""
    if owner is None:
        return []
    parts = owner.parts if owner.is_typed else shape_of(kind(owner.value)).parts(owner.value)
    return [Spot(owner, part) for part in parts if part[0].name == field]


def narrowed(owner: Outline, field: str, items: Sequence[Any]) -> Outline:
    """An element with other children in one field, and no more."""
    value = copy.copy(owner.value)
    for var in shape_of(kind(value)).contents:
        blank: list[Any] | None = [] if var.list_element else None
        object.__setattr__(value, var.name, list(items) if var.name == field else blank)
    return Outline(owner.name, value)


def ends(before: Sequence[Any], ours: Sequence[Any], others: Sequence[Any]) -> tuple[int, int]:
    """How many at the start and at the end are the same in three lists."""
    shortest = min(len(before), len(ours), len(others))
    first = 0
    while first < shortest and ours[first] == before[first] == others[first]:
        first += 1
    last = -1
    while last >= first - shortest and ours[last] == before[last] == others[last]:
        last -= 1
    return first, -1 - last


def alike(one: Outline, other: Outline) -> bool:
    """Whether two elements have the same name and are of the same class."""
    names = one.name == other.name and one.xsi_type == other.xsi_type
    return names and kind(one.value) is kind(other.value)


def empty_like(value: object) -> Any:
    """An empty element of a class that holds nothing but lists of elements; None for other classes."""
    if not is_model(value):
        return None
    shape = shape_of(kind(value))
    says_something = shape.attributes or shape.wildcards or shape.text is not None or not shape.contents
    if says_something or not shape.plain or not all(var.list_element for var in shape.contents):
        return None
    return kind(value)()


def is_short(value: object) -> bool:
    """Whether a value is quicker copied than looked at child by child."""
    contents: list[Any] = [getattr(value, name) for name in _fields(kind(value)) or ()]
    return not any(isinstance(each, list) and len(cast("list[Any]", each)) > _SHORT for each in contents)


def rewrapped(wrapper: Any, value: object) -> Any:
    """A generic element that gives a value its name, with another value."""
    merged = copy.copy(wrapper)
    merged.value = value
    return merged


def same(one: Any, other: Any) -> bool:
    """Whether two values of a model are the same."""
    return one is other or one == other


def copied(value: Any) -> Any:
    """A copy of a value of a model, that shares nothing with it."""
    cls = kind(value)
    if cls in _ATOMS or isinstance(value, Enum):
        return value
    names = _fields(cls)
    if names is not None:
        new: Any = object.__new__(cls)
        for name in names:
            object.__setattr__(new, name, copied(getattr(value, name)))
        return new
    if isinstance(value, list):
        return [copied(each) for each in cast("list[Any]", value)]
    return copy.deepcopy(value)


@cache
def _fields(cls: type) -> tuple[str, ...] | None:
    return tuple(field.name for field in dataclasses.fields(cls)) if dataclasses.is_dataclass(cls) else None
