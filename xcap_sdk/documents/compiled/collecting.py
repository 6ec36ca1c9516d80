"""No garbage collection while thousands of objects are made, none of which can be garbage yet.

Each full collection looks at all objects that are there; where they only ever become more, that takes as long
as making them. What has no cycles goes away as ever.
"""

from __future__ import annotations

import gc
import os
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
            if self._inside:  # else this is the child of a fork inside the block
                self._inside -= 1
                self._restore()

    def after_fork(self) -> None:
        """Begin anew in the child of a fork, which has none of the other threads, but may have their lock."""
        self._lock = threading.Lock()
        self._inside = 0
        self._restore()

    def _restore(self) -> None:
        if not self._inside and self._was_on:
            self._was_on = False
            gc.enable()


collection_paused: Paused = Paused()
"""The one for the whole process, as the collector is one."""

if hasattr(os, "register_at_fork"):  # where there are forks
    os.register_at_fork(after_in_child=collection_paused.after_fork)
