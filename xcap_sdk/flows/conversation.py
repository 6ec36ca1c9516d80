"""What conversations are made of: what a shell is to carry out, and what is remembered.

A flow is a generator: it yields what is to be done, is sent the response, and returns the result. A transport
failure is thrown into it, so that it can find out what became of its request. It does no I/O itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

from xcap_sdk.documents.limits import DEFAULT_LIMITS, Limits
from xcap_sdk.errors import (
    ClientClosed,
    ConnectionFailed,
    ConnectionLost,
    ConnectionsBusy,
    DeadlineExceeded,
    InvalidAddress,
    ServerDown,
    TransportError,
)
from xcap_sdk.flows.circuit import Circuit
from xcap_sdk.flows.memory import Memory
from xcap_sdk.protocol.documents import document_of
from xcap_sdk.protocol.messages import GATEWAY, Request, Response
from xcap_sdk.protocol.redirects import Origin, origin_of, redirected
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.usages import ApplicationUsage, own_and_others

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import Address
    from xcap_sdk.protocol.profiles import ServerProfile

T = TypeVar("T")

TRIES = 3
"""How often a request is made at most while the server cannot be reached, or says that it cannot serve."""

FIRST_WAIT = 0.2
"""Seconds to wait before the second try, at most; each further wait may be twice as long."""

LONGEST_WAIT = 10.0
"""Seconds that a server may ask to wait: if it wants more, the call fails, and says so."""

TURNED_AWAY = frozenset({425, 429})
"""The statuses of requests that are turned away without being looked at (RFC 8470 §5.2, RFC 6585 §4)."""

TOO_LARGE = 413
"""The status of requests that are too large, for now if a time is named (RFC 9110 §15.5.14)."""

NOT_WHOLE = 408
"""The status of requests that did not arrive in time, and may be made again (RFC 9110 §15.5.9)."""

HOPS = 5
"""How many redirects are followed in a row."""


_UNSENT = (ServerDown, ConnectionsBusy, ClientClosed)
"""Failures that say nothing of the server, and that another try would meet again."""


class Pause(NamedTuple):
    """To be waited before the flow goes on.

    Attributes:
        seconds: How long.
    """

    seconds: float


class Call(NamedTuple):
    """A function of the user's, to be called, and awaited where that is possible; its value is sent back.

    Attributes:
        function: The function.
        argument: What to call it with.
    """

    function: Callable[[str], Any]
    argument: str


Flow: TypeAlias = Generator[Request | Pause | Call, Any, T]
"""A conversation with result T: yields requests, pauses and calls.

It is sent the response to a request, None after a pause, and the value of a call.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Session:
    """What all conversations of a client share.

    Attributes:
        root: The XCAP root; nothing goes anywhere else.
        user: The XUI whose documents are meant where no other is named; None if the client has none.
        authenticated: Whether the client has credentials.
        memory: What it remembers.
        usages: The application usages that it knows, by AUID.
        configured: Those that it was given in place of the SDK's own, by AUID.
        given: What the user knows of the server; None to go by what it calls itself.
        node_writes: Whether single nodes are written, whatever the profile says; where it does not vouch for
            that, the document is read again and compared. None to go by the profile.
        jitter: Gives a number between 0 and 1, for back-off.
        tries: How often a request is made at most while the server is out of reach.
        circuit: Spares a server that is down.
        redirects: To which origins redirects may go beside the root's own; without credentials.
        limits: How much a document may take.
        handle: Makes what users hold a document by from what the flows hold it by.
    """

    root: XcapRoot
    user: str | None = None
    authenticated: bool = False
    memory: Memory = field(default_factory=Memory)
    usages: MutableMapping[str, ApplicationUsage[Any]] = field(default_factory=own_and_others)
    configured: Mapping[str, ApplicationUsage[Any]] = field(default_factory=dict[str, ApplicationUsage[Any]])
    given: ServerProfile | None = None
    node_writes: bool | None = None
    jitter: Callable[[], float] = random.random
    tries: int = TRIES
    circuit: Circuit = field(default_factory=Circuit)
    redirects: frozenset[Origin] = frozenset()
    limits: Limits = DEFAULT_LIMITS
    handle: Callable[[Any], Any] = lambda held: held

    @property
    def vouched(self) -> ServerProfile:
        """What is known of the server: what the user said, else what it is recognised by."""
        from xcap_sdk.protocol.profiles import NODE_WRITES

        profile = self.memory.profile if self.given is None else self.given
        return profile.without(NODE_WRITES) if self.node_writes is False else profile

    @property
    def profile(self) -> ServerProfile:
        """What is used of the server: what is known of it, and single nodes where the user wants them."""
        if not self.node_writes:
            return self.vouched
        from xcap_sdk.protocol.profiles import NODE_WRITES

        return self.vouched.knowing(right=NODE_WRITES)

    def may_go_to(self, request: Request) -> bool:
        """Whether requests may go there: to the root's origin, and those that are allowed."""
        return origin_of(request.uri) in {self.root.origin, *self.redirects}

    def is_busy(self, status: int, address: Address) -> bool:
        """Whether it is worth asking again later, if that is safe.

        Args:
            status: The answer's status.
            address: What was asked for.
        """
        return status >= NOT_WHOLE and (status == NOT_WHOLE or self.profile.is_busy(status, address))


class Conversation:
    """The exchanges of one call.

    Args:
        session: The client's session.

    Attributes:
        session: The client's session.
        requests: How many requests were made so far.
        absent: Where the last request looked and found nothing; empty otherwise.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.requests: int = 0
        self._failed = 0
        self.absent: str = ""

    def ask(
        self,
        method: str,
        address: Address,
        headers: tuple[tuple[str, str], ...] = (),
        body: bytes | None = None,
    ) -> Flow[tuple[Request, Response]]:
        """Make one request, again where that is safe: what did not leave or was turned away, and GETs.

        The waits in between are a few lines here and not a library's, as a flow does no I/O and the time that
        a call may take is its shell's matter.

        Returns:
            The request and its response; that of a write may be of a server that cannot serve just now, and
            its sender finds out what became of it.

        Raises:
            InvalidAddress: The address is below another root; nothing is sent.
            TransportError: No reply came.
        """
        if document_of(address).root != self.session.root:
            raise InvalidAddress(
                f"{address} is not below this client's XCAP root {self.session.root}: nothing was sent; "
                f"make another client for that root"
            )
        request = Request(method, address.uri, headers, body)
        hops = 0
        lost: ConnectionLost | None = None
        while True:
            try:
                response = yield from self._exchange(request)
            except ConnectionLost as error:
                if method != "GET" or lost is not None:
                    raise
                lost = error  # mostly one that was kept open for too long: at once, but only once
            except ConnectionFailed as error:
                self._failed += 1
                if isinstance(error, _UNSENT) or not (yield from self.wait(self._failed)):
                    if lost is None:
                        raise
                    raise lost from error  # the request did leave: a server that it brought down
            else:
                is_turned_away = response.status in TURNED_AWAY or (
                    response.status == TOO_LARGE and response.retry_after is not None
                )
                is_busy = is_turned_away or self.session.is_busy(response.status, address)
                self._failed = self._failed + 1 if is_busy else 0
                onward = self._onward(request, response) if hops < HOPS else None
                if onward is not None:
                    request, hops = onward, hops + 1
                    continue
                if not is_turned_away and not (is_busy and method == "GET"):
                    return request, response
                if not (yield from self.wait(self._failed, response.retry_after)):
                    return request, response

    def wait(self, failed: int, retry_after: float | None = None) -> Flow[bool]:
        """Wait before the next try, with full jitter, and never less than the server asked for.

        Args:
            failed: How many tries have failed, from 1.
            retry_after: How many seconds the server asked for.

        Returns:
            Whether to try again: not if that was often enough, or would take too long.
        """
        least = retry_after or 0.0
        if failed >= self.session.tries or least > LONGEST_WAIT:
            return False
        try:
            yield Pause(least + FIRST_WAIT * 2 ** (failed - 1) * self.session.jitter())
        except DeadlineExceeded:
            return False
        return True

    def _onward(self, request: Request, response: Response) -> Request | None:
        """The request that a redirect asks for, if it may go there."""
        onward = redirected(request, response)
        return onward if onward is not None and self.session.may_go_to(onward) else None

    def _exchange(self, request: Request) -> Flow[Response]:
        self.session.circuit.enter(request)
        self.requests += 1
        self.absent = ""
        works: bool | None = None
        try:
            response: Response = yield request
            works = response.status not in GATEWAY
        except DeadlineExceeded as error:
            works = False if error.sent else None
            raise
        except TransportError as error:
            works = None if isinstance(error, _UNSENT) else False
            raise
        finally:
            self.session.circuit.leave(works=works)
        self.session.memory.heard(response)
        if request.method == "GET" and response.status in {404, 410}:
            self.absent = request.uri
        return response
