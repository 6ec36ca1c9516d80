"""What people say of themselves, as a vCard; and my own part of it.

python examples/business_card.py set Alice Liddell Oxford
python examples/business_card.py show sip:alice@example.org
python examples/business_card.py provide sip:alice@example.org 'Alice, a customer since 1999'

The last one is for the provider: servers let nobody else write the locked profile.
"""

from __future__ import annotations

import re
import sys

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
        case ["provide", user, note]:
            with xcap.of(user).locked_user_profile.edit() as document:
                document.profile.label = note
        case ["show", user]:
            print("\n".join(vcard(xcap, user)))
        case _:
            raise SystemExit(__doc__)


def vcard(xcap: XcapClient, user: str) -> list[str]:
    """The lines of a vCard: what the user says, and what the provider does, if it lets us read it."""
    theirs = xcap.of(user)
    profile = theirs.user_profile.get().model.profile
    name = f"N:{text(profile.family_name)};{text(profile.given_name)};;;"
    lines = [f"FN:{text(profile.label or user)}", name]
    if profile.locality or profile.country:
        lines.append(f"ADR:;;;{text(profile.locality)};;;{text(profile.country)}")
    try:
        locked = theirs.locked_user_profile.get().model.profile
        lines.append(f"NOTE:The provider says: {text(locked.label)}")
    except (Forbidden, NotFound):
        pass
    return ["BEGIN:VCARD", "VERSION:4.0", *lines, f"IMPP:{user}", "END:VCARD"]


def text(value: str | None) -> str:
    """A text as a vCard has it (RFC 6350 §3.4): profiles come from others."""
    return " ".join(re.sub(r"([\\,;])", r"\\\1", value or "").split())


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
