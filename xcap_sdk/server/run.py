"""Runs the server: in the foreground until it is told to stop, or in a thread beside a test or a demo."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, TypeAlias, Unpack, cast

import uvicorn
from starlette.types import ASGIApp

from xcap_sdk.errors import XcapError
from xcap_sdk.server.app import MAX_HEAD, ROOT_PATH, ServerOptions, create_app
from xcap_sdk.server.connections import ConnectionLimits, LimitedConnection
from xcap_sdk.server.storage import Storage

if TYPE_CHECKING:
    from xcap_sdk import XcapClient

LOOPBACK: Final = "127.0.0.1"
_GRACE: Final = 5
# How many connections are accepted at a time. It is some rounds until one that has to make room is closed, so
# this times four is what may be open above the limit.
_AT_A_TIME: Final = 25
# How many wait to be accepted.
_QUEUE: Final = 1024
_Tls: TypeAlias = tuple[Path | None, Path | None]
_NO_TLS: Final[_Tls] = (None, None)
_LIMITS: Final = ConnectionLimits()
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class CannotListen(XcapError):
    """The address cannot be listened on: it is taken, or is none of this machine's."""


def serve(
    *,
    host: str = LOOPBACK,
    port: int = 0,
    database: Path | str | None = None,
    announce: Callable[[str], object] | None = None,
    certificate: Path | None = None,
    private_key: Path | None = None,
    limits: ConnectionLimits = _LIMITS,
    **options: Unpack[ServerOptions],
) -> None:
    """Run a server until SIGINT or SIGTERM; requests under way are finished first.

    Args:
        host: The address to listen on; by default this machine alone can connect.
        port: The TCP port; 0 takes a free one.
        database: The SQLite file for the documents; None keeps them in memory.
        announce: Called with the root URI as soon as connections are accepted.
        certificate: A file with a TLS certificate chain, to serve https.
        private_key: The file with its key, if it is not in the same one.
        limits: How many connections there may be, and how long they may stall.
        **options: What `create_app` takes.

    Raises:
        StorageError: The database cannot be opened.
        CannotListen: The address cannot be listened on.
        ValueError: An option that cannot be.
    """
    with Storage(database or ":memory:") as storage, _listen(host, port) as listener:
        tls = (certificate, private_key)
        app = create_app(storage, **options)
        config = _config(app, limits, options, tls)
        server = _Server(config, _root(listener, tls, options), limits, announce)
        with _stopped_by_signals(server):
            server.run(sockets=[listener])


class RunningServer:
    """A server in a thread of its own, on a real socket.

    Args:
        storage: The documents; a new memory by default.
        host: The address to listen on.
        port: The TCP port; 0 takes a free one.
        limits: How many connections there may be, and how long they may stall.
        **options: What `create_app` takes.

    Attributes:
        storage: The documents, to lay some down or to look.

    Raises:
        CannotListen: The address cannot be listened on.
        ValueError: An option that cannot be.
    """

    def __init__(
        self,
        storage: Storage | None = None,
        *,
        host: str = LOOPBACK,
        port: int = 0,
        limits: ConnectionLimits = _LIMITS,
        **options: Unpack[ServerOptions],
    ) -> None:
        self._owned = storage is None
        self.storage: Storage = Storage() if storage is None else storage
        self._failure: BaseException | None = None
        ready = threading.Event()
        try:
            app = create_app(self.storage, **options)
            listener = _listen(host, port)
        except BaseException:
            self._close()
            raise
        self._port: int = listener.getsockname()[1]
        config = _config(app, limits, options, _NO_TLS)
        self._server = _Server(config, _root(listener, _NO_TLS, options), limits, lambda _: ready.set())
        self._thread = threading.Thread(
            target=self._run, args=(listener, ready), name="xcap-server", daemon=True
        )
        self._thread.start()
        ready.wait()
        if self._failure is not None:
            self.stop()
            raise self._failure

    @property
    def root(self) -> str:
        """The XCAP root URI."""
        return self._server.root

    @property
    def port(self) -> int:
        """The TCP port."""
        return self._port

    def stop(self) -> None:
        """Stop after the requests under way; documents in a memory of its own are gone."""
        self._server.should_exit = True
        self._thread.join()
        self._close()

    def client(self, user: str, **options: Any) -> XcapClient:
        """A client of this server.

        Args:
            user: The XUI, as ``sip:alice@example.org``.
            **options: What `xcap_sdk.XcapClient` takes beside root and user.

        Returns:
            The client; the caller closes it, as with a with statement.
        """
        from xcap_sdk import XcapClient

        return XcapClient(self.root, user=user, **options)

    def _close(self) -> None:
        if self._owned:
            self.storage.close()

    def _run(self, listener: socket.socket, ready: threading.Event) -> None:
        try:
            with listener:
                self._server.run(sockets=[listener])
        except BaseException as error:
            self._failure = error
            raise
        finally:
            ready.set()

    def __enter__(self) -> RunningServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextmanager
def running_server(
    storage: Storage | None = None,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    limits: ConnectionLimits = _LIMITS,
    **options: Unpack[ServerOptions],
) -> Generator[str]:
    """Run a server in a thread for the length of a with block.

    Args:
        storage: The documents; a new memory by default.
        host: The address to listen on.
        port: The TCP port; 0 takes a free one.
        limits: How many connections there may be, and how long they may stall.
        **options: What `create_app` takes.

    Yields:
        The XCAP root URI.
    """
    with RunningServer(storage, host=host, port=port, limits=limits, **options) as server:
        yield server.root


class _Server(uvicorn.Server):
    """Uvicorn, quiet, telling when it accepts connections, and with a limit of its own on TLS handshakes."""

    def __init__(
        self,
        config: uvicorn.Config,
        root: str,
        limits: ConnectionLimits,
        announce: Callable[[str], object] | None,
    ) -> None:
        super().__init__(config)
        self.root = root
        self._limits = limits
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections, as uvicorn does, but for how long TLS may take: that is asyncio's, a minute."""
        await self.lifespan.startup()
        config, tls = self.config, self.config.ssl
        patience = self._limits.handshake_timeout if tls else None

        def connection() -> asyncio.Protocol:
            make = cast("type[LimitedConnection]", config.http_protocol_class)
            return make(config, self.server_state, self.lifespan.state)

        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                connection,
                sock=listener,
                backlog=config.backlog,
                ssl=tls,
                ssl_handshake_timeout=patience,
                ssl_shutdown_timeout=patience,
            )
            for listener in sockets or ()
        ]
        for listener in sockets or ():
            listener.listen(_QUEUE)  # asyncio has one number for both
        self.started = True
        if self._announce is not None:
            self._announce(self.root)


def _config(app: ASGIApp, limits: ConnectionLimits, options: ServerOptions, tls: _Tls) -> uvicorn.Config:
    certificate, private_key = tls
    return uvicorn.Config(
        app,
        http=LimitedConnection.with_limits(limits),
        access_log=False,
        server_header=False,
        log_config=None,
        log_level="warning",
        lifespan="off",
        ws="none",
        proxy_headers=False,
        backlog=_AT_A_TIME,
        limit_concurrency=limits.connections + 1,
        timeout_keep_alive=limits.idle_timeout,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=options.get("max_head", MAX_HEAD),
        ssl_certfile=certificate,
        ssl_keyfile=private_key,
    )


def _root(listener: socket.socket, tls: _Tls, options: ServerOptions) -> str:
    host, port = listener.getsockname()[:2]
    authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    path = options.get("root_path", ROOT_PATH).rstrip("/")
    return options.get("root_uri") or f"{'https' if tls[0] else 'http'}://{authority}{path}"


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"Cannot listen on {host}: {error}") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        message = f"Cannot listen on {host} port {port}: {error}; choose another port, or 0 for a free one"
        raise CannotListen(message) from error
    return listener


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Generator[None]:
    """Take the signals that uvicorn raises again after it stopped, so that the storage is closed in peace."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
