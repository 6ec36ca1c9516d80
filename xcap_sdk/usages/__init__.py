"""The application usages that come with the SDK, and what makes one's own."""

from __future__ import annotations

from typing import Any

from xcap_sdk.usages.geolocation_policy import GEOLOCATION_POLICY
from xcap_sdk.usages.group_usage_list import GROUP_USAGE_LIST
from xcap_sdk.usages.groups import GROUPS
from xcap_sdk.usages.oma_pres_rules import OMA_PRES_RULES
from xcap_sdk.usages.pres_rules import PRES_RULES
from xcap_sdk.usages.presence import ENTITY_IS_OWNER, PRESENCE
from xcap_sdk.usages.resource_lists import RESOURCE_LISTS
from xcap_sdk.usages.rls_services import RLS_SERVICES
from xcap_sdk.usages.simservs import SIMSERVS
from xcap_sdk.usages.status_icon import STATUS_ICON
from xcap_sdk.usages.usage import ApplicationUsage, Check, PlacedCheck, Unique
from xcap_sdk.usages.user_profile import LOCKED_USER_PROFILE, USER_PROFILE
from xcap_sdk.usages.xcap_caps import XCAP_CAPS
from xcap_sdk.usages.xcap_directory import XCAP_DIRECTORY

__all__ = [
    "ALL",
    "ENTITY_IS_OWNER",
    "GEOLOCATION_POLICY",
    "GROUPS",
    "GROUP_USAGE_LIST",
    "LOCKED_USER_PROFILE",
    "OMA_PRES_RULES",
    "PRESENCE",
    "PRES_RULES",
    "RESOURCE_LISTS",
    "RLS_SERVICES",
    "SIMSERVS",
    "STATUS_ICON",
    "USER_PROFILE",
    "XCAP_CAPS",
    "XCAP_DIRECTORY",
    "ApplicationUsage",
    "Check",
    "PlacedCheck",
    "Unique",
    "by_auid",
    "for_class",
]

ALL: tuple[ApplicationUsage[Any], ...] = (
    RESOURCE_LISTS,
    RLS_SERVICES,
    PRES_RULES,
    OMA_PRES_RULES,
    GEOLOCATION_POLICY,
    PRESENCE,
    STATUS_ICON,
    USER_PROFILE,
    LOCKED_USER_PROFILE,
    XCAP_DIRECTORY,
    GROUPS,
    GROUP_USAGE_LIST,
    SIMSERVS,
    XCAP_CAPS,
)
"""The usages that come with the SDK; where several have the same root class, the standard's comes first."""


def by_auid(auid: str) -> ApplicationUsage[Any] | None:
    """The usage with an AUID; None if the SDK has none."""
    return next((usage for usage in ALL if usage.auid == auid), None)


def for_class(root: type[object]) -> ApplicationUsage[Any] | None:
    """The first usage whose documents have this root class; None if the SDK has none."""
    return next((usage for usage in ALL if usage.root is root), None)
