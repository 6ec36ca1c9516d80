"""What a save is to store, what it has sent, and what it did: of no use to those that only read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.flows.held import Version

if TYPE_CHECKING:
    from xcap_sdk.documents.reading import Reading
    from xcap_sdk.editing.plan import Operation
    from xcap_sdk.errors import Conflicted

R = TypeVar("R")

Outcome: TypeAlias = Literal["unchanged", "created", "replaced", "patched"]
"""What a save did: nothing, as the server has the document already; a PUT of a new document, or of one that
was there; or changes of single nodes."""


@dataclass(frozen=True, slots=True)
class SaveReport:
    """What a save did.

    Attributes:
        outcome: ``unchanged``, ``created``, ``replaced`` or ``patched``.
        etag: The document's ETag now; None if the server gave none, or there is no document.
        requests: How many requests the call made.
        merged: Whether changes of others were merged in.
    """

    outcome: Outcome
    etag: str | None
    requests: int
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Attempt(Generic[R]):
    """What is to be stored, and on which version: a document in hand, or its merge with a newer version.

    Attributes:
        model: What the document is to be.
        version: The version to change; None for no document.
        base: That version's model, if it was read already.
        lineage: What is known of the model's objects, if it was merged.
        conflict: What the document in hand ran into, if this is a merge.
        written: The document to be created, where there is none any more; None to write the model.
    """

    model: R
    version: Version | None
    base: R | None = None
    lineage: Lineage = UNKNOWN
    conflict: Conflicted | None = None
    written: bytes | None = None

    @property
    def is_merged(self) -> bool:
        """Whether changes of others were merged in."""
        return self.conflict is not None


@dataclass(frozen=True, slots=True)
class Unseen(Generic[R]):
    """A write that was answered with success, and nobody has seen yet what the server made of it.

    Attributes:
        operation: The write.
        before: The version that it was to change.
        after: The version that it was to make, with the ETag of the answer.
        target: What the save was on its way to; None if that was not read.
    """

    operation: Operation
    before: Version
    after: Version
    target: Reading[R] | None
