"""A document in hand and the block that edits one: the handles that users hold, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from xcap_sdk.documents.limits import limited
from xcap_sdk.flows.conversation import Flow
from xcap_sdk.flows.held import Held, OnConflict, check_options
from xcap_sdk.flows.opening import reload
from xcap_sdk.flows.saving import remove_held, save

if TYPE_CHECKING:
    from types import TracebackType

    from xcap_sdk.editing.plan import Plan
    from xcap_sdk.editing.strategy import Strategy
    from xcap_sdk.errors import Problem
    from xcap_sdk.flows.applying import ApplyReport
    from xcap_sdk.flows.outcomes import SaveReport
    from xcap_sdk.protocol.addresses import DocumentAddress
    from xcap_sdk.protocol.diffs import XcapDiff
    from xcap_sdk.transport import AsyncTransport, Transport

R = TypeVar("R")


class _InHand(Generic[R]):
    """What all documents in hand show, without I/O."""

    def __init__(self, held: Held[R]) -> None:
        self._held = held
        held.handle = self

    @property
    def model(self) -> R:
        """The document as objects: edit it, then save."""
        return self._held.model

    @model.setter
    def model(self, model: R) -> None:
        self._held.model = model

    @property
    def etag(self) -> str | None:
        """The ETag of the version that was read or stored last; None if there is none."""
        return self._held.version.etag if self._held.version else None

    @property
    def xml(self) -> bytes:
        """The bytes of the version that was read or stored last; empty if there is no document yet."""
        return self._held.version.body if self._held.version else b""

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is wrong with the version that was read or stored last, by its schema and its usage's rules.

        Each has its place in the model; empty for a document that is right. None of it stops a save: only
        what an edit adds to it does. It is looked for when it is asked for; the first
        100 are told, and how many more there are.
        """
        received = self._held.received(self._held.version)
        with limited(self._held.session.limits):
            return () if received is None else received.problems

    @property
    def address(self) -> DocumentAddress:
        """The document's address."""
        return self._held.address

    @property
    def uri(self) -> str:
        """The document's absolute URI."""
        return self._held.address.uri

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.uri} etag={self.etag}>"


class _Editable(_InHand[R]):
    """What can be saved."""

    def plan(self, *, strategy: Strategy = "auto", atomic: bool = True) -> Plan:
        """The requests that `save` would send, with bytes and conditions; nothing is sent.

        The outcome is not checked: what `save` refuses as invalid has a plan all the same.

        Args:
            strategy: How to write, as for `save`.
            atomic: As for `save`.

        Returns:
            The plan: a value that can be printed; without operations if nothing was changed.
        """
        with limited(self._held.session.limits):
            return self._held.plan(strategy, several=not atomic)


class ReadOnlyDocument(_InHand[R]):
    """A document in hand that is only read."""

    def __init__(self, transport: Transport, held: Held[R]) -> None:
        super().__init__(held)
        self._transport = transport

    def refresh(self) -> None:
        """Read the document again: the model is another object then, and what was not saved is gone.

        Raises:
            NotFound: It is not there any more.
            XcapError: It could not be read; what is in hand stays.
        """
        return self._transport.run(reload(self._held))

    def apply(self, diff: XcapDiff, *, on_conflict: OnConflict = "merge") -> ApplyReport:
        """Bring the document up to date with what a diff says (RFC 5874), by its patches if that can be.

        Where the diff's ETags follow on the one in hand, its patches are applied to the bytes in hand, and
        nothing is sent. Else, or if a patch cannot be applied, the document is read again. What was changed
        in the model and is not saved yet is merged in. The model is another object then; nothing is stored.

        Args:
            diff: What has changed, as `parse_diff` reads it; it may speak of other documents, too.
            on_conflict: What to do where both sides changed the same thing: ``merge`` raises then, ``mine``
                and ``theirs`` say who decides; ``raise`` raises if anything is not saved yet.

        Returns:
            What was done.

        Raises:
            DiffConflict: What is not saved yet is in the way: .clashes; the document stays in hand as it is.
            InvalidInput: The diff is of another XCAP root.
            XcapError: The document had to be read again, and could not be; what is in hand stays.
        """
        from xcap_sdk.flows.applying import apply

        return self._transport.run(apply(self._held, diff, on_conflict))


class Document(ReadOnlyDocument[R], _Editable[R]):
    """A document in hand: its model, the version that it came from, and what stores it.

    It is for one thread or task at a time; its client is for several.
    """

    def save(
        self, *, on_conflict: OnConflict = "merge", strategy: Strategy = "auto", atomic: bool = True
    ) -> SaveReport:
        """Store what was changed, if anything was: check the document, then write it under its ETag.

        Every byte outside the changes stays as it was received. If somebody else changed the document
        meanwhile, both sides' changes are merged, and the model is another object then. A lost reply is
        settled by looking.

        Args:
            on_conflict: What to do if somebody else was faster: ``merge`` both sides' changes, ``mine`` or
                ``theirs`` to merge and say who decides where they clash, ``raise`` to raise Conflicted.
            strategy: How to write: ``auto`` makes one request, for a single node where that says it all and
                the server is known to do it right; ``document`` puts the whole document; ``nodes`` writes
                single nodes, in as many requests as it takes.
            atomic: Whether ``auto`` has to make one request, so that the save happens as a whole or not at
                all; False to allow several where that costs less.

        Returns:
            What was done.

        Raises:
            InvalidDocument: The edit breaks the schema or a rule, the places are named; nothing was sent.
                What was wrong before, `warnings`, is no reason.
            MergeConflict: Somebody else changed the same thing meanwhile: .clashes; nothing was written.
            InvalidMerge: What both changed breaks a rule together: .problems; nothing was written.
            Conflicted: Somebody else changed it meanwhile: .base, .mine and .theirs; nothing was written.
            PartlySaved: Only some of several requests were carried out: .done, .remaining; save again.
            WrongResult: The server made something else of a node write than RFC 4825 says.
            MissingETag: The server gives no ETag, so the write cannot be guarded; nothing was sent.
            XcapError: The server refused, or could not be reached; the document stays in hand as it is.
        """
        return self._transport.run(save(self._held, on_conflict, strategy, several=not atomic))

    def delete(self) -> None:
        """Delete the document, if it is still the version in hand.

        Raises:
            PreconditionFailed: Somebody else changed it meanwhile; nothing was deleted.
            XcapError: The server refused, or could not be reached.
        """
        return self._transport.run(remove_held(self._held))


class AsyncReadOnlyDocument(_InHand[R]):
    """A document in hand that is only read."""

    def __init__(self, transport: AsyncTransport, held: Held[R]) -> None:
        super().__init__(held)
        self._transport = transport

    async def refresh(self) -> None:
        """Read the document again: the model is another object then, and what was not saved is gone.

        Raises:
            NotFound: It is not there any more.
            XcapError: It could not be read; what is in hand stays.
        """
        return await self._transport.run(reload(self._held))

    async def apply(self, diff: XcapDiff, *, on_conflict: OnConflict = "merge") -> ApplyReport:
        """Bring the document up to date with what a diff says (RFC 5874), by its patches if that can be.

        Where the diff's ETags follow on the one in hand, its patches are applied to the bytes in hand, and
        nothing is sent. Else, or if a patch cannot be applied, the document is read again. What was changed
        in the model and is not saved yet is merged in. The model is another object then; nothing is stored.

        Args:
            diff: What has changed, as `parse_diff` reads it; it may speak of other documents, too.
            on_conflict: What to do where both sides changed the same thing: ``merge`` raises then, ``mine``
                and ``theirs`` say who decides; ``raise`` raises if anything is not saved yet.

        Returns:
            What was done.

        Raises:
            DiffConflict: What is not saved yet is in the way: .clashes; the document stays in hand as it is.
            InvalidInput: The diff is of another XCAP root.
            XcapError: The document had to be read again, and could not be; what is in hand stays.
        """
        from xcap_sdk.flows.applying import apply

        return await self._transport.run(apply(self._held, diff, on_conflict))


class AsyncDocument(AsyncReadOnlyDocument[R], _Editable[R]):
    """A document in hand: its model, the version that it came from, and what stores it.

    It is for one thread or task at a time; its client is for several.
    """

    async def save(
        self, *, on_conflict: OnConflict = "merge", strategy: Strategy = "auto", atomic: bool = True
    ) -> SaveReport:
        """Store what was changed, if anything was: check the document, then write it under its ETag.

        Every byte outside the changes stays as it was received. If somebody else changed the document
        meanwhile, both sides' changes are merged, and the model is another object then. A lost reply is
        settled by looking.

        Args:
            on_conflict: What to do if somebody else was faster: ``merge`` both sides' changes, ``mine`` or
                ``theirs`` to merge and say who decides where they clash, ``raise`` to raise Conflicted.
            strategy: How to write: ``auto`` makes one request, for a single node where that says it all and
                the server is known to do it right; ``document`` puts the whole document; ``nodes`` writes
                single nodes, in as many requests as it takes.
            atomic: Whether ``auto`` has to make one request, so that the save happens as a whole or not at
                all; False to allow several where that costs less.

        Returns:
            What was done.

        Raises:
            InvalidDocument: The edit breaks the schema or a rule, the places are named; nothing was sent.
                What was wrong before, `warnings`, is no reason.
            MergeConflict: Somebody else changed the same thing meanwhile: .clashes; nothing was written.
            InvalidMerge: What both changed breaks a rule together: .problems; nothing was written.
            Conflicted: Somebody else changed it meanwhile: .base, .mine and .theirs; nothing was written.
            PartlySaved: Only some of several requests were carried out: .done, .remaining; save again.
            WrongResult: The server made something else of a node write than RFC 4825 says.
            MissingETag: The server gives no ETag, so the write cannot be guarded; nothing was sent.
            XcapError: The server refused, or could not be reached; the document stays in hand as it is.
        """
        return await self._transport.run(save(self._held, on_conflict, strategy, several=not atomic))

    async def delete(self) -> None:
        """Delete the document, if it is still the version in hand.

        Raises:
            PreconditionFailed: Somebody else changed it meanwhile; nothing was deleted.
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(remove_held(self._held))


class _Block(Generic[R]):
    """What both blocks share: they run once."""

    def __init__(
        self, opening: Flow[Held[R]], on_conflict: OnConflict, strategy: Strategy, *, atomic: bool
    ) -> None:
        check_options(on_conflict, strategy)
        self._opening = opening
        self._entered = False
        self._options = (on_conflict, strategy, atomic)

    def _enter(self) -> Flow[Held[R]]:
        if self._entered:
            raise RuntimeError(
                "an edit block runs once: make another with edit(), or give update() a function"
            )
        self._entered = True
        return self._opening


class Edit(_Block[R]):
    """A block that edits a document: reads it on entry, stores what was changed on exit.

    An exception in the block sends nothing. It cannot be run twice.

    Attributes:
        report: What the save did; None before it.
        document: The document in hand; None before the block.
    """

    def __init__(
        self,
        transport: Transport,
        opening: Flow[Held[R]],
        on_conflict: OnConflict,
        strategy: Strategy,
        *,
        atomic: bool = True,
    ) -> None:
        super().__init__(opening, on_conflict, strategy, atomic=atomic)
        self._transport = transport
        self.report: SaveReport | None = None
        self.document: Document[R] | None = None

    def __enter__(self) -> R:
        self.document = Document(self._transport, self._transport.run(self._enter()))
        return self.document.model

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self.document is not None:
            on_conflict, strategy, atomic = self._options
            self.report = self.document.save(on_conflict=on_conflict, strategy=strategy, atomic=atomic)


class AsyncEdit(_Block[R]):
    """A block that edits a document: reads it on entry, stores what was changed on exit.

    An exception in the block sends nothing. It cannot be run twice.

    Attributes:
        report: What the save did; None before it.
        document: The document in hand; None before the block.
    """

    def __init__(
        self,
        transport: AsyncTransport,
        opening: Flow[Held[R]],
        on_conflict: OnConflict,
        strategy: Strategy,
        *,
        atomic: bool = True,
    ) -> None:
        super().__init__(opening, on_conflict, strategy, atomic=atomic)
        self._transport = transport
        self.report: SaveReport | None = None
        self.document: AsyncDocument[R] | None = None

    async def __aenter__(self) -> R:
        self.document = AsyncDocument(self._transport, await self._transport.run(self._enter()))
        return self.document.model

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self.document is not None:
            on_conflict, strategy, atomic = self._options
            self.report = await self.document.save(on_conflict=on_conflict, strategy=strategy, atomic=atomic)
