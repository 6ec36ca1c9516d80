"""Two changes far apart in a long document: one request unless the caller allows several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import XcapClient
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"


@pytest.fixture
def xcap(xcap_server: RunningServer) -> Iterator[XcapClient]:
    book = ResourceLists()
    for name in ("first", "last"):
        entries = book.lists.add(name).entries
        for number in range(400):
            entries.add(f"sip:{number}@example.org", display_name=f"Number {number}")
    with xcap_server.client(ALICE) as client:
        client.resource_lists.create(book)
        yield client


def change(book: ResourceLists) -> None:
    book.lists["first"].entries["sip:0@example.org"].label = "Zero"
    book.lists["last"].entries["sip:399@example.org"].label = "Last"


def test_by_default_it_is_one_request(xcap: XcapClient) -> None:
    document = xcap.resource_lists.get()
    change(document.model)
    plan = document.plan()
    assert plan.atomic
    assert plan.requests == 1
    assert document.save().outcome == "replaced"


def test_several_where_the_caller_allows_it(xcap: XcapClient) -> None:
    document = xcap.resource_lists.get()
    change(document.model)
    plan = document.plan(atomic=False)
    assert not plan.atomic
    assert (plan.requests, [each.method for each in plan.operations]) == (2, ["PUT", "PUT"])
    assert plan.bytes_up < 200
    assert plan.cost < document.plan().cost
    report = document.save(atomic=False)
    assert (report.outcome, report.requests) == ("patched", 2)
    again = xcap.resource_lists.get()
    assert again.etag == report.etag
    assert again.model == document.model


def test_blocks_and_updates_allow_it_too(xcap: XcapClient) -> None:
    with (edit := xcap.resource_lists.edit(atomic=False)) as book:
        change(book)
    assert edit.report is not None
    assert edit.report.outcome == "patched"

    def back(model: ResourceLists) -> None:
        model.lists["first"].entries["sip:0@example.org"].label = "0"
        model.lists["last"].entries["sip:399@example.org"].label = "399"

    assert xcap.resource_lists.update(back, atomic=False).outcome == "patched"
    assert xcap.resource_lists.get().model.lists["last"].entries["sip:399@example.org"].label == "399"


def test_one_is_enough_where_one_says_it_all(xcap: XcapClient) -> None:
    document = xcap.resource_lists.get()
    document.model.lists["first"].entries["sip:0@example.org"].label = "Zero"
    assert document.plan(atomic=False) == document.plan()
    assert document.plan().requests == 1
