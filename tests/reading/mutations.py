"""Documents as nobody should write them: valid ones, and then changed by chance."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from filled import WORDS, filled
from lxml import etree

from xcap_sdk import usages
from xcap_sdk.documents.binding import serialize

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def broken(usage: usages.ApplicationUsage[Any], random: Random) -> bytes:
    """A well-formed document of a usage with some to many faults."""
    root = etree.fromstring(serialize(filled(usage.root, random)))
    for _ in range(random.choice([1, 1, 2, 4, 8])):
        below = [each for each in root.iter() if isinstance(each.tag, str)]
        mutate(random.choice(below), random)
    return etree.tostring(root)


def mutate(element: Any, random: Random) -> None:
    """One change; what would change the root's name is left out."""
    parent = element.getparent()
    change = random.choice(CHANGES)
    if parent is not None or change not in MOVES:
        change(element, random)


def _drop_attribute(element: Any, random: Random) -> None:
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _spoil_attribute(element: Any, random: Random) -> None:
    names = [*element.attrib, "odd", "{urn:example:odd}odd"]
    element.set(random.choice(names), random.choice([*WORDS, "%zz", "::%%", "no number"]))


def _drop(element: Any, random: Random) -> None:
    element.getparent().remove(element)


def _double(element: Any, random: Random) -> None:
    element.addnext(copy.deepcopy(element))


def _misplace(element: Any, random: Random) -> None:
    parent = element.getparent()
    parent.insert(random.randint(0, len(parent)), element)


def _elsewhere(element: Any, random: Random) -> None:
    inside = set(element.iter())
    others = [each for each in element.getroottree().getroot().iter("{*}*") if each not in inside]
    random.choice(others).append(element)


def _rename(element: Any, random: Random) -> None:
    element.tag = f"{{{etree.QName(element).namespace or 'urn:example:odd'}}}odd"


def _other_namespace(element: Any, random: Random) -> None:
    namespace = random.choice(["{urn:example:odd}", ""])
    element.tag = namespace + etree.QName(element).localname


def _text(element: Any, random: Random) -> None:
    element.text = random.choice(["text", "&", "12:00 o'clock", " "])


def _tail(element: Any, random: Random) -> None:
    element.tail = "tail"


def _child(element: Any, random: Random) -> None:
    namespace = random.choice([etree.QName(element).namespace, "urn:example:odd", None])
    child = etree.Element(f"{{{namespace}}}odd" if namespace else "odd", k="v")
    child.text = "odd"
    element.insert(random.randint(0, len(element)), child)


def _empty(element: Any, random: Random) -> None:
    for child in list(element):
        element.remove(child)
    element.text = None


def _xsi(element: Any, random: Random) -> None:
    name, value = random.choice([("type", "odd"), ("type", "p:odd"), ("nil", "true"), ("nil", "odd")])
    element.set(XSI + name, value)


def _aside(element: Any, random: Random) -> None:
    element.insert(0, random.choice([etree.Comment("c"), etree.ProcessingInstruction("p", "i")]))


MOVES = (_drop, _double, _misplace, _elsewhere, _rename, _other_namespace, _tail)
CHANGES = (*MOVES, _drop_attribute, _spoil_attribute, _text, _child, _empty, _xsi, _aside)
