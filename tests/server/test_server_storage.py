"""The SQLite storage: transactions, ETags, and what it says when the file is not what it should be."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from xcap_sdk.server import Key, Storage, StorageError, Stored
from xcap_sdk.server.tables import View

KEY = Key("resource-lists", "users", "sip:alice@example.org", "index")


@pytest.fixture(params=["memory", "file"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    with Storage(":memory:" if request.param == "memory" else tmp_path / "xcap.sqlite") as storage:
        yield storage


def test_what_was_put_is_what_is_got(storage: Storage) -> None:
    assert storage.get(KEY) is None
    stored = storage.put(KEY, b"<a/>")
    assert storage.get(KEY) == stored
    assert stored.body == b"<a/>"
    assert storage.keys() == [KEY]


def test_places_are_told_apart(storage: Storage) -> None:
    keys = [
        KEY,
        Key("resource-lists", "users", "sip:alice@example.org", "index2"),
        Key("resource-lists", "users", "sip:Alice@example.org", "index"),
        Key("resource-lists", "global", "", "index"),
        Key("rls-services", "users", "sip:alice@example.org", "index"),
        Key("resource-lists", "users", "sip:alice@example.org", "über/ünder"),
    ]
    for number, key in enumerate(keys):
        storage.put(key, b"%d" % number)
    assert [storage.get(key).body for key in keys] == [b"%d" % number for number in range(len(keys))]
    assert set(storage.keys()) == set(keys)


@pytest.mark.rule("ET1")
def test_no_change_ever_brings_an_etag_back(storage: Storage) -> None:
    tags = []
    for body in (b"one", b"two", b"one", b"three", b"one"):
        tags.append(storage.put(KEY, body).etag)
    storage.write(KEY, lambda _before, _around: None)
    tags.append(storage.put(KEY, b"one").etag)
    storage.clear()
    tags.append(storage.put(KEY, b"one").etag)
    assert len(set(tags)) == len(tags)
    assert all(tag.startswith('"') and tag.endswith('"') and len(tag) > 20 for tag in tags)


def test_the_same_bytes_keep_their_etag(storage: Storage) -> None:
    assert storage.put(KEY, b"one") == storage.put(KEY, b"one")


def test_an_older_copy_of_the_file_never_gives_a_newer_ones_etag(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    Storage(path).close()
    older = path.read_bytes()
    with Storage(path) as storage:
        first = storage.put(KEY, b"one").etag
    path.write_bytes(older)
    with Storage(path) as storage:
        assert storage.put(KEY, b"two").etag != first


def test_a_write_that_is_given_up_changes_nothing(storage: Storage) -> None:
    before = storage.put(KEY, b"one")

    def decide(*_: object) -> bytes:
        raise LookupError("no")

    with pytest.raises(LookupError):
        storage.write(KEY, decide)
    assert storage.get(KEY) == before
    assert storage.put(KEY, b"two").etag != before.etag


def test_a_write_tells_what_was_there_and_what_is_there(storage: Storage) -> None:
    created = storage.write(KEY, lambda before, _around: b"one" if before is None else b"?")
    assert created.before is None
    removed = storage.write(KEY, lambda before, _around: None if before == created.after else b"?")
    assert removed.before == created.after
    assert removed.after is None
    assert storage.write(KEY, lambda _before, _around: None).before is None
    assert storage.get(KEY) is None


def test_the_surroundings_of_a_document(storage: Storage) -> None:
    storage.put(Key("u", "users", "sip:a@b", "one/two/three"), b"")
    seen: list[bool] = []

    def look(_before: object, around: object) -> None:
        names = ("one", "one/two", "one/two/three", "on", "One", "one/t", "three")
        seen.extend(around.has_folder(name) for name in names)
        seen.extend(around.has_document(name) for name in ("one/two/three", "one"))

    storage.write(Key("u", "users", "sip:a@b", "x"), look)
    assert seen == [True, True, False, False, False, False, False, True, False]
    seen.clear()
    storage.write(Key("u", "users", "sip:other@b", "x"), look)
    assert not any(seen)


def test_a_users_documents_are_listed(storage: Storage) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    icon = storage.put(Key("org.example.icon", "users", KEY.xui, "folder/icon"), b"icon")
    index = storage.put(KEY, "ü".encode())
    storage.put(Key("resource-lists", "users", "sip:bob@example.org", "index"), b"bob's")
    storage.put(Key("resource-lists", "global", "", "index"), b"nobody's")
    listed = storage.of_user(KEY.xui)
    assert [(each.key.auid, each.key.name, each.etag, each.size) for each in listed] == [
        ("org.example.icon", "folder/icon", icon.etag, 4),
        ("resource-lists", "index", index.etag, 2),
    ]
    assert all(before <= each.modified <= datetime.now(UTC) for each in listed)
    assert storage.of_user("sip:nobody@example.org") == []
    assert storage.of_user("") == []


def test_the_time_of_a_change_is_that_of_the_last_one(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter((1_000, 2_000))
    monkeypatch.setattr(time, "time_ns", lambda: next(times) * 1_000_000_000)
    storage.put(KEY, b"one")
    assert [each.modified.timestamp() for each in storage.of_user(KEY.xui)] == [1_000]
    storage.put(KEY, b"one")
    storage.put(KEY, b"two")
    assert [each.modified.timestamp() for each in storage.of_user(KEY.xui)] == [2_000]


def test_all_users_documents_of_a_usage_are_listed(storage: Storage) -> None:
    bob = Key(KEY.auid, "users", "sip:bob@example.org", "index")
    other = Key(KEY.auid, "users", "sip:adam@example.org", "other")
    for key in (
        bob,
        other,
        KEY,
        Key("another", "users", KEY.xui, "index"),
        Key(KEY.auid, "global", "", "index"),
    ):
        storage.put(key, key.xui.encode())
    assert list(storage.etags(KEY.auid, "index").items()) == [
        (key, storage.get(key).etag) for key in (KEY, bob)
    ]
    assert list(storage.etags(KEY.auid)) == [KEY, bob, other]
    assert storage.etags("none") == {}


def test_several_things_are_seen_as_of_one_moment(tmp_path: Path) -> None:
    with Storage(tmp_path / "xcap.sqlite") as storage:
        before = storage.put(KEY, b"one")

        def look(view: View) -> Stored | None:
            (etag,) = view.etags(KEY.auid).values()
            assert etag == before.etag
            storage.put(KEY, b"two")
            return view.get(KEY)

        assert storage.look(look) == before
        assert storage.get(KEY).body == b"two"
        with pytest.raises(LookupError):
            storage.look(lambda _: {}["what it raises goes through"])
        assert storage.look(lambda view: view.get(KEY)).body == b"two"


def test_a_database_of_an_earlier_release_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            CREATE TABLE document (
                auid TEXT NOT NULL, tree TEXT NOT NULL, xui TEXT NOT NULL, name TEXT NOT NULL,
                etag TEXT NOT NULL, body BLOB NOT NULL,
                PRIMARY KEY (auid, tree, xui, name)
            );
            CREATE TABLE version (number INTEGER NOT NULL);
            INSERT INTO version VALUES (7);
            INSERT INTO document VALUES ('u', 'users', 'sip:a@b', 'index', '"7-230d8358dc8e8890b4c58dee"', CAST('body' AS BLOB));
            PRAGMA application_id = 0x58434150;
            PRAGMA user_version = 1;
            """
        )
    connection.close()
    for _ in range(2):
        with Storage(path) as storage:
            (listed,) = storage.of_user("sip:a@b")
            assert (listed.etag, listed.size, listed.modified) == ('"7-230d8358dc8e8890b4c58dee"', 4, None)
            assert storage.get(listed.key).body == b"body"
    with Storage(path) as storage:
        assert storage.put(listed.key, b"new").etag.startswith('"8-')
        assert storage.of_user("sip:a@b")[0].modified is not None


def test_many_threads_lose_no_write(storage: Storage) -> None:
    storage.put(KEY, b"0")

    def count(_: int) -> None:
        storage.write(KEY, lambda before, _around: b"%d" % (int(before.body) + 1))
        assert storage.get(KEY) is not None

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(200)))
    assert storage.get(KEY).body == b"200"


def test_two_storages_on_one_file_lose_no_write(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with Storage(path) as one, Storage(path) as two:
        one.put(KEY, b"0")

        def count(storage: Storage) -> None:
            for _ in range(25):
                storage.write(KEY, lambda before, _around: b"%d" % (int(before.body) + 1))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(count, (one, two)))
        assert two.get(KEY).body == one.get(KEY).body == b"50"


def test_a_file_outlives_its_storage(tmp_path: Path) -> None:
    with Storage(tmp_path / "xcap.sqlite") as storage:
        stored = storage.put(KEY, b"one")
    with Storage(str(tmp_path / "xcap.sqlite")) as storage:
        assert storage.get(KEY) == stored


def test_commits_are_synced(tmp_path: Path) -> None:
    with Storage(tmp_path / "xcap.sqlite") as storage:
        connection = storage._writer
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    with Storage(tmp_path / "xcap.sqlite") as storage:
        before = storage.put(KEY, b"one")
        seen: list[object] = []

        def decide(*_: object) -> bytes:
            reader = threading.Thread(target=lambda: seen.append(storage.get(KEY)))
            reader.start()
            reader.join(5)
            return b"two"

        storage.write(KEY, decide)
        assert seen == [before]


def test_a_busy_database_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with Storage(path, busy_timeout=0.01) as storage:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another process") as caught:
            storage.put(KEY, b"one")
        assert caught.value.busy
        other.execute("ROLLBACK")
        other.close()
        assert storage.put(KEY, b"one")


def test_a_full_disk_is_an_error_and_changes_nothing(tmp_path: Path) -> None:
    with Storage(tmp_path / "xcap.sqlite") as storage:
        before = storage.put(KEY, b"one")
        (pages,) = storage._writer.execute("PRAGMA page_count").fetchone()
        storage._writer.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageError, match=r"full.*space") as caught:
            storage.put(KEY, b"x" * 1_000_000)
        assert caught.value.full
        assert not caught.value.busy
        assert storage.get(KEY) == before
        storage._writer.execute("PRAGMA max_page_count = 100000")
        assert storage.put(KEY, b"x" * 1_000_000)


@pytest.mark.parametrize("left", [0, 100, 4096, 0.5])
def test_a_file_that_is_cut_under_it(tmp_path: Path, left: float) -> None:
    """No wrong document is given, and nothing is acknowledged any more."""
    path = tmp_path / "xcap.sqlite"
    with Storage(path) as storage:
        for number in range(300):
            storage.put(Key("u", "global", "", str(number)), b"%d," % number * 5_000)
        assert path.stat().st_size > 4096, "the log was never written back"
        os.truncate(path, left if isinstance(left, int) else int(path.stat().st_size * left))
        with pytest.raises(StorageError, match="cut while the server was running"):
            storage.get(KEY)
        for _ in range(2):
            with pytest.raises(StorageError, match=r"cut while the server was running.*restore"):
                storage.put(KEY, b"two")


def test_a_file_that_is_removed_or_replaced_under_it(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with Storage(path) as storage:
        storage.put(KEY, b"one")
        path.rename(tmp_path / "elsewhere")
        for _ in range(2):
            with pytest.raises(StorageError, match="removed or replaced while the server was running"):
                storage.put(KEY, b"two")
            with pytest.raises(StorageError, match="removed or replaced while the server was running"):
                storage.get(KEY)
            path.touch()


def test_a_vacuum_by_another_process_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with Storage(path) as storage:
        for number in range(300):
            storage.put(Key("u", "global", "", str(number)), b"x" * 20_000)
        storage.clear()
        before = storage.put(KEY, b"one")
        size = path.stat().st_size
        with contextlib.closing(sqlite3.connect(path)) as other:
            other.execute("VACUUM")
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert path.stat().st_size < size
        assert storage.get(KEY) == before
        assert storage.put(KEY, b"two")


def test_bytes_that_changed_on_disk_are_never_given(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with Storage(path) as storage:
        storage.put(KEY, b"one " * 5_000)
    data = path.read_bytes()
    assert data.count(b"one one ") > 1
    path.write_bytes(data.replace(b"one one ", b"two two "))
    with Storage(path) as storage:  # SQLite itself sees nothing
        with pytest.raises(StorageError, match=r"bytes that were stored.*restore"):
            storage.get(KEY)
        with pytest.raises(StorageError, match="bytes that were stored"):
            storage.put(KEY, b"three")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    path.write_bytes(b"these are no pages of a database" * 100)
    with pytest.raises(StorageError, match=r"xcap\.sqlite.*not a database.*restore it") as caught:
        Storage(path)
    assert not caught.value.busy


def test_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    with Storage(path) as storage:
        for number in range(50):
            storage.put(Key("u", "global", "", str(number)), b"x" * 5000)
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 4] = b"\x5a" * (4096 * 3)
    path.write_bytes(data)
    with pytest.raises(StorageError, match=r"damaged.*restore it"):
        Storage(path)


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE precious (thing)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        Storage(path)
    assert path.read_bytes() == before


def test_a_database_of_a_later_release(tmp_path: Path) -> None:
    path = tmp_path / "xcap.sqlite"
    Storage(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageError, match="format 99"):
        Storage(path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="see that the folder exists"):
        Storage(tmp_path / "missing" / "xcap.sqlite")


def test_a_closed_storage_says_so(storage: Storage) -> None:
    storage.put(KEY, b"one")
    assert storage.get(KEY)
    storage.close()
    storage.close()
    with pytest.raises(StorageError, match="closed"):
        storage.get(KEY)
    with pytest.raises(StorageError, match="closed"):
        storage.put(KEY, b"two")


def test_closing_while_a_reader_is_at_work(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "xcap.sqlite")
    with storage._reader() as connection:
        storage.close()
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError):
        connection.execute("SELECT 1")
