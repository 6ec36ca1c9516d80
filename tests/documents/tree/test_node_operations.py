"""GET, PUT and DELETE of nodes: names and namespaces, bodies, attributes, the RFC's other examples."""

from __future__ import annotations

import pytest
from lxml import etree

from xcap_sdk.documents.operations import (
    NodeNotFound,
    ParentMissing,
    decode_namespaces,
    delete_node,
    find,
    get_node,
    put_node,
)
from xcap_sdk.documents.source import Source
from xcap_sdk.errors import ForbiddenXml, InvalidSelector
from xcap_sdk.protocol.faults import FaultKind, Refused
from xcap_sdk.protocol.selectors import NodeSelector, UnboundPrefix

RL = "urn:ietf:params:xml:ns:resource-lists"
RLS = "urn:ietf:params:xml:ns:rls-services"
D, N1, N2, N3 = "urn:test:default-namespace", *(f"urn:test:namespace{i}-uri" for i in (1, 2, 3))

# RFC 4825 §6.4
NESTED = f"""<?xml version="1.0"?>
<foo xmlns="{D}">
  <ns1:bar xmlns:ns1="{N1}" xmlns="{N1}">
    <baz/>
    <ns2:baz xmlns:ns2="{N2}"/>
  </ns1:bar>
  <ns3:hi xmlns:ns3="{N3}">
    <there/>
  </ns3:hi>
</foo>""".encode()
WATCHERS = b"""<?xml version="1.0"?>
<watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo" version="0" state="full">
  <watcher-list resource="sip:professor@example.net" package="presence">
    <watcher status="active" id="8ajksjda7s" duration-subscribed="509" event="approved">sip:userA@example.net</watcher>
    <watcher status="pending" id="hh8juja87s997-ass7" event="subscribe">sip:userB@example.org</watcher>
  </watcher-list>
</watcherinfo>"""
WATCHER = "urn:ietf:params:xml:ns:watcherinfo"
SERVICES = f"""<rls-services xmlns="{RLS}">
  <service uri="sip:good-friends@example.com">
    <packages><package>presence</package></packages>
  </service>
</rls-services>""".encode()
LISTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<resource-lists xmlns="{RL}">
  <list name="friends">
  </list>
</resource-lists>""".encode()


def get(document: bytes, selector: str, namespace: str | None = None) -> bytes:
    return get_node(Source.parse(document), NodeSelector.parse(selector), namespace)


def put(document: bytes, selector: str, body: bytes, namespace: str | None = None) -> tuple[bytes, bool]:
    return put_node(Source.parse(document), NodeSelector.parse(selector), body, namespace)


def delete(document: bytes, selector: str, namespace: str | None = None) -> bytes:
    return delete_node(Source.parse(document), NodeSelector.parse(selector), namespace)


def kind_of_refusal(document: bytes, selector: str, body: bytes, namespace: str | None = None) -> FaultKind:
    with pytest.raises(Refused) as caught:
        put(document, selector, body, namespace)
    return caught.value.fault.kind


class TestNames:
    @pytest.mark.rule("N1", "N2", "N4", "N7", "Q1", "Q12", "GT4", "GT5")
    @pytest.mark.parametrize(
        ("selector", "expected"),
        [
            (f"foo/a:bar/b:baz?xmlns(a={N1})xmlns(b={N1})", b"<baz/>"),
            (f"foo/a:bar/b:baz?xmlns(a={N1})xmlns(b={N2})", f'<ns2:baz xmlns:ns2="{N2}"/>'.encode()),
            (
                f"d:foo/a:bar/b:baz?xmlns(a={N1})xmlns(b={N2})xmlns(d={D})",
                f'<ns2:baz xmlns:ns2="{N2}"/>'.encode(),
            ),
            ("foo/*[2]/there", b"<there/>"),
            (f"foo/ns1:hi/there?xmlns(ns1={N3})", b"<there/>"),
        ],
    )
    def test_examples_of_section_6_4(self, selector: str, expected: bytes) -> None:
        assert get(NESTED, selector, D) == expected

    @pytest.mark.rule("N2", "N4", "GT3")
    @pytest.mark.parametrize(
        ("selector", "namespace"),
        [
            ("foo/bar/baz", D),
            (f"foo/ns1:bar?xmlns(ns1={N2})", D),
            ("foo", None),
            (f"foo/a:there?xmlns(a={D})", D),
        ],
    )
    def test_names_are_compared_expanded(self, selector: str, namespace: str | None) -> None:
        with pytest.raises(NodeNotFound, match="fits nothing"):
            get(NESTED, selector, namespace)

    @pytest.mark.rule("Q6")
    def test_an_unbound_prefix(self) -> None:
        selector = NodeSelector.from_wire("foo/a:bar/b:baz", f"xmlns(a={N1})")
        with pytest.raises(UnboundPrefix):
            get_node(Source.parse(NESTED), selector, D)
        with pytest.raises(UnboundPrefix):
            put_node(Source.parse(NESTED), NodeSelector.from_wire("foo/a:x"), b"<x/>", D)

    @pytest.mark.rule("N3", "V7")
    def test_unprefixed_attributes_are_in_no_namespace(self) -> None:
        document = b'<a xmlns="u" xmlns:p="u" xmlns:q="v"><b p:k="1"/><b q:k="1"/><b k="1"/></a>'
        assert get(document, 'a/b[@k="1"]', "u") == b'<b k="1"/>'
        assert get(document, 'a/b[@x:k="1"]?xmlns(x=u)', "u") == b'<b p:k="1"/>'
        assert get(document, "a/b[2]/@x:k?xmlns(x=v)", "u") == b'"1"'
        with pytest.raises(NodeNotFound):
            get(document, "a/b[1]/@k", "u")

    @pytest.mark.rule("N5", "V3", "V10", "V11")
    def test_a_star_fits_elements_only_but_of_any_namespace(self) -> None:
        document = b'<a>t<!--c--><b/>t<?p?><c xmlns="v" i="1"/><d xmlns="v"/>t</a>'
        assert get(document, "*/*[1]") == b"<b/>"
        assert get(document, "a/*[2]") == b'<c xmlns="v" i="1"/>'
        for selector in ('a/*[@xmlns="v"]', "a/*[3]/@xmlns", 'a/*[1][@i="1"]', "a/*[4]", "a/*[0]"):
            with pytest.raises(NodeNotFound):
                get(document, selector)
        with pytest.raises(NodeNotFound, match="several"):
            get(document, "a/*")

    @pytest.mark.rule("N8")
    def test_a_root_outside_of_the_default_document_namespace(self) -> None:
        document = b'<cp:ruleset xmlns:cp="urn:ietf:params:xml:ns:common-policy"/>'
        namespace = "urn:ietf:params:xml:ns:pres-rules"
        selector = "cr:ruleset?xmlns(cr=urn:ietf:params:xml:ns:common-policy)"
        assert get(document, selector, namespace) == document
        with pytest.raises(NodeNotFound):
            get(document, "ruleset", namespace)

    @pytest.mark.rule("V1", "V2", "V5", "V12")
    def test_steps(self) -> None:
        assert get(WATCHERS, 'watcherinfo/watcher-list/watcher[@id="8ajksjda7s"]', WATCHER).startswith(
            b"<watcher st"
        )
        assert get(WATCHERS, 'watcherinfo/*/*[2][@status="pending"]/@id', WATCHER) == b'"hh8juja87s997-ass7"'
        for selector in ("watcher-list", 'watcherinfo/*/watcher[1][@status="pending"]'):
            with pytest.raises(NodeNotFound):
                get(WATCHERS, selector, WATCHER)
        with pytest.raises(NodeNotFound):
            get(WATCHERS, 'watcherinfo/watcher-list[@resource="SIP:professor@example.net"]', WATCHER)

    @pytest.mark.rule("G5")
    def test_values_are_compared_unescaped(self) -> None:
        document = b"""<a><b n='x &amp; "y"'/><b n="x&#32;&lt; y"/><b n="p\nq"/></a>"""
        assert get(document, "a/b[@n='x &amp; \"y\"']") == b"""<b n='x &amp; "y"'/>"""
        assert get(document, 'a/b[@n="x &lt; y"]') == b'<b n="x&#32;&lt; y"/>'
        assert get(document, 'a/b[@n="p q"]') == b'<b n="p\nq"/>'


class TestGet:
    @pytest.mark.rule("GT4", "GT5", "V11", "V14")
    def test_an_element_comes_as_it_is(self) -> None:
        element = (
            b"<p:b  x='1'\n y = \"&#65;&gt;\" ><![CDATA[<]]>\r\n <!-- c --><?p i?><p:c></p:c>&#x20;</p:b >"
        )
        document = b'\xef\xbb\xbf<a xmlns:p="u">\r\n' + element + b"\r\n</a>"
        assert get(document, "a/x:b?xmlns(x=u)") == element

    @pytest.mark.rule("GT6")
    @pytest.mark.parametrize("value", [b'"sip:nancy@example.com"', b"'a \"b\" &amp; c'", b'"&#10;x"', b'""'])
    def test_an_attribute_comes_with_its_quotes(self, value: bytes) -> None:
        assert get(b"<a><b other='x' uri=" + value + b"/></a>", "a/b/@uri") == value

    @pytest.mark.rule("GT7", "V8")
    def test_namespace_bindings(self) -> None:
        body = get(NESTED, f"df:foo/df2:bar/df2:baz/namespace::*?xmlns(df={D})xmlns(df2={N1})", D)
        assert body == f'<baz xmlns="{N1}" xmlns:ns1="{N1}"/>'.encode()
        assert decode_namespaces(body) == {"": N1, "ns1": N1}

    @pytest.mark.rule("GT7")
    @pytest.mark.parametrize(
        ("document", "selector", "expected"),
        [
            (b"<a/>", "a/namespace::*", b"<a/>"),
            (b'<a xmlns="u"><b xmlns=""/></a>', "x:a/b/namespace::*?xmlns(x=u)", b"<b/>"),
            (
                b'<q:a xmlns:q="u&amp;v" xmlns:b="w"/>',
                "x:a/namespace::*?xmlns(x=u&v)",
                b'<q:a xmlns:b="w" xmlns:q="u&amp;v"/>',
            ),
        ],
    )
    def test_more_namespace_bindings(self, document: bytes, selector: str, expected: bytes) -> None:
        assert get(document, selector) == expected

    @pytest.mark.rule("GT3")
    @pytest.mark.parametrize(
        ("selector", "nearest", "is_ambiguous"),
        [
            ("a/c", "a", False),
            ("a/b", "a", True),
            ("x", None, False),
            ("a/b[1]/@k", "a/b[1]", False),
            ("a/b/@k", "a", True),
            ("a/b/namespace::*", "a", True),
        ],
    )
    def test_what_is_not_there(self, selector: str, nearest: str | None, is_ambiguous: bool) -> None:
        with pytest.raises(NodeNotFound) as caught:
            get(b"<a><b/><b/></a>", selector)
        error = caught.value
        assert error.is_ambiguous is is_ambiguous
        assert error.nearest == (NodeSelector.parse(nearest) if nearest else None)
        assert error.selector == NodeSelector.parse(selector)
        assert selector in str(error)

    def test_a_document_in_another_encoding_gives_utf_8(self) -> None:
        document = '<?xml version="1.0" encoding="UTF-16"?><a><b k="é">😀</b></a>'.encode("utf-16")
        assert get(document, "a/b") == '<b k="é">😀</b>'.encode()
        assert get(document, "a/b/@k") == '"é"'.encode()


class TestExamples:
    @pytest.mark.rule("PC13", "RP1")
    def test_section_7_4_a_star_and_a_position_replace(self) -> None:
        new = b'<watcher status="active" id="hhggff" event="approved">sip:userC@example.com</watcher>'
        after, created = put(WATCHERS, "watcherinfo/watcher-list/*[2]", new, WATCHER)
        old = get(WATCHERS, "watcherinfo/watcher-list/*[2]", WATCHER)
        assert (after, created) == (WATCHERS.replace(old, new), False)

    @pytest.mark.rule("PC13", "PC3", "PB4")
    def test_section_7_4_with_an_attribute_they_insert(self) -> None:
        new = b'<watcher status="active" id="hhggff" event="approved">sip:userC@example.com</watcher>'
        after, created = put(WATCHERS, 'watcherinfo/watcher-list/*[2][@id="hhggff"]', new, WATCHER)
        first = get(WATCHERS, "watcherinfo/watcher-list/*[1]", WATCHER)
        assert (after, created) == (WATCHERS.replace(first, first + new), True)

    @pytest.mark.rule("RP2", "PC6")
    def test_section_7_4_a_body_that_the_selector_does_not_fit(self) -> None:
        selector = 'rls-services/service[@uri="sip:good-friends@example.com"]'
        body = b'<service uri="sip:mybuddies@example.com"/>'
        assert kind_of_refusal(SERVICES, selector, body, RLS) is FaultKind.CANNOT_INSERT

    @pytest.mark.rule("RP4")
    def test_section_7_7_an_attribute_that_its_own_predicate_tests(self) -> None:
        selector = 'rls-services/service[@uri="sip:good-friends@example.com"]/@uri'
        body = b'"sip:bad-friends@example.com"'
        assert kind_of_refusal(SERVICES, selector, body, RLS) is FaultKind.CANNOT_INSERT
        same = put(SERVICES, selector, b'"sip:good-friends@example.com"', RLS)
        assert same == (SERVICES, False)

    @pytest.mark.rule("PB4", "PC1", "PC9", "DL3", "GT6")
    def test_section_13(self) -> None:
        bob = b'<entry uri="sip:bob@example.com">\n    <display-name>Bob Jones</display-name>\n  </entry>'
        one, created = put(LISTS, 'resource-lists/list[@name="friends"]/entry', bob, RL)
        assert (one, created) == (LISTS.replace(b"\n  </list>", b"\n  " + bob + b"</list>"), True)
        close = b"""<list name="close-friends">
     <entry uri="sip:joe@example.com">
       <display-name>Joe Smith</display-name>
     </entry>
     <entry uri="sip:nancy@example.com">
       <display-name>Nancy Gross</display-name>
     </entry>
     <entry uri="sip:petri@example.com">
       <display-name>Petri Aukia</display-name>
     </entry>
   </list>"""
        two, created = put(one, 'resource-lists/list[@name="friends"]/list[@name="close-friends"]', close, RL)
        assert (two, created) == (one.replace(bob, bob + close), True)
        petri = 'resource-lists/list/list/entry[@uri="sip:petri@example.com"]'
        gone = get(two, petri, RL)
        three = delete(two, petri, RL)
        assert three == two.replace(gone, b"")
        assert get(three, "resource-lists/list/list/entry[2]/@uri", RL) == b'"sip:nancy@example.com"'


class TestElementBodies:
    @pytest.mark.rule("PB1")
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"  ",
            b"text",
            b"<?xml version='1.0'?><b/>",
            b"<b/><b/>",
            b"<b/>text",
            b"text<b/>",
            b"<b/>&#32;",
            b"<b/><!-- c -->",
            b"<!-- c --><b/>",
            b"<b/><![CDATA[ ]]>",
            b"<?p?><b/>",
            b"<b>",
            b"</place><place><b/>",
            b"<b/></place><place>",
            b"<!DOCTYPE b><b/>",
            b"<b a='1' a='2'/>",
            b"<b>&nbsp;</b>",
            b"<b>\0</b>",
            b"\xef\xbb\xbf<b/>",
            b"<p:b/>",
            b"<b p:k='1'/>",
        ],
    )
    def test_what_is_not_one_element(self, body: bytes) -> None:
        assert kind_of_refusal(b"<a><c/></a>", "a/b", body) is FaultKind.NOT_XML_FRAG

    def test_white_space_around_the_element_is_dropped(self) -> None:
        assert put(b"<a/>", "a/b", b"\r\n <b> </b>\n") == (b"<a><b> </b></a>", True)

    @pytest.mark.rule("PB3")
    @pytest.mark.parametrize(
        "body", ["<b>é</b>".encode("latin-1"), "<b/>".encode("utf-16"), "<b/>".encode("utf-16-be")]
    )
    def test_another_encoding(self, body: bytes) -> None:
        assert kind_of_refusal(b"<a/>", "a/b", body) is FaultKind.NOT_UTF_8

    @pytest.mark.rule("PB3")
    def test_documents_in_another_encoding(self) -> None:
        latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a k="é"/>'.encode("latin-1")
        assert kind_of_refusal(latin, "a/b", b"<b/>") is FaultKind.NOT_UTF_8
        ascii_only = b'<?xml version="1.0" encoding="US-ASCII"?><a/>'
        assert kind_of_refusal(ascii_only, "a/b", "<b>é</b>".encode()) is FaultKind.NOT_UTF_8
        assert put(ascii_only, "a/b", b"<b/>") == (ascii_only.replace(b"<a/>", b"<a><b/></a>"), True)

    @pytest.mark.rule("PC8", "RP3", "PB4")
    def test_declarations_stay_as_sent(self) -> None:
        document = b'<a xmlns="u" xmlns:p="v"/>'
        body = b'<p:b xmlns="u" xmlns:p="v" xmlns:q="w"><c/><q:d xmlns:q="w"/></p:b>'
        after, created = put(document, "a/x:b?xmlns(x=v)", body, "u")
        assert (after, created) == (b'<a xmlns="u" xmlns:p="v">' + body + b"</a>", True)
        assert put(after, "a/x:b?xmlns(x=v)", body, "u") == (after, False)

    @pytest.mark.rule("PB4")
    def test_prefixes_of_the_place_count(self) -> None:
        document = b'<p:a xmlns:p="u"><p:b/></p:a>'
        assert put(document, "a/b", b"<p:b>1</p:b>", "u")[0] == b'<p:a xmlns:p="u"><p:b>1</p:b></p:a>'
        assert kind_of_refusal(document, "a/b", b"<b>1</b>", "u") is FaultKind.CANNOT_INSERT

    def test_a_root_has_only_its_own_declarations(self) -> None:
        assert put(b'<p:a xmlns:p="u"/>', "a", b'<a xmlns="u"/>', "u") == (b'<a xmlns="u"/>', False)
        assert kind_of_refusal(b'<p:a xmlns:p="u"/>', "a", b"<p:a/>", "u") is FaultKind.NOT_XML_FRAG

    def test_a_document_that_would_be_too_deep(self) -> None:
        document = b"<a>" * 200 + b"<b/>" + b"</a>" * 200
        body = b"<c>" * 100 + b"</c>" * 100
        with pytest.raises(ForbiddenXml):
            put(document, "/".join(["a"] * 200) + "/c", body)


class TestAttributes:
    @pytest.mark.rule("PC11", "P9")
    @pytest.mark.parametrize(
        "value", [b'"1"', b"'1'", b'"a&#10;b %41"', b"'&quot;\"'", '"é😀"'.encode(), b'"a\tb"']
    )
    def test_creation(self, value: bytes) -> None:
        assert put(b"<a ><b  x='1' /></a>", "a/b/@k", value) == (
            b"<a ><b  x='1' k=" + value + b" /></a>",
            True,
        )

    def test_white_space_around_the_value_is_dropped(self) -> None:
        assert put(b"<a/>", "a/@k", b' "1"\r\n') == (b'<a k="1"/>', True)

    @pytest.mark.rule("RP4")
    def test_replacement(self) -> None:
        document = b"<a>\n <b x='1' k  =\n'2' y='3'/></a>"
        assert put(document, "a/b/@k", b'"4"') == (document.replace(b"'2'", b'"4"'), False)

    @pytest.mark.rule("PC11", "N3")
    def test_prefixes(self) -> None:
        document = b'<a xmlns:p="u"><b/></a>'
        assert put(document, "a/b/@x:k?xmlns(x=u)", b'"1"')[0] == b'<a xmlns:p="u"><b p:k="1"/></a>'
        assert (
            put(document, "a/b/@x:k?xmlns(x=v)", b'"1"')[0] == b'<a xmlns:p="u"><b xmlns:x="v" x:k="1"/></a>'
        )
        assert (
            put(document, "a/b/@p:k?xmlns(p=v)", b'"1"')[0]
            == b'<a xmlns:p="u"><b xmlns:p1="v" p1:k="1"/></a>'
        )
        assert put(document, "a/b/@xml:lang", b'"en"')[0] == b'<a xmlns:p="u"><b xml:lang="en"/></a>'
        # Without a default namespace's help: an attribute is never in it.
        document = b'<a xmlns="u"/>'
        assert put(document, "a/@x:k?xmlns(x=u)", b'"1"', "u")[0] == b'<a xmlns="u" xmlns:x="u" x:k="1"/>'

    @pytest.mark.rule("PB2")
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b'"',
            b"1",
            b'"1',
            b"\"1'",
            b'"1"2"',
            b'"<"',
            b'"&"',
            b'"&nbsp;"',
            b'"a" "b"',
            b'"&#0;"',
            b'"\x01"',
        ],
    )
    def test_what_is_no_value(self, body: bytes) -> None:
        assert kind_of_refusal(b"<a/>", "a/@k", body) is FaultKind.NOT_XML_ATT_VALUE

    @pytest.mark.rule("PB3")
    def test_another_encoding(self) -> None:
        assert kind_of_refusal(b"<a/>", "a/@k", b'"\xe9"') is FaultKind.NOT_UTF_8

    @pytest.mark.rule("V10")
    def test_declarations_are_no_attributes(self) -> None:
        document = b'<a xmlns="u" xmlns:p="v"/>'
        for selector in (NodeSelector.from_wire("a/@xmlns"), NodeSelector.from_wire("a/@xmlns:p")):
            with pytest.raises(Refused) as caught:
                put_node(Source.parse(document), selector, b'"w"', "u")
            assert caught.value.fault.kind is FaultKind.CANNOT_INSERT
            for operation in (get_node, delete_node):
                with pytest.raises(NodeNotFound):
                    operation(Source.parse(document), selector, "u")

    @pytest.mark.rule("RP4")
    def test_the_value_that_a_later_get_would_give(self) -> None:
        assert put(b'<a><b k="1"/></a>', 'a/b[@k="1"]/@k', b"'&#49;'") == (b"<a><b k='&#49;'/></a>", False)

    @pytest.mark.rule("DL2", "DL3")
    def test_deletion(self) -> None:
        document = b"<a><b  x='1'\n k='2' y='3' /></a>"
        assert delete(document, "a/b/@k") == b"<a><b  x='1' y='3' /></a>"
        assert delete(document, "a/b[@k='2']/@k") == b"<a><b  x='1' y='3' /></a>"
        with pytest.raises(NodeNotFound):
            delete(document, "a/b/@z")

    @pytest.mark.rule("PL5")
    def test_without_its_element(self) -> None:
        with pytest.raises(ParentMissing):
            put(b"<a/>", "a/b/@k", b'"1"')


@pytest.mark.rule("DL9", "C9")
def test_namespaces_can_only_be_read() -> None:
    with pytest.raises(InvalidSelector, match="only be read"):
        put(NESTED, "foo/namespace::*", b"<foo/>", D)
    with pytest.raises(InvalidSelector, match="only be read"):
        delete(NESTED, "foo/namespace::*", D)


def test_find_gives_the_element_of_an_attribute() -> None:
    source = Source.parse(b"<a><b/></a>")
    assert find(source, NodeSelector.parse("a/b/@none"), None) is source.root[0]


@pytest.mark.rule("RP1", "PC9")
def test_everything_else_stays_as_it_was() -> None:
    document = (
        b"\xef\xbb\xbf<?xml version='1.0'?>\r\n<!-- x --><a  k='&#x41;'><![CDATA[<b/>]]>\r\n<b></b>\t</a>\r\n"
    )
    after, _ = put(document, "a/c", b"<c/>")
    assert after == document.replace(b"</b>", b"</b>\t<c/>").replace(b"<c/>\t</a>", b"<c/></a>")
    assert etree.fromstring(after)[1].tag == "c"


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ('<entry uri="b"><display-name>B</display-name></entry>', True),
        ('<entry uri="b"/><entry uri="c"/>', False),
        ('x<entry uri="b"/>', False),
        ('<entry uri="b"/><!-- c -->', False),
        ('<!-- c --><entry uri="b"/>', False),
        ('</list><list name="m"><entry uri="b"/>', False),
        ("<!-- b -->", False),
        ("<entry/>", False),
        ("b", False),
        ("", False),
    ],
)
def test_what_the_new_document_may_be_changes_no_refusal(body: str, *, fits: bool) -> None:
    before, old, behind = (
        f'<resource-lists xmlns="{RL}"><list name="l">',
        '<entry uri="b"/>',
        "</list></resource-lists>",
    )
    source = Source.parse(f"{before}{old}{behind}".encode())
    wanted = Source.parse(f"{before}{body}{behind}".encode())
    selector = NodeSelector.parse('resource-lists/list/entry[@uri="b"]')
    if fits:
        assert put_node(source, selector, body.encode(), RL, wanted=wanted) == (wanted.data, False)
        return
    refusals: list[FaultKind] = []
    for given in (None, wanted):
        with pytest.raises(Refused) as refused:
            put_node(source, selector, body.encode(), RL, wanted=given)
        refusals.append(refused.value.fault.kind)
    assert refusals[0] is refusals[1]
