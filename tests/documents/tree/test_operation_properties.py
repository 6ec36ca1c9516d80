"""PUT, GET and DELETE on random documents: what was put is what is got, again changes nothing, and back is back."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from made_documents import NAMES, Writer

from xcap_sdk.documents.operations import NodeNotFound, ParentMissing, delete_node, find, get_node, put_node
from xcap_sdk.documents.source import Source
from xcap_sdk.protocol.faults import FaultKind, Refused
from xcap_sdk.protocol.selectors import NodeSelector, Step
from xcap_sdk.protocol.xmltext import quote_value

randoms = st.integers(0, 2**64).map(Random)
many = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
XMLNS = {"u": "urn:u", "v": "urn:v", "w": "urn:w"}


def utf8_document(random: Random) -> Source:
    writer = Writer(random)
    writer.codec = random.choice(["utf-8", "utf-8-sig"])
    return Source.parse(writer.document()[0])


def selector_of(source: Source, element: object) -> NodeSelector:
    """A selector by positions."""
    steps: list[Step] = []
    while element.getparent() is not None:
        siblings = list(element.getparent().iterchildren("*"))
        steps.append(Step("*", siblings.index(element) + 1))
        element = element.getparent()
    return NodeSelector((Step("*"), *reversed(steps)), None, tuple(XMLNS.items()))


def random_step(random: Random, attributes: list[tuple[str, str]]) -> Step:
    local = random.choice(NAMES)
    name = random.choice(["*", local, f"{random.choice('uvw')}:{local}"])
    position = random.choice([None, None, 1, 2, 3])
    return Step(name, position, random.choice([None, ("k", random.choice("12")), *attributes]))


def refusal_of(operation: Callable[[], object]) -> FaultKind | None:
    try:
        operation()
    except Refused as error:
        return error.fault.kind
    return None


@many
@given(randoms)
def test_put_elements(random: Random) -> None:
    source = utf8_document(random)
    parent = random.choice(list(source.root.iter("*")))
    holder = selector_of(source, parent)
    unprefixed = [
        (key, value) for child in parent.iterchildren("*") for key, value in child.items() if key[0] != "{"
    ]
    step = random_step(random, unprefixed)
    prefix, _, local = step.name.rpartition(":")
    local = local if local != "*" else random.choice(NAMES)
    value = f" {step.attribute[0]}={quote_value(step.attribute[1])}" if step.attribute else ""
    body = f"<{local} xmlns='{XMLNS.get(prefix, '')}'{value}> <!-- {random.random()} --></{local}>".encode()
    selector = NodeSelector((*holder.steps, step), None, holder.bindings)
    try:
        before = source.fragment(find(source, selector, None))
    except NodeNotFound:
        before = None
    refusal = refusal_of(lambda: put_node(source, selector, body, None))
    if refusal is not None:
        assert refusal is FaultKind.CANNOT_INSERT
        return
    after, created = put_node(source, selector, body, None)
    stored = Source.parse(after)
    assert created is (before is None)
    assert get_node(stored, selector, None) == body
    assert put_node(stored, selector, body, None) == (after, False)
    start, end = stored.span(find(stored, selector, None))
    assert after[start:end] == body
    rest = after[:start] + (before or b"") + after[end:]
    if source.place(parent).is_empty_tag:
        place = source.place(parent)
        assert rest.startswith(source.data[: place.start])
        assert rest.endswith(source.data[place.end :])
    else:
        assert rest == source.data
    without = after[:start] + after[end:]
    refusal = refusal_of(lambda: delete_node(stored, selector, None))
    if refusal is None:
        assert delete_node(stored, selector, None) == without
    else:
        assert refusal is FaultKind.CANNOT_DELETE
        assert find(Source.parse(without), selector, None) is not None


@many
@given(randoms)
def test_put_attributes(random: Random) -> None:
    source = utf8_document(random)
    element = random.choice(list(source.root.iter("*")))
    name = random.choice([random.choice(NAMES), f"{random.choice('uvw')}:{random.choice(NAMES)}"])
    selector = selector_of(source, element).attribute(name)
    body = random.choice([b'"1"', b"'2'", b"'&amp;&#10;\"'", '"é"'.encode(), b'""'])
    after, created = put_node(source, selector, body, None)
    stored = Source.parse(after)
    assert get_node(stored, selector, None) == body
    assert put_node(stored, selector, body, None) == (after, False)
    start, end = source.place(element).start, source.place(element).inside
    assert after.startswith(source.data[:start])
    assert after.endswith(source.data[end:])
    if created:
        removed = delete_node(stored, selector, None)
        assert len(removed) >= len(source.data)
        with pytest.raises(NodeNotFound):
            get_node(Source.parse(removed), selector, None)
        if ":" not in name:
            assert removed == source.data


@given(randoms)
def test_each_element_is_got_and_deleted_exactly(random: Random) -> None:
    source = utf8_document(random)
    for element in source.root.iter("*"):
        selector = selector_of(source, element)
        assert get_node(source, selector, None) == source.fragment(element)
        if element is not source.root:
            start, end = source.span(element)
            is_last = element.getnext() is None
            refusal = refusal_of(lambda selector=selector: delete_node(source, selector, None))
            assert refusal is None or (refusal is FaultKind.CANNOT_DELETE and not is_last)
            if refusal is None:
                assert delete_node(source, selector, None) == source.data[:start] + source.data[end:]
        with pytest.raises(ParentMissing):
            put_node(source, selector.child("*", position=99).child("a"), b"<a/>", None)


@pytest.mark.rule("V2", "V3", "V4", "V5", "V6")
@many
@given(randoms)
def test_selectors_mean_what_xpath_says_where_each_step_fits_one(random: Random) -> None:
    source = utf8_document(random)
    known = [
        (key, value) for element in source.root.iter("*") for key, value in element.items() if key[0] != "{"
    ]
    steps = tuple(random_step(random, known) for _ in range(random.randrange(1, 4)))
    if random.random() < 0.8:
        steps = (Step("*"), *steps)
    context: list[etree._Element] = [source.root]
    for depth, step in enumerate(steps):
        position = f"[{step.position}]" if step.position else ""
        test = f"[@{step.attribute[0]}=$value]" if step.attribute else ""
        value = step.attribute[1] if step.attribute else ""
        context = context[0].xpath(
            f"{'./' if depth else '/'}{step.name}{position}{test}", namespaces=XMLNS, value=value
        )
        if len(context) != 1:
            break
    selector = NodeSelector(steps, None, tuple(XMLNS.items()))
    if len(context) == 1:
        assert find(source, selector, None) is context[0]
    else:
        with pytest.raises(NodeNotFound) as caught:
            find(source, selector, None)
        assert caught.value.is_ambiguous is (len(context) > 1)
