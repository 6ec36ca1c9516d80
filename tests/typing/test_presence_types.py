"""Presence as a user's strictly checked code sees it; also run, so that types and behaviour agree."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import assert_type

from xcap_documents.cipid import Card
from xcap_documents.pidf import Basic, Contact, Note, Presence, Tuple
from xcap_documents.pidf_data_model import Device, Person
from xcap_documents.rpid import ActiveIdle, Mood
from xcap_sdk import AsyncRepository, AsyncXcapTree, Repository, XcapTree


def repositories(blocking: XcapTree, concurrent: AsyncXcapTree) -> None:
    assert_type(blocking.presence, Repository[Presence])
    assert_type(concurrent.presence, AsyncRepository[Presence])


def test_services() -> None:
    mine = Presence(entity="sip:alice@example.org")
    desk = assert_type(mine.tuples.add("desk", basic="open", contact="sip:a@b", priority=0.8, at=0), Tuple)
    assert_type(mine.tuples.ensure("desk", basic=Basic.CLOSED, priority=Decimal("0.5")), Tuple)
    assert_type(mine.tuples["desk"], Tuple)
    assert_type(desk.basic, Basic | None)
    assert_type(desk.contact, Contact | None)
    assert_type(desk.contact_uri, str | None)
    assert_type(desk.priority, Decimal | None)
    assert_type(desk.changed, dt.datetime | None)
    assert_type(desk.note, str | None)
    assert_type(desk.notes, list[Note])
    assert_type(mine.items, list[Tuple])
    assert_type(desk.class_, str | None)
    assert_type(desk.display_name, str | None)
    assert_type(desk.find(Card), Card | None)
    assert_type(desk.find_all(Card), list[Card])
    assert_type(desk.put(Card(value="x")), Card)
    desk.basic = "closed"
    desk.priority = "0.25"
    desk.device_ids = ["urn:x"]
    desk.relationship = "family"
    desk.service_class = None
    desk.privacy = ["audio"]
    assert mine.is_about("pres:alice@example.org")


def test_persons() -> None:
    mine = Presence(entity="sip:alice@example.org")
    me = assert_type(mine.persons.ensure(), Person)
    assert_type(mine.persons.get("x"), Person | None)
    me.activities.add("away")
    me.activities.update(["meal", "tv"])
    me.activities = "busy"
    me.activities = Person(id="other").activities
    me.activities = None
    me.mood = ["happy", "in_love"]
    assert "happy" in me.mood
    assert_type(len(me.mood), int)
    assert_type(me.mood.other, str | None)
    assert_type(me.mood.until, dt.datetime | None)
    me.mood.until = dt.datetime.now(dt.UTC)
    assert_type(me.find(Mood), Mood | None)
    names: list[str] = list(me.mood)
    assert names == ["happy", "in_love"]
    me.place_type.add("office")
    me.place_is.audio = "quiet"
    me.sphere = "work"
    assert_type(me.time_offset, int | None)
    me.time_offset = 60
    assert_type(me.status_icon, str | None)


def test_devices() -> None:
    mine = Presence(entity="sip:alice@example.org")
    phone = assert_type(mine.devices.ensure("urn:x"), Device)
    assert_type(mine.devices.by_device_id("urn:x"), Device | None)
    assert_type(phone.user_input, ActiveIdle | None)
    phone.user_input = ActiveIdle.IDLE
    phone.user_input = "active"
    assert_type(phone.idle_threshold, int | None)
    phone.idle_threshold = 600
    assert_type(phone.last_input, dt.datetime | None)
    assert_type(mine.new_id("x"), str)
