"""What the SDK does for its users on every server: days of editing, conflicts, and many writers at once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from reachable import Place

from editing import list_entry, png
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    AlreadyExists,
    AsyncXcapClient,
    InvalidDocument,
    Match,
    MergeConflict,
    MustNotExist,
    PreconditionFailed,
    XcapClient,
)

BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<!-- é: kept -->
<rl:resource-lists xmlns:rl='urn:ietf:params:xml:ns:resource-lists' xmlns:x="urn:x">
  <rl:list name="friends"><rl:entry uri='sip:bob@example.org' x:y = "z"/>
    <!-- a comment -->
    <rl:entry   uri="sip:carol@example.org"><rl:display-name>Carol é</rl:display-name><x:more/></rl:entry>
  </rl:list>
</rl:resource-lists>
""".encode()


def test_bytes_outside_the_edit_stay(place: Place, xcap: XcapClient) -> None:
    index = xcap.resource_lists.address(place.name)
    xcap.put(index, BOOK)
    with xcap.resource_lists.edit(document=place.name) as book:
        book.lists["friends"].entries["sip:carol@example.org"].label = "Caroline"
        book.lists["friends"].entries.move("sip:bob@example.org", to=1)
    received = xcap.get(index).body
    for kept in (
        "<!-- é: kept -->",
        "'sip:bob@example.org' x:y = \"z\"/>",
        "<!-- a comment -->",
        "<x:more/>",
    ):
        assert kept.encode() in received
    assert xcap.resource_lists.get(document=place.name).model.lists["friends"].entries.keys() == [
        "sip:carol@example.org",
        "sip:bob@example.org",
    ]


@pytest.mark.parametrize("strategy", ["auto", "document", "nodes"])
def test_every_strategy_gives_what_was_edited(strategy: Any, place: Place, xcap: XcapClient) -> None:
    book = ResourceLists()
    for number in range(5):
        list_entry(book, f"sip:{number}@example.org")
    document = xcap.resource_lists.create(book, document=place.name)
    entries = document.model.lists["friends"].entries
    for edit in (
        lambda: entries.remove("sip:1@example.org"),
        lambda: entries.add("sip:new@example.org", at=1),
        lambda: setattr(entries["sip:3@example.org"], "label", 'Zoë & <"Bob">'),
        lambda: setattr(document.model.lists["friends"], "name", "pals"),
        lambda: entries.move("sip:4@example.org", to=0),
    ):
        edit()
        document.save(strategy=strategy)
        assert xcap.resource_lists.get(document=place.name).model == document.model


def test_the_icon(place: Place, xcap: XcapClient) -> None:
    name = f"oma_status-icon/{place.name}"
    for side in (16, 48):
        xcap.status_icon.upload(png(side), document=name)
        assert xcap.status_icon.get(document=name).model.decode() == png(side)
    xcap.status_icon.get(document=name).delete()
    assert not xcap.status_icon.exists(document=name)


def test_who_may_see_my_presence(place: Place, xcap: XcapClient) -> None:
    place.made.append(xcap.pres_rules.address(place.name))
    with xcap.pres_rules.edit(document=place.name) as policy:
        friends = policy.rules.ensure("friends")
        friends.identity.add("sip:bob@example.org")
        friends.sub_handling = SubHandling.ALLOW
        friends.provide_note = True
    friends = xcap.pres_rules.get(document=place.name).model.rules["friends"]
    assert (friends.sub_handling, friends.provide_note) == (SubHandling.ALLOW, True)


def test_a_document_that_is_there_is_not_created(place: Place, xcap: XcapClient) -> None:
    xcap.resource_lists.create(ResourceLists(), document=place.name)
    book = ResourceLists()
    book.lists.ensure("mine")
    with pytest.raises(AlreadyExists):
        xcap.resource_lists.create(book, document=place.name)
    with pytest.raises(PreconditionFailed), place.client() as other:
        other.put(xcap.resource_lists.address(place.name), book, condition=MustNotExist())
    assert xcap.resource_lists.get(document=place.name).model == ResourceLists()


def test_two_that_create_the_same_document_are_merged(place: Place, xcap: XcapClient) -> None:
    with place.client() as other, xcap.resource_lists.edit(document=place.name) as mine:
        with other.resource_lists.edit(document=place.name) as theirs:
            theirs.lists.ensure("theirs")
        mine.lists.ensure("mine")
    assert sorted(map(str, xcap.resource_lists.get(document=place.name).model.lists.keys())) == [
        "mine",
        "theirs",
    ]


def test_others_are_never_overwritten(place: Place, xcap: XcapClient) -> None:
    xcap.put(xcap.resource_lists.address(place.name), BOOK)
    mine = xcap.resource_lists.get(document=place.name)
    mine.model.lists["friends"].label = "Mine"
    with place.client() as other, other.resource_lists.edit(document=place.name) as book:
        book.lists["friends"].entries.add("sip:erin@example.org")
    assert mine.save().merged
    assert "sip:erin@example.org" in mine.model.lists["friends"].entries
    stale = xcap.resource_lists.get(document=place.name)
    with place.client() as other, other.resource_lists.edit(document=place.name) as book:
        book.lists["friends"].label = "Theirs"
    stale.model.lists["friends"].label = "Stale"
    with pytest.raises(MergeConflict):
        stale.save()
    assert stale.save(on_conflict="mine").merged
    assert xcap.resource_lists.get(document=place.name).model.lists["friends"].label == "Stale"
    with pytest.raises(PreconditionFailed), place.client() as other:
        other.put(xcap.resource_lists.address(place.name), BOOK, condition=Match('"no-such-version"'))
    with place.client() as other:
        behind = other.resource_lists.get(document=place.name)
        stale.model.lists["friends"].label = "Newer"
        stale.save()
        with pytest.raises(PreconditionFailed):
            behind.delete()
    assert xcap.resource_lists.get(document=place.name).model.lists["friends"].label == "Newer"


def test_nothing_invalid_leaves(place: Place, xcap: XcapClient) -> None:
    with pytest.raises(InvalidDocument), xcap.resource_lists.edit(document=place.name) as book:
        book.lists.add("a")
        book.lists.add("b").name = "a"
    assert not xcap.resource_lists.exists(document=place.name)


def test_many_writers_at_once_lose_nothing(place: Place, xcap: XcapClient) -> None:
    with xcap.resource_lists.edit(document=place.name) as book:
        book.lists.ensure("all")

    def write(writer: int) -> None:
        with place.client() as client:
            for number in range(5):
                with client.resource_lists.edit(document=place.name) as book:
                    book.lists["all"].entries.add(f"sip:{writer}-{number}@example.org")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    entries = xcap.resource_lists.get(document=place.name).model.lists["all"].entries
    assert set(entries.keys()) == {f"sip:{w}-{n}@example.org" for w in range(4) for n in range(5)}


def test_the_same_without_waiting(place: Place) -> None:
    async def story() -> None:
        async with AsyncXcapClient(place.root, user=place.user, auth=place.auth) as xcap:
            async with xcap.resource_lists.edit(document=place.name) as book:
                list_entry(book, "sip:one@example.org")
            await asyncio.gather(*(add(xcap, number) for number in range(3)))
            document = await xcap.resource_lists.get(document=place.name)
            assert len(document.model.lists["friends"].entries) == 4
            await document.delete()
            assert not await xcap.resource_lists.exists(document=place.name)

    async def add(xcap: AsyncXcapClient, number: int) -> None:
        async with xcap.resource_lists.edit(document=place.name) as book:
            list_entry(book, f"sip:{number}-more@example.org")

    asyncio.run(story())
