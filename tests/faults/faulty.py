"""Faults of servers as rows of a table: what the server does, what is asked of it, and what has to come of it."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import re
import ssl
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from raw import End, Piece, RawServer, reply
from xcap_sdk import AsyncXcapClient, Network, XcapClient, XcapError

ALICE = "sip:alice@example.org"
PASSWORD = "s3cr3t-of-alice"
NAMESPACE = "urn:ietf:params:xml:ns:resource-lists"
LISTS = "Content-Type: application/resource-lists+xml"
BOOK = f'<resource-lists xmlns="{NAMESPACE}"><list name="friends"/></resource-lists>'.encode()
MINE = BOOK.replace(b'"friends"/>', b'"friends"><display-name>Friends</display-name></list>')
OTHER = BOOK.replace(b"friends", b"others")
FOUND = reply("200 OK", BOOK, LISTS, 'ETag: "1"')
STORED = reply("200 OK", b"", 'ETag: "2"')
CREATED = reply("201 Created", b"", 'ETag: "2"')
ABSENT = reply("404 Not Found")
SOUND = {"GET": [FOUND], "PUT": [STORED], "DELETE": [reply("200 OK")]}

Answer = bytes | float | End | Iterable[Piece] | Callable[[], Iterable[Piece]]
"""What is done with a request: bytes that are sent, or several things in turn."""

TLS = ssl.create_default_context()
"""One for all clients: to load the authorities takes longer than most cases."""


@dataclass
class Run:
    """One case under way, for one of the clients.

    Attributes:
        case: The case.
        server: The server.
        elsewhere: Another server, sound, which must get nothing that is secret; there once it is named.
        xcap: The client; what its methods give is awaited if it can be.
        answers: What the server does from now on, by method, if not what the case says.
        document: The document in hand, if there is one.
        version: Its ETag and bytes when it was read.
        value: What the call gave.
        error: What it raised.
    """

    case: Case
    server: RawServer = field(init=False)
    elsewhere: RawServer | None = None
    xcap: Any = None
    answers: Mapping[str, list[Answer]] | None = None
    document: Any = None
    version: tuple[str | None, bytes] = (None, b"")
    value: Any = None
    error: XcapError | None = None
    counts: Counter[str] = field(default_factory=Counter[str])

    def script(self, request: bytes) -> Iterable[Piece]:
        method = request.partition(b" ")[0].decode()
        answers = (self.case.answers if self.answers is None else self.answers).get(method) or SOUND[method]
        answer = answers[min(self.counts[method], len(answers) - 1)]
        self.counts[method] += 1
        pieces = answer() if callable(answer) else answer
        for piece in [pieces] if isinstance(pieces, bytes | float | End) else pieces:
            yield self._named(piece) if isinstance(piece, bytes) else piece

    def _named(self, piece: bytes) -> bytes:
        """With the host of this server, and the root of another one, where they are named."""
        if b"{elsewhere}" in piece:
            self.elsewhere = self.elsewhere or RawServer(lambda request: [FOUND])
            piece = piece.replace(b"{elsewhere}", self.elsewhere.root.encode())
        return piece.replace(b"{own}", self.server.root.split("/")[2].encode())

    @property
    def root(self) -> str:
        """The XCAP root, as the client is told."""
        if self.case.proxy:
            return "https://xcap.invalid/xcap-root"
        return self.server.root.replace("http", self.case.scheme, 1)

    def sent(self, method: str) -> list[bytes]:
        """The requests of a method that the server got."""
        return [each for each in self.server.got if each.startswith(method.encode())]

    async def open(self) -> None:
        """Have the document in hand, and edit it."""
        self.document = await settled(self.xcap.resource_lists.get())
        self.version = self.document.etag, self.document.xml
        self.document.model.lists["friends"].label = "Friends"


async def settled(value: Any) -> Any:
    """What a method gives, for either client."""
    return await value if inspect.isawaitable(value) else value


Operation = Callable[[Run], Awaitable[Any]]


@dataclass(frozen=True)
class Guarantee:
    """What holds after a fault.

    Attributes:
        text: In words.
        holds: Asserts it.
    """

    text: str
    holds: Callable[[Run], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row.

    Attributes:
        server: What the server does, in words.
        call: What is asked of it.
        answers: What it does, by method: answers in turn, of which the last one stays. Methods that are not
            there are answered as they should be.
        raises: The error; None if the call succeeds.
        match: A regular expression that its text has to fit.
        after: What holds then, beside what holds always.
        first: What it does with a connection before it reads anything.
        scheme: How the client speaks to it.
        alone: Whether there is no server at all.
        proxy: Whether it is the proxy on the way to a server that is reached by https.
        options: Of the client.
    """

    server: str
    call: Operation
    answers: Mapping[str, list[Answer]] = field(default_factory=dict[str, list[Answer]])
    raises: type[XcapError] | None
    match: str = ""
    after: tuple[Guarantee, ...] = ()
    first: Callable[[], Iterable[Piece]] = tuple
    scheme: str = "http"
    alone: bool = False
    proxy: bool = False
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def settings(self, run: Run) -> dict[str, Any]:
        """The arguments of the client: times are short, as faults last."""
        given = dict(self.options)
        if self.proxy:
            given["network"] = {"proxy": run.server.root.replace("//", f"//alice:{PASSWORD}@")}
        network = {"tls": TLS, "tries": 2, **given.pop("network", {})}
        return {"user": ALICE, "timeout": 5.0, "network": Network(**network), **given}


async def play(case: Case, run: Run) -> None:
    """Make the call, and see that everything holds that has to."""
    try:
        run.value = await case.call(run)
    except XcapError as error:
        run.error = error
    shown = "".join(traceback.format_exception(run.error)) if run.error else "it succeeded"
    assert type(run.error) is (case.raises or type(None)), f"{type(run.error).__name__}: {run.error}"
    assert re.search(case.match, str(run.error)), run.error
    assert PASSWORD not in shown
    assert len(str(run.error)) < 30_000
    assert all(line.isprintable() for line in str(run.error).split("\n  "))
    for each in case.after:
        await each.holds(run)
    for got in run.elsewhere.got if run.elsewhere else ():
        assert b"\r\nauthorization:" not in got.lower()
        assert b"\r\ncookie:" not in got.lower()
    if run.root == run.server.root and not case.alone:
        await _goes_on(run)


async def _goes_on(run: Run) -> None:
    """The next call on the same client is answered with what the server says then, and nothing from before."""
    fresh = BOOK.replace(b"friends", b"fresh")
    run.answers, run.server.first = {"GET": [reply("200 OK", fresh, LISTS, 'ETag: "fresh"')]}, ()
    assert (await settled(run.xcap.resource_lists.get("afterwards"))).xml == fresh


def blocking(case: Case) -> None:
    """Play a case with XcapClient."""
    with (
        servers(case) as run,
        XcapClient(run.root, **case.settings(run)) as run.xcap,
        pytest.raises(StopIteration),  # a client that blocks never waits
    ):
        play(case, run).send(None)


def asynchronous(case: Case) -> None:
    """Play a case with AsyncXcapClient."""

    async def main(run: Run) -> None:
        async with AsyncXcapClient(run.root, **case.settings(run)) as run.xcap:
            await play(case, run)

    with servers(case) as run:
        asyncio.run(main(run))


@contextlib.contextmanager
def servers(case: Case) -> Generator[Run]:
    """The server of a case, or none that is there any more."""
    run = Run(case)
    with RawServer(run.script, first=case.first()) as run.server:
        if not case.alone:
            yield run
    if case.alone:
        yield run
    if run.elsewhere:
        with run.elsewhere:
            pass
