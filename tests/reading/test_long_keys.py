"""Places stay short where keys are long: each of many problems has its own."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from xcap_documents.common_policy import Ruleset
from xcap_documents.poc_list_service import Group
from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_sdk import ApplicationUsage, InvalidDocument, json_places, serialize, usages, validate
from xcap_sdk.usages.list_nodes import children
from xcap_sdk.usages.validation import Received

KEY = "n" * 20_000
MANY = 1_000


def one_long() -> ResourceLists:
    book = ResourceLists()
    book.lists.add(KEY)
    return book


def many_within_each_other() -> ResourceLists:
    book = ResourceLists()
    inner = book.lists.add("n" * 200)
    for _ in range(49):
        inner = inner.lists.add("n" * 200)
    return book


def innermost(book: ResourceLists) -> ResourceList:
    [found] = book.lists
    while found.lists:
        [found] = found.lists
    return found


@pytest.mark.parametrize("make", [one_long, many_within_each_other])
def test_many_problems_take_no_room(make: Callable[[], ResourceLists]) -> None:
    book = make()
    innermost(book).items = [Entry(uri=f"u{number}") for number in range(MANY)]
    received = Received(usages.RESOURCE_LISTS, serialize(book), None)
    _ = received.deviations
    tracemalloc.start()
    try:
        problems = received.problems
        places = json_places(book, problems)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert problems[7].place.endswith(".entries[7].uri")
    assert places[7].endswith(".items[7].uri")
    assert len(problems[7].place) < 1_500


def test_a_place_goes_on_by_positions() -> None:
    book = many_within_each_other()
    innermost(book).entries.add("bob")
    with pytest.raises(InvalidDocument) as caught:
        validate(book)
    [problem] = caught.value.problems
    key = "n" * 200
    assert problem.place == f'lists["{key}"].lists["{key}"]' + ".lists[0]" * 48 + ".entries[0].uri"
    assert json_places(book, [problem]) == ["items[0]." * 50 + "items[0].uri"]


def long_rule() -> Ruleset:
    policy = Ruleset()
    policy.rules.add("short")
    policy.rules.add(KEY).identity.add("bob")
    return policy


def long_service() -> RlsServices:
    services = RlsServices()
    services.services.add(f"sip:{KEY}@e", list=ResourceList(items=[Entry(uri="bob")]))
    return services


def long_group() -> Group:
    group = Group()
    group.services.add(f"sip:{KEY}@e").members.add("bob")
    return group


@pytest.mark.parametrize(
    ("usage", "model", "place", "in_json"),
    [
        (usages.PRES_RULES, long_rule(), "rules[1].identity[0].id", "items[1].conditions.items[0].items[0].id"),
        (usages.RLS_SERVICES, long_service(), "services[0].list.entries[0].uri", "items[0].members.items[0].uri"),
        (usages.GROUPS, long_group(), "services[0].member_list.entries[0].uri", "items[0].member_list.items[0].uri"),
    ],
)  # fmt: skip
def test_keys_of_other_kinds(usage: ApplicationUsage[Any], model: object, place: str, in_json: str) -> None:
    [problem] = usage.problems(model)
    assert (problem.place, json_places(model, [problem])) == (place, [in_json])


def test_references_name_short_places() -> None:
    assert [place for _, place, _ in children(one_long(), "")] == ["lists[0]"]
    [(_, _, step)] = children(one_long(), "")
    assert step.attribute == ("name", KEY)
