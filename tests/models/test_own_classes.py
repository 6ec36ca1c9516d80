"""The same views for classes of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from xcap_documents import DuplicateKey, KeyedItems, keyed


@dataclass(kw_only=True)
class Bookmark:
    href: str
    title: str = ""


@dataclass(kw_only=True)
class Bookmarks:
    items: list[object] = field(default_factory=list[object])

    @property
    def bookmarks(self) -> KeyedItems[Bookmark]:
        return keyed(self.items, Bookmark, "href")


class Plain:
    def __init__(self, name: str) -> None:
        self.name = name


def test_a_view_over_ones_own() -> None:
    document = Bookmarks(items=["text"])
    added = document.bookmarks.add("http://a", title="A")

    assert added == Bookmark(href="http://a", title="A")
    assert document.items == ["text", added]
    assert document.bookmarks.ensure("http://a", title="other") is added
    document.bookmarks.ensure("http://b", at=0)
    assert document.bookmarks.keys() == ["http://b", "http://a"]
    assert document.items[0] == "text"
    assert "keyed Bookmark" in repr(document.bookmarks)
    with pytest.raises(DuplicateKey, match="Bookmark with href 'http://a'"):
        document.bookmarks.add("http://a")
    added.href = "http://c"
    assert document.bookmarks["http://c"] is added
    document.bookmarks.remove("http://c")
    assert document.bookmarks.move("http://b", to=0).href == "http://b"
    document.bookmarks.extend([Bookmark(href="http://x"), Bookmark(href="http://y")])
    assert len(document.bookmarks) == 3


def test_a_wrong_field_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="Bookmark has no field 'hreff': did you mean 'href'"):
        keyed([], Bookmark, "hreff")
    with pytest.raises(ValueError, match="it has href, title"):
        keyed([], Bookmark, "x")


def test_a_class_that_is_no_dataclass() -> None:
    items: list[object] = []
    keyed(items, Plain, "name").append(Plain("a"))
    assert "a" in keyed(items, Plain, "name")


def test_children_of_other_classes_with_the_same_field() -> None:
    other = Plain("a")

    @dataclass
    class Named:
        name: str

    items: list[object] = [other]
    view = keyed(items, Named, "name")
    assert "a" not in view
    assert view.add("a") is items[1]
    assert view["a"] is items[1]
    assert "b" not in view
