"""Services of resource list servers as objects."""

from __future__ import annotations

import pytest

from xcap_documents import DuplicateKey, MissingKey
from xcap_documents.resource_lists import Entry, ResourceList
from xcap_documents.rls_services import ListReference, Package, RlsServices, Service
from xcap_sdk import parse, serialize, validate

LIST = "https://xcap.example.org/resource-lists/users/sip:alice@example.org/index/~~/resource-lists/list"


def test_a_service_is_added_with_its_list_or_with_where_it_is() -> None:
    document = RlsServices()
    team = ResourceList(name="team", items=[Entry(uri="sip:bob@example.org")])
    assert document.services.add("sip:team@example.org", list=team).list is team
    friends = document.services.add(
        "sip:friends@example.org", resource_list=LIST, packages=["presence"], at=0
    )
    empty = document.services.ensure("sip:empty@example.org")
    assert [service.uri for service in document.services] == [
        "sip:friends@example.org",
        "sip:team@example.org",
        "sip:empty@example.org",
    ]
    assert (friends.resource_list, friends.list) == (LIST, None)
    assert (empty.resource_list, empty.list) == (None, ResourceList())
    assert document.services.ensure("sip:team@example.org", resource_list=LIST).list is team
    validate(document)
    assert parse(serialize(document), RlsServices) == document


def test_a_service_has_one_list_and_one_uri() -> None:
    document = RlsServices()
    with pytest.raises(ValueError, match="not both"):
        document.services.add("sip:a@b", resource_list=LIST, list=ResourceList())
    document.services.add("sip:a@b")
    with pytest.raises(DuplicateKey):
        document.services.add("sip:a@b")
    with pytest.raises(MissingKey, match="sip:a@b"):
        document.services["sip:A@b"]


def test_a_list_and_a_reference_take_each_others_place() -> None:
    service = Service(uri="sip:a@b", members=ListReference(value=LIST))
    reference = service.members
    service.resource_list = f"{LIST}[1]"
    assert service.members is reference
    service.list = ResourceList(name="own")
    assert service.resource_list is None
    service.resource_list = LIST
    assert service.list is None
    assert service.members == reference.__class__(value=LIST)


def test_packages() -> None:
    service = Service(uri="sip:a@b")
    assert service.packages.any
    assert service.accepts("dialog")
    assert list(service.packages) == []
    service.packages.discard("presence")
    assert service.event_packages is None
    service.packages.add("presence")
    service.packages.add("presence")
    assert not service.packages.any
    assert service.accepts("presence")
    assert not service.accepts("dialog")
    assert not service.accepts("Presence")
    service.packages = ["presence", "dialog", "presence"]
    assert list(service.packages) == ["presence", "dialog"]
    service.packages = []
    assert not service.packages.any
    assert not service.accepts("presence")
    service.packages = None
    assert service.packages.any
    service.packages = ["presence"]
    del service.packages
    assert service.event_packages is None
    with pytest.raises(TypeError, match=r"\['presence'\]"):
        service.packages = "presence"


def test_packages_of_another_service_and_those_with_white_space() -> None:
    one, two = Service(uri="sip:a@b"), Service(uri="sip:c@d")
    one.packages = ["presence"]
    two.packages = one.packages
    two.packages.add("dialog")
    assert list(one.packages) == ["presence"]
    one.packages = one.packages
    assert list(one.packages) == ["presence"]
    assert one.event_packages is not None
    one.event_packages.items[:] = [Package(value="\n  presence ")]
    assert one.accepts("presence")


def test_elements_of_other_namespaces_stay() -> None:
    xml = b"""<r:rls-services xmlns:r="urn:ietf:params:xml:ns:rls-services" xmlns:x="urn:x"
        xmlns:l="urn:ietf:params:xml:ns:resource-lists">
      <r:service uri="sip:a@b" x:kind="team"><r:list name="in"><l:list name="deeper"/><x:y/></r:list>
        <r:packages><r:package>presence</r:package><x:z/><r:package>dialog</r:package></r:packages><x:w/></r:service>
    </r:rls-services>"""
    document = parse(xml, RlsServices)
    (service,) = document.services
    assert service.attributes == {"{urn:x}kind": "team"}
    assert service.list is not None
    assert service.list.lists["deeper"].name == "deeper"
    assert list(service.packages) == ["presence", "dialog"]
    validate(document)
    again = parse(serialize(document), RlsServices)
    assert list(again.services.at(0).packages) == ["presence", "dialog"]
    assert len(again.services.at(0).extensions) == len(service.extensions) == 1
