"""References to lists and entries: made from addresses, and read back (RFC 4826 §3.1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xcap_documents.resource_lists import Entry, External, ResourceList, ResourceLists
from xcap_sdk import (
    DocumentAddress,
    InvalidAddress,
    InvalidInput,
    InvalidSelector,
    XcapRoot,
    address_of,
    anchor_to,
    entry_address,
    list_address,
    parse_anchor,
    parse_reference,
    reference_to,
)
from xcap_sdk.usages import RESOURCE_LISTS
from xcap_sdk.usages.list_nodes import Nodes

ROOT = XcapRoot("http://xcap.example.com")
BILL = DocumentAddress(
    root=ROOT, auid="resource-lists", xui="sip:bill@example.com", default_namespace=RESOURCE_LISTS.namespace
)
# The reference of RFC 4826 §3.1, as the RFC writes it.
REF = (
    "resource-lists/users/sip:bill@example.com/index/~~/resource-lists/"
    "list%5b@name=%22list1%22%5d/entry%5b@uri=%22sip:petri@example.com%22%5d"
)
ANY_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=["Cc", "Cs"]),
    min_size=1,
)


def test_the_example_of_the_rfc() -> None:
    entry = entry_address(list_address(BILL, "list1"), "sip:petri@example.com")
    assert parse_reference(ROOT, REF) == entry
    assert reference_to(entry) == REF.replace("%5b", "%5B").replace("%5d", "%5D")
    assert parse_anchor(f"{ROOT}/{REF.rpartition('/')[0]}") == list_address(BILL, "list1")


def test_a_nested_list_with_a_difficult_name() -> None:
    address = list_address(BILL, "a/b", 'Ann & "Bob" 100%é')
    anchor = anchor_to(address)
    assert anchor.endswith(
        "/resource-lists/list%5B@name=%22a%2Fb%22%5D/list%5B@name='Ann%20&amp;%20%22Bob%22%20100%25%C3%A9'%5D"
    )
    assert parse_anchor(anchor, ROOT) == address


@given(st.lists(ANY_TEXT, min_size=1, max_size=3), ANY_TEXT)
def test_every_name_and_uri_comes_back(names: list[str], uri: str) -> None:
    address = list_address(BILL, *names)
    entry = entry_address(address, uri)
    assert parse_anchor(anchor_to(address), ROOT) == address
    assert parse_anchor(anchor_to(address)) == address
    assert parse_reference(ROOT, reference_to(entry)) == entry
    assert (
        RESOURCE_LISTS.problems(
            ResourceLists(items=[ResourceList(items=[External(anchor=anchor_to(address))])])
        )
        == []
    )


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("", "no relative path"),
        (f"/{REF}", "no relative path"),
        (f"http://xcap.example.com/{REF}", "no relative path"),
        (f"//{REF}", "no relative path"),
        ("http://[", "no relative path"),
        ("index", "names no document"),
        (
            "../resource-lists/users/sip:a@b/index/~~/resource-lists/list/entry",
            "no XCAP URI of an entry",
        ),
        ("resource-lists/users/sip:a@b/index", "selects no element"),
        ("resource-lists/users/sip:a@b/index/~~/resource-lists/list/entry/@uri", "selects no element"),
        ("resource-lists/users/sip:a@b/index/~~/resource-lists/list", "has to select an entry"),
        (
            "resource-lists/users/sip:a@b/index/~~/resource-lists/list/x:entry?xmlns(x=urn:x)",
            "has to select an entry",
        ),
        ("resource-lists/users/sip:a@b/index/~~/resource-lists/list/x:entry", "binds no namespace"),
        ("resource-lists/users/sip:a@b/index/~~/resource-lists/list/text()", "no step"),
        ("resource-lists/users/sip:a@b/index/~~/resource-lists/entry#top", "'#'"),
        ("resource-lists/nobody/sip:a@b/index/~~/resource-lists/list/entry", "users"),
        ("resource-lists/users/bob/index/~~/resource-lists/list/entry", "no XCAP URI"),
    ],
)
def test_what_is_no_reference_to_an_entry(reference: str, message: str) -> None:
    with pytest.raises(InvalidAddress, match=message):
        parse_reference(ROOT, reference)


@pytest.mark.parametrize(
    ("anchor", "message"),
    [
        ("", "absolute"),
        (REF, "absolute"),
        ("ftp://x/resource-lists/users/sip:a@b/index/~~/resource-lists/list", "absolute"),
        ("http:///resource-lists/users", "absolute"),
        ("http://other.example.org/lists/friends", "no segment"),
        ("http://other.example.org/?/resource-lists/", "no segment"),
        (
            "http://u:p@other.example.org/resource-lists/users/sip:a@b/index/~~/resource-lists/list",
            "user name",
        ),
        (f"http://xcap.example.com/{REF}", "has to select a list"),
        ("http://xcap.example.com/resource-lists/users/sip:a@b/index", "selects no element"),
        ("http://xcap.example.com/resource-lists/users/sip:a@b/index/~~/resource-lists/list#x", "fragment"),
    ],
)
def test_what_is_no_reference_to_a_list(anchor: str, message: str) -> None:
    for root in (ROOT, None):
        with pytest.raises(InvalidAddress, match=message):
            parse_anchor(anchor, root)


def test_the_root_of_a_list_on_another_server() -> None:
    anchor = "https://Other.example.org:443/services/xcap/resource-lists/users/sip:a@b/x/~~/resource-lists/*%5B1%5D"
    address = parse_anchor(f" {anchor}\n", ROOT)
    assert address.document.root == XcapRoot("https://other.example.org/services/xcap")
    assert (address.document.xui, address.document.document) == ("sip:a@b", "x")


def test_what_references_cannot_be_made_of() -> None:
    with pytest.raises(InvalidSelector, match="which list"):
        list_address(BILL)
    with pytest.raises(InvalidSelector):
        list_address(BILL, "\0")
    friends = list_address(BILL, "friends")
    with pytest.raises(InvalidAddress, match="has to select an entry"):
        reference_to(friends)
    with pytest.raises(InvalidAddress, match="has to select a list"):
        anchor_to(entry_address(friends, "sip:a@b"))
    with pytest.raises(InvalidAddress, match="has to select a list"):
        anchor_to(BILL.element("resource-lists"))


def test_the_address_of_an_item_in_hand_selects_that_item() -> None:
    book = ResourceLists()
    book.lists.add("a").display_name = None
    outer = book.lists.add("b")
    outer.label = "B"
    inner = outer.lists.add("a")
    entry = inner.entries.add("sip:a@b")
    twins = [Entry(uri="sip:twin@b"), Entry(uri="sip:twin@b")]
    inner.items.extend(twins)
    unnamed = [ResourceList(), ResourceList()]
    book.items.extend(unnamed)
    reference = inner.entry_refs.add(REF)
    for item in (outer, inner, entry, *twins, *unnamed, reference):
        address = address_of(BILL, book, item)
        found, _ = Nodes().select(book, address.selector)
        assert found is item
    assert address_of(BILL, book, inner) == list_address(BILL, "b", "a")
    assert str(address_of(BILL, book, twins[1]).selector).endswith("entry[3]")
    assert str(address_of(BILL, book, unnamed[1]).selector) == "resource-lists/list[4]"
    with pytest.raises(InvalidInput, match="not in the document"):
        address_of(BILL, book, Entry(uri="sip:a@b"))
