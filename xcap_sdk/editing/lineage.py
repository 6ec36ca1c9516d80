"""Which object of a model as it was read each object of the edited model is.

Keys tell elements apart between models that have nothing to do with each other. An edited model, however, is
mostly made of the very objects that were read: whatever became of their keys, content and places, they still
stand for the elements that they were read from. What the model does not show of those stays with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final, cast

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.shapes import shape_of


class Lineage:
    """Knows objects by identity.

    Args:
        read: Objects of the edited model, as it was read.
        base: What each of them was read as in another reading of the same document: the base of the edit.
        edited: The edited model; None if it is not to be looked at.
    """

    def __init__(
        self, read: Sequence[object] = (), base: Sequence[object] = (), edited: object | None = None
    ) -> None:
        self._read = read  # kept, since the id of an object that is gone may be another one's
        self._base = base
        self._edited = edited

    @classmethod
    def of(cls, read: Sequence[object], base: object) -> Lineage:
        """What became of a model that was read.

        Args:
            read: The objects of the model, as `objects_of` gave them before it was edited.
            base: The model of another reading of the same document.

        Returns:
            Who is who; nothing if the model did not mirror the document.
        """
        others = objects_of(base) if read else ()
        return cls(read, others) if list(map(kind, read)) == list(map(kind, others)) else cls()

    def among(self, edited: object) -> Lineage:
        """The same, with the edited model to look at."""
        return Lineage(self._read, self._base, edited)

    @cached_property
    def _living(self) -> frozenset[int]:
        """The ids of the base model's objects that the edited model still has."""
        objects = objects_of(self._edited) if self and self._edited is not None else ()
        return frozenset(id(self._origins.get(id(each), each)) for each in objects)

    @cached_property
    def _origins(self) -> dict[int, object]:
        return dict(zip(map(id, self._read), self._base, strict=True))

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return bool(self._read)

    def __contains__(self, value: object) -> bool:
        """Whether an object of the edited model was read."""
        return id(value) in self._origins

    def origin(self, value: object) -> object | None:
        """The object of the base model that an object of the edited model was read as; None for a new one."""
        return self._origins.get(id(value))

    def lives(self, base: object) -> bool:
        """Whether an object of the base model is known to be somewhere in the edited model."""
        return id(base) in self._living


UNKNOWN: Final = Lineage()
"""For models that nothing is known of."""


def objects_of(model: object) -> list[object]:
    """All objects of a model, in the order of the document."""
    found: list[object] = []
    pending: list[Any] = [model]
    while pending:
        value = pending.pop()
        found.append(value)
        inner: list[Any] = []
        for name in _fields(kind(value)):
            held: Any = getattr(value, name)
            if isinstance(held, list) or kind(held) is tuple:  # a date is a named tuple, and no list
                inner += [each for each in cast("list[Any]", held) if is_model(each)]
            elif held is not None and is_model(held):
                inner.append(held)
        if inner:
            inner.reverse()
            pending += inner
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
