"""The application usages that come with the SDK, and what makes one's own.

Each is imported when it is first asked for, as with it come the classes of its documents.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from xcap_sdk.lazy import lazily
from xcap_sdk.usages.usage import ApplicationUsage, Check, PlacedCheck, Unique

if TYPE_CHECKING:
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
    "Usages",
    "by_auid",
    "for_class",
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
    {f"{__name__}.{name.lower()}": name for name in _NAMES.values() if name != "LOCKED_USER_PROFILE"}
    | {
        f"{__name__}.presence": "ENTITY_IS_OWNER PRESENCE",
        f"{__name__}.user_profile": "LOCKED_USER_PROFILE USER_PROFILE",
    },
)


def _own(name: str) -> ApplicationUsage[Any]:
    return getattr(sys.modules[__name__], name)


def __getattr__(name: str) -> object:
    if name != "ALL":
        return _load(name)
    value = globals()["ALL"] = tuple(BY_AUID.values())
    return value


class Usages(MutableMapping[str, ApplicationUsage[Any]]):
    """Usages by AUID: those of the SDK, in the order of `ALL`, some perhaps replaced; then others.

    One of the SDK's is imported when it is looked up.
    """

    def __init__(self) -> None:
        self._given: dict[str, ApplicationUsage[Any]] = {}

    def __getitem__(self, auid: str) -> ApplicationUsage[Any]:
        return self._given[auid] if auid in self._given else _own(_NAMES[auid])

    def __setitem__(self, auid: str, usage: ApplicationUsage[Any]) -> None:
        self._given[auid] = usage

    def __delitem__(self, auid: str) -> None:
        del self._given[auid]

    def __contains__(self, auid: object) -> bool:
        return auid in self._given or auid in _NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES | self._given)

    def __len__(self) -> int:
        return len(_NAMES | self._given)


BY_AUID: Mapping[str, ApplicationUsage[Any]] = Usages()
"""The usages of `ALL` by AUID."""


def by_auid(auid: str) -> ApplicationUsage[Any] | None:
    """The usage with an AUID; None if the SDK has none."""
    return BY_AUID.get(auid)


def for_class(root: type[object]) -> ApplicationUsage[Any] | None:
    """The first usage whose documents have this root class; None if the SDK has none."""
    return next((usage for usage in BY_AUID.values() if usage.root is root), None)
