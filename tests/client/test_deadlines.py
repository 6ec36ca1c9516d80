"""A deadline for a whole call, on both shells: what drips, what never comes, what is asked again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from raw import RawServer, Script, dripping, reply
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    AsyncXcapClient,
    ConnectionFailed,
    DeadlineExceeded,
    InvalidInput,
    Network,
    ServerError,
    TimedOut,
    XcapClient,
)

ALICE = "sip:alice@example.org"
BOOK = (
    b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="friends"/></resource-lists>'
)
FOUND = reply("200 OK", BOOK, 'ETag: "1"')


def slow(begin: int) -> Script:
    return lambda request: dripping(FOUND, begin)


def silent(request: bytes) -> Iterator[bytes | float]:
    yield 20.0
    yield FOUND


async def get_async(root: str, **options: Any) -> None:
    async with AsyncXcapClient(root, user=ALICE, **options) as xcap:
        await xcap.resource_lists.get()


def get(root: str, **options: Any) -> None:
    with XcapClient(root, user=ALICE, **options) as xcap:
        xcap.resource_lists.get()


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("script", [slow(12), slow(len(FOUND) - len(BOOK)), slow(0), silent])
def test_replies_that_take_too_long_are_ended(script: Script, asynchronous: bool) -> None:
    with RawServer(script) as server, pytest.raises(DeadlineExceeded, match=r"0\.5 s .* unknown") as caught:
        if asynchronous:
            asyncio.run(get_async(server.root, deadline=0.5))
        else:
            get(server.root, deadline=0.5)
    assert caught.value.sent
    assert isinstance(caught.value, TimedOut)
    assert len(server.got) == 1, "not asked again"


def test_what_drips_in_the_body_is_ended_with_an_http_client_of_ones_own_too() -> None:
    script = slow(len(FOUND) - len(BOOK))
    with RawServer(script) as server, httpx.Client() as http, pytest.raises(DeadlineExceeded):
        get(server.root, deadline=0.5, http=http)


def test_calls_in_time_are_not_touched() -> None:
    with RawServer(lambda request: iter([FOUND])) as server:
        get(server.root, deadline=30)
        asyncio.run(get_async(server.root, deadline=30))
    assert len(server.got) == 2


def failing(request: bytes) -> Iterator[bytes | float]:
    yield reply("503 Service Unavailable", b"", "Retry-After: 5")


def test_a_pause_that_would_take_too_long_is_not_begun() -> None:
    with RawServer(failing) as server, pytest.raises(ServerError) as caught:
        get(server.root, deadline=3)
    assert caught.value.retry_after == 5
    assert len(server.got) == 1


def lost_writes(request: bytes) -> Iterator[bytes | float]:
    yield 20.0 if request.startswith(b"PUT") else FOUND


def test_a_save_has_one_deadline_for_all_its_requests() -> None:
    with RawServer(lost_writes) as server, XcapClient(server.root, user=ALICE, timeout=0.3) as xcap:
        document = xcap.within(1).resource_lists.get()
        document.model.lists["friends"].label = "Friends"
        with pytest.raises(TimedOut) as caught:  # a PUT, a look, a PUT, a look, and no time for a third
            document.save()
        assert caught.value.document is document
        assert document.etag == '"1"'
        assert 1 <= len([each for each in server.got if each.startswith(b"PUT")]) <= 3


def test_deadlines_of_single_calls_share_everything_else() -> None:
    with RawServer(lambda request: iter([FOUND])) as server, XcapClient(server.root, user=ALICE) as xcap:
        hurried = xcap.within(5)
        assert type(hurried) is XcapClient
        hurried.resource_lists.get()
        hurried.close()
        xcap.of("sip:bob@example.org").within(5).resource_lists.get()
        xcap.resource_lists.get()
        assert [b'If-None-Match: "1"' in each for each in server.got] == [False, False, True]
    assert hurried.root == xcap.root


def test_a_deadline_counts_for_connecting_too() -> None:
    with RawServer(lambda request: iter([FOUND])) as server:
        pass
    with pytest.raises(ConnectionFailed):
        get(server.root, deadline=5)
    with pytest.raises(ConnectionFailed):
        asyncio.run(get_async(server.root, deadline=5, network=Network(tries=1)))


@pytest.mark.parametrize("host", ["a..example", f"{'a' * 64}.example"])
def test_a_host_that_cannot_be_is_not_connected_to(host: str) -> None:
    once = Network(tries=1)
    with pytest.raises(ConnectionFailed):
        get(f"http://{host}", deadline=5, network=once)
    with pytest.raises(ConnectionFailed):
        asyncio.run(get_async(f"http://{host}", deadline=5, network=once))


def test_without_time_nothing_is_sent() -> None:
    def too_slow(book: ResourceLists) -> None:
        threading_wait()
        book.lists["friends"].label = "Friends"

    with RawServer(lambda request: iter([FOUND])) as server, XcapClient(server.root, user=ALICE) as xcap:

        def threading_wait() -> None:
            server.stopped.wait(0.4)

        with pytest.raises(DeadlineExceeded, match="was not sent") as caught:
            xcap.within(0.3).resource_lists.update(too_slow)
        assert not caught.value.sent
        assert [each[:3] for each in server.got] == [b"GET"]


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), True, "5"])
def test_what_is_no_deadline(seconds: Any) -> None:
    with pytest.raises(InvalidInput, match="nothing was sent"):
        XcapClient("http://127.0.0.1/", deadline=seconds)
    with XcapClient("http://127.0.0.1/") as xcap, pytest.raises(InvalidInput):
        xcap.within(seconds)


def test_a_timeout_of_ones_own_is_no_deadline() -> None:
    """What a function of the user's raises is passed on as it is."""

    def fails(book: ResourceLists) -> None:
        raise TimeoutError("mine")

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE, deadline=30) as xcap:
            await xcap.resource_lists.update(fails)

    with RawServer(lambda request: iter([FOUND])) as server, pytest.raises(TimeoutError, match="mine"):
        asyncio.run(run(server.root))


ELSEWHERE = reply(
    "200 OK",
    b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="friends">'
    b'<external anchor="https://elsewhere.example.com/xcap/resource-lists/users/sip:z@e/index'
    b'/~~/resource-lists/list%5B1%5D"/></list></resource-lists>',
    'ETag: "1"',
)


def test_functions_of_the_users_are_ended_too() -> None:
    async def slow(uri: str) -> bytes:
        await asyncio.sleep(20)
        return BOOK

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE, deadline=0.3) as xcap:
            await xcap.resource_lists.resolve(elsewhere=slow)

    late = pytest.raises(DeadlineExceeded, match=r"0\.3 s for the whole call .* function .* in time")
    with RawServer(lambda request: iter([ELSEWHERE])) as server, late as caught:
        asyncio.run(run(server.root))
    assert str(caught.value).startswith("'https://elsewhere.example.com/xcap/")
    assert caught.value.sent, "the request before it, which was answered"


def test_how_a_function_of_the_users_ends_is_no_end_of_the_call() -> None:
    nothing = iter(list[bytes]())
    with (
        RawServer(lambda request: iter([ELSEWHERE])) as server,
        XcapClient(server.root, user=ALICE) as xcap,
        pytest.raises(RuntimeError, match="StopIteration"),
    ):
        xcap.resource_lists.resolve(elsewhere=lambda uri: next(nothing))
