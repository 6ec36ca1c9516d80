"""Where new elements go among the others in the bytes, and with which white space."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.writer import Layout
from xcap_sdk.documents.xml import Element
from xcap_sdk.protocol.xmltext import BLANK


@dataclass(frozen=True, slots=True)
class Gap:
    """A place for new elements.

    Attributes:
        position: In the bytes; for an element without an end tag that of its end.
        lead: The white space before each new element.
        closing: The white space to be written behind the last one.
        layout: How the new elements are indented inside.
    """

    position: int
    lead: str
    closing: str
    layout: Layout


class Surroundings:
    """The children of each element and the white space around them, as the document came.

    Args:
        source: The document.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._children: dict[Element, list[Element]] = {}
        self._mixed: dict[Element, bool] = {}

    def children(self, parent: Element) -> list[Element]:
        """The element children."""
        found = self._children.get(parent)
        if found is None:
            found = self._children[parent] = list(parent.iterchildren("*"))
        return found

    def lead(self, element: Element) -> str:
        """The white space before an element that goes with it: none in mixed content, where it is text."""
        parent = element.getparent()
        if parent is None or self.is_mixed(parent):
            return ""
        return self._source.blank_before(self._source.place(element).start)

    def is_mixed(self, parent: Element) -> bool:
        """Whether an element has text that is not blank between its children."""
        found = self._mixed.get(parent)
        if found is None:
            texts = (parent.text, *(child.tail for child in parent))
            found = self._mixed[parent] = any(text and text.strip(BLANK) for text in texts)
        return found

    def layout_of(self, element: Element) -> Layout:
        """How an element is indented that takes the place of another."""
        parent = element.getparent()
        if parent is None:
            return self._layout(self._newline)
        return self._layout(_last_line(self.lead(element)))

    def gap(self, parent: Element, index: int) -> Gap:
        """The place before a child: right behind the one before it, or right before the first one.

        Raises:
            IndexError: There are fewer children.
        """
        children = self.children(parent)
        if not 0 <= index <= len(children):
            raise IndexError(f"index {index} in an element with {len(children)} children")
        if not children:
            return self._gap_in_childless(parent)
        if index == 0:
            position = self._source.place(children[0]).start - self._source.width(self.lead(children[0]))
        else:
            position = self._source.place(children[index - 1]).end
        around = [_last_line(self.lead(child)) for child in children[max(index - 1, 0) : index + 1]]
        lead = next((blank for blank in reversed(around) if "\n" in blank), around[-1])
        return Gap(position, lead, "", self._layout(lead))

    def _gap_in_childless(self, parent: Element) -> Gap:
        place = self._source.place(parent)
        if self.is_mixed(parent):
            return Gap(place.outside, "", "", Layout())
        own = self._newline if parent.getparent() is None else _last_line(self.lead(parent))
        lead, closing = (own + self._unit, own) if "\n" in own else ("", "")
        if place.is_empty_tag:
            return Gap(place.end, lead, closing, self._layout(lead))
        content = self._source.text(place.inside, place.outside)
        trailing = content[len(content.rstrip(BLANK)) :]
        if trailing:
            closing = ""
        if len(trailing) == len(content):
            return Gap(place.inside, lead, closing, self._layout(lead))
        # Comments and instructions only.
        lead = _last_line(content[: len(content) - len(content.lstrip(BLANK))]) or lead
        return Gap(place.outside - self._source.width(trailing), lead, closing, self._layout(lead))

    def _layout(self, lead: str) -> Layout:
        return Layout(lead, self._unit) if "\n" in lead else Layout()

    @cached_property
    def _newline(self) -> str:
        return "\r\n" if "\r\n".encode(self._source.encoding) in self._source.data else "\n"

    @cached_property
    def _unit(self) -> str:
        """What one level of indentation adds, as the first child of the root shows it."""
        for child in self.children(self._source.root)[:1]:
            lead = _last_line(self.lead(child))
            if "\n" in lead:
                return lead.rpartition("\n")[2]
        return "  "


def _last_line(blank: str) -> str:
    """White space from its last line end on; all of it if it has none."""
    line = blank.rfind("\n")
    return blank[line - (blank[:line].endswith("\r")) :] if line >= 0 else blank
