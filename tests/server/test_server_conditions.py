"""Conditional requests over real sockets (RFC 4825 §7.11, §8.2.6)."""

from __future__ import annotations

import pytest
from server_wire import ALICE, ATTRIBUTE, BOOK, ELEMENT, Wire

NODE = f"{ALICE}/~~/resource-lists/list%5b1%5d/entry%5b@uri=%22sip:dave@example.org%22%5d"
CAROL = f"{ALICE}/~~/resource-lists/list%5b1%5d/entry%5b@uri=%22sip:carol@example.org%22%5d"
ENTRY = b'<rl:entry uri="sip:dave@example.org"/>'
OTHER = BOOK.replace(b"Carol", b"Caro")


@pytest.mark.rule("GT9", "ET10", "ET11")
def test_get(wire: Wire) -> None:
    etag = wire.put(ALICE, BOOK).etag
    for path in (ALICE, CAROL, f"{CAROL}/@uri", f"{CAROL}/namespace::*"):
        for value in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            for method in ("GET", "HEAD"):
                known = wire.request(method, path, None, If_None_Match=value)
                assert (known.status, known.body, known.etag) == (304, b"", etag)
        for value in ('"x"', 'W/"x"', etag.upper().replace('"', '"x', 1)):
            assert wire.get(path, If_None_Match=value).status == 200
        assert wire.get(path, If_Match=etag).status == 200
        assert wire.get(path, If_Match="*").status == 200
        assert wire.get(path, If_Match='"x"').status == 412
        assert wire.get(path, If_Match=f"W/{etag}").status == 412
        assert wire.get(path, If_Match='"x"', If_None_Match=etag).status == 412
        assert wire.get(path, If_Match=etag, If_None_Match=etag).status == 304
    assert wire.get(f"{ALICE}x", If_None_Match="*").status == 404
    assert wire.get(f"{ALICE}x", If_Match="*").status == 404
    assert wire.get(NODE, If_None_Match=etag).status == 404


@pytest.mark.rule("ET5", "ET8", "ET9", "ET12")
def test_put_of_a_document(wire: Wire) -> None:
    assert wire.put(ALICE, BOOK, If_Match="*").status == 412
    assert wire.put(ALICE, BOOK, If_Match='"x"').status == 412
    assert wire.get(ALICE).status == 404
    created = wire.put(ALICE, BOOK, If_None_Match="*")
    assert created.status == 201
    for conditions in (
        {"If_None_Match": "*"},
        {"If_None_Match": created.etag},
        {"If_None_Match": f"W/{created.etag}"},
        {"If_Match": '"x"'},
        {"If_Match": f"W/{created.etag}"},
        {"If_Match": created.etag, "If_None_Match": "*"},
    ):
        refused = wire.put(ALICE, OTHER, **conditions)
        assert refused.status == 412, conditions
        assert refused.etag is None
        assert wire.get(ALICE).etag == created.etag
    second = wire.put(ALICE, OTHER, If_Match=f'"x", {created.etag}')
    assert second.status == 200
    assert wire.put(ALICE, BOOK, If_Match=created.etag).status == 412
    assert wire.put(ALICE, BOOK, If_Match="*").status == 200
    assert wire.put(ALICE, OTHER, If_None_Match=created.etag).status == 200
    assert wire.put(f"{ALICE}2", BOOK, If_None_Match='"x"').status == 201


@pytest.mark.rule("ET6", "ET7", "ET11", "ET12")
def test_put_of_a_node_is_about_the_document(wire: Wire) -> None:
    etag = wire.put(ALICE, BOOK).etag
    for conditions in ({"If_None_Match": "*"}, {"If_None_Match": etag}, {"If_Match": '"x"'}):
        assert wire.put(NODE, ENTRY, ELEMENT, **conditions).status == 412
        assert wire.put(f"{CAROL}/@uri", b'"x"', ATTRIBUTE, **conditions).status == 412
    assert wire.get(ALICE).etag == etag
    tag_of_a_node = wire.get(f"{CAROL}/@uri").etag
    created = wire.put(NODE, ENTRY, ELEMENT, If_Match=tag_of_a_node)
    assert created.status == 201
    assert wire.put(NODE, ENTRY, ELEMENT, If_Match=etag).status == 412
    assert wire.put(NODE, ENTRY, ELEMENT, If_Match="*").status == 200
    assert wire.put(NODE, ENTRY, ELEMENT, If_None_Match='"x"').status == 200


@pytest.mark.rule("DL8", "ET9")
def test_delete(wire: Wire) -> None:
    etag = wire.put(ALICE, BOOK).etag
    for conditions in ({"If_None_Match": "*"}, {"If_None_Match": etag}, {"If_Match": '"x"'}):
        assert wire.delete(CAROL, **conditions).status == 412
        assert wire.delete(ALICE, **conditions).status == 412
    remaining = wire.delete(CAROL, If_Match=etag)
    assert remaining.status == 200
    assert wire.delete(ALICE, If_Match=etag).status == 412
    assert wire.delete(ALICE, If_Match=remaining.etag, If_None_Match='"x"').status == 200
    assert wire.delete(ALICE, If_Match="*").status == 404


def test_what_the_resource_fails_by_comes_before_the_condition(wire: Wire) -> None:
    """RFC 9110 §13.2.1: a condition is ignored where the request fails without it."""
    stale = {"If_Match": '"x"'}
    assert wire.put(NODE, ENTRY, ELEMENT, **stale).condition == "no-parent"
    assert wire.put("/resource-lists/users/sip:a@b/x/y", BOOK, **stale).condition == "no-parent"
    wire.put(ALICE, BOOK)
    assert wire.put(NODE.replace("list%5b1", "list%5b7"), ENTRY, ELEMENT, **stale).condition == "no-parent"
    assert wire.delete(NODE, **stale).status == 404


def test_the_condition_comes_before_the_body(wire: Wire) -> None:
    wire.put(ALICE, BOOK)
    stale = {"If_Match": '"x"'}
    assert wire.put(ALICE, b"broken", **stale).status == 412
    assert wire.put(ALICE, BOOK, "text/plain", **stale).status == 412
    assert wire.put(NODE, b"broken", ELEMENT, **stale).status == 412
    assert wire.put(CAROL, ENTRY, ELEMENT, **stale).status == 412
    assert wire.delete(f"{ALICE}/~~/resource-lists/list%5b1%5d", **stale).status == 412


@pytest.mark.parametrize("name", ["If_Match", "If_None_Match"])
@pytest.mark.parametrize("value", ["abc", '"a', "", '"a", *', 'w/"a"', '"a" "b"'])
def test_a_condition_that_cannot_be_read_is_a_400(wire: Wire, name: str, value: str) -> None:
    before = wire.put(ALICE, BOOK).etag
    for method in ("GET", "PUT", "DELETE"):
        refused = wire.request(
            method, ALICE, OTHER, Content_Type="application/resource-lists+xml", **{name: value}
        )
        assert refused.status == 400
        assert name.replace("_", "-") in refused.body.decode()
    assert wire.get(ALICE).etag == before


def test_repeated_condition_headers_are_one_list(wire: Wire) -> None:
    etag = wire.put(ALICE, BOOK).etag
    request = f'GET {wire.path}{ALICE} HTTP/1.1\r\nHost: x\r\nIf-None-Match: "x"\r\nIf-None-Match: {etag}\r\nConnection: close\r\n\r\n'
    assert wire.exchange(request.encode()).startswith(b"HTTP/1.1 304 ")
