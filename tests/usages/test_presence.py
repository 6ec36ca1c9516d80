"""Presence set by hand (RFC 4827): edits over the embedded server, order, ids, rules, and what real documents hold."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from xcap_documents.pidf import Presence
from xcap_documents.rpid import Activities
from xcap_sdk import (
    ENTITY_IS_OWNER,
    PRESENCE,
    AsyncXcapClient,
    ConstraintFailure,
    InvalidDocument,
    Problem,
    parse,
    serialize,
    validate,
)
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
PIDF = "urn:ietf:params:xml:ns:pidf"
NAMESPACES = f'xmlns="{PIDF}" xmlns:dm="{PIDF}:data-model" xmlns:r="{PIDF}:rpid" xmlns:c="{PIDF}:cipid" xmlns:v="urn:example:v"'

# In the manner of what a mobile network stores: vendor elements between the standard's, a location in a status, line
# ends around URIs, comments, attributes of other namespaces, an empty line here and there.
REAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- composed 2019-03-04 -->
<presence {NAMESPACES}
          entity="pres:alice@example.org">
\t<tuple id="sip1">
\t\t<status>
\t\t\t<basic>open</basic>
\t\t\t<gp:geopriv xmlns:gp="{PIDF}:geopriv10"><gp:location-info><gml:pos xmlns:gml="http://www.opengis.net/gml"
 srsName='x'>1 2</gml:pos></gp:location-info><gp:usage-rules/></gp:geopriv>
\t\t</status>
\t\t<v:willing v:until="2019-03-05T00:00:00Z"><v:basic>open</v:basic></v:willing>
\t\t<r:class>friends</r:class><v:registered/>
\t\t<contact priority="0.80">sip:alice@example.org
\t\t</contact>
\t\t<timestamp>2019-03-04T20:07:07Z</timestamp>
\t</tuple>

\t<dm:person id="me"><!-- by hand -->
\t\t<r:activities v:source="calendar"><r:meeting/><v:standup/></r:activities>
\t\t<r:status-icon v:etag="a1">http://example.org/icon
\t\t</r:status-icon>
\t\t<dm:note xml:lang='en'>In a meeting</dm:note>
\t</dm:person>
\t<v:carrier/>
\t<dm:device id="ue">
\t\t<dm:deviceID>urn:uuid:d27459b7-8213-4395-aa77-ed859a3e5b3a
\t\t</dm:deviceID>
\t</dm:device>
</presence>
""".encode()


def address(document: str = "index", user: str | None = ALICE) -> DocumentAddress:
    root = XcapRoot("http://x/root")
    return DocumentAddress(
        root=root, auid="pidf-manipulation", tree="users" if user else "global", xui=user, document=document
    )


def problems(model: Presence, where: DocumentAddress | None = None) -> list[Problem]:
    return PRESENCE.problems(model, where)


def edited(received: bytes, change: Any) -> bytes:
    model = parse(received, Presence)
    base = parse(received, Presence)
    change(model)
    return rewrite(received, base, model, PRESENCE.keys)


# Over the wire.


def test_an_edit_starts_from_the_users_own(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        with xcap.presence.edit() as mine:
            mine.tuples.add("desk", basic="open", contact="sip:alice@example.org", priority=0.5)
            mine.persons.ensure("me").activities.add("away")
        stored = xcap.presence.get().model
        assert stored.entity == ALICE
        assert "away" in stored.persons["me"].activities

        with (edit := xcap.presence.edit()) as mine:
            mine.tuples["desk"].basic = "open"
        assert edit.report is not None
        assert edit.report.outcome == "unchanged"
        xcap.presence.update(lambda mine: mine.persons["me"].activities.add("meal"))
        assert xcap.presence.get().model.persons["me"].activities == {"away", "meal"}


def test_the_same_asynchronously(xcap_server: RunningServer) -> None:
    async def run() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as xcap:
            async with xcap.presence.edit() as mine:
                mine.persons.ensure().mood = ["happy"]
            read = await xcap.presence.get()
            assert (read.model.entity, list(read.model.persons.ensure().mood)) == (ALICE, ["happy"])

    asyncio.run(run())


def test_two_add_at_once_and_both_stay(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as one, xcap_server.client(ALICE) as other:
        one.presence.create(Presence(entity=ALICE))
        mine = one.presence.get()
        mine.model.tuples.add(basic="open")
        with other.presence.edit() as theirs:
            theirs.tuples.add(basic="closed")
            theirs.persons.ensure().mood.add("calm")
        assert mine.save().merged
        assert len(mine.model.tuples) == 2
        assert len(mine.model.persons) == 1


def test_a_real_document_keeps_every_other_byte(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.presence.address(), REAL)
        with (edit := xcap.presence.edit()) as mine:
            assert mine.is_about(ALICE)
            me = mine.persons["me"]
            assert list(me.activities) == ["meeting"]
            me.activities.add("on-the-phone")
            me.status_icon = "http://example.org/new"
            mine.tuples["sip1"].class_ = "all"
        assert edit.report is not None
        assert edit.report.requests == 1
        stored = xcap.presence.get().xml
    expected = (
        REAL.replace(b"<v:standup/></r:activities>", b"<v:standup/><r:on-the-phone/></r:activities>")
        .replace(b"http://example.org/icon\n\t\t<", b"http://example.org/new<")
        .replace(b"<r:class>friends<", b"<r:class>all<")
    )
    assert stored == expected


def test_single_nodes_are_found_in_their_namespaces(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.presence.address(), REAL)
        document = xcap.presence.get()
        document.model.persons["me"].activities.discard("meeting")
        document.model.persons["me"].homepage = "http://example.org"
        document.model.tuples["sip1"].priority = 0.3
        report = document.save(strategy="nodes")
        assert report.outcome == "patched"
        stored = xcap.presence.get()
    assert stored.model == document.model
    assert b"<r:meeting/>" not in stored.xml
    assert b'priority="0.3"' in stored.xml
    assert b"<v:standup/>" in stored.xml


def test_moods_of_two_clients_come_together(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as one, xcap_server.client(ALICE) as other:
        with one.presence.edit() as first:
            first.persons.ensure("me").mood = ["happy", "calm", "sad"]
        mine = one.presence.get()
        with other.presence.edit() as theirs:
            theirs.persons["me"].mood.discard("sad")
            theirs.persons["me"].activities.add("away")
        mine.model.persons["me"].mood.discard("calm")
        assert mine.save().merged
        assert list(mine.model.persons["me"].mood) == ["happy"]
        assert list(mine.model.persons["me"].activities) == ["away"]


# The order that the schema asks for (RFC 3863, RFC 4479).


def test_everything_lands_where_it_belongs() -> None:
    def change(mine: Presence) -> None:
        service, me, phone = mine.tuples["sip1"], mine.persons["me"], mine.devices["ue"]
        service.note = "n"
        service.display_name = "Alice"
        service.relationship = "self"
        service.device_ids.add("urn:x")
        me.homepage = "http://example.org"
        me.privacy = ["video", "audio"]
        me.activities.note = "why"
        me.touch()
        phone.note = "n"
        phone.user_input = "idle"
        mine.note = "all"
        mine.tuples.add("mail", basic="open")
        mine.persons.add("first", at=0)
        mine.devices.add("urn:y", id="pad")

    result = edited(REAL, change)
    validate(parse(result, Presence), PRESENCE)
    order = [b'id="mail"', b"<note>all", b'id="first"', b'id="me"', b"<v:carrier/>", b'id="ue"', b'id="pad"']
    assert sorted(order, key=result.index) == order
    inside = [b"</status>", b"<v:registered/>", b"Alice</", b"<contact", b"<note>n", b"<timestamp>"]
    assert sorted(inside, key=result.index) == inside
    of_person = [b"</r:status-icon>", b"<r:audio/>", b"<r:video/>", b"In a meeting", b"<dm:timestamp>"]
    assert sorted(of_person, key=result.index) == of_person
    of_device = [b'id="ue"', b"<r:user-input>", b"<dm:deviceID>urn:uuid", b"<dm:note>n", b'id="pad"']
    assert sorted(of_device, key=result.index) == of_device


def test_a_person_before_the_notes_stays_there() -> None:
    received = f"""<presence {NAMESPACES} entity="{ALICE}">
  <dm:person id="me"><dm:note>n</dm:note><r:mood><r:sad/></r:mood></dm:person>
  <note>first</note>
  <tuple id="a"><contact>sip:a@b</contact><status/></tuple>
</presence>""".encode()

    def change(mine: Presence) -> None:
        assert list(mine.persons["me"].mood) == ["sad"]
        mine.persons["me"].mood.add("calm")
        mine.tuples["a"].contact_uri = "sip:c@b"
        mine.note = "second"

    expected = received.replace(b"<r:sad/>", b"<r:sad/><r:calm/>").replace(b">sip:a@b<", b">sip:c@b<")
    assert edited(received, change) == expected.replace(b">first<", b">second<")


# Rules, and the places of problems.


@pytest.mark.parametrize("name", ["other", "index.xml", "folder/index"])
def test_the_document_is_called_index(name: str) -> None:
    model = Presence(entity=ALICE)
    assert problems(model) == problems(model, address()) == []
    (problem,) = problems(model, address(name))
    assert (problem.place, problem.rule) == ("", "naming")
    assert f"called {name!r}" in problem.message
    assert "RFC 4827 §9" in problem.message


def test_another_name_is_refused_before_anything_is_sent_and_by_the_server(
    xcap_server: RunningServer,
) -> None:
    with xcap_server.client(ALICE) as xcap:
        with pytest.raises(InvalidDocument, match="naming"):
            xcap.presence.create(Presence(entity=ALICE), document="other")
        with pytest.raises(ConstraintFailure):
            xcap.put(xcap.presence.address("other"), serialize(Presence(entity=ALICE)))


@pytest.mark.parametrize("entity", [ALICE, "pres:alice@example.org", "sip:bob@example.org", ""])
def test_the_entity_is_free_unless_the_server_is_strict(entity: str) -> None:
    model = Presence(entity=entity)
    validate(model, PRESENCE, address())
    strict = replace(PRESENCE, checks=(ENTITY_IS_OWNER,))
    found = strict.problems(model, address())
    assert [(problem.place, problem.rule) for problem in found] == (
        [] if entity == ALICE else [("entity", "entity")]
    )
    assert strict.problems(model) == strict.problems(model, address(user=None)) == []


def places(model: Presence) -> list[str]:
    with pytest.raises(InvalidDocument) as caught:
        validate(model, PRESENCE)
    return [problem.place for problem in caught.value.problems]


def test_an_id_that_two_have_can_be_read_and_is_named() -> None:
    received = f"""<presence {NAMESPACES} entity="{ALICE}"><tuple id="a"><status/></tuple>
<dm:person id="a"><r:mood id="b"><r:sad/></r:mood></dm:person><dm:person id="b"/></presence>""".encode()
    model = parse(received, Presence)
    assert [model.tuples["a"].id, model.persons["a"].id] == ["a", "a"]
    with pytest.raises(InvalidDocument) as caught:
        validate(model, PRESENCE)
    first, second = caught.value.problems
    assert (first.place, second.place) == ("persons[0].id", "persons[1].id")
    assert "tuples[0].id" in first.message
    assert 'persons["a"].mood.id' in second.message
    model.persons["a"].id = "c"
    model.persons["b"].id = "d"
    validate(model, PRESENCE)


def test_the_places_of_problems() -> None:
    model = Presence(entity=ALICE)
    desk = model.tuples.add("desk", contact="::%%")
    desk.add_note("fine")
    desk.add_note("wrong", lang="no language")
    desk.card = "::%%"
    me = model.persons.add("1me")
    me.activities.add_note("wrong", lang="no language")
    me.status_icon = "::%%"
    phone = model.devices.add("::%%", id="phone")
    phone.user_input = "idle"
    phone.idle_threshold = -5
    assert places(model) == [
        'tuples["desk"].card',
        'tuples["desk"].contact',
        'tuples["desk"].notes[1].lang',
        "persons[0].id",
        'persons["1me"].activities.notes[0].lang',
        'persons["1me"].status_icon',
        'devices["phone"].user_input.idle_threshold',
        'devices["phone"].device_id',
    ]


def test_the_place_of_a_timed_status() -> None:
    received = f"""<presence {NAMESPACES} xmlns:t="{PIDF}:timed-status" entity="{ALICE}"><tuple id="a"><status><basic>no</basic>
</status><t:timed-status from="2026-01-01T00:00:00Z"><t:basic>no</t:basic></t:timed-status></tuple></presence>"""
    assert places(parse(received, Presence)) == ['tuples["a"].basic', 'tuples["a"].extensions[0].basic']


# Broken and hostile input.


def test_what_a_document_lacks_reads_as_absent_and_can_be_given() -> None:
    model = parse(
        f"""<presence {NAMESPACES}><tuple/><tuple id="a"/><dm:person><r:time-offset/><r:user-input/><r:status-icon/>
</dm:person><dm:device/></presence>""",
        Presence,
    )
    desk, me, phone = model.tuples["a"], model.persons.at(0), model.devices.at(0)
    assert [desk.basic, desk.contact_uri, desk.priority, desk.note, desk.changed] == [None] * 5
    assert [me.time_offset, me.user_input, me.last_input] == [None] * 3
    assert model.devices.by_device_id("urn:x") is None
    assert not model.is_about(ALICE)
    assert ENTITY_IS_OWNER(model, address())

    model.tuples.at(0).basic = None
    model.tuples.at(0).id = model.new_id()
    desk.basic = "open"
    me.id, me.time_offset, me.user_input = model.new_id(), 5, "idle"
    phone.id, phone.device_id = model.new_id(), "urn:x"
    model.entity = ALICE
    validate(model, PRESENCE)
    assert model.devices.ensure("urn:x") is phone


@pytest.mark.parametrize(
    "inside",
    [
        "<dm:device/>",
        "<dm:person/>",
        "text",
        '<tuple id="a"><status>x</status><status/></tuple>',
        "<tuple/><r:mood/>",
    ],
)
def test_what_is_broken_stays(inside: str) -> None:
    received = f'<presence {NAMESPACES} entity="{ALICE}">{inside}</presence>'.encode()

    def change(mine: Presence) -> None:
        assert [mine.persons.keys(), mine.devices.keys()] == [[], []]
        mine.entity = "pres:alice@example.org"

    assert edited(received, change) == received.replace(ALICE.encode(), b"pres:alice@example.org")


def test_values_that_are_none_read_as_absent_and_stay() -> None:
    received = f"""<presence {NAMESPACES} entity="{ALICE}"><dm:person id="me"><r:time-offset>soon</r:time-offset>
<r:sphere>work</r:sphere><r:mood><r:peckish/><v:x/></r:mood><r:user-input>maybe</r:user-input><r:place-type><r:office/>
</r:place-type><r:place-is><r:audio/></r:place-is></dm:person></presence>""".encode()

    def change(mine: Presence) -> None:
        me = mine.persons["me"]
        assert (me.time_offset, me.sphere, me.user_input, me.place_is.audio) == (None, None, None, None)
        assert (list(me.mood), list(me.place_type), len(me.mood.foreign)) == ([], [], 1)
        me.homepage = "http://example.org"

    result = edited(received, change)
    start, end = received.split(b"</dm:person>")
    assert result.startswith(start)
    assert result.endswith(end)


def test_thousands_of_services_and_activities() -> None:
    model = Presence(entity=ALICE)
    for number in range(2_000):
        model.tuples.add(f"t{number}", basic="open", contact="sip:a@b")
    model.persons.ensure().extensions.extend(Activities() for _ in range(2_000))
    validate(model, PRESENCE)
    again = parse(serialize(model), Presence)
    assert again == model
    assert again.tuples["t1999"].contact_uri == "sip:a@b"
