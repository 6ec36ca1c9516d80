"""Entries and identities have to be URIs (RFC 4826 §3.1, RFC 4745 §7.2)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from xcap_documents.common_policy import Ruleset
from xcap_documents.poc_list_service import Group
from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_documents.simservs import Simservs
from xcap_sdk import ConstraintFailure, InvalidDocument, XcapClient, serialize
from xcap_sdk.server import RunningServer
from xcap_sdk.usages import ALL, RESOURCE_LISTS
from xcap_sdk.usages.absolute import no_uris
from xcap_sdk.usages.validation import Received, check_bytes

ALICE = "sip:alice@example.org"
EITHER = "sip:user@example.org or tel:+4930123456"


@pytest.fixture
def alice(xcap_server: RunningServer) -> Iterator[XcapClient]:
    with xcap_server.client(ALICE) as client:
        yield client


def problems(auid: str, model: object) -> list[tuple[str, str]]:
    [usage] = [usage for usage in ALL if usage.auid == auid]
    return [(found.place, found.message) for found in usage.problems(model) if found.rule == "uri"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("bob", EITHER),
        ("", EITHER),
        ("hello world", EITHER),
        ("sip:", EITHER),
        ("sip: bob@example.org", EITHER),
        ("1st:x", EITHER),
        ("bob@example.org", "sip:bob@example.org"),
        ("+49 (30) 123-456", "tel:+4930123456"),
        ("030/123456", "tel:030123456"),
    ],
)
def test_what_is_no_uri_is_told_with_how_to_write_it(text: str, hint: str) -> None:
    book = ResourceLists(items=[ResourceList(name="friends", items=[Entry(uri=ALICE), Entry(uri=text)])])
    message = f"{text!r} is no URI: write it as {hint} (RFC 4826 §3.1)"
    assert problems("resource-lists", book) == [('lists["friends"].entries[1].uri', message)]


def test_any_scheme_will_do() -> None:
    uris = [
        "tel:+49",
        "SIP:BOB@EXAMPLE.ORG",
        "pres:x",
        "urn:uuid:1",
        "a+b-c.1:x",
        "sip:é@x",
        "\n sip:a@b\t",
        "x:y",
    ]
    assert no_uris([*uris, None]) == no_uris(uris[:2]) == no_uris([]) == []
    assert no_uris(["tel:1\ntel:2", None, "bob", "tel:3"]) == [(0, "tel:1\ntel:2"), (2, "bob")]


def test_the_places_in_every_usage() -> None:
    book = ResourceLists()
    inner = book.lists.ensure("a").lists.ensure("b")
    inner.entries.add("x")
    assert [place for place, _ in problems("resource-lists", book)] == [
        'lists["a"].lists["b"].entries[0].uri'
    ]
    found = problems("org.openmobilealliance.group-usage-list", book)
    assert [place for place, _ in found] == ['lists["a"].lists["b"].entries[0].uri']

    services = RlsServices()
    services.services.add("sip:all@e", list=ResourceList(items=[Entry(uri="x")]))
    assert [place for place, _ in problems("rls-services", services)] == [
        'services["sip:all@e"].list.entries[0].uri'
    ]

    policy = Ruleset()
    rule = policy.rules.ensure("a")
    rule.identity.add(ALICE)
    rule.identity.add("bob")
    rule.identity.many.add("example.org").except_ids.add("carol")
    rule.identity.many.add("").except_ids.add("dave")
    places = [
        'rules["a"].identity[1].id',
        'rules["a"].identity.many["example.org"].items[0].id',
        'rules["a"].identity.many[""].items[0].id',
    ]
    for auid in ("pres-rules", "org.openmobilealliance.pres-rules", "geolocation-policy"):
        assert [place for place, _ in problems(auid, policy)] == places
    assert all("RFC 4745 §7.2" in message for _, message in problems("pres-rules", policy))
    policy.items.append(policy.items[0])  # with the same id, by which neither is found
    assert problems("pres-rules", policy)[0][0] == "rules[0].identity[1].id"

    calls = Simservs()
    for service in (calls.diversion, calls.incoming_barring, calls.outgoing_barring):
        service.rules.add().identity.add("0301234")
    assert [place for place, _ in problems("simservs.ngn.etsi.org", calls)] == [
        'diversion.rules["rule"].identity[0].id',
        'incoming_barring.rules["rule-2"].identity[0].id',
        'outgoing_barring.rules["rule-3"].identity[0].id',
    ]

    group = Group()
    service = group.services.add("sip:group@e")
    service.members.add("bob")
    service.rules.add("a").identity.add("bob")
    assert [place for place, _ in problems("org.openmobilealliance.groups", group)] == [
        'services["sip:group@e"].member_list.entries[0].uri',
        'services["sip:group@e"].rules["a"].identity[0].id',
    ]


def test_what_a_document_had_before_does_not_count() -> None:
    shipped = ResourceLists(items=[ResourceList(name="friends", items=[Entry(uri="bob"), Entry(uri="x y")])])
    received = Received(RESOURCE_LISTS, serialize(shipped), None)
    assert [problem.rule for problem in received.problems] == ["uri", "uri"]
    entries = shipped.lists["friends"].entries
    entries["bob"].label = "Bob"
    entries.move("x y", to=0)
    entries.add(ALICE)
    check_bytes(RESOURCE_LISTS, serialize(shipped), shipped, received=received)
    entries.add("carol")
    with pytest.raises(InvalidDocument) as caught:
        check_bytes(RESOURCE_LISTS, serialize(shipped), shipped, received=received)
    assert [problem.place for problem in caught.value.problems] == ['lists["friends"].entries[3].uri']


def test_a_save_sends_nothing(alice: XcapClient) -> None:
    with pytest.raises(InvalidDocument, match="'bob' is no URI"), alice.resource_lists.edit() as book:
        book.lists.ensure("friends").entries.add("bob")
    assert not alice.resource_lists.exists()


def test_the_server_refuses_it(alice: XcapClient) -> None:
    with alice.pres_rules.edit() as policy:
        policy.rules.ensure("a").identity.add(ALICE)
    address = alice.pres_rules.address()
    body = alice.get(address).body.replace(ALICE.encode(), b"alice")
    with pytest.raises(ConstraintFailure, match="'alice' is no URI"):
        alice.put(address, body)
