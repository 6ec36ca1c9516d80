"""Where the tags of a document are: found by counting, without a look at each of them if there are many.

In a document that the parser found well-formed, and that has no DTD, each ``<`` outside of comments,
instructions and CDATA sections begins a tag. So how many start tags are in a stretch of bytes is quickly
counted, and the n-th one is found in the stretch where that number is reached.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_HIDING = re.compile(rb"<(?:!--.*?--|\?.*?\?|!\[CDATA\[.*?\]\])>", re.DOTALL)
_START = re.compile(rb"""<(?!/)[^"'>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'>]*+)*+>""")
_STRETCH = 1024


class TagPlaces:
    """The tags of one document.

    Args:
        data: The document, with all markup in ASCII, a byte for each character.
    """

    def __init__(self, data: bytes) -> None:
        self._data = _HIDING.sub(lambda found: b" " * len(found[0]), data)
        self._counts = list(
            accumulate(_starts(self._data, at, at + _STRETCH) for at in range(0, len(data), _STRETCH))
        )

    @property
    def count(self) -> int:
        """How many start tags there are."""
        return self._counts[-1]

    def before(self, position: int) -> int:
        """How many start tags begin before a position."""
        stretch = position // _STRETCH
        counted = self._counts[stretch - 1] if stretch else 0
        return counted + _starts(self._data, stretch * _STRETCH, position)

    def start_tag(self, number: int) -> tuple[int, int]:
        """Where a start tag begins and where it has ended.

        Args:
            number: How many start tags stand before.
        """
        stretch = bisect_right(self._counts, number)
        data, position = self._data, stretch * _STRETCH - 1
        left = number - (self._counts[stretch - 1] if stretch else 0)
        while left >= 0:
            position = data.index(b"<", position + 1)
            left -= data[position + 1 : position + 2] != b"/"
        tag = _START.match(data, position)
        assert tag is not None, "a start tag ends"
        return tag.span()

    def start_tags(self) -> list[tuple[int, int]]:
        """Where each start tag begins and where it has ended.

        A look at each: in a short document this takes less than to find some of them by counting.
        """
        return [tag.span() for tag in _START.finditer(self._data)]

    def is_empty(self, end: int) -> bool:
        """Whether the tag that has ended at a position is all there is of its element."""
        return self._data[end - 2 : end - 1] == b"/"

    def end_tag(self, position: int, following: int) -> tuple[int, int]:
        """Where an end tag begins and where it has ended.

        Args:
            position: Where to begin.
            following: Which one it is, counted from 1.
        """
        for _ in range(following):
            position = self._data.index(b"</", position) + 1
        return position - 1, self._data.index(b">", position) + 1


def _starts(data: bytes, start: int, end: int) -> int:
    """How many start tags begin in a stretch; an end tag may lie across its end."""
    return data.count(b"<", start, end) - data.count(b"</", start, end + 1)
