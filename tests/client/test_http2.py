"""HTTP/2 on both clients, with a server that keeps to it and one that does not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Any

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import pytest
import trustme
from test_deadlines import ALICE, BOOK

from raw import RawServer
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import AsyncXcapClient, ConnectionLost, DeadlineExceeded, Network, XcapClient

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]
"""Of the server and of the clients."""

Talk = Callable[[h2.connection.H2Connection, int, str], bytes]
"""Answers a request on a stream by its method; gives bytes to send behind it as they are."""


class Http2Server(RawServer):
    """Speaks HTTP/2; a connection with something behind an answer is closed."""

    def __init__(self, context: ssl.SSLContext, talk: Talk) -> None:
        self.talk = talk
        self.methods: list[str] = []
        super().__init__(lambda request: (), context)

    def _talk(self, connection: socket.socket) -> None:
        state = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        behind = b""
        with contextlib.suppress(h2.exceptions.ProtocolError):
            while not behind and (data := connection.recv(65536)):
                for event in state.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self.methods.append(dict(event.headers)[":method"])
                    elif isinstance(event, h2.events.StreamEnded):
                        behind = self.talk(state, event.stream_id, self.methods[-1])
                connection.sendall(state.data_to_send() + behind)


@pytest.fixture(scope="module")
def contexts() -> Contexts:
    authority = trustme.CA()
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    server.set_alpn_protocols(["h2"])
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


def network(contexts: Contexts) -> Network:
    return Network(tls=contexts[1], http2=True, tries=2, max_reply=2**20)


def answer(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    etag = '"1"' if method == "GET" else '"2"'
    state.send_headers(stream, [(":status", "200"), ("etag", etag)])
    state.send_data(stream, BOOK if method == "GET" else b"", end_stream=True)
    return b""


def test_documents_are_saved_over_http2(contexts: Contexts) -> None:
    def rename(book: ResourceLists) -> None:
        book.lists.ensure("more")

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE, network=network(contexts), deadline=20) as xcap:
            await xcap.resource_lists.update(rename)

    with Http2Server(contexts[0], answer) as server:
        with XcapClient(server.root, user=ALICE, network=network(contexts), deadline=20) as xcap:
            xcap.resource_lists.update(rename)
        asyncio.run(run(server.root))
    assert server.methods == ["GET", "PUT"] * 2


def cut_off(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    state.send_headers(stream, [(":status", "200"), ("etag", '"1"')])
    state.send_data(stream, BOOK[:20])
    state.reset_stream(stream)
    return b""


def garbage_behind(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    state.send_headers(stream, [(":status", "200"), ("etag", '"1"')])
    state.send_data(stream, BOOK[:20])
    return b"\xff" * 64


def garbage_at_once(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    return b"HTTP/1.1 400 Bad Request\r\n\r\n"


def no_number(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    state.send_headers(stream, [(":status", "OK"), ("etag", '"1"')])
    state.send_data(stream, BOOK, end_stream=True)
    return b""


def wrong_length(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    state.send_headers(stream, [(":status", "200"), ("content-length", "5")])
    state.send_data(stream, BOOK, end_stream=True)
    return b""


def garbled_fields(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    """A HEADERS frame whose block is no HPACK."""
    block = b"\xff\xff\xff\xff\xff\xff\xff\xff"
    return len(block).to_bytes(3, "big") + b"\x01\x04" + stream.to_bytes(4, "big") + block


def goes_away(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    state.close_connection()
    return state.data_to_send()


def refuses(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    state.reset_stream(stream, error_code=7)
    return b""


def is_silent(state: h2.connection.H2Connection, stream: int, method: str) -> bytes:
    return b""


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (cut_off, ConnectionLost),
        (garbage_behind, ConnectionLost),
        (garbage_at_once, ConnectionLost),
        (no_number, ConnectionLost),
        (wrong_length, ConnectionLost),
        (garbled_fields, ConnectionLost),
        (goes_away, ConnectionLost),
        (refuses, ConnectionLost),
        (is_silent, DeadlineExceeded),
    ],
)
def test_what_is_no_http2_is_an_error_of_the_sdk(
    contexts: Contexts, talk: Talk, error: type[Exception]
) -> None:
    limit = 0.5 if talk is is_silent else 20
    options: dict[str, Any] = {"user": ALICE, "network": network(contexts), "deadline": limit}

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, **options) as client:
            await client.resource_lists.get()

    with Http2Server(contexts[0], talk) as server:
        with pytest.raises(error) as blocking, XcapClient(server.root, **options) as xcap:
            xcap.resource_lists.get()
        with pytest.raises(error) as asynchronous:
            asyncio.run(run(server.root))
    assert {type(blocking.value), type(asynchronous.value)} == {error}
