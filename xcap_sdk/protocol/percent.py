"""Percent-encoding of path segments and queries (RFC 3986; RFC 4825 §6.3: UTF-8 first, then the octets)."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

# What pchar (RFC 3986 §3.3) has beyond the unreserved characters, which quote() always keeps.
_PCHAR = "!$&'()*+,;=:@"
_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


class MalformedEncodingError(ValueError):
    """A ``%`` without two hexadecimal digits, or octets that are no UTF-8."""


def encode_segment(text: str) -> str:
    """Encode text as one path segment.

    Everything but pchar is encoded, ``/`` included, with upper-case digits. ``.`` and ``..`` stay:
    whoever builds paths has to refuse them, for no encoding keeps them from being taken for navigation.

    Args:
        text: The decoded segment.

    Returns:
        The segment as it goes over the wire.

    Raises:
        MalformedEncodingError: The text has lone surrogates, which have no UTF-8 form.
    """
    return _encode(text, _PCHAR)


def encode_query(text: str) -> str:
    """Encode text as a whole query component: as a segment, but ``/`` and ``?`` stay raw.

    Args:
        text: The decoded query, without its leading ``?``.

    Returns:
        The query as it goes over the wire.

    Raises:
        MalformedEncodingError: The text has lone surrogates, which have no UTF-8 form.
    """
    return _encode(text, _PCHAR + "/?")


def decode(text: str) -> str:
    """Decode a segment or query from the wire.

    Characters that should have been encoded are taken as they are; ``+`` is a plus. Octets that reached us
    undecoded as surrogate escapes are read as the octets they stand for.

    Args:
        text: What came over the wire.

    Returns:
        The text behind it.

    Raises:
        MalformedEncodingError: A ``%`` without two hexadecimal digits, or octets that are no UTF-8.
    """
    if broken := _BROKEN.search(text):
        found = text[broken.start() : broken.start() + 3]
        raise MalformedEncodingError(
            f"{found!r} at character {broken.start() + 1} is no percent-encoded octet"
        )
    try:
        return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8")
    except UnicodeError as error:
        raise MalformedEncodingError(f"the octets are no UTF-8: {error}") from error


@lru_cache(maxsize=512)  # a save asks for the URIs of its document and its nodes again and again
def _encode(text: str, safe: str) -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError as error:
        raise MalformedEncodingError(
            f"character {error.start + 1} is a lone surrogate, which has no UTF-8"
        ) from error
