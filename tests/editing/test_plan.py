"""Plans are values that can be read before anything is sent."""

from __future__ import annotations

import json

import pytest

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.editing.plan import Operation, Plan, plan_save
from xcap_sdk.errors import InvalidDocument
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.conditions import Match, MustNotExist
from xcap_sdk.protocol.roots import XcapRoot

RECEIVED = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><!-- c --><list name="a"/></resource-lists>'
TYPE = "application/resource-lists+xml"


@pytest.fixture
def address() -> DocumentAddress:
    return DocumentAddress(
        root=XcapRoot("https://xcap.example.org/root"), auid="resource-lists", xui="sip:alice@example.org"
    )


def test_nothing_to_send(address: DocumentAddress) -> None:
    plan = plan_save(address, TYPE, parse(RECEIVED, ResourceLists), received=RECEIVED, etag='"1"')
    assert plan == Plan()
    assert not plan
    assert (str(plan), plan.requests, plan.bytes_up, plan.atomic) == ("nothing to send", 0, 0, True)


def test_a_change_is_one_conditional_put(address: DocumentAddress) -> None:
    model = parse(RECEIVED, ResourceLists)
    model.lists.add("b")
    plan = plan_save(
        address, TYPE, model, received=RECEIVED, etag='"1"', base=parse(RECEIVED, ResourceLists), keys={}
    )
    (operation,) = plan.operations
    assert (operation.method, operation.address, operation.condition) == ("PUT", address, Match('"1"'))
    assert operation.body is not None
    assert b"<!-- c -->" in operation.body
    assert parse(operation.body, ResourceLists) == model
    assert plan
    assert plan.atomic
    assert plan.bytes_up == operation.size == len(operation.body)
    assert str(plan) == (
        f'PUT {address.path}; If-Match: "1"; {plan.bytes_up} bytes of {TYPE} (the document was changed)'
    )


def test_without_an_etag_any_version_is_asked_for(address: DocumentAddress) -> None:
    plan = plan_save(address, TYPE, ResourceLists(), received=RECEIVED, etag=None)
    assert plan.operations[0].condition == Match("*")


def test_a_new_document(address: DocumentAddress) -> None:
    empty = ResourceLists()
    plan = plan_save(address, TYPE, empty, received=None, etag=None)
    assert plan.operations[0].condition == MustNotExist()
    assert plan.operations[0].body == serialize(empty)
    assert not plan_save(address, TYPE, empty, received=None, etag=None, untouched=serialize(empty))
    empty.lists.add("a")
    assert plan_save(address, TYPE, empty, received=None, etag=None, untouched=serialize(ResourceLists()))


def test_what_cannot_be_written(address: DocumentAddress) -> None:
    model = ResourceLists()
    model.lists.add("\0")
    with pytest.raises(InvalidDocument):
        plan_save(address, TYPE, model, received=None, etag=None)


def test_as_json(address: DocumentAddress) -> None:
    delete = Operation("DELETE", address, Match('"1"'))
    plan = Plan((delete, Operation("PUT", address, MustNotExist(), b"x", "a/b", "why")))
    assert not plan.atomic
    content = json.loads(plan.to_json())
    assert (content["requests"], content["bytes_up"], content["atomic"]) == (2, 1, False)
    assert content["operations"][0] == {
        "method": "DELETE",
        "address": str(address),
        "selector": None,
        "condition": 'If-Match: "1"',
        "media_type": None,
        "bytes": 0,
        "reason": "",
    }
    assert str(delete) == f'DELETE {address.path}; If-Match: "1"'
    assert b"x" not in plan.to_json().encode() or '"x"' not in plan.to_json()
