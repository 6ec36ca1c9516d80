"""Who may see my presence: answer a subscription, as a softphone's dialogue does, and look who sees what.

python examples/presence_rules.py allow sip:bob@example.org sip:carol@example.org
python examples/presence_rules.py block sip:mallory@example.org
python examples/presence_rules.py forget sip:bob@example.org
python examples/presence_rules.py who sip:bob@example.org
"""

from __future__ import annotations

import sys

from xcap_sdk import Permissions, XcapClient, policy_of

SHOWN = ("activities", "mood", "note", "place_type", "status_icon")


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["who", watcher]:
            print(answer(policy_of(xcap.pres_rules.get().model).permissions_for(watcher)))
        case ["forget", *watchers] if watchers:
            with xcap.pres_rules.edit() as rules:
                policy_of(rules).forget(*watchers)
        case ["allow" | "block" as decision, *watchers] if watchers:
            with xcap.pres_rules.edit() as rules:
                policy = policy_of(rules)
                change = policy.allow(*watchers) if decision == "allow" else policy.block(*watchers)
            for grant in change.remains:  # rules of others still say more
                print(f"{grant.sub_handling.value} still, by the rule {grant.rule}: {grant.remedy}")
        case _:
            raise SystemExit(__doc__)


def answer(permissions: Permissions) -> str:
    """What a watcher gets, in a line."""
    if not permissions.allowed:
        return permissions.sub_handling.value
    everything = permissions.provide_all_attributes
    shown = [name for name in SHOWN if everything or getattr(permissions, f"provide_{name}")]
    return f"allow, with {', '.join(shown) or 'open and closed alone'}"


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
