"""Names that a service or device lists as its capabilities (RFC 5196): empty elements, as a live set of names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSet
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any

from .rpid import unknown_name

if TYPE_CHECKING:
    from typing import Self


@cache
def _fields(kind: type[Any]) -> dict[str, str]:
    """The fields for names, by the names."""
    return {
        str(each.metadata.get("name", each.name)): each.name
        for each in fields(kind)
        if each.metadata.get("type") == "Element"
    }


class CapabilityNames(MutableSet[str]):
    """The names that are listed; in the order of the schema.

    Args:
        element: The element that lists them.
    """

    __slots__ = ("_class", "_element")

    def __init__(self, element: Any) -> None:
        self._element = element
        self._class: type[Any] = element.__class__

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> set[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        # What & | - ^ give is no view of anything.
        return set(it)

    @property
    def known(self) -> tuple[str, ...]:
        """All names that there are."""
        return tuple(_fields(self._class))

    def __contains__(self, name: object) -> bool:
        field = _fields(self._class).get(str(name))
        return field is not None and getattr(self._element, field) is not None

    def __iter__(self) -> Iterator[str]:
        return iter([name for name in _fields(self._class) if name in self])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"<{self._class.__name__}: {', '.join(map(repr, self))}>"

    def add(self, value: str) -> None:
        """List a name.

        Raises:
            ValueError: There is no such name; says which come close. Others are elements for `extensions`.
        """
        field = _fields(self._class).get(value)
        if field is None:
            raise unknown_name(self._class.__name__, value, _fields(self._class))
        if value not in self:
            setattr(self._element, field, "")

    def discard(self, value: str) -> None:
        """Take out a name, if it is there."""
        if value in self:
            setattr(self._element, _fields(self._class)[value], None)


class ListsNames:
    """Mixed into the classes that list names."""

    __slots__ = ()

    @classmethod
    def of(cls, *names: str) -> Self:
        """Make one that lists these names.

        Raises:
            ValueError: There is no such name; says which come close.
        """
        made = cls()
        for name in names:
            made.names.add(name)
        return made

    @property
    def names(self) -> CapabilityNames:
        """The names as a live set, as they are in the document, such as ``INVITE``."""
        return CapabilityNames(self)
