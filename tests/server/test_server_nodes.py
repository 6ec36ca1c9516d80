"""Elements, attributes and namespace bindings over real sockets, held to the text of RFC 4825."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from server_wire import ALICE, ATTRIBUTE, BOOK, ELEMENT, NAMESPACES, RL, XE, Wire

FRIENDS = f"{ALICE}/~~/resource-lists/list%5b@name=%22friends%22%5d"
BOB = f"{FRIENDS}/entry%5b@uri=%22sip:bob@example.org%22%5d"
DAVE = f"{FRIENDS}/entry%5b@uri=%22sip:dave@example.org%22%5d"
NEW = b'<rl:entry uri="sip:dave@example.org"/>'


def node(selector: str, query: str = "") -> str:
    """The path of a node of Alice's lists, by its decoded selector."""
    return f"{ALICE}/~~/{quote(selector, safe='/@=*:&;')}" + (
        f"?{quote(query, safe='()=:')}" if query else ""
    )


@pytest.fixture
def book(wire: Wire) -> str:
    """The ETag of a stored book."""
    return wire.put(ALICE, BOOK).etag


@pytest.mark.rule("GT3", "GT4", "GT5", "GT8", "ET1", "N2", "N4", "U1", "U2", "V11", "V12")
def test_an_element_comes_as_it_stands(wire: Wire, book: str) -> None:
    read = wire.get(BOB)
    assert (read.status, read.type, read.etag) == (200, ELEMENT, book)
    assert read.body == b'<rl:entry uri="sip:bob@example.org"/>'
    whole = wire.get(FRIENDS)
    assert (
        whole.body
        == BOOK[BOOK.index(b'<rl:list name="friends"') : BOOK.index(b"</rl:list>") + len(b"</rl:list>")]
    )
    for missing in (
        "SIP:bob@example.org",
        "sip:bob@EXAMPLE.org",
        "sip:bob@example.org ",
        "sip%3Abob@example.org.",
    ):
        assert wire.get(BOB.replace("sip:bob@example.org", quote(missing))).status == 404


@pytest.mark.rule("GT6", "P9", "V7", "N3")
def test_an_attribute_comes_in_quotes(wire: Wire, book: str) -> None:
    read = wire.get(node("resource-lists/list[2]/@name"))
    assert (read.status, read.type, read.etag) == (200, ATTRIBUTE, book)
    assert read.body in {b'"a/b &amp; &quot;c&quot;"', b"'a/b &amp; \"c\"'"}
    assert wire.get(node("resource-lists/list[1]/@x:seen", "xmlns(x=urn:example:x)")).body == b'"no"'
    assert wire.get(node("resource-lists/list[1]/@seen")).status == 404


@pytest.mark.rule("GT7", "V8", "V10")
def test_bindings_come_as_one_empty_element(wire: Wire, book: str) -> None:
    read = wire.get(node("resource-lists/list[1]/namespace::*"))
    assert (read.status, read.type, read.etag) == (200, NAMESPACES, book)
    assert read.body.startswith(b"<rl:list ")
    assert read.body.endswith(b"/>")
    assert f'xmlns:rl="{RL}"'.encode() in read.body
    assert b'xmlns:x="urn:example:x"' in read.body
    assert b"name=" not in read.body
    assert wire.get(
        node("resource-lists/@xmlns:rl", "xmlns(xmlns=http://www.w3.org/2000/xmlns/)")
    ).status in {400, 404}
    assert wire.get(node("resource-lists/@xmlns")).status == 404


@pytest.mark.rule("GT3", "V1", "V2", "V3", "V4", "V5", "V6", "G3", "P3", "N5", "Q4", "Q12")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (node("resource-lists"), 200),
        (node("*"), 200),
        (node("*/*[1]"), 200),
        (node("*/*[1]/*[2]"), 200),
        (node("*/*[1]/*[2]/@uri"), 200),
        (node("resource-lists/list"), 404),
        (node("resource-lists/list[3]"), 404),
        (node("resource-lists/list[0]"), 404),
        (node("resource-lists/list[2][@name='friends']"), 404),
        (node("resource-lists/list[1][@name='friends']"), 200),
        (f"{ALICE}/~~/resource-lists/list%5b@name='friends'%5d", 200),
        (f"{ALICE}/~~/resource-lists/list%5B@name=%27friends%27%5D", 200),
        (node("resource-lists/list[@name='friends']/mark"), 404),
        (node("resource-lists/list[@name='friends']/z:mark", "xmlns(z=urn:example:x)"), 200),
        (node("r:resource-lists/r:list[1]", f"xmlns(r={RL})"), 200),
        (node("r:resource-lists/list[1]", f"xmlns(r={RL})xmlns(unused=urn:a)other(b)"), 200),
        (node("r:resource-lists", "xmlns(r=urn:other)"), 404),
        (node("other"), 404),
        (node("resource-lists/list[1]/@name"), 200),
        (node("resource-lists/list[1]/@other"), 404),
    ],
)
def test_what_a_selector_selects(wire: Wire, book: str, path: str, status: int) -> None:
    assert wire.get(path).status == status


@pytest.mark.rule("V11", "GT4")
def test_comments_and_text_come_within_their_element(wire: Wire) -> None:
    inner = "<list>\n <!-- kept --><?kept too?><display-name><![CDATA[a<b]]></display-name>\n</list>"
    wire.put(ALICE, f'<!--out--><resource-lists xmlns="{RL}">{inner}</resource-lists>'.encode())
    assert wire.get(node("resource-lists/list")).body == inner.encode()
    assert wire.get(node("resource-lists/list/*[1]")).body.startswith(b"<display-name>")


@pytest.mark.parametrize(
    "path", [f"{ALICE}/~~/resource-lists%zz", f"{ALICE}/~~/resource-lists%ff", f"{ALICE}/~~/a%2"]
)
def test_a_selector_that_cannot_be_decoded_is_a_400(wire: Wire, book: str, path: str) -> None:
    assert wire.get(path).status == wire.delete(path).status == 400


@pytest.mark.rule("E3", "G1", "G2")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
@pytest.mark.parametrize(
    "selector",
    [
        "",
        "/",
        "resource-lists//list",
        "resource-lists/",
        "..",
        "resource-lists/text()",
        "resource-lists/list[@name]",
        "resource-lists/list[@name='friends'][1]",
        "id(x)",
        "@name",
        "namespace::*",
        "resource-lists/@name/list",
    ],
)
def test_what_is_no_selector_is_an_unknown_extension(
    wire: Wire, book: str, method: str, selector: str
) -> None:
    assert wire.request(method, node(selector), NEW, Content_Type=ELEMENT).status == 404


@pytest.mark.rule("Q1", "Q6")
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        node("rl:resource-lists"),
        node("resource-lists/list[1]/@x:seen"),
        node("resource-lists/list[@x:seen='no']"),
        node("resource-lists/x:list", "xmlns(y=urn:a)"),
        node("resource-lists/x:list", "xpointer(x=urn:a)"),
    ],
)
def test_an_unbound_prefix_is_a_400(wire: Wire, book: str, method: str, path: str) -> None:
    assert wire.request(method, path, NEW, Content_Type=ELEMENT).status == 400


@pytest.mark.rule("P5", "P6", "G4", "G5", "U4")
def test_values_of_all_kinds_are_found_as_they_are(wire: Wire) -> None:
    for value in (
        "a/b",
        "50%",
        "a?b#c",
        "[1]",
        "é→😀",
        "~~",
        "a&b",
        "<x>",
        "it's",
        'say "hi"',
        "a b",
        "..",
        "a;b@c=d",
    ):
        escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        body = f'<resource-lists xmlns="{RL}"><list name="{escaped}"/><list name="other"/></resource-lists>'.encode()
        wire.put(ALICE, body)
        encoded = quote(f'list[@name="{escaped}"]', safe="&;")
        assert (
            wire.get(f"{ALICE}/~~/resource-lists/{encoded}").body == f'<list name="{escaped}"/>'.encode()
        ), value
        target = f"{ALICE}/~~/resource-lists/{encoded}/@name"
        assert wire.get(target).status == 200, value
        assert wire.delete(f"{ALICE}/~~/resource-lists/{encoded}").status == 200, value


@pytest.mark.rule("PC1", "RP3", "PC8")
def test_the_first_of_its_name_lands_behind_everything(wire: Wire) -> None:
    wire.put(
        ALICE, f'<resource-lists xmlns="{RL}"><list name="a">\n <!--c-->\n</list></resource-lists>'.encode()
    )
    new = f'<r:entry xmlns:r="{RL}" xmlns:unused="urn:u" uri="sip:a@b"/>'.encode()
    target = node("resource-lists/list/entry")
    for status in (201, 200):
        assert wire.put(target, new, ELEMENT).status == status
        assert b'<list name="a">\n <!--c-->\n' + new + b"</list>" in wire.get(ALICE).body


@pytest.mark.rule("RS1", "RS2", "RS3", "RS5", "PL6", "PB4", "PC2", "PC8", "PC9", "RP1", "ET1", "ET2", "V14")
def test_an_element_is_put_and_replaced(wire: Wire, book: str) -> None:
    created = wire.put(DAVE, NEW, ELEMENT)
    assert (created.status, created.body) == (201, b"")
    assert created.etag not in {None, book}
    carol = b"</rl:entry>"
    assert wire.get(ALICE).body == BOOK.replace(carol, carol + NEW)
    assert {wire.get(path).etag for path in (ALICE, DAVE, BOB, f"{BOB}/@uri")} == {created.etag}
    full = b'<rl:entry uri="sip:dave@example.org"><rl:display-name>D</rl:display-name></rl:entry>'
    replaced = wire.put(DAVE, full, ELEMENT)
    assert (replaced.status, replaced.body) == (200, b"")
    assert wire.get(ALICE).body == BOOK.replace(carol, carol + full, 1)
    assert wire.put(DAVE, full, f"{ELEMENT}; charset=utf-8").status == 200


@pytest.mark.rule("PC11", "RP4", "PB2", "N3")
def test_an_attribute_is_put_and_replaced(wire: Wire, book: str) -> None:
    target = node("resource-lists/list[1]/@y:level", "xmlns(y=urn:example:x)")
    assert wire.put(target, b'"1 &amp; &lt;2&gt;"', ATTRIBUTE).status == 201
    assert b'x:level="1 &amp; &lt;2&gt;"' in wire.get(ALICE).body
    assert wire.put(target, b"'3'", ATTRIBUTE).status == 200
    assert wire.get(target).body == b"'3'"
    assert wire.put(f"{FRIENDS}/@name", b'"enemies"', ATTRIBUTE).condition == "cannot-insert"
    assert wire.put(node("resource-lists/list[1]/@name"), b'"enemies"', ATTRIBUTE).status == 200
    answer = wire.put(node("resource-lists/list[1]/@p:q", "xmlns(p=urn:é)"), b'"v"', ATTRIBUTE)
    assert answer.condition in {"cannot-insert", "constraint-failure"}, "libxml2 takes it for no URI"
    for wrong in (b"3", b'"3', b'"a<b"', b'"a&b"', b"", b'"a"b"', b'"&e;"'):
        assert wire.put(target, wrong, ATTRIBUTE).condition == "not-xml-att-value", wrong


@pytest.mark.rule("PL4", "PL5", "PL8", "EX1", "P8", "ER1")
def test_no_parent_names_the_nearest_ancestor(wire: Wire, book: str) -> None:
    root = wire.root
    x = "xmlns(x=urn:example:x)"
    cases = {
        "/resource-lists/users/sip:%C3%A9@b/index/~~/resource-lists": f"{root}/resource-lists/users/sip:%C3%A9@b",
        node('resource-lists/list[@name="a b"]/entry[@uri="sip:a@b"]'): f"{root}{ALICE}/~~/resource-lists",
        node('resource-lists/list[@name="friends"]/list/list/entry'): (
            f"{root}{ALICE}/~~/resource-lists/list%5B@name=%22friends%22%5D"
        ),
        node("resource-lists/list/entry"): f"{root}{ALICE}/~~/resource-lists",
        node("other/list"): f"{root}{ALICE}",
        node("resource-lists/list[9]/@name"): f"{root}{ALICE}/~~/resource-lists",
    }
    for path, ancestor in cases.items():
        for body, media_type in ((NEW, ELEMENT), (b'"x"', ATTRIBUTE)):
            if ("@name" in path.rpartition("/")[2]) is (media_type == ATTRIBUTE):
                refused = wire.put(path, body, media_type)
                assert refused.condition == "no-parent"
                assert [child.text for child in refused.fault] == [ancestor]
    queried = wire.put(node("resource-lists/list[1]/x:mark/x:deep/x:deeper", x), b"<x:deeper/>", ELEMENT)
    (ancestor,) = queried.fault
    assert ancestor.tag == f"{XE}ancestor"
    assert ancestor.text.startswith(
        f"{root}{ALICE}/~~/resource-lists/list%5B1%5D/x:mark?xmlns(x=urn:example:x)"
    )
    assert wire.get(ancestor.text.removeprefix(root)).status == 200
    assert wire.get(ALICE).etag == book


@pytest.mark.rule("PB1", "ET12", "PB7")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"text",
        NEW + NEW,
        b'<?xml version="1.0"?>' + NEW,
        NEW + b"x",
        b"<rl:entry",
        b"<q:entry/>",
        b"<!--c-->",
        NEW + b"<!--c-->",
        b"<!DOCTYPE a>" + NEW,
        b"<rl:entry>&nbsp;</rl:entry>",
    ],
)
def test_a_body_that_is_not_one_element(wire: Wire, book: str, body: bytes) -> None:
    assert wire.put(DAVE, body, ELEMENT).condition == "not-xml-frag"
    assert wire.get(ALICE).etag == book


@pytest.mark.rule("PB3")
def test_node_bodies_are_utf_8_too(wire: Wire, book: str) -> None:
    body = '<rl:entry uri="sip:dave@example.org"><rl:display-name>é</rl:display-name></rl:entry>'
    assert wire.put(DAVE, body.encode("latin-1"), ELEMENT).condition == "not-utf-8"
    assert wire.put(DAVE, body.encode("utf-16"), ELEMENT).condition == "not-utf-8"
    assert wire.put(DAVE, body.encode(), f"{ELEMENT}; charset=latin-1").condition == "not-utf-8"
    assert wire.put(f"{BOB}/@uri", '"é"'.encode("latin-1"), ATTRIBUTE).condition == "not-utf-8"
    assert wire.put(DAVE, body.encode(), ELEMENT).status == 201
    assert wire.get(f"{DAVE}/display-name").body == "<rl:display-name>é</rl:display-name>".encode()


@pytest.mark.rule("PB6", "PB5")
def test_the_media_types_of_nodes(wire: Wire, book: str) -> None:
    for wrong in ("application/xml", ATTRIBUTE, "application/resource-lists+xml"):
        assert wire.put(DAVE, NEW, wrong).status == 415
        assert wire.put(f"{BOB}/@uri", b'"x"', wrong if wrong != ATTRIBUTE else ELEMENT).status == 415
    assert wire.request("PUT", DAVE, NEW).status == 415
    assert wire.put(DAVE, NEW, f"{ELEMENT}; charset=UTF-8").status == 201


@pytest.mark.rule("PC3", "PC4", "PC5", "PC6", "PC13", "RP2", "ET12")
def test_where_an_element_lands_or_cannot(wire: Wire, book: str) -> None:
    for selector in (
        "entry[4]",
        "entry[9][@uri='sip:dave@example.org']",
        "entry",
        "entry[@uri='sip:x@y']",
        "other",
    ):
        path = node(f"resource-lists/list[1]/{selector}")
        assert wire.put(path, NEW, ELEMENT).condition == "cannot-insert", selector
    assert wire.put(BOB, NEW, ELEMENT).condition == "cannot-insert"
    assert wire.get(ALICE).etag == book
    assert (
        wire.put(node("resource-lists/list[1]/*[2][@uri='sip:dave@example.org']"), NEW, ELEMENT).status == 201
    )
    assert wire.get(node("resource-lists/list[1]/*[2]")).body == NEW
    assert wire.get(node("resource-lists/list[1]/entry[2]/@uri")).body == b'"sip:bob@example.org"'
    assert (
        wire.put(node("resource-lists/list[1]/entry[2]"), NEW.replace(b"dave", b"erin"), ELEMENT).status
        == 200
    )
    assert wire.get(BOB).status == 404


@pytest.mark.rule("VL1", "VL2", "VL4", "VL5", "VL7", "DL5", "PC12", "ET12")
def test_the_whole_document_has_to_stay_valid(wire: Wire, book: str) -> None:
    bob = b'<rl:entry uri="sip:bob@example.org"/>'
    path = node("resource-lists/list[1]/*[4][@uri='sip:bob@example.org']")
    assert wire.put(path, bob, ELEMENT).condition == "uniqueness-failure"
    assert wire.put(f"{FRIENDS}/x", b"<x/>", ELEMENT).condition in {
        "cannot-insert",
        "schema-validation-error",
    }
    assert wire.put(f"{FRIENDS}/rl:list", b"<rl:list/>", ELEMENT).status == 400
    assert wire.put(f"{FRIENDS}/list", b"<rl:list/>", ELEMENT).condition == "schema-validation-error"
    ref = b'<rl:entry-ref ref="http://x/y"/>'
    target = node("resource-lists/list[2]/entry-ref")
    assert wire.put(target, ref, ELEMENT).condition == "constraint-failure"
    assert wire.delete(f"{BOB}/@uri").condition == "schema-validation-error"
    assert wire.get(ALICE).etag == book


@pytest.mark.rule("DL2", "DL3", "DL4", "DL6", "DL7", "DL11", "ET3")
def test_nodes_are_deleted(wire: Wire, book: str) -> None:
    gone = wire.delete(BOB)
    assert (gone.status, gone.body) == (200, b"")
    assert gone.etag not in {None, book}
    assert wire.get(ALICE).body == BOOK.replace(b'<rl:entry uri="sip:bob@example.org"/>', b"", 1)
    assert wire.get(ALICE).etag == gone.etag
    assert wire.delete(BOB).status == 404
    assert wire.delete(node("resource-lists/list[1]/@x:seen", "xmlns(x=urn:example:x)")).status == 200
    assert wire.delete(node("resource-lists/list")).status == 404
    assert wire.delete(node("resource-lists/list[1]")).condition == "cannot-delete"
    assert wire.delete(node("resource-lists/list[2]")).status == 200
    assert wire.delete("/resource-lists/users/sip:bob@example.org/index/~~/resource-lists").status == 404
    assert wire.delete(node("resource-lists")).status == 409


@pytest.mark.rule("DL9")
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_namespaces_are_read_only(wire: Wire, book: str, method: str) -> None:
    for path in (node("resource-lists/namespace::*"), node("other/namespace::*")):
        refused = wire.request(method, path, b"<a/>", Content_Type=NAMESPACES)
        assert refused.status == 405
        assert "GET" in refused.headers["Allow"].split(", ")
        assert "PUT" not in refused.headers["Allow"]


def test_a_document_may_outgrow_the_parser_by_no_node(wire: Wire) -> None:
    deep = b"<list>" * 250 + b"</list>" * 250
    wire.put(ALICE, b'<resource-lists xmlns="%s">%s</resource-lists>' % (RL.encode(), deep))
    innermost = f"{ALICE}/~~/resource-lists" + "/list" * 250
    before = wire.get(ALICE).etag
    refused = wire.put(f"{innermost}/list", deep, ELEMENT)
    assert refused.status in {409, 413}
    assert wire.get(ALICE).etag == before
