"""An asynchronous client in more than one event loop, as programs that call asyncio.run() again have them."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Iterator

import pytest
from test_deadlines import ALICE, FOUND

from raw import Piece, RawServer, reply
from xcap_sdk import AsyncXcapClient, ClientClosed, InvalidInput

COOKIE = "Set-Cookie: balancer=7"


def script(request: bytes) -> Iterator[Piece]:
    yield FOUND.replace(b"\r\n\r\n", f"\r\n{COOKIE}\r\n\r\n".encode(), 1)


async def etag(xcap: AsyncXcapClient) -> str | None:
    return (await xcap.resource_lists.get()).etag


def test_one_loop_after_another() -> None:
    with RawServer(script) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # nobody closed the connections of the loops before
        xcap = AsyncXcapClient(server.root, user=ALICE, deadline=20)
        for _ in range(3):
            assert asyncio.run(etag(xcap)) == '"1"'
        asyncio.run(xcap.close())
        with pytest.raises(ClientClosed):
            asyncio.run(etag(xcap))
        gc.collect()
    assert [b"\r\nCookie: balancer=7\r\n" in each for each in server.got] == [False, True, True]


def test_a_document_in_hand_is_saved_in_the_next_loop() -> None:
    def stored(request: bytes) -> Iterator[Piece]:
        yield FOUND if request.startswith(b"GET") else reply("200 OK", b"", 'ETag: "2"')

    with RawServer(stored) as server, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        xcap = AsyncXcapClient(server.root, user=ALICE, deadline=20)

        async def open_and_close() -> object:
            return await xcap.resource_lists.get()

        async def save() -> str | None:
            document.model.lists.ensure("more")
            report = await document.save()
            await xcap.close()
            return report.etag

        document: object = asyncio.run(open_and_close())
        assert asyncio.run(save()) == '"2"'
        gc.collect()


def test_two_loops_at_once_are_told() -> None:
    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE, deadline=20) as xcap:
            await etag(xcap)
            with pytest.raises(InvalidInput, match="make one for each loop; nothing was sent"):
                await asyncio.to_thread(asyncio.run, etag(xcap))
            assert await etag(xcap) == '"1"'

    with RawServer(script) as server:
        asyncio.run(run(server.root))
    assert len(server.got) == 2
