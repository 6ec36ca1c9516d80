"""What operators see of a client: log lines of the logger ``xcap_sdk``, and OpenTelemetry spans if wanted.

Neither ever shows credentials, tokens, cookies or other header fields than conditions, and no bodies unless
those are asked for.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from xcap_sdk.errors import InvalidInput, ReplyError
from xcap_sdk.protocol.messages import Request, Response

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

LOGGER = logging.getLogger("xcap_sdk")
_SHOWN = 2000
_CONDITIONS = {"If-Match", "If-None-Match"}
_QUIET: dict[str, Any] = {"record_exception": False, "set_status_on_exception": False}
"""What errors say is of documents, too, as places that clash: it stays out of spans."""


class Observer:
    """Watches calls and their requests.

    Args:
        bodies: Whether the log shows bodies, up to 2,000 bytes of each.
        spans: Whether there are OpenTelemetry spans.

    Raises:
        InvalidInput: OpenTelemetry is not installed.
    """

    def __init__(self, *, bodies: bool, spans: bool) -> None:
        self._bodies = bodies
        self._tracer = _tracer() if spans else None

    @contextlib.contextmanager
    def call(self, flow: object) -> Generator[None]:
        """Watch a whole call: one span around those of its requests."""
        if self._tracer is None:
            yield
            return
        name: str = getattr(flow, "__name__", "call")
        with self._tracer.start_as_current_span(f"xcap {name}", **_QUIET) as span:
            try:
                yield
            except StopIteration:  # how a flow ends that gives a value
                raise
            except BaseException as error:
                _failed(span, error)
                raise

    @contextlib.contextmanager
    def request(self, request: Request) -> Generator[list[Response]]:
        """Watch one request, its authentication included; the response is to be put in the list."""
        replies: list[Response] = []
        begin = time.perf_counter()
        with self._span(request) as span:
            try:
                yield replies
            except BaseException as error:
                self._log(request, _named(error), begin, getattr(error, "response", None))
                if span is not None:
                    _failed(span, error)
                raise
            self._log(request, str(replies[0].status), begin, replies[0])
            if span is not None:
                span.set_attribute("http.response.status_code", replies[0].status)
                span.set_attribute("http.response.body.size", len(replies[0].body))
                if replies[0].status >= 400:
                    span.set_attribute("error.type", str(replies[0].status))

    def _log(self, request: Request, outcome: str, begin: float, response: Response | None) -> None:
        failed = not outcome.isdigit()
        level = logging.INFO if failed else logging.DEBUG
        if not LOGGER.isEnabledFor(level):
            return
        conditions = [f"[{name}: {value}]" for name, value in request.headers if name in _CONDITIONS]
        got = b"" if response is None else response.body
        LOGGER.log(
            level,
            "%s → %s, %.0f ms, %d bytes sent, %d received",
            " ".join([request.method, request.uri, *conditions]),
            outcome,
            (time.perf_counter() - begin) * 1000,
            len(request.body or b""),
            len(got),
        )
        if self._bodies:
            LOGGER.log(level, "sent %r, received %r", (request.body or b"")[:_SHOWN], got[:_SHOWN])

    def _span(self, request: Request) -> contextlib.AbstractContextManager[Span | None]:
        if self._tracer is None:
            return contextlib.nullcontext()
        from opentelemetry.trace import SpanKind

        parts = urlsplit(request.uri)
        attributes: dict[str, Any] = {
            "http.request.method": request.method,
            "http.request.body.size": len(request.body or b""),
            "url.full": request.uri,
            "server.address": parts.hostname or "",
            "server.port": parts.port or (443 if parts.scheme == "https" else 80),
        }
        return self._tracer.start_as_current_span(
            request.method, kind=SpanKind.CLIENT, attributes=attributes, **_QUIET
        )


def _failed(span: Span, error: BaseException) -> None:
    from opentelemetry.trace import StatusCode

    span.set_attribute("error.type", type(error).__name__)
    span.set_status(StatusCode.ERROR)


def _named(error: BaseException) -> str:
    return (
        f"{type(error).__name__} ({error.status})" if isinstance(error, ReplyError) else type(error).__name__
    )


def log_pause(seconds: float) -> None:
    """Note that a call waits before it tries again."""
    LOGGER.debug("waiting %.1f s before the next try", seconds)


def _tracer() -> Tracer:
    try:
        from opentelemetry.trace import get_tracer
    except ImportError:
        raise InvalidInput("spans=True needs OpenTelemetry: pip install 'xcap-sdk[otel]'") from None
    return get_tracer("xcap_sdk")
