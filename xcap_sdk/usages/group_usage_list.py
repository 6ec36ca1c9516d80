"""org.openmobilealliance.group-usage-list (OMA XDM Shared List §5.2): the groups that a user uses."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.resource_lists import EntryRef, External, ResourceList, ResourceLists
from xcap_sdk.errors import Problem
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.beyond import PlacedCheck
from xcap_sdk.usages.resource_lists import RESOURCE_LISTS, Start, places
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "OMA-TS-XDM_Shared_List §5.2"
_NAME = "index"


def _entries_only(book: ResourceLists) -> Iterator[Problem]:
    for place, _, item, _ in places(Start(book)):
        if isinstance(item, EntryRef | External):
            element = "an entry-ref" if isinstance(item, EntryRef) else "an external"
            message = f"{element} is not allowed in a group usage list, only entries are ({_SECTION})"
            yield Problem(place.rpartition(".")[0], "entries-only", message)


def _named(book: ResourceLists) -> Iterator[Problem]:
    for place, _, item, _ in places(Start(book)):
        if isinstance(item, ResourceList) and item.name is None:
            yield Problem(place, "list-name", f"the list has no name, which it needs here ({_SECTION})")


def _document(_book: ResourceLists, address: DocumentAddress) -> Iterator[Problem]:
    if address.document != _NAME:
        message = f"the document is called {address.document!r}, and has to be called {_NAME!r} ({_SECTION})"
        yield Problem("", "document-name", message)


GROUP_USAGE_LIST = ApplicationUsage(
    auid="org.openmobilealliance.group-usage-list",
    root=ResourceLists,
    media_type="application/vnd.oma.group-usage-list+xml",
    document=_NAME,
    keys=RESOURCE_LISTS.keys,
    empty=ResourceLists,
    checks=(
        *RESOURCE_LISTS.checks,
        Check("entries-only", _SECTION, _entries_only),
        Check("list-name", _SECTION, _named),
        PlacedCheck("document-name", _SECTION, _document),
    ),
)
"""The groups that a user uses, as lists of their URIs (OMA XDM Shared List)."""
