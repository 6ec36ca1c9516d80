"""Guarded writes: under a condition, and what became of them.

A write whose reply was lost is settled by looking: the document is read again. It is either what it was to
become, and the write is done; or what it was before, and the request is made again under the same condition,
which cannot overwrite anything; or something else, and that is a conflict.

Where the server is not known to heed the condition, the document is looked at before and afterwards, too;
where it is known to let two writes through at once, afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from xcap_sdk.documents.canonical import same_document
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.editing.comparing import same_tree
from xcap_sdk.editing.plan import Operation
from xcap_sdk.errors import (
    Conflict,
    Conflicted,
    ConnectionFailed,
    ConnectionLost,
    DocumentError,
    MissingETag,
    NotFound,
    PreconditionFailed,
    ReplyError,
    RequestTimeout,
    ServerError,
    TimedOut,
    TransportError,
    XcapError,
)
from xcap_sdk.flows.conversation import Conversation, Flow
from xcap_sdk.flows.dangers import check_size
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.held import Version
from xcap_sdk.flows.memory import Known
from xcap_sdk.flows.replies import failure
from xcap_sdk.flows.telling import asked
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.conditions import Condition, Match, MustNotExist
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.profiles import Ability

_DONE = {200, 201, 204}
OPEN = (ServerError, RequestTimeout)
"""Refusals that leave open what became of a write."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server has, as a GET has shown.

    Attributes:
        body: The document's bytes; None if it is not there.
        etag: Its ETag; None if the server gave none.
        request: What was asked.
        response: What came back.
    """

    body: bytes | None = field(repr=False)
    etag: str | None
    request: Request
    response: Response

    def holds(self, body: bytes | None) -> bool:
        """Whether the server has this document; None for no document."""
        if self.body is None or body is None:
            return self.body is body
        return same_document(self.body, body)


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two documents say the same, white space between elements aside: servers may lay it out anew."""
    if same_document(one, other):
        return True
    try:
        return same_tree(parse_xml(one).getroot(), parse_xml(other).getroot())
    except DocumentError:
        return False


def look(talk: Conversation, address: DocumentAddress, why: XcapError) -> Flow[Seen]:
    """What the server has now; if that cannot be found out, ``why`` is the error."""
    try:
        return (yield from see(talk, address))
    except (TransportError, ReplyError) as error:
        raise why from error


def see(talk: Conversation, address: DocumentAddress) -> Flow[Seen]:
    """What the server has now."""
    try:
        fetched = yield from fetch(talk, address)
    except NotFound as error:
        return Seen(None, None, error.request, error.response)
    return Seen(fetched.body, fetched.etag, fetched.request, fetched.response)


class Write:
    """One guarded write, from its request until it is known what became of it.

    Args:
        talk: The conversation that it belongs to.
        document: The document that it changes.
        operation: What to do.
        before: The version that it is to change; None if there must be no document.
        mine: What the document is to become in the end, for a conflict.
        certain: Whether somebody else's document that is the same as mine is a conflict, too: a change that
            was computed from what was there would be lost.
    """

    def __init__(
        self,
        talk: Conversation,
        document: DocumentAddress,
        operation: Operation,
        before: Version | None,
        mine: bytes,
        *,
        certain: bool = False,
    ) -> None:
        self._talk = talk
        self._document = document
        self._operation = operation
        self._before = before
        self._mine = mine
        self._certain = certain
        self._lost: XcapError | None = None
        self._failed = 0
        self._rebased = False

    def run(self) -> Flow[Version]:
        """Make the request, and settle what became of it.

        Returns:
            The document's version after it.

        Raises:
            Conflicted: The document was another one.
            ReplyError: The server refused.
            TransportError: It is unknown what became of it.
        """
        if isinstance(self._operation.address, DocumentAddress):
            check_size(self._talk, self._document, self._operation.body)
        profile, is_new = self._talk.session.profile, self._before is None
        is_guarded = profile.does(Ability.MUST_NOT_EXIST if is_new else Ability.MATCH)
        if not is_guarded:
            yield from self._looked_before()
        version, status = yield from self._through()
        in_doubt = not is_guarded and not (is_new and status == 201)
        if version.ours and (in_doubt or profile.fails(Ability.ATOMIC)):
            return (yield from self._looked_after(version))
        return version

    def _through(self) -> Flow[tuple[Version, int | None]]:
        """Make the request until it is known what became of it; gives the status of a plain success, too."""
        while True:
            operation = self._operation
            headers = self._condition().headers()
            if operation.media_type is not None:
                headers = (*headers, ("Content-Type", operation.media_type))
            try:
                request, response = yield from self._talk.ask(
                    operation.method, operation.address, headers, operation.body
                )
            except (ConnectionLost, TimedOut) as error:
                version = yield from self._settled(error, None)
            except ConnectionFailed as error:
                if self._lost is None:
                    raise
                raise self._lost from error
            else:
                if response.status in _DONE:
                    return self._remember(response.etag), response.status
                refusal = failure(self._talk.session, request, response)
                version = yield from self._settled(refusal, refusal)
            if version is not None:
                return version, None

    def _condition(self) -> Condition:
        return MustNotExist() if self._before is None else Match(self._before.etag or "*")

    def _looked_before(self) -> Flow[None]:
        """See that the document is still what is to be changed, where the condition may not count.

        Raises:
            Conflicted: It is not.
        """
        before = self._before
        if before is None and self._talk.absent == self._document.uri:
            return  # that was the last thing seen
        seen = yield from see(self._talk, self._document)
        if not seen.holds(None if before is None else before.body):
            raise conflicted(seen.request, seen.response, before, self._mine, seen)

    def _looked_after(self, version: Version) -> Flow[Version]:
        """See that the document is what was put, where the condition may not have counted.

        Raises:
            Conflicted: It is not.
        """
        try:
            seen = yield from see(self._talk, self._document)
        except (TransportError, ReplyError) as error:
            raise error.adding(
                f"the {self._operation.method} before that had been answered with success, and whether "
                f"somebody else wrote at the same time is not known: save the document in hand again to see"
            ) from error.__cause__
        if seen.body is not None and same_content(seen.body, version.body):
            return Version(seen.body, seen.etag)
        raise conflicted(
            seen.request, seen.response, self._before, self._mine, seen, uncertain=True, acknowledged=True
        )

    def _settled(self, error: XcapError, refusal: ReplyError | None) -> Flow[Version | None]:
        """Find out by looking what became of the request; None if it is to be made once more."""
        failed = isinstance(error, PreconditionFailed) or self._may_be_stale(error)
        unknown = refusal is None or isinstance(error, OPEN)
        if not (failed or unknown or self._lost):
            raise error
        again = (yield from self._again(error)) if unknown else False
        seen = yield from look(self._talk, self._document, self._lost or error)
        before = self._before
        if seen.holds(None if before is None else before.body):
            if unknown:
                if not again:
                    raise error
                self._lost = error
            else:
                yield from self._rebase(seen, error)
            return None
        if seen.body is not None and same_content(seen.body, self._operation.result):
            if unknown or self._lost or (before is not None and not self._certain):
                return Version(seen.body, seen.etag)
        elif not (failed or unknown):
            raise error
        request, response = (
            (seen.request, seen.response) if refusal is None else (refusal.request, refusal.response)
        )
        uncertain = unknown or self._lost is not None
        raise conflicted(request, response, before, self._mine, seen, uncertain=uncertain)

    def _may_be_stale(self, error: XcapError) -> bool:
        """Whether a refusal may come from another version, as preconditions count last (RFC 9110 §13.2.1)."""
        whole = isinstance(self._operation.address, DocumentAddress)
        return not whole and isinstance(error, Conflict | NotFound)

    def _again(self, error: XcapError) -> Flow[bool]:
        """Whether the request may be made again if the server has the old state, and the wait before that."""
        self._failed += 1
        if isinstance(error, OPEN):
            busy = self._talk.session.is_busy(error.status, self._operation.address)
            return busy and (yield from self._talk.wait(self._failed, error.response.retry_after))
        return self._failed < self._talk.session.tries

    def _rebase(self, seen: Seen, error: XcapError) -> Flow[None]:
        """Nobody changed the document, only its ETag: go by that.

        One that was made weak on the way (RFC 9110 §13.1.1) is tried as it was. A server may refuse the very
        ETag that the document has, too, because it could not look it up.
        """
        before = self._before
        if before is None or seen.etag is None or self._rebased or not isinstance(error, PreconditionFailed):
            raise error
        candidates = (seen.etag, seen.etag.removeprefix("W/"))
        etag = next((each for each in candidates if each != before.etag), None)
        if etag is None:
            self._failed += 1
            busy = self._talk.session.profile.is_busy(error.status, self._operation.address)
            if not (busy and (yield from self._talk.wait(self._failed))):
                raise error
            return
        self._before, self._rebased = Version(before.body, etag), True

    def _remember(self, etag: str | None) -> Version:
        session, operation = self._talk.session, self._operation
        session.memory.forget(operation.address)
        session.memory.forget(self._document)
        whole = isinstance(operation.address, DocumentAddress)
        if etag is not None and whole:
            session.memory.keep(self._document, Known(etag, operation.media_type, operation.result))
        elif etag is not None:
            session.memory.saw(self._document, etag)
        return Version(operation.result, etag, ours=True)


def settle(talk: Conversation, address: DocumentAddress, base: Version, mine: bytes) -> Flow[Version]:
    """Find the ETag of what was put before: the server gave none with its reply.

    Args:
        talk: The conversation that this belongs to.
        address: The document.
        base: The version without ETag.
        mine: What the document is to become, for a conflict.

    Raises:
        Conflicted: The document is another one by now.
        MissingETag: The server gives no ETag at all.
    """
    if base.ours:
        theirs = yield from fetch(talk, address)
        seen = Seen(theirs.body, theirs.etag, theirs.request, theirs.response)
        if not same_content(theirs.body, base.body):
            raise conflicted(theirs.request, theirs.response, base, mine, seen)
        base = Version(theirs.body, theirs.etag)
    if base.etag is None:
        raise MissingETag(
            f"{address}: the server gave no ETag for the document, so nothing guards what others write; "
            f"nothing was sent. If nobody else writes there, put it with condition=Unconditional()."
        )
    return base


def conflicted(
    request: Request,
    response: Response,
    base: Version | None,
    mine: bytes,
    theirs: Seen,
    *,
    uncertain: bool = False,
    acknowledged: bool = False,
) -> Conflicted:
    """The error for a document that is another one than it was."""
    what = "deleted" if theirs.body is None else "created" if base is None else "changed"
    done = "nothing was written"
    if acknowledged:
        done = "the server had said yes to mine just before, so that theirs may hold it already"
    elif uncertain:
        done = "a reply was lost, so that theirs may hold mine already"
    error = Conflicted(
        f"{asked(request)} → {response.status}: somebody else {what} the document meanwhile, and {done}; "
        f".base, .mine and .theirs hold the versions: get it again and redo it, or use update()",
        request=request,
        response=response,
        base=base.body if base else None,
        mine=mine,
        theirs=theirs.body,
        theirs_etag=theirs.etag,
    )
    error.uncertain, error.acknowledged = uncertain, acknowledged
    return error
