"""Say that I am away, whether or not a device of mine is on, and take it back.

python examples/vacation.py away 7 At sea
python examples/vacation.py back
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from xcap_sdk import NotFound, XcapClient


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["away", days, *note]:
            until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=int(days))
            with xcap.presence.edit() as presence:
                desk = presence.tuples.ensure("desk", basic="closed")
                desk.basic = "closed"
                desk.touch()
                me = presence.persons.ensure()
                me.activities = ["vacation"]
                me.activities.until = until
                me.activities.note = " ".join(note) or None
            print("away until", until.date())
        case ["back"]:
            try:
                document = xcap.presence.get()
            except NotFound:
                print("nothing was said")
                return
            document.delete()  # only if nobody has changed it since
            print("back: what devices publish counts again")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
