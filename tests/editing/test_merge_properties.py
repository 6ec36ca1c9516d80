"""Whatever the two sides did: neither loses anything that did not clash."""

from __future__ import annotations

import copy
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from editing_documents import ANY, WORDS, all_lists, edit_lists, edit_rules, pres_rules, resource_lists
from hypothesis import given, settings
from hypothesis import strategies as st

from xcap_documents._behaviour.views import Keyed
from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import Data, Description, Encoding, MimeType, StatusIcon
from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.outline import Outline
from xcap_sdk.editing import merge as merging
from xcap_sdk.editing import versions
from xcap_sdk.editing.lineage import UNKNOWN
from xcap_sdk.editing.merge import merge
from xcap_sdk.editing.merger import Merger
from xcap_sdk.editing.versions import Versions
from xcap_sdk.usages import OMA_PRES_RULES, RESOURCE_LISTS

SOME = settings(max_examples=max(settings().max_examples // 4, 1))


@dataclass
class Bookmark:
    class Meta:
        name = "bookmark"

    href: str = field(metadata={"type": "Attribute"})
    title: str | None = field(default=None, metadata={"type": "Element"})
    rank: int | None = field(default=None, metadata={"type": "Attribute"})
    tags: list[str] = field(default_factory=list, metadata={"type": "Element", "name": "tag"})


@dataclass
class Bookmarks:
    class Meta:
        name = "bookmarks"
        namespace = "urn:bookmarks"

    items: list[Bookmark] = field(default_factory=list, metadata={"type": "Element", "name": "bookmark"})
    extensions: list[object] = field(default_factory=list, metadata={"type": "Wildcard"})


KEYS: dict[type, str] = {**RESOURCE_LISTS.keys, **OMA_PRES_RULES.keys, Bookmark: "href"}

bookmark = st.builds(
    Bookmark, href=WORDS, title=st.none() | WORDS, rank=st.none() | st.integers(0, 9), tags=st.lists(WORDS)
)
bookmarks = st.builds(
    Bookmarks,
    items=st.lists(bookmark, max_size=5, unique_by=lambda each: each.href),
    extensions=st.lists(ANY, max_size=2),
)
icons = st.builds(
    StatusIcon,
    data=st.builds(Data, value=WORDS),
    encoding=st.none() | st.builds(Encoding, value=WORDS),
    mime_type=st.none() | st.builds(MimeType, value=WORDS),
    descriptions=st.lists(st.builds(Description, value=WORDS, lang=st.none() | st.just("en")), max_size=3),
    extensions=st.lists(ANY, max_size=2),
)


def edit_bookmarks(draw: Callable[[Any], Any], model: Bookmarks) -> None:
    what = draw(st.integers(0, 5))
    if what == 0 or not model.items:
        model.items.insert(draw(st.integers(0, len(model.items))), draw(bookmark))
        return
    chosen = draw(st.sampled_from(model.items))
    if what == 1:
        model.items.remove(chosen)
    elif what == 2:
        model.items[:] = draw(st.permutations(model.items))
    elif what == 3:
        chosen.tags[:] = draw(st.permutations([*chosen.tags, draw(WORDS)]))
    elif what == 4:
        chosen.title, chosen.rank = draw(st.none() | WORDS), draw(st.integers(0, 9))
    else:
        model.extensions[:] = draw(st.lists(ANY, max_size=2))


def edit_icon(draw: Callable[[Any], Any], model: StatusIcon) -> None:
    what = draw(st.integers(0, 4))
    if what == 0:
        model.data.value = draw(WORDS)
    elif what == 1:
        model.encoding = draw(st.none() | st.builds(Encoding, value=WORDS))
    elif what == 2:
        model.descriptions[:] = draw(st.permutations([*model.descriptions, Description(value=draw(WORDS))]))
    elif what == 3:
        model.descriptions[:] = model.descriptions[1:]
    else:
        model.extensions[:] = draw(st.permutations([*model.extensions, draw(ANY)]))


Case = tuple[Any, Callable[[Callable[[Any], Any], Any], None]]
CASES: dict[str, Case] = {
    "resource-lists": (resource_lists().map(lambda xml: parse(xml, ResourceLists)), edit_lists),
    "pres-rules": (pres_rules().map(lambda xml: parse(xml, Ruleset)), edit_rules),
    "status-icon": (icons, edit_icon),
    "bookmarks": (bookmarks, edit_bookmarks),
}
every = pytest.mark.parametrize("case", CASES)


def edited(data: st.DataObject, model: Any, case: str) -> Any:
    result = copy.deepcopy(model)
    for _ in range(data.draw(st.integers(0, 3))):
        CASES[case][1](data.draw, result)
    return result


def thorough(base: Any, mine: Any, theirs: Any) -> Any:
    """Merge without the ways to be done early."""
    root = Versions(Outline.of(base), Outline.of(mine), Outline.of(theirs))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(versions, "_SHORT", -1)
        merger: Any = Merger(root, KEYS, UNKNOWN, None)
        model = merger.element(root, None)
    assert merger.report.clashes == []
    return model


@every
@SOME
@given(data=st.data())
def test_what_one_side_did_comes_out_as_it_is(case: str, data: st.DataObject) -> None:
    base = data.draw(CASES[case][0])
    one = edited(data, base, case)
    before = copy.deepcopy((base, one))
    assert merge(base, one, base, KEYS).model == one
    assert merge(base, base, one, KEYS).model == one
    assert merge(base, one, copy.deepcopy(one), KEYS) == merging.Merged(one, ())
    assert merge(None, one, copy.deepcopy(one), KEYS) == merging.Merged(one, ())
    assert thorough(base, one, copy.deepcopy(base)) == one
    assert thorough(base, copy.deepcopy(base), one) == one
    assert thorough(base, one, copy.deepcopy(one)) == one
    assert (base, one) == before


@every
@SOME
@given(data=st.data())
def test_whatever_both_did(case: str, data: st.DataObject) -> None:
    base = data.draw(CASES[case][0])
    mine, theirs = edited(data, base, case), edited(data, base, case)
    before = copy.deepcopy((base, mine, theirs))
    for start in (base, None):
        merged = merge(start, mine, theirs, KEYS)
        swapped = merge(start, theirs, mine, KEYS)
        decided = [merge(start, mine, theirs, KEYS, prefer=side) for side in ("mine", "theirs")]
        assert (base, mine, theirs) == before
        assert len(merged.clashes) == len(swapped.clashes)
        assert all(each.clashes for each in decided) is bool(merged.clashes)
        assert decided[1] == merged
        if merged.is_clean:
            assert unordered(merged.model) == unordered(swapped.model)
            assert decided[0] == merged
        for each in (merged, *decided):
            if are_unique(mine) and are_unique(theirs):
                assert are_unique(each.model)
            for clash in each.clashes:
                resolve(clash.place, mine, theirs)
                assert str(clash).startswith(clash.place or "document")
                assert clash.mine != clash.theirs or "order" in str(clash)
        # To merge again what was decided changes nothing more.
        assert merge(theirs, decided[0].model, theirs, KEYS).model == decided[0].model


def unordered(model: Any) -> Any:
    def of(outline: Outline) -> Any:
        children = Counter(of(child) for child in outline.children)
        return outline.name, frozenset(outline.attributes.items()), outline.text, frozenset(children.items())

    return of(Outline.of(model))


def are_unique(model: Any) -> bool:
    pending = [Outline.of(model)]
    while pending:
        outline = pending.pop()
        keys = [
            (child.name, getattr(child.value, key))
            for child in outline.children
            if (key := KEYS.get(type(child.value))) and getattr(child.value, key) is not None
        ]
        if len(set(keys)) < len(keys):
            return False
        pending += outline.children
    return True


def resolve(place: str, mine: Any, theirs: Any) -> None:
    """Walk to a place as one would in Python, in one of the models."""
    errors: list[Exception] = []
    for model in (mine, theirs):
        try:
            walk(model, place)
        except (AttributeError, LookupError, TypeError) as error:
            errors.append(error)
        else:
            return
    raise AssertionError(place, errors)


STEP = re.compile(r"""\.?(\w+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]""")


def walk(value: Any, place: str) -> Any:
    position = 0
    while position < len(place):
        step = STEP.match(place, position)
        assert step, place
        position = step.end()
        name, index, key = step.groups()
        if name == "value" and isinstance(value, str):
            pass  # the shortcut to an element gives its only attribute at once
        elif name:
            value = getattr(value, name)
        elif index:
            value = value.at(int(index)) if isinstance(value, Keyed) else value[int(index)]
        elif isinstance(value, dict):
            value = value.get(unquoted(key))  # an attribute that one side removed is not there
        else:
            value = value[unquoted(key)]
    return value


def unquoted(text: str) -> str:
    found: str = json.loads(f'"{text}"')
    return found


@SOME
@given(st.data())
def test_additions_and_removals_of_different_entries_all_happen(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=10))
    base = ResourceLists(items=[ResourceList(name="l", items=[Entry(uri=name) for name in names])])
    theirs_may = data.draw(st.sets(st.sampled_from("abcdefghijkl")))

    def change(mark: str, allowed: set[str]) -> tuple[ResourceLists, set[str], dict[str, str]]:
        book = copy.deepcopy(base)
        entries = book.lists["l"].entries
        gone = data.draw(st.sets(st.sampled_from(sorted(allowed & set(names)) or ["-"])))
        for name in gone:
            entries.discard(name)
        labels = {name: f"{mark}{name}" for name in (allowed & set(names)) - gone if data.draw(st.booleans())}
        for name, label in labels.items():
            entries[name].label = label
        for number in range(data.draw(st.integers(0, 3))):
            entries.add(f"{mark}{number}", at=data.draw(st.integers(0, len(entries))))
            labels[f"{mark}{number}"] = ""
        return book, gone, labels

    mine, gone, labels = change("m", set("abcdefghijkl") - theirs_may)
    theirs, gone_there, labels_there = change("t", theirs_may)
    merged = merge(base, mine, theirs, KEYS)
    assert merged.clashes == ()
    found = {entry.uri: entry.label or "" for entry in merged.model.lists["l"].entries}
    kept = {name: "" for name in names if name not in gone | gone_there}
    assert found == {**kept, **labels, **labels_there}
    keys = merged.model.lists["l"].entries.keys()
    for side in (mine, theirs):  # nobody changed the order of what stays
        own = [key for key in side.lists["l"].entries.keys() if key in found]  # noqa: SIM118 - a view is no mapping
        assert [key for key in keys if key in own] == own


@SOME
@given(st.data(), resource_lists())
def test_unknown_content_that_mine_never_saw_stays(data: st.DataObject, received: bytes) -> None:
    base, mine, theirs = (parse(received, ResourceLists) for _ in range(3))
    theirs.items.append(ResourceList(name="theirs", extensions=[data.draw(ANY)]))
    for each in all_lists(theirs):
        each.attributes["{urn:theirs}seen"] = "1"
    for each in all_lists(mine):
        each.attributes["{urn:mine}seen"] = "1"
        each.items.append(Entry(uri="sip:mine@x"))
    merged = merge(base, mine, theirs, KEYS)
    assert merged.clashes == ()
    assert merged.model.items[-1] == theirs.items[-1]
    for each in all_lists(merged.model)[: len(all_lists(base))]:
        assert "{urn:theirs}seen" in each.attributes
    assert sum("{urn:mine}seen" in each.attributes for each in all_lists(merged.model)) == len(
        all_lists(base)
    )


@SOME
@given(st.data())
def test_rules_made_apart_are_all_there(data: st.DataObject) -> None:
    def policy() -> Ruleset:
        ids = data.draw(st.lists(st.sampled_from("abcde"), unique=True))
        rules = Ruleset()
        for each in ids:
            rules.rules.add(each)
            for one in sorted(data.draw(st.sets(st.sampled_from("xyz")))):
                rules.rules[each].identity.add(f"sip:{one}@x")
        return rules

    mine, theirs = policy(), policy()
    merged = merge(None, mine, theirs, KEYS)
    assert merged.clashes == ()
    for side in (mine, theirs):
        for rule in side.rules:
            assert set(rule.identity.keys()) <= set(merged.model.rules[rule.id].identity.keys())
    assert set(merged.model.rules.keys()) == {*mine.rules.keys(), *theirs.rules.keys()}
