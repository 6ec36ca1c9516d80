"""A received document: its bytes, its tree, and where in the bytes each element stands.

The tree alone cannot give the bytes back (quotes, references, white space in tags), so whatever is changed is
changed in the bytes. The offsets come from a second parser, and only when they are first needed.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

from xcap_sdk.documents.tags import StartTag
from xcap_sdk.documents.xml import DEFAULT_LIMITS, Element, Limits, detect_encoding, parse_xml
from xcap_sdk.errors import NotWellFormed

_TAG = re.compile(r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_BLANK = " \t\r\n"
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
        self._places: dict[Element, Place] = {}

    @classmethod
    def parse(cls, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Source:
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
            known = self._places[element] = self._place(element)
        return known

    def _place(self, element: Element) -> Place:
        index, starts, nexts, ends = self._offsets
        at = index.get(element)
        if at is None:
            raise ValueError(f"{element!r} is no element of this document")
        start, end = starts[at], ends[at]
        found = _TAG.match(self.text(start, nexts[at]))
        assert found is not None, "a start tag stands where the parser saw one"
        tag = found[0]
        inside = start + self.width(tag)
        if tag.endswith("/>"):
            return Place(start, inside, inside, inside, tag)
        return Place(start, inside, end, self._behind(">", end), tag)

    def text(self, start: int, end: int) -> str:
        """The bytes from ``start`` to ``end`` as text, references and line ends as they are."""
        return self.data[start:end].decode(self.encoding)

    def width(self, text: str) -> int:
        """How many bytes a text of this document takes."""
        return len(text.encode(self.encoding))

    def _behind(self, character: str, position: int) -> int:
        """Where the next such character ends; in UTF-16 its bytes may also lie across two others."""
        wanted = character.encode(self.encoding)
        found = self.data.index(wanted, position)
        while (found - position) % self._unit:
            found = self.data.index(wanted, found + 1)
        return found + self._unit

    def blank_before(self, position: int) -> str:
        """The raw white space that ends at a position."""
        found = ""
        while True:
            start = max(position - _CHUNK, 0)
            # A chunk may begin within a character: only its end counts here.
            chunk = self.data[start:position].decode(self.encoding, "replace")
            blank = chunk[len(chunk.rstrip(_BLANK)) :]
            found = blank + found
            if len(blank) < len(chunk) or start == 0:
                return found
            position = start

    @cached_property
    def _offsets(self) -> tuple[dict[Element, int], list[int], list[int], list[int]]:
        """Each element's number in document order, and three positions by that number.

        They are the start of its start tag, that of the next tag, and that of its end tag; without an end tag
        the latter two are the end of its only tag.
        """
        elements = list(self.root.iter("*"))
        # The encoding is handed over, so that both parsers read the same whatever the declaration says.
        parser = expat.ParserCreate("utf-16" if self.encoding.startswith("utf-16") else self.encoding)
        events: list[int] = []  # positions; those of ends negative
        note = events.append

        def started(_name: str, _attributes: object) -> None:
            note(parser.CurrentByteIndex)

        def ended(_name: str) -> None:
            note(-parser.CurrentByteIndex)

        parser.ordered_attributes = True
        parser.StartElementHandler = started
        parser.EndElementHandler = ended
        try:
            parser.Parse(self.data, True)
        except expat.ExpatError as error:
            raise NotWellFormed(f"two XML parsers read the document differently: {error}") from error
        if len(events) != 2 * len(elements):
            raise NotWellFormed("two XML parsers read the document differently")
        starts: list[int] = []
        nexts: list[int] = []
        ends = [0] * len(elements)
        open_elements: list[int] = []
        for position, following in pairwise((*events, 0)):
            if position >= 0:
                open_elements.append(len(starts))
                starts.append(position)
                nexts.append(abs(following))
            else:
                ends[open_elements.pop()] = -position
        return dict(zip(elements, range(len(elements)), strict=True)), starts, nexts, ends
