"""OMA presence rules: the lists that they may point to, the rules known by their ids, and RCS's first rules."""

from __future__ import annotations

import pytest
from policy_documents import ALICE, BOB, CAROL, MALLORY, on_list, one, rule, ruleset

from xcap_documents.pres_rules import SubHandling
from xcap_sdk import (
    OMA_PRES_RULES,
    PRES_RULES,
    RESOURCE_LISTS,
    DocumentAddress,
    InvalidDocument,
    InvalidInput,
    ReservedList,
    WellKnownRule,
    XcapRoot,
    rcs_rules,
    validate,
)
from xcap_sdk.server import RunningServer
from xcap_sdk.usages.policy import policy_of

ROOT = XcapRoot("https://xcap.example.org/root")


def address(auid: str = "org.openmobilealliance.pres-rules", xui: str | None = ALICE) -> DocumentAddress:
    return DocumentAddress(
        root=ROOT,
        auid=auid,
        tree="global" if xui is None else "users",
        xui=xui,
        document="index",
        default_namespace=RESOURCE_LISTS.namespace if auid == "resource-lists" else None,
    )


INDEX = f"{ROOT}/resource-lists/users/{ALICE}/index"
FRIENDS = f"{INDEX}/~~/resource-lists/list%5B@name=%22friends%22%5D"


@pytest.mark.parametrize(
    "anchor",
    [
        FRIENDS,
        FRIENDS.replace("xcap.example.org", "XCAP.example.org:443"),
        FRIENDS.replace("sip:alice@", "sip%3Aalice%40").replace("~~", "%7E%7E"),
        f"{ROOT}/resource-lists/users/{ALICE}/office/a/~~/resource-lists/list%5B1%5D",
        f"{INDEX}/~~/r:resource-lists/r:list?xmlns(r=urn:ietf:params:xml:ns:resource-lists)",
    ],
)
def test_lists_of_the_user_at_the_same_root(anchor: str) -> None:
    assert OMA_PRES_RULES.problems(ruleset(rule(on_list(anchor))), address()) == []


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        (FRIENDS.replace("https", "http"), "no list at the same XCAP root"),
        (FRIENDS.replace("xcap.", "other."), "no list at the same XCAP root"),
        (FRIENDS.replace("/root/", "/root2/"), "no list at the same XCAP root"),
        ("/resource-lists/users", "no list at the same XCAP root"),
        (f"{ROOT}/resource-lists/users/~~/x", "no list at the same XCAP root"),
        (f"{INDEX}/~~/resource-lists/list%5B", "no list at the same XCAP root"),
        (f"{INDEX}/~~/resource-lists/list%5B@name=%22%FF%22%5D", "no list at the same XCAP root"),
        (INDEX, "no element of a resource-lists document"),
        (
            FRIENDS.replace("root/resource-lists", "root/rls-services"),
            "no element of a resource-lists document",
        ),
        (FRIENDS.replace(ALICE, BOB), "no list of sip:alice@example.org"),
        (FRIENDS.replace(f"users/{ALICE}", "global"), "no list of sip:alice@example.org"),
        ("", "no list at the same XCAP root"),
    ],
)
def test_other_lists(anchor: str, said: str) -> None:
    policy = ruleset(rule(one(BOB)), rule(on_list(FRIENDS, anchor), name="b"))
    [problem] = OMA_PRES_RULES.problems(policy, address())
    assert (problem.place, problem.rule) == ('rules["b"].external_list.at(1).anc', "external-list")
    assert said in problem.message
    assert policy.rules["b"].external_list.at(1).anc == anchor  # the place is one
    assert OMA_PRES_RULES.problems(policy) == []
    assert PRES_RULES.problems(policy, address("pres-rules")) == []


def test_an_entry_without_an_anchor_points_nowhere() -> None:
    policy = ruleset(rule("<ocp:external-list><ocp:entry/></ocp:external-list>"))
    assert OMA_PRES_RULES.problems(policy, address()) == []


def test_a_save_is_refused_before_it_is_sent_and_by_the_server(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        mine = xcap.resource_lists.address().element("resource-lists/list")
        theirs = xcap.of(BOB).resource_lists.address().element("resource-lists/list")
        with xcap.oma_pres_rules.edit() as rules:
            assert policy_of(rules).allow(external_list=mine).changed
        with (
            pytest.raises(InvalidDocument, match=r"no list of sip:alice@example\.org"),
            xcap.oma_pres_rules.edit() as rules,
        ):
            policy_of(rules).allow(external_list=theirs)
        held = xcap.oma_pres_rules.get()
        assert held.model.rules["xcap-sdk-allow-lists"].external_list.keys() == [mine.uri]


# Well-known rules.


def test_well_known_rules_are_their_ids() -> None:
    policy = ruleset(rule("<ocp:other-identity/>", "confirm", name="wp_prs_unlisted"))
    assert policy.rules[WellKnownRule.UNLISTED].other_identity
    assert [str(each) for each in WellKnownRule] == [
        *("wp_prs_allow_own", "wp_prs_grantedcontacts", "wp_prs_blockedcontacts"),
        *("wp_prs_unlisted", "wp_prs_block_anonymous", "rcs_allow_services_anonymous"),
    ]


def test_the_rules_that_an_rcs_client_starts_with() -> None:
    model = rcs_rules(address("resource-lists"))
    validate(model, OMA_PRES_RULES, address())
    granted, blocked = (
        FRIENDS.replace("friends", name)
        for name in (ReservedList.GRANTED_CONTACTS, ReservedList.BLOCKED_CONTACTS)
    )
    lists = {granted: [BOB], blocked: [MALLORY]}
    policy = policy_of(model)
    assert {
        watcher: policy.permissions_for(watcher, lists=lists).sub_handling
        for watcher in (ALICE, BOB, MALLORY, CAROL, None)
    } == {
        ALICE: SubHandling.ALLOW,
        BOB: SubHandling.ALLOW,
        MALLORY: SubHandling.BLOCK,
        CAROL: SubHandling.CONFIRM,
        None: SubHandling.ALLOW,
    }
    anonymous = policy.permissions_for(None)
    assert (anonymous.provide_services.all, anonymous.provide_persons.all) == (True, False)
    assert policy.permissions_for(BOB, lists=lists).provide_persons.all
    assert policy.allow(CAROL).remains == ()
    assert policy.permissions_for(CAROL, lists=lists).allowed


def test_rcs_rules_are_somebodys() -> None:
    with pytest.raises(InvalidInput, match="nobody's own document"):
        rcs_rules(address("resource-lists", None))


def test_rcs_rules_on_a_server(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.oma_pres_rules.create(rcs_rules(xcap.resource_lists.address()))
        assert xcap.oma_pres_rules.get().model.rules.keys() == [
            *("wp_prs_allow_own", "wp_prs_grantedcontacts", "wp_prs_blockedcontacts"),
            *("wp_prs_unlisted", "rcs_allow_services_anonymous"),
        ]
