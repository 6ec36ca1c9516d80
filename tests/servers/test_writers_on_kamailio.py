"""Many writers at once on Kamailio, with what the SDK knows of it by itself: nothing is lost, nothing doubled."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from kamailio import missing

from editing import EDITS, name_of
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import Conflicted, Unconditional, XcapClient
from xcap_sdk.usages import OMA_PRES_RULES, PRES_RULES, PRESENCE, RLS_SERVICES, ApplicationUsage

if why := missing():
    pytest.skip(why, allow_module_level=True)

Write = Callable[[XcapClient, str], None]
"""Adds an entry with a URI by some way of writing."""


def written(kamailio: XcapClient, write: Callable[[str], Write], writers: int, edits: int) -> Counter[str]:
    """Let many clients write into one document; gives how often each URI that they wrote is in it."""
    name = f"test-{secrets.token_hex(4)}"
    with kamailio.resource_lists.edit(document=name) as book:
        book.lists.ensure("all")

    def one(writer: int) -> None:
        with XcapClient(kamailio.root.uri, user="sip:alice@example.org") as client:
            for number in range(edits):
                write(name)(client, f"sip:{writer}-{number}@example.org")

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(one, range(writers)))
    entries = kamailio.resource_lists.get(document=name).model.lists["all"].entries
    kamailio.resource_lists.delete(document=name)
    return Counter(entry.uri or "" for entry in entries)


def each(writers: int, edits: int) -> Counter[str]:
    return Counter(
        f"sip:{writer}-{number}@example.org" for writer in range(writers) for number in range(edits)
    )


def adding(uri: str) -> Callable[[ResourceLists], object]:
    return lambda book: book.lists["all"].entries.add(uri)


def by_update(name: str) -> Write:
    return lambda client, uri: client.resource_lists.update(adding(uri), document=name) and None


def by_edit(name: str) -> Write:
    def write(client: XcapClient, uri: str) -> None:
        with client.resource_lists.edit(document=name) as book:
            adding(uri)(book)

    return write


def by_save(name: str) -> Write:
    """As somebody does who sees to conflicts himself: what was read again may have the entry already."""

    def write(client: XcapClient, uri: str) -> None:
        while True:
            document = client.resource_lists.get(document=name)
            document.model.lists["all"].entries.ensure(uri)
            try:
                document.save(on_conflict="raise")
            except Conflicted:
                continue
            return

    return write


def test_eight_writers_of_fifty_edits_lose_nothing(kamailio: XcapClient) -> None:
    assert written(kamailio, by_update, 8, 50) == each(8, 50)


@pytest.mark.parametrize("write", [by_edit, by_save])
def test_nor_do_those_who_write_in_other_ways(write: Callable[[str], Write], kamailio: XcapClient) -> None:
    assert written(kamailio, write, 8, 6) == each(8, 6)


COUNTED: dict[ApplicationUsage[Any], Callable[[Any], list[str]]] = {
    PRES_RULES: lambda policy: [one.id for one in policy.rules],
    OMA_PRES_RULES: lambda policy: [one.id for one in policy.rules],
    RLS_SERVICES: lambda services: [one.uri for one in services.services],
    PRESENCE: lambda presence: [one.id for one in presence.tuples],
}
"""What `editing` adds to, by name."""


@pytest.mark.parametrize("usage", COUNTED, ids=str)
def test_nor_is_anything_lost_of_other_usages(usage: ApplicationUsage[Any], kamailio: XcapClient) -> None:
    name, documents = name_of(usage, f"test-{secrets.token_hex(4)}"), kamailio.repository(usage)
    address, writers, edits = documents.address(name), 5, 4

    def one(writer: int) -> None:
        with XcapClient(kamailio.root.uri, user="sip:alice@example.org") as client:
            for number in range(edits):
                uri = f"sip:w{writer}-{number}@example.org"
                if number % 2:
                    client.repository(usage).update(
                        lambda model, uri=uri: EDITS[usage](model, uri), document=name
                    )
                else:
                    with client.repository(usage).edit(document=name) as model:
                        EDITS[usage](model, uri)

    with documents.edit(document=name) as model:
        EDITS[usage](model, "sip:first@example.org")
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(one, range(writers)))
    found = COUNTED[usage](documents.get(document=name).model)
    kamailio.delete(address, condition=Unconditional())
    assert len(found) == len(set(found)) == writers * edits + 1
