"""org.openmobilealliance.user-profile and locked-user-profile (OMA XDM Shared Profile): who a user is."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.oma_user_profile import UserProfile, UserProfiles
from xcap_sdk.errors import Problem
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.beyond import PlacedCheck
from xcap_sdk.usages.usage import ApplicationUsage

_SECTION = "OMA-TS-XDM_Shared_Profile"
_MEDIA_TYPE = "application/vnd.oma.user-profile+xml"


def _own_uri(profiles: UserProfiles, address: DocumentAddress) -> Iterator[Problem]:
    uri: str | None = getattr(profiles.profile, "uri", None)  # a document may lack either
    if address.xui is not None and uri not in {None, address.xui}:
        message = f"Wrong User Profile URI: {uri!r} is not {address.xui!r}, whose document it is ({_SECTION})"
        yield Problem("profile.uri", "profile-uri", message)


def _begin(address: DocumentAddress) -> UserProfiles:
    return UserProfiles(profile=UserProfile(uri=address.xui or ""))


_CHECKS = (PlacedCheck("profile-uri", _SECTION, _own_uri),)

USER_PROFILE = ApplicationUsage(
    auid="org.openmobilealliance.user-profile",
    root=UserProfiles,
    media_type=_MEDIA_TYPE,
    document="user-profile",
    begin=_begin,
    checks=_CHECKS,
    public=True,
)
"""What a user says of himself or herself, for everyone to read."""

LOCKED_USER_PROFILE = ApplicationUsage(
    auid="org.openmobilealliance.locked-user-profile",
    root=UserProfiles,
    media_type=_MEDIA_TYPE,
    document="locked-user-profile",
    begin=_begin,
    checks=_CHECKS,
    provided=True,
)
"""What the provider says of a user, for the user to read; servers let nobody else write it."""
