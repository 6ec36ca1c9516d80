"""Documents that nobody stores: the server makes them from what it knows, and clients only read them."""

from __future__ import annotations

from typing import Any, Protocol

from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.capabilities import Capabilities
from xcap_sdk.server.directories import Directories
from xcap_sdk.server.records import Key, Stored
from xcap_sdk.server.rls_services import ServiceIndex
from xcap_sdk.server.storage import Storage
from xcap_sdk.usages import ApplicationUsage


class Maker(Protocol):
    """Makes the documents of some places."""

    def __contains__(self, key: Key, /) -> bool:
        """Whether the document of this place is made here, if there is one."""
        ...

    def get(self, key: Key, root: XcapRoot, /) -> Stored | None:
        """The document as it is now; None if there is none. Other bytes have another ETag.

        Args:
            key: Its place.
            root: The XCAP root as the client sees it, for URIs in the document.
        """
        ...


class Computed:
    """The computed documents of a server.

    Args:
        storage: Where the documents are that they are made from.
        usages: The application usages served.
    """

    def __init__(self, storage: Storage, usages: tuple[ApplicationUsage[Any], ...]) -> None:
        self._makers: tuple[Maker, ...] = (
            Capabilities(usages),
            ServiceIndex(storage),
            Directories(storage, usages),
        )

    def __contains__(self, key: Key) -> bool:
        """Whether the document of this place is computed."""
        return any(key in maker for maker in self._makers)

    def get(self, key: Key, root: XcapRoot) -> Stored | None:
        """A computed document as it is now; None if there is none.

        Args:
            key: Its place.
            root: The XCAP root as the client sees it.

        Raises:
            StorageError: The database fails.
        """
        return next((maker.get(key, root) for maker in self._makers if key in maker), None)
