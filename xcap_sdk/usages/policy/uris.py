"""Whether two URIs name the same user, and of which domain one is."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from encodings import idna
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from xcap_sdk.protocol.uris import sip_parts, split_host

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490 §3.1
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_RESERVED = frozenset(";/?:@&=+$,")  # RFC 3261 §25.1
_SEPARATORS = str.maketrans("", "", "-.()")  # RFC 3966 §5.1
_DECISIVE = frozenset({"user", "ttl", "method", "maddr", "transport"})
_AT_A_DOMAIN = frozenset({"sip", "sips", "pres", "im", "mailto", "xmpp", "acct"})


def same_user(one: str, other: str) -> bool:
    """Whether two URIs name the same user.

    sip and sips URIs are compared as RFC 3261 §19.1.4 says, tel URIs as RFC 3966 §5, the others of
    the form ``scheme:user@domain`` by user (letter by letter) and domain (whatever the case); any others
    letter by letter but for their schemes. URIs of different schemes never name the same user
    (RFC 5025 §3.1.1.2).

    Args:
        one: A URI.
        other: Another one.
    """
    return one == other or (bucket(one) == bucket(other) and _agree(one, other))


def said(text: object) -> str:
    """A text of a document; empty where the document lacks it, which was read as None."""
    return text if isinstance(text, str) else ""


class Users:
    """A set of users by their URIs, compared as `same_user` does.

    Args:
        uris: Their URIs.
    """

    def __init__(self, uris: Iterable[str] = ()) -> None:
        self._buckets: dict[object, list[str]] = {}
        for uri in uris:
            self.add(uri)

    def __contains__(self, uri: str) -> bool:
        return any(same_user(uri, each) for each in self._buckets.get(bucket(uri), ()))

    def add(self, uri: str) -> None:
        """Add a URI; the same user may have several."""
        same = self._buckets.setdefault(bucket(uri), [])
        if uri not in same:
            same.append(uri)

    def uris_of(self, uri: str) -> list[str]:
        """All URIs of a user."""
        return [each for each in self._buckets.get(bucket(uri), ()) if same_user(uri, each)]


@lru_cache(maxsize=10_000)
def bucket(uri: str) -> object:
    """What all URIs of the same user have in common; a few of others have it, too."""
    parts = _split(uri)
    if parts is None:
        return uri
    scheme, rest = parts
    if scheme in {"sip", "sips"}:
        sip = _sip(rest)
        if sip is None:
            return uri
        decisive = tuple(sorted(each for each in sip.parameters.items() if each[0] in _DECISIVE))
        return scheme, sip.user, sip.host, sip.port, decisive, sip.headers
    if scheme == "tel":
        return scheme, _tel(rest)
    return scheme, _address(rest) if scheme in _AT_A_DOMAIN else rest


def _agree(one: str, other: str) -> bool:
    """Whether two URIs of one bucket agree in the parameters that they share (RFC 3261 §19.1.4)."""
    parts, others = _split(one), _split(other)
    sip = _sip(parts[1]) if parts and parts[0] in {"sip", "sips"} else None
    other_sip = _sip(others[1]) if others and others[0] in {"sip", "sips"} else None
    if sip is None or other_sip is None:
        return True
    return all(other_sip.parameters.get(name, value) == value for name, value in sip.parameters.items())


@lru_cache(maxsize=10_000)
def domain_of(uri: str) -> str | None:
    """The domain that a user's URI is of; None for URIs that have none, such as tel URIs."""
    parts = _split(uri)
    if parts is None:
        return None
    scheme, rest = parts
    if scheme in {"sip", "sips"}:
        sip = _sip(rest)
        return sip.host if sip else None
    if scheme in _AT_A_DOMAIN:
        return _address(rest)[1] or None
    if rest.startswith("//"):
        authority = re.split("[/?#]", rest[2:], maxsplit=1)[0]
        found = split_host(authority.rpartition("@")[2])
        return _host(found[0]) if found else None
    return None


def same_domain(one: str, other: str) -> bool:
    """Whether two names are the same domain (RFC 4745 §7.1.3).

    Percent-encoding is decoded and internationalised labels are made ASCII (RFC 3490 ToASCII) before the
    labels are compared. What cannot be made ASCII is the same as nothing, not even itself.
    """
    labels = ascii_labels(one)
    return labels is not None and labels == ascii_labels(other)


@lru_cache(maxsize=1_000)
def ascii_labels(domain: str) -> tuple[str, ...] | None:
    """The labels of a domain, in ASCII and lower case; None if one cannot be made ASCII."""
    try:
        labels = _DOTS.split(unquote(domain, errors="strict"))
        return tuple(idna.ToASCII(label).decode("ascii").lower() for label in labels)
    except UnicodeError:
        return None


class _Sip(NamedTuple):
    """The parts of a sip URI, as they are compared."""

    user: str
    host: str
    port: str
    parameters: dict[str, str]
    headers: tuple[tuple[str, str], ...]


def _split(uri: str) -> tuple[str, str] | None:
    found = _SCHEME.fullmatch(uri.strip())
    return None if found is None else (found[1].lower(), found[2])


def _sip(rest: str) -> _Sip | None:
    parts = sip_parts(rest)
    if parts is None:
        return None
    named = (each.partition("=")[::2] for each in parts.parameters)
    headers = (each.partition("=")[::2] for each in parts.headers.split("&") if each)
    return _Sip(
        user=_decoded(parts.user),
        host=_host(parts.host),
        port=parts.port,
        parameters={_decoded(name).lower(): _decoded(value).lower() for name, value in named},
        headers=tuple(sorted((_decoded(name).lower(), _decoded(value)) for name, value in headers)),
    )


def _host(host: str) -> str:
    if host.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1])}]"
        except ValueError:
            return host.lower()
    return unquote(host).lower()


def _address(rest: str) -> tuple[str, str]:
    """The user, letter by letter, and the domain of ``user@domain``."""
    user, _, domain = rest.partition("?")[0].rpartition("@")
    return unquote(user), unquote(re.split("[;/]", domain, maxsplit=1)[0]).lower()


def _tel(rest: str) -> tuple[str, frozenset[tuple[str, str]]]:
    number, *parameters = rest.lower().split(";")
    named = (each.partition("=")[::2] for each in parameters)
    return number.translate(_SEPARATORS), frozenset(
        (name, value.translate(_SEPARATORS) if value.startswith("+") else value) for name, value in named
    )


def _decoded(text: str) -> str:
    """Characters that need no encoding are the same with it; reserved ones are not (RFC 3261 §19.1.4)."""

    def plain(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        needed = character in _RESERVED or not "!" <= character <= "~" or character == "%"
        return found[0].upper() if needed else character

    return _ENCODED.sub(plain, text)
