"""Writes of single nodes on servers that nobody knows, over sockets: what they make of them is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from raw import End, Piece, RawServer, reply
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    ConnectionLost,
    Document,
    ElementAddress,
    Forbidden,
    Network,
    PartlySaved,
    SaveReport,
    ServerError,
    Unauthorized,
    UnexpectedReply,
    WrongResult,
    XcapClient,
    XcapError,
)
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.operations import delete_node, put_node
from xcap_sdk.documents.source import Source
from xcap_sdk.protocol.addresses import AttributeAddress, parse_address
from xcap_sdk.protocol.roots import XcapRoot

ALICE = "sip:alice@example.org"
NAMESPACE = "urn:ietf:params:xml:ns:resource-lists"
BOOK = f"""<resource-lists xmlns="{NAMESPACE}">
  <list name="friends"><entry uri="sip:bob@x"/><entry uri="sip:carol@x"/><entry uri="sip:dave@x"/></list>
  <list name="work"/>
</resource-lists>""".encode()
BOB = '<entry uri="sip:bob@x"><display-name>Bob</display-name></entry>'
ERIN = b'<list name="work"><entry uri="sip:erin@x"/></list>'

Made = Callable[[bytes], bytes | None]
"""What becomes of a document."""

Told = Callable[[str], str | None]
"""What is said of an ETag."""

Look = Callable[[int], list[Piece] | None]
"""Answers a GET in the server's place, by its number; None lets it answer itself."""


class Bent:
    """A server that carries out writes of nodes, and then does something else.

    Attributes:
        body: The document; None once it is gone.
        version: Its number.
        bend: What becomes of the document that a write should have made.
        etags: The ETag of a reply to a write; None for none.
        meanwhile: What somebody else makes of the document right behind a write.
        looks: Answers GETs instead.
        writes: How many came.
        asked: How often it was asked who it is.
        is_silent: Whether it breaks off instead of answering a write.
    """

    def __init__(self) -> None:
        self.body: bytes | None = BOOK
        self.version = 1
        self.bend: Made = lambda body: body
        self.etags: Told = lambda etag: etag
        self.meanwhile: Made | None = None
        self.looks: Look = lambda number: None
        self.writes = 0
        self.asked = 0
        self.is_silent = False
        self._gets = 0
        self.root = ""

    @property
    def etag(self) -> str:
        return f'"{self.version}"'

    def answer(self, request: bytes) -> list[Piece]:
        method, target, _ = request.split(b" ", 2)
        if b"/xcap-caps/" in target:
            self.asked += 1
            return [reply("404 Not Found")]
        if method == b"GET":
            self._gets += 1
            return self.looks(self._gets) or [self._document()]
        condition = re.search(rb"\r\nIf-Match: (.*)\r\n", request)
        if condition is None or condition[1].decode() != self.etag:
            return [reply("412 Precondition Failed")]
        self.writes += 1
        self._write(method, target.decode(), request.partition(b"\r\n\r\n")[2])
        if self.is_silent:
            return [End.RESET]
        etag = self.etags(self.etag)
        if self.meanwhile is not None:
            self.body, self.version = self.meanwhile(self.body or b""), self.version + 1
            self.meanwhile = None
        return [reply("200 OK", b"", *([f"ETag: {etag}"] if etag else []))]

    def _document(self) -> bytes:
        if self.body is None:
            return reply("404 Not Found")
        return reply(
            "200 OK", self.body, "Content-Type: application/resource-lists+xml", f"ETag: {self.etag}"
        )

    def _write(self, method: bytes, target: str, body: bytes) -> None:
        address = parse_address(XcapRoot(self.root), target.removeprefix("/xcap-root"))
        assert self.body is not None
        if isinstance(address, ElementAddress | AttributeAddress):
            source = Source.parse(self.body)
            after = (
                delete_node(source, address.selector, NAMESPACE)
                if method == b"DELETE"
                else put_node(source, address.selector, body, NAMESPACE)[0]
            )
            bent = self.bend(after)
        else:
            after, bent = body, body
        if bent != self.body or after == self.body:
            self.version += 1
        self.body = bent


@pytest.fixture
def server() -> Iterator[Bent]:
    bent = Bent()
    with RawServer(bent.answer) as raw:
        bent.root = raw.root
        yield bent


@pytest.fixture(params=[None, True], ids=["strategy='nodes'", "node_writes=True"])
def xcap(request: pytest.FixtureRequest, server: Bent) -> Iterator[XcapClient]:
    """A client that writes single nodes, allowed in each of the ways that there are."""
    with XcapClient(
        server.root, user=ALICE, timeout=5, network=Network(tries=2), node_writes=request.param
    ) as client:
        yield client


def relabelled(xcap: XcapClient) -> Document[ResourceLists]:
    document = xcap.resource_lists.get()
    document.model.lists["friends"].entries["sip:bob@x"].label = "Bob"
    return document


def saved(document: Document[ResourceLists]) -> SaveReport:
    allowed = any(each.needs for each in document.plan().operations)
    return document.save(strategy="auto" if allowed else "nodes")


def wrong(document: Document[ResourceLists]) -> WrongResult:
    with pytest.raises(WrongResult) as caught:
        saved(document)
    assert caught.value.document is document
    return caught.value


def moved_to_the_end(body: bytes) -> bytes:
    return body.replace(BOB.encode(), b"").replace(b"</list>", BOB.encode() + b"</list>", 1)


def test_what_is_as_it_should_be_is_read_once_and_done(xcap: XcapClient, server: Bent) -> None:
    document = relabelled(xcap)
    report = saved(document)
    assert (report.outcome, report.requests, server.writes, server.asked) == ("patched", 3, 1, 1)
    assert document.xml == server.body
    document.model.lists["work"].label = "Work"
    report = saved(document)
    assert (report.outcome, report.requests, server.asked) == ("patched", 2, 1), "it is asked who it is once"


BENT: dict[str, Made] = {
    "moves what is replaced to the end, as Kamailio": moved_to_the_end,
    "drops an attribute": lambda body: body.replace(b' uri="sip:carol@x"', b""),
    "empties an attribute": lambda body: body.replace(b'"sip:carol@x"', b'""'),
    "drops another element": lambda body: body.replace(b'<list name="work"/>', b""),
    "adds one": lambda body: body.replace(b'<list name="work"/>', ERIN),
    "escapes twice": lambda body: body.replace(b">Bob<", b">&amp;Bob<"),
}
SPOILT: dict[str, Made] = {
    "drops a namespace": lambda body: body.replace(NAMESPACE.encode(), b"urn:x"),
    "stores half": lambda body: body[: len(body) // 2],
}


@pytest.mark.parametrize("bend", BENT.values(), ids=BENT)
def test_what_is_not_is_told_and_nothing_is_repaired(bend: Made, xcap: XcapClient, server: Bent) -> None:
    server.bend = bend
    document = relabelled(xcap)
    error = wrong(document)
    assert error.certain
    assert "the server said yes" in str(error)
    assert "somebody else" not in str(error)
    assert BOB.encode() in error.expected
    assert error.found == server.body
    assert server.writes == 1
    assert document.save(strategy="document").outcome == "replaced", "which puts it right"
    assert parse(server.body or b"", ResourceLists) == parse(error.expected, ResourceLists)


@pytest.mark.parametrize("bend", SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_read_any_more_is_put_back(bend: Made, xcap: XcapClient, server: Bent) -> None:
    server.bend = bend
    error = wrong(relabelled(xcap))
    assert error.certain
    assert "put() .expected in its place" in str(error)
    assert xcap.put(xcap.resource_lists.address(), error.expected).etag == server.etag
    assert server.body == error.expected


def test_another_prefix_for_the_same_names_is_no_difference(xcap: XcapClient, server: Bent) -> None:
    def prefixed(body: bytes) -> bytes:
        renamed = re.sub(rb"<(/?)(?=[a-z])", rb"<\1r:", body)
        return renamed.replace(b"xmlns=", b"xmlns:r=")

    server.bend = prefixed
    document = relabelled(xcap)
    assert saved(document).outcome == "patched"
    assert document.xml == server.body, "the next edit goes by what the server has"
    document.model.lists["friends"].label = "Friends"
    assert document.save(strategy="document").outcome == "replaced"
    assert b"<r:display-name>Friends</r:display-name>" in (server.body or b"")


ETAGS: dict[str, Told] = {
    "a new one": lambda etag: etag,
    "one that it does not have": lambda etag: '"new"',
    "none": lambda etag: None,
}


@pytest.mark.parametrize("etags", ETAGS.values(), ids=ETAGS)
def test_a_server_that_says_yes_and_stores_nothing(etags: Told, xcap: XcapClient, server: Bent) -> None:
    server.bend = lambda body: BOOK
    server.etags = etags
    document = relabelled(xcap)
    error = wrong(document)
    assert error.found == BOOK
    assert document.model.lists["friends"].entries["sip:bob@x"].label == "Bob"
    assert document.save(strategy="document").outcome == "replaced"
    assert server.body == error.expected


def test_a_weak_etag_is_the_same_version(xcap: XcapClient, server: Bent) -> None:
    server.etags = lambda etag: f"W/{etag}"
    server.bend = moved_to_the_end
    assert wrong(relabelled(xcap)).certain


def test_without_an_etag_nobody_is_blamed(xcap: XcapClient, server: Bent) -> None:
    server.etags = lambda etag: None
    server.bend = moved_to_the_end
    error = wrong(relabelled(xcap))
    assert not error.certain
    assert "no ETag to tell" in str(error)


# Somebody else in between


def test_somebody_else_who_leaves_mine_in_is_no_fault(xcap: XcapClient, server: Bent) -> None:
    server.meanwhile = lambda body: body.replace(b'<list name="work"/>', ERIN)
    document = relabelled(xcap)
    assert saved(document).outcome == "patched"
    document.model.lists["friends"].label = "Friends"
    assert document.save().merged
    for mine_and_theirs in (b"sip:erin@x", b">Bob<", b">Friends<"):
        assert mine_and_theirs in (server.body or b"")


TOO_MANY = " ".join(f'a{number}="1"' for number in range(300)).encode()
OVERWRITTEN: list[tuple[Made, str]] = [
    (lambda body: body.replace(b">Bob<", b">Bert<"), "the answer said"),
    (lambda body: BOOK.replace(b'<list name="work"/>', ERIN), "the answer said"),
    (lambda body: BOOK, "undid it"),
    (lambda body: None, "deleted it"),
    (lambda body: b"<x/>", "cannot be read"),
    (
        lambda body: body.replace(b"<list", b"<list " + TOO_MANY, 1),
        "Network(limits=Limits(max_attributes=…))",
    ),
]


@pytest.mark.parametrize(("meanwhile", "words"), OVERWRITTEN)
def test_somebody_else_who_overwrites_mine_is_not_called_the_servers_fault(
    meanwhile: Made, words: str, xcap: XcapClient, server: Bent
) -> None:
    server.meanwhile = meanwhile
    document = relabelled(xcap)
    error = wrong(document)
    assert not error.certain
    assert words in str(error)
    assert error.found == (server.body or b"")
    assert document.model.lists["friends"].entries["sip:bob@x"].label == "Bob"
    assert document.etag == '"1"', "the next save compares with what it started from"


def test_saving_again_brings_both_together(xcap: XcapClient, server: Bent) -> None:
    server.meanwhile = lambda body: BOOK.replace(b'<list name="work"/>', ERIN)
    document = relabelled(xcap)
    wrong(document)
    assert saved(document).merged
    assert b">Bob<" in (server.body or b"")
    assert b"sip:erin@x" in (server.body or b"")


# Reading again fails


UNREADABLE: list[tuple[list[Piece], type[XcapError]]] = [
    ([End.RESET], ConnectionLost),
    ([reply("401 Unauthorized", b"", 'WWW-Authenticate: Basic realm="x"')], Unauthorized),
    ([reply("403 Forbidden")], Forbidden),
    ([reply("500 Internal Server Error")], ServerError),
    ([reply("503 Service Unavailable", b"", "Retry-After: 0")], ServerError),
    ([reply("200 OK", b"<html>", "Content-Type: text/html")], UnexpectedReply),
]


@pytest.mark.parametrize(("look", "cause"), UNREADABLE)
def test_what_cannot_be_read_again_is_neither_done_nor_the_servers_fault(
    look: list[Piece], cause: type[XcapError], xcap: XcapClient, server: Bent
) -> None:
    server.bend = moved_to_the_end
    server.looks = lambda number: None if number == 1 else look
    document = relabelled(xcap)
    with pytest.raises(PartlySaved, match="could not be looked up") as caught:
        saved(document)
    assert isinstance(caught.value.__cause__, cause)
    assert caught.value.document is document
    assert BOB.encode() in caught.value.done[-1].result
    assert server.writes == 1
    with pytest.raises(cause):
        document.save()
    server.looks = lambda number: None
    assert wrong(document).certain, "the next save looks first"
    assert server.writes == 1
    assert document.save(strategy="document").outcome == "replaced"
    assert server.body == caught.value.done[-1].result


def test_what_could_not_be_read_again_and_is_right_is_done(xcap: XcapClient, server: Bent) -> None:
    server.looks = lambda number: [reply("403 Forbidden")] if number == 2 else None
    document = relabelled(xcap)
    with pytest.raises(PartlySaved):
        saved(document)
    report = document.save()
    assert (report.outcome, report.requests) == ("unchanged", 1)
    assert document.save().requests == 0


def test_what_could_not_be_read_again_is_forgotten_with_the_document(xcap: XcapClient, server: Bent) -> None:
    server.bend = moved_to_the_end
    server.looks = lambda number: [reply("403 Forbidden")] if number == 2 else None
    document = relabelled(xcap)
    with pytest.raises(PartlySaved):
        saved(document)
    document.refresh()
    assert document.xml == server.body
    assert document.save().requests == 0


def test_what_is_read_at_the_second_try_is_compared(xcap: XcapClient, server: Bent) -> None:
    server.bend = moved_to_the_end
    server.looks = lambda number: [reply("503 Service Unavailable")] if number == 2 else None
    assert wrong(relabelled(xcap)).certain


# Replies are lost


@pytest.mark.parametrize("bend", [moved_to_the_end, lambda body: body.replace(b"carol", b"carl")])
def test_what_a_server_did_without_saying_so_is_looked_at_too(
    bend: Made, xcap: XcapClient, server: Bent
) -> None:
    server.bend, server.is_silent = bend, True
    document = relabelled(xcap)
    error = wrong(document)
    assert not error.certain
    assert "no answer said what became of it" in str(error)
    assert error.found == server.body
    assert BOB.encode() in error.expected
    assert server.writes == 1
    assert document.save().merged, "as nobody knows who it was"


def test_what_is_as_it_should_be_though_the_reply_was_lost_is_done(xcap: XcapClient, server: Bent) -> None:
    server.is_silent = True
    assert saved(relabelled(xcap)).outcome == "patched"
    assert server.writes == 1


# Several writes, and update()


def test_the_rest_of_several_writes_is_not_sent(xcap: XcapClient, server: Bent) -> None:
    server.bend = moved_to_the_end
    document = relabelled(xcap)
    document.model.lists["work"].label = "Work"
    with pytest.raises(WrongResult, match="nothing more was sent"):
        document.save(strategy="nodes")
    assert server.writes == 1


def test_an_update_tells_it_too(xcap: XcapClient, server: Bent) -> None:
    def relabel(book: ResourceLists) -> None:
        book.lists["friends"].entries["sip:bob@x"].label = "Bob"

    server.bend = moved_to_the_end
    with pytest.raises(WrongResult):
        xcap.resource_lists.update(relabel, strategy="nodes")
    assert server.writes == 1
