"""A save that is cancelled, wherever it is, leaves the document in hand so that it can be saved again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from test_deadlines import ALICE, BOOK, FOUND

from raw import Piece, RawServer, reply
from xcap_sdk import AsyncXcapClient, Network

THEIRS = BOOK.replace(b"</resource-lists>", b'<list name="theirs"/></resource-lists>')
MERGED = THEIRS.replace(b'"friends"/>', b'"friends"><display-name>Mine</display-name></list>')
STEPS = [
    reply("412 Precondition Failed"),
    reply("200 OK", THEIRS, 'ETag: "2"'),
    reply("503 Service Unavailable"),
    reply("200 OK", THEIRS, 'ETag: "2"'),
    reply("200 OK", b"", 'ETag: "3"'),
]
"""To a PUT, a GET after it, the PUT of the merge, a GET after that, and the PUT again."""


@pytest.mark.parametrize("stuck", range(len(STEPS)))
def test_wherever_a_save_is_cancelled_it_can_be_made_again(stuck: int) -> None:
    hangs = threading.Event()
    answers = iter([FOUND, *STEPS[:stuck], None])

    def script(request: bytes) -> Iterator[Piece]:
        answer = next(answers, b"")
        if answer is None:
            hangs.set()
            yield 20.0
        elif answer:
            yield answer
        elif request.startswith(b"GET"):
            yield reply("200 OK", THEIRS, 'ETag: "2"')
        else:
            yield STEPS[-1] if b'If-Match: "2"' in request else STEPS[0]

    async def run(server: RawServer) -> None:
        async with AsyncXcapClient(server.root, user=ALICE) as xcap:
            document = await xcap.resource_lists.get()
            book = document.model
            book.lists["friends"].label = "Mine"
            task = asyncio.ensure_future(document.save())
            await asyncio.to_thread(hangs.wait, 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert document.model is book
            assert (document.etag, document.xml) == ('"1"', BOOK)
            assert book.lists["friends"].label == "Mine"
            report = await document.save()
            assert (report.etag, report.merged, document.xml) == ('"3"', True, MERGED)

    with RawServer(script) as server:
        asyncio.run(run(server))
    assert server.got[-1].endswith(MERGED)


@pytest.mark.parametrize("secret", [None, ("alice", "secret")])
def test_no_cancelled_call_costs_a_connection(secret: tuple[str, str] | None) -> None:
    """Cancelled between any two of their steps, wherever in httpx and httpcore those are."""

    def script(request: bytes) -> Iterator[Piece]:
        if secret and b"\r\nAuthorization:" not in request:
            yield reply("401 Unauthorized", b"", 'WWW-Authenticate: Basic realm="x"')
        else:
            yield FOUND

    async def run(root: str) -> None:
        options = {"user": ALICE, "auth": secret, "network": Network(connections=2, tries=1)}
        async with AsyncXcapClient(root, **options, deadline=20) as xcap:
            for steps in range(400):
                calls = [asyncio.ensure_future(xcap.resource_lists.get()) for _ in range(steps % 3 + 1)]
                for _ in range(steps):
                    await asyncio.sleep(0)
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)
            both = [xcap.resource_lists.get() for _ in range(2)]
            assert [document.etag for document in await asyncio.gather(*both)] == ['"1"', '"1"']

    with RawServer(script) as server:
        asyncio.run(run(server.root))


def test_no_connection_is_lost_to_who_is_waiting() -> None:
    """A call that waits for a connection gets the one that was lost to a cancelled call."""

    async def run(root: str) -> None:
        network = Network(connections=1, tries=1)
        async with AsyncXcapClient(root, user=ALICE, network=network, deadline=20) as xcap:
            for steps in range(300):
                first = asyncio.ensure_future(xcap.resource_lists.get())
                second = asyncio.ensure_future(xcap.resource_lists.get())
                for _ in range(steps):
                    await asyncio.sleep(0)
                first.cancel()
                await asyncio.gather(first, return_exceptions=True)
                assert (await second).etag == '"1"'

    with RawServer(lambda request: [FOUND]) as server:
        asyncio.run(run(server.root))
