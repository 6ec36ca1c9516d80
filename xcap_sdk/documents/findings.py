"""What a schema refuses in a document, element by element and in plain words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from lxml import etree

from xcap_sdk.documents.schemas import Breach, Schema
from xcap_sdk.documents.wording import LACKS, UNEXPECTED, worded
from xcap_sdk.documents.xml import Element, ElementTree, parse_xml

Traits: TypeAlias = tuple[Hashable, Hashable | None]
"""What a finding is told by, and what a looser comparison goes by; None for findings that have no such."""

_ROUNDS = 32
_BYTES = 1 << 24  # a hostile document is not parsed again and again


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the schema refuses.

    Attributes:
        path: The element, as libxml2 writes paths; empty if it did not.
        name: The element's name, as ``{namespace}name``.
        element: The element; None if it is not known.
        attribute: The attribute, as ``{namespace}name``; None for the element itself.
        message: What is wrong, in plain words.
        owner: The element that comes first with an ID that another one has too; else None.
    """

    path: str
    name: str
    element: Element | None
    attribute: str | None
    message: str
    owner: Element | None = None

    @property
    def traits(self) -> Traits:
        """What is the same for the same fault elsewhere in the document or in another version of it.

        An element that is not expected, as another is missing before it, and the lack of that other one are
        the same fault to a looser comparison.
        """
        fault, _, expected = self.message.partition("; expected: ")
        name = "" if self.owner is not None else self.name  # which comes second depends on the order
        gap: Hashable | None = None
        if expected and self.element is not None:
            owner = self.element if fault == LACKS else self.element.getparent()
            gap = (None if owner is None else owner.tag, expected)
        return (name, self.attribute, fault), gap


def findings(schema: Schema, document: ElementTree, *, thorough: bool = False) -> list[Finding]:
    """What a schema refuses.

    Args:
        schema: The schema.
        document: The document, freshly parsed and not validated before.
        thorough: Whether to look behind elements that are not expected, too: libxml2 does not judge what
            follows them in their parent.

    Returns:
        What is wrong, in document order; what is behind something unexpected comes last. Of crowded documents
        only the first come with their elements, and more than `MOST_COUNTED` are not all there is.
    """
    breaches = schema.breaches(document)
    if not breaches:
        return []
    found = list(_worded_all(breaches, document.getroot()))
    return [*found, *_hidden(schema, document, found)] if thorough else found


def _worded_all(breaches: list[Breach], root: Element) -> Iterator[Finding]:
    paths = _Paths(root)
    seen: set[tuple[str, Element | None, str | None]] = set()
    for breach in breaches:
        name, attribute, message = worded(breach.message)
        element = paths.find(breach.path) if breach.path else breach.element
        where = (breach.path, element, attribute)
        if where in seen and "is no valid" in message:
            continue  # said already, and better, by the facet that the value breaks
        if breach.path or element is not None:
            seen.add(where)
        owner = breach.owner
        if breach.path and element is not None:
            owner = _owner_of_id(element, attribute, breach.message)
        yield Finding(breach.path, name, element, attribute, message, owner)


def _owner_of_id(element: Element, attribute: str | None, message: str) -> Element | None:
    """The element that comes first with an ID that another one has too; IDs are unique in a whole document.

    Args:
        element: An element of a document that was validated, so that libxml2 knows its IDs.
        attribute: The attribute that the schema refuses.
        message: Why it does, in libxml2's words.

    Returns:
        None if that is not what is wrong, such as for an ID that is no XML name.
    """
    if attribute is None or not message.endswith("atomic type 'xs:ID'."):
        return None
    found = cast("list[Element]", element.xpath("id($value)", value=element.get(attribute, "")))
    return found[0] if found and found[0] is not element else None


def _hidden(schema: Schema, document: ElementTree, found: list[Finding]) -> Iterator[Finding]:
    """What shows once the elements that are not expected are out of the way."""
    current = document.getroot()
    originals: dict[Element, Element] = {each: each for each in current.iter()}
    known = {(each.element, each.attribute, each.message) for each in found}
    unexpected = _unexpected(found)
    gaps: set[Element] = set()
    parsed = 0
    for _ in range(_ROUNDS):
        data = etree.tostring(current)
        parsed += len(data)
        if not unexpected or parsed > _BYTES:
            return
        # A tree that was validated remembers its IDs, so that the next one has to be a new one.
        fresh = parse_xml(data)
        pairs = list(zip(current.iter(), fresh.getroot().iter(), strict=True))
        originals = {new: originals[old] for old, new in pairs}
        for old, new in pairs:
            parent = new.getparent()
            if old in unexpected and parent is not None:
                gaps.add(originals[parent])
                _take_out(new, parent)
        current = fresh.getroot()
        behind = list(_worded_all(schema.breaches(fresh), current))
        unexpected = _unexpected(behind)
        for each in behind:
            element = None if each.element is None else originals[each.element]
            lost = each.message.startswith(LACKS) and element in gaps  # it is what was taken out
            if not lost and (element, each.attribute, each.message) not in known:
                known.add((element, each.attribute, each.message))
                owner = None if each.owner is None else originals[each.owner]
                yield replace(each, element=element, owner=owner)


def _take_out(element: Element, parent: Element) -> None:
    """Remove an element, but not the text behind it."""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _unexpected(found: list[Finding]) -> set[Element]:
    return {
        each.element
        for each in found
        if each.element is not None and UNEXPECTED in each.message and each.attribute is None
    }


def find_path(root: Element, path: str) -> Element | None:
    """The element that a path of libxml2 leads to, in which * counts all elements; None if there is none."""
    return _Paths(root).find(path)


_STEP = re.compile(r"(?:([^:\[/]+):)?([^:\[/]+)(?:\[(\d+)\])?")


class _Paths:
    """Finds elements by libxml2's paths."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._children: dict[Element, list[Element]] = {}
        self._named: dict[Element, dict[tuple[str | None, str], list[Element]]] = {}

    def find(self, path: str) -> Element | None:
        """The element that a path leads to, in which * counts all elements; None if there is none."""
        found: Element | None = None
        for prefix, name, position in (match.groups() for match in _STEP.finditer(path)):
            children = self._of(found, prefix, name)
            index = int(position or 1) - 1
            if index >= len(children):
                return None
            found = children[index]
        return found

    def _of(self, parent: Element | None, prefix: str | None, name: str) -> list[Element]:
        if parent is None:
            its = (self._root.prefix, etree.QName(self._root).localname)
            return [self._root] if name == "*" or (prefix, name) == its else []
        if parent not in self._children:
            children = [child for child in parent if isinstance(child.tag, str)]
            named: dict[tuple[str | None, str], list[Element]] = defaultdict(list)
            for child in children:
                named[child.prefix, etree.QName(child).localname].append(child)
            self._children[parent], self._named[parent] = children, named
        return self._children[parent] if name == "*" else self._named[parent].get((prefix, name), [])
