"""Deleting documents under their ETag, and what became of it."""

from __future__ import annotations

from xcap_sdk.errors import (
    ConnectionLost,
    MissingETag,
    PreconditionFailed,
    ReplyError,
    TimedOut,
    TransportError,
    XcapError,
)
from xcap_sdk.flows.conversation import Conversation, Flow
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.replies import failure, unexpected
from xcap_sdk.flows.store import OPEN, look, see
from xcap_sdk.flows.telling import asked
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.conditions import Match
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.profiles import Ability


def delete(
    talk: Conversation, address: DocumentAddress, etag: str | None, *, fresh: bool = False
) -> Flow[None]:
    """DELETE a document under an ETag; settle a lost reply by looking.

    Args:
        talk: The conversation that this belongs to.
        address: The document.
        etag: Its ETag.
        fresh: Whether that was seen just now, so that there is no need to look where it may not be heeded.

    Raises:
        MissingETag: There is no ETag; nothing was sent.
        PreconditionFailed: The document is another version by now; nothing was deleted.
        UnexpectedReply: The server said yes, and the document is still there.
    """
    if etag is None:
        raise MissingETag(
            f"{address}: the server gave no ETag for the document, so nothing guards what others write; "
            f"nothing was deleted. To delete it whatever it holds, use the client's delete() with "
            f"condition=Unconditional()."
        )
    if not fresh and not talk.session.profile.does(Ability.MATCH_DELETE):
        found = yield from fetch(talk, address)
        if found.etag != etag:
            raise PreconditionFailed(
                f"{asked(found.request)} → {found.response.status}: the document is another version by now, "
                f"{found.etag} and not {etag}; nothing was deleted, get it again",
                request=found.request,
                response=found.response,
            )
    failed = 0
    while True:
        again = failed + 1 < talk.session.tries
        try:
            request, response = yield from talk.ask("DELETE", address, Match(etag).headers())
        except (ConnectionLost, TimedOut) as error:
            unknown: XcapError = error
        else:
            if failed and response.status in {404, 410}:
                break
            if response.status in {200, 204}:
                yield from _see_it_gone(talk, address, etag, request, response)
                break
            unknown = failure(talk.session, request, response)
            if not isinstance(unknown, OPEN):
                raise unknown
            busy = talk.session.is_busy(response.status, address)
            again = busy and (yield from talk.wait(failed + 1, response.retry_after))
        if (yield from look(talk, address, unknown)).body is None:
            break
        if not again:
            raise unknown
        failed += 1
    talk.session.memory.forget(address)


def _see_it_gone(
    talk: Conversation, address: DocumentAddress, etag: str, request: Request, response: Response
) -> Flow[None]:
    """See that a document is gone, where the server is not known to delete what it says that it deletes.

    Raises:
        UnexpectedReply: It is still there.
    """
    if talk.session.profile.does(Ability.MATCH_DELETE):
        return
    try:
        seen = yield from see(talk, address)
    except (TransportError, ReplyError) as error:
        raise error.adding(
            "the DELETE before that had been answered with success; whether the document is gone is not known"
        ) from error.__cause__
    if seen.body is not None and seen.etag == etag:
        advice = "and yet the document is still there, under the same ETag; look into the server's log"
        raise unexpected(request, response, advice)
