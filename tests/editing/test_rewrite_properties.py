"""Whatever the document and whatever the edit: nothing is lost, and nothing else changes."""

from __future__ import annotations

import re
from typing import Any
from unittest.mock import patch

import pytest
from editing_documents import all_lists, edit_lists, edit_rules, pres_rules, resource_lists
from hypothesis import given, settings
from hypothesis import strategies as st

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import Entry, ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.placing import Placer
from xcap_sdk.documents.source import Source
from xcap_sdk.editing import rewrite as rewriting
from xcap_sdk.editing.rewrite import rewrite

SOME = settings(max_examples=settings().max_examples * 2 // 5)
ASIDES = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)


def finest(received: bytes, base: Any, edited: Any) -> bytes:
    """Rewrite without the way out of making larger elements anew, which valid documents never need."""
    with (
        patch.object(rewriting, "_DEPTHS", (None,)),
        patch.object(rewriting, "serialize", side_effect=AssertionError("does not read back")),
    ):
        return rewrite(received, base, edited)


@SOME
@given(st.data(), resource_lists())
def test_lists_read_back_as_edited(data: st.DataObject, received: bytes) -> None:
    base, edited = parse(received, ResourceLists), parse(received, ResourceLists)
    for _ in range(data.draw(st.integers(1, 4))):
        edit_lists(data.draw, edited)
    result = finest(received, base, edited)
    assert parse(result, ResourceLists) == edited
    if base == edited:
        assert result is received
    _untouched_entries_are_identical(received, base, edited, result)


@SOME
@given(st.data(), resource_lists(broken=True))
def test_lists_that_break_the_schema_read_back_as_edited(data: st.DataObject, received: bytes) -> None:
    base, edited = parse(received, ResourceLists), parse(received, ResourceLists)
    for _ in range(data.draw(st.integers(1, 3))):
        edit_lists(data.draw, edited)
    assert parse(rewrite(received, base, edited), ResourceLists) == edited


@SOME
@given(st.data(), pres_rules())
def test_rules_read_back_as_edited(data: st.DataObject, received: bytes) -> None:
    base, edited = parse(received, Ruleset), parse(received, Ruleset)
    for _ in range(data.draw(st.integers(1, 4))):
        edit_rules(data.draw, edited)
    result = finest(received, base, edited)
    assert Outline.of(parse(result, Ruleset)).fingerprint() == Outline.of(edited).fingerprint()
    source = Source.parse(received)
    before = {rule.id: (rule, element) for rule, element in _elements(source, base)}
    for rule in edited.items:
        if (
            rule.id in before
            and before[rule.id][0] == rule
            and sum(each.id == rule.id for each in edited.items) == 1
        ):
            assert source.fragment(before[rule.id][1]) in result


def _elements(source: Source, policy: Ruleset) -> list[tuple[Any, Any]]:
    return list(
        zip(policy.items, [child for child in source.root if isinstance(child.tag, str)], strict=True)
    )


def _untouched_entries_are_identical(
    received: bytes, base: ResourceLists, edited: ResourceLists, result: bytes
) -> None:
    source = Source.parse(received)
    outline = Outline.of(base)
    kept = {
        entry.uri: entry for each in all_lists(edited) for entry in each.items if isinstance(entry, Entry)
    }
    places = {_path(edited, uri) for uri in kept}
    for element in source.root.iter("{*}entry"):
        steps, _ = Placer(outline).steps(element)
        value: Any = outline
        for step in steps:
            value = value.children[step]
        entry = value.value
        # The same entry below the same lists; a list that is new or renamed beyond recognition is written anew.
        path = _path(base, entry.uri)
        if path is not None and path in places and kept[entry.uri] == entry:
            assert source.fragment(element) in result


def _path(book: ResourceLists, uri: str) -> tuple[Any, ...] | None:
    """The names of the lists that an entry is in; None if one has none."""
    for top in book.items:
        pending = [(top, (top.name,))]
        while pending:
            current, path = pending.pop()
            for item in current.items:
                if isinstance(item, Entry) and item.uri == uri and None not in path:
                    return (*path, uri)
                if hasattr(item, "items"):
                    pending.append((item, (*path, item.name)))
    return None


@SOME
@given(st.data(), resource_lists())
def test_one_edit_changes_the_bytes_of_its_element_only(data: st.DataObject, received: bytes) -> None:
    base, edited = parse(received, ResourceLists), parse(received, ResourceLists)
    source = Source.parse(received)
    elements = list(source.root.iter("{*}list"))
    lists = all_lists(edited)
    if not lists:
        return
    chosen = data.draw(st.sampled_from(lists))
    element = next(each for each in elements if _value(base, each) == chosen)
    path, start_end = _value(base, element), source.span(element)
    assert path == chosen
    what = data.draw(st.sampled_from(["label", "add", "remove", "extend"]))
    if what == "label":
        chosen.label = "new & improved"
    elif what == "add":
        chosen.items.insert(0, Entry(uri="sip:new@x"))
    elif what == "remove":
        chosen.items.clear()
    else:
        chosen.attributes["{urn:new}a"] = "1"
    if sum(each == path for each in all_lists(base)) > 1:
        return  # which of two equal lists it was cannot be told from outside
    result = finest(received, base, edited)
    start, end = start_end
    assert result[:start] == received[:start]
    assert result[len(result) - (len(received) - end) :] == received[end:]
    if what != "remove":
        assert set(ASIDES.findall(received)) <= set(ASIDES.findall(result))


def _value(book: ResourceLists, element: Any) -> Any:
    outline = Outline.of(book)
    for step in Placer(outline).steps(element)[0]:
        outline = outline.children[step]
    return outline.value


@pytest.mark.parametrize("strategy", [resource_lists(), resource_lists(broken=True)])
@settings(max_examples=10)
@given(st.data())
def test_nothing_edited_gives_the_same_bytes(strategy: Any, data: st.DataObject) -> None:
    received = data.draw(strategy)
    assert rewrite(received, parse(received, ResourceLists), parse(received, ResourceLists)) is received
