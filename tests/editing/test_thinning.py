"""Long documents are proved by what is around their edits; that says the same as to read them as a whole."""

from __future__ import annotations

import copy
from collections.abc import Callable
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odd_xml import odd
from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_sdk import parse, serialize
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing import rewrite as rewriting
from xcap_sdk.editing import thinning
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.thinning import Thinned
from xcap_sdk.usages import RESOURCE_LISTS

LONG = 300


def long_book() -> ResourceLists:
    """Three lists, of which two are long."""
    lists = [
        ResourceList(name=name, items=[Entry(uri=f"sip:{name}{number}@x") for number in range(length)])
        for name, length in (("a", LONG), ("b", 3), ("c", LONG))
    ]
    for each in lists[0].items[::3]:
        assert isinstance(each, Entry)
        each.display_name = DisplayName(value="N")
    return ResourceLists(items=list(lists))


def saved(received: bytes, edit: Callable[[ResourceLists], object]) -> tuple[bytes, list[bool]]:
    """The document with edits, and for each try whether it was proved without a look at all of it."""
    proofs: list[bool] = []
    is_proven = rewriting._is_proven

    def noted(*given: Any) -> bool:
        proofs.append(is_proven(*given))
        return proofs[-1]

    model = parse(received, ResourceLists)
    snapshot = Snapshot(model)
    edit(model)
    lineage = Lineage.of(snapshot)
    with patch.object(rewriting, "_is_proven", noted):
        result = rewriting.rewrite(received, lineage.base, model, RESOURCE_LISTS.keys, lineage)
    assert parse(result, ResourceLists) == model
    return result, proofs


EDITS: dict[str, Callable[[ResourceLists], object]] = {
    "a label": lambda book: setattr(book.lists["a"].entries["sip:a150@x"], "label", "A"),
    "a label of the first": lambda book: setattr(book.lists["a"].entries["sip:a0@x"], "label", "A"),
    "a key of the last": lambda book: setattr(
        book.lists["c"].entries[f"sip:c{LONG - 1}@x"], "uri", "sip:z@x"
    ),
    "a new one at the end": lambda book: book.lists["a"].entries.add("sip:new@x", display_name="New"),
    "a new one at the start": lambda book: book.lists["a"].entries.add("sip:new@x", at=0),
    "a new one in the middle": lambda book: book.lists["a"].entries.add("sip:new@x", at=100),
    "one less": lambda book: book.lists["a"].entries.remove("sip:a150@x"),
    "many": lambda book: [setattr(each, "label", "M") for each in list(book.lists["a"].entries)[::100]],
    "one to the other list": lambda book: book.lists["b"].items.append(book.lists["a"].items.pop(7)),
    "two change places": lambda book: book.lists["c"].entries.move("sip:c200@x", to=201),
    "in two lists": lambda book: [book.lists[name].entries.add("sip:new@x") for name in "ac"],
    "beside a long list": lambda book: setattr(book.lists["b"], "label", "B"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_edits_of_long_lists_are_proved_by_what_is_around_them(
    edit: Callable[[ResourceLists], object],
) -> None:
    received = serialize(long_book())
    result, proofs = saved(received, edit)
    assert proofs == [True]
    with patch.object(thinning, "_LEAST", 1 << 20):
        as_a_whole, proofs = saved(received, edit)
    assert proofs == [False]
    assert result == as_a_whole


def test_what_is_left_is_short() -> None:
    received = serialize(long_book())
    model = parse(received, ResourceLists)
    snapshot = Snapshot(model)
    EDITS["many"](model)
    lineage = Lineage.of(snapshot)
    read: list[bytes] = []
    reading = rewriting.Reading

    def noted(data: bytes, root: type[Any]) -> Any:
        read.append(data)
        return reading(data, root)

    with patch.object(rewriting, "Reading", noted):
        result = rewriting.rewrite(received, lineage.base, model, RESOURCE_LISTS.keys, lineage)
    assert len(result) > 10 * len(read[-1])
    assert len(parse(read[-1], ResourceLists).lists["a"].entries) == 9


def wrong(change: Callable[[bytes], bytes]) -> Callable[..., bytes]:
    """What splices in a wrong way."""
    spliced = rewriting.Splice._applied

    def applied(self: Any, changes: Any) -> bytes:
        return change(spliced(self, changes))

    return applied


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b">A<", b">B<"),
        lambda data: data.replace(b">A<", b"><"),
        lambda data: data.replace(b"sip:a150@x", b"sip:a@x"),
        lambda data: data.replace(b"sip:a151@x", b"sip:a150@x"),
        lambda data: data.replace(b'name="a"', b'name="d"'),
        lambda data: data.replace(b'name="b"', b'name="d"'),
        lambda data: data.replace(b"</resource-lists>", b'<list name="d"/></resource-lists>'),
    ],
)
def test_a_wrong_result_is_not_proved(change: Callable[[bytes], bytes]) -> None:
    received = serialize(long_book())
    model = parse(received, ResourceLists)
    snapshot = Snapshot(model)
    EDITS["a label"](model)
    lineage = Lineage.of(snapshot)
    with patch.object(rewriting.Splice, "_applied", wrong(change)), pytest.raises(rewriting.InvalidDocument):
        rewriting.rewrite(received, lineage.base, model, RESOURCE_LISTS.keys, lineage)


def test_an_edit_in_what_is_left_out_is_no_proof() -> None:
    """If an edit were where none is to be, nobody would look there: so the rest is not taken for all."""
    received = serialize(long_book())
    source = rewriting.Reading(received, ResourceLists).source
    splice = rewriting.Splice(source)
    entries = list(source.root[0])
    start, end = source.span(entries[10])[0], source.span(entries[20])[0]
    splice.set_attribute(entries[10], "uri", "sip:z@x")
    assert splice.result_without([(start, end)]) is None
    splice = rewriting.Splice(source)
    splice.move(entries[12], source.root[1], 0)
    assert splice.result_without([(start, end)]) is None
    splice = rewriting.Splice(source)
    splice.set_attribute(entries[9], "uri", "sip:z@x")
    splice.set_attribute(entries[20], "uri", "sip:y@x")
    rest = splice.result_without([(start, end)])
    assert rest is not None
    assert [str(each.uri) for each in parse(rest, ResourceLists).lists["a"].entries][8:12] == [
        "sip:a8@x",
        "sip:z@x",
        "sip:y@x",
        "sip:a21@x",
    ]


@given(seed=st.integers(0, 1 << 32))
def test_both_proofs_agree(seed: int) -> None:
    random = Random(seed)
    with patch.object(thinning, "_LEAST", random.randint(0, 3)), patch.object(thinning, "_SHORT", 0):
        received = odd(serialize(short_book(random)), random)

        def edit(book: ResourceLists) -> None:
            for _ in range(random.randint(1, 4)):
                any_edit(book, random)

        state = random.getstate()
        result, _ = saved(received, edit)
        with patch.object(thinning, "_LEAST", 1 << 20):
            random.setstate(state)
            as_a_whole, proofs = saved(received, edit)
        assert not any(proofs)
    assert result == as_a_whole


def short_book(random: Random) -> ResourceLists:
    """Lists of up to twenty entries, some of them in lists."""
    book = ResourceLists()
    for name in "abc"[: random.randint(1, 3)]:
        friends = book.lists.add(name)
        for number in range(random.randint(0, 20)):
            friends.entries.add(f"sip:{name}{number}@x", display_name=random.choice([None, "N"]))
        if random.random() < 0.5:
            friends.lists.add(f"{name}{name}").entries.add("sip:inner@x")
    return book


def any_edit(book: ResourceLists, random: Random) -> None:
    """One edit of a list."""
    lists = list(book.lists)
    items, others = random.choice(lists).items, random.choice(lists).items
    at = random.randint(0, len(items))
    match random.randint(0, 5):
        case 0:
            items.insert(at, Entry(uri=f"sip:{random.random()}@x"))
        case 1:
            del items[at : at + random.randint(1, 2)]
        case 2:
            others.extend(items[at : at + 1])
            del items[at : at + 1]
        case 3:
            for each in items[at : at + 2]:
                each.display_name = DisplayName(value=str(random.random()))
        case 4:
            items[at : at + 1] = copy.deepcopy(items[at : at + 1])
        case _:
            items.reverse()


def test_objects_of_other_readings_leave_nothing_out() -> None:
    received = serialize(long_book())
    base, model = parse(received, ResourceLists), parse(received, ResourceLists)
    outlines = [rewriting.Outline.of(each) for each in (base, model)]
    source = rewriting.Reading(received, ResourceLists).source
    thinned = Thinned(source, outlines[0], outlines[1], {source.root: list(source.root)})
    assert thinned.model is model
    assert thinned.stretches == []
