"""The call settings of a telephone over the Ut interface: forwarding, barring, waiting, hiding one's number.

python examples/call_forwarding.py show
python examples/call_forwarding.py forward busy tel:+4930123456
python examples/call_forwarding.py stop busy
python examples/call_forwarding.py waiting on
python examples/call_forwarding.py hide on
"""

from __future__ import annotations

import sys

from xcap_documents.simservs import Simservs
from xcap_sdk import XcapClient

WHEN = ("unconditional", "busy", "no-answer", "not-reachable")


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say, then print the settings."""
    with xcap.simservs.edit() as services:
        match arguments:
            case ["show"]:
                pass  # an edit that changes nothing sends nothing
            case ["forward", "unconditional" | "busy" | "no-answer" | "not-reachable" as when, target]:
                services.diversion.forward(target, when=when, activate=True)  # the service, too, if it is off
            case ["stop", "unconditional" | "busy" | "no-answer" | "not-reachable" as when]:
                services.diversion.stop(when)  # the rule keeps its target, and is deactivated
            case ["waiting", "on" | "off" as switch]:
                services.communication_waiting.active = switch == "on"
            case ["hide", "on" | "off" as switch]:
                services.originating_identity_restriction.default = (
                    "presentation-restricted" if switch == "on" else "presentation-not-restricted"
                )
            case _:
                raise SystemExit(__doc__)
    show(services)


def show(services: Simservs) -> None:
    """Print the settings."""
    diversion = services.diversion
    if diversion.said and not diversion.active:  # rules may say what they will
        print("forwarding: off, whatever follows")
    for when in WHEN:
        if target := diversion.target(when):
            print(f"{when}: forwarded to {target}")
    print("waiting:", "on" if services.communication_waiting.active else "off")
    restriction = services.originating_identity_restriction.default
    print("number:", "as the network has it" if restriction is None else restriction.value)


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
