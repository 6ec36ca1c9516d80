"""What groups ask of the server: a URI is that of one group, and a folder of the global tree is always there."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from server_wire import XE, Wire

from xcap_documents.poc_list_service import Group
from xcap_sdk import ApplicationUsage, Unique, UniquenessFailure, XcapClient
from xcap_sdk.server import Key, RunningServer, running_server

TYPE = "application/vnd.oma.poc.groups+xml"
BY_ID = "/org.openmobilealliance.groups/global/byGroupID"


def path(user: str, name: str) -> str:
    return f"/org.openmobilealliance.groups/users/sip:{user}@example.org/{name}"


def group(*uris: str) -> bytes:
    content = "".join(f'<list-service uri="{uri}"/>' for uri in uris)
    return f'<group xmlns="urn:oma:xml:poc:list-service">{content}</group>'.encode()


def test_no_two_groups_of_the_server_have_the_same_uri(wire: Wire) -> None:
    assert wire.put(path("alice", "climbing"), group("sip:climbing@x"), TYPE).status == 201
    refused = wire.put(path("bob", "any"), group("sip:b@x", "sip:climbing@x"), TYPE)
    assert refused.condition == "uniqueness-failure"
    (exists,) = refused.fault
    assert exists.get("field") == "group/list-service/@uri"
    assert exists.findtext(f"{XE}alt-value") == "sip:climbing-2@x"
    assert wire.put(path("alice", "other"), group("sip:climbing@x"), TYPE).condition == "uniqueness-failure"
    assert wire.put(path("alice", "climbing"), group("sip:climbing@x", "sip:more@x"), TYPE).status == 200

    assert wire.put(path("bob", "any"), group("sip:b@x"), TYPE).status == 201
    uri = f"{path('bob', 'any')}/~~/group/list-service/@uri"
    assert wire.put(uri, b'"sip:more@x"', "application/xcap-att+xml").condition == "uniqueness-failure"
    assert wire.put(uri, b'"sip:c@x"', "application/xcap-att+xml").status == 200
    assert wire.delete(path("alice", "climbing")).status == 200
    assert wire.put(path("bob", "third"), group("sip:climbing@x"), TYPE).status == 201


def test_the_global_tree_shows_the_groups_of_users(wire: Wire) -> None:
    assert wire.put(path("alice", "climbing"), group("sip:climbing@x"), TYPE).status == 201
    assert wire.put(f"{BY_ID}/sip:climbing@x", group("sip:climbing@x"), TYPE).status == 201
    assert wire.put(f"{BY_ID}/sip:other@x", group("sip:climbing@x"), TYPE).condition == "uniqueness-failure"
    assert wire.put(path("bob", "climbing"), group("sip:climbing@x"), TYPE).condition == "uniqueness-failure"
    assert wire.get(f"{BY_ID}/sip:climbing@x").type == TYPE


def test_the_folder_of_the_global_tree_is_no_folder_of_users(wire: Wire) -> None:
    assert wire.put(path("alice", "byGroupID/x"), group("sip:a@x"), TYPE).condition == "no-parent"
    assert wire.put(path("alice", "byGroupID"), group("sip:a@x"), TYPE).status == 201
    assert wire.put(BY_ID, group("sip:b@x"), TYPE).condition == "constraint-failure"
    refused = wire.put(f"{BY_ID}/deeper/x", group("sip:b@x"), TYPE)
    assert refused.condition == "no-parent"
    assert refused.fault.findtext(f"{XE}ancestor", refused.fault.text) == f"{wire.root}{BY_ID}"


def test_groups_that_were_laid_down_unchecked_do_no_harm(xcap_server: RunningServer, wire: Wire) -> None:
    key = Key("org.openmobilealliance.groups", "users", "sip:adam@example.org", "x")
    xcap_server.storage.put(key, b"<what/>")
    assert wire.put(path("alice", "climbing"), group("sip:climbing@x"), TYPE).status == 201
    with xcap_server.client("sip:bob@example.org") as bob, pytest.raises(UniquenessFailure) as caught:
        bob.groups.create(Group.chat("sip:climbing@x"), document="mine")
    assert caught.value.fields[0].alternatives[:1] == ("sip:climbing-2@x",)


@dataclass(kw_only=True)
class Room:
    number: str = field(metadata={"type": "Attribute"})

    class Meta:
        name = "room"
        namespace = "urn:example:rooms"


def test_a_usage_of_ones_own_can_ask_for_it_too() -> None:
    usage = ApplicationUsage(
        auid="com.example.rooms",
        root=Room,
        media_type="application/rooms+xml",
        unique=Unique("room/@number", "the caretaker's list", lambda room: [room.number]),
    )
    with running_server(usages=[usage]) as root:
        for user, number in (("alice", "1"), ("bob", "2")):
            with XcapClient(root, user=f"sip:{user}@example.org") as xcap:
                xcap.repository(usage).create(Room(number=number))
        with XcapClient(root, user="sip:carol@example.org") as xcap:
            with pytest.raises(UniquenessFailure, match="room/@number 2 is taken") as caught:
                xcap.repository(usage).create(Room(number="2"))
            assert caught.value.fields[0].alternatives == ("2-2", "2-3", "2-4")
