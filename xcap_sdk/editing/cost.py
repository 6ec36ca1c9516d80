"""What a request costs, so that plans can be compared: everything is expressed in bytes.

The cost of a plan is the sum over its requests of

- bytes up: the body, the node's part of the URI (the document's part is the same for all), and `HEADERS` for
  the request line and header fields: host, credentials, condition, media type;
- bytes down: `ANSWER`; no answer to a write has a body (RFC 4825 §8.2.7);
- the round trip: `ROUND_TRIP`, what a connection of 1 Mbit/s carries in 65 ms. Requests of one plan cannot
  overlap, as each waits for the ETag that the one before gives;
- `WHOLE` if it is the whole document: the server takes in all of it anew, and whoever watches the document
  has to read all of it again. So of two plans of about the same size the finer one is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from xcap_sdk.protocol.addresses import Address, DocumentAddress

HEADERS = 400
"""Bytes of a request besides its URI and body."""

ANSWER = 200
"""Bytes of the answer to a write."""

ROUND_TRIP = 8192
"""A round trip, in bytes."""

WHOLE = 512
"""What a whole document counts more than its bytes."""

SELECTOR_STEP = 32
"""Bytes that one step of a node selector takes in a URI, about: where it is not made yet."""

MAX_OPERATIONS = 32
"""Beyond this many operations larger elements are replaced."""


class Request(Protocol):
    """What is needed to know the cost of a request."""

    @property
    def address(self) -> Address:
        """Where it goes to."""
        ...

    @property
    def size(self) -> int:
        """The bytes of its body."""
        ...


def cost(requests: Iterable[Request]) -> int:
    """The cost of requests, in bytes."""
    return sum(map(_cost, requests))


def _cost(request: Request) -> int:
    address = request.address
    is_whole = isinstance(address, DocumentAddress)
    place = WHOLE if is_whole else len("/~~/") + len(address.selector.wire)
    return request.size + place + HEADERS + ANSWER + ROUND_TRIP
