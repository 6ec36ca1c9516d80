"""Lists flattened as a resource list server does it (RFC 4826 §4.5), in documents in hand."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_sdk import (
    DocumentAddress,
    InvalidInput,
    NodeSelector,
    ReservedList,
    XcapRoot,
    address_of,
    anchor_to,
    entry_address,
    flatten,
    list_address,
    parse,
    reference_to,
    serialize,
)
from xcap_sdk.documents.finding import NodeNotFound, find
from xcap_sdk.documents.source import Source
from xcap_sdk.usages import RESOURCE_LISTS
from xcap_sdk.usages.following import flattened
from xcap_sdk.usages.list_nodes import Nodes

ROOT = XcapRoot("http://xcap.example.com/root")
RL = RESOURCE_LISTS.namespace


def document(user: str, name: str = "index", root: XcapRoot = ROOT) -> DocumentAddress:
    return DocumentAddress(
        root=root, auid="resource-lists", xui=f"sip:{user}@example.com", document=name, default_namespace=RL
    )


ALICE, BOB = document("alice"), document("bob")


def external(address: DocumentAddress, *names: str) -> External:
    return External(anchor=anchor_to(list_address(address, *names)))


def reference(address: DocumentAddress, *names: str, uri: str) -> EntryRef:
    return EntryRef(ref=reference_to(entry_address(list_address(address, *names), uri)))


def book(**lists: list[Any]) -> ResourceLists:
    return ResourceLists(items=[ResourceList(name=name, items=items) for name, items in lists.items()])


def reasons(flat: Any) -> list[tuple[str, str]]:
    return [(problem.reason, problem.place) for problem in flat.problems]


def test_lists_inside_come_where_they_stand_and_each_uri_once() -> None:
    inner = ResourceList(items=[Entry(uri="sip:b@x"), Entry(uri="sip:c@x"), Entry(uri="sip:a@x")])
    friends = [Entry(uri="sip:a@x"), inner, Entry(uri="SIP:a@x"), Entry(uri="sip:c@x"), Entry(uri="tel:+1")]
    model = book(friends=friends, others=[Entry(uri="sip:z@x")])
    flat = flatten(model, "friends")
    assert flat.uris == ["sip:a@x", "sip:b@x", "sip:c@x", "SIP:a@x", "tel:+1"]
    assert flat.subscribable == ["sip:a@x", "sip:b@x", "sip:c@x", "SIP:a@x"]
    assert flat.problems == ()
    assert flat.entries[1].place == 'lists["friends"].lists[0].entries["sip:b@x"]'
    assert flat.entries[1].entry is inner.entries["sip:b@x"]
    assert flatten(model).uris == [*flat.uris, "sip:z@x"]
    assert flatten(model.lists["others"]).uris == ["sip:z@x"]
    assert flatten(ResourceLists()) == flatten(ResourceList())


def test_a_list_is_named_by_the_way_to_it() -> None:
    model = book(a=[ResourceList(name="b/c", items=[Entry(uri="sip:x@y")])])
    assert flatten(model, ["a", "b/c"]).uris == ["sip:x@y"]
    assert flatten(model, []).uris == ["sip:x@y"]
    for names, message in {
        "b/c": r"no list 'b/c' in the document: there are 'a'",
        ("a", "c"): r"""no list 'c' in lists\["a"\]: there are 'b/c' """,
        ("a", "b/c", "d"): "none with a name",
    }.items():
        with pytest.raises(InvalidInput, match=message.strip()):
            flatten(model, names)


def test_references_in_the_same_document_are_followed() -> None:
    model = book(
        friends=[
            reference(ALICE, "work", uri="sip:boss@x"),
            external(ALICE, "work", "team"),
            Entry(uri="sip:z@x"),
        ],
        work=[Entry(uri="sip:boss@x"), ResourceList(name="team", items=[Entry(uri="sip:t@x")])],
    )
    model.lists["work"].entries["sip:boss@x"].label = "The boss"
    flat = flatten(model, "friends", address=ALICE)
    assert flat.uris == ["sip:boss@x", "sip:t@x", "sip:z@x"]
    assert flat.problems == ()
    boss, team, _ = flat.entries
    assert (boss.label, boss.place, boss.document) == (
        "The boss",
        'lists["work"].entries["sip:boss@x"]',
        ALICE,
    )
    assert boss.via == (model.lists["friends"].entry_refs.at(0).ref,)
    assert team.place == 'lists["work"].lists["team"].entries["sip:t@x"]'
    model.lists["friends"].entry_refs.at(0).label = "Bossy"
    assert flatten(model, "friends", address=ALICE).entries[0].label == "Bossy"


def test_references_to_other_documents_are_followed_where_they_are_in_hand() -> None:
    model = book(friends=[external(BOB, "all"), reference(BOB, "all", uri="sip:b@x")])
    other = book(all=[Entry(uri="sip:b@x"), external(document("carol", "work/team"), "team")])
    third = book(team=[Entry(uri="sip:c@x")])
    flat = flatten(model, address=ALICE, others={BOB: other, document("carol", "work/team"): third})
    assert flat.uris == ["sip:b@x", "sip:c@x"]
    assert [entry.document for entry in flat.entries] == [BOB, document("carol", "work/team")]
    assert len(flat.entries[1].via) == 2
    assert flat.problems == ()
    unread = flatten(model, address=ALICE)
    assert reasons(unread) == [
        (
            "unread",
            f'lists["friends"].externals["{anchor_to(list_address(BOB, "all"))}"].anchor',
        ),
        ("unread", f'lists["friends"].entry_refs["{model.lists["friends"].entry_refs.at(0).ref}"].ref'),
    ]
    assert BOB.uri in unread.problems[0].message
    assert str(unread.problems[0]).endswith("[unread]")


def test_without_an_address_only_what_is_said_in_full_is_known() -> None:
    model = book(friends=[external(BOB, "all"), reference(BOB, "all", uri="sip:b@x"), Entry(uri="sip:a@x")])
    flat = flatten(model, others={BOB: book(all=[Entry(uri="sip:b@x")])})
    assert flat.uris == ["sip:b@x", "sip:a@x"]
    assert [problem.reason for problem in flat.problems] == ["unread"]
    assert "address=" in flat.problems[0].message
    assert flat.problems[0].document is None


def test_circles_end_and_are_told() -> None:
    itself = book(a=[Entry(uri="sip:1@x"), external(ALICE, "a"), Entry(uri="sip:2@x")])
    flat = flatten(itself, "a", address=ALICE)
    assert flat.uris == ["sip:1@x", "sip:2@x"]
    assert [problem.reason for problem in flat.problems] == ["circular"]
    assert flat.problems[0].reference == itself.lists["a"].externals.at(0).anchor

    ring = book(
        a=[external(ALICE, "b"), Entry(uri="sip:a@x")], b=[external(ALICE, "a"), Entry(uri="sip:b@x")]
    )
    flat = flatten(ring, "a", address=ALICE)
    assert flat.uris == ["sip:b@x", "sip:a@x"]
    assert [problem.reason for problem in flat.problems] == ["circular"]
    assert flat.problems[0].place.startswith('lists["b"].externals[')

    around = book(outer=[ResourceList(name="inner", items=[external(ALICE, "outer"), Entry(uri="sip:a@x")])])
    around.lists["outer"].entries.add("sip:b@x")
    flat = flatten(around, ["outer", "inner"], address=ALICE)
    assert flat.uris == ["sip:b@x", "sip:a@x"]
    assert [problem.reason for problem in flat.problems] == ["circular"]

    def across(other: DocumentAddress) -> ResourceLists:
        return book(a=[Entry(uri=f"sip:{other.document}@x"), external(other, "a")])

    one, two = document("alice", "one"), document("bob", "two")
    flat = flatten(across(two), address=one, others={two: across(one)})
    assert flat.uris == ["sip:two@x", "sip:one@x"]
    assert [(problem.reason, problem.document) for problem in flat.problems] == [("circular", two)]


def test_a_list_that_is_referred_to_again_is_told_and_not_gone_through_again() -> None:
    spelling = anchor_to(list_address(ALICE, "c")).replace("%22", "'")
    model = book(
        a=[external(ALICE, "b"), external(ALICE, "c"), External(anchor=spelling)],
        b=[Entry(uri="sip:b@x"), external(ALICE, "c")],
        c=[Entry(uri="sip:c@x")],
    )
    flat = flatten(model, "a", address=ALICE)
    assert flat.uris == ["sip:b@x", "sip:c@x"]
    assert [problem.reason for problem in flat.problems] == ["repeated", "repeated"]
    # A list that stands there anyway is no reference met before.
    model = book(a=[ResourceList(name="in", items=[Entry(uri="sip:i@x")]), external(ALICE, "a", "in")])
    assert flatten(model, "a", address=ALICE).problems == ()
    model = book(a=[external(ALICE, "a", "in"), ResourceList(name="in", items=[Entry(uri="sip:i@x")])])
    flat = flatten(model, "a", address=ALICE)
    assert (flat.uris, flat.problems) == (["sip:i@x"], ())


def test_references_that_lead_nowhere_are_told() -> None:
    there = f"{ALICE.path}/~~/resource-lists"
    model = book(
        friends=[
            EntryRef(ref=f"{there}/list%5B@name=%22none%22%5D/entry"),
            EntryRef(ref=f"{there}/list%5B1%5D/*%5B1%5D"),
            EntryRef(ref=f"{there}/list%5B1%5D/entry"),
            External(anchor=f"{ROOT}/{there}/*%5B1%5D/*%5B1%5D"),
            External(anchor=f"{ROOT}/{there}/list%5B7%5D"),
            External(anchor=f"{ROOT}/{there}/list%5B0%5D"),
            External(),
            External(anchor="index"),
            EntryRef(ref="/x"),
            EntryRef(ref=f"{there}/list"),
            Entry(uri="sip:a@x"),
            Entry(uri="sip:b@x"),
        ],
    )
    flat = flatten(model, address=ALICE)
    assert flat.uris == ["sip:a@x", "sip:b@x"]
    assert [problem.reason for problem in flat.problems] == ["dangling"] * 6 + ["invalid"] * 4
    assert flat.problems[1].message.endswith("is none")
    assert (flat.problems[6].reference, flat.problems[6].place) == (
        None,
        'lists["friends"].externals[3].anchor',
    )
    assert all(problem.document == ALICE for problem in flat.problems)


def test_how_deep_and_how_many() -> None:
    others = {
        document("u", str(n)): book(a=[external(document("u", str(n + 1)), "a"), Entry(uri=f"sip:{n}@x")])
        for n in range(9)
    }
    start = book(a=[external(document("u", "0"), "a")])

    def run(**limits: int) -> Any:
        walk = flattened(start, (start, ""), ALICE, **limits)
        wanted = next(walk)
        asked = []
        try:
            while True:
                asked.append(wanted)
                wanted = walk.send(others[wanted])
        except StopIteration as end:
            return end.value, asked

    flat, asked = run(max_depth=3)
    assert flat.uris == ["sip:2@x", "sip:1@x", "sip:0@x"]
    assert [problem.reason for problem in flat.problems] == ["too-deep"]
    assert len(asked) == 4
    flat, asked = run(max_documents=2)
    assert flat.uris == ["sip:1@x", "sip:0@x"]
    assert [problem.reason for problem in flat.problems] == ["too-many"]
    assert len(asked) == len(set(asked)) == 2
    with pytest.raises(StopIteration) as end:
        next(flattened(start, (start, ""), ALICE, max_documents=0))
    assert [problem.reason for problem in end.value.value.problems] == ["too-many"]
    with pytest.raises(StopIteration):
        next(flattened(start, (start, ""), ALICE, max_documents=-1))


def test_each_document_is_asked_for_once_even_if_it_is_not_there() -> None:
    model = book(
        a=[external(BOB, str(n)) for n in range(5)]
        + [reference(BOB, "x", uri=f"sip:{n}@x") for n in range(5)]
    )
    assert [problem.reason for problem in flatten(model, address=ALICE).problems] == ["unread"] * 10
    walk = flattened(model, (model, ""), ALICE)
    wanted = next(walk)
    with pytest.raises(StopIteration) as end:
        walk.send(ResourceLists())
    assert wanted == BOB
    assert [problem.reason for problem in end.value.value.problems] == ["dangling"] * 10


def test_lists_that_nest_deeper_than_python_recurses() -> None:
    model = ResourceLists()
    parent: Any = model
    for _ in range(sys.getrecursionlimit() * 2):
        inner = ResourceList(name="in")
        parent.items.append(inner)
        parent = inner
    parent.items.append(Entry(uri="sip:deep@x"))
    assert flatten(model).uris == ["sip:deep@x"]


def test_many_references_into_a_long_list_take_a_step_each() -> None:
    count = 500
    long = [Entry(uri=f"sip:{n}@x") for n in range(count)]
    there = f"{ALICE.path}/~~/resource-lists/list%5B@name=%22long%22%5D"
    model = book(
        long=long,
        short=[reference(ALICE, "long", uri=f"sip:{n}@x") for n in range(count)]
        + [EntryRef(ref=f"{there}/entry%5B{n + 1}%5D") for n in range(count)],
    )
    calls = 0

    def profile(frame: Any, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(profile)
    try:
        flat = flatten(model, "short", address=ALICE)
    finally:
        sys.setprofile(None)
    assert len(flat.entries) == count
    assert calls < 400 * count


def test_an_object_that_is_in_two_places_or_in_itself() -> None:
    shared = ResourceList(name="shared", items=[Entry(uri="sip:s@x")])
    model = book(a=[shared], b=[shared])
    assert flatten(model).uris == ["sip:s@x"]
    shared.items.append(shared)
    assert flatten(model).uris == ["sip:s@x"]


def test_the_reserved_names_are_plain_strings() -> None:
    model = ResourceLists()
    model.lists.ensure(ReservedList.RCS).entries.add("sip:a@x")
    model.lists.ensure(ReservedList.BUDDIES).items.append(external(ALICE, ReservedList.RCS))
    assert model.lists["rcs"] is model.lists[ReservedList.RCS]
    again = parse(serialize(model), ResourceLists)
    assert again == model
    assert flatten(again, "oma_buddylist", address=ALICE).uris == ["sip:a@x"]
    assert b'name="rcs"' in serialize(model)


NAMES = st.sampled_from(["a", "b", None])
STEPS = st.builds(
    lambda name, position, attribute: (
        f"{name}{'' if position is None else f'[{position}]'}{'' if attribute is None else f'[@{attribute}]'}"
    ),
    st.sampled_from(["list", "entry", "*", "display-name", "x:y", "r:list"]),
    st.sampled_from([None, None, 1, 2, 0]),
    st.sampled_from([None, None, 'name="a"', 'uri="sip:1"', 'x:k="v"', 'y="z"']),
)
TREES = st.recursive(
    st.builds(
        Entry, uri=st.sampled_from(["sip:1", "sip:2"]), attributes=st.sampled_from([{}, {"{urn:x}k": "v"}])
    ),
    lambda inner: st.builds(
        lambda name, items: ResourceList(name=name, items=items), NAMES, st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.lists(TREES.filter(lambda tree: isinstance(tree, ResourceList)), max_size=3),
    st.lists(STEPS, min_size=1, max_size=3),
)
def test_selectors_select_in_models_what_they_select_in_documents(lists: list[Any], steps: list[str]) -> None:
    model = ResourceLists(items=lists)
    if lists:
        lists[0].label = "label"
    xml = b"""<?xml version="1.0"?>""" + serialize(model).partition(b"?>")[2]
    text = (
        "/".join(["resource-lists", *steps]) + "?xmlns(x=urn:x)xmlns(r=urn:ietf:params:xml:ns:resource-lists)"
    )
    selector = NodeSelector.parse(text)
    read = parse(xml, ResourceLists)
    found, _ = Nodes().select(read, selector)
    try:
        element = find(Source.parse(xml), selector, RL)
    except NodeNotFound:
        assert found is None
        return
    local = element.tag.rpartition("}")[2]
    expected = {"list": ResourceList, "entry": Entry}.get(local)
    if expected is None:
        assert found is not None
        return
    assert isinstance(found, expected)
    key = {"list": "name", "entry": "uri"}[local]
    assert getattr(found, key) == element.get(key)
    again, _ = Nodes().select(read, address_of(ALICE, read, found).selector)
    assert again is found
