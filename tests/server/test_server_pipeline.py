"""What is judged before anything is done: paths, users, methods, in the order of RFC 4825 §8."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from server_wire import ALICE, BOOK, LISTS, Wire

from xcap_sdk.server import RunningServer

EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
ICON = "/org.openmobilealliance.pres-content/users/sip:alice@example.org/oma_status-icon/rcs_status_icon"
ICON_TYPE = "application/vnd.oma.pres-content+xml"
ICON_BODY = b'<content xmlns="urn:oma:xml:prs:pres-content"><data>iVBORw==</data></content>'
USERS = {"alice": "secret", "bob": "sécrét", "carol": "c", "root": "r"}


CLIENT = httpx.Client()


@pytest.fixture(scope="module")
def guarded() -> Iterator[Wire]:
    with RunningServer(users=USERS, trusted=["root"]) as server, Wire(server.root) as wire, CLIENT:
        yield wire


def ask(
    wire: Wire, user: str | None, method: str, path: str, body: bytes | None = None, **headers: str
) -> httpx.Response:
    auth = httpx.DigestAuth(user, USERS[user]) if user else None
    return CLIENT.request(method, wire.root + path, content=body, headers=headers, auth=auth)


@pytest.mark.rule("E1", "E2", "R2", "DS1", "DS2", "DS3", "A1", "X1")
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/resource-lists",
        "/resource-lists/",
        "/resource-lists/users",
        "/resource-lists/users/sip:a@b",
        "/resource-lists/users/sip:a@b/",
        "/resource-lists/global",
        "/resource-lists/global/",
        "/resource-lists/home/sip:a@b/index",
        "/resource-lists/Users/sip:a@b/index",
        "/unknown/users/sip:a@b/index",
        "/Resource-Lists/users/sip:a@b/index",
        "/com.example.unknown/global/index",
        "/resource-lists/users/alice@example.org/index",
        "/resource-lists/users/sip:/index",
        "/resource-lists/users/sip:a b@c/index".replace(" ", "%20"),
        "/resource-lists/users//index",
        "/resource-lists/users/sip:a@b//index",
        "/resource-lists/users/sip:a@b/x//index",
        "/resource-lists/~~/users/sip:a@b/index",
        "/~~/resource-lists",
        "/resource-lists/users/sip:a@b/index/~~",
        "/resource-lists/users/sip:a@b/index/~~/",
    ],
)
def test_where_nothing_can_be_is_a_404(wire: Wire, path: str) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE", "POST", "OPTIONS"):
        reply = wire.request(method, path, EMPTY if method == "PUT" else None, Content_Type=LISTS)
        assert reply.status == 404, method


@pytest.mark.rule("P6", "X4")
@pytest.mark.parametrize(
    "path",
    [
        "/resource-lists/users/sip:a@b/../sip:alice@example.org/index",
        "/resource-lists/users/sip:a@b/%2e%2e/sip:alice@example.org/index",
        "/resource-lists/users/sip:a@b/%2E./index",
        "/resource-lists/users/../users/sip:alice@example.org/index",
        "/resource-lists/users/sip:alice@example.org/./index",
        "/resource-lists/users/sip:alice@example.org/x%2f..%2findex",
        "/resource-lists/users/sip:alice@example.org%2findex",
        "/resource-lists%2fusers%2fsip:alice@example.org%2findex",
        "/resource-lists/users/sip:alice@example.org/index%00",
        "/resource-lists/users/sip:alice@example.org/index%0a",
        "/resource-lists/users/sip:alice@example.org/%ff",
        "/resource-lists/users/sip:alice@example.org/%c0%ae%c0%ae/index",
        "/resource-lists/users/sip:alice@example.org/index%2",
        "/resource-lists/users/sip:alice@example.org/%",
        "/resource-lists/users/sip:alice@example.org\\index",
        "/resource-lists/users/sip:alice@example.org;x=1/index",
        "/resource-lists/users/SIP:alice@example.org/index",
        "/../xcap-root/resource-lists/users/sip:alice@example.org/index",
    ],
)
def test_no_trick_with_paths_leads_to_a_document(wire: Wire, path: str) -> None:
    wire.put(ALICE, BOOK)
    assert wire.get(path).status == 404
    assert wire.delete(path).status == 404
    assert wire.get(ALICE).status == 200


@pytest.mark.rule("U3", "X4", "P2")
def test_encodings_of_one_address_are_one_address(wire: Wire) -> None:
    wire.put(ALICE, BOOK)
    whole = "/%72esource-lists/%75sers/sip%3Aalice%40example.org/inde%78"
    assert wire.get(whole).body == BOOK
    for separator in ("~~", "%7E%7E", "%7e%7e", "~%7E"):
        assert wire.get(f"{ALICE}/{separator}/resource-lists/list%5B1%5D").status == 200
        assert wire.get(f"{ALICE}/{separator}/resource-lists/list[1]").status == 200


@pytest.mark.rule("X3", "X4")
def test_an_xui_with_a_slash_in_it(wire: Wire) -> None:
    path = "/resource-lists/users/sip:a%2Fb%3Fc@example.org/index"
    assert wire.put(path, EMPTY).status == 201
    assert wire.get(path.replace("%2F", "%2f")).status == 200
    assert wire.get(path.replace("%2F", "/")).status == 404


@pytest.mark.rule("R1")
def test_the_query_of_a_document_is_ignored(wire: Wire) -> None:
    wire.put(ALICE, BOOK)
    assert wire.get(f"{ALICE}?xmlns(a=b)").body == BOOK


@pytest.mark.rule("E4")
@pytest.mark.parametrize("method", ["POST", "PATCH", "TRACE", "PROPFIND", "get"])
def test_other_methods_are_a_405_with_allow(wire: Wire, method: str) -> None:
    for path in (ALICE, f"{ALICE}/~~/resource-lists", f"{ALICE}/~~/resource-lists/@a"):
        refused = wire.request(method, path, BOOK)
        assert refused.status == 405
        assert refused.headers["Allow"] == "GET, HEAD, OPTIONS, PUT, DELETE"
    read_only = wire.request(method, f"{ALICE}/~~/resource-lists/namespace::*")
    assert read_only.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_options_says_what_is_possible(wire: Wire) -> None:
    reply = wire.request("OPTIONS", ALICE)
    assert (reply.status, reply.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, PUT, DELETE")
    assert wire.request("OPTIONS", "/xcap-caps/global/index").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.rule("Z1", "Z4")
def test_owners_only(guarded: Wire) -> None:
    assert ask(guarded, "alice", "PUT", ALICE, EMPTY, **{"Content-Type": LISTS}).status_code in {200, 201}
    for path in (ALICE, f"{ALICE}/~~/resource-lists", f"{ALICE}x"):
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST"):
            assert ask(guarded, "bob", method, path).status_code == 403, (method, path)
            assert ask(guarded, "root", method, path).status_code == 403
            unknown = ask(guarded, None, method, path)
            assert unknown.status_code == 401
            assert len(unknown.headers.get_list("www-authenticate")) == 2
    assert ask(guarded, "alice", "GET", ALICE).status_code == 200
    assert ask(guarded, "bob", "GET", ALICE.replace("alice", "bob")).status_code == 404
    assert ask(guarded, "alice", "DELETE", ALICE).status_code == 200


@pytest.mark.rule("Z2", "Z3")
def test_the_global_tree(guarded: Wire) -> None:
    path = "/resource-lists/global/index"
    headers = {"Content-Type": LISTS}
    assert ask(guarded, "alice", "PUT", path, EMPTY, **headers).status_code == 403
    assert ask(guarded, None, "PUT", path, EMPTY, **headers).status_code == 401
    assert ask(guarded, "root", "PUT", path, EMPTY, **headers).status_code == 201
    assert ask(guarded, "alice", "GET", path).status_code == 200
    assert ask(guarded, "alice", "DELETE", path).status_code == 403
    assert ask(guarded, None, "GET", path).status_code == 401
    assert ask(guarded, "carol", "GET", "/xcap-caps/global/index").status_code == 200
    assert ask(guarded, "root", "DELETE", path).status_code == 200


@pytest.mark.rule("Z5")
def test_a_status_icon_is_for_all_users_to_see(guarded: Wire) -> None:
    assert ask(guarded, "alice", "PUT", ICON, ICON_BODY, **{"Content-Type": ICON_TYPE}).status_code in {
        200,
        201,
    }
    assert ask(guarded, "bob", "GET", ICON).content == ICON_BODY
    assert ask(guarded, "bob", "GET", f"{ICON}/~~/content/data").status_code == 200
    assert ask(guarded, None, "GET", ICON).status_code == 401
    for method in ("PUT", "DELETE"):
        assert ask(guarded, "bob", method, ICON, ICON_BODY, **{"Content-Type": ICON_TYPE}).status_code == 403


@pytest.mark.rule("E1", "E2", "E3", "Q6")
def test_the_order_of_the_checks(guarded: Wire) -> None:
    node = f"{ALICE}/~~/"
    cases = {
        "/unknown/users/sip:alice@example.org/index": 404,
        "/resource-lists/users/sip:nobody@example.org/index": 404,
        f"{node}text()": 404,
        f"{node}x:a": 401,
        f"{node}a": 401,
    }
    for path, status in cases.items():
        assert ask(guarded, None, "POST", path).status_code == status, path
    assert ask(guarded, "bob", "POST", f"{node}x:a").status_code == 403
    assert ask(guarded, "alice", "POST", f"{node}x:a").status_code == 400
    assert ask(guarded, "alice", "POST", f"{node}a").status_code == 405
    assert ask(guarded, "alice", "PUT", f"{node}a/namespace::*").status_code == 405


@pytest.mark.parametrize("user", ["alice", "bob"])
def test_digest_by_httpx(guarded: Wire, user: str) -> None:
    path = ALICE.replace("alice", user)
    with httpx.Client(auth=httpx.DigestAuth(user, USERS[user])) as client:
        for _ in range(3):
            assert client.put(
                guarded.root + path, content=EMPTY, headers={"Content-Type": LISTS}
            ).status_code in {200, 201}
        assert client.get(f"{guarded.root}{path}/~~/*/x:a?xmlns(x=urn:a%5E%5Eb)").status_code == 404
        assert client.delete(guarded.root + path).status_code == 200
    with httpx.Client(auth=httpx.DigestAuth(user, "wrong")) as client:
        assert client.get(guarded.root + path).status_code == 401
    assert httpx.get(guarded.root + path, auth=(user, USERS[user])).status_code == 401


def test_basic_where_it_is_asked_for(xcap_server_factory) -> None:
    server = xcap_server_factory(users=USERS, schemes=("basic",), realm="here")
    with Wire(server.root) as wire:
        url = wire.root + ALICE
        assert httpx.get(url).headers["www-authenticate"] == 'Basic realm="here", charset="UTF-8"'
        assert httpx.get(url, auth=("alice", "secret")).status_code == 404
        assert httpx.get(url, auth=("alice", "wrong")).status_code == 401
        assert httpx.get(url.replace("alice", "bob"), auth=("bob", "sécrét")).status_code == 404


@pytest.mark.rule("X1", "E2")
def test_whose_home_directory_it_is() -> None:
    from xcap_sdk.server.authorization import Accounts

    accounts = Accounts({"alice", "+1555", "sip:bob@example.org", "carol@example.org", "a/b"})
    owners = {
        "sip:alice@example.org": "alice",
        "sips:alice@other.example": "alice",
        "tel:+1555": "+1555",
        "tel:+1555;phone-context=x": "+1555",
        "sip:bob@example.org": "sip:bob@example.org",
        "sip:carol@example.org": "carol@example.org",
        "sip:a%2Fb@example.org": "a/b",
        "sip:bob@example.com": None,
        "sip:Alice@example.org": None,
        "sip:nobody@example.org": None,
        "urn:uuid:alice": None,
    }
    assert {xui: accounts.owner(xui) for xui in owners} == owners
    mapped = Accounts({"alice"}, {"sip:a@b": "alice"})
    assert mapped.owner("sip:a@b") == "alice"
    assert mapped.owner("sip:alice@b") is None


def test_xuis_and_policy_of_ones_own(xcap_server_factory) -> None:
    server = xcap_server_factory(
        users=USERS,
        xuis={"sip:team@example.org": "alice"},
        policy=lambda access: access.owner or not access.write,
    )
    with Wire(server.root) as wire:
        team = ALICE.replace("alice", "team")
        assert ask(wire, "alice", "PUT", team, EMPTY, **{"Content-Type": LISTS}).status_code == 201
        assert ask(wire, "bob", "GET", team).status_code == 200
        assert ask(wire, "bob", "DELETE", team).status_code == 403
        assert ask(wire, "alice", "GET", ALICE).status_code == 404


def test_nothing_secret_is_logged(guarded: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    body = EMPTY.replace(b"/>", b'><list name="intimate"/></resource-lists>')
    assert ask(guarded, "alice", "PUT", ALICE, body, **{"Content-Type": LISTS}).status_code in {200, 201}
    lines = [record.getMessage() for record in caplog.records if record.name == "xcap_sdk.server"]
    assert any(re.search(r"PUT \S+/index 20[01] 0 bytes in \S+ ms for alice", line) for line in lines)
    assert any(" 401 " in line for line in lines)
    everything = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("xcap_sdk")
    )
    assert "intimate" not in everything
    assert "secret" not in everything
    assert "nonce" not in everything
