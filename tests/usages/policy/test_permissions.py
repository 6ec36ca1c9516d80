"""What a watcher may see (RFC 4745 §7 and §10, RFC 5025 §3, OMA's conditions)."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import typing
from collections.abc import Iterable

import pytest
from policy_documents import ALICE, BOB, CAROL, MALLORY, NOON, on_list, one, rule, ruleset

from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_rules import Geopriv
from xcap_documents.pres_rules import SubHandling, UserInput
from xcap_sdk.errors import InvalidAddress, InvalidInput
from xcap_sdk.usages.policy import Ignored, Permissions, Selected, Selector, Unknown, policy_of
from xcap_sdk.usages.policy.combining import BOOLEANS

ALLOW, BLOCK, CONFIRM, POLITE = (
    SubHandling.ALLOW,
    SubHandling.BLOCK,
    SubHandling.CONFIRM,
    SubHandling.POLITE_BLOCK,
)


def matches(conditions: str, watcher: str | Iterable[str] | None = BOB, **known: typing.Any) -> bool:
    """Whether a rule with these conditions counts for a watcher."""
    found = policy_of(ruleset(rule(conditions))).permissions_for(watcher, **{"at": NOON} | known)
    return found.matched == ("a",)


# Whom rules match.


def test_a_decision_reads_as_text() -> None:
    assert str(policy_of(Ruleset()).permissions_for(BOB)) == "block: no rule says anything of this watcher"
    shown = (
        "<pr:provide-persons><pr:class>home</pr:class></pr:provide-persons><pr:provide-mood>true</pr:provide-mood>"
        "<pr:provide-note>false</pr:provide-note><pr:provide-user-input>bare</pr:provide-user-input>"
        "<pr:provide-services><pr:all-services/></pr:provide-services><f:wealth/>"
    )
    policy = policy_of(ruleset(rule(one(BOB), transformations=shown), rule('<sphere value="x"/>', name="b")))
    assert str(policy.permissions_for(BOB)).splitlines() == [
        "allow: by a",
        "  shown: all services, some persons, user input (bare), mood",
        "  not decided: sphere in b",
        "  ignored: {urn:foreign}wealth in a",
    ]
    assert str(policy.permissions_for(MALLORY)).splitlines()[0].startswith("block: ")
    everything = rule(
        one(BOB), transformations="<pr:provide-all-attributes/><pr:provide-mood>true</pr:provide-mood>"
    )
    assert str(policy_of(ruleset(everything)).permissions_for(BOB)) == "allow: by a\n  shown: all attributes"


def test_a_policy_without_rules_blocks() -> None:
    found = policy_of(Ruleset()).permissions_for(BOB)
    assert found == Permissions()
    assert (found.sub_handling, found.allowed) == (BLOCK, False)


def test_a_rule_without_conditions_is_for_everybody() -> None:
    for policy in (ruleset('<rule id="a"/>'), ruleset(rule(""))):
        for watcher in (BOB, None):
            assert policy_of(policy).permissions_for(watcher).matched == ("a",)


@pytest.mark.parametrize(
    ("identity", "watcher", "expected"),
    [
        (one(ALICE, BOB), BOB, True),
        (one(ALICE), BOB, False),
        (one("sip:bob@EXAMPLE.org;lr"), BOB, True),
        (one("sip:Bob@example.org"), BOB, False),
        (one("tel:+15550123"), "tel:+1-555-0123", True),
        (one("sip:+15550123@example.org"), "tel:+15550123", False),
        (one(BOB), None, False),
        (one("tel:+15550123"), [BOB, "tel:+15550123"], True),
        ("<identity><many/></identity>", BOB, True),
        ("<identity><many/></identity>", "tel:+1", True),
        ("<identity><many/></identity>", None, False),
        ('<identity><many domain="Example.ORG"/></identity>', BOB, True),
        ('<identity><many domain="example.org"/></identity>', "sip:bob@sub.example.org", False),
        ('<identity><many domain="example.org"/></identity>', "tel:+1", False),
        (
            '<identity><many domain="xn--bcher-kva.example"/></identity>',
            "sip:bob@b%C3%BCcher.example",
            True,
        ),
        ('<identity><many domain="x..y"/></identity>', "sip:bob@x..y", False),
        (f'<identity><many><except id="{BOB}"/></many></identity>', BOB, False),
        (f'<identity><many><except id="{BOB}"/></many></identity>', ALICE, True),
        ('<identity><many><except domain="example.org"/></many></identity>', BOB, False),
        ('<identity><many><except domain="example.org"/></many></identity>', CAROL, True),
        ("<identity><many><except/></many></identity>", BOB, True),
        (
            f'<identity><many domain="example.com"><except id="{BOB}"/></many></identity>',
            [BOB, CAROL],
            False,
        ),
        (f'<identity><many><except id="{BOB}"/></many><one id="{BOB}"/></identity>', BOB, True),
        (f"{one(ALICE)}{one(BOB)}", BOB, False),
        (f"{one(ALICE, BOB)}{one(BOB)}", BOB, True),
        # RFC 5025 §3.1.1.2: who is not authenticated fits an empty identity, and nobody else does.
        ("<identity/>", None, True),
        ("<identity/>", BOB, False),
    ],
)
def test_identities(identity: str, watcher: str | list[str] | None, expected: bool) -> None:
    assert matches(identity, watcher) is expected


@pytest.mark.parametrize(
    ("sphere", "now", "expected"),
    [
        ("work", "work", True),
        ("work", "home", False),
        ("home work", "WORK", True),
        ("Work", "work", True),
        ("homework", "work", False),
        ("", "work", False),
        ("work", None, False),
    ],
)
def test_spheres(sphere: str, now: str | None, expected: bool) -> None:
    assert matches(f'<sphere value="{sphere}"/>', sphere=now) is expected


def during(*pairs: tuple[str, str]) -> str:
    content = "".join(f"<from>{start}</from><until>{end}</until>" for start, end in pairs)
    return f"<validity>{content}</validity>"


@pytest.mark.parametrize(
    ("validity", "expected"),
    [
        (during(("2030-06-01T12:00:00Z", "2030-06-01T12:00:01Z")), True),
        (during(("2030-06-01T11:00:00Z", "2030-06-01T12:00:00Z")), False),
        (during(("2030-06-01T14:00:00+02:00", "2030-06-01T15:00:00+02:00")), True),
        (
            during(
                ("2029-01-01T00:00:00Z", "2029-02-01T00:00:00Z"),
                ("2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z"),
            ),
            True,
        ),
        (during(("2031-01-01T00:00:00Z", "2030-01-01T00:00:00Z")), False),
        (2 * during(("2030-01-01T00:00:00Z", "2031-01-01T00:00:00Z")), True),
        ("<validity/>", False),
    ],
)
def test_validity(validity: str, expected: bool) -> None:
    assert matches(validity) is expected


def test_the_moment_is_now_unless_another_is_given() -> None:
    past = during(("2001-01-01T00:00:00Z", "2002-01-01T00:00:00Z"))
    policy = policy_of(ruleset(rule(past)))
    assert policy.permissions_for(BOB).matched == ()
    assert policy.permissions_for(BOB, at=dt.datetime(2001, 6, 1, tzinfo=dt.UTC)).matched == ("a",)
    with pytest.raises(InvalidInput, match=r"no time zone: give one, such as datetime\.UTC"):
        policy.permissions_for(BOB, at=dt.datetime(2001, 6, 1))
    with pytest.raises(InvalidAddress, match=r"did you mean 'sip:bob@example\.org'"):
        policy.permissions_for("bob@example.org")


# What cannot be decided does not hold, and is reported.


@pytest.mark.parametrize(
    ("conditions", "name", "reason"),
    [
        ("<f:x/>", "{urn:foreign}x", "not known what it means"),
        (f'<identity><one id="{BOB}"><f:x/></one></identity>', "{urn:foreign}x", "in a one"),
        ("<identity><many><f:x/></many></identity>", "{urn:foreign}x", "in a many"),
        ("<identity><f:x/></identity>", "{urn:foreign}x", "in an identity"),
        ('<sphere value="work"/>', "sphere", "would have to be 'work'"),
        (
            '<gp:location-condition xmlns:gp="urn:ietf:params:xml:ns:geolocation-policy"/>',
            "location-condition",
            "not known where the owner is",
        ),
        (on_list("https://x.example/l"), "external-list", "'https://x.example/l' are not known"),
        ("<ocp:external-list><ocp:entry/></ocp:external-list>", "external-list", "None"),
        (
            during(("2030-01-01T00:00:00Z", "10000-01-01T00:00:00Z")),
            "validity",
            "no period that can be compared",
        ),
        (during(("2030-01-01T00:00:00", "2031-01-01T00:00:00Z")), "validity", "no time zone"),
        ("<validity><from>2030-01-01T00:00:00Z</from></validity>", "validity", "without its until"),
    ],
)
def test_what_cannot_be_decided_does_not_hold(conditions: str, name: str, reason: str) -> None:
    found = policy_of(ruleset(rule(conditions), rule("", "block", name="b"))).permissions_for(BOB, at=NOON)
    assert found.matched == ("b",)
    [unknown] = found.unknown
    assert (unknown.rule, unknown.condition) == ("a", name)
    assert reason in unknown.reason


def test_an_undecided_part_does_not_hide_the_others() -> None:
    policy = ruleset(rule(f'<identity><f:x/><one id="{BOB}"/></identity>'))
    found = policy_of(policy).permissions_for(BOB)
    assert found.matched == ("a",)
    assert [unknown.condition for unknown in found.unknown] == ["{urn:foreign}x"]


# OMA's conditions.

GRANTED = "https://xcap.example/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list%5B@name=%22oma_grantedcontacts%22%5D"


def oma() -> Ruleset:
    return ruleset(
        rule(one(ALICE), "polite-block", name="named"),
        rule(on_list(GRANTED), "allow", name="listed"),
        rule("<ocp:other-identity/>", "confirm", name="unlisted"),
        rule("<ocp:anonymous-request/>", "block", name="anonymous"),
    )


def members(anchor: str) -> list[str] | None:
    return [ALICE, "sip:CAROL@example.com", CAROL] if anchor == GRANTED else None


@pytest.mark.parametrize(
    ("watcher", "matched", "handling"),
    [
        (ALICE, "named", POLITE),  # although the list would allow her
        (CAROL, "listed", ALLOW),
        (MALLORY, "unlisted", CONFIRM),
        (None, "anonymous", BLOCK),
    ],
)
def test_the_most_direct_of_omas_conditions_counts(
    watcher: str | None, matched: str, handling: SubHandling
) -> None:
    found = policy_of(oma()).permissions_for(watcher, lists=members)
    assert (found.matched, found.sub_handling, found.unknown) == ((matched,), handling, ())


def test_lists_by_their_uris() -> None:
    policy = policy_of(oma())
    lists = {GRANTED.replace("%22", '"'): {CAROL}}
    assert policy.permissions_for(CAROL, lists=lists).matched == ("listed",)
    assert policy.permissions_for(MALLORY, lists={}).unknown == (
        Unknown("listed", "external-list", f"the members of {GRANTED!r} are not known"),
    )
    assert policy.permissions_for(MALLORY, lists=iter_once).matched == ("unlisted",)
    assert policy.permissions_for(CAROL, lists=iter_once).matched == ("listed",)


def iter_once(anchor: str) -> Iterable[str]:
    return iter([BOB, CAROL])


def test_other_identity_is_for_whom_no_other_rule_names_whether_or_not_that_rule_holds() -> None:
    policy = ruleset(
        rule(f'{one(BOB)}<sphere value="work"/>', name="at-work"),
        rule("<ocp:other-identity/>", "confirm", name="unlisted"),
    )
    assert policy_of(policy).permissions_for(BOB, sphere="home").sub_handling is BLOCK
    assert policy_of(policy).permissions_for(BOB, sphere="work").sub_handling is ALLOW
    assert policy_of(policy).permissions_for(CAROL, sphere="home").sub_handling is CONFIRM


def test_rules_for_anybody_count_beside_the_most_direct_ones() -> None:
    policy = ruleset(rule("", "polite-block", name="all"), rule(one(BOB), "confirm", name="bob"))
    assert policy_of(policy).permissions_for(BOB).matched == ("all", "bob")
    assert policy_of(policy).permissions_for(BOB).sub_handling is POLITE


def test_who_is_identified_and_yet_anonymous() -> None:
    policy = ruleset(rule("<ocp:anonymous-request/>", "block"), rule(one(BOB), name="b"))
    assert policy_of(policy).permissions_for(BOB).matched == ("b",)
    assert policy_of(policy).permissions_for(BOB, anonymous=True).matched == ("a", "b")
    assert policy_of(policy).permissions_for(None, anonymous=False).matched == ()


def test_a_server_that_does_not_know_omas_conditions() -> None:
    found = policy_of(oma(), oma=False).permissions_for(ALICE, lists=members)
    assert found.matched == ("named",)
    assert [unknown.condition for unknown in found.unknown] == [
        "external-list",
        "other-identity",
        "anonymous-request",
    ]
    policy = ruleset(rule(one(BOB), "block", name="b"), rule("<identity><many/></identity>"))
    assert policy_of(policy, oma=False).permissions_for(BOB).sub_handling is ALLOW


# Combining.


def test_the_example_of_how_permissions_combine() -> None:
    # As in RFC 4745 §10.3, with sub-handling, user input and a boolean in the places of Y, Z and X.
    always, expired = (
        during(("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z")),
        during(("2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z")),
    )

    def permits(mood: str, user_input: str) -> str:
        said = f"<pr:provide-mood>{mood}</pr:provide-mood>" if mood else ""
        return f"{said}<pr:provide-user-input>{user_input}</pr:provide-user-input>"

    policy = ruleset(
        rule(f'{one(BOB)}<sphere value="home"/>{always}', "allow", permits("true", "full"), "r1"),
        rule(f"{one(ALICE)}{always}", "allow", permits("true", "full"), "r2"),
        rule(f'{one(BOB)}<sphere value="work"/>{always}', "confirm", permits("true", "bare"), "r3"),
        rule(f"{one(CAROL)}{always}", "allow", permits("true", "full"), "r4"),
        rule(f"{one(BOB)}{always}", "polite-block", permits("", "false"), "r5"),
        rule(f"{one(BOB)}{expired}", "allow", permits("true", "full"), "r6"),
    )
    found = policy_of(policy).permissions_for(BOB, sphere="work", at=NOON)
    assert found.matched == ("r3", "r5")
    assert (found.provide_mood, found.sub_handling, found.provide_user_input) == (
        True,
        POLITE,
        UserInput.BARE,
    )
    assert found.sub_handling_from == ("r5",)


def test_every_boolean_is_granted_if_any_rule_says_so() -> None:
    assert len(BOOLEANS) == 17
    for cls, name in BOOLEANS.items():
        model = ruleset(rule(one(BOB), None, name="a"), rule(one(BOB), None, name="b"))
        setattr(model.rules["a"], name, True)
        setattr(model.rules["b"], name, False)
        found = policy_of(model).permissions_for(BOB)
        assert getattr(found, name) is True, cls
        others = [other for other in BOOLEANS.values() if other != name]
        assert not any(getattr(found, other) for other in others)
        setattr(model.rules["a"], name, False)
        assert getattr(policy_of(model).permissions_for(BOB), name) is False


@pytest.mark.parametrize(
    ("handlings", "highest", "by"),
    [
        (["block", "confirm"], CONFIRM, "b"),
        (["polite-block", "confirm"], POLITE, "a"),
        (["allow", "polite-block"], ALLOW, "a"),
        (["block", None], BLOCK, "a"),
    ],
)
def test_the_highest_sub_handling_counts(handlings: list[str | None], highest: SubHandling, by: str) -> None:
    policy = ruleset(*(rule(one(BOB), each, name=name) for each, name in zip(handlings, "ab", strict=True)))
    found = policy_of(policy).permissions_for(BOB)
    assert (found.sub_handling, found.sub_handling_from) == (highest, (by,))


def test_sets_are_united() -> None:
    policy = ruleset(
        rule(
            transformations="<pr:provide-services><pr:class>work</pr:class><pr:service-uri>sip:x@Y</pr:service-uri>"
            "<opr:service-id>poc</opr:service-id><f:z>1</f:z></pr:provide-services><pr:provide-persons/>"
        ),
        rule(
            transformations="<pr:provide-services><pr:service-uri-scheme>sip</pr:service-uri-scheme>"
            "<pr:class>work</pr:class></pr:provide-services><pr:provide-persons><pr:all-persons/></pr:provide-persons>"
            "<pr:provide-devices><pr:deviceID>urn:d:1</pr:deviceID></pr:provide-devices>",
            name="b",
        ),
    )
    found = policy_of(policy).permissions_for(BOB)
    assert found.provide_services == Selected(
        selectors=frozenset(
            {
                Selector("class", "work"),
                Selector("service-uri", "sip:x@Y"),
                Selector("service-id", "poc"),
                Selector("service-uri-scheme", "sip"),
                Selector("{urn:foreign}z", "1"),
            }
        )
    )
    assert found.provide_services.shows("class", "work")
    assert not found.provide_services.shows("class", "Work")
    assert not found.provide_services.shows("occurrence-id", "work")
    assert found.provide_services.shows("service-uri", "sip:x@y")
    assert found.provide_persons == Selected(all=True)
    assert found.provide_persons.shows("class", "anything")
    assert found.provide_devices.shows("deviceID", "urn:d:1")
    assert not policy_of(Ruleset()).permissions_for(BOB).provide_devices


def test_unknown_attributes_and_all_attributes() -> None:
    named = (
        '<pr:provide-unknown-attribute ns="urn:a" name="x">true</pr:provide-unknown-attribute>'
        '<pr:provide-unknown-attribute ns="urn:a" name="y">false</pr:provide-unknown-attribute>'
    )
    found = policy_of(ruleset(rule(transformations=named))).permissions_for(BOB)
    assert found.provide_unknown_attributes == {("urn:a", "x")}
    assert found.shows_attribute("urn:a", "x")
    assert not found.shows_attribute("urn:a", "y")
    everything = policy_of(ruleset(rule(transformations="<pr:provide-all-attributes/>"))).permissions_for(BOB)
    assert everything.shows_attribute("urn:a", "y")
    assert everything.provide_all_attributes
    assert all(getattr(everything, name) for name in BOOLEANS.values())
    assert (everything.provide_user_input, everything.provide_geopriv) == (UserInput.FULL, Geopriv.FULL)
    assert not everything.provide_services


def test_what_is_not_known_or_wrong_grants_nothing_and_is_named() -> None:
    policy = ruleset(
        '<rule id="a"><actions><f:act/><pr:sub-handling>maybe</pr:sub-handling><pr:provide-mood>true</pr:provide-mood>'
        "</actions><transformations><f:t/><pr:provide-mood>yes</pr:provide-mood><opr:provide-geopriv/>"
        "<pr:provide-user-input>much</pr:provide-user-input><pr:sub-handling>allow</pr:sub-handling>"
        '<pr:provide-unknown-attribute name="x">true</pr:provide-unknown-attribute><opr:service-id>x</opr:service-id>'
        '<pr:provide-unknown-attribute ns="u" name="x">1x</pr:provide-unknown-attribute></transformations></rule>'
    )
    found = policy_of(policy).permissions_for(BOB)
    assert dataclasses.replace(found, matched=(), ignored=()) == Permissions()
    assert [ignored.permission for ignored in found.ignored] == [
        *("{urn:foreign}act", "sub-handling", "provide-mood", "{urn:foreign}t", "provide-mood"),
        *("provide-geopriv", "provide-user-input", "sub-handling"),
        *("provide-unknown-attribute", "service-id", "provide-unknown-attribute"),
    ]
    assert found.ignored[0] == Ignored("a", "{urn:foreign}act")


def test_a_rule_that_repeats_itself_grants_the_most() -> None:
    policy = ruleset(
        '<rule id="a"><actions><pr:sub-handling>block</pr:sub-handling><pr:sub-handling>allow</pr:sub-handling>'
        "</actions><transformations><pr:provide-mood>false</pr:provide-mood><pr:provide-mood>true</pr:provide-mood>"
        "</transformations></rule>"
    )
    found = policy_of(policy).permissions_for(BOB)
    assert (found.sub_handling, found.sub_handling_from, found.provide_mood) == (ALLOW, ("a",), True)


def test_all_documents_of_a_user_count() -> None:
    first, second = ruleset(rule(one(BOB), "block")), ruleset(rule(one(BOB), "confirm", name="b"))
    assert policy_of(first, second).permissions_for(BOB).sub_handling is CONFIRM
    assert policy_of(first).permissions_for(BOB).sub_handling is BLOCK


def test_asking_changes_nothing() -> None:
    policy = oma()
    before = copy.deepcopy(policy)
    policy_of(policy).permissions_for(CAROL, lists=members)
    assert policy == before
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy_of(policy).permissions_for(CAROL).sub_handling = ALLOW  # pyright: ignore[reportAttributeAccessIssue]
