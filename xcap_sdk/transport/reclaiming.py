"""Connections that httpcore loses where a task is cancelled between two of its steps.

It keeps those that a request was to have, or had, for busy ones for ever; when there are as many of them as
there may be connections, nothing can be sent any more.
"""

from __future__ import annotations

from typing import Any

import httpcore
import httpx

from xcap_sdk.transport.pooling import pools_of


async def reclaim(http: httpx.AsyncClient) -> None:
    """Close the connections that no request has and that none can get, so that others can be opened.

    Args:
        http: The client, one of whose requests was cancelled.
    """
    for pool in pools_of(http):
        await _reclaim(pool)


async def _reclaim(pool: Any) -> None:
    at_work = {id(request.connection) for request in pool._requests}
    lost = [each for each in pool.connections if id(each) not in at_work and _is_stuck(each)]
    for each in lost:
        pool._connections.remove(each)
    closing = pool._assign_requests_to_connections()  # others may be waiting for one
    await pool._close_connections([*lost, *closing])


def _is_stuck(connection: httpcore.AsyncConnectionInterface) -> bool:
    return not (connection.is_idle() or connection.is_closed() or connection.is_available())
