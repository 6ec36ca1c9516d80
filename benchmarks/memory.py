"""How much memory a large document takes, each measured in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import book
from benchmarks.timing import Results, Row, Scale

_CHILD = """
import gc, json, sys, tracemalloc
from pathlib import Path
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import parse

parse(b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>', ResourceLists)  # what is made once
document = Path(sys.argv[2]).read_bytes()
gc.collect()
if sys.argv[1] == "models":
    tracemalloc.start()
    model = parse(document, ResourceLists)
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
else:
    def peak():  # of this process alone: getrusage has what its parent had before, too
        status = Path("/proc/self/status").read_text().split()
        return int(status[status.index("VmHWM:") + 1]) * 1024
    before = peak()
    model = parse(document, ResourceLists)
    taken = peak() - before
print(json.dumps(taken))
"""


def run(scale: Scale) -> Results:
    """Measure."""
    entries = scale.sizes[-1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "book.xml")
        path.write_bytes(book(entries))
        models, peak = (_measured(what, path) for what in ("models", "peak"))
    subject = f"memory, {entries:,} entries"
    return Results(
        [
            Row(subject, "the models, as tracemalloc has them", models, "MB", 50),
            Row(subject, "the most that parsing adds to the process, the tree included", peak, "MB", 160),
        ]
    )


def _measured(what: str, path: Path) -> float:
    command = [sys.executable, "-c", _CHILD, what, str(path)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(found.stdout) / 1e6
