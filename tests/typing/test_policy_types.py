"""Presence policies and places as a user's strictly checked code sees them; also run, so that both agree."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

import datetime as dt
from typing import assert_type

import pytest

from xcap_documents.basic_location_profiles import CivicDetail
from xcap_documents.common_policy import Rule, Ruleset
from xcap_documents.geolocation_policy import TargetLocation
from xcap_documents.oma_pres_rules import Geopriv
from xcap_documents.pres_rules import SubHandling, UserInput
from xcap_sdk import GEOLOCATION_POLICY, Permissions, PresencePolicy, WellKnownRule, policy_of, validate
from xcap_sdk.usages.policy import Change, Grant, Selected, Statement, Unknown


def members(anchor: str) -> list[str] | None:
    return None if anchor else []


def test_what_watchers_may_see() -> None:
    policy = assert_type(policy_of(Ruleset(), oma=False), PresencePolicy)
    at = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    found = assert_type(policy.permissions_for("sip:bob@example.org", at=at, sphere="work"), Permissions)
    policy.permissions_for(["sip:bob@example.org", "tel:+15550123"], lists=members)
    policy.permissions_for(None, lists={"https://example.org/list": {"sip:bob@example.org"}}, anonymous=False)
    assert_type(found.sub_handling, SubHandling)
    assert_type(found.allowed, bool)
    assert_type(found.provide_mood, bool)
    assert_type(found.provide_user_input, UserInput)
    assert_type(found.provide_geopriv, Geopriv)
    assert_type(found.provide_services, Selected)
    assert_type(found.provide_services.shows("class", "work"), bool)
    assert_type(found.provide_unknown_attributes, frozenset[tuple[str, str]])
    assert_type(found.matched, tuple[str, ...])
    assert_type(found.unknown, tuple[Unknown, ...])


def test_what_is_said() -> None:
    model = Ruleset()
    policy = policy_of(model)
    change = assert_type(policy.allow("sip:bob@example.org", "sip:carol@example.org"), Change)
    assert_type(change.changed, bool)
    assert_type(change.remains, tuple[Grant, ...])
    policy.block(domain="example.net")
    policy.confirm(everyone=True)
    policy.polite_block(external_list="https://example.org/list")
    policy.forget(everyone=True)
    assert_type(policy.statements, tuple[Statement, ...])
    rule = model.rules.add(WellKnownRule.UNLISTED)
    assert_type(rule, Rule)


def test_a_misspelt_value_is_found_before_it_runs() -> None:
    rule = Ruleset().rules.add("a")
    rule.sub_handling = "polite-block"
    rule.sub_handling = SubHandling.ALLOW
    rule.remove_media_handling = "any"
    with pytest.raises(ValueError, match="not 'alow'"):
        rule.sub_handling = "alow"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="not 'ful'"):
        rule.provide_user_input = "ful"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="not 'bare'"):
        rule.provide_geopriv = "bare"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="not 'mine'"):
        rule.remove_media_handling = "mine"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="not 'town'"):
        rule.provide_location.civic = "town"  # pyright: ignore[reportAttributeAccessIssue]


def test_places() -> None:
    model = Ruleset()
    rule = model.rules.add("here")
    assert_type(rule.locations.add_circle(48.1, 11.6, 500), TargetLocation)
    rule.locations.add_civic({"A3": "Munich"}, country="DE", label="Munich")
    circle = rule.locations[0].circle
    assert circle is not None
    assert_type(circle.radius, float)
    rule.locations[0].circle = (48.2, 11.7, 300)
    assert_type(rule.locations[1].civic["A3"], str)
    rule.locations[1].civic = {"country": "DE"}
    assert_type(rule.locations[:1], list[TargetLocation])
    rule.provide_location = "all"
    rule.provide_location = None
    rule.provide_location.civic = "city"
    rule.provide_location.civic = CivicDetail.COUNTRY
    rule.provide_location.radius = 500
    rule.set_retention_expiry = 60
    rule.set_note_well = "Keep it to yourself."
    rule.keep_rule_reference = False
    read = model.rules["here"]
    assert_type(read.provide_location.civic, CivicDetail | None)
    assert_type(read.provide_location.radius, int | None)
    assert_type(model.rules["here"].set_retention_expiry, int | None)
    assert_type(model.rules["here"].set_note_well, str | None)
    assert_type(model.rules["here"].keep_rule_reference, bool | None)
    validate(model, GEOLOCATION_POLICY)
