"""The conversations that rename or remove a list and mend what refers to it, in all of a user's documents.

Several documents cannot be written at once. What refers to the list is written first, and the list itself
last: until then the list has its old name, so that whoever starts again from nothing finds it, and whatever
still refers to it; and where references are removed with a list, none ever leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse
from xcap_sdk.editing.plan import Operation, Plan
from xcap_sdk.errors import Conflicted, DocumentError, InvalidInput, PartlySaved, XcapError
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.outcomes import Attempt, SaveReport
from xcap_sdk.flows.pauses import TRIES, back_off, given_up
from xcap_sdk.flows.saving import save
from xcap_sdk.flows.searching import Search
from xcap_sdk.flows.store import look, settle
from xcap_sdk.flows.telling import wrong
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import ApplicationUsage
from xcap_sdk.usages.flat_lists import ReferenceProblem
from xcap_sdk.usages.flattening import find
from xcap_sdk.usages.list_nodes import Nodes
from xcap_sdk.usages.relinking import ListEdit, Lookout, PlannedReference


@dataclass(frozen=True, slots=True)
class PlannedDocument:
    """What is to be done with one document.

    Attributes:
        address: Its address.
        references: The references in it that are to be changed, in document order.
        holds_list: Whether it is the document that has the list itself.
        plan: What is to be sent for it.
    """

    address: DocumentAddress
    references: tuple[PlannedReference, ...]
    holds_list: bool
    plan: Plan


@dataclass(slots=True)
class _Part:
    """One document, as it is to be."""

    held: Held[Any]
    references: tuple[PlannedReference, ...] = ()

    @property
    def plan(self) -> Plan:
        return self.held.plan()


class Relinking:
    """A list that is to be renamed or removed, and all documents that were searched for references to it.

    Args:
        session: The client's session.
        edit: What is to be done with the list.
        lists: The document that has it, in hand.
        others: The other documents, in hand.
        unread: The documents that could not be read.

    Attributes:
        edit: What is to be done with the list.
        problems: What else is to be known: references that will lead nowhere or elsewhere, or cannot be read,
            and documents that could not be searched.

    Raises:
        InvalidInput: There is no such list, or one of the new name beside it.
        InvalidDocument: A document would break its schema or a rule.
    """

    def __init__(
        self,
        session: Session,
        edit: ListEdit,
        lists: Held[ResourceLists],
        others: Iterable[Held[Any]],
        unread: Iterable[ReferenceProblem],
    ) -> None:
        self.edit = edit
        self.problems: tuple[ReferenceProblem, ...] = ()
        self._session = session
        self._unread = tuple(unread)
        self._lists = _Part(lists)
        self._parts = [*map(_Part, others), self._lists]
        self._prepare()

    @property
    def documents(self) -> tuple[PlannedDocument, ...]:
        """What is to be sent, in order."""
        return tuple(
            PlannedDocument(part.held.address, part.references, part is self._lists, plan)
            for part in self._parts
            if (plan := part.plan)
        )

    def save(self) -> Flow[tuple[SaveReport, ...]]:
        """Store what is not stored yet: each document under the ETag that was read, the list last.

        Returns:
            What was done with each document.

        Raises:
            PartlySaved: Some documents are stored, and others are not.
            XcapError: The first one could not be stored; nothing was written.
        """
        yield from self._freshen()
        reports: list[SaveReport] = []
        done: list[Operation] = []
        parts = [part for part in self._parts if part.plan]
        for part in parts:  # whatever is known to fail, fails before anything is written
            if _version(part).etag is None:
                yield from settle(Conversation(self._session), part.held.address, _version(part), b"")
        for number, part in enumerate(parts):
            try:
                report, operations = yield from self._store(part)
            except XcapError as error:
                if not done:
                    raise
                raise self._partly(error, tuple(done), parts[number:]) from error
            reports.append(report)
            done += operations
        return tuple(reports)

    def _prepare(self) -> None:
        """Look through all documents, then change them; they are as they were read."""
        lists: Held[ResourceLists] = self._lists.held
        book = lists.model
        lookout = Lookout(self.edit, book)
        sights = [lookout.look(part.held.address, part.held.model) for part in self._parts]
        for part, seen in zip(self._parts, sights, strict=True):
            part.references = tuple(seen.planned)
            seen.carry_out()
        self.edit.carry_out(book)
        nodes = Nodes()
        problems = list(self._unread)
        for part, seen in zip(self._parts, sights, strict=True):
            problems += [*seen.problems, *seen.afterwards(book, nodes, part.held.base())]
        self.problems = tuple(problems)
        for part in self._parts:
            if plan := part.plan:
                part.held.check(plan.target, Attempt(part.held.model, part.held.version))

    def _freshen(self) -> Flow[None]:
        """Make sure that the list is what it was, before anything is sent that takes it for that."""
        held: Held[ResourceLists] = self._lists.held
        if not self._lists.plan:
            return
        now = yield from fetch(Conversation(self._session), held.address)
        version = held.version
        if version is not None and version.body != now.body:
            self.edit.locate(now.parsed(ResourceLists))
            self._parts = [part for part in self._parts if part.held.version is not None]
            for part in self._parts:
                part.held.adopt(_version(part))
            held.adopt(Version(now.body, now.etag))
            self._prepare()

    def _store(self, part: _Part) -> Flow[tuple[SaveReport, tuple[Operation, ...]]]:
        """Store one document; what somebody else has made of it meanwhile is read, and changed likewise."""
        talk = Conversation(self._session)
        tries = 0
        while True:
            operations = part.plan.operations
            try:
                report = yield from save(part.held, "raise", "auto", talk)
                return replace(report, merged=tries > 0), operations
            except Conflicted as conflict:
                tries += 1
                if tries == TRIES:
                    raise given_up(conflict, tries) from conflict
                if tries > 1:  # others write a lot: wait, and see what they have made of it by then
                    yield from back_off(self._session, tries - 1, conflict)
                    now = yield from look(talk, part.held.address, conflict)
                    conflict.theirs, conflict.theirs_etag = now.body, now.etag
                self._redo(part, conflict)

    def _redo(self, part: _Part, conflict: Conflicted) -> None:
        """Take the version that somebody else has made, and change that."""
        held = part.held
        if conflict.theirs is None and part is not self._lists:
            held.let_go(edited=False)
            part.references = ()
            return
        if conflict.theirs is None or conflict.theirs_etag is None:
            raise conflict
        try:
            theirs: Any = parse(conflict.theirs, held.usage.root)
        except DocumentError as error:
            raise conflict.adding(f"theirs cannot be read: {wrong(error, conflict.theirs)}") from error
        version = Version(conflict.theirs, conflict.theirs_etag)
        if part is self._lists:
            if self._is_done(theirs, conflict):
                held.adopt(version)
                part.references = ()
                return
            self.edit.locate(theirs)  # if it is not there, what is in hand has to stay as it is
            held.adopt(version)
            book: ResourceLists = held.model
        else:
            book = self._pristine()
            held.adopt(version)
        seen = Lookout(self.edit, book).look(held.address, held.model)
        part.references = tuple(seen.planned)
        seen.carry_out()
        if part is self._lists:
            self.edit.carry_out(book)

    def _pristine(self) -> ResourceLists:
        """The model of the list's document without the change."""
        return parse(_version(self._lists).body, ResourceLists)

    def _is_done(self, book: ResourceLists, conflict: Conflicted) -> bool:
        """Whether the list is gone already; or renamed, where that may be what a lost reply was about."""
        if _has(book, self.edit.names):
            return False
        new = self.edit.new
        return new is None or (conflict.uncertain and _has(book, (*self.edit.names[:-1], new)))

    def _partly(self, error: XcapError, done: tuple[Operation, ...], rest: list[_Part]) -> PartlySaved:
        remaining = tuple(operation for part in rest for operation in part.plan.operations)
        partly = PartlySaved(
            f"{self.edit}: {len(done)} of {len(done) + len(remaining)} documents are written, and the others "
            f"are not: {error}. Save the plan again to write the rest; or plan it anew, the list is changed "
            f"last",
            done=done,
            remaining=remaining,
        )
        partly.document = error.document
        return partly


def _version(part: _Part) -> Version:
    version = part.held.version
    assert version is not None, "it was read, and what is gone has no plan"
    return version


def _has(book: ResourceLists, names: tuple[str, ...]) -> bool:
    try:
        find(book, names)
    except InvalidInput:
        return False
    return True


def plan_edit(
    session: Session,
    usage: ApplicationUsage[ResourceLists],
    edit: ListEdit,
    also: Iterable[DocumentAddress] = (),
) -> Flow[Relinking]:
    """Read all documents that may refer to a list, and plan what to do with them; nothing is written.

    Args:
        session: The client's session.
        usage: The application usage of the document that has the list.
        edit: What is to be done with the list.
        also: Further documents to search.

    Raises:
        NotFound: There is no such document of lists.
        InvalidInput: It has no such list, or one of the new name beside it.
        InvalidDocument: A document would break its schema or a rule.
    """
    talk = Conversation(session)
    search = Search(talk, edit.document, also)
    lists = yield from open_document(session, usage, edit.document, None, talk)
    edit.locate(lists.model)
    others = yield from search.run()
    return Relinking(session, edit, lists, others, search.problems)
