"""What a writer process does: one edit after the other on a document that others edit, too."""

from __future__ import annotations

import sys
from collections import Counter

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import Conflicted, XcapClient

LISTS = 4


def write(root: str, user: str, writer: int, edits: int) -> Counter[str]:
    """Add entries of its own, partly in a block that merges, partly by a function; and count in all of them.

    An edit that was given up, as somebody else was faster each time, is made again: it was not acknowledged.
    """
    tally = Counter[str]()
    with XcapClient(root, user=user) as xcap:
        for number in range(edits):
            uri = f"sip:{writer}-{number}@example.org"
            for _ in range(100):
                try:
                    if number % 4 == 3:
                        report = xcap.resource_lists.update(lambda book, uri=uri: count_and_add(book, uri))
                    else:
                        with (edit := xcap.resource_lists.edit()) as book:
                            book.lists.ensure(f"list{number % LISTS}").entries.add(uri)
                        assert edit.report is not None
                        report = edit.report
                except Conflicted:
                    tally["given up"] += 1
                    continue
                tally[report.outcome] += 1
                tally["merged"] += report.merged
                tally["requests"] += report.requests
                break
            else:
                raise AssertionError("nothing gets through")
    return tally


def count_and_add(book: ResourceLists, uri: str) -> None:
    counted = book.lists.ensure("counted")
    counted.label = str(int(counted.label or "0") + 1)
    book.lists.ensure(f"list{LISTS - 1}").entries.add(uri)


if __name__ == "__main__":
    root, user, writer, edits = sys.argv[1:]
    print(dict(write(root, user, int(writer), int(edits))))
