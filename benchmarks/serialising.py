"""From models to bytes."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.serializers import XmlSerializer

from benchmarks.corpus import book
from benchmarks.pydantic_model import Lists
from benchmarks.timing import Results, Row, Scale, interleaved, median, milliseconds, ratio
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import parse, serialize

_NAMESPACE = "urn:ietf:params:xml:ns:resource-lists"
_LARGEST = 10_000


def run(scale: Scale) -> Results:
    """Measure."""
    results = Results()
    stock = XmlSerializer(context=XmlContext())
    for entries in (size for size in scale.sizes if size <= _LARGEST):
        document = book(entries)
        model = parse(document, ResourceLists)
        tree, other = etree.fromstring(document), ElementTree.fromstring(document)
        peer = Lists.from_xml(document)
        functions: dict[str, Callable[[], object]] = {
            "SDK": lambda model=model: serialize(model),
            "lxml": lambda tree=tree: etree.tostring(tree, xml_declaration=True, encoding="UTF-8"),
            "stock xsdata": lambda model=model: stock.render(  # pyright: ignore[reportUnknownMemberType]
                model, ns_map={None: _NAMESPACE}
            ).encode(),
            "ElementTree": lambda other=other: ElementTree.tostring(other, "utf-8"),
            "pydantic-xml": lambda peer=peer: peer.to_xml(),
        }
        times = interleaved(functions, scale.repeats)
        subject = f"serialise, {entries:,} entries"
        results.rows += [
            Row(
                subject,
                "times as fast as stock xsdata",
                ratio(times, "stock xsdata", "SDK"),
                "×",
                30,
                "least",
                milliseconds(times),
            ),
            Row(
                subject,
                "times as long as lxml's tostring of a ready tree",
                ratio(times, "SDK", "lxml"),
                "×",
                3,
            ),
        ]
        for name in times:
            results.series.setdefault(f"serialise: {name}", {})[entries] = median(times, name)
    return results
