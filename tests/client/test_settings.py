"""Settings from the environment and .env files."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic_settings import DotEnvSettingsSource

from raw import RawServer, reply
from xcap_sdk import (
    AsyncXcapClient,
    BearerAuth,
    InvalidInput,
    InvalidRoot,
    Network,
    TransportError,
    XcapClient,
)
from xcap_sdk.settings import load_settings

NAMES = ("ROOT", "USER", "USERNAME", "PASSWORD")
OTHERS = ("TOKEN", "DEADLINE", "TIMEOUT", "TRIES", "PROXY", "CA_FILE", "CERT_FILE", "KEY_FILE", "HTTP2")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES + OTHERS:
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


def test_what_is_handed_in_counts_before_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        shown.append(request.headers.get("Authorization", ""))
        return httpx.Response(404)

    mine = "https://mine.example.org"
    with XcapClient.from_settings(root=mine, user="sip:c@d") as client:  # nothing is set
        assert (client.root.uri, client.user) == (mine, "sip:c@d")
    for name, value in zip(NAMES, ("https://x.example.org", "sip:a@b", "a", "geheim"), strict=True):
        monkeypatch.setenv(f"XCAP_{name}", value)
    token = BearerAuth(lambda: "t0ken")
    http = httpx.Client(transport=httpx.MockTransport(answer))
    with http, XcapClient.from_settings(user="sip:c@d", auth=token, http=http) as client:
        assert (client.root.uri, client.user) == ("https://x.example.org", "sip:c@d")
        assert not client.resource_lists.exists()
    assert shown == ["Bearer t0ken"]
    other = AsyncXcapClient.from_settings(root=mine, auth=token, http=httpx.AsyncClient())
    assert (other.root.uri, other.user) == (mine, "sip:a@b")
    monkeypatch.setenv("XCAP_TOKEN", "t0ken")
    (tmp_path / ".env").write_text("XCAP_PASSWORD=other\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="one or the other"):
        XcapClient.from_settings()
    XcapClient.from_settings(auth=("c", "d")).close()  # what is set for it does not matter then
    assert load_settings(username="c").auth == ("c", "geheim")


def test_an_env_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(b"XCAP_ROOT=http://h/\xff")
    with pytest.raises(InvalidInput, match=r"config: not in UTF-8"):
        load_settings(tmp_path / "config")


def test_what_is_no_good_is_named_with_the_reason_and_without_the_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XCAP_ROOT", "https://x.example.org")
    monkeypatch.setenv("XCAP_TRIES", "0")
    monkeypatch.setenv("XCAP_HTTP2", "perhaps")
    with pytest.raises(
        InvalidInput, match=r"XCAP_TRIES is no good \(.* greater than or equal to 1\)"
    ) as caught:
        XcapClient.from_settings()
    assert "XCAP_HTTP2 is no good (" in str(caught.value)
    assert "perhaps" not in str(caught.value)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        InvalidInput, match=r"^XCAP_ROOT is missing: set that in the environment or in \.env$"
    ):
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


def test_how_the_server_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XCAP_ROOT", "https://x.example.org")
    for name, value in {
        "TOKEN": "t0ken",
        "DEADLINE": "5",
        "TIMEOUT": "2.5",
        "TRIES": "2",
        "PROXY": "http://a:s3cr3t@proxy.example.org:3128",
        "CONNECTIONS": "4",
        "CLEARTEXT_CREDENTIALS": "true",
        "INTENDED_IDENTITY": "sip:alice@example.org",
    }.items():
        monkeypatch.setenv(f"XCAP_{name}", value)
    settings = load_settings()
    assert (settings.timeout, settings.deadline) == (2.5, 5)
    assert isinstance(settings.auth, BearerAuth)
    expected = Network(
        tries=2, proxy="http://a:s3cr3t@proxy.example.org:3128", connections=4, cleartext_credentials=True
    )
    assert settings.network == expected
    assert "t0ken" not in repr(settings)
    assert "s3cr3t" not in repr(settings)
    with XcapClient.from_settings() as client:
        transport = client._transport  # pyright: ignore[reportPrivateUsage]
        assert transport._timeout == httpx.Timeout(2.5)  # pyright: ignore[reportPrivateUsage]
    with XcapClient.from_settings(network=Network(), timeout=1, http=None) as client:
        transport = client._transport  # pyright: ignore[reportPrivateUsage]
        assert transport._timeout == httpx.Timeout(1)  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("TOKEN", "a b", "bearer token"),
        ("DEADLINE", "0", "XCAP_DEADLINE"),
        ("TRIES", "often", "XCAP_TRIES"),
        ("CA_FILE", "nowhere.pem", "XCAP_CA_FILE"),
        ("CERT_FILE", "nowhere.pem", "XCAP_CERT_FILE"),
        ("KEY_FILE", "nowhere.pem", "XCAP_CERT_FILE"),
        ("TIMEOUT", "inf", "a timeout of inf"),
        ("TIMEOUT", "1e300", "a timeout of 1e"),
    ],
)
def test_what_is_no_good_is_named(name: str, value: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XCAP_ROOT", "https://x.example.org")
    monkeypatch.setenv(f"XCAP_{name}", value)
    with pytest.raises(InvalidInput, match=text):
        XcapClient.from_settings()


@pytest.mark.parametrize("name", ["CA_FILE", "CERT_FILE", "PROFILE"])
def test_no_file_has_a_nul_in_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"XCAP_ROOT=https://x.example.org\nXCAP_%s=a\0b\n" % name.encode())
    with pytest.raises(InvalidInput, match="null"):
        XcapClient.from_settings()


def test_a_key_with_a_pass_phrase_asks_nobody(tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("alice@example.org")
    key = load_pem_private_key(certificate.private_key_pem.bytes(), None)
    secret = BestAvailableEncryption(b"geheim")
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, secret)
    )
    certificate.cert_chain_pems[0].write_to_path(str(tmp_path / "alice.pem"))
    files = {"XCAP_CERT_FILE": "alice.pem", "XCAP_KEY_FILE": "key.pem"}
    done = subprocess.run(
        [sys.executable, "-c", "from xcap_sdk import XcapClient; XcapClient.from_settings()"],
        env={**os.environ, "XCAP_ROOT": "https://x.example.org", **files},
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # without a terminal: OpenSSL asks on standard error then
        capture_output=True,
        text=True,
        check=False,
    )
    assert "InvalidInput" in done.stderr
    assert "Enter PEM pass phrase" not in done.stderr


def test_an_env_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / ".env").write_text("XCAP_ROOT=https://x.example.org")
    reader = (
        DotEnvSettingsSource._static_read_env_file.__globals__
    )  # its module, which moved between releases
    monkeypatch.setitem(reader, "dotenv_values", refuse)
    with pytest.raises(InvalidInput, match=r"\.env: cannot be read \(Permission denied\)"):
        XcapClient.from_settings()


def test_a_token_or_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROOT", "TOKEN", "USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"XCAP_{name}", "https://x.example.org" if name == "ROOT" else "a")
    with pytest.raises(InvalidInput, match="one or the other"):
        XcapClient.from_settings()


def test_a_client_shows_its_certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("alice@example.org").private_key_and_cert_chain_pem.write_to_path(
        tmp_path / "me.pem"
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    monkeypatch.setenv("XCAP_CA_FILE", str(tmp_path / "ca.pem"))
    with RawServer(lambda request: iter([reply("404 Not Found")]), context) as server:
        monkeypatch.setenv("XCAP_ROOT", server.root)
        monkeypatch.setenv("XCAP_USER", "sip:alice@example.org")
        with pytest.raises(TransportError), XcapClient.from_settings(network=None) as stranger:
            stranger.resource_lists.exists()
        monkeypatch.setenv("XCAP_CERT_FILE", str(tmp_path / "me.pem"))
        with XcapClient.from_settings(deadline=20) as alice:
            assert not alice.resource_lists.exists()
