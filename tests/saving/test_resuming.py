"""A document that was read earlier, as for a web page, is taken in hand again without a request: sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    AsyncXcapClient,
    Conflicted,
    DocumentError,
    ForbiddenXml,
    InvalidAddress,
    InvalidInput,
    LimitExceeded,
    Limits,
    MergeConflict,
    Network,
    NotWellFormed,
    SaveReport,
    Unconditional,
    UnexpectedDocument,
    XcapClient,
    from_json,
    to_json,
)
from xcap_sdk.flows.held import OnConflict
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
BOOK = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
  <list name="friends">
    <entry uri="sip:bob@example.org"><!-- about bob --><display-name>Bob</display-name></entry>
    <entry uri="sip:carol@example.org"><display-name>Carol</display-name></entry>
  </list>
</resource-lists>
"""

Submit = Callable[
    [RunningServer, bytes, str, Callable[[ResourceLists], ResourceLists], OnConflict], SaveReport
]


def in_sync(
    server: RunningServer,
    xml: bytes,
    etag: str,
    edit: Callable[[ResourceLists], ResourceLists],
    on_conflict: OnConflict = "merge",
) -> SaveReport:
    with server.client(ALICE) as xcap:
        document = xcap.resource_lists.resume(xml, etag)
        document.model = edit(document.model)
        return document.save(on_conflict=on_conflict)


def in_async(
    server: RunningServer,
    xml: bytes,
    etag: str,
    edit: Callable[[ResourceLists], ResourceLists],
    on_conflict: OnConflict = "merge",
) -> SaveReport:
    async def run() -> SaveReport:
        async with AsyncXcapClient(server.root, user=ALICE) as xcap:
            document = xcap.resource_lists.resume(xml, etag)
            document.model = edit(document.model)
            return await document.save(on_conflict=on_conflict)

    return asyncio.run(run())


shells = pytest.mark.parametrize("submit", [in_sync, in_async])


def shown(server: RunningServer, book: bytes = BOOK) -> tuple[bytes, str]:
    """Store a document, and what is kept with a page that shows it."""
    with server.client(ALICE) as xcap:
        xcap.put(xcap.resource_lists.address(), book, condition=Unconditional())
        document = xcap.resource_lists.get()
        assert document.etag is not None
        return document.xml, document.etag


def labelled(uri: str, label: str) -> Callable[[ResourceLists], ResourceLists]:
    """An edit as a browser makes it, by way of JSON: the whole model comes back, the rest as it was shown."""

    def edit(book: ResourceLists) -> ResourceLists:
        book.lists["friends"].entries[uri].label = label
        return from_json(to_json(book), ResourceLists)

    return edit


def relabel(server: RunningServer, uri: str, label: str | None) -> None:
    """What somebody else does meanwhile."""
    with server.client(ALICE) as xcap, xcap.resource_lists.edit() as book:
        if label is None:
            book.lists["friends"].entries.remove(uri)
        else:
            book.lists["friends"].entries.ensure(uri).label = label


def stored(server: RunningServer) -> tuple[bytes, dict[str, str | None]]:
    with server.client(ALICE) as xcap:
        document = xcap.resource_lists.get()
        return document.xml, {entry.uri: entry.label for entry in document.model.lists["friends"].entries}


@shells
def test_it_is_stored_under_the_etag_that_was_shown(xcap_server: RunningServer, submit: Submit) -> None:
    report = submit(xcap_server, *shown(xcap_server), labelled("sip:bob@example.org", "Bobby"), "raise")
    assert (report.requests, report.merged) == (1, False)
    xml, labels = stored(xcap_server)
    assert labels == {"sip:bob@example.org": "Bobby", "sip:carol@example.org": "Carol"}
    assert xml == BOOK.replace(b">Bob<", b">Bobby<")


@shells
def test_what_others_wrote_since_stays(xcap_server: RunningServer, submit: Submit) -> None:
    page = shown(xcap_server)
    relabel(xcap_server, "sip:carol@example.org", "Caro")
    relabel(xcap_server, "sip:dave@example.org", "Dave")
    assert submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "merge").merged
    xml, labels = stored(xcap_server)
    assert labels == {
        "sip:bob@example.org": "Bobby",
        "sip:carol@example.org": "Caro",
        "sip:dave@example.org": "Dave",
    }
    assert b"<!-- about bob -->" in xml


@shells
def test_the_same_thing_changed_by_others_is_a_conflict(xcap_server: RunningServer, submit: Submit) -> None:
    page = shown(xcap_server)
    relabel(xcap_server, "sip:bob@example.org", "Robert")
    with pytest.raises(MergeConflict) as caught:
        submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "merge")
    [clash] = caught.value.clashes
    assert (clash.base, clash.mine, clash.theirs) == ("Bob", "Bobby", "Robert")
    assert caught.value.base == page[0]
    assert stored(xcap_server)[1]["sip:bob@example.org"] == "Robert"
    submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "mine")
    assert stored(xcap_server)[1]["sip:bob@example.org"] == "Bobby"


@shells
def test_what_others_removed_is_a_conflict_if_i_changed_it(
    xcap_server: RunningServer, submit: Submit
) -> None:
    page = shown(xcap_server)
    relabel(xcap_server, "sip:carol@example.org", None)
    with pytest.raises(MergeConflict):
        submit(xcap_server, *page, labelled("sip:carol@example.org", "Caro"), "merge")
    submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "merge")
    assert stored(xcap_server)[1] == {"sip:bob@example.org": "Bobby"}


@shells
def test_a_document_that_was_deleted_since_is_a_conflict(xcap_server: RunningServer, submit: Submit) -> None:
    page = shown(xcap_server)
    with xcap_server.client(ALICE) as xcap:
        xcap.resource_lists.delete()
        with pytest.raises(MergeConflict, match="deleted there") as caught:
            submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "merge")
        assert caught.value.theirs is None
        assert not xcap.resource_lists.exists()
    submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "mine")
    xml, labels = stored(xcap_server)
    assert labels["sip:bob@example.org"] == "Bobby"
    assert b"<!-- about bob -->" in xml


@shells
def test_raise_merges_nothing(xcap_server: RunningServer, submit: Submit) -> None:
    page = shown(xcap_server)
    relabel(xcap_server, "sip:carol@example.org", "Caro")
    with pytest.raises(Conflicted):
        submit(xcap_server, *page, labelled("sip:bob@example.org", "Bobby"), "raise")
    assert stored(xcap_server)[1]["sip:bob@example.org"] == "Bob"


@shells
def test_nothing_changed_sends_nothing_and_undoes_nothing(xcap_server: RunningServer, submit: Submit) -> None:
    page = shown(xcap_server)
    relabel(xcap_server, "sip:carol@example.org", "Caro")
    report = submit(xcap_server, *page, lambda book: from_json(to_json(book), ResourceLists), "merge")
    assert (report.outcome, report.requests) == ("unchanged", 0)
    assert stored(xcap_server)[1]["sip:carol@example.org"] == "Caro"


def test_other_bytes_under_the_right_etag_are_what_is_edited(xcap_server: RunningServer) -> None:
    xml, etag = shown(xcap_server)
    tampered = xml.replace(b"sip:carol@", b"sip:eve@")  # which is why a browser must not be able to
    with xcap_server.client(ALICE) as xcap:
        document = xcap.resource_lists.resume(tampered, etag)
        document.model = labelled("sip:bob@example.org", "Bobby")(document.model)
        document.save(strategy="document")
        assert xcap.resource_lists.get().xml == tampered.replace(b">Bob<", b">Bobby<")


@shells
def test_other_bytes_under_an_older_etag_overwrite_nothing(
    xcap_server: RunningServer, submit: Submit
) -> None:
    xml, etag = shown(xcap_server)
    relabel(xcap_server, "sip:dave@example.org", "Dave")
    tampered = xml.replace(b">Carol<", b">Eve<")
    submit(xcap_server, tampered, etag, labelled("sip:bob@example.org", "Bobby"), "merge")
    assert stored(xcap_server)[1] == {
        "sip:bob@example.org": "Bobby",
        "sip:carol@example.org": "Carol",
        "sip:dave@example.org": "Dave",
    }


def test_it_takes_no_request() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request)

    with XcapClient(
        "http://xcap.example.org/root", user=ALICE, http=httpx.Client(transport=httpx.MockTransport(refuse))
    ) as xcap:
        document = xcap.resource_lists.resume(BOOK, 'W/"1"', "work")
        assert (document.xml, document.etag) == (BOOK, 'W/"1"')
        assert document.uri.endswith("/resource-lists/users/sip:alice@example.org/work")
        assert document.model.lists["friends"].entries["sip:bob@example.org"].label == "Bob"
        assert not document.plan().operations
        assert not document.warnings
        for xml in (BOOK.decode(), bytearray(BOOK), None):
            with pytest.raises(InvalidInput, match=r"and no bytes: pass what Document\.xml gave"):
                xcap.resource_lists.resume(xml, '"1"')  # pyright: ignore[reportArgumentType] - the point
        etags: list[Any] = [None, "", "*", '"1", "2"', '"1', "a b", 1]
        for etag in etags:
            with pytest.raises(InvalidInput, match=r"is no ETag \(RFC 9110 §8\.8\.3\): pass what"):
                xcap.resource_lists.resume(BOOK, etag)
        with pytest.raises(InvalidAddress):
            xcap.resource_lists.resume(BOOK, '"1"', "..")
        assert not hasattr(xcap.capabilities, "resume")


@pytest.mark.parametrize(
    ("xml", "error"),
    [
        (b"", NotWellFormed),
        (BOOK[:-9], NotWellFormed),
        (b"<!DOCTYPE a>" + BOOK, ForbiddenXml),
        (b'<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>', UnexpectedDocument),
    ],
)
def test_bytes_that_are_no_such_document_are_refused(xml: bytes, error: type[DocumentError]) -> None:
    with (
        XcapClient("http://xcap.example.org/root", user=ALICE) as xcap,
        pytest.raises(error, match=r"pass the bytes that Document\.xml gave, or read the document again"),
    ):
        xcap.resource_lists.resume(xml, '"1"')


def test_the_limits_of_the_client_count() -> None:
    network = Network(limits=Limits(max_bytes=100))
    with (
        XcapClient("http://xcap.example.org/root", user=ALICE, network=network) as xcap,
        pytest.raises(LimitExceeded),
    ):
        xcap.resource_lists.resume(BOOK, '"1"')
