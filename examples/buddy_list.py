"""A softphone's buddy list: show it, add to it, take out of it, sort it.

python examples/buddy_list.py show
python examples/buddy_list.py add friends sip:bob@example.org Bob
python examples/buddy_list.py remove friends sip:bob@example.org
python examples/buddy_list.py sort friends
"""

from __future__ import annotations

import sys

from xcap_documents.resource_lists import Entry
from xcap_sdk import NotFound, XcapClient, canonical_uri


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["show"]:
            show(xcap)
        case ["add", name, uri, *label]:
            with xcap.resource_lists.edit() as book:
                friends = book.lists.ensure(name)
                friends.entries.ensure(canonical_uri(uri)).label = " ".join(label) or None
        case ["remove", name, uri]:
            with xcap.resource_lists.edit() as book:
                book.lists[name].entries.remove(canonical_uri(uri))  # a KeyError if there is none
        case ["sort", name]:
            with xcap.resource_lists.edit() as book:
                book.lists[name].entries.sort(key=shown)
        case _:
            raise SystemExit(__doc__)


def show(xcap: XcapClient) -> None:
    """Print all lists, and the deviations that other clients have left in the document."""
    try:
        document = xcap.resource_lists.get()
    except NotFound:
        print("no buddy list yet")
        return
    for each in document.model.lists:
        print(each.label or each.name)
        for entry in each.entries:
            print(f"  {shown(entry)} <{entry.uri}>")
    for warning in document.warnings:
        print(f"warning: {warning}")


def shown(entry: Entry) -> str:
    """What a person calls an entry."""
    return entry.label or entry.uri


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
