"""From bytes to models."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser

from benchmarks.corpus import book, flat_walk, policy, walk
from benchmarks.pydantic_model import Lists
from benchmarks.timing import Results, Row, Scale, Times, interleaved, median, milliseconds, ratio
from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import parse
from xcap_sdk.documents.reading import Reading

_LARGEST_OF_OTHERS = 10_000


def run(scale: Scale) -> Results:
    """Measure."""
    results = Results()
    stock = XmlParser(context=XmlContext())
    for entries in scale.sizes:
        document = book(entries)
        functions: dict[str, Callable[[], object]] = {
            "SDK": lambda document=document: parse(document, ResourceLists),
            "walk": lambda document=document: walk(document),
            "flat walk": lambda document=document: flat_walk(document),
            "stock xsdata": lambda document=document: stock.from_bytes(document, ResourceLists),
            "lxml": lambda document=document: etree.fromstring(document),
            "ElementTree": lambda document=document: ElementTree.fromstring(document),
        }
        if entries <= _LARGEST_OF_OTHERS:
            functions["pydantic-xml"] = lambda document=document: Lists.from_xml(document)
        times = interleaved(functions, scale.repeats)
        results.rows += _rows(f"parse, {entries:,} entries", times)
        for name in times.keys() - {"flat walk"}:
            results.series.setdefault(f"parse: {name}", {})[entries] = median(times, name)
    rules = policy(scale.rules)
    times = interleaved(
        {
            "SDK": lambda: parse(rules, Ruleset),
            "walk": lambda: walk(rules),
            "flat walk": lambda: flat_walk(rules),
            "stock xsdata": lambda: stock.from_bytes(rules, Ruleset),
        },
        scale.repeats,
    )
    results.rows += _rows(f"parse, {scale.rules:,} rules", times)
    results.rows.append(_with_schema(scale, stock))
    return results


def _rows(subject: str, times: Times) -> list[Row]:
    details = milliseconds(times)
    return [
        Row(
            subject,
            "times as fast as stock xsdata",
            ratio(times, "stock xsdata", "SDK"),
            "×",
            7,
            "least",
            details,
        ),
        Row(subject, "times as long as a walk over the tree", ratio(times, "SDK", "walk"), "×", 1.5, "most"),
    ]


def _with_schema(scale: Scale, stock: XmlParser) -> Row:
    document = book(scale.large)

    def strict() -> object:
        reading = Reading(document, ResourceLists)
        assert not reading.schema_problems()
        return reading.model

    functions = {"SDK": strict, "stock xsdata": lambda: stock.from_bytes(document, ResourceLists)}
    times = interleaved(functions, scale.repeats)
    return Row(
        f"strict parse, XSD and binding, {scale.large:,} entries",
        "times as fast as stock xsdata's parse alone",
        ratio(times, "stock xsdata", "SDK"),
        "×",
        5,
        "least",
        milliseconds(times),
    )
