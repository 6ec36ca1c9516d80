"""The conversations, without I/O: what is asked, in which order, under which condition, and what becomes of faults."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dictionary import ALICE, ROOT, Dictionary, lost, nothing, session

from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk.documents.binding import serialize
from xcap_sdk.errors import (
    AlreadyExists,
    Conflicted,
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    Forbidden,
    InvalidDocument,
    InvalidInput,
    MissingETag,
    NotFound,
    PreconditionFailed,
    RequestTimeout,
    ServerError,
    TimedOut,
    TooManyRequests,
    TransportError,
    UnexpectedDocument,
    UnexpectedReply,
    XcapError,
)
from xcap_sdk.flows.conversation import Flow, Pause, Session
from xcap_sdk.flows.held import Held
from xcap_sdk.flows.opening import open_document, reload
from xcap_sdk.flows.pauses import TRIES
from xcap_sdk.flows.saving import create, exists, remove, remove_held, save, update
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.usages import RESOURCE_LISTS, STATUS_ICON

INDEX = DocumentAddress(root=ROOT, auid="resource-lists", xui=ALICE)
BOOK = b"""<?xml version="1.0" encoding="UTF-8"?>
<rl:resource-lists xmlns:rl='urn:ietf:params:xml:ns:resource-lists'>
  <!-- mine -->
  <rl:list name="friends"/>
</rl:resource-lists>
"""
THEIRS = BOOK.replace(b"friends", b"enemies")
SAME_BUT_OTHER_BYTES = BOOK.replace(b"'", b'"').replace(b'name="friends"', b"name = 'friends' ")


def with_book(**options: object) -> Dictionary:
    server = Dictionary(**options)  # pyright: ignore[reportArgumentType]
    server.store(INDEX.uri, BOOK)
    return server


def opened(server: Dictionary, on: Session | None = None) -> Held[ResourceLists]:
    return server.run(open_document(on or session(), RESOURCE_LISTS, INDEX, ResourceLists))


def edited(server: Dictionary, on: Session | None = None) -> Held[ResourceLists]:
    held = opened(server, on)
    held.model.lists.ensure("friends").label = "Friends"
    return held


def other(server: Dictionary, body: bytes = THEIRS) -> None:
    server.store(INDEX.uri, body)


def headers(request: Request) -> dict[str, str]:
    return dict(request.headers)


@pytest.mark.rule("C11", "C6", "RP5", "C5")
def test_a_save_is_one_put_under_the_etag_and_adopts_the_new_one() -> None:
    server = with_book()
    held = edited(server)
    report = server.run(save(held))
    assert (report.outcome, report.etag, report.requests, report.merged) == ("replaced", '"2"', 1, False)
    put = server.log[-1]
    assert put.method == "PUT"
    assert headers(put) == {"If-Match": '"1"', "Content-Type": "application/resource-lists+xml"}
    assert b"<!-- mine -->" in (put.body or b"")
    assert b"Friends</rl:display-name>" in (put.body or b"")
    assert held.version is not None
    assert held.version.body == put.body
    held.model.lists["friends"].label = "Mine"
    assert server.run(save(held)).etag == '"3"'
    assert server.methods == ["GET", "PUT", "PUT"]


def test_nothing_changed_sends_nothing() -> None:
    server = with_book()
    report = server.run(save(opened(server)))
    assert (report.outcome, report.etag, report.requests) == ("unchanged", '"1"', 0)
    assert server.methods == ["GET"]


@pytest.mark.rule("ET8")
def test_a_missing_document_starts_empty_and_is_created() -> None:
    server = Dictionary()
    held = opened(server)
    assert server.run(save(held)).outcome == "unchanged"
    held.model.lists.ensure("friends")
    report = server.run(save(held))
    assert (report.outcome, report.etag) == ("created", '"1"')
    assert headers(server.log[-1])["If-None-Match"] == "*"


def test_without_a_start_a_missing_document_is_not_found() -> None:
    with pytest.raises(NotFound, match="404"):
        Dictionary().run(open_document(session(), RESOURCE_LISTS, INDEX))


@pytest.mark.rule("GT9", "ET10")
def test_a_second_get_is_conditional_and_304_gives_the_known_document() -> None:
    server, on = with_book(), session()
    first, second = opened(server, on), opened(server, on)
    assert headers(server.log[1]) == {"If-None-Match": '"1"'}
    assert second.version == first.version
    assert second.model is not first.model
    other(server)
    assert [item.name for item in opened(server, on).model.items] == ["enemies"]


@pytest.mark.rule("ET9")
def test_a_document_that_changed_meanwhile_is_a_conflict_with_three_versions() -> None:
    server = with_book()
    held = edited(server)
    other(server)
    with pytest.raises(Conflicted, match="somebody else changed") as caught:
        server.run(save(held, "raise"))
    error = caught.value
    assert (error.base, error.theirs, error.theirs_etag) == (BOOK, THEIRS, '"2"')
    assert b"Friends" in error.mine
    assert error.status == 412
    assert error.document is held
    assert server.documents[INDEX.uri] == THEIRS
    assert held.model.lists["friends"].label == "Friends", "nothing is lost"


def test_a_document_that_was_deleted_meanwhile_is_a_conflict_without_theirs() -> None:
    server = with_book()
    held = edited(server)
    del server.documents[INDEX.uri]
    with pytest.raises(Conflicted, match="somebody else deleted") as caught:
        server.run(save(held, "raise"))
    assert (caught.value.theirs, caught.value.theirs_etag) == (None, None)


def test_a_document_that_was_created_meanwhile_is_a_conflict_without_base() -> None:
    server = Dictionary()
    held = edited(server)
    other(server)
    with pytest.raises(Conflicted, match="somebody else created") as caught:
        server.run(save(held, "raise"))
    assert (caught.value.base, caught.value.theirs) == (None, THEIRS)


def test_another_etag_for_the_same_document_is_no_conflict() -> None:
    server = with_book()
    held = edited(server)
    other(server, SAME_BUT_OTHER_BYTES)
    report = server.run(save(held))
    assert (report.outcome, report.requests) == ("replaced", 3)
    assert headers(server.log[-1])["If-Match"] == '"2"'


def test_a_server_that_never_agrees_on_the_etag_is_not_asked_for_ever() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: other(server, BOOK)] * 9
    with pytest.raises(PreconditionFailed):
        server.run(save(held))
    assert server.methods == ["GET", "PUT", "GET", "PUT", "GET"]


def test_a_server_that_refuses_its_own_etag_is_told_so() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(412)]
    with pytest.raises(PreconditionFailed) as caught:
        server.run(save(held))
    assert type(caught.value) is PreconditionFailed
    assert server.methods == ["GET", "PUT", "GET"]


def test_an_etag_that_was_made_weak_on_the_way_is_tried_as_it_was() -> None:
    server = with_book()
    weak = Response(200, Headers([("ETag", 'W/"1"')]), BOOK)
    server.before = [lambda request: weak, nothing, lambda request: weak]
    report = server.run(save(edited(server)))
    assert [headers(request).get("If-Match") for request in server.log] == [None, 'W/"1"', None, '"1"']
    assert all("If-None-Match" not in headers(request) for request in server.log), (
        "OpenXCAP fails on weak ones"
    )
    assert report.etag == '"2"'


def test_the_same_change_made_by_somebody_else_is_no_conflict() -> None:
    server = with_book()
    held = edited(server)
    plan = held.plan()
    other(server, plan.operations[0].body or b"")
    assert server.run(save(held)).etag == '"2"'
    assert server.methods == ["GET", "PUT", "GET"]


@pytest.mark.parametrize("error", [ConnectionLost, TimedOut])
def test_a_lost_reply_to_a_put_that_arrived_is_settled_by_looking(error: type[XcapError]) -> None:
    server = with_book()
    held = edited(server)
    server.after = [lost(error)]
    report = server.run(save(held))
    assert (report.outcome, report.etag, report.requests) == ("replaced", '"2"', 2)
    assert server.methods == ["GET", "PUT", "GET"]
    held.model.lists["friends"].label = "Mine"
    assert server.run(save(held)).etag == '"3"'


@pytest.mark.parametrize("error", [ConnectionLost, TimedOut])
def test_a_put_that_did_not_arrive_is_made_again_under_the_same_condition(error: type[XcapError]) -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(error)]
    assert server.run(save(held)).etag == '"2"'
    assert server.methods == ["GET", "PUT", "GET", "PUT"]
    assert server.log[1] == server.log[3]


def test_a_put_that_arrives_late_is_not_taken_for_a_conflict() -> None:
    server = with_book()
    held = edited(server)
    body = held.plan().operations[0].body or b""
    server.before = [lost(TimedOut), nothing, lambda request: other(server, body)]
    assert server.run(save(held)).etag == '"2"'


def test_a_lost_create_is_settled_too() -> None:
    server = Dictionary()
    held = edited(server)
    server.after = [nothing, lost(ConnectionLost)]
    assert server.run(save(held)).outcome == "created"
    server = Dictionary()
    held = edited(server)
    server.before = [nothing, lost(ConnectionLost)]
    assert server.run(save(held)).outcome == "created"
    assert [headers(request).get("If-None-Match") for request in server.log] == [None, None, "*", None, "*"]


def test_a_put_that_is_lost_each_time_is_given_up_with_everything_in_hand() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(TimedOut), nothing, lost(ConnectionLost), nothing, lost(ConnectionLost), nothing]
    with pytest.raises(ConnectionLost) as caught:
        server.run(save(held))
    assert caught.value.document is held
    assert held.version is not None
    assert held.version.body == BOOK
    assert server.run(save(held)).outcome == "replaced", "the document can be saved again"


@pytest.mark.parametrize("second", [lost(ConnectionFailed), lambda request: Response(503)])
def test_if_looking_fails_too_the_first_error_counts(second: object) -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(TimedOut), *[second] * 3]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TimedOut) as caught:
        server.run(save(held))
    assert isinstance(caught.value.__cause__, XcapError)


def test_what_did_not_leave_is_sent_again_whatever_it_is() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lost(ConnectionFailed)] * 2
    assert server.run(save(held)).outcome == "replaced"
    assert (server.methods, server.pauses) == (["GET", "PUT", "PUT", "PUT"], [0.1, 0.2])
    server = with_book(before=[lost(ConnectionFailed)] * 3)
    with pytest.raises(ConnectionFailed):
        opened(server)
    assert server.methods == ["GET"] * 3


def test_tries_are_the_clients_to_say() -> None:
    server = with_book(before=[lost(ConnectionFailed)] * 4)
    assert opened(server, replace(session(), tries=5)).version is not None
    assert server.pauses == [0.1, 0.2, 0.4, 0.8]
    server = with_book()
    held = edited(server, replace(session(), tries=1))
    server.before = [lost(ConnectionFailed)]
    with pytest.raises(ConnectionFailed):
        server.run(save(held))
    server.before = [lost(ConnectionLost)]
    with pytest.raises(ConnectionLost):
        server.run(save(held))
    assert (server.methods[1:], server.pauses) == (["PUT", "PUT", "GET"], [])


def test_a_get_whose_connection_broke_is_made_again_once() -> None:
    server = with_book(before=[lost(ConnectionLost)])
    assert opened(server).version is not None
    server = with_book(before=[lost(ConnectionLost), lost(ConnectionLost)])
    with pytest.raises(ConnectionLost):
        opened(server)
    server = with_book(before=[lost(TimedOut)])
    with pytest.raises(TimedOut):
        opened(server)
    assert server.methods == ["GET"]


def test_a_get_that_brings_the_server_down_did_leave() -> None:
    server = with_book(before=[lost(ConnectionLost), *[lost(ConnectionFailed)] * 3])
    with pytest.raises(ConnectionLost):
        opened(server)
    assert server.methods == ["GET"] * 4


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_get_that_cannot_be_served_now_is_made_again(status: int) -> None:
    busy = Response(status, Headers([("Retry-After", "2")]))
    server = with_book(before=[lambda request: busy, lambda request: Response(status)])
    assert opened(server).version is not None
    assert server.pauses == [2.1, 0.2]
    with pytest.raises(ServerError) as caught:
        opened(with_book(before=[lambda request: busy] * 3))
    assert caught.value.retry_after == 2


NO = [400, 401, 403, 404, 405, 409, 411, 412, 413, 414, 415, 421, 423, 428, 431, 500, 501, 505, 507, 511]


@pytest.mark.parametrize("status", NO)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_no_is_a_no(status: int, method: str) -> None:
    server = with_book()
    held = edited(server)
    wait = [] if status == 413 else [("Retry-After", "1")]
    server.before = [lambda request: Response(status, Headers(wait))]
    with pytest.raises(XcapError):
        server.run(save(held) if method == "PUT" else reload(held))
    assert server.methods.count(method) == (2 if method == "GET" else 1)
    assert server.pauses == []


@pytest.mark.parametrize("status", [413, 425, 429])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_who_is_turned_away_for_now_waits_as_long_as_the_server_says(method: str, status: int) -> None:
    server = with_book()
    held = edited(server)
    away = Response(status, Headers([("Retry-After", "2")]))
    server.before = [lambda request: away] * 2
    server.run(save(held) if method == "PUT" else reload(held))
    assert server.methods.count(method) == (4 if method == "GET" else 3), "no look in between"
    assert server.pauses == [2.1, 2.2]
    server.before = [lambda request: Response(429, Headers([("Retry-After", "3600")]))]
    with pytest.raises(TooManyRequests) as caught:
        server.run(reload(held))
    assert caught.value.retry_after == 3600


def slow(request: Request) -> Response:
    """The request was not here in time; the server closes the connection (RFC 9110 §15.5.9)."""
    return Response(408, Headers([("Connection", "close")]))


def test_a_request_that_was_too_slow_is_made_again() -> None:
    assert opened(with_book(before=[slow, slow])).version is not None
    server = with_book(before=[slow] * 3)
    with pytest.raises(RequestTimeout):
        opened(server)
    assert server.methods == ["GET"] * 3
    assert len(server.pauses) == 2


def test_a_write_that_was_too_slow_is_looked_after_and_made_again() -> None:
    server = with_book()
    held = edited(server)
    server.before = [slow]
    assert server.run(save(held)).outcome == "replaced"
    assert server.methods[1:] == ["PUT", "GET", "PUT"]
    held.model.lists.ensure("more")
    server.log.clear()
    server.before = [slow, nothing] * 3
    with pytest.raises(RequestTimeout):
        server.run(save(held))
    assert server.methods == ["PUT", "GET"] * 3
    server.log.clear()
    server.before = [nothing, slow]
    server.run(remove_held(held))
    assert server.methods == ["GET", "DELETE", "GET", "DELETE", "GET"]


def test_a_proxy_that_gave_up_waiting_for_a_write_that_was_done() -> None:
    """408 is no promise that nothing happened: who says it may not be the server."""
    server = with_book()
    held = edited(server)
    server.after = [slow]
    report = server.run(save(held))
    assert server.methods[1:] == ["PUT", "GET"]
    assert report.etag == server.etag(INDEX.uri)


def out_of_time(server: Dictionary, flow: Flow[Any]) -> Flow[Any]:
    """The flow, with a deadline that leaves no time for pauses."""
    step = next(flow)
    try:
        while True:
            if isinstance(step, Pause):
                step = flow.throw(DeadlineExceeded("no time", request=server.log[-1], sent=False))
            else:
                try:
                    reply = yield step
                except XcapError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(reply)
    except StopIteration as end:
        return end.value


def test_without_time_for_a_pause_the_failure_is_told_at_once() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(503)]
    with pytest.raises(ServerError):
        server.run(out_of_time(server, save(held)))
    server.before = [lost(ConnectionFailed)]
    with pytest.raises(ConnectionFailed):
        server.run(out_of_time(server, save(held)))

    def function(book: ResourceLists) -> None:
        other(server)
        label(book)

    with pytest.raises(Conflicted) as caught:
        server.run(out_of_time(server, update(session(), RESOURCE_LISTS, INDEX, function, ResourceLists)))
    assert isinstance(caught.value.__cause__, DeadlineExceeded)
    assert server.pauses == []


def test_a_document_without_etag_is_not_written() -> None:
    server = with_book(etags=(False, True))
    held = edited(server)
    with pytest.raises(MissingETag, match="nothing was sent") as caught:
        server.run(save(held))
    assert caught.value.document is held
    assert server.methods == ["GET"]


def test_a_put_reply_without_etag_means_a_get_before_the_next_write() -> None:
    server = with_book(etags=(True, False))
    held = edited(server)
    report = server.run(save(held))
    assert (report.outcome, report.etag) == ("replaced", None)
    held.model.lists["friends"].label = "Mine"
    assert server.run(save(held)).requests == 2
    assert server.methods == ["GET", "PUT", "GET", "PUT"]
    assert headers(server.log[-1])["If-Match"] == '"2"'


def test_after_a_put_reply_without_etag_a_change_by_others_is_still_seen() -> None:
    server = with_book(etags=(True, False))
    held = edited(server)
    server.run(save(held))
    stored = server.documents[INDEX.uri]
    other(server)
    held.model.lists["friends"].label = "Mine"
    with pytest.raises(Conflicted) as caught:
        server.run(save(held, "raise"))
    assert (caught.value.base, caught.value.theirs) == (stored, THEIRS)


def test_a_server_without_any_etags_lets_a_document_be_created_once() -> None:
    server = Dictionary(etags=(False, False))
    held = edited(server)
    assert server.run(save(held)).etag is None
    held.model.lists["friends"].label = "Mine"
    with pytest.raises(MissingETag):
        server.run(save(held))


@pytest.mark.rule("C1")
def test_an_invalid_document_is_not_sent() -> None:
    server = with_book()
    held = opened(server)
    held.model.items.append(ResourceList(name="friends"))
    with pytest.raises(InvalidDocument, match="friends") as caught:
        server.run(save(held))
    assert [problem.rule for problem in caught.value.problems] == ["uniqueness"]
    assert caught.value.document is held
    assert server.methods == ["GET"]


def test_an_error_of_the_server_carries_the_document() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(403)]
    with pytest.raises(Forbidden) as caught:
        server.run(save(held))
    assert caught.value.document is held


@pytest.mark.parametrize(("on_conflict", "strategy"), [("ours", "auto"), ("raise", "several")])
def test_options_that_do_not_exist_are_refused(on_conflict: str, strategy: str) -> None:
    server = with_book()
    held = edited(server)
    with pytest.raises(InvalidInput, match="nothing was sent"):
        server.run(save(held, on_conflict, strategy))  # pyright: ignore[reportArgumentType]
    assert server.methods == ["GET"]


def label(book: ResourceLists) -> None:
    book.lists.ensure("friends").label = "Friends"


def test_update_runs_the_function_again_on_the_fresh_document() -> None:
    server = with_book()
    seen: list[list[str | None]] = []

    def function(book: ResourceLists) -> None:
        seen.append([item.name for item in book.items])
        if len(seen) < 3:
            other(server, BOOK.replace(b"friends", f"list{len(seen)}".encode()))
        label(book)

    report = server.run(update(session(), RESOURCE_LISTS, INDEX, function, ResourceLists))
    assert seen == [["friends"], ["list1"], ["list2"]]
    assert (report.outcome, report.etag, report.requests) == ("replaced", '"4"', 8)
    assert server.pauses == [0.025, 0.05]


def test_update_gives_up_after_some_tries() -> None:
    server = with_book()
    count = 0

    def function(book: ResourceLists) -> None:
        nonlocal count
        count += 1
        other(server, BOOK.replace(b"friends", f"list{count}".encode()))
        label(book)

    with pytest.raises(Conflicted, match=f"faster each of {TRIES} times") as caught:
        server.run(update(session(), RESOURCE_LISTS, INDEX, function, ResourceLists))
    assert count == TRIES
    assert caught.value.document is not None
    assert len(server.pauses) == TRIES - 1


def test_update_creates_where_there_is_nothing_and_tries_again_if_others_did() -> None:
    server = Dictionary()
    assert server.run(update(session(), RESOURCE_LISTS, INDEX, label, ResourceLists)).outcome == "created"
    server = Dictionary()
    server.before = [nothing, lambda request: other(server)]
    assert server.run(update(session(), RESOURCE_LISTS, INDEX, label, ResourceLists)).outcome == "replaced"
    with pytest.raises(NotFound):
        Dictionary().run(update(session(), RESOURCE_LISTS, INDEX, label, None))


def test_update_takes_no_coroutine() -> None:
    async def function(book: ResourceLists) -> None:
        label(book)

    server = with_book()
    with pytest.raises(InvalidInput, match="asynchronous"):
        server.run(update(session(), RESOURCE_LISTS, INDEX, function, ResourceLists))

    class Later:
        def __await__(self) -> object:
            raise NotImplementedError

    with pytest.raises(InvalidInput, match="asynchronous"):
        server.run(update(session(), RESOURCE_LISTS, INDEX, lambda book: Later(), ResourceLists))
    assert set(server.methods) == {"GET"}


def test_create_looks_first_and_then_puts() -> None:
    server = Dictionary()
    held = server.run(create(session(), RESOURCE_LISTS, INDEX, ResourceLists()))
    assert server.methods == ["GET", "PUT"]
    assert headers(server.log[1])["If-None-Match"] == "*"
    assert held.version is not None
    assert held.version.etag == '"1"'
    assert server.run(save(held)).outcome == "unchanged"
    label(held.model)
    assert server.run(save(held)).outcome == "replaced"


def test_create_does_not_touch_what_is_there() -> None:
    server = with_book()
    with pytest.raises(AlreadyExists, match="nothing was written") as caught:
        server.run(create(session(), RESOURCE_LISTS, INDEX, ResourceLists()))
    assert server.methods == ["GET"]
    assert caught.value.document.model == ResourceLists()
    server = Dictionary(before=[nothing, lambda request: other(server)])
    with pytest.raises(AlreadyExists):
        server.run(create(session(), RESOURCE_LISTS, INDEX, ResourceLists()))
    assert server.documents[INDEX.uri] == THEIRS


def test_create_takes_a_valid_model_of_the_right_class() -> None:
    server = Dictionary()
    with pytest.raises(InvalidInput, match="ResourceList is no ResourceLists"):
        server.run(create(session(), RESOURCE_LISTS, INDEX, ResourceList()))  # pyright: ignore[reportArgumentType]
    twice = ResourceLists(items=[ResourceList(name="a"), ResourceList(name="a")])
    with pytest.raises(InvalidDocument):
        server.run(create(session(), RESOURCE_LISTS, INDEX, twice))
    assert server.log == []


@pytest.mark.rule("DL8")
def test_remove_deletes_what_is_there_under_its_etag() -> None:
    server = with_book()
    server.run(remove(session(), INDEX))
    assert server.documents == {}
    assert headers(server.log[1]) == {"If-Match": '"1"'}
    with pytest.raises(NotFound):
        server.run(remove(session(), INDEX))
    with pytest.raises(MissingETag, match="nothing was deleted"):
        with_book(etags=(False, False)).run(remove(session(), INDEX))


def test_a_document_in_hand_is_deleted_only_if_it_is_still_the_same() -> None:
    server = with_book()
    held = opened(server)
    other(server)
    with pytest.raises(PreconditionFailed) as caught:
        server.run(remove_held(held))
    assert caught.value.document is held
    server.run(reload(held))
    assert held.model.items[0].name == "enemies"
    server.run(remove_held(held))
    assert server.documents == {}
    with pytest.raises(InvalidInput, match="no document to delete"):
        server.run(remove_held(held))
    label(held.model)
    assert server.run(save(held)).outcome == "created"


def test_deleting_after_a_put_without_etag_looks_first() -> None:
    server = with_book(etags=(True, False))
    held = edited(server)
    server.run(save(held))
    server.run(remove_held(held))
    assert server.methods == ["GET", "PUT", "GET", "GET", "DELETE", "GET"], (
        "one for the ETag, one as it may not count, one to see that it is gone"
    )


@pytest.mark.parametrize("error", [ConnectionLost, TimedOut])
def test_a_lost_delete_is_settled_by_looking(error: type[XcapError]) -> None:
    server = with_book(after=[nothing, lost(error)])
    server.run(remove(session(), INDEX))
    assert server.methods == ["GET", "DELETE", "GET"]
    server = with_book(before=[nothing, lost(error)])
    server.run(remove(session(), INDEX))
    assert server.methods == ["GET", "DELETE", "GET", "DELETE", "GET"]
    server = with_book(before=[nothing, lost(error), nothing, lambda request: Response(404)])
    server.run(remove(session(), INDEX))
    server = with_book(before=[nothing, *[lost(error), nothing] * 3])
    with pytest.raises(TransportError):
        server.run(remove(session(), INDEX))
    assert server.methods == ["GET", *["DELETE", "GET"] * 3]
    busy = Response(503, Headers([("Retry-After", "3")]))
    server = with_book(before=[nothing, lambda request: busy])
    server.run(remove(session(), INDEX))
    assert (server.methods, server.pauses) == (["GET", "DELETE", "GET", "DELETE", "GET"], [3.1])


def test_exists() -> None:
    assert with_book().run(exists(session(), INDEX))
    assert not Dictionary().run(exists(session(), INDEX))
    with pytest.raises(Forbidden):
        Dictionary(before=[lambda request: Response(403)]).run(exists(session(), INDEX))


def test_reload_keeps_what_is_in_hand_if_it_fails() -> None:
    server = with_book()
    held = edited(server)
    server.before = [lambda request: Response(500)]
    with pytest.raises(XcapError) as caught:
        server.run(reload(held))
    assert caught.value.document is held
    assert held.model.lists["friends"].label == "Friends"


def test_a_page_for_people_is_no_document() -> None:
    page = Response(200, Headers([("Content-Type", "text/html; charset=utf-8")]), b"<html/>")
    with pytest.raises(UnexpectedReply, match="text/html"):
        opened(Dictionary(before=[lambda request: page]))


def test_another_document_is_not_bound() -> None:
    server = with_book()
    with pytest.raises(UnexpectedDocument):
        server.run(open_document(session(), STATUS_ICON, INDEX))


def test_an_unasked_for_304_is_unexpected() -> None:
    with pytest.raises(UnexpectedReply, match="304"):
        opened(Dictionary(before=[lambda request: Response(304)]))


def test_serialize_and_plan_agree_on_a_new_document() -> None:
    held = edited(Dictionary())
    [operation] = held.plan().operations
    assert operation.body == serialize(held.model)
