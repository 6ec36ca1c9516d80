"""The directory of each user (OMA XDM Core §6.7): which documents the storage has of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from xcap_documents.oma_xcap_directory import DirectoryEntry, DirectoryFolder, XcapDirectory
from xcap_sdk.documents.binding import serialize
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.records import Key, Listed, Stored
from xcap_sdk.server.storage import Storage
from xcap_sdk.usages import XCAP_DIRECTORY, ApplicationUsage


class Directories:
    """Makes these documents: one for each user, without documents also.

    Args:
        storage: Where the documents are.
        usages: The application usages served; documents of others are not listed.
    """

    def __init__(self, storage: Storage, usages: Iterable[ApplicationUsage[Any]]) -> None:
        self._storage = storage
        self._served = {usage.auid for usage in usages}

    def __contains__(self, key: Key) -> bool:
        """Whether it is the place of a user's directory."""
        return (key.auid, key.tree, key.name) == (XCAP_DIRECTORY.auid, "users", XCAP_DIRECTORY.document)

    def get(self, key: Key, root: XcapRoot) -> Stored | None:
        """The directory of a user as it is now.

        Raises:
            StorageError: The database fails.
        """
        listed = (each for each in self._storage.of_user(key.xui) if each.key.auid in self._served)
        folders = [
            DirectoryFolder(auid=auid, items=[_entry(each, root) for each in group])
            for auid, group in groupby(listed, key=lambda each: each.key.auid)
        ]
        body = serialize(XcapDirectory(folders=folders))
        return Stored(body, f'"directory-{hashlib.sha256(body).hexdigest()[:24]}"')


def _entry(listed: Listed, root: XcapRoot) -> DirectoryEntry:
    key = listed.key
    address = DocumentAddress(root=root, auid=key.auid, tree=key.tree, xui=key.xui, document=key.name)
    entry = DirectoryEntry(uri=address.uri, etag=listed.etag.strip('"'), size=listed.size)
    entry.modified = listed.modified
    return entry
