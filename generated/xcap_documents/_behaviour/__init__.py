"""What is written by hand for the generated classes: live views over their children, and shortcuts.

Each generated class names its mixin in tools/xsdata.xml. Nothing here imports a generated module at import time,
as they import this package; and nothing here is a field, so equality, copies and serialising stay as generated.
"""

from __future__ import annotations

from .errors import DuplicateKey, MissingKey
from .own import KeyedItems, keyed
from .views import Keyed

__all__ = ["DuplicateKey", "Keyed", "KeyedItems", "MissingKey", "keyed"]
