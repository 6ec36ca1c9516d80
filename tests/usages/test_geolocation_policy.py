"""geolocation-policy (RFC 6772): its rules, and edits of its documents."""

from __future__ import annotations

import asyncio

import pytest

from xcap_documents.common_policy import Ruleset
from xcap_sdk import GEOLOCATION_POLICY, AsyncXcapClient, InvalidDocument, parse, validate
from xcap_sdk.errors import Problem
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
NAMESPACES = (
    'xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:gp="urn:ietf:params:xml:ns:geolocation-policy" '
    'xmlns:lp="urn:ietf:params:xml:ns:basic-location-profiles" xmlns:f="urn:foreign" '
    'xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:gs="http://www.opengis.net/pidflo/1.0"'
)


def found(conditions: str = "", transformations: str = "") -> list[Problem]:
    inside = f"<conditions>{conditions}</conditions><transformations>{transformations}</transformations>"
    model = parse(f'<ruleset {NAMESPACES}><rule id="a">{inside}</rule></ruleset>', Ruleset)
    return GEOLOCATION_POLICY.problems(model)


def at(*places: str) -> str:
    return f"<gp:location-condition>{''.join(places)}</gp:location-condition>"


CIRCLE = '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"{}><gml:pos>1 2</gml:pos></gs:Circle>'
GEODETIC = '<gp:location profile="geodetic-condition">{}</gp:location>'
CIVIC = '<gp:location profile="civic-condition">{}</gp:location>'


def test_what_the_usage_is() -> None:
    assert GEOLOCATION_POLICY.auid == "geolocation-policy"
    assert GEOLOCATION_POLICY.namespace == "urn:ietf:params:xml:ns:geolocation-policy"
    assert GEOLOCATION_POLICY.media_type == "application/auth-policy+xml"
    assert GEOLOCATION_POLICY.document == "index"


@pytest.mark.parametrize(
    "conditions",
    [
        at(GEODETIC.format(CIRCLE.format(""))),
        at(CIVIC.format("<ca:country>DE</ca:country>")),
        at(CIVIC.format("<ca:civicAddress><ca:A3>x</ca:A3></ca:civicAddress>")),
        at('<gp:location profile="other"><f:x/></gp:location>', "<f:y/>"),
        at("<gp:location><f:x/></gp:location>"),
        "<f:x/>",
    ],
)
def test_places_that_can_be(conditions: str) -> None:
    assert found(conditions) == []


@pytest.mark.parametrize(
    ("conditions", "place", "message"),
    [
        (at(), 'rules["a"].locations', "at least one place"),
        (at("<f:x/>"), 'rules["a"].locations', "at least one place"),
        (
            at(GEODETIC.format(CIRCLE.format("")), GEODETIC.format("")),
            'rules["a"].locations[1]',
            "just one Circle",
        ),
        (at(GEODETIC.format(2 * CIRCLE.format(""))), 'rules["a"].locations[0]', "just one Circle"),
        (at(GEODETIC.format("<f:x/>")), 'rules["a"].locations[0]', "just one Circle"),
        (at(GEODETIC.format(CIRCLE.format("") + "<f:x/>")), 'rules["a"].locations[0]', "just one Circle"),
        (at(GEODETIC.format("<gs:Circle/>")), 'rules["a"].locations[0]', "the srsName of a Circle has to be"),
        (
            at(GEODETIC.format(CIRCLE.format(' srsDimension="2"'))),
            'rules["a"].locations[0]',
            "srsDimension of a Circle has to be left out",
        ),
        (at(CIVIC.format("")), 'rules["a"].locations[0]', "an address with at least a part"),
        (
            at(CIVIC.format("<ca:civicAddress/>")),
            'rules["a"].locations[0]',
            "an address with at least a part",
        ),
        (at(CIVIC.format(CIRCLE.format(""))), 'rules["a"].locations[0]', "an address with at least a part"),
        (at("<gp:location/>"), 'rules["a"].locations[0]', "there is no place in it"),
    ],
)
def test_places_that_cannot_be(conditions: str, place: str, message: str) -> None:
    [problem] = found(conditions)
    assert (problem.place, problem.rule) == (place, "location-condition")
    assert message in problem.message
    assert "RFC 6772 §4" in problem.message


@pytest.mark.parametrize(
    "element",
    [
        "<gp:provide-location/>",
        '<gp:provide-location profile="civic-transformation"><lp:provide-civic/></gp:provide-location>',
        '<gp:provide-location profile="geodetic-transformation"><lp:provide-geo/></gp:provide-location>',
        '<gp:provide-location profile="other"><f:x/></gp:provide-location>',
    ],
)
def test_details_that_can_be(element: str) -> None:
    assert found(transformations=element) == []


@pytest.mark.parametrize(
    ("element", "message"),
    [
        ('<gp:provide-location profile="civic-transformation"/>', "without content it has no profile"),
        ("<gp:provide-location><lp:provide-civic/></gp:provide-location>", "with content it has a profile"),
        (
            '<gp:provide-location profile="civic-transformation"><lp:provide-geo/></gp:provide-location>',
            "does not belong to the profile civic-transformation",
        ),
        (
            '<gp:provide-location profile="geodetic-transformation"><lp:provide-geo/><f:x/></gp:provide-location>',
            "does not belong to the profile geodetic-transformation",
        ),
    ],
)
def test_details_that_cannot_be(element: str, message: str) -> None:
    [problem] = found(transformations=element)
    assert (problem.place, problem.rule) == ('rules["a"].provide_location', "provide-location")
    assert message in problem.message
    assert "RFC 6772 §6.5" in problem.message


@pytest.mark.parametrize(("seconds", "count"), [("0", 0), ("86400", 0), ("-1", 1)])
def test_retention(seconds: str, count: int) -> None:
    problems = found(transformations=f"<gp:set-retention-expiry>{seconds}</gp:set-retention-expiry>")
    assert [(each.place, each.rule) for each in problems] == count * [
        ('rules["a"].set_retention_expiry', "retention")
    ]


def test_the_schemas_behind_the_wildcards_count() -> None:
    for wrong in (
        '<gp:provide-location profile="civic-transformation"><lp:provide-civic>town</lp:provide-civic></gp:provide-location>',
        "<gp:set-retention-expiry>soon</gp:set-retention-expiry>",
        "<gp:keep-rule-reference>maybe</gp:keep-rule-reference>",
    ):
        model = (
            f'<ruleset {NAMESPACES}><rule id="a"><transformations>{wrong}</transformations></rule></ruleset>'
        )
        with pytest.raises(InvalidDocument, match="schema"):
            validate(parse(model, Ruleset), GEOLOCATION_POLICY)


RECEIVED = f"""<?xml version='1.0' encoding="UTF-8"?>
<!-- where I am -->
<ruleset {NAMESPACES}>
  <rule id="office"  >
    <conditions>
      <identity><one id="sip:bob@example.org"/></identity>
      <gp:location-condition>
        <gp:location profile="civic-condition" xml:lang="de" label="Büro">
          <ca:country>DE</ca:country><!-- not in a civicAddress -->
          <ca:A3>Nürnberg
          </ca:A3>
        </gp:location>
      </gp:location-condition>
    </conditions>
    <actions/>
    <transformations>
      <gp:set-retransmission-allowed> false </gp:set-retransmission-allowed>
      <f:own   a='1'/>
      <gp:provide-location profile="geodetic-transformation"><lp:provide-geo radius="0500"/></gp:provide-location>
    </transformations>
  </rule>
</ruleset>
"""


def test_an_edit_keeps_every_other_byte(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        index = xcap.geolocation_policy.address()
        xcap.put(index, RECEIVED.encode())
        with xcap.geolocation_policy.edit() as policy:
            office = policy.rules["office"]
            assert office.locations[0].civic["A3"] == "Nürnberg"
            office.provide_location.radius = 1000
            office.provide_location.civic = "city"
        saved = xcap.get(index).body.decode()
        expected = RECEIVED.replace('radius="0500"', 'radius="1000"')
        assert saved != expected
        start = expected.index("</gp:provide-location>") + len("</gp:provide-location>")
        assert saved.startswith(expected[:start])
        assert saved.endswith(expected[start:])
        with (
            pytest.raises(InvalidDocument, match="location-condition"),
            xcap.geolocation_policy.edit() as policy,
        ):
            policy.rules["office"].locations.clear()


def test_edits_asynchronously(xcap_server: RunningServer) -> None:
    async def main() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as xcap:
            async with xcap.geolocation_policy.edit() as policy:
                rule = policy.rules.ensure("friends")
                rule.identity.add("sip:bob@example.org")
                rule.locations.add_circle(48.1, 11.6, 5000)
                rule.provide_location = "all"
            document = await xcap.geolocation_policy.get()
            assert document.model.rules["friends"].locations[0].circle == (48.1, 11.6, 5000)
            assert document.uri.endswith(f"/geolocation-policy/users/{ALICE}/index")

    asyncio.run(main())
