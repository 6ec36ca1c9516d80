"""Children that only carry a text, as a set of strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableSet
from typing import Any


class Strings(MutableSet[str]):
    """A live set of strings, in document order: what the children of one class say in one field.

    Args:
        read: Gives the list of children to read from.
        write: Gives the list of children to write to, made if need be.
        kind: The class of the children; str if they are the texts themselves.
        field: The field of the class.
    """

    __slots__ = ("_field", "_kind", "_read", "_write")

    def __init__(
        self, read: Callable[[], list[Any]], write: Callable[[], list[Any]], kind: type[Any], field: str = "value"
    ) -> None:
        self._read = read
        self._write = write
        self._kind = kind
        self._field = field

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> set[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        # What & | - ^ give is no view of anything.
        return set(it)

    def __contains__(self, text: object) -> bool:
        return text in list(self)

    def __iter__(self) -> Iterator[str]:
        said = (self._text(item) for item in self._read() if isinstance(item, self._kind))
        return iter([text for text in said if text is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"<{self._kind.__name__}: {', '.join(map(repr, self))}>"

    def add(self, value: str) -> None:
        """Add a text, if it is not there."""
        if value not in self:
            self._write().append(self._item(value))

    def update(self, values: Iterable[str]) -> None:
        """Add several texts."""
        for value in values:
            self.add(value)

    def discard(self, value: str) -> None:
        """Take out a text, if it is there."""
        items = self._read()
        items[:] = [item for item in items if not (isinstance(item, self._kind) and self._text(item) == value)]

    def assign(self, values: Iterable[str]) -> None:
        """Say these texts and no others, in this order; a child that says one of them already is kept as it is.

        Raises:
            TypeError: One text is given where several are wanted.
        """
        if isinstance(values, str):
            raise TypeError(f"a list of texts, not the one text {values!r}")
        wanted = dict.fromkeys(values)
        known: dict[str, Any] = {}
        for item in self._read():
            if isinstance(item, self._kind):
                known.setdefault(self._text(item), item)
        items = self._write()
        others = [item for item in items if not isinstance(item, self._kind)]
        items[:] = [*(known.get(text) or self._item(text) for text in wanted), *others]

    def _text(self, item: Any) -> Any:
        return item if self._kind is str else getattr(item, self._field)

    def _item(self, text: str) -> Any:
        return text if self._kind is str else self._kind(**{self._field: text})
