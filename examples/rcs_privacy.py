"""The privacy settings of an RCS client: the rules and lists that it sets up once, and who is on which list.

python examples/rcs_privacy.py setup
python examples/rcs_privacy.py grant tel:+4930123456
python examples/rcs_privacy.py block tel:+4930654321
python examples/rcs_privacy.py who tel:+4930654321
"""

from __future__ import annotations

import sys

from xcap_sdk import AlreadyExists, ReservedList, XcapClient, policy_of, rcs_rules

LISTS = {"grant": ReservedList.GRANTED_CONTACTS, "block": ReservedList.BLOCKED_CONTACTS}


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["setup"]:
            with xcap.resource_lists.edit() as book:
                for name in LISTS.values():
                    book.lists.ensure(name)
            try:
                xcap.oma_pres_rules.create(rcs_rules(xcap.resource_lists.address()))
            except AlreadyExists:
                print("the rules are there already, and stay as they are")
        case ["grant" | "block" as decision, uri]:
            with xcap.resource_lists.edit() as book:
                for kind, name in LISTS.items():
                    entries = book.lists.ensure(name).entries
                    if kind == decision:
                        entries.ensure(uri)
                    else:
                        entries.discard(uri)
        case ["who", uri]:
            print(decided(xcap, uri))
        case _:
            raise SystemExit(__doc__)


def decided(xcap: XcapClient, uri: str) -> str:
    """What the rules come to for a watcher, with the lists that they point to."""
    book = xcap.resource_lists
    members = {book.list_address(name).uri: book.resolve(list=name).uris for name in LISTS.values()}
    policy = policy_of(xcap.oma_pres_rules.get().model)
    permissions = policy.permissions_for(uri, lists=members)
    return f"{permissions.sub_handling.value} by {', '.join(permissions.matched) or 'no rule'}"


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
