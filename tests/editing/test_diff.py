"""Which elements are the same before and after."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_documents.xcap_caps import Auids
from xcap_sdk.documents.outline import Outline
from xcap_sdk.editing.diff import Alignment, align, key_field


def aligned(before: list[Any], after: list[Any], keys: dict[type, str] | None = None) -> Alignment:
    return align(Outline.of(ResourceList(items=before)), Outline.of(ResourceList(items=after)), keys or {})


def entry(uri: str, label: str | None = None) -> Entry:
    return Entry(uri=uri, display_name=None if label is None else DisplayName(value=label))


def group(name: str | None, *uris: str) -> ResourceList:
    return ResourceList(name=name, items=[entry(uri) for uri in uris])


def test_equal_ends_are_not_looked_at() -> None:
    found = aligned([entry("a"), entry("b"), entry("c")], [entry("a"), entry("x"), entry("c")])
    assert (found.first, len(found.before), len(found.after)) == (1, 1, 1)
    assert not aligned([entry("a")], [entry("a")]).after


def test_insertion_and_removal() -> None:
    found = aligned([entry("a"), entry("c")], [entry("a"), entry("b"), entry("c")])
    assert (found.origin, found.removed) == ((None,), [])
    found = aligned([entry("a"), entry("a"), entry("c")], [entry("a"), entry("c")])
    assert (found.origin, found.removed) == ((), [0])


def test_the_same_key_is_the_same_element() -> None:
    found = aligned([entry("a", "x"), entry("b")], [entry("b"), entry("a", "y")])
    assert found.origin == (1, 0)
    assert sum(found.stays) == 1


def test_a_rename() -> None:
    assert aligned([entry("a", "x")], [entry("b", "x")]).origin == (0,)
    assert aligned([entry("a", "x")], [entry("b", "y")]).origin == (None,)
    assert aligned([group("a", "1", "2")], [group("b", "1", "2", "3")]).origin == (0,)
    assert aligned([group("a", "1", "2")], [group("b", "1", "4", "3")]).origin == (None,)
    assert aligned([group("a", "1", "2")], [group(None, "1", "2", "3")]).origin == (0,)


def test_what_many_share_tells_none_of_them() -> None:
    crowd = [group(f"a{n}", "1", "2") for n in range(20)]
    assert aligned(crowd, [group("z", "1", "2", "3")]).origin == (None,)


def test_of_several_candidates_each_is_taken_once() -> None:
    found = aligned(
        [group("a", "1", "2", "3")], [group("b", "1", "2", "4", "3"), group("c", "1", "2", "3", "5")]
    )
    assert found.origin == (0, None)


def test_doubled_keys_pair_what_is_equal_first() -> None:
    before = [entry("a", "1"), entry("a", "2"), entry("a", "3")]
    assert aligned(before, [entry("a", "3"), entry("a", "x")]).origin == (2, 0)


def test_elements_without_keys() -> None:
    assert aligned([group(None, "1"), group(None, "2")], [group(None, "2"), group(None, "9")]).origin == (
        1,
        0,
    )
    assert aligned([group(None, "1"), group(None, "2")], [group(None, "9")]).origin == (None,)
    before, after = Auids(items=["a", "b", "c"]), Auids(items=["b", "x", "c"])
    assert align(Outline.of(before), Outline.of(after), {}).origin == (1, 0)


def test_keys_of_the_usage_come_first() -> None:
    assert key_field(entry("a"), {}) == "uri"
    assert key_field(entry("a"), {Entry: "display_name"}) == "display_name"
    assert key_field("text", {}) is None
    one, other = entry("a", "x"), entry("b", "x")
    assert aligned([one, entry("c")], [other], {Entry: "display_name"}).origin == (
        None,
    )  # no value to be hashed


@given(st.permutations(range(8)))
def test_as_few_as_possible_move(order: list[int]) -> None:
    found = aligned([entry(str(n)) for n in range(8)], [entry(str(n)) for n in order])
    staying = [origin for origin, stays in zip(found.origin, found.stays, strict=True) if stays]
    assert staying == sorted(staying, key=lambda origin: -1 if origin is None else origin)
    best = 0
    for mask in range(1 << len(found.origin)):
        chosen = [origin for bit, origin in enumerate(found.origin) if mask >> bit & 1 and origin is not None]
        if chosen == sorted(chosen):
            best = max(best, len(chosen))
    assert len(staying) == best


def test_one_change_in_many_is_found_at_once() -> None:
    def book() -> ResourceLists:
        return ResourceLists(
            items=[ResourceList(name="a", items=[entry(f"sip:{n}@x", "n") for n in range(10_000)])]
        )

    before, after = book(), book()
    after.items[0].items.insert(5_000, entry("sip:new@x"))
    one, other = Outline.of(before).children[0], Outline.of(after).children[0]
    found = align(one, other, {})
    assert (found.first, found.origin) == (5_000, (None,))
    assert (len(found.before), len(found.after)) == (0, 1)  # what is looked at closely
