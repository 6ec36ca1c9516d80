"""Connections of the SDK's own HTTP clients: how many there are, and which request gets which."""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from raw import End, Piece, RawServer, reply
from xcap_sdk import AsyncXcapClient, Network, XcapClient
from xcap_sdk.transport import pooling

ALICE = "sip:alice@example.org"
BOOK = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
FOUND = reply("200 OK", BOOK, 'ETag: "1"')


class Connections:
    """Counts the connections of a RawServer."""

    def __init__(self) -> None:
        self.count = 0

    def __iter__(self) -> Iterator[Piece]:
        self.count += 1
        return iter(())


def found(request: bytes) -> Iterator[Piece]:
    yield FOUND


def found_once(request: bytes) -> Iterator[Piece]:
    yield FOUND
    yield End.CLOSE


def test_many_tasks_share_the_connections_there_may_be_and_all_are_kept() -> None:
    opened = Connections()

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE, network=Network(connections=30)) as xcap:
            for _ in range(2):
                documents = await asyncio.gather(*(xcap.resource_lists.get(f"{n}") for n in range(60)))
                assert [document.etag for document in documents] == ['"1"'] * 60

    with RawServer(found, first=opened) as server:
        asyncio.run(run(server.root))
        assert len(server.got) == 120
    assert 0 < opened.count <= 30, "httpx alone would keep 20 of them, and open one for each further request"


def test_many_threads_share_the_connections_there_may_be() -> None:
    opened = Connections()
    network = Network(connections=3)
    with (
        RawServer(found, first=opened) as server,
        XcapClient(server.root, user=ALICE, network=network) as xcap,
    ):
        threads = [threading.Thread(target=xcap.resource_lists.get, args=(f"{n}",)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.got) == 12
    assert 0 < opened.count <= 3


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    opened = Connections()
    with RawServer(found_once, first=opened) as server, XcapClient(server.root, user=ALICE) as xcap:
        for number in range(3):
            xcap.resource_lists.get(f"{number}")
            time.sleep(0.05)  # until the end of the connection has come
        assert len(server.got) == opened.count == 3


def test_a_connection_of_another_origin_makes_room() -> None:
    with RawServer(found) as elsewhere:
        origin = elsewhere.root.removesuffix("/xcap-root")
        moved = reply("307 Temporary Redirect", b"", f"Location: {elsewhere.root}/there")
        network = Network(connections=1, redirect_origins=(origin,))
        with (
            RawServer(lambda request: iter([moved])) as server,
            XcapClient(server.root, user=ALICE, network=network, deadline=20) as xcap,
        ):
            for number in range(2):
                assert xcap.resource_lists.get(f"{number}").etag == '"1"'
            assert len(server.got) == len(elsewhere.got) == 2


def test_what_was_idle_for_long_is_closed_though_another_connection_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("xcap_sdk.transport.network.KEPT", 0.1)
    monkeypatch.setattr(pooling, "_SWEEP", 0.05)

    async def run(root: str) -> None:
        async with AsyncXcapClient(root, user=ALICE) as xcap:
            await asyncio.gather(*(xcap.resource_lists.get(f"{n}") for n in range(5)))
            held: Any = xcap
            (pool,) = pooling.pools_of(held._transport._http)
            assert len(pool.connections) == 5
            await asyncio.sleep(0.2)
            await xcap.resource_lists.get()
            assert len(pool.connections) == 1

    with RawServer(found) as server:
        asyncio.run(run(server.root))


@pytest.mark.parametrize(
    ("root", "redirects", "trusts"),
    [
        ("http://xcap.example.org", (), False),
        ("https://xcap.example.org", (), True),
        ("http://xcap.example.org", ("https://xcap.example.org",), True),
        ("http://xcap.example.org", ("http://other.example.org",), False),
    ],
)
def test_authorities_are_loaded_where_something_may_go_over_tls(
    root: str, redirects: tuple[str, ...], *, trusts: bool
) -> None:
    network = Network(redirect_origins=redirects)
    for client in (XcapClient(root, network=network), AsyncXcapClient(root, network=network)):
        held: Any = client
        (pool,) = pooling.pools_of(held._transport._http)
        context: ssl.SSLContext = pool._ssl_context
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
        assert bool(context.cert_store_stats()["x509_ca"]) is trusts
