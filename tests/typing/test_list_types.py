"""Lists and services as a user's strictly checked code sees them; also run, so that types and behaviour agree."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import assert_type

from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_documents.rls_services import ListReference, Packages, RlsServices, Service
from xcap_sdk import (
    RESOURCE_LISTS,
    RLS_SERVICES,
    ApplicationUsage,
    AsyncXcapClient,
    DocumentAddress,
    ElementAddress,
    FlatEntry,
    FlatList,
    ReferenceProblem,
    ReservedList,
    XcapClient,
    XcapRoot,
    address_of,
    anchor_to,
    canonical_uri,
    entry_address,
    flatten,
    list_address,
    parse_anchor,
    parse_reference,
    reference_to,
)
from xcap_sdk.server import RunningServer


def test_services() -> None:
    document = RlsServices()
    team = ResourceList(name="team")
    service = assert_type(document.services.add("sip:a@b", list=team, packages=["presence"]), Service)
    assert_type(document.services.ensure("sip:c@d", resource_list="http://example.org"), Service)
    assert_type(document.services["sip:a@b"].list, ResourceList | None)
    assert_type(service.resource_list, str | None)
    assert_type(service.members, None | ListReference | ResourceList)
    service.packages.add("dialog")
    assert_type(service.packages.any, bool)
    assert_type([package.upper() for package in service.packages], list[str])
    service.packages = ["presence"]
    service.packages = None
    assert_type(service.event_packages, Packages | None)
    assert_type(service.accepts("presence"), bool)
    assert_type([each.uri for each in document.services], list[str])
    assert_type(RLS_SERVICES, ApplicationUsage[RlsServices])


def test_references() -> None:
    root = XcapRoot("http://example.org")
    index = DocumentAddress(
        root=root, auid="resource-lists", xui="sip:a@b", default_namespace=RESOURCE_LISTS.namespace
    )
    friends = assert_type(list_address(index, "friends", "close"), ElementAddress)
    bob = assert_type(entry_address(friends, "sip:bob@b"), ElementAddress)
    assert_type(anchor_to(friends), str)
    assert_type(reference_to(bob), str)
    assert assert_type(parse_anchor(anchor_to(friends)), ElementAddress) == friends
    assert assert_type(parse_reference(root, reference_to(bob)), ElementAddress) == bob
    assert_type(canonical_uri("SIP:bob@B"), str)
    book = ResourceLists()
    listed = book.lists.ensure(ReservedList.RCS).entries.add("sip:a@b")
    assert_type(address_of(index, book, listed), ElementAddress)
    flat = assert_type(flatten(book, "rcs", address=index, others={}), FlatList)
    assert_type(flatten(book, ["rcs"]), FlatList)
    assert_type(flatten(book.lists["rcs"]).entries, Sequence[FlatEntry])
    assert_type(flat.uris, list[str])
    assert_type(flat.subscribable, list[str])
    assert_type(flat.problems, Sequence[ReferenceProblem])
    for entry in flat.entries:
        assert_type(entry.entry, Entry)
        assert_type(entry.document, DocumentAddress | None)
        assert_type(entry.via, tuple[str, ...])
    for problem in flat.problems:
        assert problem.reason != "invalid"


def read(uri: str) -> bytes | None:
    return None


async def read_later(uri: str) -> bytes | None:
    return None


def test_repositories(xcap_server: RunningServer) -> None:
    with XcapClient(xcap_server.root, user="sip:a@b") as xcap:
        xcap.resource_lists.create(ResourceLists())
        assert_type(xcap.resource_lists.resolve(elsewhere=read), FlatList)
        assert_type(xcap.resource_lists.resolve("index", max_depth=3, max_documents=9), FlatList)
        assert_type(xcap.resource_lists.list_address("friends", document="work"), ElementAddress)
        assert_type(xcap.resource_lists.get().model, ResourceLists)
        with xcap.rls_services.edit() as mine:
            assert_type(mine, RlsServices)
            mine.services.add("sip:s@b")
        assert_type(xcap.rls_services.members("sip:s@b", elsewhere=read), FlatList)
        assert_type(xcap.global_tree.rls_services.get().model, RlsServices)

    async def run() -> None:
        async with AsyncXcapClient(xcap_server.root, user="sip:a@b") as xcap:
            assert_type(await xcap.resource_lists.resolve(elsewhere=read_later), FlatList)
            assert_type(await xcap.resource_lists.resolve(list=("a", "b")[:0], elsewhere=read), FlatList)
            assert_type(await xcap.rls_services.members("sip:s@b"), FlatList)

    asyncio.run(run())
