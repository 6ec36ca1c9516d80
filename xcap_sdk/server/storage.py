"""Where the server keeps its documents: SQLite, in a file or in memory.

A write is one transaction: it reads the document, lets the caller decide on what it found, and stores the
outcome, while no other writer can come between. A file is written ahead and synced before a commit returns
(``journal_mode=WAL``, ``synchronous=FULL``), so what was acknowledged outlives the process and the power.

Each change gets a strong ETag of two parts, ``"<version>-<hash>"``. The version counts all changes of the
database, so no change ever brings an old tag back (RFC 4825 §8.5), not even one to earlier content or after a
delete. The hash of the bytes keeps tags apart that the count cannot: those of an older copy of the file put
back in place. Bytes that stay the same keep their tag: a strong ETag says just that, and nobody's condition
fails for nothing.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from xcap_sdk.errors import XcapError
from xcap_sdk.server.database_file import DatabaseFile, objection_to
from xcap_sdk.server.records import Key, Listed, Stored, Written, content_hash
from xcap_sdk.server.tables import APPLICATION_ID, FORMAT, Directory, View, upgrade

T = TypeVar("T")

# How a used-up quota and a limit on the size of files look: only a full disk has a code of its own.
_NO_SPACE: Final = {sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_TRUNCATE}

_DELETE: Final = "DELETE FROM document WHERE auid = ? AND tree = ? AND xui = ? AND name = ?"
_REPLACE: Final = (
    "INSERT INTO document (auid, tree, xui, name, etag, body, modified) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (auid, tree, xui, name) "
    "DO UPDATE SET etag = excluded.etag, body = excluded.body, modified = excluded.modified"
)


class StorageError(XcapError):
    """The database cannot be opened, read or written.

    Attributes:
        busy: Whether another process holds the database: the same request may succeed later.
        full: Whether the disk is full, or a quota used up: it may succeed once there is space.
    """

    def __init__(self, message: str, *, busy: bool = False, full: bool = False) -> None:
        super().__init__(message)
        self.busy = busy
        self.full = full


Decide: TypeAlias = "Callable[[Stored | None, Directory], bytes | None]"


class Storage:
    """All documents of a server; safe to use from several threads, and a file from several processes.

    Args:
        path: The SQLite file, made if it is not there; ``":memory:"`` keeps everything in memory.
        busy_timeout: Seconds to wait for a writer in another process.

    Raises:
        StorageError: The file cannot be opened, is damaged, or is no database of this server.
    """

    def __init__(self, path: Path | str = ":memory:", *, busy_timeout: float = 10.0) -> None:
        self.path: str = str(path)
        self._busy_timeout = busy_timeout
        self._write_lock = threading.Lock()
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._in_memory = self.path in {":memory:", ""}
        if not self._in_memory and (objection := objection_to(self.path)) is not None:
            raise StorageError(objection)
        with self._translated("open"):
            self._writer = self._connect()
        try:
            with self._translated("open"):
                self._prepare()
        except StorageError:
            self._writer.close()
            raise
        self._file = DatabaseFile(None if self._in_memory else Path(self.path), self._connect)

    def get(self, key: Key) -> Stored | None:
        """The document there, or None.

        Raises:
            StorageError: The database cannot be read.
        """
        with self._translated("read"), self._reader() as connection:
            return View(connection).get(key)

    def look(self, function: Callable[[View], T]) -> T:
        """Read several things as of one moment.

        Args:
            function: Called with the documents as they are; what it gives or raises goes through.

        Raises:
            StorageError: The database cannot be read.
        """
        with self._translated("read"), self._reader() as connection:
            connection.execute("BEGIN")
            try:
                return function(View(connection))
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def write(self, key: Key, decide: Decide) -> Written:
        """Change one document in one transaction.

        Args:
            key: Which document.
            decide: Called with what is there, and with its surroundings; gives the new bytes, or None to have
                no document. What it raises goes through, and nothing is changed. Other writers wait for it,
                so it must not wait itself.

        Returns:
            What was there and what is there now; it is on disk when this returns.

        Raises:
            StorageError: The database cannot be written; nothing is changed.
        """
        with self._translated("write"), self._write_lock:
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._file.check()
                around = Directory(connection, key)
                before = around.get(key)
                after = _store(connection, key, before, decide(before, around))
                connection.execute("COMMIT")
                self._file.note()
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            return Written(before, after)

    def put(self, key: Key, body: bytes) -> Stored:
        """Store a document as it is, unchecked: what a test or an operator lays down.

        Raises:
            StorageError: The database cannot be written.
        """
        after = self.write(key, lambda _before, _around: body).after
        assert after is not None
        return after

    def keys(self) -> list[Key]:
        """The places of all documents, in order.

        Raises:
            StorageError: The database cannot be read.
        """
        with self._translated("read"), self._reader() as connection:
            rows = connection.execute(
                "SELECT auid, tree, xui, name FROM document ORDER BY 1, 2, 3, 4"
            ).fetchall()
        return [Key(*row) for row in rows]

    def of_user(self, xui: str) -> list[Listed]:
        """All documents in a user's home directories, by application usage and name, without their bytes.

        Raises:
            StorageError: The database cannot be read.
        """
        return self.look(lambda view: view.of_user(xui))

    def etags(self, auid: str, name: str | None = None) -> dict[Key, str]:
        """The ETags of all users' documents of an application usage, by name and user.

        Args:
            auid: The application usage.
            name: The name of the documents; None for documents of any name.

        Raises:
            StorageError: The database cannot be read.
        """
        return self.look(lambda view: view.etags(auid, name))

    def clear(self) -> None:
        """Remove all documents; their ETags are never used again.

        Raises:
            StorageError: The database cannot be written.
        """
        with self._translated("write"), self._write_lock:
            self._writer.execute("DELETE FROM document")

    def close(self) -> None:
        """Close the database, after the write under way; may be called twice."""
        with self._write_lock, self._pool_lock:
            self._closed = True
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    def __enter__(self) -> Storage:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=self._busy_timeout, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _prepare(self) -> None:
        writer = self._writer
        writer.execute("BEGIN IMMEDIATE")
        try:
            (application,) = writer.execute("PRAGMA application_id").fetchone()
            (tables,) = writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            (version,) = writer.execute("PRAGMA user_version").fetchone()
            if application != APPLICATION_ID and (application or tables):
                raise StorageError(f"{self.path} is an SQLite database of another program: name another file")
            if application == APPLICATION_ID and not 0 < version <= FORMAT:
                raise StorageError(
                    f"{self.path} has format {version}, and this release knows those up to {FORMAT}: "
                    f"use the release that wrote it"
                )
            if application != APPLICATION_ID or version != FORMAT:
                upgrade(writer, version if application else 0)
            writer.execute("COMMIT")
        finally:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
        if not self._in_memory:
            writer.execute("PRAGMA journal_mode = WAL")
            (verdict,) = writer.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)

    @contextmanager
    def _reader(self) -> Generator[sqlite3.Connection]:
        """A connection of its own for each reader; a database in memory has only the writer's."""
        if self._in_memory:
            with self._write_lock:
                yield self._writer
            return
        self._file.check()
        connection = self._borrow()
        try:
            yield connection
        finally:
            with self._pool_lock:
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    def _borrow(self) -> sqlite3.Connection:
        if self._closed:
            raise sqlite3.ProgrammingError("the storage is closed")
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    @contextmanager
    def _translated(self, doing: str) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _explained(f"Cannot {doing} the database {self.path}", error) from error


def _explained(failure: str, error: sqlite3.Error) -> StorageError:
    extended: int = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    busy = code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    full = code == sqlite3.SQLITE_FULL or extended in _NO_SPACE
    damaged = code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or type(error) is sqlite3.DatabaseError
    if damaged:
        advice = "the file is damaged or no SQLite database: restore it from a copy, or name another file"
    elif isinstance(error, sqlite3.ProgrammingError):
        advice = "open a new storage"
    elif busy:
        advice = "another process holds it: try again"
    else:
        advice = "see that the folder exists, may be written and has space left"
    return StorageError(f"{failure}: {error}; {advice}", busy=busy, full=full)


def _store(
    connection: sqlite3.Connection, key: Key, before: Stored | None, body: bytes | None
) -> Stored | None:
    if body is None:
        connection.execute(_DELETE, key.columns)
        return None
    if before is not None and before.body == body:
        return before
    (version,) = connection.execute("UPDATE version SET number = number + 1 RETURNING number").fetchone()
    after = Stored(body, f'"{version:x}-{content_hash(body)}"')
    modified = time.time_ns() // 1_000_000
    connection.execute(_REPLACE, (*key.columns, after.etag, after.body, modified))
    return after
