"""Something to edit for each application usage that users may write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import Data, Description, StatusIcon
from xcap_documents.oma_user_profile import UserProfiles
from xcap_documents.pidf import Presence
from xcap_documents.poc_list_service import Group
from xcap_documents.resource_lists import ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_documents.simservs import Simservs
from xcap_sdk.usages import (
    ALL,
    GEOLOCATION_POLICY,
    GROUP_USAGE_LIST,
    GROUPS,
    LOCKED_USER_PROFILE,
    OMA_PRES_RULES,
    PRES_RULES,
    PRESENCE,
    RESOURCE_LISTS,
    RLS_SERVICES,
    SIMSERVS,
    STATUS_ICON,
    USER_PROFILE,
    ApplicationUsage,
)


def list_entry(book: ResourceLists, uri: str) -> None:
    book.lists.ensure("friends").entries.ensure(uri, display_name="Zoë")


def service(services: RlsServices, uri: str) -> None:
    services.services.ensure(uri).packages.add("presence")


def rule(policy: Ruleset, uri: str) -> None:
    identity = policy.rules.ensure(f"r-{uri.partition(':')[2].partition('@')[0]}").identity
    if uri not in identity:
        identity.add(uri)


def presence_tuple(presence: Presence, uri: str) -> None:
    presence.tuples.ensure(uri.partition(":")[2].partition("@")[0], basic="open", contact=uri)


def profile(profiles: UserProfiles, uri: str) -> None:
    """Two fields, as there is one profile: who writes one of them is not in the way of the other."""
    if ":one" in uri:
        profiles.profile.about = uri
    else:
        profiles.profile.given_name = uri


def forwarding(services: Simservs, uri: str) -> None:
    services.diversion.forward(uri, when="busy" if ":one" in uri else "no-answer")


def members(group: Group, uri: str) -> None:
    if not group.services:
        group.services.add("sip:climbing@example.org", invite_members=True)
    group.services["sip:climbing@example.org"].members.ensure(uri)


def icon(content: StatusIcon, uri: str) -> None:
    if ":one" in uri:
        content.descriptions[:] = [Description(value=uri)]
    else:
        content.attributes["{urn:x}more"] = uri


def new_icon() -> StatusIcon:
    content = StatusIcon(data=Data())
    content.encode(png(16))
    return content


EDITS: dict[ApplicationUsage[Any], Callable[[Any, str], None]] = {
    RESOURCE_LISTS: list_entry,
    RLS_SERVICES: service,
    PRES_RULES: rule,
    OMA_PRES_RULES: rule,
    GEOLOCATION_POLICY: rule,
    PRESENCE: presence_tuple,
    STATUS_ICON: icon,
    USER_PROFILE: profile,
    LOCKED_USER_PROFILE: profile,
    GROUPS: members,
    GROUP_USAGE_LIST: list_entry,
    SIMSERVS: forwarding,
}
FIXED: dict[ApplicationUsage[Any], str] = {PRESENCE: "index", GROUP_USAGE_LIST: "index"}
"""What documents are called where they cannot be called anything: RFC 4827 §9, OMA XDM Shared List §5.2."""

PROVIDED = {LOCKED_USER_PROFILE}
"""What the provider writes, and users only read."""

assert EDITS.keys() == {usage for usage in ALL if not usage.read_only}


def name_of(usage: ApplicationUsage[Any], name: str) -> str:
    """What a test's document is called."""
    return f"oma_status-icon/{name}" if usage is STATUS_ICON else FIXED.get(usage, name)


def png(side: int) -> bytes:
    """A picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes(value % 256 for value in range(3 * side))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(row * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
