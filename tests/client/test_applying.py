"""A diff brings a document in hand up to date: by its patches where it can, else by a GET; nothing gets lost."""

from __future__ import annotations

from typing import Any

import pytest
from dictionary import ROOT, Dictionary, lost, session
from test_flows import BOOK, INDEX, headers, opened, other, with_book

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    ChangeKind,
    ConnectionLost,
    DiffConflict,
    DocumentAddress,
    DocumentChange,
    InvalidInput,
    PatchAdd,
    PatchCondition,
    PatchError,
    PatchOperation,
    PatchRemove,
    PatchReplace,
    UnexpectedDocument,
    XcapDiff,
    XcapRoot,
)
from xcap_sdk.documents.binding import parse
from xcap_sdk.flows.applying import ApplyReport, apply
from xcap_sdk.flows.held import Held, OnConflict
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.saving import create, remove_held, save
from xcap_sdk.usages import RESOURCE_LISTS

SCOPE: dict[str | None, str] = {None: "urn:ietf:params:xml:ns:resource-lists"}
FRIENDS = "resource-lists/list[@name='friends']"
ERIN = PatchAdd(FRIENDS, '<entry uri="sip:erin@x"/>', namespaces=SCOPE)
WITH_ERIN = BOOK.replace(b'"friends"/>', b'"friends"><rl:entry uri="sip:erin@x"/></rl:list>')
FRED = PatchAdd(FRIENDS, '<entry uri="sip:fred@x"/>', namespaces=SCOPE)
WITH_BOTH = WITH_ERIN.replace(b"</rl:list>", b'<rl:entry uri="sip:fred@x"/></rl:list>')


def change(
    old: str | None, new: str | None, *operations: PatchOperation, kind: ChangeKind | None = None
) -> DocumentChange:
    kind = kind or (ChangeKind.PATCHED if operations else ChangeKind.FETCH)
    return DocumentChange(INDEX, kind, old, new, operations)


def diff(*changes: DocumentChange, root: XcapRoot = ROOT) -> XcapDiff:
    elsewhere = DocumentChange(
        DocumentAddress(root=root, auid="resource-lists", tree="global"), ChangeKind.REMOVED, "1"
    )
    return XcapDiff(root, (elsewhere, *changes, elsewhere))


def told(held: Held[Any]) -> tuple[bytes, str | None] | None:
    return held.version and (held.version.body, held.version.etag)


def outcome(report: ApplyReport) -> tuple[Any, ...]:
    return report.outcome, report.etag, report.requests, report.merged


def applied(
    server: Dictionary, held: Held[Any], *changes: DocumentChange, how: OnConflict = "merge"
) -> ApplyReport:
    return server.run(apply(held, diff(*changes), how))


def test_a_patch_is_applied_to_the_bytes_in_hand_and_nothing_is_sent() -> None:
    server = with_book()
    held = opened(server)
    report = applied(server, held, change("1", "2", ERIN))
    assert (outcome(report), report.failure) == (("patched", '"2"', 0, False), None)
    assert told(held) == (WITH_ERIN, '"2"')
    assert held.model == parse(WITH_ERIN, ResourceLists)
    assert server.methods == ["GET"]


def test_it_can_be_saved_on_and_reads_ask_for_the_new_version() -> None:
    server = with_book()
    on = session()
    held = opened(server, on)
    other(server, WITH_ERIN)
    applied(server, held, change("1", "2", ERIN))
    assert on.memory.etag(INDEX) == '"2"'
    assert server.run(save(held)).outcome == "unchanged"
    held.model.lists["friends"].label = "Friends"
    assert server.run(save(held)).outcome == "replaced"
    assert headers(server.log[-1])["If-Match"] == '"2"'
    assert b"sip:erin@x" in server.documents[INDEX.uri]
    assert "If-None-Match" not in headers(server.log[0])
    server.run(open_document(on, RESOURCE_LISTS, INDEX))


@pytest.mark.parametrize(
    ("changes", "body", "etag"),
    [
        ((change("1", "2", ERIN), change("2", "3", FRED)), WITH_BOTH, '"3"'),
        ((change("0", "1", FRED), change("1", "2", ERIN)), WITH_ERIN, '"2"'),
        ((change("1", "2", ERIN), change("2", "3", kind=ChangeKind.ETAG_ONLY)), WITH_ERIN, '"3"'),
        # ETags made of the content come back with it.
        ((change("1", "2", ERIN), change("2", "1", PatchRemove(f"{FRIENDS}/*", None, SCOPE))), BOOK, '"1"'),
    ],
)
def test_several_changes_follow_on_each_other(
    changes: tuple[DocumentChange, ...], body: bytes, etag: str
) -> None:
    server = with_book()
    held = opened(server)
    report = applied(server, held, *changes)
    assert report.etag == etag
    assert told(held) == (body, etag)
    assert server.methods == ["GET"]


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (change("0", "1", ERIN),),
        (change("0", '"1"'),),
        (change(None, "1", kind=ChangeKind.CREATED),),
        (change("8", "9", FRED), change("0", "1", ERIN)),
    ],
)
def test_what_is_in_hand_already_is_left_alone(changes: tuple[DocumentChange, ...]) -> None:
    server = with_book()
    held = opened(server)
    model = held.model
    assert outcome(applied(server, held, *changes)) == ("unchanged", '"1"', 0, False)
    assert held.model is model
    assert server.methods == ["GET"]


def test_another_etag_alone_is_taken() -> None:
    server = with_book()
    held = opened(server)
    report = applied(server, held, change("1", "9", kind=ChangeKind.ETAG_ONLY))
    assert outcome(report) == ("retagged", '"9"', 0, False)
    assert told(held) == (BOOK, '"9"')


@pytest.mark.parametrize(
    "changes",
    [
        (change("1", "2"),),  # without a patch
        (change("8", "2", ERIN),),  # from a version that is not in hand
        (change("8", "9", FRED), change("9", "2", ERIN)),
        (change("1", "8", FRED), change("9", "2", ERIN)),  # with a gap
        (change("1", "8", FRED), change("8", "2")),
        (change(None, "2", kind=ChangeKind.CREATED),),
        (change("8", None, kind=ChangeKind.REMOVED),),
        (change("1", None, kind=ChangeKind.REMOVED), change(None, "2", kind=ChangeKind.CREATED)),
        (change("1", 'W/"2"', ERIN),),
        (change("1", "2\r\nX: y", ERIN),),  # no ETag
        (change("1", "", ERIN),),
        (change("1 ", "2", ERIN),),  # octet by octet (§6)
    ],
)
def test_else_the_document_is_read_again(changes: tuple[DocumentChange, ...]) -> None:
    server = with_book()
    held = opened(server)
    other(server, WITH_BOTH)
    report = applied(server, held, *changes)
    assert (outcome(report), report.failure) == (("fetched", '"2"', 1, False), None)
    assert told(held) == (WITH_BOTH, '"2"')
    assert held.model == parse(WITH_BOTH, ResourceLists)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        (PatchRemove(f"{FRIENDS}/entry[2]", None, SCOPE), PatchError),
        (PatchReplace("*", "<other/>"), UnexpectedDocument),
        (PatchReplace("*", "<resource-lists xmlns='urn:x'/>"), UnexpectedDocument),
    ],
)
def test_a_patch_that_fails_is_told_and_the_document_read_again(
    operation: PatchOperation, error: type[Exception]
) -> None:
    server = with_book()
    held = opened(server)
    other(server, WITH_BOTH)
    report = applied(server, held, change("1", "8", ERIN), change("8", "2", operation))
    assert outcome(report) == ("fetched", '"2"', 1, False)
    assert type(report.failure) is error
    assert told(held) == (WITH_BOTH, '"2"')


def test_weak_etags_say_nothing_of_the_bytes() -> None:
    server = with_book()
    held = opened(server)
    assert held.version is not None
    held.version = type(held.version)(BOOK, 'W/"1"')
    other(server, WITH_ERIN)
    assert outcome(applied(server, held, change("0", "1"))) == ("unchanged", 'W/"1"', 0, False)
    assert applied(server, held, change("1", "2", ERIN)).outcome == "fetched"


def test_without_an_etag_in_hand_the_document_is_read_again() -> None:
    server = with_book(etags=(False, False))
    held = opened(server)
    other(server, WITH_ERIN)
    assert outcome(applied(server, held, change("1", "2", ERIN))) == ("fetched", None, 1, False)
    assert told(held) == (WITH_ERIN, None)


def test_etags_without_quotes_stay_without() -> None:
    server = with_book()
    held = opened(server)
    assert held.version is not None
    held.version = type(held.version)(BOOK, "1")
    assert applied(server, held, change("1", '"2"', ERIN)).etag == "2"


def test_a_diff_that_is_late_leaves_the_document_as_the_server_has_it() -> None:
    server = with_book()
    held = opened(server)
    held.model.lists["friends"].label = "Friends"
    server.run(save(held))
    before, model = told(held), held.model
    report = applied(server, held, change("0", "1", ERIN))
    assert outcome(report) == ("unchanged", '"2"', 1, False)
    assert (told(held), held.model) == (before, model)


# What is not saved yet.


def edited(server: Dictionary) -> Held[ResourceLists]:
    held = opened(server)
    held.model.lists["friends"].label = "Mine"
    return held


def test_changes_that_are_not_saved_yet_are_merged_in() -> None:
    server = with_book()
    held = edited(server)
    other(server, WITH_ERIN)
    report = applied(server, held, change("1", "2", ERIN))
    assert outcome(report) == ("patched", '"2"', 0, True)
    assert told(held) == (WITH_ERIN, '"2"')
    friends = held.model.lists["friends"]
    assert (friends.label, friends.entries.keys()) == ("Mine", ["sip:erin@x"])
    assert server.run(save(held)).outcome == "replaced"
    assert b"Mine" in server.documents[INDEX.uri]
    assert b"sip:erin@x" in server.documents[INDEX.uri]


def test_they_are_merged_with_what_was_read_again_too() -> None:
    server = with_book()
    held = edited(server)
    other(server, WITH_ERIN)
    assert outcome(applied(server, held, change("7", "2", ERIN))) == ("fetched", '"2"', 1, True)
    assert held.model.lists["friends"].label == "Mine"


def test_the_same_change_on_both_sides_is_none_of_mine_any_more() -> None:
    server = with_book()
    held = opened(server)
    held.model.lists["friends"].entries.add("sip:erin@x")
    assert outcome(applied(server, held, change("1", "2", ERIN))) == ("patched", '"2"', 0, False)
    other(server, WITH_ERIN)
    assert server.run(save(held)).outcome == "unchanged"


THEIRS = PatchAdd(FRIENDS, "<display-name>Theirs</display-name>", namespaces=SCOPE)


def test_a_clash_leaves_everything_in_hand() -> None:
    server = with_book()
    held = edited(server)
    before, model = told(held), held.model
    with pytest.raises(DiffConflict) as caught:
        applied(server, held, change("1", "2", THEIRS))
    error = caught.value
    assert [clash.place for clash in error.clashes] == ['lists["friends"].display_name']
    assert error.theirs is not None
    assert b"Theirs" in error.theirs
    assert error.theirs_etag == '"2"'
    assert error.document is held.handle
    assert "on_conflict" in str(error)
    assert told(held) == before
    assert held.model is model
    assert held.model.lists["friends"].label == "Mine"


@pytest.mark.parametrize(("how", "label", "merged"), [("mine", "Mine", True), ("theirs", "Theirs", False)])
def test_one_side_can_decide(how: OnConflict, label: str, merged: bool) -> None:
    server = with_book()
    held = edited(server)
    assert outcome(applied(server, held, change("1", "2", THEIRS, ERIN), how=how)) == (
        "patched",
        '"2"',
        0,
        merged,
    )
    friends = held.model.lists["friends"]
    assert (friends.label, friends.entries.keys()) == (label, ["sip:erin@x"])


def test_merging_can_be_declined() -> None:
    server = with_book()
    held = edited(server)
    with pytest.raises(DiffConflict) as caught:
        applied(server, held, change("1", "2", ERIN), how="raise")
    assert caught.value.clashes == ()
    assert told(held) == (BOOK, '"1"')
    assert applied(server, opened(server), change("1", "2", ERIN), how="raise").outcome == "patched"


# Documents that come and go.


GONE = change("1", None, kind=ChangeKind.REMOVED)


def test_a_document_that_is_gone_is_not_brought_back_by_a_save() -> None:
    server = with_book()
    held = opened(server)
    del server.documents[INDEX.uri]
    assert outcome(applied(server, held, GONE)) == ("removed", None, 0, False)
    assert held.version is None
    assert held.model == parse(BOOK, ResourceLists)
    assert server.run(save(held)).outcome == "unchanged"
    held.model.lists["friends"].label = "Again"
    assert server.run(save(held)).outcome == "created"
    assert headers(server.log[-1])["If-None-Match"] == "*"


def test_a_get_may_show_that_it_is_gone() -> None:
    server = with_book()
    held = opened(server)
    del server.documents[INDEX.uri]
    assert outcome(applied(server, held, change("1", "2"))) == ("removed", None, 1, False)


def test_what_is_not_saved_yet_is_not_lost_with_it() -> None:
    server = with_book()
    held = edited(server)
    del server.documents[INDEX.uri]
    for how in ("merge", "theirs", "raise"):
        with pytest.raises(DiffConflict, match="deleted there") as caught:
            applied(server, held, GONE, how=how)
        assert caught.value.theirs is None
        assert told(held) == (BOOK, '"1"')
    assert outcome(applied(server, held, GONE, how="mine")) == ("removed", None, 0, True)
    assert server.run(save(held)).outcome == "created"
    assert b"Mine" in server.documents[INDEX.uri]


def test_a_document_that_comes_meets_the_one_that_was_begun() -> None:
    server = Dictionary()
    held = server.run(open_document(session(), RESOURCE_LISTS, INDEX, ResourceLists))
    assert outcome(applied(server, held, GONE)) == ("unchanged", None, 0, False)
    assert outcome(applied(server, held, change("1", "2"))) == ("unchanged", None, 1, False)
    held.model.lists.ensure("enemies")
    server.store(INDEX.uri, WITH_ERIN)
    report = applied(server, held, change(None, "1", kind=ChangeKind.CREATED))
    assert outcome(report) == ("fetched", '"1"', 1, True)
    assert set(held.model.lists.keys()) == {"friends", "enemies"}
    assert server.run(save(held)).outcome == "replaced"


# What cannot be.


def test_a_diff_of_another_server_is_refused() -> None:
    server = with_book()
    held = opened(server)
    with pytest.raises(
        InvalidInput, match=r"parse_diff\(body, root='https://xcap\.example\.org/xcap-root'\)"
    ):
        server.run(apply(held, diff(root=XcapRoot("https://elsewhere.example.org"))))
    with pytest.raises(InvalidInput, match="on_conflict"):
        server.run(apply(held, diff(), "ours"))  # pyright: ignore[reportArgumentType]


def test_a_get_that_fails_leaves_everything_in_hand() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(ConnectionLost), lost(ConnectionLost)]
    with pytest.raises(ConnectionLost) as caught:
        applied(server, held, change("1", "2"))
    assert caught.value.document is held.handle
    assert told(held) == (BOOK, '"1"')
    other(server, b"<html/>")
    with pytest.raises(UnexpectedDocument):
        applied(server, held, change("1", "2"))
    assert told(held) == (BOOK, '"1"')
    assert held.model.lists["friends"].label == "Mine"


def test_what_was_just_created_can_be_patched() -> None:
    server = Dictionary()
    book = ResourceLists()
    book.lists.ensure("friends")
    held = server.run(create(session(), RESOURCE_LISTS, INDEX, book))
    assert applied(server, held, change("1", "2", ERIN)).outcome == "patched"
    assert held.model.lists["friends"].entries.keys() == ["sip:erin@x"]


def test_the_condition_of_a_failure_is_in_the_report() -> None:
    server = with_book()
    held = opened(server)
    report = applied(server, held, change("1", "2", PatchRemove("nothing")))
    assert outcome(report) == ("unchanged", '"1"', 1, False)
    assert isinstance(report.failure, PatchError)
    assert report.failure.condition is PatchCondition.UNLOCATED_NODE


HIDDEN = BOOK.replace(
    b'"friends"/>',
    b'"friends"><rl:entry uri="sip:bob@x"><!-- hidden --></rl:entry><rl:entry uri="sip:carol@x"/></rl:list>',
)


@pytest.mark.parametrize("edited_first", [False, True])
def test_what_the_model_does_not_show_stays_with_its_element_afterwards(edited_first: bool) -> None:
    server = with_book()
    other(server, HIDDEN)
    held = opened(server)
    entries = held.model.lists["friends"].entries
    if edited_first:
        entries["sip:bob@x"].label = "Bob"
    assert applied(server, held, change("2", "3", ERIN)).merged is edited_first
    assert held.version is not None
    server.store(INDEX.uri, held.version.body)
    bob = held.model.lists["friends"].entries["sip:bob@x"]
    bob.uri, bob.label = "sip:robert@x", "Robert"
    assert server.run(save(held)).outcome == "replaced"
    assert b"<!-- hidden -->" in server.documents[INDEX.uri]


def test_what_is_renamed_and_not_saved_yet_stays_itself() -> None:
    server = with_book()
    other(server, HIDDEN)
    held = opened(server)
    bob = held.model.lists["friends"].entries["sip:bob@x"]
    bob.uri, bob.label = "sip:robert@x", "Robert"
    assert applied(server, held, change("2", "3", ERIN)).merged
    assert held.version is not None
    server.store(INDEX.uri, held.version.body)
    assert server.run(save(held)).outcome == "replaced"
    assert b'<rl:entry uri="sip:robert@x"><!-- hidden -->' in server.documents[INDEX.uri]
    assert b"sip:erin@x" in server.documents[INDEX.uri]


@pytest.mark.parametrize("by_others", [True, False])
def test_a_document_that_comes_back_has_its_comments(by_others: bool) -> None:
    server = with_book()
    other(server, HIDDEN)
    held = opened(server)
    if by_others:
        held.model.lists["friends"].label = "Mine"
        applied(server, held, change("2", None, kind=ChangeKind.REMOVED), how="mine")
        del server.documents[INDEX.uri]
    else:
        server.run(remove_held(held))
    bob = held.model.lists["friends"].entries["sip:bob@x"]
    bob.uri, bob.label = "sip:robert@x", "Robert"
    assert server.run(save(held)).outcome == "created"
    assert b'<rl:entry uri="sip:robert@x"><!-- hidden -->' in server.documents[INDEX.uri]
    assert server.run(save(held)).outcome == "unchanged"


def test_a_document_that_was_deleted_and_made_anew_by_others_is_merged() -> None:
    server = with_book()
    other(server, HIDDEN)
    held = opened(server)
    server.run(remove_held(held))
    other(server, BOOK)
    assert server.run(save(held)).merged
    assert held.model.lists["friends"].entries.keys() == ["sip:bob@x", "sip:carol@x"]
