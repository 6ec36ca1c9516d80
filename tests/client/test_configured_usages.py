"""Application usages as one server has them: other names for documents, other default namespaces."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    OMA_PRES_RULES,
    PRES_RULES,
    RESOURCE_LISTS,
    ApplicationUsage,
    AsyncXcapClient,
    NotFound,
    XcapClient,
    policy_of,
    serialize,
)
from xcap_sdk.server import RunningServer

ROOT = "https://xcap.example.org/root"
ALICE = "sip:alice@example.org"
PR = "urn:ietf:params:xml:ns:pres-rules"
CP = "urn:ietf:params:xml:ns:common-policy"
OMA = "org.openmobilealliance.pres-rules"

# As SIP SIMPLE clients and OpenXCAP have OMA's usage.
AS_OPENXCAP = dataclasses.replace(OMA_PRES_RULES, document="index", namespace=PR)


class Seen:
    """A server that answers every GET with rules, and notes what was asked for."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.raw_path.decode().removeprefix("/root/"))
        media_type = "application/auth-policy+xml"
        return httpx.Response(
            200, headers={"Content-Type": media_type, "ETag": '"1"'}, content=serialize(Ruleset())
        )


def sync_client(seen: Seen, *usages: ApplicationUsage[Ruleset]) -> XcapClient:
    http = httpx.Client(transport=httpx.MockTransport(seen))
    return XcapClient(ROOT, user=ALICE, http=http, usages=usages)


def test_the_default_document_and_namespace_are_those_of_the_server() -> None:
    seen = Seen()
    xcap = sync_client(seen, AS_OPENXCAP)
    assert xcap.oma_pres_rules.usage is AS_OPENXCAP
    xcap.oma_pres_rules.get()
    xcap.oma_pres_rules.get(document="pres-rules")
    xcap.of("sip:bob@example.org").oma_pres_rules.get()
    xcap.pres_rules.get()
    assert seen.paths == [
        f"{OMA}/users/{ALICE}/index",
        f"{OMA}/users/{ALICE}/pres-rules",
        f"{OMA}/users/sip:bob@example.org/index",
        f"pres-rules/users/{ALICE}/index",
    ]


def test_raw_addresses_are_those_of_the_server() -> None:
    seen = Seen()
    xcap = sync_client(seen, AS_OPENXCAP)
    for address in (xcap.address(OMA), xcap.oma_pres_rules.address(), xcap.of(ALICE).address(OMA)):
        assert address.document == "index"
        assert address.default_namespace == PR
        rules = address.element('cp:ruleset/cp:rule[@id="a"]', namespaces={"cp": CP})
        assert rules.uri == f"{address.uri}/~~/cp:ruleset/cp:rule%5B@id=%22a%22%5D?xmlns(cp={CP})"
    assert xcap.get(xcap.address(OMA)).value == Ruleset()
    # A usage that is handed in is meant as it is.
    assert xcap.address(OMA_PRES_RULES).document == "pres-rules"


def test_clients_do_not_share_what_they_were_told() -> None:
    first, second = sync_client(Seen(), AS_OPENXCAP), sync_client(Seen())
    assert first.oma_pres_rules.usage.document == "index"
    assert second.oma_pres_rules.usage is OMA_PRES_RULES
    assert second.address(OMA).document == "pres-rules"


def test_asynchronously() -> None:
    seen = Seen()

    async def main() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(seen))
        async with AsyncXcapClient(ROOT, user=ALICE, http=http, usages=[AS_OPENXCAP]) as xcap:
            assert xcap.oma_pres_rules.usage is AS_OPENXCAP
            assert xcap.address(OMA).default_namespace == PR
            await xcap.oma_pres_rules.get()
            await xcap.of("sip:bob@example.org").oma_pres_rules.get()

    asyncio.run(main())
    assert seen.paths == [f"{OMA}/users/{ALICE}/index", f"{OMA}/users/sip:bob@example.org/index"]


def test_from_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XCAP_ROOT", ROOT)
    monkeypatch.setenv("XCAP_USER", ALICE)
    with XcapClient.from_settings(usages=[AS_OPENXCAP]) as xcap:
        assert xcap.oma_pres_rules.address().uri == f"{ROOT}/{OMA}/users/{ALICE}/index"
    http = httpx.AsyncClient()
    mine = AsyncXcapClient.from_settings(usages=[AS_OPENXCAP], http=http)
    assert mine.oma_pres_rules.address().uri == f"{ROOT}/{OMA}/users/{ALICE}/index"


def test_a_usage_with_another_root_is_no_stand_in() -> None:
    other = ApplicationUsage(auid=OMA, root=ResourceLists, media_type="application/x+xml", document="x")
    http = httpx.Client(transport=httpx.MockTransport(Seen()))
    xcap = XcapClient(ROOT, user=ALICE, http=http, usages=[other])
    assert xcap.oma_pres_rules.usage is OMA_PRES_RULES
    assert xcap.address(OMA).document == "x"
    assert xcap.repository(other).usage is other


@pytest.mark.parametrize("node_writes", [False, True])
def test_edits_on_a_server_that_has_it_otherwise(
    xcap_server_factory: Callable[..., RunningServer], node_writes: bool
) -> None:
    served = [AS_OPENXCAP, dataclasses.replace(PRES_RULES, document="rules", namespace=CP)]
    server = xcap_server_factory(usages=served)
    with XcapClient(server.root, user=ALICE, usages=served, node_writes=node_writes) as xcap:
        for repository, name in ((xcap.oma_pres_rules, "index"), (xcap.pres_rules, "rules")):
            for watcher in ("sip:bob@example.org", "sip:carol@example.org"):
                with repository.edit() as rules:
                    policy_of(rules).allow(watcher)
            found = repository.get()
            assert found.uri.endswith(f"/{name}")
            assert len(found.model.rules["xcap-sdk-allow"].identity) == 2
            rule = repository.address().element("cp:ruleset/cp:rule", namespaces={"cp": CP})
            assert b"sip:carol@example.org" in xcap.get(rule).body
    plain = XcapClient(server.root, user=ALICE)
    with plain, pytest.raises(NotFound):
        plain.oma_pres_rules.get()


def test_keys_and_checks_go_with_the_usage() -> None:
    assert AS_OPENXCAP.keys == OMA_PRES_RULES.keys
    assert AS_OPENXCAP.checks == OMA_PRES_RULES.checks
    lists = dataclasses.replace(RESOURCE_LISTS, document="contacts")
    http = httpx.Client(transport=httpx.MockTransport(Seen()))
    assert (
        XcapClient(ROOT, user=ALICE, http=http, usages=[lists]).resource_lists.address().document
        == "contacts"
    )
