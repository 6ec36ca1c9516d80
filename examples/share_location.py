"""Who may see where I am: the family exactly, colleagues the city, and only while I am near the office.

python examples/share_location.py family sip:bob@example.org
python examples/share_location.py colleagues example.com 48.137 11.575 5000
python examples/share_location.py show
"""

from __future__ import annotations

import sys

from xcap_documents.common_policy import Rule
from xcap_sdk import XcapClient

DAY = 86_400


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["family", *uris] if uris:
            with xcap.geolocation_policy.edit() as policy:
                rule = policy.rules.ensure("family")
                for uri in uris:
                    rule.identity.ensure(uri)
                rule.provide_location = "all"
        case ["colleagues", domain, latitude, longitude, metres]:
            with xcap.geolocation_policy.edit() as policy:
                policy.rules.discard("colleagues")
                rule = policy.rules.add("colleagues")
                rule.identity.many.add(domain)
                rule.locations.add_circle(float(latitude), float(longitude), float(metres), label="Office")
                rule.provide_location.civic = "city"
                rule.set_retransmission_allowed = False
                rule.set_retention_expiry = DAY
        case ["show"]:
            for rule in xcap.geolocation_policy.get().model.rules:
                print(rule.id, "see", seen(rule))
        case _:
            raise SystemExit(__doc__)


def seen(rule: Rule) -> str:
    """What a rule shows, and where."""
    location = rule.provide_location
    detail = "nothing" if location.civic is None else f"the {location.civic.value}"
    shown = "everything" if location.all else detail
    places = [place.label or "a place" for place in rule.locations]
    return f"{shown} near {' or '.join(places)}" if places else f"{shown} anywhere"


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
