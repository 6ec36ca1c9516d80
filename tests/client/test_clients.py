"""The clients and what they hand out, sync and async, over a MockTransport: the examples of the README and more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from dictionary import ALICE, ROOT, Dictionary

from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import StatusIcon
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import DisplayName, ResourceList, ResourceLists
from xcap_documents.xcap_caps import Auids, Namespaces, XcapCaps
from xcap_sdk import (
    AlreadyExists,
    ApplicationUsage,
    AsyncDocument,
    AsyncXcapClient,
    ClientClosed,
    Conflicted,
    Document,
    InvalidAddress,
    InvalidDocument,
    InvalidInput,
    InvalidRoot,
    Match,
    MustNotExist,
    NotFound,
    XcapClient,
    serialize,
)
from xcap_sdk.protocol.messages import Request
from xcap_sdk.usages import OMA_PRES_RULES, RESOURCE_LISTS, STATUS_ICON, XCAP_CAPS

BOB = "sip:bob@example.org"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
LISTS = f"{ROOT.uri}/resource-lists/users/{ALICE}/index"


def http_server(there: Dictionary) -> Callable[[httpx.Request], httpx.Response]:
    """A Dictionary behind httpx."""

    def handler(request: httpx.Request) -> httpx.Response:
        names = {"if-match": "If-Match", "if-none-match": "If-None-Match", "content-type": "Content-Type"}
        fields = tuple((names[name], value) for name, value in request.headers.items() if name in names)
        body = request.content if request.method == "PUT" else None
        uri = f"https://xcap.example.org{request.url.raw_path.decode()}"
        response = there.answer(Request(request.method, uri, fields, body))
        return httpx.Response(response.status, headers=list(response.headers.items()), content=response.body)

    return handler


def connected(there: Dictionary, user: str | None = ALICE) -> XcapClient:
    return XcapClient(
        ROOT.uri, user=user, http=httpx.Client(transport=httpx.MockTransport(http_server(there)))
    )


def connected_async(there: Dictionary, user: str | None = ALICE) -> AsyncXcapClient:
    http = httpx.AsyncClient(transport=httpx.MockTransport(http_server(there)))
    return AsyncXcapClient(ROOT.uri, user=user, http=http)


@pytest.fixture
def there() -> Dictionary:
    return Dictionary()


@pytest.fixture
def xcap(there: Dictionary) -> XcapClient:
    return connected(there)


def add_friends(book: ResourceLists) -> None:
    friends = book.lists.ensure("friends", display_name="Friends")
    friends.entries.add(BOB, display_name="Bob")
    friends.entries.ensure("sip:carol@example.org").display_name = DisplayName(value="Carol", lang="en")
    friends.entries[BOB].label = "Bobby"
    friends.entries.discard("sip:mallory@example.org")


def test_the_example_of_the_design(xcap: XcapClient, there: Dictionary, tmp_path: Path) -> None:
    with xcap, xcap.resource_lists.edit() as book:
        add_friends(book)
    assert there.methods == ["GET", "GET", "PUT"], "nobody knows whether this server heeds If-None-Match: *"
    assert dict(there.log[2].headers)["If-None-Match"] == "*"
    assert there.log[2].uri == LISTS

    with xcap.pres_rules.edit() as policy:
        rule = policy.rules.ensure("friends")
        rule.identity.add(BOB)
        rule.sub_handling = SubHandling.ALLOW
    assert b"allow</" in there.documents[f"{ROOT.uri}/pres-rules/users/{ALICE}/index"]

    picture = tmp_path / "me.png"
    picture.write_bytes(PNG)
    report = xcap.status_icon.upload(picture)
    assert report.outcome == "created"
    uri = f"{ROOT.uri}/org.openmobilealliance.pres-content/users/{ALICE}/oma_status-icon/rcs_status_icon"
    assert uri in there.documents
    model = connected(there, BOB).of(ALICE).status_icon.get().model
    assert isinstance(model, StatusIcon)
    assert model.decode() == PNG


def test_clients_and_repositories_say_what_they_are_and_no_secrets(xcap: XcapClient) -> None:
    assert repr(xcap) == f"<XcapClient {ROOT.uri} user={ALICE}>"
    assert repr(xcap.of(BOB)) == f"<XcapTree {ROOT.uri} user={BOB}>"
    assert repr(xcap.global_tree) == f"<XcapTree {ROOT.uri} global>"
    assert repr(xcap.resource_lists) == f"<ResourceListsRepository resource-lists user={ALICE}>"
    assert repr(xcap.capabilities) == "<CapabilitiesRepository xcap-caps global>"


def test_a_document_in_hand(xcap: XcapClient, there: Dictionary) -> None:
    xcap.resource_lists.update(add_friends)
    document = xcap.resource_lists.get()
    assert isinstance(document, Document)
    assert (document.etag, document.uri, document.xml) == ('"1"', LISTS, there.documents[LISTS])
    assert document.address == xcap.resource_lists.address()
    assert LISTS in repr(document)
    document.model.lists["friends"].entries.add("sip:dave@example.org")
    plan = document.plan()
    assert "PUT" in str(plan)
    assert len(there.log) == 3, "a plan sends nothing"
    report = document.save()
    assert (report.outcome, report.etag, document.etag) == ("replaced", '"2"', '"2"')
    assert document.xml == there.documents[LISTS]
    document.model = ResourceLists()
    document.save()
    document.refresh()
    assert document.model == ResourceLists()
    document.delete()
    assert there.documents == {}
    assert (document.etag, document.xml) == (None, b"")


def test_an_edit_leaves_report_and_document(xcap: XcapClient) -> None:
    edit = xcap.resource_lists.edit()
    assert (edit.report, edit.document) == (None, None)
    with edit as book:
        add_friends(book)
    assert edit.report is not None
    assert edit.document is not None
    assert edit.report.outcome == "created"
    assert edit.document.model is book
    assert edit.document.etag == edit.report.etag
    with pytest.raises(RuntimeError, match="once"), edit:
        raise AssertionError("not reached")


def test_an_exception_in_the_block_sends_nothing(xcap: XcapClient, there: Dictionary) -> None:
    with pytest.raises(ZeroDivisionError), xcap.resource_lists.edit() as book:
        add_friends(book)
        _ = 1 / 0
    with xcap.resource_lists.edit():
        pass
    assert there.methods == ["GET", "GET"]


def test_a_block_that_could_not_be_entered_saves_nothing(there: Dictionary) -> None:
    edit = connected(there).status_icon.edit()
    with pytest.raises(NotFound):
        edit.__enter__()
    edit.__exit__(None, None, None)
    assert edit.report is None
    assert there.methods == ["GET"]


def test_errors_of_a_save_carry_the_document(xcap: XcapClient, there: Dictionary) -> None:
    xcap.resource_lists.update(add_friends)
    document = xcap.resource_lists.get()
    document.model.lists["friends"].label = "Mine"
    there.store(LISTS, serialize(ResourceLists()))
    with pytest.raises(Conflicted) as caught:
        document.save(on_conflict="raise")
    assert caught.value.document is document
    with pytest.raises(AlreadyExists) as exists:
        xcap.resource_lists.create(ResourceLists())
    assert isinstance(exists.value.document, Document)
    assert exists.value.document.model == ResourceLists()
    with pytest.raises(InvalidDocument) as invalid:
        xcap.resource_lists.update(
            lambda book: book.items.extend([ResourceList(name="a"), ResourceList(name="a")])
        )
    assert isinstance(invalid.value.document, Document)
    assert str(invalid.value).startswith(f"this ResourceLists ({LISTS}) is not valid, it has a problem:\n")


def test_what_is_nearly_right_says_what_is_meant(xcap: XcapClient) -> None:
    anything: Any = "resource-lists"
    for make in (xcap.repository, xcap.reader):
        with pytest.raises(InvalidInput, match=r"'resource-lists' is no ApplicationUsage: .*RESOURCE_LISTS"):
            make(anything)
    anything = "server.json"
    with pytest.raises(InvalidInput, match=r"profile='server\.json' is no ServerProfile: load_profile\(\)"):
        XcapClient(ROOT.uri, profile=anything)
    for timeout in (0, -1, float("nan")):
        with pytest.raises(InvalidInput, match=r"a timeout of .*: it is a number of seconds above 0"):
            XcapClient(ROOT.uri, timeout=timeout)


def test_several_documents_and_trees(xcap: XcapClient, there: Dictionary) -> None:
    created = xcap.resource_lists.create(ResourceLists(), document="office/friends")
    assert created.uri == f"{ROOT.uri}/resource-lists/users/{ALICE}/office/friends"
    assert xcap.resource_lists.exists("office/friends")
    assert not xcap.resource_lists.exists()
    xcap.resource_lists.delete("office/friends")
    shared = xcap.global_tree.repository(RESOURCE_LISTS)
    assert shared.address("all").uri == f"{ROOT.uri}/resource-lists/global/all"
    assert shared.usage is RESOURCE_LISTS
    assert xcap.of(BOB).resource_lists.address().uri == f"{ROOT.uri}/resource-lists/users/{BOB}/index"
    assert (xcap.user, xcap.of(BOB).user, xcap.global_tree.user) == (ALICE, BOB, None)
    assert xcap.root == ROOT


@pytest.mark.rule("DS7", "X1", "DS3")
def test_addresses() -> None:
    xcap = connected(Dictionary())
    assert xcap.address("resource-lists") == xcap.address(RESOURCE_LISTS) == xcap.resource_lists.address()
    assert xcap.address("resource-lists").default_namespace == RESOURCE_LISTS.namespace
    assert xcap.address("com.example.x", "a/b").uri == f"{ROOT.uri}/com.example.x/users/{ALICE}/a/b"
    assert xcap.address("com.example.x").document == "index"
    assert xcap.global_tree.address("com.example.x").uri == f"{ROOT.uri}/com.example.x/global/index"
    assert (
        xcap.address(XCAP_CAPS).uri == xcap.address("xcap-caps").uri == f"{ROOT.uri}/xcap-caps/global/index"
    )
    assert xcap.oma_pres_rules.address().uri.endswith(
        f"/org.openmobilealliance.pres-rules/users/{ALICE}/pres-rules"
    )
    sipsimple = replace(OMA_PRES_RULES, document="index")
    assert xcap.repository(sipsimple).address().document == "index"
    with pytest.raises(InvalidAddress):
        xcap.resource_lists.address("..")


def test_bad_input_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(InvalidRoot):
        XcapClient("ftp://xcap.example.org")
    with pytest.raises(InvalidAddress, match=r"sip:alice@example\.org"):
        XcapClient(ROOT.uri, user="alice@example.org")
    there = Dictionary()
    xcap = connected(there, user=None)
    with pytest.raises(InvalidAddress, match="whose resource-lists document"):
        xcap.resource_lists.get()
    with pytest.raises(InvalidAddress, match="no URI"):
        xcap.of("bob")
    with pytest.raises(InvalidInput, match="reader"):
        xcap.repository(XCAP_CAPS)
    with pytest.raises(InvalidInput, match="on_conflict"):
        xcap.of(BOB).resource_lists.edit(on_conflict="ours")  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidInput, match="PNG, JPEG or GIF"):
        xcap.of(BOB).status_icon.upload(b"<svg/>")
    assert there.log == []


def test_an_icon_that_is_not_base64_is_not_sent(xcap: XcapClient, there: Dictionary) -> None:
    xcap.status_icon.upload(PNG, description="me")
    with pytest.raises(InvalidDocument, match="base64"), xcap.status_icon.edit() as icon:
        icon.data.value = "no base64!"
    assert there.methods == ["GET", "PUT", "GET"]


def test_an_upload_replaces_the_picture_and_keeps_the_rest(xcap: XcapClient, there: Dictionary) -> None:
    address = xcap.status_icon.address("oma_status-icon/me")
    there.store(
        address.uri,
        b'<c:content xmlns:c="urn:oma:xml:prs:pres-content" xmlns:x="urn:x"><!-- hi --><c:description>me</c:description>'
        b"<c:data x:y='z'>AAAA</c:data><x:more/></c:content>",
    )
    jpeg = b"\xff\xd8\xff\xe0jpeg"
    assert xcap.status_icon.upload(jpeg, "oma_status-icon/me").outcome == "replaced"
    stored = there.documents[address.uri]
    assert b"<!-- hi -->" in stored
    assert b"x:y='z'" in stored
    assert b"<x:more/>" in stored
    icon = xcap.status_icon.get("oma_status-icon/me").model
    assert (icon.decode(), icon.mime_type and icon.mime_type.value) == (jpeg, "image/jpeg")
    assert [text.value for text in icon.descriptions] == ["me"]
    xcap.status_icon.upload(b"GIF89a...", "oma_status-icon/me", description="you")
    icon = xcap.status_icon.get("oma_status-icon/me").model
    assert [text.value for text in icon.descriptions] == ["you"]


@pytest.mark.rule("CP1", "CP5")
def test_capabilities(xcap: XcapClient, there: Dictionary) -> None:
    caps = XcapCaps(
        auids=Auids(items=["xcap-caps", "resource-lists"]), namespaces=Namespaces(items=["urn:x"])
    )
    there.store(f"{ROOT.uri}/xcap-caps/global/index", serialize(caps))
    assert xcap.capabilities.get().model.auids.items == ["xcap-caps", "resource-lists"]
    assert xcap.capabilities.supports(RESOURCE_LISTS)
    assert not xcap.capabilities.supports("pres-rules")
    assert not xcap.capabilities.supports(STATUS_ICON)
    assert not hasattr(xcap.capabilities, "edit")
    assert not hasattr(xcap.capabilities.get(), "save")
    document = xcap.reader(XCAP_CAPS).get()
    document.refresh()
    assert document.model == caps
    assert {dict(request.headers).get("If-None-Match") for request in there.log[1:]} == {'"1"'}


@pytest.mark.rule("C7", "ET11")
def test_raw_verbs(xcap: XcapClient, there: Dictionary) -> None:
    index = xcap.resource_lists.address()
    created = xcap.put(index, ResourceLists(), condition=MustNotExist())
    assert created.status == 201
    read = xcap.get(index)
    assert (read.status, read.etag, read.value) == (200, '"1"', ResourceLists())
    assert xcap.get(index).status == 304
    bob = index.element('resource-lists/list[@name="friends"]/entry[@uri="sip:bob@example.org"]')
    there.store(bob.uri, b'<entry uri="sip:bob@example.org"/>')
    there.store(bob.attribute("uri").uri, b'"sip:bob@example.org"')
    there.store(bob.namespaces().uri, b'<entry xmlns="urn:x"/>')
    assert xcap.get(bob).body == there.documents[bob.uri]
    assert xcap.get(bob.attribute("uri")).value == "sip:bob@example.org"
    assert xcap.get(bob.namespaces(), force=True).value == {"": "urn:x"}
    reply = xcap.get(bob)
    xcap.put(bob, '<entry uri="sip:bob@example.org"/>', condition=Match(reply.etag or ""))
    xcap.delete(bob, force=True)  # the nodes of this server have ETags of their own
    with pytest.raises(NotFound):
        xcap.get(bob)


def test_own_clients_are_closed_and_others_are_not() -> None:
    with httpx.Client() as http:
        with XcapClient(ROOT.uri, http=http):
            pass
        assert not http.is_closed
    client = XcapClient(ROOT.uri)
    client.close()
    with pytest.raises(ClientClosed, match="nothing was sent"):
        client.of(ALICE).resource_lists.get()


@dataclass(kw_only=True)
class Bookmark:
    href: str = field(metadata={"type": "Attribute", "required": True})


@dataclass(kw_only=True)
class Bookmarks:
    class Meta:
        name = "bookmarks"
        namespace = "urn:example:bookmarks"

    items: list[Bookmark] = field(
        default_factory=list[Bookmark],
        metadata={"name": "bookmark", "type": "Element", "namespace": "urn:example:bookmarks"},
    )


def test_an_application_usage_of_ones_own(xcap: XcapClient, there: Dictionary) -> None:
    usage = ApplicationUsage(
        auid="com.example.bookmarks",
        root=Bookmarks,
        media_type="application/bookmarks+xml",
        keys={Bookmark: "href"},
        empty=Bookmarks,
    )
    with xcap.repository(usage).edit() as mine:
        mine.items.append(Bookmark(href="https://www.rfc-editor.org/"))
    assert dict(there.log[-1].headers)["Content-Type"] == "application/bookmarks+xml"
    assert xcap.get(xcap.address("com.example.bookmarks")).value == mine
    assert xcap.repository(usage).get().model == mine


def test_asynchronously(there: Dictionary, tmp_path: Path) -> None:
    picture = tmp_path / "me.png"
    picture.write_bytes(PNG)

    async def story() -> None:
        async with connected_async(there) as xcap:
            async with (edit := xcap.resource_lists.edit()) as book:
                add_friends(book)
            assert edit.report is not None
            assert edit.report.outcome == "created"
            document = await xcap.resource_lists.get()
            document.model.lists["friends"].label = "Mine"
            assert document.plan().requests == 1
            await document.save()
            await document.refresh()
            assert document.model.lists["friends"].label == "Mine"
            there.store(LISTS, serialize(ResourceLists()))
            document.model.lists["friends"].label = "Yours"
            with pytest.raises(Conflicted) as caught:
                await document.save(on_conflict="raise")
            assert caught.value.document is document
            assert (await xcap.resource_lists.update(add_friends)).outcome == "replaced"
            await (await xcap.resource_lists.get()).delete()
            assert not await xcap.resource_lists.exists()
            created = await xcap.resource_lists.create(ResourceLists())
            assert isinstance(created, AsyncDocument)
            await xcap.resource_lists.delete()
            async with xcap.pres_rules.edit() as policy:
                policy.rules.ensure("friends").sub_handling = SubHandling.BLOCK
            async with xcap.oma_pres_rules.edit() as policy:
                policy.rules.ensure("friends").sub_handling = "confirm"
            assert isinstance((await xcap.oma_pres_rules.get()).model, Ruleset)
            await xcap.status_icon.upload(picture)
            assert (await xcap.of(ALICE).status_icon.get()).model.decode() == PNG
            await story_of_the_rest(xcap)

    async def story_of_the_rest(xcap: AsyncXcapClient) -> None:
        index = xcap.resource_lists.address()
        await xcap.put(index, ResourceLists())
        assert (await xcap.get(index)).value == ResourceLists()
        await xcap.delete(index)
        caps = XcapCaps(auids=Auids(items=["xcap-caps"]), namespaces=Namespaces(items=[]))
        there.store(f"{ROOT.uri}/xcap-caps/global/index", serialize(caps))
        assert await xcap.capabilities.supports("xcap-caps")
        await (await xcap.reader(XCAP_CAPS).get()).refresh()
        with pytest.raises(InvalidInput):
            xcap.repository(XCAP_CAPS)
        assert xcap.global_tree.repository(RESOURCE_LISTS).address().tree == "global"
        edit = xcap.resource_lists.edit()
        with pytest.raises(ZeroDivisionError):
            async with edit:
                _ = 1 / 0
        with pytest.raises(RuntimeError, match="once"):
            async with edit:
                raise AssertionError("not reached")
        with pytest.raises(NotFound):
            async with xcap.status_icon.edit("oma_status-icon/none"):
                raise AssertionError("not reached")

    asyncio.run(story())


def test_threads_may_share_a_client(xcap: XcapClient, there: Dictionary) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def add(number: int) -> Any:
        return xcap.resource_lists.update(
            lambda book: book.lists.ensure("friends").entries.ensure(f"sip:{number}@example.org"),
            f"book{number % 4}",
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    assert len(there.documents) == 4
