"""What goes to another parent on one side keeps what the other side made of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.merge import Merged, merge
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.usages import RESOURCE_LISTS

BOOK = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
  <list name="friends">
    <entry uri="sip:bob@x"><!-- bob --><display-name>Bob</display-name></entry>
    <entry uri="sip:carol@x"/>
    <list name="close"><entry uri="sip:ann@x"/></list>
  </list>
  <list name="work"><entry uri="sip:erin@x"/></list>
  <list name="other"/>
</resource-lists>
"""
Edit = Callable[[ResourceLists], object]


def merged(mine: Edit, theirs: Edit, *, known: bool = True, **options: Any) -> Merged[ResourceLists]:
    base, ours, others = (parse(BOOK, ResourceLists) for _ in range(3))
    snapshot = Snapshot(ours)
    mine(ours)
    theirs(others)
    lineage = UNKNOWN
    if known:
        lineage = Lineage.of(snapshot)
        assert lineage.base == base
        base = lineage.base
    before = copy.deepcopy((base, ours, others))
    result = merge(base, ours, others, RESOURCE_LISTS.keys, lineage=lineage, **options)
    assert (base, ours, others) == before
    # What was merged can be spliced into theirs, and nothing else changes there.
    received = serialize(others)
    spliced = rewrite(received, parse(received, ResourceLists), result.model, RESOURCE_LISTS.keys)
    assert parse(spliced, ResourceLists) == result.model
    return result


def entry(uri: str, from_: str, to: str) -> Edit:
    def move(book: ResourceLists) -> None:
        bob = book.lists[from_].entries[uri]
        book.lists[from_].entries.remove(uri)
        book.lists[to].entries.append(bob)

    return move


def label(book: ResourceLists) -> None:
    book.lists["friends"].entries["sip:bob@x"].label = "Bobby"


def labels(result: Merged[ResourceLists]) -> list[tuple[str | None, str, str | None]]:
    assert result.clashes == ()
    return [
        (each.name, item.uri, item.label)
        for each in result.model.lists
        for item in each.entries
        if item.uri == "sip:bob@x"
    ]


@pytest.mark.parametrize("known", [True, False])
def test_an_entry_goes_elsewhere_here_and_changes_there(known: bool) -> None:
    result = merged(entry("sip:bob@x", "friends", "work"), label, known=known)
    assert labels(result) == [("work", "sip:bob@x", "Bobby")]


def test_an_entry_changes_here_and_goes_elsewhere_there() -> None:
    result = merged(label, entry("sip:bob@x", "friends", "other"))
    assert labels(result) == [("other", "sip:bob@x", "Bobby")]


def test_it_goes_into_a_new_list_and_gets_another_key() -> None:
    def mine(book: ResourceLists) -> None:
        bob = book.lists["friends"].entries["sip:bob@x"]
        book.lists["friends"].entries.remove("sip:bob@x")
        bob.uri = "sip:robert@x"
        book.items.append(ResourceList(name="new", items=[ResourceList(name="inner", items=[bob])]))

    result = merged(mine, label)
    assert result.clashes == ()
    inner = result.model.lists["new"].lists["inner"]
    assert [(item.uri, item.label) for item in inner.entries] == [("sip:robert@x", "Bobby")]
    assert "sip:bob@x" not in result.model.lists["friends"].entries


def test_a_list_goes_elsewhere_while_an_entry_in_it_changes() -> None:
    def mine(book: ResourceLists) -> None:
        close = book.lists["friends"].lists["close"]
        book.lists["friends"].items.remove(close)
        book.lists["work"].items.insert(0, close)

    def theirs(book: ResourceLists) -> None:
        close = book.lists["friends"].lists["close"]
        close.entries["sip:ann@x"].label = "Ann"
        close.entries.add("sip:zoe@x")

    result = merged(mine, theirs)
    assert result.clashes == ()
    assert [item.label for item in result.model.lists["work"].lists["close"].entries] == ["Ann", None]
    assert len(result.model.lists["friends"].lists) == 0


def test_both_move_it_to_the_same_place() -> None:
    def mine(book: ResourceLists) -> None:
        label(book)
        entry("sip:bob@x", "friends", "work")(book)

    def theirs(book: ResourceLists) -> None:
        book.lists["friends"].entries["sip:bob@x"].attributes["{urn:a}b"] = "1"
        entry("sip:bob@x", "friends", "work")(book)

    result = merged(mine, theirs)
    assert labels(result) == [("work", "sip:bob@x", "Bobby")]
    assert result.model.lists["work"].entries["sip:bob@x"].attributes == {"{urn:a}b": "1"}


@pytest.mark.parametrize("prefer", ["mine", "theirs"])
def test_both_move_it_to_different_places(prefer: str) -> None:
    def mine(book: ResourceLists) -> None:
        label(book)
        entry("sip:bob@x", "friends", "work")(book)

    result = merged(mine, entry("sip:bob@x", "friends", "other"), prefer=prefer)
    (clash,) = result.clashes
    assert (clash.place, clash.mine) == ('lists["work"].entries["sip:bob@x"]',) * 2
    assert clash.base == 'lists["friends"].entries["sip:bob@x"]'
    assert clash.theirs == 'lists["other"].entries["sip:bob@x"]'
    assert str(clash) == (
        'lists["work"].entries["sip:bob@x"]: moved here on this side, and to lists["other"].entries["sip:bob@x"] '
        'on the other; it was lists["friends"].entries["sip:bob@x"]'
    )
    kept, empty = ("work", "other") if prefer == "mine" else ("other", "work")
    assert result.model.lists[kept].entries["sip:bob@x"].label == "Bobby"
    assert "sip:bob@x" not in result.model.lists[empty].entries


def test_what_changed_differently_on_the_way_clashes_where_it_is() -> None:
    def mine(book: ResourceLists) -> None:
        book.lists["friends"].entries["sip:bob@x"].label = "Robert"
        entry("sip:bob@x", "friends", "work")(book)

    result = merged(mine, label)
    (clash,) = result.clashes
    assert clash.place == 'lists["work"].entries["sip:bob@x"].display_name'
    assert (clash.mine, clash.theirs) == ("Robert", "Bobby")


def test_what_was_there_before_was_not_moved() -> None:
    def mine(book: ResourceLists) -> None:
        book.lists["friends"].entries.remove("sip:carol@x")

    def theirs(book: ResourceLists) -> None:
        book.lists["friends"].entries["sip:carol@x"].label = "Carol"

    received = BOOK.replace(b'name="other"/>', b'name="other"><entry uri="sip:carol@x"/></list>')
    base, ours, others = (parse(received, ResourceLists) for _ in range(3))
    mine(ours)
    theirs(others)
    (clash,) = merge(base, ours, others, RESOURCE_LISTS.keys).clashes
    assert clash.place == 'lists["friends"].entries["sip:carol@x"]'


def test_where_the_place_is_lost_nothing_is() -> None:
    """They put bob into a list that I removed: what is preferred decides, and bob is there in each case."""

    def mine(book: ResourceLists) -> None:
        label(book)
        book.lists.remove("work")

    def theirs(book: ResourceLists) -> None:
        entry("sip:bob@x", "friends", "work")(book)

    result = merged(mine, theirs, prefer="mine")
    assert result.clashes
    assert [
        item.label for each in result.model.lists for item in each.entries if item.uri == "sip:bob@x"
    ] == ["Bobby"]


def move_list(name: str, to: str) -> Edit:
    def move(book: ResourceLists) -> None:
        moved = book.lists[name]
        book.lists.remove(name)
        book.lists[to].items.insert(0, moved)

    return move


def names(book: ResourceLists) -> list[str | None]:
    return [each.name for each in objects_of(book) if isinstance(each, ResourceList)]


@pytest.mark.parametrize("prefer", ["mine", "theirs"])
def test_both_put_a_list_elsewhere(prefer: str) -> None:
    result = merged(move_list("work", "other"), move_list("work", "friends"), prefer=prefer)
    (clash,) = result.clashes
    assert (clash.mine, clash.theirs) == ('lists["other"].lists["work"]', 'lists["friends"].lists["work"]')
    assert sorted(map(str, names(result.model))) == ["close", "friends", "other", "work"]
    assert "work" in result.model.lists["other" if prefer == "mine" else "friends"].lists


@pytest.mark.parametrize("prefer", [None, "mine", "theirs"])
def test_they_put_a_list_elsewhere_in_which_i_changed_something(prefer: str | None) -> None:
    def mine(book: ResourceLists) -> None:
        book.lists["work"].entries.add("sip:new@x")

    result = merged(mine, move_list("work", "friends"), prefer=prefer)
    assert result.clashes == ()
    assert "sip:new@x" in result.model.lists["friends"].lists["work"].entries
    assert sorted(map(str, names(result.model))) == ["close", "friends", "other", "work"]


@pytest.mark.parametrize("what", ["entry", "list"])
@pytest.mark.parametrize("prefer", [None, "mine", "theirs"])
@pytest.mark.parametrize("swapped", [False, True])
def test_removed_on_one_side_and_put_elsewhere_on_the_other(
    what: str, prefer: str | None, swapped: bool
) -> None:
    def remove(book: ResourceLists) -> None:
        if what == "list":
            book.lists.remove("work")
        else:
            book.lists["work"].entries.remove("sip:erin@x")

    move = move_list("work", "other") if what == "list" else entry("sip:erin@x", "work", "other")
    result = merged(move, remove, prefer=prefer) if swapped else merged(remove, move, prefer=prefer)
    assert result.clashes
    assert "removed" in str(result.clashes[0])
    stays = prefer == ("mine" if swapped else "theirs") or (prefer is None and not swapped)
    assert str(result.model).count("sip:erin@x") == int(stays)


def test_the_nesting_turned_inside_out() -> None:
    def mine(book: ResourceLists) -> None:
        outer = book.lists["friends"]
        inner = outer.lists["close"]
        outer.lists.remove("close")
        book.lists.remove("friends")
        book.items.append(inner)
        inner.items.append(outer)

    def theirs(book: ResourceLists) -> None:
        book.lists["friends"].lists["close"].entries.add("sip:new@x")
        label(book)

    result = merged(mine, theirs)
    assert result.clashes == ()
    close = result.model.lists["close"]
    assert "sip:new@x" in close.entries
    assert close.lists["friends"].entries["sip:bob@x"].label == "Bobby"
    assert sorted(map(str, names(result.model))) == ["close", "friends", "other", "work"]


def test_a_renamed_list_into_which_something_goes_keeps_its_comments() -> None:
    received = BOOK.replace(b'<list name="work">', b'<list name="work"><!-- work -->')
    ours, others = (parse(received, ResourceLists) for _ in range(2))
    snapshot = Snapshot(ours)
    ours.lists["work"].name = "job"
    entry("sip:bob@x", "friends", "job")(ours)
    label(others)
    lineage = Lineage.of(snapshot)
    result = merge(lineage.base, ours, others, RESOURCE_LISTS.keys, lineage=lineage)
    assert result.clashes == ()
    theirs = rewrite(received, parse(received, ResourceLists), others, RESOURCE_LISTS.keys)
    spliced = rewrite(theirs, others, result.model, RESOURCE_LISTS.keys, result.lineage)
    assert b'<list name="job"><!-- work -->' in spliced
    assert b"<!-- bob -->" in spliced


@pytest.mark.parametrize("removed", [True, False])
def test_what_i_move_and_change_keeps_its_comments_without_a_key_too(removed: bool) -> None:
    received = BOOK.replace(
        b'<entry uri="sip:ann@x"/>',
        b'<entry uri="sip:ann@x"><e:i xmlns:e="urn:e"><!-- i --><e:j>1<!-- j --></e:j></e:i></entry>',
    )
    ours, others = (parse(received, ResourceLists) for _ in range(2))
    snapshot = Snapshot(ours)
    close = ours.lists["friends"].lists["close"]
    moved: Any = close.entries["sip:ann@x"].extensions.pop()
    moved.children[0].text = "2"
    moved.attributes = {"k": "v"}
    if removed:
        close.entries.remove("sip:ann@x")
    ours.lists["work"].extensions.append(moved)
    others.lists["work"].label = "Work"
    lineage = Lineage.of(snapshot)
    result = merge(lineage.base, ours, others, RESOURCE_LISTS.keys, lineage=lineage)
    assert result.clashes == ()
    theirs = rewrite(received, parse(received, ResourceLists), others, RESOURCE_LISTS.keys)
    spliced = rewrite(theirs, others, result.model, RESOURCE_LISTS.keys, result.lineage).decode()
    assert """<e:i xmlns:e="urn:e" k="v"><!-- i --><e:j>2<!-- j --></e:j></e:i></list>""" in spliced


@pytest.mark.parametrize("prefer", [None, "mine", "theirs"])
def test_what_both_add_in_different_places_stays_twice(prefer: str | None) -> None:
    def mine(book: ResourceLists) -> None:
        entry("sip:bob@x", "friends", "work")(book)
        book.lists["other"].entries.add("sip:new@x")
        book.lists["other"].entries.add("sip:carol@x")

    def theirs(book: ResourceLists) -> None:
        label(book)
        book.lists["work"].entries.add("sip:new@x")
        book.lists["work"].entries.add("sip:carol@x")

    result = merged(mine, theirs, prefer=prefer)
    assert result.clashes == ()
    assert str(result.model).count("sip:new@x") == 2
    assert str(result.model).count("sip:carol@x") == 3


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", ["work", "office", None])
def test_what_one_side_removes_from_a_list_that_the_other_renames_is_not_moved(
    known: bool, name: str | None
) -> None:
    def rename(book: ResourceLists) -> None:
        book.lists["work"].name = name

    def empty(book: ResourceLists) -> None:
        book.lists["work"].entries.remove("sip:erin@x")

    for result in (merged(rename, empty, known=known), merged(empty, rename, known=known)):
        assert result.clashes == ()
        renamed = result.model.lists.at(1)
        assert (renamed.name, len(renamed.items)) == (name, 0)


def test_what_one_side_has_twice_and_the_other_moves_was_not_removed() -> None:
    def double(book: ResourceLists) -> None:
        book.lists["work"].items *= 2

    move = entry("sip:erin@x", "work", "other")
    for result in (merged(double, move, known=False), merged(move, double, known=False)):
        assert result.clashes == ()
        assert [len(each.items) for each in result.model.lists] == [3, 1, 1]


def test_lists_that_both_give_the_same_name_have_what_is_in_either() -> None:
    def mine(book: ResourceLists) -> None:
        book.lists["friends"].name = "all"

    def theirs(book: ResourceLists) -> None:
        book.lists["work"].name = "all"

    for known in (True, False):
        result = merged(mine, theirs, known=known)
        assert result.clashes == ()
        (every,) = (each for each in result.model.lists if each.name == "all")
        assert set(every.entries.keys()) == {"sip:bob@x", "sip:carol@x", "sip:erin@x"}


@pytest.mark.parametrize("prefer", ["mine", "theirs"])
def test_what_is_in_a_list_that_is_there_twice_for_a_while_is_kept_once(prefer: str) -> None:
    def mine(book: ResourceLists) -> None:
        label(book)
        book.lists["work"].entries["sip:erin@x"].label = "Erin"

    def theirs(book: ResourceLists) -> None:
        entry("sip:erin@x", "work", "other")(book)
        pals = book.lists["friends"]
        pals.name = "pals"
        pals.items[:2] = [Entry(uri=f"sip:{number}@x") for number in range(5)]

    result = merged(mine, theirs, prefer=prefer)
    assert len(result.clashes) == 1
    text = serialize(result.model)
    assert text.count(b'name="close"') == text.count(b"sip:ann@x") == 1
