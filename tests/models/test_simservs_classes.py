"""Supplementary services: each an attribute of the document, whether or not it has it yet."""

from __future__ import annotations

import copy
import pickle

import pytest
from model_documents import read, write
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents import DuplicateKey, MissingKey
from xcap_documents.common_policy import Conditions, Rule, Ruleset
from xcap_documents.simservs import (
    Busy,
    CommunicationDiversion,
    CommunicationWaiting,
    DefaultBehaviour,
    ForwardTo,
    IncomingCommunicationBarring,
    OriginatingIdentityPresentationRestriction,
    OutgoingCommunicationBarring,
    RevealUriOptions,
    RuleDeactivated,
    Simservs,
)

SS = "http://uri.etsi.org/ngn/params/xml/simservs/xcap"
NAMESPACES = f'xmlns="{SS}" xmlns:cp="urn:ietf:params:xml:ns:common-policy" xmlns:v="urn:example:vendor"'
PRESENCES = [
    *("rule_deactivated", "anonymous", "busy", "no_answer", "not_reachable", "not_registered"),
    *("communication_diverted", "roaming", "international", "international_ex_hc"),
]
VIEWS = [
    *("originating_identity_presentation", "originating_identity_restriction"),
    *("terminating_identity_presentation", "terminating_identity_restriction", "diversion"),
    *("incoming_barring", "outgoing_barring", "communication_waiting", "flexible_alerting_default"),
    *("flexible_alerting", "diversion_capabilities", "barring_capabilities"),
]


def services(inside: str = "") -> Simservs:
    return read(f"<simservs {NAMESPACES}>{inside}</simservs>", Simservs)


def diverting(*rules: str) -> Simservs:
    return services(
        f"<communication-diversion><cp:ruleset>{''.join(rules)}</cp:ruleset></communication-diversion>"
    )


def deactivated(identifier: str, condition: str) -> str:
    return (
        f'<cp:rule id="{identifier}"><cp:conditions><rule-deactivated/>{condition}</cp:conditions><cp:actions>'
        f"<forward-to><target>tel:+31000</target><notify-caller>false</notify-caller></forward-to></cp:actions></cp:rule>"
    )


def test_reading_what_is_not_there_makes_nothing() -> None:
    document = Simservs()
    for name in VIEWS:
        view = getattr(document, name)
        assert (view.said, view.active, bool(view), view.element) == (False, False, False, None)
        assert repr(view).endswith(": absent>")
    assert document.originating_identity_restriction.default is None
    assert document.diversion.no_reply_timer is None
    assert list(document.diversion.rules) == list(document.incoming_barring.rules) == []
    assert document.diversion.rules.get("cfb") is None
    assert document.diversion.target("busy") is None
    assert document.diversion.stop("busy") is False
    assert document.incoming_barring.bars("roaming") is False
    assert set(document.flexible_alerting.groups) == set()
    document.diversion.no_reply_timer = None
    document.originating_identity_restriction.default = None
    del document.diversion
    assert document == Simservs()


@pytest.mark.parametrize("name", VIEWS)
def test_a_service_is_made_on_write(name: str) -> None:
    document = Simservs()
    getattr(document, name).active = False
    assert getattr(document, name).said
    assert not getattr(document, name).active
    assert repr(getattr(document, name)).endswith(": inactive>")
    getattr(document, name).active = True
    assert getattr(document, name)
    assert repr(getattr(document, name)).endswith(": active>")
    assert len(document.items) == 1
    assert read(write(document), Simservs) == document
    delattr(document, name)
    assert document == Simservs()


def test_a_service_that_does_not_say_is_active() -> None:
    document = services('<communication-waiting/><terminating-identity-presentation active="maybe"/>')
    assert document.communication_waiting.active
    assert not document.terminating_identity_presentation.active
    assert document.terminating_identity_presentation.said
    with pytest.raises(TypeError, match="active takes True or False, not 'false'"):
        document.communication_waiting.active = "false"  # pyright: ignore[reportAttributeAccessIssue]


def test_a_service_as_a_whole() -> None:
    document = services('<communication-waiting active="false"/><communication-waiting/>')
    document.communication_waiting = CommunicationWaiting()
    assert document.items == [CommunicationWaiting()]
    document.diversion = CommunicationDiversion(no_reply_timer=20)
    assert document.diversion.no_reply_timer == 20
    assert document.diversion.element is document.items[1]
    document.diversion = None
    assert document.items == [CommunicationWaiting()]
    with pytest.raises(TypeError, match="diversion takes a CommunicationDiversion or None"):
        document.diversion = CommunicationWaiting()


def test_of_two_services_of_a_kind_the_first_is_shown() -> None:
    document = services('<communication-waiting active="false"/><communication-waiting/>')
    assert not document.communication_waiting.active
    del document.communication_waiting
    assert document.items == []


@pytest.mark.parametrize(
    ("when", "identifier", "condition"),
    [
        ("unconditional", "cfu", None),
        ("busy", "cfb", "busy"),
        ("no-answer", "cfnr", "no_answer"),
        ("not-reachable", "cfnrc", "not_reachable"),
        ("not-registered", "cfnl", "not_registered"),
    ],
)
def test_forwarding(when: str, identifier: str, condition: str | None) -> None:
    diversion = Simservs().diversion
    rule = diversion.forward("tel:+49301", when)  # pyright: ignore[reportArgumentType]
    assert rule.id == identifier
    assert rule.forward_to == ForwardTo(target="tel:+49301")
    assert [name for name in PRESENCES if getattr(rule, name)] == ([condition] if condition else [])
    assert (rule.conditions is None) == (condition is None)
    assert diversion.target(when) == "tel:+49301"  # pyright: ignore[reportArgumentType]

    assert diversion.forward("tel:+49302", when) is rule  # pyright: ignore[reportArgumentType]
    assert diversion.target(when) == "tel:+49302"  # pyright: ignore[reportArgumentType]
    assert diversion.stop(when) is True  # pyright: ignore[reportArgumentType]
    assert diversion.stop(when) is False  # pyright: ignore[reportArgumentType]
    assert diversion.target(when) is None  # pyright: ignore[reportArgumentType]
    assert diversion.rule_for(when) is rule  # pyright: ignore[reportArgumentType]
    assert len(diversion.rules) == 1


def test_forwarding_takes_up_the_rule_that_the_server_keeps() -> None:
    document = diverting(
        deactivated("cfb", "<busy/>"), deactivated("x", ""), deactivated("cfn", "<no-answer/><v:w/>")
    )
    rules = document.diversion.rules
    document.diversion.forward("tel:+49301", "busy")
    document.diversion.forward("tel:+49302")
    document.diversion.forward("tel:+49303", "no-answer")

    assert rules.keys() == ["cfb", "x", "cfn", "cfnr"]
    assert [rule.rule_deactivated for rule in rules] == [False, False, True, False]
    assert rules["x"].conditions is None
    kept = rules["cfb"].forward_to
    assert kept == ForwardTo(target="tel:+49301", notify_caller=False)
    document.diversion.forward(
        ForwardTo(target="tel:+49304", reveal_identity_to_target=RevealUriOptions.FALSE), "busy"
    )
    assert document.diversion.target("busy") == "tel:+49304"
    assert rules["cfb"].forward_to != kept


@pytest.mark.parametrize("attribute", [' active="false"', ' active="perhaps"'])
def test_a_service_that_is_off_is_turned_on_only_if_that_is_asked_for(attribute: str) -> None:
    names = ("communication-diversion", "incoming-communication-barring")
    document = services("".join(f"<{name}{attribute}/>" for name in names))
    document.diversion.forward("tel:+49301", "busy")
    document.incoming_barring.bar()
    assert (document.diversion.active, document.incoming_barring.active) == (False, False)
    assert document.diversion.target("busy") == "tel:+49301"  # the rule's own
    assert document.incoming_barring.bars()
    document.diversion.forward("tel:+49301", "busy", activate=True)
    document.incoming_barring.bar(activate=True)
    assert (document.diversion.active, document.incoming_barring.active) == (True, True)
    assert len(document.diversion.rules) == len(document.incoming_barring.rules) == 1


def test_a_service_in_hand_is_turned_on_too() -> None:
    element = CommunicationDiversion(active=False)
    element.forward("tel:+49301", activate=True)
    assert element.active is True


def test_forwarding_by_media_is_a_rule_of_its_own() -> None:
    diversion = Simservs().diversion
    diversion.forward("tel:+49301", "busy")
    video = diversion.forward("tel:+49302", "busy", media="video")
    odd = diversion.forward("tel:+49303", media="x y")
    assert [(rule.id, rule.media) for rule in diversion.rules] == [
        ("cfb", None),
        ("cfb-video", "video"),
        ("cfu", "x y"),
    ]
    assert diversion.forward("tel:+49304", "busy", media="video") is video
    assert diversion.target("busy") == "tel:+49301"
    assert diversion.target(media="x y") == "tel:+49303"
    assert diversion.target() is None
    video.media = None
    assert video.busy
    odd.media = None
    assert odd.conditions is None


@pytest.mark.parametrize(
    ("number", "hint"), [("+49 (30) 1-2", "tel:+493012"), ("bob", "sip:user@example.org"), ("tel: 1", "tel:")]
)
def test_a_number_is_no_target(number: str, hint: str) -> None:
    document = Simservs()
    with pytest.raises(ValueError, match="is no URI to forward to") as caught:
        document.diversion.forward(number)
    assert hint in str(caught.value)
    assert document == Simservs()


@pytest.mark.parametrize("target", [None, 5, b"tel:+49301", CommunicationWaiting()])
def test_what_is_no_target_leaves_nothing_behind(target: object) -> None:
    document = Simservs()
    with pytest.raises(TypeError, match="forward_to takes a URI or a ForwardTo, not"):
        document.diversion.forward(target)  # pyright: ignore[reportArgumentType]
    assert document == Simservs()


def test_conditions_that_have_no_name_here() -> None:
    document = Simservs()
    with pytest.raises(ValueError, match=r"when is one of 'unconditional', 'busy', .*, not 'bussy'"):
        document.diversion.forward("tel:+49301", "bussy")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="'international-exHC', 'roaming', not 'busy'"):
        document.outgoing_barring.bar("busy")  # pyright: ignore[reportArgumentType]
    assert document == Simservs()


def test_barring() -> None:
    document = Simservs()
    document.outgoing_barring.bar("international-exHC")
    document.outgoing_barring.bar("roaming", media="video")
    document.incoming_barring.bar("anonymous")
    document.incoming_barring.bar()
    assert document.outgoing_barring.rules.keys() == ["ocb-international-exHC", "ocb-roaming-video"]
    assert document.incoming_barring.rules.keys() == ["icb-anonymous", "icb-all"]
    assert document.outgoing_barring.rules["ocb-international-exHC"].international_ex_hc
    assert document.outgoing_barring.bars("international-exHC")
    assert not document.outgoing_barring.bars("roaming")
    assert document.outgoing_barring.bars("roaming", media="video")
    assert document.incoming_barring.unbar("anonymous") is True
    assert not document.incoming_barring.bars("anonymous")
    assert document.incoming_barring.bar("anonymous") is document.incoming_barring.rules["icb-anonymous"]
    assert document.incoming_barring.rules["icb-anonymous"].conditions is not None
    document.incoming_barring.rules["icb-anonymous"].allow = True
    assert not document.incoming_barring.bars("anonymous")


def test_ids_are_free_in_the_whole_document() -> None:
    document = Simservs()
    document.incoming_barring.rules.add("cfb")
    document.outgoing_barring.rules.add("cfb-2")
    assert document.diversion.forward("tel:+49301", "busy").id == "cfb-3"
    assert document.incoming_barring.rules.add().id == "rule-2"
    assert document.outgoing_barring.rules.add().id == "rule-3"
    assert document.diversion.rules.add().id == "rule-4"
    with pytest.raises(DuplicateKey, match="'cfb' is there already, in incoming_barring: an id is unique"):
        document.outgoing_barring.rules.ensure("cfb")
    with pytest.raises(DuplicateKey, match="in incoming_barring"):
        document.diversion.rules.append(Rule(id="cfb"))
    with pytest.raises(DuplicateKey, match="there already: get it"):
        document.incoming_barring.rules.add("cfb")
    with pytest.raises(DuplicateKey, match="in diversion"):
        document.incoming_barring.bar("roaming", id="cfb-3")
    with pytest.raises(MissingKey, match="did you mean 'cfb-3'"):
        document.diversion.rules["cfb-4"]


def test_a_taken_id_leaves_nothing_behind() -> None:
    document = Simservs()
    document.incoming_barring.rules.add("a")
    with pytest.raises(DuplicateKey):
        document.diversion.rules.add("a")
    assert not document.diversion.said


def test_a_rule_that_has_no_id_against_the_schema() -> None:
    nameless = Rule(id=None)  # pyright: ignore[reportArgumentType]
    document = Simservs()
    document.incoming_barring.rules.append(nameless)
    document.outgoing_barring.rules.append(copy.copy(nameless))
    assert document.diversion.forward("tel:+49301").id == "cfu"
    with pytest.raises(TypeError, match="ServiceRules hold Rule, not CommunicationWaiting"):
        document.diversion.rules.append(CommunicationWaiting())  # pyright: ignore[reportArgumentType]


def test_a_service_in_hand_has_the_same_shortcuts() -> None:
    diversion = CommunicationDiversion()
    diversion.forward("tel:+49301", "busy").no_reply_timer = 30
    diversion.rules.add()
    assert diversion.ruleset is not None
    assert [rule.id for rule in diversion.ruleset.items] == ["cfb", "rule-2"]
    incoming, outgoing = IncomingCommunicationBarring(), OutgoingCommunicationBarring()
    assert (incoming.bar("roaming").id, outgoing.bar("roaming").id) == ("icb-roaming", "ocb-roaming")
    restriction = OriginatingIdentityPresentationRestriction()
    assert restriction.default is None
    restriction.default = "presentation-restricted"
    assert restriction.default_behaviour is DefaultBehaviour.PRESENTATION_RESTRICTED
    restriction.default = None
    assert restriction == OriginatingIdentityPresentationRestriction()


def test_the_default_of_a_restriction() -> None:
    document = services(
        "<originating-identity-presentation-restriction><default-behaviour/>"
        "</originating-identity-presentation-restriction><terminating-identity-presentation-restriction>"
        "<default-behaviour>who knows</default-behaviour></terminating-identity-presentation-restriction>"
    )
    assert document.originating_identity_restriction.default is DefaultBehaviour.PRESENTATION_RESTRICTED
    assert document.terminating_identity_restriction.default is None
    document.terminating_identity_restriction.default = DefaultBehaviour.PRESENTATION_NOT_RESTRICTED
    assert "<ns0:default-behaviour>presentation-not-restricted" in write(document)
    with pytest.raises(ValueError, match=r"default is one of 'presentation-restricted', .*, not 'hidden'"):
        document.originating_identity_restriction.default = "hidden"


def test_conditions_and_actions_of_a_rule() -> None:
    rule = Rule(id="a")
    assert [getattr(rule, name) for name in PRESENCES] == [False] * len(PRESENCES)
    assert (rule.media, rule.presence_status, rule.allow, rule.no_reply_timer, rule.forward_to) == (None,) * 5
    for name in PRESENCES:
        setattr(rule, name, True)
        assert getattr(rule, name)
    rule.media, rule.presence_status, rule.allow, rule.no_reply_timer = "audio", "meeting", False, 20
    rule.forward_to = "sip:carol@example.org"
    assert (rule.media, rule.presence_status, rule.allow, rule.no_reply_timer) == (
        "audio",
        "meeting",
        False,
        20,
    )
    document = Simservs()
    document.diversion.rules.append(rule)
    again = read(write(document), Simservs)
    assert again == document
    for name in PRESENCES:
        setattr(rule, name, False)
    rule.media = rule.presence_status = rule.allow = rule.no_reply_timer = rule.forward_to = None
    assert rule == Rule(id="a")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("media", 1, "media takes a text or None"),
        ("no_reply_timer", "20", "no_reply_timer takes a whole number or None"),
        ("no_reply_timer", True, "no_reply_timer takes a whole number or None"),
        ("forward_to", 1, "forward_to takes a URI or a ForwardTo"),
        ("allow", "false", "allow takes True, False or None"),
    ],
)
def test_values_of_another_kind(name: str, value: object, message: str) -> None:
    rule = Rule(id="a")
    with pytest.raises(TypeError, match=message):
        setattr(rule, name, value)
    assert rule == Rule(id="a")


def test_a_condition_that_was_read_without_its_class() -> None:
    generic = [AnyElement(qname=f"{{{SS}}}busy"), AnyElement(qname=f"{{{SS}}}rule-deactivated")]
    diversion = CommunicationDiversion(
        ruleset=Ruleset(items=[Rule(id="cfb", conditions=Conditions(items=[*generic]))])
    )
    found = diversion.rule_for("busy")
    assert found is not None
    assert found.conditions == Conditions(items=[Busy(), RuleDeactivated()])


def test_what_others_add_stays() -> None:
    inside = (
        '<communication-diversion v:tariff="gold"><cp:ruleset><cp:rule id="a"><cp:conditions><v:weather/>'
        "<unknown-condition/></cp:conditions><cp:actions><v:play>jingle</v:play></cp:actions></cp:rule></cp:ruleset>"
        "</communication-diversion><extensions><v:blacklist><v:number>1</v:number></v:blacklist></extensions>"
    )
    document = services(inside)
    document.diversion.forward("tel:+49301", "busy")
    document.communication_waiting.active = True
    text = write(document)
    for kept in ("tariff", "weather", "unknown-condition", "jingle", "blacklist"):
        assert kept in text
    assert text.index("communication-waiting") < text.index("extensions")
    assert read(text, Simservs) == document


def test_groups_of_flexible_alerting() -> None:
    document = Simservs()
    document.flexible_alerting.groups.add("sip:sales@example.org")
    assert set(document.flexible_alerting.groups) == {"sip:sales@example.org"}
    element = document.flexible_alerting.element
    assert element is not None
    assert element.identity[0].active


CAPABILITIES = """<communication-diversion-serv-cap><serv-cap-conditions><serv-cap-busy provisioned="false"/>
<serv-cap-media><media>audio</media><media>video</media></serv-cap-media></serv-cap-conditions>
<serv-cap-actions><serv-cap-target><telephony-type/></serv-cap-target><serv-cap-notify-caller provisioned="false"/>
</serv-cap-actions></communication-diversion-serv-cap><communication-barring-serv-cap><serv-cap-conditions>
<serv-cap-international-exHC provisioned="false"/><serv-cap-media><no-media/></serv-cap-media></serv-cap-conditions>
</communication-barring-serv-cap>"""


def test_capabilities() -> None:
    document = services(CAPABILITIES)
    diversion, barring = document.diversion_capabilities, document.barring_capabilities
    assert [diversion.allows(name) for name in ("busy", "no-answer", "notify-caller")] == [False, True, False]
    assert [barring.allows(name) for name in ("international-exHC", "roaming")] == [False, True]
    assert diversion.media == ("audio", "video")
    assert barring.media == ()
    assert diversion.only_telephone_numbers
    with pytest.raises(
        ValueError, match=r"capabilities are said of 'anonymous', 'busy', .*, not of 'roaming'"
    ):
        diversion.allows("roaming")

    nothing = Simservs()
    assert nothing.diversion_capabilities.allows("busy")
    assert nothing.barring_capabilities.media is None
    assert not nothing.diversion_capabilities.only_telephone_numbers
    assert nothing == Simservs()
    all_media = services(
        "<communication-barring-serv-cap><serv-cap-conditions><serv-cap-media><all-media/></serv-cap-media>"
        "</serv-cap-conditions></communication-barring-serv-cap>"
    )
    assert all_media.barring_capabilities.media is None


def test_copies() -> None:
    document = services(CAPABILITIES)
    document.diversion.forward("tel:+49301", "busy")
    assert copy.deepcopy(document) == document
    assert pickle.loads(pickle.dumps(document)) == document
