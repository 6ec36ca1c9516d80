"""Which documents a repository is about: a usage, a tree and a user. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from xcap_sdk.errors import InvalidAddress, InvalidInput
from xcap_sdk.flows.conversation import Flow, Session
from xcap_sdk.flows.held import Held
from xcap_sdk.flows.opening import open_document, resume
from xcap_sdk.protocol.documents import DocumentAddress, Tree
from xcap_sdk.usages import ApplicationUsage

R = TypeVar("R")


class Place(Generic[R]):
    """Which documents a repository is about, without I/O."""

    def __init__(self, session: Session, usage: ApplicationUsage[R], tree: Tree, xui: str | None) -> None:
        if not isinstance(usage, ApplicationUsage):  # pyright: ignore[reportUnnecessaryIsInstance] - its AUID
            raise InvalidInput(
                f"{usage!r} is no ApplicationUsage: those that come along are properties of the client, as "
                f"client.resource_lists, and values, as xcap_sdk.RESOURCE_LISTS"
            )
        self._session = session
        self._usage = usage
        self._tree: Tree = "global" if usage.tree == "global" else tree
        self._xui = xui

    @property
    def usage(self) -> ApplicationUsage[R]:
        """The application usage of the documents."""
        return self._usage

    def address(self, document: str | None = None) -> DocumentAddress:
        """The address of a document.

        Args:
            document: Its name; None for the application usage's own default.

        Returns:
            The address, from which those of elements and attributes are made.

        Raises:
            InvalidAddress: The name cannot be one, or the client has no user.
        """
        return address_of(self._session, self._usage, self._tree, self._xui, document)

    def __repr__(self) -> str:
        whose = "global" if self._tree == "global" else f"user={self._xui}"
        return f"<{type(self).__name__} {self._usage.auid} {whose}>"

    def _open(self, document: str | None, start: Callable[[], R] | None = None) -> Flow[Held[R]]:
        return open_document(self._session, self._usage, self.address(document), start)


class WritablePlace(Place[R]):
    """Refuses usages that clients only read."""

    def __init__(self, session: Session, usage: ApplicationUsage[R], tree: Tree, xui: str | None) -> None:
        super().__init__(session, usage, tree, xui)
        if usage.read_only:
            raise InvalidInput(
                f"application usage {usage.auid!r} is read-only: use reader() instead of repository()"
            )

    def _start(self, document: str | None) -> Callable[[], R] | None:
        return self._usage.start(self.address(document))

    def _begin(self, document: str | None) -> Flow[Held[R]]:
        return self._open(document, self._start(document))

    def _resume(self, xml: bytes, etag: str, document: str | None) -> Held[R]:
        return resume(self._session, self._usage, self.address(document), xml, etag)


def address_of(
    session: Session, usage: ApplicationUsage[Any], tree: Tree, xui: str | None, document: str | None
) -> DocumentAddress:
    """The address of a document of a usage.

    Raises:
        InvalidAddress: A part of it cannot be, or there is no user.
    """
    if tree == "users" and xui is None:
        raise InvalidAddress(
            f"whose {usage.auid} document is meant? The client has no user: pass user='sip:…' to it, "
            f"or use of('sip:…')"
        )
    return DocumentAddress(
        root=session.root,
        auid=usage.auid,
        tree=tree,
        xui=xui if tree == "users" else None,
        document=usage.document if document is None else document,
        default_namespace=usage.namespace,
    )
