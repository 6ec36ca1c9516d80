"""Reading a resource, on condition that it has changed where it is remembered."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from xcap_sdk.errors import DocumentError, NotFound, ReplyError
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.memory import Known
from xcap_sdk.protocol.documents import DocumentAddress, document_of
from xcap_sdk.protocol.messages import Request, Response

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import Address

R = TypeVar("R")

CAPABILITIES = "xcap-caps"
"""The application usage of what a server can do (RFC 4825 §12)."""


@dataclass(slots=True, eq=False)
class Fetched:
    """What a GET gave.

    Attributes:
        status: 200, or 304 if the body is the one that was remembered.
        etag: The document's ETag; None if the server gave none.
        media_type: The body's media type.
        body: The bytes.
        request: What was asked.
        response: What came back.
    """

    status: int
    etag: str | None
    media_type: str | None
    body: bytes = field(repr=False)
    request: Request
    response: Response

    def parsed(self, root: type[R]) -> R:
        """The model of the body.

        Raises:
            DocumentError: It is no document with that root; says what was asked.
        """
        from xcap_sdk.documents.binding import parse

        try:
            return parse(self.body, root)
        except DocumentError as error:
            raise self.unreadable(error) from error.__cause__

    def unreadable(self, error: DocumentError) -> DocumentError:
        """The same error of the body with the request in front: what reads documents knows of none."""
        from xcap_sdk.flows.telling import message, wrong

        error.request, error.response = self.request, self.response
        return error.saying(message(self.request, self.response, wrong(error, self.body, self.media_type)))


def fetch(talk: Conversation, address: Address) -> Flow[Fetched]:
    """GET a resource, on condition that it has changed if it is remembered.

    Raises:
        NotFound: It is not there.
        ReplyError: The server said no in another way.
        TransportError: No reply came.
    """
    memory = talk.session.memory
    known = memory.known(address)
    if known is not None and not _revalidates(talk.session, known):
        known = None
    headers = (("If-None-Match", known.etag),) if known else ()
    request, response = yield from talk.ask("GET", address, headers)
    if response.status == 304 and known is not None:
        if _is_same(response.etag, known.etag):
            memory.keep(address, known)
            return Fetched(304, known.etag, known.media_type, known.body, request, response)
        # To keep the old body under the new ETag would let the next write undo what came between.
        request, response = yield from talk.ask("GET", address)
    if response.status != 200:
        from xcap_sdk.flows.replies import failure

        error = failure(talk.session, request, response)
        if isinstance(error, NotFound):
            memory.forget(address)
        raise error
    if response.media_type in {"text/html", "application/xhtml+xml"}:
        from xcap_sdk.flows.replies import unexpected
        from xcap_sdk.flows.telling import WHOSE

        raise unexpected(request, response, f"the body is {response.media_type}: {WHOSE}")
    if document_of(address).auid == CAPABILITIES and address == capabilities_of(talk.session):
        memory.auids = _auids(response.body)
    if response.etag is None:
        memory.forget(address)
        memory.saw(document_of(address), None)
    else:
        memory.keep(address, Known(response.etag, response.media_type, response.body))
    return Fetched(200, response.etag, response.media_type, response.body, request, response)


def capabilities_of(session: Session) -> DocumentAddress:
    """Where all servers say what they can do (RFC 4825 §12)."""
    return DocumentAddress(root=session.root, auid=CAPABILITIES, tree="global")


def meet(talk: Conversation) -> Flow[None]:
    """Ask for the capabilities, to see what server this is, unless that is known."""
    from xcap_sdk.protocol.profiles import CAUTIOUS

    session = talk.session
    if session.given is None and session.memory.auids is None and session.memory.profile is CAUTIOUS:
        session.memory.auids = frozenset()
        with contextlib.suppress(ReplyError):
            yield from fetch(talk, capabilities_of(session))


def _auids(body: bytes) -> frozenset[str]:
    """The application usages that an xcap-caps document lists; none if it is something else."""
    from xcap_documents.xcap_caps import XcapCaps
    from xcap_sdk.documents.binding import parse

    try:
        auids = parse(body, XcapCaps).auids
    except DocumentError:
        return frozenset()
    return frozenset(auids.items if auids else ())


def _revalidates(session: Session, known: Known) -> bool:
    from xcap_sdk.protocol.profiles import Ability

    # One server fails on weak ETags.
    return not known.etag.startswith("W/") and not session.profile.fails(Ability.REVALIDATE)


def _is_same(now: str | None, asked: str) -> bool:
    """Whether a 304 speaks of the version asked about; W/ and missing quotes say nothing of the version."""
    return now is None or now.removeprefix("W/").strip('"') == asked.strip('"')
