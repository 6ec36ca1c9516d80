"""How a server is reached: tries, connections, TLS, proxies, and what may be sent where."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from xcap_sdk.documents.limits import DEFAULT_LIMITS, Limits
from xcap_sdk.errors import InvalidInput
from xcap_sdk.flows.circuit import FAILURES, SECONDS
from xcap_sdk.flows.conversation import TRIES
from xcap_sdk.protocol.messages import check_field
from xcap_sdk.protocol.naming import user_uri
from xcap_sdk.protocol.redirects import Origin, origin_of
from xcap_sdk.protocol.wording import shown
from xcap_sdk.transport.cookies import Cookies, take_quickly
from xcap_sdk.transport.pooling import assign_quickly

Client = TypeVar("Client", httpx.Client, httpx.AsyncClient)

MAX_REPLY = 64 * 2**20
"""How many bytes of a reply are read before it is given up."""

LONGEST = 1_000_000
"""Seconds that can be waited for at most: systems count their milliseconds in 31 bits."""

TIMEOUT = 10.0
"""Seconds to connect, and between two signs of life, where nothing else is said."""

CONNECTIONS = 100
"""How many connections are open at most, where nothing else is said."""

KEPT = 5.0
"""Seconds that a connection without requests is kept open, as by httpx."""

USER_AGENT = {"User-Agent": "xcap-sdk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How a client reaches its server; every part has a default that is safe.

    Attributes:
        tries: How often a request is made at most while the server cannot be reached or answers 502, 503 or
            504: what did not leave, GETs, and writes whose outcome was looked up. 1 for no second try.
        cleartext_credentials: Whether passwords (Basic) and tokens may also be sent over http to other
            machines, where everybody on the way can read them.
        max_reply: How many bytes of a reply are read before it is given up.
        limits: How much the documents and elements of replies may take.
        tls: Which authorities are trusted, and a client's certificate; None for the usual authorities.
        proxy: The URI of the proxy to use; None for those that the environment names, if it does.
        http2: Whether to speak HTTP/2 where the server does (``pip install 'xcap-sdk[http2]'``).
        connections: How many connections are open at most, and kept open for the next requests; None for 100.
        redirect_origins: Where redirects may lead beside the root's own origin, such as
            ``https://xcap2.example.org``; credentials, cookies and header fields of the client's never go
            there.
        circuit_failures: After how many failures in a row nothing is sent for a while, and calls raise
            ServerDown; None for never.
        circuit_seconds: For how long that is; then one request is let through to try.
        log_bodies: Whether the log shows bodies; it never shows credentials.
        spans: Whether there is an OpenTelemetry span for each call and request (``pip install
            'xcap-sdk[otel]'``).

    Raises:
        InvalidInput: One of them cannot be.
    """

    tries: int = TRIES
    cleartext_credentials: bool = False
    max_reply: int = MAX_REPLY
    limits: Limits = DEFAULT_LIMITS
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    http2: bool = False
    connections: int | None = None
    redirect_origins: tuple[str, ...] = ()
    circuit_failures: int | None = FAILURES
    circuit_seconds: float = SECONDS
    log_bodies: bool = False
    spans: bool = False

    def __post_init__(self) -> None:
        for name in ("tries", "max_reply", "connections", "circuit_failures"):
            value: object = getattr(self, name)
            may_be_none = name in {"connections", "circuit_failures"}
            if (type(value) is not int or value < 1) and not (may_be_none and value is None):
                raise InvalidInput(f"{name}={value!r}: it has to be a whole number from 1; nothing was sent")
        check_seconds(self.circuit_seconds)
        for origin in self.redirect_origins:
            if origin_of(origin) is None or urlsplit(origin).path.strip("/"):
                raise InvalidInput(
                    f"redirect_origins: {shown(origin)} is no origin, such as 'https://xcap2.example.org'; "
                    f"nothing was sent"
                )

    @property
    def redirects(self) -> frozenset[Origin]:
        """The origins where redirects may lead."""
        return frozenset(origin for uri in self.redirect_origins if (origin := origin_of(uri)) is not None)

    def client(self, root: Origin | None = None) -> httpx.Client:
        """An HTTP client of the SDK's own.

        Args:
            root: Where it is to go; None if that may be anywhere.

        Raises:
            InvalidInput: The proxy is none, or HTTP/2 is not installed.
        """
        return self._made(_Client, root)

    def async_client(self, root: Origin | None = None) -> httpx.AsyncClient:
        """An HTTP client of the SDK's own.

        Args:
            root: Where it is to go; None if that may be anywhere.

        Raises:
            InvalidInput: The proxy is none, or HTTP/2 is not installed.
        """
        return self._made(_AsyncClient, root)

    def check_given(self, http: Client) -> Client:
        """See that nothing is asked of an HTTP client that was handed in and brings it along.

        Raises:
            InvalidInput: Something is.
        """
        asked = [name for name in ("tls", "proxy", "http2", "connections") if getattr(self, name)]
        if asked:
            raise InvalidInput(
                f"{', '.join(asked)}: an HTTP client was handed in, too, and these are its own matter: "
                f"make it with them, or leave out http=. Nothing was sent."
            )
        return http

    def _made(self, kind: type[Client], root: Origin | None) -> Client:
        options: dict[str, Any] = {"http2": self.http2, "proxy": self.proxy}
        if self.tls is not None:
            options["verify"] = self.tls
        elif root is not None and all(scheme == "http" for scheme, _, _ in (root, *self.redirects)):
            # Nothing goes over TLS: to load the authorities would take longer than a request, and this trusts
            # nobody.
            options["verify"] = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        most = CONNECTIONS if self.connections is None else self.connections
        # All are kept: beyond the 20 that httpx keeps, httpcore would open one for each request.
        options["limits"] = httpx.Limits(
            max_connections=most, max_keepalive_connections=most, keepalive_expiry=KEPT
        )
        try:
            client = kind(timeout=TIMEOUT, headers=USER_AGENT, cookies=Cookies(), **options)
        except ImportError as error:
            socks = (self.proxy or "").startswith("socks")
            what, extra = ("a SOCKS proxy", "httpx[socks]") if socks else ("HTTP/2", "xcap-sdk[http2]")
            raise InvalidInput(f"{what} needs more: pip install '{extra}'; nothing was sent") from error
        except (ValueError, httpx.InvalidURL):  # its text shows the URI, and with that a password
            raise InvalidInput(
                "proxy= is no URI of a proxy, such as http://proxy.example.org:3128; nothing was sent"
            ) from None
        assign_quickly(client)
        take_quickly(client)
        return client


class _Client(httpx.Client):
    """With an error of httpx's own where HTTP/2 has a status that is no number; redirects are left alone.

    Flows follow those. httpx looks at where they lead all the same, and cannot bear some of it.
    """

    def _build_redirect_request(self, request: httpx.Request, response: httpx.Response) -> httpx.Request:  # noqa: ARG002 - httpx's
        return request

    def _send_single_request(self, request: httpx.Request) -> httpx.Response:
        with _as_protocol_error():
            return super()._send_single_request(request)


class _AsyncClient(httpx.AsyncClient):
    """Likewise."""

    def _build_redirect_request(self, request: httpx.Request, response: httpx.Response) -> httpx.Request:  # noqa: ARG002 - httpx's
        return request

    async def _send_single_request(self, request: httpx.Request) -> httpx.Response:
        with _as_protocol_error():
            return await super()._send_single_request(request)


@contextlib.contextmanager
def _as_protocol_error() -> Generator[None]:
    try:
        yield
    except ValueError as error:
        raise httpx.RemoteProtocolError(f"no HTTP: {error}") from error


def identity_fields(intended: str | None, preferred: str | None) -> dict[str, str]:
    """The header fields that say for whom a client speaks (TS 24.623 §6.2, OMA XDM Core §6.4).

    Args:
        intended: The identity for X-3GPP-Intended-Identity.
        preferred: The identity for X-XCAP-Preferred-Identity.

    Raises:
        InvalidAddress: One is no URI with a scheme.
        InvalidInput: One has characters that a header field cannot have.
    """
    fields = {"X-3GPP-Intended-Identity": intended, "X-XCAP-Preferred-Identity": preferred}
    given = {name: f'"{user_uri(value)}"' for name, value in fields.items() if value is not None}
    for name, value in given.items():
        check_field(name, value, ascii_only=True)
    return given


def waiting(timeout: float | httpx.Timeout) -> httpx.Timeout:
    """How long a single wait may take.

    Raises:
        InvalidInput: It is no number above 0, or more than the system can wait for.
    """
    if not isinstance(timeout, httpx.Timeout):
        return httpx.Timeout(check_seconds(timeout, "timeout"))
    for seconds in timeout.as_dict().values():
        check_seconds(seconds, "timeout")
    return timeout


def check_seconds(seconds: float | None, what: str = "deadline") -> float | None:
    """See that a time can be kept.

    Raises:
        InvalidInput: It is no number above 0, or more than the system can wait for.
    """
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if seconds is not None and not (is_number and 0 < seconds <= LONGEST):
        raise InvalidInput(
            f"a {what} of {seconds!r}: it is a number of seconds above 0, at most {LONGEST:,}; nothing was "
            f"sent"
        )
    return seconds
