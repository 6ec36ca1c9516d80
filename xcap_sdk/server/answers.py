"""What the server answers, as values that know no HTTP library."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Final

from xcap_sdk.documents.reports import fault_body
from xcap_sdk.errors import XcapError
from xcap_sdk.protocol.faults import Fault
from xcap_sdk.protocol.messages import XCAP_ERROR

PLAIN: Final = "text/plain; charset=utf-8"

SERVER: Final = f"xcap-sdk/{version('xcap-sdk')}"
"""What the server calls itself: clients know by it what they can rely on."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply.

    Attributes:
        status: The status code.
        body: The body's bytes; empty for none.
        media_type: The body's Content-Type; None without body.
        etag: The document's ETag, if it exists after the request (RFC 4825 §8.5).
        headers: Further header fields.
    """

    status: int
    body: bytes = field(default=b"", repr=False)
    media_type: str | None = None
    etag: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def fields(self) -> list[tuple[str, str]]:
        """All header fields but those about the body's length.

        ``Cache-Control: no-cache`` goes with each reply: other requests than those to its URI change a
        node, so no cache can tell when its copy is old (RFC 4825 §9).
        """
        fields = [("Server", SERVER), ("Cache-Control", "no-cache"), *self.headers]
        if self.media_type is not None:
            fields.append(("Content-Type", self.media_type))
        if self.etag is not None:
            fields.append(("ETag", self.etag))
        return fields


class Rejected(XcapError):
    """A request that gets no success.

    Attributes:
        answer: What to answer instead.
    """

    def __init__(self, answer: Answer, message: str) -> None:
        super().__init__(message)
        self.answer = answer


def rejected(status: int, message: str, *headers: tuple[str, str]) -> Rejected:
    """A rejection that says in plain text what is wrong."""
    return Rejected(Answer(status, f"{message}\n".encode(), PLAIN, headers=headers), message)


def not_allowed(method: str, what: str, *allowed: str) -> Rejected:
    """405, with the methods that are allowed (RFC 4825 §8.1, §8.2)."""
    return rejected(405, f"{method} is not possible on {what}", ("Allow", ", ".join(allowed)))


def conflict(fault: Fault) -> Answer:
    """409 with a conflict report (RFC 4825 §11)."""
    return Answer(409, fault_body(fault), XCAP_ERROR)
