"""Write docs/rfc4825-rules.md: the rules of RFC 4825 and the tests that show them."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from rules import table  # noqa: E402 - the tests' folder has to be on the path first

(ROOT / "docs" / "rfc4825-rules.md").write_text(table(), encoding="utf-8")
