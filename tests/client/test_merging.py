"""What a save does if somebody else was faster: it merges, within bounds, and loses nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dictionary import Dictionary, lost, nothing, session
from test_flows import BOOK, INDEX, edited, headers, label, other, with_book

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.errors import (
    Conflicted,
    ConnectionFailed,
    Forbidden,
    InvalidMerge,
    MergeConflict,
    MissingETag,
    PreconditionFailed,
    Problem,
    ServerError,
    TimedOut,
    XcapError,
)
from xcap_sdk.flows.conversation import Pause
from xcap_sdk.flows.held import OnConflict
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.pauses import LONGEST_PAUSE, TRIES, back_off
from xcap_sdk.flows.saving import remove, remove_held, save, update
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.usages import RESOURCE_LISTS, Check

ERIN = BOOK.replace(
    b'<rl:list name="friends"/>', b'<rl:list name="friends"><rl:entry uri="sip:erin@x"/></rl:list>'
)
LABELLED = BOOK.replace(
    b'<rl:list name="friends"/>',
    b'<rl:list name="friends"><rl:display-name>Theirs</rl:display-name><rl:entry uri="sip:erin@x"/></rl:list>',
)


def stored(server: Dictionary) -> ResourceLists:
    return parse(server.documents[INDEX.uri], ResourceLists)


def test_both_changes_are_saved_under_the_new_etag() -> None:
    server = with_book()
    held = edited(server)
    other(server, ERIN)
    report = server.run(save(held))
    assert (report.outcome, report.etag, report.requests, report.merged) == ("replaced", '"3"', 3, True)
    assert server.methods == ["GET", "PUT", "GET", "PUT"]
    assert headers(server.log[-1])["If-Match"] == '"2"'
    assert server.pauses == [], "the first retry has a fresh ETag"
    friends = stored(server).lists["friends"]
    assert (friends.label, friends.entries.keys()) == ("Friends", ["sip:erin@x"])
    assert b"<!-- mine -->" in server.documents[INDEX.uri]
    assert held.model == stored(server)
    assert held.version is not None
    assert (held.version.body, held.version.etag) == (server.documents[INDEX.uri], '"3"')


def test_a_merged_document_can_be_edited_and_saved_on() -> None:
    server = with_book()
    held = edited(server)
    other(server, ERIN)
    server.run(save(held))
    assert server.run(save(held)).outcome == "unchanged"
    held.model.lists["friends"].entries.remove("sip:erin@x")
    assert server.run(save(held)).merged is False
    assert stored(server) == held.model
    assert len(stored(server).lists["friends"].entries) == 0


def test_what_is_there_already_is_not_sent_again() -> None:
    server = with_book()
    held = edited(server)
    other(server, LABELLED.replace(b"Theirs", b"Friends"))
    report = server.run(save(held))
    assert (report.outcome, report.etag, report.merged) == ("unchanged", '"2"', True)
    assert server.methods == ["GET", "PUT", "GET"]
    assert held.model == stored(server)
    held.model.lists["friends"].entries.remove("sip:erin@x")
    server.run(save(held))
    assert stored(server) == held.model


def test_a_clash_raises_with_everything_in_hand() -> None:
    server = with_book()
    held = edited(server)
    model, version = held.model, held.version
    other(server, LABELLED)
    with pytest.raises(MergeConflict, match=r'lists\["friends"\]\.display_name') as caught:
        server.run(save(held))
    error = caught.value
    assert [(clash.mine, clash.theirs) for clash in error.clashes] != []
    assert (error.base, error.theirs, error.theirs_etag) == (BOOK, LABELLED, '"2"')
    assert b"Friends" in error.mine
    assert error.document is held
    assert (held.model, held.version) == (model, version)
    assert held.model is model
    assert server.documents[INDEX.uri] == LABELLED


@pytest.mark.parametrize(("on_conflict", "expected"), [("mine", "Friends"), ("theirs", "Theirs")])
def test_one_side_decides_what_clashes_and_only_that(on_conflict: OnConflict, expected: str) -> None:
    server = with_book()
    held = edited(server)
    held.model.lists["friends"].entries.add("sip:dave@x")
    other(server, LABELLED)
    assert server.run(save(held, on_conflict)).merged
    friends = stored(server).lists["friends"]
    assert friends.label == expected
    assert set(friends.entries.keys()) == {"sip:dave@x", "sip:erin@x"}
    assert held.model == stored(server)


def at_most_two(book: ResourceLists) -> list[Problem]:
    return [Problem("", "limit", "there are more than two lists")] if len(book.lists) > 2 else []


def test_a_merge_that_is_not_valid_is_not_sent() -> None:
    usage = replace(RESOURCE_LISTS, checks=(*RESOURCE_LISTS.checks, Check("limit", "§1", at_most_two)))
    server = with_book()
    held = server.run(open_document(session(), usage, INDEX))
    held.model.lists.ensure("mine")
    other(server, BOOK.replace(b"</rl:resource-lists>", b'<rl:list name="theirs"/></rl:resource-lists>'))
    with pytest.raises(InvalidMerge, match="the outcome is not valid") as caught:
        server.run(save(held))
    assert [problem.rule for problem in caught.value.problems] == ["limit"]
    assert (caught.value.base, caught.value.theirs) == (BOOK, server.documents[INDEX.uri])
    assert b'"mine"' in caught.value.mine
    assert caught.value.document is held
    assert server.methods == ["GET", "PUT", "GET"]


def test_others_who_write_a_lot_are_waited_for() -> None:
    server = with_book()
    held = edited(server)
    texts = [ERIN.replace(b"erin", f"erin{number}".encode()) for number in range(3)]

    def write(request: Request) -> None:
        if request.method == "PUT" and texts:
            other(server, texts.pop())

    server.before = [write] * 20
    report = server.run(save(held))
    assert report.merged
    assert server.methods == ["GET", "PUT", "GET", "PUT", "GET", "GET", "PUT", "GET", "GET", "PUT"]
    assert server.pauses == [0.025, 0.05]
    assert stored(server).lists["friends"].entries.keys() == ["sip:erin0@x"]
    assert stored(server).lists["friends"].label == "Friends"


def test_tries_are_bounded() -> None:
    server = with_book()
    held = edited(server)
    count = 0

    def write(request: Request) -> None:
        nonlocal count
        if request.method == "PUT":
            count += 1
            other(server, ERIN.replace(b"erin", f"erin{count}".encode()))

    server.before = [write] * 100
    with pytest.raises(Conflicted) as caught:
        server.run(save(held))
    assert type(caught.value) is Conflicted
    assert f"faster each of {TRIES} times" in str(caught.value)
    assert caught.value.document is held.handle
    assert count == TRIES
    assert caught.value.base == BOOK
    assert caught.value.theirs == server.documents[INDEX.uri]
    assert held.version is not None
    assert held.version.body == BOOK
    server.before = []
    assert server.run(save(held)).merged, "it can be saved again"


def test_pauses_grow_and_are_bounded() -> None:
    conflict = XcapError("conflict")
    flows = [back_off(session(), number, conflict) for number in range(1, TRIES)]
    pauses = [pause.seconds for flow in flows if isinstance(pause := next(flow), Pause)]
    assert len(pauses) == len(flows)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= LONGEST_PAUSE


def test_if_nobody_can_say_what_others_wrote_the_conflict_stands() -> None:
    server = with_book()
    held = edited(server)

    def write(request: Request) -> None:
        other(server, ERIN.replace(b"erin", f"erin{len(server.log)}".encode()))

    server.before = [write, nothing, write, nothing, *[lambda request: Response(503)] * 3]
    with pytest.raises(Conflicted) as caught:
        server.run(save(held))
    assert type(caught.value.__cause__).__name__ == "ServerError"


def test_a_document_that_was_created_meanwhile_is_merged() -> None:
    server = Dictionary()
    held = edited(server)
    other(server, BOOK.replace(b"friends", b"enemies"))
    report = server.run(save(held))
    assert (report.outcome, report.merged) == ("replaced", True)
    assert {item.name for item in stored(server).items} == {"friends", "enemies"}
    server = Dictionary()
    held = edited(server)
    other(server, LABELLED)
    with pytest.raises(MergeConflict):
        server.run(save(held))
    server = Dictionary()
    held = edited(server)
    other(server, server.run(save(edited(Dictionary()))) and LABELLED.replace(b"Theirs", b"Friends"))
    assert server.run(save(held)).outcome == "unchanged"


def test_a_create_that_is_refused_though_nothing_is_there_is_told_so() -> None:
    server = Dictionary()
    held = edited(server)
    server.before = [lambda request: Response(412)]
    with pytest.raises(PreconditionFailed) as caught:
        server.run(save(held))
    assert type(caught.value) is PreconditionFailed


@pytest.mark.parametrize("on_conflict", ["merge", "theirs"])
def test_a_document_that_was_deleted_meanwhile_stays_deleted(on_conflict: OnConflict) -> None:
    server = with_book()
    held = edited(server)
    del server.documents[INDEX.uri]
    with pytest.raises(MergeConflict, match="deleted there") as caught:
        server.run(save(held, on_conflict))
    [clash] = caught.value.clashes
    assert (clash.place, clash.base, clash.theirs) == ("", BOOK.decode(), None)
    assert server.documents == {}


def test_a_document_that_was_deleted_meanwhile_is_created_again_if_mine_decides() -> None:
    server = with_book()
    held = edited(server)
    del server.documents[INDEX.uri]
    report = server.run(save(held, "mine"))
    assert (report.outcome, report.merged) == ("created", True)
    assert headers(server.log[-1])["If-None-Match"] == "*"
    assert stored(server) == held.model


def test_what_cannot_be_read_or_guarded_is_not_merged() -> None:
    server = with_book()
    held = edited(server)
    other(server, b"<oops")
    with pytest.raises(Conflicted) as caught:
        server.run(save(held))
    assert (type(caught.value), caught.value.theirs) == (Conflicted, b"<oops")
    server = with_book()
    held = edited(server)
    other(server, ERIN)
    server.before = [nothing, lambda request: Response(200, Headers(), ERIN)]
    with pytest.raises(Conflicted) as caught:
        server.run(save(held))
    assert (type(caught.value), caught.value.theirs_etag) == (Conflicted, None)


def test_after_a_merge_errors_leave_what_was_in_hand() -> None:
    server = with_book()
    held = edited(server)
    model, version = held.model, held.version
    other(server, ERIN)
    server.before = [nothing, nothing, lambda request: Response(403)]
    with pytest.raises(Forbidden):
        server.run(save(held))
    assert held.model is model
    assert held.version is version
    assert server.run(save(held)).merged


def test_a_lost_reply_in_a_merge_is_settled_too() -> None:
    server = with_book()
    held = edited(server)
    other(server, ERIN)
    server.after = [nothing, nothing, lost(TimedOut)]
    assert server.run(save(held)).etag == '"3"'
    assert held.model == stored(server)


def test_a_lost_reply_before_somebody_elses_change_is_not_repeated() -> None:
    server = with_book()
    held = edited(server)

    def add(request: Request) -> TimedOut:
        other(server, server.documents[INDEX.uri].replace(b"<!-- mine -->", b"<!-- theirs -->"))
        return TimedOut("lost", request=request)

    server.after = [add]
    report = server.run(save(held))
    assert (report.outcome, report.merged) == ("unchanged", True)
    assert server.methods == ["GET", "PUT", "GET"]
    assert b"Friends" in server.documents[INDEX.uri]


def test_without_merging_a_lost_reply_is_said_to_be_one() -> None:
    server = with_book()
    held = edited(server)

    def write(request: Request) -> TimedOut:
        other(server, ERIN)
        return TimedOut("lost", request=request)

    server.after = [write]
    with pytest.raises(Conflicted) as caught:
        server.run(save(held, "raise"))
    assert caught.value.uncertain
    assert not held.plan().operations[0].chained


@pytest.mark.parametrize("status", [502, 503, 504])
def test_gateway_errors_are_lost_replies(status: int) -> None:
    server = with_book()
    held = edited(server)
    server.after = [lambda request: Response(status)]
    assert server.run(save(held)).etag == '"2"'
    assert server.methods == ["GET", "PUT", "GET"]
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(status, Headers([("Retry-After", "6")]))]
    assert server.run(save(held)).etag == '"2"'
    assert server.methods == ["GET", "PUT", "GET", "PUT"]
    assert server.pauses == [6.1]


def test_a_server_that_wants_a_long_pause_is_left_alone() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(503, Headers([("Retry-After", "60")]))]
    with pytest.raises(ServerError, match="try again in 60 s") as caught:
        server.run(save(held))
    assert caught.value.retry_after == 60
    assert (server.methods, server.pauses) == (["GET", "PUT", "GET"], [])
    assert server.run(save(held)).outcome == "replaced"


def test_a_server_that_is_down_is_asked_three_times_in_all() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(503)] * 9
    with pytest.raises(ServerError, match="PUT"):
        server.run(save(held))
    assert server.methods == ["GET", "PUT", "GET", "GET"]
    assert server.pauses == [0.1, 0.2]


def test_a_write_that_a_gateway_never_passes_on_is_made_three_times() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(502), nothing] * 9
    with pytest.raises(ServerError, match="502"):
        server.run(save(held))
    assert server.methods == ["GET", *["PUT", "GET"] * 3]
    assert server.pauses == [0.1, 0.2]


def test_a_server_that_failed_is_looked_at_but_not_asked_again() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(500)]
    with pytest.raises(Exception, match="500"):
        server.run(save(held))
    assert server.methods == ["GET", "PUT", "GET"]


def test_a_gateway_error_to_a_delete_is_settled_too() -> None:
    server = with_book(after=[nothing, lambda request: Response(502)])
    server.run(remove(session(), INDEX))
    assert server.methods == ["GET", "DELETE", "GET"]


def count_up(book: ResourceLists) -> None:
    friends = book.lists["friends"]
    friends.label = str(int(friends.label or "0") + 1)


def test_an_update_counts_once_even_if_somebody_else_counted_to_the_same() -> None:
    server = with_book()

    def count_too(request: Request) -> None:
        server.run(update(session(), RESOURCE_LISTS, INDEX, count_up, None))

    server.before = [nothing, count_too]
    server.run(update(session(), RESOURCE_LISTS, INDEX, count_up, None))
    assert stored(server).lists["friends"].label == "2"


def test_an_update_whose_reply_was_lost_does_not_count_twice() -> None:
    server = with_book()

    def more(request: Request) -> TimedOut:
        book = stored(server)
        book.lists["friends"].entries.add("sip:erin@x")
        other(server, serialize(book))
        return TimedOut("lost", request=request)

    server.after = [nothing, more]
    with pytest.raises(Conflicted, match="a reply was lost") as caught:
        server.run(update(session(), RESOURCE_LISTS, INDEX, count_up, None))
    assert caught.value.uncertain
    friends = stored(server).lists["friends"]
    assert (friends.label, len(friends.entries)) == ("1", 1)


def test_an_update_may_stop_at_the_first_conflict() -> None:
    server = with_book()
    server.before = [nothing, lambda request: other(server, ERIN)]
    with pytest.raises(Conflicted):
        server.run(update(session(), RESOURCE_LISTS, INDEX, label, None, on_conflict="raise"))
    assert server.methods == ["GET", "PUT", "GET"]


def test_a_connection_that_cannot_be_made_again_leaves_it_unknown() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(TimedOut), nothing, *[lost(ConnectionFailed)] * 3]
    with pytest.raises(TimedOut) as caught:
        server.run(save(held))
    assert isinstance(caught.value.__cause__, ConnectionFailed)


def test_a_merge_needs_an_etag_for_what_was_put_before() -> None:
    server = with_book(etags=(True, False))
    held = edited(server)
    server.run(save(held))
    other(server, server.documents[INDEX.uri].replace(b"<!-- mine -->", b"<!-- theirs -->"))
    held.model.lists["friends"].label = "Mine"
    assert server.run(save(held)).merged
    assert b"<!-- theirs -->" in server.documents[INDEX.uri]
    server.etags = (False, False)
    held.model.lists["friends"].label = "Again"
    with pytest.raises(MissingETag):
        server.run(save(held))


def test_a_lost_reply_and_then_a_clash_say_that_theirs_may_come_after_mine() -> None:
    server = with_book()
    held = edited(server)

    def write(request: Request) -> TimedOut:
        other(server, LABELLED)
        return TimedOut("lost", request=request)

    server.after = [write]
    with pytest.raises(MergeConflict, match="A reply was lost before") as caught:
        server.run(save(held))
    assert caught.value.uncertain


def test_what_others_created_after_a_delete_is_merged_without_a_base() -> None:
    server = with_book()
    held = edited(server)
    server.run(remove_held(held))
    other(server, ERIN)
    assert server.run(save(held)).merged
    friends = stored(server).lists["friends"]
    assert (friends.label, friends.entries.keys()) == ("Friends", ["sip:erin@x"])


def test_a_refusal_after_a_lost_reply_stands_if_others_wrote() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(TimedOut), nothing, lambda request: other(server, ERIN) or Response(403)]
    with pytest.raises(Forbidden):
        server.run(save(held))
