"""The clients against the embedded server: a real socket, real conditions, real conflict reports."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk import (
    AlreadyExists,
    AsyncXcapClient,
    AttributeValueNotWellFormed,
    CannotDelete,
    CannotInsert,
    Conflicted,
    ConnectionFailed,
    ConstraintFailure,
    DocumentNotWellFormed,
    Forbidden,
    FragmentNotWellFormed,
    InvalidDocument,
    InvalidSelector,
    Match,
    MethodNotAllowed,
    MustNotExist,
    NodeSelector,
    NoParent,
    NotFound,
    NotUtf8,
    PreconditionFailed,
    SchemaValidationFailure,
    Unauthorized,
    Unconditional,
    UniquenessFailure,
    UnsupportedMediaType,
    XcapClient,
    XcapError,
)
from xcap_sdk.server import RunningServer
from xcap_sdk.server.authentication import Scheme
from xcap_sdk.usages import RESOURCE_LISTS, XCAP_CAPS

ALICE, BOB = "sip:alice@example.org", "sip:bob@example.org"
USERS = {"alice": "sécret", "bob": "hunter2"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
BOOK = """\
<?xml version="1.0"?>
<!-- é: kept -->
<rl:resource-lists xmlns:rl='urn:ietf:params:xml:ns:resource-lists' xmlns:x="urn:x">
  <rl:list name="friends"><rl:entry uri='sip:bob@example.org' x:y = "z"/>
    <!-- a comment -->
    <rl:entry   uri="sip:carol@example.org"><rl:display-name>Carol</rl:display-name><x:more/></rl:entry>
  </rl:list>
</rl:resource-lists>
"""


@pytest.fixture
def xcap(xcap_server: RunningServer) -> Iterator[XcapClient]:
    with xcap_server.client(ALICE) as client:
        yield client


def test_every_byte_outside_the_edit_stays(xcap: XcapClient) -> None:
    xcap.put(xcap.resource_lists.address(), BOOK)
    with (edit := xcap.resource_lists.edit()) as book:
        book.lists["friends"].entries["sip:carol@example.org"].label = "Caroline"
    assert edit.report is not None
    assert edit.report.outcome == "patched"
    assert xcap.get(xcap.resource_lists.address()).body.decode() == BOOK.replace(">Carol<", ">Caroline<")


def test_an_edit_of_another_client_is_never_overwritten(xcap: XcapClient, xcap_server: RunningServer) -> None:
    xcap.resource_lists.create(ResourceLists(items=[ResourceList(name="friends")]))
    mine = xcap.resource_lists.get()
    mine.model.lists["friends"].label = "Mine"
    with xcap_server.client(ALICE) as other, other.resource_lists.edit() as book:
        book.lists["friends"].entries.add("sip:erin@example.org")
    with pytest.raises(Conflicted) as caught:
        mine.save(on_conflict="raise")
    theirs = caught.value.theirs or b""
    assert b"erin" in theirs
    assert b"erin" not in caught.value.mine
    assert xcap.resource_lists.get().xml == theirs
    assert xcap.resource_lists.get().etag == caught.value.theirs_etag
    with pytest.raises(PreconditionFailed):
        mine.delete()
    with pytest.raises(AlreadyExists):
        xcap.resource_lists.create(ResourceLists())


def test_many_clients_update_one_document_and_nothing_is_lost(
    xcap: XcapClient, xcap_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xcap_sdk.flows.pauses.TRIES", 100)
    monkeypatch.setattr("xcap_sdk.flows.pauses.FIRST_PAUSE", 0.001)

    def add(number: int) -> None:
        with xcap_server.client(ALICE) as client:
            for each in range(3):
                uri = f"sip:{number}-{each}@example.org"
                client.resource_lists.update(lambda book, uri=uri: book.lists.ensure("all").entries.add(uri))

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(add, range(5)))
    assert len(xcap.resource_lists.get().model.lists["all"].entries) == 15


class Searched:
    """Notes what is searched for to be imported, and finds nothing itself."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, *_: object) -> None:
        self.names.append(name)


def test_asynchronous_requests_search_for_no_modules(
    xcap_server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gets() -> list[str]:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as client:
            for _ in range(2):
                await client.capabilities.get()
            searched = Searched()
            monkeypatch.setattr(sys, "meta_path", [searched, *sys.meta_path])
            await client.capabilities.get()
            return searched.names

    assert asyncio.run(gets()) == []


def test_get_is_conditional(xcap: XcapClient) -> None:
    created = xcap.resource_lists.create(ResourceLists(items=[ResourceList(name="a")]))
    index = xcap.resource_lists.address()
    reply = xcap.get(index)
    assert (reply.status, reply.body, reply.etag) == (304, created.xml, created.etag)
    name = index.element("resource-lists/list").attribute("name")
    assert [xcap.get(name).status for _ in range(2)] == [200, 304]


HOSTILE = [
    "a\"b'c",
    "a&b<c>d",
    "50%",
    "#?/~~/",
    "[1][@a='b']",
    "é 😀",
    "..",
    " x  y ",
    "tab\tnewline\n",
    "%2F%22",
]


@pytest.mark.rule("P2", "P4", "P5", "P6", "G4", "G5")
@pytest.mark.parametrize("value", HOSTILE)
def test_nodes_with_hostile_keys_are_put_got_and_deleted(xcap: XcapClient, value: str) -> None:
    xcap.resource_lists.create(ResourceLists(items=[ResourceList(name=value), ResourceList(name="other")]))
    root = xcap.resource_lists.address().element("resource-lists")
    there = root.child("list", where=("name", value))
    assert xcap.get(there.attribute("name")).value == value
    child = there.child("list", where=("name", value))
    inner = ResourceLists(items=[ResourceList(name=value)])
    from xcap_sdk import serialize

    fragment = serialize(inner).decode()
    body = fragment[fragment.index("<list") : fragment.rindex("</resource-lists")].strip()
    assert xcap.put(child, body).status == 201
    book = xcap.resource_lists.get().model
    assert book.lists[value].lists[value].name == value
    extension = there.attribute("x:note", namespaces={"x": "urn:x(1)"})
    assert xcap.put(extension, value).status == 201
    assert xcap.get(extension).value == value
    assert xcap.delete(child).status == 200
    with pytest.raises(NotFound):
        xcap.get(child)


def test_prefixes_namespaces_and_positions(xcap: XcapClient) -> None:
    with xcap.pres_rules.edit() as policy:
        for name in ("a", "b"):
            policy.rules.ensure(name).sub_handling = SubHandling.BLOCK
    rules = xcap.pres_rules.address()
    namespaces = {"cr": "urn:ietf:params:xml:ns:common-policy"}
    second = rules.element("cr:ruleset/cr:rule[2]", namespaces)
    assert xcap.get(second.attribute("id")).value == "b"
    assert xcap.get(rules.element('*/*[2][@id="b"]').attribute("id")).value == "b"
    handling = second.child("cr:actions").child("sub-handling")
    assert b"block" in xcap.get(handling).body
    bindings = xcap.get(second.namespaces()).value
    assert "urn:ietf:params:xml:ns:common-policy" in bindings.values()
    with pytest.raises(NotFound):
        xcap.get(rules.element("ruleset"))
    with pytest.raises(InvalidSelector, match="binds no namespace"):
        rules.element(NodeSelector.from_wire("a:ruleset", None))


@pytest.mark.rule("ET7")
def test_refusals_are_errors_of_their_own(xcap: XcapClient) -> None:
    index = xcap.resource_lists.address()
    root = index.element("resource-lists")
    with pytest.raises(NoParent):
        xcap.put(root, "<resource-lists/>")
    xcap.put(index, BOOK)
    friends = root.child("list", where=("name", "friends"))
    erin = friends.child("entry", where=("uri", "sip:erin@example.org"))
    refused: list[tuple[type[XcapError], Callable[[], object]]] = [
        (DocumentNotWellFormed, lambda: xcap.put(index, "<oops")),
        (NotUtf8, lambda: xcap.put(index, "<a>é</a>".encode("latin-1"))),
        (SchemaValidationFailure, lambda: xcap.put(index, BOOK.replace("rl:list", "rl:lisp"))),
        (UnsupportedMediaType, lambda: xcap.put(index, BOOK, media_type="application/xml")),
        (PreconditionFailed, lambda: xcap.put(index, BOOK, condition=Match('"other"'))),
        (PreconditionFailed, lambda: xcap.put(index, BOOK, condition=MustNotExist())),
        (
            PreconditionFailed,
            lambda: xcap.put(erin, '<rl:entry uri="sip:erin@example.org"/>', condition=MustNotExist()),
        ),
        (FragmentNotWellFormed, lambda: xcap.put(erin, "<a/><b/>")),
        (AttributeValueNotWellFormed, lambda: xcap.put(friends.attribute("name"), b'"a<b"')),
        (CannotInsert, lambda: xcap.put(erin, '<rl:entry uri="sip:other@example.org"/>')),
        (CannotDelete, lambda: xcap.delete(friends.child("entry", position=1))),
        (
            UniquenessFailure,
            lambda: xcap.put(friends.child("*", position=3), '<rl:entry uri="sip:bob@example.org"/>'),
        ),
        (ConstraintFailure, lambda: xcap.put(friends.child("entry-ref"), '<rl:entry-ref ref="/a"/>')),
        (NotFound, lambda: xcap.delete(erin)),
        (NotFound, lambda: xcap.get(xcap.address("com.example.unknown"))),
        (MethodNotAllowed, lambda: xcap.put(xcap.address(XCAP_CAPS), b"<x/>")),
    ]
    for expected, call in refused:
        with pytest.raises(expected) as caught:
            call()
        assert type(caught.value) is expected
    assert xcap.get(index).body.decode() == BOOK


def test_uniqueness_names_the_field(xcap: XcapClient) -> None:
    twice = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="a"/><list name="a"/></resource-lists>'
    with pytest.raises(UniquenessFailure) as caught:
        xcap.put(xcap.resource_lists.address(), twice)
    assert [exists.field for exists in caught.value.fields] == ["resource-lists/list/@name"]
    assert not xcap.resource_lists.exists()


def test_the_models_place_is_named_before_anything_is_sent(xcap: XcapClient) -> None:
    xcap.put(xcap.resource_lists.address(), BOOK)
    with pytest.raises(InvalidDocument) as caught, xcap.resource_lists.edit() as book:
        book.lists["friends"].entries["sip:carol@example.org"].uri = "sip:bob@example.org"
    [problem] = caught.value.problems
    assert (problem.place, problem.rule) == ('lists["friends"].entries[1].uri', "uniqueness")
    assert caught.value.document.model.lists["friends"].entries is not None


def test_capabilities_of_a_real_server(xcap: XcapClient) -> None:
    assert xcap.capabilities.supports(RESOURCE_LISTS)
    assert not xcap.capabilities.supports("com.example.unknown")
    assert "urn:ietf:params:xml:ns:xcap-caps" in xcap.capabilities.get().model.namespaces.items


@pytest.fixture(params=["digest", "basic"])
def guarded(
    request: pytest.FixtureRequest, xcap_server_factory: Callable[..., RunningServer]
) -> RunningServer:
    return xcap_server_factory(users=USERS, schemes=(request.param,), trusted=["bob"])


def test_authentication_is_negotiated(guarded: RunningServer) -> None:
    statuses: list[int] = []
    hooks = {"response": [lambda response: statuses.append(response.status_code)]}
    with httpx.Client(event_hooks=hooks) as http:
        alice = XcapClient(guarded.root, user=ALICE, auth=("alice", USERS["alice"]), http=http)
        with alice.resource_lists.edit() as book:
            book.lists.ensure("friends")
        assert alice.resource_lists.get().model.lists["friends"].name == "friends"
    assert statuses == [401, 404, 201, 304], "one challenge, then none"


def test_refusals_for_want_of_rights(guarded: RunningServer) -> None:
    with XcapClient(guarded.root, user=ALICE) as nobody, pytest.raises(Unauthorized, match="pass auth="):
        nobody.resource_lists.get()
    with (
        XcapClient(guarded.root, user=ALICE, auth=("alice", "wrong")) as wrong,
        pytest.raises(Unauthorized, match="check user name and password"),
    ):
        wrong.resource_lists.get()
    with XcapClient(guarded.root, user=ALICE, auth=("alice", USERS["alice"])) as alice:
        with pytest.raises(Forbidden, match="check whose document"):
            alice.of(BOB).resource_lists.get()
        with pytest.raises(Forbidden):
            alice.global_tree.resource_lists.create(ResourceLists())
        assert alice.capabilities.supports("xcap-caps")
    with XcapClient(guarded.root, user=BOB, auth=("bob", USERS["bob"])) as bob:
        assert bob.global_tree.resource_lists.create(ResourceLists()).etag


def test_another_user_reads_the_icon(guarded: RunningServer, tmp_path: Path) -> None:
    picture = tmp_path / "me.png"
    picture.write_bytes(PNG)
    with XcapClient(guarded.root, user=ALICE, auth=("alice", USERS["alice"])) as alice:
        alice.status_icon.upload(picture)
        assert alice.status_icon.upload(picture).outcome == "unchanged"
    with XcapClient(guarded.root, user=BOB, auth=("bob", USERS["bob"])) as bob:
        assert bob.of(ALICE).status_icon.get().model.decode() == PNG


def test_asynchronously_with_digest(guarded: RunningServer) -> None:
    async def add(client: AsyncXcapClient, number: int) -> None:
        await client.resource_lists.update(
            lambda book: book.lists.ensure("all").entries.add(f"sip:{number}@example.org"), f"book{number}"
        )

    async def story() -> None:
        async with AsyncXcapClient(guarded.root, user=ALICE, auth=("alice", USERS["alice"])) as alice:
            await asyncio.gather(*(add(alice, number) for number in range(8)))
            assert all([await alice.resource_lists.exists(f"book{number}") for number in range(8)])
            async with alice.pres_rules.edit() as policy:
                policy.rules.ensure("a").identity.add(BOB)
            index = alice.pres_rules.address()
            assert isinstance((await alice.get(index)).value, Ruleset)
            await alice.delete(index, condition=Unconditional())
            assert not await alice.pres_rules.exists()

    asyncio.run(story())


def test_a_server_that_is_not_there() -> None:
    with (
        XcapClient("http://127.0.0.1:9", user=ALICE) as client,
        pytest.raises(ConnectionFailed, match="nothing was sent"),
    ):
        client.resource_lists.get()


@pytest.mark.parametrize("schemes", [("digest",), ("basic",)])
def test_a_user_name_beyond_ascii(schemes: tuple[Scheme, ...]) -> None:
    with RunningServer(users={"ålice": "sécrét€"}, xuis={ALICE: "ålice"}, schemes=schemes) as server:
        with server.client(ALICE, auth=("ålice", "sécrét€")) as right:
            assert right.resource_lists.create(ResourceLists()).etag
        with server.client(ALICE, auth=("ålice", "sécrét")) as wrong, pytest.raises(Unauthorized):
            wrong.resource_lists.get()
