"""Reading documents into models and writing them."""

from __future__ import annotations

import json
import sys
import threading
import types
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from binding_classes import (
    NAMESPACE,
    AudioBook,
    Book,
    Homeless,
    Loose,
    Names,
    Note,
    Owner,
    Rack,
    Refusing,
    Shelf,
    Tenant,
    Unbound,
    Unused,
)
from lxml import etree
from xsdata.exceptions import XmlContextError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement
from xsdata.formats.dataclass.serializers import XmlSerializer

from xcap_documents.common_policy import Many, One, Rule, Ruleset, Validity
from xcap_documents.oma_common_policy import ExternalList
from xcap_documents.pres_rules import ProvideActivities, SubHandling, SubHandlingElement
from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_documents.xcap_caps import XcapCaps
from xcap_documents.xcap_error import UniquenessFailure, XcapError
from xcap_sdk.documents.binding import Binding, bind, bind_element, lenient_readers, parse, serialize
from xcap_sdk.documents.classes import Classes, classes, meta_of
from xcap_sdk.documents.compiled.reading_code import MANY
from xcap_sdk.documents.compiled.remembering import MOST
from xcap_sdk.documents.compiled.serializer import CompiledSerializer
from xcap_sdk.documents.diffs import parse_diff
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import element_of
from xcap_sdk.documents.validation import validate
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import InvalidDocument, NotWellFormed, UnexpectedDocument

RL = "urn:ietf:params:xml:ns:resource-lists"
CP = "urn:ietf:params:xml:ns:common-policy"
PR = "urn:ietf:params:xml:ns:pres-rules"


def lists(content: str, more: str = "") -> bytes:
    return f'<resource-lists xmlns="{RL}" {more}>{content}</resource-lists>'.encode()


def rules(content: str) -> bytes:
    return (
        f'<cp:ruleset xmlns:cp="{CP}" xmlns:pr="{PR}" xmlns:ocp="urn:oma:xml:xdm:common-policy">'
        f"{content}</cp:ruleset>"
    ).encode()


def test_text_and_bytes() -> None:
    text = lists('<list name="é"/>').decode()
    assert parse(text, ResourceLists) == parse(text.encode(), ResourceLists)
    assert parse(text, ResourceLists).items[0].name == "é"


def test_parsing_is_strict() -> None:
    with pytest.raises(NotWellFormed):
        parse(b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>', ResourceLists)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"<resource-lists/>", "resource-lists without a namespace"),
        (b'<list xmlns="urn:ietf:params:xml:ns:resource-lists"/>', f"list of {RL}"),
    ],
)
def test_another_root(data: bytes, found: str) -> None:
    with pytest.raises(UnexpectedDocument, match=f"resource-lists of {RL}, and got one with {found}"):
        parse(data, ResourceLists)


@pytest.mark.parametrize("data", [f'<a xmlns="urn:{"n" * 2_000_000}"/>', f"<{'n' * 40_000}/>"])
def test_long_names_of_another_root_are_cut_in_errors(data: str) -> None:
    for read in (lambda: parse(data, ResourceLists), lambda: parse_diff(data.encode())):
        with pytest.raises(UnexpectedDocument, match="nnn…") as caught:
            read()
        assert len(str(caught.value)) < 2_500


def test_what_a_document_lacks_is_none() -> None:
    (entry,) = parse(lists("<list>\n<entry/></list>"), ResourceLists).items[0].entries
    assert entry.uri is None
    caps = parse(b'<xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps"/>', XcapCaps)
    assert (caps.auids, caps.namespaces) == (None, None)
    assert not caps.supports("pres-rules")
    assert not caps.knows("urn:x")
    assert parse(serialize(caps), XcapCaps) == caps


def test_the_tree_is_left_as_it_is() -> None:
    tree = parse_xml(lists('<list name="a"><entry uri="x"/></list>'))
    before = etree.tostring(tree)
    assert bind(tree, ResourceLists) == bind(tree.getroot(), ResourceLists)
    assert etree.tostring(tree) == before


def test_comments_and_instructions_do_not_cut_text() -> None:
    model = parse(
        lists(
            '<list><entry uri="x"><!-- a --><display-name>Bo<!-- x -->b<?p?> &amp;<![CDATA[<]]></display-name>'
            "</entry></list>"
        ),
        ResourceLists,
    )
    assert model.items[0].items[0].display_name == DisplayName(value="Bob &<")


def test_unknown_content_does_not_stop_reading() -> None:
    model = parse(
        lists(
            '<list unknown="1" name="a">text<unknown/><entry uri="x" more="1"><display-name>Bob<b/></display-name>'
            "<display-name>second</display-name></entry><display-name>late</display-name></list><odd><entry/></odd>",
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" x="1"',
        ),
        ResourceLists,
    )
    only = model.items[0]
    assert only.name == "a"
    assert only.display_name == DisplayName(value="late")
    assert only.items == [Entry(uri="x", display_name=DisplayName(value="Bob"), attributes={"more": "1"})]


def test_extensions_and_their_prefixed_values_stay_as_written() -> None:
    model = parse(
        lists(
            '<list xmlns:e="urn:e" e:ref="e:val"><entry uri="x"/>'
            '<e:a b="e:c" e:d="1"> <e:b>t</e:b> tail <e:c/></e:a><e:z> </e:z></list>'
        ),
        ResourceLists,
    )
    found = model.items[0]
    assert found.attributes == {"{urn:e}ref": "e:val"}
    assert found.extensions == [
        AnyElement(
            qname="{urn:e}a",
            text="",
            attributes={"b": "e:c", "{urn:e}d": "1"},
            children=[
                AnyElement(qname="{urn:e}b", text="t", tail=" tail "),
                AnyElement(qname="{urn:e}c", text=""),
            ],
        ),
        AnyElement(qname="{urn:e}z", text=" "),
    ]
    assert parse(serialize(model), ResourceLists) == model


def test_known_extensions_come_typed() -> None:
    model = parse(
        rules(
            '<cp:rule id="a"><cp:conditions><ocp:external-list><ocp:entry anc="x"/></ocp:external-list>'
            '<cp:identity><cp:many domain="d"><cp:except id="e"/><x:y xmlns:x="urn:x"/></cp:many></cp:identity>'
            "</cp:conditions><cp:actions><pr:sub-handling> allow </pr:sub-handling></cp:actions>"
            "<cp:transformations><pr:provide-activities>1</pr:provide-activities></cp:transformations></cp:rule>"
        ),
        Ruleset,
    )
    rule = model.items[0]
    assert rule.conditions is not None
    assert isinstance(rule.conditions.items[0], ExternalList)
    many = rule.conditions.items[1].items[0]
    assert isinstance(many, Many)
    assert isinstance(many.items[1], AnyElement)
    assert rule.actions.extensions == [SubHandlingElement(value=SubHandling.ALLOW)]
    assert rule.transformations.extensions == [ProvideActivities(value=True)]


def test_bad_values_stay_text() -> None:
    model = parse(
        rules(
            '<cp:rule id="a"><cp:actions><pr:sub-handling>maybe</pr:sub-handling></cp:actions>'
            "<cp:transformations><pr:provide-activities>2</pr:provide-activities></cp:transformations></cp:rule>"
        ),
        Ruleset,
    )
    assert model.items[0].actions.extensions[0].value == "maybe"
    assert model.items[0].transformations.extensions[0].value == "2"
    assert b">maybe<" in serialize(model)


def test_a_known_extension_that_lacks_something_is_of_its_class() -> None:
    model = parse(
        rules('<cp:rule id="a"><cp:actions><pr:provide-activities/></cp:actions></cp:rule>'), Ruleset
    )
    assert model.items[0].actions.extensions == [ProvideActivities(value=None)]


def test_a_known_extension_that_its_class_refuses_comes_as_any_element() -> None:
    assert bind_element(etree.fromstring(f'<refusing xmlns="{NAMESPACE}" by="x"/>'), Refusing) == Refusing(
        by="x"
    )
    data = shelf('<refusing by="nobody"/>', "rack")
    (found,) = parse(data, Rack).strange
    assert found == AnyElement(qname=f"{{{NAMESPACE}}}refusing", attributes={"by": "nobody"}, text="")


def test_a_second_element_behind_a_wildcard_for_one() -> None:
    model = parse(
        rules(
            '<cp:rule id="a"><cp:conditions><cp:identity><cp:one id="x"><a xmlns="urn:a"/><b xmlns="urn:a"/></cp:one>'
            "</cp:identity></cp:conditions></cp:rule>"
        ),
        Ruleset,
    )
    one = model.items[0].conditions.items[0].items[0]
    assert isinstance(one, One)
    both = [AnyElement(qname="{urn:a}a", text=""), AnyElement(qname="{urn:a}b", text="")]
    assert one.extension == AnyElement(children=[*both])
    assert parse(serialize(model), Ruleset) == model
    serializer = CompiledSerializer(context=classes())
    for extension in (both[0], one.extension):  # what was written before makes no difference
        assert serializer.render(One(id="x", extension=extension)).count("<n1:") == len(
            extension.children or [extension]
        )


def test_alternating_elements_keep_their_order() -> None:
    pairs = "".join(
        f"<cp:from>200{n}-01-01T00:00:00Z</cp:from><cp:until>200{n}-02-01T00:00:00Z</cp:until>"
        for n in (1, 2)
    )
    model = parse(
        rules(f'<cp:rule id="a"><cp:conditions><cp:validity>{pairs}</cp:validity></cp:conditions></cp:rule>'),
        Ruleset,
    )
    validity = model.items[0].conditions.items[0]
    assert isinstance(validity, Validity)
    assert [len(validity.from_), len(validity.until)] == [2, 2]
    written = serialize(model)
    assert parse(written, Ruleset) == model
    assert b"".join(written.split()).count(b"</cp:until><cp:from>") == 1


def test_a_report() -> None:
    body = (
        b'<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error"><uniqueness-failure phrase="p">'
        b'<exists field="a/b"><alt-value>1</alt-value><alt-value/></exists></uniqueness-failure></xcap-error>'
    )
    model = parse(body, XcapError)
    assert isinstance(model.condition, UniquenessFailure)
    assert model.condition.exists[0].alt_values == ["1", ""]
    assert parse(serialize(model), XcapError) == model


# Classes of one's own.


def shelf(content: str, name: str = "rack", more: str = "") -> bytes:
    return (
        f'<{name} xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:q="urn:q" {more}>'
        f"{content}</{name}>"
    ).encode()


def test_types_tokens_tuples_and_choices() -> None:
    model = parse(
        shelf(
            '<book isbn="1" tags="a b"><price>1.50</price></book><label>x</label><label/><data>aGk=</data>'
            "<count>3</count><full>true</full><count>x</count>"
        ),
        Rack,
    )
    assert model.book == [Book(isbn="1", tags=["a", "b"], price=Decimal("1.50"))]
    assert model.label == ("x", "")
    assert model.data == b"hi"
    assert model.choice == [3, True, "x"]
    model.choice.pop()
    assert parse(serialize(model), Rack) == model


def test_an_empty_tuple_and_empty_bytes() -> None:
    model = parse(shelf("<data/>"), Rack)
    assert model.label == ()
    assert model.data == b""


def test_subclasses_by_xsi_type() -> None:
    data = shelf(
        '<book isbn="1" xsi:type="AudioBook"><minutes>3</minutes></book><book isbn="2" xsi:type="q:No"/>'
    )
    model = parse(data, Rack)
    assert model.book == [AudioBook(isbn="1", minutes=3), Book(isbn="2")]
    assert parse(serialize(model), Rack) == model


def test_many_elements_of_one_name() -> None:
    assert parse(shelf("<label>x</label>" * MANY), Rack).label == ("x",) * MANY
    assert parse(shelf("<data>aGk=</data>" + "<count>3</count>" * MANY), Rack).choice == [3] * MANY
    assert parse(f"<Names>{'<div>x</div>' * MANY}</Names>", Names).div == ["x"] * MANY
    some = '<book isbn="1" xsi:type="AudioBook"><minutes>3</minutes></book><book isbn="2"/>' * MANY
    assert parse(shelf(some), Rack).book == [AudioBook(isbn="1", minutes=3), Book(isbn="2")] * MANY
    some = '<refusing by="x"/><refusing by="nobody"><a/></refusing>' * MANY
    found = parse(shelf(some, "rack"), Rack).strange
    assert found[::2] == [Refusing(by="x")] * MANY
    assert all(isinstance(each, AnyElement) and len(each.children) == 1 for each in found[1::2])


def test_mixed_content_is_left_to_xsdata() -> None:
    model = parse(shelf("<loose>a<q:b>c</q:b>d</loose>"), Rack)
    assert model.loose is not None
    assert model.loose.content[0] == "a"
    assert parse(serialize(model), Rack) == model


def test_a_root_that_is_left_to_xsdata() -> None:
    data = shelf(
        '<book isbn="1"><price>oops</price></book><label>x</label><q:e/>', "shelf", 'kind="q:kind" odd="1"'
    )
    model = parse(data, Shelf)
    assert model.kind is not None
    assert model.kind.text == "{urn:q}kind"
    assert model.book[0].price == "oops"
    assert parse(serialize(model), Shelf) == model
    assert parse(shelf("<book/>", "shelf"), Shelf).book[0].isbn is None


def test_text_behind_an_element_that_is_left_to_xsdata() -> None:
    model = parse(shelf("<loose>a<q:b/>c</loose>tail", "rack"), Rack)
    assert isinstance(model.loose, Loose)
    assert model.loose.content == ["a", AnyElement(qname="{urn:q}b", text="", tail="c")]
    assert parse(shelf("<book isbn='1'/>tail<loose/>tail", "shelf"), Shelf).book == [Book(isbn="1")]


def test_what_xsdata_refuses_is_read_as_far_as_the_fields_go() -> None:
    data = shelf('<book isbn="1"/><label>x<odd/></label><count>1<odd/></count>', "shelf")
    assert parse(data, Shelf) == Shelf(book=[Book(isbn="1")], label=("x",), choice=[1])


def test_a_tail_where_only_elements_belong_is_no_content() -> None:
    assert parse(shelf("<q:e>x</q:e>tail"), Rack).only == AnyElement(qname="{urn:q}e", text="x")


def test_derived_and_any_elements_are_written() -> None:
    model = Rack(
        only=AnyElement(
            children=[
                AnyElement(qname="{urn:q}a", text="x", tail="y"),
                DerivedElement(qname="{urn:q}b", value=Note(by="me")),
            ]
        )
    )
    written = serialize(model)
    root = etree.fromstring(written)
    assert [child.tag for child in root] == ["{urn:q}a", "{urn:q}b"]
    assert root[1].get("by") == "me"
    assert serialize(AnyElement(qname="a", text="x")).endswith(b"<a>x</a>\n")
    assert b"note" in serialize(DerivedElement(qname="note", value=Note(by="x")))


def test_a_class_from_another_module_behind_a_wildcard() -> None:
    model = parse(shelf('<note by="x"/><other/>'), Rack)
    assert model.strange == [Note(by="x"), AnyElement(qname=f"{{{NAMESPACE}}}other", text="")]


def test_a_class_that_cannot_be_bound_matters_where_it_is_used() -> None:
    serializer = CompiledSerializer(context=XmlContext())
    assert serializer.render(Unused()).endswith("/>")
    with pytest.raises(XmlContextError):
        serializer.render(Unused(unbound=Unbound()))


@pytest.mark.parametrize("serializer", [CompiledSerializer, XmlSerializer])
def test_a_class_without_a_namespace_is_in_that_of_the_first_element_that_has_one(
    serializer: type[XmlSerializer],
) -> None:
    writer = serializer(context=XmlContext())
    writer.render(Owner())
    written = etree.fromstring(writer.render(Tenant(at=Homeless(name="x"))).encode())
    assert [each.tag for each in written.iter()] == [
        "{urn:tenant}tenant",
        "{urn:tenant}at",
        "{urn:tenant}name",
    ]


def test_one_element_of_any_name() -> None:
    element = etree.fromstring(b'<any uri="sip:a@b"/>')
    assert bind_element(element, Entry) == Entry(uri="sip:a@b")


def test_a_constructor_that_refuses() -> None:
    @dataclass
    class Strict(Note):
        def __post_init__(self) -> None:
            raise ValueError("not today")

    element = etree.fromstring(b'<note by="x"/>')
    with pytest.raises(UnexpectedDocument, match="note cannot be read: not today"):
        bind_element(element, Strict)


@pytest.mark.parametrize("binding", ["compiled", "stock"])
def test_what_a_constructor_says_is_cut(binding: Binding) -> None:
    @dataclass
    class Strict(Note):
        def __post_init__(self) -> None:
            raise ValueError(f"not {self.by}")

    element = etree.fromstring(b'<note by="%s"/>' % (b"x" * 100_000))
    with pytest.raises(UnexpectedDocument, match="not xxx") as caught:
        bind_element(element, Strict, binding)
    assert len(str(caught.value)) < 1_500


def test_comments_between_foreign_elements_do_not_cut_tails() -> None:
    model = parse(shelf("<q:a><q:b/>one<!-- c -->two<?p?>three<q:c/></q:a>"), Rack)
    assert isinstance(model.only, AnyElement)
    assert [child.tail for child in model.only.children if isinstance(child, AnyElement)] == [
        "onetwothree",
        None,
    ]


def test_empty_tokens_and_comments_in_mixed_content() -> None:
    model = parse(shelf('<book isbn="1" tags=" "/><loose>a<!-- c -->b<q:x/></loose>'), Rack)
    assert model.book[0].tags == []
    assert model.loose is not None
    assert model.loose.content[0] == "ab"


# Writing.


def test_the_form_of_a_new_document() -> None:
    book = ResourceLists()
    friends = book.lists.add("friends", display_name="Fr & <")
    friends.entries.add('sip:"b"@x')
    friends.attributes["{urn:e}a"] = "\n1"
    friends.extensions.append(AnyElement(qname="{urn:e}x"))
    friends.extensions.append(AnyElement(qname="plain"))
    assert serialize(book).decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rl:resource-lists xmlns:rl="urn:ietf:params:xml:ns:resource-lists" xmlns:n1="urn:e">\n'
        '  <rl:list name="friends" n1:a="&#10;1">\n'
        "    <rl:display-name>Fr &amp; &lt;</rl:display-name>\n"
        '    <rl:entry uri="sip:&quot;b&quot;@x"/>\n'
        "    <n1:x/>\n"
        "    <plain/>\n"
        "  </rl:list>\n"
        "</rl:resource-lists>\n"
    )
    friends.extensions.pop()
    assert b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:n1="urn:e">' in serialize(
        book
    )


def test_prefixes_of_unknown_namespaces_are_numbered() -> None:
    book = ResourceLists()
    book.lists.add("a").extensions += [AnyElement(qname="{urn:1}x"), AnyElement(qname="{urn:2}x")]
    assert b'xmlns:n1="urn:1" xmlns:n2="urn:2"' in serialize(book)


def test_a_value_that_is_none_is_no_text() -> None:
    nothing: Any = None
    book = ResourceLists()
    book.lists.add("a", display_name=DisplayName(value=nothing))
    assert b"<display-name/>" in serialize(book)


def test_policies_have_their_usual_prefixes() -> None:
    policy = Ruleset(items=[Rule(id="a")])
    policy.items[0].sub_handling = "allow"
    written = serialize(policy)
    assert f'<cp:ruleset xmlns:cp="{CP}" xmlns:pr="{PR}">'.encode() in written
    assert b"<pr:sub-handling>allow</pr:sub-handling>" in written


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda book: setattr(book.lists["f"].entries["a"], "uri", "\0"), 'lists["f"].entries[0].uri'),
        (lambda book: setattr(book.lists["f"], "label", "\ud800"), 'lists["f"].display_name'),
        (lambda book: book.lists["f"].items.append("x"), 'lists["f"]'),
        (lambda book: book.lists["f"].extensions.append(3), 'lists["f"]'),
        (
            lambda book: book.lists["f"].extensions.append(AnyElement(qname="no name")),
            'lists["f"].extensions[0]',
        ),
        (lambda book: setattr(book.lists["f"], "name", {"a": 1}), "lists[0].name"),
        (lambda book: book.lists["f"].attributes.update({"a b": "x"}), 'lists["f"].attributes["a b"]'),
        (lambda book: setattr(book.lists["f"], "extensions", 3), 'lists["f"]'),
    ],
)
def test_what_xml_cannot_hold(spoil: object, place: str) -> None:
    book = ResourceLists()
    book.lists.add("f").entries.add("a")
    assert callable(spoil)
    spoil(book)
    with pytest.raises(InvalidDocument) as caught:
        serialize(book)
    (problem,) = caught.value.problems
    assert (problem.place, problem.rule) == (place, "xml")


def test_a_list_that_contains_itself() -> None:
    book = ResourceLists()
    friends = book.lists.add("friends")
    friends.items += [friends, friends]
    with pytest.raises(InvalidDocument, match="contains itself"):
        serialize(book)
    with pytest.raises(InvalidDocument, match="contains itself"):
        element_of(Outline.of(book))


def test_a_document_that_nests_too_deep() -> None:
    depth = 250
    data = lists("<list>" * depth + "</list>" * depth)

    def deeper(frames: int) -> ResourceLists:
        return deeper(frames - 1) if frames else parse(data, ResourceLists)

    assert deeper(0)
    with pytest.raises(UnexpectedDocument, match="nest deeper"):
        deeper(sys.getrecursionlimit() - 200)


def test_only_models_are_written() -> None:
    in_hand: Any = types.SimpleNamespace(model=ResourceLists())
    with pytest.raises(TypeError, match=r"document class, not SimpleNamespace; its \.model is one"):
        serialize(in_hand)
    a_file: Any = Path("friends.xml")
    with pytest.raises(TypeError, match="the XML is bytes or a text, not PosixPath: read a file first"):
        parse(a_file, ResourceLists)
    with pytest.raises(TypeError, match="document class, not int"):
        serialize(3)


# The index of classes.


def test_a_class_without_a_namespace_is_in_that_of_its_module() -> None:
    fresh = Classes()
    meta = fresh.build(Many, "urn:somewhere-else")
    assert meta.wildcards == []
    assert meta.namespace == CP
    assert meta_of(Many).namespace == CP


def test_two_classes_for_one_element_prefer_the_one_that_comes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("zz_other")
    exec(
        "from dataclasses import dataclass\n@dataclass\nclass Impostor:\n    class Meta:\n"
        f"        name = 'sub-handling'\n        namespace = '{PR}'\n",
        module.__dict__ | {"__name__": "zz_other"},
        module.__dict__,
    )
    module.Impostor.__module__ = "zz_other"
    monkeypatch.setitem(sys.modules, "zz_other", module)
    index = Classes()
    assert index.find_type(f"{{{PR}}}sub-handling") is SubHandlingElement
    assert module.Impostor in index.find_types(f"{{{PR}}}sub-handling")


def test_dataclasses_of_no_namespace_are_not_taken_for_elements() -> None:
    assert classes().find_type("Problem") is None


def test_threads_share_the_index() -> None:
    data = rules(
        '<cp:rule id="a"><cp:actions><pr:sub-handling>allow</pr:sub-handling></cp:actions></cp:rule>'
    )
    wrong: list[object] = []

    def work() -> None:
        for number in range(30):
            name = f"zz_module_{threading.get_ident()}_{number}"
            sys.modules[name] = types.ModuleType(name)  # makes the index out of date
            found = parse(data, Ruleset).items[0].actions.extensions[0]
            if not isinstance(found, SubHandlingElement):
                wrong.append(found)
            del sys.modules[name]

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_hostile_document_does_not_fill_the_tables() -> None:
    many = "".join(f"<n{number}/>" for number in range(1_200))
    parse(lists(f"<list>{many}</list>"), ResourceLists)
    readers = lenient_readers()
    taken = readers.of(ResourceList).__globals__["slots"]
    assert 0 < len(taken) <= MOST


def test_text_with_half_a_character() -> None:
    with pytest.raises(NotWellFormed, match=r"line 2, column 4: .*ud800") as caught:
        parse("<a>\n <b\ud800/></a>", ResourceLists)
    assert (caught.value.line, caught.value.column) == (2, 4)


def broken_models() -> list[tuple[str, Any, str]]:
    """Field by field what Python takes and XML does not, and the place it is reported for."""
    made: list[tuple[str, Any, str]] = []
    for wrong in (1, b"x", ["a"], object()):
        made.append(("attributes", wrong, 'lists["a"]'))
        made.append(("display_name", wrong, 'lists["a"]'))
        made.append(("items", [wrong], 'lists["a"]'))
    for name in ("{http://www.w3.org/2000/xmlns/}x", "{u x}x", "{u:x}", "{u\0}x", "a b", "p:x"):
        made.append(("extensions", [AnyElement(qname=name)], 'lists["a"].extensions[0]'))
        made.append(("attributes", {name: "v"}, f'lists["a"].attributes[{json.dumps(name)}]'))
    made.append(("attributes", {"xmlns": "v"}, 'lists["a"].attributes["xmlns"]'))
    return made


@pytest.mark.parametrize(("field", "value", "place"), broken_models())
@pytest.mark.parametrize("action", [serialize, validate])
def test_what_xml_cannot_hold_names_its_place(
    action: Callable[[object], object], field: str, value: Any, place: str
) -> None:
    model = ResourceLists()
    setattr(model.lists.add("a"), field, value)
    with pytest.raises(InvalidDocument) as caught:
        action(model)
    assert caught.value.problems[0].place == place


def test_an_empty_namespace_is_none() -> None:
    model = ResourceLists()
    model.lists.add("a").attributes["{}x"] = "1"
    assert b'<list name="a" x="1"/>' in serialize(model)


@pytest.mark.parametrize("action", [serialize, validate])
def test_several_values_for_one(action: Callable[[object], object]) -> None:
    model = ResourceLists()
    wrong: Any = ["a"]
    model.lists.add("a").entries.add("sip:x").uri = wrong
    with pytest.raises(InvalidDocument, match="several") as caught:
        action(model)
    assert caught.value.problems[0].place == 'lists["a"].entries[0].uri'


@pytest.mark.parametrize("wrong", [1, "a", ["a"], object()])
@pytest.mark.parametrize("action", [serialize, validate])
def test_lists_that_are_none(action: Callable[[object], object], wrong: Any) -> None:
    model = ResourceLists()
    model.items = wrong
    with pytest.raises(InvalidDocument, match="items is no"):
        action(model)
