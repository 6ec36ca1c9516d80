"""Digest and Basic: what is accepted, what is refused, and that nothing can be sent twice."""

from __future__ import annotations

import base64
import hashlib
import threading

import httpx
import pytest

from xcap_sdk.server import authentication
from xcap_sdk.server.authentication import Authenticator, Nonces, Refusal

TARGET = "/xcap-root/resource-lists/users/sip:alice@example.org/index/~~/a?xmlns(a=b)"


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def digest(
    challenge: str,
    *,
    user: str = "alice",
    password: str = "secret",
    method: str = "GET",
    uri: str = TARGET,
    nc: str = "00000001",
    **replaced: str,
) -> str:
    """What a client answers; written from RFC 7616 §3.4.1, apart from the server's own code."""
    given = dict(part.strip().split("=", 1) for part in challenge.removeprefix("Digest ").split(","))
    given = {name: value.strip('"') for name, value in given.items()}
    function = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}[given["algorithm"]]

    def h(text: str) -> str:
        return function(text.encode()).hexdigest()

    nonce, realm = given["nonce"], given["realm"]
    response = h(":".join((h(f"{user}:{realm}:{password}"), nonce, nc, "me", "auth", h(f"{method}:{uri}"))))
    fields = {
        "username": f'"{user}"',
        "realm": f'"{realm}"',
        "nonce": f'"{nonce}"',
        "uri": f'"{uri}"',
        "algorithm": given["algorithm"],
        "qop": "auth",
        "nc": nc,
        "cnonce": '"me"',
        "response": f'"{response}"',
        **replaced,
    }
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items() if value)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> Authenticator:
    return Authenticator({"alice": "secret", "bob": "sécrét"}, schemes=("digest", "basic"), clock=clock)


def ask(guard: Authenticator, authorization: str | None) -> str | Refusal:
    return guard.authenticate(authorization, "GET", TARGET)


def test_the_challenges_offer_the_best_first(guard: Authenticator) -> None:
    sha, md5, basic = guard.challenges()
    assert "algorithm=SHA-256" in sha
    assert "algorithm=MD5" in md5
    assert all(
        'qop="auth"' in value and 'realm="xcap"' in value and "stale" not in value for value in (sha, md5)
    )
    assert basic == 'Basic realm="xcap", charset="UTF-8"'
    assert all("stale=true" in value for value in guard.challenges(stale=True)[:2])
    assert len(Authenticator({}).challenges()) == 2
    assert Authenticator({}, schemes=("basic",)).challenges() == [basic]


@pytest.mark.parametrize("number", [0, 1])
def test_digest_lets_the_user_in(guard: Authenticator, number: int) -> None:
    challenge = guard.challenges()[number]
    assert ask(guard, digest(challenge)) == "alice"
    assert ask(guard, digest(challenge, user="bob", password="sécrét", nc="00000002")) == "bob"


def test_digest_counts_may_come_in_any_order_but_once(guard: Authenticator) -> None:
    challenge = guard.challenges()[0]
    for nc in ("00000003", "00000001", "0000000a", "00000002"):
        assert ask(guard, digest(challenge, nc=nc)) == "alice"
    again = ask(guard, digest(challenge, nc="0000000A"))
    assert isinstance(again, Refusal)
    assert again.stale


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ({"username": '"ål"'.encode().decode("latin-1")}, True),
        ({"username": "", "username*": "UTF-8''%C3%A5l"}, True),
        ({"username": "", "username*": "utf-8'sv'%c3%a5l"}, True),
        ({"username": '"ål"'}, False),
        ({"username": '"€"'}, False),
        ({"username": "", "username*": "ISO-8859-1''%E5l"}, False),
        ({"username": "", "username*": "UTF-8''%E5l"}, False),
        ({"username": "", "username*": "%C3%A5l"}, False),
        ({"username": ""}, False),
    ],
)
def test_user_names_beyond_ascii(clock: Clock, name: dict[str, str], right: bool) -> None:
    guard = Authenticator({"ål": "secret"}, clock=clock)
    challenge = guard.challenges()[0]
    assert "charset=UTF-8" in challenge
    assert (ask(guard, digest(challenge, user="ål", **name)) == "ål") is right


@pytest.mark.parametrize("realm", ['a"', "a\\", "a\n", "é", "€"])
def test_what_no_realm_can_be(realm: str) -> None:
    with pytest.raises(ValueError, match="realm"):
        Authenticator({}, realm=realm)


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"user": "carol"},
        {"user": ""},
        {"uri": "/xcap-root/other"},
        {"method": "DELETE"},
        {"realm": '"other"'},
        {"nonce": '"AAAA"'},
        {"nonce": '"é"'},
        {"nonce": f'"{base64.urlsafe_b64encode(bytes(32)).decode()}"'},
        {"nc": "1"},
        {"nc": "0000000g"},
        {"qop": "auth-int"},
        {"qop": ""},
        {"algorithm": "SHA-512-256"},
        {"response": '""'},
        {"cnonce": '"other"'},
        {"username": '"alice", username="bob"'},
        {"opaque": "no quotes and a blank"},
    ],
)
def test_digest_refuses(guard: Authenticator, changes: dict[str, str]) -> None:
    refusal = ask(guard, digest(guard.challenges()[0], **changes))
    assert isinstance(refusal, Refusal)
    assert not refusal.stale
    assert "secret" not in refusal.reason


def test_digest_takes_an_absolute_uri_and_escapes(guard: Authenticator) -> None:
    challenge = guard.challenges()[0]
    assert ask(guard, digest(challenge, uri=f"http://127.0.0.1:8080{TARGET}")) == "alice"
    assert ask(guard, digest(challenge, username=r'"a\lice"', nc="00000002")) == "alice"
    assert isinstance(ask(guard, digest(challenge, uri=f"http://h/other{TARGET}", nc="00000003")), Refusal)


def test_an_old_nonce_is_stale(guard: Authenticator, clock: Clock) -> None:
    challenge = guard.challenges()[0]
    clock.now += 299
    assert ask(guard, digest(challenge)) == "alice"
    clock.now += 2
    refusal = ask(guard, digest(challenge, nc="00000002"))
    assert isinstance(refusal, Refusal)
    assert refusal.stale
    wrong = ask(guard, digest(challenge, password="wrong", nc="00000003"))
    assert isinstance(wrong, Refusal)
    assert not wrong.stale


def test_a_nonce_of_another_server_is_none_of_ours(guard: Authenticator) -> None:
    assert isinstance(ask(guard, digest(Authenticator({"alice": "secret"}).challenges()[0])), Refusal)


def test_used_nonces_take_bounded_room(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "_MAX_NONCES", 4)
    monkeypatch.setattr(authentication, "_MAX_COUNTS", 3)
    nonces = Nonces(300, clock)
    issued = []
    for _ in range(6):
        clock.now += 1
        issued.append(nonces.issue())
    assert all(nonces.spend(nonce, 1) for nonce in issued)
    # What was forgotten to make room counts as stale, so that it cannot be sent again.
    assert [nonces.check(nonce) for nonce in issued] == ["stale"] * 2 + ["good"] * 4
    assert nonces.spend(issued[-1], 2)
    assert nonces.spend(issued[-1], 3)
    assert not nonces.spend(issued[-1], 4)


def test_a_count_is_spent_once_by_many_threads(clock: Clock) -> None:
    nonces = Nonces(300, clock)
    nonce = nonces.issue()
    won: list[bool] = []
    threads = [threading.Thread(target=lambda: won.append(nonces.spend(nonce, 7))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def basic(text: str, encoding: str = "utf-8") -> str:
    return "basic " + base64.b64encode(text.encode(encoding)).decode()


def test_basic(guard: Authenticator) -> None:
    assert ask(guard, basic("alice:secret")) == "alice"
    assert ask(guard, basic("bob:sécrét")) == "bob"
    for wrong in ("alice:wrong", "alice:", "alice", "carol:secret", ":", ""):
        assert isinstance(ask(guard, basic(wrong)), Refusal)
    assert isinstance(ask(guard, basic("bob:sécrét", "latin-1")), Refusal)
    assert isinstance(ask(guard, "Basic !!!!"), Refusal)
    assert isinstance(ask(guard, "Basic é"), Refusal)


def test_what_is_not_offered_is_refused() -> None:
    guard = Authenticator({"alice": "secret"})
    assert isinstance(ask(guard, basic("alice:secret")), Refusal)
    for other in (None, "", "Bearer abc", "Digest", "Negotiate"):
        assert isinstance(ask(guard, other), Refusal)
    assert isinstance(ask(Authenticator({}, schemes=("basic",)), digest(guard.challenges()[0])), Refusal)


@pytest.mark.parametrize(
    "arguments",
    [
        {"passwords": {"a:b": "c"}},
        {"passwords": {"": "c"}},
        {"passwords": {}, "realm": 'a"b'},
        {"passwords": {}, "schemes": ()},
        {"passwords": {}, "schemes": ("bearer",)},
    ],
)
def test_settings_that_cannot_be(arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Authenticator(**arguments)


def test_httpx_gets_in_and_stays_in(guard: Authenticator) -> None:
    asked: list[str | Refusal] = []

    def handle(request: httpx.Request) -> httpx.Response:
        target = request.url.raw_path.decode()
        found = guard.authenticate(request.headers.get("authorization"), request.method, target)
        asked.append(found)
        if isinstance(found, Refusal):
            challenges = guard.challenges(stale=found.stale)
            return httpx.Response(401, headers=[("WWW-Authenticate", value) for value in challenges])
        return httpx.Response(200)

    with httpx.Client(
        transport=httpx.MockTransport(handle), auth=httpx.DigestAuth("alice", "secret")
    ) as client:
        for _ in range(3):
            assert client.get(f"http://host{TARGET}").status_code == 200
    assert [found for found in asked if isinstance(found, Refusal)] == asked[:1]
