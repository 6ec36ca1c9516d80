"""Which connection of a pool takes which request, where many are under way at once.

Whenever a request comes or ends, httpcore 1.0 goes through all connections for each request that waits, and
asks the system of each idle one whether it still stands. With a hundred connections, and as many requests
that wait for one, that takes several times as long as the requests themselves. Here a connection is asked
when it is to be used, and all of them once a second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx

_SWEEP = 1.0
"""Seconds after which connections are closed that were idle for too long, or that the server has closed."""


def pools_of(client: httpx.Client | httpx.AsyncClient) -> Iterator[Any]:
    """The connection pools of an HTTP client, those to its proxies included.

    httpx has no public way to them; where it should keep them elsewhere one day, there are none.
    """
    held: Any = client
    for transport in (held._transport, *held._mounts.values()):
        pool: object = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool | httpcore.AsyncConnectionPool):
            yield pool


def assign_quickly(client: httpx.Client | httpx.AsyncClient) -> None:
    """Let the pools of an HTTP client, which keep all of their connections, assign as this module does."""
    for pool in pools_of(client):
        if hasattr(pool, "_assign_requests_to_connections"):
            pool._assign_requests_to_connections = _Assignment(pool)


class _Assignment:
    """In place of the method of a pool that does it; called while the pool is locked."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._swept = time.monotonic()

    def __call__(self) -> list[Any]:
        """Give connections to the requests that wait; returns those to be closed."""
        closing: list[Any] = []
        now = time.monotonic()
        if now - self._swept >= _SWEEP:
            self._swept = now
            self._drop_closed()
            closing += self._drop_expired()
        full: list[Any] = []
        for request in [each for each in self._pool._requests if each.is_queued()]:
            origin = request.request.url.origin
            if origin in full:
                continue
            connection = self._available(origin, closing) or self._new(origin, closing)
            if connection is None:
                full.append(origin)  # nor is there one for the others that wait
            else:
                request.assign_to_connection(connection)
        return closing

    def _available(self, origin: Any, closing: list[Any]) -> Any:
        """A connection that can take a request at once; None if there is none."""
        for connection in list(self._pool._connections):
            if connection.can_handle_request(origin) and connection.is_available():
                if not connection.has_expired():
                    return connection
                self._pool._connections.remove(connection)
                closing.append(connection)
        return None

    def _new(self, origin: Any, closing: list[Any]) -> Any:
        """A new connection, if there may be one; in place of one that is idle, if need be."""
        pool = self._pool
        if len(pool._connections) >= pool._max_connections:
            self._drop_closed()
        if len(pool._connections) >= pool._max_connections:
            idle = next((each for each in pool._connections if each.is_idle()), None)
            if idle is None:
                return None
            pool._connections.remove(idle)
            closing.append(idle)
        connection = pool.create_connection(origin)
        pool._connections.append(connection)
        return connection

    def _drop_closed(self) -> None:
        connections = self._pool._connections
        connections[:] = [each for each in connections if not each.is_closed()]

    def _drop_expired(self) -> list[Any]:
        """What was idle for too long, or closed by the server; it is to be closed here, too."""
        expired = [each for each in self._pool._connections if each.has_expired()]
        for connection in expired:
            self._pool._connections.remove(connection)
        return expired
