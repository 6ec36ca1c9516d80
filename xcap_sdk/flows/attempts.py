"""How a save gets through: it sends its plan, merges with what somebody else was faster with, sends again."""

from __future__ import annotations

from typing import Generic, TypeVar

from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.plan import Operation, Plan
from xcap_sdk.editing.strategy import Strategy
from xcap_sdk.errors import (
    Conflicted,
    InvalidDocument,
    InvalidMerge,
    PartlySaved,
    WrongResult,
    XcapError,
)
from xcap_sdk.flows.conversation import Conversation, Flow
from xcap_sdk.flows.fetching import meet
from xcap_sdk.flows.held import Held, OnConflict, Version
from xcap_sdk.flows.merging import invalid_merge, merged, with_later_edits
from xcap_sdk.flows.outcomes import Attempt, Outcome, SaveReport, Unseen
from xcap_sdk.flows.pauses import TRIES, back_off, given_up
from xcap_sdk.flows.store import Write, look, settle
from xcap_sdk.flows.verifying import unsettled, verified
from xcap_sdk.protocol.addresses import DocumentAddress

R = TypeVar("R")


class Saving(Generic[R]):
    """One save of a document in hand.

    The model and the version in hand stay what they are until an operation is done; then they become the
    model that was on its way and the version that the operation made, so that saving again is always right.

    Args:
        talk: The conversation that it belongs to.
        held: The document in hand.
        strategy: How to write.
        several: Whether ``auto`` may take several requests.
        certain: Whether somebody else's document that is the same as mine is a conflict, too.
    """

    def __init__(
        self,
        talk: Conversation,
        held: Held[R],
        strategy: Strategy,
        *,
        several: bool = False,
        certain: bool = False,
    ) -> None:
        self._talk = talk
        self._held = held
        self._strategy: Strategy = strategy
        self._several = several
        self._certain = certain
        self._mine = b""
        self._sent: Snapshot | None = None
        self._done: list[Operation] = []
        self._remaining: tuple[Operation, ...] = ()

    def run(self, on_conflict: OnConflict) -> Flow[SaveReport]:
        """Store what is in hand.

        Args:
            on_conflict: What to do if somebody else was faster.

        Returns:
            What was done.
        """
        try:
            return (yield from self._tries(on_conflict))
        except WrongResult:
            raise
        except XcapError as error:
            if not self._done:
                raise
            raise self._partly(error) from error

    def _tries(self, on_conflict: OnConflict) -> Flow[SaveReport]:
        held = self._held
        if held.unseen is not None and held.unseen.after is held.version:
            yield from self._look(held.unseen)
        attempt = Attempt(held.model, held.version)
        number = 0
        while True:
            try:
                return (yield from self._send(attempt))
            except InvalidMerge:
                raise
            except Conflicted as conflict:
                number += 1
                conflict.base, conflict.mine = held.version.body if held.version else None, self._mine
                if on_conflict == "raise":
                    raise
                if number == TRIES:
                    raise given_up(conflict, number) from conflict
                if number > 1:  # others write a lot: wait, and see what they have made of it by then
                    yield from back_off(self._talk.session, number - 1, conflict)
                    seen = yield from look(self._talk, held.address, conflict)
                    conflict.theirs, conflict.theirs_etag = seen.body, seen.etag
                attempt = merged(held, conflict, on_conflict, self._sent)

    def _send(self, attempt: Attempt[R]) -> Flow[SaveReport]:
        # The caller may go on editing while a reply is on its way: what counts is what the model is now.
        held, version = self._held, attempt.version
        merged_of = Snapshot(held.model) if attempt.model is not held.model else None
        plan = yield from self._planned(attempt)
        outcome: Outcome = "unchanged"
        if plan:
            sent = None if attempt.written else Snapshot(attempt.model)
            if attempt.conflict is None:
                self._mine, self._sent = plan.target, sent
            self._check(plan, attempt)
            version = yield from self._carry_out(plan, attempt, sent, merged_of)
            outcome = "patched"
            if any(map(_is_whole, self._done)):
                outcome = "created" if attempt.version is None else "replaced"
        elif merged_of is not None:
            self._follow(version, attempt.model, merged_of)
        else:
            held.version = version
            held.mirrored(None if version is None else Snapshot(attempt.model))
        etag = version.etag if version else None
        return SaveReport(outcome, etag, self._talk.requests, attempt.is_merged)

    def _planned(self, attempt: Attempt[R]) -> Flow[Plan]:
        held, talk = self._held, self._talk
        plan = held.plan(self._strategy, attempt, several=self._several)
        if not all(talk.session.vouched.does(*each.needs) for each in plan.operations):
            requests = talk.requests
            yield from meet(talk)  # some of it may be known to go wrong
            if talk.requests > requests:
                plan = held.plan(self._strategy, attempt, several=self._several)
        return plan

    def _carry_out(
        self, plan: Plan, attempt: Attempt[R], sent: Snapshot | None, merged_of: Snapshot | None
    ) -> Flow[Version | None]:
        """Make the requests of a plan.

        Args:
            plan: The plan.
            attempt: What it stores.
            sent: The model that it stores; None if that is not the one in hand, edited since or not.
            merged_of: What was in hand when that was merged; None if it is what is in hand.

        Returns:
            The version that the server has then.
        """
        held, talk = self._held, self._talk
        version: Version | None = attempt.version
        self._remaining = plan.operations
        follows = True
        for number, operation in enumerate(plan.operations):
            if version is not None and version.etag is None:
                version = yield from settle(talk, held.address, version, plan.target)
            # What others made may look like mine half-way, as if they removed what I am about to move.
            certain = self._certain or len(self._remaining) > 1
            before = version
            is_known = _is_whole(operation) or talk.session.vouched.does(*operation.needs)
            write = Write(talk, held.address, operation, version, plan.target, certain=certain)
            try:
                version = yield from write.run()
            except Conflicted as conflict:
                if is_known or not conflict.uncertain or conflict.acknowledged:
                    raise
                raise unsettled(operation, conflict) from conflict
            self._mine = plan.target
            self._done.append(operation)
            self._remaining = self._remaining[1:]
            if merged_of is not None and number == 0:
                follows = self._follow(version, attempt.model, merged_of)
            if follows:
                held.version = version
                held.proven(plan.reading)
                if merged_of is None:
                    held.mirrored(sent)
                held.aims_at(plan.reading if self._remaining else None)
                if version.ours and before is not None and not is_known:
                    version = yield from self._look(Unseen(operation, before, version, plan.reading))
        return version

    def _follow(self, version: Version | None, stored: R, merged_of: Snapshot) -> bool:
        """Take what was stored of a merge in hand, with what was edited since.

        Returns:
            Whether that went. If not, what is in hand is nothing that could be saved by now, and the document
            stays what it was before the merge: with the old version, the next save merges once more.
        """
        followed = None if version is None else with_later_edits(self._held, merged_of, stored)
        if version is None or followed is None:
            return False
        self._held.take(version, stored, followed)
        return True

    def _check(self, plan: Plan, attempt: Attempt[R]) -> None:
        try:
            self._held.check(plan.reading or plan.target, attempt)
        except InvalidDocument as error:
            if attempt.conflict is None:
                raise
            raise invalid_merge(attempt.conflict, error) from error

    def _look(self, unseen: Unseen[R]) -> Flow[Version]:
        """Look whether the server made of a write what RFC 4825 says; if that fails, the next save does."""
        held = self._held
        held.unseen = unseen
        try:
            version = yield from verified(self._talk, held, unseen.operation, unseen.before, unseen.after)
        except WrongResult:
            held.aims_at(unseen.target)
            held.unseen = None
            raise
        held.unseen = None
        return version

    def _partly(self, error: XcapError) -> PartlySaved:
        done, remaining = tuple(self._done), self._remaining
        doing = f"{len(remaining)} are not"
        then = "The document in hand knows what the server has; save it again to send the rest"
        if not remaining:
            doing = "and whether they became what they should could not be looked up"
            then = "To save the document in hand again looks once more"
        return PartlySaved(
            f"{self._held.address}: {len(done)} of {len(done) + len(remaining)} requests of this save are "
            f"done, {doing}: {error}. {then}",
            done=done,
            remaining=remaining,
        )


def _is_whole(operation: Operation) -> bool:
    return isinstance(operation.address, DocumentAddress)
