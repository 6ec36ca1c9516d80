"""Groups and group usage lists: their rules, one by one, and edits of documents as they are found in the field."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from xcap_documents.poc_list_service import Group, ListService
from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_documents.xdm_extensions import SessionActivePolicy
from xcap_sdk import (
    GROUP_USAGE_LIST,
    GROUPS,
    AsyncXcapClient,
    ConstraintFailure,
    DocumentAddress,
    Forbidden,
    InvalidDocument,
    NotFound,
    Problem,
    Unconditional,
    UniquenessFailure,
    XcapClient,
    XcapRoot,
    parse,
)
from xcap_sdk.server import RunningServer, running_server
from xcap_sdk.usages.usage import ApplicationUsage

ALICE = "sip:alice@example.org"
CLIMBING, BOB, CAROL = "sip:climbing@example.org", "sip:bob@example.org", "sip:carol@example.org"
PREFIXES = (
    'xmlns="urn:oma:xml:poc:list-service" xmlns:rl="urn:ietf:params:xml:ns:resource-lists" '
    'xmlns:cp="urn:ietf:params:xml:ns:common-policy" xmlns:oxe="urn:oma:xml:xdm:extensions" '
    'xmlns:g="urn:3gpp:ns:mcpttGroupInfo:1.0" xmlns:f="urn:example:f"'
)
# A group as a mission-critical server has it: other prefixes, comments, 3GPP's extensions in all places.
FIELD = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- exported -->
<ls:group xmlns:ls="urn:oma:xml:poc:list-service" xmlns:rl="urn:ietf:params:xml:ns:resource-lists"
  xmlns:cp="urn:ietf:params:xml:ns:common-policy" xmlns:oxe="urn:oma:xml:xdm:extensions"
  xmlns:mcpttgi="urn:3gpp:ns:mcpttGroupInfo:1.0">
 <ls:list-service uri='sip:rescue@example.org'>
  <ls:display-name xml:lang='en'>Rescue</ls:display-name>
  <ls:list>
   <ls:entry uri="sip:bob@example.org"><rl:display-name>Bob</rl:display-name>
     <mcpttgi:user-priority>4</mcpttgi:user-priority><!-- leader --><mcpttgi:on-network-required/></ls:entry>
   <ls:entry   uri="sip:carol@example.org"/>
  </ls:list>
  <ls:max-participant-count>20</ls:max-participant-count>
  <mcpttgi:on-network-invite-members>true</mcpttgi:on-network-invite-members>
  <oxe:supported-services><oxe:service enabler="urn:urn-7:3gpp-service.ims.icsi.mcptt"><oxe:group-media><mcpttgi:mcptt-speech/></oxe:group-media></oxe:service></oxe:supported-services>
  <cp:ruleset><cp:rule id="a7"><cp:conditions><ls:is-list-member/></cp:conditions><cp:actions>
    <ls:join-handling>true</ls:join-handling>
    <mcpttgi:allow-MCPTT-emergency-call>true</mcpttgi:allow-MCPTT-emergency-call></cp:actions></cp:rule></cp:ruleset>
  <mcpttgi:on-network-regrouped mcpttgi:temporary-MCPTT-group-ID="x"><mcpttgi:anyExt><v:w xmlns:v="urn:v">1</v:w></mcpttgi:anyExt></mcpttgi:on-network-regrouped>
  <!-- end -->
 </ls:list-service>
</ls:group>
"""


def problems(usage: ApplicationUsage[Any], model: object, name: str = "index") -> list[Problem]:
    root = XcapRoot("https://xcap.example.org")
    return usage.problems(
        model, DocumentAddress(root=root, auid=usage.auid, tree="users", xui=ALICE, document=name)
    )


def group(inside: str) -> Group:
    return parse(f'<group {PREFIXES}><list-service uri="{CLIMBING}">{inside}</list-service></group>', Group)


GOOD = Group.prearranged(CLIMBING, members=[BOB, CAROL])


# Rules.


def test_a_group_as_it_should_be_has_no_problems() -> None:
    assert problems(GROUPS, GOOD) == []
    assert problems(GROUPS, parse(FIELD, Group)) == []


def test_groups_with_the_same_uri() -> None:
    twice = Group(items=[ListService(uri=CLIMBING), ListService(uri="sip:x@y"), ListService(uri=CLIMBING)])
    [problem] = problems(GROUPS, twice)
    assert (problem.place, problem.rule, problem.field) == (
        "services[2].uri",
        "uniqueness",
        "group/list-service/@uri",
    )
    assert "TS 24.481 §6.3.2.3" in problem.message
    twice.items[2].uri = CLIMBING.upper()
    assert problems(GROUPS, twice) == []


def test_members_with_the_same_key() -> None:
    each = Group(items=[ListService(uri=CLIMBING)])
    each.service.members.extend([Entry(uri=BOB), Entry(uri=CAROL)])
    each.service.externals.extend([External(anchor="https://x.example.org/a"), External(), External()])
    assert problems(GROUPS, each) == []
    assert each.service.member_list is not None
    each.service.member_list.items.append(Entry(uri=BOB))
    each.service.member_list.references.append(External(anchor="https://x.example.org/a"))
    assert [(found.place, found.rule, found.field) for found in problems(GROUPS, each)] == [
        (
            f'services["{CLIMBING}"].member_list.entries[2].uri',
            "uniqueness",
            "group/list-service/list/entry/@uri",
        ),
        (
            f'services["{CLIMBING}"].member_list.externals[3].anchor',
            "uniqueness",
            "group/list-service/list/external/@anchor",
        ),
    ]


@pytest.mark.parametrize("anchor", ["resource-lists/x", "ftp://x/y", "http:x", ""])
def test_lists_of_members_are_absolute(anchor: str) -> None:
    each = Group(items=[ListService(uri=CLIMBING)])
    each.service.externals.add(anchor)
    [problem] = problems(GROUPS, each)
    assert (problem.place, problem.rule) == (
        f'services["{CLIMBING}"].member_list.externals[0].anchor',
        "reference",
    )


LS, RL, OXE, CP = (
    "urn:oma:xml:poc:list-service",
    "urn:ietf:params:xml:ns:resource-lists",
    "urn:oma:xml:xdm:extensions",
    "urn:ietf:params:xml:ns:common-policy",
)


@pytest.mark.parametrize(
    ("inside", "place", "name", "expected"),
    [
        (
            f'<list><entry uri="{BOB}"><display-name>Bob</display-name></entry></list>',
            f'.member_list.entries["{BOB}"].extensions[0]',
            f"{{{LS}}}display-name",
            f"{{{RL}}}display-name",
        ),
        (
            '<list><external anchor="https://x"><f:y/><display-name/></external></list>',
            '.member_list.externals["https://x"].extensions[1]',
            f"{{{LS}}}display-name",
            f"{{{RL}}}display-name",
        ),
        ("<rl:list/>", ".extensions[0]", f"{{{RL}}}list", f"{{{LS}}}list"),
        ("<rl:display-name/>", ".extensions[0]", f"{{{RL}}}display-name", f"{{{LS}}}display-name"),
        ("<oxe:invite-members/>", ".extensions[0]", f"{{{OXE}}}invite-members", f"{{{LS}}}invite-members"),
        ("<rl:subject>x</rl:subject>", ".extensions[0]", f"{{{RL}}}subject", f"{{{OXE}}}subject"),
        ("<oxe:ruleset/>", ".extensions[0]", f"{{{OXE}}}ruleset", f"{{{CP}}}ruleset"),
        (
            '<cp:ruleset><cp:rule id="a"><cp:actions><oxe:join-handling>true</oxe:join-handling></cp:actions>'
            "</cp:rule></cp:ruleset>",
            '.ruleset.rules["a"].actions.extensions[0]',
            f"{{{OXE}}}join-handling",
            f"{{{LS}}}join-handling",
        ),
    ],
)
def test_an_element_in_the_wrong_namespace_is_not_taken_for_an_extension(
    inside: str, place: str, name: str, expected: str
) -> None:
    [problem] = problems(GROUPS, group(inside))
    assert problem.rule == "namespace"
    assert problem.message.startswith(f"{name} counts for nothing here")
    assert f"write {expected} " in problem.message
    assert problem.place == f'services["{CLIMBING}"]{place}'


@pytest.mark.parametrize(
    "inside",
    [
        "<f:display-name/>",
        "<oxe:unheard-of/>",
        "<g:subject/>",
        "<f:wrapper><rl:list/></f:wrapper><oxe:searchable>true</oxe:searchable>",
        '<list><entry uri="sip:x@y"><rl:display-name>x</rl:display-name><g:display-name/></entry></list>',
    ],
)
def test_extensions_are_extensions(inside: str) -> None:
    assert problems(GROUPS, group(inside)) == []


def test_rules_bear_what_a_document_lacks() -> None:
    broken: Any = group(
        f'<list><entry uri="{BOB}"/><entry uri="{BOB}"/></list><max-participant-count>many</max-participant-count>'
        "<oxe:age-restrictions/><oxe:supported-services><oxe:service/></oxe:supported-services>"
    )
    broken.items.append(ListService(uri=CLIMBING))
    for service in broken.items:
        service.uri = None
    for entry in broken.items[0].member_list.items:
        entry.uri = None
    broken.items[0].externals.append(External())
    assert problems(GROUPS, broken) == []
    broken.items[0].rules.add("a").conditions = None
    assert problems(GROUPS, broken) == []


def test_checking_a_large_group_takes_linear_time() -> None:
    large = Group.chat(CLIMBING, members=[f"sip:{number}@example.org" for number in range(20_000)])
    assert problems(GROUPS, large) == []


def usage_list(*items: Any, name: str | None = "groups") -> ResourceLists:
    return ResourceLists(items=[ResourceList(name=name, items=list(items))])


def test_a_group_usage_list_as_it_should_be() -> None:
    assert problems(GROUP_USAGE_LIST, usage_list(Entry(uri=CLIMBING), ResourceList(name="x"))) == []
    assert problems(GROUP_USAGE_LIST, ResourceLists()) == []


@pytest.mark.parametrize(
    ("item", "place"),
    [
        (EntryRef(ref="resource-lists/users/x/index/~~/resource-lists/list/entry"), "entry_refs[0]"),
        (External(anchor="https://x.example.org/l"), "externals[0]"),
    ],
)
def test_a_group_usage_list_refers_to_nothing(item: Any, place: str) -> None:
    [problem] = problems(GROUP_USAGE_LIST, usage_list(Entry(uri=CLIMBING), item))
    assert (problem.place, problem.rule) == (f'lists["groups"].{place}', "entries-only")
    assert "OMA-TS-XDM_Shared_List §5.2" in problem.message


def test_lists_of_groups_have_names() -> None:
    [first, second] = problems(GROUP_USAGE_LIST, usage_list(ResourceList(), name=None))
    assert (first.place, first.rule) == ("lists[0].name", "list-name")
    assert second.place == "lists[0].lists[0].name"


def test_a_group_usage_list_keeps_the_rules_of_resource_lists() -> None:
    [problem] = problems(GROUP_USAGE_LIST, usage_list(Entry(uri=CLIMBING), Entry(uri=CLIMBING)))
    assert problem.rule == "uniqueness"


def test_there_is_one_group_usage_list() -> None:
    [problem] = problems(GROUP_USAGE_LIST, usage_list(), name="mine")
    assert (problem.place, problem.rule) == ("", "document-name")
    assert list(GROUP_USAGE_LIST.problems(usage_list())) == []


# Over the embedded server.


def test_a_group_is_made_edited_and_deleted(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        with pytest.raises(NotFound):
            xcap.groups.get(document="climbing")
        xcap.groups.create(Group.chat(CLIMBING, display_name="Climbing", members=[BOB]), document="climbing")
        with (edit := xcap.groups.edit(document="climbing")) as mine:
            mine.service.members.ensure(CAROL, display_name="Carol")
            mine.service.externals.add("https://xcap.example.org/list")
            mine.service.members.discard(BOB)
            mine.service.rules["members"].allow_conference_state = True
            mine.service.subject = "Rocks"
        assert edit.report is not None
        document = xcap.groups.get(document="climbing")
        assert document.model.service.members.keys() == [CAROL]
        assert document.model.service.rules["members"].allow_conference_state
        document.delete()
        assert not xcap.groups.exists(document="climbing")


def test_an_edit_starts_from_nothing(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        with xcap.groups.edit(document="climbing") as mine:
            mine.services.add(CLIMBING).members.add(BOB)
        assert xcap.groups.get(document="climbing").model.service.members.keys() == [BOB]
        with (
            pytest.raises(InvalidDocument, match="list-service"),
            xcap.groups.edit(document="climbing") as mine,
        ):
            mine.services.remove(CLIMBING)


def test_the_same_asynchronously(xcap_server: RunningServer) -> None:
    async def run() -> list[str]:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as xcap:
            await xcap.groups.create(Group.prearranged(CLIMBING, members=[BOB]), document="climbing")
            async with xcap.groups.edit(document="climbing") as mine:
                mine.service.members.add(CAROL)
            async with xcap.group_usage_list.edit() as used:
                used.lists.ensure("groups").entries.ensure(CLIMBING).poc_usage = "prearranged"
            assert (await xcap.group_usage_list.get()).model.lists["groups"].entries[CLIMBING].poc_usage
            return (await xcap.groups.get(document="climbing")).model.service.members.keys()

    assert asyncio.run(run()) == [BOB, CAROL]


@pytest.mark.parametrize("strategy", ["document", "nodes"])
def test_a_document_from_the_field_keeps_all_that_is_not_edited(
    xcap_server: RunningServer, strategy: Any
) -> None:
    with xcap_server.client(ALICE) as xcap:
        xcap.put(xcap.groups.address("rescue"), FIELD, condition=Unconditional())
        with xcap.groups.edit(document="rescue", strategy=strategy) as mine:
            assert mine.service.label == "Rescue"
            assert "urn:urn-7:3gpp-service.ims.icsi.mcptt" in mine.service.supported_services
            mine.service.members[BOB].label = "Robert"
            mine.service.max_participant_count = 21
            mine.service.rules["a7"].join_handling = False
        after = xcap.groups.get(document="rescue").xml.decode()
    expected = FIELD.replace(">Bob<", ">Robert<").replace(">20<", ">21<")
    assert after == expected.replace("join-handling>true<", "join-handling>false<")


def test_the_server_refuses_what_the_rules_forbid(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as xcap:
        twice = f'<group {PREFIXES}><list-service uri="sip:a@b"/><list-service uri="sip:a@b"/></group>'
        with pytest.raises(UniquenessFailure) as refused:
            xcap.put(xcap.groups.address("a"), twice)
        assert [exists.field for exists in refused.value.fields] == ["group/list-service/@uri"]
        with pytest.raises(ConstraintFailure, match="no name"):
            xcap.put(
                xcap.group_usage_list.address(),
                '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list/></resource-lists>',
            )
        with pytest.raises(InvalidDocument, match="has to be called 'index'"):
            xcap.group_usage_list.create(ResourceLists(), document="mine")


def test_groups_of_the_global_tree_go_by_their_id() -> None:
    with (
        running_server(users={"alice": "a", "root": "r"}, trusted={"root"}) as root,
        XcapClient(root, user=ALICE, auth=("alice", "a")) as alice,
        XcapClient(root, user="sip:root@example.org", auth=("root", "r")) as operator,
    ):
        name = f"byGroupID/{CLIMBING}"
        operator.global_tree.groups.create(GOOD, document=name)
        assert alice.global_tree.groups.get(document=name).model == GOOD
        with pytest.raises(Forbidden), alice.global_tree.groups.edit(document=name) as mine:
            mine.service.members.add(ALICE)


def test_required_participants_are_typed() -> None:
    inside = (
        '<oxe:session-active-policy oxe:must-understand="true"><oxe:required-participants-list>'
        f'<oxe:entry uri="{BOB}"><rl:display-name>Bob</rl:display-name></oxe:entry>'
        "</oxe:required-participants-list></oxe:session-active-policy>"
    )
    policy = group(inside).service.session_active_policy
    assert isinstance(policy, SessionActivePolicy)
    assert policy.required_participants_list is not None
    assert policy.required_participants_list.entries[BOB].label == "Bob"
