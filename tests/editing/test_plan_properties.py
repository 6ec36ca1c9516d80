"""Whatever the document and whatever is wanted: the plan's requests give it, on a server that follows RFC 4825."""

from __future__ import annotations

from typing import Any

import pytest
from editing_documents import CP, PR, RL, edit_lists, edit_rules, pres_rules, resource_lists
from hypothesis import given, settings
from hypothesis import strategies as st

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.operations import delete_node, put_node
from xcap_sdk.documents.source import Source
from xcap_sdk.editing.comparing import same_tree
from xcap_sdk.editing.plan import Plan, Strategy, plan_save
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.conditions import Match
from xcap_sdk.protocol.profiles import CONFORMANT
from xcap_sdk.protocol.roots import XcapRoot

SOME = settings(max_examples=max(settings().max_examples // 5, 1))
WAYS: list[tuple[Strategy, bool]] = [("document", False), ("nodes", False), ("auto", False), ("auto", True)]


def address(auid: str, namespace: str) -> DocumentAddress:
    return DocumentAddress(
        root=XcapRoot("https://xcap.example.org/root"),
        auid=auid,
        xui="sip:alice@example.org",
        default_namespace=namespace,
    )


def applied(plan: Plan, received: bytes) -> bytes:
    """What a server makes of a plan's requests, each condition seen to."""
    document = received
    for number, operation in enumerate(plan.operations):
        assert operation.chained == (number > 0)
        assert operation.condition == Match('"1"')
        if isinstance(operation.address, DocumentAddress):
            assert operation.body is not None
            document = operation.body
        else:
            # Over the wire and back.
            default = operation.address.document.default_namespace
            path, _, query = operation.address.uri.partition("/~~/")[2].partition("?")
            selector = type(operation.address.selector).from_wire(path, query)
            assert selector == operation.address.selector
            source = Source.parse(document)
            if operation.body is None:
                document = delete_node(source, selector, default)
            else:
                document, _ = put_node(source, selector, operation.body, default)
        assert document == operation.result
    return document


def check_plans(received: bytes, model: Any, place: DocumentAddress) -> None:
    base = parse(received, type(model))
    target = rewrite(received, base, model)
    for strategy, several in WAYS:
        plan = plan_save(
            place,
            "application/x+xml",
            model,
            received=received,
            etag='"1"',
            strategy=strategy,
            profile=CONFORMANT,
            several=several,
        )
        assert plan.target == target
        if strategy == "document" or (strategy == "auto" and not several):
            assert plan.atomic
        if strategy == "nodes":
            assert not any(isinstance(each.address, DocumentAddress) for each in plan.operations)
        result = applied(plan, received)
        assert parse(result, type(model)) == parse(target, type(model))
        assert same_tree(Source.parse(result).root, Source.parse(target).root)


LISTS = address("resource-lists", RL)


@SOME
@given(st.data(), resource_lists())
def test_edited_lists(data: st.DataObject, received: bytes) -> None:
    edited = parse(received, ResourceLists)
    for _ in range(data.draw(st.integers(1, 4))):
        edit_lists(data.draw, edited)
    check_plans(received, edited, LISTS)


@SOME
@given(resource_lists(), resource_lists())
def test_any_two_lists(received: bytes, other: bytes) -> None:
    check_plans(received, parse(other, ResourceLists), LISTS)


@SOME
@given(st.data(), resource_lists(broken=True))
def test_lists_that_break_the_schema(data: st.DataObject, received: bytes) -> None:
    edited = parse(received, ResourceLists)
    edit_lists(data.draw, edited)
    check_plans(received, edited, LISTS)


# The default document namespace is the one of pres-rules, which is not that of the root element.
@pytest.mark.parametrize("namespace", [PR, CP])
def test_edited_rules(namespace: str) -> None:
    place = address("pres-rules", namespace)

    @SOME
    @given(st.data(), pres_rules())
    def run(data: st.DataObject, received: bytes) -> None:
        edited = parse(received, Ruleset)
        for _ in range(data.draw(st.integers(1, 4))):
            edit_rules(data.draw, edited)
        check_plans(received, edited, place)

    run()


@SOME
@given(pres_rules(), pres_rules())
def test_any_two_rule_sets(received: bytes, other: bytes) -> None:
    check_plans(received, parse(other, Ruleset), address("pres-rules", PR))


def test_documents_in_other_encodings_are_written_whole() -> None:
    model = ResourceLists()
    model.lists.add("a")
    received = serialize(model).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    model.lists.add("b")
    plan = plan_save(LISTS, "a/b", model, received=received, etag='"1"', strategy="nodes")
    assert [each.address for each in plan.operations] == [LISTS]
    assert plan.operations[0].reason == "the document was changed, which no node writes give"
