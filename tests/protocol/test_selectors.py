"""Node selectors: built, written, read, compared."""

from __future__ import annotations

import string
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import selectors, values

from xcap_sdk.errors import InvalidSelector, XcapError
from xcap_sdk.protocol import (
    AttributeStep,
    NamespaceStep,
    NodeSelector,
    Step,
    UnboundPrefix,
    UnknownExtension,
)

PATH = frozenset(string.ascii_letters + string.digits + "-._~!$&'()*+,;=:@%/")
parse = NodeSelector.parse
from_wire = NodeSelector.from_wire


@pytest.mark.rule("P1", "G4", "G5")
@given(selectors())
def test_the_decoded_form_is_read_again(selector: NodeSelector) -> None:
    assert parse(str(selector)) == selector


@pytest.mark.rule("P2", "P4", "P5", "P6", "Q2", "Q3")
@given(selectors())
def test_the_wire_form_is_read_again(selector: NodeSelector) -> None:
    assert from_wire(selector.path, selector.query) == selector
    assert set(selector.path) <= PATH
    assert set(selector.query or "") <= PATH | {"?"}


@pytest.mark.rule("P6")
@given(selectors())
def test_the_wire_form_has_one_segment_for_each_step(selector: NodeSelector) -> None:
    segments = selector.path.split("/")
    assert len(segments) == len(selector.steps) + (selector.terminal is not None)
    assert not {"", ".", "..", "~~"}.intersection(segments)


@pytest.mark.rule("P3")
@given(selectors())
def test_encoding_more_or_less_makes_no_difference(selector: NodeSelector) -> None:
    everything = "/".join("".join(f"%{octet:02x}" for octet in str(step).encode()) for step in selector.steps)
    assert from_wire(everything, selector.query).steps == selector.steps
    brackets = selector.path.replace("%5B", "[").replace("%5D", "]").replace("%22", '"').replace("'", "%27")
    assert from_wire(brackets, selector.query) == selector


@given(selectors())
def test_the_transport_leaves_it_alone(selector: NodeSelector) -> None:
    url = httpx.URL(f"http://localhost/~~/{selector.wire}")
    path, _, query = url.raw_path.decode().partition("?")
    assert path == f"/~~/{selector.path}"
    assert from_wire(path.removeprefix("/~~/"), query) == selector


@given(selectors(), selectors())
def test_equality_is_that_of_the_written_form(one: NodeSelector, other: NodeSelector) -> None:
    assert (one == other) == (str(one) == str(other)) == (one.wire == other.wire)
    assert one != str(one)
    assert len({one, parse(str(one))}) == 1


@given(st.text(st.sampled_from("ab/[]@='\"12*:&;?#%()^ xmlns.~\n"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (parse, from_wire):
        try:
            selector = read(text)
        except InvalidSelector:
            continue
        assert parse(str(selector.bind(dict.fromkeys(selector.unbound(), "urn:x"))))


@given(values)
def test_any_value_can_be_looked_for(value: str) -> None:
    selector = parse("a").child("b", where=("c", value))
    assert from_wire(selector.path).steps[-1].attribute == ("c", value)


# --- the grammar


@pytest.mark.rule("G1", "G7", "V8", "N5")
@pytest.mark.parametrize(
    ("text", "steps", "terminal"),
    [
        ("a", (Step("a"),), None),
        ("*", (Step("*"),), None),
        ("a/b", (Step("a"), Step("b")), None),
        ("a[2]", (Step("a", 2),), None),
        ("*[0]/b[007]", (Step("*", 0), Step("b", 7)), None),
        ('a[@b="c"]', (Step("a", None, ("b", "c")),), None),
        ("a[@b='c']", (Step("a", None, ("b", "c")),), None),
        ("a[@b='']", (Step("a", None, ("b", "")),), None),
        ('a[3][@b="c"]', (Step("a", 3, ("b", "c")),), None),
        ("a/@b", (Step("a"),), AttributeStep("b")),
        ("a/@xml:lang", (Step("a"),), AttributeStep("xml:lang")),
        ("a/namespace::*", (Step("a"),), NamespaceStep()),
        ("namespace/b", (Step("namespace"), Step("b")), None),
        ('a[@b="/~~/[1]?x(#)\'>"]/c', (Step("a", None, ("b", "/~~/[1]?x(#)'>")), Step("c")), None),
        ('a[@b="&lt;&gt;&amp;&quot;&apos;&#65;&#x42;"]', (Step("a", None, ("b", "<>&\"'AB")),), None),
        ("a[@xmlns='u']", (Step("a", None, ("xmlns", "u")),), None),
    ],
)
def test_what_the_grammar_has(
    text: str, steps: tuple[Step, ...], terminal: AttributeStep | NamespaceStep | None
) -> None:
    assert parse(text) == NodeSelector(steps, terminal)


MALFORMED = [
    ("", 1, "the root element's name or '*', found the end"),
    ("/a", 1, "without a slash before it"),
    ("a//b", 3, "behind a single slash"),
    ("a/", 3, "found the end"),
    (".", 1, "the root element's name"),
    ("a/..", 3, "an element name, '*', '@name' or 'namespace::*', found '..'"),
    ("@a", 1, "the root element's name"),
    ("namespace::*", 10, "found '::*'"),
    ("a/@", 4, "an attribute name"),
    ("a/@*", 4, "an attribute name"),
    ("a/@b/c", 6, "nothing behind '@b'"),
    ("a/@b[1]", 5, "nothing behind '@b'"),
    ("a/namespace::*/b", 16, "nothing behind 'namespace::*'"),
    ("a/namespace::p", 12, "found '::p'"),
    ("a[]", 2, '[position] or [@name="value"]'),
    ("a[-1]", 2, "[position]"),
    ("a[ 1]", 2, "[position]"),
    ("a[٣]", 2, "[position]"),
    ("a[1", 2, "[position]"),
    (f"a[{'9' * 5000}]", 3, "at most 18 digits"),
    ("a[1][2]", 5, '[@name="value"]'),
    ("a[@b]", 2, "[position]"),
    ("a[text()='x']", 2, "[position]"),
    ('a[@b="c"][2]', 10, "no more than one position and one attribute test, in this order"),
    ('a[@b="c"][@d="e"]', 10, "no more than one"),
    ("a[@b=c]", 6, "a value in quotation marks or apostrophes, found 'c]'"),
    ("a[@b=", 6, "a value in quotation marks or apostrophes, found the end"),
    ('a[@b="c]', 9, 'the closing " of the value, found the end'),
    ('a[@b="c"', 9, "']' behind the value"),
    ('a[@b="c" ]', 9, "']' behind the value"),
    ('a[@b="c & d"]', 9, "&amp; for '&' in the value"),
    ('a[@b="c<d"]', 8, "&lt; for '<' in the value"),
    ('a[@b="\x0b"]', 7, "a character that XML allows in the value"),
    ('a[@b="&#0;"]', 7, "a reference to a character that XML allows"),
    ("a b", 2, "'/', '[' or the end, found ' b'"),
    ("p:*", 2, "found ':*'"),
    ("list%5B1%5D", 5, "in decoded form"),
    ("%61", 1, "in decoded form"),
    ("a::b", 2, "found '::b'"),
]


@pytest.mark.rule("G1")
@pytest.mark.parametrize(
    ("text", "position", "expected"), MALFORMED, ids=[text[:20] for text, *_ in MALFORMED]
)
def test_a_caller_is_told_where_and_what(text: str, position: int, expected: str) -> None:
    with pytest.raises(InvalidSelector) as caught:
        parse(text)
    assert not isinstance(caught.value, UnknownExtension | UnboundPrefix)
    assert f", character {position}: expected " in str(caught.value)
    assert expected in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert len(str(caught.value)) < 500


@pytest.mark.rule("G2", "G3", "E3")
@pytest.mark.parametrize("text", [text for text, *_ in MALFORMED])
def test_a_server_takes_it_for_an_extension(text: str) -> None:
    with pytest.raises(UnknownExtension) as caught:
        from_wire("/".join(quote(segment, safe="") for segment in text.split("/")))
    assert caught.value.step in text


@pytest.mark.rule("P6")
def test_a_raw_slash_splits_even_in_a_value() -> None:
    assert from_wire("a%5B@b=%22c%2Fd%22%5D") == parse('a[@b="c/d"]')
    with pytest.raises(UnknownExtension):
        from_wire("a%5B@b=%22c/d%22%5D")


@pytest.mark.rule("U4")
def test_a_second_separator_belongs_to_the_selector() -> None:
    with pytest.raises(UnknownExtension) as caught:
        from_wire("a/~~/b")
    assert caught.value.step == "~~"


@pytest.mark.parametrize(
    ("path", "query"), [("a%", None), ("a%FF", None), ("a", "xmlns(a=%C0)"), ("a", "%2")]
)
def test_malformed_encoding_is_no_extension(path: str, query: str | None) -> None:
    with pytest.raises(InvalidSelector) as caught:
        from_wire(path, query)
    assert not isinstance(caught.value, UnknownExtension)


@pytest.mark.rule("G5")
def test_white_space_in_values_is_read_as_xml_reads_it() -> None:
    assert parse("a[@b='c\td\r\ne\nf']").steps[0].attribute == ("b", "c d e f")
    assert parse("a[@b='c&#9;d&#10;']").steps[0].attribute == ("b", "c\td\n")
    assert str(parse("a").child("b", where=("c", "\t\n\r "))) == 'a/b[@c="&#9;&#10;&#13; "]'


@pytest.mark.rule("P5", "G6")
def test_all_three_layers_at_once() -> None:
    selector = parse("resource-lists").child("list", where=("name", "a/b & c"))
    assert str(selector) == 'resource-lists/list[@name="a/b &amp; c"]'
    assert selector.path == "resource-lists/list%5B@name=%22a%2Fb%20&amp;%20c%22%5D"
    assert selector.query is None


@pytest.mark.rule("G3")
def test_both_kinds_of_quote_in_one_value() -> None:
    selector = parse("a").child("b", where=("c", "1\"2'3"))
    assert selector.path == "a/b%5B@c=%221&quot;2'3%22%5D"
    assert from_wire(selector.path).steps[-1].attribute == ("c", "1\"2'3")
    assert from_wire("a/b[@c='1%222&apos;3']") == selector


@pytest.mark.rule("P2", "P3", "Q2")
@pytest.mark.parametrize(
    ("path", "query", "text"),
    [
        (
            "resource-lists/list%5b@name=%22friends%22%5d/entry",
            None,
            'resource-lists/list[@name="friends"]/entry',
        ),
        ("resource-lists/list/list/entry%5b2%5d/@uri", None, "resource-lists/list/list/entry[2]/@uri"),
        (
            "watcherinfo/watcher-list/*%5B2%5D%5B@id=%27hhggff%27%5D",
            None,
            "watcherinfo/watcher-list/*[2][@id='hhggff']",
        ),
        (
            "foo/a:bar/b:baz",
            "xmlns(a=urn:n1)xmlns(b=urn:n2)",
            "foo/a:bar/b:baz?xmlns(a=urn:n1)xmlns(b=urn:n2)",
        ),
        ("d:foo/namespace::*", "xmlns(d=urn%3Ad)", "d:foo/namespace::*?xmlns(d=urn:d)"),
        ("%66oo/%40bar", "", "foo/@bar"),
    ],
)
def test_what_clients_send(path: str, query: str | None, text: str) -> None:
    assert from_wire(path, query) == parse(text)


# --- prefixes


@pytest.mark.rule("Q1", "Q6", "N4")
def test_prefixes_need_bindings() -> None:
    with pytest.raises(UnboundPrefix, match=r"prefix 'a', 'b' .*namespaces=\{'a': '…', 'b': '…'\}") as caught:
        parse("a:x/b:y[@a:z='1']")
    assert caught.value.prefixes == ("a", "b")
    selector = from_wire("a:x/b:y/@c:z", "xmlns(a=urn:a)")
    assert selector.unbound() == ("b", "c")
    with pytest.raises(UnboundPrefix):
        selector.check_bound()
    selector.bind({"b": "urn:b", "c": "urn:c"}).check_bound()


@pytest.mark.rule("Q7", "N8")
def test_bindings_go_into_the_query() -> None:
    uri = "urn:ietf:params:xml:ns:common-policy"
    selector = parse("cr:ruleset/cr:rule[@id='a']", {"cr": uri, "unused": "urn:x"})
    assert selector.query == f"xmlns(cr={uri})"
    assert selector.wire == f"cr:ruleset/cr:rule%5B@id=%22a%22%5D?xmlns(cr={uri})"
    assert str(selector) == f'cr:ruleset/cr:rule[@id="a"]?xmlns(cr={uri})'
    assert selector == parse(f'cr:ruleset/cr:rule[@id="a"]?xmlns(cr={uri})')
    assert selector.child("unused:x").query == f"xmlns(cr={uri})xmlns(unused=urn:x)"


@pytest.mark.rule("Q11")
def test_circumflexes_are_percent_encoded() -> None:
    selector = parse("a:x", {"a": "urn:(^é"})
    assert selector.query == "xmlns(a=urn:%5E(%5E%5E%C3%A9)"
    assert from_wire(selector.path, selector.query) == selector


@pytest.mark.rule("Q4", "Q8", "Q9", "Q12")
def test_a_server_reads_what_it_can_of_the_query() -> None:
    query = "xpointer(x)xmlns(a=urn:1)xmlns(=x)xmlns(a=urn:2)xmlns(b=urn:b)"
    selector = from_wire("a:x", query)
    assert selector.expanded("a:x", None) == "{urn:2}x"
    assert selector == parse("a:x", {"a": "urn:2"})


@pytest.mark.parametrize(
    "query", ["x", "xpointer(x)", "xmlns(a=urn:a)x", "xmlns(a)", "", "xmlns(a=urn:a", " "]
)
def test_a_caller_writes_bindings_only(query: str) -> None:
    with pytest.raises(InvalidSelector, match=r"character 3: expected xmlns\(prefix=namespace\) parts"):
        parse(f"x?{query}")


@pytest.mark.rule("N2", "N3", "N4", "N5", "Q1", "Q10")
def test_expansion() -> None:
    selector = parse("a:x", {"a": "urn:a"})
    assert selector.expanded("a:x", "urn:default") == "{urn:a}x"
    assert selector.expanded("x", "urn:default") == "{urn:default}x"
    assert selector.expanded("x", None) == "x"
    assert selector.expanded("*", "urn:default") == "*"
    assert selector.expanded("xml:lang", None) == "{http://www.w3.org/XML/1998/namespace}lang"
    with pytest.raises(UnboundPrefix):
        selector.expanded("b:x", "urn:default")


@pytest.mark.rule("V10")
def test_declarations_are_no_attributes() -> None:
    assert from_wire("a/@xmlns:p").unbound() == ()
    for name in ("xmlns", "xmlns:p"):
        with pytest.raises(InvalidSelector, match=r"see namespaces\(\)"):
            parse("a").attribute(name)


@pytest.mark.rule("Q10")
@pytest.mark.parametrize(
    "bindings", [{"xml": "urn:a"}, {"xmlns": "urn:a"}, {"": "urn:a"}, {"a": ""}, {"a": "u v"}]
)
def test_what_cannot_be_bound(bindings: dict[str, str]) -> None:
    with pytest.raises(InvalidSelector, match="cannot bind prefix"):
        parse("x", bindings)


def test_binding_xml_to_itself_is_fine() -> None:
    selector = parse("x/@xml:lang", {"xml": "http://www.w3.org/XML/1998/namespace"})
    assert selector.bindings == ()
    assert selector.query is None


def test_a_prefix_in_use_keeps_its_namespace() -> None:
    selector = parse("a:x", {"a": "urn:a", "b": "urn:b"})
    with pytest.raises(InvalidSelector, match="uses prefix 'a' for another namespace"):
        selector.child("y", namespaces={"a": "urn:other"})
    assert selector.child("b:y", namespaces={"b": "urn:other"}).expanded("b:y", None) == "{urn:other}y"


# --- building


@pytest.mark.rule("G7")
def test_building_step_by_step() -> None:
    root = parse("resource-lists")
    friends = root.child("list", where=("name", 'a"b'))
    entry = friends.child("entry", position=2)
    both = friends.child("*", position=1, where=("uri", "sip:a"))
    assert str(entry) == "resource-lists/list[@name='a\"b']/entry[2]"
    assert str(both) == 'resource-lists/list[@name=\'a"b\']/*[1][@uri="sip:a"]'
    assert str(entry.attribute("uri")) == f"{entry}/@uri"
    assert str(entry.namespaces()) == f"{entry}/namespace::*"
    assert entry.parent == friends
    assert friends.parent == root
    assert root.parent is None
    assert entry.element is entry
    assert (
        entry.attribute("uri").parent == entry.attribute("uri").element == entry.namespaces().element == entry
    )


@pytest.mark.parametrize("end", [parse("a/@b"), parse("a/namespace::*")])
def test_nothing_follows_an_attribute_or_namespaces(end: NodeSelector) -> None:
    for go_on in (lambda: end.child("x"), lambda: end.attribute("x"), end.namespaces):
        with pytest.raises(InvalidSelector, match="selects no element"):
            go_on()


@pytest.mark.parametrize("name", ["", "a b", "list[2]", "@x", "a/b", "1", "p:*", "namespace::*"])
def test_names_that_are_none(name: str) -> None:
    with pytest.raises(InvalidSelector, match="is no element name"):
        parse("a").child(name)
    with pytest.raises(InvalidSelector, match="is no attribute name"):
        parse("a").attribute(name)
    with pytest.raises(InvalidSelector, match="is no attribute name"):
        parse("a").child("b", where=(name, "c"))


@pytest.mark.parametrize("position", [0, -1])
def test_positions_count_from_one(position: int) -> None:
    with pytest.raises(InvalidSelector, match="count from 1"):
        parse("a").child("b", position=position)


@pytest.mark.parametrize("position", [-1, 10**18, 10**5000], ids=["negative", "long", "endless"])
def test_positions_have_bounds(position: int) -> None:
    with pytest.raises(InvalidSelector, match="digits"):
        Step("a", position)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ud800", "\uffff"])
def test_values_that_no_document_holds(character: str) -> None:
    with pytest.raises(InvalidSelector, match="as character 3, which no XML document can hold"):
        parse("a").child("b", where=("c", f"de{character}"))


def test_a_selector_has_a_step() -> None:
    with pytest.raises(InvalidSelector, match="a step at least"):
        NodeSelector(())


def test_values_are_not_lost_in_errors() -> None:
    assert issubclass(InvalidSelector, XcapError)
    assert hash(parse("a")) == hash(parse("a"))
