"""Saves of several requests and of single nodes, against the embedded server: chained, compared, never half unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from network import INDEX, Fault, Network, Server, session

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.canonical import same_document
from xcap_sdk.editing.strategy import Strategy
from xcap_sdk.errors import (
    Conflicted,
    Forbidden,
    MergeConflict,
    MissingETag,
    PartlySaved,
    TimedOut,
    WrongResult,
    XcapError,
)
from xcap_sdk.flows.conversation import Session
from xcap_sdk.flows.held import Held
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.saving import save, update
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.protocol.profiles import NODE_WRITES
from xcap_sdk.usages import RESOURCE_LISTS

OTHERS = b"\n".join(b'    <rl:entry uri="sip:%d@x"/>' % number for number in range(30))
BOOK = b"""<?xml version="1.0"?>
<rl:resource-lists xmlns:rl='urn:ietf:params:xml:ns:resource-lists'>
  <!-- mine -->
  <rl:list name="friends">
    <rl:entry uri="sip:bob@x"/>
    <rl:entry   uri="sip:carol@x"><rl:display-name>Carol</rl:display-name></rl:entry>
  </rl:list>
  <rl:list name="work">
    <rl:entry uri="sip:dave@x"/>
%s
  </rl:list>
  <rl:list name="family">
    <rl:entry uri="sip:erin@x"/>
%s
  </rl:list>
</rl:resource-lists>
""" % (OTHERS, OTHERS)


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def server(shared: Server) -> Server:
    shared.clear()
    put(shared, BOOK)
    return shared


@pytest.fixture
def network(server: Server) -> Network:
    return Network(server)


def put(server: Server, body: bytes) -> None:
    headers = (("Content-Type", RESOURCE_LISTS.media_type),)
    assert server.answer(Request("PUT", INDEX.uri, headers, body)).status in {200, 201}


def opened(network: Network, on: Session | None = None) -> Held[ResourceLists]:
    return network.run(open_document(on or session(), RESOURCE_LISTS, INDEX, ResourceLists))


def three_edits(network: Network, on: Session | None = None) -> Held[ResourceLists]:
    held = opened(network, on)
    held.model.lists["friends"].entries["sip:carol@x"].label = "Caroline"
    held.model.lists["work"].entries["sip:dave@x"].label = "Dave"
    held.model.lists["family"].entries.remove("sip:erin@x")
    assert held.plan("nodes").requests == 3
    return held


def nothing(request: Request) -> None:
    """No fault."""


def timeout(request: Request) -> XcapError:
    return TimedOut("lost", request=request)


def matches(network: Network) -> list[str | None]:
    return [dict(request.headers).get("If-Match") for request in network.log if request.method != "GET"]


def stored(server: Server) -> ResourceLists:
    body = server.document()
    assert body is not None
    return parse(body, ResourceLists)


def somebody_else(server: Server, old: bytes, new: bytes) -> Fault:
    def act(request: Request) -> None:
        body = server.document()
        assert body is not None
        assert old in body
        put(server, body.replace(old, new))

    return act


def test_the_server_is_known_by_what_it_calls_itself(network: Network) -> None:
    on = session()
    assert not on.profile.does(*NODE_WRITES)
    opened(network, on)
    assert on.memory.server.startswith("xcap-sdk/")
    assert on.profile.does(*NODE_WRITES)
    network.before = [lambda request: Response(200, Headers([("Server", "other")]), BOOK)]
    opened(network, on)
    assert not on.profile.does(*NODE_WRITES)
    assert session(node_writes=True).profile.does(*NODE_WRITES)
    never = session(node_writes=False)
    opened(network, never)
    assert not never.profile.does(*NODE_WRITES)


def test_one_edit_is_one_small_request(network: Network, server: Server) -> None:
    held = opened(network)
    held.model.lists["friends"].entries["sip:carol@x"].label = "Caroline"
    report = network.run(save(held))
    assert (report.outcome, report.requests, report.merged) == ("patched", 1, False)
    assert network.methods == ["GET", "PUT"]
    assert len(network.log[1].body or b"") < 200
    assert server.document() == BOOK.replace(b">Carol<", b">Caroline<")
    assert held.version is not None
    assert held.version.body == server.document()
    held.model.lists["friends"].entries["sip:carol@x"].label = "Carolina"
    assert network.run(save(held)).outcome == "patched"
    assert network.methods == ["GET", "PUT", "PUT"]


def test_where_the_server_is_not_known_the_whole_document_is_put(network: Network) -> None:
    held = opened(network, session(node_writes=False))
    held.model.lists["friends"].entries["sip:carol@x"].label = "Caroline"
    assert network.run(save(held)).outcome == "replaced"


def test_each_request_carries_the_etag_that_the_one_before_gave(network: Network, server: Server) -> None:
    held = three_edits(network)
    assert held.version is not None
    first = held.version.etag
    report = network.run(save(held, strategy="nodes"))
    assert (report.outcome, report.requests) == ("patched", 3)
    etags = matches(network)
    assert etags[0] == first
    assert len(set(etags)) == 3
    assert stored(server) == held.model
    assert held.version.body == server.document()
    assert held.version.etag == report.etag
    assert network.run(save(held)).outcome == "unchanged"


@pytest.mark.parametrize("fault", [timeout, lambda request: Response(502)])
@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("arrives", [True, False])
def test_a_lost_reply_in_the_middle_is_settled(
    network: Network, server: Server, fault: Fault, number: int, arrives: bool
) -> None:
    held = three_edits(network)
    network.log.clear()
    faults = [*[nothing] * number, fault]
    if arrives:
        network.after = faults
    else:
        network.before = faults
    report = network.run(save(held, strategy="nodes"))
    assert report.requests == (4 if arrives else 5)
    assert stored(server) == held.model
    assert held.version is not None
    assert same_document(held.version.body, server.document() or b"")


def without_etag(request: Request) -> Response:
    return Response(200, Headers([("Server", "xcap-sdk/0")]))


def test_a_reply_without_etag_means_a_look_before_the_next(network: Network, server: Server) -> None:
    held = three_edits(network)
    network.log.clear()
    network.after = [without_etag] * 9
    with pytest.raises(PartlySaved, match="1 of 3") as caught:
        network.run(save(held, strategy="nodes"))
    assert isinstance(caught.value.__cause__, XcapError)
    network.log.clear()
    network.after = [nothing, without_etag, nothing, without_etag]
    report = network.run(save(held, strategy="nodes"))
    assert (report.outcome, report.etag) == ("patched", None)
    assert network.methods == ["GET", "PUT", "GET", "DELETE"]
    assert stored(server) == held.model


def test_without_an_etag_an_unknown_server_and_other_writers_cannot_be_told_apart(
    network: Network, server: Server
) -> None:
    held = three_edits(network, session(node_writes=False))
    network.after = [without_etag]
    network.before = [nothing, somebody_else(server, b"sip:bob@x", b"sip:bert@x")]
    with pytest.raises(WrongResult, match="no ETag to tell"):
        network.run(save(held, strategy="nodes"))
    assert network.run(save(held)).merged, "and nothing of others is lost"
    assert stored(server) == held.model
    assert held.model.lists["friends"].entries.keys() == ["sip:bert@x", "sip:carol@x"]


def test_what_others_write_where_there_was_no_etag_is_seen(network: Network, server: Server) -> None:
    held = three_edits(network)
    act = somebody_else(server, b"sip:bob@x", b"sip:bert@x")
    network.after = [without_etag]
    network.before = [nothing, act]
    report = network.run(save(held, strategy="nodes"))
    assert report.merged
    assert stored(server) == held.model
    assert held.model.lists["friends"].entries.keys() == ["sip:bert@x", "sip:carol@x"]


def test_a_failure_in_the_middle_says_what_is_done_and_saving_again_finishes(
    network: Network, server: Server
) -> None:
    held = three_edits(network)
    plan = held.plan("nodes")
    network.before = [nothing, lambda request: Response(403)]
    with pytest.raises(PartlySaved, match="1 of 3 requests of this save are done, 2 are not") as caught:
        network.run(save(held, strategy="nodes"))
    error = caught.value
    assert isinstance(error.__cause__, Forbidden)
    assert [each.address for each in error.done] == [plan.operations[0].address]
    assert [each.address for each in error.remaining] == [each.address for each in plan.operations[1:]]
    assert str(error).count("not done: ") == 2
    assert error.document is held
    assert held.version is not None
    assert held.version.body == server.document() == plan.operations[0].result
    network.log.clear()
    report = network.run(save(held, strategy="nodes"))
    assert report.requests == 2
    assert stored(server) == held.model


@pytest.mark.parametrize("again", get_args(Strategy))
def test_a_failure_in_the_middle_of_a_move_loses_nothing_that_the_model_does_not_show(
    network: Network, server: Server, again: Strategy
) -> None:
    carol = (
        b"<rl:entry   uri='sip:carol@x'><!-- carol --><rl:display-name><![CDATA[Carol]]></rl:display-name>"
    )
    put(
        server, BOOK.replace(b'<rl:entry   uri="sip:carol@x"><rl:display-name>Carol</rl:display-name>', carol)
    )
    held = opened(network)
    friends, work = held.model.lists["friends"], held.model.lists["work"]
    entry = friends.entries["sip:carol@x"]
    friends.entries.remove("sip:carol@x")
    work.entries.append(entry)
    network.before = [nothing, lambda request: Response(403)]
    with pytest.raises(PartlySaved, match="1 of 2"):
        network.run(save(held, strategy="nodes"))
    assert b"carol" not in (server.document() or b""), "it is on the move"

    entry.uri = "sip:caroline@x"
    held.model.lists["family"].name = "kin"
    assert network.run(save(held, strategy=again)).outcome == ("patched" if again == "nodes" else "replaced")
    assert carol.replace(b"carol@", b"caroline@") in (server.document() or b"")
    assert stored(server) == held.model
    assert network.run(save(held)).outcome == "unchanged"


def test_a_change_by_others_in_the_middle_of_a_move_loses_nothing_either(
    network: Network, server: Server
) -> None:
    put(server, BOOK.replace(b'"sip:carol@x">', b'"sip:carol@x"><!-- carol -->'))
    held = opened(network)
    lists = held.model.lists
    entry = lists["friends"].entries["sip:carol@x"]
    lists["friends"].entries.remove("sip:carol@x")
    lists["work"].entries.append(entry)
    network.before = [nothing, somebody_else(server, b'"sip:bob@x"', b'"sip:bert@x"')]
    assert network.run(save(held, strategy="nodes")).merged
    print((server.document() or b"").decode())
    assert b"<!-- carol -->" in (server.document() or b"")
    assert stored(server) == held.model


def test_a_request_that_is_lost_each_time_leaves_the_rest_in_hand(network: Network, server: Server) -> None:
    held = three_edits(network)
    network.before = [nothing, timeout, nothing, timeout, nothing, timeout]
    with pytest.raises(PartlySaved) as caught:
        network.run(save(held, strategy="nodes"))
    assert isinstance(caught.value.__cause__, TimedOut)
    assert len(caught.value.remaining) == 2
    assert held.version is not None
    assert held.version.body == server.document()
    network.run(save(held))
    assert stored(server) == held.model


def test_a_change_by_others_in_the_middle_is_merged(network: Network, server: Server) -> None:
    held = three_edits(network)
    network.before = [nothing, somebody_else(server, b'"sip:bob@x"', b'"sip:bert@x"')]
    report = network.run(save(held, strategy="nodes"))
    assert (report.outcome, report.merged) == ("patched", True)
    assert stored(server) == held.model
    assert held.model.lists["friends"].entries.keys() == ["sip:bert@x", "sip:carol@x"]
    assert held.model.lists["work"].entries["sip:dave@x"].label == "Dave"


def test_a_clash_in_the_middle_says_what_is_done(network: Network, server: Server) -> None:
    held = three_edits(network)
    [first, *_] = held.plan("nodes").operations
    name = b'<rl:entry uri="sip:dave@x"><rl:display-name>D</rl:display-name></rl:entry>'
    act = somebody_else(server, b'<rl:entry uri="sip:dave@x"/>', name)
    network.before = [nothing, act]
    with pytest.raises(PartlySaved) as caught:
        network.run(save(held, strategy="nodes"))
    cause = caught.value.__cause__
    assert isinstance(cause, MergeConflict)
    assert cause.base == first.result
    network.run(save(held, "mine", "nodes"))
    assert stored(server).lists["work"].entries["sip:dave@x"].label == "Dave"
    assert stored(server) == held.model


def test_without_merging_a_change_in_the_middle_stops_there(network: Network, server: Server) -> None:
    held = three_edits(network)
    network.before = [nothing, somebody_else(server, b'"sip:bob@x"', b'"sip:bert@x"')]
    with pytest.raises(PartlySaved) as caught:
        network.run(save(held, "raise", "nodes"))
    assert type(caught.value.__cause__) is Conflicted


def test_after_a_merge_a_failure_in_the_middle_keeps_what_others_wrote(
    network: Network, server: Server
) -> None:
    held = three_edits(network)
    somebody_else(server, b'"sip:bob@x"', b'"sip:bert@x"')(network.log[0])
    network.before = [nothing, nothing, nothing, lambda request: Response(403)]
    with pytest.raises(PartlySaved):
        network.run(save(held, strategy="nodes"))
    assert held.version is not None
    assert held.version.body == server.document()
    network.run(save(held, strategy="nodes"))
    assert stored(server) == held.model
    assert held.model.lists["friends"].entries.keys() == ["sip:bert@x", "sip:carol@x"]


def test_an_update_in_several_requests_is_not_run_again_on_its_own_half(
    network: Network, server: Server
) -> None:
    calls = 0

    def change(book: ResourceLists) -> None:
        nonlocal calls
        calls += 1
        book.lists["friends"].entries["sip:carol@x"].label += "!"  # pyright: ignore[reportOperatorIssue]
        book.lists["work"].entries["sip:dave@x"].label = "Dave"
        book.lists["family"].entries.remove("sip:erin@x")

    network.before = [nothing, nothing, somebody_else(server, b'"sip:bob@x"', b'"sip:bert@x"')]
    with pytest.raises(PartlySaved) as caught:
        network.run(update(session(), RESOURCE_LISTS, INDEX, change, None, strategy="nodes"))
    assert isinstance(caught.value.__cause__, Conflicted)
    assert calls == 1
    assert network.run(save(caught.value.document)).merged
    book = stored(server)
    assert book.lists["friends"].entries["sip:carol@x"].label == "Carol!"
    assert book.lists["friends"].entries.keys() == ["sip:bert@x", "sip:carol@x"]
    assert "sip:erin@x" not in book.lists["family"].entries


def test_an_unknown_server_is_read_after_each_request(network: Network, server: Server) -> None:
    held = three_edits(network, session(node_writes=False))
    network.log.clear()
    report = network.run(save(held, strategy="nodes"))
    assert (report.outcome, report.requests) == ("patched", 6)
    assert network.methods[1::2] == ["GET"] * 3
    assert held.version is not None
    assert held.version.body == server.document()
    assert held.version.etag == report.etag is not None


def test_a_server_that_does_something_else_is_told_so_and_nothing_is_repaired(
    network: Network, server: Server
) -> None:
    held = three_edits(network, session(node_writes=False))
    plan = held.plan("nodes")
    model = held.model

    def worse(request: Request) -> Response:
        somebody_else(server, b"sip:bob@x", b"sip:lost@x")(request)
        return Response(200, server.answer(Request("GET", INDEX.uri)).headers)

    network.after = [worse]
    network.log.clear()
    with pytest.raises(WrongResult, match="nothing was repaired, and nothing more was sent") as caught:
        network.run(save(held, strategy="nodes"))
    error = caught.value
    assert network.methods[1:] == ["GET"]
    assert error.operation == plan.operations[0]
    assert (error.expected, error.found) == (plan.operations[0].result, server.document())
    assert error.document is held
    assert held.model is model
    assert held.version is not None
    assert held.version.body == server.document()
    network.run(save(held, strategy="document"))
    assert stored(server) == held.model
    assert "sip:bob@x" in stored(server).lists["friends"].entries


def test_an_unknown_server_that_cannot_be_read_is_not_taken_for_a_failure(
    network: Network, server: Server
) -> None:
    held = opened(network, session(node_writes=False))
    held.model.lists["work"].label = "Work"
    network.before = [nothing, *[lambda request: Response(503)] * 3]
    with pytest.raises(PartlySaved, match=r"1 of 1 requests of this save are done, .*could not be looked up"):
        network.run(save(held, strategy="nodes"))
    assert held.version is not None
    assert held.version.body == server.document()


def test_others_who_write_before_the_look_are_not_taken_for_a_wrong_server(
    network: Network, server: Server
) -> None:
    held = three_edits(network, session(node_writes=False))
    network.before = [nothing, somebody_else(server, b'"sip:bob@x"', b'"sip:bert@x"')]
    assert network.run(save(held, strategy="nodes")).merged
    assert stored(server) == held.model


def test_a_server_that_lays_the_document_out_anew_is_not_wrong(network: Network, server: Server) -> None:
    held = opened(network, session(node_writes=False))
    held.model.lists["work"].label = "Work"

    def laid_out(request: Request) -> Response:
        body = server.document() or b""
        put(server, body.replace(b"\n  <rl:list", b"<rl:list").replace(b"'", b'"'))
        return Response(200, server.answer(Request("GET", INDEX.uri)).headers)

    network.after = [laid_out]
    report = network.run(save(held, strategy="nodes"))
    assert report.outcome == "patched"
    assert held.version is not None
    assert held.version.body == server.document()


def test_a_node_whose_parent_somebody_else_removed_is_merged(network: Network, server: Server) -> None:
    held = opened(network)
    held.model.lists["work"].entries["sip:dave@x"].label = "Dave"
    held.model.lists["friends"].label = "Friends"
    act = somebody_else(server, b'    <rl:entry uri="sip:dave@x"/>\n', b"")
    network.before = [act]
    with pytest.raises(MergeConflict, match="removed there"):
        network.run(save(held, strategy="nodes"))
    report = network.run(save(held, "theirs", "nodes"))
    assert report.merged
    assert "sip:dave@x" not in held.model.lists["work"].entries
    assert stored(server) == held.model


@pytest.mark.parametrize("status", [404, 409])
def test_a_node_that_the_server_does_not_take_is_refused(network: Network, status: int) -> None:
    held = opened(network)
    held.model.lists["work"].label = "Work"
    network.before = [lambda request: Response(status)]
    with pytest.raises(XcapError, match=str(status)) as caught:
        network.run(save(held))
    assert not isinstance(caught.value, Conflicted)
    assert network.methods == ["GET", "PUT", "GET"]


def test_without_etags_single_nodes_are_not_written(network: Network) -> None:
    network.after = [lambda request: Response(200, Headers([("Server", "xcap-sdk/0")]), BOOK)]
    held = opened(network)
    held.model.lists["work"].label = "Work"
    with pytest.raises(MissingETag):
        network.run(save(held))
    assert network.methods == ["GET"]
