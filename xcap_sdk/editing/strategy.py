"""How a save may write."""

from __future__ import annotations

from typing import Literal, TypeAlias

Strategy: TypeAlias = Literal["auto", "document", "nodes"]
"""How a save writes: ``document`` puts all of it, ``nodes`` elements and attributes, ``auto`` what suits."""
