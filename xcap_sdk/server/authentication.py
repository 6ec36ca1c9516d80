"""Who asks: HTTP Digest (RFC 7616: SHA-256 and MD5, qop=auth) and Basic (RFC 7617).

A nonce signs its own time of issue, so the server keeps no list of those it gave out; of those that were used
it remembers the counts (nc), so that a recorded request cannot be sent again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias
from urllib.parse import unquote

Scheme: TypeAlias = Literal["digest", "basic"]

_HASHES: Final[Mapping[str, str]] = {"SHA-256": "sha256", "MD5": "md5"}
_PARAMETER: Final = re.compile(
    r'\s*([!#$%&\'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))\s*(?:,|$)', re.ASCII
)
_MAX_NONCES: Final = 4096
_MAX_COUNTS: Final = 4096


@dataclass(frozen=True, slots=True)
class Refusal:
    """Credentials that are missing or wrong.

    Attributes:
        reason: Why, for the log and the reply; it never says which part was wrong.
        stale: Whether only the nonce is too old: the client may try again without asking its user.
    """

    reason: str
    stale: bool = False


class Nonces:
    """Nonces that carry their own proof: time, randomness and a MAC over both.

    Args:
        lifetime: Seconds a nonce is good for.
        clock: The time in seconds.
    """

    def __init__(self, lifetime: float, clock: Callable[[], float]) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._used: dict[str, set[int]] = {}
        self._forgotten_until = 0.0

    def issue(self) -> str:
        """A new nonce."""
        head = struct.pack(">d", self._clock()) + secrets.token_bytes(8)
        return base64.urlsafe_b64encode(head + self._mac(head)).decode()

    def check(self, nonce: str) -> Literal["good", "stale", "foreign"]:
        """Whether it is one of ours and still good."""
        issued = self._issued(nonce)
        if issued is None:
            return "foreign"
        fresh = self._forgotten_until < issued and self._clock() - issued <= self._lifetime
        return "good" if fresh else "stale"

    def spend(self, nonce: str, count: int) -> bool:
        """Note that a nonce was used with this count; False if it was before, or too often."""
        with self._lock:
            counts = self._used.get(nonce)
            if counts is None:
                self._make_room()
                counts = self._used[nonce] = set()
            if count in counts or len(counts) >= _MAX_COUNTS:
                return False
            counts.add(count)
            return True

    def _make_room(self) -> None:
        """Forget the oldest half when there are too many; what is forgotten counts as stale from then on."""
        if len(self._used) < _MAX_NONCES:
            return
        oldest = sorted(self._used, key=lambda nonce: self._issued(nonce) or 0.0)[: _MAX_NONCES // 2]
        self._forgotten_until = max(self._forgotten_until, self._issued(oldest[-1]) or 0.0)
        for nonce in oldest:
            del self._used[nonce]

    def _mac(self, head: bytes) -> bytes:
        return hmac.digest(self._secret, head, "sha256")[:16]

    def _issued(self, nonce: str) -> float | None:
        try:
            raw = base64.b64decode(nonce, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        head, mac = raw[:16], raw[16:]
        if not hmac.compare_digest(mac, self._mac(head)):
            return None
        (issued,) = struct.unpack_from(">d", head)
        return issued


class Authenticator:
    """Checks credentials against a table of user names and passwords.

    Args:
        passwords: User name to password.
        realm: What the challenge calls itself.
        schemes: What is offered. Basic shows the password to whoever can listen: RFC 4825 §14 forbids it
            without TLS, so it is only there when asked for.
        nonce_lifetime: Seconds until a client must take a new nonce; it does so by itself.
        clock: The time in seconds, for tests.
    """

    def __init__(
        self,
        passwords: Mapping[str, str],
        *,
        realm: str = "xcap",
        schemes: Collection[Scheme] = ("digest",),
        nonce_lifetime: float = 300.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if not schemes or not set(schemes) <= {"digest", "basic"}:
            raise ValueError(f"schemes are digest and basic, not {', '.join(schemes) or 'none'}")
        if any(":" in name or not name for name in passwords):
            raise ValueError("a user name is not empty and holds no colon (RFC 7617 §2)")
        if not re.fullmatch(r"[ !#-\[\]-~]*", realm):
            raise ValueError(f"a realm is ASCII without quotation marks, backslashes, line breaks: {realm!r}")
        self.realm = realm
        self._schemes = tuple(schemes)
        self._nonces = Nonces(nonce_lifetime, clock)
        # A password for names that do not exist, so that both take the same time.
        self._decoy = secrets.token_urlsafe()
        self._passwords = dict(passwords)

    def challenges(self, *, stale: bool = False) -> list[str]:
        """The values of WWW-Authenticate, the best scheme first."""
        values: list[str] = []
        if "digest" in self._schemes:
            nonce = self._nonces.issue()
            mark = ", stale=true" if stale else ""
            values = [
                f'Digest realm="{self.realm}", nonce="{nonce}", algorithm={algorithm}, qop="auth", '
                f"charset=UTF-8{mark}"
                for algorithm in _HASHES
            ]
        if "basic" in self._schemes:
            values.append(f'Basic realm="{self.realm}", charset="UTF-8"')
        return values

    def authenticate(self, authorization: str | None, method: str, target: str) -> str | Refusal:
        """Find out who asks.

        Args:
            authorization: The value of the Authorization header, if there is one.
            method: The request's method.
            target: The request target as received, with its query.

        Returns:
            The user name, or why not.
        """
        scheme, _, rest = (authorization or "").strip().partition(" ")
        scheme = scheme.lower()
        if scheme not in self._schemes:
            return Refusal("no credentials of a scheme that is offered here")
        return self._basic(rest.strip()) if scheme == "basic" else self._digest(rest, method, target)

    def _basic(self, token: str) -> str | Refusal:
        try:
            name, colon, password = base64.b64decode(token, validate=True).decode().partition(":")
        except ValueError:
            return Refusal("unreadable Basic credentials")
        expected = self._passwords.get(name, self._decoy)
        right = hmac.compare_digest(password.encode(), expected.encode())
        return name if right and colon and name in self._passwords else Refusal("wrong user name or password")

    def _digest(self, rest: str, method: str, target: str) -> str | Refusal:
        given = _parameters(rest)
        algorithm = (given or {}).get("algorithm", "MD5").upper()
        if given is None or algorithm not in _HASHES or given.get("qop") != "auth":
            return Refusal("unreadable Digest credentials, or another algorithm or qop than offered")
        name, nonce, count = _user(given), given.get("nonce", ""), given.get("nc", "")
        if given.get("realm") != self.realm or not _same_target(given.get("uri", ""), target):
            return Refusal("Digest credentials for another realm or another URI")
        state = self._nonces.check(nonce)
        if state == "foreign" or not re.fullmatch(r"[0-9a-fA-F]{8}", count):
            return Refusal("a nonce that was not issued here, or no count")

        def digest(*parts: str) -> str:
            return hashlib.new(
                _HASHES[algorithm], ":".join(parts).encode(), usedforsecurity=False
            ).hexdigest()

        secret = digest(name, self.realm, self._passwords.get(name, self._decoy))
        asked = digest(method, given["uri"])
        expected = digest(secret, nonce, count, given.get("cnonce", ""), "auth", asked)
        right = hmac.compare_digest(expected.encode(), given.get("response", "").lower().encode())
        if not right or name not in self._passwords:
            return Refusal("wrong user name or password")
        if state == "stale" or not self._nonces.spend(nonce, int(count, 16)):
            return Refusal("the nonce is too old, or its count was used before", stale=True)
        return name


def _user(given: Mapping[str, str]) -> str:
    """The user name: in UTF-8 as it is, or percent-encoded in ``username*`` (RFC 7616 §3.4, RFC 8187)."""
    extended = given.get("username*")
    try:
        if extended is None:
            # Header fields come with a character for each byte.
            return given.get("username", "").encode("latin-1").decode()
        charset, _, encoded = extended.split("'", 2)
        return unquote(encoded, errors="strict") if charset.upper() == "UTF-8" else ""
    except ValueError:
        return ""


def _parameters(text: str) -> dict[str, str] | None:
    """The parameters of an Authorization header; None if it cannot be read or names one twice."""
    found: dict[str, str] = {}
    at = 0
    text = text.strip()
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if match is None or match[1].lower() in found:
            return None
        found[match[1].lower()] = match[3] if match[2] is None else re.sub(r"\\(.)", r"\1", match[2])
        at = match.end()
    return found


def _same_target(uri: str, target: str) -> bool:
    """Whether the URI that was signed is the one asked for; it may be absolute (RFC 7616 §3.4.6)."""
    return uri == target or re.sub(r"^https?://[^/?#]*", "", uri, flags=re.IGNORECASE) == target
