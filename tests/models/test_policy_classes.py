"""Rules: conditions, actions and transformations as plain attributes."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import get_args

import pytest
from model_documents import NAMESPACES, read, write
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_documents import DuplicateKey
from xcap_documents._behaviour import enum_texts
from xcap_documents.basic_location_profiles import CivicDetail
from xcap_documents.common_policy import (
    Actions,
    Conditions,
    Except,
    Identity,
    Many,
    One,
    Rule,
    Ruleset,
    Sphere,
    Transformations,
    Validity,
)
from xcap_documents.oma_common_policy import Anchor, ExternalList, OtherIdentity
from xcap_documents.oma_pres_rules import Geopriv, ServiceId
from xcap_documents.pidf import Basic
from xcap_documents.poc_usage import PocGroup
from xcap_documents.pres_rules import (
    AllServices,
    Class,
    OccurrenceId,
    ProvideMood,
    ProvideServices,
    ServiceUriScheme,
    SubHandling,
    SubHandlingElement,
    UserInput,
)
from xcap_documents.rpid import ActiveIdle
from xcap_documents.simservs import DefaultBehaviour
from xcap_documents.xdm_extensions import MediaHandling
from xcap_sdk import parse

BOOLEANS = [
    *("provide_activities", "provide_class", "provide_device_id", "provide_mood", "provide_place_is"),
    *(
        "provide_place_type",
        "provide_privacy",
        "provide_relationship",
        "provide_status_icon",
        "provide_sphere",
    ),
    *("provide_time_offset", "provide_note", "provide_willingness", "provide_network_availability"),
    *("provide_session_participation", "provide_registration_state", "provide_barring_state"),
]
PRESENCES = ["provide_all_attributes", "other_identity", "anonymous_request"]
PR = "urn:ietf:params:xml:ns:pres-rules"


def rule(inside: str = "") -> Rule:
    return read(f'<ruleset {NAMESPACES}><rule id="a">{inside}</rule></ruleset>', Ruleset).rules["a"]


def permitted(inside: str) -> Rule:
    return rule(f"<transformations>{inside}</transformations>")


def test_rules_by_their_ids() -> None:
    policy = Ruleset()
    friends = policy.rules.ensure("friends")

    assert policy.rules.ensure("friends") is friends
    assert policy.rules.add("first", at=0) is policy.items[0]
    with pytest.raises(DuplicateKey):
        policy.rules.add("friends")


def test_reading_what_a_rule_does_not_say_leaves_it_as_it_is() -> None:
    empty = Rule(id="a")
    assert empty.sub_handling is None
    assert empty.provide_user_input is None
    assert empty.provide_geopriv is None
    assert [getattr(empty, name) for name in BOOLEANS] == [None] * len(BOOLEANS)
    assert [getattr(empty, name) for name in PRESENCES] == [False] * len(PRESENCES)
    assert list(empty.identity) == list(empty.external_list) == list(empty.identity.many) == []
    assert not empty.identity.anyone
    assert empty.sphere is None
    assert empty.validity is None
    assert empty.periods == ()
    for selection in (empty.provide_services, empty.provide_devices, empty.provide_persons):
        assert not selection
        assert not selection.said
        assert not selection.all
        assert list(selection) == []
        selection.discard(Class(value="x"))
        selection.classes.discard("x")
    assert dict(empty.provide_unknown_attributes) == {}
    empty.sub_handling = None
    empty.provide_services = None
    empty.provide_mood = None
    empty.other_identity = False
    empty.sphere = None
    empty.validity = None
    empty.periods = None
    empty.identity.anyone = False
    empty.identity.clear()
    empty.identity.discard("x")
    empty.external_list.discard("x")
    del empty.identity, empty.external_list, empty.sub_handling, empty.provide_note
    assert empty == Rule(id="a")


def received(transformations: str) -> Rule:
    """A rule as the SDK reads it: what its classes cannot hold stays generic."""
    inside = f"<transformations>{transformations}</transformations>"
    return parse(f'<ruleset {NAMESPACES}><rule id="a">{inside}</rule></ruleset>', Ruleset).rules["a"]


@pytest.mark.parametrize(
    "inside",
    [
        "<opr:provide-geopriv/>",
        "<opr:provide-geopriv><f:x/></opr:provide-geopriv>",
        "<opr:provide-geopriv>some</opr:provide-geopriv>",
    ],
)
def test_a_geopriv_that_says_nothing(inside: str) -> None:
    each = received(inside)
    assert each.provide_geopriv is None
    each.provide_geopriv = "full"
    assert each.provide_geopriv is Geopriv.FULL
    assert each.transformations is not None
    assert len(each.transformations.extensions) == 1


@pytest.mark.parametrize("inside", ["<pr:provide-mood/>", "<pr:provide-mood><f:x/></pr:provide-mood>"])
def test_a_permission_that_says_nothing(inside: str) -> None:
    each = received(inside)
    assert each.provide_mood is None
    each.provide_mood = None
    assert each.transformations is None


def test_unknown_attributes_without_a_name_or_value_are_passed_over() -> None:
    each = received(
        '<pr:provide-unknown-attribute name="n">true</pr:provide-unknown-attribute>'
        "<pr:provide-unknown-attribute>true</pr:provide-unknown-attribute>"
        '<pr:provide-unknown-attribute name="n" ns="u"/>'
        '<pr:provide-unknown-attribute name="m" ns="u">true</pr:provide-unknown-attribute>'
    )
    assert each.provide_unknown_attributes == {("u", "m"): True}
    each.provide_unknown_attributes["u", "n"] = True
    assert each.provide_unknown_attributes == {("u", "m"): True, ("u", "n"): True}
    del each.provide_unknown_attributes["u", "m"]
    assert each.transformations is not None
    assert len(each.transformations.extensions) == 3


# Actions.


@pytest.mark.parametrize("value", [SubHandling.POLITE_BLOCK, "polite-block"])
def test_sub_handling(value: SubHandling | str) -> None:
    each = Rule(id="a")
    each.sub_handling = value

    assert each.sub_handling is SubHandling.POLITE_BLOCK
    assert each == Rule(
        id="a", actions=Actions(extensions=[SubHandlingElement(value=SubHandling.POLITE_BLOCK)])
    )
    each.sub_handling = None
    assert each.actions is None


def test_a_wrong_value_says_which_are_right() -> None:
    each = Rule(id="a")
    with pytest.raises(
        ValueError, match="sub_handling is one of 'block', 'confirm', 'polite-block', 'allow', not 'x'"
    ):
        each.sub_handling = "x"
    with pytest.raises(TypeError, match="provide_mood takes True, False or None, not 'false'"):
        each.provide_mood = "false"  # pyright: ignore[reportAttributeAccessIssue] - what is tested
    assert each == Rule(id="a")


def test_other_actions_stay_in_place() -> None:
    each = rule("<actions><f:x/><pr:sub-handling>block</pr:sub-handling><f:y/></actions>")
    each.sub_handling = "allow"
    assert each.actions is not None
    assert each.actions.extensions[1] == SubHandlingElement(value=SubHandling.ALLOW)
    each.sub_handling = None
    assert [item.qname for item in each.actions.extensions if isinstance(item, AnyElement)] == [
        "{urn:example:f}x",
        "{urn:example:f}y",
    ]


@pytest.mark.parametrize(
    "element",
    [
        SubHandlingElement(value=SubHandling.ALLOW),
        AnyElement(qname=f"{{{PR}}}sub-handling", text=" allow "),
        DerivedElement(qname=f"{{{PR}}}sub-handling", value=SubHandling.ALLOW),
        DerivedElement(qname=f"{{{PR}}}sub-handling", value=SubHandlingElement(value=SubHandling.ALLOW)),
    ],
)
def test_sub_handling_is_known_however_it_was_read(element: object) -> None:
    read_only = Rule(id="a", actions=Actions(extensions=[element]))
    assert read_only.sub_handling is SubHandling.ALLOW

    written = Rule(id="a", actions=Actions(extensions=[element]))
    written.sub_handling = "block"
    assert written.actions == Actions(extensions=[SubHandlingElement(value=SubHandling.BLOCK)])
    written = Rule(id="a", actions=Actions(extensions=[element]))
    written.sub_handling = None
    assert written.actions is None


def test_what_no_schema_allows_grants_nothing_and_is_replaced() -> None:
    each = rule(
        "<actions><pr:sub-handling>maybe</pr:sub-handling></actions>"
        "<transformations><pr:provide-mood>yes</pr:provide-mood></transformations>"
    )
    assert each.sub_handling is None
    assert each.provide_mood is None
    assert "maybe" in write(Ruleset(items=[each]))
    each.sub_handling = "allow"
    each.provide_mood = True
    assert each.actions == Actions(extensions=[SubHandlingElement(value=SubHandling.ALLOW)])
    assert each.transformations == Transformations(extensions=[ProvideMood(value=True)])


def test_of_two_the_first_counts_and_writing_leaves_one() -> None:
    each = permitted("<pr:provide-mood>true</pr:provide-mood><f:x/><pr:provide-mood>false</pr:provide-mood>")
    assert each.provide_mood is True
    each.provide_mood = False
    assert each.transformations is not None
    assert each.transformations.extensions[0] == ProvideMood(value=False)
    assert len(each.transformations.extensions) == 2


# Transformations.


@pytest.mark.parametrize("name", BOOLEANS)
def test_permissions(name: str) -> None:
    each = Rule(id="a")
    for value in (True, False):
        setattr(each, name, value)
        assert getattr(each, name) is value
        assert getattr(read(write(Ruleset(items=[each])), Ruleset).rules["a"], name) is value
    setattr(each, name, None)
    assert each == Rule(id="a")


@pytest.mark.parametrize("name", PRESENCES)
def test_what_is_there_or_not(name: str) -> None:
    each = Rule(id="a")
    setattr(each, name, True)
    setattr(each, name, True)
    assert getattr(each, name) is True
    assert getattr(read(write(Ruleset(items=[each])), Ruleset).rules["a"], name) is True
    setattr(each, name, False)
    assert each == Rule(id="a")


def test_choices() -> None:
    each = Rule(id="a")
    each.provide_user_input = "thresholds"
    each.provide_geopriv = Geopriv.FULL

    assert each.provide_user_input is UserInput.THRESHOLDS
    assert each.provide_geopriv is Geopriv.FULL
    again = read(write(Ruleset(items=[each])), Ruleset).rules["a"]
    assert again.provide_user_input is UserInput.THRESHOLDS
    assert again.provide_geopriv is Geopriv.FULL
    del each.provide_user_input, each.provide_geopriv
    assert each == Rule(id="a")


def test_all_services() -> None:
    each = Rule(id="a")
    each.provide_services = "all"

    assert each.provide_services.all
    assert each.provide_services
    assert repr(each.provide_services) == "<ProvideServices: 'all'>"
    assert list(each.provide_services) == []
    assert each.transformations == Transformations(extensions=[ProvideServices(items=[AllServices()])])
    with pytest.raises(ValueError, match="all are selected already"):
        each.provide_services.schemes.add("sip")
    each.provide_services.all = False
    assert each.provide_services.said
    assert not each.provide_services
    each.provide_services.all = False
    each.provide_services.schemes.add("sip")
    each.provide_services.all = True
    assert list(each.provide_services) == []
    each.provide_services = None
    assert each == Rule(id="a")


def test_some_services() -> None:
    each = Rule(id="a")
    services = each.provide_services
    services.uris.add("sip:a@b")
    services.schemes.update(["sip"])
    services.schemes.add("sip")
    services.classes.add("work")
    services.occurrence_ids.add("o")
    services.service_ids.add("s")
    services.add(AnyElement(qname="{urn:example:f}x"))

    assert len(services) == 6
    assert "sip" in services.schemes
    assert services.schemes == {"sip"}
    assert services.schemes & {"sip", "tel"} == {"sip"}
    assert repr(services.schemes) == "<ServiceUriScheme: 'sip'>"
    assert ServiceId(value="s") in list(services)
    assert (
        list(read(write(Ruleset(items=[each])), Ruleset).rules["a"].provide_services)[:5]
        == list(services)[:5]
    )
    services.discard(OccurrenceId(value="o"))
    services.classes.discard("work")
    services.classes.discard("work")
    services.uris.remove("sip:a@b")
    with pytest.raises(KeyError):
        services.uris.remove("sip:a@b")
    assert [type(item).__name__ for item in services] == ["ServiceUriScheme", "ServiceId", "AnyElement"]
    assert repr(services).startswith("<ProvideServices: ServiceUriScheme(value='sip'), ")
    services.clear()
    assert services.said
    assert not services


def test_selections_are_assigned() -> None:
    each, other = Rule(id="a"), Rule(id="b")
    each.provide_services = [ServiceUriScheme(value="sip")]
    other.provide_services = each.provide_services
    assert other.provide_services.schemes == {"sip"}
    other.provide_services.schemes.add("tel")
    assert each.provide_services.schemes == {"sip"}
    each.provide_services = "all"
    other.provide_services = each.provide_services
    assert other.provide_services.all
    other.provide_services = Rule(id="c").provide_services
    assert not other.provide_services.said
    each.provide_devices = []
    each.provide_devices.device_ids.add("urn:x")
    each.provide_persons = "all"
    assert repr(Rule(id="c").provide_persons) == "<ProvidePersons, not said>"
    assert each.provide_devices.device_ids == {"urn:x"}
    assert each.provide_persons.all
    with pytest.raises(ValueError, match="not 'some'"):
        each.provide_persons = "some"


def test_a_selection_that_was_read_without_its_class() -> None:
    generic = AnyElement(
        qname=f"{{{PR}}}provide-services", children=[AnyElement(qname=f"{{{PR}}}class", text="work")]
    )
    each = Rule(id="a", transformations=Transformations(extensions=[generic]))

    assert each.provide_services.classes == {"work"}
    each.provide_services.classes.add("home")
    assert each.transformations is not None
    assert len(each.transformations.extensions) == 1


def test_unknown_attributes() -> None:
    each = permitted('<pr:provide-unknown-attribute name="n" ns="urn:n">true</pr:provide-unknown-attribute>')
    attributes = each.provide_unknown_attributes

    assert attributes["urn:n", "n"] is True
    assert attributes.get(("urn:n", "m")) is None
    attributes["urn:n", "n"] = False
    attributes["urn:n", "m"] = True
    assert dict(attributes) == {("urn:n", "n"): False, ("urn:n", "m"): True}
    assert len(attributes) == 2
    assert "'m'" in repr(attributes)
    with pytest.raises(KeyError):
        del attributes["urn:x", "x"]
    each.provide_mood = True
    attributes.clear()
    assert each.transformations == Transformations(extensions=[ProvideMood(value=True)])
    assert not permitted(
        '<pr:provide-unknown-attribute name="n" ns="u">maybe</pr:provide-unknown-attribute>'
    ).provide_unknown_attributes["u", "n"]
    generic = AnyElement(
        qname=f"{{{PR}}}provide-unknown-attribute", text="true", attributes={"name": "n", "ns": "u"}
    )
    assert Rule(id="a", transformations=Transformations(extensions=[generic])).provide_unknown_attributes == {
        ("u", "n"): True
    }


# Conditions.


def test_identity() -> None:
    each = Rule(id="a")
    bob = each.identity.add("sip:bob@example.org")
    each.identity.add("sip:ann@example.org", at=0)

    assert "sip:bob@example.org" in each.identity
    assert [one.id for one in each.identity] == ["sip:ann@example.org", "sip:bob@example.org"]
    assert each.identity.ensure("sip:bob@example.org") is bob
    assert each.identity.ensure("sip:eve@example.org") in each.identity
    with pytest.raises(DuplicateKey):
        each.identity.add("sip:bob@example.org")
    bob.id = "sip:bobby@example.org"
    assert each.identity["sip:bobby@example.org"] is bob
    assert isinstance(each.conditions, Conditions)


def test_taking_out_the_last_identity_does_not_make_a_rule_for_everybody() -> None:
    each = Rule(id="a")
    each.identity.add("sip:bob@example.org")
    each.identity.discard("sip:bob@example.org")

    assert each.conditions == Conditions(items=[Identity()])
    each.identity.add("sip:new@example.org")
    assert each.conditions == Conditions(items=[Identity(items=[One(id="sip:new@example.org")])])
    del each.identity
    assert each == Rule(id="a")


def test_identity_keeps_what_it_does_not_know() -> None:
    each = rule(
        '<conditions><f:x/><identity><f:g/><many domain="d"/><one id="a"/></identity><sphere value="w"/></conditions>'
    )
    each.identity.add("b")
    each.identity.remove("a")
    assert each.conditions is not None
    assert [type(item).__name__ for item in each.conditions.items] == ["AnyElement", "Identity", "Sphere"]
    identity = each.conditions.items[1]
    assert isinstance(identity, Identity)
    assert identity.items[1:] == [Many(domain="d"), One(id="b")]


def test_many() -> None:
    each = Rule(id="a")
    many = each.identity.many.add("example.com")
    many.except_ids.add("sip:bob@example.com")
    many.except_domains.add("sales.example.com")

    assert many.items == [Except(id="sip:bob@example.com"), Except(domain="sales.example.com")]
    assert many.except_ids == {"sip:bob@example.com"}
    many.except_ids.discard("sip:bob@example.com")
    assert many.items == [Except(domain="sales.example.com")]
    assert each.identity.many.ensure("example.com") is many
    assert each.identity.many["example.com"] is many
    assert each.identity.many.ensure("example.net") is not many
    assert len(each.identity) == 0
    anybody = each.identity.many.ensure()
    assert each.identity.many.ensure() is anybody
    assert each.identity.anyone
    each.identity.anyone = True
    assert len(each.identity.many) == 3
    each.identity.anyone = False
    assert each.identity.many.keys() == ["example.com", "example.net"]
    each.identity.anyone = True
    assert each.identity.anyone
    each.identity.many.ensure().except_ids.add("sip:x@y")
    assert not each.identity.anyone


def test_external_lists() -> None:
    each = Rule(id="a")
    each.external_list.add("http://a")
    each.external_list.ensure("http://b")

    assert each.external_list.ensure("http://a") is each.external_list.at(0)
    assert [anchor.anc for anchor in each.external_list] == ["http://a", "http://b"]
    assert each.conditions == Conditions(
        items=[ExternalList(items=[Anchor(anc="http://a"), Anchor(anc="http://b")])]
    )
    again = read(write(Ruleset(items=[each])), Ruleset).rules["a"]
    assert "http://b" in again.external_list
    each.external_list.clear()
    assert each.conditions == Conditions(items=[ExternalList()])
    del each.external_list
    assert each == Rule(id="a")


def test_conditions_read_without_their_classes() -> None:
    ocp = "urn:oma:xml:xdm:common-policy"
    each = Rule(
        id="a",
        conditions=Conditions(
            items=[
                AnyElement(
                    qname=f"{{{ocp}}}external-list",
                    children=[AnyElement(qname=f"{{{ocp}}}entry", attributes={"anc": "http://a"})],
                ),
                AnyElement(qname=f"{{{ocp}}}other-identity"),
            ]
        ),
    )
    assert each.other_identity
    assert each.external_list.keys() == ["http://a"]
    each.external_list.add("http://b")
    each.other_identity = True
    assert each.conditions == Conditions(
        items=[ExternalList(items=[Anchor(anc="http://a"), Anchor(anc="http://b")]), OtherIdentity()]
    )


def test_sphere() -> None:
    each = Rule(id="a")
    each.sphere = "work"
    assert each.conditions == Conditions(items=[Sphere(value="work")])
    each.sphere = "home"
    assert each.sphere == "home"
    assert each.conditions == Conditions(items=[Sphere(value="home")])
    each.sphere = None
    assert each.conditions is None


def test_periods() -> None:
    start, end = dt.datetime(2030, 1, 1, 8, tzinfo=dt.UTC), dt.datetime(2030, 1, 1, 17, 30, tzinfo=dt.UTC)
    each = Rule(id="a")
    each.periods = [(start, end), (start + dt.timedelta(days=1), end + dt.timedelta(days=1))]

    assert each.periods[0].start == start
    assert each.periods[0].end == end
    again = read(write(Ruleset(items=[each])), Ruleset).rules["a"]
    assert again.periods == each.periods
    assert len(again.periods) == 2
    assert isinstance(again.validity, Validity)
    again.validity.periods = [(start, end)]
    assert again.periods == ((start, end),)
    other = Rule(id="b")
    other.validity = again.validity
    assert other.periods == again.periods
    other.periods = None
    assert other == Rule(id="b")


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([], "set None"),
        ([(dt.datetime(2030, 1, 2, tzinfo=dt.UTC), dt.datetime(2030, 1, 1, tzinfo=dt.UTC))], "cannot end"),
        ([(dt.datetime(2030, 1, 1), dt.datetime(2030, 1, 2))], "no time zone"),
    ],
)
def test_periods_that_cannot_be(pairs: list[tuple[dt.datetime, dt.datetime]], said: str) -> None:
    each = Rule(id="a")
    with pytest.raises(ValueError, match=said):
        each.periods = pairs
    assert each == Rule(id="a")


def received_period(start: str, until: str = "2031-01-01T00:00:00Z") -> Rule:
    return read(
        f'<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule id="a"><conditions><validity>'
        f"<from>{start}</from><until>{until}</until></validity></conditions></rule></ruleset>",
        Ruleset,
    ).rules["a"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-12-31T24:00:00Z", dt.datetime(2031, 1, 1, tzinfo=dt.UTC)),
        ("2030-12-31T24:00:00.000Z", dt.datetime(2031, 1, 1, tzinfo=dt.UTC)),
        (" 2030-01-01T08:00:00.5Z\n", dt.datetime(2030, 1, 1, 8, 0, 0, 500_000, tzinfo=dt.UTC)),
        ("2030-01-01T08:00:00.1234567Z", dt.datetime(2030, 1, 1, 8, 0, 0, 123_456, tzinfo=dt.UTC)),
        ("2030-01-01T08:00:00.12345678901234Z", dt.datetime(2030, 1, 1, 8, 0, 0, 123_456, tzinfo=dt.UTC)),
        ("2030-01-01T08:00:00-14:00", dt.datetime(2030, 1, 1, 22, tzinfo=dt.UTC)),
        ("2030-01-01T08:00:00", dt.datetime(2030, 1, 1, 8)),
    ],
)
def test_moments_as_documents_write_them(text: str, moment: dt.datetime) -> None:
    assert received_period(text).periods[0].start == moment


@pytest.mark.parametrize(
    "text",
    [
        "10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T24:00:00Z",
        "tomorrow",
        "2030-01-01T24:00:01Z",
        "2030-13-01T00:00:00Z",
        "2030-01-01T00:00:00+99:00",
        "",
        f"{'9' * 5000}-01-01T00:00:00Z",
    ],
)
def test_moments_that_no_datetime_can_hold(text: str) -> None:
    each = received_period("2030-01-01T00:00:00Z", text)
    with pytest.raises(ValueError, match=r"validity\.until\[0\] is .* no datetime can hold") as caught:
        _ = each.periods
    assert len(str(caught.value)) < 400
    assert each.validity is not None
    assert str(each.validity.until[0]) == text


def test_the_attributes_of_the_class_explain_themselves() -> None:
    # Without an instance they are the descriptors, as documentation tools expect.
    assert type(Rule.sub_handling).__name__ == "SubHandlingChoice"
    assert type(Rule.provide_mood).__name__ == "Permission"
    assert type(Rule.other_identity).__name__ == "Presence"


@pytest.mark.parametrize(
    ("enum", "texts"),
    [
        (SubHandling, enum_texts.SubHandlingText),
        (UserInput, enum_texts.UserInputText),
        (Geopriv, enum_texts.GeoprivText),
        (MediaHandling, enum_texts.MediaHandlingText),
        (PocGroup, enum_texts.PocGroupText),
        (CivicDetail, enum_texts.CivicDetailText),
        (Basic, enum_texts.BasicText),
        (ActiveIdle, enum_texts.ActiveIdleText),
        (DefaultBehaviour, enum_texts.DefaultBehaviourText),
    ],
)
def test_the_texts_of_enums_are_those_of_the_schema(enum: type[Enum], texts: object) -> None:
    assert get_args(texts) == tuple(each.value for each in enum)
