"""One changed entry among 10,000: the diff against a stock xsdata parse of the same document, in one run.

Run with ``python benchmarks/diff.py``; prints medians of nine repeats in milliseconds, and their ratio.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.classes import classes
from xcap_sdk.documents.outline import Outline
from xcap_sdk.editing.diff import align
from xcap_sdk.editing.lineage import Lineage, Snapshot
from xcap_sdk.usages import RESOURCE_LISTS

ENTRIES = 10_000
REPEATS = 9


def median(function: Callable[[], object]) -> float:
    """The median time of a call, in milliseconds."""
    times: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def main() -> None:
    """Measure and print."""
    book = ResourceLists()
    friends = book.lists.add("friends")
    for number in range(ENTRIES):
        friends.entries.add(f"sip:user{number}@example.org", display_name=f"User {number}")
    document = serialize(book)
    base, edited = parse(document, ResourceLists), parse(document, ResourceLists)
    snapshot = Snapshot(edited)
    edited.lists["friends"].entries[f"sip:user{ENTRIES // 2}@example.org"].label = "changed"

    def stock() -> object:
        return XmlParser(context=classes()).parse(
            etree.ElementTree(etree.fromstring(document)), ResourceLists
        )

    def diff() -> object:
        lineage = Lineage.of(snapshot, base)
        before, after = Outline.of(base), Outline.of(edited)
        inner = align(before, after, RESOURCE_LISTS.keys, lineage)
        return align(inner.before[0], inner.after[0], RESOURCE_LISTS.keys, lineage)

    stock_ms, diff_ms = median(stock), median(diff)
    print(f"{ENTRIES} entries, {len(document)} bytes; medians of {REPEATS}")
    print(f"stock xsdata parse  {stock_ms:8.1f} ms")
    print(f"diff, one change    {diff_ms:8.1f} ms")
    print(f"ratio               {diff_ms / stock_ms:8.1%}")


if __name__ == "__main__":
    main()
