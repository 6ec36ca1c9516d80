"""A received document: its bytes, its tree, and where in the bytes each element stands.

The tree alone cannot give the bytes back (quotes, references, white space in tags), so whatever is changed is
changed in the bytes.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.xml import Element, detect_encoding, parse_xml
from xcap_sdk.protocol.xmltext import BLANK

if TYPE_CHECKING:
    from xcap_sdk.documents.tagplaces import TagPlaces
    from xcap_sdk.documents.tags import StartTag

_PAIR = "[\U00010000-\U0010ffff]"
_NOT_ASCII = "[^\0-\x7f]"
_CHUNK = 256


class Place(NamedTuple):
    """Where an element stands in the bytes.

    Attributes:
        start: Of the start tag's ``<``.
        inside: Behind the start tag's ``>``, where the content begins.
        outside: Of the end tag's ``<``, where the content ends; without an end tag the same as ``inside``.
        end: Behind the end tag's ``>``.
        tag: The start tag, as text.
    """

    start: int
    inside: int
    outside: int
    end: int
    tag: str

    @property
    def is_empty_tag(self) -> bool:
        """Whether the element is one tag, ``<a/>``."""
        return self.tag.endswith("/>")


_FEW = 8
_SHORT = 2**14


class Source:
    """A document as received; never changed.

    Attributes:
        data: The bytes.
        root: The root element of the tree; not to be changed.
        encoding: Python's name of the encoding, as `detect_encoding` gives it.
    """

    def __init__(self, data: bytes, root: Element, encoding: str) -> None:
        self.data = data
        self.root = root
        self.encoding = encoding
        self._unit = 2 if encoding.startswith("utf-16") else 1
        self._is_short = len(data) <= _SHORT
        self._places: dict[Element, Place] = {}

    @classmethod
    def parse(cls, data: bytes, limits: Limits | None = None) -> Source:
        """Parse a document strictly.

        Raises:
            NotWellFormed: It is no well-formed XML.
            ForbiddenXml: It has a DOCTYPE, or takes more than the limits allow.
        """
        return cls(data, parse_xml(data, limits).getroot(), detect_encoding(data))

    def span(self, element: Element) -> tuple[int, int]:
        """Where an element stands in the bytes: from the ``<`` of its start tag to behind its last ``>``.

        Raises:
            ValueError: The element is not in this document.
        """
        place = self.place(element)
        return place.start, place.end

    def fragment(self, element: Element) -> bytes:
        """The bytes of an element, with nothing added and nothing taken away.

        Raises:
            ValueError: The element is not in this document.
        """
        place = self.place(element)
        return self.data[place.start : place.end]

    def start_tag(self, element: Element) -> StartTag:
        """The start tag of an element, read into its parts.

        Raises:
            ValueError: The element is not in this document.
        """
        from xcap_sdk.documents.tags import StartTag

        return StartTag.read(self.place(element).tag)

    def namespaces(self, element: Element) -> dict[str | None, str]:
        """The namespaces in scope of an element by prefix, the default one under None; without ``xml``."""
        return {prefix: uri for prefix, uri in element.nsmap.items() if uri}

    def place(self, element: Element) -> Place:
        """Where an element and its content stand.

        Raises:
            ValueError: The element is not in this document.
        """
        known = self._places.get(element)
        if known is None:
            start, inside, outside, end = (position * self._unit for position in self._positions(element))
            known = self._places[element] = Place(start, inside, outside, end, self.text(start, inside))
        return known

    def innermost(self, start: int, end: int) -> Element | None:
        """The innermost element whose content holds a stretch of the bytes; None if none does."""
        number = max(self._tags.before(start // self._unit) - 1, 0)
        if self._is_short:
            element = next(islice(self._numbers, number, None), None)
        else:
            element = next(islice(self.root.iter("*"), number, None), None)
        while element is not None:
            place = self.place(element)
            if place.inside <= start and end <= place.outside and not place.is_empty_tag:
                return element
            element = element.getparent()
        return None

    def text(self, start: int, end: int) -> str:
        """The bytes from ``start`` to ``end`` as text, references and line ends as they are."""
        return self.data[start:end].decode(self.encoding)

    def width(self, text: str) -> int:
        """How many bytes a text of this document takes."""
        return len(text.encode(self.encoding))

    def blank_before(self, position: int) -> str:
        """The raw white space that ends at a position."""
        found = ""
        while True:
            start = max(position - _CHUNK, 0)
            # A chunk may begin within a character: only its end counts here.
            chunk = self.data[start:position].decode(self.encoding, "replace")
            blank = chunk[len(chunk.rstrip(BLANK)) :]
            found = blank + found
            if len(blank) < len(chunk) or start == 0:
                return found
            position = start

    def _positions(self, element: Element) -> tuple[int, int, int, int]:
        """The positions of a `Place`, in characters for UTF-16."""
        number, tags = self._number(element), self._tags
        start, inside = self._start_tag(number)
        last, levels, opened = element, 0, inside
        while (child := next(last.iterchildren("*", reversed=True), None)) is not None:
            last, levels = child, levels + 1
        if levels:
            if self._is_short:
                following = self._number(last)
            else:
                following = number + int(cast("float", element.xpath("count(descendant::*)")))
            _, opened = self._start_tag(following)
        ends = levels + (not tags.is_empty(opened))
        return start, inside, *(tags.end_tag(opened, ends) if ends else (opened, opened))

    def _start_tag(self, number: int) -> tuple[int, int]:
        return self._start_tags[number] if self._is_short else self._tags.start_tag(number)

    def _number(self, element: Element) -> int:
        """The number of an element in document order.

        Counting for a few takes less than numbering all, if there are many.
        """
        if not self._is_short and "_numbers" not in vars(self) and len(self._places) < _FEW:
            if element.getroottree().getroot() is self.root:
                return int(cast("float", element.xpath("count(ancestor::*) + count(preceding::*)")))
        elif element in self._numbers:
            return self._numbers[element]
        raise ValueError(f"{element!r} is no element of this document")

    @cached_property
    def _numbers(self) -> dict[Element, int]:
        """The elements, numbered in document order."""
        elements = list(self.root.iter("*"))
        assert len(elements) == self._tags.count, "every element has a start tag"
        return dict(zip(elements, range(len(elements)), strict=True))

    @cached_property
    def _start_tags(self) -> list[tuple[int, int]]:
        """Where all start tags are, by their numbers."""
        return self._tags.start_tags()

    @cached_property
    def _tags(self) -> TagPlaces:
        """Where the tags are, for UTF-16 in characters."""
        from xcap_sdk.documents.tagplaces import TagPlaces

        return TagPlaces(self._as_bytes())

    def _as_bytes(self) -> bytes:
        """The document with all markup in ASCII: as received, or for UTF-16 a byte for each two."""
        if self._unit == 1:
            return self.data
        return re.sub(_NOT_ASCII, "x", re.sub(_PAIR, "xx", self.data.decode(self.encoding))).encode("ascii")
