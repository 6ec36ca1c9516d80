"""The tables of the storage: how old files are brought up to date, and what is read from them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from xcap_sdk.protocol.addresses import Tree
from xcap_sdk.server.records import Key, Listed, Stored, content_hash

APPLICATION_ID: Final = 0x58434150
"""Marks an SQLite file as one of ours: "XCAP"."""

# Each brings a file of the format before to its own; an empty file has format 0. The index for `etags` holds
# all that it reads, so that it never touches the documents.
_UPGRADES: Final = (
    """
    CREATE TABLE document (
        auid TEXT NOT NULL, tree TEXT NOT NULL, xui TEXT NOT NULL, name TEXT NOT NULL,
        etag TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (auid, tree, xui, name)
    );
    CREATE TABLE version (number INTEGER NOT NULL);
    INSERT INTO version VALUES (0)
    """,
    """
    ALTER TABLE document ADD COLUMN modified INTEGER;
    CREATE INDEX of_user ON document (tree, xui, auid, name);
    CREATE INDEX etags ON document (auid, tree, name, xui, etag)
    """,
)
FORMAT: Final = len(_UPGRADES)

_FETCH: Final = "SELECT body, etag FROM document WHERE auid = ? AND tree = ? AND xui = ? AND name = ?"
_OF_USER: Final = (
    "SELECT auid, tree, xui, name, etag, length(body), modified FROM document "
    "WHERE tree = 'users' AND xui = ? ORDER BY auid, name"
)
_ETAGS: Final = "SELECT auid, tree, xui, name, etag FROM document WHERE auid = ? AND tree = ?"
_EXISTS: Final = "SELECT 1 FROM document WHERE auid = ? AND tree = ? AND xui = ? AND name = ?"
_EXISTS_BETWEEN: Final = (
    "SELECT 1 FROM document WHERE auid = ? AND tree = ? AND xui = ? AND name >= ? AND name < ? LIMIT 1"
)


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Make the tables, or bring those of an earlier format up to date."""
    for script in _UPGRADES[version:]:
        for statement in script.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")


class View:
    """The documents as of one moment; only to be used inside the function that it is handed to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, key: Key) -> Stored | None:
        """The document there, or None.

        Raises:
            sqlite3.DatabaseError: It is not the one that was stored: the file is damaged where SQLite cannot
                see it.
        """
        row = self._connection.execute(_FETCH, key.columns).fetchone()
        if row is None:
            return None
        body, etag = row
        if not isinstance(body, bytes) or not str(etag).endswith(f'-{content_hash(body)}"'):
            raise sqlite3.DatabaseError("a document does not have the bytes that were stored")
        return Stored(body, etag)

    def of_user(self, xui: str) -> list[Listed]:
        """All documents in a user's home directories, by application usage and name."""
        return list(self._listed(xui))

    def etags(self, auid: str, name: str | None = None, tree: Tree = "users") -> dict[Key, str]:
        """The ETags of all users' documents of an application usage, by name and user.

        Args:
            auid: The application usage.
            name: The name of the documents; None for documents of any name.
            tree: ``global`` for the documents of the global tree instead.
        """
        if name is None:
            rows = self._connection.execute(f"{_ETAGS} ORDER BY name, xui", (auid, tree))
        else:
            rows = self._connection.execute(f"{_ETAGS} AND name = ? ORDER BY xui", (auid, tree, name))
        return {Key(*place): etag for *place, etag in rows}

    def _listed(self, xui: str) -> Iterator[Listed]:
        for *place, etag, size, modified in self._connection.execute(_OF_USER, (xui,)):
            moment = None if modified is None else datetime.fromtimestamp(modified / 1000, UTC)
            yield Listed(Key(*place), etag, size, moment)


class Directory(View):
    """What else there is around one document, as seen inside the transaction that writes it."""

    def __init__(self, connection: sqlite3.Connection, key: Key) -> None:
        super().__init__(connection)
        self._key = key

    def has_document(self, name: str) -> bool:
        """Whether a document of that name is beside this one."""
        columns = (*self._key.columns[:3], name)
        return self._connection.execute(_EXISTS, columns).fetchone() is not None

    def has_folder(self, name: str) -> bool:
        """Whether there are documents in a folder of that name."""
        # All names that begin with "folder/": the character after "/" is "0".
        columns = (*self._key.columns[:3], f"{name}/", f"{name}0")
        return self._connection.execute(_EXISTS_BETWEEN, columns).fetchone() is not None
