"""Models of any document class, made by chance from what xsdata knows of its fields."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from functools import cache
from random import Random
from typing import Any
from xml.etree.ElementTree import QName

from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.models.datatype import XmlDate, XmlDateTime, XmlDuration, XmlTime

from xcap_sdk.documents.classes import all_classes, meta_of
from xcap_sdk.documents.compiled.fields import required_fields

DEEPEST = 5
WORDS = ["a", "sip:bob@example.org", "Ann & <Bob>", "é😀", "x y", "1", ""]


def filled(cls: type[Any], random: Random, depth: int = 0) -> Any:
    """An instance: what is required is there, what is optional at times, and names are taken twice at times."""
    meta: XmlMeta = meta_of(cls)
    values: dict[str, Any] = {}
    for var in meta.get_all_vars():
        if not var.init:
            continue
        if var.is_attributes:
            if random.random() < 0.2:
                values[var.name] = {"{urn:example:more}a": random.choice(WORDS)}
            continue
        if var.list_element and not var.tokens:
            most = 0 if depth > DEEPEST else 3
            made = [item for _ in range(random.randint(0, most)) for item in _item(var, random, depth)]
            values[var.name] = made
        elif var.name in required_fields(cls) or (depth <= DEEPEST and random.random() < 0.6):
            values[var.name] = _item(var, random, depth)[0]
    return cls(**values)


def _item(var: XmlVar, random: Random, depth: int) -> list[Any]:
    if var.is_wildcard:
        return [_wild(random, depth)]
    if var.is_elements:
        return _item(random.choice(list(var.elements.values())), random, depth)
    if var.clazz is not None:
        return [filled(var.clazz, random, depth + 1)]
    one = _value(random.choice([each for each in var.types if each is not type(None)]), random)
    if var.tokens:
        return [[one for _ in range(random.randint(1, 2))]]
    return [one]


def _wild(random: Random, depth: int) -> Any:
    if depth < DEEPEST and random.random() < 0.6:
        return filled(random.choice(extensions()), random, depth + 1)
    children: list[object] = [AnyElement(qname="{urn:example:more}b", text="t")] * random.randint(0, 2)
    text = "" if children else random.choice(WORDS)
    return AnyElement(qname="{urn:example:more}any", text=text, children=children, attributes={"k": "v"})


@cache
def extensions() -> list[type[Any]]:
    """The classes that stand behind wildcards."""
    found = [each[-1] for _, each in sorted(all_classes().items())]
    return [each for each in found if each.__module__.startswith("xcap_documents.")]


def _value(kind: Any, random: Random) -> Any:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return random.choice(list(kind))
    makers: dict[Any, Any] = {
        str: lambda: random.choice(WORDS),
        bool: lambda: random.random() < 0.5,
        int: lambda: random.randint(0, 99),
        float: lambda: random.randint(0, 99) / 4,
        Decimal: lambda: Decimal(random.randint(0, 99)) / 4,
        bytes: lambda: b"bytes",
        QName: lambda: QName("{urn:example:more}q"),
        XmlDateTime: lambda: XmlDateTime.from_string("2026-01-31T09:00:00Z"),
        XmlDate: lambda: XmlDate.from_string("2026-01-31"),
        XmlTime: lambda: XmlTime.from_string("09:00:00Z"),
        XmlDuration: lambda: XmlDuration("PT5M"),
        object: lambda: random.choice(WORDS),
    }
    return makers[kind]()
