"""The conversation that answers a question about a document, such as the server's capabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from xcap_sdk.flows.conversation import Flow, Session
from xcap_sdk.flows.opening import open_document
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import ApplicationUsage

R = TypeVar("R")
T = TypeVar("T")


def ask(
    session: Session, usage: ApplicationUsage[R], address: DocumentAddress, question: Callable[[R], T]
) -> Flow[T]:
    """Read a document, and answer a question by its model."""
    held = yield from open_document(session, usage, address)
    return question(held.model)
