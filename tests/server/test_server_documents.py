"""Documents over real sockets, held to the text of RFC 4825."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from server_wire import ALICE, BOOK, ERROR, LISTS, XE, Wire

from xcap_sdk.usages import ALL

EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
RULES = b'<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>'
POLICY = "application/auth-policy+xml"
ICON = "/org.openmobilealliance.pres-content/users/sip:alice@example.org/oma_status-icon/rcs_status_icon"
ICON_TYPE = "application/vnd.oma.pres-content+xml"
ICON_BODY = b'<content xmlns="urn:oma:xml:prs:pres-content"><encoding>base64</encoding><data>iVBORw==</data></content>'


def lists(inner: str) -> bytes:
    return f'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">{inner}</resource-lists>'.encode()


@pytest.mark.rule(
    "GT1",
    "GT2",
    "GT8",
    "GT11",
    "PC10",
    "PL3",
    "RP5",
    "RS2",
    "RS3",
    "RS5",
    "ET2",
    "DL1",
    "DL7",
    "V14",
    "DS8",
    "N7",
)
def test_the_life_of_a_document(wire: Wire) -> None:
    assert wire.get(ALICE).status == 404
    created = wire.put(ALICE, BOOK)
    assert (created.status, created.body) == (201, b"")
    read = wire.get(ALICE)
    assert (read.status, read.body, read.type, read.etag) == (200, BOOK, LISTS, created.etag)
    assert read.etag.startswith('"')
    assert read.headers["Cache-Control"] == "no-cache"
    replaced = wire.put(ALICE, EMPTY)
    assert (replaced.status, replaced.body, replaced.type) == (200, b"", None)
    assert replaced.etag not in {None, created.etag}
    assert wire.get(ALICE).body == EMPTY
    gone = wire.delete(ALICE)
    assert (gone.status, gone.etag, gone.body) == (200, None, b"")
    assert wire.get(ALICE).status == wire.delete(ALICE).status == 404


@pytest.mark.rule("ET1")
def test_the_same_bytes_keep_their_etag_and_earlier_ones_do_not_bring_it_back(wire: Wire) -> None:
    first = wire.put(ALICE, EMPTY).etag
    assert wire.put(ALICE, EMPTY).etag == first
    second = wire.put(ALICE, BOOK).etag
    third = wire.put(ALICE, EMPTY).etag
    wire.delete(ALICE)
    assert len({first, second, third, wire.put(ALICE, EMPTY).etag}) == 4


def test_head_is_get_without_its_body(wire: Wire) -> None:
    wire.put(ALICE, BOOK)
    for path in (ALICE, f"{ALICE}/~~/resource-lists/list%5b1%5d"):
        read, head = wire.get(path), wire.request("HEAD", path)
        assert (head.status, head.body) == (200, b"")
        for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
            assert head.headers[name] == read.headers[name]
    assert int(wire.request("HEAD", ALICE).headers["Content-Length"]) == len(BOOK)
    missing = wire.request("HEAD", f"{ALICE}x")
    assert (missing.status, missing.body) == (404, b"")


@pytest.mark.rule("PB7", "ER1", "EX1", "EX2", "ET12")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<resource-lists>",
        b"<a/><b/>",
        b"<a x='1' x='2'/>",
        b'\n<?xml version="1.0"?><a/>',
        b"<a>&nbsp;</a>",
        b"<p:a/>",
        b'{"a": 1}',
        b"<a>\x00</a>",
        b"<a>\xff",
        b"\x89PNG\r\n\x1a\n\x00\xff",
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9',
    ],
)
def test_what_is_no_xml_is_not_well_formed(wire: Wire, body: bytes) -> None:
    before = wire.put(ALICE, BOOK)
    refused = wire.put(ALICE, body)
    assert refused.condition == "not-well-formed"
    assert refused.fault.get("phrase")
    assert len(refused.fault) == 0
    read = wire.get(ALICE)
    assert (read.body, read.etag) == (BOOK, before.etag)


@pytest.mark.rule("PB3", "ER1")
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"), LISTS),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><a>plain</a>', LISTS),
        ("<a>é</a>".encode("latin-1"), LISTS),
        ('<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"), LISTS),
        ('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"), LISTS),
        ("<a>é</a>".encode("utf-16"), LISTS),
        (EMPTY, f"{LISTS}; charset=iso-8859-1"),
        (EMPTY, f'{LISTS}; a=b; Charset="UTF-16"'),
    ],
)
def test_what_is_not_utf_8_is_refused(wire: Wire, body: bytes, media_type: str) -> None:
    assert wire.put(ALICE, body, media_type).condition == "not-utf-8"


def test_many_declarations_are_answered(wire: Wire) -> None:
    """Quadratic, it took a minute, and the connection was given up."""
    assert wire.put(ALICE, b"<?xml " * 20_000).condition == "not-well-formed"
    assert wire.get(ALICE).status == 404


@pytest.mark.rule("PB3", "PB5")
@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b'<?xml version="1.0" encoding="utf-8" standalone="yes"?>' + EMPTY, LISTS),
        (b'<?xml version="1.0"?>' + EMPTY, LISTS),
        (b"\xef\xbb\xbf" + EMPTY, LISTS),
        (BOOK, f'{LISTS}; charset="utf-8"'),
        (BOOK, f"{LISTS};charset=UTF-8"),
        (BOOK, "Application/Resource-Lists+XML ; v=1"),
    ],
)
def test_utf_8_passes_however_it_says_so(wire: Wire, body: bytes, media_type: str) -> None:
    assert wire.put(ALICE, body, media_type).status == 201
    assert wire.get(ALICE).body == body


@pytest.mark.rule("PB6")
def test_another_media_type_is_a_415(wire: Wire) -> None:
    for wrong in ("application/xml", "text/xml", POLICY, "", "application/xcap-el+xml", "x"):
        refused = wire.put(ALICE, EMPTY, wrong)
        assert refused.status == 415
        assert LISTS in refused.body.decode()
    assert wire.request("PUT", ALICE, EMPTY).status == 415
    assert wire.get(ALICE).status == 404


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE resource-lists>",
        b'<!DOCTYPE a [<!ENTITY e "x">]>',
        b'<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd">',
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_doctype_is_refused(wire: Wire, doctype: bytes) -> None:
    assert wire.put(ALICE, doctype + EMPTY).condition == "constraint-failure"


@pytest.mark.rule("VL1", "ET12")
@pytest.mark.parametrize(
    "body",
    [
        lists("<list name='a'><entry/></list>"),
        lists("<entry uri='sip:a@b'/>"),
        lists("<list><unknown/></list>"),
        b"<resource-lists/>",
        b'<resource-lists xmlns="urn:example:other"/>',
        RULES,
        b'<list xmlns="urn:ietf:params:xml:ns:resource-lists"/>',
    ],
)
def test_what_breaks_the_schema_is_refused(wire: Wire, body: bytes) -> None:
    before = wire.put(ALICE, BOOK)
    refused = wire.put(ALICE, body)
    assert refused.condition == "schema-validation-error"
    assert refused.fault.get("phrase")
    assert wire.get(ALICE).etag == before.etag


@pytest.mark.parametrize("inside", [False, True])
def test_long_names_are_not_repeated(wire: Wire, inside: bool) -> None:
    other = f'<a xmlns="urn:{"n" * 100_000}"/>'
    refused = wire.put(ALICE, lists(other) if inside else other.encode())
    assert refused.condition == "schema-validation-error"
    assert len(refused.body) < 3_000


@pytest.mark.rule("VL2", "S2")
def test_unknown_extensions_pass_where_the_schema_has_a_place_for_them(wire: Wire) -> None:
    body = lists(
        '<list name="a" x:a="1" xmlns:x="urn:x"><entry uri="sip:a@b"/><x:thing><x:deep/></x:thing></list>'
    )
    assert wire.put(ALICE, body).status == 201
    assert wire.get(ALICE).body == body


@pytest.mark.rule("VL4", "EX3", "EX4", "P8")
def test_what_is_not_unique_is_named(wire: Wire) -> None:
    entry = '<entry uri="sip:bob@example.org"/>'
    body = lists(
        f'<list name="a"><list name="b">{entry}{entry}</list></list><list name="a"/><list name="c"/>'
    )
    refused = wire.put(ALICE, body)
    assert refused.condition == "uniqueness-failure"
    fields = [exists.get("field") for exists in refused.fault.findall(f"{XE}exists")]
    assert sorted(fields) == ["resource-lists/list/@name", "resource-lists/list/list/entry/@uri"]
    assert wire.get(ALICE).status == 404


@pytest.mark.rule("VL5")
@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        (ALICE, lists('<list><entry-ref ref="/absolute"/></list>'), LISTS),
        (ALICE, lists('<list><external anchor="ftp://x/y"/></list>'), LISTS),
        (ICON, ICON_BODY.replace(b"iVBORw==", b"not base64"), ICON_TYPE),
    ],
)
def test_what_breaks_another_rule_is_a_constraint_failure(
    wire: Wire, path: str, body: bytes, media_type: str
) -> None:
    assert wire.put(path, body, media_type).condition == "constraint-failure"


@pytest.mark.rule("VL6")
def test_references_are_not_looked_up(wire: Wire) -> None:
    ref = "resource-lists/users/sip:nobody@example.org/index/~~/resource-lists/list%5b1%5d"
    assert wire.put(ALICE, lists(f'<list><entry-ref ref="{ref}"/></list>')).status == 201


@pytest.mark.rule("DS3", "DS4", "Z2")
def test_both_trees_and_several_documents(wire: Wire) -> None:
    places = [
        ALICE,
        "/resource-lists/users/sip:alice@example.org/work",
        "/resource-lists/users/sip:alice@example.org/work.xml",
        "/resource-lists/users/sip:bob@example.org/index",
        "/resource-lists/users/tel:+15551234/index",
        "/resource-lists/global/index",
        "/resource-lists/global/other",
    ]
    for number, place in enumerate(places):
        assert wire.put(place, lists(f'<list name="{number}"/>')).status == 201
    for number, place in enumerate(places):
        assert wire.get(place).body == lists(f'<list name="{number}"/>')


@pytest.mark.rule("PL2", "DS4", "EX1")
def test_a_folder_has_to_be_there(wire: Wire) -> None:
    refused = wire.put("/resource-lists/users/sip:a%2Fb@example.org/holidays/2026/index", EMPTY)
    assert refused.condition == "no-parent"
    (ancestor,) = refused.fault
    assert ancestor.tag == f"{XE}ancestor"
    assert ancestor.text == f"{wire.root}/resource-lists/users/sip:a%2Fb@example.org"
    assert wire.put("/resource-lists/global/x/y", EMPTY).fault[0].text == f"{wire.root}/resource-lists/global"


@pytest.mark.rule("DS4", "DS6", "DS8")
def test_the_folder_of_the_status_icon_is_always_there(wire: Wire) -> None:
    folder = ICON.rpartition("/")[0]
    refused = wire.put(folder, ICON_BODY, ICON_TYPE)
    assert refused.condition == "constraint-failure"
    assert "folder" in refused.fault.get("phrase")
    assert wire.put(ICON, ICON_BODY, ICON_TYPE).status == 201
    assert wire.get(ICON).body == ICON_BODY
    assert wire.put(f"{folder}/index", ICON_BODY, ICON_TYPE).status == 201
    assert wire.get(folder).status == 404
    assert wire.put(f"{ICON}/deeper", ICON_BODY, ICON_TYPE).condition == "no-parent"
    other = wire.put(f"{folder}/deeper/index", ICON_BODY, ICON_TYPE)
    assert other.fault[0].text == f"{wire.root}{folder}"


@pytest.mark.rule("DS4", "DS6")
def test_a_folder_with_a_document_in_it_is_there(wire: Wire, xcap_server) -> None:
    from xcap_sdk.server import Key

    xcap_server.storage.put(Key("resource-lists", "global", "", "by/id/one"), EMPTY)
    assert wire.put("/resource-lists/global/by/id/two", EMPTY).status == 201
    assert wire.put("/resource-lists/global/by/three", EMPTY).status == 201
    assert wire.put("/resource-lists/global/by", EMPTY).condition == "constraint-failure"
    assert (
        wire.put("/resource-lists/global/by/else/four", EMPTY)
        .fault[0]
        .text.endswith("/resource-lists/global/by")
    )


@pytest.mark.rule("N8", "DS7", "N1")
def test_all_documents_that_come_along_can_be_stored(wire: Wire) -> None:
    for auid in ("pres-rules", "org.openmobilealliance.pres-rules"):
        assert wire.put(f"/{auid}/users/sip:a@b/index", RULES, POLICY).status == 201
        assert wire.get(f"/{auid}/users/sip:a@b/index").type == POLICY
    path = "/pres-rules/users/sip:a@b/index/~~"
    assert wire.get(f"{path}/ruleset").status == 404
    assert wire.get(f"{path}/cp:ruleset?xmlns(cp=urn:ietf:params:xml:ns:common-policy)").body == RULES


@pytest.mark.rule("CP1", "CP2", "CP3", "CP4", "CP5", "GT8")
def test_the_capabilities(wire: Wire) -> None:
    path = "/xcap-caps/global/index"
    read = wire.get(path)
    assert (read.status, read.type) == (200, "application/xcap-caps+xml")
    from xml.etree import ElementTree

    root = ElementTree.fromstring(read.body)
    found = [[child.text for child in part] for part in root]
    assert [part.tag.rpartition("}")[2] for part in root] == ["auids", "namespaces"]
    assert set(found[0]) == {usage.auid for usage in ALL}
    for namespace in ("xcap-caps", "resource-lists", "common-policy", "pres-rules"):
        assert f"urn:ietf:params:xml:ns:{namespace}" in found[1]
    assert "urn:oma:xml:prs:pres-content" in found[1]
    assert wire.get(path, If_None_Match=read.etag).status == 304
    assert wire.get(path, If_Match='"other"').status == 412
    node = wire.get(f"{path}/~~/xcap-caps/auids/auid%5b1%5d")
    assert (node.status, node.etag) == (200, read.etag)
    assert node.body == b"<auid>xcap-caps</auid>"
    for method in ("PUT", "DELETE"):
        for place in (path, "/xcap-caps/global/other", f"{path}/~~/xcap-caps/auids/auid%5b1%5d"):
            refused = wire.request(method, place, read.body, Content_Type="application/xcap-caps+xml")
            assert refused.status == 405
            assert refused.headers["Allow"] == "GET, HEAD, OPTIONS"
    for place in ("/xcap-caps/users/sip:a@b/index", "/xcap-caps/global/other", "/xcap-caps/global/index/x"):
        assert wire.get(place).status == 404


@pytest.mark.rule("CP4", "VL1")
def test_what_has_a_schema_is_checked_wherever_it_stands(wire: Wire) -> None:
    bad = b"""<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule id="a"><actions>
        <sub-handling xmlns="urn:ietf:params:xml:ns:pres-rules">maybe</sub-handling></actions></rule></ruleset>"""
    path = "/pres-rules/users/sip:a@b/index"
    assert wire.put(path, bad, POLICY).condition == "schema-validation-error"
    assert wire.put(path, bad.replace(b"maybe", b"allow"), POLICY).status == 201


def test_a_usage_of_ones_own(xcap_server_factory, tmp_path: Path) -> None:
    from dataclasses import dataclass, field

    from xcap_sdk.errors import Problem
    from xcap_sdk.usages import ApplicationUsage, Check

    @dataclass
    class Note:
        class Meta:
            name = "note"
            namespace = "urn:example:note"

        value: str = field(default="", metadata={"required": True})

    schema = tmp_path / "note.xsd"
    schema.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:example:note">'
        '<xs:element name="note"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="9"/>'
        "</xs:restriction></xs:simpleType></xs:element></xs:schema>"
    )

    def polite(note: Note):
        if "damn" in note.value:
            yield Problem("", "polite", "mind your language")

    usage = ApplicationUsage(
        auid="com.example.notes",
        root=Note,
        media_type="application/note+xml",
        schema=schema,
        checks=(Check("polite", "none", polite),),
    )
    server = xcap_server_factory(usages=[usage])
    path = "/com.example.notes/users/sip:a@b/index"
    with Wire(server.root) as wire:
        for text, expected in (
            ("hello", None),
            ("much too long", "schema-validation-error"),
            ("damn", "constraint-failure"),
        ):
            reply = wire.put(
                path, f'<note xmlns="urn:example:note">{text}</note>'.encode(), "application/note+xml"
            )
            outcome = reply.status if expected is None else reply.condition
            assert outcome == (expected or 201)
        caps = wire.get("/xcap-caps/global/index").body.decode()
        assert "com.example.notes" in caps
        assert "urn:example:note" in caps
        assert wire.get("/resource-lists/users/sip:a@b/index").status == 404


def test_conflict_reports_are_valid_documents(wire: Wire) -> None:
    from xcap_documents.xcap_error import XcapError as Report
    from xcap_sdk.documents.validation import schema_problems

    bodies = [b"", lists("<entry/>"), lists('<list name="&#233;&lt;"/><list name="&#233;&lt;"/>')]
    replies = [wire.put(ALICE, body) for body in bodies]
    replies += [wire.put("/resource-lists/users/sip:%C3%A9@b/x%20y/z", EMPTY)]
    assert len({reply.condition for reply in replies}) == 4
    for reply in replies:
        assert reply.type == ERROR
        assert schema_problems(reply.body, None, Report) == []
    assert json.dumps([reply.fault.get("phrase") for reply in replies])


def test_what_no_class_can_hold_is_refused_without_a_schema_too(xcap_server_factory) -> None:
    from dataclasses import dataclass, field

    from xcap_sdk.usages import ApplicationUsage, Check

    @dataclass
    class Note:
        class Meta:
            name = "note"
            namespace = "urn:example:note"

        title: str = field(metadata={"type": "Attribute", "required": True})

    usage = ApplicationUsage(
        auid="notes",
        root=Note,
        media_type="application/note+xml",
        checks=(Check("none", "none", lambda _: ()),),
    )
    with Wire(xcap_server_factory(usages=[usage]).root) as wire:
        path = "/notes/global/index"
        note = b'<note xmlns="urn:example:note"%s/>'
        assert wire.put(path, note % b' title="a"', usage.media_type).status == 201
        assert wire.put(path, note % b"", usage.media_type).condition == "schema-validation-error"
