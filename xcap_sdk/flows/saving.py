"""The conversations that store and delete documents.

What plans, merges and writes is imported by those that need it: whoever only reads is spared it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from xcap_sdk.errors import (
    Conflicted,
    InvalidInput,
    LimitExceeded,
    NotFound,
    PreconditionFailed,
    XcapError,
)
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.held import Held, OnConflict, check_options
from xcap_sdk.flows.opening import open_document
from xcap_sdk.protocol.documents import DocumentAddress
from xcap_sdk.usages import ApplicationUsage

if TYPE_CHECKING:
    from xcap_sdk.editing.strategy import Strategy
    from xcap_sdk.flows.outcomes import SaveReport

R = TypeVar("R")


def save(
    held: Held[R],
    on_conflict: OnConflict = "merge",
    strategy: Strategy = "auto",
    talk: Conversation | None = None,
    *,
    several: bool = False,
    certain: bool = False,
) -> Flow[SaveReport]:
    """Store what was changed: plan, check the result, send under conditions; merge if it has to be.

    Args:
        held: The document in hand.
        on_conflict: What to do if somebody else was faster.
        strategy: How to write.
        talk: The conversation that this belongs to; None for one of its own.
        several: Whether ``auto`` may take several requests.
        certain: Whether somebody else's document that is the same as mine is a conflict, too.

    Returns:
        What was done.

    Raises:
        InvalidDocument: What would be stored breaks the schema or a rule; nothing was sent.
        MergeConflict: Somebody else changed the same thing meanwhile; nothing was written.
        InvalidMerge: What both changed breaks the schema or a rule together; nothing was written.
        Conflicted: Somebody else changed the document meanwhile; nothing was written.
        PartlySaved: Of several requests only some were carried out.
        WrongResult: The server made something else of a node write.
        MissingETag: The server gives no ETag, so the write cannot be guarded; nothing was sent.
        ReplyError: The server refused.
        TransportError: It is unknown whether the document was stored.
    """
    from xcap_sdk.flows.attempts import Saving

    check_options(on_conflict, strategy)
    talk = talk or Conversation(held.session)
    try:
        with held.alone():
            saving = Saving(talk, held, strategy, several=several, certain=certain)
            return (yield from saving.run(on_conflict))
    except XcapError as error:
        error.document = held.handle
        if isinstance(error, LimitExceeded):
            raise _too_much(held, error) from error.__cause__
        raise


def update(
    session: Session,
    usage: ApplicationUsage[R],
    address: DocumentAddress,
    function: Callable[[R], object],
    start: Callable[[], R] | None,
    *,
    on_conflict: OnConflict = "merge",
    strategy: Strategy = "auto",
    several: bool = False,
) -> Flow[SaveReport]:
    """Open, change by a function, save; if somebody else was faster, all over again on the fresh document.

    Where the fresh document may hold the change already, as a reply was lost or only some of several requests
    were carried out, the function is not run again: it might act twice. Where the server said yes, and others
    wrote right after on a server that may let two writes through at once, what is missing of mine is merged.

    Args:
        session: The client's session.
        usage: Its application usage.
        address: Its address.
        function: Changes the model it is given.
        start: Makes the model to start from if there is no document.
        on_conflict: ``raise`` raises Conflicted instead of running the function again.
        strategy: How to write.
        several: Whether ``auto`` may take several requests.

    Returns:
        What was done.
    """
    from xcap_sdk.flows.pauses import TRIES, back_off, given_up

    check_options(on_conflict, strategy)
    talk = Conversation(session)
    tries = 0
    while True:
        held = yield from open_document(session, usage, address, start, talk)
        if inspect.isawaitable(awaited := function(held.model)):
            if inspect.iscoroutine(awaited):
                awaited.close()
            raise InvalidInput(
                "update() takes a plain function, and this one is asynchronous; nothing was sent"
            )
        tries += 1
        try:
            return (yield from save(held, "raise", strategy, talk, several=several, certain=True))
        except PreconditionFailed as error:
            conflict = error if isinstance(error, Conflicted) else None
            if on_conflict == "raise":
                raise
            if conflict and conflict.acknowledged:  # others wrote on top of mine, or instead of it
                return (yield from save(held, "merge", strategy, talk, several=several))
            if conflict and conflict.uncertain:
                raise
            if tries == TRIES:
                raise (given_up(conflict, tries) if conflict else error) from error.__cause__
            yield from back_off(session, tries, error)


def create(session: Session, usage: ApplicationUsage[R], address: DocumentAddress, model: R) -> Flow[Held[R]]:
    """Store a new document, looked for first: some servers overwrite in spite of ``If-None-Match: *``.

    Returns:
        The document in hand.

    Raises:
        AlreadyExists: There is one.
    """
    from xcap_sdk.documents.binding import serialize
    from xcap_sdk.documents.snapshot import Snapshot
    from xcap_sdk.editing.plan import Operation
    from xcap_sdk.flows.dangers import already_exists
    from xcap_sdk.flows.store import Write
    from xcap_sdk.protocol.conditions import MustNotExist
    from xcap_sdk.usages.validation import check_bytes

    if not isinstance(model, usage.root):
        raise InvalidInput(f"{address}: {type(model).__name__} is no {usage.root.__name__}; nothing was sent")
    held = Held(session, usage, address, model, None)
    body = serialize(model)
    try:
        check_bytes(usage, body, model, address)
        sent = Snapshot(model)
        talk = Conversation(session)
        try:
            found = yield from fetch(talk, address)
        except NotFound:
            pass
        else:
            raise already_exists(found.request, found.response)
        put = Operation("PUT", address, MustNotExist(), body, usage.media_type, result=body)
        try:
            held.version = yield from Write(talk, address, put, None, body).run()
            held.mirrored(sent)
        except Conflicted as error:
            raise already_exists(error.request, error.response) from error
    except XcapError as error:
        error.document = held.handle
        if isinstance(error, LimitExceeded):
            raise _too_much(held, error) from error.__cause__
        raise
    return held


def _too_much(held: Held[R], error: LimitExceeded) -> LimitExceeded:
    """The error of a document that could not be read back, with where it was to go, and what to do."""
    from xcap_sdk.flows.telling import more_allowed

    return error.saying(f"{held.address}: {error}; nothing was written. Store less; {more_allowed(error)}")


def remove(session: Session, address: DocumentAddress) -> Flow[None]:
    """Delete a document as it is now: GET, then DELETE under its ETag."""
    from xcap_sdk.flows.deleting import delete

    talk = Conversation(session)
    found = yield from fetch(talk, address)
    yield from delete(talk, address, found.etag, fresh=True)


def remove_held(held: Held[R]) -> Flow[None]:
    """Delete the document in hand, if it is still the version that was read."""
    from xcap_sdk.flows.deleting import delete
    from xcap_sdk.flows.store import settle

    try:
        with held.alone():
            talk = Conversation(held.session)
            version = held.version
            if version is None:
                raise InvalidInput(f"{held.address}: there is no document to delete; nothing was sent")
            if version.etag is None:
                version = yield from settle(talk, held.address, version, version.body)
            yield from delete(talk, held.address, version.etag)
            held.let_go(edited=True)
    except XcapError as error:
        error.document = held.handle
        raise


def exists(session: Session, address: DocumentAddress) -> Flow[bool]:
    """Whether a document is there."""
    try:
        yield from fetch(Conversation(session), address)
    except NotFound:
        return False
    return True
