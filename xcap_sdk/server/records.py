"""What the storage keeps: documents, by their places."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from xcap_sdk.protocol.addresses import DocumentAddress, Tree


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a document: its document selector (RFC 4825 §6.2), decoded.

    Attributes:
        auid: The application usage.
        tree: ``users`` or ``global``.
        xui: The user; empty in the global tree.
        name: What follows, folders included: ``index``, ``oma_status-icon/index``.
    """

    auid: str
    tree: Tree
    xui: str
    name: str

    @classmethod
    def of(cls, address: DocumentAddress) -> Key:
        """The place that an address names."""
        return cls(address.auid, address.tree, address.xui or "", address.document)

    @property
    def columns(self) -> tuple[str, str, str, str]:
        """The values of the primary key."""
        return self.auid, self.tree, self.xui, self.name


def content_hash(body: bytes) -> str:
    """What the ETag of a document says of its bytes."""
    return hashlib.sha256(body).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as stored: its bytes and their strong ETag, quotes included."""

    body: bytes = field(repr=False)
    etag: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in a listing, without its bytes.

    Attributes:
        key: Its place.
        etag: Its strong ETag, quotes included.
        size: How many bytes it has.
        modified: When it was last changed, in UTC; None if that was before the storage recorded it.
    """

    key: Key
    etag: str
    size: int
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome of a write.

    Attributes:
        before: What was there.
        after: What is there now; None after a delete.
    """

    before: Stored | None
    after: Stored | None
