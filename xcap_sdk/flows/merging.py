"""What a save does about a document that somebody else changed meanwhile: both sides' changes go together."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal, TypeVar

from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.reading import Reading
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.merge import Merged, merge
from xcap_sdk.editing.mirror import everything
from xcap_sdk.editing.versions import same
from xcap_sdk.errors import (
    Clash,
    Conflicted,
    DocumentError,
    InvalidDocument,
    InvalidMerge,
    MergeConflict,
    XcapError,
)
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.flows.outcomes import Attempt
from xcap_sdk.flows.telling import asked, status_line, wrong

R = TypeVar("R")


def merged(
    held: Held[R],
    conflict: Conflicted,
    on_conflict: Literal["merge", "mine", "theirs"],
    sent: Snapshot | None = None,
) -> Attempt[R]:
    """Merge what is in hand with what the server has.

    Args:
        held: The document in hand; it stays as it is.
        conflict: What a save ran into.
        on_conflict: Who decides where both sides changed the same thing.
        sent: The model in hand as ``conflict.mine`` was made of it; None if it was not.

    Returns:
        What to store now.

    Raises:
        MergeConflict: Both sides changed the same thing differently, and nobody is to decide.
        Conflicted: What the server has cannot be merged, or not be written under an ETag.
        InvalidInput: What is in hand by now is no document of the usage.
    """
    held.check_model(held.model)
    prefer = None if on_conflict == "merge" else on_conflict
    if conflict.theirs is None:
        if prefer != "mine":
            raise _clashing(conflict, (_deleted(conflict),), "let on_conflict='mine' store mine again")
        return Attempt(held.model, None, conflict=conflict, written=conflict.mine)
    if conflict.theirs_etag is None:
        raise conflict
    try:
        theirs = parse(conflict.theirs, held.usage.root)
    except DocumentError as error:
        raise conflict.adding(f"theirs cannot be read: {wrong(error, conflict.theirs)}") from error
    lineage = held.lineage()
    base = held.base(lineage)
    if conflict.uncertain and sent is not None and sent.model is held.model:
        mine = Lineage.of(sent)
        if _holds(theirs, base, mine.base, held):
            base, lineage = mine.base, mine  # what was edited since is an edit of what was sent
    result = merge(base, held.model, theirs, held.usage.keys, lineage=lineage, prefer=prefer)
    if result.clashes and prefer is None:
        raise _clashing(conflict, result.clashes, "let on_conflict='mine' or 'theirs' decide these places")
    version = Version(conflict.theirs, conflict.theirs_etag)
    known = result.lineage.with_elements(partial(elements_of, conflict.mine, held.model, sent))
    return Attempt(result.model, version, theirs, known, conflict)


def _holds(theirs: R, base: R | None, mine: R, held: Held[R]) -> bool:
    """Whether what the server has holds all edits of a model."""
    result = merge(base, mine, theirs, held.usage.keys)
    return result.is_clean and same(result.model, theirs)


def elements_of(document: bytes | None, model: Any, sent: Snapshot | None = None) -> dict[int, Element]:
    """The elements of a document by the ids of a model's objects; none if it is not that model's document.

    Args:
        document: The document.
        model: The model.
        sent: The model as the document was made of it; None if it is still that.
    """
    edited = sent.before() if sent is not None and sent.model is model else {}
    _, was = edited.get(id(model), (model, model))
    reading = Reading(document or b"", kind(model))
    try:
        if not same(was, reading.model):
            return {}
    except DocumentError:
        return {}
    found = {id(each.value): element for each, element in everything(Outline.of(was), reading.source.root)}
    return found | {id(now): found[id(then)] for now, then in edited.values() if id(then) in found}


def invalid_merge(conflict: Conflicted, error: InvalidDocument) -> InvalidMerge:
    """The error for changes that went together, but not into a valid document."""
    invalid = InvalidMerge(
        f"{_met(conflict)}; their changes and mine were merged, but the outcome is not valid. "
        f"{_what_now(conflict)}:",
        **_versions(conflict),
        problems=error.problems,
    )
    invalid.uncertain = conflict.uncertain
    return invalid


def with_later_edits(held: Held[R], before: Snapshot, stored: R) -> Merged[R] | None:
    """Bring edits that were made while a merge was on its way into what was stored.

    Args:
        held: The document in hand, with the model that was merged, and maybe edited since.
        before: That model as it was when it was merged.
        stored: What was stored.

    Returns:
        The model to have in hand now; where both say something else the later edit counts. None if what is in
        hand is nothing that could be written.
    """
    try:
        held.check_model(held.model)
        lineage = Lineage.of(before)
        return merge(lineage.base, held.model, stored, held.usage.keys, lineage=lineage, prefer="mine")
    except (XcapError, TypeError, ValueError, AttributeError, RecursionError):
        return None  # the next save says what it is


def _clashing(conflict: Conflicted, clashes: tuple[Clash, ...], advice: str) -> MergeConflict:
    clashing = MergeConflict(
        f"{_met(conflict)}, also where I did. {_what_now(conflict)}, or {advice}:",
        **_versions(conflict),
        clashes=clashes,
    )
    clashing.uncertain = conflict.uncertain
    return clashing


def _met(conflict: Conflicted) -> str:
    request, reply = asked(conflict.request), status_line(conflict.response)
    return f"{request} → {reply}: somebody else changed the document meanwhile"


def _what_now(conflict: Conflicted) -> str:
    done = "Nothing was written"
    if conflict.uncertain:
        done = "A reply was lost before, so that theirs may come after mine"
    return f"{done}; .base, .mine and .theirs hold the versions: get it again and redo it"


def _deleted(conflict: Conflicted) -> Clash:
    base, mine = ((each or b"").decode("utf-8", "replace") for each in (conflict.base, conflict.mine))
    return Clash("", base, mine, None, "document: changed here, and deleted there")


def _versions(conflict: Conflicted) -> dict[str, Any]:
    return {
        "request": conflict.request,
        "response": conflict.response,
        "base": conflict.base,
        "mine": conflict.mine,
        "theirs": conflict.theirs,
        "theirs_etag": conflict.theirs_etag,
    }
