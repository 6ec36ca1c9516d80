"""Start tags as text: reading them into parts, changing single attributes, writing the rest as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from xcap_sdk.protocol.xmltext import XML_NAMESPACE

_NAME = re.compile(r"<([^ \t\r\n/>]+)")
_ATTRIBUTE = re.compile(r"""([ \t\r\n]+)([^ \t\r\n=]+)([ \t\r\n]*=[ \t\r\n]*)("[^"]*"|'[^']*')""")
_XML_ONLY = {"xml": XML_NAMESPACE}


class TagAttribute(NamedTuple):
    """An attribute or namespace declaration as written.

    Attributes:
        lead: The white space before it.
        name: Its name with prefix.
        equals: The equals sign with the white space around it.
        value: Its value as written, with its quotes.
    """

    lead: str
    name: str
    equals: str
    value: str

    def __str__(self) -> str:
        return f"{self.lead}{self.name}{self.equals}{self.value}"


@dataclass(frozen=True, slots=True)
class StartTag:
    """A start tag, or the only tag of an element.

    Attributes:
        name: The element's name with prefix.
        attributes: Attributes and namespace declarations as they are written, in order.
        tail: The white space before the end of the tag.
        is_empty: Whether it ends in ``/>``.
    """

    name: str
    attributes: tuple[TagAttribute, ...]
    tail: str
    is_empty: bool

    @classmethod
    def read(cls, text: str) -> StartTag:
        """Read a tag that a parser has found well-formed."""
        found = _NAME.match(text)
        assert found is not None, f"not a start tag: {text!r}"
        name, position = found[1], found.end()
        attributes: list[TagAttribute] = []
        while found := _ATTRIBUTE.match(text, position):
            attributes.append(TagAttribute(*found.groups()))
            position = found.end()
        is_empty = text.endswith("/>")
        return cls(name, tuple(attributes), text[position : -2 if is_empty else -1], is_empty)

    def __str__(self) -> str:
        attributes = "".join(map(str, self.attributes))
        return f"<{self.name}{attributes}{self.tail}{'/>' if self.is_empty else '>'}"

    def find(self, name: str, namespaces: Mapping[str | None, str]) -> TagAttribute | None:
        """The attribute with an expanded name (``{namespace}local``); never a namespace declaration.

        Args:
            name: The name in Clark notation.
            namespaces: What is in scope, the tag's own declarations included.
        """
        for attribute in self.attributes:
            if expand_attribute(attribute.name, namespaces) == name:
                return attribute
        return None

    def with_attribute(self, name: str, value: str, *, like: TagAttribute | None = None) -> StartTag:
        """Write an attribute: in the place of another, or at the end.

        Args:
            name: Its name with prefix.
            value: Its value as written, with quotes.
            like: The attribute whose place, white space and name it takes.
        """
        if like is not None:
            changed = like._replace(value=value)
            return replace(self, attributes=tuple(changed if one is like else one for one in self.attributes))
        last = self.attributes[-1].lead if self.attributes else " "
        new = TagAttribute(last if "\n" in last else " ", name, "=", value)
        return replace(self, attributes=(*self.attributes, new))

    def without(self, attribute: TagAttribute) -> StartTag:
        """Leave an attribute out, with the white space before it."""
        return replace(self, attributes=tuple(one for one in self.attributes if one is not attribute))

    def opened(self) -> StartTag:
        """The same as a start tag that content can follow."""
        return replace(self, is_empty=False, tail="") if self.is_empty else self


def expand_attribute(name: str, namespaces: Mapping[str | None, str]) -> str | None:
    """The expanded name of an attribute as written; None for a namespace declaration."""
    prefix, colon, local = name.rpartition(":")
    if name == "xmlns" or prefix == "xmlns":
        return None
    return f"{{{(_XML_ONLY.get(prefix) or namespaces[prefix])}}}{local}" if colon else name
