"""Whether what names a user or a resource is a URI, as it has to be: with a scheme (RFC 3986 §3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xcap_sdk.errors import Problem

# What else may not be in a URI is the schema's matter (xs:anyURI), which lets white space around it be.
_URI = r"[A-Za-z][A-Za-z0-9+.\-]*+:\S++"
_is_uri = re.compile(rf"\s*+{_URI}\s*+").fullmatch
_are_uris = re.compile(rf"(?:{_URI}\n)*+").fullmatch


def no_uris(texts: Iterable[str | None]) -> list[tuple[int, str]]:
    """Those of some texts that are no URIs, with their positions.

    Args:
        texts: The texts; None for one that a document lacks, which is the schema's matter, too.
    """
    found = list(texts)
    known = [text for text in found if text is not None]
    lines = "\n".join([*known, ""])  # all at once, as one by one takes several times as long
    if lines.count("\n") == len(known) and _are_uris(lines):
        return []
    return [(number, text) for number, text in enumerate(found) if text is not None and not _is_uri(text)]


def told_of(place: str, text: str, section: str) -> Problem:
    """What is said of a text that is no URI.

    Args:
        place: Where it is.
        text: The text.
        section: Where it is written that it has to be one.
    """
    number = re.sub(r"[\s().\-/]", "", text)
    hint = "sip:user@example.org or tel:+4930123456"
    if re.fullmatch(r"\+?[0-9]+", number):
        hint = f"tel:{number}"
    elif re.fullmatch(r"[^\s:@]+@[^\s:@]+", text):
        hint = f"sip:{text}"
    return Problem(place, "uri", f"{text!r} is no URI: write it as {hint} ({section})")
