"""Credentials: Digest and Basic as the server asks, and never to another origin than the XCAP root's."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from threading import Lock
from urllib.parse import quote
from urllib.request import parse_http_list

import httpx

from xcap_sdk.errors import InvalidInput

_HASHES = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?:\s+(?=\S)|\s*$)(.*)", re.DOTALL)
_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")
_UNSENDABLE = re.compile(r"[\0-\x08\x0a-\x1f\x7f]|[^\0-\xff]")
_ATTR_CHAR = "!#$&+-.^_`|~"  # RFC 8187 §3.2.1, beside letters and digits
_PARAMETER = re.compile(r"([A-Za-z0-9_-]+)\s*=\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a server asks for in a WWW-Authenticate header (RFC 9110 §11.6.1).

    Attributes:
        scheme: ``digest``, ``basic`` or another, in lower case.
        parameters: Its parameters by name in lower case, unquoted; characters stand for bytes, as a realm or
            nonce goes back as it came.
    """

    scheme: str
    parameters: dict[str, str]

    @property
    def algorithm(self) -> str:
        """The hash of a Digest challenge; MD5 if it names none (RFC 7616 §3.3)."""
        return self.parameters.get("algorithm", "MD5").upper()

    @property
    def strength(self) -> int:
        """How much it is preferred: Digest SHA-256, Digest MD5, Basic; 0 if it cannot be answered."""
        if self.scheme == "digest" and "nonce" in self.parameters and "realm" in self.parameters:
            if any(_UNSENDABLE.search(value) for value in self.parameters.values()):
                return 0
            qop = self.parameters.get("qop")
            if qop is None or "auth" in _tokens(qop):
                return {"SHA-256": 4, "SHA-256-SESS": 4, "MD5": 3, "MD5-SESS": 3}.get(self.algorithm, 0)
        return 1 if self.scheme == "basic" else 0


def challenges(headers: list[str]) -> list[Challenge]:
    """Read all WWW-Authenticate headers of a response; several challenges may share one.

    Args:
        headers: The header's values; characters stand for bytes.

    Returns:
        The challenges, in order.
    """
    found: list[Challenge] = []
    for part in (part for header in headers for part in parse_http_list(header)):
        parameter = _PARAMETER.fullmatch(part)
        if parameter is None and (scheme := _SCHEME.fullmatch(part)):
            found.append(Challenge(scheme[1].lower(), {}))
            parameter = _PARAMETER.fullmatch(scheme[2])
        if parameter and found:
            found[-1].parameters[parameter[1].lower()] = _unquoted(parameter[2].strip())
    return found


def digest_response(
    challenge: Challenge, username: str, password: str, method: str, uri: str, *, count: int, cnonce: str
) -> str:
    """The Authorization header that answers a Digest challenge (RFC 7616 §3.4).

    User name and password are hashed as UTF-8, which is what servers that say nothing of it mean, too. A user
    name that is not ASCII goes as ``username*`` to a server that offers ``charset=UTF-8`` (§3.4, §4), to
    others as UTF-8 in the old parameter.

    Args:
        challenge: What the server asked for.
        username: The user name.
        password: The password.
        method: The request's method.
        uri: The request's target: raw path and query.
        count: How often the challenge's nonce was used, this time included.
        cnonce: A nonce of the client's.

    Returns:
        The header's value, its characters stand for bytes; the fields are parted by comma and space, which
        some servers insist on.
    """
    parameters = challenge.parameters
    function = _HASHES[challenge.algorithm.removesuffix("-SESS")]

    def hashed(*parts: str) -> str:
        return function(":".join(parts).encode("latin-1"), usedforsecurity=False).hexdigest()

    name = _utf8(username)
    realm, nonce, nc = parameters["realm"], parameters["nonce"], f"{count:08x}"
    secret = hashed(name, realm, _utf8(password))
    if challenge.algorithm.endswith("-SESS"):
        secret = hashed(secret, nonce, cnonce)
    target = hashed(method, uri)
    extended = not username.isascii() and parameters.get("charset", "").upper() == "UTF-8"
    user = (
        {"username*": f"UTF-8''{quote(username, safe=_ATTR_CHAR)}"}
        if extended
        else {"username": _quoted(name)}
    )
    fields = {
        **user,
        "realm": _quoted(realm),
        "nonce": _quoted(nonce),
        "uri": _quoted(uri),
    }
    if "qop" in parameters:
        fields["response"] = _quoted(hashed(secret, nonce, nc, cnonce, "auth", target))
        fields |= {"qop": "auth", "nc": nc, "cnonce": _quoted(cnonce)}
    else:
        fields["response"] = _quoted(hashed(secret, nonce, target))
    if "algorithm" in parameters:
        fields["algorithm"] = parameters["algorithm"]
    if "opaque" in parameters:
        fields["opaque"] = _quoted(parameters["opaque"])
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())


def basic_response(username: str, password: str) -> str:
    """The Authorization header for Basic, in UTF-8 (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


class PasswordAuth(httpx.Auth):
    """User name and password, given as the server asks: Digest SHA-256, else Digest MD5, else Basic.

    The last challenge is remembered, so that later requests need no round trip of their own. A server that
    lets no nonce be used twice may then answer 401 without a challenge: the nonce is dropped, and the request
    made again without credentials, to be asked anew. A refusal of fresh credentials is final.

    Args:
        username: The user name.
        password: The password.
        nonce: Makes the client's nonces; only tests need another.

    Raises:
        InvalidInput: The user name has control characters (RFC 7617 §2), or one of them is not Unicode text.
    """

    def __init__(
        self, username: str, password: str, *, nonce: Callable[[], str] = lambda: os.urandom(16).hex()
    ) -> None:
        if _CONTROL.search(username):
            raise InvalidInput(
                "the user name of auth= has control characters, such as a line break; nothing was sent"
            )
        try:
            (username + password).encode()
        except UnicodeEncodeError:
            raise InvalidInput(
                "auth= is no Unicode text: it has lone surrogates, as undecodable bytes make them; "
                "nothing was sent"
            ) from None
        self._username = username
        self._password = password
        self._nonce = nonce
        self._challenge: Challenge | None = None
        self._count = 0
        self._lock = Lock()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Answer the server's challenge; see httpx."""
        remembered = self._authorize(request)
        response = yield request
        if response.status_code != 401:
            return
        best = _best(response)
        if best is None and remembered:
            self._forget()
            del request.headers["Authorization"]
            response = yield request
            if response.status_code != 401:
                return
            best = _best(response)
        if best is None:
            return
        if remembered and best.scheme == "basic" and self._challenge == best:
            return  # Basic says the same every time
        with self._lock:
            self._challenge, self._count = best, 0
        self._authorize(request)
        response = yield request
        if response.status_code == 401:
            self._forget()

    def _authorize(self, request: httpx.Request) -> bool:
        """Put the Authorization header on if a challenge is known."""
        with self._lock:
            challenge = self._challenge
            self._count += 1
            count = self._count
        if challenge is None:
            return False
        if challenge.scheme == "basic":
            request.headers["Authorization"] = basic_response(self._username, self._password)
        else:
            value = digest_response(
                challenge,
                self._username,
                self._password,
                request.method,
                request.url.raw_path.decode("ascii"),
                count=count,
                cnonce=self._nonce(),
            )
            request.headers.encoding = "latin-1"  # else httpx takes all fields for what they were before
            request.headers["Authorization"] = value
        return True

    def _forget(self) -> None:
        with self._lock:
            self._challenge, self._count = None, 0


class OriginGuard(httpx.Auth):
    """Lets another httpx.Auth see requests to one origin only; others go out without an Authorization header.

    Args:
        inner: Who has the credentials.
        origin: Scheme, host and port that may see them.
    """

    def __init__(self, inner: httpx.Auth, origin: tuple[str, str, int]) -> None:
        self._inner = inner
        self._origin = origin
        self.requires_request_body: bool = inner.requires_request_body
        self.requires_response_body: bool = inner.requires_response_body

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Hand over to the inner auth, or to none; see httpx."""
        yield from self._allowed(request).sync_auth_flow(request)

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Hand over to the inner auth, or to none; see httpx."""
        flow = self._allowed(request).async_auth_flow(request)
        try:
            outgoing = await anext(flow)
            while True:
                response = yield outgoing
                outgoing = await flow.asend(response)
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

    def _allowed(self, request: httpx.Request) -> httpx.Auth:
        url = request.url
        port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
        if (url.scheme, url.host.strip("[]").lower(), port) == self._origin:
            return self._inner
        request.headers.pop("Authorization", None)
        return httpx.Auth()


def _best(response: httpx.Response) -> Challenge | None:
    fields = [value for name, value in response.headers.raw if name.lower() == b"www-authenticate"]
    offered = challenges([value.decode("latin-1") for value in fields])
    best = max(offered, key=lambda challenge: challenge.strength, default=None)
    return best if best is not None and best.strength else None


def _tokens(text: str) -> list[str]:
    return [token.strip().lower() for token in text.split(",")]


def _utf8(text: str) -> str:
    """Text as UTF-8, a character for each byte."""
    return text.encode().decode("latin-1")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unquoted(text: str) -> str:
    """Without its quotes; parse_http_list has undone the escapes already."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
