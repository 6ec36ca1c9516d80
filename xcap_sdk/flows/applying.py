"""What a diff says of a document in hand, carried out on it (RFC 5874 §6): by its patches, else by a GET."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, Literal, NoReturn, TypeAlias, TypeVar

from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.patching import apply_patch
from xcap_sdk.editing.merge import Merged, merge
from xcap_sdk.editing.merger import Prefer
from xcap_sdk.editing.versions import same
from xcap_sdk.errors import Clash, DiffConflict, DocumentError, InvalidInput, NotFound, PatchError, XcapError
from xcap_sdk.flows.conversation import Conversation, Flow
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.held import Held, OnConflict, Version, check_options
from xcap_sdk.protocol.diffs import ChangeKind, DocumentChange, XcapDiff

R = TypeVar("R")

ApplyOutcome: TypeAlias = Literal["unchanged", "patched", "retagged", "fetched", "removed"]
"""What a diff did to a document in hand: nothing, as it is that version already or not spoken of; its patches
were applied; it only got another ETag; it was read again; or it is not there any more."""

_ETAG = re.compile(r"[\x21\x23-\x7e\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What a diff did to a document in hand.

    Attributes:
        outcome: ``unchanged``, ``patched``, ``retagged``, ``fetched`` or ``removed``.
        etag: The document's ETag now; None if the server gave none, or there is no document.
        requests: How many requests the call made.
        merged: Whether the model holds changes that are not saved, brought together with those of the diff.
        failure: Why a patch could not be applied, so that the document was read again.
    """

    outcome: ApplyOutcome
    etag: str | None
    requests: int = 0
    merged: bool = False
    failure: XcapError | None = None


class _NotTold(Exception):
    """The diff alone does not lead to the document as it is now."""


def apply(held: Held[R], diff: XcapDiff, on_conflict: OnConflict = "merge") -> Flow[ApplyReport]:
    """Bring a document in hand up to date with a diff.

    Args:
        held: The document in hand.
        diff: What has changed.
        on_conflict: What to do with changes of the model that are not saved yet.

    Returns:
        What was done.

    Raises:
        DiffConflict: What is not saved yet is in the way; the document in hand stays what it is.
        InvalidInput: The diff speaks of another XCAP root.
        ReplyError: The document had to be read again, and the server refused.
        TransportError: It had to be read again, and no reply came.
        DocumentError: What was read is no document of the kind.
    """
    check_options(on_conflict, "auto")
    if diff.root != held.address.root:
        raise InvalidInput(
            f"the diff is of the XCAP root {diff.root}, and {held.address} is below {held.address.root}: if "
            f"that is the same server, read the diff with parse_diff(body, root={held.address.root.uri!r})"
        )
    try:
        with held.alone():
            return (yield from _Applying(held, on_conflict).run(diff.of(held.address)))
    except XcapError as error:
        error.document = held.handle
        raise


class _Applying(Generic[R]):
    def __init__(self, held: Held[R], on_conflict: OnConflict) -> None:
        self._held = held
        self._on_conflict = on_conflict
        self._talk = Conversation(held.session)

    def run(self, changes: tuple[DocumentChange, ...]) -> Flow[ApplyReport]:
        """Carry out what has changed since the version in hand."""
        held = self._held
        before = held.version
        changes = _since(before, changes)
        if not changes:
            return ApplyReport("unchanged", before.etag if before else None)
        failure = None
        try:
            after = _followed(before, changes)
            model = None if after is None else parse(after.body, held.usage.root)
            outcome: ApplyOutcome = (
                "retagged" if after and before and after.body is before.body else "patched"
            )
        except (_NotTold, PatchError, DocumentError) as error:
            failure = error if isinstance(error, XcapError) else None
            after, model = yield from self._fetched()
            outcome = "fetched"
        if _told(after) == _told(before):
            return ApplyReport(
                "unchanged", after.etag if after else None, self._talk.requests, failure=failure
            )
        if after is None or model is None:
            merged = self._let_go()
            return ApplyReport("removed", None, self._talk.requests, merged, failure)
        merged = self._take(after, model)
        if outcome != "fetched":
            held.session.memory.forget(held.address)
            held.session.memory.saw(held.address, after.etag)
        return ApplyReport(outcome, after.etag, self._talk.requests, merged, failure)

    def _fetched(self) -> Flow[tuple[Version | None, R | None]]:
        """The version that the server has now, and its model."""
        try:
            fetched = yield from fetch(self._talk, self._held.address)
        except NotFound:
            return None, None
        return Version(fetched.body, fetched.etag), fetched.parsed(self._held.usage.root)

    def _take(self, after: Version, theirs: R) -> bool:
        """Take a version, with what is not saved yet; gives whether there was anything."""
        held = self._held
        lineage = held.lineage()
        base = held.base(lineage)
        if base is not None and same(held.model, base):
            held.take(after, theirs, Merged(theirs, ()))
            return False
        on_conflict = self._on_conflict
        if on_conflict == "raise":
            self._refuse(after, ())
        prefer: Prefer | None = None
        if on_conflict in ("mine", "theirs"):
            prefer = on_conflict
        result = merge(base, held.model, theirs, held.usage.keys, lineage=lineage, prefer=prefer)
        if result.clashes and prefer is None:
            self._refuse(after, result.clashes)
        held.take(after, theirs, result)
        return not same(result.model, theirs)

    def _let_go(self) -> bool:
        """Take note that the document is gone; gives whether there was anything that is not saved yet."""
        held = self._held
        base = held.base()
        edited = base is None or not same(held.model, base)
        if edited and self._on_conflict != "mine":
            mine = serialize(held.model).decode()
            was = None if base is None else serialize(base).decode()
            self._refuse(None, (Clash("", was, mine, None, "document: changed here, and deleted there"),))
        held.session.memory.forget(held.address)
        held.let_go(edited=edited)
        return edited

    def _refuse(self, after: Version | None, clashes: tuple[Clash, ...]) -> NoReturn:
        what, how = "changed", "on_conflict='mine' or 'theirs' decides"
        if after is None:
            what, how = "removed", "on_conflict='mine' keeps it, and the next save creates it again"
        raise DiffConflict(
            f"{self._held.address} was {what} by somebody else, and what is not saved here is in the way. "
            f"The document in hand stays what it is; {how}:",
            clashes=clashes,
            theirs=after.body if after else None,
            theirs_etag=after.etag if after else None,
        )


def _followed(version: Version | None, changes: tuple[DocumentChange, ...]) -> Version | None:
    """The version that changes lead to; None for no document.

    Raises:
        _NotTold: They do not follow on this version, or do not tell what has changed.
        PatchError: A patch cannot be applied.
        DocumentError: There is none to a document like this.
    """
    if version is None and all(change.kind is ChangeKind.REMOVED for change in changes):
        return None
    for change in changes:
        etag = version.etag if version else None
        # A weak ETag does not say that the bytes are the same (RFC 9110 §8.8.1).
        is_strong = etag is not None and not etag.startswith("W/")
        if version is None or etag is None or not is_strong or _tag(etag) != _tag(change.previous_etag):
            raise _NotTold
        match change.kind:
            case ChangeKind.REMOVED:
                version = None
            case ChangeKind.PATCHED:
                body = apply_patch(version.body, change.operations)
                version = Version(body, _like(etag, change.new_etag))
            case ChangeKind.ETAG_ONLY:
                version = Version(version.body, _like(etag, change.new_etag))
            case _:
                raise _NotTold
    return version


def _told(version: Version | None) -> tuple[bytes, str | None] | None:
    """What a GET tells of a version."""
    return None if version is None else (version.body, version.etag)


def _since(version: Version | None, changes: tuple[DocumentChange, ...]) -> tuple[DocumentChange, ...]:
    """The changes behind the last one that led to this version."""
    if version is None or version.etag is None:
        return changes
    tag = _tag(version.etag)
    known = [
        number for number, change in enumerate(changes, 1) if change.new_etag and _tag(change.new_etag) == tag
    ]
    return changes[known[-1] :] if known else changes


def _tag(etag: str | None) -> str | None:
    """What an ETag says: HTTP writes it in quotes, and diffs do not."""
    return None if etag is None else etag.removeprefix("W/").removeprefix('"').removesuffix('"')


def _like(old: str, new: str | None) -> str:
    """An ETag of a diff as the server would send it.

    Raises:
        _NotTold: It is none.
    """
    tag = _tag(new)
    if tag is None or (new or "").startswith("W/") or not _ETAG.fullmatch(tag):
        raise _NotTold
    return f'"{tag}"' if old.startswith('"') else tag
