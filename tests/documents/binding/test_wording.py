"""What a schema refuses is said in words for people."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from xcap_documents.simservs import Simservs
from xcap_sdk import InvalidDocument, parse, validate
from xcap_sdk.documents.schemas import bases
from xcap_sdk.documents.validation import schema_problems

TIMER = (
    '<simservs xmlns="http://uri.etsi.org/ngn/params/xml/simservs/xcap">'
    "<communication-diversion><NoReplyTimer>{}</NoReplyTimer></communication-diversion></simservs>"
)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("3", "'3' is too small: it has to be at least 5"),
        ("200", "'200' is too large: it has to be at most 180"),
        ("20.5", "'20.5' is no valid noReplyTimerType: it has to be a whole number"),
        ("", "'' is no valid noReplyTimerType: it has to be a whole number"),
    ],
)
def test_a_number_of_a_document(value: str, message: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        validate(parse(TIMER.format(value), Simservs))
    assert [problem.message for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    ("base", "facet", "value", "message"),
    [
        ("int", '<xs:minExclusive value="5"/>', "5", "'5' is too small: it has to be more than 5"),
        ("int", '<xs:maxExclusive value="5"/>', "7", "'7' is too large: it has to be less than 5"),
        ("int", '<xs:totalDigits value="2"/>', "777", "'777' has more digits than the 2 allowed"),
        (
            "decimal",
            '<xs:fractionDigits value="1"/>',
            "0.12",
            "'0.12' has more decimals than the 1 allowed",
        ),
        ("string", '<xs:length value="2"/>', "it's", "the length has to be 2"),
        (
            "string",
            '<xs:minLength value="2"/>',
            "a",
            "it is too short: the length has to be at least 2",
        ),
        (
            "string",
            '<xs:maxLength value="2"/>',
            "abc",
            "it is too long: the length has to be at most 2",
        ),
    ],
)
def test_facets(tmp_path: Path, base: str, facet: str, value: str, message: str) -> None:
    xsd = tmp_path / "a.xsd"
    xsd.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:element name="a">'
        f'<xs:simpleType><xs:restriction base="xs:{base}">{facet}</xs:restriction></xs:simpleType>'
        "</xs:element></xs:schema>",
        encoding="utf-8",
    )
    document = etree.ElementTree(etree.fromstring(f'<a xmlns="urn:a">{value}</a>'))
    assert [problem.message for problem in schema_problems(document, xsd)] == [message]


@pytest.mark.parametrize("kind", ["boolean", "int", "unsignedByte", "positiveInteger", "dateTime", "date"])
def test_what_a_value_has_to_be(tmp_path: Path, kind: str) -> None:
    xsd = tmp_path / "a.xsd"
    xsd.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">'
        f'<xs:element name="a" type="xs:{kind}"/></xs:schema>',
        encoding="utf-8",
    )
    document = etree.ElementTree(etree.fromstring('<a xmlns="urn:a">x</a>'))
    [problem] = schema_problems(document, xsd)
    assert problem.message.startswith(f"'x' is no valid xs:{kind}: it has to be ")


def test_the_types_of_the_schemas_lead_to_those_of_xml_schema() -> None:
    assert bases()["{http://uri.etsi.org/ngn/params/xml/simservs/xcap}noReplyTimerType"].startswith("xs:")
    assert all(base.startswith("xs:") or base in bases() for base in bases().values())
