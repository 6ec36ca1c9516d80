"""org.openmobilealliance.pres-rules (OMA Presence SIMPLE XDM §5.1): presence rules with OMA's conditions."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.common_policy import Identity, Ruleset
from xcap_documents.oma_common_policy import Anchor, AnonymousRequest, ExternalList, OtherIdentity
from xcap_documents.pres_rules import SubHandling
from xcap_sdk.errors import InvalidInput, Problem
from xcap_sdk.protocol.addresses import DocumentAddress, document_of, parse_address
from xcap_sdk.usages.beyond import PlacedCheck
from xcap_sdk.usages.common_policy import IDENTITY_URIS, POLICY_KEYS, conditions, rules
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "OMA-TS-Presence_SIMPLE_XDM §5.1"
_LISTS = "resource-lists"
_CONDITIONS: dict[type, str] = {
    Identity: "identity",
    ExternalList: "external-list",
    OtherIdentity: "other-identity",
    AnonymousRequest: "anonymous-request",
}


def _simple_conditions(policy: Ruleset) -> Iterator[Problem]:
    for place, rule in rules(policy):
        kinds = [_CONDITIONS.get(type(item)) for item in rule.conditions.items] if rule.conditions else []
        found = [kind for kind in kinds if kind is not None]
        if len(found) > 1:
            message = (
                f"complex rules are not allowed: {' and '.join(found)} in one rule, which has at most one"
            )
            yield Problem(f"{place}.conditions", "complex-rule", f"{message} ({_SECTION})")


def _transformations(policy: Ruleset) -> Iterator[Problem]:
    for place, rule in rules(policy):
        handling = rule.sub_handling
        if rule.transformations is not None and handling not in (None, SubHandling.ALLOW):
            message = (
                f"transformations are not allowed where sub-handling is {handling.value}: only with allow"
            )
            yield Problem(f"{place}.transformations", "transformations", f"{message} ({_SECTION})")


def _external_lists(policy: Ruleset, address: DocumentAddress) -> Iterator[Problem]:
    for place, rule in rules(policy):
        for where, each in conditions(rule, place, ExternalList, "external_list"):
            for number, anchor in enumerate(each.items):
                wrong = _wrong_list(anchor.anc, address)
                if wrong:
                    at = f".items[{number}]" if where.endswith("]") else f".at({number})"
                    yield Problem(f"{where}{at}.anc", "external-list", f"{wrong} ({_SECTION})")


def _wrong_list(anchor: str | None, address: DocumentAddress) -> str | None:
    """What keeps an anchor from being a list of the document's own user, at the same XCAP root."""
    if anchor is None:  # which the schema lets be
        return None
    try:
        path, query = address.root.relative(anchor)
        found = parse_address(address.root, path, query)
    except InvalidInput as error:
        return f"{anchor!r} is no list at the same XCAP root: {error}"
    document = document_of(found)
    if document.auid != _LISTS or isinstance(found, DocumentAddress):
        return f"{anchor!r} is no element of a {_LISTS} document"
    if document.tree != "users" or document.xui != address.xui:
        return f"{anchor!r} is no list of {address.xui}, whose rules these are"
    return None


OMA_PRES_RULES = ApplicationUsage(
    auid="org.openmobilealliance.pres-rules",
    root=Ruleset,
    media_type="application/auth-policy+xml",
    document="pres-rules",
    keys={**POLICY_KEYS, Anchor: "anc"},
    empty=Ruleset,
    checks=(
        IDENTITY_URIS,
        Check("complex-rule", _SECTION, _simple_conditions),
        Check("transformations", _SECTION, _transformations),
        PlacedCheck("external-list", _SECTION, _external_lists),
    ),
)
"""OMA presence rules, as RCS uses them."""
