"""What is sent, looked at and refused, by what is known of the server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from dictionary import ALICE, ROOT, Dictionary, nothing, session

from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk.documents.binding import serialize
from xcap_sdk.errors import (
    AlreadyExists,
    Conflicted,
    Forbidden,
    HarmfulRequest,
    NotFound,
    PreconditionFailed,
    ReplyError,
    ServerError,
    UnexpectedReply,
)
from xcap_sdk.flows.held import Held
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.saving import create, remove, remove_held, save, update
from xcap_sdk.flows.verbs import delete, get, put
from xcap_sdk.profiles import CAUTIOUS, CONFORMANT, KAMAILIO, OPENXCAP, Ability, ServerProfile
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.conditions import MustNotExist
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.usages import RESOURCE_LISTS

INDEX = DocumentAddress(
    root=ROOT,
    auid="resource-lists",
    xui=ALICE,
    default_namespace="urn:ietf:params:xml:ns:resource-lists",
)
LISTS = INDEX.element("resource-lists")
BOOK = (
    b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list name="a"/><list/></resource-lists>'
)
THEIRS = BOOK.replace(b'"a"', b'"b"')
CAPS = f"{ROOT.uri}/xcap-caps/global/index"


class Careless(Dictionary):
    """A server that heeds no condition of a write, and says 200 to whatever is new."""

    def _answer(self, request: Request) -> Response:
        headers = () if request.method != "GET" else request.headers
        response = super()._answer(Request(request.method, request.uri, headers, request.body))
        return Response(200, response.headers) if response.status == 201 else response


def named(name: str) -> Callable[[Request], Response]:
    return lambda request: Response(404, Headers([("Server", name)]))


def with_book(server: Dictionary) -> Dictionary:
    server.store(INDEX.uri, BOOK)
    return server


def opened(server: Dictionary, profile: ServerProfile | None = None) -> Held[ResourceLists]:
    held = server.run(open_document(session(profile), RESOURCE_LISTS, INDEX, ResourceLists))
    held.model.items.append(ResourceList(name="mine"))
    server.log.clear()
    return held


def somebody(server: Dictionary, body: bytes = THEIRS) -> Callable[[Request], None]:
    return lambda request: server.store(INDEX.uri, body)


# Creating


def test_a_server_that_is_known_is_just_asked() -> None:
    server = Dictionary()
    assert server.run(save(opened(server, CONFORMANT))).outcome == "created"
    assert server.methods == ["PUT"]


def test_an_unknown_server_that_says_201_is_looked_at_before() -> None:
    server = Dictionary()
    assert server.run(save(opened(server))).outcome == "created"
    assert server.methods == ["GET", "PUT"]


@pytest.mark.parametrize("profile", [None, CAUTIOUS, KAMAILIO])
def test_a_server_that_says_200_is_looked_at_afterwards_too(profile: ServerProfile | None) -> None:
    server = Careless()
    assert server.run(save(opened(server, profile))).outcome == "created"
    assert server.methods == ["GET", "PUT", "GET"]
    server = Careless()
    held = server.run(create(session(profile), RESOURCE_LISTS, INDEX, ResourceLists()))
    assert server.methods == ["GET", "PUT", "GET"], "create() has looked already"
    assert held.version is not None
    assert held.version.etag == '"1"'


def test_a_document_that_came_meanwhile_is_not_overwritten() -> None:
    server = Careless()
    held = opened(server, KAMAILIO)
    somebody(server)(Request("PUT", INDEX.uri))
    with pytest.raises(Conflicted) as caught:
        server.run(save(held, "raise"))
    assert (caught.value.theirs, caught.value.uncertain) == (THEIRS, False)
    assert server.methods == ["GET"]
    assert server.documents[INDEX.uri] == THEIRS
    report = server.run(save(held))
    assert report.merged
    assert b'"b"' in server.documents[INDEX.uri]
    assert b'"mine"' in server.documents[INDEX.uri]


def test_who_overwrites_my_new_document_is_seen() -> None:
    server = Careless()
    held = opened(server, KAMAILIO)
    server.after = [lambda request: None, somebody(server)]
    with pytest.raises(Conflicted) as caught:
        server.run(save(held, "raise"))
    assert caught.value.uncertain, "mine may have been there before theirs"
    assert caught.value.theirs == THEIRS


def test_update_creates_with_what_it_has_seen() -> None:
    server = Careless()
    report = server.run(
        update(
            session(KAMAILIO),
            RESOURCE_LISTS,
            INDEX,
            lambda book: book.items.append(ResourceList(name="mine")),
            ResourceLists,
        )
    )
    assert report.outcome == "created"
    assert server.methods == ["GET", "PUT", "GET"]


def test_what_others_write_right_after_an_update_gets_what_it_lacks() -> None:
    server = with_book(Dictionary())
    runs = list[None]()

    def more(book: ResourceLists) -> None:
        runs.append(None)
        book.items.append(ResourceList(name="mine"))

    server.after = [lambda request: None, somebody(server)]
    report = server.run(update(session(KAMAILIO), RESOURCE_LISTS, INDEX, more, None))
    assert report.merged
    assert len(runs) == 1
    assert b'"b"' in server.documents[INDEX.uri]
    assert b'"mine"' in server.documents[INDEX.uri]


# Changing


def test_where_if_match_does_not_count_the_document_is_looked_at() -> None:
    profile = KAMAILIO.knowing(wrong=[Ability.MATCH])
    server = with_book(Careless())
    held = opened(server, profile)
    somebody(server)(Request("PUT", INDEX.uri))
    with pytest.raises(Conflicted):
        server.run(save(held, "raise"))
    assert server.documents[INDEX.uri] == THEIRS
    assert server.run(save(held)).merged
    server.log.clear()
    held.model.items.append(ResourceList(name="more"))
    server.after = [lambda request: None, somebody(server)]
    with pytest.raises(Conflicted) as caught:
        server.run(save(held, "raise"))
    assert server.methods == ["GET", "PUT", "GET"]
    assert caught.value.uncertain


def test_where_a_conditional_get_is_answered_wrong_none_is_made() -> None:
    for profile, expected in (
        (KAMAILIO, "If-None-Match"),
        (KAMAILIO.knowing(wrong=[Ability.REVALIDATE]), ""),
    ):
        server = with_book(Dictionary())
        on = session(profile)
        server.run(get(on, INDEX))
        server.run(get(on, INDEX))
        assert "".join(name for name, _ in server.log[1].headers) == expected


def test_documents_that_the_server_does_not_take_are_not_sent() -> None:
    small = ServerProfile(name="small", right=CONFORMANT.right, max_document=100)
    server = Dictionary()
    held = opened(server, small)
    held.model.items.append(ResourceList(name="x" * 100))
    with pytest.raises(HarmfulRequest, match="small takes documents of 100 at most") as caught:
        server.run(save(held))
    assert caught.value.profile == "small"
    assert caught.value.document is held.handle
    with pytest.raises(HarmfulRequest):
        server.run(put(session(small), INDEX, b"x" * 101))
    assert server.methods == []
    assert server.run(put(session(small), INDEX, b"x" * 101, force=True)).status == 201


@pytest.mark.parametrize("status", [412, 500])
def test_a_server_whose_database_is_locked_is_asked_again(status: int) -> None:
    def locked(request: Request) -> Response:
        return Response(status)

    server = with_book(Dictionary())
    held = opened(server, KAMAILIO)
    server.before = [locked, nothing, locked, nothing]
    assert server.run(save(held)).outcome == "replaced"
    assert server.methods == ["PUT", "GET", "PUT", "GET", "PUT", "GET"]
    assert len(server.pauses) == 2
    server.before = [locked, nothing] * 3
    held.model.items.append(ResourceList(name="more"))
    with pytest.raises(PreconditionFailed if status == 412 else ServerError):
        server.run(save(held))
    server.before = [locked, locked]
    assert server.run(get(session(KAMAILIO), INDEX)).status == 200


def test_a_500_to_what_the_server_does_not_know_is_for_good() -> None:
    """Kamailio says 500 while its database is locked, and of all that it cannot find or does not serve."""

    def failing(request: Request) -> Response:
        return Response(500)

    rules = DocumentAddress(root=ROOT, auid="geolocation-policy", xui=ALICE)
    entry = LISTS.child("list", position=1)
    server = Dictionary(before=[failing] * 2)
    with pytest.raises(ServerError, match="geolocation-policy is none that it is known to"):
        server.run(get(session(KAMAILIO), rules))
    with pytest.raises(ServerError, match="look into the server's log"):
        server.run(get(session(KAMAILIO), entry))
    assert server.methods == ["GET", "GET"]
    assert server.pauses == []
    server = with_book(Dictionary())
    held = opened(server, KAMAILIO.without(KAMAILIO.wrong).knowing(right=[Ability.APPEND_ELEMENT]))
    server.before = [failing]
    with pytest.raises(ServerError):
        server.run(save(held))
    assert server.methods == ["PUT", "GET"], "a single node that is refused stays refused"
    gateway = [lambda request: Response(503)]
    assert with_book(Dictionary(before=gateway)).run(get(session(KAMAILIO), INDEX)).status == 200


@pytest.mark.parametrize("status", [403, 404])
def test_a_refusal_names_the_usage_that_the_server_lacks(status: int) -> None:
    def refusing(request: Request) -> Response:
        return Response(status)

    services = DocumentAddress(root=ROOT, auid="simservs.ngn.etsi.org", xui=ALICE)
    lacking = "; Kamailio 5.6 says so of usages that it does not serve, and simservs.ngn.etsi.org is none"
    with pytest.raises(ReplyError, match=lacking):
        Dictionary(before=[refusing]).run(get(session(KAMAILIO), services))
    for profile, address in ((KAMAILIO, INDEX), (CONFORMANT, services)):
        with pytest.raises(ReplyError) as caught:
            Dictionary(before=[refusing]).run(get(session(profile), address))
        assert "does not serve" not in str(caught.value)


def test_two_writes_that_got_through_are_both_there_in_the_end() -> None:
    server = with_book(Dictionary())
    held = opened(server, KAMAILIO)
    # The other client's write passed the same condition, and came behind mine.
    server.after = [somebody(server)]
    report = server.run(save(held))
    assert report.merged
    assert server.methods == ["PUT", "GET", "PUT", "GET"]
    assert b'"b"' in server.documents[INDEX.uri]
    assert b'"mine"' in server.documents[INDEX.uri]


def test_who_builds_on_my_write_does_not_undo_it() -> None:
    server = with_book(Dictionary())
    held = opened(server, KAMAILIO)
    built = serialize(held.model).replace(b'name="a"', b'name="b"')
    server.after = [somebody(server, built)]
    report = server.run(save(held))
    assert report.merged
    assert server.methods == ["PUT", "GET"], "mine is in theirs"
    assert server.documents[INDEX.uri] == built


@pytest.mark.parametrize("profile", [KAMAILIO, CAUTIOUS])
def test_what_cannot_be_seen_after_a_write_is_settled_by_saving_again(profile: ServerProfile) -> None:
    def refused(request: Request) -> Response:
        return Response(403)

    server = Careless()
    held = opened(server, profile)
    server.before = [nothing, nothing, refused]
    with pytest.raises(Forbidden, match=r"answered with success.*save the document in hand again") as caught:
        server.run(save(held))
    assert server.methods == ["GET", "PUT", "GET"]
    assert caught.value.document is held
    report = server.run(save(held))
    assert b'"mine"' in server.documents[INDEX.uri]
    assert server.methods.count("PUT") == 1
    assert report.etag == server.etag(INDEX.uri)


# Deleting


@pytest.mark.parametrize("profile", [None, OPENXCAP])
def test_before_a_delete_under_a_condition_that_may_not_count_the_etag_is_compared(
    profile: ServerProfile | None,
) -> None:
    server = with_book(Careless())
    held = opened(server, profile)
    somebody(server)(Request("PUT", INDEX.uri))
    with pytest.raises(PreconditionFailed, match="nothing was deleted"):
        server.run(remove_held(held))
    assert server.documents[INDEX.uri] == THEIRS
    server.log.clear()
    server.run(remove(session(profile), INDEX))
    assert server.methods == ["GET", "DELETE", "GET"], "that has just read it, and sees that it is gone"


def test_a_server_that_deletes_nothing_is_seen_where_it_is_not_known() -> None:
    def said(request: Request) -> Response:
        return Response(200)

    for on in (session(), session(OPENXCAP)):
        server = with_book(Dictionary(before=[nothing, said]))
        with pytest.raises(UnexpectedReply, match="and yet the document is still there, under the same ETag"):
            server.run(remove(on, INDEX))
        assert server.methods == ["GET", "DELETE", "GET"]
    server = with_book(Dictionary())
    server.before = [nothing, nothing, somebody(server)]
    server.run(remove(session(), INDEX))
    assert server.documents[INDEX.uri] == THEIRS, "somebody else made another one"
    server = with_book(Dictionary(before=[nothing, nothing, lambda request: Response(403)]))
    with pytest.raises(Forbidden, match="the DELETE before that had been answered with success"):
        server.run(remove(session(), INDEX))
    server = with_book(Dictionary())
    server.run(remove(session(KAMAILIO), INDEX))
    assert server.methods == ["GET", "DELETE"], "who is known is believed"


def test_a_500_to_a_delete_is_looked_into() -> None:
    def gone(request: Request) -> Response:
        server.documents.clear()
        return Response(500)

    server = with_book(Dictionary(before=[lambda request: None, gone]))
    server.run(remove(session(KAMAILIO), INDEX))
    assert server.methods == ["GET", "DELETE", "GET"]
    fails = [lambda request: None, lambda request: Response(500)]
    server = with_book(Dictionary(before=[*fails]))
    with pytest.raises(ServerError):
        server.run(remove(session(), INDEX))
    assert server.methods == ["GET", "DELETE", "GET"], (
        "it is there, and 500 does not say that it may go later"
    )
    server = with_book(Dictionary(before=[*fails]))
    server.run(remove(session(KAMAILIO), INDEX))
    assert server.methods == ["GET", "DELETE", "GET", "DELETE"], "its database was locked"
    server = with_book(Dictionary(before=fails * 3))
    with pytest.raises(ServerError):
        server.run(remove(session(KAMAILIO), INDEX))
    assert server.methods == ["GET", "DELETE"] * 3 + ["GET"]


# Raw verbs


def test_an_unknown_server_is_asked_who_it_is_before_its_namespaces() -> None:
    server = Dictionary(before=[named("xcap-sdk/1")])
    server.store(LISTS.namespaces().uri, b'<resource-lists xmlns="urn:x"/>')
    assert server.run(get(session(), LISTS.namespaces())).value == {"": "urn:x"}
    assert [request.uri for request in server.log] == [CAPS, LISTS.namespaces().uri]


@pytest.mark.parametrize("name", ["kamailio (5.6.3 (x86_64/linux))", "nginx", ""])
def test_namespaces_are_not_asked_of_servers_that_may_go_down(name: str) -> None:
    server = Dictionary(before=[named(name)] if name else [])
    with pytest.raises(HarmfulRequest, match="force=True"):
        server.run(get(on := session(), LISTS.namespaces()))
    assert [request.uri for request in server.log] == [CAPS]
    server.store(LISTS.namespaces().uri, b'<resource-lists xmlns="urn:x"/>')
    assert server.run(get(on, LISTS.namespaces(), force=True)).status == 200
    with pytest.raises(HarmfulRequest):
        server.run(get(session(KAMAILIO), LISTS.namespaces()))
    assert len(server.log) == 2, "who is known is not asked"


def test_a_put_that_must_find_nothing_looks_first() -> None:
    server = with_book(Careless())
    with pytest.raises(AlreadyExists):
        server.run(put(session(KAMAILIO), INDEX, THEIRS, MustNotExist()))
    assert server.methods == ["GET"]
    assert server.documents[INDEX.uri] == BOOK
    server.run(put(session(KAMAILIO), INDEX, THEIRS, MustNotExist(), force=True))
    assert server.documents[INDEX.uri] == THEIRS
    server = Careless()
    server.run(put(session(KAMAILIO), INDEX, BOOK, MustNotExist()))
    assert server.methods == ["GET", "PUT"]


def test_a_delete_that_would_take_several_nodes_is_not_sent() -> None:
    server = with_book(Dictionary())
    several, one, none = LISTS.child("list"), LISTS.child("list", position=2), LISTS.child("entry")
    for profile in (None, KAMAILIO):
        server.log.clear()
        with pytest.raises(HarmfulRequest, match="fits several"):
            server.run(delete(session(profile), several))
        assert server.methods == ["GET"]
    for address in (one, several):
        server.store(address.uri, b"<list/>")
    server.log.clear()
    with pytest.raises(PreconditionFailed):
        server.run(delete(session(KAMAILIO), one))
    assert dict(server.log[-1].headers) == {"If-Match": '"1"'}, "under the ETag of what was looked at"
    with pytest.raises(PreconditionFailed):
        server.run(delete(session(KAMAILIO), none))
    server.log.clear()
    server.run(delete(session(KAMAILIO), several, force=True))
    assert server.methods == ["DELETE"]
    with pytest.raises(NotFound):
        server.run(delete(session(CONFORMANT), several))


def test_what_is_no_xml_says_nothing_of_selectors() -> None:
    server = Dictionary()
    server.store(INDEX.uri, b"<<")
    server.store(LISTS.uri, b"<resource-lists/>")
    with pytest.raises(PreconditionFailed):
        server.run(delete(session(KAMAILIO), LISTS))
    assert server.methods == ["GET", "DELETE"]
