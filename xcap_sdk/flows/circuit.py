"""A circuit that spares a server which is down: in bulk work, most requests then fail without being sent."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from xcap_sdk.errors import ServerDown
from xcap_sdk.protocol.messages import Request

FAILURES = 20
"""After how many failures in a row nothing is sent for a while."""

SECONDS = 10.0
"""For how long."""


class Circuit:
    """Counts failures in a row. After too many it lets nothing through for a while, then one request to try.

    It may be used by several threads at once.

    Args:
        failures: How many failures in a row are too many; None to let everything through.
        seconds: For how long nothing is let through.
        clock: Gives the time; only tests need another.
    """

    def __init__(
        self,
        failures: int | None = FAILURES,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._until: float | None = None
        self._trying = False
        self._lock = Lock()

    def enter(self, request: Request) -> None:
        """Begin a request.

        Raises:
            ServerDown: Nothing is let through now; it was not sent.
        """
        with self._lock:
            if self._until is None:
                return
            left = self._until - self._clock()
            if left <= 0 and not self._trying:
                self._trying = True
                return
            text = (
                f"{request.method} {request.uri}: the last {self._failed} requests to this server failed, so "
                f"it is spared for {max(0.0, left):.0f} s more; nothing was sent. Is the server up?"
            )
            raise ServerDown(text, request=request, retry_after=max(0.0, left))

    def leave(self, *, works: bool | None) -> None:
        """End a request that was let through.

        Args:
            works: Whether the server does its work; None if that did not show.
        """
        with self._lock:
            self._trying = False
            if works:
                self._failed, self._until = 0, None
            elif works is False:
                self._failed += 1
                if self._most is not None and self._failed >= self._most:
                    self._until = self._clock() + self._seconds
