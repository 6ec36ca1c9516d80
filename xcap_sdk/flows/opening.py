"""The conversations that read a document: to have it in hand, or to have the newest version of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from xcap_sdk.documents.binding import serialize
from xcap_sdk.errors import NotFound, XcapError
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.protocol.documents import DocumentAddress
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
    return Held(session, usage, address, None, Version(fetched.body, fetched.etag))


def reload(held: Held[R]) -> Flow[None]:
    """GET the document again and take it, model and all, instead of the one in hand."""
    try:
        fetched = yield from fetch(Conversation(held.session), held.address)
        held.adopt(Version(fetched.body, fetched.etag))
    except XcapError as error:
        error.document = held.handle
        raise
