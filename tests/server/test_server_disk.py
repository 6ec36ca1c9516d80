"""A disk that fails: one clear error, at the start or in the answer; nothing overwritten, and what was stored is there."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from server_wire import ALICE, BOOK, LISTS, Wire

from xcap_sdk.server import Key, RunningServer, Storage, StorageError

KEY = Key("resource-lists", "users", "sip:alice@example.org", "index")
EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
LARGE = EMPTY.replace(b"/>", b"><!--" + b"x" * 1_000_000 + b"--></resource-lists>")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with some documents."""
    found = tmp_path / "xcap.sqlite"
    with Storage(found) as storage:
        for number in range(40):
            storage.put(Key("u", "global", "", str(number)), b"%d," % number * 2_000)
    return found


def cut(part: float) -> Callable[[Path], object]:
    return lambda path: os.truncate(path, int(path.stat().st_size * part))


def overwritten(start: int, end: int) -> Callable[[Path], object]:
    def run(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[start:end] = b"\x5a" * (end - start)
        path.write_bytes(data)

    return run


def of_another(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE precious (thing)")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (cut(0.5), r"malformed.*restore it from a copy"),
        (cut(0.9), r"malformed.*restore it from a copy"),
        (lambda path: os.truncate(path, 5000), r"malformed.*restore it from a copy"),
        (lambda path: os.truncate(path, 50), r"malformed.*restore it from a copy"),
        (overwritten(0, 16), r"not a database.*restore it from a copy"),
        (overwritten(16, 100), r"not a database.*restore it from a copy"),
        (overwritten(4096, 8192), r"malformed|damaged"),
        (lambda path: path.write_text("[settings]\n" * 1000), r"not a database.*name another file"),
        (lambda path: path.write_bytes(b"\0" * 8192), r"not a database.*name another file"),
        (of_another, r"another program: name another file"),
    ],
    ids=[
        "half",
        "nearly-all",
        "one-page",
        "header",
        "magic",
        "fields",
        "a-page",
        "text",
        "zeros",
        "another-program",
    ],
)
def test_what_it_does_not_start_with(path: Path, spoil: Callable[[Path], object], message: str) -> None:
    spoil(path)
    before = path.read_bytes()
    for _ in range(2):
        with pytest.raises(StorageError, match=message) as caught:
            Storage(path)
        assert str(path) in str(caught.value)
        assert (caught.value.busy, caught.value.full) == (False, False)
        assert path.read_bytes() == before


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="is a folder: name a file in it"):
        Storage(tmp_path)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_no_name_of_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match=r"cannot be opened: (embedded null byte|File name too long)"):
        Storage(tmp_path / name)


def test_another_process_holds_it_at_the_start(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="another process holds it: try again") as caught:
        Storage(path, busy_timeout=0.01)
    assert caught.value.busy
    other.close()
    Storage(path).close()


def test_a_file_that_may_not_be_written(path: Path) -> None:
    before = path.read_bytes()
    path.chmod(0o444)
    script = """
import os, sys
from xcap_sdk.server import Storage, StorageError
if os.getuid() == 0:  # who may write everything
    os.chown(os.path.dirname(sys.argv[1]), 65534, -1)
    os.chdir(os.path.dirname(sys.argv[1]))
    os.setuid(65534)
try:
    Storage(os.path.basename(sys.argv[1]))
except StorageError as error:
    print(error)
"""
    found = run(script, path)
    assert "see that the folder exists, may be written" in found
    path.chmod(0o644)
    assert path.read_bytes() == before


def test_a_limit_on_the_size_of_files(path: Path) -> None:
    """As a full disk, or a quota."""
    script = """
import os, resource, sys
from xcap_sdk.server import Key, Storage, StorageError
key = Key("u", "global", "", "1")
with Storage(sys.argv[1]) as storage:
    before = storage.get(key)
    resource.setrlimit(resource.RLIMIT_FSIZE, (os.path.getsize(sys.argv[1]) + 65536, resource.RLIM_INFINITY))
    for _ in range(2):
        try:
            storage.put(key, b"x" * 1_000_000)
        except StorageError as error:
            print(error.full, error)
        assert storage.get(key) == before
    assert storage.put(key, b"small")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert storage.put(key, b"x" * 1_000_000)
"""
    found = run(script, path).splitlines()
    assert len(found) == 2
    assert all(line.startswith("True Cannot write") and "space left" in line for line in found)
    with Storage(path) as storage:
        assert storage.get(Key("u", "global", "", "1")).body == b"x" * 1_000_000


def run(script: str, path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_full_disk_under_the_server(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Storage(path) as storage, RunningServer(storage) as server, Wire(server.root) as wire:
        assert wire.put(ALICE, BOOK).status == 201
        (pages,) = storage._writer.execute("PRAGMA page_count").fetchone()
        storage._writer.execute(f"PRAGMA max_page_count = {pages}")
        full = wire.put(ALICE, LARGE)
        assert (full.status, full.body) == (507, b"there is no space left for what is to be stored\n")
        assert "full" in caplog.text
        assert wire.get(ALICE).body == BOOK
        assert wire.put(ALICE, EMPTY).status == 200
        storage._writer.execute("PRAGMA max_page_count = 100000")
        assert wire.put(ALICE, LARGE).status == 200


@pytest.mark.parametrize(
    "spoil", [cut(0.5), lambda path: os.truncate(path, 0), Path.unlink], ids=["cut", "emptied", "removed"]
)
def test_a_file_that_is_gone_under_the_server(
    path: Path, spoil: Callable[[Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    with Storage(path) as storage, RunningServer(storage) as server, Wire(server.root) as wire:
        assert wire.put(ALICE, BOOK).status == 201
        spoil(path)
        for _ in range(2):
            for reply in (wire.put(ALICE, EMPTY, LISTS), wire.delete(ALICE), wire.get(ALICE)):
                assert (reply.status, reply.body) == (500, b"the database failed\n")
    assert "while the server was running" in caplog.text
    assert "restore it from a copy" in caplog.text
