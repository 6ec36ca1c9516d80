"""The keyed views for classes of one's own."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from .views import Keyed

T = TypeVar("T")


class KeyedItems(Keyed[T]):
    """The view that `keyed` makes, for classes of one's own."""

    __slots__ = ("_items", "_named")

    def __init__(self, items: list[Any], element: type[T], field: str) -> None:
        super().__init__(None, element)
        self._items = items
        self._named = field

    def _found(self) -> list[Any]:
        return self._items

    def _made(self) -> list[Any]:
        return self._items

    def _field(self) -> str:
        return self._named

    def _name(self) -> str:
        return f"keyed {self._class.__name__}"

    def add(self, key: str, /, *, at: int | None = None, **fields: Any) -> T:
        """Make an element and put it in.

        Args:
            key: Its key.
            at: Before which element of its kind, counted from 0; None for behind everything.
            **fields: Its other fields.

        Returns:
            The new element.

        Raises:
            DuplicateKey: The key is taken.
        """
        return self._insert(self._class(**{self._named: key}, **fields), at)

    def ensure(self, key: str, /, *, at: int | None = None, **fields: Any) -> T:
        """Get the element with this key, or add it; the other arguments only count if it is added."""
        found = self._find(key)
        return self.add(key, at=at, **fields) if found is None else found


def keyed(items: list[Any], element: type[T], field: str) -> KeyedItems[T]:
    """Give classes of one's own the view that the generated classes have.

        @property
        def bookmarks(self) -> KeyedItems[Bookmark]:
            return keyed(self.items, Bookmark, "href")

    As nothing tells the view when such a list changes, a look-up goes through it; to add thousands, use `extend`.

    Args:
        items: The list of children, which may hold others too; the view changes it in place.
        element: The class of the children to see.
        field: The field that tells them apart.

    Raises:
        ValueError: The class has no such field.
    """
    names = [each.name for each in fields(element)] if is_dataclass(element) else [field]
    if field not in names:
        from difflib import get_close_matches

        close = get_close_matches(field, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(names) or 'none'}."
        raise ValueError(f"{element.__name__} has no field {field!r}: {hint}")
    return KeyedItems(items, element, field)
