"""Where connections are at home: in one process, and those of asynchronous clients in one event loop."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx

from xcap_sdk.errors import InvalidInput
from xcap_sdk.transport.network import Client

if TYPE_CHECKING:
    import asyncio


class Home:
    """An HTTP client, and the process that it works in.

    A process that is forked has the same sockets: both would read each other's replies. It gets another
    client, with the cookies.

    Args:
        http: The HTTP client.
        again: Makes another; None for a client of the user's, which is the user's matter.

    Attributes:
        http: The HTTP client at hand.
    """

    def __init__(self, http: httpx.Client, again: Callable[[], httpx.Client] | None) -> None:
        self.http: httpx.Client = http
        self._again = again
        self._process = os.getpid()

    def here(self) -> httpx.Client:
        """The HTTP client for this process."""
        if self._again is not None and self._process != os.getpid() and not self.http.is_closed:
            self.http, self._process = _moved(self.http, self._again()), os.getpid()
        return self.http


class LoopHome:
    """An HTTP client, and the event loop that it works in.

    When that loop is closed, as after ``asyncio.run``, the next one gets another client, with the cookies.

    Args:
        http: The HTTP client.
        again: Makes another; None for a client of the user's, which is the user's matter.

    Attributes:
        http: The HTTP client at hand.
    """

    def __init__(self, http: httpx.AsyncClient, again: Callable[[], httpx.AsyncClient] | None) -> None:
        self.http: httpx.AsyncClient = http
        self._again = again
        self._loop: asyncio.AbstractEventLoop | None = None

    def here(self) -> httpx.AsyncClient:
        """The HTTP client for the event loop that runs.

        Raises:
            InvalidInput: It works in another one.
        """
        import asyncio

        loop = asyncio.get_running_loop()
        if self._loop is None:
            self._loop = loop
        if self._again is None or self._loop is loop or self.http.is_closed:
            return self.http
        if not self._loop.is_closed():
            raise InvalidInput(
                "this AsyncXcapClient works in another event loop, and its connections with it: make one "
                "for each loop; nothing was sent"
            )
        self.http, self._loop = _moved(self.http, self._again()), loop
        return self.http

    async def close(self) -> None:
        """Close the connections; those of a loop that is closed are closed already."""
        try:
            await self.http.aclose()
        except RuntimeError:
            if self._loop is None or not self._loop.is_closed():
                raise


def _moved(before: httpx.Client | httpx.AsyncClient, http: Client) -> Client:
    """An HTTP client with the cookies of another one."""
    for cookie in before.cookies.jar:
        http.cookies.jar.set_cookie(cookie)
    return http
