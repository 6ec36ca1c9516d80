"""Outlines show what xsdata would write."""

from __future__ import annotations

from typing import Any

import pytest
from binding_classes import AudioBook, Book, Loose, Rack, Shelf
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.models.datatype import XmlDateTime

from xcap_documents.common_policy import (
    Actions,
    Conditions,
    Except,
    Identity,
    Many,
    One,
    Rule,
    Ruleset,
    Sphere,
    Transformations,
    Validity,
)
from xcap_documents.oma_common_policy import Anchor, AnonymousRequest, ExternalList
from xcap_documents.pres_rules import (
    AllServices,
    ProvideActivities,
    ProvideServices,
    SubHandling,
    SubHandlingElement,
)
from xcap_documents.resource_lists import DisplayName, Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_documents.xcap_caps import Auids, Namespaces, XcapCaps
from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.classes import classes
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import element_of

text = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Co"]), max_size=8)
names = st.none() | st.builds(DisplayName, value=text, lang=st.none() | st.just("en"))
foreign = st.recursive(
    st.builds(AnyElement, qname=st.sampled_from(["{urn:a}a", "{urn:b}b"]), text=text),
    lambda inner: st.builds(
        AnyElement, qname=st.just("{urn:a}c"), text=st.just(""), children=st.lists(inner, max_size=2)
    ),
    max_leaves=3,
)
common: dict[str, Any] = {"display_name": names, "extensions": st.lists(foreign, max_size=2)}
items = st.recursive(
    st.builds(Entry, uri=text, **common)
    | st.builds(EntryRef, ref=text)
    | st.builds(External, anchor=st.none() | text),
    lambda inner: st.builds(
        ResourceList,
        name=st.none() | text,
        items=st.lists(inner, max_size=3),
        attributes=st.dictionaries(st.just("{urn:a}x"), text, max_size=1),
        **common,
    ),
    max_leaves=6,
)
books = st.builds(
    ResourceLists,
    items=st.lists(st.builds(ResourceList, items=st.lists(items, max_size=3), name=text), max_size=3),
)

POLICY = Ruleset(
    items=[
        Rule(
            id="a",
            conditions=Conditions(
                items=[
                    Identity(
                        items=[
                            One(id="x", extension=AnyElement(qname="{urn:a}a")),
                            Many(items=[Except(id="y")]),
                        ]
                    ),
                    AnonymousRequest(),
                    ExternalList(items=[Anchor(anc="z")]),
                    Sphere(value="work"),
                    Validity(
                        from_=[XmlDateTime(2001, 1, 1, 0, 0, 0), XmlDateTime(2003, 1, 1, 0, 0, 0)],
                        until=[XmlDateTime(2002, 1, 1, 0, 0, 0), XmlDateTime(2004, 1, 1, 0, 0, 0)],
                    ),
                ]
            ),
            actions=Actions(extensions=[SubHandlingElement(value=SubHandling.POLITE_BLOCK)]),
            transformations=Transformations(
                extensions=[ProvideActivities(value=True), ProvideServices(items=[AllServices()])]
            ),
        )
    ]
)


def nodes(root: Any) -> list[object]:
    """The names, attributes and texts of all elements; prefixes do not count."""
    return [
        (each.tag, dict(each.attrib), each.text or "", (each.tail or "") if each is not root else "")
        for each in root.iter()
    ]


def stock(model: object) -> Any:
    return etree.fromstring(XmlSerializer(context=classes()).render(model).encode())


@settings(max_examples=60)
@given(books)
def test_lists_as_xsdata_writes_them(book: ResourceLists) -> None:
    assert nodes(element_of(Outline.of(book))) == nodes(stock(book))


@pytest.mark.parametrize(
    "model",
    [
        POLICY,
        XcapCaps(
            auids=Auids(items=["a", ""]),
            namespaces=Namespaces(items=["b"]),
            foreign=[AnyElement(qname="{urn:a}a")],
        ),
        Shelf(book=[Book(isbn="1"), AudioBook(isbn="2", minutes=3)], choice=[1, True], label=("x",)),
        Rack(book=[Book(isbn="1", tags=["a", "b"])], data=b"hi", choice=[3, False], label=("x", "y")),
        Rack(loose=Loose(content=["a", AnyElement(qname="{urn:a}b", text="c", tail="d")])),
        Rack(only=AnyElement(children=[AnyElement(qname="{urn:a}a", text="", tail="b")])),
    ],
)
def test_other_models_as_xsdata_writes_them(model: object) -> None:
    assert nodes(element_of(Outline.of(model))) == nodes(stock(model))


def test_one_level_at_a_time() -> None:
    outline = Outline.of(POLICY)
    (rule,) = outline.children
    assert (rule.name, rule.attributes, rule.text) == (
        "{urn:ietf:params:xml:ns:common-policy}rule",
        {"id": "a"},
        "",
    )
    assert [child.field for child in rule.children] == ["conditions", "actions", "transformations"]
    assert [rule.name_of(part) for part in rule.parts] == [child.name for child in rule.children]
    assert rule.is_typed
    identity = rule.children[0].children[0]
    assert not identity.children[0].children[0].is_typed
    assert rule.children[1].children[0].text == "polite-block"
    periods = rule.children[0].children[4].children
    assert [period.text[:4] for period in periods] == ["2001", "2002", "2003", "2004"]


def test_names_of_parts_agree_with_the_children() -> None:
    model = Rack(
        book=[AudioBook(isbn="1")],
        choice=[1, True],
        only=DerivedElement(qname="{urn:d}d", value=Book(isbn="2")),
        strange=[Book(isbn="3"), AnyElement(qname="x")],
    )
    outline = Outline.of(model)
    assert [outline.name_of(part) for part in outline.parts] == [child.name for child in outline.children]
    assert (
        outline.children[0].attributes["{http://www.w3.org/2001/XMLSchema-instance}type"] == "type:AudioBook"
    )
    assert outline.children[0].declarations == {"type": "urn:example:shelf"}


def test_fingerprints() -> None:
    one, other = (
        Entry(uri="a", display_name=DisplayName(value="x")),
        Entry(uri="b", display_name=DisplayName(value="x")),
    )
    assert Outline.of(one).fingerprint() != Outline.of(other).fingerprint()
    assert Outline.of(one).fingerprint(without="uri") == Outline.of(other).fingerprint(without="uri")
    other.label = "y"
    assert Outline.of(one).fingerprint(without="uri") != Outline.of(other).fingerprint(without="uri")
    assert (
        Outline.of(AnyElement(qname="a")).fingerprint()
        == Outline.of(AnyElement(qname="a", text="")).fingerprint()
    )
    spaced = AnyElement(qname="a", text=" ", children=[AnyElement(qname="b", tail="\n")])
    assert (
        Outline.of(spaced).fingerprint()
        == Outline.of(AnyElement(qname="a", children=[AnyElement(qname="b")])).fingerprint()
    )
    assert Outline.of(one).fingerprint(without="display_name") == Outline.of(Entry(uri="a")).fingerprint()


def test_xsi_type_of_no_namespace() -> None:
    outline = Outline.of(DerivedElement(qname="a", value=Book(isbn="1"), type="Plain"))
    assert outline.attributes["{http://www.w3.org/2001/XMLSchema-instance}type"] == "Book"
    assert b'xsi:type="Book"' in serialize(DerivedElement(qname="a", value=Book(isbn="1"), type="Plain"))
