"""Merges take time that grows with the documents, also where both sides changed every element."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import parse
from xcap_sdk.editing.merge import Merged, merge
from xcap_sdk.usages import RESOURCE_LISTS

Versions = tuple[str, str, str]
"""What is in base, mine and theirs."""


def entries(count: int, text: str) -> str:
    one = '<entry uri="sip:{0}@example.org"><display-name>{1}</display-name></entry>'
    return "".join(one.format(number, text) for number in range(count))


def lists(count: int, text: str) -> str:
    return "".join(f'<list name="{number}"><entry uri="sip:{text}"/></list>' for number in range(count))


def changed_twice(count: int) -> Versions:
    base, mine, theirs = (f'<list name="a">{entries(count, text)}</list>' for text in "abc")
    return base, mine, theirs


def changed_and_removed(count: int) -> Versions:
    base, mine, _ = changed_twice(count)
    return base, mine, '<list name="a"/>'


def changed_and_moved(count: int) -> Versions:
    return lists(count, "a"), lists(count, "b"), f'<list name="z">{lists(count, "a")}</list>'


def moved_and_shuffled(count: int) -> Versions:
    a, b = '<list name="a">{0}</list>', '<list name="b">{0}</list>'
    here, empty = entries(count, "a"), ""
    return (
        a.format(here) + b.format(empty),
        a.format(empty) + b.format(here),
        a.format(here + "<entry uri='x:'/>"),
    )


def document(inside: str) -> ResourceLists:
    return parse(
        f'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">{inside}</resource-lists>',
        ResourceLists,
    )


def calls(make: Callable[[int], Versions], count: int) -> int:
    """How many functions a merge calls, which says more than the time that it takes on a busy machine."""
    base, mine, theirs = map(document, make(count))
    seen = 0

    def note(_frame: object, event: str, _arg: object) -> None:
        nonlocal seen
        seen += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        result: Merged[ResourceLists] = merge(base, mine, theirs, RESOURCE_LISTS.keys)
    finally:
        sys.setprofile(None)
    assert result.model.lists["a" if make is not changed_and_moved else "z"] is not None
    return seen


@pytest.mark.parametrize("make", [changed_twice, changed_and_removed, changed_and_moved, moved_and_shuffled])
def test_eight_times_as_much_takes_eight_times_as_many_calls(make: Callable[[int], Versions]) -> None:
    """It takes many times that where each element is looked for among all others."""
    calls(make, 50)  # what is done once for each class
    assert calls(make, 1600) < 10 * calls(make, 200)
