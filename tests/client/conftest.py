"""A server that is a dictionary, and what runs flows against it without I/O."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
