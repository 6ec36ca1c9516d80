"""Clients that stall: each has its time, is then dropped, and keeps nobody out meanwhile."""

from __future__ import annotations

import socket

import pytest
from server_wire import ALICE, LISTS, Wire

from xcap_sdk.server import ConnectionLimits, RunningServer, endpoint

EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
SHORT = ConnectionLimits(head_timeout=0.3, idle_timeout=1, send_timeout=0.3)


def put(wire: Wire, length: int, *fields: str) -> bytes:
    lines = (
        f"PUT {wire.path}{ALICE} HTTP/1.1",
        f"Host: {wire.netloc}",
        f"Content-Type: {LISTS}",
        f"Content-Length: {length}",
        *fields,
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def dropped(connection: socket.socket) -> bool:
    """Whether the server closes; a reset is what it is if it had not read all."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("part", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come(part: bytes) -> None:
    with RunningServer(limits=SHORT) as server, Wire(server.root) as wire:
        received = wire.exchange(part)
        if part:
            assert received.startswith(b"HTTP/1.1 408 ")
            assert b"0.3 seconds" in received
        else:
            assert received == b""
        assert wire.put(ALICE, EMPTY).status == 201


def test_a_second_head_that_does_not_come() -> None:
    """What came with the request before it has the time of an idle connection."""
    with RunningServer(limits=SHORT) as server, Wire(server.root) as wire:
        received = wire.exchange(put(wire, len(EMPTY)) + EMPTY + b"GET /")
        assert received.startswith(b"HTTP/1.1 201 ")
        assert received.count(b"HTTP/1.1") == 1


def test_a_client_that_says_nothing_more() -> None:
    with RunningServer(limits=SHORT) as server, Wire(server.root) as wire:
        assert wire.exchange(put(wire, len(EMPTY)) + EMPTY).startswith(b"HTTP/1.1 201 ")


def test_a_refused_body_that_does_not_come() -> None:
    """It is answered at once, and its rest has as long as a head."""
    with RunningServer(limits=SHORT, max_body=1000) as server, Wire(server.root) as wire:
        received = wire.exchange(put(wire, 1_000_000) + b"<resource-lists")
        assert received.startswith(b"HTTP/1.1 413 ")
        assert received.count(b"HTTP/1.1") == 1


def test_a_client_that_does_not_take_its_reply(caplog: pytest.LogCaptureFixture) -> None:
    large = EMPTY.replace(b"/>", b">" + b" " * 8_000_000 + b"</resource-lists>")
    request = f"GET {{}}{ALICE} HTTP/1.1\r\nHost: x\r\n\r\n"
    with RunningServer(limits=SHORT) as server, Wire(server.root) as wire:
        assert wire.put(ALICE, large).status == 201
        slow = socket.socket()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(10)
        with slow:
            slow.connect(wire.address)
            slow.sendall(request.format(wire.path).encode())
            while server._server.server_state.total_requests < 2 or server._server.server_state.connections:
                wire.get(ALICE)
                wire.close()
            received = 0
            while chunk := slow.recv(1 << 20):
                received += len(chunk)
            assert received < len(large)
        assert wire.get(ALICE).body == large
    assert "Traceback" not in caplog.text


def test_waiting_connections_make_room() -> None:
    limits = ConnectionLimits(connections=3)
    with RunningServer(limits=limits) as server, Wire(server.root) as wire:
        held = [wire.raw(b"GET") for _ in range(6)]
        assert wire.put(ALICE, EMPTY).status == 201
        for connection in held[:4]:  # the oldest went, one for each that came above three
            assert dropped(connection)
        for connection in held:
            connection.close()


def test_connections_that_are_all_at_work_mean_503() -> None:
    limits = ConnectionLimits(connections=3)
    with RunningServer(limits=limits) as server, Wire(server.root) as wire:
        busy = [wire.raw(put(wire, 100, "Expect: 100-continue")) for _ in range(3)]
        for connection in busy:
            assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        assert wire.get(ALICE).status == 503
        for connection in busy:
            connection.close()


def test_bodies_that_take_too_much_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_BODIES", 2)
    with RunningServer(max_body=1000) as server, Wire(server.root) as wire:
        held: list[socket.socket] = []
        for _ in range(2):
            held.append(wire.raw(put(wire, 1000, "Expect: 100-continue")))
            assert held[-1].recv(100).startswith(b"HTTP/1.1 100 ")
            held[-1].sendall(b" " * 990)
        refused = wire.put(ALICE, EMPTY)
        assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
        for connection in held:
            connection.sendall(b" " * 10)
            assert connection.recv(100).startswith(b"HTTP/1.1 409 ")
            connection.close()
        assert wire.put(ALICE, EMPTY).status == 201


@pytest.mark.parametrize("name", ["connections", "head_timeout", "idle_timeout", "send_timeout"])
def test_limits_that_cannot_be(name: str) -> None:
    with pytest.raises(ValueError, match="above 0"):
        ConnectionLimits(**{name: 0})
