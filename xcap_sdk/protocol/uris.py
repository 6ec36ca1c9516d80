"""One spelling for the URIs that mean the same (RFC 4826 §5 for SIP, §3.4.7 for HTTP).

XCAP compares keys letter by letter, and so do the views: ``sip:bob@EXAMPLE.org`` and ``sip:bob@example.org``
are two entries. The SDK changes no URI by itself: who wants one spelling asks for it, before adding or
looking up.
"""

from __future__ import annotations

import re
import string
from typing import NamedTuple

from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.wording import shown

_UNRESERVED = string.ascii_letters + string.digits + "-_.~"
_SIP_UNRESERVED = string.ascii_letters + string.digits + "-_.!~*'()"
_USER = _SIP_UNRESERVED + "&=+$,;?/"
_PASSWORD = _SIP_UNRESERVED + "&=+$,"
_PARAMETER = _SIP_UNRESERVED + "[]/:&+$"
_SEGMENT = _UNRESERVED + "!$&'()*+,;=:@"
_QUERY = _SEGMENT + "/?"
_HOST = string.ascii_letters + string.digits + "-."
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_BROKEN = re.compile(r"\s|%(?![0-9A-Fa-f]{2})")
_OCTET = re.compile(r"%[0-9a-f]{2}")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_PARTS = re.compile(
    r"(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?P<query>(?:\?[^#]*)?)(?P<fragment>.*)", re.DOTALL
)
_PORTS = {"http": "80", "https": "443"}


def canonical_uri(uri: str) -> str:
    """A URI in the spelling that RFC 4826 asks clients to agree on.

    For ``sip`` and ``sips`` (§5): scheme, domain and parameters in lower case, nothing percent-encoded that
    need not be, parameters in the order of their names, header parameters left out. For ``http`` and
    ``https`` (§3.4.7): scheme and host in lower case, the default port left out, nothing percent-encoded that
    need not be. URIs of other schemes stay as they are.

        canonical_uri("SIP:%6aoe@Example.ORG;user=Phone;lr?subject=hi")  # 'sip:joe@example.org;lr;user=phone'

    Args:
        uri: An absolute URI.

    Returns:
        The URI in its canonical spelling; that of a canonical URI is itself.

    Raises:
        InvalidInput: It is no URI of its scheme: without a host, with a port that is no number, with white
            space in it, or with a ``%`` before anything but two hexadecimal digits.
    """
    scheme, colon, rest = uri.partition(":")
    scheme = scheme.lower()
    if scheme in {"sip", "sips"} and colon:
        canonical = _sip(rest)
    elif scheme in _PORTS and rest.startswith("//"):
        canonical = _http(_PORTS[scheme], rest[2:])
    else:
        return uri
    if canonical is None or _BROKEN.search(uri):
        raise InvalidInput(f"{shown(uri)} is no {scheme} URI")
    return f"{scheme}:{canonical}"


class SipParts(NamedTuple):
    """What follows ``sip:`` or ``sips:`` (RFC 3261 §19.1.1), each part as it is written."""

    user: str
    """With the password, and without the ``@``; empty if there is none."""

    host: str
    port: str
    parameters: tuple[str, ...]
    """The text of each, empty ones left out."""

    headers: str


def sip_parts(rest: str) -> SipParts | None:
    """The parts of what follows the scheme of a SIP URI; None if it is none.

    A user may hold ``;`` and ``?``, and nothing else may hold ``@`` (RFC 3261 §25.1).
    """
    user, at, place = rest.rpartition("@")
    where, _, headers = place.partition("?")
    found, *parameters = where.split(";")
    host_and_port = split_host(found)
    if host_and_port is None or "@" in user or (at and not user):
        return None
    return SipParts(user, *host_and_port, tuple(filter(None, parameters)), headers)


def split_host(text: str) -> tuple[str, str] | None:
    """Host and port, which is empty if there is none; None if it is no ``host:port``."""
    found = _HOST_AND_PORT.fullmatch(text)
    return (found["host"], found["port"] or "") if found and found["host"] else None


def _sip(rest: str) -> str | None:
    parts = sip_parts(rest)
    if parts is None:
        return None
    user, colon, password = parts.user.partition(":")
    start = f"{_plain(user, _USER)}{colon}{_plain(password, _PASSWORD)}@" if parts.user else ""
    port = parts.port and f":{parts.port}"
    named = [_lower(parameter, _PARAMETER) for parameter in parts.parameters]
    named.sort(key=lambda parameter: parameter.partition("=")[0])
    return ";".join([f"{start}{_lower(parts.host, _HOST)}{port}", *named])


def _http(default: str, rest: str) -> str | None:
    """host:port/path?query#fragment (RFC 3986 §3)."""
    parts = _PARTS.fullmatch(rest)
    assert parts is not None, "it fits everything"
    user, at, where = parts["authority"].rpartition("@")
    found = split_host(where)
    if found is None:
        return None
    host, port = _lower(found[0], _HOST), "" if found[1] in {"", default} else f":{found[1]}"
    path, query = _plain(parts["path"], _SEGMENT), _plain(parts["query"], _QUERY)
    return f"//{user}{at}{host}{port}{path}{query}{_plain(parts['fragment'], _QUERY)}"


def _plain(text: str, allowed: str) -> str:
    """The text without the percent-encoding of characters that are allowed; the rest of it in upper case."""

    def decoded(octet: re.Match[str]) -> str:
        character = chr(int(octet[1], 16))
        return character if character in allowed else octet[0].upper()

    return _ENCODED.sub(decoded, text)


def _lower(text: str, allowed: str) -> str:
    """The same in lower case, but for the percent-encoding."""
    return _OCTET.sub(lambda octet: octet[0].upper(), _plain(text, allowed).lower())
