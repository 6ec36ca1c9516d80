"""JSON of classes of one's own: every kind of value, tuples, lists in one attribute, and xsi:type."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any
from xml.etree.ElementTree import QName

import pytest
from jsonschema import Draft202012Validator
from xsdata.models.datatype import XmlDate

from xcap_sdk import InvalidDocument, InvalidInput, from_json, json_schema, to_json

__NAMESPACE__ = "urn:example:values"


class Colour(Enum):
    RED = "red"


class Level(Enum):
    LOW = 1


@dataclass(kw_only=True)
class Shape:
    class Meta:
        name = "shape"
        namespace = "urn:example:values"

    name: str = field(metadata={"type": "Attribute"})


@dataclass(kw_only=True)
class Circle(Shape):
    class Meta:
        name = "circle"
        namespace = "urn:example:values"

    radius: float = field(metadata={"type": "Attribute"})


ELEMENT = {"type": "Element", "namespace": __NAMESPACE__}


@dataclass(kw_only=True, frozen=True)
class Everything:
    class Meta:
        name = "everything"
        namespace = "urn:example:values"

    number: float = field(metadata=ELEMENT)
    amount: Decimal = field(metadata=ELEMENT)
    data: bytes = field(metadata={**ELEMENT, "format": "base64"})
    name: QName = field(metadata=ELEMENT)
    colour: Colour = field(metadata=ELEMENT)
    level: Level = field(metadata=ELEMENT)
    either: int | bool | str = field(metadata=ELEMENT)
    day: XmlDate = field(metadata=ELEMENT)
    numbers: list[int] = field(default_factory=list, metadata={"type": "Attribute", "tokens": True})
    shape: Shape | None = field(default=None, metadata=ELEMENT)
    shapes: tuple[Shape, ...] = field(default_factory=tuple, metadata=ELEMENT)
    items: tuple[int | Shape | str, ...] = field(
        default_factory=tuple,
        metadata={
            "type": "Elements",
            "choices": (
                {"name": "count", "type": int, "namespace": "urn:example:values"},
                {"name": "shape", "type": Shape, "namespace": "urn:example:values"},
                {"name": "note", "type": str, "namespace": "urn:example:values"},
            ),
        },
    )


MODEL = Everything(
    number=float("inf"),
    amount=Decimal("1.50"),
    data=b"bytes",
    name=QName("{urn:x}a"),
    colour=Colour.RED,
    level=Level.LOW,
    either=5,
    day=XmlDate(2026, 1, 31),
    numbers=[1, 2],
    shape=Circle(name="a", radius=0.5),
    shapes=(Shape(name="b"), Circle(name="c", radius=1.0)),
    items=(3, Shape(name="d"), "e", Circle(name="f", radius=2.0)),
)


def test_every_kind_of_value() -> None:
    text = to_json(MODEL)
    assert from_json(text, Everything) == MODEL
    content = json.loads(text)
    assert content == {
        "number": "INF",
        "amount": "1.50",
        "data": "Ynl0ZXM=",
        "name": "{urn:x}a",
        "colour": "red",
        "level": "1",
        "either": 5,
        "day": "2026-01-31",
        "numbers": [1, 2],
        "shape": {"$type": "{urn:example:values}circle", "name": "a", "radius": 0.5},
        "shapes": [{"name": "b"}, {"$type": "{urn:example:values}circle", "name": "c", "radius": 1.0}],
        "items": [
            {"$element": "count", "value": 3},
            {"$element": "shape", "name": "d"},
            {"$element": "note", "value": "e"},
            {"$element": "shape", "$type": "{urn:example:values}circle", "name": "f", "radius": 2.0},
        ],
    }
    assert Draft202012Validator(json_schema(Everything)).is_valid(content)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"number": "many"}, "number"),
        ({"number": True}, "number"),
        ({"amount": 1.5}, "amount"),
        ({"data": "é"}, "data"),
        ({"level": "7"}, "level"),
        ({"either": 0.5}, "either"),
        ({"day": "yesterday"}, "day"),
        ({"numbers": ["1"]}, "numbers[0]"),
        ({"numbers": 1}, "numbers"),
        ({"shape": {"$type": "{urn:example:values}square", "name": "a"}}, 'shape["$type"]'),
        ({"shape": {"$type": 5, "name": "a"}}, 'shape["$type"]'),
        ({"shape": 5}, "shape"),
        ({"shape": {"$type": "{urn:example:values}circle", "name": "a"}}, "shape.radius"),
        ({"items": [{"$element": "count", "value": "3"}]}, "items[0].value"),
        ({"items": [{"$element": "count"}]}, "items[0].value"),
        ({"items": [{"$element": "count", "value": 3, "more": 1}]}, "items[0].more"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], place: str) -> None:
    content = {**json.loads(to_json(MODEL)), **change}
    with pytest.raises(InvalidDocument) as caught:
        from_json(json.dumps(content), Everything)
    assert [problem.place for problem in caught.value.problems] == [place]


def test_what_is_neither() -> None:
    with pytest.raises(InvalidInput):
        to_json(Everything(**{**vars(MODEL), "shape": Everything(**vars(MODEL))}))
    with pytest.raises(InvalidInput):
        to_json(Everything(**{**vars(MODEL), "items": (b"x",)}))
