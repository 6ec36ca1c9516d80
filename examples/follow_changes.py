"""Keep a buddy list on a screen up to date with the xcap-diff bodies of NOTIFY requests, as they come.

python examples/follow_changes.py notify1.xml notify2.xml

The files stand for what a SIP stack gets in a subscription to the event package xcap-diff (RFC 5875).
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from xcap_sdk import AsyncXcapClient, DocumentError, parse_diff


async def main(xcap: AsyncXcapClient, bodies: AsyncIterator[bytes]) -> None:
    """Read the list once, and apply to it whatever comes."""
    document = await xcap.resource_lists.get()
    async for body in bodies:
        try:
            diff = parse_diff(body)
        except DocumentError as error:
            print(f"no diff: {error}")
            continue
        report = await document.apply(diff)  # by patches if they follow on what is in hand, else by a GET
        names = [f"{each.name} ({len(each.entries)})" for each in document.model.lists]
        print(report.outcome, f"{report.requests} requests:", ", ".join(names))


async def notifications(files: Iterable[Path]) -> AsyncIterator[bytes]:
    """The bodies, one after the other."""
    for file in files:
        yield await asyncio.to_thread(file.read_bytes)


async def run(files: list[Path]) -> None:
    """Follow with the client that the environment describes."""
    async with AsyncXcapClient.from_settings() as client:
        await main(client, notifications(files))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        raise SystemExit(__doc__)
    asyncio.run(run([Path(name) for name in sys.argv[1:]]))
