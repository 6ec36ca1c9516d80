"""Changes one name in a reference and leaves the rest of it letter by letter as it is.

How a reference is spelt is its author's choice: which characters are percent-encoded, in which case, and what
delimits a name.
"""

from __future__ import annotations

import re

from xcap_sdk.protocol.percent import encode_segment
from xcap_sdk.protocol.xmltext import escape_value

_SEPARATOR = re.compile(r"(?:~|%7[Ee]){2}")
_UNIT = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_RAW = re.compile(r"""[\s"<>\\^`{|}\[\]]""")
_OCTET = re.compile(r"%[0-9A-Fa-f]{2}")


def respelled(reference: str, number: int, value: str) -> str:
    """Give the attribute test of one step another value.

    Args:
        reference: A reference that can be read: what an entry-ref, an external or a service says.
        number: Which step of its node selector, from 0; it has an attribute test.
        value: The new value, as it is.

    Returns:
        The reference: the delimiters, and what is before and behind them, as they were. The new value is
        percent-encoded as in a path, with lower-case digits if the others are. What may not stand raw in the
        selector of a URI, as brackets, is percent-encoded, too: nothing invalid is written.
    """
    path, question, query = reference.partition("?")
    segments = path.split("/")
    start = next(place for place, segment in enumerate(segments) if _SEPARATOR.fullmatch(segment.strip()))
    units = _UNIT.findall(segments[start + 1 + number])
    plain = [chr(int(unit[1:], 16)) if len(unit) == 3 else unit for unit in units]
    opening = plain.index("=") + 1  # no name has one, so it is that of the test
    closing = plain.index(plain[opening], opening + 1)
    inner = encode_segment(escape_value(value, plain[opening]))
    octets = "".join(_OCTET.findall(reference))
    if octets == octets.lower() != octets.upper():
        inner = _OCTET.sub(lambda octet: octet[0].lower(), inner)
    segments[start + 1 + number] = "".join([*units[: opening + 1], inner, *units[closing:]])
    before, selector = segments[: start + 1], "/".join(segments[start + 1 :]) + question + query
    selector, end = selector.rstrip(), selector[len(selector.rstrip()) :]
    return "/".join([*before, _RAW.sub(lambda raw: encode_segment(raw[0]), selector)]) + end
