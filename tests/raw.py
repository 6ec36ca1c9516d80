"""A server on a raw socket that answers each request with pieces of bytes, as slowly and wrongly as it is told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from enum import Enum


class End(Enum):
    """How a connection ends."""

    CLOSE = "closed"
    RESET = "reset"
    HALF = "closed for sending, and left open for what comes"
    DRAIN = "closed once the other side has closed it; what comes is thrown away"


Piece = bytes | float | End
"""Bytes to send, seconds to wait, or the end of the connection."""

Script = Callable[[bytes], Iterable[Piece]]
"""From a request's head and body to what is done in turn."""


class RawServer:
    """Serves every connection in a thread of its own until it is closed.

    Args:
        script: What it does with each request.
        tls: To speak TLS.
        first: What it does with each connection before it reads anything.

    Attributes:
        root: Its XCAP root.
        got: The requests that came, head and body.
        sent: How many bytes it got rid of.
    """

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, first: Iterable[Piece] = ()
    ) -> None:
        self.script = script
        self.tls = tls
        self.first = first
        self.got: list[bytes] = []
        self.sent = 0
        self.stopped = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if tls is None else "https"
        self.root = f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}/xcap-root"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            if self.stopped.is_set():
                connection.close()
                return
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            connection.settimeout(20)
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as reader:
            goes_on = self._play(connection, self.first)
            while goes_on and (head := self._head(reader.readline)):
                length = 0
                for line in head.splitlines():
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                request = head + reader.read(length)
                self.got.append(request)
                goes_on = self._play(connection, self.script(request))

    def _play(self, connection: socket.socket, pieces: Iterable[Piece]) -> bool:
        """Do what the script says; False at the end of the connection."""
        for piece in pieces:
            if isinstance(piece, bytes):
                connection.sendall(piece)
                self.sent += len(piece)
            elif isinstance(piece, float):
                if self.stopped.wait(piece):
                    return False
            elif piece is End.HALF:
                connection.shutdown(socket.SHUT_WR)
            else:
                while piece is End.DRAIN and connection.recv(65536):
                    pass
                if piece is End.RESET:  # with what is not read yet left unread
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return False
        return not self.stopped.is_set()

    @staticmethod
    def _head(readline: Callable[[], bytes]) -> bytes:
        lines = [readline()]
        while lines[-1] not in {b"", b"\r\n"}:
            lines.append(readline())
        return b"" if lines == [b""] else b"".join(lines)

    def __enter__(self) -> RawServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        with contextlib.suppress(OSError), socket.create_connection(self._listening.getsockname()):
            pass
        self._listening.close()
        for thread in self._threads:
            thread.join()


def reply(status: str, body: bytes = b"", *fields: str) -> bytes:
    """A whole response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def dripping(whole: bytes, begin: int = 0) -> Iterator[Piece]:
    """A reply whose bytes come one by one from some place on; whole after all, but much later."""
    yield whole[:begin]
    for index in range(begin, len(whole)):
        yield whole[index : index + 1]
        yield 0.05
