"""What a save would send, as values that can be looked at before anything is sent.

A plan is a list of operations in the order to send them. At present a save is nothing or one PUT of the whole
document; `plan_save` is the place where a choice among other operations is to be made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, TypeVar

from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.editing.diff import Keys
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.protocol.addresses import Address, DocumentAddress
from xcap_sdk.protocol.conditions import Condition, Match, MustNotExist

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of a plan.

    Attributes:
        method: PUT or DELETE.
        address: The document or node.
        condition: Under which condition it acts.
        body: The body; None for none.
        media_type: The body's media type; None for none.
        reason: Why it is made, in words.
    """

    method: str
    address: Address
    condition: Condition
    body: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    reason: str = ""

    @property
    def size(self) -> int:
        """The bytes of the body."""
        return len(self.body or b"")

    def __str__(self) -> str:
        parts = [f"{self.method} {self.address}", str(self.condition)]
        if self.body is not None:
            parts.append(f"{self.size} bytes of {self.media_type}")
        return f"{'; '.join(parts)}" + (f" ({self.reason})" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a save would send.

    Attributes:
        operations: The requests, in order; none if nothing is to be done.
    """

    operations: tuple[Operation, ...] = ()

    @property
    def requests(self) -> int:
        """How many requests it takes."""
        return len(self.operations)

    @property
    def bytes_up(self) -> int:
        """How many bytes the bodies have together."""
        return sum(operation.size for operation in self.operations)

    @property
    def atomic(self) -> bool:
        """Whether it happens as a whole or not at all: more than one request may stop halfway."""
        return self.requests <= 1

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.operations)

    def __str__(self) -> str:
        if not self.operations:
            return "nothing to send"
        return "\n".join(map(str, self.operations))

    def to_json(self) -> str:
        """The plan as a JSON text, without the bodies."""
        operations: list[dict[str, Any]] = [
            {
                "method": operation.method,
                "address": str(operation.address),
                "condition": str(operation.condition),
                "media_type": operation.media_type,
                "bytes": operation.size,
                "reason": operation.reason,
            }
            for operation in self.operations
        ]
        content = {
            "operations": operations,
            "requests": self.requests,
            "bytes_up": self.bytes_up,
            "atomic": self.atomic,
        }
        return json.dumps(content, ensure_ascii=False)


def plan_save(
    address: DocumentAddress,
    media_type: str,
    model: R,
    *,
    received: bytes | None,
    etag: str | None,
    base: R | None = None,
    keys: Keys | None = None,
    untouched: bytes | None = None,
) -> Plan:
    """Decide what to send so that the server has the model.

    Args:
        address: The document.
        media_type: Its media type.
        model: What the document is to be.
        received: What the server has, as far as is known; None if it has no document.
        etag: The ETag of ``received``; None if the server gave none, then the write asks for any version.
        base: The model of ``received`` as it was read; None to read it here.
        keys: The field that tells the elements of a class apart, from others of their parent.
        untouched: For a document that is not there, what `serialize` makes of the model that the edit started
            from: nothing is to be sent if the model is still that. None to create the document in any case.

    Returns:
        Nothing if the server has it already, else one PUT that creates the document or replaces this version.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    if received is None:
        body = serialize(model)
        if body == untouched:
            return Plan()
        return Plan((Operation("PUT", address, MustNotExist(), body, media_type, "the document is new"),))
    body = rewrite(received, parse(received, type(model)) if base is None else base, model, keys)
    if body == received:
        return Plan()
    condition = Match("*" if etag is None else etag)
    return Plan((Operation("PUT", address, condition, body, media_type, "the document was changed"),))
