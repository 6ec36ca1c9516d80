"""TLS: the server's own certificate, and clients that stall before, during and after the handshake."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

SERVE = """\
import sys
from pathlib import Path
from xcap_sdk.server import ConnectionLimits, serve
serve(
    certificate=Path(sys.argv[1]),
    private_key=Path(sys.argv[2]),
    limits=ConnectionLimits(handshake_timeout=float(sys.argv[3])),
    announce=lambda root: print(root, flush=True),
)
"""
PATIENCE = 0.5


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate with the authority that vouches for it; its key is next to it."""
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "cert.pem"
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(key)
    for pem in (*issued.cert_chain_pems, authority.cert_pem):
        pem.write_to_path(certificate, append=True)
    return certificate


@pytest.fixture(scope="module")
def root(authority: Path) -> Iterator[str]:
    files = [str(authority), str(authority.with_name("key.pem"))]
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, *files, str(PATIENCE)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()
        assert process.wait(10) == 0


@pytest.fixture
def context(authority: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority))


@pytest.fixture
def connection(root: str) -> Iterator[socket.socket]:
    where = urlsplit(root)
    with socket.create_connection((where.hostname or "", where.port or 0), 10) as connection:
        yield connection


def seconds_until_closed(connection: socket.socket) -> float:
    begin = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        while connection.recv(65536):
            pass
    return time.monotonic() - begin


def hello(context: ssl.SSLContext) -> bytes:
    """What a client says first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def is_served(root: str, context: ssl.SSLContext) -> bool:
    return httpx.get(f"{root}/xcap-caps/global/index", verify=context).status_code == 200


def test_tls(root: str, context: ssl.SSLContext) -> None:
    assert root.startswith("https://127.0.0.1:")
    lost = httpx.put(f"{root}/resource-lists/global/x/y", verify=context)
    assert f"<ancestor>{root}/resource-lists/global</ancestor>" in lost.text


@pytest.mark.parametrize("part", [0, 1, 100, None])
def test_a_handshake_that_stalls_is_ended(
    part: int | None, root: str, context: ssl.SSLContext, connection: socket.socket
) -> None:
    """Without a limit of the server's own it would take a minute."""
    connection.sendall(hello(context)[:part])
    assert is_served(root, context), "it keeps nobody out meanwhile"
    assert seconds_until_closed(connection) < 5


def test_what_is_no_handshake_is_ended_at_once(
    root: str, context: ssl.SSLContext, connection: socket.socket
) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert seconds_until_closed(connection) < 5
    assert is_served(root, context)


def test_a_client_that_does_not_take_leave_is_left(
    root: str, context: ssl.SSLContext, connection: socket.socket
) -> None:
    """Without a limit of the server's own it would wait for half a minute."""
    client = context.wrap_socket(connection, server_hostname="127.0.0.1", suppress_ragged_eofs=False)
    path = urlsplit(root).path
    request = f"GET {path}/xcap-caps/global/index HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    client.sendall(request.encode())
    while client.recv(65536):  # to the end of TLS, which is not answered
        pass
    with socket.socket(fileno=client.detach()) as bare:
        bare.settimeout(10)
        assert seconds_until_closed(bare) < 5
