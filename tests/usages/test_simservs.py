"""Supplementary services (TS 24.623): documents of every kind against the embedded server, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import get_args

import pytest

from xcap_documents.common_policy import Rule, Ruleset
from xcap_documents.resource_lists import Entry
from xcap_documents.simservs import (
    CommunicationDiversion,
    CommunicationWaiting,
    IncomingCommunicationBarring,
    OutgoingCommunicationBarring,
    Simservs,
)
from xcap_sdk import (
    AsyncXcapClient,
    InvalidDocument,
    InvalidInput,
    NotFound,
    SchemaValidationFailure,
    XcapClient,
    parse,
    serialize,
    validate,
)
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.editing.strategy import Strategy
from xcap_sdk.server import RunningServer
from xcap_sdk.usages import SIMSERVS, by_auid, for_class

SS = "http://uri.etsi.org/ngn/params/xml/simservs/xcap"
CP = "urn:ietf:params:xml:ns:common-policy"
ALICE = "sip:+4930100@ims.example.org"

# A server's own document, as it might come: a prefix for everything, foreign attributes and elements, a condition
# of a later release, a timer beside the action, a comment.
OPERATORS = f"""<?xml version="1.0" encoding="UTF-8"?>
<ss:simservs xmlns:ss="{SS}" xmlns:cp="{CP}" xmlns:op="urn:example:operator" op:profile="gold">
  <!-- provisioned 2021-05-03 -->
  <ss:terminating-identity-presentation active="1"/>
  <ss:communication-diversion op:class='7' active="true">
    <ss:NoReplyTimer> 30 </ss:NoReplyTimer>
    <cp:ruleset>
      <cp:rule id="cfb"><cp:conditions><ss:rule-deactivated/><ss:busy/></cp:conditions>
        <cp:actions><ss:forward-to><ss:target>tel:+31600</ss:target></ss:forward-to></cp:actions></cp:rule>
      <cp:rule id="cfnr"><cp:conditions><ss:no-answer/></cp:conditions><cp:actions><ss:forward-to>
        <ss:target>tel:+31601</ss:target></ss:forward-to><ss:NoReplyTimer>25</ss:NoReplyTimer></cp:actions></cp:rule>
      <cp:rule id="cfuc"><cp:conditions><ss:unconditional-of-tomorrow/></cp:conditions>
        <cp:actions><op:announce>7</op:announce></cp:actions></cp:rule>
    </cp:ruleset>
  </ss:communication-diversion>
  <ss:extensions><op:blacklist max="10"/></ss:extensions>
</ss:simservs>
"""


def document(inside: str) -> bytes:
    return f'<simservs xmlns="{SS}" xmlns:cp="{CP}" xmlns:f="urn:example:f">{inside}</simservs>'.encode()


def barring(direction: str, identifier: str) -> str:
    name = f"{direction}-communication-barring"
    return (
        f'<{name} active="true"><cp:ruleset><cp:rule id="{identifier}"><cp:conditions/><cp:actions><allow>true</allow>'
        f"</cp:actions></cp:rule></cp:ruleset></{name}>"
    )


@pytest.fixture
def alice(xcap_server: RunningServer) -> Iterator[XcapClient]:
    with xcap_server.client(ALICE) as client:
        yield client


def test_the_usage() -> None:
    assert by_auid("simservs.ngn.etsi.org") is for_class(Simservs) is SIMSERVS
    assert (SIMSERVS.namespace, SIMSERVS.document) == (SS, "simservs.xml")
    assert SIMSERVS.media_type == "application/vnd.etsi.simservs+xml"
    assert SIMSERVS.empty is Simservs
    assert SIMSERVS.keys[Rule] == "id"


def test_services_from_nothing(alice: XcapClient) -> None:
    with alice.simservs.edit() as services:
        services.diversion.forward("tel:+49301", when="busy")
        services.diversion.forward("sip:voicemail@ims.example.org", when="no-answer")
        services.diversion.no_reply_timer = 20
        services.incoming_barring.bar("anonymous")
        services.outgoing_barring.bar("international-exHC")
        services.originating_identity_restriction.default = "presentation-not-restricted"
        services.communication_waiting.active = True
    read = alice.simservs.get().model
    assert read.diversion.target("busy") == "tel:+49301"
    assert read.diversion.no_reply_timer == 20
    assert read.outgoing_barring.bars("international-exHC")
    assert read.communication_waiting.active
    with (edit := alice.simservs.edit()) as services:
        services.diversion.forward("tel:+49301", when="busy")
        services.communication_waiting.active = True
    assert edit.report is not None
    assert edit.report.outcome == "unchanged"


def test_the_same_asynchronously(xcap_server: RunningServer) -> None:
    async def work() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as xcap:
            async with xcap.simservs.edit() as services:
                services.diversion.forward("tel:+49301")
            assert (await xcap.simservs.get()).model.diversion.target() == "tel:+49301"
            with pytest.raises(NotFound):
                await xcap.simservs.get(document="other.xml")

    asyncio.run(work())


def test_an_operators_document_keeps_every_other_byte(alice: XcapClient) -> None:
    alice.put(alice.simservs.address(), OPERATORS)
    held = alice.simservs.get()
    held.model.diversion.forward("tel:+49301", when="busy")
    held.model.diversion.rules["cfnr"].no_reply_timer = 40
    held.model.communication_waiting.active = False
    held.save(strategy="document")

    expected = (
        OPERATORS.replace("<ss:rule-deactivated/><ss:busy/>", "<ss:busy/>")
        .replace("tel:+31600", "tel:+49301")
        .replace("<ss:NoReplyTimer>25<", "<ss:NoReplyTimer>40<")
        .replace("  <ss:extensions>", '  <ss:communication-waiting active="false"/>\n  <ss:extensions>')
    )
    assert alice.simservs.get().xml.decode() == expected


def test_two_clients_change_different_services(alice: XcapClient) -> None:
    alice.put(alice.simservs.address(), OPERATORS)
    mine = alice.simservs.get()
    mine.model.diversion.forward("tel:+49301", when="busy")
    with alice.simservs.edit() as theirs:
        theirs.outgoing_barring.bar("roaming")
        theirs.diversion.rules["cfnr"].forward_to = "tel:+49302"
    assert mine.save().merged
    merged = alice.simservs.get().model
    assert (merged.diversion.target("busy"), merged.diversion.target("no-answer")) == (
        "tel:+49301",
        "tel:+49302",
    )
    assert merged.outgoing_barring.bars("roaming")


def test_one_request_for_each_change(alice: XcapClient) -> None:
    alice.put(alice.simservs.address(), OPERATORS)
    held = alice.simservs.get()
    held.model.diversion.forward("tel:+49301")
    held.model.communication_waiting.active = True
    plan = str(held.plan(strategy="nodes"))
    assert 'PUT simservs/communication-diversion/cp:ruleset/cp:rule[@id="cfu"]?xmlns(cp=' in plan
    assert 'PUT simservs/*[3][@active="true"]' in plan  # by its name alone it would come behind extensions
    assert held.save(strategy="nodes").requests == 2
    assert alice.simservs.get().model.diversion.target() == "tel:+49301"


@pytest.mark.parametrize("strategy", get_args(Strategy))
@pytest.mark.parametrize("active", [True, False])
def test_a_new_service_comes_before_the_extensions(
    alice: XcapClient, strategy: Strategy, active: bool
) -> None:
    alice.put(alice.simservs.address(), OPERATORS)
    by_name = alice.simservs.address().element("simservs/communication-waiting")
    with pytest.raises(SchemaValidationFailure, match="communication-waiting is not expected here"):
        alice.put(by_name, CommunicationWaiting(active=active))

    held = alice.simservs.get()
    held.model.communication_waiting.active = active
    assert held.save(strategy=strategy).requests == 1
    new = f'<ss:communication-waiting active="{str(active).lower()}"/>'
    before, found, after = alice.simservs.get().xml.decode().partition(new)
    assert found
    assert before.rstrip() + "\n  " + after.lstrip() == OPERATORS


def test_one_service_by_its_node(alice: XcapClient) -> None:
    extensions = '  <ss:extensions><op:blacklist max="10"/></ss:extensions>\n'
    assert extensions in OPERATORS
    alice.put(alice.simservs.address(), OPERATORS.replace(extensions, ""))
    node = alice.simservs.address().element("simservs/communication-diversion")
    reply = alice.get(node)
    diversion = parse(reply.body, CommunicationDiversion, namespaces=alice.get(node.namespaces()).value)
    diversion.forward("tel:+49301", when="busy")
    alice.put(node, diversion)
    assert alice.simservs.get().model.diversion.target("busy") == "tel:+49301"

    waiting = alice.simservs.address().element("simservs/communication-waiting")
    with pytest.raises(
        InvalidInput, match="<communication-waiting>, and not as the <communication-diversion>"
    ):
        alice.put(node, CommunicationWaiting())
    with pytest.raises(InvalidInput, match="the body is Entry; give bytes or text"):
        alice.put(waiting.attribute("active"), Entry(uri="sip:bob@example.org"))
    assert alice.put(waiting, CommunicationWaiting(active=False)).status == 201
    alice.put(waiting.attribute("active"), "true")
    assert alice.simservs.get().model.communication_waiting.active
    assert b"operator" in alice.simservs.get().xml


def test_an_element_with_its_own_declarations_and_one_with_an_xml_declaration() -> None:
    element = f'<ss:communication-diversion xmlns:ss="{SS}"><ss:NoReplyTimer>30</ss:NoReplyTimer></ss:communication-diversion>'
    for text in (element, f'<?xml version="1.0"?>\n{element}\n'):
        assert parse(text, CommunicationDiversion, namespaces={}).no_reply_timer == 30
        assert parse(text, CommunicationDiversion).no_reply_timer == 30
    bare = element.replace(f' xmlns:ss="{SS}"', "").replace("ss:", "")
    assert parse(bare, CommunicationDiversion, namespaces={"": SS}).no_reply_timer == 30


def test_duplicate_ids_across_services_are_named_with_both_places() -> None:
    both = document(barring("incoming", "rule0") + barring("outgoing", "rule0"))
    assert [str(problem) for problem in schema_problems(both, root=Simservs)] == [
        "outgoing_barring.rules[0].id: 'rule0' is incoming_barring.rules[0].id already: an id is unique in the whole "
        "document, so give one of the two another one [schema]"
    ]
    model = parse(both, Simservs)
    assert model.outgoing_barring.rules["rule0"].allow
    with pytest.raises(InvalidDocument, match=r"incoming_barring.rules\[0\].id already"):
        validate(model)
    model.outgoing_barring.rules["rule0"].id = "rule1"
    validate(model)


def test_duplicate_ids_in_one_service_and_thrice() -> None:
    rules = [Rule(id="first"), Rule(id="a"), Rule(id="a")]
    model = Simservs(
        items=[
            IncomingCommunicationBarring(ruleset=Ruleset(items=rules)),
            OutgoingCommunicationBarring(ruleset=Ruleset(items=[Rule(id="a")])),
        ]
    )
    found = schema_problems(serialize(model), root=Simservs)
    assert [problem.place for problem in found] == [
        "incoming_barring.rules[2].id",
        "outgoing_barring.rules[0].id",
    ]
    assert all("'a' is incoming_barring.rules[1].id already" in problem.message for problem in found)


def test_duplicate_ids_where_no_class_is_known() -> None:
    (problem,) = schema_problems(document(barring("incoming", "a") + barring("outgoing", "a")))
    assert problem.place.startswith("/")
    assert problem.place.endswith("/@id")
    assert problem.message.startswith("'a' is /")
    assert "/@id already: an id is unique in the whole document" in problem.message


def test_an_id_that_is_no_name_is_no_duplicate() -> None:
    found = schema_problems(document(barring("incoming", "1a") + barring("outgoing", "b c")), root=Simservs)
    assert [problem.place for problem in found] == [
        "incoming_barring.rules[0].id",
        "outgoing_barring.rules[0].id",
    ]
    assert all("is no valid xs:ID: it has to begin with a letter" in problem.message for problem in found)


def test_nothing_invalid_leaves(alice: XcapClient) -> None:
    with pytest.raises(InvalidDocument) as caught, alice.simservs.edit() as services:
        services.diversion.no_reply_timer = 3
        services.diversion.rules.add("a").forward_to = "tel:+49301"
        services.incoming_barring.rules.add("b").no_reply_timer = 500
        services.incoming_barring.rules["b"].id = "a"
    assert {problem.place for problem in caught.value.problems} == {
        "diversion.no_reply_timer",
        "incoming_barring.rules[0].id",
        'incoming_barring.rules["a"].no_reply_timer',
    }
    assert not alice.simservs.exists()


VALID = [
    "",
    "<extensions/>",
    "<extensions><f:a/><f:b/></extensions>",
    '<communication-waiting active="0" f:a="b"/><communication-waiting/>',
    "<communication-diversion><NoReplyTimer>5</NoReplyTimer></communication-diversion>",
    "<communication-diversion><NoReplyTimer>180</NoReplyTimer><cp:ruleset/></communication-diversion>",
    "<originating-identity-presentation-restriction><default-behaviour/></originating-identity-presentation-restriction>",
    '<flexible-alerting-specific><identity active="false">sip:a@b</identity><f:x/></flexible-alerting-specific>',
    "<flexible-alerting-default/><terminating-identity-presentation/><originating-identity-presentation/>",
    "<communication-diversion-serv-cap><serv-cap-conditions><serv-cap-busy f:a='b'/></serv-cap-conditions>"
    "<serv-cap-actions><serv-cap-target><any-target-type/></serv-cap-target></serv-cap-actions>"
    "</communication-diversion-serv-cap>",
    "<communication-barring-serv-cap><serv-cap-conditions><serv-cap-media><media>a</media><media>b</media>"
    "</serv-cap-media></serv-cap-conditions></communication-barring-serv-cap>",
]
INVALID = [
    ("<unknown/>", "the element unknown is not expected here"),
    ("<absService/>", "abstract"),
    ("<extensions/><communication-waiting/>", "communication-waiting is not expected here"),
    ("<f:a/>", "the element a is not expected here"),
    ('<communication-waiting active="yes"/>', "'yes' is no valid"),
    ("<communication-waiting><f:a/></communication-waiting>", "content"),
    ("<communication-diversion><NoReplyTimer>4</NoReplyTimer></communication-diversion>", "4"),
    ("<communication-diversion><NoReplyTimer>181</NoReplyTimer></communication-diversion>", "181"),
    (
        "<communication-diversion><cp:ruleset/><NoReplyTimer>9</NoReplyTimer></communication-diversion>",
        "NoReplyTimer",
    ),
    ("<communication-diversion><ruleset/></communication-diversion>", "expected: NoReplyTimer, ruleset"),
    (
        "<terminating-identity-presentation-restriction><default-behaviour>x</default-behaviour>"
        "</terminating-identity-presentation-restriction>",
        "'x' is none of",
    ),
    ("<flexible-alerting-specific f:a='b'/>", "a"),
    (
        "<communication-diversion-serv-cap><serv-cap-actions/><serv-cap-conditions/></communication-diversion-serv-cap>",
        "serv-cap-conditions",
    ),
    (
        "<communication-barring-serv-cap><serv-cap-conditions><serv-cap-media><all-media/><no-media/></serv-cap-media>"
        "</serv-cap-conditions></communication-barring-serv-cap>",
        "no-media",
    ),
]
FORWARDS = [
    ("<target>tel:1</target>", True),
    (
        "<target>tel:1</target><notify-caller>false</notify-caller><reveal-identity-to-target>true</reveal-identity-to-target>",
        True,
    ),
    ("<target>tel:1</target><reveal-identity-to-caller>not-reveal-GRUU</reveal-identity-to-caller>", True),
    ("<notify-caller>false</notify-caller>", False),
    ("<notify-caller>false</notify-caller><target>tel:1</target>", False),
    ("<target>tel:1</target><NoReplyTimer>20</NoReplyTimer>", False),
    ("<target>tel:1</target><reveal-identity-to-caller>gruu</reveal-identity-to-caller>", False),
]


@pytest.mark.parametrize("inside", VALID)
def test_what_the_schema_takes(inside: str) -> None:
    model = parse(document(inside), Simservs)
    validate(model)
    assert parse(serialize(model), Simservs) == model
    assert schema_problems(document(inside), root=Simservs) == []


@pytest.mark.parametrize(("inside", "message"), INVALID)
def test_what_the_schema_refuses(inside: str, message: str) -> None:
    found = schema_problems(document(inside), root=Simservs)
    assert found
    assert message in found[0].message
    parse(document(inside), Simservs)  # read all the same


@pytest.mark.parametrize(("inside", "good"), FORWARDS)
def test_where_calls_go(inside: str, good: bool) -> None:
    text = document(
        f'<communication-diversion><cp:ruleset><cp:rule id="a"><cp:actions><forward-to>{inside}</forward-to>'
        "</cp:actions></cp:rule></cp:ruleset></communication-diversion>"
    )
    problems = schema_problems(text)
    assert bool(problems) is not good


def test_the_place_of_the_second_of_two_services() -> None:
    twice = document(
        "<communication-diversion/><communication-diversion><NoReplyTimer>1</NoReplyTimer></communication-diversion>"
    )
    assert [problem.place for problem in schema_problems(twice, root=Simservs)] == ["items[1].no_reply_timer"]
    wrong = document("<communication-diversion><cp:ruleset/><cp:ruleset/></communication-diversion>")
    assert schema_problems(wrong, root=Simservs)[0].place == "diversion"
