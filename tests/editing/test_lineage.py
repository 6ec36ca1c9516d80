"""What was read stays itself whatever is edited: what a model does not show goes with its object."""

from __future__ import annotations

import copy
from typing import Any

from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.rewrite import rewrite

BOOK = b"""<?xml version='1.0'?>
<r:resource-lists xmlns:r='urn:ietf:params:xml:ns:resource-lists' xmlns:e='urn:e'>
  <r:list name='friends'>
    <!-- the best -->
    <r:entry uri='sip:bob@x'><!-- bob --><r:display-name>Bob</r:display-name></r:entry>
    <r:entry uri='sip:carol@x' ><!-- carol --></r:entry>
    <r:entry uri='sip:dave@x'><r:display-name><![CDATA[Dave]]></r:display-name></r:entry>
  </r:list>
  <r:list name='work'><?keep this?><r:entry uri='sip:erin@x'/><e:x><!-- e --></e:x></r:list>
</r:resource-lists>
"""


class Hand:
    """A model in hand, as flows hold it."""

    def __init__(self, received: bytes = BOOK) -> None:
        self.received = received
        self.model = parse(received, ResourceLists)
        self._snapshot = Snapshot(self.model)

    def saved(self) -> str:
        lineage = Lineage.of(self._snapshot)
        assert lineage.base == parse(self.received, ResourceLists)
        result = rewrite(self.received, lineage.base, self.model, None, lineage)
        assert parse(result, ResourceLists) == self.model
        return result.decode()


def replaced(*pairs: tuple[str, str]) -> str:
    text = BOOK.decode()
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def test_a_new_key_and_a_new_content_are_one_edit() -> None:
    hand = Hand()
    bob = hand.model.lists["friends"].entries["sip:bob@x"]
    bob.uri, bob.label = "sip:bobby@x", "Bobby"
    assert hand.saved() == replaced(("sip:bob@x", "sip:bobby@x"), ("Bob<", "Bobby<"))


def test_a_new_key_of_what_has_nothing_else_is_a_rename() -> None:
    hand = Hand()
    hand.model.lists["friends"].entries["sip:carol@x"].uri = "sip:caroline@x"
    assert hand.saved() == replaced(("sip:carol@x", "sip:caroline@x"))


def test_a_removal_and_an_addition_are_no_rename() -> None:
    hand = Hand()
    entries = hand.model.lists["friends"].entries
    entries.remove("sip:bob@x")
    entries.add("sip:bert@x", display_name="Bob", at=0)
    assert "<!-- bob -->" not in hand.saved()


def test_what_takes_a_key_that_another_had_stays_itself() -> None:
    hand = Hand()
    entries = hand.model.lists["friends"].entries
    bob, carol = entries["sip:bob@x"], entries["sip:carol@x"]
    bob.uri, carol.uri = carol.uri, bob.uri
    assert hand.saved() == replaced(("sip:bob@x", "BOB"), ("sip:carol@x", "sip:bob@x")).replace(
        "BOB", "sip:carol@x"
    )


def test_of_two_that_are_equal_the_one_that_was_removed_goes() -> None:
    for gone, stays in (0, "second"), (1, "first"):
        twins = BOOK.replace(
            b"<r:entry uri='sip:erin@x'/>",
            b"<r:entry uri='sip:erin@x'><!-- first --></r:entry>"
            b"<r:entry uri='sip:erin@x'><!-- second --></r:entry>",
        )
        hand = Hand(twins)
        del hand.model.lists["work"].items[gone]
        assert [word for word in ("first", "second") if f"<!-- {word} -->" in hand.saved()] == [stays]


def test_a_list_that_goes_elsewhere_and_changes_takes_all_along() -> None:
    hand = Hand()
    work = hand.model.lists["work"]
    hand.model.lists.remove("work")
    work.name, work.label = "colleagues", "Colleagues"
    work.entries.add("sip:frank@x")
    hand.model.lists["friends"].items.append(work)
    saved = hand.saved()
    for kept in ("<?keep this?>", "<e:x><!-- e --></e:x>", "<!-- the best -->"):
        assert saved.count(kept) == 1


def test_what_goes_out_of_a_list_that_goes_is_kept() -> None:
    hand = Hand()
    friends = hand.model.lists["friends"]
    bob = friends.entries["sip:bob@x"]
    hand.model.lists.remove("friends")
    bob.label = "Bobby"
    hand.model.lists["work"].items.append(bob)
    assert (
        "<r:entry uri='sip:bob@x'><!-- bob --><r:display-name>Bobby</r:display-name></r:entry>"
        in hand.saved()
    )


def test_what_goes_out_of_content_of_no_known_class_leaves_all_else_as_it_is() -> None:
    inner = b"<e:i k='1'><!-- i --></e:i>"
    hand = Hand(BOOK.replace(b"<e:x><!-- e --></e:x>", b"<e:x>" + inner + b"</e:x><e:y><!-- y --></e:y>"))
    foreign: list[Any] = hand.model.lists["work"].extensions
    x, y = foreign
    y.children.append(x.children.pop())
    assert "<e:x></e:x><e:y><!-- y --><e:i k='1'><!-- i --></e:i></e:y></r:list>" in hand.saved()


def test_what_goes_elsewhere_and_is_made_anew_keeps_its_comments() -> None:
    hand = Hand(BOOK.replace(b"<e:x><!-- e --></e:x>", b"<e:x>t<e:i><?i?>u</e:i><!-- e --></e:x>"))
    foreign: Any = hand.model.lists["work"].extensions.pop()
    foreign.children.insert(0, AnyElement(qname="{urn:e}new", text="", tail="v"))
    foreign.children[1].text = "w"
    foreign.children[1].children.append(AnyElement(qname="{urn:e}inner", text=""))
    hand.model.lists["friends"].extensions.append(foreign)
    assert "<e:x>t<e:new/>v<e:i>w<?i?><e:inner/></e:i><!-- e --></e:x>\n  </r:list>" in hand.saved()


def test_what_takes_the_place_of_another_is_not_that() -> None:
    hand = Hand(
        BOOK.replace(
            b"<e:x><!-- e --></e:x>", b"<e:x><e:i><!-- 1 -->a</e:i></e:x><e:x><e:i>b<!-- 2 --></e:i></e:x>"
        )
    )
    foreign: list[Any] = hand.model.lists["work"].extensions
    foreign[1].children[:] = [foreign[0].children.pop()]
    assert "<e:x></e:x><e:x><e:i><!-- 1 -->a</e:i></e:x>" in hand.saved()


def test_what_gets_another_name_keeps_its_comments() -> None:
    hand = Hand(BOOK.replace(b"<e:x><!-- e --></e:x>", b"<e:x k='1'><!-- e --><e:i q = '1'/></e:x>"))
    foreign: Any = hand.model.lists["work"].extensions[0]
    foreign.qname = "{urn:e}y"
    assert "<e:y k=\"1\"><!-- e --><e:i q = '1'/></e:y>" in hand.saved()


def test_what_goes_into_a_new_list_is_kept() -> None:
    hand = Hand()
    friends = hand.model.lists["friends"]
    bob, dave = friends.entries["sip:bob@x"], friends.entries["sip:dave@x"]
    for each in (bob, dave):
        friends.items.remove(each)
    dave.uri = "sip:david@x"
    inner = ResourceList(name="inner", items=[dave])
    hand.model.items.append(ResourceList(name="outer", items=[bob, Entry(uri="sip:new@x"), inner]))
    saved = hand.saved()
    assert (
        """
  <r:list name="outer">
    <r:entry uri='sip:bob@x'><!-- bob --><r:display-name>Bob</r:display-name></r:entry>
    <r:entry uri="sip:new@x"/>
    <r:list name="inner">
      <r:entry uri='sip:david@x'><r:display-name><![CDATA[Dave]]></r:display-name></r:entry>
    </r:list>
  </r:list>
</r:resource-lists>"""
        in saved
    )
    assert saved.count("sip:bob@x") == 1


def test_what_goes_into_a_new_list_keeps_its_namespaces() -> None:
    received = BOOK.replace(b"<r:list name='work'>", b"<r:list name='work' xmlns:e='urn:other'>")
    hand = Hand(received)
    work = hand.model.lists["work"]
    extension = work.extensions.pop()
    new = ResourceList(name="new", attributes={"{urn:far}a": "1"}, extensions=[extension])
    hand.model.items.append(new)
    assert hand.saved().count("<!-- e -->") == 1


def test_a_list_that_wraps_another_is_around_it() -> None:
    hand = Hand()
    friends = hand.model.lists["friends"]
    hand.model.items[0] = ResourceList(name="all", items=[friends])
    saved = hand.saved()
    assert "<!-- the best -->" in saved
    assert "<!-- bob -->" in saved


def test_copies_are_told_by_their_keys() -> None:
    hand = Hand()
    hand.model = copy.deepcopy(hand.model)
    hand.model.lists["friends"].entries["sip:bob@x"].label = "Bobby"
    hand.model.lists["friends"].name = "buddies"
    assert hand.saved() == replaced(("Bob<", "Bobby<"), ("'friends'", "'buddies'"))


def test_one_object_in_two_places_is_written_twice() -> None:
    hand = Hand()
    bob = hand.model.lists["friends"].entries["sip:bob@x"]
    hand.model.lists["work"].items.append(bob)
    assert hand.saved().count("sip:bob@x") == 2


def test_what_was_read_is_known_by_its_object() -> None:
    model, again = parse(BOOK, ResourceLists), parse(BOOK, ResourceLists)
    snapshot = Snapshot(model)
    first, second = model.items
    del model.items[0]
    known = Lineage.of(snapshot).among(model)
    assert model in known
    assert known.base == again
    assert known.origin(model) is known.base
    assert known.origin(second) is second is known.base.items[1]
    parts = Outline.of(known.base).parts
    assert known.children(model, known.base, parts) == [first, second]
    assert known.children(model, known.base, parts[1:]) == [second]
    assert known.children(model, again, parts) == []
    assert known.lives(second)
    assert not known.lives(first)
    assert again not in known
    assert known.origin(again) is None
    assert known.children(again, again, parts) == []
    assert not UNKNOWN
    assert UNKNOWN.origin(model) is None
    assert model not in UNKNOWN
