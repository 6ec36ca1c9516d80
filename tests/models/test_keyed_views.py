"""The keyed views over lists, entries and references."""

from __future__ import annotations

import copy
import pickle
import random
from collections.abc import Callable
from operator import is_

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xcap_documents import DuplicateKey, MissingKey, keyed
from xcap_documents._behaviour import tracking, views
from xcap_documents.resource_lists import DisplayName, Entry, EntryRef, External, ResourceList, ResourceLists


def buddies(*names: str) -> ResourceList:
    return ResourceList(name="friends", items=[Entry(uri=f"sip:{name}@example.org") for name in names])


def test_a_book_is_built_as_one_would_say_it() -> None:
    book = ResourceLists()
    friends = book.lists.ensure("friends", display_name="Friends")
    bob = friends.entries.add("sip:bob@example.org", display_name=DisplayName(value="Bob", lang="en"))
    friends.lists.add("close")
    friends.entry_refs.add("resource-lists/users/sip:x/index/~~/…", display_name="X")
    friends.externals.add("http://example.org/list")

    assert book == ResourceLists(
        items=[
            ResourceList(
                name="friends",
                display_name=DisplayName(value="Friends"),
                items=[
                    Entry(uri="sip:bob@example.org", display_name=DisplayName(value="Bob", lang="en")),
                    ResourceList(name="close"),
                    EntryRef(
                        ref="resource-lists/users/sip:x/index/~~/…", display_name=DisplayName(value="X")
                    ),
                    External(anchor="http://example.org/list"),
                ],
            )
        ]
    )
    assert book.lists.ensure("friends", display_name="Other") is friends
    assert friends.label == "Friends"
    assert friends.entries.ensure("sip:bob@example.org") is bob
    assert friends.externals.ensure("http://example.org/list") is friends.externals["http://example.org/list"]
    assert friends.entry_refs.ensure("other") is friends.entry_refs["other"]
    assert friends.lists.ensure("close") is friends.lists["close"]


def test_reading() -> None:
    entries = buddies("bob", "carol").entries
    bob, carol = entries

    assert len(entries) == 2
    assert entries
    assert not buddies().entries
    assert "sip:bob@example.org" in entries
    assert "sip:Bob@example.org" not in entries
    assert bob in entries
    assert Entry(uri="sip:bob@example.org") not in entries
    assert entries["sip:carol@example.org"] is carol
    assert entries.get("sip:carol@example.org") is carol
    assert entries.get("sip:dave@example.org") is None
    assert entries.get("sip:dave@example.org", 7) == 7
    assert entries.keys() == ["sip:bob@example.org", "sip:carol@example.org"]
    assert list(reversed(entries)) == [carol, bob]
    assert entries.at(-1) is carol
    assert repr(entries) == "<Entries: 'sip:bob@example.org', 'sip:carol@example.org'>"
    with pytest.raises(IndexError, match="no Entries at 2: there are 2"):
        entries.at(2)
    with pytest.raises(TypeError, match=r"found by their uri, not 0; use \.at\(0\)"):
        entries[0]  # pyright: ignore[reportArgumentType] - what is tested


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("sip:bobb@example.org", "did you mean 'sip:bob@example.org'"),
        ("SIP:Bob@example.org", "did you mean 'sip:bob@example.org'?"),
        ("sip:bob@exmple.org", "did you mean 'sip:bob@example.org'?"),
        ("sip:nobody@example.org", "there are 2, see .keys()."),
        ("sip:bob@other.net", "there are 2, see .keys()."),
        ("x", "there are 2, see .keys()."),
    ],
)
def test_a_missing_key_names_close_ones(key: str, hint: str) -> None:
    with pytest.raises(KeyError) as caught:
        buddies("bob", "carol").entries[key]

    assert str(caught.value).startswith(f"no Entry with uri {key!r}: {hint}")
    assert isinstance(caught.value, MissingKey)
    assert caught.value.key == key
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_a_missing_key_of_none() -> None:
    with pytest.raises(KeyError, match="there are none"):
        buddies().entries.remove("x")


def test_a_key_that_is_taken_is_refused() -> None:
    friends = buddies("bob")
    before = copy.deepcopy(friends)

    with pytest.raises(
        DuplicateKey, match=r"'sip:bob@example.org' is there already: get it with \[key\]"
    ) as caught:
        friends.entries.add("sip:bob@example.org")
    with pytest.raises(ValueError, match="already"):
        friends.entries.append(Entry(uri="sip:bob@example.org"))
    with pytest.raises(DuplicateKey):
        friends.entries.extend([Entry(uri="sip:new@example.org"), Entry(uri="sip:bob@example.org")])
    with pytest.raises(DuplicateKey):
        friends.entries.extend([Entry(uri="sip:new@example.org"), Entry(uri="sip:new@example.org")])
    assert friends == before
    assert caught.value.key == "sip:bob@example.org"
    assert pickle.loads(pickle.dumps(caught.value)).key == caught.value.key


def test_only_the_right_class_gets_in() -> None:
    friends = buddies()
    with pytest.raises(TypeError, match="Entries hold Entry, not External"):
        friends.entries.append(External(anchor="x"))  # pyright: ignore[reportArgumentType] - what is tested
    assert not friends.items


def test_taking_out() -> None:
    friends = buddies("bob", "carol", "dave")
    entries = friends.entries

    assert entries.remove("sip:bob@example.org").uri == "sip:bob@example.org"
    assert entries.discard("sip:carol@example.org")
    assert not entries.discard("sip:carol@example.org")
    with pytest.raises(KeyError):
        entries.remove("sip:carol@example.org")
    del entries["sip:dave@example.org"]
    assert friends.items == []


def test_clearing_leaves_the_others() -> None:
    friends = buddies("bob", "carol")
    friends.lists.add("inner")
    friends.entries.clear()
    friends.entries.clear()

    assert friends.items == [ResourceList(name="inner")]


def test_interleaved_children_stay_where_they_are() -> None:
    friends = ResourceList(
        items=[Entry(uri="a"), ResourceList(name="l"), Entry(uri="b"), External(anchor="x"), Entry(uri="c")]
    )

    def order() -> str:
        return "".join(
            getattr(item, "uri", None) or getattr(item, "name", None) or "x" for item in friends.items
        )

    friends.entries.add("d", at=0)
    assert order() == "dalbxc"
    friends.entries.add("e", at=-1)
    assert order() == "dalbxec"
    friends.entries.add("f", at=9)
    assert order() == "dalbxecf"
    friends.entries.add("g", at=-99)
    assert order() == "gdalbxecf"
    friends.lists.add("m", at=1)
    assert order() == "gdalmbxecf"
    friends.entry_refs.append(EntryRef(ref="r"))
    friends.entries.append(Entry(uri="h"))
    assert order() == "gdalmbxecfxh"
    friends.entry_refs.remove("r")
    friends.entries.move("g", to=2)
    assert order() == "dalmgbxecfh"[:3] + order()[3:]
    assert friends.entries.keys() == ["d", "a", "g", "b", "e", "c", "f", "h"]
    friends.entries.move("d", to=-1)
    assert friends.entries.keys() == ["a", "g", "b", "e", "c", "f", "h", "d"]
    before = order()
    friends.entries.move("d", to=99)
    friends.entries.move("a", to=-99)
    assert order() == before


def test_sorting_leaves_the_other_children_where_they_are() -> None:
    c, b, a = Entry(uri="c"), Entry(uri="b"), Entry(uri="a")
    deeper, reference = ResourceList(name="z"), EntryRef(ref="r")
    friends = ResourceList(items=[c, deeper, b, reference, a])
    friends.entries.sort(key=lambda entry: entry.uri)
    assert all(map(is_, friends.items, [a, deeper, b, reference, c]))
    assert friends.entries["c"] is c
    friends.entries.sort(key=lambda entry: entry.label or "", reverse=True)
    assert friends.entries.keys() == ["a", "b", "c"], "what is equal keeps its order"
    friends.lists.sort(key=lambda each: each.name or "")
    ResourceList().entries.sort(key=lambda entry: entry.uri)
    numbers = [Entry(uri="2"), Entry(uri="1")]
    keyed(numbers, Entry, "uri").sort(key=lambda entry: entry.uri)
    assert [entry.uri for entry in numbers] == ["1", "2"]


def test_a_view_is_live() -> None:
    friends = buddies("bob")
    entries = friends.entries
    assert "x" not in entries
    friends.items.append(Entry(uri="x"))
    assert "x" in entries
    friends.items = [Entry(uri="y")]
    assert entries.keys() == ["y"]
    assert "x" not in entries
    friends.items[0] = Entry(uri="z")
    assert "y" not in entries
    entries["z"].uri = "q"
    assert "z" not in entries
    assert entries["q"] is friends.items[0]


def test_iterating_while_taking_out_misses_nobody() -> None:
    friends = buddies("a", "b", "c", "d")
    for entry in friends.entries:
        friends.entries.discard(entry.uri)
    assert not friends.items


def test_a_document_that_holds_a_key_twice() -> None:
    first, second = Entry(uri="a"), Entry(uri="a", display_name=DisplayName(value="2"))
    friends = ResourceList(items=[first, second, Entry(uri="b")])

    assert friends.entries["a"] is first
    assert len(friends.entries) == 3
    second.uri = "c"
    assert friends.entries["c"] is second
    second.uri = "a"
    friends.entries.move("a", to=1)
    assert friends.entries["a"] is second
    assert friends.entries.remove("a") is second
    assert friends.entries.keys() == ["b"]


def test_lists_without_a_name() -> None:
    book = ResourceLists(items=[ResourceList(), ResourceList(name="a")])
    book.lists.append(ResourceList())

    assert len(book.lists) == 3
    assert book.lists.keys() == ["a"]
    unnamed = book.lists.at(0)
    assert "b" not in book.lists
    unnamed.name = "b"
    assert book.lists["b"] is unnamed
    unnamed.name = None
    assert "b" not in book.lists
    unnamed.name = "c"
    assert book.lists["c"] is unnamed


def test_labels() -> None:
    entry = Entry(uri="a")
    assert entry.label is None
    entry.label = "A"
    assert entry.display_name == DisplayName(value="A")
    entry.display_name = DisplayName(value="B", lang="en")
    entry.label = "C"
    assert entry.display_name == DisplayName(value="C", lang="en")
    entry.label = None
    assert entry.display_name is None
    entry.label = "D"
    del entry.label
    assert entry.display_name is None


def test_ten_thousand_entries_are_indexed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking up, adding and taking out ask no entry for its key again: work is counted, not seconds."""
    built: list[int] = []
    added: list[int] = []

    class Counting(tracking.Index[Entry]):
        def __init__(self, *args: object) -> None:
            built.append(1)
            super().__init__(*args)  # pyright: ignore[reportArgumentType] - as they come

        def add(self, element: Entry, key: str | None) -> None:
            added.append(1)
            super().add(element, key)

    monkeypatch.setattr(views, "Index", Counting)
    friends = ResourceList()
    for number in range(10_000):
        friends.entries.add(f"sip:{number}@example.org").uri = f"sip:u{number}@example.org"
        assert f"sip:u{number}@example.org" in friends.entries
    for number in range(500):
        friends.items.append(Entry(uri=f"sip:direct{number}@example.org"))
        friends.entries.discard(f"sip:direct{number}@example.org")
    assert len(built) == 1
    assert len(added) == 2 * 10_000 + 500  # each once when it comes, and once when its key changes
    assert len(friends.entries) == 10_000


KEYS = st.sampled_from([None, *"abcdef"])


@settings(deadline=None, max_examples=150)
@given(seed=st.integers(), names=st.lists(KEYS, max_size=6))
def test_look_ups_are_never_stale(seed: int, names: list[str | None]) -> None:
    """Whatever is done to the list or the keys behind the view's back, it says what a scan says."""
    pick = random.Random(seed)
    parent = ResourceList(items=[ResourceList(name=name) for name in names])
    spare = [ResourceList(name=name) for name in "abc"]
    for _ in range(60):
        items = parent.items
        lists = [item for item in items if isinstance(item, ResourceList)]
        match pick.randrange(15):
            case 0 if lists:
                pick.choice(lists).name = pick.choice([None, *"abcdef"])
            case 1:
                items.append(ResourceList(name=pick.choice([None, *"abcdef"])))
            case 2:
                items.insert(pick.randrange(9), ResourceList(name=pick.choice("abc")))
            case 3 if items:
                items.pop(pick.randrange(len(items)))
            case 4 if items:
                del items[pick.randrange(len(items))]
            case 5:
                pick.shuffle(items)
            case 6:
                items.reverse()
            case 7:
                items[1:3] = [ResourceList(name="f"), Entry(uri="a")]
            case 8:
                del items[2:4]
            case 9 if len(items) < 20:
                items += [ResourceList(name="e")]
            case 10:
                parent.items = list(items[:6])
            case 11:
                parent.lists.discard(pick.choice("abcdef"))
            case 12:
                parent.lists.ensure(pick.choice("abcdef"), at=pick.choice([None, 0, 1, -1]))
            case 13:
                parent.items = copy.copy(items)
            case _:
                thing = pick.choice(spare)
                if all(item is not thing for item in items):
                    items.append(thing)
                thing.name = pick.choice("abcdef")
        for key in "abcdef":
            expected = next(
                (item for item in parent.items if isinstance(item, ResourceList) and item.name == key), None
            )
            assert parent.lists.get(key) is expected


def through_pickle(model: ResourceLists) -> ResourceLists:
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("clone", [copy.deepcopy, through_pickle, copy.copy])
def test_copies_are_equal_and_work(clone: Callable[[ResourceLists], ResourceLists]) -> None:
    book = ResourceLists(items=[buddies("bob")])
    assert "sip:bob@example.org" in book.lists["friends"].entries
    other = clone(book)

    assert other == book
    assert repr(other) == repr(book)
    other.lists["friends"].entries.ensure("sip:new@example.org")
    assert ("sip:new@example.org" in book.lists["friends"].entries) == (clone is copy.copy)


def test_many_changes_of_keys_at_once() -> None:
    friends = buddies(*map(str, range(200)))
    assert "sip:0@example.org" in friends.entries
    for entry in friends.entries:
        entry.uri = entry.uri.upper()
    assert "sip:0@example.org" not in friends.entries
    assert "SIP:199@EXAMPLE.ORG" in friends.entries


def test_a_key_taken_by_a_change_is_given_to_the_first() -> None:
    friends = buddies("bob", "carol")
    bob, carol = friends.entries
    carol.uri = bob.uri
    assert friends.entries[bob.uri] is bob
    bob.uri = "x"
    assert friends.entries[carol.uri] is carol


def test_the_key_of_an_element_elsewhere_changes() -> None:
    friends, others = buddies("bob"), buddies("bob", "carol")
    assert "sip:bob@example.org" in friends.entries
    others.entries["sip:bob@example.org"].uri = "x"
    assert friends.entries["sip:bob@example.org"] is friends.items[0]
    book, other = ResourceLists(items=[ResourceList(name="a")]), ResourceList()
    assert "a" in book.lists
    other.name = "b"
    assert "b" not in book.lists
