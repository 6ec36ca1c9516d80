"""geolocation-policy (RFC 6772): who may see where a user is, and how exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from xcap_documents.basic_location_profiles import ProvideCivic, ProvideGeo
from xcap_documents.common_policy import Ruleset
from xcap_documents.geolocation_policy import __NAMESPACE__ as GEOLOCATION_NAMESPACE
from xcap_documents.geolocation_policy import (
    LocationCondition,
    ProvideLocation,
    SetRetentionExpiry,
    TargetLocation,
)
from xcap_sdk.errors import Problem
from xcap_sdk.usages.common_policy import IDENTITY_URIS, POLICY_KEYS, rules
from xcap_sdk.usages.usage import ApplicationUsage, Check

_CIRCLE = "{http://www.opengis.net/pidflo/1.0}Circle"
_WGS84 = "urn:ogc:def:crs:EPSG::4326"
_PROFILES = {"civic-transformation": ProvideCivic, "geodetic-transformation": ProvideGeo}


def _location_conditions(policy: Ruleset) -> Iterator[Problem]:
    for place, rule in rules(policy):
        conditions = rule.conditions.items if rule.conditions else []
        for condition in [item for item in conditions if isinstance(item, LocationCondition)]:
            if not any(isinstance(item, TargetLocation) for item in condition.items):
                message = "a condition on the location has at least one place (RFC 6772 §4)"
                yield Problem(f"{place}.locations", "location-condition", message)
        for number, location in enumerate(rule.locations):
            wrong = _PLACES.get(location.profile or "", _any_place)(location)
            if wrong:
                yield Problem(f"{place}.locations[{number}]", "location-condition", wrong)


def _circle(location: TargetLocation) -> str | None:
    circles: list[Any] = [item for item in location.extensions if getattr(item, "qname", None) == _CIRCLE]
    if len(circles) != 1 or len(location.extensions) != 1:
        return "a geodetic-condition has just one Circle (RFC 6772 §4.1)"
    attributes: dict[str, str] = circles[0].attributes
    if attributes.get("srsName") != _WGS84:
        return f"the srsName of a Circle has to be {_WGS84} (RFC 6772 §4.1)"
    if "srsDimension" in attributes:
        return "the srsDimension of a Circle has to be left out (RFC 6772 §4.1)"
    return None


def _address(location: TargetLocation) -> str | None:
    return None if location.civic else "a civic-condition has an address with at least a part (RFC 6772 §4.2)"


def _any_place(location: TargetLocation) -> str | None:
    return None if location.extensions else "there is no place in it (RFC 6772 §4)"


_PLACES: dict[str, Callable[[TargetLocation], str | None]] = {
    "geodetic-condition": _circle,
    "civic-condition": _address,
}


def _provided_locations(policy: Ruleset) -> Iterator[Problem]:
    for place, rule in rules(policy):
        for item in rule.transformations.extensions if rule.transformations else ():
            wrong = _wrong_detail(item) if isinstance(item, ProvideLocation) else None
            if wrong:
                yield Problem(f"{place}.provide_location", "provide-location", f"{wrong} (RFC 6772 §6.5)")


def _wrong_detail(element: ProvideLocation) -> str | None:
    if not element.extensions:
        return None if element.profile is None else "without content it has no profile, and shows all"
    if element.profile is None:
        return "with content it has a profile"
    kind = _PROFILES.get(element.profile)
    if kind is not None and not all(isinstance(item, kind) for item in element.extensions):
        return f"what it holds does not belong to the profile {element.profile}"
    return None


def _retention(policy: Ruleset) -> Iterator[Problem]:
    for place, rule in rules(policy):
        for item in rule.transformations.extensions if rule.transformations else ():
            value: object = item.value if isinstance(item, SetRetentionExpiry) else None
            if isinstance(value, int) and value < 0:  # what is no number stays text
                message = f"nobody can keep a location for {value} seconds (RFC 6772 §6.2)"
                yield Problem(f"{place}.set_retention_expiry", "retention", message)


# The default document namespace is not that of the root element (§10.3). A server uses all documents (§10.6).
GEOLOCATION_POLICY = ApplicationUsage(
    auid="geolocation-policy",
    root=Ruleset,
    media_type="application/auth-policy+xml",
    namespace=GEOLOCATION_NAMESPACE,
    keys=POLICY_KEYS,
    empty=Ruleset,
    checks=(
        IDENTITY_URIS,
        Check("location-condition", "RFC 6772 §4", _location_conditions),
        Check("provide-location", "RFC 6772 §6.5", _provided_locations),
        Check("retention", "RFC 6772 §6.2", _retention),
    ),
)
"""Who may see where a user is (RFC 6772 §10); in a presence system, presence rules say so themselves."""
