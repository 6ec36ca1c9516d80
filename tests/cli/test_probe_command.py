"""`xcap probe` as a person meets it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xcap_sdk.cli.app import app
from xcap_sdk.profiles import CONFORMANT, load_profile
from xcap_sdk.server import RunningServer, running_server

ALICE = "sip:alice@example.org"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("XCAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # where no .env is


def xcap(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["probe", *arguments])


def test_the_table_as_text_and_the_profile(xcap_server: RunningServer, tmp_path: Path) -> None:
    file = tmp_path / "server.json"
    result = xcap(xcap_server.root, "--user", ALICE, "--save-profile", str(file))
    assert result.exit_code == 0, result.output
    assert "are conformant (100%)" in result.stdout
    assert "✓ 8.2.7" in result.stdout
    assert load_profile(file).right == CONFORMANT.right


def test_the_table_as_json() -> None:
    with running_server(users={"alice": "secret"}) as root:
        login = ("--user", ALICE, "--username", "alice", "--password", "secret")
        report = json.loads(xcap(root, *login, "--format", "json").stdout)
    assert report["score"] == 1
    assert {result["verdict"] for result in report["results"]} == {"conformant"}
    assert report["measured"] == len(report["results"]) == report["counts"]["conformant"]


def test_server_and_user_may_be_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with running_server(users={"alice": "secret"}) as root:
        for name, value in {"ROOT": "http://127.0.0.1:9/x", "USERNAME": "alice"}.items():
            monkeypatch.setenv(f"XCAP_{name}", value)
        (tmp_path / ".env").write_text(f"XCAP_USER={ALICE}\nXCAP_PASSWORD=secret\n", encoding="utf-8")
        result = xcap(root)
        monkeypatch.setenv("XCAP_TRIES", "often")
        refused = xcap(root)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{root}, xcap-sdk/")
    assert refused.exit_code == 2
    assert "XCAP_TRIES" in refused.output


def test_a_wrong_root_is_said_in_a_line(xcap_server: RunningServer, tmp_path: Path) -> None:
    file = tmp_path / "server.json"
    wrong = xcap_server.root.replace("xcap-root", "wrong")
    result = xcap(wrong, "--user", ALICE, "--save-profile", str(file))
    assert result.exit_code == 2
    assert (result.stdout, len(result.stderr.splitlines())) == ("", 1)
    assert "→ 404" in result.stderr
    assert "Check the root" in result.stderr
    assert not file.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["http://127.0.0.1:9/xcap-root", "--user", ALICE], "127.0.0.1:9"),
        (["http://127.0.0.1:9/xcap-root", "--user", ALICE, "--auid", "pres-rules"], "nothing was sent"),
        (["http://127.0.0.1:9/xcap-root", "--user", ALICE, "--username", "a"], "together"),
        (["http://127.0.0.1:9/xcap-root"], "--user"),
        (["--user", ALICE], "XCAP_ROOT is missing"),
    ],
)
def test_what_cannot_be_measured(arguments: list[str], words: str) -> None:
    result = xcap(*arguments)
    assert result.exit_code == 2
    assert words in result.output
