"""What SQLite does not notice itself: that its file was cut, removed or replaced while it is open.

It goes on with the pages that it remembers, and acknowledges writes that nobody would find again.
"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from xcap_sdk.protocol.wording import reason, shown
from xcap_sdk.server.tables import APPLICATION_ID


def objection_to(path: str) -> str | None:
    """Why a path cannot be that of a database; None if it can be, there or not."""
    try:
        is_folder = stat.S_ISDIR(Path(path).stat().st_mode)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        return f"{shown(path)} cannot be opened: {reason(error)}"
    return f"{path} is a folder: name a file in it" if is_folder else None


class _Look(NamedTuple):
    device: int
    number: int
    size: int


class DatabaseFile:
    """The file of an open database.

    Args:
        path: Where it is; None for a database in memory, of which nothing can get lost.
        connect: Opens a connection that remembers nothing.
    """

    def __init__(self, path: Path | None, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._seen = self._look()
        self._lost: str | None = None

    def check(self) -> None:
        """See that it is the file that was opened, and all of it.

        Raises:
            sqlite3.DatabaseError: It is not; from then on every time.
        """
        if self._path is None:
            return
        if self._lost is None:
            now = self._look()
            if now is None or self._seen is None or now[:2] != self._seen[:2]:
                self._lost = "the file was removed or replaced while the server was running"
            # A VACUUM of another process makes it smaller too, and leaves it sound.
            elif now.size < self._seen.size and not self._is_sound():
                self._lost = "the file was cut while the server was running"
            self._seen = now
        if self._lost is not None:
            raise sqlite3.DatabaseError(self._lost)

    def note(self) -> None:
        """Take its size for the right one: the log may just have been written back into it."""
        self._seen = self._look()

    def _look(self) -> _Look | None:
        try:
            found = None if self._path is None else self._path.stat()
        except OSError:
            found = None
        if found is None:
            return None
        return _Look(found.st_dev, found.st_ino, found.st_size)

    def _is_sound(self) -> bool:
        try:
            connection = self._connect()
        except sqlite3.Error:
            return False
        try:
            ours = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            return ours and connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        except sqlite3.DatabaseError:
            return False
        finally:
            connection.close()
