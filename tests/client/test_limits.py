"""How much documents may take: the client's own limits hold for all that it reads."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import AsyncXcapClient, LimitExceeded, Limits, Network, XcapClient, parse, serialize
from xcap_sdk.settings import load_settings

USER = "sip:alice@example.org"
SMALL = Limits(max_bytes=300, max_elements=5)


def book(entries: int) -> bytes:
    model = ResourceLists()
    for number in range(entries):
        model.lists.ensure("friends").entries.add(f"sip:{number}@example.org")
    return serialize(model)


class Server:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.refuses = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT" and self.refuses:
            return httpx.Response(412)
        if request.method == "PUT":
            self.body = request.content
        return httpx.Response(200, content=self.body, headers={"ETag": f'"{hash(self.body)}"'})


def client(server: Server, limits: Limits) -> XcapClient:
    http = httpx.Client(transport=httpx.MockTransport(server))
    return XcapClient("http://xcap.example.org", user=USER, http=http, network=Network(limits=limits))


def test_what_takes_more_is_refused() -> None:
    xcap = client(Server(book(9)), SMALL)
    with pytest.raises(LimitExceeded, match="300 are allowed") as raised:
        xcap.resource_lists.get()
    assert "xcap_sdk.Limits" in str(raised.value)
    assert raised.value.limit == "max_bytes"
    with pytest.raises(LimitExceeded):
        xcap.resource_lists.update(lambda book: None)
    assert client(Server(book(1)), SMALL).resource_lists.get().model.lists["friends"]


def test_what_would_take_more_is_not_sent() -> None:
    server = Server(before := book(1))
    document = client(server, SMALL).resource_lists.get()
    for number in range(1, 9):
        document.model.lists["friends"].entries.add(f"sip:{number}@example.org")
    with pytest.raises(LimitExceeded):
        document.save()
    assert server.body == before


def test_a_merge_that_would_take_more_does_not_say_that_nothing_was_sent() -> None:
    server = Server(book(1))
    document = client(server, Limits(max_elements=9)).resource_lists.get()
    for number in range(2, 7):
        document.model.lists["friends"].entries.add(f"sip:mine{number}@example.org")
    client(server, Limits()).resource_lists.update(add_five)
    server.refuses = True
    with pytest.raises(LimitExceeded, match=r"more than 9 elements.*; nothing was written"):
        document.save(strategy="document")


def add_five(book: ResourceLists) -> None:
    for number in range(5):
        book.lists["friends"].entries.add(f"sip:theirs{number}@example.org")


def test_more_than_by_default_can_be_read_looked_at_and_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xcap_sdk.documents.xml.limits_in_force", limits := _Watched())
    document = client(Server(book(9)), Limits(max_elements=2_000_000)).resource_lists.get()
    document.model.lists["friends"].label = "Friends"
    assert document.warnings == ()
    assert document.plan().operations
    assert document.save().outcome == "replaced"
    assert {each.max_elements for each in limits.seen} == {2_000_000}


class _Watched:
    def __init__(self) -> None:
        self.seen: list[Limits] = []

    def __call__(self) -> Limits:
        from xcap_sdk.documents.limits import limits_in_force

        self.seen.append(limits_in_force())
        return self.seen[-1]


def test_asynchronous_clients_have_limits_of_their_own() -> None:
    def clients(limits: Limits) -> AsyncXcapClient:
        http = httpx.AsyncClient(transport=httpx.MockTransport(Server(book(9))))
        return AsyncXcapClient(
            "http://xcap.example.org", user=USER, http=http, network=Network(limits=limits)
        )

    async def story() -> None:
        await clients(Limits()).resource_lists.get()
        with pytest.raises(LimitExceeded):
            await clients(SMALL).resource_lists.get()

    asyncio.run(story())


def test_documents_without_a_server() -> None:
    assert parse(book(9), ResourceLists).lists
    with pytest.raises(LimitExceeded, match="300 are allowed"):
        parse(book(9), ResourceLists, limits=SMALL)


def test_limits_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XCAP_ROOT", "http://xcap.example.org")
    assert load_settings(None).network == Network()
    for name in ("REPLY", "BYTES", "DEPTH", "ELEMENTS", "ATTRIBUTES"):
        monkeypatch.setenv(f"XCAP_MAX_{name}", str(10 + len(name)))
    network = load_settings(None).network
    assert (network.max_reply, network.limits) == (15, Limits(15, 15, 18, 20))
