"""The JSON Schema of a class: it takes what `to_json` writes, and says no where `from_json` does."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
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
from xcap_sdk import ApplicationUsage, InvalidDocument, InvalidInput, from_json, json_schema, to_json, usages

SOME = settings(max_examples=settings().max_examples * 3 // 10)


@functools.cache
def checker(root: type[Any], *extensions: type[Any]) -> Draft202012Validator:
    schema = json_schema(root, extensions=extensions)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


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
    assert checker(usage.root).is_valid(content)
    broken = json.loads(json.dumps(content))
    breakage(broken, random)
    assert checker(usage.root).is_valid(broken) == is_read(broken, usage.root), broken


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
