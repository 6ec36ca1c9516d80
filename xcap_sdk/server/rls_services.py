"""What rls-services asks of a server across all users' documents (RFC 4826 §4.4.5, §4.4.7 to §4.4.9).

The global index is the union of all users' documents named ``index``, made when it is asked for; and no two
services of a server have the same URI. Documents are read once for each version, known by their ETags.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice
from typing import Final, Generic, TypeVar

from xcap_documents.rls_services import RlsServices, Service
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.errors import DocumentError
from xcap_sdk.protocol.faults import Exists, Fault, FaultKind, Refused
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.records import Key, Stored
from xcap_sdk.server.storage import Storage
from xcap_sdk.server.tables import Directory, View
from xcap_sdk.usages import RLS_SERVICES
from xcap_sdk.usages.rls_services import SERVICE_URI

T = TypeVar("T")

INDEX: Final = Key(RLS_SERVICES.auid, "global", "", "index")
"""Where the union of all users' services is (§4.4.7)."""

_ALTERNATIVES: Final = 3
"""How many free URIs are suggested for one that is taken."""


class ServiceIndex:
    """Makes the global index.

    Args:
        storage: Where the users' documents are.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known = _Known(lambda body: tuple(_services(body)))
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


class ServiceUris:
    """Sees that no service takes the URI of another one (§4.4.5)."""

    def __init__(self) -> None:
        self._known = _Known(lambda body: frozenset(service.uri for service in _services(body)))

    def check(self, key: Key, body: bytes, around: Directory) -> None:
        """Judge a document that is to be stored.

        Args:
            key: Its place.
            body: The document; it follows its schema and the rules about itself.
            around: The documents that there are.

        Raises:
            Refused: uniqueness-failure, with URIs that are free.
        """
        if key.auid != RLS_SERVICES.auid:
            return
        etags = around.etags(key.auid) | around.etags(key.auid, tree="global")
        etags.pop(key, None)
        others = self._known.read(around, etags).values()
        mine = dict.fromkeys(service.uri for service in _services(body))
        taken = [uri for uri in mine if any(uri in uris for uris in others)]
        if taken:
            used = frozenset(mine).union(*others)
            exists = tuple(Exists(SERVICE_URI, tuple(_free(uri, used))) for uri in taken)
            phrase = f"the service URI {taken[0]} is taken by another service of this server"
            raise Refused(Fault(FaultKind.UNIQUENESS_FAILURE, phrase, exists=exists))


class _Known(Generic[T]):
    """What was read from documents, by their ETags, which are never given twice.

    Args:
        read: Reads a document.
    """

    def __init__(self, read: Callable[[bytes], T]) -> None:
        self._read = read
        self._values: dict[str, T] = {}
        self._lock = threading.Lock()

    def read(self, view: View, etags: Mapping[Key, str]) -> dict[Key, T]:
        """What is in these documents; the versions that are gone are forgotten."""
        with self._lock:
            known, values = self._values, dict[str, T]()
            found: dict[Key, T] = {}
            for key, etag in etags.items():
                if etag not in known:
                    stored = view.get(key)
                    assert stored is not None, "a view shows one moment"
                    known[etag] = self._read(stored.body)
                found[key] = values[etag] = known[etag]
            self._values = values
            return found


def _services(body: bytes) -> Iterator[Service]:
    """The services of a document; none if it was laid down unchecked and is none."""
    try:
        yield from parse(body, RlsServices).services
    except DocumentError:
        return


def _free(uri: str, used: frozenset[str]) -> Iterator[str]:
    """URIs that come close to one that is taken: ``sip:friends-2@example.org``."""
    user, at, host = uri.partition("@")
    candidates = (f"{user}-{number}{at}{host}" for number in count(2))
    return islice((each for each in candidates if each not in used), _ALTERNATIVES)
