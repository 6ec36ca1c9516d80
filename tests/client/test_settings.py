"""Settings from the environment and .env files."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from xcap_sdk import AsyncXcapClient, InvalidInput, InvalidRoot, XcapClient
from xcap_sdk.settings import load_settings

NAMES = ("ROOT", "USER", "USERNAME", "PASSWORD")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"XCAP_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in zip(NAMES, ("https://x.example.org/r/", "sip:a@b", "a", "geheim"), strict=True):
        monkeypatch.setenv(f"XCAP_{name}", value)
    settings = load_settings()
    assert (settings.root, settings.user, settings.auth) == (
        "https://x.example.org/r/",
        "sip:a@b",
        ("a", "geheim"),
    )
    assert "geheim" not in repr(settings)
    with XcapClient.from_settings() as client:
        assert (client.root.uri, client.user) == ("https://x.example.org/r", "sip:a@b")
    assert AsyncXcapClient.from_settings(http=httpx.AsyncClient()).user == "sip:a@b"


def test_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("XCAP_ROOT=https://from.file\nXCAP_USER=\nOTHER=1\n", encoding="utf-8")
    settings = load_settings()
    assert (settings.root, settings.user, settings.auth) == ("https://from.file", None, None)
    monkeypatch.setenv("XCAP_ROOT", "https://from.environment")
    assert load_settings().root == "https://from.environment"
    other = tmp_path / "other"
    other.write_text("XCAP_USER=sip:c@d\n", encoding="utf-8")
    assert load_settings(other).user == "sip:c@d"
    assert load_settings(None).user is None


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="XCAP_ROOT"):
        XcapClient.from_settings()
    monkeypatch.setenv("XCAP_ROOT", "https://x.example.org")
    monkeypatch.setenv("XCAP_PASSWORD", "secret")
    with pytest.raises(InvalidInput, match="go together") as caught:
        XcapClient.from_settings()
    assert "secret" not in str(caught.value)


def test_a_bad_root_is_a_bad_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XCAP_ROOT", "x.example.org")
    with pytest.raises(InvalidRoot):
        XcapClient.from_settings()
