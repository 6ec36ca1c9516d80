"""A client that was made before a process was forked, as servers with preloaded workers have it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from test_deadlines import BOOK

from raw import Piece, RawServer, reply

PROGRAM = """
import os, sys
from xcap_sdk import XcapClient

xcap = XcapClient(sys.argv[1], user="sip:alice@example.org", deadline=20)
xcap.resource_lists.get("before")
child = os.fork()
name = "parent" if child else "child"
right = all(name in xcap.resource_lists.get(name).model.lists for _ in range(50))
if not child:
    os._exit(0 if right else 1)
xcap.close()
sys.exit(0 if right and os.waitpid(child, 0)[1] == 0 else 1)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_no_process_reads_the_replies_of_another() -> None:
    def script(request: bytes) -> Iterator[Piece]:
        name = request.split()[1].rpartition(b"/")[2]
        yield 0.001
        yield reply("200 OK", BOOK.replace(b"friends", name), 'ETag: "1"')

    with RawServer(script) as server:
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, server.root]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert len(server.got) == 101
