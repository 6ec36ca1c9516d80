"""Credentials stay at the XCAP root's origin, and what is as good as a password off open networks."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncGenerator, Generator

import httpx


class CredentialsWithheld(Exception):
    """The server asks for what is not sent over a connection that others can read.

    Attributes:
        response: Its reply.
        reason: Why, and what to do.
    """

    def __init__(self, response: httpx.Response, reason: str) -> None:
        super().__init__(reason)
        self.response = response
        self.reason = reason


def host_of(url: httpx.URL) -> str:
    """The host as it is known on the network: httpx gives ``xn--`` names in their international form."""
    return url.raw_host.decode("ascii").lower()


def is_private(url: httpx.URL) -> bool:
    """Whether nobody on the way can read a request: it goes over TLS, or does not leave this machine."""
    if url.scheme == "https":
        return True
    host = host_of(url)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3


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
        if (url.scheme, host_of(url), port) == self._origin:
            return self._inner
        request.headers.pop("Authorization", None)
        return httpx.Auth()
