"""What is told to be the same is what is equal."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from instances import Maker, edit, model_of, seeds
from xcap_documents.resource_lists import DisplayName, Entry
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.editing.sameness import sameness
from xcap_sdk.usages import ALL, ApplicationUsage


def told(one: Any, other: Any) -> bool:
    return sameness(type(one))(one, other)


@pytest.mark.parametrize("usage", ALL, ids=str)
@settings(max_examples=max(settings().max_examples // 10, 1))
@given(seed=seeds)
def test_as_equality_has_it(usage: ApplicationUsage[Any], seed: int) -> None:
    random = Random(seed)
    model = model_of(usage, seed)
    other = copy.deepcopy(model)
    assert told(model, other)
    edit(random, other, Maker(random))
    for one in objects_of(model):
        for another in objects_of(other):
            assert told(one, another) == (one == another)


@pytest.mark.parametrize("name", [None, DisplayName(value="a"), DisplayName(value="b"), "a"])
@pytest.mark.parametrize("other", [None, DisplayName(value="a"), DisplayName(value="b", lang="en"), "a"])
def test_single_objects_inside(name: Any, other: Any) -> None:
    one, another = Entry(uri="x", display_name=name), Entry(uri="x", display_name=other)
    assert told(one, another) == (one == another)
    assert not told(one, "x")
    assert told("x", "x")


def test_equality_of_ones_own_is_asked() -> None:
    class Odd:
        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 0

    assert told(Odd(), 5)
