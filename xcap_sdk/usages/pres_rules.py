"""pres-rules (RFC 5025 §9): who may see a user's presence."""

from __future__ import annotations

from xcap_documents.common_policy import Ruleset
from xcap_documents.pres_rules import __NAMESPACE__ as PRES_RULES_NAMESPACE
from xcap_sdk.usages.common_policy import IDENTITY_URIS, POLICY_KEYS
from xcap_sdk.usages.usage import ApplicationUsage

# The default document namespace is not that of the root element (§9.3). There are no rules of its own beyond
# the schema, which makes rule ids unique as xs:ID (§9.5).
PRES_RULES = ApplicationUsage(
    auid="pres-rules",
    root=Ruleset,
    media_type="application/auth-policy+xml",
    namespace=PRES_RULES_NAMESPACE,
    keys=POLICY_KEYS,
    empty=Ruleset,
    checks=(IDENTITY_URIS,),
)
"""Presence rules (RFC 5025 §9)."""
