"""Run the benchmarks, and write docs/performance.md: ``python -m benchmarks [parsing saving …]``."""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks import importing, memory, parsing, planning, saving, serialising
from benchmarks.report import machine, table, write
from benchmarks.timing import QUICK, Results, Scale

SUBJECTS = {
    "parsing": parsing,
    "serialising": serialising,
    "memory": memory,
    "planning": planning,
    "saving": saving,
    "importing": importing,
}


def main() -> None:
    """Measure, print the table, and write the page if all was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", choices=[[], *SUBJECTS], help="which to run; all, if none")
    parser.add_argument("--json", type=Path, help="where to write the results as JSON")
    parser.add_argument("--quick", action="store_true", help="up to 10,000 entries; the page stays")
    options = parser.parse_args()
    scale, results = QUICK if options.quick else Scale(), Results()
    for name in options.subjects or SUBJECTS:
        start = time.perf_counter()
        found = SUBJECTS[name].run(scale)
        results.rows += found.rows
        results.series |= found.series
        print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    print(table(results.rows, scale.repeats, machine()))
    if options.json:
        content = {"machine": machine(), **asdict(results)}
        options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
    if not options.subjects and not options.quick:
        write(results, scale.repeats)


if __name__ == "__main__":
    main()
