"""Elements as text: written with the prefixes of a place, and read in its namespaces."""

from __future__ import annotations

import pytest
from lxml import etree

from xcap_sdk.documents.fragments import Scope, parse_fragment
from xcap_sdk.documents.writer import Layout, Writer
from xcap_sdk.errors import InvalidInput, NotWellFormed

XSI = "http://www.w3.org/2001/XMLSchema-instance"


@pytest.mark.parametrize(
    ("scope", "prefix", "new", "expected"),
    [
        # Prefixes in scope.
        ({None: "u"}, None, '<p:a xmlns:p="u"/>', "<a/>"),
        ({"p": "u"}, "p", '<a xmlns="u"><b/></a>', "<p:a><p:b/></p:a>"),
        ({None: "u", "p": "u"}, "p", '<a xmlns="u"/>', "<p:a/>"),
        ({None: "u", "p": "u"}, None, '<p:a xmlns:p="u"/>', "<a/>"),
        ({None: "v", "q": "u"}, None, '<p:a xmlns:p="u"/>', "<q:a/>"),
        # Declarations for what is missing.
        ({}, None, '<a xmlns="u"><b/></a>', '<a xmlns="u"><b/></a>'),
        ({None: "v"}, None, '<a xmlns="u"><b xmlns="v"/></a>', '<a xmlns="u"><b xmlns="v"/></a>'),
        ({}, None, '<p:a xmlns:p="u"><p:b/></p:a>', '<p:a xmlns:p="u"><p:b/></p:a>'),
        ({"p": "v"}, None, '<p:a xmlns:p="u"/>', '<p1:a xmlns:p1="u"/>'),
        ({"p": "v", "p1": "w"}, None, '<p:a xmlns:p="u"/>', '<p2:a xmlns:p2="u"/>'),
        # No namespace under a default one.
        ({None: "u"}, None, "<a><b/></a>", '<a xmlns=""><b/></a>'),
        ({None: "u"}, None, '<a xmlns="u"><b xmlns=""/></a>', '<a><b xmlns=""/></a>'),
        ({}, None, '<a xmlns="u"><b xmlns=""><c xmlns="u"/></b></a>', '<a xmlns="u"><b xmlns=""><c xmlns="u"/></b></a>'),
        # Attributes are never in the default namespace.
        ({None: "u"}, None, '<a xmlns="u" k="1"/>', '<a k="1"/>'),
        ({None: "u"}, None, '<p:a xmlns:p="u" p:k="1"/>', '<a xmlns:p="u" p:k="1"/>'),
        ({None: "u", "q": "u"}, None, '<p:a xmlns:p="u" p:k="1"/>', '<a q:k="1"/>'),
        ({}, None, '<a xml:lang="en"/>', '<a xml:lang="en"/>'),
        # A prefix at the beginning of a value stays what it is.
        ({}, None, f'<a xmlns:i="{XSI}" xmlns:t="v" i:type="t:x"/>', f'<a xmlns:t="v" xmlns:i="{XSI}" i:type="t:x"/>'),
        ({"t": "v"}, None, '<a xmlns:t="v"> t:x</a>', "<a> t:x</a>"),
        ({"t": "w"}, None, '<a xmlns:t="v">t:x<t:b/></a>', '<a xmlns:t="v">t:x<t:b/></a>'),
        ({}, None, '<a xmlns:t="v" uri="sip:bob@example.org"/>', '<a uri="sip:bob@example.org"/>'),
        # Everything else.
        ({}, None, "<a>x<!-- c -->y<?p q?><?r?>z<b/></a>", "<a>x<!-- c -->y<?p q?><?r?>z<b/></a>"),
        ({}, None, "<a k='&quot;&apos;&lt;&amp;&#10;'>&lt;&gt;&amp;&#13;\"</a>", '<a k="&quot;\'&lt;&amp;&#10;">&lt;&gt;&amp;&#13;"</a>'),
    ],
)  # fmt: skip
def test_names(scope: Scope, prefix: str | None, new: str, expected: str) -> None:
    written = Writer(scope, prefix=prefix).write(etree.fromstring(new), Layout())
    assert written == expected
    again = parse_fragment(written.encode(), scope)
    assert [element.tag for element in again.iter()] == [
        element.tag for element in etree.fromstring(new).iter()
    ]


def test_namespace_prefixes_that_lxml_makes_up() -> None:
    element = etree.Element("{u}a", {"{v}k": "1"})
    assert Writer({}).write(element, Layout()) == '<ns:a xmlns:ns="u" xmlns:ns1="v" ns1:k="1"/>'


def test_a_namespace_without_a_prefix_of_its_own_is_declared_once_with_the_usual_one() -> None:
    rules = "urn:ietf:params:xml:ns:pres-rules"
    rule = etree.Element("{u}rule")
    etree.SubElement(etree.SubElement(rule, "{u}actions"), f"{{{rules}}}sub-handling").text = "allow"
    etree.SubElement(etree.SubElement(rule, "{u}more"), f"{{{rules}}}provide-persons")
    etree.SubElement(rule, "{urn:mine}mine")
    content = "<actions><pr:sub-handling>allow</pr:sub-handling></actions><more><pr:provide-persons/></more>"
    assert Writer({None: "u"}).write(rule, Layout()) == (
        f'<rule xmlns:pr="{rules}" xmlns:ns="urn:mine">{content}<ns:mine/></rule>'
    )
    taken = Writer({None: "u", "pr": "urn:other", "m": "urn:mine"}).write(rule, Layout())
    assert taken == f'<rule xmlns:pr1="{rules}">{content.replace("pr:", "pr1:")}<m:mine/></rule>'


def test_no_start_tag_declares_so_many_namespaces_that_it_could_not_be_read() -> None:
    element = etree.Element("a")
    many = [etree.SubElement(element, f"{{urn:x{number}}}b").tag for number in range(300)]
    written = Writer({}).write(element, Layout())
    assert written.partition(">")[0].count("xmlns:") == 64
    again = parse_fragment(written.encode(), {})
    assert [child.tag for child in again] == many


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("<a><b><c/></b><d>t</d></a>", "<a>\n   <b>\n    <c/>\n   </b>\n   <d>t</d>\n  </a>"),
        ("<a>\n<b/>\n\n</a>", "<a>\n   <b/>\n  </a>"),
        ("<a><!-- c --><b/><?p?></a>", "<a>\n   <!-- c -->\n   <b/>\n   <?p?>\n  </a>"),
        ("<a>x<b><c/></b></a>", "<a>x<b><c/></b></a>"),
        ("<a xml:space='preserve'> <b/></a>", '<a xml:space="preserve"> <b/></a>'),
        ("<a> </a>", "<a> </a>"),
        ("<a></a>", "<a/>"),
        ("<a><!-- c --></a>", "<a><!-- c --></a>"),
    ],
)
def test_indentation(new: str, expected: str) -> None:
    assert Writer({}).write(etree.fromstring(new), Layout("\n  ", " ")) == expected


def test_what_follows_an_element_is_not_its_own() -> None:
    assert Writer({}).write(etree.fromstring("<r><a/>tail</r>")[0], Layout()) == "<a/>"


def test_nodes_that_cannot_be_written() -> None:
    element = etree.Element("a")
    element.append(etree.Entity("nbsp"))
    with pytest.raises(InvalidInput, match="nbsp"):
        Writer({}).write(element, Layout())


@pytest.mark.rule("GT5", "PB4")
def test_reading_in_the_namespaces_of_a_place() -> None:
    scope: Scope = {None: "u&v", "p": "it's", "q": "x"}
    element = parse_fragment(b'<a p:k="1" xmlns:q="w"><b/></a>', scope)
    assert element.tag == "{u&v}a"
    assert element.attrib == {"{it's}k": "1"}
    assert element.nsmap == {None: "u&v", "p": "it's", "q": "w"}
    assert etree.QName(element[0]).namespace == "u&v"


@pytest.mark.parametrize(
    "body", [b"", b"<a/><b/>", b" <a/>", b"<a/> ", b"t<a/>", b"<!-- c -->", b"<p:a/>", b"<a>"]
)
def test_what_is_not_one_element(body: bytes) -> None:
    with pytest.raises(NotWellFormed):
        parse_fragment(body, {})
