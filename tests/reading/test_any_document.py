"""Whatever is wrong with a document: it can be read, looked at, edited and saved, and nothing else changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from filled import filled
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from mutations import broken

from xcap_sdk import ApplicationUsage, Problem, usages
from xcap_sdk.documents import validation
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.classes import is_model
from xcap_sdk.documents.reading import Reading
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.editing import rewrite as rewriting
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.usages.validation import Received, check_bytes

SOME = settings(max_examples=settings().max_examples * 3 // 10)
EVERY = pytest.mark.parametrize("usage", usages.ALL, ids=str)
CHANCE = st.randoms(use_true_random=True)


@EVERY
@SOME
@given(CHANCE)
def test_it_can_be_read_and_its_faults_are_named(usage: ApplicationUsage[Any], random: Random) -> None:
    received = broken(usage, random)
    model = parse(received, usage.root)
    assert rewrite(received, model, parse(received, usage.root), usage.keys) is received
    serialize(model)
    found = Received(usage, received, None)
    assert all(isinstance(problem, Problem) for problem in found.problems)
    check_bytes(usage, received, model, None, found)  # nothing is worse than it was


@EVERY
@SOME
@given(CHANCE)
def test_every_shortcut_copes_with_it(usage: ApplicationUsage[Any], random: Random) -> None:
    for value in _objects(parse(broken(usage, random), usage.root)):
        for name in dir(type(value)):
            if not name.startswith("_"):
                _look(value, name)


def _objects(value: Any) -> Iterator[Any]:
    if is_model(value):
        yield value
        for field in dataclasses.fields(value):
            yield from _objects(getattr(value, field.name))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _objects(each)


def _look(value: Any, name: str) -> None:
    """Read an attribute and what it shows; that something cannot be had is said in words."""
    try:
        found = getattr(value, name)
    except (ValueError, LookupError) as error:
        if isinstance(error, KeyError | IndexError):
            raise
        return
    if not callable(found):
        repr(found)
        for method in ("__len__", "__iter__", "keys"):
            if hasattr(found, method) and not is_model(found):
                list(found.keys()) if method == "keys" else list(found)


@EVERY
@SOME
@given(CHANCE)
def test_an_edit_leaves_all_the_rest(usage: ApplicationUsage[Any], random: Random) -> None:
    """One attribute or text of one object: every element that it is not in stays byte for byte."""
    received = broken(usage, random)
    edited = parse(received, usage.root)
    snapshot = Snapshot(edited)
    places = [
        (value, field.name)
        for value in _objects(edited)
        for field in dataclasses.fields(value)
        if type(getattr(value, field.name)) is str and type(value).__module__.startswith("xcap_documents")
    ]
    if not places:
        return
    value, field = random.choice(places)
    setattr(value, field, "new & other")
    lineage = Lineage.of(snapshot)
    with patch.object(rewriting, "_DEPTHS", (None,)):  # without the way out of making larger elements anew
        result = rewrite(received, lineage.base, edited, usage.keys, lineage)
    assert parse(result, usage.root) == edited
    before, after = Source.parse(received), Source.parse(result)
    pairs = list(zip(before.root.iter("{*}*"), after.root.iter("{*}*"), strict=True))
    changed = [
        (old, new)
        for old, new in pairs
        if dict(old.attrib) != dict(new.attrib) or old.text != new.text or old.tag != new.tag
    ]
    assert len(changed) <= 1
    inside = {each for old, _ in changed for each in (old, *old.iterancestors())}
    for old, new in pairs:
        if old not in inside:
            assert before.fragment(old) == after.fragment(new)


@EVERY
@SOME
@given(CHANCE)
def test_what_no_class_shows_survives_additions(usage: ApplicationUsage[Any], random: Random) -> None:
    received = broken(usage, random)
    edited = parse(received, usage.root)
    snapshot = Snapshot(edited)
    lists = [
        (getattr(value, field.name), getattr(filled(type(value), random), field.name))
        for value in _objects(edited)
        if type(value).__module__.startswith("xcap_documents")
        for field in dataclasses.fields(value)
        if isinstance(getattr(value, field.name), list)
    ]
    for items, more in random.sample(lists, min(2, len(lists))):
        items[random.randint(0, len(items)) : 0] = more[:1]
    lineage = Lineage.of(snapshot)
    result = rewrite(received, lineage.base, edited, usage.keys, lineage)
    tags = [each.tag for each in etree.fromstring(received).iter()]
    kept = [each.tag for each in etree.fromstring(result).iter()]
    assert all(kept.count(tag) >= tags.count(tag) for tag in set(tags))


@EVERY
@SOME
@given(CHANCE)
def test_validation_while_parsing_refuses_the_same(usage: ApplicationUsage[Any], random: Random) -> None:
    data = broken(usage, random) if random.random() < 0.7 else serialize(filled(usage.root, random))
    with patch.object(validation, "_LONG", 0):
        assert Reading(data, usage.root).schema_problems() == schema_problems(data, root=usage.root)
