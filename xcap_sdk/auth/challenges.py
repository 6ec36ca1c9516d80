"""What servers ask for in WWW-Authenticate, and the Authorization that answers it: Digest and Basic."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote
from urllib.request import parse_http_list

_HASHES = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*)(?:\s+(?=\S)|\s*$)(.*)", re.DOTALL)
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
    def protection(self) -> str | None:
        """The qop to answer with: ``auth``, else ``auth-int``, empty for none; None if there is no such."""
        offered = self.parameters.get("qop")
        if offered is None:
            return ""
        return next((each for each in ("auth", "auth-int") if each in _tokens(offered)), None)

    @property
    def is_stale(self) -> bool:
        """Whether only the nonce was refused, and not the credentials (RFC 7616 §3.3)."""
        return self.parameters.get("stale", "").lower() == "true"

    @property
    def is_session(self) -> bool:
        """Whether the nonces belong to the secret, as in MD5-sess (RFC 7616 §3.4.2)."""
        return self.algorithm.endswith("-SESS")

    @property
    def strength(self) -> int:
        """How much it is preferred: Digest SHA-256, Digest MD5, Basic; 0 if it cannot be answered."""
        if self.scheme == "digest" and "nonce" in self.parameters and "realm" in self.parameters:
            if any(_UNSENDABLE.search(value) for value in self.parameters.values()):
                return 0
            if self.protection is not None:
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
    challenge: Challenge,
    username: str,
    password: str,
    method: str,
    uri: str,
    *,
    count: int,
    cnonce: str,
    body: bytes = b"",
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
        cnonce: A nonce of the client's; the same one for as long as a session (MD5-sess) lasts.
        body: The request's body, which auth-int protects, too.

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
    if challenge.is_session:
        secret = hashed(secret, nonce, cnonce)
    qop = challenge.protection
    digested = (function(body, usedforsecurity=False).hexdigest(),) if qop == "auth-int" else ()
    target = hashed(method, uri, *digested)
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
    if qop:
        fields["response"] = _quoted(hashed(secret, nonce, nc, cnonce, qop, target))
        fields |= {"qop": qop, "nc": nc, "cnonce": _quoted(cnonce)}
    else:
        fields["response"] = _quoted(hashed(secret, nonce, target))
        if challenge.is_session:
            fields["cnonce"] = _quoted(cnonce)  # without it the server could not make the secret
    if "algorithm" in parameters:
        fields["algorithm"] = parameters["algorithm"]
    if "opaque" in parameters:
        fields["opaque"] = _quoted(parameters["opaque"])
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())


def next_nonce(headers: list[str]) -> str | None:
    """The nonce that a server wants next, from Authentication-Info (RFC 7616 §3.5); None if it names none."""
    for part in (part for header in headers for part in parse_http_list(header)):
        parameter = _PARAMETER.fullmatch(part.strip())
        if parameter and parameter[1].lower() == "nextnonce":
            nonce = _unquoted(parameter[2].strip())
            return None if _UNSENDABLE.search(nonce) else nonce
    return None


def basic_response(username: str, password: str) -> str:
    """The Authorization header for Basic, in UTF-8 (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


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
