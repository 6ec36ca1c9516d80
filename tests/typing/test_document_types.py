"""The document classes as a user's strictly checked code sees them; also run, so that types and behaviour agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import assert_type

from xcap_documents import DuplicateKey, KeyedItems, MissingKey, keyed
from xcap_documents.common_policy import Conditions, Many, One, Rule, Ruleset, Validity
from xcap_documents.oma_common_policy import Anchor
from xcap_documents.oma_pres_content import StatusIcon
from xcap_documents.oma_pres_rules import Geopriv
from xcap_documents.pres_rules import Class, ServiceUriScheme, SubHandling, UserInput
from xcap_documents.resource_lists import DisplayName, Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_documents.xcap_caps import Auids, Namespaces, XcapCaps
from xcap_documents.xcap_error import NoParent, UniquenessFailure, XcapError


def test_lists() -> None:
    book = ResourceLists()
    friends = assert_type(book.lists.ensure("friends", display_name="Friends"), ResourceList)
    bob = assert_type(friends.entries.add("sip:bob@example.org", display_name="Bob", at=0), Entry)
    friends.entries.ensure("sip:carol@example.org").display_name = DisplayName(value="Carol", lang="en")
    friends.entries["sip:bob@example.org"].label = "Bobby"
    assert_type(bob.label, str | None)
    assert_type(bob.display_name, DisplayName | None)
    assert_type(friends.entries.get("sip:x@example.org"), Entry | None)
    assert_type(friends.entries.get("sip:x@example.org", 0), Entry | int)
    assert_type(friends.entries.at(0), Entry)
    assert_type(friends.entries.keys(), list[str])
    assert_type([entry.uri for entry in friends.entries], list[str])
    assert_type(friends.entries.discard("sip:x@example.org"), bool)
    assert_type(friends.entries.move("sip:bob@example.org", to=1), Entry)
    assert_type(friends.entries.remove("sip:bob@example.org"), Entry)
    assert_type(friends.entries.append(Entry(uri="sip:dave@example.org")), Entry)
    friends.entries.extend([Entry(uri="sip:eve@example.org")])
    assert_type(friends.lists.add("close").lists.ensure("closer"), ResourceList)
    assert_type(friends.entry_refs.add("resource-lists/users/x"), EntryRef)
    assert_type(friends.externals.add("http://example.org/x"), External)
    assert_type(friends.items, list[ResourceList | External | Entry | EntryRef])
    assert_type("sip:eve@example.org" in friends.entries, bool)
    assert_type(len(friends.entries), int)
    try:
        friends.entries.add("sip:eve@example.org")
    except DuplicateKey as error:
        assert_type(error.key, str)
    try:
        friends.entries["sip:nobody@example.org"]
    except MissingKey as error:
        assert_type(error.key, object)


def test_rules() -> None:
    policy = Ruleset()
    rule = assert_type(policy.rules.ensure("friends"), Rule)
    rule.sub_handling = SubHandling.ALLOW
    rule.sub_handling = "allow"
    assert_type(policy.rules["friends"].sub_handling, SubHandling | None)
    assert_type(Rule(id="x").sub_handling, SubHandling | None)
    assert_type(rule.identity.add("sip:bob@example.org"), One)
    assert_type([one.id for one in rule.identity], list[str])
    assert_type(rule.identity.many.add("example.org"), Many)
    assert_type(rule.identity.anyone, bool)
    rule.identity.many["example.org"].except_ids.add("sip:eve@example.org")
    assert_type(rule.external_list.ensure("http://example.org/list"), Anchor)
    rule.other_identity = True
    rule.anonymous_request = False
    assert_type(policy.rules["friends"].anonymous_request, bool)
    rule.sphere = "work"
    rule.periods = [(dt.datetime(2030, 1, 1, tzinfo=dt.UTC), dt.datetime(2030, 1, 2, tzinfo=dt.UTC))]
    assert_type(rule.periods[0].start, dt.datetime)
    assert_type(rule.validity, Validity | None)
    assert_type(rule.conditions, Conditions | None)
    rule.provide_services = "all"
    rule.provide_services = [ServiceUriScheme(value="sip"), Class(value="work")]
    assert_type(rule.provide_services.all, bool)
    rule.provide_services.uris.add("sip:bob@example.org")
    rule.provide_devices.device_ids.add("urn:uuid:x")
    rule.provide_persons.all = True
    rule.provide_activities = True
    assert_type(Rule(id="x").provide_mood, bool | None)
    rule.provide_user_input = UserInput.BARE
    rule.provide_user_input = "bare"
    assert_type(Rule(id="x").provide_user_input, UserInput | None)
    rule.provide_geopriv = "full"
    assert_type(Rule(id="x").provide_geopriv, Geopriv | None)
    rule.provide_unknown_attributes["urn:example:ns", "weather"] = True
    assert_type(rule.provide_unknown_attributes.get(("urn:example:ns", "weather")), bool | None)
    rule.provide_all_attributes = True
    rule.provide_willingness = None


def test_the_other_documents() -> None:
    icon = assert_type(StatusIcon.from_bytes(b"\x89PNG\r\n\x1a\n"), StatusIcon)
    assert_type(icon.decode(), bytes)
    assert_type(icon.media_type, str | None)
    capabilities = XcapCaps(auids=Auids(items=["resource-lists"]), namespaces=Namespaces())
    assert_type(capabilities.supports("resource-lists"), bool)
    report = XcapError(condition=NoParent(ancestor="http://example.org"))
    match report.condition:
        case NoParent(ancestor=ancestor):
            assert_type(ancestor, str | None)
        case UniquenessFailure(exists=places):
            assert_type(places[0].alt_values, list[str])
        case _:
            raise AssertionError


@dataclass
class Bookmark:
    href: str
    title: str = ""


@dataclass
class Bookmarks:
    items: list[Bookmark] = field(default_factory=list[Bookmark])

    @property
    def bookmarks(self) -> KeyedItems[Bookmark]:
        return keyed(self.items, Bookmark, "href")


def test_ones_own() -> None:
    document = Bookmarks()
    assert_type(document.bookmarks.add("http://example.org", title="Example"), Bookmark)
    assert_type(document.bookmarks["http://example.org"].title, str)
    assert_type(document.bookmarks.ensure("http://example.org"), Bookmark)
