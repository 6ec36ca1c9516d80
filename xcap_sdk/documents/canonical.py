"""Whether two documents say the same, whatever their bytes (Canonical XML with comments; RFC 4825 §2)."""

from __future__ import annotations

from lxml import etree

from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import DocumentError


def same_document(one: bytes, other: bytes) -> bool:
    """Compare two documents.

    Args:
        one: A document.
        other: Another one.

    Returns:
        True if their bytes or their canonical forms are equal; of documents that cannot be read, the bytes.
    """
    if one == other:
        return True
    try:
        return _canonical(one) == _canonical(other)
    except (DocumentError, etree.C14NError):  # relative namespace names have no canonical form
        return False


def _canonical(data: bytes) -> bytes:
    return etree.tostring(parse_xml(data), method="c14n", with_comments=True)
