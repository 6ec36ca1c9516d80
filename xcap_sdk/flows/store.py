"""Guarded writes of whole documents: PUT and DELETE under a condition, and what became of them.

A write whose reply was lost is settled by looking: the document is read again, and is either what it was to
become, or the request is made once more under the same condition, which cannot overwrite anything.
"""

from __future__ import annotations

from typing import Any

from xcap_sdk.documents.canonical import same_document
from xcap_sdk.errors import (
    AlreadyExists,
    Conflicted,
    ConnectionLost,
    MissingETag,
    NotFound,
    PreconditionFailed,
    ReplyError,
    TimedOut,
    TransportError,
    XcapError,
)
from xcap_sdk.flows.conversation import Conversation, Flow, Known
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.flows.replies import asked, failure
from xcap_sdk.flows.verbs import Fetched, fetch
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.conditions import Condition, Match, MustNotExist
from xcap_sdk.protocol.messages import Request, Response


def store(talk: Conversation, held: Held[Any], base: Version | None, body: bytes) -> Flow[Version]:
    """PUT under a condition; settle a lost reply by looking."""
    lost = rebased = False
    while True:
        condition: Condition = MustNotExist() if base is None else Match(base.etag or "*")
        headers = (*condition.headers(), ("Content-Type", held.usage.media_type))
        try:
            request, response = yield from talk.ask("PUT", held.address, headers, body)
        except (ConnectionLost, TimedOut) as error:
            theirs = yield from _look(talk, held.address, error)
            if theirs is not None and same_document(theirs.body, body):
                return Version(theirs.body, theirs.etag)
            if lost:
                raise
            lost = True
            continue
        if response.status in {200, 201, 204}:
            return _remember(held, body, response)
        error = failure(talk.session, request, response)
        if not isinstance(error, PreconditionFailed):
            raise error
        theirs = yield from _look(talk, held.address, error)
        if theirs is not None and same_document(theirs.body, body) and (lost or base is not None):
            return Version(theirs.body, theirs.etag)
        if base is None or theirs is None or theirs.etag is None or not same_document(theirs.body, base.body):
            raise _conflicted(request, response, base, body, theirs)
        etag = _acceptable(theirs.etag, refused=base.etag)
        if etag is None or rebased:
            raise error
        base, rebased = Version(base.body, etag), True  # nobody changed the document, only its ETag


def settle(talk: Conversation, held: Held[Any], base: Version, mine: bytes) -> Flow[Version]:
    """Find the ETag of what was put before: the server gave none with its reply."""
    if base.ours:
        theirs = yield from fetch(talk, held.address)
        if not same_document(theirs.body, base.body):
            raise _conflicted(theirs.request, theirs.response, base, mine, theirs)
        base = Version(theirs.body, theirs.etag)
    if base.etag is None:
        raise MissingETag(
            f"{held.address}: the server gave no ETag for the document, so nothing guards what others write; "
            f"nothing was sent. If nobody else writes there, put it with condition=Unconditional()."
        )
    return base


def delete(talk: Conversation, address: DocumentAddress, etag: str | None) -> Flow[None]:
    """DELETE under an ETag; settle a lost reply by looking.

    Raises:
        MissingETag: There is no ETag; nothing was sent.
        PreconditionFailed: The document is another version by now; nothing was deleted.
    """
    if etag is None:
        raise MissingETag(
            f"{address}: the server gave no ETag for the document, so nothing guards what others write; "
            f"nothing was deleted. To delete it whatever it holds, use the client's delete() with "
            f"condition=Unconditional()."
        )
    lost = False
    while True:
        try:
            request, response = yield from talk.ask("DELETE", address, Match(etag).headers())
        except (ConnectionLost, TimedOut) as error:
            if (yield from _look(talk, address, error)) is None:
                break
            if lost:
                raise
            lost = True
            continue
        if response.status not in {200, 204} and not (lost and response.status in {404, 410}):
            raise failure(talk.session, request, response)
        break
    talk.session.memory.forget(address)


def already_exists(request: Request, response: Response) -> AlreadyExists:
    """The error for a create that found a document."""
    text = (
        f"{asked(request)} → {response.status}: the document is there already; nothing was written, edit it"
    )
    return AlreadyExists(text, request=request, response=response)


def _acceptable(etag: str, *, refused: str | None) -> str | None:
    """The ETag to try next; one that was made weak on the way (RFC 9110 §13.1.1) is tried as it was."""
    return next((each for each in (etag, etag.removeprefix("W/")) if each != refused), None)


def _remember(held: Held[Any], body: bytes, response: Response) -> Version:
    memory = held.session.memory
    memory.forget(held.address)
    if response.etag is not None:
        memory.keep(held.address, Known(response.etag, held.usage.media_type, body))
    return Version(body, response.etag, ours=True)


def _look(talk: Conversation, address: DocumentAddress, why: XcapError) -> Flow[Fetched | None]:
    """What the server has now, None if nothing; if that cannot be found out, ``why`` is the error."""
    try:
        return (yield from fetch(talk, address))
    except NotFound:
        return None
    except (TransportError, ReplyError) as error:
        raise why from error


def _conflicted(
    request: Request, response: Response, base: Version | None, mine: bytes, theirs: Fetched | None
) -> Conflicted:
    what = "deleted" if theirs is None else "created" if base is None else "changed"
    return Conflicted(
        f"{asked(request)} → {response.status}: somebody else {what} the document meanwhile, and nothing "
        f"was written; .base, .mine and .theirs hold the versions: get it again and redo it, or use update()",
        request=request,
        response=response,
        base=base.body if base else None,
        mine=mine,
        theirs=theirs.body if theirs else None,
        theirs_etag=theirs.etag if theirs else None,
    )
