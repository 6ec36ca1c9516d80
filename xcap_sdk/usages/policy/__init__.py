"""Presence policies: who may see what, and the edits that people think in."""

from __future__ import annotations

from xcap_sdk.usages.policy.changes import Change, Grant
from xcap_sdk.usages.policy.matching import Unknown
from xcap_sdk.usages.policy.own import Statement
from xcap_sdk.usages.policy.permissions import Ignored, Permissions, Selected, Selector
from xcap_sdk.usages.policy.targets import Kind, Target
from xcap_sdk.usages.policy.uris import same_domain, same_user
from xcap_sdk.usages.policy.view import ListMembers, PresencePolicy, policy_of

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
    "policy_of",
    "same_domain",
    "same_user",
]
