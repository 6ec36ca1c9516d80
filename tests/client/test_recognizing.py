"""Which server it is, by what its replies and its capabilities say, also behind proxies."""

from __future__ import annotations

import contextlib

import pytest
from dictionary import ALICE, ROOT, Dictionary, session

from xcap_sdk.errors import Forbidden, ReplyError
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.saving import save
from xcap_sdk.flows.verbs import get
from xcap_sdk.profiles import CAUTIOUS, CONFORMANT, KAMAILIO, OPENXCAP
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.messages import Headers, Response
from xcap_sdk.usages import RESOURCE_LISTS

INDEX = DocumentAddress(
    root=ROOT, auid="resource-lists", xui=ALICE, default_namespace=RESOURCE_LISTS.namespace
)
CAPABILITIES = DocumentAddress(root=ROOT, auid="xcap-caps", tree="global")
BOOK = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="a"/></resource-lists>'


def answering(server: Dictionary, *replies: Response) -> list[str]:
    """What a client takes the server for after each of some replies."""
    on, found = session(), list[str]()
    for reply in replies:
        server.before = [lambda request, reply=reply: reply]
        with contextlib.suppress(ReplyError):
            server.run(get(on, INDEX))
        found.append(on.profile.name)
    return found


def said(status: int, name: str | None) -> Response:
    return Response(status, Headers([] if name is None else [("Server", name)]), BOOK)


def test_what_a_proxy_says_in_between_does_not_make_another_server_of_it() -> None:
    known, unknown = KAMAILIO.name, CAUTIOUS.name
    kamailio = said(200, "kamailio (5.6.3)")
    for status in (400, 401, 403, 413, 501, 511):
        assert answering(Dictionary(), kamailio, said(status, "nginx")) == [known, known], status
    assert answering(Dictionary(), said(403, "kamailio"), said(200, "nginx")) == [known, unknown]
    assert answering(Dictionary(), said(200, "xcap-sdk/1"), said(200, "nginx")) == [CONFORMANT.name, unknown]
    assert answering(Dictionary(), kamailio, said(200, None)) == [known, unknown], "a proxy took it away"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_nor_does_what_it_says_while_it_is_asked_again(status: int) -> None:
    server, on = Dictionary(before=[lambda request: said(200, "kamailio")]), session()
    server.run(get(on, INDEX))
    server.before = [lambda request: said(status, "nginx")] * on.tries
    with pytest.raises(ReplyError):
        server.run(get(on, INDEX))
    assert server.before == []
    assert on.profile is KAMAILIO


def test_a_304_need_not_say_it_again() -> None:
    server = Dictionary()
    found = Response(200, Headers([("Server", "kamailio"), ("ETag", '"1"')]), BOOK)
    assert answering(server, found, Response(304)) == [KAMAILIO.name] * 2


OPENXCAPS = b"""<xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps"><auids><auid>resource-lists</auid>
<auid>org.openxcap.watchers</auid></auids><namespaces/></xcap-caps>"""


def test_xcap_caps_tells_what_a_server_is_whose_name_does_not() -> None:
    server, on = Dictionary(), session()
    server.store(CAPABILITIES.uri, OPENXCAPS)
    assert on.profile is CAUTIOUS
    server.run(get(on, CAPABILITIES))
    assert on.profile is OPENXCAP


@pytest.mark.parametrize(
    "body", [b"", b"<html/>", b"<xcap-caps", b"<xcap-caps xmlns='urn:ietf:params:xml:ns:xcap-caps'/>"]
)
def test_what_is_no_xcap_caps_tells_nothing(body: bytes) -> None:
    server, on = Dictionary(), session()
    server.store(CAPABILITIES.uri, body)
    server.run(get(on, CAPABILITIES))
    assert on.profile is CAUTIOUS


def test_before_nodes_are_written_an_unknown_server_is_asked_once_who_it_is() -> None:
    server = Dictionary()
    server.store(INDEX.uri, BOOK)
    server.store(CAPABILITIES.uri, OPENXCAPS)
    held = server.run(open_document(on := session(), RESOURCE_LISTS, INDEX))
    held.model.lists["a"].name = "b"
    assert "@name" in held.plan("nodes").operations[0].address.uri
    server.log.clear()
    for _ in range(2):
        server.before = [lambda request: Response(403) if request.method == "PUT" else None] * 2
        with pytest.raises(Forbidden):
            server.run(save(held, strategy="nodes"))
    assert [request.method for request in server.log] == ["GET", "PUT", "PUT"]
    assert server.log[0].uri == CAPABILITIES.uri
    assert "@name" not in server.log[1].uri, "attributes go wrong there"
    assert on.profile is OPENXCAP
