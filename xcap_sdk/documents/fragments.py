"""Pieces of documents as text: escaping, and elements read in the namespaces of their place."""

from __future__ import annotations

from collections.abc import Mapping

from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import InvalidInput, NotWellFormed
from xcap_sdk.protocol.xmltext import forbidden_character

Scope = Mapping[str | None, str]
"""Namespace URIs by prefix; the default namespace under None, and not there if there is none."""

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})
_QUOTES = {'"': "&quot;", "'": "&apos;"}


def escape_text(text: str, encoding: str = "utf-8") -> str:
    """Write text between tags; what the encoding cannot hold becomes a character reference.

    Raises:
        InvalidInput: The text has a character that no XML document can hold.
    """
    return _referenced(_allowed(text).translate(_TEXT), encoding)


def quote_attribute(value: str, quote: str = '"', encoding: str = "utf-8") -> str:
    """Write an attribute value with its quotes; what the encoding cannot hold becomes a character reference.

    Raises:
        InvalidInput: The value has a character that no XML document can hold.
    """
    escaped = _allowed(value).translate(_VALUE).replace(quote, _QUOTES[quote])
    return f"{quote}{_referenced(escaped, encoding)}{quote}"


def _allowed(text: str) -> str:
    position = forbidden_character(text)
    if position is not None:
        raise InvalidInput(
            f"no XML document can hold {text[position]!r}, character {position + 1} of {text!r:.200}"
        )
    return text


def _referenced(text: str, encoding: str) -> str:
    if text.isascii() or encoding.startswith("utf"):
        return text
    return text.encode(encoding, "xmlcharrefreplace").decode(encoding)


def parse_fragment(body: bytes, namespaces: Scope, limits: Limits | None = None) -> Element:
    """Parse one element in the namespaces of the place that it came from or goes to (RFC 4825 §8.2.2, §8.3).

    Args:
        body: The element in UTF-8, exactly from the ``<`` of its start tag to its last ``>``.
        namespaces: The namespaces in scope there; the element's own declarations win.
        limits: How much it may take; None for the limits in force.

    Returns:
        The element; it has a parent, which holds the namespaces.

    Raises:
        NotWellFormed: It is not exactly one element, or uses a prefix that is bound nowhere.
        ForbiddenXml: It takes more than the limits allow.
    """
    opening = f"<place{declarations(namespaces)}>".encode()
    source = Source.parse(b"".join((opening, body, b"</place>")), limits)
    children = list(source.root)
    if len(children) != 1 or not isinstance(children[0].tag, str):
        raise NotWellFormed("expected exactly one element")
    if source.span(children[0]) != (len(opening), len(opening) + len(body)):
        raise NotWellFormed("expected an element from its first '<' to its last '>', and nothing around it")
    return children[0]


def declarations(namespaces: Scope) -> str:
    """Namespace declarations as they stand in a start tag, a space before each; an empty URI undeclares."""
    names = ((f"xmlns:{prefix}" if prefix else "xmlns", uri) for prefix, uri in namespaces.items())
    return "".join(f" {name}={quote_attribute(uri)}" for name, uri in names)
