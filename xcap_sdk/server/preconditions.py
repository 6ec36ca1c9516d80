"""If-Match and If-None-Match (RFC 9110 §13.1, RFC 4825 §7.11 and §8.2.6), read and judged.

The tag that counts is always the document's: its elements and attributes share it (RFC 4825 §8.5). So
``If-None-Match: *`` on a node fails as soon as there is a document (§8.2.6).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_TAG: Final = re.compile(r'(?P<weak>W/)?(?P<tag>"[\x21\x23-\x7e\x80-\xff]*")')
_COMMA: Final = re.compile(r"[ \t]*(?:,[ \t]*)+")


class MalformedCondition(ValueError):
    """A conditional header that holds no list of ETags: not to be guessed at, for a write hangs on it."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What a conditional header names.

    Attributes:
        any: It says ``*``.
        strong: The strong tags, quotes included.
        weak: The opaque part of the weak tags, quotes included.
    """

    any: bool = False
    strong: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()


def parse_tags(name: str, value: str) -> Tags:
    """Read the value of a conditional header.

    Args:
        name: The header's name, for the message.
        value: ``*``, or ETags separated by commas.

    Raises:
        MalformedCondition: It is neither, such as a tag without its quotation marks.
    """
    text = value.strip(" \t")
    if text == "*":
        return Tags(any=True)
    strong: set[str] = set()
    weak: set[str] = set()
    at = gap.end() if (gap := _COMMA.match(text)) else 0
    while at < len(text):
        tag = _TAG.match(text, at)
        gap = _COMMA.match(text, tag.end()) if tag else None
        if tag is None or (gap is None and tag.end() < len(text)):
            raise MalformedCondition(
                f'{name}: {value!r} is no list of ETags: write {name}: "tag", with its quotes, or {name}: *'
            )
        (weak if tag["weak"] else strong).add(tag["tag"])
        at = gap.end() if gap else tag.end()
    if not strong and not weak:
        raise MalformedCondition(f"{name} is empty: give an ETag or *, or leave the header out")
    return Tags(False, frozenset(strong), frozenset(weak))


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The conditions of one request.

    Attributes:
        if_match: What If-Match names, if it is there.
        if_none_match: What If-None-Match names, if it is there.
    """

    if_match: Tags | None = None
    if_none_match: Tags | None = None

    @classmethod
    def parse(cls, headers: Mapping[str, str]) -> Preconditions:
        """Read them from the header fields, whose names are in lower case and whose repeats are joined.

        Raises:
            MalformedCondition: One of them cannot be read.
        """
        if_match = headers.get("if-match")
        if_none_match = headers.get("if-none-match")
        return cls(
            None if if_match is None else parse_tags("If-Match", if_match),
            None if if_none_match is None else parse_tags("If-None-Match", if_none_match),
        )

    def match_holds(self, etag: str | None) -> bool:
        """Whether If-Match allows going on: strongly compared, so a weak tag never fits (RFC 9110 §13.1.1).

        Args:
            etag: The document's strong tag; None if there is no document.
        """
        tags = self.if_match
        return tags is None or (etag is not None and (tags.any or etag in tags.strong))

    def none_match_holds(self, etag: str | None) -> bool:
        """Whether If-None-Match allows going on: weakly compared (RFC 9110 §13.1.2).

        Args:
            etag: The document's strong tag; None if there is no document.
        """
        tags = self.if_none_match
        return tags is None or etag is None or not (tags.any or etag in tags.strong or etag in tags.weak)
