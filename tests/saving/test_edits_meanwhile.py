"""Edits that are made while a save is on its way belong to the next one: none is lost, none moves."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import AsyncXcapClient, InvalidInput, MergeConflict, Unconditional, parse
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
BOOK = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
  <list name="a">
    <entry uri="sip:b@e"><!-- about b --></entry>
    <entry uri="sip:c@e"><!-- about c --></entry>
  </list>
  <list name="b"/>
</resource-lists>
"""


class Gate(httpx.AsyncHTTPTransport):
    """Lets something happen before each write is answered."""

    def __init__(self) -> None:
        super().__init__()
        self.then: list[Any] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if request.method in {"PUT", "DELETE"} and self.then:
            self.then.pop(0)()
        return response


class Nameless(Gate):
    """Hides who the server is, and lets something happen before the capabilities are told."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        response.headers.pop("Server", None)
        if "/xcap-caps/" in request.url.path:
            response.status_code = 404
            self.then.pop(0)()
        return response


async def opened(server: RunningServer, gate: Gate) -> tuple[httpx.AsyncClient, Any]:
    with server.client(ALICE) as xcap:
        xcap.put(xcap.resource_lists.address(), BOOK, condition=Unconditional())
    http = httpx.AsyncClient(transport=gate)
    return http, await AsyncXcapClient(server.root, user=ALICE, http=http).resource_lists.get()


def test_comments_stay_where_they_are(xcap_server: RunningServer) -> None:
    async def run() -> bytes:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        document.model.lists["a"].label = "A"
        gate.then = [lambda: document.model.lists["a"].entries.move("sip:c@e", to=0)]
        await document.save()
        await document.save()
        await http.aclose()
        return document.xml

    saved = asyncio.run(run())
    assert b'<entry uri="sip:c@e"><!-- about c --></entry>' in saved
    assert b'<entry uri="sip:b@e"><!-- about b --></entry>' in saved
    assert saved.index(b"sip:c@e") < saved.index(b"sip:b@e")


def test_an_edit_during_a_merged_save_is_in_hand_and_saved_next(xcap_server: RunningServer) -> None:
    async def run() -> ResourceLists:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        with xcap_server.client(ALICE) as other, other.resource_lists.edit() as book:
            book.lists["a"].entries.add("sip:theirs@e")
        document.model.lists["a"].label = "mine"

        def meanwhile() -> None:
            document.model.lists["b"].label = "during"

        gate.then = [lambda: None, meanwhile]  # the first one is answered by 412
        report = await document.save()
        assert report.merged
        assert document.model.lists["b"].label == "during"
        assert "sip:theirs@e" in document.model.lists["a"].entries
        assert (await document.save()).outcome == "patched"
        await http.aclose()
        with xcap_server.client(ALICE) as other:
            return other.resource_lists.get().model

    saved = asyncio.run(run())
    assert (saved.lists["a"].label, saved.lists["b"].label) == ("mine", "during")
    assert "sip:theirs@e" in saved.lists["a"].entries


def test_what_is_renamed_during_a_merged_save_stays_itself(xcap_server: RunningServer) -> None:
    async def run() -> bytes:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        with xcap_server.client(ALICE) as other, other.resource_lists.edit() as book:
            book.lists["a"].entries.add("sip:theirs@e")
        document.model.lists["a"].label = "mine"

        def meanwhile() -> None:
            entry = document.model.lists["a"].entries["sip:b@e"]
            entry.uri, entry.label = "sip:bob@e", "Bob"

        gate.then = [lambda: None, meanwhile]  # the first one is answered by 412
        assert (await document.save()).merged
        await document.save()
        await http.aclose()
        return document.xml

    assert b'<entry uri="sip:bob@e"><!-- about b -->' in asyncio.run(run())


def test_a_model_that_is_put_in_hand_meanwhile_stays(xcap_server: RunningServer) -> None:
    async def run() -> None:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        document.model.lists["a"].label = "A"
        other = ResourceLists()
        gate.then = [lambda: setattr(document, "model", other)]
        await document.save()
        assert document.model is other
        assert (await document.save()).outcome in {"replaced", "patched"}
        await http.aclose()

    asyncio.run(run())


def test_a_model_as_it_was_that_is_put_in_hand_meanwhile_is_stored(xcap_server: RunningServer) -> None:
    async def run() -> bytes:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        document.model.lists["a"].label = "A"
        gate.then = [lambda: setattr(document, "model", parse(BOOK, ResourceLists))]
        await document.save()
        assert (await document.save()).outcome in {"replaced", "patched"}
        await http.aclose()
        return document.xml

    assert parse(asyncio.run(run()), ResourceLists) == parse(BOOK, ResourceLists)


def test_an_edit_while_the_server_is_asked_who_it_is_is_stored(xcap_server: RunningServer) -> None:
    async def run() -> bytes:
        gate = Nameless()
        http, document = await opened(xcap_server, gate)
        document.model.lists["a"].entries.add("sip:first@e")
        gate.then = [lambda: document.model.lists["a"].entries.add("sip:later@e")]
        await document.save(strategy="nodes")
        assert not gate.then, "the server was asked"
        await document.save()
        await http.aclose()
        with xcap_server.client(ALICE) as other:
            return other.resource_lists.get().xml

    saved = asyncio.run(run())
    assert b"sip:first@e" in saved
    assert b"sip:later@e" in saved


def add_theirs(server: RunningServer) -> None:
    with server.client(ALICE) as other, other.resource_lists.edit() as book:
        book.lists["a"].entries.add("sip:theirs@e")


def test_what_is_removed_again_while_a_reply_is_lost_stays_removed(xcap_server: RunningServer) -> None:
    async def run() -> list[str]:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        document.model.lists["b"].entries.add("sip:mine@e")

        def meanwhile() -> None:
            add_theirs(xcap_server)
            document.model.lists["b"].entries.remove("sip:mine@e")
            raise httpx.ReadError("lost")

        gate.then = [meanwhile]
        await document.save(strategy="document")
        await document.save()
        await http.aclose()
        assert "sip:theirs@e" in document.model.lists["a"].entries
        with xcap_server.client(ALICE) as other:
            return list(other.resource_lists.get().model.lists["b"].entries.keys())

    assert asyncio.run(run()) == []


def test_what_was_not_stored_when_a_reply_was_lost_is_merged_as_ever(xcap_server: RunningServer) -> None:
    async def run() -> ResourceLists:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        document.model.lists["b"].entries.add("sip:mine@e")

        def meanwhile() -> None:
            with xcap_server.client(ALICE) as other:  # as if mine had never come
                other.put(other.resource_lists.address(), BOOK, condition=Unconditional())
            add_theirs(xcap_server)
            document.model.lists["b"].label = "B"
            raise httpx.ReadError("lost")

        gate.then = [meanwhile]
        await document.save(strategy="document")
        await document.save()
        await http.aclose()
        with xcap_server.client(ALICE) as other:
            return other.resource_lists.get().model

    saved = asyncio.run(run())
    assert "sip:theirs@e" in saved.lists["a"].entries
    assert list(saved.lists["b"].entries.keys()) == ["sip:mine@e"]
    assert saved.lists["b"].label == "B"


def test_a_move_half_done_keeps_its_comment_whatever_is_edited_meanwhile(xcap_server: RunningServer) -> None:
    async def run() -> bytes:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        lists = document.model.lists
        moved = lists["a"].entries["sip:b@e"]
        lists["a"].entries.remove("sip:b@e")
        lists["b"].entries.append(moved)

        def meanwhile() -> None:
            add_theirs(xcap_server)
            document.model.lists["a"].label = "A"

        gate.then = [meanwhile]
        await document.save(strategy="nodes")
        await document.save()
        await http.aclose()
        with xcap_server.client(ALICE) as other:
            return other.resource_lists.get().xml

    saved = asyncio.run(run())
    assert b'<entry uri="sip:b@e"><!-- about b --></entry>' in saved
    assert b"sip:theirs@e" in saved
    assert b">A<" in saved


def unwritable(book: ResourceLists) -> None:
    book.lists["b"].entries.add("sip:later@e")
    wrong: Any = 5
    book.lists["a"].items.append(wrong)


def endless(book: ResourceLists) -> None:
    book.lists["b"].items.append(book.lists["b"])


@pytest.mark.parametrize("edit", [unwritable, endless])
def test_what_cannot_be_written_stays_in_hand_behind_a_merge(xcap_server: RunningServer, edit: Any) -> None:
    async def run() -> ResourceLists:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        add_theirs(xcap_server)
        document.model.lists["a"].label = "mine"
        model = document.model
        gate.then = [lambda: None, lambda: edit(document.model)]  # the first one is answered by 412
        assert (await document.save()).merged
        assert document.model is model, "with what was edited"
        with pytest.raises(InvalidInput):
            await document.save()
        model.lists["a"].items[:] = [each for each in model.lists["a"].items if each != 5]
        model.lists["b"].items[:] = [each for each in model.lists["b"].items if each is not model.lists["b"]]
        await document.save()
        await http.aclose()
        with xcap_server.client(ALICE) as other:
            return other.resource_lists.get().model

    saved = asyncio.run(run())
    assert saved.lists["a"].label == "mine"
    assert "sip:theirs@e" in saved.lists["a"].entries
    assert ("sip:later@e" in saved.lists["b"].entries) == (edit is unwritable)


@pytest.mark.parametrize("behind", [0, 1])
def test_what_is_no_document_in_hand_meanwhile_is_an_error_of_ours(
    xcap_server: RunningServer, behind: int
) -> None:
    async def run() -> None:
        gate = Gate()
        http, document = await opened(xcap_server, gate)
        add_theirs(xcap_server)
        model = document.model
        model.lists["a"].label = "mine"
        gate.then = [lambda: None] * behind + [lambda: setattr(document, "model", None)]
        if behind:
            assert (await document.save()).merged
        for _ in range(1 if behind else 2):
            with pytest.raises(InvalidInput, match="the model in hand is None"):
                await document.save()
        document.model = model
        assert (await document.save()).merged
        await http.aclose()
        assert (document.model.lists["a"].label, len(document.model.lists["a"].entries)) == ("mine", 3)

    asyncio.run(run())


def test_one_call_at_a_time(xcap_server: RunningServer) -> None:
    async def run() -> None:
        http, document = await opened(xcap_server, Gate())
        document.model.lists["a"].label = "A"
        calls = (document.save(), document.save(), document.refresh(), document.delete())
        first, *others = await asyncio.gather(*calls, return_exceptions=True)
        assert not isinstance(first, BaseException)
        for each in others:
            assert isinstance(each, InvalidInput)
            assert "another call on this document in hand is not done yet" in str(each)
        document.model.lists["a"].label = "AA"
        assert (await document.save()).outcome in {"patched", "replaced"}
        await http.aclose()

    asyncio.run(run())


def test_edits_of_a_model_that_is_being_created_are_saved_next(xcap_server: RunningServer) -> None:
    async def run() -> bytes:
        gate = Gate()
        async with httpx.AsyncClient(transport=gate) as http:
            xcap = AsyncXcapClient(xcap_server.root, user=ALICE, http=http)
            model = parse(BOOK, ResourceLists)
            gate.then = [lambda: model.lists["b"].entries.add("sip:later@e")]
            document = await xcap.resource_lists.create(model)
            await document.save()
            return document.xml

    assert b"sip:later@e" in asyncio.run(run())


def test_what_was_deleted_comes_back_with_all_that_was_in_it(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.resource_lists.address(), BOOK, condition=Unconditional())
        document = xcap.resource_lists.get()
        document.model.lists["a"].entries["sip:b@e"].label = "B"
        xcap.delete(xcap.resource_lists.address(), condition=Unconditional())
        with pytest.raises(MergeConflict, match="let on_conflict='mine' store mine again"):
            document.save(on_conflict="theirs")
        assert document.save(on_conflict="mine").outcome == "created"
        assert b"<!-- about c -->" in xcap.resource_lists.get().xml
        assert document.save().outcome == "unchanged"


def test_what_others_removed_and_i_keep_comes_back_with_its_comments(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap, xcap_server.client(ALICE) as other:
        xcap.put(xcap.resource_lists.address(), BOOK, condition=Unconditional())
        document = xcap.resource_lists.get()
        document.model.lists["a"].entries["sip:b@e"].label = "B"
        with other.resource_lists.edit() as book:
            book.lists.remove("a")
        assert document.save(on_conflict="mine").merged
        saved = xcap.resource_lists.get().xml
        assert saved.count(b"<!-- about b -->") == saved.count(b"<!-- about c -->") == 1
        assert document.save().outcome == "unchanged"


@pytest.mark.parametrize("model", [None, 5, ResourceLists])
def test_what_is_no_document_is_refused(xcap_server: RunningServer, model: Any) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.resource_lists.address(), BOOK, condition=Unconditional())
        document = xcap.resource_lists.get()
        document.model = model
        for act in (document.plan, document.save):
            with pytest.raises(InvalidInput, match="and no ResourceLists; nothing was sent"):
                act()
        wrong: Any = "everything"
        with pytest.raises(InvalidInput, match="there are auto, document, nodes"):
            document.plan(strategy=wrong)


def test_a_removal_by_others_is_no_half_of_a_move(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap, xcap_server.client(ALICE) as other:
        xcap.put(xcap.resource_lists.address(), BOOK, condition=Unconditional())
        document = xcap.resource_lists.get()
        lists = document.model.lists
        bob = lists["a"].entries["sip:b@e"]
        lists["a"].entries.remove("sip:b@e")
        lists["b"].entries.append(bob)
        with other.resource_lists.edit() as book:
            book.lists["a"].entries.remove("sip:b@e")
        with pytest.raises(MergeConflict, match=r"moved here from .*, and removed on the other side"):
            document.save(strategy="nodes")
        assert document.save(strategy="nodes", on_conflict="mine").merged
        assert "sip:b@e" in other.resource_lists.get().model.lists["b"].entries
