"""What the probe does where a server goes down under its hands: on a table of three checks."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from xcap_sdk.probe import Part, Verdict, probe, running
from xcap_sdk.probe.checks import PARTS
from xcap_sdk.profiles import Danger
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"


class Fragile(httpx.BaseTransport):
    """A server that nobody knows, and that a GET of namespaces ends."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self._is_down = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and request.url.path.endswith("namespace::*"):
            self._is_down = True
        if self._is_down:
            raise httpx.ConnectError("refused", request=request)
        response = self._inner.handle_request(request)
        response.read()
        del response.headers["Server"]
        return response

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part("Few")
    checks = {check.name: check for each in PARTS for check in each.checks}
    part.checks += [checks[name] for name in ("document-bytes", "namespaces", "document-type")]
    monkeypatch.setattr(running, "PARTS", (part,))


@pytest.fixture
def server(few: None, xcap_server: RunningServer) -> Iterator[tuple[str, httpx.Client]]:
    with httpx.Client(transport=Fragile()) as http:
        yield xcap_server.root, http


def test_what_brings_servers_down_is_not_sent(server: tuple[str, httpx.Client]) -> None:
    root, http = server
    report = probe(root, user=ALICE, http=http)
    conformant, unknown = Verdict.CONFORMANT, Verdict.NOT_MEASURED
    assert [result.verdict for result in report.results] == [conformant, unknown, conformant]
    assert Danger.GET_NAMESPACES in report.profile.dangers
    assert report.left == ()


def test_what_is_asked_for_is_sent_and_the_rest_not_measured(server: tuple[str, httpx.Client]) -> None:
    root, http = server
    report = probe(root, user=ALICE, http=http, dangerous=True)
    conformant, down, unknown = report.results
    assert conformant.verdict is Verdict.CONFORMANT
    assert (down.verdict, down.harms) == (Verdict.DEVIATES, True)
    assert "does not answer any more" in down.seen
    assert (unknown.verdict, "since namespaces" in unknown.seen) == (Verdict.NOT_MEASURED, True)
    assert Danger.GET_NAMESPACES in report.profile.dangers
    [left] = report.left
    assert left in report.text()
    assert left in report.markdown()


def test_what_is_known_to_stand_it_is_asked(few: None, xcap_server: RunningServer) -> None:
    report = probe(xcap_server.root, user=ALICE)
    assert {result.verdict for result in report.results} == {Verdict.CONFORMANT}


def test_an_interruption_names_what_is_left(server: tuple[str, httpx.Client]) -> None:
    root, http = server

    def interrupt(result: running.Result) -> None:
        if result.harms:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        probe(root, user=ALICE, http=http, dangerous=True, progress=interrupt)
    assert "xcap-probe-" in caught.value.__notes__[0]
