"""From the bytes of a document to what a save would send, and how much of that is the diff."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser

from benchmarks.corpus import book, uri, walk
from benchmarks.timing import Results, Row, Scale, exponent, interleaved, median, milliseconds, ratio, shown
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import parse
from xcap_sdk.documents.classes import classes
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing.diff import align
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.plan import Plan
from xcap_sdk.flows.conversation import Session
from xcap_sdk.flows.held import Held, Version
from xcap_sdk.flows.outcomes import Attempt
from xcap_sdk.flows.saving import save
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.messages import Headers, Response
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.usages import RESOURCE_LISTS

_ROOT = XcapRoot("http://localhost/xcap-root")
_SESSION = Session(root=_ROOT)
_ADDRESS = DocumentAddress(root=_ROOT, auid="resource-lists", xui="sip:alice@example.org")
_OK = Response(200, Headers([("ETag", '"2"')]))


def edited(document: bytes) -> Held[ResourceLists]:
    """What a GET makes of the bytes of a document, and one edit in the middle of it."""
    held = Held(_SESSION, RESOURCE_LISTS, _ADDRESS, None, Version(document, '"1"'))
    entries = held.model.lists["friends"].entries
    entries[uri(len(entries) // 2)].label = "changed"
    return held


def bound(document: bytes) -> ResourceLists:
    """From the bytes to the model."""
    return parse(document, ResourceLists)


def planned(document: bytes) -> Plan:
    """From the bytes to the plan."""
    return edited(document).plan()


def checked(document: bytes) -> Plan:
    """From the bytes to the plan, whose result is then checked as a save does: schema and rules."""
    held = edited(document)
    plan = held.plan()
    held.check(plan.target, Attempt(held.model, held.version))
    return plan


def saved(document: bytes) -> None:
    """From the bytes to the end of a save, all but the network."""
    flow = save(edited(document))
    next(flow)
    try:
        flow.send(_OK)
    except StopIteration:
        return


def run(scale: Scale) -> Results:
    """Measure."""
    results = Results()
    document = book(scale.large)
    functions: dict[str, Callable[[], object]] = {
        "walk": lambda: walk(document),
        "bind": lambda: bound(document),
        "plan": lambda: planned(document),
        "plan and check": lambda: checked(document),
    }
    times = interleaved(functions, scale.repeats)
    subject = f"one edit among {scale.large:,} entries"
    results.rows += [
        Row(
            subject,
            "received bytes to ready plan, times as long as a walk over the tree",
            ratio(times, "plan", "walk"),
            "×",
            2.5,
            "most",
            milliseconds(times),
        ),
        Row(
            subject,
            "the same, with the schema and the rules checked as before a save",
            ratio(times, "plan and check", "walk"),
        ),
        _diff(scale, document),
    ]
    growing: dict[str, Callable[[bytes], object]] = {"parse": bound, "plan": planned, "save": saved}
    points: dict[str, dict[int, float]] = {name: {} for name in growing}
    for entries in (size for size in scale.sizes if size >= min(1_000, scale.large // 2)):
        document = book(entries)
        functions = {name: lambda each=each, it=document: each(it) for name, each in growing.items()}
        times = interleaved(functions, scale.repeats)
        for name in growing:
            points[name][entries] = median(times, name)
    for name, line in points.items():
        detail = ", ".join(f"{entries:,}: {shown(seconds * 1000)} ms" for entries, seconds in line.items())
        first, last = min(line), max(line)
        subject = f"growth of {name}, {first:,} to {last:,} entries"
        results.rows.append(Row(subject, "fitted exponent", exponent(line), "", 1.1, "most", detail))
    results.series |= {f"from bytes: {name}": points[name] for name in ("plan", "save")}
    return results


def _diff(scale: Scale, document: bytes) -> Row:
    """The diff alone, which finds what the edit has changed."""
    model = parse(document, ResourceLists)
    snapshot = Snapshot(model)
    model.lists["friends"].entries[uri(scale.large // 2)].label = "changed"
    stock = XmlParser(context=classes())

    def diff() -> object:
        lineage = Lineage.of(snapshot)
        before, after = Outline.of(lineage.base), Outline.of(model)
        inner = align(before, after, RESOURCE_LISTS.keys, lineage)
        return align(inner.before[0], inner.after[0], RESOURCE_LISTS.keys, lineage)

    times = interleaved(
        {
            "diff": diff,
            "stock xsdata": lambda: stock.parse(etree.ElementTree(etree.fromstring(document)), ResourceLists),
        },
        scale.repeats,
    )
    percent = 100 * ratio(times, "diff", "stock xsdata")
    return Row(
        f"one edit among {scale.large:,} entries",
        "the diff alone, of stock xsdata's parse",
        percent,
        "%",
        5,
        "most",
        milliseconds(times),
    )
