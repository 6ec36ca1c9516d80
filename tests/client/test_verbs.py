"""The raw verbs: bodies, media types, conditions by default, typed values, and what is remembered."""

from __future__ import annotations

from typing import Any

import pytest
from dictionary import ALICE, ROOT, Dictionary, session

from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk.errors import InvalidAddress, InvalidInput, NotFound, PreconditionFailed, UnexpectedReply
from xcap_sdk.flows.memory import Known, Memory
from xcap_sdk.flows.verbs import delete, get, put
from xcap_sdk.protocol.addresses import Address, DocumentAddress
from xcap_sdk.protocol.conditions import Match, MustNotExist, Unconditional
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.protocol.profiles import CONFORMANT
from xcap_sdk.protocol.roots import XcapRoot

INDEX = DocumentAddress(root=ROOT, auid="resource-lists", xui=ALICE)
UNKNOWN = DocumentAddress(root=ROOT, auid="com.example.other", tree="global", document="a/b")
FRIENDS = INDEX.element('resource-lists/list[@name="friends"]')
NAME = FRIENDS.attribute("name")
BOOK = (
    b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="friends"/></resource-lists>'
)


def reply(
    status: int, body: bytes = b"", etag: str | None = '"7"', media_type: str | None = None
) -> Response:
    fields = [("ETag", etag)] if etag else []
    fields += [("Content-Type", media_type)] if media_type else []
    return Response(status, Headers(fields), body)


def server(*replies: Response) -> Dictionary:
    return Dictionary(before=[lambda request, answer=answer: answer for answer in replies])


def sent(request: Request) -> dict[str, str]:
    return dict(request.headers)


@pytest.mark.rule("C6", "C7", "C8", "P9")
@pytest.mark.parametrize(
    ("address", "body", "data", "media_type"),
    [
        (INDEX, BOOK, BOOK, "application/resource-lists+xml"),
        (INDEX, "<é/>", "<é/>".encode(), "application/resource-lists+xml"),
        (FRIENDS, '<list name="friends"/>', b'<list name="friends"/>', "application/xcap-el+xml"),
        (NAME, b'"friends"', b'"friends"', "application/xcap-att+xml"),
        (NAME, '"a &amp; b"', b'"a &amp; b"', "application/xcap-att+xml"),
        (NAME, "'é%20'", "'é%20'".encode(), "application/xcap-att+xml"),
        (NAME, "a & b", b'"a &amp; b"', "application/xcap-att+xml"),
        (NAME, '"a" & "b"', b'\'"a" &amp; "b"\'', "application/xcap-att+xml"),
        (NAME, "", b'""', "application/xcap-att+xml"),
    ],
)
def test_bodies_and_media_types(address: object, body: object, data: bytes, media_type: str) -> None:
    there = server(reply(201))
    result = there.run(put(session(CONFORMANT), address, body))  # pyright: ignore[reportArgumentType]
    assert (result.status, result.etag, result.value) == (201, '"7"', None)
    [request] = there.log
    assert (request.method, request.body) == ("PUT", data)
    assert sent(request) == {"Content-Type": media_type}, "no charset, which OpenXCAP and Restcomm refuse"


def test_a_model_goes_out_as_a_document() -> None:
    there = server(reply(200))
    there.run(put(session(CONFORMANT), INDEX, ResourceLists(items=[ResourceList(name="é")])))
    assert 'name="é"'.encode() in (there.log[0].body or b"")


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (INDEX, ResourceList()),
        (FRIENDS, ResourceList()),
        (NAME, 5),
        (NAME, "\ud800"),
        (NAME, '"\ud800"'),
        (FRIENDS, "<list>\ud800</list>"),
        (INDEX, "<resource-lists>\ud800</resource-lists>"),
        (UNKNOWN, b"<x/>"),
        (FRIENDS.namespaces(), b""),
    ],
)
@pytest.mark.rule("C9")
def test_what_cannot_be_put_is_not_sent(address: object, body: object) -> None:
    there = server()
    with pytest.raises(InvalidInput, match=r"[Nn]othing was sent"):
        there.run(put(session(CONFORMANT), address, body))  # pyright: ignore[reportArgumentType]
    assert there.log == []


def test_namespace_bindings_are_not_deleted() -> None:
    there = server()
    with pytest.raises(InvalidAddress, match=r"§7\.10"):
        there.run(delete(session(CONFORMANT), FRIENDS.namespaces()))
    assert there.log == []


def test_the_media_type_can_be_said() -> None:
    there = server(reply(201), reply(201))
    there.run(put(session(CONFORMANT), UNKNOWN, b"<x/>", media_type="application/x+xml"))
    there.run(put(session(CONFORMANT), UNKNOWN, "<x/>", media_type="application/x+xml"))
    assert sent(there.log[0]) == sent(there.log[1]) == {"Content-Type": "application/x+xml"}
    with pytest.raises(InvalidInput, match="give bytes or text"):
        there.run(put(session(CONFORMANT), UNKNOWN, ResourceLists(), media_type="application/x+xml"))


@pytest.mark.parametrize("media_type", ["a/b\r\nX: 1", "a/é", "a", "a/b ", " a/b", "", "a/b\n", "a/b;\0"])
@pytest.mark.parametrize("address", [INDEX, FRIENDS, NAME, UNKNOWN])
def test_a_media_type_that_cannot_be_sent_is_refused(address: Address, media_type: str) -> None:
    there = server()
    with pytest.raises(InvalidInput, match="media type"):
        there.run(put(session(CONFORMANT), address, b"", media_type=media_type))
    assert there.log == []


def test_another_root_gets_nothing() -> None:
    there = server()
    elsewhere = DocumentAddress(root=XcapRoot("https://evil.example.org"), auid="resource-lists", xui=ALICE)
    with pytest.raises(InvalidAddress, match="nothing was sent"):
        there.run(get(session(CONFORMANT), elsewhere.element("resource-lists")))
    assert there.log == []


@pytest.mark.rule("ET11", "C11")
def test_a_write_is_under_the_etag_seen_last_whatever_node_it_came_with() -> None:
    on = session(CONFORMANT)
    there = server(
        reply(200, b'"x"', '"1"'), reply(200, etag='"2"'), reply(200, etag='"3"'), reply(200, etag=None)
    )
    there.run(get(on, NAME))
    there.run(put(on, FRIENDS, "<list/>"))
    there.run(delete(on, FRIENDS))
    there.run(delete(on, INDEX))
    assert [sent(request).get("If-Match") for request in there.log] == [None, '"1"', '"2"', '"3"']


def test_without_an_etag_seen_a_write_is_unconditional() -> None:
    on = session(CONFORMANT)
    there = server(reply(201, etag=None), reply(200, etag=None), reply(200))
    for _ in range(3):
        there.run(put(on, INDEX, BOOK))
    assert all("If-Match" not in sent(request) for request in there.log)


def test_a_condition_that_is_said_counts() -> None:
    on = session(CONFORMANT)
    there = server(reply(200, BOOK), *[reply(201)] * 3)
    there.run(get(on, INDEX))
    for condition in (Match("abc"), MustNotExist(), Unconditional()):
        there.run(put(on, INDEX, BOOK, condition=condition))
    assert [sent(request) for request in there.log[1:]] == [
        {"If-Match": '"abc"', "Content-Type": "application/resource-lists+xml"},
        {"If-None-Match": "*", "Content-Type": "application/resource-lists+xml"},
        {"Content-Type": "application/resource-lists+xml"},
    ]


def test_after_a_refusal_the_etag_is_still_the_one_seen() -> None:
    on = session(CONFORMANT)
    there = server(reply(200, BOOK, '"1"'), reply(412, etag='"9"'), reply(412))
    there.run(get(on, INDEX))
    for _ in range(2):
        with pytest.raises(PreconditionFailed):
            there.run(put(on, INDEX, BOOK))
    assert [sent(request)["If-Match"] for request in there.log[1:]] == ['"1"', '"1"'], "never a blind write"


def test_values_are_typed() -> None:
    there = server(
        reply(200, BOOK),
        reply(200, b'"a &amp; b"'),
        reply(200, b"unquoted"),
        reply(200, b'<list xmlns="urn:d" xmlns:p="urn:p"/>'),
        reply(200, b'<list name="friends"/>', media_type="application/xcap-el+xml;charset=utf-8"),
        reply(200, b"<x/>"),
    )
    on = session(CONFORMANT)
    addresses = [INDEX, NAME, NAME, FRIENDS.namespaces(), FRIENDS, UNKNOWN]
    replies = [there.run(get(on, address)) for address in addresses]
    values = [result.value for result in replies]
    assert values[0].items[0].name == "friends"
    assert values[1:] == ["a & b", "unquoted", {"": "urn:d", "p": "urn:p"}, None, None]
    assert replies[4].media_type == "application/xcap-el+xml"
    assert replies[4].body == b'<list name="friends"/>'


@pytest.mark.parametrize(
    ("address", "body"), [(INDEX, b"<oops"), (NAME, b'"<"'), (FRIENDS.namespaces(), b"<a><b/>")]
)
def test_a_body_that_is_no_such_thing_has_no_value(address: object, body: bytes) -> None:
    result = server(reply(200, body)).run(get(session(CONFORMANT), address))  # pyright: ignore[reportArgumentType]
    assert (result.value, result.body) == (None, body)


def test_a_304_for_another_version_brings_no_old_body_under_a_new_etag() -> None:
    on = session(CONFORMANT)
    there = server(
        reply(200, b'"x"', '"1"'), reply(304, etag='"2"'), reply(200, b'"y"', '"3"'), reply(304, etag='"3"')
    )
    there.run(get(on, NAME))
    now = there.run(get(on, NAME))
    assert (now.status, now.etag, now.body) == (200, '"3"', b'"y"')
    assert there.run(get(on, NAME)).body == b'"y"'
    assert [sent(request).get("If-None-Match") for request in there.log] == [None, '"1"', None, '"3"']
    there = server(reply(200, b'"x"', '"1"'), reply(304, etag='"2"'), reply(304, etag='"2"'))
    there.run(get(on := session(CONFORMANT), NAME))
    with pytest.raises(UnexpectedReply):
        there.run(get(on, NAME))
    assert len(there.log) == 3, "once, not for ever"


@pytest.mark.parametrize("tag", ['W/"1"', "1", None, '*, "2"'])
def test_a_304_keeps_the_etag_that_was_asked_about(tag: str | None) -> None:
    on = session(CONFORMANT)
    there = server(reply(200, b'"x"', '"1"'), reply(304, etag=tag), reply(200))
    there.run(get(on, NAME))
    assert there.run(get(on, NAME)).etag == '"1"'
    there.run(put(on, NAME, "z"))
    assert sent(there.log[2])["If-Match"] == '"1"'


@pytest.mark.rule("ET10", "GT9")
def test_nodes_are_remembered_each_for_itself() -> None:
    on = session(CONFORMANT)
    there = server(
        reply(200, b'"x"', '"1"'),
        reply(304, etag=None),
        reply(200, b"<list/>", '"1"'),
        reply(304, etag='"1"'),
    )
    assert there.run(get(on, NAME)).status == 200
    known = there.run(get(on, NAME))
    assert (known.status, known.etag, known.value, known.body) == (304, '"1"', "x", b'"x"')
    there.run(get(on, FRIENDS))
    assert there.run(get(on, FRIENDS)).body == b"<list/>"
    assert [sent(request) for request in there.log] == [
        {},
        {"If-None-Match": '"1"'},
        {},
        {"If-None-Match": '"1"'},
    ]


@pytest.mark.rule("C12")
def test_a_write_makes_what_was_remembered_worthless() -> None:
    on = session(CONFORMANT)
    there = server(reply(200, b'"x"', '"1"'), reply(200, etag='"2"'), reply(200, b'"y"', '"2"'), reply(404))
    there.run(get(on, NAME))
    there.run(put(on, FRIENDS, "<list/>", condition=Unconditional()))
    there.run(get(on, NAME))
    with pytest.raises(NotFound):
        there.run(get(on, NAME))
    assert [sent(request).get("If-None-Match") for request in there.log] == [None, None, None, '"2"']
    assert on.memory.known(NAME) is None
    assert on.memory.etag(INDEX) == '"2"', "the document may still be there"


def test_a_document_that_is_gone_is_forgotten() -> None:
    on = session(CONFORMANT)
    there = server(reply(200, BOOK, '"1"'), reply(404), reply(201))
    there.run(get(on, INDEX))
    with pytest.raises(NotFound):
        there.run(get(on, INDEX))
    there.run(put(on, INDEX, BOOK))
    assert "If-Match" not in sent(there.log[-1])


def test_a_reply_without_etag_is_not_remembered() -> None:
    on = session(CONFORMANT)
    there = server(reply(200, BOOK, '"1"'), reply(200, BOOK, None), reply(200, BOOK))
    for _ in range(3):
        there.run(get(on, INDEX))
    assert [sent(request).get("If-None-Match") for request in there.log] == [None, '"1"', None]


@pytest.mark.rule("DL7", "ET3")
def test_replies_to_delete() -> None:
    on = session(CONFORMANT)
    there = server(reply(200, etag='"2"'), reply(204, etag='"3"'))
    assert there.run(delete(on, FRIENDS)).etag == '"2"'
    assert there.run(delete(on, INDEX)).etag is None
    assert on.memory.etag(INDEX) is None
    with pytest.raises(NotFound):
        server(reply(404)).run(delete(on, INDEX))


def test_memory_is_bounded() -> None:
    memory = Memory(documents=2, size=10)
    addresses = [
        DocumentAddress(root=ROOT, auid="resource-lists", xui=ALICE, document=name) for name in "abc"
    ]
    for address in addresses:
        memory.keep(address, Known('"1"', None, b"12345"))
    a, b, c = addresses
    assert [memory.etag(address) for address in addresses] == [None, '"1"', '"1"']
    assert memory.known(a) is None
    assert memory.known(b) == Known('"1"', None, b"12345")
    memory.keep(c, Known('"2"', None, b"1234567890"))
    assert memory.known(b) is None
    assert memory.known(c) is not None
    memory.keep(c, Known('"3"', None, b"12345678901"))
    assert memory.known(c) is None, "too large to be kept"
    assert memory.etag(c) == '"3"'
    memory.forget(c)
    assert memory.etag(c) is None


def test_a_text_is_no_address() -> None:
    there = server()
    text: Any = INDEX.uri
    for flow in (get(session(), text), put(session(), text, b"<a/>"), delete(session(), text)):
        with pytest.raises(InvalidAddress, match=r"is a str and no address: make one with client\.address\("):
            there.run(flow)
    assert there.log == []
