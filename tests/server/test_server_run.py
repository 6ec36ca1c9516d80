"""Starting and stopping: serve, running_server, the pytest fixtures, and what they say when they cannot."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from server_wire import ALICE, BOOK, Wire

import xcap_sdk.server
from xcap_sdk.server import CannotListen, Key, RunningServer, Storage, StorageError, running_server, serve

pytest_plugins = ["pytester"]


def test_a_server_for_a_with_block() -> None:
    with running_server(users={"alice": "secret"}) as root:
        assert root.startswith("http://127.0.0.1:")
        assert root.endswith("/xcap-root")
        assert httpx.get(root + ALICE).status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(root + ALICE)


def test_a_storage_handed_in_stays_open() -> None:
    with Storage() as storage:
        with running_server(storage) as root, Wire(root) as wire:
            assert wire.put(ALICE, BOOK).status == 201
        (key,) = storage.keys()
        assert key == Key("resource-lists", "users", "sip:alice@example.org", "index")
        assert storage.get(key).body == BOOK


def test_ipv6_loopback() -> None:
    try:
        with running_server(host="::1") as root:
            assert root.startswith("http://[::1]:")
            with Wire(root) as wire:
                assert wire.put(ALICE, BOOK).status == 201
    except CannotListen as error:
        pytest.skip(str(error))


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for start in (lambda: serve(port=port), lambda: RunningServer(port=port)):
            with pytest.raises(CannotListen, match=f"port {port}.*another port"):
                start()


def test_a_host_that_is_not_there() -> None:
    with pytest.raises(CannotListen, match=r"nowhere\.invalid"):
        RunningServer(host="nowhere.invalid")
    with pytest.raises(CannotListen):
        RunningServer(host="192.0.2.1")


def test_settings_that_cannot_be_leave_nothing_open(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="schemes"):
        RunningServer(users={}, schemes=("bearer",))
    with pytest.raises(StorageError):
        serve(database=tmp_path / "missing" / "x.sqlite")


def test_a_failure_of_the_server_is_raised_where_it_was_started(monkeypatch: pytest.MonkeyPatch) -> None:
    async def startup(*_: object, **__: object) -> None:
        raise RuntimeError("no start")

    monkeypatch.setattr("xcap_sdk.server.run._Server.startup", startup)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    with pytest.raises(RuntimeError, match="no start"):
        RunningServer()


def test_serve_in_another_thread() -> None:
    roots: list[str] = []
    announced = threading.Event()
    stop: list[Callable[[], None]] = []

    def announce(root: str) -> None:
        roots.append(root)
        announced.set()

    def run() -> None:
        import uvicorn

        original = uvicorn.Server.run

        def recorded(self: uvicorn.Server, **arguments: object) -> None:
            stop.append(lambda: setattr(self, "should_exit", True))
            original(self, **arguments)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(uvicorn.Server, "run", recorded)
            serve(announce=announce)

    thread = threading.Thread(target=run)
    thread.start()
    assert announced.wait(10)
    assert httpx.get(roots[0] + ALICE).status_code == 404
    stop[0]()
    thread.join(10)
    assert not thread.is_alive()


def test_names_are_loaded_when_they_are_used() -> None:
    for name in xcap_sdk.server.__all__:
        assert getattr(xcap_sdk.server, name) is not None
    with pytest.raises(AttributeError, match="nothing"):
        _ = xcap_sdk.server.nothing  # pyright: ignore[reportAttributeAccessIssue]


def test_the_plugin_costs_nothing_until_it_is_used() -> None:
    code = (
        "import sys, xcap_sdk.server.pytest_plugin\n"
        "heavy = {'starlette', 'uvicorn', 'anyio', 'lxml', 'xsdata', 'httpx', 'sqlite3', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    subprocess.run([sys.executable, "-c", code], check=True, env=alone)


def test_without_the_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None\n"
        "import xcap_sdk.server\n"
        "try: xcap_sdk.server.serve\n"
        "except ModuleNotFoundError as error: assert \"pip install 'xcap-sdk[server]'\" in str(error), error\n"
        "else: raise SystemExit('no error')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_in_this_process_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "xcap_sdk.server.run")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(ModuleNotFoundError, match=r"needs uvicorn: pip install 'xcap-sdk\[server\]'"):
        _ = xcap_sdk.server.serve
    monkeypatch.setitem(sys.modules, "xcap_sdk.server.app", None)
    with pytest.raises(ModuleNotFoundError, match=r"xcap_sdk\.server\.app"):
        _ = xcap_sdk.server.create_app


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_and_its_handler_comes_back(number: signal.Signals, tmp_path: Path) -> None:
    before = signal.getsignal(number)
    serve(database=tmp_path / "xcap.sqlite", announce=lambda _: signal.raise_signal(number))
    assert signal.getsignal(number) == before


def test_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from xcap_sdk import XcapClient

        def test_one(xcap_server):
            with XcapClient(xcap_server.root, user="sip:alice@example.org") as xcap:
                with xcap.resource_lists.edit() as book:
                    book.lists.ensure("friends")
            assert len(xcap_server.storage.keys()) == 1

        def test_each_test_gets_it_empty(xcap_server):
            assert xcap_server.storage.keys() == []
            with xcap_server.client("sip:bob@example.org") as xcap:
                assert "resource-lists" in xcap.capabilities.get().model.auids.items

        def test_settings(xcap_server_factory):
            server = xcap_server_factory(users={"alice": "secret"})
            with server.client("sip:alice@example.org", auth=("alice", "secret")) as xcap:
                with xcap.resource_lists.edit() as book:
                    book.lists.ensure("friends")
        """
    )
    pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider").assert_outcomes(passed=3)


def test_the_fixture_without_the_extra(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile("def test_one(xcap_server): ...")
    monkeypatch.delitem(sys.modules, "xcap_sdk.server.run")
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = pytester.runpytest_inprocess("-q", "-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*pip install 'xcap-sdk[[]server]'*"])
