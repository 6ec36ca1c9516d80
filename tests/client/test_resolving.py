"""References followed on a server: other documents, other users, other servers, each document read once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from xcap_documents.resource_lists import External, ResourceList, ResourceLists
from xcap_sdk import (
    AsyncXcapClient,
    InvalidInput,
    NotFound,
    TransportError,
    XcapClient,
    anchor_to,
    entry_address,
    reference_to,
)
from xcap_sdk.server import RunningServer

ALICE, BOB = "sip:alice@example.org", "sip:bob@example.org"


@pytest.fixture
def xcap(xcap_server: RunningServer) -> Iterator[XcapClient]:
    with xcap_server.client(ALICE) as client:
        yield client


@pytest.fixture
def asked(xcap: XcapClient, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the requests, as they are made."""
    paths: list[str] = []
    original = httpx.Client.send

    def send(self: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        paths.append(request.url.raw_path.decode().removeprefix("/xcap-root/resource-lists/users/"))
        return original(self, request, **options)

    monkeypatch.setattr(httpx.Client, "send", send)
    return paths


def lay_down(xcap: XcapClient) -> None:
    """Alice's friends: in her document, in another one of hers, and in bob's."""
    bobs = xcap.of(BOB).resource_lists
    with bobs.edit() as book:
        team = book.lists.ensure("team")
        team.entries.add("sip:carol@example.org", display_name="Carol")
        team.entries.add("sip:dave@example.org")
    with xcap.resource_lists.edit("work") as book:
        book.lists.ensure("colleagues").entries.add("sip:erin@example.org")
        book.lists["colleagues"].externals.add(anchor_to(bobs.list_address("team")))
    with xcap.resource_lists.edit() as book:
        friends = book.lists.ensure("friends")
        friends.entry_refs.add(reference_to(entry_address(bobs.list_address("team"), "sip:dave@example.org")))
        friends.entries.add("sip:bob@example.org")
        friends.externals.add(anchor_to(xcap.resource_lists.list_address("colleagues", document="work")))
        book.lists.ensure("alone").entries.add("sip:x@example.org")


ALL = ["sip:dave@example.org", "sip:bob@example.org", "sip:erin@example.org", "sip:carol@example.org"]


def test_references_to_other_documents_and_users(xcap: XcapClient, asked: list[str]) -> None:
    lay_down(xcap)
    asked.clear()
    flat = xcap.resource_lists.resolve(list="friends")
    assert flat.uris == ALL
    assert flat.problems == ()
    assert asked == [f"{ALICE}/index", f"{BOB}/index", f"{ALICE}/work"]
    carol = flat.entries[-1]
    assert (carol.label, carol.place) == ("Carol", 'lists["team"].entries["sip:carol@example.org"]')
    assert carol.document == xcap.of(BOB).resource_lists.address()
    assert [anchor.rpartition("/")[2] for anchor in carol.via] == [
        "list%5B@name=%22colleagues%22%5D",
        "list%5B@name=%22team%22%5D",
    ]
    assert xcap.resource_lists.resolve(list="alone").uris == ["sip:x@example.org"]
    assert xcap.resource_lists.resolve().uris == [*ALL, "sip:x@example.org"]
    assert xcap.resource_lists.resolve("work").uris == [
        "sip:erin@example.org",
        "sip:carol@example.org",
        ALL[0],
    ]


def test_what_the_server_does_not_have_is_told(xcap: XcapClient, asked: list[str]) -> None:
    lay_down(xcap)
    xcap.of(BOB).resource_lists.delete()
    asked.clear()
    flat = xcap.resource_lists.resolve(list="friends")
    assert flat.uris == ["sip:bob@example.org", "sip:erin@example.org"]
    assert [problem.reason for problem in flat.problems] == ["dangling", "dangling"]
    assert asked.count(f"{BOB}/index") == 1
    assert "which is not there" in flat.problems[0].message


def test_what_cannot_be_resolved_at_all(xcap: XcapClient) -> None:
    with pytest.raises(NotFound):
        xcap.resource_lists.resolve()
    lay_down(xcap)
    with pytest.raises(InvalidInput, match="'friends', 'alone'"):
        xcap.resource_lists.resolve(list="enemies")
    with pytest.raises(InvalidInput, match="which list"):
        xcap.resource_lists.list_address()


def test_documents_that_are_refused_or_are_none() -> None:
    with RunningServer(users={"alice": "a", "bob": "b"}) as server:
        with server.client(BOB, auth=("bob", "b")) as bob, bob.resource_lists.edit() as book:
            book.lists.ensure("team").entries.add("sip:carol@example.org")
        with server.client(ALICE, auth=("alice", "a")) as alice:
            icon = f"{alice.root}/org.openmobilealliance.pres-content/users/{ALICE}/oma_status-icon/rcs_status_icon"
            alice.status_icon.upload(b"GIF89a")
            book = ResourceLists(items=[ResourceList(name="friends")])
            book.lists["friends"].externals.add(anchor_to(alice.of(BOB).resource_lists.list_address("team")))
            book.lists["friends"].externals.add(f"{icon}/~~/resource-lists/list")
            book.lists["friends"].entries.add("sip:dave@example.org")
            alice.resource_lists.create(book)
            flat = alice.resource_lists.resolve(list="friends")
    assert flat.uris == ["sip:dave@example.org"]
    assert [problem.reason for problem in flat.problems] == ["refused", "unreadable"]
    assert "403" in flat.problems[0].message


def test_circles_across_users_end(xcap: XcapClient, asked: list[str]) -> None:
    for mine, theirs in ((ALICE, BOB), (BOB, ALICE)):
        with xcap.of(mine).resource_lists.edit() as book:
            friends = book.lists.ensure("friends")
            friends.entries.add(mine)
            friends.externals.add(anchor_to(xcap.of(theirs).resource_lists.list_address("friends")))
    asked.clear()
    flat = xcap.resource_lists.resolve(list="friends")
    assert flat.uris == [ALICE, BOB]
    assert [(problem.reason, problem.document) for problem in flat.problems] == [
        ("circular", xcap.of(BOB).resource_lists.address())
    ]
    assert len(asked) == 2


def test_the_limits(xcap: XcapClient) -> None:
    lay_down(xcap)
    flat = xcap.resource_lists.resolve(list="friends", max_depth=1)
    assert [problem.reason for problem in flat.problems] == ["too-deep"]
    flat = xcap.resource_lists.resolve(list="friends", max_documents=1)
    assert [problem.reason for problem in flat.problems] == ["too-many"]
    assert flat.uris == ["sip:dave@example.org", "sip:bob@example.org"]


ELSEWHERE = "https://elsewhere.example.com/xcap/resource-lists/users/sip:zoe@example.com/index"
ZOE = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="all">
<entry uri="sip:yan@example.com"/><entry-ref ref="resource-lists/users/sip:zoe@example.com/index/~~/resource-lists/list%5b2%5d/entry"/>
</list><list><entry uri="sip:xi@example.com"/></list></resource-lists>"""


def refer_elsewhere(xcap: XcapClient) -> None:
    with xcap.resource_lists.edit() as book:
        friends = book.lists.ensure("friends")
        friends.items.append(External(anchor=f"{ELSEWHERE}/~~/resource-lists/list%5B@name=%22all%22%5D"))
        friends.items.append(External(anchor=f"{ELSEWHERE}/~~/resource-lists/list%5B9%5D"))
        friends.entries.add("sip:bob@example.org")


def test_other_servers_are_left_alone_unless_there_is_a_way_to_read_them(
    xcap: XcapClient, asked: list[str]
) -> None:
    refer_elsewhere(xcap)
    asked.clear()
    flat = xcap.resource_lists.resolve()
    assert flat.uris == ["sip:bob@example.org"]
    assert [problem.reason for problem in flat.problems] == ["elsewhere", "elsewhere"]
    assert len(asked) == 1

    wanted: list[str] = []
    flat = xcap.resource_lists.resolve(elsewhere=lambda uri: wanted.append(uri) or ZOE)
    assert flat.uris == ["sip:yan@example.com", "sip:xi@example.com", "sip:bob@example.org"]
    assert wanted == [ELSEWHERE]
    assert [problem.reason for problem in flat.problems] == ["dangling"]
    assert flat.entries[1].document is not None
    assert flat.entries[1].document.uri == ELSEWHERE

    for answer, reason in ((None, "dangling"), (b"<html>", "unreadable"), (b"<a/>", "unreadable")):
        flat = xcap.resource_lists.resolve(elsewhere=lambda uri, answer=answer: answer)
        assert {problem.reason for problem in flat.problems} == {reason}


def test_what_the_way_to_read_raises(xcap: XcapClient) -> None:
    refer_elsewhere(xcap)

    def broken(uri: str) -> bytes:
        raise LookupError(uri)

    with pytest.raises(LookupError, match="elsewhere"):
        xcap.resource_lists.resolve(elsewhere=broken)
    # Another client of the SDK is a way to read, and its errors are understood.
    flat = xcap.resource_lists.resolve(elsewhere=lambda uri: xcap.resource_lists.get("none").xml)
    assert {problem.reason for problem in flat.problems} == {"dangling"}


def test_a_server_that_goes_away_is_an_error(xcap_server: RunningServer) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if b"bob" in request.url.raw_path:
            raise httpx.ConnectError("gone")
        body = f"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>
            <external anchor="http://x.example.org/resource-lists/users/{BOB}/index/~~/resource-lists/list"/></list>
            </resource-lists>"""
        return httpx.Response(
            200, text=body, headers={"ETag": '"1"', "Content-Type": "application/resource-lists+xml"}
        )

    http = httpx.Client(transport=httpx.MockTransport(handle))
    with XcapClient("http://x.example.org", user=ALICE, http=http) as client, pytest.raises(TransportError):
        client.resource_lists.resolve()


def test_the_members_of_a_service(xcap: XcapClient, asked: list[str]) -> None:
    lay_down(xcap)
    with xcap.rls_services.edit() as mine:
        mine.services.add(
            "sip:alice-friends@example.org",
            resource_list=anchor_to(xcap.resource_lists.list_address("friends")),
        )
        mine.services.add(
            "sip:alice-none@example.org", resource_list=anchor_to(xcap.resource_lists.list_address("none"))
        )
        team = ResourceList()
        team.externals.add(anchor_to(xcap.resource_lists.list_address("alone")))
        team.entry_refs.add("/nowhere")
        mine.services.add("sip:alice-team@example.org", list=ResourceList())
    asked.clear()
    assert xcap.rls_services.members("sip:alice-friends@example.org").uris == ALL
    assert len(asked) == 4
    flat = xcap.rls_services.members("sip:alice-none@example.org")
    assert (flat.uris, [problem.reason for problem in flat.problems]) == ([], ["dangling"])
    assert flat.problems[0].place == 'services["sip:alice-none@example.org"].resource_list'
    assert flat.problems[0].document == xcap.rls_services.address()
    assert xcap.rls_services.members("sip:alice-team@example.org").uris == []
    with xcap.rls_services.edit() as mine:
        mine.services["sip:alice-team@example.org"].list = team = ResourceList()
        team.externals.add(anchor_to(xcap.resource_lists.list_address("alone")))
        team.entry_refs.add("resource-lists/users/x/~~/y")
    flat = xcap.global_tree.rls_services.members("sip:alice-team@example.org")
    assert flat.uris == ["sip:x@example.org"]
    assert [problem.reason for problem in flat.problems] == ["invalid"]
    assert flat.problems[0].place.startswith('services["sip:alice-team@example.org"].list.entry_refs[')
    with pytest.raises(InvalidInput, match="no service 'sip:other'"):
        xcap.rls_services.members("sip:other")
    with pytest.raises(NotFound):
        xcap.of(BOB).rls_services.members("sip:other")


def test_the_same_asynchronously(xcap: XcapClient) -> None:
    lay_down(xcap)
    with xcap.resource_lists.edit("far") as book:
        book.lists.ensure("far").externals.add(f"{ELSEWHERE}/~~/resource-lists/list%5B@name=%22all%22%5D")
    with xcap.rls_services.edit() as mine:
        mine.services.add(
            "sip:f@example.org", resource_list=anchor_to(xcap.resource_lists.list_address("friends"))
        )

    async def read(uri: str) -> bytes:
        await asyncio.sleep(0)
        return ZOE

    async def run() -> None:
        async with AsyncXcapClient(str(xcap.root), user=ALICE) as client:
            lists = client.resource_lists
            assert lists.list_address("friends") == xcap.resource_lists.list_address("friends")
            assert await lists.resolve(list="friends") == xcap.resource_lists.resolve(list="friends")
            assert (await lists.resolve("far", elsewhere=read)).uris == [
                "sip:yan@example.com",
                "sip:xi@example.com",
            ]
            assert (await lists.resolve("far", elsewhere=lambda uri: ZOE)).problems == ()
            assert (await client.rls_services.members("sip:f@example.org")).uris == ALL

    asyncio.run(run())
