"""Diff documents (RFC 5874) as values."""

from __future__ import annotations

import pytest

import xcap_sdk
from xcap_documents import xcap_diff
from xcap_documents.patch_ops_error import PatchOpsError, UnlocatedNode
from xcap_sdk import (
    AttributeReport,
    ChangeKind,
    DocumentAddress,
    ForbiddenXml,
    InvalidRoot,
    NotWellFormed,
    PatchAdd,
    PatchRemove,
    PatchReplace,
    UnexpectedDocument,
    XcapRoot,
    parse_diff,
)
from xcap_sdk.documents.limits import Limits

ROOT = "https://xcap.example.org/xcap-root/"
INDEX = "resource-lists/users/sip:joe@example.org/index"


def diff(content: str, *, root: str = ROOT, more: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<d:xcap-diff xmlns:d="urn:ietf:params:xml:ns:xcap-diff" xmlns="urn:ietf:params:xml:ns:resource-lists"
  xcap-root="{root}"{more}>
{content}
</d:xcap-diff>""".encode()


def address(path: str = INDEX) -> DocumentAddress:
    auid, tree, *rest = path.split("/")
    return DocumentAddress(
        root=XcapRoot(ROOT),
        auid=auid,
        tree=tree,  # pyright: ignore[reportArgumentType]
        xui=rest.pop(0) if tree == "users" else None,
        document="/".join(rest),
    )


@pytest.mark.parametrize(
    ("attributes", "content", "kind"),
    [
        # RFC 5874 figure 1.
        ('previous-etag="x" new-etag="y"', '<d:remove sel="a/b"/>', ChangeKind.PATCHED),
        ('previous-etag="x" new-etag="y"', "", ChangeKind.FETCH),
        ('previous-etag="x" new-etag="y"', "<d:body-not-changed/>", ChangeKind.ETAG_ONLY),
        ('new-etag="y"', "", ChangeKind.CREATED),
        ('previous-etag="x"', "", ChangeKind.REMOVED),
        # Elements of other namespaces, comments and white space say nothing.
        (
            'previous-etag="x" new-etag="y"',
            '<x xmlns="urn:x"/><d:remove sel="a/b"/> <!-- c -->',
            ChangeKind.PATCHED,
        ),
        ('previous-etag="x" new-etag="y"', '<x xmlns="urn:x"/>', ChangeKind.FETCH),
        ('previous-etag="x"', '<x xmlns="urn:x"/>', ChangeKind.REMOVED),
        # What contradicts itself, or is not known here.
        ("", "", ChangeKind.FETCH),
        ("", '<d:remove sel="a/b"/>', ChangeKind.FETCH),
        ('previous-etag="x"', '<d:remove sel="a/b"/>', ChangeKind.FETCH),
        ('previous-etag="x"', "<d:body-not-changed/>", ChangeKind.FETCH),
        ('new-etag="y"', '<d:remove sel="a/b"/>', ChangeKind.FETCH),
        ('new-etag="y"', "<d:body-not-changed/>", ChangeKind.FETCH),
        ('previous-etag="x" new-etag="y"', '<d:remove sel="a/b"/><d:body-not-changed/>', ChangeKind.FETCH),
        ('previous-etag="x" new-etag="y"', '<d:remove sel="a/b"/><d:move sel="a/c"/>', ChangeKind.FETCH),
    ],
)
def test_etags_and_content_say_what_happened(attributes: str, content: str, kind: ChangeKind) -> None:
    [change] = parse_diff(diff(f'<d:document sel="{INDEX}" {attributes}>{content}</d:document>')).documents
    assert (change.address, change.kind) == (address(), kind)
    assert bool(change.operations) == (kind is ChangeKind.PATCHED)
    assert change.previous_etag == ("x" if "previous" in attributes else None)
    assert change.new_etag == ("y" if "new" in attributes else None)


def test_operations_keep_their_content_and_namespaces() -> None:
    body = diff(
        f"""<d:document sel="{INDEX}" previous-etag="x" new-etag="y" xmlns:p="urn:p">
  <d:add sel="a/b[@c=&apos;&quot;&apos;]" pos="before">&amp;<!-- é --><p:x/><![CDATA[<]]> </d:add>
  <d:add sel="a" type="@p:q" other="1" xmlns:q="urn:q">1</d:add>
  <d:replace sel="a"><b xmlns=""/></d:replace>
  <d:replace sel="a/@b"/>
  <d:remove sel="a/b" ws="both"/>
  <d:remove sel="not a selector" ws="whatever"/>
</d:document>"""
    )
    [change] = parse_diff(body).documents
    scope = {"d": xcap_diff.__NAMESPACE__, None: "urn:ietf:params:xml:ns:resource-lists", "p": "urn:p"}
    assert change.operations == (
        PatchAdd("a/b[@c='\"']", "&amp;<!-- é --><p:x/><![CDATA[<]]> ", "before", None, scope),
        PatchAdd("a", "1", None, "@p:q", {**scope, "q": "urn:q"}),
        PatchReplace("a", '<b xmlns=""/>', scope),
        PatchReplace("a/@b", "", scope),
        PatchRemove("a/b", "both", scope),
        PatchRemove("not a selector", "whatever", scope),
    )
    assert hash(change.operations[0]) == hash(change.operations[0])
    assert str(change.operations[4]) == "remove sel='a/b'"


def test_several_changes_of_a_document_keep_their_order() -> None:
    chain = [("a", "b"), ("b", "c"), ("c", "d")]
    body = diff(
        "".join(
            f'<d:document sel="{INDEX}" previous-etag="{old}" new-etag="{new}"/>'
            f'<d:document sel="pres-rules/global/{new}" new-etag="1"/>'
            for old, new in chain
        )
    )
    read = parse_diff(body)
    assert [(each.previous_etag, each.new_etag) for each in read.of(address())] == chain
    assert len(read.documents) == 6
    assert read.of(address("pres-rules/global/b")) == (read.documents[1],)
    assert read.of(address("pres-rules/global/x")) == ()


def test_elements_are_reported_as_they_are() -> None:
    body = diff(
        f"""<d:element sel="{INDEX}/~~/*/list%5b@name=%22caf%c3%a9%22%5d" xmlns:p="urn:p">
  <list name="café"><p:x  a='1'/></list>
</d:element>
<d:element sel="{INDEX}/~~/*/p:x?xmlns(p=urn:p)" exists=" false "/>
<d:element sel="{INDEX}/~~/*/list"/>"""
    )
    full, gone, large = parse_diff(body, default_namespaces={"resource-lists": "urn:r"}).elements
    assert full.address == address().element('*/list[@name="café"]')
    assert full.address.document.default_namespace == "urn:r"
    assert (full.exists, full.body) == (True, "<list name=\"café\"><p:x  a='1'/></list>".encode())
    assert full.namespaces["p"] == "urn:p"
    assert gone.address == address().element("*/p:x", {"p": "urn:p"})
    assert (gone.exists, gone.body) == (False, None)
    assert (large.exists, large.body) == (True, None)


def test_attributes_are_reported_with_their_values() -> None:
    body = diff(
        f"""<d:attribute sel="{INDEX}/~~/*/@a"> &lt;b<!-- c --> </d:attribute>
<d:attribute sel="{INDEX}/~~/*/@b" exists="1"/>
<d:attribute sel="{INDEX}/~~/*/@c" exists="0">x</d:attribute>"""
    )
    element = address().element("*")
    assert parse_diff(body).attributes == (
        AttributeReport(element.attribute("a"), exists=True, value=" <b "),
        AttributeReport(element.attribute("b"), exists=True, value=""),
        AttributeReport(element.attribute("c"), exists=False),
    )


def test_what_is_not_known_is_passed_over() -> None:
    body = diff(
        f"""<d:document sel="{INDEX}" new-etag="1" x:a="1" b="2" xmlns:x="urn:x"/>
<x xmlns="urn:x"/><d:folder sel="x"/><!-- c --><?p?>text""",
        more=' version="2"',
    )
    assert parse_diff(body).documents[0].kind is ChangeKind.CREATED


@pytest.mark.parametrize(
    "sel",
    [f"/{INDEX}", f" {INDEX}\n", f"{ROOT}{INDEX}", f"HTTPS://XCAP.example.org:443/xcap-root/{INDEX}"],
)
def test_selectors_that_servers_write_otherwise_are_understood(sel: str) -> None:
    assert parse_diff(diff(f'<d:document sel="{sel}" new-etag="1"/>')).documents[0].address == address()


@pytest.mark.parametrize("root", ["https://xcap.example.org/xcap-root", ROOT])
def test_a_slash_behind_the_root_makes_no_difference(root: str) -> None:
    read = parse_diff(diff(f'<d:document sel="{INDEX}" new-etag="1"/>', root=root))
    assert (read.root, read.documents[0].address) == (XcapRoot(ROOT), address())


@pytest.mark.parametrize("sel", [INDEX, f"http://10.0.0.1/{INDEX}"])
def test_a_root_of_ones_own_takes_the_place_of_the_servers(sel: str) -> None:
    body = diff(f'<d:document sel="{sel}" new-etag="1"/>', root="http://10.0.0.1/")
    for root in (ROOT, XcapRoot(ROOT)):
        assert parse_diff(body, root).of(address())
    with pytest.raises(InvalidRoot):
        parse_diff(body, "nonsense")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'<xcap-diff xcap-root="https://x/"/>', "expected xcap-diff"),
        (b'<xcap-diff xmlns="urn:ietf:params:xml:ns:xcap-diff"/>', "has no xcap-root"),
        (diff("", root="sip:x"), "xcap-root cannot be used"),
        (diff("\n<d:document/>"), "line 5, document has no sel"),
        (diff('<d:document sel="resource-lists"/>'), "document sel='resource-lists'"),
        (diff('<d:document sel="a/nowhere/b"/>'), "expected 'users' or 'global'"),
        (diff('<d:document sel="https://elsewhere.example.org/a/global/b"/>'), "not below"),
        (diff(f'<d:document sel="{INDEX}/~~/a"/>'), "not a document"),
        (
            diff(f'<d:document sel="{INDEX}" previous-etag="a" new-etag="b"><d:add/></d:document>'),
            "add has no sel",
        ),
        (diff(f'<d:element sel="{INDEX}"/>'), "does not select an element"),
        (diff(f'<d:element sel="{INDEX}/~~/a/@b"/>'), "does not select an element"),
        (diff(f'<d:element sel="{INDEX}/~~/p:a"/>'), "p"),
        (diff(f'<d:element sel="{INDEX}/~~/a[[[["/>'), "element sel="),
        (diff(f'<d:element sel="{INDEX}/~~/a" exists="no"/>'), "exists is 'no'"),
        (diff(f'<d:attribute sel="{INDEX}/~~/a"/>'), "does not select an attribute"),
        (diff(f'<d:attribute sel="{INDEX}/~~/a/namespace::*"/>'), "does not select an attribute"),
    ],
)
def test_what_is_no_diff_is_refused_with_the_place(body: bytes, message: str) -> None:
    with pytest.raises(UnexpectedDocument, match=message.replace("(", r"\(")):
        parse_diff(body)


def test_hostile_documents_are_refused_as_ever() -> None:
    for hostile in (
        b'<!DOCTYPE x [<!ENTITY e "e">]>' + diff("").partition(b"?>\n")[2],
        diff("<x>" * 300 + "</x>" * 300),
        diff("<x " + " ".join(f'a{number}=""' for number in range(300)) + "/>"),
    ):
        with pytest.raises(ForbiddenXml):
            parse_diff(hostile)
    with pytest.raises(ForbiddenXml, match="limit"):
        parse_diff(diff("<x/>" * 20), limits=Limits(max_elements=10))
    with pytest.raises(NotWellFormed):
        parse_diff(diff("&e;"))


def test_other_encodings_come_to_the_same() -> None:
    text = diff(
        f'<d:document sel="{INDEX}" previous-etag="x" new-etag="y"><d:add sel="a">é</d:add></d:document>'
        f'<d:element sel="{INDEX}/~~/a"><a>é</a></d:element>'
    ).decode()
    assert parse_diff(text.replace("UTF-8", "UTF-16").encode("utf-16")) == parse_diff(text.encode())


# The classes, to write diffs and to read what RFC 5261 §5 says of patches.


def test_diffs_can_be_written_with_the_classes() -> None:
    written = xcap_sdk.serialize(
        xcap_diff.XcapDiff(
            xcap_root=ROOT,
            items=[
                xcap_diff.DocumentChange(
                    sel=INDEX,
                    previous_etag="x",
                    new_etag="y",
                    items=[
                        xcap_diff.PatchAdd(sel="a", type="@b", content=["1"]),
                        xcap_diff.PatchRemove(sel="a/c", ws=xcap_diff.PatchSpace.BEFORE),
                    ],
                )
            ],
        )
    )
    assert [type(each) for each in parse_diff(written).documents[0].operations] == [PatchAdd, PatchRemove]
    assert xcap_sdk.parse(written, xcap_diff.XcapDiff).items[0].sel == INDEX
    xcap_sdk.validate(xcap_sdk.parse(written, xcap_diff.XcapDiff))


def test_reports_of_failed_patches_are_read() -> None:
    body = b"""<patch-ops-error xmlns="urn:ietf:params:xml:ns:patch-ops-error" xmlns:d="urn:ietf:params:xml:ns:xcap-diff">
  <unlocated-node phrase="nothing there" xml:lang="en"><d:remove sel="a/b"/></unlocated-node>
</patch-ops-error>"""
    [condition] = xcap_sdk.parse(body, PatchOpsError).conditions
    assert isinstance(condition, UnlocatedNode)
    assert (condition.phrase, condition.lang) == ("nothing there", "en")
