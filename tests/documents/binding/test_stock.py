"""The compiled binding reads and writes valid documents as stock xsdata does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.classes import classes
from xcap_sdk.documents.validation import schema_problems

sys.path.insert(0, str(Path(__file__).parents[2] / "editing"))
from editing_documents import pres_rules, resource_lists

ROOTS: list[tuple[type, st.SearchStrategy[bytes]]] = [
    (ResourceLists, resource_lists()),
    (Ruleset, pres_rules()),
]


def stock_parse(document: bytes, root: type) -> object:
    """What stock xsdata makes of a strictly parsed tree; it takes a comment within a text for the text's end."""
    parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True)
    tree = etree.ElementTree(etree.fromstring(document, parser))
    return XmlParser(context=classes()).parse(cast("Any", tree), root)


def stock_serialize(model: object) -> bytes:
    """What stock xsdata writes."""
    return XmlSerializer(context=classes()).render(model).encode()


def canonical(document: bytes) -> list[tuple[object, ...]]:
    """Names, attributes and texts of all elements; prefixes and white space between elements do not count."""
    root = etree.fromstring(document)
    return [
        (each.tag, sorted(each.attrib.items()), (each.text or "").strip() if len(each) else each.text or "")
        for each in root.iter("*")
    ]


@pytest.mark.parametrize(("root", "documents"), ROOTS, ids=["resource-lists", "pres-rules"])
def test_reads_as_stock_xsdata(root: type, documents: st.SearchStrategy[bytes]) -> None:
    @settings(max_examples=40)
    @given(documents)
    def reads(document: bytes) -> None:
        assume(not schema_problems(document))
        assert repr(parse(document, root)) == repr(stock_parse(document, root))

    reads()


@pytest.mark.parametrize(("root", "documents"), ROOTS, ids=["resource-lists", "pres-rules"])
def test_writes_as_stock_xsdata(root: type, documents: st.SearchStrategy[bytes]) -> None:
    @settings(max_examples=40)
    @given(documents)
    def writes(document: bytes) -> None:
        model = parse(document, root)
        assert canonical(serialize(model)) == canonical(stock_serialize(model))

    writes()
