"""What every request and reply goes through, those that credentials are negotiated with included."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from typing import Any

import httpx

from xcap_sdk.protocol.messages import check_field
from xcap_sdk.protocol.wording import shown


class BodyRefused(Exception):
    """A reply's body is not read any further.

    Attributes:
        response: The reply.
        reason: Why, and what to do.
    """

    def __init__(self, response: httpx.Response, reason: str) -> None:
        super().__init__(reason)
        self.response = response
        self.reason = reason


class WireGuard(httpx.Auth):
    """Checks every request's header fields, and bounds every reply's body, around another httpx.Auth.

    What httpx says of a field that cannot be sent shows its value, which may be a secret.

    No compressed body is taken: none is asked for, and a small one may unpack to any size.

    Args:
        inner: Who has the credentials.
        limit: How many bytes of a body are read before it is given up.
        in_time: Called with each piece of a body; raises if the time allowed is over.
    """

    def __init__(self, inner: httpx.Auth, limit: int, in_time: Callable[[], None]) -> None:
        self._inner = inner
        self._limit = limit
        self._in_time = in_time
        self.requires_request_body: bool = inner.requires_request_body

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Hand over to the inner auth, and give it bounded replies; see httpx."""
        flow = self._inner.sync_auth_flow(request)
        try:
            outgoing = next(flow)
            while True:
                outgoing = flow.send(self._bounded((yield self._checked(outgoing))))
        except StopIteration:
            return
        finally:
            flow.close()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Hand over to the inner auth, and give it bounded replies; see httpx."""
        flow = self._inner.async_auth_flow(request)
        try:
            outgoing = await anext(flow)
            while True:
                outgoing = await flow.asend(self._bounded((yield self._checked(outgoing))))
        except StopAsyncIteration:
            return
        finally:
            await flow.aclose()

    def _checked(self, request: httpx.Request) -> httpx.Request:
        self._in_time()
        for name, value in request.headers.raw:
            check_field(name.decode("latin-1"), value.decode("latin-1"))
        return request

    def _bounded(self, response: httpx.Response) -> httpx.Response:
        response.stream = _Bounded(response, self._limit, self._in_time)
        return response


class _Bounded(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a reply as it comes over the wire, up to a limit."""

    def __init__(self, response: httpx.Response, limit: int, in_time: Callable[[], None]) -> None:
        self._response = response
        self._in_time = in_time
        self._stream = response.stream
        self._limit = limit
        self._size = 0
        # Not by the name, which would make httpx guess an encoding for all fields.
        codings = [value for name, value in response.headers.raw if name.lower() == b"content-encoding"]
        self._coding = b", ".join(codings).decode("latin-1").strip()

    def __iter__(self) -> Iterator[bytes]:
        assert isinstance(self._stream, httpx.SyncByteStream), "httpx gives what it asks for"
        for chunk in self._stream:
            yield self._taken(chunk)
        if _has_more(self._stream):
            self._response.extensions["network_stream"].close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._stream, httpx.AsyncByteStream), "httpx gives what it asks for"
        async for chunk in self._stream:
            yield self._taken(chunk)
        if _has_more(self._stream):
            await self._response.extensions["network_stream"].aclose()

    def close(self) -> None:
        assert isinstance(self._stream, httpx.SyncByteStream), "httpx gives what it asks for"
        self._stream.close()

    async def aclose(self) -> None:
        import asyncio

        assert isinstance(self._stream, httpx.AsyncByteStream), "httpx gives what it asks for"
        # A task that is cancelled just then must not stop it: httpcore would never have its connection back.
        await asyncio.shield(asyncio.ensure_future(self._stream.aclose()))

    def _taken(self, chunk: bytes) -> bytes:
        self._in_time()
        if chunk and self._coding.lower() not in {"", "identity"}:
            reason = (
                f"the reply is compressed ({shown(self._coding)}), which was not asked for, and was not "
                f"unpacked; turn compression off at the server, or a proxy before it"
            )
            raise BodyRefused(self._response, reason)
        self._size += len(chunk)
        if self._size > self._limit:
            reason = (
                f"the reply is longer than {self._limit:,} bytes; reading was stopped. "
                f"Network(max_reply=…) allows more"
            )
            raise BodyRefused(self._response, reason)
        return chunk


_TO_H11 = ("_stream", "_httpcore_stream", "_stream", "_connection", "_h11_state")
"""The way from the body of a reply to its connection's reader; httpx and httpcore have no public one."""


def _has_more(stream: object) -> bool:
    """Whether more has come than the reply that was read to its end.

    It answers nothing that was asked, so it must not be taken for the reply to the next request on that
    connection (RFC 9112 §6.3), which is closed. What comes later, httpcore sees before the next request.
    """
    held: Any = stream
    for name in _TO_H11:
        held = getattr(held, name, None)
    return held is not None and bool(held.trailing_data[0])
