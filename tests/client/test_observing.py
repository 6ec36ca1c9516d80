"""What operators see: log lines without secrets, and spans."""

from __future__ import annotations

import asyncio
import logging
import sys

import httpx
import pytest
from dictionary import ROOT
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from test_deadlines import ALICE, BOOK

from xcap_documents.resource_lists import Entry
from xcap_sdk import (
    AsyncXcapClient,
    ConnectionLost,
    InvalidDocument,
    InvalidInput,
    Network,
    NotFound,
    XcapClient,
    XcapError,
)

SECRETS = ("s3cr3t", "c00kie", "t0ken", "Digest", "nonce")


def handler(request: httpx.Request) -> httpx.Response:
    if "Authorization" not in request.headers:
        return httpx.Response(401, headers={"WWW-Authenticate": 'Digest realm="x", nonce="nonce"'})
    if "broken" in request.url.path:
        raise httpx.ReadError("reset")
    if "missing" in request.url.path:
        return httpx.Response(404)
    return httpx.Response(200, content=BOOK, headers={"ETag": '"1"', "Set-Cookie": "a=c00kie"})


def use(network: Network) -> None:
    http = httpx.Client(transport=httpx.MockTransport(handler), cookies={"a": "c00kie"})
    with XcapClient(
        ROOT.uri, user=ALICE, auth=("alice", "s3cr3t"), http=http, headers={"X-T": "t0ken"}, network=network
    ) as xcap:
        document = xcap.resource_lists.get()
        document.model.lists["friends"].label = "Friends"
        document.save()
        with pytest.raises(NotFound):
            xcap.resource_lists.get("missing")
        with pytest.raises(ConnectionLost):
            xcap.resource_lists.get("broken\u2028")


async def use_async(network: Network) -> None:
    http = httpx.AsyncClient(transport=httpx.MockTransport(handler))
    async with http:
        xcap = AsyncXcapClient(ROOT.uri, user=ALICE, auth=("alice", "s3cr3t"), http=http, network=network)
        await xcap.resource_lists.get()
        with pytest.raises(ConnectionLost):
            await xcap.resource_lists.get("broken")


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "xcap_sdk"]


def test_the_log_shows_requests_and_no_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "xcap_sdk")
    use(Network())
    index = f"{ROOT.uri}/resource-lists/users/sip:alice@example.org/index"
    found = lines(caplog)
    assert [line.partition(", ")[0] for line in found] == [
        f"GET {index} → 200",
        f'PUT {index} [If-Match: "1"] → 200',
        f"GET {index.removesuffix('index')}missing → 404",
        *[f"GET {index.removesuffix('index')}broken%E2%80%A8 → ConnectionLost"] * 2,
    ]
    assert found[0].endswith(f" ms, 0 bytes sent, {len(BOOK)} received")
    assert not any(secret in line for line in found for secret in (*SECRETS, "Friends", "friends"))
    assert {record.levelname for record in caplog.records if record.name == "xcap_sdk"} == {"DEBUG", "INFO"}


def test_bodies_are_logged_on_request_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "xcap_sdk")
    use(Network(log_bodies=True))
    text = "\n".join(lines(caplog))
    assert "Friends" in text
    assert not any(secret in text for secret in SECRETS)


def test_without_a_listener_nothing_is_made(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "xcap_sdk")
    use(Network(log_bodies=True))
    assert lines(caplog) == []


def test_pauses_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "xcap_sdk")
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(503))) as http:
        xcap = XcapClient(ROOT.uri, user=ALICE, http=http, network=Network(tries=2))
        with pytest.raises(XcapError):
            xcap.resource_lists.get()
    assert lines(caplog)[1].startswith("waiting 0.")
    assert lines(caplog)[1].endswith(" s before the next try")


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return exporter


def attributes(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def test_spans_of_calls_and_requests(spans: InMemorySpanExporter) -> None:
    use(Network(spans=True))
    found = spans.get_finished_spans()
    assert [span.name for span in found] == [
        *("GET", "xcap open_document"),
        *("PUT", "xcap save"),
        *("GET", "xcap open_document"),
        *("GET", "GET", "xcap open_document"),
    ]
    put, save = found[2], found[3]
    assert put.parent is not None
    assert save.context is not None
    assert put.parent.span_id == save.context.span_id
    assert put.kind == trace.SpanKind.CLIENT
    shown = attributes(put)
    assert shown["http.request.method"] == "PUT"
    assert shown["http.response.status_code"] == 200
    assert (shown["server.address"], shown["server.port"]) == ("xcap.example.org", 443)
    assert attributes(found[4])["error.type"] == "404"
    assert attributes(found[6])["error.type"] == "ConnectionLost"
    assert not any(secret in span.to_json() for span in found for secret in SECRETS)


def test_spans_of_asynchronous_calls(spans: InMemorySpanExporter) -> None:
    asyncio.run(use_async(Network(spans=True)))
    assert [span.name for span in spans.get_finished_spans()] == [
        *("GET", "xcap open_document"),
        *("GET", "GET", "xcap open_document"),
    ]


def test_spans_say_which_calls_failed_and_nothing_of_documents(spans: InMemorySpanExporter) -> None:
    http = httpx.Client(transport=httpx.MockTransport(handler))
    network = Network(spans=True)
    with XcapClient(ROOT.uri, user=ALICE, auth=("alice", "s3cr3t"), http=http, network=network) as xcap:
        document = xcap.resource_lists.get()
        assert xcap.get(document.address).value is not None
        for _ in range(2):
            document.model.lists["friends"].items.append(Entry(uri="sip:c0ntent@example.org"))
        with pytest.raises(InvalidDocument, match="c0ntent"):
            document.save()
    calls = [span for span in spans.get_finished_spans() if span.name.startswith("xcap")]
    assert [(span.name, span.status.status_code) for span in calls] == [
        ("xcap open_document", trace.StatusCode.UNSET),
        ("xcap get", trace.StatusCode.UNSET),
        ("xcap save", trace.StatusCode.ERROR),
    ]
    assert attributes(calls[2])["error.type"] == "InvalidDocument"
    assert not any(word in span.to_json() for span in calls for word in ("c0ntent", "friends"))


def test_spans_need_opentelemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    with pytest.raises(InvalidInput, match=r"xcap-sdk\[otel\]"):
        XcapClient(ROOT.uri, network=Network(spans=True))
