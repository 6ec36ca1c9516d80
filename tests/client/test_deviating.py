"""Documents that break the standards, as servers give them: read, edited, saved and merged."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from dictionary import Dictionary, session
from test_clients import LISTS, connected, connected_async
from test_flows import INDEX, other

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.errors import InvalidDocument, InvalidMerge, Problem
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.saving import save
from xcap_sdk.usages import RESOURCE_LISTS, Check

RL = "urn:ietf:params:xml:ns:resource-lists"
ODD = f"""<?xml version="1.0"?>
<resource-lists xmlns="{RL}">
  <list name="friends">
    <entry><display-name>Nobody</display-name></entry>
    <vendor-flag>1</vendor-flag>
    <entry uri="sip:bob@example.org"/>
    <entry uri="sip:bob@example.org"/>
    <display-name>Friends</display-name>
  </list>
</resource-lists>
""".encode()
PLACES = [
    ('lists["friends"].entries[0].uri', "schema"),
    ('lists["friends"]', "schema"),
    ('lists["friends"].display_name', "schema"),
    ('lists["friends"].entries[2].uri', "uniqueness"),
]


def with_odd(**options: object) -> Dictionary:
    server = Dictionary(**options)  # pyright: ignore[reportArgumentType]
    server.store(LISTS, ODD)
    return server


def test_its_faults_are_warnings() -> None:
    with connected(with_odd()) as xcap:
        document = xcap.resource_lists.get()
        assert [(problem.place, problem.rule) for problem in document.warnings] == PLACES
        friends = document.model.lists["friends"]
        assert [entry.uri for entry in friends.entries] == [
            None,
            "sip:bob@example.org",
            "sip:bob@example.org",
        ]
        with (edit := xcap.resource_lists.edit()) as book:
            assert edit.document is not None
            assert len(edit.document.warnings) == len(PLACES)
            book.lists["friends"].entries.discard("sip:bob@example.org")
        assert [problem.rule for problem in edit.document.warnings] == ["schema"] * 3


def test_a_right_document_and_none_have_no_warnings() -> None:
    with connected(Dictionary()) as xcap:
        with (edit := xcap.resource_lists.edit()) as book:
            assert edit.document is not None
            assert edit.document.warnings == ()
            book.lists.add("friends")
        assert edit.document.warnings == ()
        assert xcap.resource_lists.get().warnings == ()


def test_asynchronously() -> None:
    async def run() -> None:
        async with connected_async(server) as xcap:
            document = await xcap.resource_lists.get()
            assert len(document.warnings) == len(PLACES)
            document.model.lists["friends"].entries.add("sip:erin@example.org")
            assert (await document.save()).outcome == "replaced"

    server = with_odd()
    asyncio.run(run())
    assert b"erin" in server.documents[LISTS]


def test_it_can_be_saved_and_nothing_else_changes() -> None:
    server = with_odd()
    with connected(server) as xcap:
        document = xcap.resource_lists.get()
        assert document.save().outcome == "unchanged"
        assert server.methods == ["GET"]
        document.model.lists["friends"].entries.add("sip:erin@example.org")
        document.model.lists["friends"].label = "My friends"
        document.save()
    entry = b'\n    <entry uri="sip:erin@example.org"/>'
    assert server.documents[LISTS].replace(entry, b"").replace(b"My friends", b"Friends") == ODD


def test_what_the_edit_makes_worse_stops_the_save() -> None:
    server = with_odd()
    with connected(server) as xcap:
        document = xcap.resource_lists.get()
        document.model.lists["friends"].entries.add("%zz")
        with pytest.raises(InvalidDocument) as caught:
            document.save()
        assert [problem.place for problem in caught.value.problems] == ['lists["friends"].entries[3].uri']
        assert server.documents[LISTS] == ODD
        document.model.lists["friends"].entries.remove("%zz")
        assert document.save().outcome == "unchanged"


def test_a_document_of_ones_own_has_to_be_right() -> None:
    server = with_odd()
    with connected(server) as xcap:
        copy = xcap.resource_lists.get().model
        with pytest.raises(InvalidDocument) as caught:
            xcap.resource_lists.create(copy, document="copy")
        assert {problem.rule for problem in caught.value.problems} == {"schema"}
        assert server.methods == ["GET"]


def test_node_writes_pass_states_that_are_no_worse() -> None:
    server = with_odd()
    held = server.run(open_document(session(), RESOURCE_LISTS, INDEX))
    held.model.lists["friends"].entries.add("sip:erin@example.org")
    held.model.lists.add("family")
    plan = held.plan("nodes")
    assert [operation.method for operation in plan.operations] == ["PUT", "PUT"]
    assert plan.operations[0].result != plan.target


def test_faults_of_the_other_side_are_not_mine() -> None:
    server = Dictionary()
    server.store(LISTS, f'<resource-lists xmlns="{RL}"><list name="friends"/></resource-lists>'.encode())
    held = server.run(open_document(session(), RESOURCE_LISTS, INDEX))
    held.model.lists["friends"].label = "Mine"
    other(server, ODD.replace(b"<display-name>Friends</display-name>", b""))
    assert server.run(save(held)).merged
    assert b"<vendor-flag>1</vendor-flag>" in server.documents[LISTS]
    assert b"<display-name>Mine</display-name>" in server.documents[LISTS]


def at_most_two(book: ResourceLists) -> list[Problem]:
    problem = Problem("", "limit", f"there are {len(book.lists)} lists")
    return [problem] if len(book.lists) > 2 else []


def test_what_both_sides_made_wrong_together_is_told_without_the_old_faults() -> None:
    usage = replace(RESOURCE_LISTS, checks=(*RESOURCE_LISTS.checks, Check("limit", "§1", at_most_two)))
    server = with_odd()
    held = server.run(open_document(session(), usage, INDEX))
    held.model.lists.add("mine")
    other(server, ODD.replace(b"</resource-lists>", b'<list name="theirs"/></resource-lists>'))
    with pytest.raises(InvalidMerge) as caught:
        server.run(save(held))
    assert [problem.rule for problem in caught.value.problems] == ["limit"]


def test_a_document_that_others_deleted_comes_back_with_its_faults() -> None:
    server = with_odd()
    held = server.run(open_document(session(), RESOURCE_LISTS, INDEX))
    held.model.lists["friends"].label = "Mine"
    del server.documents[LISTS]
    assert server.run(save(held, "mine")).outcome == "created"
