"""Rules that OMA and RCS know by their ids, and the rules that an RCS client starts with."""

from __future__ import annotations

from enum import StrEnum

from xcap_documents.common_policy import Rule, Ruleset
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.reserved_lists import ReservedList


class WellKnownRule(StrEnum):
    """The ids of rules that clients of OMA and RCS make and look for.

        model.rules[WellKnownRule.UNLISTED].sub_handling = "block"

    Attributes:
        ALLOW_OWN: The user sees the own presence.
        GRANTED: Those on the list oma_grantedcontacts are allowed.
        BLOCKED: Those on the list oma_blockedcontacts are blocked.
        UNLISTED: Those whom no other rule names have to be confirmed.
        BLOCK_ANONYMOUS: Who hides who it is, is blocked.
        ALLOW_SERVICES_ANONYMOUS: Who hides who it is sees what the user's devices can do, as RCS needs it.
    """

    ALLOW_OWN = "wp_prs_allow_own"
    GRANTED = "wp_prs_grantedcontacts"
    BLOCKED = "wp_prs_blockedcontacts"
    UNLISTED = "wp_prs_unlisted"
    BLOCK_ANONYMOUS = "wp_prs_block_anonymous"
    ALLOW_SERVICES_ANONYMOUS = "rcs_allow_services_anonymous"


def rcs_rules(lists: DocumentAddress) -> Ruleset:
    """The rules that an RCS client starts with.

        xcap.oma_pres_rules.create(rcs_rules(xcap.resource_lists.address()))

    The user is allowed, those on the list oma_grantedcontacts are allowed, those on oma_blockedcontacts
    blocked, all others have to be confirmed, and who hides who it is sees the services.

    Args:
        lists: The address of the user's resource-lists document, which has the two lists.

    Returns:
        The rules, for ``oma_pres_rules``.

    Raises:
        InvalidInput: The document is nobody's own.
    """
    if lists.xui is None:
        raise InvalidInput(f"{lists} is nobody's own document: give the address of a user's resource lists")
    model = Ruleset()
    own = _allowed(model, WellKnownRule.ALLOW_OWN)
    own.identity.add(lists.xui)
    granted = _allowed(model, WellKnownRule.GRANTED)
    granted.external_list.add(_list(lists, ReservedList.GRANTED_CONTACTS))
    blocked = model.rules.add(WellKnownRule.BLOCKED)
    blocked.external_list.add(_list(lists, ReservedList.BLOCKED_CONTACTS))
    blocked.sub_handling = "block"
    unlisted = model.rules.add(WellKnownRule.UNLISTED)
    unlisted.other_identity = True
    unlisted.sub_handling = "confirm"
    anonymous = model.rules.add(WellKnownRule.ALLOW_SERVICES_ANONYMOUS)
    anonymous.anonymous_request = True
    anonymous.sub_handling = "allow"
    anonymous.provide_services = "all"
    anonymous.provide_all_attributes = True
    return model


def _allowed(model: Ruleset, name: WellKnownRule) -> Rule:
    """A new rule that allows subscriptions and shows everything."""
    rule = model.rules.add(name)
    rule.sub_handling = "allow"
    show_everything(rule)
    return rule


def show_everything(rule: Rule) -> None:
    """Let a rule show every service, device and person, with all attributes."""
    rule.provide_services = rule.provide_persons = rule.provide_devices = "all"
    rule.provide_all_attributes = True


def _list(lists: DocumentAddress, name: str) -> str:
    return lists.element("resource-lists").child("list", where=("name", name)).uri
