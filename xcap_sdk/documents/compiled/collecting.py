"""No garbage collection while thousands of objects are made, none of which can be garbage yet.

Each full collection looks at all objects that are there; where they only ever become more, that takes as long
as making them. What has no cycles goes away as ever.
"""

from __future__ import annotations

import gc
import threading
from types import TracebackType


class Paused:
    """Keeps the garbage collector from starting inside its block, in however many threads it is entered.

    The first one in switches the collector off, and the last one out on again if it was on before.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._was_on = gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside and self._was_on:
                gc.enable()


collection_paused: Paused = Paused()
"""The one for the whole process, as the collector is one."""
