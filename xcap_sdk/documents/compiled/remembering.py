"""What is remembered of documents: little, as a hostile one has much that will never come again."""

from __future__ import annotations

from collections.abc import Sized
from typing import TypeVar

V = TypeVar("V")

MOST = 1_000
"""So many entries of one kind are kept."""

LONGEST = 250
"""So many characters a key may have to be kept."""


def is_worth_it(known: Sized, key: str) -> bool:
    """Whether something more is to be kept."""
    return len(known) < MOST and len(key) <= LONGEST


class Remembered(dict[str, V]):
    """A dict that takes no long keys, and no more than so many entries."""

    def __setitem__(self, key: str, value: V) -> None:
        if is_worth_it(self, key):
            super().__setitem__(key, value)
