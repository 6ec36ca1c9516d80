"""Models as JSON: what is written is read back equal, and what is wrong is named by its place."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from filled import filled
from hypothesis import given, settings
from hypothesis import strategies as st
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_documents.common_policy import One, Rule, Ruleset, Validity
from xcap_documents.pres_rules import ProvideActivities, SubHandling, SubHandlingElement
from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_documents.simservs import CommunicationWaiting
from xcap_sdk import ApplicationUsage, InvalidDocument, InvalidInput, from_json, parse, to_json, usages
from xcap_sdk.documents.classes import is_model
from xcap_sdk.documents.json_fields import fields_of
from xcap_sdk.json_form import LARGEST

SOME = settings(max_examples=settings().max_examples * 3 // 10)


@pytest.mark.parametrize("usage", usages.ALL, ids=str)
@SOME
@given(st.randoms(use_true_random=True))
def test_every_model_comes_back(usage: ApplicationUsage[Any], random: Random) -> None:
    model = filled(usage.root, random)
    text = to_json(model)
    assert from_json(text, usage.root) == model
    assert to_json(from_json(text.encode(), usage.root), indent=2) == to_json(model, indent=2)


def test_the_form() -> None:
    book = ResourceLists()
    friends = book.lists.add("friends", display_name="Friends")
    friends.entries.add("sip:bob@example.org").display_name = DisplayName(value="Bob", lang="en")
    friends.lists.add("inner").extensions += [
        AnyElement(qname="{urn:x}a", text="t", attributes={"k": "v"}),
        ProvideActivities(value=True),
    ]
    friends.attributes["{urn:x}b"] = "c"
    assert json.loads(to_json(book)) == {
        "items": [
            {
                "display_name": {"value": "Friends"},
                "items": [
                    {
                        "$element": "entry",
                        "display_name": {"value": "Bob", "lang": "en"},
                        "uri": "sip:bob@example.org",
                    },
                    {
                        "$element": "list",
                        "extensions": [
                            {"$any": "{urn:x}a", "text": "t", "attributes": {"k": "v"}},
                            {
                                "$element": "{urn:ietf:params:xml:ns:pres-rules}provide-activities",
                                "value": True,
                            },
                        ],
                        "name": "inner",
                    },
                ],
                "name": "friends",
                "attributes": {"{urn:x}b": "c"},
            }
        ]
    }


def test_policies() -> None:
    policy = Ruleset()
    rule = policy.rules.add("a")
    rule.sub_handling = SubHandling.POLITE_BLOCK
    rule.identity.add("sip:bob@example.org")
    rule.identity.many.add("example.org")
    text = to_json(policy)
    assert '"polite-block"' in text
    back = from_json(text, Ruleset)
    assert back == policy
    assert back.rules["a"].sub_handling is SubHandling.POLITE_BLOCK


def places(text: str | bytes, root: type[Any] = ResourceLists) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        from_json(text, root)
    assert all(problem.rule == "json" for problem in caught.value.problems)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "root", "expected"),
    [
        ('{"items": 1}', ResourceLists, ["items: Input should be a valid list, not 1"]),
        ("[]", ResourceLists, [": expected an object, not a list"]),
        ('{"items": [null]}', ResourceLists, ["items[0]: expected an object, not null"]),
        (
            '{"items": [{"$element": "entry", "uri": "a", "$type": "b"}]}',
            ResourceList,
            ['items[0]["$type"]: is no field here'],
        ),
        (
            '{"items": [{"$element": 5}]}',
            ResourceList,
            ["items[0]: expected an object with $element, one of list"],
        ),
        (
            "{" + ",".join(f'"{each}": 1' for each in range(10_001)) + "}",
            ResourceLists,
            [": it cannot be read: an object has more"],
        ),
        ('{"uri": 5}', Entry, ["uri: Input should be a valid string, not 5"]),
        ("{}", Entry, ["uri: is required, and missing"]),
        ('{"uri": null}', Entry, ["uri: Input should be a valid string, not null"]),
        ('{"uri": "a", "attributes": {"k": 1}}', Entry, ["attributes.k: Input should be a valid string"]),
        ('{"uri": "a", "attributes": 1}', Entry, ["attributes: expected an object, not 1"]),
        (
            '{"items": [{"$element": "odd"}]}',
            ResourceList,
            [
                'items[0]: expected an object with $element, one of list, external, entry, entry-ref, not one of "odd"'
            ],
        ),
        (
            '{"items": [{"uri": "a"}]}',
            ResourceList,
            ["items[0]: expected an object with $element, one of list"],
        ),
        ('{"items": ["a"]}', ResourceList, ["items[0]: expected an object with $element, one of list"]),
        ('{"extensions": [{}]}', ResourceList, ["extensions[0]: expected an object with $element, the"]),
        (
            '{"extensions": [{"$any": 1}]}',
            ResourceList,
            ['extensions[0]["$any"]: Input should be a valid string'],
        ),
        ('{"extensions": [{"$any": "a", "b": 1}]}', ResourceList, ["extensions[0].b: is no field here"]),
        ('{"extensions": [{"$element": "{urn:x}odd"}]}', ResourceList, ["extensions[0]: expected an object"]),
        (
            '{"display_name": {"$type": "{urn:x}odd"}}',
            ResourceList,
            ['display_name["$type"]: is no field here'],
        ),
        ('{"value": "maybe"}', SubHandlingElement, ["value: Input should be 'block', 'confirm'"]),
        ('{"value": "true"}', ProvideActivities, ['value: Input should be a valid boolean, not "true"']),
        ('{"value": 1}', ProvideActivities, ["value: Input should be a valid boolean, not 1"]),
        ('{"value": true}', DisplayName, ["value: Input should be a valid string, not true"]),
        ('{"from_": ["today"]}', Validity, ['from_[0]: expected XmlDateTime, not "today"']),
        ('{"a b": 1}', ResourceLists, ['["a b"]: is no field here']),
        ('{"items": [], "items": []}', ResourceLists, [": it cannot be read: the key 'items' stands twice"]),
        ('{"items": NaN}', ResourceLists, [": it cannot be read: NaN is no JSON"]),
        ("{", ResourceLists, [": it cannot be read: Expecting"]),
        (b"\xff", ResourceLists, [": it cannot be read:"]),
        ("[" * 100_000, ResourceLists, [": "]),
        (" " * (LARGEST + 1), ResourceLists, [": it is longer than"]),
        (
            '{"name": "' + "9" * 100 + '", "items": ' + "9" * 5_000 + "}",
            ResourceLists,
            [": it cannot be read"],
        ),
    ],
)
def test_what_is_wrong_is_named(text: str | bytes, root: type[Any], expected: list[str]) -> None:
    found = places(text, root)
    assert len(found) == len(expected)
    assert all(one.startswith(other) for one, other in zip(found, expected, strict=True)), found


def test_all_that_is_wrong_is_named() -> None:
    text = '{"items": [{"items": [{"$element": "entry", "url": "a"}, {"$element": "entry", "uri": 1}]}, 5]}'
    assert [each.partition(":")[0] for each in places(text)] == [
        "items[0].items[0].uri",
        "items[0].items[0].url",
        "items[0].items[1].uri",
        "items[1]",
    ]
    assert len(places('{"items": [' + ", ".join("1" * 500) + "]}")) == 100
    assert len(places('{"items": [' + ", ".join("1" * 500_000) + "]}")) == 1


def test_deep_json_is_refused() -> None:
    deep = '{"items": [' * 300 + "]}" * 300
    assert "deep" in places(deep.replace('{"items"', '{"$element": "list", "items"'), ResourceList)[0]
    wild = '{"$any": "{urn:x}a", "children": [' * 300 + "]}" * 300
    assert "deep" in places('{"extensions": [' + wild + "]}", ResourceList)[0]


def test_what_is_written_is_never_too_deep_to_be_read() -> None:
    lists = ResourceList()
    for _ in range(63):
        lists = ResourceList(items=[lists])
    assert from_json(to_json(lists), ResourceList) == lists
    with pytest.raises(InvalidInput, match="nests too deep"):
        to_json(ResourceList(items=[lists]))


@pytest.mark.parametrize(
    "model",
    [
        3,
        None,
        ResourceList(extensions=[DerivedElement(qname="a", value="b")]),
        ResourceList(name="\ud800"),
        ResourceList(items=[3]),  # pyright: ignore[reportArgumentType]
        ResourceList(extensions=[AnyElement(qname="a", children=["text"])]),
    ],
)
def test_what_has_no_form_in_json(model: Any) -> None:
    with pytest.raises(InvalidInput):
        to_json(model)


def test_a_model_that_contains_itself() -> None:
    lists = ResourceList()
    lists.items.append(lists)
    with pytest.raises(InvalidInput, match="contains itself"):
        to_json(lists)


@pytest.mark.parametrize(
    ("xml", "root", "missing"),
    [
        (
            '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry/></list></resource-lists>',
            ResourceLists,
            ["items[0].items[0].uri"],
        ),
        (
            '<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule><conditions><validity>'
            "<from>yesterday</from><until>2026-01-31T09:00:00Z</until></validity><identity><one/></identity>"
            '</conditions><actions><sub-handling xmlns="urn:ietf:params:xml:ns:pres-rules">maybe</sub-handling>'
            '<provide-mood xmlns="urn:ietf:params:xml:ns:pres-rules">yes</provide-mood></actions></rule></ruleset>',
            Ruleset,
            ["value", "id", "from_[0]", "value", "id"],
        ),
    ],
)
def test_a_deviating_document_comes_back_tolerantly(xml: str, root: type[Any], missing: list[str]) -> None:
    model = parse(xml, root)
    text = to_json(model)
    assert from_json(text, root, tolerant=True) == model
    assert sorted(each.partition(":")[0].rpartition("].")[2] or each for each in places(text, root))
    assert len(places(text, root)) == len(missing)
    with pytest.raises(InvalidDocument):
        from_json(text.replace('"items"', '"itms"').replace('"rules"', '"rles"'), root, tolerant=True)


@pytest.mark.parametrize("tolerant", [True, False])
@pytest.mark.parametrize("field", ["items", "extensions"])
def test_a_list_is_never_null(field: str, tolerant: bool) -> None:
    with pytest.raises(InvalidDocument, match=f"{field}: .*list"):
        from_json(f'{{"{field}": null}}', ResourceList, tolerant=tolerant)


def test_none_where_the_class_has_another_default() -> None:
    model = CommunicationWaiting(active=None)  # pyright: ignore[reportArgumentType]
    assert to_json(model) == '{"active": null}'
    assert from_json(to_json(model), CommunicationWaiting, tolerant=True) == model
    assert places(to_json(model), CommunicationWaiting) == [
        "active: Input should be a valid boolean, not null"
    ]


@pytest.mark.parametrize("usage", usages.ALL, ids=str)
@SOME
@given(st.randoms(use_true_random=True))
def test_every_spoilt_model_comes_back_tolerantly(usage: ApplicationUsage[Any], random: Random) -> None:
    model = filled(usage.root, random)
    spoil(model, random)
    assert from_json(to_json(model), usage.root, tolerant=True) == model
    assert from_json(to_json(filled(usage.root, random)), usage.root, tolerant=True) is not None


def spoil(model: Any, random: Random) -> None:
    """As a document that breaks its schema is read: what is required may be None, values may be texts."""
    for field in fields_of(type(model)):
        held = getattr(model, field.name)
        for each in held if isinstance(held, list) else [held]:
            if is_model(each) and not isinstance(each, AnyElement):
                spoil(each, random)
        if random.random() < 0.3 and field.required and not isinstance(held, list):
            setattr(model, field.name, None)
        elif random.random() < 0.3 and field.values is not None and field.many is None:
            setattr(model, field.name, "~ odd ~")


def test_parts() -> None:
    for part in (Entry(uri="a"), One(id="b"), Rule(id="c")):
        assert from_json(to_json(part), type(part)) == part
