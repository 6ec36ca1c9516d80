"""What node selectors and attribute bodies borrow from XML 1.0: names, characters, attribute values."""

from __future__ import annotations

import re
from functools import cached_property

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/"

BLANK = " \t\r\n"
"""What XML takes for white space."""

_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NCNAME = f"[{_START}][{_START}\\-.0-9\xb7\u0300-\u036f\u203f-\u2040]*"


class Expression:
    """A regular expression that is compiled when it is first used.

    One with the characters of XML names takes several milliseconds for each time that it has them, which an
    import is not to cost.

    Args:
        pattern: The expression.

    Attributes:
        pattern: The expression.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def match(self, text: str, position: int = 0) -> re.Match[str] | None:
        """What matches at a position; None if nothing does."""
        return self._compiled.match(text, position)

    def search(self, text: str) -> re.Match[str] | None:
        """What matches first, wherever it is; None if nothing does."""
        return self._compiled.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """What matches all of a text; None if it does not match."""
        return self._compiled.fullmatch(text)


NCNAME = Expression(_NCNAME)
"""A name without colon (Namespaces in XML 1.0, production 4)."""

QNAME = Expression(f"{_NCNAME}(?::{_NCNAME})?")
"""A name with or without prefix (production 7)."""

_FORBIDDEN = Expression("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]+)|#x([0-9A-Fa-f]+));|[&<]|\r\n|[\t\n\r]")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
# White space but the space is written as references: raw, every XML processor would make spaces of it.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})


class MalformedValueError(ValueError):
    """Text that is no attribute value of XML.

    Attributes:
        position: Where in the text, from 0.
        expected: What should be there.
    """

    def __init__(self, position: int, expected: str) -> None:
        super().__init__(f"character {position + 1}: expected {expected}")
        self.position = position
        self.expected = expected


def forbidden_character(text: str) -> int | None:
    """Where the first character is that no XML document can hold, not even by reference.

    Args:
        text: Any text.

    Returns:
        Its position from 0; None if XML can hold all of the text.
    """
    found = _FORBIDDEN.search(text)
    return found.start() if found else None


def quote_value(value: str) -> str:
    """Write a value as AttValue: in quotation marks, with what must be escaped escaped.

    Quotation marks are the delimiter unless the value holds some and no apostrophe: servers that know no XML
    escaping in selectors then understand it too. Tabs and line ends become references, else they would be
    read as spaces.

    Args:
        value: The value itself; only characters that XML allows.

    Returns:
        The AttValue, delimiters included.
    """
    delimiter = "'" if '"' in value and "'" not in value else '"'
    return f"{delimiter}{escape_value(value, delimiter)}{delimiter}"


def escape_value(value: str, delimiter: str) -> str:
    """Write a value as it stands between delimiters of an AttValue.

    Args:
        value: The value itself; only characters that XML allows.
        delimiter: A quotation mark or an apostrophe.

    Returns:
        The value with what must be escaped escaped.
    """
    return value.translate(_ESCAPES).replace(delimiter, "&quot;" if delimiter == '"' else "&apos;")


def unescape_value(text: str) -> str:
    """Read what stands between the delimiters of an AttValue.

    References are resolved and raw tabs and line ends become spaces, as in every XML processor.

    Args:
        text: The content, without delimiters.

    Returns:
        The value itself.

    Raises:
        MalformedValueError: A raw ``<`` or ``&``, an unknown entity, or a character that XML forbids.
    """
    position = forbidden_character(text)
    if position is not None:
        raise MalformedValueError(position, "a character that XML allows")
    return _SPECIAL.sub(_resolve, text)


def _resolve(match: re.Match[str]) -> str:
    entity, decimal, hexadecimal = match.groups()
    if entity:
        return _ENTITIES[entity]
    if decimal or hexadecimal:
        # More digits than any code point has, zeros aside: int() would refuse really long ones by itself.
        digits = (decimal or hexadecimal).lstrip("0")
        code = int(digits or "0", 10 if decimal else 16) if len(digits) <= 7 else -1
        if not 0 <= code <= 0x10FFFF or forbidden_character(chr(code)) is not None:
            raise MalformedValueError(match.start(), "a reference to a character that XML allows")
        return chr(code)
    if match[0] in "&<":
        raise MalformedValueError(match.start(), f"{'&amp;' if match[0] == '&' else '&lt;'} for {match[0]!r}")
    return " "
