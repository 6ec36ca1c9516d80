"""What was noted of a model gives it back as it was, whatever was done to its objects since."""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from xsdata.formats.dataclass.models.generics import AnyElement

from instances import Maker, edit, model_of, seeds
from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.merge import merge
from xcap_sdk.usages import ALL, RESOURCE_LISTS, ApplicationUsage


def before(snapshot: Snapshot) -> Any:
    """The model as it was."""
    found = snapshot.before()
    _, was = found.get(id(snapshot.model), (None, snapshot.model))
    return was


def book() -> ResourceLists:
    """Two lists, one of them with something of every kind."""
    bob = Entry(uri="sip:bob@x", display_name=DisplayName(value="Bob"), attributes={"{urn:e}a": "1"})
    bob.extensions.append(
        AnyElement(
            qname="{urn:e}x", text="text", children=[AnyElement(qname="{urn:e}y")], attributes={"k": "v"}
        )
    )
    return ResourceLists(
        items=[ResourceList(items=[bob, Entry(uri="sip:carol@x")], name="friends"), ResourceList(name="work")]
    )


EDITS = [
    "friends.name = 'buddies'",
    "friends.items.append(Entry(uri='sip:dave@x'))",
    "friends.items.reverse()",
    "del friends.items[:]",
    "friends.items[1] = copy.copy(friends.items[1])",
    "bob.uri = None",
    "bob.display_name = None",
    "bob.display_name = DisplayName(value='Bob')",
    "bob.display_name.value = 'Bobby'",
    "bob.attributes['{urn:e}a'] = '2'",
    "bob.attributes['{urn:e}b'] = '2'",
    "bob.attributes.clear()",
    "bob.extensions.clear()",
    "bob.extensions[0].text = 'other'",
    "bob.extensions[0].children.append(AnyElement(qname='{urn:e}z'))",
    "bob.extensions[0].children[0].tail = 'text'",
    "bob.extensions[0].attributes['k'] = 'w'",
    "work.items.append(bob)",
    "work.items.append(friends.items.pop())",
    "friends.items[1].attributes['{urn:e}c'] = '3'",
    "friends.items[1].extensions.append(AnyElement(qname='{urn:e}x'))",
]


@pytest.mark.parametrize("what", EDITS)
def test_each_edit_is_found_and_undone(what: str) -> None:
    model = book()
    snapshot, copied = Snapshot(model), copy.deepcopy(model)
    assert snapshot.before() == {}
    friends, work = model.items
    assert isinstance(friends, ResourceList)
    here = {"friends": friends, "work": work, "bob": friends.items[0], **globals()}
    exec(what, here)
    was = before(snapshot)
    assert was == copied
    assert was is not model
    assert snapshot.before()[id(model)][1] == copied


NONE = ["work.items", "carol.extensions", "carol.attributes", "work.attributes"]


@pytest.mark.parametrize("what", NONE)
def test_none_in_place_of_what_is_empty_is_no_edit(what: str) -> None:
    model = book()
    snapshot = Snapshot(model)
    friends, work = model.items
    assert isinstance(friends, ResourceList)
    exec(f"{what} = None", {"work": work, "carol": friends.items[1]})
    assert snapshot.before() == {}
    assert merge(Lineage.of(snapshot).base, model, book(), RESOURCE_LISTS.keys).clashes == ()


def test_what_was_not_edited_is_the_same_object() -> None:
    model = book()
    snapshot = Snapshot(model)
    friends, work = model.items
    assert isinstance(friends, ResourceList)
    friends.items[0].uri = "sip:bobby@x"
    was = before(snapshot)
    assert was.items[1] is work
    assert was.items[0] is not friends
    assert was.items[0].items[1] is friends.items[1]
    assert was.items[0].items[0].display_name is friends.items[0].display_name


def test_what_is_put_together_again_is_not_the_edited_models() -> None:
    model = book()
    snapshot = Snapshot(model)
    friends = model.items[0]
    assert isinstance(friends, ResourceList)
    friends.name = "a"
    was = before(snapshot)
    friends.items.clear()
    assert len(was.items[0].items) == 2
    was.items[0].items.clear()
    assert len(before(snapshot).items[0].items) == 2


@dataclass(kw_only=True)
class Odd:
    """What the generated classes do not have."""

    rows: list[list[str]] = field(
        default_factory=list[list[str]], metadata={"type": "Element", "tokens": True}
    )
    pair: tuple[Entry, ...] = field(default=(), metadata={"type": "Element"})
    value: object = field(default=None, metadata={"type": "Wildcard"})


def test_values_of_any_kind() -> None:
    values = {1, 2}
    odd = Odd(rows=[["a"]], pair=(Entry(uri="sip:bob@x"),), value=values)
    snapshot, copied = Snapshot(odd), copy.deepcopy(odd)
    assert snapshot.before() == {}
    odd.rows[0].append("b")
    assert before(snapshot) == copied
    odd.rows[0].pop()
    assert snapshot.before() == {}
    odd.pair[0].uri = "sip:carol@x"
    assert before(snapshot) == copied
    odd.pair[0].uri = "sip:bob@x"
    values.add(3)
    assert before(snapshot) == copied


def test_others_may_stand_for_what_was_noted() -> None:
    model = book()
    friends = model.items[0]
    snapshot = Snapshot(model)
    other = dataclasses.replace(friends, name="other")
    snapshot.replace({id(friends): other})
    found = snapshot.before()  # the model has `friends` where `other` stands now, which has another name
    assert set(found) == {id(model), id(other)}
    assert found[id(other)][1] == friends
    assert found[id(model)][1] == book()


@pytest.mark.parametrize("usage", ALL, ids=str)
@settings(max_examples=max(settings().max_examples // 4, 1))
@given(seed=seeds)
def test_any_edits_are_undone(usage: ApplicationUsage[Any], seed: int) -> None:
    random = Random(seed)
    model = model_of(usage, seed)
    snapshot, copied = Snapshot(model), copy.deepcopy(model)
    assert snapshot.tracked == set(map(id, objects_of(model)))
    for _ in range(random.randint(1, 4)):
        edit(random, model, Maker(random))
    assert before(snapshot) == copied
