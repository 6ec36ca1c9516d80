"""What Kamailio does in its own way, as its profile says: raw requests, and what the SDK refuses to send."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

import httpx
import pytest
from kamailio import missing

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    AttributeAddress,
    DocumentAddress,
    HarmfulRequest,
    Match,
    MustNotExist,
    PreconditionFailed,
    ServerError,
    Unconditional,
    WrongResult,
    XcapClient,
)
from xcap_sdk.profiles import CAUTIOUS, KAMAILIO, recognized
from xcap_sdk.protocol.profiles import Ability

if why := missing():
    pytest.skip(why, allow_module_level=True)

BOOK = (
    b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="a"><entry uri="sip:1@x"/>'
    b'<entry uri="sip:2@x"/><entry uri="sip:3@x"/></list></resource-lists>'
)
# What xcap_server stores documents of. It also lists them by org.openmobilealliance.xcap-directory.
STORED = {
    "resource-lists",
    "rls-services",
    "pres-rules",
    "pidf-manipulation",
    "org.openmobilealliance.pres-rules",
    "org.openmobilealliance.pres-content",
    "org.openmobilealliance.user-profile",
}
REFUSED = {
    "geolocation-policy",
    "org.openmobilealliance.groups",
    "org.openmobilealliance.group-usage-list",
    "org.openmobilealliance.locked-user-profile",
    "org.openmobilealliance.search",
    "simservs.ngn.etsi.org",
    "com.example.bookmarks",
}


@pytest.fixture
def index(kamailio: XcapClient) -> Iterator[DocumentAddress]:
    address = kamailio.resource_lists.address(f"test-{secrets.token_hex(4)}")
    kamailio.put(address, BOOK, condition=Unconditional())
    yield address
    kamailio.delete(address, condition=Unconditional())


def at(index: DocumentAddress, selector: str) -> AttributeAddress:
    return index.element(f"resource-lists/{selector}").attribute("uri")


def entry(index: DocumentAddress, number: int):
    return index.element(f'resource-lists/list[@name="a"]/entry[@uri="sip:{number}@x"]')


def order(kamailio: XcapClient, index: DocumentAddress) -> list[str]:
    book = kamailio.get(index).value
    return [each.uri for each in book.lists["a"].entries]


def test_it_is_recognized(kamailio: XcapClient, index: DocumentAddress) -> None:
    reply = httpx.get(index.uri)
    assert recognized(reply.headers["Server"]) is KAMAILIO
    assert kamailio.get(index).body == BOOK


@pytest.mark.parametrize("auid", sorted(STORED | REFUSED))
def test_the_usages_that_it_knows(auid: str, kamailio: XcapClient) -> None:
    address = kamailio.address(auid, "test-usage")
    if auid in REFUSED:
        with pytest.raises(ServerError):
            kamailio.put(address, b"<a/>", condition=Unconditional(), media_type="text/xml", force=True)
        return
    kamailio.put(address, b"<a/>", condition=Unconditional(), media_type="text/xml")
    assert kamailio.get(address).body == b"<a/>"
    kamailio.delete(address)


def test_a_replaced_element_moves_to_the_end(kamailio: XcapClient, index: DocumentAddress) -> None:
    kamailio.put(entry(index, 1), '<entry uri="sip:1@x"/>')
    assert order(kamailio, index) == ["sip:2@x", "sip:3@x", "sip:1@x"]
    assert KAMAILIO.fails(Ability.REPLACE_ELEMENT)


def test_a_new_element_comes_last_wherever_it_is_to_be(kamailio: XcapClient, index: DocumentAddress) -> None:
    place = index.element('resource-lists/list[@name="a"]/entry[2][@uri="sip:new@x"]')
    kamailio.put(place, '<entry uri="sip:new@x"/>')
    assert order(kamailio, index)[-1] == "sip:new@x"
    assert KAMAILIO.fails(Ability.INSERT_ELEMENT)


def test_attributes_are_not_set_and_not_removed(kamailio: XcapClient, index: DocumentAddress) -> None:
    name = index.element('resource-lists/list[@name="a"]').attribute("name")
    with pytest.raises(ServerError):
        kamailio.put(name, "b")
    kamailio.delete(entry(index, 1).attribute("uri"))
    assert order(kamailio, index)[0] == ""
    assert KAMAILIO.fails(Ability.SET_ATTRIBUTE)
    assert KAMAILIO.fails(Ability.DELETE_ATTRIBUTE)


def test_one_delete_takes_all_and_is_not_sent(kamailio: XcapClient, index: DocumentAddress) -> None:
    several = index.element('resource-lists/list[@name="a"]/entry')
    with pytest.raises(HarmfulRequest):
        kamailio.delete(several)
    assert len(order(kamailio, index)) == 3
    kamailio.delete(several, force=True)
    assert order(kamailio, index) == []
    assert KAMAILIO.fails(Ability.ONE_NODE)


def test_namespaces_are_not_asked_for(kamailio: XcapClient, index: DocumentAddress) -> None:
    with pytest.raises(HarmfulRequest):
        kamailio.get(index.element("resource-lists").namespaces())
    assert kamailio.get(index).body == BOOK, "the server is still there"


def test_a_create_overwrites(kamailio: XcapClient, index: DocumentAddress) -> None:
    with pytest.raises(PreconditionFailed):
        kamailio.put(index, BOOK + b"<!-- 2 -->", condition=MustNotExist())
    assert kamailio.get(index).body == BOOK
    reply = kamailio.put(index, BOOK + b"<!-- 3 -->", condition=MustNotExist(), force=True)
    assert reply.status == 200
    assert kamailio.get(index).body == BOOK + b"<!-- 3 -->"
    assert KAMAILIO.fails(Ability.MUST_NOT_EXIST)
    assert KAMAILIO.fails(Ability.CREATED)


def test_conditions(kamailio: XcapClient, index: DocumentAddress) -> None:
    etag = kamailio.get(index).etag or ""
    with pytest.raises(PreconditionFailed):
        kamailio.put(index, BOOK, condition=Match('"other"'))
    with pytest.raises(PreconditionFailed):
        kamailio.put(index, BOOK, condition=Match("*"))
    assert kamailio.get(index).status == 304
    assert kamailio.put(index, BOOK, condition=Match(etag)).status == 200
    assert KAMAILIO.does(Ability.MATCH, Ability.REVALIDATE)
    assert KAMAILIO.fails(Ability.MATCH_ANY)


def test_what_is_wrong_or_missing_is_a_500(kamailio: XcapClient, index: DocumentAddress) -> None:
    with pytest.raises(ServerError):
        kamailio.put(index, b"<a>")
    with pytest.raises(ServerError):
        kamailio.delete(kamailio.resource_lists.address("test-missing"), condition=Unconditional())
    assert KAMAILIO.fails(Ability.CONFLICT)
    assert KAMAILIO.fails(Ability.NOT_FOUND)


def test_the_type_of_an_element_is_that_of_its_document(kamailio: XcapClient, index: DocumentAddress) -> None:
    reply = kamailio.get(entry(index, 1))
    assert reply.media_type == "application/resource-lists+xml"
    assert reply.body == b'<entry uri="sip:1@x"/>'
    assert KAMAILIO.fails(Ability.GET_ELEMENT)


def test_the_directory(kamailio: XcapClient, index: DocumentAddress) -> None:
    assert index.document in {listed.document for listed in kamailio.directory.documents()}


def insert(book: ResourceLists) -> None:
    book.lists["a"].entries.add("sip:0@x", at=0)


def replace(book: ResourceLists) -> None:
    book.lists["a"].entries["sip:1@x"].uri = "sip:one@x"
    book.lists["a"].entries["sip:one@x"].label = "One"


@pytest.mark.parametrize("edit", [insert, replace])
def test_behind_a_proxy_that_hides_it_what_it_makes_of_nodes_is_seen(
    edit: Callable[[ResourceLists], object], kamailio: XcapClient, index: DocumentAddress
) -> None:
    """As on any server that nobody knows; whole documents are as safe there as elsewhere."""
    with XcapClient(index.root.uri, user="sip:alice@example.org", profile=CAUTIOUS) as hidden:
        document = hidden.resource_lists.get(document=index.document)
        edit(document.model)
        with pytest.raises(WrongResult) as caught:
            document.save(strategy="nodes")
        assert caught.value.certain
        assert caught.value.found == kamailio.get(index).body
        assert document.save().outcome == "replaced"
        assert order(kamailio, index) == [each.uri for each in document.model.lists["a"].entries]
