"""Validation of crowded documents, in time that grows with their size alone.

libxml2 tells each fault in a tree with the path of its element, for which it counts the element's siblings: a
document whose every element is at fault takes time that grows with the square of its size. While parsing, it
makes no paths, but does not say either where a fault is, nor compares IDs. The first is found by feeding the
parser tag by tag where the faults are, the second by a schema that tells which attributes are IDs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import cast

from lxml import etree

from xcap_sdk.documents.bounded import MOST, MOST_COUNTED
from xcap_sdk.documents.marking import MARK, MarkedSchema
from xcap_sdk.documents.xml import Element, ElementTree

_UNCROWDED = 4_000  # elements and attributes: if all of them are wrong, their paths cost 0.1 s
_SIZE = etree.XPath("count(//*) + count(//@*)")
_CHUNK = 1 << 13
_TAG = re.compile(rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(/?)[^>]*?(/?)>", re.DOTALL)  # lxml escapes >
_NO_ID = "is not a valid value of the atomic type 'xs:ID'."
_SUBJECT = re.compile(r"Element '([^']*)'(?:, attribute '([^']*)')?")
_MARKED = re.compile(rf"\[facet 'pattern'\] The value '[^']*{MARK}(\d+)' is not accepted")


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that a schema refuses.

    Attributes:
        message: What is wrong, in libxml2's words.
        path: The element, as libxml2 writes paths; empty in crowded documents.
        element: The element; None where only the path says which, or nothing does.
        owner: The element that comes first with an ID that this one has too; else None.
    """

    message: str
    path: str = ""
    element: Element | None = None
    owner: Element | None = None


def is_crowded(document: ElementTree) -> bool:
    """Whether so much could be wrong with a document that paths would take too long."""
    return cast("float", _SIZE(document)) > _UNCROWDED


def crowded_breaches(
    schema: etree.XMLSchema, marked: Callable[[], MarkedSchema], document: ElementTree
) -> list[Breach]:
    """What a schema refuses in a crowded document.

    Args:
        schema: The schema.
        marked: Makes the same schema as one that refuses marked IDs.
        document: The document.

    Returns:
        What is wrong, about `MOST` of it with its element and in document order, and then the rest;
        more than `MOST_COUNTED` if not all of it was looked for.
    """
    data = etree.tostring(document, encoding="UTF-8")
    messages, counts = _faults(schema, data, lambda found: len(found) > MOST_COUNTED)
    doubled: list[Breach] = []
    if len(messages) <= MOST_COUNTED:
        doubled = list(_doubled(marked(), document))
    if not messages and not doubled:
        return []
    elements = list(document.iter(etree.Element))
    places = _places(schema, data, counts, [_subject(each) for each in messages], elements)
    found = [Breach(message, element=at) for message, at in zip_longest(messages, places)]
    numbers: dict[Element | None, int] = {element: number for number, element in enumerate(elements)}
    return sorted([*found, *doubled], key=lambda each: numbers.get(each.element, len(elements)))


def has_repeated_ids(marked: MarkedSchema, document: ElementTree, data: bytes) -> bool:
    """Whether a document has IDs that are not unique in it.

    Args:
        marked: The schema as one that refuses marked IDs.
        document: The document.
        data: Its bytes.
    """
    # To look whether there is any attribute called like that takes less than to look at each, but for UTF-16.
    names = "|".join(map(re.escape, marked.names))
    may_have = b"\0" in data or re.search(rf"(?:{names})[ \t\r\n]*=".encode(), data)
    return bool(may_have) and next(_doubled(marked, document), None) is not None


def _subject(message: str) -> str:
    found = _SUBJECT.match(message)
    return found[1] if found else ""


def _faults(
    schema: etree.XMLSchema, data: bytes, enough: Callable[[Sequence[str]], bool]
) -> tuple[list[str], list[int]]:
    """The messages, and how many there were after each chunk; no more once there are enough."""
    parser = _parser(schema)
    counts, messages, ask = [0], list[str](), MOST_COUNTED
    for start in range(0, len(data), _CHUNK):
        parser.feed(data[start : start + _CHUNK])
        log = parser.feed_error_log
        counts.append(len(log))
        if len(log) > ask:
            messages = [entry.message for entry in log]
            if enough(messages):
                return messages, counts
            ask *= 2
    return [entry.message for entry in parser.feed_error_log], counts


def _places(
    schema: etree.XMLSchema,
    data: bytes,
    counts: Sequence[int],
    subjects: Sequence[str],
    elements: Sequence[Element],
) -> Iterator[Element | None]:
    """The elements of the first faults."""
    parser = _parser(schema)
    faulty = [before < after for before, after in pairwise(counts)]
    around: list[int] = []
    fed = found = number = 0
    for tag in _TAG.finditer(data):
        closes, empty = tag[1], tag[2]
        if closes == b"":
            at, number = number, number + 1
            if not empty:
                around.append(at)
        else:
            at = around[-1] if around else 0
            if closes:
                around.pop()
        chunk = (tag.end() - 1) // _CHUNK
        if chunk >= len(faulty) or found >= MOST:
            return
        if faulty[chunk]:
            parser.feed(data[fed : tag.end()])
            fed = tag.end()
            for subject in subjects[found : len(parser.feed_error_log)]:
                found += 1
                yield elements[at] if elements[at].tag == subject else None


def _doubled(marked: MarkedSchema, document: ElementTree) -> Iterator[Breach]:
    """The attributes that are IDs, and have a value that another one before them has."""
    if not marked.names:
        return
    named = "|".join(f"//@*[local-name() = '{name}']" for name in marked.names)
    values = cast("list[str]", etree.XPath(named, smart_strings=False)(document))
    repeated = {value for value, count in Counter(map(str.strip, values)).items() if count > 1}
    if not repeated:
        return
    places: list[tuple[Element, str]] = []
    copy = etree.fromstring(etree.tostring(document), etree.XMLParser(resolve_entities=False, huge_tree=True))
    for element, twin in zip(document.iter(etree.Element), copy.iter(etree.Element), strict=True):
        for name, value in twin.attrib.items():
            if etree.QName(name).localname in marked.names and (id_ := value.strip()) in repeated:
                twin.set(name, f"{id_}{MARK}{len(places)}")
                places.append((element, str(name)))

    def clashing(messages: Sequence[str]) -> Iterator[Breach]:
        owners: dict[str, Element] = {}
        for message in messages:
            if found := _MARKED.search(message):
                element, name = places[int(found[1])]
                owner = owners.setdefault(element.attrib[name].strip(), element)
                if owner is not element:
                    text = (
                        f"Element '{element.tag}', attribute '{name}': '{element.get(name)}' is not a valid "
                    )
                    yield Breach(f"{text}value of the atomic type 'xs:ID'.", element=element, owner=owner)

    def enough(messages: Sequence[str]) -> bool:
        return sum(1 for _ in clashing(messages)) > MOST_COUNTED

    yield from clashing(_faults(marked.schema, etree.tostring(copy, encoding="UTF-8"), enough)[0])


def _parser(schema: etree.XMLSchema) -> etree.XMLParser:
    return etree.XMLParser(
        schema=schema, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
    )
