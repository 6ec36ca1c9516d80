"""The server under attack, over real sockets: each request gets its answer, and the next one is served as ever."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from attack_requests import BASIC, EMPTY, MAX_BODY, MAX_HEAD, MINE, Attack
from attack_table import DOCUMENT, table
from server_attacks import ATTACKS
from server_wire import Wire

from xcap_sdk.server import ConnectionLimits, Key, RunningServer

LIMITS = ConnectionLimits(head_timeout=0.4, idle_timeout=1, send_timeout=1)
ALICES = Key("resource-lists", "users", "sip:alice@example.org", "index")
BOBS = Key("resource-lists", "users", "sip:bob@example.org", "index")
SECRET = EMPTY.replace(b"/>", b'><list name="hush-hush"/></resource-lists>')
OPEN = EMPTY.replace(b"/>", b'><list name="l"/></resource-lists>')


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with RunningServer(
        users={"alice": "secret", "bob": "hidden"},
        schemes=("digest", "basic"),
        max_body=MAX_BODY,
        max_head=MAX_HEAD,
        body_timeout=0.4,
        limits=LIMITS,
    ) as running:
        running.storage.put(BOBS, SECRET)
        yield running


def sent(wire: Wire, attack: Attack) -> bytes:
    """All that comes back until the server closes."""
    request = attack.request(wire) if callable(attack.request) else attack.request
    pieces = request if isinstance(request, tuple) else (request,)
    received = b""
    with wire.raw(b"") as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                if len(pieces) > 1:
                    time.sleep(0.05)
        except OSError:
            pass  # it was closed while more was on its way; what it said before is there to read
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass  # likewise
    return received


def statuses(received: bytes) -> tuple[int, ...]:
    """The final ones; a 100 announces nothing."""
    found = (int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", received))
    return tuple(status for status in found if status != 100)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.group}: {attack.what}")
def test_attack(server: RunningServer, caplog: pytest.LogCaptureFixture, attack: Attack) -> None:
    server.storage.put(ALICES, OPEN)
    before = server.storage.etags("resource-lists")
    with Wire(server.root) as wire:
        received = sent(wire, attack)
    assert statuses(received) == attack.answers, received[:2000]
    assert b"hush-hush" not in received
    assert b"Traceback" not in received
    assert b"\nX-Made" not in received
    assert not [record for record in caplog.records if record.exc_info], "something was not foreseen"
    after = server.storage.etags("resource-lists")
    assert after.keys() == before.keys()
    assert after[BOBS] == before[BOBS]
    if 200 not in attack.answers:
        assert after == before
    with Wire(server.root) as wire:
        path, credentials = MINE.removeprefix(wire.path), BASIC.removeprefix("Authorization: ")
        assert wire.get(path, Authorization=credentials).status == 200


def test_the_table_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run `make attacks`"
