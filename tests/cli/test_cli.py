"""The command line as a person meets it: what it prints, and its exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

import xcap_sdk.server
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import Unauthorized, XcapClient, cli
from xcap_sdk.cli import demo
from xcap_sdk.cli.app import app
from xcap_sdk.server import RunningServer, running_server

ALICE = "sip:alice@example.com"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("XCAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # where no .env is


def xcap(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_version() -> None:
    assert xcap("--version") == (0, f"xcap-sdk {version('xcap-sdk')}\n")


def test_demo_on_its_own_server() -> None:
    code, output = xcap("demo")
    assert code == 0, output
    assert "All of it holds." in output
    assert "✗" not in output
    assert "If-Match:" in output


def test_demo_on_another_server_leaves_nothing(xcap_server: RunningServer) -> None:
    code, output = xcap("demo", "--root", xcap_server.root, "--user", ALICE)
    assert code == 0, output
    assert output.count("is gone") == 3
    with xcap_server.client(ALICE) as client:
        assert not client.resource_lists.exists(document="xcap-demo")
        assert not client.pres_rules.exists(document="xcap-demo")
        assert not client.status_icon.exists(document="oma_status-icon/xcap-demo")


def test_demo_with_credentials() -> None:
    with running_server(users={"alice": "secret"}) as root:
        login = ("--username", "alice", "--password", "secret")
        code, output = xcap("demo", "--root", root, "--user", ALICE, *login)
        assert code == 0, output
        code, output = xcap(
            "demo", "--root", root, "--user", ALICE, "--username", "alice", "--password", "wrong"
        )
        assert code == 1
        assert "401" in output


def test_demo_takes_what_no_option_says_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with running_server(users={"alice": "secret"}) as root:
        (tmp_path / ".env").write_text("XCAP_USERNAME=alice\nXCAP_PASSWORD=wrong\n", encoding="utf-8")
        monkeypatch.setenv("XCAP_USER", ALICE)
        monkeypatch.setenv("XCAP_TOKEN", "t0ken")  # options count before it, too
        code, output = xcap("demo", "--root", root, "--password", "secret")
        assert code == 0, output
        monkeypatch.delenv("XCAP_TOKEN")
        code, output = xcap("demo", "--root", root)
        assert code == 1
        assert "401" in output


def test_demo_on_its_own_server_reads_no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("XCAP_PASSWORD=alone\nXCAP_TRIES=often\n", encoding="utf-8")
    monkeypatch.setenv("XCAP_ROOT", "http://127.0.0.1:9/x")
    monkeypatch.setenv("XCAP_USER", ALICE)
    code, output = xcap("demo")
    assert code == 0, output


def test_demo_touches_nothing_that_is_there(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as client:
        before = client.resource_lists.create(ResourceLists(), document="xcap-demo").xml
        code, output = xcap("demo", "--root", xcap_server.root, "--user", ALICE)
        assert code == 2
        assert "Nothing was touched" in output
        assert client.resource_lists.get(document="xcap-demo").xml == before
        assert not client.pres_rules.exists(document="xcap-demo")


def test_demo_says_what_does_not_hold(xcap_server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = iter([demo.picture(), demo.picture(12), demo.picture(12)])
    monkeypatch.setattr(demo, "picture", lambda: next(pictures))
    code, output = xcap("demo", "--root", xcap_server.root, "--user", ALICE)
    assert code == 1
    assert "NOT all of it holds" in output
    assert "✗ the icon is there" in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["demo", "--user", ALICE], "--root"),
        (["demo", "--root", "http://127.0.0.1:9/x"], "--user"),
        (["demo", "--root", "http://127.0.0.1:9/x", "--user", ALICE, "--username", "a"], "together"),
        (["demo", "--password", "a"], "--root"),
        (["serve", "--account", "alice"], "name:password"),
        (["serve", "--user", "alice"], "name:password"),
        (["serve", "--user", ":x"], "name:password"),
    ],
)
def test_wrong_options(arguments: list[str], words: str) -> None:
    code, output = xcap(*arguments)
    assert code == 2
    assert words in output


def test_demo_without_a_server() -> None:
    code, output = xcap("demo", "--root", "http://127.0.0.1:9/xcap-root", "--user", ALICE)
    assert code == 1
    assert "127.0.0.1:9" in output


def test_serve_passes_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: dict[str, object] = {}

    def serve(**options: object) -> None:
        asked.update(options)

    monkeypatch.setattr(xcap_sdk.server, "serve", serve)
    database = tmp_path / "xcap.sqlite"
    login = ("--account", "alice:se:cret", "--user", "bob:b")  # the latter as it was called before
    assert xcap("serve", "--port", "0", "--database", str(database), *login)[0] == 0
    del asked["announce"]
    users = {"alice": "se:cret", "bob": "b"}
    assert asked == {"host": "127.0.0.1", "port": 0, "database": database, "users": users}


def test_serve_says_why_it_cannot(tmp_path: Path) -> None:
    broken = tmp_path / "xcap.sqlite"
    broken.write_bytes(b"this is no database, but it is long enough to be read as one" * 100)
    code, output = xcap("serve", "--port", "0", "--database", str(broken))
    assert code == 1
    assert str(broken) in output.replace("\n", "")
    assert broken.read_bytes().startswith(b"this is no database")


def test_serve_runs_and_stops(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "xcap_sdk.cli",
        "serve",
        "--port",
        "0",
        "--database",
        str(tmp_path / "x.sqlite"),
    ]
    with subprocess.Popen(
        [*command, "--account", "alice:secret"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        root = process.stdout.readline().strip()
        try:
            with (
                XcapClient(root, user=ALICE, auth=("alice", "secret")) as client,
                client.resource_lists.edit() as book,
            ):
                book.lists.add("friends")
            with XcapClient(root, user=ALICE) as client, pytest.raises(Unauthorized):
                client.resource_lists.get()
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert (tmp_path / "x.sqlite").is_file()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=r"xcap-sdk\[cli\]"):
        cli.main()


def test_main_runs_the_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["xcap", "--help"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    assert "serve" in capsys.readouterr().out
