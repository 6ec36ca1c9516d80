"""How a document comes in hand: read from the server, once and again, or from what was read earlier."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.limits import limited
from xcap_sdk.errors import DocumentError, InvalidInput, NotFound, XcapError
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.protocol.documents import DocumentAddress
from xcap_sdk.protocol.messages import is_etag
from xcap_sdk.usages import ApplicationUsage

R = TypeVar("R")


def open_document(
    session: Session,
    usage: ApplicationUsage[R],
    address: DocumentAddress,
    start: Callable[[], R] | None = None,
    talk: Conversation | None = None,
) -> Flow[Held[R]]:
    """GET a document and bind it to its model.

    Args:
        session: The client's session.
        usage: Its application usage.
        address: Its address.
        start: Makes the model to start from if there is none; None to raise NotFound then.
        talk: The conversation that this belongs to; None for one of its own.

    Returns:
        The document in hand.
    """
    talk = talk or Conversation(session)
    try:
        fetched = yield from fetch(talk, address)
    except NotFound:
        if start is None:
            raise
        model = start()
        return Held(session, usage, address, model, None, untouched=serialize(model))
    try:
        return Held(session, usage, address, None, Version(fetched.body, fetched.etag))
    except DocumentError as error:
        raise fetched.unreadable(error) from error.__cause__


def resume(
    session: Session, usage: ApplicationUsage[R], address: DocumentAddress, xml: bytes, etag: str
) -> Held[R]:
    """Take a version that was read earlier, maybe by another process, as if it had been read now.

    Args:
        session: The client's session.
        usage: Its application usage.
        address: Its address.
        xml: The document as it was read.
        etag: Its ETag then.

    Returns:
        The document in hand.

    Raises:
        InvalidInput: There are no bytes, or no ETag.
        DocumentError: The bytes are no such document.
    """
    if not isinstance(xml, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] - as a session may give it
        raise InvalidInput(
            f"{address}: the document is {type(xml).__name__}, and no bytes: pass what Document.xml gave"
        )
    if not isinstance(etag, str) or not is_etag(etag):  # pyright: ignore[reportUnnecessaryIsInstance] - None
        raise InvalidInput(
            f"{address}: {etag!r:.60} is no ETag (RFC 9110 §8.8.3): pass what Document.etag gave for these "
            f"bytes. If that was None, nothing would guard what others write: read the document again; "
            f"where there was none, create() stores one"
        )
    try:
        with limited(session.limits):
            return Held(session, usage, address, None, Version(xml, etag))
    except DocumentError as error:
        advice = "pass the bytes that Document.xml gave, or read the document again"
        raise error.adding(advice) from error.__cause__


def reload(held: Held[R]) -> Flow[None]:
    """GET the document again and take it, model and all, instead of the one in hand."""
    try:
        with held.alone():
            fetched = yield from fetch(Conversation(held.session), held.address)
            try:
                held.adopt(Version(fetched.body, fetched.etag))
            except DocumentError as error:
                raise fetched.unreadable(error) from error.__cause__
    except XcapError as error:
        error.document = held.handle
        raise
