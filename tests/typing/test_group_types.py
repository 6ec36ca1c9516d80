"""What type checkers see of groups; run as a test, too."""

from __future__ import annotations

from typing import assert_type

from xcap_documents.common_policy import Rule, Ruleset
from xcap_documents.oma_appusage import AppUsages
from xcap_documents.oma_uriusage import UriUsages
from xcap_documents.poc_list_service import Group, ListService, MemberList
from xcap_documents.poc_usage import PocGroup
from xcap_documents.resource_lists import Entry, External, ResourceList
from xcap_documents.xdm_extensions import (
    AgeRestrictions,
    MediaHandling,
    MediaList,
    Qoe,
    ServiceEnabler,
    ServiceList,
    SessionActivePolicy,
)
from xcap_sdk import AsyncRepository, AsyncXcapClient, Repository, XcapClient


def test_groups() -> None:
    group = assert_type(Group.prearranged("sip:a@b", members=["sip:c@d"]), Group)
    assert_type(Group.chat("sip:a@b", members={"sip:c@d": "C"}, admit_members=False), Group)
    service = assert_type(group.service, ListService)
    assert_type(group.services["sip:a@b"], ListService)
    assert_type(group.services.get("sip:x@b"), ListService | None)
    assert_type(service.members["sip:c@d"], Entry)
    assert_type(service.externals.ensure("https://example.org/l"), External)
    assert_type(service.member_list, MemberList | None)
    assert_type(service.invite_members, bool | None)
    assert_type(service.label, str | None)
    service.label = "x"


def test_extensions_of_groups() -> None:
    service = ListService(uri="sip:a@b")
    assert_type(service.ruleset, Ruleset | None)
    assert_type(service.subject, str | None)
    service.subject = "x"
    assert_type(ListService(uri="x").searchable, bool | None)
    service.searchable = True
    assert_type(service.age_restrictions, AgeRestrictions | None)
    assert_type(service.qoe, Qoe | None)
    assert_type(service.session_active_policy, SessionActivePolicy | None)
    service.qoe = None
    assert_type(service.supported_services.ensure("urn:x"), ServiceEnabler)
    assert_type(Entry(uri="x").poc_usage, PocGroup | None)
    assert_type(Entry(uri="x").uri_usages, UriUsages | None)
    assert_type(ResourceList().app_usages, AppUsages | None)


def test_rules_of_groups() -> None:
    rule = assert_type(ListService(uri="sip:a@b").rules.ensure("x"), Rule)
    rule.is_list_member = True
    rule.join_handling = True
    assert_type(Rule(id="x").is_list_member, bool)
    assert_type(Rule(id="x").join_handling, bool | None)
    assert_type(rule.allow_offline_storage, bool | None)
    assert_type(rule.remove_media_handling, MediaHandling | None)
    rule.remove_media_handling = "own"
    assert_type(rule.media_list, MediaList | None)
    assert_type(rule.service_list, ServiceList | None)


def test_repositories() -> None:
    with XcapClient("https://xcap.example.org", user="sip:a@b") as xcap:
        assert_type(xcap.groups, Repository[Group])
    assert_type(AsyncXcapClient("https://xcap.example.org", user="sip:a@b").groups, AsyncRepository[Group])
