"""Processes that write one document at the same time lose no edit."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from writing import LISTS

from xcap_sdk import validate
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
WRITERS, EDITS = (8, 200) if NIGHTLY else (4, 20)


def test_concurrent_processes_lose_nothing(xcap_server: RunningServer) -> None:
    started = time.perf_counter()
    script = Path(__file__).with_name("writing.py")
    processes = [
        subprocess.Popen(
            [sys.executable, str(script), xcap_server.root, ALICE, str(writer), str(EDITS)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for writer in range(WRITERS)
    ]
    tallies = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * WRITERS
    tally = sum((Counter(ast.literal_eval(out)) for out, _ in tallies), Counter[str]())
    with xcap_server.client(ALICE) as xcap:
        book = xcap.resource_lists.get().model
    validate(book)
    for rest in range(LISTS):
        wanted = {
            f"sip:{writer}-{number}@example.org"
            for writer in range(WRITERS)
            for number in range(rest, EDITS, LISTS)
        }
        found = book.lists[f"list{rest}"].entries.keys()
        assert len(found) == len(wanted)
        assert set(found) == wanted
    assert book.lists["counted"].label == str(WRITERS * EDITS // 4)
    assert tally["created"] == 1
    assert tally["created"] + tally["replaced"] + tally["patched"] + tally["unchanged"] == WRITERS * EDITS
    print(f"{WRITERS} × {EDITS} edits in {time.perf_counter() - started:.1f} s: {dict(tally)}")
