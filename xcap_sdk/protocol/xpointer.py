"""The query of an XCAP URI (RFC 4825 §6.4): an XPointer expression, of which XCAP uses the ``xmlns()`` parts.

All of this is about the decoded form; percent-encoding comes on top (`xcap_sdk.protocol.percent`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from xcap_sdk.protocol.xmltext import NCNAME, QNAME, Expression, forbidden_character

RESERVED_PREFIXES = frozenset({"xml", "xmlns"})
"""The prefixes that Namespaces in XML binds itself, and that nothing can bind otherwise."""

_SPACE = " \t\r\n"
_SCHEME = Expression(rf"[{_SPACE}]*({QNAME.pattern})\(")
_BINDING = Expression(rf"({NCNAME.pattern})[{_SPACE}]*=[{_SPACE}]*([^{_SPACE}]+)")
_TO_ESCAPE = re.compile(r"(?=[()^])")
_ESCAPED = re.compile(r"\^([()^])")


def is_bindable(prefix: str, uri: str) -> bool:
    """Whether a prefix can be bound to a URI by an ``xmlns()`` part.

    Args:
        prefix: The prefix.
        uri: The namespace URI.

    Returns:
        False for a prefix that is no name or reserved, and for a URI that is empty or holds white space or
        characters that XML forbids.
    """
    return (
        NCNAME.fullmatch(prefix) is not None
        and prefix not in RESERVED_PREFIXES
        and bool(uri)
        and not any(character in _SPACE for character in uri)
        and forbidden_character(uri) is None
    )


def format_bindings(bindings: Iterable[tuple[str, str]]) -> str:
    """Write bindings as ``xmlns()`` parts.

    Circumflexes and parentheses in URIs are escaped with a circumflex, as the XPointer Framework has it.

    Args:
        bindings: Prefixes and namespace URIs.

    Returns:
        The expression, not percent-encoded; empty for no bindings.
    """
    return "".join(f"xmlns({prefix}={_TO_ESCAPE.sub(r'^', uri)})" for prefix, uri in bindings)


def split_parts(text: str) -> tuple[list[tuple[str, str]], int]:
    """Split an expression into its parts.

    Args:
        text: The expression, not percent-encoded.

    Returns:
        The parts as scheme and data (circumflexes still in), and where in the text reading had to stop: its
        length if all of it are parts.
    """
    parts: list[tuple[str, str]] = []
    position = 0
    while scheme := _SCHEME.match(text, position):
        end = _closing_parenthesis(text, scheme.end())
        if end is None:
            return parts, position
        parts.append((scheme[1], text[scheme.end() : end]))
        position = end + 1
    return parts, len(text) if not text[position:].strip(_SPACE) else position


def read_binding(data: str) -> tuple[str, str] | None:
    """Read the data of one ``xmlns()`` part.

    Args:
        data: What stands in the parentheses.

    Returns:
        Prefix and namespace URI; None where the data binds nothing: broken syntax or a reserved prefix.
    """
    match = _BINDING.fullmatch(data)
    if match is None or "^" in _ESCAPED.sub("", match[2]):
        return None
    prefix, uri = match[1], _ESCAPED.sub(r"\1", match[2])
    return (prefix, uri) if is_bindable(prefix, uri) else None


def read_bindings(text: str) -> dict[str, str]:
    """Read the bindings as a server does: what it does not know, it ignores.

    Parts of other schemes are skipped, parts with broken data bind nothing, the later of two bindings of a
    prefix wins, and reading ends at what is no part at all.

    Args:
        text: The query, not percent-encoded.

    Returns:
        Namespace URIs by prefix.
    """
    parts, _ = split_parts(text)
    found = (read_binding(data) for scheme, data in parts if scheme == "xmlns")
    return dict(binding for binding in found if binding)


def _closing_parenthesis(text: str, position: int) -> int | None:
    depth = 1
    while position < len(text):
        match text[position]:
            case "^":
                position += 1
            case "(":
                depth += 1
            case ")":
                depth -= 1
                if depth == 0:
                    return position
            case _:
                pass
        position += 1
    return None
