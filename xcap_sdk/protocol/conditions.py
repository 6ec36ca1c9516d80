"""The conditions of a write (RFC 4825 §7.11): a closed union, never None."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from xcap_sdk.errors import InvalidInput

# Characters above 0x7f stand for bytes, which a server's ETag may have (obs-text, RFC 9110 §8.8.3).
_SENDABLE = re.compile(r"[\x20-\x7e\x80-\xff]+")


@dataclass(frozen=True, slots=True)
class Match:
    """Write only if the document is still the version with this ETag (``If-Match``).

    Attributes:
        etag: The ETag exactly as the server sent it, quotes included; a value without quotes gets them.
            ``"*"`` means any version: the document must exist.

    Raises:
        InvalidInput: The ETag is empty, or has characters that no header field can carry.
    """

    etag: str

    def __post_init__(self) -> None:
        etag = self.etag.strip()
        if not _SENDABLE.fullmatch(etag):
            raise InvalidInput(f"Match({self.etag!r}): expected an ETag as a server sent it, or '*'")
        if etag != "*" and not etag.endswith('"'):
            etag = f'"{etag}"'
        object.__setattr__(self, "etag", etag)

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header fields that say so."""
        return (("If-Match", self.etag),)

    def __str__(self) -> str:
        return f"If-Match: {self.etag}"


@dataclass(frozen=True, slots=True)
class MustNotExist:
    """Write only if there is no such document (``If-None-Match: *``); always fails for a node (§8.2.6)."""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The header fields that say so."""
        return (("If-None-Match", "*"),)

    def __str__(self) -> str:
        return "If-None-Match: *"


@dataclass(frozen=True, slots=True)
class Unconditional:
    """Write whatever is there: another client's change may be lost (§7.11)."""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """No header fields."""
        return ()

    def __str__(self) -> str:
        return "unconditional"


Condition: TypeAlias = Match | MustNotExist | Unconditional
"""What a write depends on."""
