"""The XCAP root (RFC 4825 §6.1): the URI below which a server keeps its documents."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from xcap_sdk.errors import InvalidAddress, InvalidRoot
from xcap_sdk.protocol.percent import MalformedEncodingError, decode
from xcap_sdk.protocol.wording import shown

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[A-Za-z0-9._-]+")
_PATH = re.compile(r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*")
_IPV6 = re.compile(r"\[[0-9A-Fa-f:.]+\]")
_USERINFO = re.compile(r"^([^/]*//)[^/?#]*@")
# In what is no URI, user name and password may be anywhere before an @: with a slash too few, or one in them.
_MAYBE_USERINFO = re.compile(r"^((?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\]*).*@", re.DOTALL)


@dataclass(frozen=True, slots=True)
class XcapRoot:
    """An XCAP root URI.

    Scheme and host are written in lower case, a default port and slashes at the end are left out; the path is
    otherwise kept as it is.

    Attributes:
        uri: The absolute URI, without a slash at its end.

    Raises:
        InvalidRoot: No absolute http or https URI, or one with user information, query or fragment, or with
            a path that no client or server could keep: ``.``, ``..`` or ``~~`` as a segment.
    """

    uri: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "uri", _normalised(self.uri))

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host (without brackets) and port: where credentials may go."""
        parts = urlsplit(self.uri)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]

    @property
    def path(self) -> str:
        """The path, raw, without a slash at its end; empty if the root is that of the host."""
        return urlsplit(self.uri).path

    def relative(self, uri: str) -> tuple[str, str | None]:
        """Take an absolute URI apart, below this root.

        Args:
            uri: An absolute URI, for example from a document or a conflict report.

        Returns:
            The raw path below the root, without a slash at its start, and the raw query or None: what
            `xcap_sdk.protocol.parse_address` takes.

        Raises:
            InvalidAddress: The URI is not below this root, or has a fragment.
        """
        where = _without_secrets(uri)
        whole, question, query = uri.partition("?")
        host = re.match(r"[^/]*//[^/]*", whole)
        if host is None or "#" in uri:
            raise InvalidAddress(f"{where} is no absolute URI without fragment")
        try:
            origin = XcapRoot(host[0]).origin
        except InvalidRoot as error:
            raise InvalidAddress(f"{where} is not below the XCAP root {self.uri}: {error}") from error
        path = whole[host.end() :]
        if origin != self.origin or not path.startswith(f"{self.path}/"):
            raise InvalidAddress(f"{where} is not below the XCAP root {self.uri}")
        return path.removeprefix(f"{self.path}/"), query if question else None

    def __str__(self) -> str:
        return self.uri


def _normalised(uri: str) -> str:
    if not isinstance(uri, str):  # pyright: ignore[reportUnnecessaryIsInstance] - httpx.URL, for example
        raise InvalidRoot(f"an XCAP root is text, and not {type(uri).__name__}: pass str(…) of it")
    where = shown(_MAYBE_USERINFO.sub(r"\1…@", uri))
    if _USERINFO.search(uri):
        raise InvalidRoot(f"XCAP root {where}: leave user name and password out and pass them as auth=(…, …)")
    if "?" in uri or "#" in uri:
        raise InvalidRoot(f"XCAP root {where}: neither a query nor a fragment is allowed (§6.1)")
    scheme, separator, rest = uri.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _PORTS:
        raise InvalidRoot(
            f"XCAP root {where}: expected an absolute URI, https://host/path or http://host/path"
        )
    authority, slash, path = rest.partition("/")
    host, port = _host_and_port(authority, where)
    path = f"{slash}{path}".rstrip("/")
    if _PATH.fullmatch(path) is None:
        raise InvalidRoot(
            f"XCAP root {where}: the path {shown(path)} is not percent-encoded as a URI path has to be"
        )
    try:
        segments = [decode(segment) for segment in path.split("/")]
    except MalformedEncodingError as error:
        raise InvalidRoot(f"XCAP root {where}: {error}") from error
    if bad := {".", "..", "~~"}.intersection(segments):
        raise InvalidRoot(f"XCAP root {where}: the path cannot have {min(bad)!r} as a segment")
    return f"{scheme}://{host}{'' if port in {None, _PORTS[scheme]} else f':{port}'}{path}"


def _host_and_port(authority: str, where: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]{0,5}))?", authority)
    host, digits = (match[1].lower(), match[2]) if match else ("", None)
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1] if _IPV6.fullmatch(host) else "")
        except ValueError as error:
            raise InvalidRoot(f"XCAP root {where}: {shown(host)} is no IPv6 address") from error
    elif _HOST.fullmatch(host) is None:
        hint = "" if host.isascii() else "; write international names in their xn-- form"
        found = "what stands there" if "…@" in where else shown(authority)
        raise InvalidRoot(f"XCAP root {where}: {found} is no host with an optional port{hint}")
    port = int(digits) if digits else None
    if port is not None and not 0 < port < 65536:
        raise InvalidRoot(f"XCAP root {where}: there is no port {port}")
    return host, port


def _without_secrets(uri: str) -> str:
    return shown(_USERINFO.sub(r"\1…@", uri))
