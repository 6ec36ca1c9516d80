"""The conversations that follow the references of lists (RFC 4826 §4.5): each other document is read once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from xcap_documents.resource_lists import ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_sdk.documents.binding import parse
from xcap_sdk.errors import DocumentError, InvalidInput, NotFound, ReplyError
from xcap_sdk.flows.conversation import Call, Conversation, Flow, Session
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.flat_lists import FlatList
from xcap_sdk.usages.flattening import find
from xcap_sdk.usages.following import (
    Answer,
    Flattening,
    Missing,
    flattened,
    referred,
)
from xcap_sdk.usages.list_kinds import MAX_DEPTH, MAX_DOCUMENTS
from xcap_sdk.usages.rls_services import services

Elsewhere: TypeAlias = Callable[[str], bytes | Awaitable[bytes | None] | None]
"""Reads a document on another server from its absolute URI; gives None if there is none."""


@dataclass(frozen=True, slots=True)
class Following:
    """How far references are followed.

    Attributes:
        elsewhere: Reads documents on other servers; None to leave them.
        max_depth: How many externals inside each other are followed.
        max_documents: How many other documents are read.
    """

    elsewhere: Elsewhere | None = None
    max_depth: int = MAX_DEPTH
    max_documents: int = MAX_DOCUMENTS

    @property
    def limits(self) -> dict[str, int]:
        """The bounds, as keywords."""
        return {"max_depth": self.max_depth, "max_documents": self.max_documents}


def resolve(
    session: Session, address: DocumentAddress, names: str | Sequence[str] | None, following: Following
) -> Flow[FlatList]:
    """Flatten a list of a document, references followed.

    Args:
        session: The client's session.
        address: The document's address.
        names: The name of the list, or the names on the way to it; None for all.
        following: How far references are followed.

    Raises:
        InvalidInput: There is no such list.
        NotFound: There is no such document.
    """
    talk = Conversation(session)
    book = (yield from fetch(talk, address)).parsed(ResourceLists)
    walk = flattened(book, find(book, names), address, **following.limits)
    return (yield from _drive(talk, walk, following))


def members(session: Session, address: DocumentAddress, uri: str, following: Following) -> Flow[FlatList]:
    """Flatten the list of a service, as a resource list server does when somebody subscribes to it.

    Args:
        session: The client's session.
        address: The address of the rls-services document.
        uri: The service's URI.
        following: How far references are followed.

    Raises:
        InvalidInput: The document has no such service.
        NotFound: There is no such document.
    """
    talk = Conversation(session)
    document = (yield from fetch(talk, address)).parsed(RlsServices)
    place, service = next(
        ((place, each) for place, each in services(document) if each.uri == uri), ("", None)
    )
    if service is None:
        known = ", ".join(map(repr, document.services.keys()[:5])) or "it has none"
        raise InvalidInput(f"{address}: no service {uri!r}; there is {known}")
    if service.list is not None:
        walk = flattened(service.list, (service.list, f"{place}.list"), address, **following.limits)
    else:
        anchor = service.resource_list or ""
        walk = referred(anchor, address, f"{place}.resource_list", **following.limits)
    return (yield from _drive(talk, walk, following))


def _drive(talk: Conversation, walk: Flattening, following: Following) -> Flow[FlatList]:
    """Read for a walk what it asks for."""
    try:
        wanted = next(walk)
        while True:
            wanted = walk.send((yield from _answer(talk, wanted, following)))
    except StopIteration as end:
        flat: FlatList = end.value
        return flat


def _answer(talk: Conversation, wanted: DocumentAddress, following: Following) -> Flow[Answer]:
    try:
        if wanted.root == talk.session.root:
            body: Any = (yield from fetch(talk, wanted)).body
        elif following.elsewhere is None:
            return Missing("elsewhere", f"is on another server, {wanted.root}: elsewhere= can read it")
        else:
            body = yield Call(following.elsewhere, wanted.uri)
        return Missing("dangling", f"is in {wanted}, which is not there") if body is None else _read(body)
    except NotFound:
        return Missing("dangling", f"is in {wanted}, which is not there")
    except ReplyError as error:
        return Missing("refused", f"is in a document that the server does not give out: {error}")
    except DocumentError as error:
        return Missing("unreadable", f"is in {wanted}, which is no resource-lists document: {error}")


def _read(body: bytes) -> ResourceLists:
    return parse(body, ResourceLists)
