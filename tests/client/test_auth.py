"""Digest and Basic as negotiated, and credentials that stay at the root's origin."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import threading
from collections.abc import AsyncGenerator, Callable, Generator

import httpx
import pytest

from xcap_sdk.auth import CredentialsWithheld, OriginGuard, PasswordAuth
from xcap_sdk.auth.challenges import Challenge, basic_response, challenges, digest_response

URL = "https://xcap.example.org/xcap-root/resource-lists/users/sip:alice@example.org/index?xmlns(a=urn:a)"
TARGET = "/xcap-root/resource-lists/users/sip:alice@example.org/index?xmlns(a=urn:a)"
DIGEST = 'Digest realm="xcap", qop="auth", nonce="n1", opaque="o", algorithm=MD5'


def fields(header: str) -> dict[str, str]:
    [challenge] = challenges([header])
    return challenge.parameters


# RFC 7616 §3.9.1: one request, both algorithms; the same realm and nonces.
MUFASA = {
    "realm": "http-auth@example.org",
    "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    "qop": "auth, auth-int",
}


@pytest.mark.parametrize(
    ("algorithm", "expected"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_digest_of_rfc_7616(algorithm: str, expected: str) -> None:
    header = digest_response(
        Challenge("digest", {**MUFASA, "algorithm": algorithm}),
        "Mufasa",
        "Circle of Life",
        "GET",
        "/dir/index.html",
        count=1,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    answer = fields(header)
    assert answer["response"] == expected
    assert answer["nc"] == "00000001"
    assert answer["opaque"] == MUFASA["opaque"]
    assert f"algorithm={algorithm}" in header
    assert "qop=auth, nc=00000001, " in header


def test_digest_of_rfc_2617_and_2069() -> None:
    challenge = Challenge(
        "digest",
        {
            "realm": "testrealm@host.com",
            "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
            "qop": "auth,auth-int",
        },
    )
    header = digest_response(
        challenge, "Mufasa", "Circle Of Life", "GET", "/dir/index.html", count=1, cnonce="0a4f113b"
    )
    assert fields(header)["response"] == "6629fae49393a05397450978507c4ef1"
    assert "algorithm" not in header
    old = Challenge("digest", {key: value for key, value in challenge.parameters.items() if key != "qop"})
    header = digest_response(
        old, "Mufasa", "Circle Of Life", "GET", "/dir/index.html", count=1, cnonce="0a4f113b"
    )
    assert (
        fields(header)["response"] == "670fd8c2df070c60b045671b8b24ff02"
    )  # RFC 2617 with the errata of RFC 2069
    assert "cnonce" not in header


def test_session_variant_hashes_the_nonces_into_the_secret() -> None:
    plain = Challenge("digest", {**MUFASA, "algorithm": "MD5"})
    session = Challenge("digest", {**MUFASA, "algorithm": "MD5-sess"})
    arguments = ("Mufasa", "Circle of Life", "GET", "/")
    one = fields(digest_response(plain, *arguments, count=1, cnonce="c"))
    two = fields(digest_response(session, *arguments, count=1, cnonce="c"))
    assert one["response"] != two["response"]
    assert two["algorithm"] == "MD5-sess"


def test_a_body_is_protected_where_the_server_wants_nothing_else() -> None:
    """RFC 7616 §3.4.3."""

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    asked = Challenge("digest", {"realm": "x", "nonce": "n", "qop": "auth-int"})
    header = digest_response(asked, "a", "b", "PUT", "/", count=1, cnonce="c", body=b"<x/>")
    target = md5(f"PUT:/:{md5('<x/>')}")
    assert fields(header)["response"] == md5(f"{md5('a:x:b')}:n:00000001:c:auth-int:{target}")
    assert "qop=auth-int, " in header


def test_a_session_without_qop_names_the_nonce_it_is_made_of() -> None:
    asked = Challenge("digest", {"realm": "x", "nonce": "n", "algorithm": "MD5-sess"})
    assert fields(digest_response(asked, "a", "b", "GET", "/", count=1, cnonce="c"))["cnonce"] == "c"


def test_quotes_in_names_are_escaped() -> None:
    header = digest_response(Challenge("digest", MUFASA), 'a"b\\c', "é", "GET", "/", count=1, cnonce="c")
    assert 'username="a\\"b\\\\c"' in header
    assert fields(header)["username"] == 'a"b\\c'


def exchange(challenge: bytes, username: str, password: str) -> bytes:
    """The bytes of the Authorization header that answers a challenge."""
    sent: list[bytes] = []

    def server(request: httpx.Request) -> httpx.Response:
        if "Authorization" not in request.headers:
            return httpx.Response(401, headers=[(b"WWW-Authenticate", challenge)])
        sent.extend(value for name, value in request.headers.raw if name == b"Authorization")
        return httpx.Response(200)

    assert talk(PasswordAuth(username, password, nonce=lambda: "c"), server) == [200]
    [header] = sent
    return header


def response_for(username: bytes, realm: bytes, password: bytes, nonce: bytes) -> bytes:
    """RFC 7616 §3.4.1 on bytes, with MD5 and without qop."""

    def md5(data: bytes) -> bytes:
        return hashlib.md5(data, usedforsecurity=False).hexdigest().encode()

    secret, target = md5(b":".join((username, realm, password))), md5(f"PUT:{TARGET}".encode())
    return md5(b":".join((secret, nonce, target)))


@pytest.mark.parametrize("word", [b"\xe9", "é€".encode(), b"a\tb", b"\x85"])
def test_realm_nonce_and_opaque_go_back_byte_by_byte(word: bytes) -> None:
    header = exchange(b'Digest realm="%b", nonce="n%b", opaque="o%b"' % (word, word, word), "alice", "sécret")
    for field in (b'realm="%b"', b'nonce="n%b"', b'opaque="o%b"'):
        assert field % word in header
    expected = response_for(b"alice", word, "sécret".encode(), b"n" + word)
    assert b'response="%b"' % expected in header


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (b"", 'username="å&lice"'.encode()),
        (b", charset=ISO-8859-1", 'username="å&lice"'.encode()),
        (b", charset=UTF-8", b"username*=UTF-8''%C3%A5&lice"),
        (b', charset="utf-8"', b"username*=UTF-8''%C3%A5&lice"),
    ],
)
def test_user_names_beyond_ascii(offer: bytes, field: bytes) -> None:
    header = exchange(b'Digest realm="x", nonce="n"' + offer, "å&lice", "sécret")
    assert header.startswith(b"Digest " + field + b", realm")
    assert header.count(b"username") == 1
    expected = response_for("å&lice".encode(), b"x", "sécret".encode(), b"n")
    assert b'response="%b"' % expected in header
    assert b'username="alice"' in exchange(b'Digest realm="x", nonce="n"' + offer, "alice", "s")


@pytest.mark.parametrize("field", ['nonce="n\1"', 'nonce="n", opaque="\x7f"', 'nonce="n", realm="\x1b"'])
def test_challenges_that_cannot_be_sent_back_are_not_answered(field: str) -> None:
    server = Server((401, [f'Digest realm="x", {field}']))
    assert talk(password(), server) == [401]


def test_challenges_are_read_from_one_header_or_several() -> None:
    found = challenges(
        [
            'Basic realm="a, b", charset="UTF-8", Digest realm="x", nonce="1==", qop="auth,auth-int"',
            "Negotiate",
            "=,",
        ]
    )
    assert [(challenge.scheme, challenge.parameters) for challenge in found] == [
        ("basic", {"realm": "a, b", "charset": "UTF-8"}),
        ("digest", {"realm": "x", "nonce": "1==", "qop": "auth,auth-int"}),
        ("negotiate", {}),
    ]


@pytest.mark.parametrize(
    ("header", "strength"),
    [
        ('Digest realm="x", nonce="n", algorithm=SHA-256, qop="auth"', 4),
        ('Digest realm="x", nonce="n", algorithm="sha-256-sess"', 4),
        ('Digest realm="x", nonce="n"', 3),
        ('Basic realm="x"', 1),
        ('Digest realm="x", nonce="n", algorithm=SHA-512-256', 0),
        ('Digest realm="x", nonce="n", qop="auth-int"', 3),
        ('Digest realm="x", nonce="n", qop="auth-conf"', 0),
        ('Digest realm="x"', 0),
        ("Bearer", 0),
    ],
)
def test_strength_of_challenges(header: str, strength: int) -> None:
    [challenge] = challenges([header])
    assert challenge.strength == strength


class Server:
    """Answers with what it is told, and keeps the Authorization headers it got."""

    def __init__(self, *answers: tuple[int, list[str]]) -> None:
        self.answers = list(answers)
        self.got: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request.headers.get("Authorization"))
        status, offered = self.answers.pop(0)
        return httpx.Response(status, headers=[("WWW-Authenticate", header) for header in offered])


def talk(auth: httpx.Auth, server: Callable[[httpx.Request], httpx.Response], requests: int = 1) -> list[int]:
    with httpx.Client(transport=httpx.MockTransport(server), auth=auth) as http:
        return [http.put(URL, content=b"<x/>").status_code for _ in range(requests)]


def password() -> PasswordAuth:
    return PasswordAuth("alice", "secret", nonce=lambda: "c")


def test_the_strongest_challenge_is_answered() -> None:
    stronger = 'Digest realm="xcap", qop="auth", nonce="n2", algorithm=SHA-256'
    server = Server((401, ['Basic realm="x"', DIGEST, stronger]), (200, []))
    assert talk(password(), server) == [200]
    assert server.got[0] is None
    assert "algorithm=SHA-256" in (server.got[1] or "")
    assert fields(server.got[1] or "")["uri"] == TARGET


def test_the_challenge_is_used_again_with_a_higher_count() -> None:
    server = Server((401, [DIGEST]), (200, []), (200, []), (200, []))
    assert talk(password(), server, 3) == [200, 200, 200]
    assert [fields(got or "")["nc"] for got in server.got[1:]] == ["00000001", "00000002", "00000003"]


def test_a_nonce_that_expired_is_replaced() -> None:
    server = Server(
        (401, [DIGEST]), (200, []), (401, [DIGEST.replace("n1", "n2") + ", stale=true"]), (200, [])
    )
    assert talk(password(), server, 2) == [200, 200]
    assert fields(server.got[3] or "") | {"response": ""} == fields(server.got[3] or "") | {
        "nonce": "n2",
        "nc": "00000001",
        "response": "",
    }


def test_a_used_nonce_that_gets_a_bare_401_is_dropped_and_asked_for_again() -> None:
    again = DIGEST.replace("n1", "n2")
    server = Server((401, [DIGEST]), (200, []), (401, []), (401, [again]), (200, []))
    assert talk(password(), server, 2) == [200, 200]
    assert server.got[3] is None
    assert fields(server.got[4] or "")["nonce"] == "n2"


def test_a_bare_401_twice_is_final() -> None:
    server = Server((401, [DIGEST]), (200, []), (401, []), (401, []))
    assert talk(password(), server, 2) == [200, 401]
    server = Server((401, [DIGEST]), (200, []), (401, []), (200, []))
    assert talk(password(), server, 2) == [200, 200], "a server that suddenly asks no one"


@pytest.mark.parametrize("second", [[DIGEST], ['Basic realm="x"'], []])
def test_refused_credentials_are_not_sent_again(second: list[str]) -> None:
    server = Server((401, [DIGEST]), (401, second))
    assert talk(password(), server) == [401]
    assert len(server.got) == 2


def test_after_a_refusal_the_next_request_starts_anew() -> None:
    server = Server((401, [DIGEST]), (401, [DIGEST]), (401, [DIGEST]), (200, []))
    assert talk(password(), server, 2) == [401, 200]
    assert server.got[2] is None


def test_basic_is_answered_and_sent_ahead_later() -> None:
    server = Server((401, ['Basic realm="x", charset="UTF-8"']), (200, []), (200, []))
    assert talk(PasswordAuth("älice", "sécret"), server, 2) == [200, 200]
    expected = "Basic " + base64.b64encode("älice:sécret".encode()).decode()
    assert server.got == [None, expected, expected]
    assert basic_response("älice", "sécret") == expected


def test_basic_that_is_refused_later_is_not_repeated() -> None:
    server = Server((401, ['Basic realm="x"']), (200, []), (401, ['Basic realm="x"']))
    assert talk(password(), server, 2) == [200, 401]


def test_what_cannot_be_answered_is_left_alone() -> None:
    server = Server((401, ["Negotiate"]))
    assert talk(password(), server) == [401]
    server = Server((200, []))
    assert talk(password(), server) == [200]
    assert server.got == [None]


def test_a_nonce_that_is_stale_at_once_is_replaced_once() -> None:
    """Behind a balancer, the next server may not know the nonce of the first."""
    stale = [DIGEST.replace("n1", "n2") + ", stale=true"]
    server = Server((401, [DIGEST]), (401, stale), (200, []))
    assert talk(password(), server) == [200]
    assert fields(server.got[2] or "")["nonce"] == "n2"
    server = Server((401, [DIGEST]), (401, stale), (401, stale))
    assert talk(password(), server) == [401]


def test_a_password_that_was_changed_is_refused_after_one_fresh_try() -> None:
    again = [DIGEST.replace("n1", "n2")]
    server = Server((401, [DIGEST]), (200, []), (401, again), (401, again), (401, again), (401, again))
    assert talk(password(), server, 3) == [200, 401, 401]
    assert server.answers == []


class SingleUse:
    """Lets each nonce be used once, and says nothing of it: a bare 401 (OpenXCAP 3.2)."""

    def __init__(self, *, next_nonces: bool = False) -> None:
        self.issued = 0
        self.fresh: set[str] = set()
        self.requests = 0
        self.next_nonces = next_nonces
        self.lock = threading.Lock()

    def nonce(self) -> str:
        self.issued += 1
        self.fresh.add(f"n{self.issued}")
        return f"n{self.issued}"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            self.requests += 1
            if (header := request.headers.get("Authorization")) is None:
                return httpx.Response(401, headers={"WWW-Authenticate": DIGEST.replace("n1", self.nonce())})
            if (used := fields(header)["nonce"]) not in self.fresh:
                return httpx.Response(401)
            self.fresh.remove(used)
            info = (
                {"Authentication-Info": f'qop=auth, nextnonce="{self.nonce()}"'} if self.next_nonces else {}
            )
            return httpx.Response(200, headers=info)


def test_nonces_for_single_use_are_asked_for_each_time_once_that_is_known() -> None:
    server, auth = SingleUse(), password()
    assert talk(auth, server, 4) == [200] * 4
    assert server.requests == 2 + 3 + 2 + 2


def test_nonces_for_single_use_serve_parallel_requests() -> None:
    server, auth = SingleUse(), password()
    outcomes: list[int] = []
    threads = [threading.Thread(target=lambda: outcomes.extend(talk(auth, server, 10))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [200] * 80


def test_the_nonce_that_the_server_wants_next_is_used() -> None:
    server = SingleUse(next_nonces=True)
    assert talk(password(), server, 3) == [200] * 3
    assert server.requests == 2 + 1 + 1
    bad = Server((401, [DIGEST]), (200, []))
    assert talk(password(), bad) == [200]


def test_a_session_keeps_its_nonce() -> None:
    """Servers make the secret of MD5-sess once (RFC 7616 §3.4.2)."""
    made = iter("abcdef")
    server = Server((401, [DIGEST.replace("MD5", "MD5-sess")]), (200, []), (200, []))
    assert talk(PasswordAuth("alice", "secret", nonce=lambda: next(made)), server, 2) == [200, 200]
    assert len({fields(got)["cnonce"] for got in server.got if got}) == 1


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://xcap.example.org/", True),
        ("http://127.0.0.1:8080/", True),
        ("http://127.9.9.9/", True),
        ("http://[::1]:8080/", True),
        ("http://localhost/", True),
        ("http://xcap.localhost/", True),
        ("http://xcap.example.org/", False),
        ("http://localhost.example.org/", False),
        ("http://127.0.0.1.example.org/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_a_password_is_not_sent_where_others_can_read_it(url: str, sent: bool) -> None:
    def server(request: httpx.Request) -> httpx.Response:
        status = 200 if "Authorization" in request.headers else 401
        return httpx.Response(status, headers={"WWW-Authenticate": 'Basic realm="x"'})

    def status(auth: PasswordAuth) -> int:
        with httpx.Client(transport=httpx.MockTransport(server), auth=auth) as http:
            return http.get(url).status_code

    assert status(PasswordAuth("a", "b", cleartext=True)) == 200
    if sent:
        assert status(PasswordAuth("a", "b")) == 200
    else:
        with pytest.raises(CredentialsWithheld, match="was not sent"):
            status(PasswordAuth("a", "b"))


def test_threads_never_use_a_count_twice() -> None:
    counts: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        if (header := request.headers.get("Authorization")) is None:
            return httpx.Response(401, headers={"WWW-Authenticate": DIGEST})
        counts.append(fields(header)["nc"])
        return httpx.Response(200)

    auth = password()
    assert talk(auth, server) == [200]
    threads = [threading.Thread(target=talk, args=(auth, server, 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == len(set(counts)) == 81


class TokenAuth(httpx.Auth):
    """Sets a header, and asks another host for the token first, as OAuth does."""

    requires_response_body = True

    def __init__(self) -> None:
        self.closed = 0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        try:
            token = yield httpx.Request("POST", "https://login.example.org/token")
            request.headers["Authorization"] = f"Bearer {token.text}"
            yield request
        finally:
            self.closed += 1


def token_server(request: httpx.Request) -> httpx.Response:
    if request.url.host == "login.example.org":
        return httpx.Response(200, text="t")
    return httpx.Response(200 if request.headers.get("Authorization") == "Bearer t" else 403)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://xcap.example.org/x", 200),
        ("https://XCAP.example.org:443/x", 200),
        ("http://xcap.example.org/x", 403),
        ("https://xcap.example.org:8443/x", 403),
        ("https://evil.example.org/x", 403),
    ],
)
def test_credentials_go_to_the_origin_only(url: str, status: int) -> None:
    inner = TokenAuth()
    auth = OriginGuard(inner, ("https", "xcap.example.org", 443))
    assert auth.requires_response_body
    headers = {"Authorization": "Bearer stolen"}
    with httpx.Client(transport=httpx.MockTransport(token_server), auth=auth) as http:
        assert http.get(url, headers=headers).status_code == status

    async def asynchronously() -> int:
        async with httpx.AsyncClient(transport=httpx.MockTransport(token_server), auth=auth) as client:
            return (await client.get(url, headers=headers)).status_code

    assert asyncio.run(asynchronously()) == status
    assert inner.closed == (2 if status == 200 else 0)


def test_addresses_of_ipv6_hosts_are_compared_without_brackets() -> None:
    auth = OriginGuard(httpx.BasicAuth("a", "b"), ("http", "::1", 8080))
    server = Server((200, []))
    with httpx.Client(transport=httpx.MockTransport(server), auth=auth) as http:
        http.get("http://[::1]:8080/x")
    assert server.got != [None]


def test_the_guard_hands_responses_through_asynchronously() -> None:
    server = Server((401, [DIGEST]), (200, []))
    auth = OriginGuard(password(), ("https", "xcap.example.org", 443))

    async def asynchronously() -> int:
        async with httpx.AsyncClient(transport=httpx.MockTransport(server), auth=auth) as client:
            return (await client.get(URL)).status_code

    assert asyncio.run(asynchronously()) == 200
    assert len(server.got) == 2


def test_the_guard_closes_the_inner_flow_when_the_request_fails() -> None:
    inner = TokenAuth()
    auth = OriginGuard(inner, ("https", "xcap.example.org", 443))

    async def abandoned() -> None:
        flow: AsyncGenerator[httpx.Request, httpx.Response] = auth.async_auth_flow(httpx.Request("GET", URL))
        await anext(flow)
        await flow.aclose()

    asyncio.run(abandoned())
    assert inner.closed == 1
