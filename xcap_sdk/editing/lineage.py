"""Which object of a model as it was read each object of the edited model is.

Keys tell elements apart between models that have nothing to do with each other. An edited model, however, is
mostly made of the very objects that were read: whatever became of their keys, content and places, they still
stand for the elements that they were read from. What the model does not show of those stays with them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, Final

from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.shapes import Part, shape_of
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.documents.xml import Element


class Lineage:
    """Knows the objects of an edited model by identity.

    Objects that both models have are each other's.

    Args:
        read: Objects of the edited model that the base model does not have.
        base: What each of them is in the base model.
        edited: The edited model; None if it is not to be looked at.
        copies: Objects of another model, each with its copy in the edited one.
    """

    def __init__(
        self,
        read: Sequence[object] = (),
        base: Sequence[object] = (),
        edited: object | None = None,
        copies: Iterable[tuple[object, object]] = (),
    ) -> None:
        self._read = read
        self._origins: dict[int, object] = dict(zip(map(id, read), base, strict=True))
        self._edited = edited
        self._known: Container[int] = ()
        self._heirs: dict[int, object] = {}
        self._base: object | None = None
        self._copies: Mapping[int, object] = {id(new): old for old, new in copies}
        self._elements: Callable[[], Mapping[int, Element]] = dict

    @classmethod
    def of(cls, snapshot: Snapshot) -> Lineage:
        """What became of a model that was read.

        Args:
            snapshot: The model before it was edited.
        """
        before = snapshot.before()
        lineage = cls([now for now, _ in before.values()], [was for _, was in before.values()])
        lineage._known = snapshot.tracked
        lineage._heirs = {id(was): now for now, was in before.values()}
        lineage._base = lineage._origins.get(id(snapshot.model), snapshot.model)
        return lineage

    @property
    def base(self) -> Any:
        """The model as it was read: the edited one's own objects but for what was edited; None if unknown."""
        return self._base

    def among(self, edited: object) -> Lineage:
        """The same, with the edited model to look at."""
        other = Lineage(edited=edited)
        other._read, other._origins, other._known = self._read, self._origins, self._known
        other._heirs, other._base = self._heirs, self._base
        other._copies, other._elements = self._copies, self._elements
        return other

    def with_elements(self, elements: Callable[[], Mapping[int, Element]]) -> Lineage:
        """The same, with a document of the model that objects were copied from.

        Args:
            elements: Gives the elements by the ids of that model's objects; asked once, if at all.
        """
        other = self.among(self._edited)
        other._elements = cache(elements)
        return other

    @property
    def has_copies(self) -> bool:
        """Whether there are objects that `element` may know."""
        return bool(self._copies)

    def element(self, value: object) -> Element | None:
        """What an object was copied from stands for in its own document; None if nothing is known."""
        old = self._copies.get(id(value))
        return None if old is None else self._elements().get(id(old))

    def children(self, owner: object, base: object, parts: Sequence[Part]) -> list[object]:
        """What stood for the children of an object when it was read.

        Args:
            owner: The object, of the edited model.
            base: What it is in the base model.
            parts: Children of ``base``.

        Returns:
            One for each of ``parts``: an object of the edited model, or None where nothing is known. Nothing
            if ``base`` is another one.
        """
        if id(owner) not in self._known or self.origin(owner) is not base:
            return []
        if shape_of(kind(base)).in_turn:
            return [self._heir(value) for _, value in parts]
        heirs = self._heirs
        return [heirs.get(id(value), value) if var.list_element else None for var, value in parts]

    def _heir(self, base: object) -> object | None:
        """The object of the edited model that an object of the base model is; None if nothing is known."""
        return self._heirs.get(id(base), base if id(base) in self._known else None)

    @cached_property
    def _living(self) -> frozenset[int]:
        """The ids of the base model's objects that the edited model still has."""
        objects = objects_of(self._edited) if self and self._edited is not None else ()
        return frozenset(id(self._origins.get(id(each), each)) for each in objects)

    def __bool__(self) -> bool:
        """Whether anything may be known."""
        return bool(self._read) or self._base is not None

    def __contains__(self, value: object) -> bool:
        """Whether an object of the edited model was read."""
        return id(value) in self._origins or id(value) in self._known

    def origin(self, value: object) -> object | None:
        """The object of the base model that an object of the edited model was read as; None for a new one."""
        return self._origins.get(id(value), value if id(value) in self._known else None)

    def lives(self, base: object) -> bool:
        """Whether an object of the base model is known to be somewhere in the edited model."""
        return id(base) in self._living


UNKNOWN: Final = Lineage()
"""For models that nothing is known of."""
