"""Policies edited on a server: every byte that is not meant stays, and edits of two clients merge."""

from __future__ import annotations

import asyncio

from policy_documents import ALICE, BOB, CAROL, MALLORY

from xcap_sdk import AsyncXcapClient, SaveReport, XcapClient, policy_of
from xcap_sdk.server import RunningServer

RECEIVED = b"""<?xml version='1.0'?>
<!-- of another client -->
<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"
         xmlns:p='urn:ietf:params:xml:ns:pres-rules'  xmlns:own="http://vendor.example/rules">
  <rule id="pres_whitelist" >
    <conditions><identity><one id="sip:bob@example.org"></one><!-- a friend -->
      <one id='SIP:erin@example.org'/></identity><own:when>weekdays</own:when></conditions>
    <actions><p:sub-handling> allow
    </p:sub-handling><own:ring/></actions>
    <transformations><p:provide-note>1</p:provide-note></transformations>
  </rule>
  <rule id="xcap-sdk-block"><conditions><identity>
     <one id="sip:mallory@example.net"/>
  </identity></conditions><actions><p:sub-handling>block</p:sub-handling></actions></rule>
  <?vendor keep?>
</ruleset>
"""


def body(xcap: XcapClient) -> bytes:
    return xcap.get(xcap.pres_rules.address()).body


def test_a_statement_changes_its_own_rule_only(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.pres_rules.address(), RECEIVED)
        with xcap.pres_rules.edit() as rules:
            change = policy_of(rules).block(BOB)
            assert [(grant.rule, grant.conditional) for grant in change.remains] == [("pres_whitelist", True)]
        before, mallory, after = RECEIVED.partition(b'<one id="sip:mallory@example.net"/>')
        saved = body(xcap)
        assert saved.startswith(before + mallory)
        assert saved.endswith(after)
        added = saved.removeprefix(before + mallory).removesuffix(after)
        assert added.split() == [b"<one", b'id="sip:bob@example.org"/>']


def test_saying_it_again_sends_nothing(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.pres_rules.address(), RECEIVED)
        with (edit := xcap.pres_rules.edit()) as rules:
            policy_of(rules).block("sip:mallory@EXAMPLE.net")
        assert isinstance(edit.report, SaveReport)
        assert edit.report.outcome == "unchanged"
        assert body(xcap) == RECEIVED


def test_taking_everything_back_leaves_what_others_wrote(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.pres_rules.address(), RECEIVED)
        with xcap.pres_rules.edit() as rules:
            policy = policy_of(rules)
            policy.allow(CAROL)
            policy.allow(domain="example.com")
            policy.confirm(everyone=True)
        with xcap.pres_rules.edit() as rules:
            policy = policy_of(rules)
            for statement in policy.statements:
                assert statement.rule.startswith("xcap-sdk-")
            policy.forget(CAROL, MALLORY)
            policy.forget(domain="example.com")
            policy.forget(everyone=True)
            assert policy.statements == ()
        start = RECEIVED.index(b'<rule id="xcap-sdk-block"')
        assert body(xcap).startswith(RECEIVED[:start].rstrip())
        assert b"<?vendor keep?>" in body(xcap)


def test_statements_of_two_clients_merge(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap, xcap_server.client(ALICE) as other:
        with xcap.pres_rules.edit() as rules:
            policy_of(rules).allow("sip:old@example.org")
        mine = xcap.pres_rules.get()
        policy_of(mine.model).allow(BOB)
        with other.pres_rules.edit() as rules:
            policy_of(rules).allow(CAROL)
            policy_of(rules).block("sip:old@example.org")
        report = mine.save()
        assert report.merged
        found = policy_of(xcap.pres_rules.get().model)
        assert [found.permissions_for(watcher).allowed for watcher in (BOB, CAROL)] == [True, True]
        assert not found.permissions_for("sip:old@example.org").allowed


def test_asynchronously(xcap_server: RunningServer) -> None:
    async def main() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as xcap:
            async with xcap.pres_rules.edit() as rules:
                assert policy_of(rules).allow(BOB).changed
            await xcap.pres_rules.update(lambda rules: policy_of(rules).block(BOB) and None)
            model = (await xcap.pres_rules.get()).model
            assert model.rules.keys() == ["xcap-sdk-block"]
            assert not policy_of(model).permissions_for(BOB).allowed

    asyncio.run(main())
