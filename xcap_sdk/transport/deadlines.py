"""The time that a whole call may take: all its requests, what is read of them, and the pauses in between.

An asynchronous request is cancelled when the time is over. A synchronous one cannot be: there every single
wait for the network is cut to what is left, in the network backend of the SDK's own HTTP clients, as the
timeouts of httpx begin anew with each byte that drips in.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterable
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

from xcap_sdk.errors import DeadlineExceeded
from xcap_sdk.flows.conversation import Call, Pause
from xcap_sdk.flows.telling import asked
from xcap_sdk.protocol.messages import Request
from xcap_sdk.protocol.wording import shown
from xcap_sdk.transport.pooling import pools_of

_WRITE = 2**16
_END: ContextVar[float | None] = ContextVar("xcap_sdk_deadline", default=None)


class Deadline:
    """When a call has to be over.

    Args:
        seconds: How many seconds it may take; None for any time.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds
        self._request = Request("", "")

    def left(self) -> float | None:
        """Seconds that are left, 0 if none are; None for any time."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def has_passed(self) -> bool:
        """Whether the time is over."""
        return self.left() == 0.0

    def allow(self, step: Request | Pause | Call) -> None:
        """See that there is time for the next step.

        Raises:
            DeadlineExceeded: There is not; the step was not begun.
        """
        if isinstance(step, Request):
            self._request = step
        left = self.left()
        if left is not None and left <= (step.seconds if isinstance(step, Pause) else 0.0):
            raise self.exceeded(step, sent=not isinstance(step, Request))

    def check(self) -> None:
        """See that the time is not over while a reply is read.

        Raises:
            DeadlineExceeded: It is.
        """
        if self.has_passed():
            raise self.exceeded()

    def exceeded(self, step: Request | Pause | Call | None = None, *, sent: bool = True) -> DeadlineExceeded:
        """The error for a step that came too late, or took too long; None for the last request.

        Args:
            step: The step.
            sent: Whether its request, or the last one before it, may have reached the server.
        """
        request = step if isinstance(step, Request) else self._request
        subject = asked(request)
        match step:
            case Call():
                subject, what = shown(step.argument), "the function that reads it gave nothing in time"
            case Pause():
                what = "there is none for another try"
            case _:
                what = "whether the server acted is unknown" if sent else "it was not sent"
        return DeadlineExceeded(
            f"{subject}: the {self._seconds:g} s for the whole call are over; {what}",
            request=request,
            sent=sent,
        )

    def within(self, timeout: httpx.Timeout) -> httpx.Timeout:
        """Timeouts of httpx that are not longer than what is left."""
        left = self.left()
        if left is None:
            return timeout
        parts = {
            name: left if value is None else min(value, left) for name, value in timeout.as_dict().items()
        }
        return httpx.Timeout(**parts)

    @contextlib.contextmanager
    def bounding(self) -> Generator[None]:
        """Cut every wait of this thread for the network to what is left."""
        token = _END.set(self._end)
        try:
            yield
        finally:
            _END.reset(token)


class Departure:
    """Whether a request may have left this machine, as httpcore tells on the way (its ``trace`` extension).

    Attributes:
        begun: Whether its first byte was handed over, or that of a request that a proxy or the credentials
            need.
    """

    def __init__(self) -> None:
        self.begun: bool = False

    async def __call__(self, event: str, info: object) -> None:  # noqa: ARG002 - httpcore gives it
        """Take note of an event; see httpcore."""
        if event.endswith(".send_request_headers.started"):
            self.begun = True


def bound(client: httpx.Client) -> httpx.Client:
    """Let the deadlines of this module count in an HTTP client, proxies included.

    httpx has no way to hand in a network backend; where it should keep its connection pools elsewhere one
    day, deadlines would count between the pieces of a reply's body only.
    """
    for pool in pools_of(client):
        pool._network_backend = _Backend(pool._network_backend)
    return client


def _cut(timeout: float | None, late: type[Exception]) -> float | None:
    end = _END.get()
    if end is None:
        return timeout
    left = end - time.monotonic()
    if left <= 0:
        raise late("the deadline has passed")
    return left if timeout is None else min(timeout, left)


class _Backend(httpcore.NetworkBackend):
    """A network backend whose waits are cut."""

    def __init__(self, inner: httpcore.NetworkBackend) -> None:
        self._inner = inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _cut(timeout, httpcore.ConnectTimeout)
        try:
            return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))
        except UnicodeError as error:  # Python's sockets say so of a name with a part too long, or none
            raise httpcore.ConnectError(str(error)) from error

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    """A connection whose waits are cut."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITE):
            piece = buffer[start : start + _WRITE]
            self._inner.write(piece, _cut(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _cut(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
