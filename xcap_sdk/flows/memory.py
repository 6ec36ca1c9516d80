"""What a client remembers of a server: who it is, ETags, and bodies for conditional GETs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from xcap_sdk.protocol.documents import DocumentAddress, document_of
from xcap_sdk.protocol.messages import Response

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import Address
    from xcap_sdk.protocol.profiles import ServerProfile


@dataclass(slots=True)
class Known:
    """A resource as it was last seen.

    Attributes:
        etag: The ETag of its document then.
        media_type: Its media type.
        body: Its bytes.
    """

    etag: str
    media_type: str | None
    body: bytes = field(repr=False)


_ITS_OWN = frozenset({200, 201, 204, 304, 404, 409, 412})  # what XCAP servers answer, and proxies hardly do


def _is_known(server: str) -> bool:
    from xcap_sdk.protocol.profiles import CAUTIOUS, recognized

    return recognized(server) is not CAUTIOUS


class Memory:
    """What a client remembers: the last ETag of each document, and bodies for conditional GETs.

    It is bounded: what was not used for longest goes first. It may be used by several threads at once.

    Args:
        documents: Of how many documents the ETag is kept.
        size: How many bytes of bodies are kept.

    Attributes:
        server: What the server called itself last; empty where it did not, None before it said anything.
        auids: The application usages that its xcap-caps lists; None if that was not read.
    """

    def __init__(self, *, documents: int = 10_000, size: int = 32 * 2**20) -> None:
        self.server: str | None = None
        self.auids: frozenset[str] | None = None
        self._etags: OrderedDict[str, str] = OrderedDict()
        self._bodies: OrderedDict[str, Known] = OrderedDict()
        self._documents = documents
        self._size = size
        self._used = 0
        self._lock = Lock()

    @property
    def profile(self) -> ServerProfile:
        """What the server is recognised by."""
        from xcap_sdk.protocol.profiles import recognized

        return recognized(self.server or "", self.auids or ())

    def heard(self, response: Response) -> None:
        """Note what the server calls itself.

        Refusals and failures may be a proxy's, which says nothing of the server behind it; and what is not
        modified need not be told again (RFC 9110 §15.4.5).
        """
        name = response.headers.get("server", "")
        is_its_own = response.status in _ITS_OWN and (name or response.status != 304)
        if is_its_own or _is_known(name):
            self.server = name

    def etag(self, address: DocumentAddress) -> str | None:
        """The ETag last seen for a document; None if there was none, or the document is gone."""
        with self._lock:
            return self._etags.get(address.uri)

    def known(self, address: Address) -> Known | None:
        """A resource's body, if it is of the document's last version."""
        with self._lock:
            known = self._bodies.get(address.uri)
            if known is None or known.etag != self._etags.get(document_of(address).uri):
                return None
            self._bodies.move_to_end(address.uri)
            return known

    def saw(self, address: DocumentAddress, etag: str | None) -> None:
        """Note a document's ETag; None where it is not known any more."""
        uri = address.uri
        with self._lock:
            self._etags.pop(uri, None)
            if etag is not None:
                self._etags[uri] = etag
            if len(self._etags) > self._documents:
                self._etags.popitem(last=False)

    def keep(self, address: Address, known: Known) -> None:
        """Note a resource's body and with it its document's ETag."""
        self.saw(document_of(address), known.etag)
        with self._lock:
            self._drop(address.uri)
            self._bodies[address.uri] = known
            self._used += len(known.body)
            while self._used > self._size:
                self._drop(next(iter(self._bodies)))

    def forget(self, address: Address) -> None:
        """Forget a resource's body, and for a document its ETag."""
        uri = address.uri
        with self._lock:
            self._drop(uri)
            if isinstance(address, DocumentAddress):
                self._etags.pop(uri, None)

    def _drop(self, uri: str) -> None:
        if dropped := self._bodies.pop(uri, None):
            self._used -= len(dropped.body)
