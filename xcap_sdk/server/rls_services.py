"""The global index of rls-services (RFC 4826 §4.4.7 to §4.4.9).

It is the union of all users' documents named ``index``, made when it is asked for. Documents are read once
for each version, known by their ETags.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from xcap_documents.rls_services import RlsServices, Service
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.errors import DocumentError
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.records import Key, Stored
from xcap_sdk.server.storage import Storage
from xcap_sdk.server.tables import View
from xcap_sdk.server.unique import Known
from xcap_sdk.usages import RLS_SERVICES

INDEX: Final = Key(RLS_SERVICES.auid, "global", "", "index")
"""Where the union of all users' services is (§4.4.7)."""


class ServiceIndex:
    """Makes the global index.

    Args:
        storage: Where the users' documents are.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known = Known(lambda body: tuple(_services(body)))
        self._made: Stored | None = None

    def __contains__(self, key: Key) -> bool:
        """Whether it is the index's place."""
        return key == INDEX

    def get(self, key: Key, root: XcapRoot) -> Stored | None:
        """The index as it is now.

        Args:
            key: Its place.
            root: The XCAP root as the client sees it; it does not matter.

        Raises:
            StorageError: The database fails.
        """
        del root
        return self._storage.look(self._union) if key in self else None

    def _union(self, view: View) -> Stored:
        etags = view.etags(RLS_SERVICES.auid, INDEX.name)
        etag = f'"rls-{hashlib.sha256("".join(etags.values()).encode()).hexdigest()[:24]}"'
        made = self._made
        if made is None or made.etag != etag:
            read = self._known.read(view, etags)
            first: dict[str, Service] = {}  # two with the same URI can only have been laid down unchecked
            for services in read.values():
                for service in services:
                    first.setdefault(service.uri, service)
            made = self._made = Stored(serialize(RlsServices(items=list(first.values()))), etag)
        return made


def _services(body: bytes) -> Iterator[Service]:
    """The services of a document; none if it was laid down unchecked and is none."""
    try:
        yield from parse(body, RlsServices).services
    except DocumentError:
        return
