"""Supplementary services for a strict type checker: run by basedpyright, and by pytest only as a program."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import assert_type

from xcap_documents.common_policy import Rule
from xcap_documents.simservs import (
    CommunicationBarring,
    CommunicationDiversion,
    DefaultBehaviour,
    ForwardTo,
    Simservs,
)


def test_services_are_typed() -> None:
    services = Simservs()
    assert_type(services.communication_waiting.active, bool)
    assert_type(services.diversion.element, CommunicationDiversion | None)
    assert_type(services.outgoing_barring.element, CommunicationBarring | None)
    assert_type(services.diversion.no_reply_timer, int | None)
    assert_type(services.originating_identity_restriction.default, DefaultBehaviour | None)
    services.originating_identity_restriction.default = "presentation-restricted"
    services.terminating_identity_restriction.default = DefaultBehaviour.PRESENTATION_NOT_RESTRICTED
    services.communication_waiting = None
    assert_type(services.diversion_capabilities.media, tuple[str, ...] | None)


def test_rules_are_typed() -> None:
    services = Simservs()
    rule = services.diversion.forward("tel:+49301", when="no-answer")
    assert_type(rule, Rule)
    assert_type(rule.forward_to, ForwardTo | None)
    rule.forward_to = "tel:+49302"
    rule.forward_to = ForwardTo(target="tel:+49303", notify_caller=False)
    assert_type(rule.no_answer, bool)
    assert_type(rule.media, str | None)
    assert_type(rule.allow, bool | None)
    assert_type(rule.no_reply_timer, int | None)
    assert_type(services.diversion.rule_for("busy"), Rule | None)
    assert_type(services.diversion.target("busy"), str | None)
    assert_type(services.incoming_barring.rules.add(), Rule)
    assert_type(services.incoming_barring.bars("roaming"), bool)
    assert_type(CommunicationDiversion().rules["a"] if CommunicationDiversion().rules else rule, Rule)


def test_what_a_type_checker_refuses() -> None:
    services = Simservs()
    if not services.diversion.said:
        return
    services.diversion.forward("tel:+49301", when="bussy")  # pyright: ignore[reportArgumentType]
    services.outgoing_barring.bar("busy")  # pyright: ignore[reportArgumentType]
    services.communication_waiting.active = "true"  # pyright: ignore[reportAttributeAccessIssue]
    services.waiting = True  # pyright: ignore[reportAttributeAccessIssue]
