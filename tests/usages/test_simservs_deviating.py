"""Supplementary services as servers ship them against the schema: read with warnings, edited all the same."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from xcap_documents.common_policy import Rule
from xcap_sdk import InvalidDocument, XcapClient

# Both barrings have a rule0; a vendor's timer is inside the action, an operator's service among the services.
SHIPPED = """<?xml version="1.0" encoding="UTF-8"?>
<simservs xmlns="http://uri.etsi.org/ngn/params/xml/simservs/xcap" xmlns:cp="urn:ietf:params:xml:ns:common-policy">
  <communication-diversion active="true">
    <cp:ruleset>
      <cp:rule id="cfnr"><cp:conditions><rule-deactivated/><no-answer/></cp:conditions><cp:actions><forward-to>
        <target>tel:+31600</target><NoReplyTimer>20</NoReplyTimer></forward-to></cp:actions></cp:rule>
    </cp:ruleset>
  </communication-diversion>
  <black-list active="true"/>
  <incoming-communication-barring active="true"><cp:ruleset>
    <cp:rule id="rule0"><cp:conditions/><cp:actions><allow>true</allow></cp:actions></cp:rule>
  </cp:ruleset></incoming-communication-barring>
  <outgoing-communication-barring active="true"><cp:ruleset>
    <cp:rule id="rule0"><cp:conditions/><cp:actions><allow>true</allow></cp:actions></cp:rule>
  </cp:ruleset></outgoing-communication-barring>
</simservs>
"""


class Shipping:
    """A server that has such a document, and takes any."""

    def __init__(self) -> None:
        self.document = SHIPPED
        self.version = 1

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            assert request.headers["If-Match"] == f'"{self.version}"'
            self.document, self.version = request.content.decode(), self.version + 1
        body = self.document.encode() if request.method == "GET" else b""
        headers = {"ETag": f'"{self.version}"', "Content-Type": "application/vnd.etsi.simservs+xml"}
        return httpx.Response(200, headers=headers, content=body)


@pytest.fixture
def shipping() -> Shipping:
    return Shipping()


@pytest.fixture
def xcap(shipping: Shipping) -> Iterator[XcapClient]:
    with (
        httpx.Client(transport=httpx.MockTransport(shipping)) as http,
        XcapClient("https://xcap.example.org/xcap-root", user="sip:alice@example.org", http=http) as client,
    ):
        yield client


def test_what_is_wrong_is_said_with_both_places(xcap: XcapClient) -> None:
    document = xcap.simservs.get()
    said = [str(warning) for warning in document.warnings]
    assert any(
        text.startswith("outgoing_barring.rules[0].id: 'rule0' is incoming_barring.rules[0].id")
        for text in said
    )
    assert any("the element black-list is not expected here" in text for text in said)
    assert any('rules["cfnr"].forward_to' in text and "NoReplyTimer" in text for text in said)
    assert document.model.outgoing_barring.rules["rule0"].allow
    assert document.model.diversion.rules["cfnr"].no_reply_timer is None


def test_an_edit_of_something_else_is_saved_and_every_other_byte_stays(
    xcap: XcapClient, shipping: Shipping
) -> None:
    with xcap.simservs.edit() as services:
        services.diversion.forward("tel:+49301", when="no-answer")
    assert shipping.document == SHIPPED.replace("<rule-deactivated/>", "").replace("tel:+31600", "tel:+49301")


def test_rules_around_the_fault_may_come_and_move(xcap: XcapClient, shipping: Shipping) -> None:
    with xcap.simservs.edit() as services:
        services.outgoing_barring.bar("roaming")
        services.outgoing_barring.rules.move("ocb-roaming", to=0)
        services.incoming_barring.rules.add(at=0)
        services.communication_waiting.active = True
    assert '<cp:rule id="ocb-roaming">' in shipping.document
    assert shipping.document.count('id="rule0"') == 2


def test_one_more_of_the_same_is_not_sent(xcap: XcapClient, shipping: Shipping) -> None:
    document = xcap.simservs.get()
    added = document.model.diversion.rules.append(Rule(id="other"))
    added.id = "rule0"
    with pytest.raises(InvalidDocument, match="'rule0' is diversion"):
        document.save()
    assert shipping.document == SHIPPED


def test_mending_it(xcap: XcapClient, shipping: Shipping) -> None:
    with xcap.simservs.edit() as services:
        services.outgoing_barring.rules["rule0"].id = "rule1"
    assert shipping.document.count('id="rule0"') == 1
    assert all("already" not in str(warning) for warning in xcap.simservs.get().warnings)
