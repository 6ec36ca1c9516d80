"""The application usages that come with the SDK, and what makes one's own.

Each is imported when it is first asked for, as with it come the classes of its documents.
"""

from __future__ import annotations

import sys
from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, cast

from xcap_sdk.lazy import lazily
from xcap_sdk.usages.usage import ApplicationUsage, Check

if TYPE_CHECKING:
    from xcap_sdk.usages.beyond import PlacedCheck, Unique
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
    from xcap_sdk.usages.user_profile import LOCKED_USER_PROFILE, USER_PROFILE
    from xcap_sdk.usages.xcap_caps import XCAP_CAPS
    from xcap_sdk.usages.xcap_directory import XCAP_DIRECTORY

    ALL: tuple[ApplicationUsage[Any], ...]
    """The usages that come with the SDK; of those with one root class, the standard's comes first."""

__all__ = [
    "ALL",
    "BY_AUID",
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
    "own_and_others",
]

_NAMES = {
    "resource-lists": "RESOURCE_LISTS",
    "rls-services": "RLS_SERVICES",
    "pres-rules": "PRES_RULES",
    "org.openmobilealliance.pres-rules": "OMA_PRES_RULES",
    "geolocation-policy": "GEOLOCATION_POLICY",
    "pidf-manipulation": "PRESENCE",
    "org.openmobilealliance.pres-content": "STATUS_ICON",
    "org.openmobilealliance.user-profile": "USER_PROFILE",
    "org.openmobilealliance.locked-user-profile": "LOCKED_USER_PROFILE",
    "org.openmobilealliance.xcap-directory": "XCAP_DIRECTORY",
    "org.openmobilealliance.groups": "GROUPS",
    "org.openmobilealliance.group-usage-list": "GROUP_USAGE_LIST",
    "simservs.ngn.etsi.org": "SIMSERVS",
    "xcap-caps": "XCAP_CAPS",
}
_load = lazily(
    __name__,
    {
        "xcap_sdk.usages.beyond": "PlacedCheck Unique",
        "xcap_sdk.usages.geolocation_policy": "GEOLOCATION_POLICY",
        "xcap_sdk.usages.group_usage_list": "GROUP_USAGE_LIST",
        "xcap_sdk.usages.groups": "GROUPS",
        "xcap_sdk.usages.oma_pres_rules": "OMA_PRES_RULES",
        "xcap_sdk.usages.pres_rules": "PRES_RULES",
        "xcap_sdk.usages.presence": "ENTITY_IS_OWNER PRESENCE",
        "xcap_sdk.usages.resource_lists": "RESOURCE_LISTS",
        "xcap_sdk.usages.rls_services": "RLS_SERVICES",
        "xcap_sdk.usages.simservs": "SIMSERVS",
        "xcap_sdk.usages.status_icon": "STATUS_ICON",
        "xcap_sdk.usages.user_profile": "LOCKED_USER_PROFILE USER_PROFILE",
        "xcap_sdk.usages.xcap_caps": "XCAP_CAPS",
        "xcap_sdk.usages.xcap_directory": "XCAP_DIRECTORY",
    },
)


def __getattr__(name: str) -> object:
    if name != "ALL":
        return _load(name)
    value = globals()["ALL"] = tuple(BY_AUID.values())
    return value


class _ByAuid(Mapping[str, ApplicationUsage[Any]]):
    """The usages of the SDK, each imported when it is looked up, and not when it is only asked for."""

    def __getitem__(self, auid: str) -> ApplicationUsage[Any]:
        return getattr(sys.modules[__name__], _NAMES[auid])

    def __contains__(self, auid: object) -> bool:
        return auid in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


BY_AUID: Mapping[str, ApplicationUsage[Any]] = _ByAuid()
"""The usages of `ALL` by AUID."""


def own_and_others() -> MutableMapping[str, ApplicationUsage[Any]]:
    """The usages of the SDK by AUID, in which a client's own replace some and follow the others."""
    # Only the first mapping is written to.
    return ChainMap({}, cast("MutableMapping[str, ApplicationUsage[Any]]", BY_AUID))


def by_auid(auid: str) -> ApplicationUsage[Any] | None:
    """The usage with an AUID; None if the SDK has none."""
    return BY_AUID.get(auid)


def for_class(root: type[object]) -> ApplicationUsage[Any] | None:
    """The first usage whose documents have this root class; None if the SDK has none."""
    return next((usage for usage in BY_AUID.values() if usage.root is root), None)
