"""Application usages: what makes one, and the rules that the schemas cannot say."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents.common_policy import (
    Actions,
    Conditions,
    Identity,
    One,
    Rule,
    Ruleset,
    Sphere,
    Transformations,
)
from xcap_documents.oma_common_policy import Anchor, AnonymousRequest, ExternalList, OtherIdentity
from xcap_documents.oma_pres_content import Data, Encoding, StatusIcon
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_documents.xcap_caps import Auids, Namespaces, XcapCaps
from xcap_sdk import usages
from xcap_sdk.documents.binding import serialize
from xcap_sdk.errors import InvalidDocument, InvalidInput, Problem, UnexpectedDocument
from xcap_sdk.usages import (
    ALL,
    OMA_PRES_RULES,
    PRES_RULES,
    RESOURCE_LISTS,
    STATUS_ICON,
    XCAP_CAPS,
    ApplicationUsage,
    Check,
    by_auid,
    for_class,
)
from xcap_sdk.usages.status_icon import image_type
from xcap_sdk.usages.validation import check_bytes, validate


@dataclass
class Thing:
    class Meta:
        namespace = "urn:thing"

    name: str = field(default="", metadata={"type": "Attribute"})


@dataclass
class Bare:
    name: str = ""


def usage(**changes: Any) -> ApplicationUsage[Any]:
    return ApplicationUsage(
        **({"auid": "com.example.things", "root": Thing, "media_type": "application/x+xml"} | changes)
    )


@pytest.mark.rule("N1", "A1")
def test_defaults_of_a_usage() -> None:
    mine = usage()
    assert (mine.namespace, mine.document, mine.tree, mine.read_only) == (
        "urn:thing",
        "index",
        "users",
        False,
    )
    assert usage(namespace="urn:other").namespace == "urn:other"
    assert usage(root=Bare).namespace is None
    assert str(mine) == "com.example.things"
    assert mine != usage()
    assert len({mine, usage()}) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"auid": ""}, "AUID"),
        ({"auid": "a/b"}, "AUID"),
        ({"auid": "~~"}, "AUID"),
        ({"document": "a//b"}, "document name"),
        ({"media_type": "xml"}, "media type"),
        ({"media_type": "application/x+xml; charset=utf-8"}, "media type"),
        ({"root": dict}, "no dataclass"),
        ({"keys": {Thing: "nam"}}, "no such field; it has name"),
        ({"keys": {dict: "name"}}, "no dataclass"),
        ({"keys": {"Thing": "name"}}, "its key for 'Thing' is 'name', .* no dataclass"),
        ({"schema": Path("/nowhere/x.xsd")}, "no file"),
        ({"schema": "x.xsd"}, "its schema 'x.xsd' is no Path"),
        ({"empty": Bare}, "gives no Thing"),
        ({"tree": "forest"}, "users and global"),
        ({"folders": ("byGroupID",)}, "does not begin with a tree"),
        ({"folders": ("global//x",)}, "document name"),
    ],
)
def test_what_cannot_be_a_usage(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        usage(**changes)


def test_what_can_be_a_usage(tmp_path: Path) -> None:
    schema = tmp_path / "x.xsd"
    schema.write_text("<x/>", encoding="utf-8")
    mine = usage(schema=schema, keys={Thing: "name"}, empty=Thing, tree="global", read_only=True)
    assert mine.empty is not None
    assert mine.empty() == Thing()


@pytest.mark.rule("N8")
def test_the_registry() -> None:
    assert {one.auid: one.namespace for one in ALL} == {
        "resource-lists": "urn:ietf:params:xml:ns:resource-lists",
        "rls-services": "urn:ietf:params:xml:ns:rls-services",
        "pres-rules": "urn:ietf:params:xml:ns:pres-rules",
        "org.openmobilealliance.pres-rules": "urn:ietf:params:xml:ns:common-policy",
        "geolocation-policy": "urn:ietf:params:xml:ns:geolocation-policy",
        "pidf-manipulation": "urn:ietf:params:xml:ns:pidf",
        "org.openmobilealliance.pres-content": "urn:oma:xml:prs:pres-content",
        "org.openmobilealliance.user-profile": "urn:oma:xml:xdm:user-profile",
        "org.openmobilealliance.locked-user-profile": "urn:oma:xml:xdm:user-profile",
        "org.openmobilealliance.xcap-directory": "urn:oma:xml:xdm:xcap-directory",
        "org.openmobilealliance.groups": "urn:oma:xml:poc:list-service",
        "org.openmobilealliance.group-usage-list": "urn:ietf:params:xml:ns:resource-lists",
        "simservs.ngn.etsi.org": "http://uri.etsi.org/ngn/params/xml/simservs/xcap",
        "xcap-caps": "urn:ietf:params:xml:ns:xcap-caps",
    }
    assert by_auid("pres-rules") is PRES_RULES
    assert by_auid("nothing") is None
    assert [usage.auid for usage in usages.ALL] == list(usages.BY_AUID)
    assert for_class(Ruleset) is PRES_RULES
    assert for_class(StatusIcon) is STATUS_ICON
    assert for_class(Thing) is None
    for one in ALL:
        for check in one.checks:
            assert check.section
            assert check.name


def test_usages_of_a_client_stand_before_those_of_the_sdk() -> None:
    known = usages.own_and_others()
    own = replace(PRES_RULES, document="rules")
    known[own.auid] = own
    known["com.example.bookmarks"] = own
    assert known["pres-rules"] is own
    assert [*known] == [*usages.BY_AUID, "com.example.bookmarks"]
    assert len(known) == len(usages.ALL) + 1
    del known["pres-rules"]
    assert known["pres-rules"] is PRES_RULES
    assert "pres-rules" in known
    assert usages.BY_AUID["pres-rules"] is PRES_RULES, "what one client has is not what all have"


def test_a_usage_that_is_not_there() -> None:
    name = "NONE"
    with pytest.raises(AttributeError, match="no attribute 'NONE'"):
        getattr(usages, name)


def problems(usage: ApplicationUsage[Any], model: object) -> list[Problem]:
    return [problem for check in usage.checks for problem in check(model)]


REF = "resource-lists/users/sip:bill@example.com/index/~~/resource-lists/list%5b@name=%22l%22%5d/entry%5b@uri=%22sip:p%22%5d"


def book(*items: Any) -> ResourceLists:
    return ResourceLists(items=[ResourceList(name="friends", items=list(items))])


def test_what_repeats_nothing_is_unique() -> None:
    model = book(
        Entry(uri="sip:a@b"),
        Entry(uri="SIP:a@b"),
        ResourceList(name="sip:a@b", items=[Entry(uri="sip:a@b")]),
        ResourceList(name="friends", items=[Entry(uri="sip:a@b")]),
        ResourceList(),
        ResourceList(),
        External(anchor="https://x.example.org/a"),
        External(),
        External(),
        EntryRef(ref=REF),
    )
    assert problems(RESOURCE_LISTS, model) == []


@pytest.mark.rule("VL4", "V12", "EX3")
@pytest.mark.parametrize(
    ("item", "place", "field"),
    [
        (Entry(uri="sip:a@b"), 'lists["friends"].entries[1].uri', "resource-lists/list/entry/@uri"),
        (ResourceList(name="sub"), 'lists["friends"].lists[1].name', "resource-lists/list/list/@name"),
        (EntryRef(ref=REF), 'lists["friends"].entry_refs[1].ref', "resource-lists/list/entry-ref/@ref"),
        (
            External(anchor="http://x"),
            'lists["friends"].externals[1].anchor',
            "resource-lists/list/external/@anchor",
        ),
    ],
)
def test_siblings_with_the_same_key(item: Any, place: str, field: str) -> None:
    other = Entry(uri="sip:between@b")
    [problem] = problems(RESOURCE_LISTS, book(item, other, item))
    assert problem.field == field
    assert problem.rule == "uniqueness"
    assert "RFC 4826 §3.4.5" in problem.message
    assert problem.place == (place if not isinstance(item, Entry) else 'lists["friends"].entries[2].uri')


def test_what_is_no_item_at_all_is_left_to_the_schema() -> None:
    wrong: Any = AnyElement(qname="{urn:e}x", text="")
    with pytest.raises(InvalidDocument) as caught:
        validate(book(wrong, Entry(uri="sip:a@b"), Entry(uri="sip:a@b")))
    assert [problem.rule for problem in caught.value.problems] == ["schema", "uniqueness"]


def test_places_are_in_document_order_and_readable() -> None:
    inner = ResourceList(name='a "b"', items=[Entry(uri="sip:x") for _ in range(3)])
    model = ResourceLists(
        items=[
            ResourceList(name="twice", items=[inner]),
            ResourceList(name="twice", items=[ResourceList(items=[Entry(uri="sip:y"), Entry(uri="sip:y")])]),
        ]
    )
    assert [(found.place, found.field) for found in problems(RESOURCE_LISTS, model)] == [
        ("lists[1].name", "resource-lists/list/@name"),
        ('lists[0].lists["a \\"b\\""].entries[1].uri', "resource-lists/list/list/entry/@uri"),
        ('lists[0].lists["a \\"b\\""].entries[2].uri', "resource-lists/list/list/entry/@uri"),
        ("lists[1].lists[0].entries[1].uri", "resource-lists/list/list/entry/@uri"),
    ]


@pytest.mark.rule("VL5")
@pytest.mark.parametrize(
    "ref",
    ["/resource-lists/x", "//host/x", "http://x.example.org/y", "sip:a@b", "", "?q", "#f", "http://[bad"],
)
def test_entry_refs_are_relative_paths(ref: str) -> None:
    [problem] = problems(RESOURCE_LISTS, book(EntryRef(ref=ref)))
    assert (problem.place, problem.rule, problem.field) == (
        'lists["friends"].entry_refs[0].ref',
        "reference",
        None,
    )


@pytest.mark.parametrize(
    "anchor", ["resource-lists/x", "ftp://x/y", "http:x", "https:///x", "", "http://[bad"]
)
def test_anchors_are_absolute(anchor: str) -> None:
    [problem] = problems(RESOURCE_LISTS, book(External(anchor=anchor)))
    assert (problem.place, problem.rule) == ('lists["friends"].externals[0].anchor', "reference")


def test_checking_a_large_list_takes_linear_time() -> None:
    model = book(*[Entry(uri=f"sip:{number}@example.org") for number in range(20_000)])
    assert problems(RESOURCE_LISTS, model) == []


def rule(*conditions: Any, **fields: Any) -> Ruleset:
    return Ruleset(items=[Rule(id="a", conditions=Conditions(items=list(conditions)), **fields)])


def identity() -> Identity:
    return Identity(items=[One(id="sip:a@b")])


@pytest.mark.parametrize(
    "make", [identity, lambda: ExternalList(items=[Anchor(anc="http://x")]), OtherIdentity, AnonymousRequest]
)
def test_oma_rules_have_one_condition_of_a_kind(make: Any) -> None:
    assert problems(OMA_PRES_RULES, rule(make())) == []
    [problem] = problems(OMA_PRES_RULES, rule(make(), make()))
    assert (problem.place, problem.rule) == ('rules["a"].conditions', "complex-rule")
    assert problems(PRES_RULES, rule(make(), make())) == []


def test_oma_rules_do_not_mix_conditions_on_who_asks() -> None:
    [problem] = problems(OMA_PRES_RULES, rule(identity(), OtherIdentity(), Sphere(value="work")))
    assert "identity and other-identity in one rule" in problem.message
    assert problem.place == 'rules["a"].conditions'
    assert problems(OMA_PRES_RULES, rule(identity(), Sphere(value="work"))) == []


def test_oma_rules_have_transformations_only_with_allow() -> None:
    assert problems(OMA_PRES_RULES, Ruleset(items=[Rule(id="a")])) == []
    for handling, count in ((SubHandling.ALLOW, 0), (SubHandling.BLOCK, 1), ("polite-block", 1)):
        policy = rule(actions=Actions(), transformations=Transformations())
        policy.items[0].sub_handling = handling  # pyright: ignore[reportAttributeAccessIssue]
        found = problems(OMA_PRES_RULES, policy)
        assert [problem.place for problem in found] == ['rules["a"].transformations'] * count


@pytest.mark.parametrize(
    ("icon", "place"),
    [
        (StatusIcon(data=Data(value="")), "data"),
        (StatusIcon(data=Data(value="a")), "data"),
        (StatusIcon(data=Data(value="AA$A")), "data"),
        (StatusIcon(data=Data(value="é")), "data"),
        (StatusIcon(data=Data(value="AAAA"), encoding=Encoding(value="hex")), "encoding"),
    ],
)
def test_icons_that_are_none(icon: StatusIcon, place: str) -> None:
    [problem] = problems(STATUS_ICON, icon)
    assert (problem.place, problem.rule) == (place, "encoding")


@pytest.mark.parametrize("encoding", [None, "", "base64", " BASE64\n"])
def test_icons(encoding: str | None) -> None:
    icon = StatusIcon(
        data=Data(value="AA\n\tAA "), encoding=None if encoding is None else Encoding(value=encoding)
    )
    assert problems(STATUS_ICON, icon) == []


def test_images_are_recognised_from_their_first_bytes() -> None:
    assert image_type(b"\x89PNG\r\n\x1a\nx") == "image/png"
    assert image_type(b"\xff\xd8\xff\xdb") == "image/jpeg"
    assert image_type(b"GIF87a") == image_type(b"GIF89a") == "image/gif"
    with pytest.raises(InvalidInput, match="starts with 3c 73 76 67"):
        image_type(b"<svg")
    with pytest.raises(InvalidInput, match="nothing at all"):
        image_type(b"")


@pytest.mark.rule("CP3")
def test_capabilities_list_themselves() -> None:
    caps = XcapCaps(auids=Auids(items=["x"]), namespaces=Namespaces(items=["urn:x"]))
    assert [problem.place for problem in problems(XCAP_CAPS, caps)] == ["auids", "namespaces"]
    caps.auids.items.append("xcap-caps")
    caps.namespaces.items.append("urn:ietf:params:xml:ns:xcap-caps")
    assert problems(XCAP_CAPS, caps) == []


@pytest.mark.rule("C1")
def test_validate_names_schema_and_rules() -> None:
    validate(book(Entry(uri="sip:a@b")))
    with pytest.raises(InvalidDocument, match="uniqueness"):
        validate(book(Entry(uri="sip:a@b"), Entry(uri="sip:a@b")))
    with pytest.raises(InvalidDocument) as caught:
        validate(rule(Identity()))
    assert caught.value.problems
    twice = Ruleset(items=[Rule(id="a"), Rule(id="a")])
    with pytest.raises(InvalidDocument, match="schema"):
        validate(twice)
    two = rule(OtherIdentity(), OtherIdentity())
    validate(two)
    with pytest.raises(InvalidDocument, match="complex"):
        validate(two, OMA_PRES_RULES)


def test_validate_a_class_of_ones_own() -> None:
    validate(Thing(name="x"))
    never = Check("never", "here", lambda model: [Problem("name", "never", "no")])
    with pytest.raises(InvalidDocument, match=r"name: no \[never\]"):
        validate(Thing(), usage(checks=(never,)))


def test_bytes_are_checked_as_they_are() -> None:
    icon = StatusIcon(data=Data(value=base64.b64encode(b"x").decode()))
    xml = serialize(icon)
    check_bytes(STATUS_ICON, xml, icon)
    with pytest.raises(InvalidDocument, match="schema"):
        check_bytes(STATUS_ICON, xml.replace(b"<data>", b"<x/><data>"), icon)
    with pytest.raises(InvalidDocument, match="base64"):
        check_bytes(STATUS_ICON, xml.replace(b"=<", b"$<"), icon)


def test_a_document_that_cannot_be_read_back_is_named_by_its_model() -> None:
    model = book(Entry(uri=None))  # pyright: ignore[reportArgumentType]
    with pytest.raises(InvalidDocument, match="uri") as caught:
        check_bytes(RESOURCE_LISTS, serialize(model), model)
    assert caught.value.problems[0].place.startswith('lists["friends"].entries')
    icon = StatusIcon(data=Data(value="AAAA"))
    with pytest.raises(UnexpectedDocument):
        check_bytes(STATUS_ICON, b"<x/>", icon)
