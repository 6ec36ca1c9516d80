"""HTTP on one side, the service on the other: raw paths, bounded bodies, worker threads, a log line each."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import anyio
import anyio.to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from xcap_sdk.errors import InvalidRoot
from xcap_sdk.protocol.faults import Refused
from xcap_sdk.protocol.messages import Headers
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.admission import Admitted, Gate, Incoming
from xcap_sdk.server.answers import Answer, Rejected, conflict, rejected
from xcap_sdk.server.framing import check_content, check_head
from xcap_sdk.server.service import DocumentService
from xcap_sdk.server.storage import StorageError

log: Final = logging.getLogger("xcap_sdk.server")

# How many bodies of the largest size may be held at a time.
_BODIES: Final = 16
_LATER: Final = (("Retry-After", "1"), ("Connection", "close"))


class XcapEndpoint:
    """Turns HTTP into requests of the service, and answers into HTTP.

    Args:
        gate: Judges requests before their bodies are read.
        service: Carries them out, in worker threads.
        root_path: The raw path of the XCAP root, without a slash at its end.
        root: The XCAP root as clients see it; None to take it from each request.
        max_body: The largest body taken, in bytes.
        max_head: The largest request head taken, in bytes.
        body_timeout: Seconds that a client may take to send its body.
        workers: How many requests are worked on at a time.
    """

    def __init__(
        self,
        gate: Gate,
        service: DocumentService,
        *,
        root_path: str,
        root: XcapRoot | None,
        max_body: int,
        max_head: int,
        body_timeout: float,
        workers: int,
    ) -> None:
        self._gate = gate
        self._service = service
        self._root_path = root_path
        self._root = root
        self._max_body = max_body
        self._max_head = max_head
        self._held = 0
        self._body_timeout = body_timeout
        self._limiter = anyio.CapacityLimiter(workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        request = Request(scope, receive)
        target = _target(scope)
        user: str | None = None
        body = bytearray()
        try:
            check_head(scope, self._max_head)
            admitted = self._gate.admit(self._incoming(request, target))
            user = admitted.user
            if admitted.method == "PUT":
                await self._read(request, body)
            answer = await anyio.to_thread.run_sync(
                self._answer, admitted, bytes(body), limiter=self._limiter
            )
        except Rejected as error:
            answer = error.answer
        except ClientDisconnect:
            log.info("%s %s: the client went away before its body was here", request.method, target)
            return
        finally:
            self._held -= len(body)
        took = (time.perf_counter() - started) * 1000
        log.info(
            "%s %s %d %d bytes in %.1f ms for %s",
            request.method,
            target,
            answer.status,
            len(answer.body),
            took,
            user or "anyone",
        )
        response = Response(answer.body, answer.status)
        for name, value in answer.fields():
            response.headers.append(name, value)
        await response(scope, receive, send)

    def _incoming(self, request: Request, target: str) -> Incoming:
        scope = request.scope
        headers = Headers(request.headers.items())
        prefix = scope.get("root_path", "") + self._root_path
        path, question, query = target.partition("?")
        if not path.startswith(f"{prefix}/"):
            raise rejected(404, f"nothing is here: the XCAP root is {prefix}")
        root = self._root or _root(scope["scheme"], headers.get("host") or _server(scope), prefix)
        return Incoming(
            request.method, root, path[len(prefix) + 1 :], query if question else None, target, headers
        )

    async def _read(self, request: Request, body: bytearray) -> None:
        """Read the whole body; what is in `body` counts as held until the request is answered.

        Raises:
            Rejected: 413 if it is too large, before it is read where its length is announced; 408 if it takes
                too long; 503 if too much is held already.
        """
        check_content(request.headers)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self._max_body:
            raise self._too_large()
        with anyio.move_on_after(self._body_timeout):
            async for chunk in request.stream():
                body += chunk
                self._held += len(chunk)
                if len(body) > self._max_body:
                    raise self._too_large()
                if self._held > _BODIES * self._max_body:
                    raise rejected(503, "too many bodies are being sent", *_LATER)
            return
        phrase = f"the body was not here after {self._body_timeout:g} seconds"
        raise rejected(408, phrase, ("Connection", "close"))

    def _too_large(self) -> Rejected:
        return rejected(413, f"the body is larger than the {self._max_body} bytes taken here")

    def _answer(self, request: Admitted, body: bytes) -> Answer:
        try:
            return self._service.answer(request, body)
        except Rejected as error:
            return error.answer
        except Refused as error:
            log.info("refused: %s", error.fault.kind)
            return conflict(error.fault)
        except StorageError as error:
            log.error("%s", error)  # noqa: TRY400 - the message says it; a traceback would show no more
            if error.busy:
                return rejected(503, "the database is busy", ("Retry-After", "1")).answer
            if error.full:
                return rejected(507, "there is no space left for what is to be stored").answer
            return rejected(500, "the database failed").answer


def _target(scope: Scope) -> str:
    """The request target in origin form, as received."""
    raw: bytes | None = scope.get("raw_path")
    path = quote(scope["path"]) if raw is None else raw.decode("latin-1")
    if not path.startswith("/") and "://" in path:
        # The absolute form, which every server has to take (RFC 9112 §3.2.2).
        path = "/" + path.partition("://")[2].partition("/")[2]
    query: bytes = scope["query_string"]
    return f"{path}?{query.decode('latin-1')}" if query else path


def _server(scope: Scope) -> str:
    host, port = scope.get("server") or ("localhost", None)
    bracketed = f"[{host}]" if ":" in host else host
    return f"{bracketed}:{port}" if port else bracketed


@lru_cache(maxsize=256)
def _root(scheme: str, host: str, path: str) -> XcapRoot:
    try:
        return XcapRoot(f"{scheme}://{host.replace('/', ' ')}{path}")
    except InvalidRoot as error:
        raise rejected(400, f"the Host header {host!r} is no host") from error
