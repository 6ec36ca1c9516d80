"""What a model was, noted so that it can be told what became of it.

An edited model cannot say what it was before, and to read the document once more takes as long as the first
time did. So the values of each object are noted, which takes a fraction of that. Afterwards the objects are
found that are not what they were, and the model is put together again as it was: of copies of these and of
what they are in, and of the very objects of the edited model everywhere else.

For each class one function notes and another compares, both made once, of the names of its fields:

    def note(value, owner, is_tracked, keep, pending):
        its_name = value.name
        its_items = value.items
        if its_items: its_items = noted(its_items)
        elif its_items is not None: its_items = nothing
        state = (value, owner, is_tracked, its_name, its_items)
        keep(state)
        if its_name.__class__ not in ATOMS: follow(its_name, state, pending)
        if its_items.__class__ is list: pending += zip(its_items, repeat(state), repeat(True))

    def changed(state):
        value, _, _, its_name, its_items = state
        if (now := value.name) is not its_name and differ(now, its_name): return True
        if ((now := value.items) or its_items) and differ(now, its_items): return True
        return False
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import repeat
from operator import is_
from typing import Any, TypeAlias, cast
from xml.etree.ElementTree import QName

from xsdata.models.datatype import XmlDuration, XmlPeriod

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.compiled.collecting import collection_paused
from xcap_sdk.documents.compiled.fields import default_of, stored_as
from xcap_sdk.documents.objects import object_fields

State: TypeAlias = tuple[Any, ...]
"""An object, the state of what it is in, whether it counts as one of its own, and what its fields hold."""

_HEAD = 3  # the parts of a state before what the fields hold
_ATOMS = frozenset({str, int, bool, float, bytes, type(None)})
_FIXED = (str, int, float, bytes, tuple, Enum, Decimal, QName, XmlDuration, XmlPeriod, date, time)


class Snapshot:
    """What a model is made of, at the time when it is what a document says.

    Args:
        model: The model.
    """

    def __init__(self, model: object) -> None:
        self._states: list[State] = []
        keep = self._states.append
        pending: list[tuple[Any, State | None, bool]] = [(model, None, True)]
        with collection_paused:
            while pending:
                value, owner, is_tracked = pending.pop()
                note, _, _ = _functions.get(value.__class__) or _functions_of(value)
                note(value, owner, is_tracked, keep, pending)

    def replace(self, others: Mapping[int, object]) -> None:
        """Let other objects stand for what some stand for.

        Args:
            others: The other objects, by the ids of those that they stand for.
        """
        became: dict[int, State | None] = {id(None): None}
        states: list[State] = []
        for state in self._states:
            value, owner, is_tracked, *values = state
            stands = others.get(id(value), value)
            new = (stands, became[id(owner)], is_tracked, *(_with(each, others) for each in values))
            became[id(state)] = new
            states.append(new)
        self._states = states

    @property
    def model(self) -> Any:
        """The object that is the whole model."""
        return self._states[0][0]

    @cached_property
    def tracked(self) -> frozenset[int]:
        """The ids of the objects that were there.

        Left out is what its parent and its field tell already: the only one in a field that holds no others,
        such as the display name of an entry.
        """
        return frozenset(id(state[0]) for state in self._states if state[2])

    def before(self) -> dict[int, tuple[Any, Any]]:
        """What was edited, and what these objects are in.

        Returns:
            The objects, each with another one that is what it was, by their ids. What is in none of them is
            what it was.
        """
        spine: dict[int, State] = {}
        for state in self._states:
            if _functions[state[0].__class__][1](state):
                above: State | None = state
                while above is not None and id(above) not in spine:
                    spine[id(above)] = above
                    above = above[1]
        found: dict[int, tuple[Any, Any]] = {
            id(state[0]): (state[0], copy.copy(state[0])) for state in spine.values()
        }
        others = {identity: was for identity, (_, was) in found.items()}
        for state in spine.values():
            was = others[id(state[0])]
            for name, value in zip(_names(kind(was)), state[_HEAD:], strict=True):
                object.__setattr__(was, name, _with(value, others))
        return found


class _Copy:
    """A copy of a value that nothing is known of; no dataclass, as those are objects of the model."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value: Any = copy.deepcopy(value)


def _noted(value: Any) -> Any:
    """What is kept of what a field holds: something that does not change with it."""
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return _Copy(items) if any(isinstance(each, list) for each in items) else items[:]
    if isinstance(value, dict):
        return dict(cast("dict[str, Any]", value))
    is_fixed = is_model(value) or isinstance(value, cast("tuple[type[Any], ...]", _FIXED))
    return value if is_fixed else _Copy(value)


def _differ(now: Any, noted: Any) -> bool:
    """Whether a field holds something else than what was noted."""
    if isinstance(noted, list):
        items = cast("list[Any]", noted)
        if not isinstance(now, list) or len(cast("list[Any]", now)) != len(items):
            return True
        return not all(map(is_, cast("list[Any]", now), items))  # an equal one may hide something else
    if isinstance(noted, _Copy):
        return bool(now != noted.value)
    return not isinstance(noted, dict) or now != noted


def _with(noted: Any, others: Mapping[int, object]) -> Any:
    """What a field held, with other objects in place of some."""
    if isinstance(noted, list) or kind(noted) is tuple:
        items = cast("list[Any]", noted)
        return kind(items)([others.get(id(each), each) for each in items])
    if isinstance(noted, dict):
        return dict(cast("dict[str, Any]", noted))
    return copy.deepcopy(noted.value) if isinstance(noted, _Copy) else others.get(id(noted), noted)


def _follow(value: Any, state: State, keep: _Keep, pending: _Pending) -> None:
    """Note what a field holds that is neither text nor a list, or let its turn come."""
    found = _functions.get(value.__class__)
    if found is None:
        if kind(value) is tuple:
            pending += zip(value, repeat(state), repeat(True))
        if not is_model(value):
            return
        found = _functions_of(value)
    note, _, has_objects = found
    if has_objects:
        pending.append((value, state, True))
    else:
        note(value, state, False, keep, pending)


_Keep: TypeAlias = Callable[[State], None]
_Pending: TypeAlias = list[tuple[Any, State | None, bool]]
_Note: TypeAlias = Callable[[Any, State | None, bool, _Keep, _Pending], None]
_Changed: TypeAlias = Callable[[State], bool]

_functions: dict[type, tuple[_Note, _Changed, bool]] = {}


def _functions_of(value: object) -> tuple[_Note, _Changed, bool]:
    """What notes and compares objects of a class, and whether these hold others; nothing for what is none."""
    if not is_model(value):
        return _nothing, bool, False
    cls = kind(value)
    made = _functions[cls] = *_compiled(cls), bool(object_fields(cls))
    return made


def _nothing(*_: object) -> None:
    """Note nothing of a value that its parent's state holds."""


def _names(cls: type[Any]) -> list[str]:
    """The attributes that hold what is in a class's fields."""
    stored = stored_as(cls)
    return [stored.get(field.name, field.name) for field in dataclasses.fields(cls)]


def _compiled(cls: type[Any]) -> tuple[_Note, _Changed]:
    names: dict[str, Any] = {
        "ATOMS": _ATOMS,
        "noted": _noted,
        "differ": _differ,
        "follow": _follow,
        "functions": _functions,
        "repeat": repeat,
    }
    first, then, tests = list[str](), list[str](), list[str]()
    each = "zip({}, repeat(state), repeat(True))"
    objects = object_fields(cls)
    its = [f"its_{field.name}" for field in dataclasses.fields(cls)]
    for field, name, holds in zip(dataclasses.fields(cls), _names(cls), its, strict=True):
        first.append(f"{holds} = value.{name}")
        default = default_of(field)
        empty: Any = default() if default is not None else None
        is_list, is_dict = isinstance(empty, list), isinstance(empty, dict)
        if is_list or is_dict:
            names[f"no_{field.name}"] = [] if is_list else {}
            first.append(f"if {holds}: {holds} = noted({holds})")
            first.append(f"elif {holds} is not None: {holds} = no_{field.name}")
            tests.append(f"if ((now := value.{name}) or {holds}) and differ(now, {holds}): return True")
            if is_list and field.name in objects:
                then.append(f"if {holds}.__class__ is list: pending += {each.format(holds)}")
        else:
            other = f"(cls := {holds}.__class__) is not str and cls not in ATOMS"
            first.append(f"if {other} and cls not in functions: {holds} = noted({holds})")
            if field.name in objects:
                then.append(f"if {other}: follow({holds}, state, keep, pending)")
            tests.append(f"if (now := value.{name}) is not {holds} and differ(now, {holds}): return True")
    values = ", ".join(["value", "{}", "{}", *its])
    lines = [
        "def note(value, owner, is_tracked, keep, pending):",
        *(f" {line}" for line in first),
        f" state = ({values.format('owner', 'is_tracked')})",
        " keep(state)",
        *(f" {line}" for line in then),
        "def changed(state):",
        f" {values.format('_', '_')} = state",
        *(f" {line}" for line in tests),
        " return False",
    ]
    exec("\n".join(lines), names)  # noqa: S102 - names of fields, which are identifiers
    return names["note"], names["changed"]
