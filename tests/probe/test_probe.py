"""The probe: what it finds on a server that does all of it right, and that it leaves nothing and touches nothing."""

from __future__ import annotations

import pytest

from xcap_sdk import InvalidInput, TransportError, Unconditional
from xcap_sdk.probe import PARTS, Report, ScratchRefused, ScratchTaken, Verdict, probe
from xcap_sdk.probe.lab import BOOK
from xcap_sdk.profiles import CONFORMANT, KAMAILIO, load_profile, save_profile
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
NOT_WITHOUT_CREDENTIALS = {"challenge", "nonce-again"}


def test_the_embedded_server_is_conformant(xcap_server: RunningServer, tmp_path) -> None:
    report = probe(xcap_server.root, user=ALICE)
    deviating = [result for result in report.results if result.verdict is Verdict.DEVIATES]
    assert [(result.check.name, result.seen) for result in deviating] == []
    assert (report.score, report.left) == (1.0, ())
    assert {result.check.name for result in report.results if result.seen} == NOT_WITHOUT_CREDENTIALS
    assert report.measured == len(report.results) - len(NOT_WITHOUT_CREDENTIALS)
    assert len(report.results) == sum(len(part.checks) for part in PARTS)
    assert report.profile.right == CONFORMANT.right
    assert (report.profile.wrong, report.profile.dangers) == (frozenset(), frozenset())
    save_profile(report.profile, tmp_path / "server.json")
    assert load_profile(tmp_path / "server.json") == report.profile
    with xcap_server.client(ALICE, profile=report.profile) as client:
        assert list(client.directory.documents()) == [], "nothing is left"
        with client.resource_lists.edit() as book:
            book.lists.ensure("friends")
        assert client.resource_lists.exists()
    assert f"{report.measured} of {report.measured} measured are conformant (100%); 2 not" in report.text()


def test_names_are_the_names_of_one_check() -> None:
    names = [check.name for part in PARTS for check in part.checks]
    assert len(set(names)) == len(names)


def test_what_is_there_is_not_touched(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as client:
        index = client.resource_lists.address("index")
        client.put(index, BOOK, condition=Unconditional())
        with pytest.raises(ScratchTaken, match="→ 200"):
            probe(xcap_server.root, user=ALICE, document="index")
        assert client.get(index).body == BOOK


def test_an_interrupted_probe_cleans_up(xcap_server: RunningServer) -> None:
    seen = 0

    def interrupt(_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        probe(xcap_server.root, user=ALICE, progress=interrupt)
    with xcap_server.client(ALICE) as client:
        assert list(client.directory.documents()) == []


def test_what_no_check_measures_stays_as_it_is_known_of_such_servers() -> None:
    profile = Report("http://127.0.0.1/xcap-root", "kamailio (5.6.3)", ()).profile
    assert (profile.busy, profile.usages) == (KAMAILIO.busy, KAMAILIO.usages)
    assert (profile.right, profile.wrong, profile.dangers) == (
        KAMAILIO.right,
        KAMAILIO.wrong,
        KAMAILIO.dangers,
    )
    assert profile.servers == (), "it is known of this server alone"


def test_what_cannot_be_probed(xcap_server: RunningServer) -> None:
    with pytest.raises(InvalidInput, match="resource-lists"):
        probe(xcap_server.root, user=ALICE, auid="pres-rules")
    with pytest.raises(TransportError):
        probe("http://127.0.0.1:9/xcap-root", user=ALICE)
    with pytest.raises(ScratchTaken, match="401"), RunningServer(users={"alice": "secret"}) as server:
        probe(server.root, user=ALICE, auth=("alice", "wrong"))
    with pytest.raises(ScratchRefused, match=r"PUT .* → 404: .* serves resource-lists"):
        probe(xcap_server.root.replace("xcap-root", "wrong"), user=ALICE)
