"""org.openmobilealliance.groups (OMA XDM Shared Group, TS 24.481): groups and who may join them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xcap_documents.oma_common_policy import Anchor
from xcap_documents.poc_list_service import Group, ListService
from xcap_documents.resource_lists import Entry, External
from xcap_documents.xdm_extensions import ServiceEnabler
from xcap_sdk.documents.bounded import subscript
from xcap_sdk.errors import Problem
from xcap_sdk.usages.absolute import no_uris, told_of
from xcap_sdk.usages.beyond import Unique
from xcap_sdk.usages.common_policy import IDENTITIES, POLICY_KEYS, identities
from xcap_sdk.usages.list_references import is_absolute_http
from xcap_sdk.usages.namespaces import namespaces
from xcap_sdk.usages.resource_lists import ENTRIES
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SERVICES = "TS 24.481 §6.3.2.3"
_MEMBERS = "RFC 4826 §3.4.5"
_URI = "group/list-service/@uri"
_SCHEMA = "OMA-SUP-XSD_poc_listService-V1_0_2"


def _services(group: Group) -> Iterator[tuple[str, ListService]]:
    """The groups of a document, each with its place."""
    uris = Counter(map(_uri, group.items))
    for number, service in enumerate(group.items):
        uri = _uri(service)
        yield f"services{subscript('services', uri if uris[uri] == 1 else None, number)}", service


def _uri(service: ListService) -> str | None:
    """The URI of a group; a document that was read may lack it."""
    return service.uri


def _uniqueness(group: Group) -> Iterator[Problem]:
    seen = set[str]()
    for place, service in _services(group):
        uri = _uri(service)
        if uri in seen:
            message = f"another group of the document has the uri {uri!r} already ({_SERVICES})"
            yield Problem(f"{place}.uri", "uniqueness", message, field=_URI)
        elif uri is not None:
            seen.add(uri)
        if service.member_list is not None:
            inside = f"{place}.member_list"
            uris: list[str | None] = [entry.uri for entry in service.member_list.items]
            yield from _repeated(uris, f"{inside}.entries", "entry", "uri")
            anchors = [external.anchor for external in service.member_list.references]
            yield from _repeated(anchors, f"{inside}.externals", "external", "anchor")


def _repeated(keys: list[str | None], view: str, element: str, attribute: str) -> Iterator[Problem]:
    seen = set[str]()
    for number, key in enumerate(keys):
        if key in seen:
            message = f"another {element} beside it has the {attribute} {key!r} already ({_MEMBERS})"
            field = f"group/list-service/list/{element}/@{attribute}"
            yield Problem(f"{view}[{number}].{attribute}", "uniqueness", message, field=field)
        elif key is not None:
            seen.add(key)


def _references(group: Group) -> Iterator[Problem]:
    for place, service in _services(group):
        references = service.member_list.references if service.member_list is not None else []
        for number, external in enumerate(references):
            if external.anchor is not None and not is_absolute_http(external.anchor):
                message = f"{external.anchor!r} is no absolute http or https URI ({_MEMBERS})"
                yield Problem(f"{place}.member_list.externals[{number}].anchor", "reference", message)


def _member_uris(group: Group) -> Iterator[Problem]:
    for place, service in _services(group):
        entries = service.member_list.items if service.member_list is not None else []
        for number, uri in no_uris(entry.uri for entry in entries):
            yield told_of(f"{place}.member_list.entries[{number}].uri", uri, ENTRIES)


def _identities(group: Group) -> Iterator[Problem]:
    for place, service in _services(group):
        if service.ruleset is not None:
            yield from identities(service.ruleset, f"{place}.")


GROUPS = ApplicationUsage(
    auid="org.openmobilealliance.groups",
    root=Group,
    media_type="application/vnd.oma.poc.groups+xml",
    keys={
        **POLICY_KEYS,
        ListService: "uri",
        Entry: "uri",
        External: "anchor",
        Anchor: "anc",
        ServiceEnabler: "enabler",
    },
    empty=Group,
    unique=Unique(_URI, _SERVICES, lambda group: (service.uri for service in group.items), per_tree=True),
    folders=("global/byGroupID",),
    checks=(
        Check("uniqueness", f"{_SERVICES}, {_MEMBERS}", _uniqueness),
        Check("reference", _MEMBERS, _references),
        Check("uri", ENTRIES, _member_uris),
        Check("uri", IDENTITIES, _identities),
        namespaces(_SCHEMA),
    ),
)
"""Groups (OMA XDM Shared Group).

The name of a document is its author's choice; 3GPP has each group in the global tree, too, as ``byGroupID/``
and the group's URI (TS 24.481 §7.2.10.2).
"""
