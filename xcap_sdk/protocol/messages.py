"""What goes over the wire, as values that know no HTTP library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.wording import shown

XCAP_ELEMENT = "application/xcap-el+xml"
XCAP_ATTRIBUTE = "application/xcap-att+xml"
XCAP_NAMESPACES = "application/xcap-ns+xml"
XCAP_ERROR = "application/xcap-error+xml"

GATEWAY = frozenset({502, 503, 504})
"""The server cannot serve just now, or a gateway cannot reach it (RFC 9110 §15.6)."""

# Some servers leave the quotes out: one word without what would make it a list is taken too, but not "*".
_ETAG = re.compile(r"""(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"|(?!\*$)[\x21\x23-\x2b\x2d-\x7e\x80-\xff]+""")
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_NAME = re.compile(_WORD)
_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?")
_SECRET = {"set-cookie", "set-cookie2"}  # a session's cookie is as good as a password
_MEDIA_TYPE = rf"{_WORD}/{_WORD}(?:[ \t]*;[\t\x20-\x7e]*[\x21-\x7e])?"


def is_etag(text: str) -> bool:
    """Whether a text is one entity-tag (RFC 9110 §8.8.3), with or without its quotes; ``*`` is none."""
    return _ETAG.fullmatch(text) is not None


def check_field(name: object, value: object, *, ascii_only: bool = False) -> None:
    """See that a header field can be sent (RFC 9110 §5.5); its value may be a secret, and is never shown.

    Args:
        name: The field's name.
        value: Its value; characters stand for bytes.
        ascii_only: Whether it has to be ASCII, as there is nothing that says what other bytes would mean.

    Raises:
        InvalidInput: It has other characters, or white space at an end.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidInput(f"{shown(str(name))} is no name of a header field; nothing was sent")
    if not isinstance(value, str) or not _VALUE.fullmatch(value) or (ascii_only and not value.isascii()):
        raise InvalidInput(
            f"the value of the header field {name} cannot be sent: it has to be text of printable ASCII, "
            f"without line breaks, and without white space at its ends. Nothing was sent."
        )


def check_media_type(media_type: str) -> None:
    """See that a media type can be sent (RFC 9110 §8.3.1).

    Raises:
        InvalidInput: It is not ``type/subtype``, with or without parameters.
    """
    if not re.fullmatch(_MEDIA_TYPE, media_type):
        raise InvalidInput("the media type is not of the form type/subtype, in ASCII; nothing was sent")


class Headers(Mapping[str, str]):
    """Header fields by name, in any case; a field that comes several times is joined with commas.

    Args:
        fields: Names and values in the order sent.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        joined: dict[str, str] = {}
        for name, value in fields:
            key = name.lower()
            joined[key] = f"{joined[key]}, {value}" if key in joined else value
        self._fields = joined

    def __getitem__(self, name: str) -> str:
        return self._fields[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __repr__(self) -> str:
        shown = [(name, "…" if name in _SECRET else value) for name, value in self._fields.items()]
        return f"Headers({shown!r})"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        method: GET, HEAD, PUT or DELETE.
        uri: The absolute URI, fully percent-encoded: to be sent as it is.
        headers: Header fields, without those that the transport adds (Host, Content-Length, Authorization).
        body: The body's bytes; None for none.
    """

    method: str
    uri: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response.

    Attributes:
        status: The status code.
        headers: The header fields.
        body: The body's bytes, empty if there is none.
    """

    status: int
    headers: Headers = field(default_factory=Headers)
    body: bytes = field(default=b"", repr=False)

    @property
    def etag(self) -> str | None:
        """The ETag exactly as sent, quotes included; None where there is none.

        What is not exactly one entity-tag (RFC 9110 §8.8.3) counts as none, as a condition made of it would
        fit another version or any: ``*``, several tags, several fields.
        """
        text = self.headers.get("etag", "").strip(" \t")
        return text if is_etag(text) else None

    @property
    def retry_after(self) -> float | None:
        """Seconds after which to ask again (RFC 9110 §10.2.3); None where the server did not say.

        A date counts from the one that the server gave, as clocks differ.
        """
        value = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"[0-9]{1,9}", value):
            return float(value)
        try:
            then = parsedate_to_datetime(value)
            now = parsedate_to_datetime(self.headers.get("date", ""))
            return max(0.0, (then - now).total_seconds())
        except (ValueError, TypeError, OverflowError):  # no date, an absurd one, or only one with a time zone
            return None

    @property
    def media_type(self) -> str | None:
        """The Content-Type without its parameters, in lower case; None where there is none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() or None
