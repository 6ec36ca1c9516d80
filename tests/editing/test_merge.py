"""What both sides changed comes together, and what cannot is told with its place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

import pytest
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_documents.common_policy import Conditions, Identity, Many, One, Rule, Ruleset, Sphere, Validity
from xcap_documents.oma_pres_content import Data, Description, Encoding, StatusIcon
from xcap_documents.pres_rules import ServiceUri, SubHandling
from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.editing.merge import Merged, merge
from xcap_sdk.editing.versions import ends
from xcap_sdk.errors import Clash, Conflicted, InvalidDocument, MergeConflict
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.usages import PRES_RULES, RESOURCE_LISTS, STATUS_ICON

KEYS = {**RESOURCE_LISTS.keys, **PRES_RULES.keys}


def lists(*names: str, **entries: str) -> ResourceLists:
    """Lists with entries given by their users' names: ``friends="bob carol"``."""
    book = ResourceLists()
    for name in [*names, *entries]:
        book.lists.add(name)
    for name, users in entries.items():
        for user in users.split():
            book.lists[name].entries.add(f"sip:{user}@x", display_name=user.title())
    return book


def edits(
    base: Any,
    mine: Callable[[Any], object] | None = None,
    theirs: Callable[[Any], object] | None = None,
    prefer: Any = None,
) -> Merged[Any]:
    """Merge two edits of copies of a model."""
    ours, others = copy.deepcopy(base), copy.deepcopy(base)
    if mine:
        mine(ours)
    if theirs:
        theirs(others)
    before = copy.deepcopy((base, ours, others))
    merged = merge(base, ours, others, KEYS, prefer=prefer)
    assert (base, ours, others) == before
    return merged


def users(parent: Any) -> list[str]:
    return [entry.uri.removeprefix("sip:").removesuffix("@x") for entry in parent.entries]


def clean(merged: Merged[Any]) -> Any:
    assert merged.clashes == ()
    assert merged.is_clean
    return merged.model


def only(merged: Merged[Any]) -> Clash:
    assert len(merged.clashes) == 1, merged.clashes
    assert not merged.is_clean
    return merged.clashes[0]


def friends(book: ResourceLists) -> ResourceList:
    return book.lists["friends"]


BOOK = lists(friends="bob carol dave", work="erin")


class TestLists:
    def test_two_buddies_added_to_one_list(self) -> None:
        merged = clean(
            edits(
                BOOK,
                lambda book: friends(book).entries.add("sip:mine@x"),
                lambda book: friends(book).entries.add("sip:theirs@x"),
            )
        )
        assert users(friends(merged)) == ["bob", "carol", "dave", "theirs", "mine"]

    def test_additions_keep_their_places(self) -> None:
        merged = clean(
            edits(
                BOOK,
                lambda book: [friends(book).entries.add(f"sip:m{at}@x", at=at) for at in (0, 2)],
                lambda book: [friends(book).entries.add(f"sip:t{at}@x", at=at) for at in (0, 2, 4)],
            )
        )
        assert users(friends(merged)) == ["t0", "m0", "bob", "t2", "m2", "carol", "t4", "dave"]

    def test_both_sides_emptied_and_filled(self) -> None:
        def fill(*names: str) -> Callable[[ResourceLists], None]:
            def edit(book: ResourceLists) -> None:
                friends(book).entries.clear()
                for name in names:
                    friends(book).entries.add(f"sip:{name}@x")

            return edit

        merged = clean(edits(BOOK, fill("m", "both"), fill("t", "both")))
        assert sorted(users(friends(merged))) == ["both", "m", "t"]

    def test_one_renamed_another_removed(self) -> None:
        def rename(book: ResourceLists) -> None:
            friends(book).entries["sip:bob@x"].uri = "sip:robert@x"

        for mine, theirs in [
            (rename, lambda book: friends(book).entries.remove("sip:carol@x")),
            (lambda book: friends(book).entries.remove("sip:carol@x"), rename),
        ]:
            assert users(friends(clean(edits(BOOK, mine, theirs)))) == ["robert", "dave"]

    def test_a_rename_takes_their_changes_along(self) -> None:
        def rename(book: ResourceLists) -> None:
            friends(book).name = "buddies"

        merged = clean(edits(BOOK, rename, lambda book: friends(book).entries.add("sip:new@x")))
        assert merged.lists.keys() == ["buddies", "work"]
        assert users(merged.lists["buddies"]) == ["bob", "carol", "dave", "new"]

    def test_both_renamed_differently(self) -> None:
        def rename(name: str) -> Callable[[ResourceLists], None]:
            return lambda book: setattr(friends(book), "name", name)

        merged = edits(BOOK, rename("mine"), rename("theirs"))
        clash = only(merged)
        assert (clash.place, clash.base, clash.mine, clash.theirs) == (
            "lists[0].name",
            "friends",
            "mine",
            "theirs",
        )
        assert merged.model.lists.keys() == ["theirs", "work"]
        assert edits(BOOK, rename("mine"), rename("theirs"), "mine").model.lists.keys() == ["mine", "work"]

    def test_both_renamed_another_to_the_same(self) -> None:
        def rename(old: str) -> Callable[[ResourceLists], None]:
            return lambda book: setattr(friends(book).entries[f"sip:{old}@x"], "uri", "sip:new@x")

        for prefer in (None, "mine", "theirs"):
            merged = edits(BOOK, rename("bob"), rename("carol"), prefer)
            assert users(friends(merged.model)) == ["new", "dave"]
            assert only(merged).place == 'lists["friends"].entries["sip:new@x"].display_name'

    def test_a_rename_to_what_they_added(self) -> None:
        def rename(book: ResourceLists) -> None:
            friends(book).entries["sip:bob@x"].uri = "sip:new@x"

        def add(book: ResourceLists) -> None:
            friends(book).entries.add("sip:new@x", display_name="Bob")

        assert sorted(users(friends(clean(edits(BOOK, rename, add))))) == ["carol", "dave", "new"]
        assert sorted(users(friends(clean(edits(BOOK, add, rename))))) == ["carol", "dave", "new"]

    def test_what_is_nothing_but_a_key_is_never_renamed(self) -> None:
        base = ResourceLists()
        base.lists.add("friends").entries.add("sip:bob@x")

        def swap(book: ResourceLists) -> None:
            friends(book).entries.remove("sip:bob@x")
            friends(book).entries.add("sip:carol@x")

        assert users(friends(clean(edits(base, swap, lambda book: friends(book).entries.clear())))) == [
            "carol"
        ]
        merged = edits(
            base, swap, lambda book: setattr(friends(book).entries["sip:bob@x"], "label", "Robert")
        )
        assert only(merged).place == 'lists["friends"].entries["sip:bob@x"]'
        assert {entry.uri: entry.label for entry in friends(merged.model).entries} == {
            "sip:bob@x": "Robert",
            "sip:carol@x": None,
        }

    def test_a_list_moves_while_an_entry_in_it_changes(self) -> None:
        def change(book: ResourceLists) -> None:
            friends(book).entries["sip:bob@x"].label = "Bobby"

        def move(book: ResourceLists) -> None:
            book.lists.move("friends", to=1)

        for mine, theirs in [(change, move), (move, change)]:
            merged = clean(edits(BOOK, mine, theirs))
            assert merged.lists.keys() == ["work", "friends"]
            assert friends(merged).entries["sip:bob@x"].label == "Bobby"

    def test_reordered_here_and_edited_there(self) -> None:
        def edit(book: ResourceLists) -> None:
            friends(book).entries.remove("sip:carol@x")
            friends(book).entries.add("sip:new@x", at=1)

        def reverse(book: ResourceLists) -> None:
            friends(book).items.reverse()

        assert users(friends(clean(edits(BOOK, reverse, edit)))) == ["dave", "bob", "new"]
        assert users(friends(clean(edits(BOOK, edit, reverse)))) == ["dave", "bob", "new"]

    def test_each_moves_another(self) -> None:
        base = lists(friends="a b c d e f")
        merged = clean(
            edits(
                base,
                lambda book: friends(book).entries.move("sip:a@x", to=2),
                lambda book: friends(book).entries.move("sip:f@x", to=3),
            )
        )
        assert users(friends(merged)) == ["b", "c", "a", "f", "d", "e"]

    def test_both_move_the_same(self) -> None:
        base = lists(friends="a b c d e f")

        def move(to: int) -> Callable[[ResourceLists], object]:
            return lambda book: friends(book).entries.move("sip:a@x", to=to)

        merged = edits(base, move(2), move(4))
        clash = only(merged)
        assert clash.place == 'lists["friends"]'
        assert (clash.mine, clash.theirs) == ('"sip:a@x"', '"sip:a@x"')
        assert "another order" in str(clash)
        assert users(friends(merged.model)) == ["b", "c", "d", "e", "a", "f"]
        assert users(friends(edits(base, move(2), move(4), "mine").model)) == ["b", "c", "a", "d", "e", "f"]
        clean(edits(base, move(4), move(4)))

    def test_the_same_change_twice_is_no_conflict(self) -> None:
        def change(book: ResourceLists) -> None:
            friends(book).entries.add("sip:new@x", display_name="New")
            friends(book).entries.remove("sip:bob@x")
            friends(book).entries["sip:carol@x"].label = "C"
            book.lists.add("other")

        mine = clean(
            edits(BOOK, change, lambda book: (change(book), book.lists["work"].entries.add("sip:z@x")))
        )
        assert users(friends(mine)) == ["carol", "dave", "new"]
        assert mine.lists.keys() == ["friends", "work", "other"]
        assert users(mine.lists["work"]) == ["erin", "z"]

    def test_the_same_key_added_with_other_content(self) -> None:
        def add(label: str | None, **attributes: str) -> Callable[[ResourceLists], None]:
            def edit(book: ResourceLists) -> None:
                entry = friends(book).entries.add("sip:new@x", display_name=label)
                entry.attributes.update({f"{{urn:a}}{name}": value for name, value in attributes.items()})

            return edit

        merged = clean(edits(BOOK, add(None, a="1"), add("New", b="2")))
        new = friends(merged).entries["sip:new@x"]
        assert (new.label, new.attributes) == ("New", {"{urn:a}a": "1", "{urn:a}b": "2"})
        clash = only(edits(BOOK, add("Mine", a="1"), add("Theirs", a="1")))
        assert clash == Clash(
            'lists["friends"].entries["sip:new@x"].display_name',
            None,
            "Mine",
            "Theirs",
            'lists["friends"].entries["sip:new@x"].display_name: set to "Mine" here, and to "Theirs" there',
        )
        clash = only(edits(BOOK, add("New", a="1"), add("New", a="2")))
        assert clash.place == 'lists["friends"].entries["sip:new@x"].attributes["{urn:a}a"]'

    @pytest.mark.parametrize("swapped", [False, True])
    def test_removed_here_and_changed_there(self, swapped: bool) -> None:
        def remove(book: ResourceLists) -> None:
            friends(book).entries.remove("sip:bob@x")

        def change(book: ResourceLists) -> None:
            friends(book).entries["sip:bob@x"].label = "Bobby"

        both = (change, remove) if swapped else (remove, change)
        clash = only(edits(BOOK, *both))
        assert clash.place == 'lists["friends"].entries["sip:bob@x"]'
        changed, removed = (clash.mine, clash.theirs) if swapped else (clash.theirs, clash.mine)
        assert removed is None
        assert "Bobby" in str(changed)
        assert "Bob<" in str(clash.base)
        assert "removed" in str(clash)
        there = {None: swapped, "mine": not swapped, "theirs": swapped}
        for prefer, gone in there.items():
            assert ("bob" not in users(friends(edits(BOOK, *both, prefer).model))) is gone

    def test_attribute_here_and_text_there(self) -> None:
        def label(book: ResourceLists) -> None:
            friends(book).entries["sip:bob@x"].label = "Bobby"

        def lang(book: ResourceLists) -> None:
            name = friends(book).entries["sip:bob@x"].display_name
            assert name is not None
            name.lang = "en"

        merged = clean(edits(BOOK, label, lang))
        assert friends(merged).entries["sip:bob@x"].display_name == DisplayName(value="Bobby", lang="en")

    def test_both_changed_one_text(self) -> None:
        def label(text: str | None) -> Callable[[ResourceLists], None]:
            def edit(book: ResourceLists) -> None:
                friends(book).entries["sip:bob@x"].label = text
                friends(book).entries.add(f"sip:by-{text}@x")

            return edit

        place = 'lists["friends"].entries["sip:bob@x"].display_name'
        for prefer, wins in ((None, "T"), ("mine", "M"), ("theirs", "T")):
            merged = edits(BOOK, label("M"), label("T"), prefer)
            clash = only(merged)
            assert (clash.place, clash.base, clash.mine, clash.theirs) == (place, "Bob", "M", "T")
            assert str(clash) == f'{place}: changed from "Bob" to "M" here, and to "T" there'
            assert friends(merged.model).entries["sip:bob@x"].label == wins
            assert users(friends(merged.model)) == ["bob", "carol", "dave", "by-T", "by-M"]
        assert only(edits(BOOK, label(None), label("T"))).mine is None

    def test_unnamed_lists(self) -> None:
        base = ResourceLists(items=[ResourceList(items=[Entry(uri="sip:a@x")])])
        merged = clean(
            edits(
                base,
                lambda book: book.items[0].entries.add("sip:m@x"),
                lambda book: book.items[0].entries.add("sip:t@x"),
            )
        )
        assert users(merged.items[0]) == ["a", "t", "m"]

        def add(*names: str) -> Callable[[ResourceLists], None]:
            return lambda book: book.items.extend(
                ResourceList(items=[Entry(uri=f"sip:{name}@x")]) for name in names
            )

        merged = clean(edits(BOOK, add("m"), add("t")))
        assert [users(each) for each in merged.items[2:]] == [["t", "m"]]  # the one without a name
        merged = clean(edits(BOOK, add("m", "n"), add("t", "n")))
        assert [users(each) for each in merged.items[2:]] == [["t"], ["m"], ["n"]]

    def test_doubled_keys_are_told_apart_by_equality(self) -> None:
        base = lists(friends="bob")
        friends(base).items.append(Entry(uri="sip:bob@x"))
        merged = clean(
            edits(
                base,
                lambda book: setattr(friends(book).items[0], "label", "First"),
                lambda book: book.lists.add("other"),
            )
        )
        assert [item.label for item in friends(merged).items] == ["First", None]

    def test_what_is_the_same_at_both_ends_is_counted_once(self) -> None:
        assert ends("x", "xx", "xxx") == (1, 0)
        assert ends("xy", "xay", "xby") == (1, 1)
        assert ends("", "a", "a") == (0, 0)

    def test_created_on_both_sides(self) -> None:
        mine, theirs = lists(friends="bob", mine="a"), lists(friends="carol", theirs="b")
        merged = clean(merge(None, mine, theirs, KEYS))
        assert merged.lists.keys() == ["friends", "theirs", "mine"]
        assert users(friends(merged)) == ["carol", "bob"]
        friends(mine).label, friends(theirs).label = "M", "T"
        assert only(merge(None, mine, theirs, KEYS)).place == 'lists["friends"].display_name'

    def test_nothing_is_shared_with_mine(self) -> None:
        mine, theirs = copy.deepcopy(BOOK), copy.deepcopy(BOOK)
        mine.lists["work"].label = "Work"
        mine.lists.add("new").entries.add("sip:new@x").extensions.append(AnyElement(qname="{urn:e}x"))
        theirs.lists["friends"].entries.add("sip:t@x")
        for merged in (merge(BOOK, mine, theirs, KEYS), merge(BOOK, mine, BOOK, KEYS)):
            before = copy.deepcopy(mine)
            for each in merged.model.lists:
                each.label = "spoiled"
                each.attributes["{urn:a}a"] = "spoiled"
                each.entries.add("sip:spoiled@x")
            spoiled: Any = merged.model.lists["new"].entries["sip:new@x"].extensions[0]
            spoiled.attributes["spoiled"] = ""
            assert mine == before

    def test_many_entries_that_one_side_changed(self) -> None:
        base = lists(friends=" ".join(f"u{n}" for n in range(100)))
        merged = clean(
            edits(
                base,
                lambda book: [setattr(entry, "label", entry.uri) for entry in friends(book).entries],
                lambda book: friends(book).entries.add("sip:new@x", at=50),
            )
        )
        assert users(friends(merged))[49:52] == ["u49", "new", "u50"]
        assert friends(merged).entries["sip:u50@x"].label == "sip:u50@x"


def unknown(text: str = "", /, *children: AnyElement, name: str = "note", **attributes: str) -> AnyElement:
    return AnyElement(
        qname=f"{{urn:e}}{name}", text=text, children=list(children), attributes=dict(attributes)
    )


class TestUnknownContent:
    def test_theirs_stays_and_mine_comes(self) -> None:
        merged = clean(
            edits(
                BOOK,
                lambda book: friends(book).extensions.append(unknown("m", name="mine")),
                lambda book: friends(book).extensions.append(unknown("t", name="theirs")),
            )
        )
        names = [each.qname for each in friends(merged).extensions]
        assert names == ["{urn:e}theirs", "{urn:e}mine"]

    def test_it_merges_inside(self) -> None:
        base = copy.deepcopy(BOOK)
        friends(base).extensions.append(unknown("x", unknown("a", name="a"), unknown("b", name="b"), k="1"))

        def mine(book: Any) -> None:
            friends(book).extensions[0].children[0].text = "m"
            friends(book).extensions[0].attributes["mine"] = "1"

        def theirs(book: Any) -> None:
            friends(book).extensions[0].children[1].text = "t"
            del friends(book).extensions[0].attributes["k"]

        note = friends(clean(edits(base, mine, theirs))).extensions[0]
        assert note == unknown("x", unknown("m", name="a"), unknown("t", name="b"), mine="1")
        clash = only(
            edits(base, mine, lambda book: setattr(friends(book).extensions[0].children[0], "text", "t"))
        )
        assert (clash.place, clash.base, clash.mine) == (
            'lists["friends"].extensions[0].children[0]',
            "a",
            "m",
        )

    def test_two_of_one_name_clash_unless_there_are_more(self) -> None:
        def add(text: str) -> Callable[[ResourceLists], None]:
            return lambda book: friends(book).extensions.append(unknown(text))

        clash = only(edits(BOOK, add("m"), add("t")))
        assert clash.place == 'lists["friends"].extensions[0]'
        assert "urn:e" in str(clash.mine)
        clean(edits(BOOK, add("same"), lambda book: (add("same")(book), book.lists.add("other"))))
        base = copy.deepcopy(BOOK)
        add("there")(base)
        texts = [each.text for each in friends(clean(edits(base, add("m"), add("t")))).extensions]
        assert texts == ["there", "t", "m"]

    def test_mixed_content_is_taken_whole(self) -> None:
        base = copy.deepcopy(BOOK)
        inner = unknown("a", name="a")
        inner.tail = "text"
        friends(base).extensions.append(unknown("", inner))

        def change(name: str) -> Callable[[Any], None]:
            return lambda book: setattr(friends(book).extensions[0].children[0], "text", name)

        clean(edits(base, change("m"), lambda book: friends(book).extensions[0].attributes.update(t="1")))
        assert only(edits(base, change("m"), change("t"))).place == 'lists["friends"].extensions[0]'

    def test_a_generic_element_of_a_known_type(self) -> None:
        base = copy.deepcopy(BOOK)
        friends(base).extensions.append(
            DerivedElement(qname="{urn:e}name", value=DisplayName(value="a", lang="en"))
        )

        def change(**values: str) -> Callable[[Any], None]:
            def edit(book: Any) -> None:
                for name, value in values.items():
                    setattr(friends(book).extensions[0].value, name, value)

            return edit

        merged = clean(edits(base, change(value="m"), change(lang="de")))
        element: Any = friends(merged).extensions[0]
        assert element == DerivedElement(qname="{urn:e}name", value=DisplayName(value="m", lang="de"))
        assert only(edits(base, change(value="m"), change(value="t"))).mine == "m"


def policy(*ids: str) -> Ruleset:
    rules = Ruleset()
    for each in ids:
        rules.rules.add(each).identity.add(f"sip:{each}@x")
    return rules


class TestRules:
    def test_permissions_of_one_rule(self) -> None:
        def mine(rules: Ruleset) -> None:
            rules.rules["a"].sub_handling = SubHandling.ALLOW

        def theirs(rules: Ruleset) -> None:
            rules.rules["a"].identity.add("sip:new@x")
            rules.rules["a"].provide_activities = True

        rule = clean(edits(policy("a"), mine, theirs)).rules["a"]
        assert (rule.sub_handling, rule.provide_activities) == (SubHandling.ALLOW, True)
        assert rule.identity.keys() == ["sip:a@x", "sip:new@x"]

    @pytest.mark.parametrize("start", [None, SubHandling.ALLOW])
    def test_a_single_value_is_never_doubled(self, start: SubHandling | None) -> None:
        base = policy("a")
        base.rules["a"].sub_handling = start

        def handle(value: str) -> Callable[[Ruleset], None]:
            return lambda rules: setattr(rules.rules["a"], "sub_handling", value)

        for prefer, wins in ((None, "confirm"), ("mine", "block"), ("theirs", "confirm")):
            merged = edits(base, handle("block"), handle("confirm"), prefer)
            clash = only(merged)
            assert clash.place == 'rules["a"].sub_handling'
            assert (clash.base, clash.mine, clash.theirs) == (start and start.value, "block", "confirm")
            actions = merged.model.rules["a"].actions
            assert actions is not None
            assert [str(each.value.value) for each in actions.extensions] == [wins]

    def test_both_add_an_identity(self) -> None:
        base = Ruleset(items=[Rule(id="a")])
        rule = clean(
            edits(
                base,
                lambda rules: rules.rules["a"].identity.add("sip:m@x"),
                lambda rules: rules.rules["a"].identity.add("sip:t@x"),
            )
        ).rules["a"]
        assert rule.conditions == Conditions(items=[Identity(items=[One(id="sip:t@x"), One(id="sip:m@x")])])

    def test_both_add_a_sphere(self) -> None:
        def sphere(value: str) -> Callable[[Ruleset], None]:
            return lambda rules: setattr(rules.rules["a"], "sphere", value)

        assert only(edits(policy("a"), sphere("work"), sphere("home"))).place == 'rules["a"].sphere.value'
        same = clean(edits(policy("a", "b"), sphere("work"), lambda r: (sphere("work")(r), r.rules.add("z"))))
        assert same.rules["a"].conditions.items[1:] == [Sphere(value="work")]

    def test_services_of_both(self) -> None:
        def provide(*uris: str) -> Callable[[Ruleset], None]:
            return lambda rules: setattr(
                rules.rules["a"], "provide_services", [ServiceUri(value=uri) for uri in uris]
            )

        base = policy("a")
        provide("sip:a")(base)
        merged = clean(edits(base, provide("sip:a", "sip:m"), provide("sip:a", "sip:t")))
        found: Any = merged.rules["a"].transformations.extensions[0]
        assert [each.value for each in found.items] == ["sip:a", "sip:t", "sip:m"]

    def test_everybody_but_those_that_either_leaves_out(self) -> None:
        def leave_out(uri: str) -> Callable[[Ruleset], None]:
            return lambda rules: rules.rules["a"].identity.many.add().except_ids.add(uri)

        rule = clean(edits(policy("a"), leave_out("sip:m@x"), leave_out("sip:t@x"))).rules["a"]
        many = next(item for item in rule.conditions.items[0].items if isinstance(item, Many))
        assert list(many.except_ids) == ["sip:t@x", "sip:m@x"]

    def test_a_container_that_goes_takes_only_what_was_in_it(self) -> None:
        base = policy("a")
        base.rules["a"].provide_activities = True

        def remove(rules: Ruleset) -> None:
            rules.rules["a"].provide_activities = None
            assert rules.rules["a"].transformations is None

        def add(rules: Ruleset) -> None:
            rules.rules["a"].provide_mood = True

        for mine, theirs in [(remove, add), (add, remove)]:
            rule = clean(edits(base, mine, theirs)).rules["a"]
            assert (rule.provide_activities, rule.provide_mood) == (None, True)
        merged = clean(edits(base, remove, lambda rules: (remove(rules), rules.rules.add("z"))))
        assert merged.rules["a"].transformations is None

    def test_a_condition_that_goes_while_it_changes(self) -> None:
        def remove(rules: Ruleset) -> None:
            rules.rules["a"].conditions = None

        def add(rules: Ruleset) -> None:
            rules.rules["a"].identity.add("sip:new@x")

        clash = only(edits(policy("a"), remove, add))
        assert clash.place == 'rules["a"].identity'
        assert edits(policy("a"), remove, add, "mine").model.rules["a"].conditions is None

    def test_periods_stay_whole(self) -> None:
        def periods(*years: tuple[int, int]) -> Validity:
            text = "".join(
                f"<from>{start}-01-01T00:00:00Z</from><until>{end}-01-01T00:00:00Z</until>"
                for start, end in years
            )
            xml = f'<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule id="a"><conditions><validity>{text}</validity></conditions></rule></ruleset>'
            found = parse(xml, Ruleset).rules["a"].validity
            assert found is not None
            return found

        def put(*years: tuple[int, int]) -> Callable[[Ruleset], None]:
            return lambda rules: setattr(rules.rules["a"], "validity", periods(*years))

        base = policy("a")
        put((2001, 2002))(base)
        merged = clean(edits(base, put((2001, 2002), (2003, 2005)), put((2001, 2002), (2003, 2004))))
        assert merged.rules["a"].validity == periods((2001, 2002), (2003, 2004), (2003, 2005))
        clash = only(edits(base, put((2001, 2003)), put((2001, 2004))))
        assert clash.place == 'rules["a"].validity'
        merged = clean(edits(base, put((2001, 2002), (2006, 2007)), put((2008, 2009))))
        assert merged.rules["a"].validity == periods((2008, 2009), (2006, 2007))

        def spoil(rules: Ruleset) -> None:
            validity = rules.rules["a"].validity
            assert validity is not None
            validity.until.clear()

        assert only(edits(base, spoil, put((2001, 2004)))).place == 'rules["a"].validity'
        both = clean(edits(base, put((2001, 2002), (2003, 2005)), lambda r: (spoil(r), put((2001, 2002))(r))))
        assert both.rules["a"].validity == periods((2001, 2002), (2003, 2005))

    def test_rules_of_one_id_made_apart(self) -> None:
        mine, theirs = policy("a", "m"), policy("t", "a")
        mine.rules["a"].identity.add("sip:m@x")
        merged = clean(merge(None, mine, theirs, KEYS))
        assert merged.rules.keys() == ["t", "a", "m"]
        assert merged.rules["a"].identity.keys() == ["sip:a@x", "sip:m@x"]


class TestStatusIcon:
    ICON = StatusIcon(data=Data(value="aaaa"), encoding=Encoding(value="base64"))

    def test_data_here_and_description_there(self) -> None:
        merged = clean(
            edits(
                self.ICON,
                lambda icon: setattr(icon.data, "value", "bbbb"),
                lambda icon: icon.descriptions.append(Description(value="Me", lang="en")),
            )
        )
        assert (merged.data.value, merged.descriptions[0].value) == ("bbbb", "Me")

    def test_two_icons(self) -> None:
        mine, theirs = StatusIcon(data=Data(value="mmmm")), StatusIcon(data=Data(value="tttt"))
        mine.descriptions.append(Description(value="M"))
        theirs.descriptions.append(Description(value="T"))
        for prefer, wins in ((None, "tttt"), ("mine", "mmmm"), ("theirs", "tttt")):
            merged = merge(None, mine, theirs, STATUS_ICON.keys, prefer=cast("Any", prefer))
            assert only(merged).place == "data"
            assert merged.model.data.value == wins
            assert [each.value for each in merged.model.descriptions] == ["T", "M"]

    def test_empty_text_is_no_text(self) -> None:
        mine, theirs = StatusIcon(data=Data(value="")), StatusIcon(data=Data(value="tttt"))
        assert clean(merge(None, mine, theirs)).data.value == "tttt"
        assert clean(merge(None, theirs, mine)).data.value == "tttt"


@dataclass
class Bookmark:
    class Meta:
        name = "bookmark"

    href: str = field(metadata={"type": "Attribute"})
    title: str | None = field(default=None, metadata={"type": "Element"})
    size: int | None = field(default=None, metadata={"type": "Attribute"})
    tags: list[str] = field(default_factory=list, metadata={"type": "Element", "name": "tag"})


@dataclass(frozen=True)
class Bookmarks:
    class Meta:
        name = "bookmarks"
        namespace = "urn:bookmarks"

    items: tuple[Bookmark, ...] = field(default=(), metadata={"type": "Element", "name": "bookmark"})
    remark: str | None = field(default=None, metadata={"type": "Element", "nillable": True})


@dataclass
class Loose:
    class Meta:
        name = "loose"
        namespace = "urn:loose"

    remark: str | None = field(default=None, metadata={"type": "Element", "nillable": True})
    child: Bookmark | None = field(default=None, metadata={"type": "Element"})
    items: list[Bookmark] = field(default_factory=list, metadata={"type": "Element", "name": "item"})
    extension: object | None = field(default=None, metadata={"type": "Wildcard"})


@dataclass
class Shelf:
    class Meta:
        name = "shelf"
        namespace = "urn:shelf"

    items: list[Bookmark] = field(default_factory=list, metadata={"type": "Element", "name": "bookmark"})
    extension: object | None = field(default=None, metadata={"type": "Wildcard"})


class TestOwnClasses:
    KEYS: ClassVar[dict[type, str]] = {Bookmark: "href"}

    def shelf(self, **titles: str) -> Shelf:
        return Shelf(items=[Bookmark(href=href, title=title) for href, title in titles.items()])

    def test_keys_of_the_usage(self) -> None:
        base, mine, theirs = self.shelf(a="A", b="B"), self.shelf(a="A", b="M"), self.shelf(b="B", c="C")
        merged = clean(merge(base, mine, theirs, self.KEYS))
        assert merged == self.shelf(b="M", c="C")

    def test_values_that_are_no_text(self) -> None:
        base, mine, theirs = (Shelf(items=[Bookmark(href="a", size=size)]) for size in (1, 2, 3))
        clash = only(merge(base, mine, theirs, self.KEYS))
        assert (clash.place, clash.base, clash.mine, clash.theirs) == ("items[0].size", "1", "2", "3")
        clash = only(merge(None, mine, theirs, self.KEYS))
        assert (clash.base, clash.message) == (None, 'items[0].size: set to "2" here, and to "3" there')
        spoiled = Shelf(items=[Bookmark(href="a", size=cast("Any", object()))])
        assert "object" in str(only(merge(base, spoiled, theirs, self.KEYS)).mine)

    def test_plain_values_in_a_row(self) -> None:
        def tagged(*tags: str, title: str = "") -> Shelf:
            return Shelf(items=[Bookmark(href="a", tags=list(tags), title=title or None)])

        merged = clean(merge(tagged("x", "y"), tagged("x", "y", "m"), tagged("x", "t", title="T"), self.KEYS))
        assert merged == tagged("x", "t", "m", title="T") or merged.items[0].tags[0] == "x"
        clash = only(merge(tagged("x"), tagged("m"), tagged("t"), self.KEYS))
        assert (clash.place, clash.base, clash.mine, clash.theirs) == ("items[0].tags[0]", "x", "m", "t")
        clash = only(merge(tagged(title="x"), tagged(title="m"), tagged(title="t"), self.KEYS))
        assert (clash.place, clash.theirs) == ("items[0].title", "t")
        clash = only(merge(tagged(title="x"), tagged(), tagged(title="t"), self.KEYS))
        assert (clash.place, clash.mine, clash.theirs) == ("items[0].title", None, "t")

    def test_frozen_classes_and_tuples(self) -> None:
        def marks(*hrefs: str, remark: str | None = None) -> Bookmarks:
            return Bookmarks(items=tuple(Bookmark(href=href) for href in hrefs), remark=remark)

        assert clean(merge(marks("a"), marks("a", remark="m"), marks("a", "t"))) == marks(
            "a", "t", remark="m"
        )

    def test_classes_that_xsdata_writes_take_lists_whole(self) -> None:
        def loose(title: str, *hrefs: str) -> Loose:
            return Loose(child=Bookmark(href="c", title=title), items=[Bookmark(href=href) for href in hrefs])

        assert clean(merge(loose("b"), loose("m"), loose("b", "t"))) == loose("m", "t")
        merged = merge(loose("b"), loose("m", "m"), loose("t", "t"))
        assert [clash.place for clash in merged.clashes] == ["child.title", ""]
        assert str(merged.clashes[1]).startswith("document: changed from")

    def test_one_element_of_any_name(self) -> None:
        def holding(extension: object) -> Shelf:
            return Shelf(extension=extension)

        assert only(merge(Shelf(), holding(unknown("m")), holding(unknown("t")))).place == "extension"
        assert only(merge(Shelf(), holding(unknown("m")), holding(unknown(name="t")))).place == "extension"
        base = holding(DerivedElement(qname="{urn:e}n", value=DisplayName(value="x")))
        mine, theirs = (
            holding(DerivedElement(qname="{urn:e}other", value=DisplayName(value="x", lang=lang)))
            for lang in ("en", None)
        )
        assert clean(merge(base, mine, theirs)) == mine
        base = holding(unknown("x"))
        assert clean(merge(base, holding(unknown("m")), holding(unknown("x", a="1")))).extension == unknown(
            "m", a="1"
        )
        nameless = [AnyElement(children=[unknown(each), unknown(name="b")]) for each in "xmt"]
        assert only(merge(*map(holding, nameless))).place == ""

    def test_what_cannot_be_merged(self) -> None:
        with pytest.raises(TypeError, match="Ruleset and Shelf"):
            merge(None, cast("Any", Shelf()), Ruleset())
        base = policy("a", "b")
        base.rules["a"].provide_services = [ServiceUri(value="sip:a")]

        def spoil(rules: Ruleset) -> None:
            rules.rules["a"].provide_services = ["no element"]

        with pytest.raises(InvalidDocument, match=r'rules\["a"\]\.provide_services'):
            edits(base, spoil, lambda rules: setattr(rules.rules["a"], "provide_services", "all"))

    def test_what_cannot_be_written_is_shown_anyway(self) -> None:
        base = self.shelf(a="A")
        mine = Shelf(items=[Bookmark(href="a", title="\0")])
        clash = only(merge(base, mine, Shelf(), self.KEYS))
        assert "Bookmark(" in str(clash.mine)


def test_long_values_are_shortened_in_the_sentence_only() -> None:
    def data(letter: str) -> StatusIcon:
        return StatusIcon(data=Data(value=letter * 10_000))

    clash = only(merge(data("b"), data("m"), data("t")))
    assert len(str(clash)) < 400
    assert len(str(clash.mine)) == 10_000


def test_the_sentence_shows_what_was_changed_and_no_namespaces() -> None:
    clash = only(
        edits(
            BOOK,
            lambda book: friends(book).entries.remove("sip:bob@x"),
            lambda book: setattr(friends(book).entries["sip:bob@x"], "label", 'The "big"  boss'),
        )
    )
    shown = '<entry uri="sip:bob@x"><display-name>The "big" boss</display-name></entry>'
    assert str(clash).endswith(f": removed here, and changed there to {shown}")
    assert 'xmlns="urn:ietf:params:xml:ns:resource-lists"' in str(clash.theirs), "whole in the value"


def test_the_error_lists_every_clash() -> None:
    def change(text: str) -> Callable[[ResourceLists], None]:
        def edit(book: ResourceLists) -> None:
            friends(book).entries["sip:bob@x"].label = text
            friends(book).label = text

        return edit

    clashes = edits(BOOK, change("M"), change("T")).clashes
    request = Request("PUT", "https://x/doc")
    error = MergeConflict(
        "PUT https://x/doc: somebody else changed it",
        request=request,
        response=Response(412, {}, b""),
        base=serialize(BOOK),
        mine=b"m",
        theirs=b"t",
        theirs_etag='"1"',
        clashes=clashes,
    )
    assert isinstance(error, Conflicted)
    assert error.clashes == clashes
    assert str(error).splitlines() == [
        "PUT https://x/doc: somebody else changed it",
        *(f"  {clash}" for clash in clashes),
    ]


@pytest.mark.parametrize("field", ["items", "extensions", "attributes"])
def test_none_in_place_of_several_takes_all_of_them_away(field: str) -> None:
    friends = (
        '<list name="a" x:b="c" xmlns:x="urn:x"><entry uri="sip:a@x"/><entry uri="sip:b@x"/><x:y/></list>'
    )
    book = f'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">{friends}</resource-lists>'
    base, mine, theirs = (parse(book, ResourceLists) for _ in range(3))
    setattr(mine.items[0], field, None)
    theirs.items[0].label = "theirs"
    merged = merge(base, mine, theirs)
    assert merged.clashes == ()
    expected = parse(book, ResourceLists)
    expected.items[0].label = "theirs"
    getattr(expected.items[0], field).clear()
    assert merged.model == expected
