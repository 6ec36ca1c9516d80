"""Write docs/faults.md: what broken and malicious servers do, and what comes of it."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "faults")]

from fault_table import DOCUMENT, table  # noqa: E402 - the tests' folders have to be on the path first

DOCUMENT.write_text(table(), encoding="utf-8")
