"""Plans use nothing that the server's profile does not vouch for, kind by kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.editing.plan import Plan, Strategy, plan_save
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.profiles import CAUTIOUS, CONFORMANT, KAMAILIO, NODE_WRITES, Ability, ServerProfile
from xcap_sdk.protocol.roots import XcapRoot

INDEX = DocumentAddress(
    root=XcapRoot("https://xcap.example.org"),
    auid="resource-lists",
    xui="sip:alice@example.org",
    default_namespace="urn:ietf:params:xml:ns:resource-lists",
)
BOOK = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
  <list name="friends"><entry uri="sip:a@x"/><entry uri="sip:b@x"/><entry uri="sip:c@x"/></list>
  <list name="work"><entry uri="sip:d@x"/><entry-ref ref="other"/></list>
</resource-lists>"""

Edit = Callable[[ResourceLists], object]


def planned(edit: Edit, profile: ServerProfile, strategy: Strategy = "auto") -> Plan:
    book = parse(BOOK, ResourceLists)
    edit(book)
    return plan_save(INDEX, "a/b", book, received=BOOK, etag='"1"', strategy=strategy, profile=profile)


def knowing(*abilities: Ability) -> ServerProfile:
    return CAUTIOUS.knowing(right=abilities)


def append(book: ResourceLists) -> None:
    book.lists["friends"].entries.add("sip:new@x")


def insert(book: ResourceLists) -> None:
    book.lists["friends"].entries.add("sip:new@x", at=0)


def remove(book: ResourceLists) -> None:
    book.lists["friends"].entries.remove("sip:b@x")


def rename(book: ResourceLists) -> None:
    book.lists["friends"].name = "pals"


def unname(book: ResourceLists) -> None:
    book.lists["friends"].name = None


def rewrite(book: ResourceLists) -> None:
    entries = book.lists["friends"].entries
    entries["sip:b@x"].uri = "sip:bert@x"
    entries["sip:bert@x"].label = "Bert"


KINDS: list[tuple[Edit, Ability]] = [
    (append, Ability.APPEND_ELEMENT),
    (insert, Ability.INSERT_ELEMENT),
    (remove, Ability.DELETE_ELEMENT),
    (rename, Ability.SET_ATTRIBUTE),
    (unname, Ability.DELETE_ATTRIBUTE),
    (rewrite, Ability.REPLACE_ELEMENT),
]


@pytest.mark.parametrize(("edit", "ability"), KINDS)
def test_an_edit_is_made_where_its_kind_is_vouched_for(edit: Edit, ability: Ability) -> None:
    (operation,) = planned(edit, knowing(ability)).operations
    assert operation.needs == {ability}
    assert operation.address != INDEX


@pytest.mark.parametrize(("edit", "ability"), KINDS)
def test_and_else_the_document_is_put(edit: Edit, ability: Ability) -> None:
    others = NODE_WRITES - {ability, Ability.REPLACE_ELEMENT, Ability.INSERT_ELEMENT}
    (operation,) = planned(edit, knowing(*others)).operations
    assert operation.address == INDEX
    assert operation.needs == frozenset()
    assert planned(edit, CAUTIOUS).operations[0].address == INDEX


@pytest.mark.parametrize(("edit", "ability"), KINDS)
def test_or_a_larger_element_where_that_is_vouched_for(edit: Edit, ability: Ability) -> None:
    for operation in planned(edit, knowing(Ability.REPLACE_ELEMENT)).operations:
        assert operation.needs in ({Ability.REPLACE_ELEMENT}, frozenset())


def test_prefixes_are_bound_only_where_that_is_vouched_for() -> None:
    received = BOOK.replace(
        b'<entry uri="sip:b@x"/>', b'<entry uri="sip:b@x"><y:z xmlns:y="urn:y" a="1"/></entry>'
    )
    book = parse(received, ResourceLists)
    book.lists["friends"].entries["sip:b@x"].extensions[0].attributes["a"] = "2"
    how = {"received": received, "etag": '"1"', "strategy": "auto"}
    plan = plan_save(INDEX, "a/b", book, profile=CONFORMANT, **how)
    assert plan.operations[0].needs == {Ability.SET_ATTRIBUTE, Ability.BIND_PREFIXES}
    unprefixed = CONFORMANT.knowing(wrong=[Ability.BIND_PREFIXES])
    plan = plan_save(INDEX, "a/b", book, profile=unprefixed, **how)
    assert not any(Ability.BIND_PREFIXES in each.needs for each in plan.operations)
    assert plan.operations[0].address != INDEX, "an element around it is put"


def test_what_is_asked_for_may_be_unknown_but_not_wrong() -> None:
    (operation,) = planned(rename, CAUTIOUS, "nodes").operations
    assert operation.needs == {Ability.SET_ATTRIBUTE}
    (operation,) = planned(rename, CAUTIOUS.knowing(wrong=[Ability.SET_ATTRIBUTE]), "nodes").operations
    assert operation.needs == {Ability.REPLACE_ELEMENT}
    (operation,) = planned(rename, KAMAILIO, "nodes").operations
    assert operation.address == INDEX
