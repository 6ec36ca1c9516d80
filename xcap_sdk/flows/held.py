"""A document in hand: its model, and the version it came from."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar, cast, get_args

from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.compiled.collecting import collection_paused
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.reading import Reading
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.strategy import Strategy
from xcap_sdk.errors import InvalidInput
from xcap_sdk.flows.conversation import Session
from xcap_sdk.protocol.documents import DocumentAddress
from xcap_sdk.usages import ApplicationUsage

if TYPE_CHECKING:
    from xcap_sdk.editing.merge import Merged
    from xcap_sdk.editing.plan import Plan
    from xcap_sdk.flows.outcomes import Attempt, Unseen
    from xcap_sdk.usages.validation import Received

R = TypeVar("R")

OnConflict: TypeAlias = Literal["merge", "raise", "mine", "theirs"]
"""What a save does if somebody else was faster.

``merge`` merges both sides' changes, and raises `xcap_sdk.MergeConflict` where they changed the same thing
differently; ``mine`` and ``theirs`` merge, too, and say who decides these places. ``raise`` raises
`xcap_sdk.Conflicted`.
"""

_CONFLICTS: tuple[str, ...] = get_args(OnConflict)
_STRATEGIES: tuple[str, ...] = get_args(Strategy)


def check_options(on_conflict: str, strategy: str) -> None:
    """Refuse what a save cannot do, before anything is read or sent.

    Raises:
        InvalidInput: One of them is none of the values that there are.
    """
    if on_conflict not in _CONFLICTS:
        raise InvalidInput(f"on_conflict={on_conflict!r}: there is {', '.join(_CONFLICTS)}; nothing was sent")
    if strategy not in _STRATEGIES:
        raise InvalidInput(f"strategy={strategy!r}: there are {', '.join(_STRATEGIES)}; nothing was sent")


_KEPT = 2 * 1024 * 1024
"""Of a document with more bytes than that no tree is kept, which takes some ten times as many."""


@dataclass(frozen=True, slots=True)
class Version:
    """A document as the server has it.

    Attributes:
        body: Its bytes.
        etag: Its ETag; None if the server gave none.
        ours: Whether these are bytes that were put, and not ones that were got.
    """

    body: bytes = field(repr=False)
    etag: str | None
    ours: bool = False


class Held(Generic[R]):
    """A document in hand.

    Args:
        session: The client's session.
        usage: Its application usage.
        address: Its address.
        model: The model, to be edited; None to read it from what the server has.
        version: What the server has; None if there is no document.
        untouched: What a document that is not there starts from: it is stored only if it is something else.
            None to store it in any case.

    Attributes:
        session: The client's session.
        usage: Its application usage.
        address: Its address.
        version: What the server has; None if there is no document.
        model: The model, to be edited.
        unseen: What is to be looked at before the next save; None for nothing.
    """

    def __init__(
        self,
        session: Session,
        usage: ApplicationUsage[R],
        address: DocumentAddress,
        model: R | None,
        version: Version | None,
        *,
        untouched: bytes | None = None,
    ) -> None:
        self.session = session
        self.usage = usage
        self.address = address
        self.version = version
        self.unseen: Unseen[R] | None = None
        self._untouched = untouched
        self._reading: Reading[R] | None = None
        self._received: Received[R] | None = None
        self._snapshot: Snapshot | None = None
        self._aim: Reading[R] | None = None
        self._handle: Any = None
        self._turn = Lock()
        self.model: R
        if model is None and version is not None:
            self.adopt(version)
        else:
            self.model = cast("R", model)
            self.mirrors()

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """While a call is under way that notes what the server has, and what the model was then.

        Raises:
            InvalidInput: Another such call is: the two would undo what they note, and with it edits.
        """
        if not self._turn.acquire(blocking=False):
            raise InvalidInput(
                f"{self.address}: another call on this document in hand is not done yet; nothing was sent. "
                f"Wait for it, or get() the document once more for each task"
            )
        try:
            yield
        finally:
            self._turn.release()

    def adopt(self, version: Version) -> None:
        """Take another version, and its model instead of the one in hand."""
        with collection_paused:  # once for both, as what is made meanwhile is looked at behind it
            self.model = self._read(version.body).bound()
            self.version = version
            self.mirrors()

    def _read(self, body: bytes) -> Reading[R]:
        """A document, which may have been read already; a short one will have been the next time."""
        reading = self._reading
        if reading is None or reading.data is not body:
            reading = Reading(body, self.usage.root)
            self._reading = reading if len(body) <= _KEPT else None
        return reading

    def mirrors(self) -> None:
        """Note that the model in hand is that of the version in hand: what objects stand for it."""
        self.mirrored(Snapshot(self.model) if self.version is not None else None)

    def mirrored(self, snapshot: Snapshot | None) -> None:
        """Note what the model in hand was when it was that of the version in hand.

        Args:
            snapshot: The model then; None if it never was.
        """
        self._snapshot = snapshot
        self._aim = None

    def aims_at(self, document: Reading[R] | None) -> None:
        """Note what the version in hand is to become by requests that were not made yet.

        If they are never made, the next save starts from that document, as from one that is gone: what the
        model does not show of an element that is on the move may be nowhere else.

        Args:
            document: The document, of which the model in hand is known to be; None if nothing is to come.
        """
        self._aim = document

    def lineage(self) -> Lineage:
        """What became of the objects that the model in hand was made of when it was that of the version.

        Returns:
            Along with the model of the version; nothing if it never was that.
        """
        return UNKNOWN if self._aim is not None else self._ancestry()

    def _ancestry(self) -> Lineage:
        """The same for the document that a save is on its way to, if it is on its way."""
        return UNKNOWN if self._snapshot is None else Lineage.of(self._snapshot)

    def take(self, version: Version, theirs: R, merged: Merged[R]) -> None:
        """Take another version, and a model with changes that are not in it.

        Args:
            version: The version.
            theirs: Its model.
            merged: The model to have in hand, made of that.
        """
        lineage = merged.lineage
        stands = {id(lineage.origin(each)): each for each in objects_of(merged.model) if each in lineage}
        self.mirrored(snapshot := Snapshot(theirs))
        snapshot.replace(stands)
        self.model, self.version = merged.model, version

    def let_go(self, *, edited: bool) -> None:
        """Take note that there is no document any more; the model stays in hand.

        Args:
            edited: Whether the next save is to store it in any case, and not only if it is edited by then.
        """
        self._untouched = None if edited else serialize(self.model)
        if self._aim is None and self.version is not None:
            self._aim = self._read(self.version.body)
        self.version = None

    @property
    def handle(self) -> Any:
        """What users hold this document by: one for its whole life."""
        if self._handle is None:
            self._handle = self.session.handle(self)
        return self._handle

    @handle.setter
    def handle(self, handle: object) -> None:
        self._handle = handle

    def proven(self, reading: Reading[R] | None) -> None:
        """Note how a document reads that may be the version in hand: it need not be read again then.

        Args:
            reading: The document; None if it was not read.
        """
        if reading is not None and len(reading.data) <= _KEPT:
            self._reading = reading

    def base(self, lineage: Lineage | None = None) -> R | None:
        """The model of the version in hand as it was read, or what was started from; None for nothing.

        Args:
            lineage: What `lineage` gives, if it was asked for already.
        """
        known = (self.lineage() if lineage is None else lineage).base
        origin = self.version.body if self.version else self._untouched
        return known if known is not None or origin is None else self._read(origin).model

    def received(self, version: Version | None) -> Received[R] | None:
        """What is wrong with a version already; None for no document.

        Args:
            version: The version, mostly the one in hand.
        """
        from xcap_sdk.usages.validation import Received

        if version is None:
            return None
        if self._received is None or self._received.body is not version.body:
            self._received = Received(self.usage, version.body, self.address)
        return self._received

    def check(self, document: bytes | Reading[R], attempt: Attempt[R]) -> None:
        """Check what is to be stored: nothing must be wrong with it that was not before.

        Args:
            document: The document, or a state between two requests.
            attempt: What it belongs to.

        Raises:
            InvalidDocument: It breaks the schema or a rule, and the version that is to be changed does not.
        """
        from xcap_sdk.usages.validation import check_bytes

        before = self.received(attempt.version or self.version)
        with collection_paused:  # rules look at all objects, and make as many
            check_bytes(self.usage, document, attempt.model, self.address, before)

    def check_model(self, model: object) -> None:
        """See that a model is one of the application usage.

        Raises:
            InvalidInput: It is not.
        """
        if not isinstance(model, self.usage.root):
            raise InvalidInput(
                f"{self.address}: the model in hand is {model!r:.60}, and no {self.usage.root.__name__}; "
                f"nothing was sent"
            )

    def plan(
        self, strategy: Strategy = "auto", attempt: Attempt[R] | None = None, *, several: bool = False
    ) -> Plan:
        """What a save would send now.

        Args:
            strategy: How to write.
            attempt: What to store; None for what is in hand.
            several: Whether ``auto`` may take several requests.

        Raises:
            InvalidInput: The model in hand is no document of the usage, or there is no such way to write.
        """
        from xcap_sdk.editing.plan import plan_save
        from xcap_sdk.flows.outcomes import Attempt

        check_options("merge", strategy)
        attempt = attempt or Attempt(self.model, self.version)
        self.check_model(attempt.model)
        with collection_paused:
            model, version, base, lineage = attempt.model, attempt.version, attempt.base, attempt.lineage
            aim = None
            if attempt.conflict is None:
                lineage, aim = self._ancestry(), self._aim
            if aim is not None:
                base = lineage.base or aim.model
            elif base is None and version is self.version:
                base = self.base(lineage)
            return plan_save(
                self.address,
                self.usage.media_type,
                model,
                received=self._read(version.body) if version else None,
                etag=version.etag if version else None,
                base=base,
                keys=self.usage.keys,
                lineage=lineage,
                start=aim,
                untouched=None if attempt.is_merged else self._untouched,
                written=attempt.written,
                strategy=strategy,
                several=several,
                profile=self.session.profile,
                check=lambda document: self.check(document, attempt),
            )
