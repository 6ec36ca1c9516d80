"""What a schema refuses is said in words for people."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path

import pytest
from lxml import etree

from xcap_documents.simservs import Simservs
from xcap_sdk import InvalidDocument, parse, validate
from xcap_sdk.documents.schemas import bases
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.documents.wording import worded

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


SAID = [
    "is not an element of the set {'a', 'b'}.",
    "is not accepted by the pattern '[a-z]{2}'.",
    "is less than the minimum value allowed ('5').",
    "is greater than the maximum value allowed ('5').",
    "must be greater than '5'.",
    "must be less than '5'.",
    "has more digits than are allowed ('2').",
    "has more fractional digits than are allowed ('2').",
    "has a length of '9'; this differs from the allowed length of '2'.",
    "has a length of '1'; this underruns the allowed minimum length of '2'.",
    "has a length of '9'; this exceeds the allowed maximum length of '2'.",
    "is not a valid value of the atomic type 'xs:int'.",
]
"""What libxml2 says behind a value."""

FACETS = {
    "enumeration": ('<xs:enumeration value="a"/>', "'{}' is none of 'a'"),
    "pattern": ('<xs:pattern value="[a\'}]{1}"/>', "'{}' has not the form that is asked for"),
    "maxLength": ('<xs:maxLength value="2"/>', "it is too long: the length has to be at most 2"),
}


def schema(folder: Path, facet: str) -> Path:
    """A schema of an element and an attribute whose values are restricted."""
    xsd = folder / "a.xsd"
    xsd.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a" xmlns="urn:a">'
        f'<xs:simpleType name="t"><xs:restriction base="xs:string">{facet}</xs:restriction></xs:simpleType>'
        '<xs:element name="a"><xs:complexType><xs:simpleContent><xs:extension base="t">'
        '<xs:attribute name="b" type="t"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>'
        "</xs:schema>",
        encoding="utf-8",
    )
    return xsd


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("said", SAID)
def test_values_may_hold_what_is_said_of_values(tmp_path: Path, facet: str, said: str) -> None:
    value = f"it's' {said}"
    root = etree.fromstring('<a xmlns="urn:a"/>')
    root.text = value
    root.set("b", value)
    restriction, message = FACETS[facet]
    problems = schema_problems(etree.ElementTree(root), schema(tmp_path, restriction))
    assert [problem.message for problem in problems] == [message.format(value)] * 2


@pytest.mark.parametrize("said", SAID)
def test_what_is_cut_is_not_taken_for_the_words_at_its_end(tmp_path: Path, said: str) -> None:
    root = etree.fromstring('<a xmlns="urn:a"/>')
    xsd = schema(tmp_path, FACETS["enumeration"][0])
    for length in range(200):
        root.text = f"{'x' * (63_800 + length)}' {said}{'x' * 1000}"
        [problem, *_] = schema_problems(etree.ElementTree(root), xsd)
        assert problem.message.startswith("The value 'xxx")


@pytest.mark.parametrize("said", ["'", "{", "[facet 'pattern'] The value '", "Expected is ( a )", *SAID])
def test_it_takes_no_longer_for_hostile_values(said: str) -> None:
    facets = ["", *(f"[facet '{facet}'] The value " for facet in [*FACETS, "minInclusive", "totalDigits"])]
    units = {f"' {said}", f"' {said[:-3]}", re.sub(r"'[^']*'", "", f"' {said} "), f"{said} "}
    for facet, unit, ending in itertools.product(facets, units, ["", *SAID]):
        message = f"Element 'a': {facet}'{unit * (63_000 // len(unit))}' {ending}"
        start = time.process_time()
        worded(message)
        assert time.process_time() - start < 0.5, "less than 0.01 where nothing is slow"


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
