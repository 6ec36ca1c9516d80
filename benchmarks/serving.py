"""The embedded server in a process of its own, as other processes' work is not the client's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

from benchmarks.corpus import book
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import XcapClient, parse

XUI = "sip:alice@example.org"
SMALL = 20
"""How many entries a small document has."""

_SERVER = """
import sys
from xcap_sdk.server import running_server

with running_server() as root:
    print(root, flush=True)
    sys.stdin.read()
"""


@contextmanager
def server(*users: str) -> Generator[str]:
    """Run a server, with a small document for each user.

    Yields:
        The XCAP root.
    """
    command = [sys.executable, "-c", _SERVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None, "it is a pipe"
        assert process.stdout is not None, "it is a pipe"
        root = process.stdout.readline().strip()
        try:
            with XcapClient(root) as xcap:
                for user in (XUI, *users):
                    xcap.of(user).resource_lists.create(parse(book(SMALL), ResourceLists))
            yield root
        finally:
            process.stdin.close()
