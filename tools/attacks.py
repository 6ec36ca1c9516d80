"""Write docs/server-attacks.md: hostile requests and their answers, from the table that the tests send."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "server"))

from attack_table import DOCUMENT, table

DOCUMENT.write_text(table(), encoding="utf-8")
