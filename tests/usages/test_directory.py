"""Directories: real ones with their deviations, and those of the embedded server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from xcap_documents.oma_xcap_directory import DirectoryEntry, DirectoryFolder, XcapDirectory
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    XCAP_DIRECTORY,
    ApplicationUsage,
    AsyncXcapClient,
    DirectoryListing,
    Forbidden,
    InvalidInput,
    MethodNotAllowed,
    UnlistedFolder,
    XcapClient,
    parse,
    serialize,
)
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server import RunningServer, Storage
from xcap_sdk.server.directories import Directories
from xcap_sdk.server.records import Key
from xcap_sdk.usages import ALL
from xcap_sdk.usages.xcap_directory import listing

ALICE = "sip:alice@example.org"
ROOT = XcapRoot("https://xcap.example.org/root")
USAGES = {usage.auid: usage for usage in ALL}
GROUPS = "org.openmobilealliance.groups"
USERS = {"alice": "a", "bob": "b"}


def read(inside: str, usages: dict[str, ApplicationUsage[Any]] | None = None) -> DirectoryListing:
    xml = f'<xcap-directory xmlns="urn:oma:xml:xdm:xcap-directory">{inside}</xcap-directory>'
    return listing(parse(xml.encode(), XcapDirectory), ROOT, USAGES if usages is None else usages)


def one(uri: str, auid: str = "resource-lists", rest: str = "") -> Any:
    [found] = read(f'<folder auid="{auid}"><entry uri="{uri}" etag="1" {rest}/></folder>')
    return found


def test_a_directory_as_the_standard_has_it() -> None:
    found = read(
        f'''<folder auid="resource-lists"><entry uri="{ROOT}/resource-lists/users/{ALICE}/index" etag="abc"
             last-modified="2010-07-14T00:53:23.188+02:00" size="2738"/></folder>
           <folder auid="pres-rules"/>'''
    )
    address = DocumentAddress(root=ROOT, auid="resource-lists", xui=ALICE)
    [row] = found
    assert (row.auid, row.document, row.address, row.uri) == ("resource-lists", "index", address, address.uri)
    assert row.address.default_namespace == "urn:ietf:params:xml:ns:resource-lists"
    assert (row.etag, row.size) == ('"abc"', 2738)
    assert row.modified == datetime(2010, 7, 14, 0, 53, 23, 188000, timezone(timedelta(hours=2)))
    assert (len(found), bool(found), found.incomplete) == (1, True, ())
    assert found.of("resource-lists") == found.of(USAGES["resource-lists"]) == (row,)
    assert found.of("pres-rules") == ()
    assert not read("")


@pytest.mark.parametrize(
    ("uri", "auid", "xui", "document"),
    [
        (f"{ROOT}/resource-lists/users/sip%3Aalice@example.org/a%20b", "resource-lists", ALICE, "a b"),
        (f"{ROOT}/pres-rules/users/{ALICE}/index", "pres-rules", ALICE, "index"),
        (f"{ROOT}/com.example.x/users/{ALICE}/a/b", "com.example.x", ALICE, "a/b"),
        (f"{ROOT}/rls-services/global/index", "rls-services", None, "index"),
        (f"{ROOT}/resource-lists/users/{ALICE}/index?x=y", "resource-lists", ALICE, "index"),
        (f"{ROOT}/resource-lists/users/{ALICE}/index/~~/resource-lists", "resource-lists", ALICE, "index"),
        # Machines behind a proxy, another scheme, no host at all.
        (f"http://10.1.2.3:7077/ap/resource-lists/users/{ALICE}/index", "resource-lists", ALICE, "index"),
        (
            f"http://xcap.example.org/root/resource-lists/users/{ALICE}/index#x",
            "resource-lists",
            ALICE,
            "index",
        ),
        (f"//h/resource-lists/users/{ALICE}/index", "resource-lists", ALICE, "index"),
        (f"/resource-lists/users/{ALICE}/index", "resource-lists", ALICE, "index"),
        (f"resource-lists/users/{ALICE}/f/index", "resource-lists", ALICE, "f/index"),
        (f"http://h/x/users/all/resource-lists/users/{ALICE}/index", "resource-lists", ALICE, "index"),
        (f"http://h/x/users/all/pres-rules/users/{ALICE}/index", "pres-rules", ALICE, "index"),
    ],
)
def test_what_uris_name(uri: str, auid: str, xui: str | None, document: str) -> None:
    row = one(uri)
    tree = "users" if xui else "global"
    assert row.address == DocumentAddress(root=ROOT, auid=auid, tree=tree, xui=xui, document=document)
    assert (row.auid, row.document, row.uri) == (auid, document, uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "index",
        "http://h/index",
        "http://h/resource-lists/users/alice@example.org/index",
        f"{ROOT}/resource-lists/users/{ALICE}",
        f"{ROOT}/resource-lists/users/{ALICE}/",
        f"{ROOT}/resource-lists/users/{ALICE}/../x",
        f"{ROOT}/resource-lists/users/sip:%FF/x",
        f"{ROOT}/resource-lists/users/{ALICE}/index/~~/**",
        "http://[h/a/users/b",
        "/a/users/b" * 5000,
    ],
)
def test_uris_that_name_nothing(uri: str) -> None:
    row = one(uri, "groups")
    assert (row.address, row.document, row.uri, row.etag) == (None, None, uri, '"1"')
    assert row.auid.endswith("groups")


@pytest.mark.parametrize(
    ("owner", "xui", "found"),
    [
        (ALICE, "alice@example.org", ALICE),
        ("sip:a%20b@x", "a%20b@x", None),
        ("tel:+1555", "+1555", "tel:+1555"),
        ("sip:é@x", "%C3%A9@x", "sip:é@x"),
        (ALICE, "bob@example.org", None),
        (None, "alice@example.org", None),
    ],
)
def test_users_without_a_scheme(owner: str | None, xui: str, found: str | None) -> None:
    entry = DirectoryEntry(uri=f"http://10.1.2.3/ap/resource-lists/users/{xui}/index", etag="1")
    directory = XcapDirectory(folders=[DirectoryFolder(auid="resource-lists", items=[entry])])
    [row] = listing(directory, ROOT, USAGES, owner)
    assert (row.address.xui if row.address else None) == found


def test_short_auids() -> None:
    groups = ApplicationUsage(auid=GROUPS, root=ResourceLists, media_type="a/b")
    usages = {GROUPS: groups, "com.example.lists": groups, "com.example.b.lists": groups}
    names = {
        "groups": GROUPS,
        GROUPS: GROUPS,
        "lists": "lists",
        "b.lists": "com.example.b.lists",
        "": "",
        "x": "x",
    }
    for short, full in names.items():
        [row] = read(f'<folder auid=" {short} "><entry uri="x" etag=""/></folder>', usages)
        assert (row.auid, row.etag) == (full, None)
    [row] = read(f'<folder auid="x"><entry uri="{ROOT}/{GROUPS}/users/sip:a@b/g" etag="1"/></folder>', usages)
    assert row.auid == GROUPS, "the URI knows better"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1279068803188", datetime(2010, 7, 14, 0, 53, 23, 188000, UTC)),
        ("1279068803", datetime(2010, 7, 14, 0, 53, 23, tzinfo=UTC)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        (" 2010-07-14T00:53:23Z ", datetime(2010, 7, 14, 0, 53, 23, tzinfo=UTC)),
        ("2010-07-14T00:53:23", datetime(2010, 7, 14, 0, 53, 23, tzinfo=UTC)),
        ("2010-07-13T24:00:00Z", datetime(2010, 7, 14, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        ("-5", None),
        ("9" * 18, None),
        ("9" * 5000, None),
        ("12010-07-14T00:53:23Z", None),
        ("2010-02-30T00:00:00Z", None),
        ("9999-12-31T24:00:00Z", None),
    ],
)
def test_times(text: str, moment: datetime | None) -> None:
    assert one("x", rest=f'last-modified="{text}"').modified == moment


def test_times_are_written_as_the_schema_wants() -> None:
    entry = DirectoryEntry(uri="http://x", etag="1")
    entry.modified = datetime(2010, 7, 14, 2, 53, 23, tzinfo=timezone(timedelta(hours=2)))
    directory = XcapDirectory(folders=[DirectoryFolder(auid="x", items=[entry])])
    assert b'last-modified="2010-07-14T02:53:23+02:00"' in serialize(directory)
    entry.modified = None
    assert entry.last_modified is None
    with pytest.raises(ValueError, match="no time zone"):
        entry.modified = datetime(2010, 7, 14)


@pytest.mark.parametrize(
    ("said", "etag"),
    [("abc", '"abc"'), ("&quot;abc&quot;", '"abc"'), ("W/&quot;a&quot;", 'W/"a"'), (" ", None)],
)
def test_etags(said: str, etag: str | None) -> None:
    [row] = read(f'<folder auid="x"><entry uri="x" etag="{said}" size="many"/></folder>')
    assert (row.etag, row.size) == (etag, None)


def test_folders_that_could_not_be_listed() -> None:
    found = read(
        """<folder auid="simservs.ngn.etsi.org"><error-code> 404 Not Found </error-code></folder>
           <folder auid="user-profile" more-entry-elements="3"><entry uri="x" etag="1"/></folder>
           <folder auid="x" more-entry-elements="many"/><folder auid="y" more-entry-elements="0"/>"""
    )
    assert found.incomplete == (
        UnlistedFolder("simservs.ngn.etsi.org", "404 Not Found", None),
        UnlistedFolder("org.openmobilealliance.user-profile", None, 3),
    )
    assert [row.auid for row in found] == ["org.openmobilealliance.user-profile"]


def test_the_directory_of_the_embedded_server(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as alice:
        assert not alice.directory.documents()
        empty = alice.directory.get()
        before = datetime.now(UTC) - timedelta(seconds=1)
        for name in ("index", 'Ü & "ü"'):
            alice.resource_lists.create(ResourceLists(), name)
        alice.of("sip:bob@example.org").resource_lists.create(ResourceLists())
        icon = alice.status_icon.upload(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17))
        found = alice.directory.documents()
        assert [(row.auid, row.document) for row in found] == [
            ("org.openmobilealliance.pres-content", "oma_status-icon/rcs_status_icon"),
            ("resource-lists", "index"),
            ("resource-lists", 'Ü & "ü"'),
        ]
        assert found.documents[0].etag == icon.etag
        for row in found:
            assert row.address is not None
            reply = alice.get(row.address)
            assert (reply.etag, len(reply.body)) == (row.etag, row.size)
            assert row.modified is not None
            assert before <= row.modified <= datetime.now(UTC)
        full = alice.directory.get()
        assert full.etag != empty.etag
        assert alice.directory.get().etag == full.etag
        folder = alice.directory.address().element('xcap-directory/folder[@auid="resource-lists"]')
        assert alice.get(folder).body.count(b"<entry ") == 2


def test_clients_only_read_directories(xcap_server_factory: Callable[..., RunningServer]) -> None:
    server = xcap_server_factory(users=USERS)
    with (
        XcapClient(server.root, user=ALICE, auth=("alice", "a")) as alice,
        XcapClient(server.root, user="sip:bob@example.org", auth=("bob", "b")) as bob,
    ):
        with pytest.raises(InvalidInput, match="read-only"):
            alice.repository(XCAP_DIRECTORY)
        with pytest.raises(MethodNotAllowed):
            alice.put(alice.directory.address(), XcapDirectory())
        with pytest.raises(Forbidden):
            bob.of(ALICE).directory.documents()


def test_asynchronously(xcap_server: RunningServer) -> None:
    async def story() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as alice:
            await alice.resource_lists.create(ResourceLists())
            assert [row.document for row in await alice.directory.documents()] == ["index"]
            assert len((await alice.directory.get()).model.folders[0].entries) == 1

    asyncio.run(story())


def test_what_is_not_served_or_timed_any_more() -> None:
    with Storage() as storage:
        for auid in ("resource-lists", "com.example.gone"):
            storage.put(Key(auid, "users", ALICE, "index"), b"<x/>")
        made = Directories(storage, ALL)
        key = Key(XCAP_DIRECTORY.auid, "users", ALICE, "directory.xml")
        assert key in made
        assert Key(XCAP_DIRECTORY.auid, "users", ALICE, "other.xml") not in made
        assert Key(XCAP_DIRECTORY.auid, "global", "", "directory.xml") not in made
        stored = made.get(key, ROOT)
        assert stored is not None
        assert stored.body.count(b"<entry ") == 1
        assert stored != made.get(key, XcapRoot("http://other.example.org"))
