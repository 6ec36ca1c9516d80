"""The JSON Schema of a class: it takes what `to_json` writes, and says no where `from_json` does."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass, field, make_dataclass
from random import Random
from typing import Any

import pytest
from filled import filled
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import ProvideActivities, SubHandling, SubHandlingElement
from xcap_documents.resource_lists import Entry, ResourceLists
from xcap_documents.simservs import Simservs
from xcap_sdk import (
    ApplicationUsage,
    InvalidDocument,
    InvalidInput,
    from_json,
    json_schema,
    to_json,
    usages,
    validate,
)

SOME = settings(max_examples=settings().max_examples * 3 // 10)


FACETS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "pattern"]


@functools.cache
def checker(root: type[Any], *extensions: type[Any]) -> Draft202012Validator:
    schema = json_schema(root, extensions=extensions)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@functools.cache
def without_facets(root: type[Any]) -> Draft202012Validator:
    """What looks at the form alone, as `from_json` does; $element has a pattern that is of the form."""

    def stripped(schema: Any) -> Any:
        if isinstance(schema, dict):
            dropped = [] if "not" in schema or schema.get("pattern", "").startswith("^\\{") else FACETS
            return {key: stripped(value) for key, value in schema.items() if key not in dropped}
        return [stripped(each) for each in schema] if isinstance(schema, list) else schema

    return Draft202012Validator(stripped(json_schema(root)))


def is_read(content: object, root: type[Any]) -> bool:
    try:
        from_json(json.dumps(content), root)
    except InvalidDocument:
        return False
    return True


@pytest.mark.parametrize("usage", usages.ALL, ids=str)
@SOME
@given(st.randoms(use_true_random=True))
def test_verdicts_are_those_of_from_json(usage: ApplicationUsage[Any], random: Random) -> None:
    content = json.loads(to_json(filled(usage.root, random)))
    assert without_facets(usage.root).is_valid(content)
    broken = json.loads(json.dumps(content))
    breakage(broken, random)
    assert without_facets(usage.root).is_valid(broken) == is_read(broken, usage.root), broken


@pytest.mark.parametrize("usage", usages.ALL, ids=str)
@SOME
@given(st.randoms(use_true_random=True))
def test_what_is_valid_is_within_the_facets(usage: ApplicationUsage[Any], random: Random) -> None:
    model = filled(usage.root, random)
    is_right = checker(usage.root).is_valid(json.loads(to_json(model)))
    if not is_right:
        with pytest.raises(InvalidDocument):
            validate(model, usage)


def test_the_bounds_of_a_number() -> None:
    for seconds, verdict in ((4, False), (5, True), (180, True), (181, False), (None, True)):
        timer = {"$element": "communication-diversion", "no_reply_timer": seconds}
        assert checker(Simservs).is_valid({"items": [timer]}) is verdict
    field = json_schema(Simservs)["$defs"]["CommunicationDiversion_communication-diversion"]["properties"]
    assert field["no_reply_timer"]["anyOf"] == [
        {"type": "integer", "minimum": 5, "maximum": 180},
        {"type": "null"},
    ]


@dataclass(kw_only=True)
class Measured:
    """A class with all facets."""

    class Meta:
        namespace = "urn:measured"

    share: float = field(metadata={"type": "Attribute", "min_exclusive": 0.0, "max_exclusive": 1.5})
    code: str = field(metadata={"type": "Attribute", "length": 2, "pattern": "[A-Z]+|-{2}"})
    name: str = field(metadata={"type": "Attribute", "min_length": 1, "max_length": 3, "pattern": r"\i\c*"})
    data: bytes = field(metadata={"type": "Attribute", "max_length": 1, "format": "base64"})
    words: list[str] = field(metadata={"type": "Attribute", "tokens": True, "max_length": 1})
    each: list[str] = field(default_factory=list, metadata={"type": "Element", "pattern": "a*"})
    items: list[str | int] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {"name": "text", "type": str, "pattern": "b"},
                {"name": "number", "type": int, "max_inclusive": 9},
            ),
        },
    )


def test_all_facets_that_it_knows() -> None:
    found = json_schema(Measured)["properties"]
    said = {
        name: {key: value for key, value in schema.items() if key in FACETS} for name, schema in found.items()
    }
    assert said == {
        "share": {},
        "code": {"minLength": 2, "maxLength": 2, "pattern": "^(?:[A-Z]+|-{2})$"},
        "name": {"minLength": 1, "maxLength": 3},  # JSON Schema has no \\i
        "data": {},  # its length counts bytes
        "words": {},
        "each": {},
        "items": {},
    }
    assert found["each"]["items"]["pattern"] == "^(?:a*)$"
    assert found["share"]["anyOf"][0] == {
        "type": "number",
        "exclusiveMinimum": 0.0,
        "exclusiveMaximum": 1.5,
    }
    right = {"share": 1.0, "code": "AB", "name": "a", "data": "YWE=", "words": ["ab"], "each": ["aa"]}
    for odd in ({}, {"items": [{"$element": "text", "value": "b"}, {"$element": "number", "value": 9}]}):
        assert checker(Measured).is_valid({**right, **odd})
    for odd in (
        {"each": ["b"]},
        {"code": "ABC"},
        {"code": "a-"},
        {"share": 0},
        {"items": [{"$element": "text", "value": "c"}]},
        {"items": [{"$element": "number", "value": 10}]},
    ):
        assert not checker(Measured).is_valid({**right, **odd})
        assert is_read({**right, **odd}, Measured)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"[0-9]{3}\-[0-9]{4}", "[0-9]{3}-[0-9]{4}"),
        (r"[+\-]?[\s\\s]", r"[+\-]?[ \t\n\r\\s]"),
        (r"[^\s]+", r"[^ \t\n\r]+"),
        (r"\s*\\s", r"[ \t\n\r]*\\s"),
        (r".+\.[.]\\.", r"[^\n\r]+\.[.]\\[^\n\r]"),
        (r"[\]\-.\[]\[.\]", r"[\]\-.\[]\[[^\n\r]\]"),
    ],
)
def test_patterns_are_said_in_the_language_of_json_schema(pattern: str, said: str) -> None:
    cls = make_dataclass("Odd", [("a", str, field(metadata={"type": "Attribute", "pattern": pattern}))])
    assert json_schema(cls)["properties"]["a"] == {"type": "string", "pattern": f"^(?:{said})$"}


@pytest.mark.parametrize("bound", [math.inf, -math.inf, math.nan, True])
def test_bounds_that_are_no_numbers_in_json_are_left_out(bound: float) -> None:
    cls = make_dataclass("Odd", [("a", float, field(metadata={"type": "Attribute", "max_inclusive": bound}))])
    assert json_schema(cls)["properties"]["a"]["anyOf"][0] == {"type": "number"}


@pytest.mark.parametrize("pattern", [r"\d", r"\i", r"\p{L}", "[a-z-[aeiou]]", "^a", "a$", r"[\w]"])
def test_patterns_that_mean_something_else_there_are_left_out(pattern: str) -> None:
    cls = make_dataclass("Odd", [("a", str, field(metadata={"type": "Attribute", "pattern": pattern}))])
    assert json_schema(cls)["properties"]["a"] == {"type": "string"}


def breakage(content: dict[str, Any], random: Random) -> None:
    """Change one thing, outside of elements that the schema leaves open."""
    objects = [content, *_below(content)]
    chosen = random.choice(objects)
    name = random.choice([*chosen, "items", "odd"])
    if random.random() < 0.5:
        chosen.pop(name, None)
    else:
        chosen[name] = random.choice(
            [None, 5, True, [], {}, [None], {"$element": "odd"}, {"$any": "{urn:x}a"}]
        )


def _below(content: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for child in (
        content.values() if isinstance(content, dict) else content if isinstance(content, list) else []
    ):
        is_object = isinstance(child, dict)
        if is_object and str(child.get("$element")).startswith("{"):
            continue
        found += [child, *_below(child)] if is_object else _below(child)
    return found


def test_elements_behind_wildcards_are_described_if_asked_for() -> None:
    policy = Ruleset()
    rule = policy.rules.add("a")
    rule.sub_handling = SubHandling.ALLOW
    rule.provide_activities = True
    content = json.loads(to_json(policy))
    right = to_json(policy)
    wrong = right.replace('"allow"', '"perhaps"')
    assert wrong != right
    for extensions, verdict in (((), True), ([SubHandlingElement, ProvideActivities], False)):
        check = checker(Ruleset, *extensions)
        assert check.is_valid(content)
        assert check.is_valid(json.loads(wrong)) is verdict
    with pytest.raises(InvalidInput, match="Nameless is no class of an element"):
        json_schema(Ruleset, extensions=[Nameless])


@dataclass(kw_only=True)
class Nameless:
    """A class of no namespace."""

    value: str = field(default="", metadata={"type": "Text"})


@pytest.mark.parametrize("no_class", [int, str, SubHandling, Entry(uri="a")])
def test_what_is_no_document_class(no_class: Any) -> None:
    with pytest.raises(InvalidInput, match="expected a document class"):
        json_schema(no_class)
    with pytest.raises(InvalidInput, match="expected a document class"):
        json_schema(Ruleset, extensions=[no_class])
    with pytest.raises(InvalidInput, match="expected a document class"):
        from_json("{}", no_class)


def test_a_class_of_ones_own() -> None:
    text = to_json(Nameless(value="a"))
    assert from_json(text, Nameless) == Nameless(value="a")
    assert checker(Nameless).is_valid(json.loads(text))
    assert not checker(Nameless).is_valid({"value": 1})


def test_what_it_says() -> None:
    schema = json_schema(ResourceLists)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "ResourceLists"
    entry = schema["$defs"]["Entry_entry"]
    assert entry["description"].startswith("One resource in a list")
    assert entry["properties"]["$element"]["const"] == "entry"
    assert entry["properties"]["uri"]["description"].startswith("The resource's URI")
    assert entry["required"] == ["$element", "uri"]
    assert json_schema(ResourceLists) == schema
    items = schema["$defs"]["ResourceList"]["properties"]["items"]["items"]
    assert [each["$ref"].rpartition("/")[2] for each in items["oneOf"]] == [
        "ResourceList_list",
        "External_external",
        "Entry_entry",
        "EntryRef_entry-ref",
    ]
    assert json_schema(SubHandlingElement)["properties"]["value"]["enum"] == [
        each.value for each in SubHandling
    ]
