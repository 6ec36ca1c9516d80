"""rls-services: its schema, and the rules of RFC 4826 §4.4 that it cannot say."""

from __future__ import annotations

import pytest

from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList
from xcap_documents.rls_services import ListReference, RlsServices, Service
from xcap_sdk import DocumentAddress, InvalidDocument, XcapRoot, parse, serialize
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.usages import RLS_SERVICES
from xcap_sdk.usages.validation import check_bytes, validate

ROOT = XcapRoot("https://xcap.example.org/root")
ALICE = "sip:alice@example.org"
HERE = DocumentAddress(root=ROOT, auid="rls-services", xui=ALICE)
LISTS = f"{ROOT}/resource-lists/users"
LIST = f"{LISTS}/{ALICE}/index/~~/resource-lists/list%5B@name=%22friends%22%5D"


def one(reference: str) -> RlsServices:
    return RlsServices(items=[Service(uri="sip:a@example.org", members=ListReference(value=reference))])


@pytest.mark.parametrize(
    ("content", "is_valid"),
    [
        ("", True),
        ('<service uri="sip:a@b"><resource-list>http://x</resource-list></service>', True),
        ('<service uri="sip:a@b"><list><rl:entry uri="sip:x@y"/></list></service>', True),
        ('<service uri="sip:a@b"><list name="a"/><packages/><x:y/><x:z/></service>', True),
        ('<service uri="sip:a@b"><list/><packages><package/><x:y/><package/></packages></service>', True),
        ('<service uri="sip:a@b" x:y="z"><list/></service><service uri=""><list/></service>', True),
        ('<service uri="sip:a@b"/>', False),
        ("<service><list/></service>", False),
        ('<service uri="sip:a@b"><list/><list/></service>', False),
        ('<service uri="sip:a@b"><list/><resource-list>http://x</resource-list></service>', False),
        ('<service uri="sip:a@b"><packages/><list/></service>', False),
        ('<service uri="sip:a@b"><list/><packages/><packages/></service>', False),
        ('<service uri="sip:a@b"><list/><packages><x:y/><package/></packages></service>', False),
        ('<service uri="sip:a@b"><list/><x:y/><packages/></service>', False),
        ('<service uri="sip:a@b"><rl:list/></service>', False),
        ('<service uri="sip:a@b"><list><entry uri="sip:x@y"/></list></service>', True),
        ('<service uri="sip:a@b" other=""><list/></service>', False),
        ('<service uri="sip:a@b"><resource-list x:y="">http://x</resource-list></service>', False),
        ("<x:y/>", False),
        ("<package>presence</package>", False),
    ],
)
def test_the_schema(content: str, is_valid: bool) -> None:
    document = (
        '<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" '
        f'xmlns:rl="urn:ietf:params:xml:ns:resource-lists" xmlns:x="urn:x">{content}</rls-services>'
    )
    assert (not schema_problems(document.encode(), None, RlsServices)) is is_valid


def test_a_document_that_keeps_all_rules() -> None:
    own = ResourceList(
        items=[
            Entry(uri="sip:a@b"),
            EntryRef(ref=f"resource-lists/users/{ALICE}/index/~~/resource-lists/list/entry"),
            External(anchor="http://elsewhere.example.com/lists"),
            ResourceList(name="sub", items=[Entry(uri="sip:a@b")]),
        ]
    )
    document = one(LIST)
    document.services.add("sip:b@example.org", list=own, packages=["presence"])
    assert RLS_SERVICES.problems(document, HERE) == []
    validate(document, RLS_SERVICES, HERE)


def test_uris_of_services_are_unique() -> None:
    document = RlsServices(
        items=[Service(uri=uri, members=ResourceList()) for uri in ("sip:a@b", "SIP:a@b", "sip:a@b")]
    )
    (problem,) = RLS_SERVICES.problems(document)
    assert (problem.place, problem.rule, problem.field) == (
        "services[2].uri",
        "uniqueness",
        "rls-services/service/@uri",
    )
    assert "RFC 4826 §4.4.5" in problem.message


def test_a_list_inside_keeps_the_rules_of_lists() -> None:
    inner = ResourceList(
        items=[
            ResourceList(name="x", items=[Entry(uri="sip:a@b"), Entry(uri="sip:a@b")]),
            EntryRef(ref="/resource-lists/users/x"),
            External(anchor="resource-lists/users/x"),
        ]
    )
    document = RlsServices(items=[Service(uri="sip:a@b", members=inner)])
    found = RLS_SERVICES.problems(document)
    assert [(problem.place, problem.rule, problem.field) for problem in found] == [
        (
            'services["sip:a@b"].list.lists["x"].entries[1].uri',
            "uniqueness",
            "rls-services/service/list/rl:list/rl:entry/@uri?xmlns(rl=urn:ietf:params:xml:ns:resource-lists)",
        ),
        ('services["sip:a@b"].list.entry_refs[0].ref', "reference", None),
        ('services["sip:a@b"].list.externals[0].anchor', "reference", None),
    ]


@pytest.mark.parametrize(
    "reference",
    [
        "resource-lists/users/x",
        "/resource-lists/users/x",
        "sip:a@b",
        "",
        "ftp://x/resource-lists",
        "http:///resource-lists",
    ],
)
def test_a_reference_to_a_list_is_an_absolute_uri(reference: str) -> None:
    for address in (None, HERE):
        (problem,) = RLS_SERVICES.problems(one(reference), address)
        assert (problem.place, problem.rule) == (
            'services["sip:a@example.org"].resource_list',
            "resource-list",
        )
        assert "absolute" in problem.message


def test_a_reference_to_a_list_has_the_auid_as_a_segment() -> None:
    (problem,) = RLS_SERVICES.problems(
        one("https://xcap.example.org/root/groups/users/sip:a@b/resource-lists.xml")
    )
    assert problem.rule == "resource-list"
    assert "no segment" in problem.message


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (LIST.replace("/root/", "/other/"), "XCAP root https://xcap.example.org/root"),
        (LIST.replace("https", "http"), "XCAP root"),
        (LIST.replace("xcap.", "other."), "XCAP root"),
        (f"{LISTS}/sip:bob@example.org/index/~~/resource-lists/list", "a list of sip:bob@example.org"),
        (f"{ROOT}/resource-lists/global/index/~~/resource-lists/list", "in the global tree"),
        (f"{LISTS}/{ALICE}/index", "selects no element"),
        (f"{LISTS}/{ALICE}/index/~~/resource-lists/list/@name", "selects no element"),
        (f"{LISTS}/{ALICE}/index/~~/resource-lists/list/entry", "has to select a list"),
        (f"{LISTS}/{ALICE}/index/~~/x:list", "binds no namespace"),
        (f"{LISTS}/{ALICE}/index/~~/resource-lists/list%5B", "no XCAP URI of a list"),
        (f"{LISTS}/{ALICE}/%C3/~~/resource-lists/list", "no XCAP URI of a list"),
        (f"{ROOT}/other/users/{ALICE}/resource-lists/~~/resource-lists/list", "of other"),
    ],
)
def test_a_reference_is_to_a_list_of_the_same_user(reference: str, message: str) -> None:
    assert RLS_SERVICES.problems(one(reference)) == []
    (problem,) = RLS_SERVICES.problems(one(reference), HERE)
    assert (problem.place, problem.rule) == ('services["sip:a@example.org"].resource_list', "own-list")
    assert message in problem.message
    with pytest.raises(InvalidDocument, match="own-list"):
        check_bytes(RLS_SERVICES, serialize(one(reference)), one(reference), HERE)


@pytest.mark.parametrize(
    "reference",
    [
        LIST.replace("alice@", "alice%40"),
        LIST.replace("/~~/", "/%7E%7e/"),
        LIST.replace("https://xcap.example.org/", "HTTPS://XCAP.example.org:443/"),
        f"\n    {LIST}\n  ",
        f"{LISTS}/{ALICE}/office/friends/~~/resource-lists/list%5B2%5D/*",
        f"{LISTS}/{ALICE}/index/~~/l:resource-lists/l:list?xmlns(l=urn:ietf:params:xml:ns:resource-lists)",
    ],
)
def test_a_reference_may_be_written_in_many_ways(reference: str) -> None:
    assert RLS_SERVICES.problems(one(reference), HERE) == []


def test_services_of_the_global_tree_refer_to_the_lists_of_any_user() -> None:
    address = DocumentAddress(root=ROOT, auid="rls-services", tree="global")
    assert RLS_SERVICES.problems(one(LIST), address) == []
    assert RLS_SERVICES.problems(one(LIST.replace("alice", "bob")), address) == []
    assert RLS_SERVICES.problems(one(f"{ROOT}/resource-lists/global/index/~~/resource-lists/list"), address)


def test_entries_in_the_namespace_of_the_service_are_no_members() -> None:
    xml = (
        '<rls-services xmlns="urn:ietf:params:xml:ns:rls-services"><service uri="sip:friends@example.org">'
        '<list><entry uri="sip:bob@example.org"/></list></service></rls-services>'
    )
    [problem] = RLS_SERVICES.problems(parse(xml, RlsServices))
    assert problem.rule == "namespace"
    assert problem.place.endswith(".extensions[0]")
    assert "write {urn:ietf:params:xml:ns:resource-lists}entry " in problem.message
