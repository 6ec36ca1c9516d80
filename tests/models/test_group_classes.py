"""Groups: members, rules and OMA's extensions as plain attributes."""

from __future__ import annotations

import pytest
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_documents import DuplicateKey, MissingKey
from xcap_documents.common_policy import Rule, Ruleset
from xcap_documents.oma_appusage import AppUsages, NodeUri
from xcap_documents.oma_uriusage import UriUsages
from xcap_documents.poc_list_service import Group, IsListMember, JoinHandling, ListService, MemberList
from xcap_documents.poc_usage import PocGroup, PocUsage
from xcap_documents.resource_lists import DisplayName, Entry, External, ResourceList
from xcap_documents.xdm_extensions import (
    Age,
    AgeRestrictions,
    AllMediaExcept,
    AllowOfflineStorage,
    AllServicesExcept,
    Audio,
    CommonUsage,
    FullDuplex,
    MediaHandling,
    MediaList,
    MediaSet,
    Qoe,
    QoePremium,
    RequiredParticipants,
    Searchable,
    ServiceEnabler,
    ServiceList,
    SessionActivePolicy,
    Subject,
    SupportedServices,
    Video,
)
from xcap_sdk import InvalidDocument, parse, serialize, validate

BOB, CAROL = "sip:bob@example.org", "sip:carol@example.org"
CLIMBING = "sip:climbing@example.org"
LISTS = (
    "https://xcap.example.org/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list%5b1%5d"
)
ACTIONS = [
    *("join_handling", "allow_initiate_conference", "allow_conference_state", "allow_anonymity"),
    *("allow_invite_users_dynamically", "is_key_participant", "allow_media_handling", "allow_expelling"),
    *("allow_auto_answermode", "allow_manual_answer_override", "block_group_advertisement_sending"),
    *("allow_offline_storage", "allow_private_message", "allow_reject_invite", "allow_subconf"),
]


def service() -> ListService:
    return ListService(uri=CLIMBING)


def test_a_prearranged_group_in_one_call() -> None:
    group = Group.prearranged(
        CLIMBING, display_name="Climbing", members={BOB: "Bob", CAROL: "Carol"}, max_participant_count=5
    )
    made = group.service

    assert (made.uri, made.label, made.invite_members, made.max_participant_count) == (
        CLIMBING,
        "Climbing",
        True,
        5,
    )
    assert [(entry.uri, entry.label) for entry in made.members] == [(BOB, "Bob"), (CAROL, "Carol")]
    rule = made.rules["members"]
    assert rule.is_list_member
    assert rule.join_handling
    assert rule.allow_initiate_conference
    validate(group)
    assert parse(serialize(group), Group) == group


def test_a_chat_group_in_one_call() -> None:
    group = Group.chat(CLIMBING, members=[BOB], admit_members=False)

    assert group.service.invite_members is False
    assert group.service.members.keys() == [BOB]
    assert group.service.ruleset is None
    validate(group)


def test_members_are_several() -> None:
    with pytest.raises(TypeError, match="give a list"):
        Group.chat(CLIMBING, members=BOB)
    with pytest.raises(DuplicateKey):
        Group.chat(CLIMBING, members=[BOB, BOB])


def test_the_groups_of_a_document() -> None:
    group = Group()
    with pytest.raises(LookupError, match=r"no group: \.services\.add"):
        _ = group.service
    first = group.services.ensure(
        CLIMBING, display_name=DisplayName(value="K", lang="de"), invite_members=True
    )
    assert group.service is first
    assert group.services.ensure(CLIMBING) is first
    assert first.label == "K"
    group.services.add("sip:other@example.org", at=0)
    with pytest.raises(LookupError, match=r"2 groups: pick one with \.services\[uri\]"):
        _ = group.service
    with pytest.raises(DuplicateKey):
        group.services.add(CLIMBING)
    with pytest.raises(MissingKey, match="did you mean 'sip:climbing@"):
        _ = group.services["sip:climing@example.org"]


def test_reading_what_a_group_does_not_say_leaves_it_as_it_is() -> None:
    empty = service()
    assert list(empty.members) == list(empty.externals) == list(empty.rules) == []
    assert list(empty.supported_services) == []
    assert BOB not in empty.members
    for name in ("subject", "searchable", "automatic_group_advertisement", "age_restrictions", "qoe"):
        assert getattr(empty, name) is None
        setattr(empty, name, None)
        delattr(empty, name)
    assert empty.session_active_policy is None
    assert empty.ruleset is None
    empty.members.discard(BOB)
    empty.members.clear()
    empty.rules.discard("x")
    empty.supported_services.clear()
    del empty.supported_services, empty.ruleset
    assert empty == service()


def test_members_come_before_lists_in_whatever_order_they_are_added() -> None:
    each = service()
    each.externals.add(LISTS, display_name="All")
    each.members.add(CAROL)
    each.members.add(BOB, at=0)

    assert each.member_list == MemberList(
        items=[Entry(uri=BOB), Entry(uri=CAROL)],
        references=[External(anchor=LISTS, display_name=DisplayName(value="All"))],
    )
    assert each.member_list.entries[BOB] is each.members[BOB]
    assert each.member_list.externals[LISTS] is each.externals[LISTS]
    validate(Group(items=[each]))
    each.members.move(CAROL, to=0)
    assert each.members.keys() == [CAROL, BOB]
    each.member_list.entries.remove(CAROL)
    each.externals.remove(LISTS)
    assert each.members.keys() == [BOB]
    assert len(each.externals) == 0


def test_look_ups_notice_every_change_of_both_lists() -> None:
    members = MemberList()
    members.externals.add(LISTS)
    assert LISTS in members.externals
    members.references = [External(anchor="https://example.org/x")]
    assert LISTS not in members.externals
    members.references[0].anchor = LISTS
    assert LISTS in members.externals
    members.references.clear()
    assert LISTS not in members.externals


def test_rules_stand_in_a_ruleset_behind_the_wildcard() -> None:
    each = service()
    each.extensions.append(AnyElement(qname="{urn:example:f}first", text=""))
    rule = each.rules.ensure("a")
    assert each.rules.ensure("a") is rule
    assert each.ruleset == Ruleset(items=[Rule(id="a")])
    assert isinstance(each.extensions[1], Ruleset)
    each.ruleset = Ruleset(items=[Rule(id="b")])
    assert each.rules.keys() == ["b"]
    assert len(each.extensions) == 2
    del each.ruleset
    assert len(each.extensions) == 1


def test_admitting_members_twice_says_it_once() -> None:
    each = service()
    rule = each.admit_members()
    rule.allow_anonymity = False
    assert each.admit_members() is rule
    assert len(each.rules) == 1
    assert rule.allow_anonymity is False
    assert rule.conditions is not None
    assert rule.conditions.items == [IsListMember()]


@pytest.mark.parametrize("name", ACTIONS)
def test_actions_that_are_true_or_false(name: str) -> None:
    rule = Rule(id="a")
    assert getattr(rule, name) is None
    for value in (True, False):
        setattr(rule, name, value)
        assert getattr(rule, name) is value
        assert rule.actions is not None
        assert len(rule.actions.extensions) == 1
    with pytest.raises(TypeError, match=f"{name} takes True, False or None, not 'true'"):
        setattr(rule, name, "true")
    setattr(rule, name, None)
    assert rule == Rule(id="a")


def test_actions_met_as_generic_elements() -> None:
    rule = Rule(id="a")
    rule.join_handling = True
    assert rule.actions is not None
    namespace = "urn:oma:xml:poc:list-service"
    for generic in (
        AnyElement(qname=f"{{{namespace}}}join-handling", text="false"),
        DerivedElement(qname=f"{{{namespace}}}join-handling", value=False),
    ):
        rule.actions.extensions = [generic]
        assert rule.join_handling is False
        assert rule.actions.extensions == [JoinHandling(value=False)]


def test_offline_storage_keeps_what_else_it_says() -> None:
    said = AllowOfflineStorage(allow=True, extensions=[AnyElement(qname="{urn:example:f}x", text="")])
    rule = Rule(id="a")
    rule.allow_offline_storage = False
    assert rule.actions is not None
    rule.actions.extensions = [said]
    rule.allow_offline_storage = False
    assert rule.actions.extensions == [said]
    assert said.allow is False
    assert said.extensions


def test_whose_media_may_be_removed() -> None:
    rule = Rule(id="a")
    rule.remove_media_handling = "other"
    assert rule.remove_media_handling is MediaHandling.OTHER
    with pytest.raises(ValueError, match="is one of 'own', 'any', 'none', 'other', not 'x'"):
        rule.remove_media_handling = "x"


def test_conditions() -> None:
    rule = Rule(id="a")
    rule.is_list_member = True
    rule.media_list = MediaList(items=[AllMediaExcept(items=[Video()])])
    rule.service_list = ServiceList(items=[ServiceEnabler(enabler="urn:x")])
    assert rule.media_list.items == [AllMediaExcept(items=[Video()])]
    rule.media_list = MediaList(items=[Audio(direction=FullDuplex())])
    assert rule.conditions is not None
    assert [type(item) for item in rule.conditions.items] == [IsListMember, MediaList, ServiceList]
    with pytest.raises(TypeError, match="media_list takes MediaList or None"):
        rule.media_list = MediaSet()  # pyright: ignore[reportAttributeAccessIssue] - what is tested
    rule.is_list_member = False
    rule.media_list = rule.service_list = None
    assert rule == Rule(id="a")


def test_extensions_of_a_group() -> None:
    each = service()
    each.subject = "Rocks"
    each.searchable = True
    each.automatic_group_advertisement = False
    each.age_restrictions = AgeRestrictions(ages=[Age(from_=18), Age(until=12)], must_understand=True)
    each.qoe = Qoe(items=[QoePremium()], must_understand=False)
    participants = RequiredParticipants()
    participants.externals.add(LISTS)
    participants.entries.add(BOB)
    each.session_active_policy = SessionActivePolicy(
        max_duration=60, required_participants_list=participants, must_understand=True
    )
    medium = each.supported_services.add("urn:x")
    medium.group_media.append(MediaSet(items=[Audio(), Video()]))
    assert each.supported_services.ensure("urn:x") is medium
    each.supported_services.ensure("urn:y")
    group = Group(items=[each])
    validate(group)
    assert parse(serialize(group), Group) == group
    assert each.searchable
    assert [type(found) for found in each.extensions] == [
        *(Subject, Searchable, type(each.extensions[2]), AgeRestrictions, Qoe, SessionActivePolicy),
        SupportedServices,
    ]
    del each.supported_services
    assert "urn:x" not in each.supported_services


def test_all_services_except_some_are_not_some() -> None:
    each = service()
    each.extensions = [SupportedServices(items=[AllServicesExcept(items=[ServiceEnabler(enabler="urn:x")])])]
    assert list(each.supported_services) == []
    with pytest.raises(ValueError, match="all services except some"):
        each.supported_services.add("urn:y")
    del each.supported_services
    each.supported_services.add("urn:y")
    assert each.supported_services.keys() == ["urn:y"]


def test_what_is_wrong_with_a_service_is_named_as_one_would_write_it() -> None:
    each = service()
    each.supported_services.add("urn:x").group_media.append(MediaSet())
    with pytest.raises(InvalidDocument) as caught:
        validate(Group(items=[each]))
    [problem] = caught.value.problems
    assert problem.place == f'services["{CLIMBING}"].supported_services["urn:x"].group_media[0]'


def test_a_subject_keeps_its_language() -> None:
    each = service()
    each.extensions = [Subject(value="Klettern", lang="de")]
    each.subject = "Wandern"
    assert each.extensions == [Subject(value="Wandern", lang="de")]


def test_what_an_entry_is_used_for() -> None:
    entry = Entry(uri=CLIMBING)
    assert entry.poc_usage is None
    entry.poc_usage = "chat"
    assert entry.extensions == [UriUsages(items=[PocUsage(value=PocGroup.CHAT)])]
    common = CommonUsage(id="x", extensions=[AnyElement(qname="{urn:example:f}y", text="")])
    assert entry.uri_usages is not None
    entry.uri_usages.items.insert(0, common)
    entry.poc_usage = PocGroup.PREARRANGED
    assert entry.poc_usage is PocGroup.PREARRANGED
    with pytest.raises(ValueError, match="poc_usage is 'chat' or 'prearranged', not 'x'"):
        entry.poc_usage = "x"
    del entry.poc_usage
    assert entry.uri_usages == UriUsages(items=[common])
    entry.uri_usages.items.clear()
    entry.poc_usage = "chat"
    entry.poc_usage = None
    assert entry == Entry(uri=CLIMBING)


def test_who_uses_a_list() -> None:
    friends = ResourceList(name="friends")
    assert friends.app_usages is None
    friends.app_usages = AppUsages(items=[NodeUri(uri="https://example.org/x", auid="rls-services")])
    assert friends.app_usages.items[0].auid == "rls-services"
    friends.app_usages = None
    assert friends == ResourceList(name="friends")
