"""Addresses: written as URIs, read from the wire, compared."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import documents, selectors

from xcap_sdk.errors import InvalidAddress, InvalidInput, InvalidSelector
from xcap_sdk.protocol import (
    AttributeAddress,
    DocumentAddress,
    ElementAddress,
    NamespacesAddress,
    NodeSelector,
    UnboundPrefix,
    UnknownExtension,
    XcapRoot,
    application_id,
    document_name,
    document_of,
    parse_address,
    user_uri,
)

ROOT = XcapRoot("https://xcap.example.org/xcap-root")
INDEX = DocumentAddress(root=ROOT, auid="resource-lists", xui="sip:alice@example.org")
GLOBAL = DocumentAddress(root=ROOT, auid="xcap-caps", tree="global")


@pytest.mark.rule("DS1", "DS2", "DS3", "DS4", "DS7", "X1", "X4")
def test_documents() -> None:
    assert INDEX.uri == f"{ROOT}/resource-lists/users/sip:alice@example.org/index"
    assert str(GLOBAL) == f"{ROOT}/xcap-caps/global/index"
    icon = replace(INDEX, auid="org.openmobilealliance.pres-content", document="oma_status-icon/my icon")
    assert (
        icon.path
        == "org.openmobilealliance.pres-content/users/sip:alice@example.org/oma_status-icon/my%20icon"
    )


@pytest.mark.rule("X3", "P4")
@pytest.mark.parametrize(
    ("xui", "segment"),
    [
        ("sip:a/b?c@example.org", "sip:a%2Fb%3Fc@example.org"),
        ("sip:a;b=c&d,e+f$g!h*i(j)'k@x", "sip:a;b=c&d,e+f$g!h*i(j)'k@x"),
        ("sip:a%20b@x", "sip:a%2520b@x"),
        ("sip:a@[2001:db8::1]", "sip:a@%5B2001:db8::1%5D"),
        ("tel:+1-555", "tel:+1-555"),
        ("sip:é@x", "sip:%C3%A9@x"),
    ],
)
def test_users_in_uris(xui: str, segment: str) -> None:
    address = replace(INDEX, xui=xui)
    assert address.uri == f"{ROOT}/resource-lists/users/{segment}/index"
    assert parse_address(ROOT, address.path) == address


@pytest.mark.rule("U1", "U2", "U3")
def test_nodes() -> None:
    lists = INDEX.element("resource-lists")
    friends = lists.child("list", where=("name", 'a"b'))
    entry = friends.child("entry", position=2)
    assert entry.uri == f"{INDEX}/~~/resource-lists/list%5B@name='a%22b'%5D/entry%5B2%5D"
    assert entry.attribute("uri").uri == str(entry.attribute("uri")) == f"{entry}/@uri"
    assert entry.namespaces().uri == f"{entry}/namespace::*"
    assert entry.attribute("uri").name == "uri"
    assert entry.parent == friends
    assert lists.parent is None
    assert entry.element == entry.attribute("uri").element == entry.namespaces().element == entry
    assert {document_of(address) for address in (INDEX, entry, entry.attribute("x"))} == {INDEX}


@pytest.mark.rule("U1", "Q7")
def test_bindings_stand_in_the_query() -> None:
    rule = INDEX.element("c:ruleset/c:rule", {"c": "urn:c", "p": "urn:p"})
    assert rule.uri == f"{INDEX}/~~/c:ruleset/c:rule?xmlns(c=urn:c)"
    assert rule.attribute("p:id").uri == f"{INDEX}/~~/c:ruleset/c:rule/@p:id?xmlns(c=urn:c)xmlns(p=urn:p)"
    assert rule.child("q:x", namespaces={"q": "urn:q"}).attribute("r:y", namespaces={"r": "urn:r"}).selector.bindings == (
        ("c", "urn:c"),
        ("p", "urn:p"),
        ("q", "urn:q"),
        ("r", "urn:r"),
    )  # fmt: skip


def test_each_kind_of_node() -> None:
    assert isinstance(INDEX.node("a/b"), ElementAddress)
    assert isinstance(INDEX.node("a/@b"), AttributeAddress)
    assert isinstance(INDEX.node("a/namespace::*"), NamespacesAddress)
    selector = NodeSelector.parse("a/@b")
    assert INDEX.node(selector) == INDEX.element("a").attribute("b") != INDEX.element("a")
    with pytest.raises(InvalidSelector, match=r"use node\(\)"):
        INDEX.element(selector)
    for kind, wrong in [(ElementAddress, "a/@b"), (AttributeAddress, "a"), (NamespacesAddress, "a/@b")]:
        with pytest.raises(InvalidSelector, match="selects no"):
            kind(INDEX, NodeSelector.parse(wrong))


@pytest.mark.rule("Q6")
def test_a_caller_cannot_leave_prefixes_unbound() -> None:
    unbound = NodeSelector.from_wire("p:a")
    with pytest.raises(UnboundPrefix):
        INDEX.element(unbound)
    with pytest.raises(UnboundPrefix):
        INDEX.element("p:a")
    assert INDEX.element(unbound, {"p": "urn:p"}) == INDEX.element("p:a", {"p": "urn:p"})


@pytest.mark.rule("U1", "X3", "X4", "P4")
@given(documents())
def test_documents_are_read_again(document: DocumentAddress) -> None:
    assert parse_address(document.root, *document.root.relative(document.uri)) == document
    assert httpx.URL(document.uri).raw_path.decode() == f"{document.root.path}/{document.path}"


@pytest.mark.rule("U1", "U4", "P8")
@given(documents(), selectors())
def test_nodes_are_read_again(document: DocumentAddress, selector: NodeSelector) -> None:
    address = document.node(selector)
    assert parse_address(document.root, *document.root.relative(address.uri)) == address
    assert address.uri.isascii()


@pytest.mark.rule("X4", "U3")
@given(documents())
def test_encoding_makes_no_difference(document: DocumentAddress) -> None:
    everything = [
        "".join(f"%{octet:02x}" for octet in part.encode()) for part in document.document.split("/")
    ]
    owner = [] if document.xui is None else ["".join(f"%{octet:02X}" for octet in document.xui.encode())]
    path = "/".join([document.auid, document.tree, *owner, *everything])
    assert parse_address(document.root, path) == document
    for separator in ("~~", "%7E%7e", "~%7E", "%7e~"):
        assert parse_address(document.root, f"/{path}/{separator}/a") == document.element("a")


@given(st.text(st.sampled_from("a/.~%7E2Fsip:@é[]\x00 users*?#"), max_size=40), st.text(max_size=10))
def test_any_path_is_read_or_refused(path: str, query: str) -> None:
    for text in (path, f"resource-lists/users/sip:a@x/{path}", f"a/global/b/~~/{path}"):
        try:
            address = parse_address(ROOT, text, query)
        except InvalidInput:
            continue
        assert parse_address(ROOT, *ROOT.relative(address.uri)) == address


@pytest.mark.rule("U4")
def test_the_first_separator_counts() -> None:
    with pytest.raises(UnknownExtension):
        parse_address(ROOT, "a/global/b/~~/c/~~/d")
    address = parse_address(ROOT, "a/global/b/~~/c/d%5B@e=%22/~~/%22%5D".replace("/~~/%", "%2F~~%2F%"))
    assert address == DocumentAddress(root=ROOT, auid="a", tree="global", document="b").element(
        'c/d[@e="/~~/"]'
    )


@pytest.mark.parametrize("path", ["a/global/b/~~", "a/global/b/~~/", "a/global/b/~~/c/", "a/global/b/~~//c"])
def test_empty_steps_select_nothing(path: str) -> None:
    with pytest.raises(UnknownExtension):
        parse_address(ROOT, path)


@pytest.mark.rule("Q6")
def test_unbound_prefixes_wait_for_the_server() -> None:
    address = parse_address(ROOT, "a/global/b/~~/p:c", "xmlns(q=urn:q)")
    assert isinstance(address, ElementAddress)
    assert address.selector.unbound() == ("p",)


def test_default_namespaces_do_not_count() -> None:
    address = parse_address(ROOT, INDEX.path, default_namespaces={"resource-lists": "urn:rl"})
    assert address == INDEX
    assert document_of(address).default_namespace == "urn:rl"
    assert hash(address) == hash(INDEX)


@pytest.mark.rule("R2", "DS1", "DS2", "DS3", "DS4", "U2", "E2")
@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "names no document"),
        ("/", "names no document"),
        ("~~/a", "names no document"),
        ("a", "names no document"),
        ("a/users", "belongs in 'users' only"),
        ("a/users/", "no URI with a scheme"),
        ("a/users/sip:b@c", "cannot be the name"),
        ("a/users/sip:b@c/", "cannot be the name"),
        ("a/users/sip:b@c/d/", "cannot be the name"),
        ("a/users/sip:b@c//d", "cannot be the name"),
        ("a/users/bob/d", "no URI with a scheme"),
        ("a/global", "cannot be the name"),
        ("a/global/", "cannot be the name"),
        ("a/Users/sip:b@c/d", "expected 'users' or 'global'"),
        ("//global/b", "no AUID"),
        ("a b.c/global/b", "no AUID"),
        ("a/global/..", "cannot be the name"),
        ("a/global/%2E%2e/b", "cannot be the name"),
        ("a/global/./b", "cannot be the name"),
        ("a/global/b%2Fc", "cannot hold a slash"),
        ("a/users/sip:b@c/d%2Fe", "cannot hold a slash"),
        ("a/global/b%00", "control character"),
        ("a/global/b%0D%0Ac", "control character"),
        ("a/users/sip:b%0A@c/d", "has to be percent-encoded"),
        ("a/global/%FF", "no UTF-8"),
        ("a/global/%4", "no percent-encoded octet"),
        ("a/global/b?c", "does not belong into a path"),
        ("a/global/b#c", "does not belong into a path"),
    ],
)
def test_paths_that_name_nothing(path: str, why: str) -> None:
    with pytest.raises(InvalidAddress, match=why):
        parse_address(ROOT, path)


@pytest.mark.parametrize(("path", "query"), [("a/global/b/~~/c%", None), ("a/global/b/~~/c", "%FF")])
def test_malformed_node_parts(path: str, query: str | None) -> None:
    with pytest.raises(InvalidSelector):
        parse_address(ROOT, path, query)
    if query:
        assert parse_address(ROOT, "a/global/b", query)


@pytest.mark.rule("DS3")
def test_tree_and_user_fit_each_other() -> None:
    with pytest.raises(InvalidAddress, match="belongs in 'users' only"):
        DocumentAddress(root=ROOT, auid="a", tree="global", xui="sip:a@b")
    with pytest.raises(InvalidAddress, match="belongs in 'users' only"):
        DocumentAddress(root=ROOT, auid="a")
    with pytest.raises(InvalidAddress, match="expected 'users' or 'global'"):
        DocumentAddress(root=ROOT, auid="a", tree="home")  # pyright: ignore[reportArgumentType] - wrong on purpose


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    "auid",
    ["resource-lists", "pres-rules", "xcap-caps", "org.openmobilealliance.pres-rules", "simservs.ngn.etsi.org",
     "com.example.foo", "a1-b.2c.d~_:@!$&'()*+,;=", "x", "org.3gpp.mcptt.ue-config", "a%2F%20"],
)  # fmt: skip
def test_auids(auid: str) -> None:
    assert application_id(auid) == auid
    assert parse_address(ROOT, f"{auid}/global/x") == DocumentAddress(
        root=ROOT, auid=auid, tree="global", document="x"
    )


def test_an_auid_has_one_encoding() -> None:
    assert application_id("%61b%c3%a9") == "ab%C3%A9"


@pytest.mark.rule("A1")
@pytest.mark.parametrize(
    "auid",
    ["", ".", "..", "~~", "%7E%7E", "a/b", "a b", "é", ".a", "a.", "a..b", "1a.b", "-a.b", "a-.b", "a.b-.c", "a_b.c",
     "a[1]", "%", "%FF", "a?b", "a\n"],
)  # fmt: skip
def test_no_auids(auid: str) -> None:
    with pytest.raises(InvalidAddress, match="AUID"):
        application_id(auid)


@pytest.mark.rule("X1", "E2")
@pytest.mark.parametrize(
    "xui",
    ["sip:alice@example.org", "sips:a@b", "tel:+1", "pres:a@b", "urn:gsma:imei:1", "SIP:A@B", "x+y.1-z:a"],
)
def test_users(xui: str) -> None:
    assert user_uri(xui) == xui


@pytest.mark.rule("X1", "E2")
@pytest.mark.parametrize(
    ("xui", "why"),
    [
        ("alice", "no URI with a scheme"),
        ("", "no URI with a scheme"),
        ("sip:", "no URI with a scheme"),
        (":a", "no URI with a scheme"),
        ("1sip:a", "no URI with a scheme"),
        ("alice@example.org", "did you mean 'sip:alice@example.org'"),
        (" sip:a@b", "no URI with a scheme"),
        ("sip:a b", "' ', character 6"),
        ("sip:a@b\n", r"'\\n', character 8"),
        ("<sip:a@b>", "no URI with a scheme"),
        ('sip:"A"@b', "percent-encoded"),
        ("sip:a%@b", "percent-encoded"),
        ("sip:a\u2028b", "percent-encoded"),
        ("sip:a\ud800", "percent-encoded"),
        ("sip:a\\b", "percent-encoded"),
    ],
)
def test_no_users(xui: str, why: str) -> None:
    with pytest.raises(InvalidAddress, match=why):
        user_uri(xui)
    with pytest.raises(InvalidAddress):
        DocumentAddress(root=ROOT, auid="a", xui=xui)


@pytest.mark.rule("DS4")
@pytest.mark.parametrize(
    "name", ["index", "a/b", "a b", "é😀", "...", "~", "~~~", "a~~", "%2E", "#?", "simservs.xml"]
)
def test_document_names(name: str) -> None:
    assert document_name(name) == name
    address = replace(GLOBAL, document=name)
    assert parse_address(ROOT, address.path) == address


@pytest.mark.parametrize(
    "name", ["", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "~~", "a/~~", "a\n", "a\x7f", "\ud800"]
)
def test_no_document_names(name: str) -> None:
    with pytest.raises(InvalidAddress, match="document name"):
        document_name(name)
