"""Kamailio as an XCAP server of the tests' own: on a free loopback port, with a database of its own.

Debian has it in the packages kamailio, kamailio-presence-modules and kamailio-sqlite-modules.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("kamailio.cfg")
TABLES = Path("/usr/share/kamailio/db_sqlite")
STARTS_WITHIN = 20.0
STOPS_WITHIN = 5.0


def missing() -> str:
    """What is not installed; empty if Kamailio can be started."""
    program = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    modules = Path("/usr/lib").glob("**/kamailio/modules/xcap_server.so") if program else iter(())
    if program and next(modules, None) and (TABLES / "presence-create.sql").is_file():
        return ""
    return "Kamailio is not installed: apt-get install kamailio kamailio-presence-modules kamailio-sqlite-modules"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_kamailio(password: str | None = None, *, workers: int = 1) -> Iterator[str]:
    """Start Kamailio and stop it again.

    Args:
        password: The password of every user, asked for by Digest; None to ask for none.
        workers: How many processes answer requests.

    Yields:
        Its XCAP root URI.
    """
    program = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert program is not None, missing()
    with tempfile.TemporaryDirectory(prefix="xcap-kamailio-") as folder:
        database = Path(folder) / "xcap.sqlite"
        with contextlib.closing(sqlite3.connect(database)) as connection:
            for name in ("standard", "presence"):
                connection.executescript((TABLES / f"{name}-create.sql").read_text(encoding="utf-8"))
        port = free_port()
        command = [program, "-f", str(CONFIGURATION), "-DD", "-E", "-m", "64", "-M", "16"]
        command += ["-l", f"tcp:127.0.0.1:{port}", "-A", f'DATABASE="sqlite:///{database}"']
        command += ["-A", f"WORKERS={workers}", "-w", folder, "-Y", folder, "-P", str(Path(folder) / "pid")]
        if password is not None:
            command += ["-A", f'PASSWORD="{password}"']
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}/xcap-root"
        finally:
            process.terminate()  # the main process ends its workers
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until it answers."""
    end = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(1)
            connection.sendall(b"GET /xcap-root/xcap-caps/global/index HTTP/1.1\r\nHost: localhost\r\n\r\n")
            if connection.recv(1):
                return
        time.sleep(0.05)
    raise RuntimeError(f"Kamailio did not start:\n{log.read_text(errors='replace')[-2000:]}")
