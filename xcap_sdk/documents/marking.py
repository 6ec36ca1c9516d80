"""Which attributes a schema makes IDs: it is rewritten to refuse those with a mark.

What an attribute is depends on the elements around it: the ``id`` of a presence rule is an ID, the ``id`` of
a person in its conditions is not. Only the compiled schema knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from xcap_sdk.documents.xml import Element

_NAMESPACE = "http://www.w3.org/2001/XMLSchema"
_XS = f"{{{_NAMESPACE}}}"
_ID = "ID"

MARK = "\ud7a3"
"""A letter that marks an ID; digits follow it. Names may have it in every edition of XML, and rarely do."""


@dataclass(frozen=True, slots=True)
class MarkedSchema:
    """A schema that refuses IDs with a mark.

    Attributes:
        schema: The schema.
        names: The local names of the attributes that may be IDs by it.
    """

    schema: etree.XMLSchema
    names: frozenset[str]


@dataclass(slots=True)
class IdMarker:
    """Rewrites the files of a schema."""

    _attributes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _types: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def rewrite(self, root: Element) -> None:
        """Make a file refuse IDs with a mark, and note what may be an ID by it."""
        for attribute in root.iter(f"{_XS}attribute"):
            inline = attribute.find(f"{_XS}simpleType/{_XS}restriction")
            base = attribute.get("type") if inline is None else inline.get("base")
            self._attributes.append((attribute.get("name", ""), _local(base)))
            if _is_id(attribute, "type"):
                del attribute.attrib["type"]
                attribute.append(_unmarked(attribute))
        for restriction in root.iter(f"{_XS}restriction"):
            parent = restriction.getparent()
            if parent is not None:
                self._types.append((parent.get("name", ""), _local(restriction.get("base"))))
            if _is_id(restriction, "base"):
                del restriction.attrib["base"]
                restriction.insert(
                    int(restriction.find(f"{_XS}annotation") is not None), _unmarked(restriction)
                )

    @property
    def names(self) -> frozenset[str]:
        """The local names of the attributes whose types come from xs:ID, or from one that is called alike."""
        types = {_ID}
        while more := _named(self._types, types) - types:
            types |= more
        return frozenset(_named(self._attributes, types))


def _named(declared: Iterable[tuple[str, str]], types: set[str]) -> set[str]:
    return {name for name, type_ in declared if name and type_ in types}


def _is_id(element: Element, attribute: str) -> bool:
    prefix, _, local = element.get(attribute, "").rpartition(":")
    return local == _ID and element.nsmap.get(prefix or None) == _NAMESPACE


def _unmarked(around: Element) -> Element:
    """The type of names without a mark, for a place in a schema."""
    type_ = around.makeelement(f"{_XS}simpleType", nsmap={"xs": _NAMESPACE})
    restriction = etree.SubElement(type_, f"{_XS}restriction", base="xs:NCName")
    etree.SubElement(restriction, f"{_XS}pattern", value=f"[^{MARK}]*")
    return type_


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
