"""How much a document may take: bounds on what a hostile one costs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Generator
from contextvars import ContextVar
from dataclasses import dataclass

PARSER_DEPTH = 256
"""Where the parser itself stops."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a document may take.

    Attributes:
        max_bytes: Bytes of the whole document.
        max_depth: Elements within each other, the root counted; the parser itself stops at 256.
        max_elements: Start tags, comments, processing instructions and CDATA sections together, counted
            before parsing, so that tags inside a comment count too.
        max_attributes: Attributes and namespace declarations of one element together, likewise. What reads
            them takes time that grows with the square of their number.

    Raises:
        ValueError: A limit below 1, or a depth above 256.
    """

    max_bytes: int = 16 * 2**20
    max_depth: int = PARSER_DEPTH
    max_elements: int = 1_000_000
    max_attributes: int = 256

    def __post_init__(self) -> None:
        least = min(self.max_bytes, self.max_depth, self.max_elements, self.max_attributes)
        if least < 1 or self.max_depth > PARSER_DEPTH:
            raise ValueError(f"limits are 1 at least, and the depth {PARSER_DEPTH} at most: {self}")


DEFAULT_LIMITS = Limits()
"""16 MiB, 256 levels, a million elements, 256 attributes of each."""

UNLIMITED = Limits(max_bytes=sys.maxsize, max_elements=sys.maxsize, max_attributes=sys.maxsize)
"""For what was written here, and not received: as much as the parser takes."""

_in_force: ContextVar[Limits] = ContextVar("limits", default=DEFAULT_LIMITS)


def limits_in_force() -> Limits:
    """The limits of the client that is at work; else the default ones."""
    return _in_force.get()


@contextlib.contextmanager
def limited(limits: Limits) -> Generator[None]:
    """Put limits in force for what is parsed meanwhile, in this thread and task."""
    token = _in_force.set(limits)
    try:
        yield
    finally:
        _in_force.reset(token)
