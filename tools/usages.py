"""Write docs/usages.md: the table of all application usages, from the registry."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from usage_table import DOCUMENT, table

DOCUMENT.write_text(table(), encoding="utf-8")
