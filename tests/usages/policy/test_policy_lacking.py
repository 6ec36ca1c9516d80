"""Documents that lack what they have to have: the view reads over it, and statements leave it alone."""

from __future__ import annotations

import copy

import pytest
from policy_documents import BOB, CAROL, NAMESPACES

from xcap_documents.common_policy import Ruleset
from xcap_sdk import (
    GEOLOCATION_POLICY,
    OMA_PRES_RULES,
    PRES_RULES,
    DocumentAddress,
    XcapRoot,
    parse,
    policy_of,
)

GEO = (
    'xmlns:gp="urn:ietf:params:xml:ns:geolocation-policy" '
    'xmlns:lp="urn:ietf:params:xml:ns:basic-location-profiles"'
)
ADDRESS = DocumentAddress(
    root=XcapRoot("https://x.example.org"), auid="x", tree="users", xui=BOB, document="index"
)


@pytest.mark.parametrize("name", ['id="xcap-sdk-allow"', ""])
@pytest.mark.parametrize(
    ("conditions", "transformations"),
    [
        (f'<identity><one/><one id="{CAROL}"/></identity>', ""),
        ("<sphere/>", ""),
        ("<validity><from/><until/></validity>", ""),
        ("<ocp:external-list><ocp:entry/></ocp:external-list><f:x/>", ""),
        ('<gp:location-condition><gp:location profile="civic-condition"/></gp:location-condition>', ""),
        (
            "<f:x/>",
            "<pr:provide-mood/><opr:provide-geopriv/><pr:provide-unknown-attribute/><pr:provide-user-input/>"
            '<pr:provide-unknown-attribute ns="u">true</pr:provide-unknown-attribute>',
        ),
        (
            "<f:x/>",
            "<gp:set-retention-expiry>x</gp:set-retention-expiry><gp:set-note-well/>"
            '<gp:provide-location profile="x"><lp:provide-civic>zz</lp:provide-civic></gp:provide-location>',
        ),
    ],
)
def test_what_a_document_lacks(name: str, conditions: str, transformations: str) -> None:
    inside = (
        f"<conditions>{conditions}</conditions><actions><pr:sub-handling>allow</pr:sub-handling></actions>"
    )
    text = f"<rule {name}>{inside}<transformations>{transformations}</transformations></rule>"
    model = parse(f"<ruleset {NAMESPACES} {GEO}>{text}</ruleset>", Ruleset)
    policy = policy_of(model)
    before = copy.deepcopy(model)
    assert not policy.permissions_for(BOB).allowed
    assert not policy.permissions_for(BOB, sphere="").allowed
    for say in (policy.block, policy.allow, policy.forget):
        for change in (
            say(BOB),
            say(domain="example.org"),
            say(everyone=True),
            say(external_list="https://x.example.org/l"),
        ):
            assert str(change)
        assert model.items[0] == before.items[0]
    assert model == before
    assert policy.statements == ()
    for usage in (PRES_RULES, OMA_PRES_RULES, GEOLOCATION_POLICY):
        usage.problems(model, ADDRESS)
