"""How a server is reached: redirects, a circuit, HTTP/2, connections; and what becomes of a cancelled save."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from dictionary import ROOT, Dictionary, lost, session
from test_deadlines import ALICE, BOOK, FOUND
from test_flows import INDEX, edited, opened, with_book

from raw import RawServer
from xcap_sdk import (
    AsyncXcapClient,
    BearerAuth,
    ConnectionFailed,
    ConnectionLost,
    ConnectionsBusy,
    DeadlineExceeded,
    Forbidden,
    InvalidInput,
    Network,
    ServerDown,
    ServerError,
    TimedOut,
    UnexpectedReply,
    XcapClient,
)
from xcap_sdk.flows.circuit import Circuit
from xcap_sdk.flows.saving import save
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.protocol.redirects import origin_of

MOVED = "https://xcap.example.org/new/index"


def to(location: str, status: int = 307) -> Response:
    return Response(status, Headers([("Location", location)]))


def moved(server: Dictionary, location: str, status: int = 307) -> None:
    """The document is elsewhere; what asks for it here is sent there."""
    server.documents[MOVED] = server.documents.pop(INDEX.uri)
    server.versions[MOVED] = server.versions.pop(INDEX.uri)
    server.before = [lambda request: to(location, status) if request.uri == INDEX.uri else None] * 50


@pytest.mark.parametrize("location", [MOVED, "/new/index", "//xcap.example.org/new/index", f"{MOVED}#x"])
@pytest.mark.parametrize("status", [307, 308])
def test_redirects_within_the_origin_are_followed(location: str, status: int) -> None:
    server = with_book()
    moved(server, location, status)
    report = server.run(save(edited(server)))
    assert (report.outcome, report.etag) == ("replaced", '"2"')
    assert [request.uri for request in server.log] == [INDEX.uri, MOVED] * 2
    assert server.log[2].headers == server.log[3].headers
    assert server.log[2].body == server.log[3].body


@pytest.mark.parametrize("status", [301, 302, 303])
def test_only_a_get_follows_what_would_change_the_method(status: int) -> None:
    server = with_book()
    moved(server, MOVED, status)
    held = edited(server)
    with pytest.raises(UnexpectedReply, match="not followed"):
        server.run(save(held))
    assert [request.method for request in server.log] == ["GET", "GET", "PUT"]


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example.org/x",
        "http://xcap.example.org/x",
        "https://xcap.example.org:8443/x",
        "https://a:b@xcap.example.org/x",
        "https://xcap.example.org:x/",
        "https://[::1/x",
        "ftp://xcap.example.org/x",
        "/é",
        "/a b",
        "",
    ],
)
def test_other_redirects_are_told(location: str) -> None:
    server = with_book(before=[lambda request: to(location)])
    with pytest.raises(UnexpectedReply, match="307"):
        opened(server)
    assert len(server.log) == 1


def test_redirects_in_a_circle_come_to_an_end() -> None:
    server = with_book(before=[lambda request: to(INDEX.uri)] * 99)
    with pytest.raises(UnexpectedReply):
        opened(server)
    assert len(server.log) == 6


def test_redirects_to_an_origin_that_is_allowed_carry_no_secrets() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.host == "xcap.example.org":
            return httpx.Response(307, headers={"Location": "https://other.example.org/index"})
        return httpx.Response(200, content=BOOK, headers={"ETag": '"1"'})

    options: dict[str, Any] = {
        "cookies": {"sticky": "1"},
        "headers": {"X-Mine": "1"},
        "transport": httpx.MockTransport(handler),
    }
    network = Network(redirect_origins=("https://OTHER.example.org:443/",))
    for credentials in ({"auth": BearerAuth("t")}, {}):
        http = httpx.Client(auth=("a", "b"), **options)
        with XcapClient(
            ROOT.uri,
            user=ALICE,
            http=http,
            network=network,
            headers={"X-Token": "t"},
            intended_identity=ALICE,
            **credentials,
        ) as xcap:
            xcap.resource_lists.get()
    assert [request.url.host for request in seen] == ["xcap.example.org", "other.example.org"] * 2
    for request in seen[::2]:
        assert {"authorization", "cookie", "x-mine", "x-token"} <= set(request.headers)
    for request in seen[1::2]:
        assert set(request.headers) == {"host", "user-agent", "accept-encoding"}


@pytest.mark.parametrize(
    "origin", ["", "other.example.org", "https://a@b", "https://a/b", "ftp://a", "https://a:b"]
)
def test_what_are_no_origins(origin: str) -> None:
    with pytest.raises(InvalidInput, match="redirect_origins"):
        Network(redirect_origins=(origin,))
    assert origin_of("https://A.example.org/x") == ("https", "a.example.org", 443)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


DOWN = [
    lost(ConnectionFailed),
    lost(TimedOut),
    lambda request: Response(503),
    lambda request: DeadlineExceeded("late", request=request),
]


@pytest.mark.parametrize("fault", DOWN)
def test_a_server_that_is_down_is_spared(fault: Any) -> None:
    clock = Clock()
    on = replace(session(), tries=1, circuit=Circuit(3, 10, clock))
    server = with_book(before=[fault] * 3)
    for _ in range(3):
        with pytest.raises((TimedOut, ConnectionFailed, ServerError)) as caught:
            opened(server, on)
        assert not isinstance(caught.value, ServerDown)
    with pytest.raises(ServerDown, match="10 s more; nothing was sent") as spared:
        opened(server, on)
    assert spared.value.retry_after == 10
    assert len(server.log) == 3
    clock.now = 10
    server.before = [fault]
    with pytest.raises((TimedOut, ConnectionFailed, ServerError)):
        opened(server, on)
    with pytest.raises(ServerDown):
        opened(server, on)
    assert len(server.log) == 4, "one request tried"
    clock.now = 20
    assert opened(server, on).version is not None
    assert opened(server, on).version is not None


def test_a_server_that_answers_is_up() -> None:
    on = replace(session(), tries=1, circuit=Circuit(2, 10, Clock()))
    server = with_book(before=[lost(ConnectionFailed), lambda request: Response(403)] * 5)
    for _ in range(5):
        with pytest.raises(ConnectionFailed):
            opened(server, on)
        with pytest.raises(Forbidden):
            opened(server, on)


def test_while_one_request_tries_others_wait() -> None:
    clock = Clock()
    circuit = Circuit(1, 10, clock)
    request = Request("GET", "/")
    circuit.enter(request)
    circuit.leave(works=False)
    clock.now = 10
    circuit.enter(request)
    with pytest.raises(ServerDown):
        circuit.enter(request)
    circuit.leave(works=None)  # it was given up: nothing showed
    circuit.enter(request)
    circuit.leave(works=True)
    circuit.enter(request)
    circuit.enter(request)


def test_what_was_not_sent_for_lack_of_time_says_nothing_of_the_server() -> None:
    on = replace(session(), circuit=Circuit(1, 10, Clock()))
    server = with_book(before=[lambda request: DeadlineExceeded("late", request=request, sent=False)])
    with pytest.raises(DeadlineExceeded):
        opened(server, on)
    assert opened(server, on).version is not None
    never = replace(session(), tries=1, circuit=Circuit(None))
    server = with_book(before=[lost(ConnectionFailed)] * 40)
    for _ in range(40):
        with pytest.raises(ConnectionFailed):
            opened(server, never)
    assert opened(server, never).version is not None


def test_a_save_that_was_lost_says_so_though_the_server_is_spared() -> None:
    on = replace(session(), circuit=Circuit(1, 10, Clock()))
    server = with_book()
    held = edited(server, on)
    server.before = [lost(ConnectionLost)]
    with pytest.raises(ConnectionLost) as caught:
        server.run(save(held))
    assert isinstance(caught.value.__cause__, ServerDown)
    assert server.methods == ["GET", "PUT"]


@pytest.mark.parametrize("name", ["tries", "max_reply", "connections", "circuit_failures"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True, "3"])
def test_numbers_that_cannot_be(name: str, value: Any) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(InvalidInput, match=name):
        Network(**options)


def test_tls_proxy_connections_and_http2_are_the_http_clients() -> None:
    context = ssl.create_default_context()
    network = Network(tls=context, proxy="http://alice:secret@127.0.0.1:9", http2=True, connections=1)
    assert "secret" not in repr(network)
    with XcapClient(ROOT.uri, network=network):
        pass
    asyncio.run(AsyncXcapClient(ROOT.uri, network=network).close())
    for options in ({"tls": context}, {"proxy": "http://a"}, {"http2": True}, {"connections": 1}):
        with httpx.Client() as http, pytest.raises(InvalidInput, match=next(iter(options))):
            XcapClient(ROOT.uri, http=http, network=Network(**options))
    with pytest.raises(InvalidInput, match="proxy=") as caught:
        XcapClient(ROOT.uri, network=Network(proxy="alice:secret@nowhere"))
    assert "secret" not in str(caught.value)


def test_requests_go_through_the_proxy() -> None:
    with RawServer(lambda request: iter([FOUND])) as proxy:
        network = Network(proxy=proxy.root.removesuffix("/xcap-root"))
        with XcapClient("http://xcap.invalid/root", user=ALICE, network=network, deadline=20) as xcap:
            xcap.resource_lists.get()
    assert proxy.got[0].startswith(b"GET http://xcap.invalid/root/resource-lists/")


@pytest.mark.parametrize(
    ("reason", "question"),
    [
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)", "is it http instead of https?"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "trust its authority: Network(tls=…)"),
        ("[Errno 111] Connection refused", "Is the server up, and the root URI right?"),
    ],
)
def test_where_no_connection_can_be_made_what_may_be_wrong_is_asked(reason: str, question: str) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(reason, request=request)

    http = httpx.Client(transport=httpx.MockTransport(refuse))
    with pytest.raises(ConnectionFailed) as raised:
        XcapClient(ROOT.uri, user=ALICE, http=http, network=Network(tries=1)).resource_lists.get()
    assert f"no connection ({reason}); nothing was sent. " in str(raised.value)
    assert str(raised.value).endswith(question)


def test_without_h2_http2_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**options: Any) -> None:
        raise ImportError

    monkeypatch.setattr("xcap_sdk.transport.network._Client", missing)
    with pytest.raises(InvalidInput, match=r"HTTP/2 needs more: pip install 'xcap-sdk\[http2\]'"):
        Network(http2=True).client()
    with pytest.raises(InvalidInput, match=r"a SOCKS proxy needs more: pip install 'httpx\[socks\]'"):
        Network(proxy="socks5://127.0.0.1:1").client()


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("there", [True, False])
def test_a_save_that_was_cancelled_can_be_made_again(arrives: bool, there: bool) -> None:
    """The PUT hangs; the task is cancelled; the document in hand is what it was, and saves all the same."""
    server = Dictionary()
    if there:
        server.store(INDEX.uri, BOOK)
    hanging: list[asyncio.Event] = []
    forever = asyncio.Event()

    async def handler(request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        headers = tuple((name.title(), value) for name, value in request.headers.items())
        wanted = tuple(each for each in headers if each[0] in {"If-Match", "If-None-Match"})
        asked = Request(request.method, INDEX.uri, wanted, content)
        if request.method == "PUT" and hanging:
            if arrives:
                server.answer(asked)
            hanging.pop().set()
            await forever.wait()
        answer = server.answer(asked)
        return httpx.Response(answer.status, headers=dict(answer.headers.items()), content=answer.body)

    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
            xcap = AsyncXcapClient(ROOT.uri, user=ALICE, http=http)
            edit = xcap.resource_lists.edit()
            book = await edit.__aenter__()
            document = edit.document
            assert document is not None
            etag = document.etag
            book.lists.ensure("friends").label = "Friends"
            arrived = asyncio.Event()
            hanging.append(arrived)
            task = asyncio.ensure_future(document.save())
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (document.model, document.etag) == (book, etag)
            assert book.lists["friends"].label == "Friends"
            report = await document.save()
            assert document.model.lists["friends"].label == "Friends"
            assert b"Friends" in server.documents[INDEX.uri]
            assert report.etag == server.etag(INDEX.uri)
            assert (await document.save()).outcome == "unchanged"
            assert server.version == there + 1, "stored once"

    asyncio.run(run())


def test_a_cancelled_call_frees_its_connection() -> None:
    def script(request: bytes) -> Iterator[bytes | float]:
        if b"/slow/" in request:
            yield 20.0
        yield FOUND

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE, network=Network(connections=1)) as xcap:
            slow = asyncio.ensure_future(xcap.resource_lists.get("slow/index"))
            await asyncio.sleep(0.1)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            assert (await xcap.within(20).resource_lists.get()).etag == '"1"'

    with RawServer(script) as server:
        asyncio.run(run(server.root))


def busy(request: bytes) -> Iterator[bytes | float]:
    yield 20.0 if b"/slow/" in request else FOUND


ONE = Network(connections=1, circuit_failures=1)


def test_threads_that_wait_for_a_connection_say_nothing_of_the_server() -> None:
    timeout = httpx.Timeout(20, pool=0.1)
    with RawServer(busy) as server, XcapClient(server.root, user=ALICE, timeout=timeout, network=ONE) as xcap:

        def slow() -> None:
            with pytest.raises(ConnectionLost):
                xcap.resource_lists.get("slow/x")

        thread = threading.Thread(target=slow)
        thread.start()
        while not server.got:
            time.sleep(0.001)
        with pytest.raises(ConnectionsBusy, match="nothing was sent"):
            xcap.resource_lists.get()
        with pytest.raises(DeadlineExceeded, match="was not sent") as late:
            xcap.within(0.05).resource_lists.get()
        assert not late.value.sent
        assert len(server.got) == 1
        server.stopped.set()
        thread.join()
        with pytest.raises(ServerDown):  # that the connection broke counts
            xcap.resource_lists.get()


def test_tasks_that_wait_for_a_connection_say_nothing_of_the_server() -> None:
    async def run(server: RawServer) -> None:
        timeout = httpx.Timeout(20, pool=0.1)
        async with AsyncXcapClient(server.root, user=ALICE, timeout=timeout, network=ONE) as xcap:
            slow = asyncio.ensure_future(xcap.resource_lists.get("slow/x"))
            while not server.got:
                await asyncio.sleep(0.001)
            with pytest.raises(ConnectionsBusy, match="nothing was sent"):
                await xcap.resource_lists.get()
            with pytest.raises(DeadlineExceeded, match="was not sent") as late:
                await xcap.within(0.05).resource_lists.get()
            assert not late.value.sent
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            assert (await xcap.resource_lists.get()).etag == '"1"'
            with pytest.raises(DeadlineExceeded) as late:
                await xcap.within(0.1).resource_lists.get("slow/x")
            assert late.value.sent
            with pytest.raises(ServerDown):
                await xcap.resource_lists.get()

    with RawServer(busy) as server:
        asyncio.run(run(server))


def test_clients_close_even_if_the_block_fails_or_is_cancelled() -> None:
    async def run(root: str) -> httpx.AsyncClient:
        client = AsyncXcapClient(root, user=ALICE)
        http: httpx.AsyncClient = client._transport._http  # pyright: ignore[reportPrivateUsage]

        async def work() -> None:
            async with client:
                await client.resource_lists.get()
                await asyncio.sleep(60)

        task = asyncio.ensure_future(work())
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return http

    with RawServer(lambda request: iter([FOUND])) as server:
        assert asyncio.run(run(server.root)).is_closed
