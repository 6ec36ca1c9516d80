"""A list renamed or removed with what refers to it, over the embedded server: planned, then written in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from xcap_documents.common_policy import Ruleset
from xcap_documents.poc_list_service import Group
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    AsyncXcapClient,
    Conflicted,
    ConnectionFailed,
    Forbidden,
    InvalidDocument,
    InvalidInput,
    MissingETag,
    NotFound,
    PartlySaved,
    XcapClient,
    XcapError,
    anchor_to,
    entry_address,
    reference_to,
)
from xcap_sdk.flows import relinking
from xcap_sdk.flows.conversation import Flow, Pause, Session
from xcap_sdk.flows.pauses import TRIES
from xcap_sdk.server import RunningServer

ALICE, BOB = "sip:alice@example.org", "sip:bob@example.org"

Fault = Callable[[httpx.Request], httpx.Response | None]


@dataclass
class Wire(httpx.HTTPTransport):
    """The wire to the server, with faults on order: what is asked about a request before it leaves.

    Attributes:
        puts: Asked about each PUT or DELETE in turn.
        log: What was sent, by method and path below the root.
    """

    puts: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().removeprefix("/xcap-root/").partition("/~~/")[0]
        self.log.append(f"{request.method} {path}")
        early = self.puts.pop(0)(request) if request.method != "GET" and self.puts else None
        return early or super().handle_request(request)

    @property
    def written(self) -> list[str]:
        return [
            each.partition(" ")[2].replace(ALICE, "alice") for each in self.log if not each.startswith("GET")
        ]


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def xcap(xcap_server: RunningServer, wire: Wire) -> Iterator[XcapClient]:
    with httpx.Client(transport=wire) as http:
        yield xcap_server.client(ALICE, http=http)


@pytest.fixture
def other(xcap_server: RunningServer) -> Iterator[XcapClient]:
    """Another client of alice's."""
    with xcap_server.client(ALICE) as client:
        yield client


def passes(_request: httpx.Request) -> None:
    """No fault."""


def refuses(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(403)


def breaks(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("gone", request=request)


ORDER = [
    "resource-lists/users/alice/work",
    "rls-services/users/alice/index",
    "pres-rules/users/alice/index",
    "org.openmobilealliance.pres-rules/users/alice/pres-rules",
    "org.openmobilealliance.groups/users/alice/team",
    "resource-lists/users/alice/index",
]


def lay_down(xcap: XcapClient) -> str:
    """Alice's friends, and what refers to them; gives the anchor of the list."""
    friends = xcap.resource_lists.list_address("friends")
    anchor = anchor_to(friends)
    with xcap.resource_lists.edit() as book:
        book.lists.ensure("friends").entries.add(BOB)
        book.lists.ensure("favourites").entry_refs.add(reference_to(entry_address(friends, BOB)))
    with xcap.resource_lists.edit("work") as book:
        book.lists.ensure("all").externals.add(anchor)
    with xcap.rls_services.edit() as mine:
        mine.services.add("sip:alice-friends@example.org", resource_list=anchor)
    for repository in (xcap.pres_rules, xcap.oma_pres_rules):
        with repository.edit() as policy:
            rule = policy.rules.ensure("friends")
            rule.external_list.add(anchor)
            rule.sub_handling = "allow"
    group = Group()
    team = group.services.ensure("sip:team@example.org")
    team.externals.add(anchor)
    xcap.groups.create(group, document="team")
    return anchor


def everything(xcap: XcapClient) -> str:
    """All of alice's documents."""
    lists = [xcap.resource_lists.get(name).xml for name in ("index", "work")]
    rest = [xcap.rls_services.get().xml, xcap.pres_rules.get().xml, xcap.oma_pres_rules.get().xml]
    return b"".join([*lists, *rest, xcap.groups.get("team").xml]).decode()


def test_a_list_is_renamed_with_all_that_refers_to_it(xcap: XcapClient, wire: Wire) -> None:
    anchor = lay_down(xcap)
    before = everything(xcap)
    wire.log.clear()
    plan = xcap.resource_lists.rename_list("friends", "family")
    assert wire.written == []
    assert [document.address.path.replace(ALICE, "alice") for document in plan.documents] == ORDER
    assert [document.holds_list for document in plan.documents] == [False] * 5 + [True]
    assert [len(document.references) for document in plan.documents] == [1] * 6
    service = plan.documents[1].references[0]
    assert service.place == 'services["sip:alice-friends@example.org"].resource_list'
    assert (service.old, service.new) == (anchor, anchor.replace("friends", "family"))
    assert plan.warnings == ()
    assert plan
    reports = plan.save()
    assert wire.written == ORDER
    assert {report.outcome for report in reports} <= {"patched", "replaced"}
    assert len(reports) == 6
    assert not plan
    assert plan.save() == ()
    assert everything(xcap) == (
        before.replace("%22friends%22", "%22family%22").replace('name="friends"', 'name="family"')
    )
    assert xcap.resource_lists.resolve("work").uris == [BOB]
    assert xcap.resource_lists.resolve(list="favourites").problems == ()


def test_the_plan_is_for_people_and_for_programs(xcap: XcapClient) -> None:
    anchor = lay_down(xcap)
    with xcap.resource_lists.edit() as book:
        book.lists["favourites"].externals.add("https://elsewhere.example.org/friends")
    plan = xcap.resource_lists.rename_list("friends", "family")
    text = str(plan)
    assert text.startswith(
        f"rename list 'friends' to 'family' of resource-lists/users/{ALICE}/index: "
        f"6 documents to write, in this order\n1. resource-lists/users/{ALICE}/work\n"
        f'   lists["all"].externals[0].anchor\n     from {anchor}\n     to   {anchor.replace("friends", "family")}\n'
        f"   by PUT "
    )
    assert "   the list itself\n" in text
    assert text.splitlines()[-1].startswith('warning: lists["favourites"].externals[0].anchor of http')
    content = json.loads(plan.to_json())
    assert (content["list"], content["new_name"]) == (anchor, "family")
    assert content["documents"][1]["references"] == [
        {
            "place": 'services["sip:alice-friends@example.org"].resource_list',
            "old": anchor,
            "new": anchor.replace("friends", "family"),
        }
    ]
    assert content["documents"][5]["holds_list"]
    assert content["documents"][5]["plan"]["requests"] == 1
    [warning] = content["warnings"]
    assert (warning["reason"], warning["reference"]) == ("invalid", "https://elsewhere.example.org/friends")
    assert repr(plan) == f"<ListPlan rename list 'friends' to 'family' of resource-lists/users/{ALICE}/index>"


def test_nothing_to_mend(xcap: XcapClient, wire: Wire) -> None:
    with xcap.resource_lists.edit() as book:
        book.lists.ensure("work").lists.ensure("team")
    plan = xcap.resource_lists.rename_list("team", "crew", inside="work")
    assert [(document.holds_list, document.references) for document in plan.documents] == [(True, ())]
    assert ": 1 document to write\n" in str(plan)
    plan.save()
    assert xcap.resource_lists.get().model.lists["work"].lists.keys() == ["crew"]
    same = xcap.resource_lists.rename_list("crew", "crew", inside=("work",))
    assert not same
    assert str(same).endswith(": nothing to write")
    wire.log.clear()
    assert same.save() == ()
    assert wire.log == []


def test_what_cannot_be_planned(xcap: XcapClient, wire: Wire) -> None:
    lists = xcap.resource_lists
    with pytest.raises(NotFound):
        lists.rename_list("friends", "family")
    lay_down(xcap)
    wire.log.clear()
    with pytest.raises(InvalidInput, match="no list 'enemies' in the document: there are 'friends'"):
        lists.remove_list("enemies")
    with pytest.raises(InvalidInput, match="there is a list 'favourites' beside it; nothing was sent"):
        lists.rename_list("friends", "favourites")
    assert len(wire.log) == 2, "only the document itself was read"
    with pytest.raises(InvalidInput, match="which no XML document can hold"):
        lists.rename_list("friends", "\0")
    with pytest.raises(InvalidInput, match="None cannot be the name of a list"):
        lists.rename_list("friends", None)  # type: ignore[arg-type] - which would not be to remove it
    with pytest.raises(InvalidInput, match="do not refer to lists"):
        lists.rename_list("friends", "family", also=[xcap.status_icon.address()])
    with xcap.resource_lists.edit("work") as book:  # both would say the same then
        book.lists["all"].externals.add(anchor_to(lists.list_address("family")))
    with pytest.raises(InvalidDocument, match="uniqueness"):
        lists.rename_list("friends", "family")
    assert wire.written == [ORDER[0]]


def test_removing_a_list_names_what_refers_to_it(xcap: XcapClient, wire: Wire) -> None:
    lay_down(xcap)
    wire.log.clear()
    plan = xcap.resource_lists.remove_list("friends")
    assert [document.holds_list for document in plan.documents] == [True]
    assert [(problem.reason, problem.place) for problem in plan.warnings] == [
        ("dangling", 'lists["all"].externals[0].anchor'),
        ("dangling", 'services["sip:alice-friends@example.org"].resource_list'),
        ("dangling", 'rules["friends"].external_list[0].anc'),
        ("dangling", 'rules["friends"].external_list[0].anc'),
        ("dangling", 'services["sip:team@example.org"].member_list.externals[0].anchor'),
        ("dangling", 'lists["favourites"].entry_refs[0].ref'),
    ]
    assert "would lead nowhere once the list is gone" in str(plan)
    plan.save()
    assert wire.written == ORDER[-1:]
    assert xcap.resource_lists.get().model.lists.keys() == ["favourites"]
    assert xcap.resource_lists.resolve("work").problems[0].reason == "dangling"


def test_removing_a_list_with_what_refers_to_it(xcap: XcapClient, wire: Wire) -> None:
    lay_down(xcap)
    wire.log.clear()
    plan = xcap.resource_lists.remove_list("friends", with_references=True)
    assert plan.warnings == ()
    assert "to   nothing: it is removed" in str(plan)
    assert plan.documents[1].references[0].place == 'services["sip:alice-friends@example.org"]'
    plan.save()
    assert wire.written == ORDER
    assert "friends%22" not in everything(xcap)
    assert len(xcap.rls_services.get().model.services) == 0
    rule = xcap.oma_pres_rules.get().model.rules["friends"]
    assert rule.conditions is not None
    assert len(rule.conditions.items) == 1, "it holds for nobody, and not for everybody"


def test_a_failure_in_the_middle_and_saving_again(xcap: XcapClient, wire: Wire) -> None:
    lay_down(xcap)
    plan = xcap.resource_lists.rename_list("friends", "family")
    wire.puts = [passes, passes, refuses]
    wire.log.clear()
    with pytest.raises(PartlySaved, match="2 of 6 documents are written") as caught:
        plan.save()
    assert [operation.address.uri.partition("/~~/")[0] for operation in caught.value.done] == [
        document.uri for document in (xcap.resource_lists.address("work"), xcap.rls_services.address())
    ]
    assert len(caught.value.remaining) == 4
    assert isinstance(caught.value.__cause__, Forbidden)
    assert caught.value.document.address == xcap.pres_rules.address()
    assert wire.written == ORDER[:3]
    assert "friends" in xcap.resource_lists.get().model.lists
    wire.log.clear()
    assert len(plan.save()) == 4
    assert wire.written == ORDER[2:]
    assert "friends%22" not in everything(xcap)


def test_a_failure_in_the_middle_and_planning_anew(xcap: XcapClient, wire: Wire) -> None:
    lay_down(xcap)
    wire.puts = [passes, passes, passes, *[breaks] * 3]
    with pytest.raises(PartlySaved) as caught:
        xcap.resource_lists.rename_list("friends", "family").save()
    assert isinstance(caught.value.__cause__, ConnectionFailed)
    plan = xcap.resource_lists.rename_list("friends", "family")
    assert [document.address.path.replace(ALICE, "alice") for document in plan.documents] == ORDER[3:]
    assert {problem.reason for problem in plan.warnings} == {"revived"}
    plan.save()
    assert "friends%22" not in everything(xcap)


def test_the_first_failure_is_an_error_of_its_own(xcap: XcapClient, wire: Wire) -> None:
    lay_down(xcap)
    before = everything(xcap)
    plan = xcap.resource_lists.rename_list("friends", "family")
    wire.puts = [refuses]
    with pytest.raises(Forbidden):
        plan.save()
    assert everything(xcap) == before
    assert len(plan.save()) == 6


def test_others_write_in_the_middle(xcap: XcapClient, wire: Wire, other: XcapClient) -> None:
    """Documents that were changed meanwhile are read again: theirs is kept, and what refers to the list there."""
    anchor = lay_down(xcap)
    plan = xcap.resource_lists.rename_list("friends", "family")

    def meddle(_request: httpx.Request) -> None:
        with other.rls_services.edit() as mine:
            mine.services.add("sip:another@example.org", resource_list=anchor)
        with other.resource_lists.edit() as book:
            book.lists["friends"].entries.add("sip:carol@example.org")
            book.lists.ensure("third", display_name="Third").externals.add(anchor)
        other.pres_rules.delete()

    wire.puts = [meddle]
    reports = plan.save()
    assert [report.merged for report in reports] == [False, True, True, False, False, True]
    assert reports[2].outcome == "unchanged"
    family = anchor.replace("friends", "family")
    assert [service.resource_list for service in xcap.rls_services.get().model.services] == [family, family]
    book = xcap.resource_lists.get().model
    assert book.lists["family"].entries.keys() == [BOB, "sip:carol@example.org"]
    assert book.lists["third"].externals.keys() == [family]
    assert not xcap.pres_rules.exists()


def test_the_list_changed_before_anything_was_sent(xcap: XcapClient, wire: Wire, other: XcapClient) -> None:
    anchor = lay_down(xcap)
    plan = xcap.resource_lists.rename_list("friends", "family")
    with other.resource_lists.edit() as book:
        book.lists.ensure("third").externals.add(anchor)
    plan.save()
    assert xcap.resource_lists.get().model.lists["third"].externals.keys() == [
        anchor.replace("friends", "family")
    ]

    plan = xcap.resource_lists.rename_list("family", "friends")
    other.resource_lists.rename_list("family", "folks").save()
    wire.log.clear()
    with pytest.raises(InvalidInput, match="no list 'family'"):
        plan.save()
    other.resource_lists.delete()
    with pytest.raises(NotFound):
        plan.save()
    assert wire.written == []


def test_the_list_is_gone_in_the_middle(xcap: XcapClient, wire: Wire, other: XcapClient) -> None:
    lay_down(xcap)
    plan = xcap.resource_lists.rename_list("friends", "family")
    wire.puts = [lambda _: other.resource_lists.update(lambda book: book.lists.remove("friends")) and None]
    for _ in range(2):  # it does not pass for done the second time either
        with pytest.raises((PartlySaved, InvalidInput), match="no list 'friends'"):
            plan.save()
    wire.puts = []
    with other.resource_lists.edit() as book:
        book.lists.ensure("friends")
    gone = xcap.resource_lists.remove_list("friends", with_references=True)
    wire.puts = [lambda _: other.resource_lists.update(lambda book: book.lists.remove("friends")) and None]
    assert gone.save()[-1].outcome == "unchanged", "gone is gone"
    with other.resource_lists.edit() as book:
        book.lists.ensure("friends")
    inner = xcap.resource_lists.update(lambda book: book.lists["friends"].lists.ensure("close"))
    assert inner.outcome == "patched"
    gone = xcap.resource_lists.remove_list("close", inside="friends")
    wire.puts = [lambda _: other.resource_lists.update(lambda book: book.lists.remove("friends")) and None]
    assert [report.outcome for report in gone.save()] == ["unchanged"], "with the list that it was in"
    with other.resource_lists.edit() as book:
        book.lists.ensure("friends")
    plan = xcap.resource_lists.rename_list("friends", "family")
    wire.puts = [lambda _: other.resource_lists.delete()]
    with pytest.raises(Conflicted):
        plan.save()


def test_a_lost_reply_is_settled(xcap: XcapClient, wire: Wire, other: XcapClient) -> None:
    """The rename arrived, its reply did not, and somebody else wrote since: it is not made twice."""
    with xcap.resource_lists.edit() as book:
        book.lists.ensure("friends")
    plan = xcap.resource_lists.rename_list("friends", "family")

    def lose(request: httpx.Request) -> httpx.Response:
        httpx.HTTPTransport.handle_request(wire, request).read()
        other.resource_lists.update(lambda book: book.lists.ensure("work"))
        raise httpx.ReadError("lost", request=request)

    wire.puts = [lose]
    plan.save()
    assert xcap.resource_lists.get().model.lists.keys() == ["family", "work"]
    assert not plan


def test_a_document_that_always_changes_is_given_up(
    xcap: XcapClient, wire: Wire, other: XcapClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[int] = []

    def back_off(_session: Session, number: int, _why: XcapError) -> Flow[None]:
        pauses.append(number)
        yield Pause(0)

    monkeypatch.setattr(relinking, "back_off", back_off)
    with xcap.resource_lists.edit() as book:
        book.lists.ensure("friends")
    plan = xcap.resource_lists.rename_list("friends", "family")
    count = iter(range(100))

    def meddle(_request: httpx.Request) -> None:
        other.resource_lists.update(lambda book: book.lists.ensure(f"list {next(count)}"))

    wire.puts = [meddle] * 100
    with pytest.raises(Conflicted):
        plan.save()
    assert next(count) == TRIES
    assert pauses == list(range(1, TRIES - 1))
    wire.puts = []
    plan.save()
    assert "family" in xcap.resource_lists.get().model.lists


class WithoutETags(Wire):
    """A server that gives no ETag for the document with the lists."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if request.url.raw_path.endswith(b"resource-lists/users/sip:alice@example.org/index"):
            response.headers.pop("ETag", None)
        return response


def test_what_cannot_be_guarded_is_found_before_anything_is_written(
    xcap_server: RunningServer, xcap: XcapClient
) -> None:
    lay_down(xcap)
    wire = WithoutETags()
    with httpx.Client(transport=wire) as http:
        plan = xcap_server.client(ALICE, http=http).resource_lists.rename_list("friends", "family")
        assert len(plan.documents) == 6
        with pytest.raises(MissingETag):
            plan.save()
    assert wire.written == []


class Without(Wire):
    """A server that refuses one application usage, has no directory, and gives a page for another."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path
        if b"xcap-directory" in path:
            return httpx.Response(404)
        if b"simservs" in path:
            return httpx.Response(405)
        if b"/pres-rules/users" in path:
            return httpx.Response(200, content=b"<html/>", headers={"ETag": '"1"'})
        return super().handle_request(request)


def test_servers_without_a_directory_or_a_usage(xcap_server: RunningServer) -> None:
    wire = Without()
    with httpx.Client(transport=wire) as http:
        xcap = xcap_server.client(ALICE, http=http)
        anchor = anchor_to(xcap.resource_lists.list_address("friends"))
        for name in ("index", "work", "far"):
            with xcap.resource_lists.edit(name) as book:
                book.lists.ensure("friends").externals.add(anchor)
        with xcap.of(BOB).resource_lists.edit() as book:
            book.lists.ensure("alice's").externals.add(anchor)
        also = ["work", "none", xcap.of(BOB).resource_lists.address()]
        plan = xcap.resource_lists.rename_list("friends", "family", also=also)
        assert [document.address for document in plan.documents] == [
            xcap.resource_lists.address("work"),
            xcap.of(BOB).resource_lists.address(),
            xcap.resource_lists.address(),
        ]
        assert [(problem.reason, problem.document) for problem in plan.warnings] == [
            ("unreadable", xcap.pres_rules.address()),
            ("refused", xcap.simservs.address()),
        ]
        assert "not searched" in str(plan)
        plan.save()
        assert xcap.resource_lists.resolve("work").problems == xcap.resource_lists.resolve().problems
        assert xcap.resource_lists.get("work").model.lists["friends"].externals.keys() != [anchor]
        assert xcap.resource_lists.get("far").model.lists["friends"].externals.keys() == [anchor]


class Incomplete(Wire):
    """A server whose directory says of what it does not list everything."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if b"xcap-directory" not in request.url.raw_path:
            return super().handle_request(request)
        folders = b"""<xcap-directory xmlns="urn:oma:xml:xdm:xcap-directory"><folder auid="resource-lists">
            <error-code>503 Service Unavailable</error-code></folder><folder auid="pidf-manipulation">
            <error-code>500</error-code></folder></xcap-directory>"""
        return httpx.Response(200, content=folders, headers={"ETag": '"1"'})


def test_a_directory_that_lists_only_some(xcap_server: RunningServer, xcap: XcapClient) -> None:
    lay_down(xcap)
    with httpx.Client(transport=Incomplete()) as http:
        plan = xcap_server.client(ALICE, http=http).resource_lists.rename_list("friends", "family")
    [problem] = plan.warnings
    assert problem.reason == "unread"
    assert problem.message == "not all documents of resource-lists are listed: 503 Service Unavailable"
    assert len(plan.documents) == 4, "the default documents, without those called work and team"


def test_lists_of_the_global_tree(xcap: XcapClient) -> None:
    lists = xcap.global_tree.resource_lists
    with lists.edit() as book:
        book.lists.ensure("everyone")
        book.lists.ensure("other").externals.add(anchor_to(lists.list_address("everyone")))
    plan = lists.rename_list("everyone", "all")
    assert [len(document.references) for document in plan.documents] == [1]
    plan.save()
    assert lists.get().model.lists.keys() == ["all", "other"]


def test_the_same_asynchronously(xcap: XcapClient) -> None:
    anchor = lay_down(xcap)

    async def run() -> None:
        async with AsyncXcapClient(str(xcap.root), user=ALICE) as client:
            lists = client.resource_lists
            plan = await lists.rename_list("friends", "family")
            there = xcap.resource_lists.rename_list("friends", "family")
            assert plan.documents == there.documents
            assert str(plan) == str(there)
            assert plan.to_json() == there.to_json()
            with xcap.rls_services.edit() as mine:  # another client, meanwhile
                mine.services.add("sip:another@example.org", resource_list=anchor)
            reports = await plan.save()
            assert [report.merged for report in reports] == [False, True, False, False, False, False]
            assert not plan
            gone = await lists.remove_list("family", with_references=True)
            assert len(gone.documents) == 6
            await gone.save()
            with pytest.raises(InvalidInput):
                await lists.remove_list("family")

    asyncio.run(run())
    assert "friends%22" not in everything(xcap)
    assert len(xcap.rls_services.get().model.services) == 0


def test_other_bytes_stay(xcap: XcapClient) -> None:
    lay_down(xcap)
    index = xcap.resource_lists.address().uri
    rules = f"""<?xml version="1.0"?>
<!-- mine --><r:ruleset xmlns:r="urn:ietf:params:xml:ns:common-policy"
    xmlns:o="urn:oma:xml:xdm:common-policy" xmlns:x="urn:example:x"><r:rule id="a" >
  <r:conditions><o:external-list><o:entry  anc = "{index.replace("http:", "HTTP:")}/~~/*/list%5b@name='friends'%5d"/>
  <o:entry anc="{index}/%7e%7e/resource-lists/list%5b@name=%22friends%22%5d" x:y = "z"/>
  </o:external-list></r:conditions></r:rule></r:ruleset>"""
    xcap.put(xcap.oma_pres_rules.address(), rules)
    xcap.resource_lists.rename_list("friends", "family").save()
    assert xcap.oma_pres_rules.get().xml.decode() == rules.replace("friends", "family")
    assert isinstance(xcap.oma_pres_rules.get().model, Ruleset)
    assert isinstance(xcap.resource_lists.get().model, ResourceLists)
