"""What rls-services asks of the server: the global index, and service URIs that are nobody else's."""

from __future__ import annotations

from xml.etree import ElementTree

import httpx
import pytest
from server_wire import XE, Wire

from xcap_documents.rls_services import RlsServices
from xcap_sdk import AsyncXcapClient, Forbidden, MethodNotAllowed, UniquenessFailure, XcapClient, parse
from xcap_sdk.server import Key, RunningServer, rls_services, unique

TYPE = "application/rls-services+xml"
INDEX = "/rls-services/global/index"


def path(user: str, name: str = "index") -> str:
    return f"/rls-services/users/sip:{user}@example.org/{name}"


def services(*uris: str) -> bytes:
    content = "".join(f'<service uri="{uri}"><list/></service>' for uri in uris)
    return f'<rls-services xmlns="urn:ietf:params:xml:ns:rls-services">{content}</rls-services>'.encode()


def index(wire: Wire) -> list[str]:
    read = wire.get(INDEX)
    assert (read.status, read.type) == (200, TYPE)
    return [service.uri for service in parse(read.body, RlsServices).services]


def test_the_global_index_is_the_union_of_all_index_documents(wire: Wire) -> None:
    assert index(wire) == []
    empty = wire.get(INDEX).etag
    assert wire.put(path("bob"), services("sip:b1@x", "sip:b2@x"), TYPE).status == 201
    assert wire.put(path("alice"), services("sip:a@x"), TYPE).status == 201
    assert wire.put(path("alice", "other"), services("sip:not@x"), TYPE).status == 201
    assert index(wire) == ["sip:a@x", "sip:b1@x", "sip:b2@x"]
    read = wire.get(INDEX)
    assert wire.get(INDEX, If_None_Match=read.etag).status == 304
    found = wire.get(f"{INDEX}/~~/rls-services/service%5b@uri=%22sip:b2@x%22%5d")
    assert (found.status, found.etag) == (200, read.etag)
    assert b'uri="sip:b2@x"' in found.body
    assert wire.get(f"{INDEX}/~~/rls-services/service%5b@uri=%22sip:not@x%22%5d").status == 404

    assert wire.delete(f"{path('bob')}/~~/rls-services/service%5b@uri=%22sip:b1@x%22%5d").status == 200
    assert index(wire) == ["sip:a@x", "sip:b2@x"]
    assert wire.delete(path("bob")).status == 200
    assert index(wire) == ["sip:a@x"]
    assert wire.delete(path("alice")).status == 200
    assert wire.get(INDEX).etag == empty


def test_what_users_put_beside_the_schema_is_in_the_index(wire: Wire) -> None:
    body = b"""<s:rls-services xmlns:s="urn:ietf:params:xml:ns:rls-services" xmlns:x="urn:x"
      xmlns:l="urn:ietf:params:xml:ns:resource-lists"><s:service uri="sip:a@x" x:kind="k"><s:list name="in">
      <l:entry uri="sip:bob@x"><x:note>&lt;hi&gt;</x:note></l:entry></s:list><s:packages><s:package>presence</s:package>
      </s:packages></s:service></s:rls-services>"""
    assert wire.put(path("alice"), body, TYPE).status == 201
    root = ElementTree.fromstring(wire.get(INDEX).body)
    (service,) = root
    assert service.get("{urn:x}kind") == "k"
    assert [each.text for each in service.iter("{urn:x}note")] == ["<hi>"]
    assert [each.text for each in service.iter("{urn:ietf:params:xml:ns:rls-services}package")] == [
        "presence"
    ]


def test_the_global_index_is_only_read(wire: Wire) -> None:
    for place in (INDEX, f"{INDEX}/~~/rls-services"):
        for method in ("PUT", "DELETE"):
            refused = wire.request(method, place, services(), Content_Type=TYPE)
            assert refused.status == 405
            assert refused.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert wire.request("OPTIONS", INDEX).headers["Allow"] == "GET, HEAD, OPTIONS"
    assert wire.put("/rls-services/global/other", services("sip:a@x"), TYPE).status == 201
    assert index(wire) == []


def test_documents_that_were_laid_down_unchecked_do_no_harm(xcap_server: RunningServer, wire: Wire) -> None:
    def key(user: str) -> Key:
        return Key("rls-services", "users", f"sip:{user}@example.org", "index")

    xcap_server.storage.put(key("adam"), b"<what/>")
    xcap_server.storage.put(key("beth"), b"no XML")
    xcap_server.storage.put(key("carl"), services("sip:a@x", "sip:b@x"))
    xcap_server.storage.put(key("dora"), services("sip:b@x", "sip:c@x"))
    assert index(wire) == ["sip:a@x", "sip:b@x", "sip:c@x"]
    assert wire.put(path("alice"), services("sip:d@x"), TYPE).status == 201
    assert wire.put(path("dora"), services("sip:b@x"), TYPE).condition == "uniqueness-failure"
    assert wire.put(path("dora"), services("sip:c@x"), TYPE).status == 200


def test_no_two_services_of_the_server_have_the_same_uri(wire: Wire) -> None:
    assert wire.put(path("alice", "other"), services("sip:a@x", "sip:a-2@x"), TYPE).status == 201
    assert wire.put("/rls-services/global/more", services("sip:a-3@x"), TYPE).status == 201
    refused = wire.put(path("bob"), services("sip:a@x", "sip:b@x", "sip:a-5@x"), TYPE)
    assert refused.condition == "uniqueness-failure"
    (exists,) = refused.fault
    assert exists.get("field") == "rls-services/service/@uri"
    assert [each.text for each in exists.findall(f"{XE}alt-value")] == ["sip:a-4@x", "sip:a-6@x", "sip:a-7@x"]
    assert wire.get(path("bob")).status == 404

    assert wire.put(path("alice", "other"), services("sip:a@x", "sip:a-2@x"), TYPE).status == 200  # its own
    assert wire.put(path("alice"), services("sip:a@x"), TYPE).condition == "uniqueness-failure"
    assert wire.put(path("bob"), services("sip:b@x"), TYPE).status == 201
    node = f"{path('bob')}/~~/rls-services/service%5b1%5d/@uri"
    assert wire.put(node, b'"sip:a@x"', "application/xcap-att+xml").condition == "uniqueness-failure"
    assert wire.put(node, b'"sip:A@x"', "application/xcap-att+xml").status == 200
    element = b'<service xmlns="urn:ietf:params:xml:ns:rls-services" uri="sip:a-3@x"><list/></service>'
    where = f"{path('bob')}/~~/rls-services/service%5b@uri=%22sip:a-3@x%22%5d"
    assert wire.put(where, element, "application/xcap-el+xml").condition == "uniqueness-failure"
    assert wire.delete(path("alice", "other")).status == 200
    assert wire.put(path("carol"), services("sip:a@x"), TYPE).status == 201


def test_what_is_wrong_with_the_document_itself_comes_first(wire: Wire) -> None:
    assert wire.put(path("alice"), services("sip:a@x"), TYPE).status == 201
    assert wire.put(path("bob"), services("sip:a@x"), TYPE, If_Match='"no"').status == 412
    bad = services("sip:a@x").replace(b"<list/>", b"")
    assert wire.put(path("bob"), bad, TYPE).condition == "schema-validation-error"
    assert wire.put(path("bob"), services("sip:a@x"), "application/xml").status == 415


def test_rules_about_the_place_of_a_service(wire: Wire) -> None:
    own = f"{wire.root}/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list"
    body = services("sip:a@x").replace(b"<list/>", f"<resource-list>{own}</resource-list>".encode())
    assert wire.put(path("bob"), body, TYPE).condition == "constraint-failure"
    assert wire.put(path("alice"), body, TYPE).status == 201
    assert wire.put("/rls-services/global/x", body.replace(b"a@x", b"c@x"), TYPE).status == 201


def test_a_document_is_read_once_for_each_version(
    xcap_server: RunningServer, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []
    for module in (rls_services, unique):
        monkeypatch.setattr(module, "parse", lambda body, root: parsed.append(body) or parse(body, root))
    users = [f"u{number:03}" for number in range(20)]
    for user in users:
        xcap_server.storage.put(Key("rls-services", "users", user, "index"), services(f"sip:{user}@x"))
    assert len(index(wire)) == 20
    assert len(parsed) == 20
    assert len(index(wire)) == 20
    assert len(parsed) == 20
    xcap_server.storage.put(Key("rls-services", "users", "u007", "index"), services("sip:james@x"))
    assert "sip:james@x" in index(wire)
    assert len(parsed) == 21
    for number in range(3):
        assert wire.put(path("alice"), services(f"sip:{number}@x"), TYPE).status in {200, 201}
    # Twenty documents for the first check of URIs, and each body that was put.
    assert len(parsed) == 21 + 20 + 3


@pytest.fixture(scope="module")
def guarded() -> object:
    users = {"alice": "a", "bob": "b", "rls": "r"}
    with RunningServer(users=users, trusted=["rls"]) as server:
        yield server


def test_the_index_is_for_trusted_users_only(guarded: RunningServer) -> None:
    with guarded.client("sip:alice@example.org", auth=("alice", "a")) as alice:
        with alice.rls_services.edit() as mine:
            mine.services.add("sip:alice-friends@example.org", packages=["presence"])
        with pytest.raises(Forbidden):
            alice.global_tree.rls_services.get()
        with pytest.raises(Forbidden):
            alice.global_tree.rls_services.create(RlsServices())
    with guarded.client("sip:rls@example.org", auth=("rls", "r")) as rls:
        (service,) = rls.global_tree.rls_services.get().model.services
        assert service.uri == "sip:alice-friends@example.org"
        assert service.accepts("presence")
        with pytest.raises(MethodNotAllowed), rls.global_tree.rls_services.edit() as index:
            index.services.remove("sip:alice-friends@example.org")
        assert httpx.get(f"{guarded.root}{INDEX}").status_code == 401


def test_a_client_learns_which_uris_are_free(xcap_server: RunningServer) -> None:
    with (
        XcapClient(xcap_server.root, user="sip:alice@example.org") as alice,
        alice.rls_services.edit() as mine,
    ):
        mine.services.add("sip:friends@example.org")
    with XcapClient(xcap_server.root, user="sip:bob@example.org") as bob:
        with pytest.raises(UniquenessFailure) as caught, bob.rls_services.edit() as mine:
            mine.services.add("sip:friends@example.org")
        assert caught.value.fields[0].alternatives[0] == "sip:friends-2@example.org"


async def edited(root: str) -> list[str]:
    async with AsyncXcapClient(root, user="sip:alice@example.org") as alice:
        async with alice.rls_services.edit() as mine:
            mine.services.ensure("sip:friends@example.org").packages = ["presence"]
        async with alice.rls_services.edit() as mine:
            mine.services["sip:friends@example.org"].packages.add("dialog")
        index = await alice.global_tree.rls_services.get()
        return [*index.model.services["sip:friends@example.org"].packages]


def test_services_are_edited_asynchronously(xcap_server: RunningServer) -> None:
    import asyncio

    assert asyncio.run(edited(xcap_server.root)) == ["presence", "dialog"]


# As clients in the field write them: prefixes of their own, comments, foreign elements between packages.
REAL = """\
<?xml version='1.0' encoding='UTF-8'?>
<!-- written by a phone -->
<s:rls-services xmlns:s="urn:ietf:params:xml:ns:rls-services"
    xmlns:l='urn:ietf:params:xml:ns:resource-lists' xmlns:v="urn:vendor" >
  <s:service uri = "sip:one@example.org"   v:kind='buddies'>
    <s:resource-list>
      ROOT/resource-lists/users/sip:alice%40example.org/index/%7E%7E/resource-lists/list%5b@name=%22rcs%22%5d
    </s:resource-list>
    <s:packages><s:package>presence</s:package><v:hint x="1"/><!-- ö --><s:package> dialog </s:package></s:packages>
    <v:more/>
  </s:service>
  <s:service uri="sip:two@example.org"><s:list name="in"><l:entry uri='sip:bob@example.org'
     ><l:display-name xml:lang="de">Bob</l:display-name></l:entry><v:note/></s:list></s:service>
</s:rls-services>
"""


def test_an_edit_of_a_real_document_keeps_the_rest(xcap_server: RunningServer) -> None:
    received = REAL.replace("ROOT", xcap_server.root)
    key = Key("rls-services", "users", "sip:alice@example.org", "index")
    xcap_server.storage.put(key, received.encode())
    with xcap_server.client("sip:alice@example.org") as alice:
        with alice.rls_services.edit() as mine:
            one, two = mine.services
            assert list(one.packages) == ["presence", " dialog "]
            assert one.accepts("dialog")
            one.packages.discard(" dialog ")
            assert two.list is not None
            two.list.entries.add("sip:carol@example.org")
        stored = xcap_server.storage.get(key)
        assert stored is not None
        entry = '<l:entry uri="sip:carol@example.org"/>'
        expected = received.replace("<s:package> dialog </s:package>", "").replace(
            "</l:entry>", f"</l:entry>{entry}"
        )
        assert "".join(stored.body.decode().split()) == "".join(expected.split())

        with alice.rls_services.edit() as mine:
            mine.services["sip:two@example.org"].resource_list = (
                mine.services["sip:one@example.org"].resource_list or ""
            )
            del mine.services["sip:one@example.org"].packages
        after = alice.rls_services.get()
        assert b"<!-- written by a phone -->" in after.xml
        assert b"<v:more/>" in after.xml
        assert b"package" not in after.xml
        assert after.model.services["sip:two@example.org"].list is None
        assert after.xml.count(b"resource-list>") == 4


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<rls-services/>",
        b'<rls-services xmlns="urn:ietf:params:xml:ns:rls-services">',
        b'<!DOCTYPE r [<!ENTITY a "b">]><rls-services xmlns="urn:ietf:params:xml:ns:rls-services">&a;</rls-services>',
        b'<service xmlns="urn:ietf:params:xml:ns:rls-services" uri="sip:a@x"><list/></service>',
        services("sip:a@x", "sip:a@x"),
        services("sip:a@x").replace(b"<list/>", b"<list/><resource-list>http://x</resource-list>"),
        services("sip:a@x").replace(b"<list/>", b"<resource-list>http://x/resource-lists/</resource-list>"),
        services("sip:a@x").replace(b"<list/>", b"<resource-list>http://[/resource-lists/</resource-list>"),
    ],
)
def test_broken_and_hostile_documents_are_refused(wire: Wire, body: bytes) -> None:
    assert wire.put(path("alice"), body, TYPE).status == 409
    assert wire.get(path("alice")).status == 404
    assert index(wire) == []
