"""`xcap probe` as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from xcap_sdk.cli.app import app
from xcap_sdk.profiles import CONFORMANT, load_profile
from xcap_sdk.server import RunningServer, running_server

ALICE = "sip:alice@example.org"


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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["http://127.0.0.1:9/xcap-root", "--user", ALICE], "127.0.0.1:9"),
        (["http://127.0.0.1:9/xcap-root", "--user", ALICE, "--auid", "pres-rules"], "nothing was sent"),
        (["http://127.0.0.1:9/xcap-root", "--user", ALICE, "--username", "a"], "together"),
        (["http://127.0.0.1:9/xcap-root"], "--user"),
    ],
)
def test_what_cannot_be_measured(arguments: list[str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XCAP_PASSWORD", raising=False)
    result = xcap(*arguments)
    assert result.exit_code == 2
    assert words in result.output
