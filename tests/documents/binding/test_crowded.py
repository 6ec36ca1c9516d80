"""Crowded documents: the same is found in them as in small ones, up to a bound."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from xcap_documents.common_policy import Ruleset
from xcap_sdk.documents import crowded, validation, xml
from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.bounded import MOST, MOST_COUNTED, counted, told
from xcap_sdk.documents.deviations import Deviations, surplus, traits
from xcap_sdk.documents.findings import Finding, findings
from xcap_sdk.documents.limits import Limits, limited
from xcap_sdk.documents.reading import Reading
from xcap_sdk.documents.schemas import schema_for
from xcap_sdk.documents.validation import rule_problems, schema_problems, validate
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import ForbiddenXml, NotWellFormed, Problem

POLICY = "urn:ietf:params:xml:ns:common-policy"
OWN = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:x" xmlns="urn:x"
    xmlns:xml="http://www.w3.org/XML/1998/namespace" elementFormDefault="qualified">
  <xs:simpleType name="mark"><xs:restriction base="xs:ID">
    <xs:annotation><xs:documentation>Not longer than some.</xs:documentation></xs:annotation>
    <xs:maxLength value="100"/></xs:restriction></xs:simpleType>
  <xs:simpleType name="mark-of-mine"><xs:restriction base="mark"/></xs:simpleType>
  <xs:element name="a"><xs:complexType mixed="true"><xs:choice minOccurs="0" maxOccurs="unbounded">
    <xs:element ref="a"/>
    <xs:element name="b"><xs:complexType><xs:attribute name="mine" type="xs:string"/></xs:complexType></xs:element>
  </xs:choice>
    <xs:attribute name="mine" type="mark-of-mine"/>
    <xs:attribute name="inline"><xs:simpleType><xs:restriction base="xs:ID"/></xs:simpleType></xs:attribute>
    <xs:attribute name="also" type="xs:ID" form="qualified"/>
  </xs:complexType></xs:element>
</xs:schema>"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.xsd"
    path.write_text(OWN)
    return path


def ruleset(content: str) -> bytes:
    return f'<?xml version="1.0"?><!-- > --><ruleset xmlns="{POLICY}">{content}</ruleset>'.encode()


def seen(found: list[Finding]) -> list[tuple[object, ...]]:
    """What tells findings, elements by their numbers."""
    numbers: dict[object, int] = {}
    for each in (*(f.element for f in found), *(f.owner for f in found)):
        if each is not None and not numbers:
            numbers = {element: n for n, element in enumerate(each.getroottree().iter())}
    return [(f.name, numbers.get(f.element), f.attribute, f.message, numbers.get(f.owner)) for f in found]


RULE = '<rule id="{}"><conditions><identity>{}</identity></conditions></rule>'

DOCUMENTS = {
    "nothing": ruleset(RULE.format("a", '<one id="a"/><one id="a"/>')),
    "doubled": ruleset(RULE.format("b", '<one id="a"/>') + '<rule id="a"/>\n<rule id="a"/><rule id="b"/>'),
    "no ids": ruleset('<rule id="1"/><rule id="1"/><rule id=""/>'),
    "marked": ruleset(f'<rule id="a{crowded.MARK}"/><rule id="a{crowded.MARK}"/><rule id="b{crowded.MARK}1"/>'),
    "attributes": ruleset('<rule id="a" x="&gt;" y="/>"/><!-- <rule> > --><rule z="1"/><?p <rule/> ?>'),
    "content": ruleset('<rule id="a"><conditions/>text<![CDATA[ </rule> > ]]></rule><x/><rule id="b" c=""/>'),
    "lacks": ruleset(RULE.format("a", "") + '<rule id="b"><conditions><validity/></conditions></rule>'),
    "values": ruleset('<rule id="a"><conditions><validity><from>x</from><until>2</until></validity></conditions></rule>'),
    "prefixed": f'<p:ruleset xmlns:p="{POLICY}"><p:rule/><p:rule id="a"><p:y/></p:rule></p:ruleset>'.encode(),
    "another root": f'<rule xmlns="{POLICY}"/>'.encode(),
    "utf-16": ruleset('<rule id="ä"/><rule id="ä"/>').decode().encode("utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_found_is_the_same(name: str, thorough: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    document = DOCUMENTS[name]
    expected = findings(schema_for(), parse_xml(document), thorough=thorough)
    monkeypatch.setattr(crowded, "_UNCROWDED", -1)
    monkeypatch.setattr(crowded, "_CHUNK", 40)
    found = findings(schema_for(), parse_xml(document), thorough=thorough)
    assert not any(each.path for each in found)
    assert seen(found) == seen(expected)
    assert bool(expected) == (name != "nothing")


IDS = [
    '<a xmlns="urn:x" mine="i"><a mine="i"/><b mine="i"/><b mine="i"/></a>',
    '<a xmlns="urn:x"><b mine="i"/><a mine="i"/></a>',
    '<a xmlns="urn:x" xmlns:p="urn:x" inline="i"><a p:also="i"/><a mine="i" p:also="i"/><a inline="j"/></a>',
]


@pytest.mark.parametrize("document", IDS)
def test_ids_of_schemas_of_ones_own(own: Path, document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = findings(schema_for(own), parse_xml(document.encode()))
    monkeypatch.setattr(crowded, "_UNCROWDED", -1)
    found = findings(schema_for(own), parse_xml(document.encode()))
    assert [each[:3] for each in seen(found)] == [each[:3] for each in seen(expected)]
    assert [each.owner is not None for each in found] == [True] * len(found)
    assert len(found) == {0: 1, 1: 0, 2: 3}[IDS.index(document)]


def test_a_crowd_at_fault_is_told_in_part() -> None:
    document = ruleset("".join(f'<rule id="r{n}" x=""/>' for n in range(3_000)) + '<rule id="r0"/>' * 3_000)
    problems = schema_problems(document, root=Ruleset)
    assert [each.place for each in problems[:2]] == [
        'rules[0].attributes["x"]',
        'rules["r1"].attributes["x"]',
    ]
    assert len(problems) == MOST + 1
    assert problems[-1] == Problem("", "schema", "and 5,900 more; once these are put right, they show")


def test_a_document_with_more_faults_than_are_counted() -> None:
    document = ruleset('<rule id="a"/>' * 12_000)
    problems = schema_problems(document, root=Ruleset)
    assert problems[0].place == "rules[1].id"
    assert problems[0].message.startswith("'a' is rules[0].id already")
    assert problems[-1].message == "and over 9,900 more; once these are put right, they show"
    deviations = Deviations(document, None, Ruleset)
    assert deviations.beyond(deviations) == deviations.problems, "what is not all known is not compared"


def test_faults_at_the_end_of_a_crowd_have_their_places() -> None:
    document = ruleset("".join(f'<rule id="r{n}"/>' for n in range(5_000)) + '<rule id="r7"/><rule/>')
    assert [(each.place, each.message) for each in schema_problems(document, root=Ruleset)] == [
        ("rules[5000].id", "'r7' is rules[7].id already: an id is unique in the whole document, so give one of "
         "the two another one"),
        ("rules[5001].id", "is required, and missing"),
    ]  # fmt: skip


def test_rules_are_not_asked_for_more_than_is_counted() -> None:
    made: list[int] = []

    def endless(_: object) -> object:
        while True:
            made.append(len(made))
            yield Problem(f"x[{made[-1]}]", "endless", "is wrong")

    problems = list(rule_problems([endless], None, broken=False))  # pyright: ignore[reportArgumentType]
    assert len(made) == len(problems) == MOST_COUNTED + 1
    assert surplus(problems, problems, traits) == problems
    assert told(problems)[MOST:] == [
        Problem("", "endless", "and over 9,900 more; once these are put right, they show")
    ]
    assert told(counted(problems[:MOST])) == problems[:MOST]


def test_models_of_any_size_are_validated() -> None:
    model = Ruleset()
    for number in range(100):
        model.rules.add(f"r{number}")
    with limited(Limits(max_bytes=1_000)):
        with pytest.raises(ForbiddenXml):
            parse_xml(serialize(model))
        validate(model)


ODD_DOCUMENTS = [
    ruleset("".join(RULE.format(f"r{n}", '<one id="sip:a@x"/>') for n in range(9))),
    ruleset("".join(RULE.format(f"r{n % 5}", "") for n in range(9))),
    ruleset(RULE.format("r1", "") + RULE.format(" r1 ", "")),
    ruleset(RULE.format("r 1", "")),
    ruleset("<rule/>"),
    ruleset("<rule id='r1'><odd/></rule>"),
    ruleset(RULE.format("r1", "").replace("id=", "id\n =") * 2),
    ruleset('<x:id xmlns:x="urn:x"/>'),
    b"<ruleset/>",
    b'<ruleset xmlns="urn:other"/>',
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("document", ODD_DOCUMENTS)
def test_validation_while_parsing_refuses_the_same(
    monkeypatch: pytest.MonkeyPatch, document: bytes, encoding: str
) -> None:
    text = document.decode().replace("?>", f" encoding='{encoding}'?>", 1)
    data = text.encode(encoding)
    later = schema_problems(data, root=Ruleset)
    monkeypatch.setattr(validation, "_LONG", 0)
    reading = Reading(data, Ruleset)
    assert reading.schema_problems() == later
    is_ours = POLICY in text
    assert (schema_for().parse(data) is not None) == (is_ours and not later)
    assert etree.tostring(reading.source.root) == etree.tostring(parse_xml(data).getroot())


def test_validation_while_parsing_keeps_to_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "_LONG", 0)
    with limited(Limits(max_elements=3)), pytest.raises(ForbiddenXml, match="more than 3 elements"):
        Reading(ODD_DOCUMENTS[0], Ruleset).schema_problems()
    with pytest.raises(NotWellFormed, match="mismatch"):
        Reading(ruleset("<rule></ruleset>"), Ruleset).schema_problems()


def test_validation_while_parsing_stops_early(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ruleset("<odd/>" * 200_000)
    measured: list[object] = []
    monkeypatch.setattr(xml, "len", lambda value: measured.append(value) or len(value), raising=False)
    assert schema_for().parse(data) is None
    logs = [each for each in measured if not isinstance(each, str | bytes)]
    assert len(logs) == 1, "the first piece of many has faults"
