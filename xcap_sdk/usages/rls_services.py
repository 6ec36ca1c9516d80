"""rls-services (RFC 4826 §4): services of resource list servers, one URI to subscribe to for a whole list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from xcap_documents.resource_lists import __NAMESPACE__ as LISTS_NAMESPACE
from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList
from xcap_documents.rls_services import RlsServices, Service
from xcap_sdk.documents.bounded import subscript
from xcap_sdk.errors import InvalidAddress, Problem
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.beyond import PlacedCheck, Unique
from xcap_sdk.usages.list_references import AUID, is_absolute_http, parse_anchor
from xcap_sdk.usages.namespaces import namespaces
from xcap_sdk.usages.resource_lists import ENTRIES, Start, entry_uris, references, uniqueness
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "RFC 4826 §4.4.5"
SERVICE_URI = "rls-services/service/@uri"
"""The node that has to be unique on a whole server, as conflict reports name it."""


def _service_uris(document: RlsServices) -> Iterator[Problem]:
    seen = set[str]()
    for number, service in enumerate(document.services):
        if service.uri in seen:
            message = f"another service of the document has the uri {service.uri!r} already ({_SECTION})"
            yield Problem(f"services[{number}].uri", "uniqueness", message, field=SERVICE_URI)
        seen.add(service.uri)


def services(document: RlsServices) -> Iterator[tuple[str, Service]]:
    """The services with their places: by their URIs, unless several have the same."""
    counts = Counter[str | None](service.uri for service in document.services)
    for number, service in enumerate(document.services):
        uri = service.uri if counts[service.uri] == 1 else None
        yield f"services{subscript('services', uri, number)}", service


def _inner_lists(document: RlsServices) -> Iterator[Start]:
    for place, service in services(document):
        if service.list is not None:
            yield Start(service.list, f"{place}.list", "rls-services/service/list", "rl:")


def _inner_uniqueness(document: RlsServices) -> Iterator[Problem]:
    for start in _inner_lists(document):
        for problem in uniqueness(start):
            field = f"{problem.field}?xmlns(rl={LISTS_NAMESPACE})"
            yield Problem(problem.place, problem.rule, problem.message, field=field)


def _inner_references(document: RlsServices) -> Iterator[Problem]:
    for start in _inner_lists(document):
        yield from references(start)


def _inner_entries(document: RlsServices) -> Iterator[Problem]:
    for start in _inner_lists(document):
        yield from entry_uris(start)


def _list_uris(document: RlsServices) -> Iterator[Problem]:
    for place, uri in _resource_lists(document):
        if not is_absolute_http(uri):
            message = f"{uri!r} is no absolute http or https URI ({_SECTION})"
            yield Problem(place, "resource-list", message)
        elif AUID not in urlsplit(uri).path.split("/"):
            message = f"{uri!r} is of no {AUID} document: {AUID} is no segment of its path ({_SECTION})"
            yield Problem(place, "resource-list", message)


def _own_lists(document: RlsServices, address: DocumentAddress) -> Iterator[Problem]:
    for place, uri in _resource_lists(document):
        if not is_absolute_http(uri):
            continue  # said already
        try:
            target = parse_anchor(uri, address.root).document
        except InvalidAddress as error:
            yield Problem(place, "own-list", f"{error} ({_SECTION})")
            continue
        wrong = None
        if target.root != address.root:
            wrong = f"is not below the document's XCAP root {address.root}"
        elif target.auid != AUID:
            wrong = f"is of {target.auid}, and it has to be of {AUID}"
        elif target.xui is None:
            wrong = "is in the global tree, and it has to be a user's"
        elif address.xui is not None and target.xui != address.xui:
            wrong = f"is a list of {target.xui}, and it has to be one of {address.xui}, like the service"
        if wrong is not None:
            yield Problem(place, "own-list", f"{uri!r} {wrong} ({_SECTION})")


def _resource_lists(document: RlsServices) -> Iterator[tuple[str, str]]:
    for place, service in services(document):
        if service.resource_list is not None:
            yield f"{place}.resource_list", service.resource_list.strip()


RLS_SERVICES = ApplicationUsage(
    auid="rls-services",
    root=RlsServices,
    media_type="application/rls-services+xml",
    keys={Service: "uri", ResourceList: "name", Entry: "uri", EntryRef: "ref", External: "anchor"},
    empty=RlsServices,
    checks=(
        Check("uniqueness", _SECTION, _service_uris),
        Check("uniqueness", _SECTION, _inner_uniqueness),
        Check("reference", _SECTION, _inner_references),
        Check("uri", ENTRIES, _inner_entries),
        Check("resource-list", _SECTION, _list_uris),
        PlacedCheck("own-list", _SECTION, _own_lists),
        namespaces("RFC 4826 §4.2"),
    ),
    unique=Unique(SERVICE_URI, _SECTION, lambda document: (service.uri for service in document.services)),
    guarded=True,
)
"""Services of resource list servers (RFC 4826 §4)."""
