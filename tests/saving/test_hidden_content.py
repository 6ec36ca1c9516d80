"""Save after save on one handle: a comment that the model does not show stays with the object it was read with."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings

from instances import XUI, Maker, address_of, edit, seeds
from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk import Unconditional, XcapClient
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.source import Source
from xcap_sdk.editing.mirror import elements, mirrored
from xcap_sdk.editing.plan import Strategy
from xcap_sdk.errors import InvalidDocument
from xcap_sdk.server import running_server
from xcap_sdk.usages import RESOURCE_LISTS
from xcap_sdk.usages.validation import validate

SOME = settings(max_examples=max(settings().max_examples // 10, 1))


@pytest.fixture(scope="module")
def xcap() -> Iterator[XcapClient]:
    with running_server() as root, XcapClient(root, user=XUI) as client:
        yield client


def marked(random: Random) -> bytes:
    """Lists with a comment in each list and entry."""
    lines = ['<r:resource-lists xmlns:r="urn:ietf:params:xml:ns:resource-lists">']
    for number in range(random.randint(1, 3)):
        lines.append(f'  <r:list name="l{number}"><!-- l{number} -->')
        lines += [
            f'    <r:entry uri="sip:{number}-{one}@x"><!-- e{number}-{one} --></r:entry>'
            for one in range(random.randint(0, 4))
        ]
        lines.append(
            f'    <r:list name="i{number}"><!-- i{number} --><r:entry uri="sip:i@x"><!-- ie{number} --></r:entry></r:list>'
        )
        lines.append("  </r:list>")
    return "\n".join([*lines, "</r:resource-lists>"]).encode()


def comments(body: bytes, model: Any) -> dict[int, list[str]]:
    """The comments right inside the element of each object, by the object's id."""
    found: dict[int, list[str]] = {}
    pending = [(Outline.of(model), Source.parse(body).root)]
    while pending:
        outline, element = pending.pop()
        found[id(outline.value)] = [node.text.strip() for node in element if not isinstance(node.tag, str)]
        children = elements(element)
        places = mirrored([child.name for child in outline.children], children)
        pending += [(child, children[place]) for child, place in zip(outline.children, places, strict=True)]
    return found


def change(random: Random, model: ResourceLists, maker: Maker) -> None:
    """A valid edit, if the one that came up is."""
    if random.random() < 0.2:  # into a new list
        lists = [each for each in objects_of(model) if isinstance(each, ResourceList) and each.items]
        if lists:
            chosen = random.choice(lists)
            moved = chosen.items.pop(random.randrange(len(chosen.items)))
            model.items.append(ResourceList(name=maker.word(), items=[moved]))
            return
    undo = edit(random, model, maker)
    try:
        validate(model, RESOURCE_LISTS)
        good = (
            Outline.of(parse(serialize(model), ResourceLists)).fingerprint()
            == Outline.of(model).fingerprint()
        )
    except InvalidDocument:
        good = False
    if not good:
        undo()


@pytest.mark.parametrize("strategy", get_args(Strategy))
@SOME
@given(seed=seeds)
def test_comments_stay_with_their_objects(xcap: XcapClient, strategy: Strategy, seed: int) -> None:
    random = Random(seed)
    maker = Maker(random, str(xcap.root))
    xcap.put(address_of(RESOURCE_LISTS, str(xcap.root)), marked(random), condition=Unconditional())
    document = xcap.resource_lists.get()
    known = [
        (each, comments(document.xml, document.model).get(id(each), []))
        for each in objects_of(document.model)
    ]
    for _ in range(3):
        for _ in range(random.randint(1, 3)):
            change(random, document.model, maker)
        document.save(strategy=strategy)
        there = xcap.resource_lists.get()
        assert Outline.of(there.model).fingerprint() == Outline.of(document.model).fingerprint()
        now = comments(there.xml, document.model)
        for each, marks in known:
            if id(each) in now:
                assert set(marks) <= set(now[id(each)])
        every = [mark for marks in now.values() for mark in marks]
        assert len(every) == len(set(every))
