"""Documents that nobody stores: the server makes them from what it knows."""

from __future__ import annotations

from typing import Any

from xcap_sdk.server.capabilities import CAPABILITIES, capabilities
from xcap_sdk.server.records import Key, Stored
from xcap_sdk.server.storage import Storage
from xcap_sdk.usages import ApplicationUsage


class Computed:
    """The computed documents of a server.

    Args:
        storage: Where the documents are that they are made from.
        usages: The application usages served.
    """

    def __init__(self, storage: Storage, usages: tuple[ApplicationUsage[Any], ...]) -> None:
        self._storage = storage
        self._capabilities = capabilities(usages)

    def __contains__(self, key: Key) -> bool:
        """Whether the document of this place is computed."""
        return key == CAPABILITIES

    def get(self, key: Key) -> Stored | None:
        """A computed document as it is now; None if there is none.

        Raises:
            StorageError: The database fails.
        """
        return self._capabilities if key == CAPABILITIES else None
