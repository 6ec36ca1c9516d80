"""A server on a raw socket that answers each request with pieces of bytes, as slowly as it is told."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

Script = Callable[[bytes], Iterator[bytes | float]]
"""From a request's head and body to what is sent in turn; numbers are seconds to wait."""


class RawServer:
    """Serves every connection in a thread of its own until it is closed.

    Attributes:
        root: Its XCAP root.
        got: The requests that came, head and body.
    """

    def __init__(self, script: Script, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self.tls = tls
        self.got: list[bytes] = []
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
            if self.tls is not None:
                connection.settimeout(20)
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as reader:
            while head := self._head(reader.readline):
                length = 0
                for line in head.splitlines():
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                request = head + reader.read(length)
                self.got.append(request)
                for piece in self.script(request):
                    if isinstance(piece, bytes):
                        connection.sendall(piece)
                    elif self.stopped.wait(piece):
                        return

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
    return "\r\n".join([*lines, "", ""]).encode() + body
