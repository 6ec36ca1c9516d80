"""The two shells over httpx: what goes out, which failures are which, and what is never done."""

from __future__ import annotations

import asyncio
import gzip
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from http.cookiejar import Cookie, CookieJar
from typing import Any

import httpx
import pytest
from dictionary import ROOT

from xcap_sdk.auth import OriginGuard
from xcap_sdk.client import XcapClient
from xcap_sdk.errors import (
    ConnectionFailed,
    ConnectionLost,
    ConnectionsBusy,
    InvalidAddress,
    InvalidInput,
    TimedOut,
    TransportError,
    UnexpectedReply,
)
from xcap_sdk.flows.conversation import Flow, Pause
from xcap_sdk.protocol.conditions import Match
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.transport import AsyncTransport, Network, Transport, Wire

URI = (
    f"{ROOT.uri}/resource-lists/users/sip:alice@example.org/in%20dex/~~/a%5B@b=%22c%2Fd%3F~%25%22%5D"
    "?xmlns(p=urn:x%5B1%5D)xmlns(q=http://q)"
)
GET = Request("GET", URI)
Handler = Callable[[httpx.Request], httpx.Response]


def ask(request: Request = GET) -> Flow[Response]:
    response = yield request
    assert response is not None
    return response


class Shells:
    """Runs a flow on both shells and compares."""

    def __init__(self, handler: Handler, *, wire: Wire | None = None, **options: Any) -> None:
        self.handler = handler
        self.wire = wire or Wire(ROOT, None, None)
        self.options = options

    def run(self, make: Callable[[], Flow[Any]]) -> Any:
        http = httpx.Client(transport=httpx.MockTransport(self.handler), **self.options)
        sync = self._outcome(lambda: Transport(self.wire, http, None).run(make()))

        async def asynchronously() -> Any:
            other = httpx.AsyncClient(transport=httpx.MockTransport(self.handler), **self.options)
            return await AsyncTransport(self.wire, other, None).run(make())

        parallel = self._outcome(lambda: asyncio.run(asynchronously()))
        if isinstance(sync, Exception):
            assert (type(sync), str(sync)) == (type(parallel), str(parallel))
            raise sync
        assert sync == parallel
        return sync

    @staticmethod
    def _outcome(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error


def test_the_request_goes_out_as_it_is_whatever_the_client_was_told() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(
            200, headers=[("ETag", '"1"'), ("Allow", "GET"), ("allow", "PUT")], content=b"<x/>"
        )

    shells = Shells(
        handler,
        wire=Wire(ROOT, None, {"X-Tenant": "t"}),
        base_url="https://elsewhere.example.org/base",
        params={"a": "b"},
        headers={"User-Agent": "phone", "X-Tenant": "other"},
        cookies={"sticky": "1"},
    )
    put = Request("PUT", URI, (("If-Match", '"1"'), ("Content-Type", "application/xcap-el+xml")), b"<b/>")
    response = shells.run(lambda: ask(put))
    assert (response.status, response.etag, response.headers["allow"], response.body) == (
        200,
        '"1"',
        "GET, PUT",
        b"<x/>",
    )
    for request in seen:
        assert f"https://xcap.example.org{request.url.raw_path.decode()}" == URI
        assert request.method == "PUT"
        assert request.content == b"<b/>"
        headers = request.headers
        assert headers["Content-Length"] == "4", "never chunked: one server hangs on that"
        assert headers["User-Agent"] == "phone"
        assert headers["X-Tenant"] == "t"
        assert headers["If-Match"] == '"1"'
        assert headers["Content-Type"] == "application/xcap-el+xml"
        assert headers["Cookie"] == "sticky=1"
        assert headers["Accept-Encoding"] == "identity"
        assert headers["Host"] == "xcap.example.org"


def test_own_clients_have_a_name_and_a_timeout() -> None:
    transport = Transport(Wire(ROOT, None, None), None, None)
    assert transport._timeout == httpx.Timeout(10)  # pyright: ignore[reportPrivateUsage]
    assert transport._http.headers["User-Agent"] == "xcap-sdk"  # pyright: ignore[reportPrivateUsage]
    transport.close()
    other = Transport(Wire(ROOT, None, None), None, 3)
    assert other._timeout == httpx.Timeout(3)  # pyright: ignore[reportPrivateUsage]
    other.close()


FAILURES: list[tuple[type[Exception], type[TransportError]]] = [
    (httpx.ConnectError, ConnectionFailed),
    (httpx.ConnectTimeout, ConnectionFailed),
    (httpx.PoolTimeout, ConnectionsBusy),
    (httpx.ProxyError, ConnectionFailed),
    (httpx.UnsupportedProtocol, ConnectionFailed),
    (httpx.ReadTimeout, TimedOut),
    (httpx.WriteTimeout, TimedOut),
    (httpx.ReadError, ConnectionLost),
    (httpx.WriteError, ConnectionLost),
    (httpx.CloseError, ConnectionLost),
    (httpx.RemoteProtocolError, ConnectionLost),
    (httpx.LocalProtocolError, ConnectionLost),
    (httpx.DecodingError, ConnectionLost),
]


@pytest.mark.parametrize(("raised", "expected"), FAILURES)
@pytest.mark.parametrize("text", ["", "why"])
def test_failures_are_told_apart(raised: Any, expected: type[TransportError], text: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise raised(text)

    with pytest.raises(TransportError) as caught:
        Shells(handler).run(ask)
    assert type(caught.value) is expected
    assert caught.value.request == GET
    assert str(caught.value).startswith("GET https://xcap.example.org/")
    known = "nothing was sent" if issubclass(expected, ConnectionFailed) else "unknown"
    assert known in str(caught.value)


SECRET = "s3cr3t"


def everything(error: BaseException | None) -> str:
    """What a traceback would show."""
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", f"Bearer {SECRET}\n"),
        ("Authorization", f" Bearer {SECRET}"),
        ("X-Token", f"{SECRET}\r\nX-Evil: 1"),
        ("X-Token", f"{SECRET}é"),
        ("X-Token", f"{SECRET}\0"),
        ("X-Token", SECRET.encode()),
        ("X Token", "a"),
        ("X-Token:", "a"),
        ("", "a"),
        (b"X", "a"),
    ],
)
def test_header_fields_that_cannot_be_sent_are_refused_at_once_and_never_shown(name: Any, value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"nothing was sent|Nothing was sent") as caught:
        XcapClient(ROOT.uri, headers={name: value})
    assert SECRET not in everything(caught.value)


@pytest.mark.parametrize("value", ["", "a", "a b\tc", 'a;b="c"'])
def test_other_header_fields_are_sent(value: str) -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["X-Tenant"])
        return httpx.Response(200)

    Shells(handler, wire=Wire(ROOT, None, {"X-Tenant": value})).run(ask)
    assert seen == [value] * 2


class BadToken(httpx.Auth):
    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {SECRET}\n"
        yield request


def test_fields_of_the_http_client_and_of_other_credentials_are_checked_too() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise AssertionError("sent")

    for shells in (
        Shells(handler, headers={"Authorization": f"Bearer {SECRET}\n"}),
        Shells(handler, auth=BadToken()),
        Shells(handler, wire=Wire(ROOT, BadToken(), None)),
    ):
        with pytest.raises(InvalidInput, match="Authorization cannot be sent") as caught:
            shells.run(ask)
        assert SECRET not in everything(caught.value)


def test_what_httpx_says_of_header_fields_is_not_passed_on() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Illegal header value b'Bearer {SECRET}'")

    with pytest.raises(InvalidInput, match="header field") as caught:
        Shells(handler).run(ask)
    assert SECRET not in everything(caught.value)

    def other(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Too much of {SECRET}")

    with pytest.raises(ConnectionLost) as lost:
        Shells(other).run(ask)
    assert SECRET not in everything(lost.value)


@pytest.mark.parametrize(
    "auth", [("al\r\nX: 1", SECRET), ("al\x85", SECRET), ("a", f"{SECRET}\ud800"), ("\ud800", SECRET)]
)
def test_credentials_that_cannot_be_sent_are_refused_at_once(auth: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match="auth=") as caught:
        XcapClient(ROOT.uri, auth=auth)
    assert SECRET not in everything(caught.value)


@pytest.mark.parametrize("auth", [SECRET, (SECRET,), ("a", SECRET, "b"), ("a", SECRET.encode()), 5])
def test_what_are_no_credentials(auth: Any) -> None:
    with pytest.raises(InvalidInput, match="auth=") as caught:
        XcapClient(ROOT.uri, auth=auth)
    assert SECRET not in everything(caught.value)


def test_a_uri_too_long_for_httpx_is_refused() -> None:
    with pytest.raises(InvalidAddress, match="nothing was sent") as caught:
        Shells(lambda request: httpx.Response(200)).run(lambda: ask(Request("GET", URI + "a" * 70_000)))
    assert len(str(caught.value)) < 500


NO_NAME = "http://xn--zzzzzzz---.invalid"


def test_a_name_that_idna_does_not_know_is_refused() -> None:
    with pytest.raises(InvalidAddress, match="nothing was sent"):
        Shells(lambda request: httpx.Response(200)).run(lambda: ask(Request("GET", f"{NO_NAME}/x")))


def test_a_redirect_to_such_a_name_is_not_followed() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": f"{NO_NAME}/x"})

    with pytest.raises(ConnectionLost, match="the connection broke"):  # httpx looks where it leads
        Shells(handler).run(ask)


def test_the_bytes_of_an_etag_go_back_as_they_came() -> None:
    seen: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.extend(value for name, value in request.headers.raw if name in {b"If-Match", b"If-None-Match"})
        return httpx.Response(200, headers=[(b"ETag", b'"\xc3\xa9\xe9\x85"')])

    def flow() -> Flow[None]:
        etag = (yield from ask()).etag
        assert etag is not None
        yield Request("GET", URI, (("If-None-Match", etag),))
        yield Request("PUT", URI, Match(etag).headers(), b"")

    Shells(handler).run(flow)
    assert set(seen) == {b'"\xc3\xa9\xe9\x85"'}
    assert len(seen) == 4
    with pytest.raises(InvalidInput):
        Shells(handler).run(lambda: ask(Request("GET", URI, (("If-None-Match", '"€"'),))))


class Breaks(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that stops in the middle."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"<x"
        raise httpx.ReadError("reset")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"<x"
        raise httpx.ReadError("reset")


def test_a_body_that_breaks_off_is_a_lost_connection() -> None:
    with pytest.raises(ConnectionLost, match="reset"):
        Shells(lambda request: httpx.Response(200, stream=Breaks())).run(ask)


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body without end."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 1000

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000


def test_a_reply_without_end_is_given_up() -> None:
    shells = Shells(
        lambda request: httpx.Response(200, stream=Endless()),
        wire=Wire(ROOT, None, None, Network(max_reply=9_999)),
    )
    with pytest.raises(UnexpectedReply, match="9,999 bytes"):
        shells.run(ask)
    whole = Shells(
        lambda request: httpx.Response(200, content=b"12"), wire=Wire(ROOT, None, None, Network(max_reply=2))
    )
    assert whole.run(ask).body == b"12"


class Packed(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A small body that unpacks to a megabyte."""

    def __init__(self) -> None:
        self.closed = False
        self.packed = gzip.compress(b"x" * 1_000_000)

    def __iter__(self) -> Iterator[bytes]:
        yield self.packed

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.packed

    def close(self) -> None:
        self.closed = True

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip", "GZIP", "deflate", "unheard-of"])
def test_compressed_replies_are_not_unpacked(coding: str) -> None:
    bodies: list[Packed] = []

    def handler(request: httpx.Request) -> httpx.Response:
        bodies.append(Packed())
        return httpx.Response(200, headers={"Content-Encoding": coding}, stream=bodies[-1])

    with pytest.raises(UnexpectedReply, match="compressed") as caught:
        Shells(handler).run(ask)
    assert (caught.value.status, caught.value.response.body) == (200, b"")
    assert [body.closed for body in bodies] == [True, True]


class Nothing(httpx.SyncByteStream, httpx.AsyncByteStream):
    """No body."""

    def __iter__(self) -> Iterator[bytes]:
        yield from ()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in ():
            yield chunk


@pytest.mark.parametrize(("status", "coding"), [(304, "gzip"), (200, "identity"), (200, "")])
def test_a_content_encoding_without_effect_is_none(status: int, coding: str) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers={"Content-Encoding": coding}, stream=Nothing())

    assert Shells(handler).run(ask).status == status


@pytest.mark.parametrize("stream", [Endless, Packed])
def test_bodies_in_the_negotiation_are_bounded_too(stream: type[Endless | Packed]) -> None:
    seen: list[str | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        headers = {"WWW-Authenticate": 'Digest realm="x", nonce="n", qop="auth"'}
        if stream is Packed:
            headers["Content-Encoding"] = "gzip"
        return httpx.Response(401, headers=headers, stream=stream())

    wire = Wire(ROOT, ("alice", "secret"), None, Network(max_reply=9_999))
    with pytest.raises(UnexpectedReply, match=r"compressed|9,999 bytes") as caught:
        Shells(handler, wire=wire).run(ask)
    assert caught.value.status == 401
    assert len(seen) == 2, "given up at the first reply"
    with pytest.raises(UnexpectedReply):
        Shells(
            handler, auth=httpx.DigestAuth("a", "b"), wire=Wire(ROOT, None, None, Network(max_reply=9_999))
        ).run(ask)


def test_redirects_are_not_followed_even_if_the_client_would() -> None:
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://evil.example.org/"})

    assert Shells(handler, follow_redirects=True).run(ask).status == 302
    assert set(seen) == {"xcap.example.org"}


def test_credentials_go_to_an_international_name() -> None:
    root = XcapRoot("https://xn--bcher-kva.example.org/r")

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers.get("Authorization", "none"))

    wire = Wire(root, httpx.BasicAuth("alice", "secret"), None)
    got = Shells(handler, wire=wire).run(lambda: ask(Request("GET", f"{root}/x")))
    assert got.body.startswith(b"Basic ")


def test_the_auth_of_the_http_client_counts_if_there_is_no_other() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers.get("Authorization", "none"))

    assert Shells(handler, auth=("a", "b")).run(ask).body.startswith(b"Basic ")
    guarded = Wire(ROOT, httpx.BasicAuth("c", "d"), None)
    assert isinstance(guarded.auth, OriginGuard)
    assert Shells(handler, auth=("a", "b"), wire=guarded).run(ask).body == b"Basic Yzpk"
    assert Shells(handler).run(ask).body == b"none"


def test_failures_are_thrown_into_the_flow() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            raise httpx.ReadError("lost")
        return httpx.Response(200)

    def flow() -> Flow[list[object]]:
        try:
            yield Request("PUT", URI)
        except ConnectionLost as error:
            pause = yield Pause(0)
            response = yield GET
            return [str(error), pause, response and response.status]
        return []

    assert Shells(handler).run(flow) == [
        "PUT https://xcap.example.org/xcap-root/resource-lists/users/sip:alice@example.org/in dex/~~/"
        'a[@b="c/d?~%"]?xmlns(p=urn:x[1])xmlns(q=http://q): the connection broke (lost); '
        "whether the server acted is unknown",
        None,
        200,
    ]


def test_flows_are_closed_when_something_else_happens() -> None:
    closed: list[bool] = []

    def flow() -> Flow[None]:
        try:
            yield GET
        finally:
            closed.append(True)

    def handler(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        Shells(handler).run(flow)
    assert closed == [True, True]


def test_a_cancelled_task_closes_its_flow() -> None:
    closed: list[bool] = []

    def flow() -> Flow[None]:
        try:
            yield Pause(60)
        finally:
            closed.append(True)

    async def cancelled() -> None:
        transport = AsyncTransport(Wire(ROOT, None, None), None, None)
        task: Awaitable[None] = asyncio.ensure_future(transport.run(flow()))
        await asyncio.sleep(0.01)
        task.cancel()  # pyright: ignore[reportAttributeAccessIssue]
        with pytest.raises(asyncio.CancelledError):
            await task
        await transport.close()

    asyncio.run(cancelled())
    assert closed == [True]


def test_only_own_http_clients_are_closed() -> None:
    given = httpx.Client()
    Transport(Wire(ROOT, None, None), given, None).close()
    assert not given.is_closed
    given.close()
    own = Transport(Wire(ROOT, None, None), None, None)
    own.close()
    assert own._http.is_closed  # pyright: ignore[reportPrivateUsage]

    async def asynchronously() -> None:
        other = httpx.AsyncClient()
        await AsyncTransport(Wire(ROOT, None, None), other, None).close()
        assert not other.is_closed
        await other.aclose()
        mine = AsyncTransport(Wire(ROOT, None, None), None, None)
        await mine.close()
        assert mine._http.is_closed  # pyright: ignore[reportPrivateUsage]

    asyncio.run(asynchronously())


class Watched(CookieJar):
    """Is iterated over under its lock only, as other threads may be filling it."""

    def __iter__(self) -> Iterator[Cookie]:
        assert self._cookies_lock._is_owned()
        return super().__iter__()


def test_cookies_are_read_under_their_lock() -> None:
    with httpx.Client(cookies=Watched()) as http:
        http.cookies.set("a", "1", domain="xcap.example.org")
        http.cookies.set("b", "\xe9", domain="xcap.example.org")
        sent = Wire(ROOT, None, None).outgoing(http, GET, httpx.Timeout(1))
    assert sent.headers["Cookie"] == "a=1"


def test_a_cookie_that_is_set_anew_takes_the_place_of_the_old_one() -> None:
    with Network().client() as http:
        jar = http.cookies
        for value in ("a" * 2500, "b" * 2500, "c" * 3000):
            jar.set("session", value, domain="xcap.example.org")
            assert jar["session"] == value
        jar.set("other", "1" * 2000, domain="xcap.example.org")
        assert "other" not in jar, "there is no room"
        jar.set("session", "d" * 5000, domain="xcap.example.org")
        assert "session" not in jar, "the old one is not what the server set"
        jar.set("other", "1" * 4000, domain="xcap.example.org")
        assert "other" in jar


def test_cookies_of_an_http_client_of_ones_own_are_its_own_matter() -> None:
    with httpx.Client(cookies={"large": "1" * 5000}) as http:
        sent = Wire(ROOT, None, None).outgoing(http, GET, httpx.Timeout(1))
    assert sent.headers["Cookie"] == f"large={'1' * 5000}"
