"""What people say of themselves, as a vCard; and my own part of it.

python examples/business_card.py set Alice Liddell Oxford
python examples/business_card.py show sip:alice@example.org
python examples/business_card.py provide sip:alice@example.org 'Alice, a customer since 1999'

The last one is for the provider: servers let nobody else write the locked profile.
"""

from __future__ import annotations

import sys

from xcap_documents.oma_user_profile import UserProfile
from xcap_sdk import Forbidden, NotFound, XcapClient


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["set", given, family, *town]:
            with xcap.user_profile.edit() as document:
                me = document.profile
                me.given_name, me.family_name = given, family
                me.label = f"{given} {family}"
                me.locality = " ".join(town) or None
        case ["provide", user, text]:
            with xcap.of(user).locked_user_profile.edit() as document:
                document.profile.label = text
        case ["show", user]:
            print("\n".join(vcard(xcap, user)))
        case _:
            raise SystemExit(__doc__)


def vcard(xcap: XcapClient, user: str) -> list[str]:
    """The lines of a vCard: what the user says, and below what the provider says, if it lets us read it."""
    theirs = xcap.of(user)
    profile = theirs.user_profile.get().model.profile
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{profile.label or user}", *said(profile), f"IMPP:{user}"]
    try:
        locked = theirs.locked_user_profile.get().model.profile
    except (Forbidden, NotFound):
        locked = None
    if locked is not None and locked.label is not None:
        lines.append(f"NOTE:The provider says: {locked.label}")
    return [*lines, "END:VCARD"]


def said(profile: UserProfile) -> list[str]:
    """The lines for what the profile has; what it has not reads as None."""
    lines = [f"N:{profile.family_name or ''};{profile.given_name or ''};;;"]
    if profile.locality or profile.country:
        lines.append(f"ADR:;;;{profile.locality or ''};;;{profile.country or ''}")
    if profile.birth_date is not None:
        lines.append(f"BDAY:{profile.birth_date:%Y%m%d}")
    return [*lines, *(f"TEL;VALUE=uri:{uri}" for uri in profile.communication_addresses)]


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
