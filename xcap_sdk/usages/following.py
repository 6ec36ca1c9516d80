"""Goes through a list and what it refers to, asking for the documents that it needs (RFC 4826 §4.5).

Without I/O: a generator yields the address of each other document once, and is sent the document or told why
it is not to be had.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_sdk.errors import InvalidAddress
from xcap_sdk.protocol.addresses import DocumentAddress, ElementAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.selectors import Step
from xcap_sdk.protocol.wording import shown
from xcap_sdk.usages.flat_lists import FlatEntry, FlatList, Reason, ReferenceProblem
from xcap_sdk.usages.list_kinds import MAX_DEPTH, MAX_DOCUMENTS, Item, Parent
from xcap_sdk.usages.list_nodes import Nodes, children
from xcap_sdk.usages.list_references import parse_anchor, parse_reference


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a document is not to be had."""

    reason: Reason
    message: str


Answer: TypeAlias = ResourceLists | Missing
"""A document, or why it is not to be had."""

Flattening: TypeAlias = Generator[DocumentAddress, Answer, FlatList]
"""Asks for other documents, each once, is given them or told why not, and returns the flat list."""


def flattened(
    book: Parent,
    start: tuple[Parent, str],
    address: DocumentAddress | None,
    *,
    max_depth: int = MAX_DEPTH,
    max_documents: int = MAX_DOCUMENTS,
) -> Flattening:
    """Flatten a list.

    Args:
        book: The document, or a list inside another kind of document.
        start: What of it to flatten, and its place.
        address: The document's address; None if it is not known.
        max_depth: How many externals inside each other are followed.
        max_documents: How many other documents are asked for.
    """
    walk = _Walk(max_depth, max_documents)
    if address is not None and isinstance(book, ResourceLists):
        walk.know(address, book)
    walk.go_into(_Frame(*start, address, None if address is None else address.root))
    return (yield from walk.run())


def referred(
    anchor: str,
    document: DocumentAddress,
    place: str,
    *,
    max_depth: int = MAX_DEPTH,
    max_documents: int = MAX_DOCUMENTS,
) -> Flattening:
    """Flatten the list that a document of another kind refers to.

    Args:
        anchor: What the document says.
        document: The document's address.
        place: Where in the document it says so.
        max_depth: How many externals inside each other are followed.
        max_documents: How many documents are asked for.
    """
    walk = _Walk(max_depth, max_documents)
    yield from walk.follow(_Reference(anchor, document, place), document.root, ())
    return (yield from walk.run())


class _Frame:
    """A list that is being gone through.

    Attributes:
        list: It, or a whole document.
        document: The document that it is in; None if its address is not known.
        root: The document's XCAP root; None if that is not known.
        via: The references that led there, the outermost first.
        rest: What is still to come of it.
    """

    def __init__(
        self,
        list_: Parent,
        place: str,
        document: DocumentAddress | None,
        root: XcapRoot | None,
        via: tuple[_Reference, ...] = (),
    ) -> None:
        self.list = list_
        self.document = document
        self.root = root
        self.via = via
        self.rest: Iterator[tuple[Item, str, Step]] = children(list_, place)


@dataclass(frozen=True, slots=True)
class _Reference:
    """A reference that was met: what it says, and where."""

    text: str | None
    document: DocumentAddress | None
    place: str

    def problem(self, reason: Reason, message: str) -> ReferenceProblem:
        words = message if reason == "invalid" else f"{shown(self.text or '')} {message}"
        return ReferenceProblem(reason, self.text, self.document, self.place, words)


class _Walk:
    def __init__(self, max_depth: int, max_documents: int) -> None:
        self._max_depth = max_depth
        self._left = max_documents
        self._known: dict[DocumentAddress, Answer] = {}
        self._nodes = Nodes()
        self._entries: dict[str, FlatEntry] = {}
        self._problems: list[ReferenceProblem] = []
        self._stack: list[_Frame] = []
        # Lists are told apart as objects, by their ids: all of them live as long as the walk.
        self._open = set[int]()
        self._seen = set[int]()
        self._referred = set[int]()

    def know(self, address: DocumentAddress, book: ResourceLists) -> None:
        self._known[address] = book

    def go_into(self, frame: _Frame) -> None:
        self._open.add(id(frame.list))
        self._seen.add(id(frame.list))
        self._stack.append(frame)

    def run(self) -> Flattening:
        while self._stack:
            frame = self._stack[-1]
            item, place, _ = next(frame.rest, (None, "", None))
            match item:
                case None:
                    self._open.discard(id(self._stack.pop().list))
                case Entry():
                    self._add(item, item.label, frame.document, place, frame.via)
                case EntryRef():
                    yield from self._entry(frame, item, place)
                case External():
                    reference = _Reference(item.anchor, frame.document, f"{place}.anchor")
                    yield from self.follow(reference, frame.root, frame.via)
                case ResourceList():
                    if id(item) in self._open and frame.via:
                        self._problem(frame.via[-1], "circular", f"leads back into its own list: {place}")
                    elif id(item) not in self._seen:
                        self.go_into(_Frame(item, place, frame.document, frame.root, frame.via))
        return FlatList(tuple(self._entries.values()), tuple(self._problems))

    def _add(
        self,
        entry: Entry,
        label: str | None,
        document: DocumentAddress | None,
        place: str,
        via: tuple[_Reference, ...],
    ) -> None:
        if entry.uri not in self._entries:
            texts = tuple(reference.text or "" for reference in via)
            self._entries[entry.uri] = FlatEntry(entry.uri, label, entry, document, place, texts)

    def _problem(self, reference: _Reference, reason: Reason, message: str) -> None:
        self._problems.append(reference.problem(reason, message))

    def _entry(self, frame: _Frame, item: EntryRef, place: str) -> Generator[DocumentAddress, Answer, None]:
        reference = _Reference(item.ref, frame.document, f"{place}.ref")
        if frame.root is None:
            self._problem(reference, "unread", "is relative to an XCAP root that is not known: give address=")
            return
        try:
            address = parse_reference(frame.root, item.ref)
        except InvalidAddress as error:
            self._problem(reference, "invalid", str(error))
            return
        found = yield from self._found(reference, address)
        if found is None:
            return
        entry, where = found
        if isinstance(entry, Entry):
            label = entry.label if item.label is None else item.label
            self._add(entry, label, address.document, where, (*frame.via, reference))
        else:
            self._problem(reference, "dangling", f"is no entry: {where} is none")

    def follow(
        self, reference: _Reference, root: XcapRoot | None, via: tuple[_Reference, ...]
    ) -> Generator[DocumentAddress, Answer, None]:
        if reference.text is None:
            self._problem(reference, "invalid", "it says nothing of where its list is (RFC 4826 §3.1)")
            return
        try:
            address = parse_anchor(reference.text, root)
        except InvalidAddress as error:
            self._problem(reference, "invalid", str(error))
            return
        found = yield from self._found(reference, address)
        if found is None:
            return
        target, where = found
        if not isinstance(target, ResourceList):
            self._problem(reference, "dangling", f"is no list: {where} is none")
        elif id(target) in self._open:
            self._problem(reference, "circular", f"leads back into its own list: {where}")
        elif id(target) in self._referred:
            self._problem(reference, "repeated", "was met before: servers give up there (RFC 4826 §4.5)")
        elif id(target) not in self._seen and len(via) >= self._max_depth:
            self._problem(reference, "too-deep", f"is inside {len(via)} others: no more are followed")
        else:
            self._referred.add(id(target))
            if id(target) not in self._seen:
                document = address.document
                self.go_into(_Frame(target, where, document, document.root, (*via, reference)))

    def _found(
        self, reference: _Reference, address: ElementAddress
    ) -> Generator[DocumentAddress, Answer, tuple[object, str] | None]:
        """The element and its place, in a document that is asked for once; None after telling why not."""
        document = address.document
        if document not in self._known:
            if self._left <= 0:
                self._problem(reference, "too-many", "is in one document more than are read")
                return None
            self._left -= 1
            self._known[document] = yield document
        answer = self._known[document]
        if isinstance(answer, Missing):
            self._problem(reference, answer.reason, answer.message)
            return None
        element, place = self._nodes.select(answer, address.selector)
        if element is None:
            self._problem(reference, "dangling", f"selects nothing, or several elements, in {document}")
            return None
        return element, place
