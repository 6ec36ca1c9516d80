"""The embedded server in this process, without sockets, and a network to it on which anything may happen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from xcap_sdk.errors import XcapError
from xcap_sdk.flows.conversation import Flow, Pause, Session
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server import Storage, create_app

T = TypeVar("T")
ROOT = XcapRoot("http://xcap.example.org/xcap-root")
ALICE = "sip:alice@example.org"
INDEX = DocumentAddress(
    root=ROOT,
    auid="resource-lists",
    xui=ALICE,
    default_namespace="urn:ietf:params:xml:ns:resource-lists",
)


def session(*, node_writes: bool | None = None) -> Session:
    """What a client of its own has."""
    return Session(root=ROOT, user=ALICE, jitter=lambda: 0.5, node_writes=node_writes)


class Server:
    """The embedded server's ASGI application, asked directly."""

    def __init__(self) -> None:
        self.storage = Storage()
        self._app = create_app(self.storage)
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.close()
        self.storage.close()

    def clear(self) -> None:
        self.storage.clear()

    def answer(self, request: Request) -> Response:
        return self._loop.run_until_complete(self._answer(request))

    async def _answer(self, request: Request) -> Response:
        parts = urlsplit(request.uri)
        body = request.body or b""
        headers = [("Host", parts.netloc), ("Content-Length", str(len(body))), *request.headers]
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "server": (parts.netloc, 80),
        }
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        start, *chunks = sent
        fields = [(name.decode(), value.decode()) for name, value in start["headers"]]
        return Response(start["status"], Headers(fields), b"".join(chunk["body"] for chunk in chunks))

    def document(self) -> bytes | None:
        """What is stored as the index, past the server's front door."""
        reply = self.answer(Request("GET", INDEX.uri))
        return reply.body if reply.status == 200 else None


Fault = Callable[[Request], Response | XcapError | None]
"""Answers or fails in the server's place; None lets the request pass, or the reply."""


@dataclass
class Network:
    """Carries requests to a server, with faults on order.

    Attributes:
        before: Asked about each request in turn, before it arrives.
        after: Asked about each request in turn, after the server has acted.
        log: What was sent.
    """

    server: Server
    before: list[Fault] = field(default_factory=list)
    after: list[Fault] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def run(self, flow: Flow[T]) -> T:
        """What a shell does."""
        try:
            step = next(flow)
            while True:
                try:
                    reply = self._perform(step)
                except XcapError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(reply)
        except StopIteration as end:
            return end.value

    def _perform(self, step: Request | Pause) -> Response | None:
        if isinstance(step, Pause):
            self.pauses.append(step.seconds)
            return None
        self.log.append(step)
        early = self.before.pop(0)(step) if self.before else None
        response = _or_raise(early) or self.server.answer(step)
        late = self.after.pop(0)(step) if self.after and early is None else None
        return _or_raise(late) or response

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.log]


def _or_raise(outcome: Response | XcapError | None) -> Response | None:
    if isinstance(outcome, XcapError):
        raise outcome
    return outcome
