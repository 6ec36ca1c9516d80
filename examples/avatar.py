"""The picture that others see of me: send one from a camera, fetch those of my buddies.

python examples/avatar.py send photo.jpg
python examples/avatar.py fetch sip:bob@example.org bob

Needs Pillow: pip install 'xcap-sdk[images]'
"""

from __future__ import annotations

import sys
from pathlib import Path

from xcap_sdk import Forbidden, NotFound, XcapClient

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif"}


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["send", file]:
            # Never larger than what networks take: 300 KiB of base64, and 640 pixels a side.
            report = xcap.status_icon.upload(Path(file), max_side=640, max_bytes=225_000)
            print(report.outcome, report.etag)
        case ["fetch", buddy, file]:
            try:
                icon = xcap.of(buddy).status_icon.get().model
            except (NotFound, Forbidden):
                print(f"{buddy} shows no picture")
                return
            width, height = icon.image().size  # opens PNG, JPEG and GIF, and nothing else
            target = Path(file).with_suffix(SUFFIXES.get(icon.actual_type or "", ".bin"))
            target.write_bytes(icon.decode())
            print(f"{target}: {width} x {height}")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
