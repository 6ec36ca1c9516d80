"""org.openmobilealliance.pres-rules (OMA Presence SIMPLE XDM §5.1): presence rules with OMA's conditions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from xcap_documents.common_policy import Identity, Ruleset
from xcap_documents.oma_common_policy import Anchor, AnonymousRequest, ExternalList, OtherIdentity
from xcap_documents.pres_rules import SubHandling
from xcap_sdk.errors import Problem
from xcap_sdk.usages.pres_rules import POLICY_KEYS
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "OMA-TS-Presence_SIMPLE_XDM §5.1"
_CONDITIONS = {
    Identity: "identity",
    ExternalList: "external-list",
    OtherIdentity: "other-identity",
    AnonymousRequest: "anonymous-request",
}


def _simple_conditions(policy: Ruleset) -> Iterator[Problem]:
    for rule in policy.items:
        counts = Counter(type(item) for item in rule.conditions.items) if rule.conditions else Counter[type]()
        for cls, element in _CONDITIONS.items():
            if counts[cls] > 1:
                message = f"complex rules are not allowed: {counts[cls]} {element} conditions in one rule"
                yield Problem(f"rules[{_key(rule.id)}].conditions", "complex-rule", f"{message} ({_SECTION})")


def _transformations(policy: Ruleset) -> Iterator[Problem]:
    for rule in policy.items:
        handling = rule.sub_handling
        if rule.transformations is not None and handling not in (None, SubHandling.ALLOW):
            message = (
                f"transformations are not allowed where sub-handling is {handling.value}: only with allow"
            )
            yield Problem(
                f"rules[{_key(rule.id)}].transformations", "transformations", f"{message} ({_SECTION})"
            )


def _key(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


OMA_PRES_RULES = ApplicationUsage(
    auid="org.openmobilealliance.pres-rules",
    root=Ruleset,
    media_type="application/auth-policy+xml",
    document="pres-rules",
    keys={**POLICY_KEYS, Anchor: "anc"},
    empty=Ruleset,
    checks=(
        Check("complex-rule", _SECTION, _simple_conditions),
        Check("transformations", _SECTION, _transformations),
    ),
)
"""OMA presence rules, as RCS uses them."""
