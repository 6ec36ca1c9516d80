"""Writers against each other, and against kill -9: no lost write, nothing half written."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from xml.etree import ElementTree

import pytest
from server_wire import ALICE, ELEMENT, RL, Wire

SERVE = "import sys; from xcap_sdk.server import serve; serve(database=sys.argv[1], announce=lambda root: print(root, flush=True))"
ROUNDS = 3
WRITERS = 4


def book(inner: str) -> bytes:
    return f'<resource-lists xmlns="{RL}">{inner}</resource-lists>'.encode()


@pytest.mark.rule("ET5", "ET9")
def test_of_writers_with_the_same_etag_one_wins(wire: Wire) -> None:
    for turn in range(8):
        etag = wire.put(ALICE, book(f'<list name="turn {turn}"/>')).etag
        gate = threading.Barrier(4)

        def write(name: int, etag: str = etag, gate: threading.Barrier = gate) -> int:
            with Wire(wire.root) as own:
                own.get("/xcap-caps/global/index")
                gate.wait()
                if name % 2:
                    path = f"{ALICE}/~~/resource-lists/list%5b@name=%22{name}%22%5d"
                    return own.put(path, b'<list name="%d"/>' % name, ELEMENT, If_Match=etag).status
                return own.put(ALICE, book(f'<list name="{name}"/>'), If_Match=etag).status

        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(write, range(4)))
        assert statuses[0] in {200, 201}
        assert statuses[1:] == [412] * 3


def test_of_creators_one_wins(wire: Wire) -> None:
    gate = threading.Barrier(4)

    def create(name: int) -> int:
        with Wire(wire.root) as own:
            own.get("/xcap-caps/global/index")
            gate.wait()
            return own.put(ALICE, book(f'<list name="{name}"/>'), If_None_Match="*").status

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, range(4))) == [201, 412, 412, 412]


def test_unconditional_writes_to_one_document_all_arrive(wire: Wire) -> None:
    wire.put(ALICE, book('<list name="all"/>'))

    def write(name: int) -> int:
        with Wire(wire.root) as own:
            uri = f"sip:{name}@example.org"
            path = f"{ALICE}/~~/resource-lists/list/entry%5b@uri=%22{uri}%22%5d"
            return own.put(path, f'<entry uri="{uri}"/>'.encode(), ELEMENT).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(40))) == {201}
    entries = list(ElementTree.fromstring(wire.get(ALICE).body)[0])
    assert {entry.get("uri") for entry in entries} == {f"sip:{name}@example.org" for name in range(40)}


class Process:
    """A server of its own process on a database file."""

    def __init__(self, database: Path) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(database)], stdout=subprocess.PIPE, text=True, env=os.environ
        )
        assert self.popen.stdout is not None
        self.root = self.popen.stdout.readline().strip()
        assert self.root.startswith("http://127.0.0.1:")

    def end(self, number: signal.Signals) -> int:
        self.popen.send_signal(number)
        code = self.popen.wait(20)
        self.popen.stdout.close()
        return code


@dataclass
class Writer:
    """Writes to a document of its own and to a shared one, and keeps what was acknowledged."""

    name: str
    sent: int = 0
    acknowledged: int = 0
    etag: str | None = None
    entries: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return ALICE.replace("alice", self.name)

    def run(self, root: str) -> None:
        """Until the server is gone."""
        with Wire(root) as wire:
            try:
                while True:
                    self.step(wire)
            except (OSError, HTTPException):
                pass

    def step(self, wire: Wire) -> None:
        self.sent += 1
        filler = "x" * random.choice((10, 3_000, 40_000))
        reply = wire.put(
            self.path, book(f'<list name="{self.sent}"><display-name>{filler}</display-name></list>')
        )
        assert reply.status in {200, 201}
        self.acknowledged, self.etag = self.sent, reply.etag
        uri = f"sip:{self.name}-{self.sent}@example.org"
        self.tried.append(uri)
        path = f"{ALICE}/~~/resource-lists/list/entry%5b@uri=%22{uri}%22%5d"
        assert wire.put(path, f'<entry uri="{uri}"/>'.encode(), ELEMENT).status == 201
        self.entries.append(uri)

    def check(self, wire: Wire) -> None:
        read = wire.get(self.path)
        if self.acknowledged:
            assert read.status == 200
            stored = int(ElementTree.fromstring(read.body)[0].get("name"))
            assert self.acknowledged <= stored <= self.sent
            assert stored > self.acknowledged or read.etag == self.etag


def test_kill_9_loses_no_acknowledged_write_and_damages_nothing(tmp_path: Path) -> None:
    database = tmp_path / "xcap.sqlite"
    writers = [Writer(f"writer{number}") for number in range(WRITERS)]
    bodies: dict[str, bytes] = {}  # by ETag
    for turn in range(ROUNDS):
        process = Process(database)
        with Wire(process.root) as wire:
            if turn == 0:
                assert wire.put(ALICE, book('<list name="shared"/>')).status == 201
            check(wire, writers)
            for read in [wire.get(writer.path) for writer in writers if writer.acknowledged]:
                assert bodies.setdefault(read.etag, read.body) == read.body, "an ETag was given twice"
        before = sum(writer.acknowledged for writer in writers)
        threads = [threading.Thread(target=writer.run, args=(process.root,)) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(0.15 + random.random() * 0.35)
        assert process.end(signal.SIGKILL) == -signal.SIGKILL
        for thread in threads:
            thread.join(20)
        assert sum(writer.acknowledged for writer in writers) > before, "nothing was written before the kill"
        with closing(sqlite3.connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    process = Process(database)
    with Wire(process.root) as wire:
        check(wire, writers)
    assert process.end(signal.SIGTERM) == 0
    assert bodies


def check(wire: Wire, writers: list[Writer]) -> None:
    """All that was acknowledged is there, and no more than was sent; all of it valid."""
    for writer in writers:
        writer.check(wire)
    shared = wire.get(ALICE)
    stored = {entry.get("uri") for entry in ElementTree.fromstring(shared.body)[0]}
    acknowledged = {uri for writer in writers for uri in writer.entries}
    tried = {uri for writer in writers for uri in writer.tried}
    assert acknowledged <= stored <= tried
    # The server takes back what it holds: every document passes its own checks.
    for path in (ALICE, *(writer.path for writer in writers if writer.acknowledged)):
        read = wire.get(path)
        assert wire.put(path, read.body, If_Match=read.etag).etag == read.etag


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_graceful_stop_finishes_what_is_under_way(tmp_path: Path, number: signal.Signals) -> None:
    process = Process(tmp_path / "xcap.sqlite")
    with Wire(process.root) as wire:
        assert wire.put(ALICE, book("")).status == 201
        assert process.end(number) == 0
    assert not list(tmp_path.glob("*-wal"))
