"""Presence policies: who may see what, and the edits that people think in."""

from __future__ import annotations

from xcap_sdk.usages.policy.changes import Change, Grant
from xcap_sdk.usages.policy.matching import Unknown
from xcap_sdk.usages.policy.own import Statement
from xcap_sdk.usages.policy.permissions import Ignored, Permissions, Selected, Selector
from xcap_sdk.usages.policy.targets import Kind, Target
from xcap_sdk.usages.policy.uris import same_domain, same_user
from xcap_sdk.usages.policy.view import ListMembers, PresencePolicy, policy_of
from xcap_sdk.usages.policy.well_known import WellKnownRule, rcs_rules

__all__ = [
    "Change",
    "Grant",
    "Ignored",
    "Kind",
    "ListMembers",
    "Permissions",
    "PresencePolicy",
    "Selected",
    "Selector",
    "Statement",
    "Target",
    "Unknown",
    "WellKnownRule",
    "policy_of",
    "rcs_rules",
    "same_domain",
    "same_user",
]
