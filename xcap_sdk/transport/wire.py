"""How a request goes out: its URL as it is, header fields checked, credentials under guard."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from xcap_sdk.auth.origin import OriginGuard
from xcap_sdk.errors import InvalidAddress, InvalidInput
from xcap_sdk.protocol.messages import Request, check_field
from xcap_sdk.protocol.redirects import Origin, origin_of
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.wording import shown
from xcap_sdk.transport.cookies import Cookies
from xcap_sdk.transport.deadlines import Deadline, Departure
from xcap_sdk.transport.guard import WireGuard
from xcap_sdk.transport.network import USER_AGENT, Network
from xcap_sdk.transport.observing import Observer

PLAIN = {"Accept-Encoding": "identity"}
"""Compression would change ETags on some servers, and with them what a condition means."""

Auth = tuple[str, str] | httpx.Auth

_Fields = list[tuple[bytes, bytes]]


class Wire:
    """What both transports share: how a request goes out and how a response is taken in.

    Args:
        root: The XCAP root, which alone may see credentials.
        auth: User name and password, or an httpx.Auth; None for none.
        headers: Header fields of every request.
        network: How the server is reached; None for the defaults.
        identities: Header fields that say for whom the client speaks.

    Raises:
        InvalidInput: Credentials or header fields that cannot be sent.
    """

    def __init__(
        self,
        root: XcapRoot,
        auth: Auth | None,
        headers: Mapping[str, str] | None,
        network: Network | None = None,
        identities: Mapping[str, str] | None = None,
    ) -> None:
        for name, value in (headers or {}).items():
            check_field(name, value, ascii_only=True)
        self.network: Network = network or Network()
        inner = _credentials(auth, cleartext=self.network.cleartext_credentials)
        self.auth: OriginGuard | None = OriginGuard(inner, root.origin) if inner is not None else None
        self.origin: Origin = root.origin
        self._below = f"{root.uri}/"
        self.observer: Observer = Observer(bodies=self.network.log_bodies, spans=self.network.spans)
        self._fields = _encoded({**PLAIN, **(identities or {}), **(headers or {})})

    def outgoing(
        self,
        http: httpx.Client | httpx.AsyncClient,
        request: Request,
        timeout: httpx.Timeout,
        trace: Departure | None = None,
    ) -> httpx.Request:
        """The request for httpx, made without its client: base_url and params would damage the URL.

        Raises:
            InvalidInput: A header field cannot be sent.
            InvalidAddress: The URI cannot; httpx takes 65,536 characters, and no ``xn--`` name that is none.
        """
        at_home = request.uri.startswith(self._below) or origin_of(request.uri) == self.origin
        clients = (http.headers.raw, self._fields) if at_home else (_encoded(USER_AGENT), _encoded(PLAIN))
        try:
            return httpx.Request(
                request.method,
                request.uri,
                headers=_joined(
                    *clients, [(name.encode(), _value(name, value)) for name, value in request.headers]
                ),
                cookies=Cookies.of(http.cookies.jar) if at_home else None,
                content=request.body,
                extensions={"timeout": timeout.as_dict()} | ({"trace": trace} if trace else {}),
            )
        except (httpx.InvalidURL, UnicodeError) as error:  # the latter of idna
            raise InvalidAddress(
                f"{request.method} {shown(request.uri)}: a URI of {len(request.uri):,} characters cannot be "
                f"sent ({error}); nothing was sent"
            ) from error

    def guarded(self, http: httpx.Client | httpx.AsyncClient, deadline: Deadline) -> httpx.Auth:
        """The credentials for a request, those of the HTTP client if there are no others, under guard."""
        inner = self.auth or OriginGuard(http.auth or httpx.Auth(), self.origin)
        return WireGuard(inner, self.network.max_reply, deadline.check)


def _credentials(auth: object, *, cleartext: bool) -> httpx.Auth | None:
    match auth:
        case None | httpx.Auth():
            return auth
        case (str() as username, str() as password):
            from xcap_sdk.auth.password import PasswordAuth

            return PasswordAuth(username, password, cleartext=cleartext)
        case _:
            raise InvalidInput("auth= is neither (user name, password) nor an httpx.Auth; nothing was sent")


def _encoded(fields: Mapping[str, str]) -> _Fields:
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in fields.items()]


def _joined(*layers: _Fields) -> _Fields:
    """Header fields, those of each layer in place of earlier ones of their names.

    As with httpx.Headers.update(), which takes several times as long.
    """
    joined: _Fields = []
    for layer in layers:
        names = {name.lower() for name, _ in layer}
        joined = [field for field in joined if field[0].lower() not in names] + layer
    return joined


def _value(name: str, value: str) -> bytes:
    """A field's bytes: those of an ETag go back as they came, whatever they mean (RFC 9110 §5.5)."""
    check_field(name, value)
    return value.encode("latin-1")
