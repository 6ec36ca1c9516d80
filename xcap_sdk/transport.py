"""Requests over httpx, sync and async: URLs as they are, no redirects, bounded replies, typed failures."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import time
from collections.abc import Generator, Mapping
from typing import Any, TypeVar

import httpx

from xcap_sdk.auth import OriginGuard, PasswordAuth
from xcap_sdk.errors import (
    ConnectionFailed,
    ConnectionLost,
    InvalidAddress,
    InvalidInput,
    TimedOut,
    UnexpectedReply,
    XcapError,
)
from xcap_sdk.flows.conversation import Call, Flow, Pause
from xcap_sdk.flows.replies import asked
from xcap_sdk.guard import BodyRefused, WireGuard
from xcap_sdk.protocol.messages import Headers, Request, Response, check_field
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.wording import shown

T = TypeVar("T")

MAX_REPLY = 64 * 2**20
"""How many bytes of a reply are read before it is given up."""

TIMEOUT = 10.0
"""Seconds to connect, and between two signs of life, where nothing else is said."""

_REASON = 200

USER_AGENT = {"User-Agent": "xcap-sdk"}

Auth = tuple[str, str] | httpx.Auth


class Wire:
    """What both transports share: how a request goes out and how a response is taken in.

    Args:
        root: The XCAP root, which alone may see credentials.
        auth: User name and password, or an httpx.Auth; None for none.
        headers: Header fields of every request.
        max_reply: How many bytes of a reply are read before it is given up.

    Raises:
        InvalidInput: Credentials or header fields that cannot be sent.
    """

    def __init__(
        self, root: XcapRoot, auth: Auth | None, headers: Mapping[str, str] | None, max_reply: int = MAX_REPLY
    ) -> None:
        for name, value in (headers or {}).items():
            check_field(name, value, ascii_only=True)
        inner = _credentials(auth)
        self.auth: OriginGuard | None = OriginGuard(inner, root.origin) if inner is not None else None
        # Compression would change ETags on some servers, and with them what a condition means.
        self._headers = {"Accept-Encoding": "identity", **(headers or {})}
        self._max_reply = max_reply

    def outgoing(
        self, http: httpx.Client | httpx.AsyncClient, request: Request, timeout: httpx.Timeout
    ) -> httpx.Request:
        """The request for httpx, made without its client: base_url and params would damage the URL.

        Raises:
            InvalidInput: A header field cannot be sent.
            InvalidAddress: The URI cannot; httpx takes 65,536 characters.
        """
        headers = httpx.Headers(http.headers)
        headers.update(self._headers)
        headers.update([(name.encode(), _value(name, value)) for name, value in request.headers])
        try:
            return httpx.Request(
                request.method,
                request.uri,
                headers=headers,
                cookies=http.cookies or None,
                content=request.body,
                extensions={"timeout": timeout.as_dict()},
            )
        except httpx.InvalidURL as error:
            raise InvalidAddress(
                f"{request.method} {shown(request.uri)}: a URI of {len(request.uri):,} characters cannot be "
                f"sent ({error}); nothing was sent"
            ) from error

    def guarded(self, http: httpx.Client | httpx.AsyncClient) -> httpx.Auth:
        """The credentials for a request, those of the HTTP client if there are no others, under guard."""
        return WireGuard(self.auth or http.auth or httpx.Auth(), self._max_reply)


def _credentials(auth: object) -> httpx.Auth | None:
    match auth:
        case None | httpx.Auth():
            return auth
        case (str() as username, str() as password):
            return PasswordAuth(username, password)
        case _:
            raise InvalidInput("auth= is neither (user name, password) nor an httpx.Auth; nothing was sent")


def _value(name: str, value: str) -> bytes:
    """A field's bytes: those of an ETag go back as they came, whatever they mean (RFC 9110 §5.5)."""
    check_field(name, value)
    return value.encode("latin-1")


def incoming(response: httpx.Response, body: bytes) -> Response:
    """The response as the flows know it: characters of its header fields stand for their bytes."""
    fields = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
    return Response(response.status_code, Headers(fields), body)


@contextlib.contextmanager
def typed_failures(request: Request) -> Generator[None]:
    """Turn what httpx raises into the SDK's errors, by whether the request may have reached the server."""
    try:
        yield
    except BodyRefused as error:
        raise UnexpectedReply(
            f"{asked(request)}: {error.reason}", request=request, response=incoming(error.response, b"")
        ) from None
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        text = f"{asked(request)}: no connection in the time allowed; nothing was sent. Is the host up?"
        raise ConnectionFailed(text, request=request) from error
    except httpx.TimeoutException as error:
        text = f"{asked(request)}: no reply in the time allowed; whether the server acted is unknown"
        raise TimedOut(text, request=request) from error
    except (httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol) as error:
        text = f"{asked(request)}: no connection ({_reason(error)}); nothing was sent. Is the root URI right?"
        raise ConnectionFailed(text, request=request) from error
    except httpx.LocalProtocolError as error:
        # Its text shows the values of header fields, and they may be secrets: it is not passed on.
        if str(error).startswith("Illegal header"):
            text = f"{asked(request)}: a header field cannot be sent; nothing was. Has one line breaks?"
            raise InvalidInput(text) from None
        text = f"{asked(request)}: the HTTP client broke off; whether the server acted is unknown"
        raise ConnectionLost(text, request=request) from None
    except (httpx.TransportError, httpx.DecodingError, httpx.StreamError) as error:
        text = (
            f"{asked(request)}: the connection broke ({_reason(error)}); whether the server acted is unknown"
        )
        raise ConnectionLost(text, request=request) from error


def _reason(error: Exception) -> str:
    return str(error)[:_REASON] or type(error).__name__


class Transport:
    """Carries out flows over an httpx.Client.

    Args:
        wire: How requests go out.
        http: The client to use; it stays open when this is closed. None for one of its own.
        timeout: Seconds, or an httpx.Timeout; None for those of ``http``, or 10 seconds.
    """

    def __init__(self, wire: Wire, http: httpx.Client | None, timeout: float | httpx.Timeout | None) -> None:
        self._wire = wire
        self._own = http is None
        self._http = http or httpx.Client(timeout=TIMEOUT, headers=USER_AGENT)
        self._timeout = self._http.timeout if timeout is None else httpx.Timeout(timeout)

    def run(self, flow: Flow[T]) -> T:
        """Carry out a flow: send what it yields, send it the responses, throw failures into it."""
        try:
            step = next(flow)
            while True:
                try:
                    reply = self._perform(step)
                except XcapError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(reply)
        except StopIteration as end:
            return end.value
        finally:
            flow.close()

    def _perform(self, step: Request | Pause | Call) -> Any:
        if isinstance(step, Pause):
            return time.sleep(step.seconds)
        if isinstance(step, Call):
            return step.function(step.argument)
        with typed_failures(step):
            outgoing = self._wire.outgoing(self._http, step, self._timeout)
            auth = self._wire.guarded(self._http)
            response = self._http.send(outgoing, auth=auth, follow_redirects=False, stream=True)
            with contextlib.closing(response):
                return incoming(response, response.read())

    def close(self) -> None:
        """Close the httpx.Client if it is an own one."""
        if self._own:
            self._http.close()


class AsyncTransport:
    """Carries out flows over an httpx.AsyncClient.

    Args:
        wire: How requests go out.
        http: The client to use; it stays open when this is closed. None for one of its own.
        timeout: Seconds, or an httpx.Timeout; None for those of ``http``, or 10 seconds.
    """

    def __init__(
        self, wire: Wire, http: httpx.AsyncClient | None, timeout: float | httpx.Timeout | None
    ) -> None:
        self._wire = wire
        self._own = http is None
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT, headers=USER_AGENT)
        self._timeout = self._http.timeout if timeout is None else httpx.Timeout(timeout)

    async def run(self, flow: Flow[T]) -> T:
        """Carry out a flow: send what it yields, send it the responses, throw failures into it."""
        try:
            step = next(flow)
            while True:
                try:
                    reply = await self._perform(step)
                except XcapError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(reply)
        except StopIteration as end:
            return end.value
        finally:
            flow.close()

    async def _perform(self, step: Request | Pause | Call) -> Any:
        if isinstance(step, Pause):
            return await asyncio.sleep(step.seconds)
        if isinstance(step, Call):
            value = step.function(step.argument)
            return await value if inspect.isawaitable(value) else value
        with typed_failures(step):
            outgoing = self._wire.outgoing(self._http, step, self._timeout)
            auth = self._wire.guarded(self._http)
            response = await self._http.send(outgoing, auth=auth, follow_redirects=False, stream=True)
            async with contextlib.aclosing(response):
                return incoming(response, await response.aread())

    async def close(self) -> None:
        """Close the httpx.AsyncClient if it is an own one."""
        if self._own:
            await self._http.aclose()
