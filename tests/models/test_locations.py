"""Places as conditions of rules, and how exactly a rule shows a location (RFC 6772)."""

from __future__ import annotations

import math

import pytest
from model_documents import NAMESPACES

from xcap_documents.basic_location_profiles import CivicDetail, ProvideCivic, ProvideGeo
from xcap_documents.civic_address import CivicAddress, CivicPart
from xcap_documents.common_policy import Conditions, Rule, Ruleset, Transformations
from xcap_documents.geolocation_policy import (
    LocationCondition,
    ProvideLocation,
    SetNoteWell,
    SetRetentionExpiry,
    TargetLocation,
)
from xcap_sdk import parse, serialize, validate

GEO = (
    'xmlns:gp="urn:ietf:params:xml:ns:geolocation-policy" xmlns:lp="urn:ietf:params:xml:ns:basic-location-profiles" '
    'xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:gs="http://www.opengis.net/pidflo/1.0"'
)
WGS84, METRES = "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:uom:EPSG::9001"


def received(conditions: str = "", transformations: str = "") -> Rule:
    inside = f"<conditions>{conditions}</conditions><transformations>{transformations}</transformations>"
    return parse(f'<ruleset {NAMESPACES} {GEO}><rule id="a">{inside}</rule></ruleset>', Ruleset).rules["a"]


def at(*places: str) -> str:
    return f"<gp:location-condition>{''.join(places)}</gp:location-condition>"


def circle(
    pos: str = "48.1 11.6", radius: str = "1500", uom: str = METRES, srs: str = f'srsName="{WGS84}"'
) -> str:
    return (
        f'<gp:location profile="geodetic-condition"><gs:Circle {srs}><gml:pos>{pos}</gml:pos>'
        f'<gs:radius uom="{uom}">{radius}</gs:radius></gs:Circle></gp:location>'
    )


def test_a_rule_for_anywhere() -> None:
    each = Rule(id="a")
    assert list(each.locations) == []
    assert len(each.locations) == 0
    assert each.provide_location.said is each.provide_location.all is False
    assert each.provide_location.civic is each.provide_location.radius is None
    assert each.set_retention_expiry is each.set_note_well is None
    assert each.set_retransmission_allowed is each.keep_rule_reference is None
    each.provide_location = None
    each.provide_location.civic = None
    each.provide_location.radius = None
    each.provide_location.all = False
    each.set_note_well = None
    each.set_retention_expiry = None
    each.locations.clear()
    del each.locations, each.set_note_well
    assert each == Rule(id="a")


def test_circles() -> None:
    each = Rule(id="a")
    place = each.locations.add_circle(48.1, -11.625, 1500, label="Home", lang="en")
    assert place.circle == (48.1, -11.625, 1500)
    assert (place.profile, place.label, place.lang) == ("geodetic-condition", "Home", "en")
    again = parse(serialize(Ruleset(items=[each])), Ruleset)
    validate(again)
    assert again == Ruleset(items=[each])
    assert again.rules["a"].locations[0].circle == (48.1, -11.625, 1500)
    place.circle = (0, 0, 0.5)
    assert place.circle.radius == 0.5
    place.circle = None
    assert place.circle is None
    assert place.extensions == []


@pytest.mark.parametrize(
    "values",
    [
        (91, 0, 1),
        (0, -180.1, 1),
        (0, 0, 0),
        (0, 0, -1),
        (0, 0, math.inf),
        (math.nan, 0, 1),
        (0, 0, math.nan),
    ],
)
def test_circles_that_cannot_be(values: tuple[float, float, float]) -> None:
    each = Rule(id="a")
    with pytest.raises(ValueError, match="there is no circle around"):
        each.locations.add_circle(*values)
    assert each == Rule(id="a")


@pytest.mark.parametrize(
    "place",
    [
        circle(pos="48.1"),
        circle(pos="48.1 11.6 500"),
        circle(pos="north east"),
        circle(pos=""),
        circle(pos="91 0"),
        circle(radius=""),
        circle(radius="-1"),
        circle(radius="nan"),
        circle(uom="urn:ogc:def:uom:EPSG::9002"),
        circle(srs='srsName="urn:ogc:def:crs:EPSG::4979"'),
        circle(srs=""),
        f'<gp:location profile="geodetic-condition"><gs:Circle srsName="{WGS84}"/></gp:location>',
        "<gp:location/>",
        '<gp:location profile="geodetic-condition"><f:x/></gp:location>',
    ],
)
def test_what_is_no_circle_that_is_understood(place: str) -> None:
    assert received(at(place)).locations[0].circle is None


def test_circles_as_others_write_them() -> None:
    found = received(at(circle(pos="\n -33.857   151.215 ", radius=" 1.5e3\n"))).locations[0].circle
    assert found == (-33.857, 151.215, 1500)


def test_addresses() -> None:
    each = Rule(id="a")
    place = each.locations.add_civic({"A3": "Munich"}, country="DE", label="Work")
    assert place.extensions == [CivicAddress(country="DE", a3=CivicPart(value="Munich"))]
    assert (place.profile, place.label, dict(place.civic)) == (
        "civic-condition",
        "Work",
        {"country": "DE", "A3": "Munich"},
    )
    place.civic["A3"] = "Berlin"
    place.civic["PLC"] = "office"
    place.civic["HNO"] = "6"
    del place.civic["country"]
    assert dict(place.civic) == {"A3": "Berlin", "HNO": "6", "PLC": "office"}
    assert "country" not in place.civic
    validate(Ruleset(items=[each]))
    assert repr(place.civic) == "<Civic: {'A3': 'Berlin', 'HNO': '6', 'PLC': 'office'}>"
    with pytest.raises(ValueError, match="'City' is no part of an address: there are country, A1"):
        place.civic["City"] = "Berlin"
    with pytest.raises(KeyError):
        del place.civic["A1"]
    with pytest.raises(ValueError, match="at least one part"):
        place.civic = {}
    with pytest.raises(ValueError, match="no part of an address"):
        each.locations.add_civic(City="Berlin")
    assert len(each.locations) == 1
    place.circle = (1, 2, 3)
    assert dict(place.civic) == {}
    place.civic = {"country": "FR"}
    assert place.circle is None
    assert place.profile == "civic-condition"


def test_addresses_keep_the_language_of_their_parts() -> None:
    each = received(
        at(
            '<gp:location profile="civic-condition"><ca:civicAddress><ca:A3 xml:lang="de"> München </ca:A3>'
            "</ca:civicAddress></gp:location>"
        )
    )
    place = each.locations[0]
    assert place.civic["A3"] == "München"
    place.civic["A3"] = "Nürnberg"
    assert place.extensions == [CivicAddress(a3=CivicPart(value="Nürnberg", lang="de"))]


def test_addresses_whose_parts_stand_directly_in_the_place() -> None:
    # As in the examples of RFC 6772 §7.1.
    each = received(
        at(
            '<gp:location profile="civic-condition"><ca:country>DE</ca:country><ca:A3>Munich\n</ca:A3><f:x/>'
            "</gp:location>"
        )
    )
    place = each.locations[0]
    assert dict(place.civic) == {"country": "DE", "A3": "Munich"}
    place.civic["A3"] = "Berlin"
    place.civic["HNO"] = "6"
    del place.civic["country"]
    assert dict(place.civic) == {"A3": "Berlin", "HNO": "6"}
    assert len(place.extensions) == 3
    assert not any(isinstance(item, CivicAddress) for item in place.extensions)


def test_places_are_a_sequence() -> None:
    each = Rule(id="a")
    first, second = each.locations.add_circle(1, 2, 3), each.locations.add_civic(country="DE")
    third = each.locations.append(TargetLocation(profile="x"))
    assert list(each.locations) == [first, second, third]
    assert each.locations[-1] is third
    assert each.locations[:2] == [first, second]
    assert first in each.locations
    assert repr(each.locations).startswith("<Locations: TargetLocation(")
    each.locations.remove(second)
    assert list(each.locations) == [first, third]
    with pytest.raises(ValueError, match="none of the places"):
        each.locations.remove(second)
    each.locations.clear()
    assert each.conditions == Conditions(items=[LocationCondition()])  # and holds nowhere
    del each.locations
    assert each == Rule(id="a")


def test_foreign_content_of_a_condition_stays() -> None:
    each = received(at("<f:x/>", circle()) + "<f:y/>")
    each.locations.clear()
    assert each.conditions is not None
    [condition, other] = each.conditions.items
    assert isinstance(condition, LocationCondition)
    assert len(condition.items) == 1
    del each.locations
    assert each.conditions.items == [other]


# What is shown.


def test_showing_all_or_less() -> None:
    each = Rule(id="a")
    each.provide_location = "all"
    assert each.transformations == Transformations(extensions=[ProvideLocation()])
    assert each.provide_location.all
    assert repr(each.provide_location) == "<LocationDetail: all>"
    with pytest.raises(ValueError, match="all is shown already"):
        each.provide_location.civic = "city"
    each.provide_location.all = False
    assert each.transformations is None
    each.provide_location.civic = "city"
    each.provide_location.radius = 500
    assert each.transformations == Transformations(
        extensions=[
            ProvideLocation(
                profile="civic-transformation", extensions=[ProvideCivic(value=CivicDetail.CITY)]
            ),
            ProvideLocation(profile="geodetic-transformation", extensions=[ProvideGeo(radius=500)]),
        ]
    )
    assert (each.provide_location.civic, each.provide_location.radius) == (CivicDetail.CITY, 500)
    each.provide_location.civic = CivicDetail.FULL
    assert each.provide_location.civic is CivicDetail.FULL
    assert repr(each.provide_location) == "<LocationDetail: civic=CivicDetail.FULL, radius=500>"
    other = Rule(id="b")
    other.provide_location = each.provide_location
    assert other.transformations == each.transformations
    each.provide_location = "all"
    other.provide_location = each.provide_location
    assert other.provide_location.all
    other.provide_location = Rule(id="c").provide_location
    assert other == Rule(id="b")


def test_taking_a_detail_away_never_shows_all() -> None:
    each = received(
        transformations='<gp:provide-location profile="x"><lp:provide-civic>city</lp:provide-civic><f:y/>'
        "</gp:provide-location><gp:provide-location><lp:provide-civic/></gp:provide-location>"
    )
    assert each.provide_location.civic is CivicDetail.CITY
    each.provide_location.civic = None
    assert not each.provide_location.all
    assert each.transformations is not None
    [left] = each.transformations.extensions
    assert isinstance(left, ProvideLocation)
    assert left.profile == "x"


@pytest.mark.parametrize(
    ("inside", "civic", "radius"),
    [
        ("<lp:provide-civic/>", CivicDetail.NONE, None),
        ("<lp:provide-civic>town</lp:provide-civic>", None, None),
        ("<lp:provide-geo/>", None, None),
        ('<lp:provide-geo radius="far"/>', None, None),
        ('<lp:provide-geo radius="500"/>', None, 500),
        ("<f:x/>", None, None),
    ],
)
def test_details_as_received(inside: str, civic: CivicDetail | None, radius: int | None) -> None:
    found = received(
        transformations=f'<gp:provide-location profile="p">{inside}</gp:provide-location>'
    ).provide_location
    assert (found.said, found.all, found.civic, found.radius) == (True, False, civic, radius)


def test_wrong_details() -> None:
    each = Rule(id="a")
    with pytest.raises(ValueError, match=r"provide_location\.civic is one of 'none', 'country'"):
        each.provide_location.civic = "town"
    for wrong in (-1, 1.5, True, "5"):
        with pytest.raises(ValueError, match="whole number of metres"):
            each.provide_location.radius = wrong  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="less than all is said by"):
        each.provide_location = "city"  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(ValueError, match="set_retention_expiry takes a number of seconds from 0 on, not -1"):
        each.set_retention_expiry = -1
    for wrong in (True, "5"):
        with pytest.raises(TypeError, match="set_retention_expiry takes a whole number"):
            each.set_retention_expiry = wrong  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError, match="set_note_well takes a text"):
        each.set_note_well = 5  # pyright: ignore[reportAttributeAccessIssue]
    assert each == Rule(id="a")


def test_what_the_recipient_is_told() -> None:
    each = received(
        transformations='<gp:set-note-well xml:lang="de">Alt</gp:set-note-well><gp:set-retention-expiry>60'
        "</gp:set-retention-expiry><gp:set-retransmission-allowed/><gp:keep-rule-reference>1</gp:keep-rule-reference>"
    )
    assert (each.set_note_well, each.set_retention_expiry) == ("Alt", 60)
    assert (each.set_retransmission_allowed, each.keep_rule_reference) == (False, True)
    each.set_note_well = "Neu"
    each.set_retention_expiry = 0
    assert each.transformations is not None
    assert each.transformations.extensions[:2] == [
        SetNoteWell(value="Neu", lang="de"),
        SetRetentionExpiry(value=0),
    ]
    broken = received(transformations="<gp:set-retention-expiry>soon</gp:set-retention-expiry>")
    assert broken.set_retention_expiry is None
    assert type(Rule.set_retention_expiry).__name__ == "Seconds"
    assert type(Rule.set_note_well).__name__ == "Words"
