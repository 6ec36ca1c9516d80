"""Back up all documents of a user, byte by byte, eight at a time; the next run fetches only what has changed.

python examples/backup.py FOLDER
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from urllib.parse import quote

from xcap_sdk import AsyncXcapClient, ListedDocument


async def main(xcap: AsyncXcapClient, folder: Path) -> None:
    """Bring a folder up to date with the user's directory."""
    index = folder / "etags.json"
    known: dict[str, str | None] = json.loads(index.read_text("utf-8")) if index.exists() else {}
    listing = await xcap.directory.documents()
    rows = {f"{row.auid}/{row.document}": row for row in listing if row.address is not None}
    wanted = [name for name, row in rows.items() if row.etag is None or known.get(name) != row.etag]

    gate = asyncio.Semaphore(8)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(xcap, gate, rows[name], folder / quote(name))) for name in wanted]
    etags = dict(zip(wanted, (task.result() for task in tasks), strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    index.write_text(json.dumps({name: etags.get(name, known.get(name)) for name in rows}), "utf-8")

    print(f"{len(wanted)} fetched, {len(rows) - len(wanted)} unchanged")
    for part in listing.incomplete:
        print(f"{part.auid} is not all in the directory: {part.error or f'{part.more} more'}")


async def fetch(
    xcap: AsyncXcapClient, gate: asyncio.Semaphore, row: ListedDocument, target: Path
) -> str | None:
    """Write one document to a file, as the server has it; gives its ETag."""
    assert row.address is not None
    async with gate:
        reply = await xcap.get(row.address)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(reply.body)
    return reply.etag


async def run(folder: Path) -> None:
    """Back up with the client that the environment describes."""
    async with AsyncXcapClient.from_settings() as client:
        await main(client, folder)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    asyncio.run(run(Path(sys.argv[1])))
