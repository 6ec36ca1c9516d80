"""References to a list that gets another name or goes: found by meaning, changed without a change of spelling."""

from __future__ import annotations

from copy import deepcopy
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xcap_documents.common_policy import Ruleset
from xcap_documents.poc_list_service import Group
from xcap_documents.resource_lists import EntryRef, External, ResourceList, ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_sdk import (
    DocumentAddress,
    InvalidInput,
    XcapRoot,
    anchor_to,
    entry_address,
    list_address,
    parse,
    parse_anchor,
    parse_reference,
    reference_to,
    validate,
)
from xcap_sdk.usages.list_nodes import Nodes
from xcap_sdk.usages.mentions import mentions
from xcap_sdk.usages.relinking import MOST, ListEdit, Lookout, Seen
from xcap_sdk.usages.respelling import respelled

ROOT = XcapRoot("https://xcap.example.org/xcap-root")
ALICE = "sip:alice@example.org"
INDEX = DocumentAddress(
    root=ROOT, auid="resource-lists", xui=ALICE, default_namespace="urn:ietf:params:xml:ns:resource-lists"
)
FRIENDS = list_address(INDEX, "friends")
BOB = "sip:bob@example.org"
PATH = f"resource-lists/users/{ALICE}/index"

names = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cs", "Cc"],
        include_characters="\t\n\r",
        exclude_characters="\ufffe\uffff",
    )
)


def book() -> ResourceLists:
    book = ResourceLists()
    friends = book.lists.ensure("friends")
    friends.entries.add(BOB)
    friends.lists.ensure("close").entries.add("sip:carol@example.org")
    book.lists.ensure("work")
    return book


def looked(
    *items: EntryRef | External, new: str | None = "family", references: bool = True
) -> tuple[ResourceLists, Seen]:
    mine = book()
    mine.lists["work"].items += items
    edit = ListEdit(INDEX, ("friends",), new, references)
    return mine, Lookout(edit, mine).look(INDEX, mine)


SPELLINGS = [
    (
        f"https://xcap.example.org/xcap-root/{PATH}/~~/resource-lists/list%5B@name=%22friends%22%5D",
        f"https://xcap.example.org/xcap-root/{PATH}/~~/resource-lists/list%5B@name=%22my%20%22%5D",
    ),
    (
        f'HTTPS://XCAP.Example.ORG:443/xcap-root/{PATH}/%7E%7E/resource-lists/list[@name="friends"]',
        f"HTTPS://XCAP.Example.ORG:443/xcap-root/{PATH}/%7E%7E/resource-lists/list%5B@name=%22my%20%22%5D",
    ),
    (
        "https://xcap.example.org/xcap%2droot/resource-lists/users/sip%3aalice%40example.org/index/%7e~"
        "/%72esource-lists/list%5b%40name%3d%27%66riends%27%5d",
        "https://xcap.example.org/xcap%2droot/resource-lists/users/sip%3aalice%40example.org/index/%7e~"
        "/%72esource-lists/list%5b%40name%3d%27my%20%27%5d",
    ),
    (
        f"  https://xcap.example.org/xcap-root/{PATH}/~~/*/list%5B1%5D%5B@name=%22friends%22%5D/list%5B@name=%22close%22%5D\n",
        f"  https://xcap.example.org/xcap-root/{PATH}/~~/*/list%5B1%5D%5B@name=%22my%20%22%5D/list%5B@name=%22close%22%5D\n",
    ),
    (
        f"https://xcap.example.org/xcap-root/{PATH}/~~/r:resource-lists/r:list%5B@name='friends'%5D"
        "?xmlns(r=urn:ietf:params:xml:ns:resource-lists)",
        f"https://xcap.example.org/xcap-root/{PATH}/~~/r:resource-lists/r:list%5B@name='my%20'%5D"
        "?xmlns(r=urn:ietf:params:xml:ns:resource-lists)",
    ),
]


@pytest.mark.parametrize(("old", "new"), SPELLINGS)
def test_any_spelling_is_found_and_kept(old: str, new: str) -> None:
    mine, seen = looked(External(anchor=old), new="my ")
    assert [(planned.place, planned.old, planned.new) for planned in seen.planned] == [
        ('lists["work"].externals[0].anchor', old, new)
    ]
    seen.carry_out()
    assert mine.lists["work"].externals.keys() == [new]
    validate(mine)
    assert str(seen.planned[0]) == f'lists["work"].externals[0].anchor: {old} → {new}'


@given(old=names, new=names, inner=st.booleans(), style=st.sampled_from(["", "lower", "raw", "all"]))
def test_a_new_name_is_what_is_read_back(old: str, new: str, inner: bool, style: str) -> None:
    way = ("work", old) if inner else (old,)
    entry = entry_address(list_address(INDEX, *way), BOB)
    reference = reference_to(entry)
    if style == "lower":
        reference = "%".join(part[:2].lower() + part[2:] for part in reference.split("%"))
    elif style == "raw":
        reference = reference.replace("%5B", "[").replace("%5D", "]").replace("%22", '"').replace("%20", " ")
    elif style == "all":
        head, _, tail = reference.partition("/~~/")
        tail = "/".join(quote(part, safe="%") for part in tail.split("/"))
        reference = f"{head}/%7E%7E/{tail}"
    assert parse_reference(ROOT, reference) == entry
    changed = respelled(reference, len(way), new)
    assert parse_reference(ROOT, changed) == entry_address(list_address(INDEX, *way[:-1], new), BOB)


def test_what_is_inside_is_mended_and_what_is_not_is_left() -> None:
    bob, close = entry_address(FRIENDS, BOB), list_address(INDEX, "friends", "close")
    bobs = DocumentAddress(root=ROOT, auid="resource-lists", xui=BOB)
    left = [
        External(anchor=anchor_to(list_address(INDEX, "work"))),
        External(anchor=anchor_to(list_address(bobs, "friends"))),
        External(
            anchor="https://other.example.org/resource-lists/users/sip:a@b/index/~~/resource-lists/list"
        ),
        External(anchor=f"{INDEX.uri}/~~/resource-lists/list%5B1%5D"),
        External(),
    ]
    mine, seen = looked(
        EntryRef(ref=reference_to(bob)),
        External(anchor=anchor_to(close)),
        EntryRef(ref=reference_to(entry_address(close, "sip:gone@example.org"))),
        *left,
    )
    assert [planned.place for planned in seen.planned] == [
        'lists["work"].entry_refs[0].ref',
        'lists["work"].externals[0].anchor',
        'lists["work"].entry_refs[1].ref',
    ]
    assert seen.problems == []
    seen.carry_out()
    work, family = mine.lists["work"], list_address(INDEX, "family")
    assert work.entry_refs.keys()[0] == reference_to(entry_address(family, BOB))
    assert work.externals.keys()[0] == anchor_to(family.child("list", where=("name", "close")))
    assert work.items[3:] == left


BROKEN = [
    EntryRef(ref=f"/{PATH}/~~/resource-lists/list%5B@name=%22friends%22%5D/entry"),
    EntryRef(ref=f"{PATH}/~~/resource-lists/list%5B@name=%22friends%22%5D"),
    EntryRef(ref=f"{PATH}/~~/resource-lists/list%5B@name=%22friends%2%5D/entry"),
    EntryRef(ref=""),
    External(anchor=f"{FRIENDS.uri}#here"),
    External(anchor=f"{FRIENDS.uri}/@name"),
    External(anchor=FRIENDS.uri.replace("://", "://alice:secret@")),
    External(anchor="https://[/resource-lists/"),
    External(anchor=f"{INDEX.uri}/~~/resource-lists/list%5B@name=%22%26friends%22%5D"),
]


def test_what_cannot_be_read_is_named_and_left_as_it_is() -> None:
    before = [str(item) for item in BROKEN]
    mine, seen = looked(*BROKEN)
    assert seen.planned == []
    assert [problem.reason for problem in seen.problems] == ["invalid"] * len(BROKEN)
    assert [problem.place for problem in seen.problems][:2] == [
        'lists["work"].entry_refs[0].ref',
        'lists["work"].entry_refs[1].ref',
    ]
    assert all("left as it is" in problem.message for problem in seen.problems)
    seen.carry_out()
    assert [str(item) for item in mine.lists["work"].items] == before


def test_thousands_of_broken_references_are_counted() -> None:
    _, seen = looked(*(EntryRef(ref=f"/{number}") for number in range(MOST + 7)))
    assert len(seen.problems) == MOST + 1
    assert seen.problems[-1].message.startswith("7 more references cannot be read")
    assert str(seen.problems[-1]).startswith(INDEX.uri)


def test_several_lists_of_one_name_are_nobody_s() -> None:
    twice = book()
    twice.items.append(ResourceList(name="friends"))
    with pytest.raises(InvalidInput, match="2 lists in the document are called 'friends'"):
        Lookout(ListEdit(INDEX, ("friends",), "family"), twice)
    with pytest.raises(InvalidInput, match="2 lists in the document are called 'friends'"):
        Lookout(ListEdit(INDEX, ("friends", "close"), None), twice)
    for edit, message in (
        (ListEdit(INDEX, ("friends",), "work"), "there is a list 'work' beside it"),
        (
            ListEdit(INDEX, ("enemies",), "family"),
            "no list 'enemies' in the document: there are 'friends', 'work'",
        ),
        (ListEdit(INDEX, ("friends", "far"), None), "no list 'far'"),
        (ListEdit(INDEX, ("far", "friends"), None), "no list 'far' in the document"),
    ):
        with pytest.raises(InvalidInput, match=message):
            Lookout(edit, book())


def test_removing_names_what_would_lead_nowhere_or_elsewhere() -> None:
    mine, seen = looked(
        External(anchor=anchor_to(FRIENDS)),
        External(anchor=f"{INDEX.uri}/~~/resource-lists/list%5B2%5D"),
        External(anchor=f"{INDEX.uri}/~~/resource-lists/list%5B3%5D"),
        new=None,
        references=False,
    )
    mine.lists.ensure("last")
    friends = mine.lists["friends"]
    friends.externals.add(anchor_to(list_address(INDEX, "friends", "close")))  # goes with the list
    edit = ListEdit(INDEX, ("friends",), None, references=False)
    seen = Lookout(edit, mine).look(INDEX, mine)
    assert [(problem.reason, problem.place) for problem in seen.problems] == [
        ("dangling", 'lists["work"].externals[0].anchor')
    ]
    read = deepcopy(mine)
    edit.carry_out(mine)
    assert [
        (problem.reason, problem.message.partition("' ")[2])
        for problem in seen.afterwards(mine, Nodes(), read)
    ] == [
        ("shifted", 'leads to lists["work"] now, and would lead to lists["last"] then'),
        ("dangling", 'leads to lists["last"] now, and would lead nowhere then'),
    ]
    assert mine.lists.keys() == ["work", "last"]


def test_a_new_name_may_revive_a_reference() -> None:
    mine, seen = looked(External(anchor=anchor_to(list_address(INDEX, "family"))))
    read = deepcopy(mine)
    ListEdit(INDEX, ("friends",), "family").carry_out(mine)
    [problem] = seen.afterwards(mine, Nodes(), read)
    assert (problem.reason, problem.place) == ("revived", 'lists["work"].externals[0].anchor')
    assert problem.message.endswith('leads nowhere now, and would lead to lists["family"] then')


def test_references_that_go_with_their_list() -> None:
    mine, seen = looked(
        EntryRef(ref=reference_to(entry_address(FRIENDS, BOB))),
        External(anchor=anchor_to(FRIENDS)),
        External(anchor=anchor_to(list_address(INDEX, "work"))),
        new=None,
    )
    assert [(planned.place, planned.new) for planned in seen.planned] == [
        ('lists["work"].entry_refs[0]', None),
        ('lists["work"].externals[0]', None),
    ]
    seen.carry_out()
    assert mine.lists["work"].externals.keys() == [anchor_to(list_address(INDEX, "work"))]
    assert len(mine.lists["work"].items) == 1


ANCHOR = anchor_to(FRIENDS)
SERVICES = f"""<rls-services xmlns="urn:ietf:params:xml:ns:rls-services"
  xmlns:rl="urn:ietf:params:xml:ns:resource-lists"><service uri="sip:a@x"><resource-list>
  {ANCHOR} </resource-list></service><service uri="sip:b@x"><list><rl:external anchor="{ANCHOR}"/></list>
  </service></rls-services>"""
RULES = f"""<cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy" xmlns:ocp="urn:oma:xml:xdm:common-policy">
  <cr:rule id="a"><cr:conditions><ocp:external-list><ocp:entry anc="{ANCHOR}"/><ocp:entry/></ocp:external-list>
  </cr:conditions></cr:rule></cr:ruleset>"""
GROUP = f"""<group xmlns="urn:oma:xml:poc:list-service" xmlns:rl="urn:ietf:params:xml:ns:resource-lists"
  xmlns:cp="urn:ietf:params:xml:ns:common-policy" xmlns:ocp="urn:oma:xml:xdm:common-policy">
  <list-service uri="sip:g@x"><list><external anchor="{ANCHOR}"/></list><cp:ruleset><cp:rule id="r"><cp:conditions>
  <ocp:external-list><ocp:entry anc="{ANCHOR}"/></ocp:external-list></cp:conditions></cp:rule></cp:ruleset>
  </list-service></group>"""


@pytest.mark.parametrize(
    ("root", "xml", "places", "owners"),
    [
        (
            RlsServices,
            SERVICES,
            ['services["sip:a@x"].resource_list', 'services["sip:b@x"].list.externals[0].anchor'],
            ['services["sip:a@x"]', 'services["sip:b@x"].list.externals[0]'],
        ),
        (Ruleset, RULES, ['rules["a"].external_list[0].anc'], ['rules["a"].external_list[0]']),
        (
            Group,
            GROUP,
            [
                'services["sip:g@x"].member_list.externals[0].anchor',
                'services["sip:g@x"].ruleset.rules["r"].external_list[0].anc',
            ],
            [
                'services["sip:g@x"].member_list.externals[0]',
                'services["sip:g@x"].ruleset.rules["r"].external_list[0]',
            ],
        ),
    ],
)
def test_documents_of_other_usages(root: type, xml: str, places: list[str], owners: list[str]) -> None:
    address = DocumentAddress(root=ROOT, auid="any", xui=ALICE)
    for new, expected in (("family", places), (None, owners)):
        model = parse(xml.encode(), root)
        seen = Lookout(ListEdit(INDEX, ("friends",), new), book()).look(address, model)
        assert [planned.place for planned in seen.planned] == expected
        seen.carry_out()
        left = [mention.text.strip() for mention in mentions(model)]
        assert left == ([anchor_to(list_address(INDEX, "family"))] * len(places) if new else [])
    assert parse_anchor(ANCHOR, ROOT) == FRIENDS
