"""Connections of clients that stall: none is held for ever, and none keeps others out.

Uvicorn closes connections that are idle between two requests. It waits without end for a request head, for
the rest of a body that was answered before it was here, and for a client that does not take its reply.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """How long connections may stall, and how many there may be.

    Attributes:
        connections: How many may be open. When there is one more, the one that has waited longest for a
            request is closed; if all have requests under way, the new one's get 503. Keep it 200 below the
            number of files that the process may have open.
        head_timeout: Seconds for a request head to come, from the connection or from its first byte on.
        idle_timeout: Seconds that a connection may idle between two requests; longer than clients keep
            theirs (httpx: 5), so that none is closed under their hands.
        send_timeout: Seconds for a reply to be taken.
        handshake_timeout: Seconds for a TLS handshake, and for its end when a connection is closed. Before it
            is done, a connection counts for none of ``connections``.

    Raises:
        ValueError: One of them is not above 0.
    """

    connections: int = 800
    head_timeout: float = 20.0
    idle_timeout: int = 75
    send_timeout: float = 60.0
    handshake_timeout: float = 10.0

    def __post_init__(self) -> None:
        times = (self.head_timeout, self.idle_timeout, self.send_timeout, self.handshake_timeout)
        if min(self.connections, *times) <= 0:
            raise ValueError(f"limits of connections are above 0: {self}")


class LimitedConnection(H11Protocol):
    """A connection with a deadline for whatever it waits for."""

    limits: ClassVar[ConnectionLimits]

    @classmethod
    def with_limits(cls, limits: ConnectionLimits) -> type[LimitedConnection]:
        """The class for a server: uvicorn makes the connections itself, with arguments of its own."""
        return type(cls.__name__, (cls,), {"limits": limits})

    _waits_since = 0.0
    _head_timer: asyncio.TimerHandle | None = None
    _send_timer: asyncio.TimerHandle | None = None

    def connection_made(  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn has it
        self, transport: asyncio.Transport
    ) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        # So that whatever the client does not take is noticed, however little it is; over TLS, 0 would
        # stop writing before there is anything.
        transport.set_write_buffer_limits(high=1, low=0)
        self._waits_since = self.loop.time()
        self._expect_head()
        if len(self.connections) > self.limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """End all waiting."""
        self._head_timer = _cancelled(self._head_timer)
        self._send_timer = _cancelled(self._send_timer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take a part of a request; a head, and what follows an answered request, has its time."""
        super().data_received(data)
        if self._is_busy:
            self._head_timer = _cancelled(self._head_timer)
        elif self._head_timer is None and not self.transport.is_closing():
            self._expect_head()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it is here already."""
        super().on_response_complete()
        self._waits_since = self.loop.time()

    def pause_writing(self) -> None:
        """Something is to be sent that the client has not taken yet."""
        super().pause_writing()
        if self._send_timer is None:
            self._send_timer = self.loop.call_later(self.limits.send_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """The client has taken all."""
        self._send_timer = _cancelled(self._send_timer)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, with the status that the parser proposes: 431 for too large a head."""
        error = sys.exc_info()[1]
        self._refuse(error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400, msg)

    @property
    def _is_busy(self) -> bool:
        """Whether an answer is owed."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        return cycle is not None and not cycle.response_complete

    def _expect_head(self) -> None:
        self._head_timer = self.loop.call_later(self.limits.head_timeout, self._head_is_late)

    def _head_is_late(self) -> None:
        self._head_timer = None
        begun, _ = self.conn.trailing_data
        if begun and self.conn.their_state is h11.IDLE:
            self._refuse(408, f"the request head was not here after {self.limits.head_timeout:g} seconds")
        else:
            self.transport.close()

    def _make_room(self) -> None:
        # All are of this class: uvicorn was told to make no others.
        others = cast("set[LimitedConnection]", self.connections) - {self}
        waiting = [each for each in others if not (each._is_busy or each.transport.is_closing())]
        if waiting:
            min(waiting, key=lambda each: each._waits_since).transport.abort()

    def _refuse(self, status: int, message: str) -> None:
        if self.transport.is_closing():
            return
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]
            events = (
                h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase),
                h11.Data(data=f"{message}\n".encode()),
                h11.EndOfMessage(),
            )
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        self.transport.close()


def _cancelled(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
