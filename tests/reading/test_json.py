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
from xcap_sdk import ApplicationUsage, InvalidDocument, InvalidInput, from_json, parse, to_json, usages
from xcap_sdk.documents.json_form import LARGEST

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
        ('{"items": 1}', ResourceLists, ["items: expected a list, not 1"]),
        ("[]", ResourceLists, [": expected an object for ResourceLists, not a list"]),
        ('{"items": [null]}', ResourceLists, ["items[0]: expected an object for ResourceList, not null"]),
        ('{"uri": 5}', Entry, ["uri: 5 is no str"]),
        ("{}", Entry, ["uri: is required, and missing"]),
        ('{"uri": null}', Entry, ["uri: is required, and missing"]),
        ('{"uri": "a", "attributes": {"k": 1}}', Entry, ["attributes: expected an object of texts"]),
        ('{"uri": "a", "attributes": 1}', Entry, ["attributes: expected an object of texts"]),
        ('{"items": [{"$element": "odd"}]}', ResourceList, ["items[0]: $element is one of list, external"]),
        ('{"items": [{"uri": "a"}]}', ResourceList, ["items[0]: $element is one of list, external, entry"]),
        ('{"items": ["a"]}', ResourceList, ['items[0]: expected an object with $element, not "a"']),
        ('{"extensions": [{}]}', ResourceList, ["extensions[0]: expected an object with $element, the"]),
        ('{"extensions": [{"$any": 1}]}', ResourceList, ['extensions[0]["$any"]: is nothing that']),
        ('{"extensions": [{"$any": "a", "b": 1}]}', ResourceList, ["extensions[0].b: is nothing that"]),
        ('{"extensions": [{"$element": "{urn:x}odd"}]}', ResourceList, ["extensions[0]: expected an object"]),
        (
            '{"display_name": {"$type": "{urn:x}odd"}}',
            ResourceList,
            ["display_name[\"$type\"]: '{urn:x}odd'"],
        ),
        ('{"value": "maybe"}', SubHandlingElement, ['value: "maybe" is no SubHandling']),
        ('{"value": "true"}', ProvideActivities, ['value: "true" is no bool']),
        ('{"value": 1}', ProvideActivities, ["value: 1 is no bool"]),
        ('{"value": true}', DisplayName, ["value: true is no str"]),
        ('{"from_": ["today"]}', Validity, ['from_[0]: "today" is no XmlDateTime']),
        ('{"a b": 1}', ResourceLists, ['["a b"]: ResourceLists has no such field; it has items']),
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
        "items[0].items[0].url",
        "items[0].items[0].uri",
        "items[0].items[1].uri",
        "items[1]",
    ]
    assert len(places('{"items": [' + ", ".join("1" * 500) + "]}")) == 100


def test_deep_json_is_refused() -> None:
    deep = '{"items": [' * 300 + "]}" * 300
    assert "deep" in places(deep.replace('{"items"', '{"$element": "list", "items"'), ResourceList)[0]
    wild = '{"$any": "{urn:x}a", "children": [' * 300 + "]}" * 300
    assert "deep" in places('{"extensions": [' + wild + "]}", ResourceList)[0]


@pytest.mark.parametrize(
    "model",
    [
        3,
        None,
        ResourceList(extensions=[DerivedElement(qname="a", value="b")]),
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


def test_a_deviating_document_is_shown_and_has_to_be_mended_to_come_back() -> None:
    xml = (
        '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list><entry/></list></resource-lists>'
    )
    text = to_json(parse(xml, ResourceLists))
    assert text == '{"items": [{"items": [{"$element": "entry"}]}]}'
    assert places(text) == ["items[0].items[0].uri: is required, and missing"]


def test_parts() -> None:
    for part in (Entry(uri="a"), One(id="b"), Rule(id="c")):
        assert from_json(to_json(part), type(part)) == part
