"""What a raw verb gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What a raw verb gives back.

    Attributes:
        status: The status code, a success or 304.
        etag: The document's ETag, if the server sent one (RFC 4825 §8.5: one for all nodes of a document).
        media_type: The body's media type without parameters.
        body: The body's bytes; after a 304 those that were remembered.
        value: The body as a typed value where its type is known: a document's model, an attribute's value as
            str, namespace bindings by prefix; else None.
    """

    status: int
    etag: str | None
    media_type: str | None
    body: bytes = field(repr=False)
    value: T
