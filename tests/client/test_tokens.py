"""Bearer tokens, keys from the SIM, and for whom a client speaks."""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import time
import traceback
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from test_auth import fields

from raw import RawServer, reply
from xcap_sdk import (
    AsyncXcapClient,
    BearerAuth,
    GbaAuth,
    GbaKey,
    InvalidAddress,
    InvalidInput,
    Network,
    Unauthorized,
    XcapClient,
)
from xcap_sdk.auth import PasswordAuth
from xcap_sdk.auth.asking import AskingAuth, Steps
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot

ROOT = "https://xcap.example.org/xcap-root"
INDEX = DocumentAddress(root=XcapRoot(ROOT), auid="resource-lists", xui="sip:alice@example.org")
Handler = Callable[[httpx.Request], httpx.Response]


def get(handler: Handler, auth: httpx.Auth | None, times: int = 1, **options: Any) -> None:
    http = httpx.Client(transport=httpx.MockTransport(handler))
    with http, XcapClient(ROOT, auth=auth, http=http, **options) as xcap:
        for _ in range(times):
            xcap.get(INDEX)


async def get_async(handler: Handler, auth: httpx.Auth, **options: Any) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
        await AsyncXcapClient(ROOT, auth=auth, http=http, **options).get(INDEX)


class TokenServer:
    """Takes one token."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.got: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request.headers.get("Authorization"))
        return httpx.Response(200 if self.got[-1] == f"Bearer {self.token}" else 401)


def test_a_token_is_sent_with_the_first_request() -> None:
    server = TokenServer("abc.d-e_f~g+h/==")
    get(server, BearerAuth(server.token))
    asyncio.run(get_async(server, BearerAuth(server.token)))
    assert server.got == [f"Bearer {server.token}"] * 2
    with pytest.raises(Unauthorized):
        get(server, BearerAuth("old"))
    assert len(server.got) == 3


def test_a_token_is_fetched_again_once_when_it_is_refused() -> None:
    server = TokenServer("t2")
    tokens = iter(["t1", "t2", "t3", "t4"])
    auth = BearerAuth(lambda: next(tokens))
    get(server, auth, 2)
    assert server.got == ["Bearer t1", "Bearer t2", "Bearer t2"]
    server.token = "other"
    with pytest.raises(Unauthorized, match="changed"):
        get(server, auth)
    assert server.got[3:] == ["Bearer t2", "Bearer t3"]


class Later:
    """Can be awaited, and is no coroutine."""

    def __await__(self) -> Any:
        yield from ()
        return "t"


def test_tokens_may_be_fetched_asynchronously() -> None:
    server = TokenServer("t")
    fetched: list[str] = []

    async def fetch() -> str:
        await asyncio.sleep(0)
        fetched.append("t")
        return "t"

    asyncio.run(get_async(server, BearerAuth(fetch)))
    asyncio.run(get_async(server, BearerAuth(lambda: "t")))
    with pytest.raises(InvalidInput, match="AsyncXcapClient"):
        get(server, BearerAuth(fetch))
    with pytest.raises(InvalidInput, match="AsyncXcapClient"):
        get(server, BearerAuth(Later))
    assert fetched == ["t"]


def test_threads_that_need_a_token_fetch_it_once() -> None:
    server = TokenServer("t2")
    fetched: list[str] = []

    def fetch() -> str:
        time.sleep(0.02)  # the others ask meanwhile
        fetched.append(f"t{len(fetched) + 1}")
        return fetched[-1]

    auth = BearerAuth(fetch)
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(get, server, auth) for _ in range(8)]:
            done.result()
    assert fetched == ["t1", "t2"]


def test_tasks_that_need_a_token_fetch_it_once_and_may_be_cancelled() -> None:
    server = TokenServer("t2")
    fetched: list[str] = []

    async def fetch() -> str:
        await asyncio.sleep(0.01)
        fetched.append(f"t{len(fetched) + 1}")
        return fetched[-1]

    auth = BearerAuth(fetch)

    async def together() -> None:
        first = asyncio.ensure_future(get_async(server, auth))
        others = [asyncio.ensure_future(get_async(server, auth)) for _ in range(7)]
        await asyncio.sleep(0.005)
        first.cancel()  # in the middle of the fetch: another one's turn
        await asyncio.gather(*others)
        with pytest.raises(asyncio.CancelledError):
            await first

    asyncio.run(together())
    assert fetched == ["t1", "t2"]
    server.token = "t3"
    asyncio.run(get_async(server, auth))  # in another event loop
    assert fetched == ["t1", "t2", "t3"]


@pytest.mark.parametrize("token", ["", "a b", "s3cr3t\n", "é", "=", 5, b"t"])
def test_what_is_no_token_is_refused_and_not_shown(token: Any) -> None:
    with pytest.raises(InvalidInput, match="bearer token") as caught:
        BearerAuth(token)
    assert "s3cr3t" not in "".join(traceback.format_exception(caught.value))
    with pytest.raises(InvalidInput, match="bearer token"):
        get(TokenServer("t"), BearerAuth(lambda: token))


def test_a_token_is_not_sent_where_others_can_read_it() -> None:
    server = TokenServer("t")
    for auth, sent in ((BearerAuth("t"), 0), (BearerAuth("t", cleartext=True), 1)):
        http = httpx.Client(transport=httpx.MockTransport(server), auth=auth)
        with http:
            if sent:
                assert http.get("http://xcap.example.org/").status_code == 200
            else:
                with pytest.raises(InvalidInput, match="nothing was sent"):
                    http.get("http://xcap.example.org/")
            assert http.get("http://127.0.0.1/").status_code == 200


class Naf:
    """A server that takes one B-TID, and asks for it as TS 24.109 §5.2 has it."""

    def __init__(
        self, realm: str = "3GPP-bootstrapping@xcap.example.org", qop: str = "auth,auth-int"
    ) -> None:
        self.challenge = f'Digest realm="{realm}", nonce="n", algorithm=MD5, qop="{qop}", opaque="o"'
        self.b_tid = "first@bsf.example.org"
        self.agents: list[str] = []
        self.users: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.agents.append(request.headers["User-Agent"])
        if (header := request.headers.get("Authorization")) is not None:
            self.users.append(fields(header)["username"])
            if self.users[-1] == self.b_tid:
                return httpx.Response(200)
        return httpx.Response(401, headers={"WWW-Authenticate": self.challenge})


def test_keys_from_the_sim() -> None:
    naf = Naf()
    asked: list[str] = []

    def bootstrap(host: str) -> GbaKey:
        asked.append(host)
        return GbaKey(naf.b_tid, b"\0" * 32)

    auth = GbaAuth(bootstrap, nonce=lambda: "c")
    get(naf, auth, 2)
    assert asked == ["xcap.example.org"]
    assert {agent.split()[-1] for agent in naf.agents} == {"3gpp-gba"}
    assert all(agent.startswith("python-httpx") for agent in naf.agents)
    naf.b_tid = "second@bsf.example.org"
    get(naf, auth)
    assert len(asked) == 2, "a key that was good has expired"
    naf.b_tid = "none"
    naf_answers = len(naf.users)

    def wrong(host: str) -> GbaKey:
        return GbaKey("wrong", b"\0")

    with pytest.raises(Unauthorized):
        get(naf, GbaAuth(wrong))
    assert len(naf.users) == naf_answers + 1, "a key that never was is not tried again"


def test_the_password_is_the_key_in_base64() -> None:
    seen: list[str] = []

    def naf(request: httpx.Request) -> httpx.Response:
        if (header := request.headers.get("Authorization")) is None:
            return httpx.Response(401, headers={"WWW-Authenticate": Naf(qop="auth-int").challenge})
        seen.append(header)
        return httpx.Response(200)

    key = bytes(range(32))
    get(naf, GbaAuth(lambda host: GbaKey("b@bsf", key), nonce=lambda: "c"))
    get(naf, PasswordAuth("b@bsf", base64.b64encode(key).decode(), nonce=lambda: "c"))
    assert seen[0] == seen[1]
    assert "qop=auth-int" in seen[0]
    assert "\\x1f" not in repr(GbaKey("b", key))


def test_keys_may_be_bootstrapped_asynchronously() -> None:
    naf = Naf()

    async def bootstrap(host: str) -> GbaKey:
        await asyncio.sleep(0)
        return GbaKey(naf.b_tid, b"k")

    asyncio.run(get_async(naf, GbaAuth(bootstrap)))
    assert naf.users == [naf.b_tid]


@pytest.mark.parametrize(
    "challenge",
    [
        Naf("3GPP-bootstrapping@evil.example.org").challenge,
        Naf("xcap.example.org").challenge,
        'Basic realm="3GPP-bootstrapping@xcap.example.org"',
    ],
)
def test_keys_are_for_the_server_that_they_were_made_for(challenge: str) -> None:
    def naf(request: httpx.Request) -> httpx.Response:
        assert "Authorization" not in request.headers
        return httpx.Response(401, headers={"WWW-Authenticate": challenge})

    with pytest.raises(Unauthorized, match="none was sent"):
        get(naf, GbaAuth(lambda host: GbaKey("b", b"k")))


@pytest.mark.parametrize(
    "key", [None, ("b", b"k"), GbaKey("", b"k"), GbaKey("b", b""), GbaKey("a\r\n", b"k")]
)
def test_what_are_no_keys(key: Any) -> None:
    with pytest.raises(InvalidInput):
        get(Naf(), GbaAuth(lambda host: key))


def test_other_challenges_are_left_alone() -> None:
    def naf(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, headers={"WWW-Authenticate": "Negotiate"})

    with pytest.raises(Unauthorized):
        get(naf, GbaAuth(lambda host: GbaKey("b", b"k")))


def test_for_whom_a_client_speaks() -> None:
    seen: list[httpx.Headers] = []

    def server(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200)

    options = {"intended_identity": "sip:alice@example.org", "preferred_identity": "tel:+15551234"}
    get(server, None, **options)
    asyncio.run(get_async(server, httpx.Auth(), **options))
    for headers in seen:
        assert headers["X-3GPP-Intended-Identity"] == '"sip:alice@example.org"'
        assert headers["X-XCAP-Preferred-Identity"] == '"tel:+15551234"'


@pytest.mark.parametrize("name", ["intended_identity", "preferred_identity"])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("alice", InvalidAddress),
        ("", InvalidAddress),
        ('sip:a"@x', InvalidAddress),
        ("sip:a\r\nX: 1", InvalidAddress),
        ("sip:é@x", InvalidInput),
    ],
)
def test_identities_that_are_none(name: str, value: str, error: type[Exception]) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(error):
        XcapClient(ROOT, **options)


def test_a_server_that_wants_the_password_itself_over_http_is_told_apart() -> None:
    def server(request: httpx.Request) -> httpx.Response:
        if "Authorization" in request.headers:
            return httpx.Response(404)
        return httpx.Response(401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    root = "http://xcap.example.org"
    address = DocumentAddress(root=XcapRoot(root), auid="resource-lists", xui="sip:alice@example.org")
    http = httpx.Client(transport=httpx.MockTransport(server))
    with XcapClient(root, auth=("alice", "secret"), http=http) as xcap:
        with pytest.raises(Unauthorized, match="cleartext_credentials") as caught:
            xcap.get(address)
        assert caught.value.status == 401
    allowed = Network(cleartext_credentials=True)
    with XcapClient(root, auth=("alice", "secret"), http=http, network=allowed) as xcap:
        assert not xcap.of("sip:alice@example.org").resource_lists.exists()


def test_secrets_are_asked_for_over_a_real_connection_too() -> None:
    def script(request: bytes) -> Any:
        yield reply("200 OK") if b"Bearer t2" in request else reply("401 Unauthorized")

    tokens = iter(["t1", "t2"])
    with RawServer(script) as server, XcapClient(server.root, auth=BearerAuth(lambda: next(tokens))) as xcap:
        address = DocumentAddress(root=XcapRoot(server.root), auid="x", xui="sip:alice@example.org")
        assert xcap.get(address).status == 200


def test_steps_are_closed_when_a_request_fails() -> None:
    closed: list[bool] = []

    class Watched(AskingAuth):
        def steps(self, request: httpx.Request) -> Steps:
            try:
                yield request
            finally:
                closed.append(True)

    def server(request: httpx.Request) -> httpx.Response:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        get(server, Watched())
    with pytest.raises(RuntimeError):
        asyncio.run(get_async(server, Watched()))
    assert closed == [True, True]
