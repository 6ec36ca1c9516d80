"""What goes wrong with keys."""

from __future__ import annotations

from typing import Any


class DuplicateKey(ValueError):
    """The key is taken.

    Attributes:
        key: The key.
    """

    def __init__(self, message: str, *, key: str) -> None:
        super().__init__(message)
        self.key = key

    def __reduce__(self) -> tuple[Any, ...]:
        return _duplicate, (str(self), self.key)


class MissingKey(KeyError):
    """Nothing has the key; says which keys come close.

    Attributes:
        key: The key.
    """

    def __init__(self, message: str, *, key: object) -> None:
        super().__init__(message)
        self.key = key

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return _missing, (str(self), self.key)


def _duplicate(message: str, key: str) -> DuplicateKey:
    return DuplicateKey(message, key=key)


def _missing(message: str, key: object) -> MissingKey:
    return MissingKey(message, key=key)
