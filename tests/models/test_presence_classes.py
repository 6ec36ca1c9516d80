"""Presence: services, persons and devices by their ids, and what is said of them as plain attributes."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import re
from decimal import Decimal
from typing import Any, get_args
from xml.etree import ElementTree

import pytest
from model_documents import read, write
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.models.datatype import XmlDateTime

from xcap_documents import DuplicateKey, MissingKey
from xcap_documents._behaviour import rpid_names
from xcap_documents._behaviour.rpid import values_of
from xcap_documents.caps import (
    CapsMethodNames,
    CapsMethods,
    CapsMobility,
    CapsMobilityNames,
    CapsPackageNames,
    CapsPackages,
    CapsPriority,
    CapsPriorityEquals,
    CapsPriorityList,
    CapsSchemeList,
    CapsSchemes,
    Devcaps,
    Servcaps,
)
from xcap_documents.cipid import Card
from xcap_documents.pidf import Basic, Contact, Note, Presence, Status, Tuple
from xcap_documents.pidf_data_model import Device, DeviceId, Person
from xcap_documents.rpid import (
    ActiveIdle,
    Activities,
    Mood,
    PlaceIs,
    PlaceIsAudio,
    PlaceIsText,
    PlaceIsVideo,
    Privacy,
    Relationship,
    RpidSphere,
    RpidStatusIcon,
    RpidUserInput,
    ServiceClass,
    TimeOffset,
)
from xcap_documents.timed_status import TimedStatus
from xcap_sdk import parse, serialize, validate

NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
NAMESPACES = (
    'xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" '
    'xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" xmlns:c="urn:ietf:params:xml:ns:pidf:cipid" '
    'xmlns:lt="urn:ietf:params:xml:ns:location-type" xmlns:f="urn:example:f"'
)


def presence(inside: str = "") -> Presence:
    return parse(f'<presence {NAMESPACES} entity="sip:alice@example.org">{inside}</presence>', Presence)


def person(inside: str = "") -> Person:
    return presence(f'<dm:person id="me">{inside}</dm:person>').persons["me"]


def service(inside: str = "", contact: str = "") -> Tuple:
    return presence(f'<tuple id="a"><status/>{inside}{contact}</tuple>').tuples["a"]


def whole(part: Tuple | Person | Device) -> Presence:
    if isinstance(part, Tuple):
        return Presence(entity="sip:alice@example.org", items=[part])
    return Presence(entity="sip:alice@example.org", extensions=[part])


def reread(model: Presence) -> Presence:
    return parse(serialize(model), Presence)


# Services, persons and devices.


def test_services() -> None:
    mine = presence()
    desk = mine.tuples.add("desk", basic="open", contact="sip:alice@example.org", priority=0.8)
    mail = mine.tuples.add("mail", basic=Basic.CLOSED, at=0)

    assert mine.items == [mail, desk]
    assert desk == Tuple(
        id="desk",
        status=Status(basic=Basic.OPEN),
        contact=Contact(value="sip:alice@example.org", priority="0.8"),
    )
    assert mine.tuples.ensure("desk", basic="closed") is desk
    assert mine.tuples.ensure("fax").basic is None
    with pytest.raises(MissingKey, match="did you mean 'desk'"):
        mine.tuples["desc"]
    validate(mine)


def test_a_service_that_cannot_be_is_not_added() -> None:
    mine = presence()
    with pytest.raises(ValueError, match="basic is one of 'open', 'closed', not 'on'"):
        mine.tuples.add("a", basic="on")
    with pytest.raises(ValueError, match="from 0 to 1"):
        mine.tuples.add("a", contact="sip:a@b", priority=2)
    with pytest.raises(ValueError, match="set contact_uri first"):
        mine.tuples.add("a", priority=1)
    assert mine == presence()


def test_ids_that_are_made() -> None:
    mine = presence()
    ids = [mine.tuples.add().id, mine.tuples.add().id, mine.persons.add().id, mine.devices.add("urn:x").id]
    assert len(set(ids)) == 4
    assert [id_[0] for id_ in ids] == ["t", "t", "p", "d"]
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9._-]*", id_) for id_ in [*ids, mine.new_id("_")])
    validate(mine)


def test_ids_are_made_until_one_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(["one", "one", "two"])
    monkeypatch.setattr("secrets.token_hex", lambda _: next(made))
    mine = presence()
    assert [mine.tuples.add().id, mine.tuples.add().id] == ["tone", "ttwo"]


def test_an_id_is_taken_whatever_has_it() -> None:
    mine = presence()
    mine.tuples.add("a")
    mine.persons.add("b")
    mine.devices.add("urn:x", id="c")
    before = copy.deepcopy(mine)

    with pytest.raises(
        DuplicateKey, match="Tuple has the id 'a' already, and ids are unique in the whole document"
    ):
        mine.persons.add("a")
    with pytest.raises(DuplicateKey, match="Person has the id 'b' already"):
        mine.tuples.ensure("b")
    with pytest.raises(DuplicateKey, match="Device has the id 'c' already") as caught:
        mine.tuples.append(Tuple(id="c", status=Status()))
    assert caught.value.key == "c"
    with pytest.raises(DuplicateKey):
        mine.devices.add("urn:y", id="b")
    assert mine == before


def test_persons() -> None:
    mine = presence("<f:x/>")
    assert list(mine.persons) == []
    me = mine.persons.ensure()
    assert mine.persons.ensure() is me
    assert mine.persons.ensure(me.id) is me
    you = mine.persons.ensure("you")
    assert mine.persons.add("first", at=0) is mine.extensions[1]
    assert mine.persons.keys() == ["first", me.id, "you"]
    mine.persons.move("you", to=0)
    assert mine.persons.remove("first").id == "first"
    assert mine.extensions[1:] == [you, me]
    assert isinstance(mine.extensions[0], AnyElement)


def test_devices() -> None:
    mine = presence('<dm:device id="d"><dm:deviceID>urn:x\n  </dm:deviceID></dm:device>')
    phone = mine.devices["d"]
    assert mine.devices.by_device_id("urn:x") is phone
    assert mine.devices.by_device_id("urn:y") is None
    assert mine.devices.ensure("urn:x") is phone
    assert mine.devices.ensure("urn:y") is mine.devices.at(1)
    assert repr(mine.devices).startswith("<Devices: 'd', 'd")


def test_elements_that_were_read_without_their_class() -> None:
    name = "{urn:ietf:params:xml:ns:pidf:data-model}person"
    generic = AnyElement(qname=name, attributes={"id": "me"})
    nameless = AnyElement(qname=name)
    mine = Presence(entity="sip:alice@example.org", extensions=[nameless, generic])

    assert mine.persons["me"] == Person(id="me")
    assert mine.persons.keys() == ["me"]
    assert len(mine.persons) == 2


@pytest.mark.parametrize(
    ("entity", "user", "same"),
    [
        ("pres:alice@example.org", "sip:alice@example.org", True),
        (" SIPS:alice@example.org", "sip:alice@example.org", True),
        ("sip:bob@example.org", "sip:alice@example.org", False),
        ("tel:+123", "tel:+123", True),
        ("tel:+123", "sip:+123", False),
    ],
)
def test_whose_presence_it_is(entity: str, user: str, same: bool) -> None:
    assert Presence(entity=entity).is_about(user) is same


# What is said of services.


def test_reading_what_is_not_said_leaves_all_as_it_is() -> None:
    mine = presence(
        '<tuple id="a"><status/></tuple><dm:person id="p"/><dm:device id="d"><dm:deviceID>u</dm:deviceID></dm:device>'
    )
    before = copy.deepcopy(mine)
    desk, me, phone = mine.tuples["a"], mine.persons["p"], mine.devices["d"]
    singles = ["class_", "user_input", "last_input", "idle_threshold", "note", "changed"]
    shown = ["status_icon", "card", "display_name", "homepage", "icon", "map", "sound"]
    own = ["basic", "contact_uri", "priority", "relationship", "service_class"]
    for part, names in (
        (desk, singles + shown + own),
        (me, [*singles, *shown, "sphere", "time_offset"]),
        (phone, singles),
    ):
        for name in names:
            assert getattr(part, name) is None
            setattr(part, name, None)
    for names in (me.activities, me.mood, me.place_type, me.privacy, desk.privacy):
        assert not names
        assert not names.said
        assert (list(names), names.other, names.foreign, names.note) == ([], None, (), None)
        assert (names.from_, names.until, names.notes) == (None, None, [])
        assert repr(names).endswith(", not said>")
        names.discard("unknown")
        names.other = None
        names.until = None
        names.clear()
        names.assign(None)
    assert (me.place_is.audio, me.place_is.video, me.place_is.text) == (None, None, None)
    me.place_is.audio = None
    assert repr(me.place_is) == "<PlaceIs: not said>"
    del me.place_is, me.mood, me.activities, me.place_type, me.privacy, me.sphere, me.icon, me.note
    desk.device_ids.discard("x")
    assert mine == before


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.8, "0.8"),
        (Decimal("0.80"), "0.8"),
        (1, "1"),
        ("0.125", "0.125"),
        (0, "0"),
        (1.0, "1"),
        ("-0", "0"),
        (0.001, "0.001"),
    ],
)
def test_priorities(value: Decimal | float | str, written: str) -> None:
    desk = service(contact="<contact>sip:a@b</contact>")
    desk.priority = value
    assert desk.contact == Contact(value="sip:a@b", priority=written)
    assert desk.priority == Decimal(written)
    validate(whole(desk))


@pytest.mark.parametrize("value", [1.001, -0.1, "0.1234", "high", "NaN", "Infinity", 0.1 + 0.2, True + 1])
def test_what_is_no_priority(value: Decimal | float | str) -> None:
    desk = service(contact='<contact priority="0.5">sip:a@b</contact>')
    with pytest.raises(ValueError, match="a number from 0 to 1 with at most three decimals"):
        desk.priority = value
    assert desk.priority == Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "number"), [("0.", Decimal(0)), (" 0.50 ", Decimal("0.5")), ("0,5", None), ("", None)]
)
def test_priorities_of_documents(text: str, number: Decimal | None) -> None:
    desk = service(contact=f'<contact priority="{text}">sip:a@b</contact>')
    assert desk.priority == number
    assert f'priority="{text}"' in serialize(whole(desk)).decode()


def test_contacts() -> None:
    desk = service(contact='<contact priority="0.5"> sip:a@b\n</contact>')
    assert desk.contact_uri == "sip:a@b"
    desk.contact_uri = "tel:+1"
    assert desk.contact == Contact(value="tel:+1", priority="0.5")
    desk.contact_uri = None
    desk.priority = None
    assert desk.contact is None
    desk.contact_uri = "sip:new@b"
    assert desk.contact == Contact(value="sip:new@b")


def test_a_status_of_another_value() -> None:
    desk = presence('<tuple id="a"><status><basic>perhaps</basic><f:x/></status></tuple>').tuples["a"]
    assert desk.basic is None
    desk.basic = "closed"
    assert desk.basic is Basic.CLOSED
    assert len(desk.status.extensions) == 1


def test_devices_of_a_service() -> None:
    desk = service("<f:x/><dm:deviceID>urn:x\n </dm:deviceID><dm:deviceID>urn:y</dm:deviceID>")
    assert list(desk.device_ids) == ["urn:x", "urn:y"]
    desk.device_ids.add("urn:x")
    desk.device_ids.discard("urn:x")
    desk.device_ids |= {"urn:z"}
    assert desk.device_ids == {"urn:y", "urn:z"}
    desk.device_ids = ["urn:y", "urn:z"]
    assert desk.extensions[1:] == [DeviceId(value="urn:y"), DeviceId(value="urn:z")]
    desk.extensions.append(AnyElement(qname="{urn:ietf:params:xml:ns:pidf:data-model}deviceID", text="urn:w"))
    assert "urn:w" in desk.device_ids


def test_timestamps() -> None:
    desk = service()
    desk.changed = NOON
    assert desk.timestamp == XmlDateTime.from_string("2026-06-01T12:00:00Z")
    assert desk.changed == NOON
    desk.touch()
    assert desk.changed is not None
    assert abs(desk.changed - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    desk.changed = None
    assert desk.timestamp is None
    with pytest.raises(ValueError, match="no time zone"):
        desk.changed = NOON.replace(tzinfo=None)
    late = service(contact="<timestamp>12026-06-01T12:00:00Z</timestamp>")
    with pytest.raises(ValueError, match="changed is '12026-06-01T12:00:00Z', which no datetime can hold"):
        _ = late.changed


def test_notes() -> None:
    mine = presence('<note xml:lang="en">Hi</note><note>Ho</note>')
    assert mine.note == "Hi"
    mine.note = "Hello"
    mine.add_note("Hallo", lang="de")
    assert mine.notes == [Note(value="Hello", lang="en"), Note(value="Ho"), Note(value="Hallo", lang="de")]
    del mine.note
    assert mine.notes == []
    for part in (service(), person()):
        part.note = "new"
        assert [note.value for note in part.notes] == ["new"]
        validate(whole(part))


TEXTS = ["class_", "status_icon", "card", "display_name", "homepage", "icon", "map", "sound"]


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str) -> None:
    for part in (service("<f:x/>"), person("<f:x/>")):
        setattr(part, name, "one")
        setattr(part, name, "urn:two")
        assert getattr(part, name) == "urn:two"
        assert len(part.extensions) == 2
        again = reread(whole(part))
        assert again == whole(part)
        validate(again)
        with pytest.raises(TypeError, match=f"{name} takes a text or None, not 5"):
            setattr(part, name, 5)
        delattr(part, name)
        assert len(part.extensions) == 1


def test_setting_a_text_keeps_what_else_the_element_says() -> None:
    me = person('<r:status-icon until="2026-06-01T12:00:00Z" f:size="1"> http://a\n</r:status-icon>')
    assert me.status_icon == "http://a"
    me.status_icon = "http://b"
    icon = me.find(RpidStatusIcon)
    assert icon is not None
    assert (icon.value, icon.attributes) == ("http://b", {"{urn:example:f}size": "1"})
    assert icon.until is not None


def test_numbers() -> None:
    me = person()
    me.time_offset = -60
    assert me.find(TimeOffset) == TimeOffset(value=-60)
    assert me.time_offset == -60
    for wrong in ("60", 1.5, True):
        with pytest.raises(TypeError, match="time_offset takes a whole number or None"):
            me.time_offset = wrong  # pyright: ignore[reportAttributeAccessIssue] - what is tested
    assert person("<r:time-offset>soon</r:time-offset>").time_offset is None
    empty = person("<r:time-offset/>")
    assert empty.time_offset is None
    empty.time_offset = 5
    assert empty.extensions == [TimeOffset(value=5)]


def test_user_input() -> None:
    phone = Device(id="d", device_id="urn:x")
    for name, value in (("last_input", NOON), ("idle_threshold", 600)):
        with pytest.raises(ValueError, match="set user_input to 'active' or 'idle' first"):
            setattr(phone, name, value)
    phone.user_input = "idle"
    phone.last_input = NOON
    phone.idle_threshold = 600
    assert (phone.user_input, phone.last_input, phone.idle_threshold) == (ActiveIdle.IDLE, NOON, 600)
    phone.user_input = ActiveIdle.ACTIVE
    assert phone.find(RpidUserInput) == RpidUserInput(
        value=ActiveIdle.ACTIVE, last_input=XmlDateTime.from_datetime(NOON), idle_threshold=600
    )
    validate(whole(phone))
    with pytest.raises(TypeError, match="a whole number of seconds or None, not '5'"):
        phone.idle_threshold = "5"  # pyright: ignore[reportAttributeAccessIssue] - what is tested
    with pytest.raises(TypeError, match="a datetime with a time zone is needed, not 'now'"):
        phone.last_input = "now"  # pyright: ignore[reportAttributeAccessIssue] - likewise
    phone.last_input = phone.idle_threshold = None
    assert phone.find(RpidUserInput) == RpidUserInput(value=ActiveIdle.ACTIVE)
    with pytest.raises(ValueError, match="user_input is one of 'active', 'idle', not 'asleep'"):
        phone.user_input = "asleep"
    del phone.user_input
    assert phone == Device(id="d", device_id="urn:x")
    assert person("<r:user-input>asleep</r:user-input>").user_input is None


@pytest.mark.parametrize(
    ("name", "names", "kind"),
    [
        ("relationship", get_args(rpid_names.Relation), Relationship),
        ("service_class", get_args(rpid_names.Delivery), ServiceClass),
        ("sphere", get_args(rpid_names.Role), RpidSphere),
    ],
)
def test_one_name(name: str, names: tuple[str, ...], kind: type[Any]) -> None:
    part = person() if name == "sphere" else service()
    for each in names:
        setattr(part, name, each)
        setattr(part, name, each)
        assert getattr(part, name) == each
        assert len(part.extensions) == 1
        validate(whole(part))
    with pytest.raises(ValueError, match=f"{name} has no 'boss': there are"):
        setattr(part, name, "boss")
    assert set(values_of(kind)) == set(names) - {"other"}
    delattr(part, name)
    assert part.extensions == []


def test_one_name_keeps_the_notes_and_reads_nothing_foreign() -> None:
    desk = service("<r:relationship><r:note>n</r:note><f:boss/></r:relationship>")
    assert desk.relationship is None
    desk.relationship = "supervisor"
    found = desk.find(Relationship)
    assert found is not None
    assert [note.value for note in found.notes] == ["n"]
    assert service("<r:relationship><r:other>boss</r:other></r:relationship>").relationship == "other"


# What is said by several names.


@pytest.mark.parametrize(
    ("names", "kind", "field"),
    [
        (rpid_names.Activity, Activities, "items"),
        (rpid_names.Feeling, Mood, "items"),
        (rpid_names.Medium, Privacy, "items"),
        (rpid_names.Sounds, PlaceIsAudio, "value"),
        (rpid_names.Light, PlaceIsVideo, "value"),
        (rpid_names.Typing, PlaceIsText, "value"),
    ],
)
def test_the_names_are_those_of_the_schema(names: Any, kind: type[Any], field: str) -> None:
    assert get_args(names) == tuple(values_of(kind, field))


@pytest.mark.parametrize("name", ["activities", "mood", "place_type", "privacy"])
def test_every_name_can_be_said(name: str) -> None:
    me = person()
    for each in getattr(me, name).known:
        setattr(me, name, each)
        assert list(getattr(me, name)) == [each]
        validate(whole(me))
    setattr(me, name, [each for each in getattr(me, name).known if each != "unknown"])
    assert len(getattr(me, name)) >= 3
    again = reread(whole(me)).persons["me"]
    assert list(getattr(again, name)) == list(getattr(me, name))
    assert again == me
    validate(whole(again))


def test_activities() -> None:
    me = person("<f:before/>")
    me.activities.add("away")
    me.activities.add("away")
    me.activities.update(["meeting", "in-transit"])

    assert me.activities
    assert me.activities.said
    assert list(me.activities) == ["away", "meeting", "in-transit"]
    assert me.activities == {"away", "in-transit", "meeting"}
    assert me.activities & {"away", "tv"} == {"away"}
    assert "away" in me.activities
    assert "tv" not in me.activities
    assert repr(me.activities) == "<Activities: 'away', 'meeting', 'in-transit'>"
    me.activities.remove("away")
    me.activities.discard("away")
    with pytest.raises(KeyError):
        me.activities.remove("away")
    me.activities = ["tv", "meal", "tv"]
    assert list(me.activities) == ["tv", "meal"]
    me.activities = "busy"
    assert list(me.activities) == ["busy"]
    me.activities = None
    assert len(me.extensions) == 1


def test_operators_and_other_views_keep_what_has_no_name() -> None:
    me = person("<r:activities><r:tv/><f:knitting/><r:other>weeding</r:other></r:activities>")
    me.activities |= {"meal"}
    me.activities -= {"tv"}
    me.activities = me.activities
    assert (list(me.activities), me.activities.other, len(me.activities.foreign)) == (["meal"], "weeding", 1)

    you = person("<r:activities><r:note>n</r:note><r:away/></r:activities>")
    you.activities = me.activities
    assert (list(you.activities), you.activities.other, you.activities.note) == (["meal"], "weeding", "n")
    assert you.activities.foreign == me.activities.foreign
    assert you.activities.foreign[0] is not me.activities.foreign[0]
    you.activities = person().activities
    assert you == person()


def test_a_name_that_is_none_changes_nothing() -> None:
    me = person()
    with pytest.raises(ValueError, match="Activities has no 'awy': did you mean 'away'"):
        me.activities.add("awy")  # pyright: ignore[reportArgumentType] - what is tested
    with pytest.raises(ValueError, match=r"there are 60, such as 'unknown', .*Other words go into \.other"):
        me.mood.update(["happy", "xyzzy"])  # pyright: ignore[reportArgumentType] - likewise
    with pytest.raises(ValueError, match="PlaceType has no 'offices': did you mean 'office'"):
        me.place_type = ["bar", "offices"]  # pyright: ignore[reportAttributeAccessIssue] - likewise
    assert me == person()


def test_unknown_stands_alone() -> None:
    me = person()
    me.mood = ["happy", "calm"]
    me.mood.other = "peckish"
    me.mood.add("unknown")
    assert me.mood.other is None
    assert list(me.mood) == ["unknown"]
    me.mood.add("sad")
    assert list(me.mood) == ["sad"]
    me.mood = ["unknown", "sad"]
    assert list(me.mood) == ["sad"]


def test_words_of_ones_own_and_of_others() -> None:
    me = person("<r:activities><r:tv/><f:knitting/></r:activities>")
    assert [getattr(item, "qname", None) for item in me.activities.foreign] == ["{urn:example:f}knitting"]
    me.activities.other = "gardening"
    me.activities.other = "weeding"
    me.activities.add("meal")
    me.activities.add_foreign(AnyElement(qname="{urn:example:f}purling", text=""))
    assert repr(me.activities).startswith("<Activities: 'tv', 'meal', other='weeding', AnyElement(")
    assert reread(whole(me)) == whole(me)
    validate(whole(me))
    me.activities.discard("tv")
    me.activities.discard("meal")
    assert me.activities
    assert len(me.activities) == 0
    del me.activities.other
    assert len(me.activities.foreign) == 2
    me.activities.clear()
    assert me == person()


def test_notes_and_times_of_activities() -> None:
    me = person()
    me.activities = ["vacation"]
    me.activities.note = "At sea"
    me.activities.add_note("Auf See", lang="de")
    me.activities.from_ = NOON
    me.activities.until = NOON + dt.timedelta(days=7)
    validate(whole(me))

    assert me.activities.note == "At sea"
    assert [note.lang for note in me.activities.notes] == [None, "de"]
    assert (me.activities.from_, me.activities.until) == (NOON, NOON + dt.timedelta(days=7))
    me.activities.discard("vacation")  # what else is said stays
    assert me.activities.said
    me.activities = ["away"]
    assert me.activities.note == "At sea"
    with pytest.raises(ValueError, match="no time zone"):
        me.activities.until = NOON.replace(tzinfo=None)
    me.activities.until = None
    assert me.activities.until is None


def test_a_note_on_nothing_makes_a_valid_element() -> None:
    for name in ("activities", "mood", "place_type", "privacy", "place_is"):
        me = person()
        getattr(me, name).note = "why"
        assert getattr(me, name).note == "why"
        validate(whole(me))
    me = person()
    me.mood.until = NOON
    assert list(me.mood) == ["unknown"]
    me.mood.add("happy")
    me.mood.note = "sun"
    me.mood.discard("happy")
    assert list(me.mood) == ["unknown"]
    validate(whole(me))


def test_of_several_the_first_shows() -> None:
    me = person(
        '<r:mood until="2026-06-01T12:00:00Z"><r:sad/></r:mood><f:x/><r:mood from="2026-06-01T12:00:00Z"><r:happy/></r:mood>'
    )
    assert list(me.mood) == ["sad"]
    me.mood.discard("sad")  # it still has its time
    me.mood.until = None
    assert [list(map(type, mood.items)) for mood in me.find_all(Mood)][1] == [values_of(Mood)["happy"]]
    assert len(me.find_all(Mood)) == 2
    del me.mood
    assert me.find_all(Mood) == []


def test_the_last_name_takes_only_its_own_element_along() -> None:
    me = person("<r:activities><r:tv/></r:activities><r:activities><r:meal/></r:activities>")
    me.activities.discard("tv")
    assert list(me.activities) == ["meal"]


def test_kinds_of_places() -> None:
    me = person("<r:place-type><lt:office/><f:desk/><lt:attic/></r:place-type>")
    assert list(me.place_type) == ["office", "attic"]  # the registry grows
    assert len(me.place_type.foreign) == 1
    me.place_type.add("library")
    me.place_type.other = "tree house"
    assert (list(me.place_type), me.place_type.foreign) == ([], ())
    validate(whole(me))
    me.place_type.add("outdoors")
    assert me.place_type.other is None
    me.place_type.discard("outdoors")
    assert me == person()


def test_media_are_in_the_order_that_the_schema_asks_for() -> None:
    desk = service("<r:privacy><r:text/><f:x/></r:privacy>")
    desk.privacy.add("video")
    desk.privacy.add("audio")
    desk.privacy.add_foreign(AnyElement(qname="{urn:example:f}y"))
    assert list(desk.privacy) == ["audio", "text", "video"]
    validate(whole(desk))
    desk.privacy = ["video", "text"]
    assert list(desk.privacy) == ["text", "video"]
    del desk.privacy
    assert desk == service()


def test_what_a_place_is_like() -> None:
    me = person()
    me.place_is.audio = "noisy"
    me.place_is.text = "ok"
    me.place_is.video = "toobright"
    assert (me.place_is.audio, me.place_is.video, me.place_is.text) == ("noisy", "toobright", "ok")
    assert repr(me.place_is) == "<PlaceIs: audio='noisy', video='toobright', text='ok'>"
    validate(whole(me))
    with pytest.raises(ValueError, match="audio of place_is has no 'loud': there are 'noisy', 'ok', 'quiet'"):
        me.place_is.audio = "loud"  # pyright: ignore[reportAttributeAccessIssue] - what is tested
    me.place_is.audio = None
    me.place_is.note = "sunny"
    me.place_is.video = me.place_is.text = None
    found = me.find(PlaceIs)
    assert found is not None
    assert [note.value for note in found.notes] == ["sunny"]
    del me.place_is
    assert me == person()


# Elements of any other namespace.


def test_elements_of_other_namespaces_by_their_class() -> None:
    desk = service("<f:x/><c:card>a</c:card><c:card>b</c:card>")
    assert desk.find(TimedStatus) is None
    assert [card.value for card in desk.find_all(Card)] == ["a", "b"]
    timed = TimedStatus(from_=XmlDateTime.from_datetime(NOON), basic=Basic.CLOSED)
    desk.extensions.append(timed)
    assert desk.find(TimedStatus) is timed
    assert desk.put(Card(value="c")) is desk.extensions[1]
    assert len(desk.extensions) == 3
    validate(whole(desk))
    assert desk.drop(Card)
    assert not desk.drop(Card)


def test_capabilities() -> None:
    desk = service("<f:x/>")
    methods = CapsMethods(
        supported=CapsMethodNames.of("INVITE", "ACK"), notsupported=CapsMethodNames.of("REFER")
    )
    desk.put(
        Servcaps(
            audio=True,
            methods=methods,
            event_packages=CapsPackages(supported=CapsPackageNames.of("Siemens-RTP-Stats")),
            schemes=CapsSchemes(supported=CapsSchemeList(items=["sip", "tel"])),
            priority=CapsPriority(supported=CapsPriorityList(equals=[CapsPriorityEquals(value=1)])),
        )
    )
    validate(whole(desk))
    assert reread(whole(desk)) == whole(desk)
    phone = Device(id="d", device_id="urn:x")
    phone.put(Devcaps(mobility=CapsMobility(supported=CapsMobilityNames.of("mobile"))))
    validate(whole(phone))

    read_back = reread(whole(desk)).tuples["a"].find(Servcaps)
    assert read_back is not None
    assert read_back.audio is True
    assert read_back.video is None
    assert read_back.methods is not None
    assert read_back.methods.supported is not None
    names = read_back.methods.supported.names
    assert list(names) == ["ACK", "INVITE"]
    names.add("BYE")
    names.add("BYE")
    names.discard("ACK")
    names.discard("ack")
    assert names == {"BYE", "INVITE"}
    assert names | {"X"} == {"BYE", "INVITE", "X"}
    assert len(names) == 2
    assert repr(names) == "<CapsMethodNames: 'BYE', 'INVITE'>"
    assert len(names.known) == 14
    with pytest.raises(ValueError, match="CapsMethodNames has no 'INVITED': did you mean 'INVITE'"):
        names.add("INVITED")


def test_copies() -> None:
    mine = presence()
    mine.tuples.add("a", contact="sip:a@b")
    mine.persons.add("p").mood = ["happy"]
    for again in (copy.deepcopy(mine), pickle.loads(pickle.dumps(mine))):
        assert again == mine
        assert again.persons["p"].mood == {"happy"}


RICH = f"""<presence {NAMESPACES} entity="pres:alice@example.org"><tuple id="a"><status><basic>open</basic><f:x><f:y/>t</f:x></status>
<f:first/><r:class>c</r:class><f:last a="1"/><contact>sip:a@b</contact><note>n</note><timestamp>2026-06-01T12:00:00Z</timestamp></tuple>
<note>n</note><dm:person id="p"><f:x/><r:activities f:a="b"><r:tv/><f:knitting/><r:other>x</r:other><r:meal/></r:activities>
<dm:note>n</dm:note></dm:person><f:between/><dm:device id="d"><f:x/><dm:deviceID>u</dm:deviceID></dm:device></presence>"""


def test_all_survives_reading_and_writing() -> None:
    def canonical(xml: str | bytes) -> str:
        return ElementTree.canonicalize(xml, strip_text=True, rewrite_prefixes=True)

    for again in (serialize(parse(RICH, Presence)), write(read(RICH, Presence))):
        assert canonical(again) == canonical(RICH)
