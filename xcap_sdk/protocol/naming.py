"""The names that a document's address is made of: AUIDs, users and document names (RFC 4825 §5.1, §6.2)."""

from __future__ import annotations

import re

from xcap_sdk.errors import InvalidAddress
from xcap_sdk.protocol.percent import MalformedEncodingError, decode, encode_segment
from xcap_sdk.protocol.wording import shown

_NAME = re.compile(r"(?:[A-Za-z0-9\-_~:@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_TOP = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = rf"{_TOP}(?:\.{_LABEL})*"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=.)")
# What RFC 3986 keeps out of every URI; beyond ASCII, IRIs are let in.
# Surrogates by themselves: a set of them and others takes long to compile.
_NOT_IN_URI = re.compile(r"[\x00-\x20\x7f-\xa0\"<>\\^`{|}\s]|[\ud800-\udfff]|%(?![0-9A-Fa-f]{2})")
_CONTROL = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]"


def application_id(text: str) -> str:
    """Check the id of an application usage, an AUID (§5.1).

    Args:
        text: ``resource-lists``, or a vendor's, ``org.openmobilealliance.pres-rules``; characters beyond its
            grammar percent-encoded.

    Returns:
        The AUID as it stands in URIs.

    Raises:
        InvalidAddress: It does not follow the grammar.
    """
    try:
        auid = encode_segment(decode(text)) if _is_auid(text) else ""
    except MalformedEncodingError as error:
        raise InvalidAddress(f"AUID {shown(text)}: {error}") from error
    if not _is_auid(auid) or auid == "~~":
        raise InvalidAddress(
            f"{shown(text)} is no AUID: expected a name such as 'resource-lists', "
            f"or a reversed domain with a name, 'com.example.bookmarks' (§5.1)"
        )
    return auid


def _is_auid(text: str) -> bool:
    domain, dot, name = text.rpartition(".")  # by itself, as its pattern takes long to compile
    return bool(_NAME.fullmatch(name) and (not dot or re.fullmatch(_DOMAIN, domain)))


def user_uri(text: str) -> str:
    """Check a user's id, an XUI: in SIP systems the address of record with its scheme (§6.2).

    Args:
        text: A URI with a scheme, ``sip:alice@example.org`` or ``tel:+15551234``.

    Returns:
        The same text: XUIs are compared as they are written.

    Raises:
        InvalidAddress: It is no URI with a scheme.
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - of users without a checker
        raise InvalidAddress(f"a user is text, a URI with a scheme, and not {type(text).__name__}")
    scheme = _SCHEME.match(text)
    if scheme is None:
        hint = f"; did you mean {shown(f'sip:{text}')}?" if "@" in text.strip("@") and ":" not in text else ""
        raise InvalidAddress(
            f"user {shown(text)} is no URI with a scheme, such as 'sip:alice@example.org'{hint}"
        )
    if found := _NOT_IN_URI.search(text):
        raise InvalidAddress(
            f"user {shown(text)} is no URI: {found[0]!r}, character {found.start() + 1}, "
            f"has to be percent-encoded"
        )
    return text


def document_name(text: str) -> str:
    """Check a document's name below a home directory or the global tree (§6.2).

    Args:
        text: ``index``, or with folders ``oma_status-icon/rcs_status_icon``; not percent-encoded.

    Returns:
        The same text.

    Raises:
        InvalidAddress: A segment is empty, ``.``, ``..`` or ``~~``, which no URI can name, or the name has
            control characters.
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - of users without a checker
        raise InvalidAddress(f"a document's name is text, and not {type(text).__name__}")
    for segment in text.split("/"):
        if segment in {"", ".", "..", "~~"}:
            raise InvalidAddress(
                f"document name {shown(text)}: {segment!r} cannot be the name of a document or folder"
            )
        if not segment.isprintable() and (found := re.search(_CONTROL, segment)):
            raise InvalidAddress(f"document name {shown(text)} has the control character {found[0]!r}")
    return text
