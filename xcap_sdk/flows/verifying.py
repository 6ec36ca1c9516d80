"""Whether a server made of a write of a node what RFC 4825 says, where nobody knows: by reading again."""

from __future__ import annotations

from typing import TypeVar

from xcap_sdk.documents.binding import parse
from xcap_sdk.editing.merge import merge
from xcap_sdk.editing.plan import Operation
from xcap_sdk.editing.versions import same
from xcap_sdk.errors import Conflicted, DocumentError, WrongResult
from xcap_sdk.flows.conversation import Conversation, Flow
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.flows.store import Seen, same_content, see
from xcap_sdk.flows.telling import wrong

R = TypeVar("R")


def verified(
    talk: Conversation, held: Held[R], operation: Operation, before: Version, after: Version
) -> Flow[Version]:
    """Read the document again, and compare it with what was expected.

    Args:
        talk: The conversation that it belongs to.
        held: The document in hand; it gets what is known of the server then.
        operation: The write, which was answered with success.
        before: The version that it was to change.
        after: The version that it was to make, with the ETag of the answer.

    Returns:
        The version that the server has; ``after`` if somebody else has written since, and left my change in.

    Raises:
        WrongResult: It is something else.
        ReplyError: The document cannot be read.
        TransportError: No reply came.
    """
    seen = yield from see(talk, held.address)
    if seen.body is not None and same_content(seen.body, operation.result):
        held.version = Version(seen.body, seen.etag)
        return held.version
    is_mine = after.etag is not None and seen.body is not None and _tag(seen.etag) == _tag(after.etag)
    is_before = seen.holds(before.body)
    if not (is_mine or is_before or after.etag is None) and _has_mine(held, operation, before, seen):
        return after  # the next write will see to what somebody else wrote
    if is_mine:
        held.version = Version(seen.body or b"", seen.etag)
        doubt, advice = "", "to save with strategy='document' puts it right"
        if _read(held, seen.body) is None:
            advice = "it cannot even be read, so put() .expected in its place"
    else:  # the next save finds out what is in the way, and merges
        held.version = before
        doubt, advice = _doubt(held, after, seen, is_before=is_before), "save it again to merge the two"
    raise WrongResult(
        f"{operation}: the server said yes, but the document is not what RFC 4825 §8 makes of it{doubt}; "
        f"nothing was repaired, and nothing more was sent. Compare .expected and .found; {advice}",
        operation=operation,
        expected=operation.result,
        found=seen.body or b"",
        certain=is_mine,
    )


def unsettled(operation: Operation, conflict: Conflicted) -> WrongResult:
    """The error where no answer said what became of a write, and the document shows neither yes nor no.

    Args:
        operation: The write.
        conflict: What was found.
    """
    return WrongResult(
        f"{operation}: no answer said what became of it, and the document is neither what it was nor what "
        f"RFC 4825 §8 makes of it: the server did something else, or somebody else wrote just then; nothing "
        f"was repaired. Compare .expected and .found; save it again to merge the two",
        operation=operation,
        expected=operation.result,
        found=conflict.theirs or b"",
        certain=False,
    )


def _doubt(held: Held[R], after: Version, seen: Seen, *, is_before: bool) -> str:
    """Why it may not have been the server."""
    if seen.body is None:
        return ": there is none any more; or somebody else deleted it just then"
    if is_before:
        return ": it is what it was before, as if nothing was stored; or somebody else undid it just then"
    if after.etag is None:
        return "; or somebody else changed it just then: there was no ETag to tell"
    what = "what was changed is not in it"
    try:
        parse(seen.body, held.usage.root)
    except DocumentError as error:
        what = f"it cannot be read ({wrong(error, seen.body)}), so what was changed may be in it or not"
    return (
        f": {what}; its ETag is {seen.etag}, and the answer said {after.etag}, so somebody else may have "
        f"changed it just then"
    )


def _has_mine(held: Held[R], operation: Operation, before: Version, seen: Seen) -> bool:
    """Whether what somebody else made of the document has my change in it."""
    base, mine, theirs = (_read(held, each) for each in (before.body, operation.result, seen.body))
    if base is None or mine is None or theirs is None:
        return False
    result = merge(base, mine, theirs, held.usage.keys)
    return result.is_clean and same(result.model, theirs)


def _read(held: Held[R], body: bytes | None) -> R | None:
    """A document's model; None if there is none, or it cannot be read."""
    try:
        return None if body is None else parse(body, held.usage.root)
    except DocumentError:
        return None


def _tag(etag: str | None) -> str | None:
    """An ETag without what proxies change of it on the way: it is made weak (RFC 9110 §13.1.1)."""
    return None if etag is None else etag.removeprefix("W/")
