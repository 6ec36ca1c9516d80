"""Edits by element, spliced into the received bytes: what no edit touches stays byte for byte as it was."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from xcap_sdk.documents.changes import Change, Moved, Part, apply
from xcap_sdk.documents.compiled.trees import leading_text
from xcap_sdk.documents.fragments import escape_text
from xcap_sdk.documents.retagging import EditedTags
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.surroundings import Gap, Surroundings
from xcap_sdk.documents.writer import Writer, split_at_stand_ins
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import InvalidInput

_ASIDES = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>", re.DOTALL)


@dataclass(slots=True)
class _Insertions:
    """What goes to one place, in the order of the calls."""

    gap: Gap
    parts: list[Part] = field(default_factory=list[Part])


class Splice:
    """Collects edits of a document and applies them to its bytes at once.

    Elements and indices are those of the document as it came, whatever was edited before. What is edited
    inside an element that is removed or replaced is lost with it; an element that is moved takes its edits
    along.

    Args:
        source: The document.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._around = Surroundings(source)
        self._tags = EditedTags(source)
        self._texts: dict[Element, str] = {}
        self._leads: dict[Element, str] = {}
        self._tails: dict[Element, str] = {}
        self._insertions: defaultdict[Element, dict[int, _Insertions]] = defaultdict(dict)
        self._removed: dict[Element, None] = {}
        self._replaced: dict[Element, list[Part]] = {}
        self._moved: dict[Element, Element] = {}

    def set_attribute(self, element: Element, name: str, value: str) -> None:
        """Give an attribute a value: in its place and with its quotes, or at the end of the start tag.

        Args:
            element: The element.
            name: The attribute's name as ``{namespace}local`` or ``local``.
            value: The value itself, unescaped.

        Raises:
            InvalidInput: A name or value that XML cannot hold.
        """
        self._tags.set_attribute(element, name, value)

    def remove_attribute(self, element: Element, name: str) -> None:
        """Take an attribute away, with the white space before it.

        Args:
            element: The element.
            name: The attribute's name as ``{namespace}local`` or ``local``.

        Raises:
            ValueError: The element does not have it.
        """
        self._tags.remove_attribute(element, name)

    def set_text(self, element: Element, text: str) -> None:
        """Give an element a text; comments and instructions in it stay, behind the text.

        Args:
            element: An element without element children, or whose element children are all taken away.
            text: The text itself, unescaped.

        Raises:
            InvalidInput: A character that XML cannot hold.
            ValueError: The element gets children. That some of its children stay shows in the end.
        """
        if element in self._insertions:
            raise ValueError(f"{element!r} gets children: its text cannot be set")
        is_leaf = not self._around.children(element)
        if is_leaf and element not in self._texts and _text_of(element) == text:
            return
        self._texts[element] = escape_text(text, self._source.encoding)

    def set_leading_text(self, element: Element, text: str) -> None:
        """Give an element with children a text up to the first of them; all of them stay.

        Args:
            element: The element.
            text: The text itself, unescaped.

        Raises:
            InvalidInput: A character that XML cannot hold.
            ValueError: The element gets children.
        """
        if element in self._insertions:
            raise ValueError(f"{element!r} gets children: its text cannot be set")
        if (leading_text(element) or "") != text:
            self._leads[element] = escape_text(text, self._source.encoding)

    def set_following_text(self, element: Element, text: str) -> None:
        """Give the place behind an element a text, up to the next element; what is around it stays.

        Args:
            element: The element.
            text: The text itself, unescaped.

        Raises:
            InvalidInput: A character that XML cannot hold.
            ValueError: It is the root element.
        """
        if element.getparent() is None:
            raise ValueError("no text can be behind the root element")
        self._tails[element] = escape_text(text, self._source.encoding)

    def insert(self, parent: Element, index: int, new: Element, moved: Sequence[Element] = ()) -> None:
        """Put a new element in, with the indentation of its neighbours.

        Args:
            parent: The element to put it in.
            index: Before which of the parent's element children, as they were; their number for the end.
                What is put in at one index stands in the order of the calls.
            new: The element as data, which need not be in a document: names, attributes and content are
                taken.
            moved: Elements of the document that go into the new one: the n-th, counted from 0, to where that
                has an instruction made by `stand_in(n)`.

        Raises:
            IndexError: The parent has fewer children.
            InvalidInput: Content that XML, or the document's encoding, cannot hold.
            ValueError: One of those moved is the root element, was moved, removed or replaced already, or
                would be in itself.
        """
        place = self._place(parent, index)
        written = self._writer(parent).write(new, place.gap.layout)
        place.parts += [place.gap.lead, *self._with_moved(written, parent, moved)]

    def remove(self, element: Element) -> None:
        """Take an element away, with the white space before it (in mixed content without).

        Raises:
            ValueError: It is the root element, or was moved or replaced already.
        """
        self._check_free(element)
        self._removed[element] = None

    def replace(self, element: Element, new: Element, moved: Sequence[Element] = ()) -> None:
        """Put a new element in the place of another.

        Args:
            element: The element.
            new: The new one.
            moved: Elements of the document that go into the new one, as with `insert`.

        Raises:
            InvalidInput: Content that XML, or the document's encoding, cannot hold.
            ValueError: The element was moved, removed or replaced already; or one of those moved, as with
                `insert`.
        """
        parent = element.getparent()
        if parent is not None:
            self._check_free(element)
        written = self._writer(parent).write(new, self._around.layout_of(element))
        self._replaced[element] = self._with_moved(written, parent, moved)

    def move(self, element: Element, parent: Element, index: int) -> None:
        """Put an element elsewhere, byte for byte.

        Edits of it and inside it go along; namespace declarations that it inherited and would miss are added.

        Args:
            element: The element.
            parent: The element to put it in.
            index: As with `insert`.

        Raises:
            IndexError: The parent has fewer children.
            ValueError: It is the root element, was moved, removed or replaced already, or would be in itself.
        """
        self._check_move(element, parent)
        place = self._place(parent, index)
        if element.getparent() is not parent:
            self._tags.carry_scope(element, self._source.namespaces(parent))
        place.parts += [place.gap.lead, Moved(*self._source.span(element))]
        self._moved[element] = parent

    def result(self) -> bytes:
        """The document with the edits, in its own encoding; the received bytes if there are none.

        Raises:
            InvalidInput: A name, comment or instruction that the document's encoding cannot hold.
            ValueError: The text of an element was set that has children.
        """
        changes = self._changes()
        return self._applied(changes) if changes else self._source.data

    def result_without(self, stretches: Sequence[tuple[int, int]]) -> bytes | None:
        """The document with the edits, but without stretches of its bytes that no edit has to do with.

        Args:
            stretches: Where each starts, and where it has ended; none has to do with another.

        Returns:
            The rest; None if there is an edit in one of them, or something is taken from it.
        """
        changes, stretches = self._changes(), sorted(stretches)
        for each in chain.from_iterable((change, *change.parts) for change in changes):
            if not isinstance(each, str):
                at = bisect_left(stretches, (each.end, 0)) - 1  # the last that begins before its end
                if at >= 0 and stretches[at][1] > each.start:
                    return None
        return self._applied([*changes, *(Change(start, end) for start, end in stretches)])

    def _applied(self, changes: Sequence[Change]) -> bytes:
        try:
            return apply(self._source, changes)
        except UnicodeEncodeError as error:
            character = error.object[error.start]
            raise InvalidInput(
                f"the document is in {self._source.encoding}, which cannot hold {character!r} in a name, "
                f"comment or instruction"
            ) from error

    def _changes(self) -> list[Change]:
        changes: list[Change] = [*self._leading_texts(), *self._following_texts()]
        opened: set[Element] = set()
        for element, text in self._texts.items():
            place = self._source.place(element)
            if element in self._replaced:
                continue
            if place.is_empty_tag:
                changes.append(self._opened(element, [text]))
                opened.add(element)
            else:
                own = "".join([text, *_asides(self._own_text(element))])
                changes.append(Change(place.inside, place.outside, (own,), is_content=True))
        for parent, places in self._insertions.items():
            for insertions in places.values() if parent not in self._replaced else ():
                parts = [*insertions.parts, insertions.gap.closing]
                if self._source.place(parent).is_empty_tag:
                    changes.append(self._opened(parent, parts))
                    opened.add(parent)
                else:
                    position = insertions.gap.position
                    changes.append(Change(position, position, tuple(parts)))
        for element, tag in self._tags.edited():
            place = self._source.place(element)
            if element not in opened and element not in self._replaced and str(tag) != place.tag:
                changes.append(Change(place.start, place.inside, (str(tag),)))
        for element in (*self._removed, *self._moved):
            place = self._source.place(element)
            lead = self._source.width(self._around.lead(element))
            changes.append(Change(place.start - lead, place.end, removes=True))
        for element, parts in self._replaced.items():
            changes.append(Change(*self._source.span(element), tuple(parts)))
        return changes

    def _leading_texts(self) -> Iterator[Change]:
        for element, text in self._leads.items():
            start, end = (
                self._source.place(element).inside,
                self._source.place(self._around.children(element)[0]).start,
            )
            asides = _asides(self._source.text(start, end))
            yield Change(start, end, ("".join([text, *asides]),))

    def _following_texts(self) -> Iterator[Change]:
        for element, text in self._tails.items():
            parent = element.getparent()
            following = next(element.itersiblings("*"), None)
            start = self._source.place(element).end
            if following is not None:
                end = self._source.place(following).start
            else:
                assert parent is not None
                end = self._source.place(parent).outside
            asides = _asides(self._source.text(start, end))
            yield Change(start, end, ("".join([text, *asides]),))

    def _own_text(self, element: Element) -> str:
        """What an element of which nothing stays holds beside its children, as written."""
        place = self._source.place(element)
        position, texts = place.inside, list[str]()
        for child in self._around.children(element):
            if child not in self._removed and child not in self._moved:
                raise ValueError(f"{element!r} has children: its text cannot be set")
            start, end = self._source.span(child)
            texts.append(self._source.text(position, start))
            position = end
        return "".join([*texts, self._source.text(position, place.outside)])

    def _opened(self, element: Element, content: list[Part]) -> Change:
        """An element of one tag with a start tag, content and an end tag."""
        tag = self._tags.tag(element).opened()
        return Change(*self._source.span(element), (str(tag), *content, f"</{tag.name}>"))

    def _place(self, parent: Element, index: int) -> _Insertions:
        if parent in self._texts or parent in self._leads:
            raise ValueError(f"the text of {parent!r} is set: it cannot get children")
        known = self._insertions[parent].get(index) if parent in self._insertions else None
        if known is None:
            known = _Insertions(self._around.gap(parent, index))
            self._insertions[parent][index] = known
        return known

    def _writer(self, parent: Element | None) -> Writer:
        if parent is None:
            return Writer({}, encoding=self._source.encoding)
        return Writer(self._source.namespaces(parent), prefix=parent.prefix, encoding=self._source.encoding)

    def _with_moved(self, written: str, parent: Element | None, moved: Sequence[Element]) -> list[Part]:
        """A new element as written, with elements of the document in place of what stands for them."""
        texts = split_at_stand_ins(written)
        parts: list[Part] = [texts[0]]
        # What the new element declares is not looked at: all that it might change is declared again.
        keeps_scope = parent is not None and "xmlns" not in written
        target: dict[str | None, str] = (
            self._source.namespaces(parent) if parent is not None and keeps_scope else {}
        )
        for number, text in zip(texts[1::2], texts[2::2], strict=True):
            element = moved[int(number)]
            self._check_move(element, parent)
            self._tags.carry_scope(element, target)
            parts += [Moved(*self._source.span(element)), text]
            if parent is not None:
                self._moved[element] = parent
        return parts

    def _check_move(self, element: Element, parent: Element | None) -> None:
        self._check_free(element)
        above = parent
        while above is not None:
            if above is element:
                raise ValueError(f"cannot move {element!r} into itself")
            above = self._moved.get(above, above.getparent())

    def _check_free(self, element: Element) -> None:
        if element.getparent() is None:
            raise ValueError("the root element can only be replaced")
        if element.getparent() in self._leads:
            raise ValueError(f"the text before {element!r} is set: it has to stay")
        if element in self._removed or element in self._moved or element in self._replaced:
            raise ValueError(f"{element!r} is moved, removed or replaced already")


def _asides(content: str) -> Iterator[str]:
    """The comments and instructions in a text as written."""
    return (found[0] for found in _ASIDES.finditer(content) if not found[0].startswith("<!["))


def _text_of(element: Element) -> str:
    """The text of an element without element children."""
    return (element.text or "") + "".join(aside.tail or "" for aside in element)
