"""A server that is a dictionary of documents, with faults on order; flows run against it without I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from xcap_sdk.errors import XcapError
from xcap_sdk.flows.conversation import Flow, Pause, Session
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.protocol.profiles import ServerProfile
from xcap_sdk.protocol.roots import XcapRoot

T = TypeVar("T")
ROOT = XcapRoot("https://xcap.example.org/xcap-root")
ALICE = "sip:alice@example.org"

Fault = Callable[[Request], Response | XcapError | None]


def session(profile: ServerProfile | None = None) -> Session:
    return Session(root=ROOT, user=ALICE, jitter=lambda: 0.5, given=profile)


@dataclass
class Dictionary:
    """Documents by URI, as RFC 4825 §7.11 has conditions.

    Attributes:
        etags: Whether replies carry ETags: to a GET, to a PUT.
        before: Called before each request in turn: it may answer, or change what is stored.
        after: Called after each request in turn: it may lose the reply.
    """

    documents: dict[str, bytes] = field(default_factory=dict)
    etags: tuple[bool, bool] = (True, True)
    before: list[Fault] = field(default_factory=list)
    after: list[Fault] = field(default_factory=list)
    log: list[Request] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    version: int = 0
    versions: dict[str, int] = field(default_factory=dict)

    def store(self, uri: str, body: bytes) -> None:
        self.version += 1
        self.documents[uri] = body
        self.versions[uri] = self.version

    def etag(self, uri: str) -> str:
        return f'"{self.versions[uri]}"'

    def answer(self, request: Request) -> Response:
        self.log.append(request)
        if self.before:
            early = self.before.pop(0)(request)
            if isinstance(early, XcapError):
                raise early
            if early is not None:
                return early
        response = self._answer(request)
        if self.after:
            late = self.after.pop(0)(request)
            if isinstance(late, XcapError):
                raise late
            if late is not None:
                return late
        return response

    def _answer(self, request: Request) -> Response:
        uri, headers = request.uri, dict(request.headers)
        there = uri in self.documents
        if (match := headers.get("If-Match")) and not (there and match in {"*", self.etag(uri)}):
            return Response(412)
        if (none_match := headers.get("If-None-Match")) and there and none_match in {"*", self.etag(uri)}:
            return Response(304 if request.method == "GET" else 412)
        if request.method == "PUT":
            self.store(uri, request.body or b"")
            return Response(200 if there else 201, self._headers(uri, self.etags[1]))
        if not there:
            return Response(404)
        if request.method == "DELETE":
            del self.documents[uri]
            return Response(200)
        return Response(200, self._headers(uri, self.etags[0]), self.documents[uri])

    def _headers(self, uri: str, etag: bool) -> Headers:
        return Headers([("ETag", self.etag(uri))] if etag else [])

    def run(self, flow: Flow[T]) -> T:
        """What a shell does, without I/O."""
        try:
            step = next(flow)
            while True:
                try:
                    if isinstance(step, Pause):
                        self.pauses.append(step.seconds)
                        reply = None
                    else:
                        reply = self.answer(step)
                except XcapError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(reply)
        except StopIteration as end:
            return end.value

    @property
    def methods(self) -> list[str]:
        return [request.method for request in self.log]


def nothing(request: Request) -> None:
    """No fault."""


def lost(error: type[XcapError]) -> Fault:
    """The connection breaks."""
    return lambda request: error("lost", request=request)  # pyright: ignore[reportCallIssue]
