"""Which object of a model as it was read each object of the edited model is.

Keys tell elements apart between models that have nothing to do with each other. An edited model, however, is
mostly made of the very objects that were read: whatever became of their keys, content and places, they still
stand for the elements that they were read from. What the model does not show of those stays with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, cast

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.shapes import shape_of


class Snapshot:
    """What a model is made of, at the time when it is what a document says.

    Args:
        model: The model.

    Attributes:
        objects: Its objects, as `objects_of` gives them; they are kept, as the id of one that is gone may be
            another's.
        lists: What its lists hold, by the ids of the objects that have them, and by field.
    """

    def __init__(self, model: object) -> None:
        self.lists: dict[int, dict[str, tuple[object, ...]]] = {}
        self.objects: list[object] = objects_of(model, self.lists)

    def replace(self, others: Mapping[int, object]) -> None:
        """Let other objects stand for what some stand for.

        Args:
            others: The other objects, by the ids of those that they stand for.
        """
        self.lists = {
            id(others[owner]) if owner in others else owner: {
                name: tuple(others.get(id(each), each) for each in items) for name, items in fields.items()
            }
            for owner, fields in self.lists.items()
        }
        self.objects = [others.get(id(each), each) for each in self.objects]


class Lineage:
    """Knows the objects of an edited model by identity.

    Args:
        read: Objects of the edited model.
        base: What each of them is in the base model.
        edited: The edited model; None if it is not to be looked at.
    """

    def __init__(
        self, read: Sequence[object] = (), base: Sequence[object] = (), edited: object | None = None
    ) -> None:
        self._read = read
        self._base = base
        self._edited = edited
        self._model: object | None = None
        self._lists: Mapping[int, Mapping[str, tuple[object, ...]]] = {}

    @classmethod
    def of(cls, snapshot: Snapshot, base: object) -> Lineage:
        """What became of a model that was read.

        Args:
            snapshot: The model before it was edited.
            base: The model of another reading of the same document.
        """
        lineage = cls(snapshot.objects)
        lineage._model, lineage._lists = base, snapshot.lists
        return lineage

    def among(self, edited: object) -> Lineage:
        """The same, with the edited model to look at."""
        lineage = Lineage(self._read, self._base, edited)
        lineage._model, lineage._lists = self._model, self._lists
        return lineage

    def children(self, owner: object, base: object) -> list[object]:
        """What stood for the children of an object when it was read.

        Args:
            owner: The object, of the edited model.
            base: What it is in the base model.

        Returns:
            One for each child of ``base``, in the order of its fields: an object of the edited model, or None
            where nothing is known. Nothing if ``base`` is another one.
        """
        lists = self._lists.get(id(owner))
        if lists is None:
            return []
        shape = shape_of(kind(base))
        if shape.in_turn:
            return [self._heirs.get(id(value)) for _, value in shape.parts(base)]
        found: list[object] = []
        for var in shape.contents:
            held: Any = getattr(base, var.name)
            if isinstance(held, list) or kind(held) is tuple:
                items = cast("Sequence[object]", held)
                known = lists.get(var.name, ())
                found += known if len(known) == len(items) else [None] * len(items)
            elif held is not None:
                found.append(None)
        return found

    @cached_property
    def _origins(self) -> dict[int, object]:
        """The objects of the base model by the ids of those of the edited one."""
        base = self._base if self._model is None else objects_of(self._model)
        if list(map(kind, self._read)) != list(map(kind, base)):
            return {}  # the model did not mirror the document
        return dict(zip(map(id, self._read), base, strict=True))

    @cached_property
    def _living(self) -> frozenset[int]:
        """The ids of the base model's objects that the edited model still has."""
        objects = objects_of(self._edited) if self and self._edited is not None else ()
        return frozenset(id(self._origins.get(id(each), each)) for each in objects)

    @cached_property
    def _heirs(self) -> dict[int, object]:
        """The objects of the edited model by the ids of those of the base model."""
        return {id(self._origins[id(each)]): each for each in self._read if id(each) in self._origins}

    def __bool__(self) -> bool:
        """Whether anything may be known."""
        return bool(self._read)

    def __contains__(self, value: object) -> bool:
        """Whether an object of the edited model was read."""
        return id(value) in self._origins

    def origin(self, value: object) -> object | None:
        """The object of the base model that an object of the edited model was read as; None for a new one."""
        return self._origins.get(id(value))

    def lives(self, base: object) -> bool:
        """Whether an object of the base model is known to be somewhere in the edited model."""
        if self._model is not None and id(base) not in self._heirs:
            return False  # nothing was read as it, and models of two readings have no objects in common
        return id(base) in self._living


UNKNOWN: Final = Lineage()
"""For models that nothing is known of."""


def objects_of(model: object, lists: dict[int, dict[str, tuple[object, ...]]] | None = None) -> list[object]:
    """The objects of a model, in an order that depends on its structure only.

    Left out is what its parent and its field tell already: the only one in a field that holds no others, such
    as the display name of an entry.

    Args:
        model: The model.
        lists: Gets what its lists hold, by the ids of the objects that have them, and by field.
    """
    found: list[object] = []
    pending: list[Any] = [model]
    while pending:
        value = pending.pop()
        found.append(value)
        for name in _fields(kind(value)):
            held: Any = getattr(value, name)
            if held is None:
                continue
            if isinstance(held, list) or kind(held) is tuple:  # a date is a named tuple, and no list
                if not held:
                    continue
                for each in cast("list[Any]", held):
                    if is_model(each):
                        (pending if _fields(kind(each)) else found).append(each)
                if lists is not None:
                    lists.setdefault(id(value), {})[name] = tuple(cast("list[Any]", held))
            elif is_model(held) and _fields(kind(held)):
                pending.append(held)
    return found


_known: dict[type, tuple[str, ...]] = {}


def _fields(cls: type) -> tuple[str, ...]:
    """The fields of a class that hold objects."""
    names = _known.get(cls)
    if names is None:
        names = _known[cls] = tuple(
            var.name for var in shape_of(cls).contents if not var.is_element or var.clazz or var.any_type
        )
    return names
