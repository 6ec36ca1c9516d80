"""What hostile inputs cost: ``make hostile`` writes the table in docs/security.md.

Each is made in a process of its own, after what takes it in was imported and used once. Time is the CPU time
of the call that takes it in, memory the peak of resident memory over what the process held just before.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.hostile_inputs import CASES, Case, got, lists, rules
from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import XcapError
from xcap_sdk.documents.validation import check_document

PAGE = Path(__file__).parents[1] / "docs" / "security.md"
BEGIN, END = "<!-- hostile: begin -->", "<!-- hostile: end -->"


def _memory(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) * 1024


def measure(case: Case) -> dict[str, object]:
    """Do it in this process, and say how it ended and what it cost."""
    check_document(lists("").encode(), ResourceLists)
    check_document(rules(1).encode(), Ruleset)
    got(lambda: iter([lists("").encode()]))()
    attack = case.make(True)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
    before, start = _memory("VmRSS"), time.process_time()
    error = None
    try:
        attack()
    except XcapError as raised:
        error = type(raised).__name__
    return {"error": error, "seconds": time.process_time() - start, "bytes": _memory("VmHWM") - before}


def _shown(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 1 else "< 1"


def rows() -> Iterator[str]:
    """The table's rows; each input in a process of its own.

    Raises:
        SystemExit: One ended in another way than it should.
    """
    yield "| input | ends with | CPU time | memory |"
    yield "|---|---|---|---|"
    for number, case in enumerate(CASES):
        command = [sys.executable, "-m", "benchmarks.hostile", str(number)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        result = json.loads(done.stdout)
        if result["error"] != case.error:
            raise SystemExit(f"{case.name}: {result['error']} instead of {case.error}")
        ends = f"`{case.error}`" if case.error else "–"
        cost = f"{_shown(result['seconds'] * 1000)} ms | {_shown(result['bytes'] / 2**20)} MiB"
        yield f"| {case.name} | {ends} | {cost} |"


def main() -> None:
    """Measure one input, or all of them and write the page."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(CASES[int(sys.argv[1])])))
        return
    table = "\n".join(rows())
    print(table)
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
