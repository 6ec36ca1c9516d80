"""The HTTP around it: limits, chunks, Expect, odd requests; and what a broken storage looks like from outside."""

from __future__ import annotations

import logging
import socket

import httpx
import pytest
from server_wire import ALICE, BOOK, LISTS, Wire
from starlette.applications import Starlette
from starlette.routing import Mount

from xcap_sdk.errors import InvalidRoot
from xcap_sdk.server import RunningServer, Storage, create_app

EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'


def head(wire: Wire, method: str = "PUT", path: str = ALICE, *lines: str) -> bytes:
    fields = [
        f"{method} {wire.path}{path} HTTP/1.1",
        f"Host: {wire.netloc}",
        f"Content-Type: {LISTS}",
        *lines,
    ]
    return ("\r\n".join(fields) + "\r\n\r\n").encode()


@pytest.fixture(scope="module")
def small() -> Wire:
    with RunningServer(max_body=1000) as server, Wire(server.root) as wire:
        yield wire


def test_a_chunked_body(wire: Wire) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BOOK[:7], BOOK[7:300], BOOK[300:]))
    request = (
        head(wire, "PUT", ALICE, "Transfer-Encoding: chunked", "Connection: close") + chunks + b"0\r\n\r\n"
    )
    assert wire.exchange(request).startswith(b"HTTP/1.1 201 ")
    assert wire.get(ALICE).body == BOOK


def test_a_body_at_and_above_the_limit(small: Wire) -> None:
    fits = EMPTY + b" " * (1000 - len(EMPTY))
    assert small.put(ALICE, fits).status in {200, 201}
    refused = small.put(ALICE, fits + b" ")
    assert refused.status == 413
    assert "1000 bytes" in refused.body.decode()
    assert small.get(ALICE).body == fits


def test_a_chunked_body_above_the_limit(small: Wire) -> None:
    before = small.put(ALICE, EMPTY)
    chunk = b"200\r\n" + b" " * 0x200 + b"\r\n"
    request = (
        head(small, "PUT", ALICE, "Transfer-Encoding: chunked", "Connection: close")
        + chunk * 3
        + b"0\r\n\r\n"
    )
    assert small.exchange(request).startswith(b"HTTP/1.1 413 ")
    assert small.get(ALICE).etag == before.etag


def test_a_body_above_the_limit_is_refused_before_it_is_sent(small: Wire) -> None:
    with small.raw(head(small, "PUT", ALICE, "Content-Length: 5000", "Expect: 100-continue")) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_expect_continue(wire: Wire) -> None:
    fields = (f"Content-Length: {len(BOOK)}", "Expect: 100-continue", "Connection: close")
    with wire.raw(head(wire, "PUT", ALICE, *fields)) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BOOK)
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_no_continue_for_what_is_refused_anyway(wire: Wire) -> None:
    fields = (f"Content-Length: {len(BOOK)}", "Expect: 100-continue")
    with wire.raw(head(wire, "PUT", "/unknown/global/index", *fields)) as connection:
        assert connection.recv(1000).startswith(b"HTTP/1.1 404 ")


def test_a_client_that_goes_away_leaves_nothing(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "xcap_sdk.server")
    with wire.raw(head(wire, "PUT", ALICE, "Content-Length: 5000") + BOOK) as connection:
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1000)
    assert wire.get(ALICE).status == 404
    assert "the client went away" in caplog.text


def test_an_absolute_request_target(wire: Wire) -> None:
    wire.put(ALICE, BOOK)
    request = f"GET {wire.root}{ALICE}/~~/*/list%5b2%5d HTTP/1.1\r\nHost: {wire.netloc}\r\nConnection: close\r\n\r\n"
    assert wire.exchange(request.encode()).startswith(b"HTTP/1.1 200 ")


def test_http_1_0_without_a_host(wire: Wire) -> None:
    wire.put(ALICE, BOOK)
    assert wire.exchange(f"GET {wire.path}{ALICE} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.1 200 ")
    lost = wire.exchange(
        f"PUT {wire.path}/resource-lists/global/x/y HTTP/1.0\r\nContent-Length: 0\r\n\r\n".encode()
    )
    assert f"{wire.root}/resource-lists/global".encode() in lost


@pytest.mark.parametrize("host", ["a b", "a/b", "user@host", "[::1", "h:99999", "<x>"])
def test_a_host_that_is_none(wire: Wire, host: str) -> None:
    reply = wire.get(ALICE, Host=host)
    assert reply.status == 400
    assert "Host" in reply.body.decode()


@pytest.mark.parametrize(
    "target", ["*", "/", "/xcap-rootresource-lists/global/index", "/other", "//", "/xcap-root%2Fx"]
)
def test_outside_the_root_there_is_nothing(wire: Wire, target: str) -> None:
    request = f"OPTIONS {target} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    assert wire.exchange(request.encode()).startswith(b"HTTP/1.1 404 ")


def test_a_path_with_raw_line_ends_in_a_value(wire: Wire) -> None:
    wire.put(ALICE, EMPTY.replace(b"/>", b'><list name="a&#10;b"/></resource-lists>'))
    assert wire.get(f"{ALICE}/~~/resource-lists/list%5b@name=%22a&%2310;b%22%5d").status == 200
    assert wire.get(f"{ALICE}/~~/resource-lists/list%5b@name=%22a%0Ab%22%5d").status == 404


def test_another_root(xcap_server_factory) -> None:
    for root_path in ("/services/xcap%20root", "", "/"):
        server = xcap_server_factory(root_path=root_path)
        with Wire(server.root) as wire:
            assert wire.put(ALICE, BOOK).status == 201
            assert wire.get(ALICE).status == 200
    with Storage() as storage:
        with pytest.raises(InvalidRoot):
            create_app(storage, root_path="/a?b")
        with pytest.raises(InvalidRoot):
            create_app(storage, root_uri="ftp://x")


def test_the_root_behind_a_proxy(xcap_server_factory) -> None:
    server = xcap_server_factory(root_uri="https://xcap.example.org/")
    assert server.root == "https://xcap.example.org/"
    with httpx.Client() as client:
        url = f"http://127.0.0.1:{server.port}/xcap-root/resource-lists/global/x/y"
        reply = client.put(url, content=EMPTY, headers={"Content-Type": LISTS})
    assert b"<ancestor>https://xcap.example.org/resource-lists/global</ancestor>" in reply.content


def test_mounted_in_another_application() -> None:
    with Storage() as storage:
        outer = Starlette(routes=[Mount("/svc", create_app(storage, root_path="/xcap"))])
        import anyio

        async def talk() -> list[int]:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(outer), base_url="http://t") as client:
                url = f"http://t/svc/xcap{ALICE}"
                put = await client.put(url, content=BOOK, headers={"Content-Type": LISTS})
                got = await client.get(f"{url}/~~/*/list%5b1%5d")
                lost = await client.put(url + "/x", content=BOOK, headers={"Content-Type": LISTS})
                assert (
                    b"<ancestor>http://t/svc/xcap/resource-lists/users/sip:alice@example.org<" in lost.content
                )
                return [put.status_code, got.status_code]

        assert anyio.run(talk) == [201, 200]


def test_a_large_head_in_any_asgi_server() -> None:
    import anyio

    async def talk(storage: Storage) -> list[int]:
        transport = httpx.ASGITransport(create_app(storage, max_head=1000))
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            replies = [await client.get(f"/xcap-root{ALICE}", headers={"X": "a" * n}) for n in (100, 1000)]
            return [reply.status_code for reply in replies]

    with Storage() as storage:
        assert anyio.run(talk, storage) == [404, 431]


def test_a_broken_storage_is_a_500_and_a_busy_one_a_503(
    xcap_server_factory, tmp_path, caplog: pytest.LogCaptureFixture
) -> None:
    import sqlite3

    path = tmp_path / "xcap.sqlite"
    storage = Storage(path, busy_timeout=0.01)
    server = xcap_server_factory(storage=storage)
    with Wire(server.root) as wire:
        assert wire.put(ALICE, EMPTY).status == 201
        with sqlite3.connect(path, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            busy = wire.put(ALICE, BOOK)
            assert (busy.status, busy.headers["Retry-After"]) == (503, "1")
            assert wire.get(ALICE).body == EMPTY
            other.execute("ROLLBACK")
        other.close()
        storage._writer.execute("PRAGMA query_only = 1")
        assert wire.put(ALICE, BOOK).status == 500
        storage.close()
        broken = wire.get(ALICE)
        assert broken.status == 500
        assert "database" in broken.body.decode()
        assert str(path) not in broken.body.decode()
    assert str(path) in caplog.text


def test_a_body_that_does_not_come_is_not_waited_for_for_ever() -> None:
    with RunningServer(body_timeout=0.3) as server, Wire(server.root) as wire:
        for begun in (b"", b"<resource-lists"):
            reply = wire.exchange(head(wire, "PUT", ALICE, "Content-Length: 99") + begun)
            assert reply.startswith(b"HTTP/1.1 408 ")
            assert b"0.3 seconds" in reply
        assert wire.put(ALICE, EMPTY).status == 201
