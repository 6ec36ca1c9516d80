"""Schemas, and the places of what they refuse."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from binding_classes import NAMESPACE, Book, Loose, Rack
from lxml import etree
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import StatusIcon
from xcap_documents.pres_rules import SubHandlingElement
from xcap_documents.resource_lists import Entry, ResourceList, ResourceLists
from xcap_documents.xcap_error import XcapError
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.bounded import MOST
from xcap_sdk.documents.findings import find_path
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import place, python_name
from xcap_sdk.documents.placing import Placer
from xcap_sdk.documents.schemas import Breach, Schema, schema_for
from xcap_sdk.documents.validation import (
    check_document,
    schema_problems,
    validate,
)
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import InvalidDocument, InvalidInput, NotWellFormed, Problem, UnexpectedDocument

RL = "urn:ietf:params:xml:ns:resource-lists"
CP = "urn:ietf:params:xml:ns:common-policy"
PR = "urn:ietf:params:xml:ns:pres-rules"


def lists(content: str) -> bytes:
    return f'<resource-lists xmlns="{RL}">{content}</resource-lists>'.encode()


def rules(content: str) -> bytes:
    return f'<cp:ruleset xmlns:cp="{CP}" xmlns:pr="{PR}">{content}</cp:ruleset>'.encode()


def found(data: bytes, root: type | None = None) -> list[tuple[str, str]]:
    problems = schema_problems(data, None, root)
    assert all(problem.rule == "schema" and problem.field is None for problem in problems)
    return [(problem.place, problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        (
            '<list name="a"><entry uri="x"/><list/><entry uri="::%%"/></list>',
            'lists["a"].entries[1].uri',
            "'::%%' is no valid xs:anyURI",
        ),
        (
            '<list/><list name="b" x="1"/>',
            'lists["b"].attributes["x"]',
            "the attribute x is not allowed here",
        ),
        (
            '<list name="a"/><list name="a"><entry uri="x"/><odd/></list>',
            "lists[1]",
            "the element odd is not expected here; expected: any element of another namespace",
        ),
        (
            '<list name="a"><entry uri="x"><display-name xml:lang="no tag">x</display-name></entry></list>',
            'lists["a"].entries["x"].display_name.lang',
            "'no tag' has not the form that is asked for",
        ),
        (
            '<list name="a"><display-name xml:lang="\x9b2J\u2028">x</display-name></list>',
            'lists["a"].display_name.lang',
            r"'\x9b2J\u2028' has not the form that is asked for",
        ),
        (
            '<list name="a"><entry uri="x"/>text</list>',
            'lists["a"]',
            "Character content other than whitespace is not allowed because the content type is 'element-only'.",
        ),
        (
            '<list name="a"><e:e xmlns:e="urn:e"/><entry uri="x"/></list>',
            'lists["a"].entries["x"]',
            "the element entry is not expected here",
        ),
    ],
)
def test_places_and_words(content: str, place: str, message: str) -> None:
    assert found(lists(content), ResourceLists) == [(place, message)]


def test_places_in_policies() -> None:
    data = rules(
        '<cp:rule id="1a"/><!-- c --><cp:rule id="b"><cp:conditions><cp:identity/></cp:conditions>'
        "<cp:actions><pr:sub-handling>maybe</pr:sub-handling></cp:actions>"
        '<cp:transformations><pr:provide-activities x="1">2</pr:provide-activities><pr:odd/></cp:transformations></cp:rule>'
        '<cp:rule id="b"/>'
    )
    assert found(data, Ruleset) == [
        (
            "rules[0].id",
            "'1a' is no valid xs:ID: it has to begin with a letter or _, to have only letters, digits and . - _, "
            "and to be on no other element",
        ),
        ("rules[1].identity", "lacks an element; expected: one, many, any element of another namespace"),
        ("rules[1].sub_handling", "'maybe' is none of 'block', 'confirm', 'polite-block', 'allow'"),
        ('rules[1].provide_activities.attributes["x"]', "the attribute x is not allowed here"),
        ("rules[1].provide_activities", "'2' is no valid booleanPermission: it has to be true or false"),
        (
            "rules[2].id",
            "'b' is rules[1].id already: an id is unique in the whole document, so give one of the two "
            "another one",
        ),
    ]


def test_a_missing_attribute() -> None:
    body = b'<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error"><uniqueness-failure><exists/></uniqueness-failure></xcap-error>'
    assert found(body, XcapError) == [("condition.exists[0].field_name", "is required, and missing")]


def test_without_a_class_the_path_says_where() -> None:
    assert found(lists('<list><entry uri="::%%"/></list>')) == [
        ("/*/*/*/@uri", "'::%%' is no valid xs:anyURI")
    ]


def test_what_no_schema_knows_is_not_checked() -> None:
    assert schema_problems(b"<a/>") == []
    with pytest.raises(NotWellFormed):
        schema_problems(b"<a>")


def test_what_older_parsers_say_twice_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    element = "Element '{u}sub-handling'"
    twice = [
        Breach(f"{element}: [facet 'enumeration'] The value 'x' is not an element of the set {{'y'}}.", "/a"),
        Breach(f"{element}: 'x' is not a valid value of the atomic type 'z'.", "/a"),
    ]
    monkeypatch.setattr(Schema, "breaches", lambda *_: twice)
    assert found(lists("")) == [("/a", "'x' is none of 'y'")]


def test_no_more_problems_than_a_person_reads() -> None:
    problems = found(lists("<list>" + '<entry uri="::%%"/>' * 300 + "</list>"), ResourceLists)
    assert [place for place, _ in problems] == [*(f"lists[0].entries[{n}].uri" for n in range(MOST)), ""]
    assert problems[-1][1] == "and 200 more; once these are put right, they show"


def test_another_root_than_the_schema_knows() -> None:
    (problem,) = schema_problems(
        lists("").replace(b"resource-lists", b"list", 1).replace(b"/resource-lists>", b"/list>")
    )
    assert "No matching global declaration" in problem.message


def test_a_model_with_several_problems() -> None:
    book = ResourceLists()
    friends = book.lists.add("friends")
    friends.entries.add("::%%")
    friends.extensions.append(Entry(uri="x"))

    def check(model: object) -> Iterator[Problem]:
        assert model is book
        yield Problem("lists", "politeness", "say please")

    with pytest.raises(InvalidDocument) as caught:
        validate(book, checks=[check])
    assert [problem.place for problem in caught.value.problems] == [
        'lists["friends"].entries[0].uri',
        'lists["friends"].extensions[0]',
        "lists",
    ]
    assert str(caught.value).startswith("this ResourceLists is not valid, it has 3 problems:\n  lists[")
    validate(ResourceLists(items=[ResourceList(name="a")]))


def test_a_value_of_no_enumeration_in_a_model() -> None:
    policy = parse(rules('<cp:rule id="a"><cp:actions/></cp:rule>'), Ruleset)
    spoiled = SubHandlingElement(value="maybe")  # pyright: ignore[reportArgumentType]
    policy.items[0].actions.extensions.append(spoiled)
    with pytest.raises(InvalidDocument, match=r'rules\["a"\]\.sub_handling: .maybe. is none of') as caught:
        validate(policy)
    assert len(caught.value.problems) == 1


def test_a_document_as_it_would_be_sent() -> None:
    valid = lists('<list name="a"/>')
    check_document(valid, ResourceLists)
    with pytest.raises(InvalidDocument, match="it has a problem"):
        check_document(lists("<odd/>"), ResourceLists)
    problem = Problem("", "mood", "not today")
    with pytest.raises(InvalidDocument, match="document: not today"):
        check_document(valid, ResourceLists, checks=[lambda _: [problem]])
    with pytest.raises(UnexpectedDocument):
        check_document(b"<odd/>", ResourceLists)


def test_validating_again_after_an_edit_finds_no_ghosts() -> None:
    policy = parse(rules('<cp:rule id="a"/>'), Ruleset)
    for _ in range(3):
        validate(policy)
        policy.items[0] = parse(rules('<cp:rule id="a"/>'), Ruleset).items[0]


def test_threads_share_a_schema() -> None:
    wrong: list[object] = []

    def work(bad: bool) -> None:
        data = lists('<list><entry uri="::%%"/></list>' if bad else "<list/>")
        for _ in range(100):
            if len(schema_problems(data)) != int(bad):
                wrong.append(bad)

    threads = [threading.Thread(target=work, args=(bool(number % 2),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_an_icon() -> None:
    icon = b'<content xmlns="urn:oma:xml:prs:pres-content"><data>aGk=</data></content>'
    assert found(icon, StatusIcon) == []
    assert found(icon.replace(b"<data>", b"<data x='1'>").replace(b"data", b"odd"), StatusIcon)


# Schemas of one's own.

OWN = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{NAMESPACE}"
  xmlns="{NAMESPACE}" xmlns:rl="{RL}" elementFormDefault="qualified">
  IMPORTS
  <xs:element name="rack"><xs:complexType><xs:sequence>
    <xs:element name="book" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
      <xs:attribute name="isbn" type="xs:integer" use="required"/></xs:complexType></xs:element>
    <xs:any namespace="##other" processContents="strict" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""


def own(folder: Path, imports: str = "") -> Path:
    path = folder / "rack & räck.xsd"
    path.write_text(OWN.replace("IMPORTS", imports), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "location", ["", 'schemaLocation="http://example.org/rl.xsd"', 'schemaLocation="resource-lists.xsd"']
)
def test_own_schemas_import_ours_without_network(tmp_path: Path, location: str) -> None:
    schema = own(tmp_path, f'<xs:import namespace="{RL}" {location}/>')
    rack = Rack(book=[Book(isbn="1")], only=ResourceLists(items=[ResourceList(name="a")]))
    validate(rack, schema=schema)
    rack.book.append(Book(isbn="x"))
    assert isinstance(rack.only, ResourceLists)
    rack.only.items[0].items.append(Entry(uri="::%%"))
    with pytest.raises(InvalidDocument) as caught:
        validate(rack, schema=schema)
    assert [problem.place for problem in caught.value.problems] == [
        "book[1].isbn",
        'only.lists["a"].entries[0].uri',
    ]


def test_own_schemas_import_their_neighbours(tmp_path: Path) -> None:
    (tmp_path / "next.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:n">'
        f'<xs:import namespace="{RL}"/><xs:element name="n" type="xs:int"/></xs:schema>'
    )
    schema = own(tmp_path, '<xs:import namespace="urn:n" schemaLocation="next.xsd"/>')
    validate(Rack(only=AnyElement(qname="{urn:n}n", text="1")), schema=schema)
    with pytest.raises(InvalidDocument, match="only: 'x' is no valid xs:int"):
        validate(Rack(only=AnyElement(qname="{urn:n}n", text="x")), schema=schema)


def test_a_pattern_that_takes_too_much_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "next.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:n"><xs:element name="n">'
        '<xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="(a*|b|(a|b)*)*c"/></xs:restriction>'
        "</xs:simpleType></xs:element></xs:schema>"
    )
    schema = own(tmp_path, '<xs:import namespace="urn:n" schemaLocation="next.xsd"/>')
    with pytest.raises(InvalidDocument, match="it takes too much to tell"):
        validate(Rack(only=AnyElement(qname="{urn:n}n", text="a" * 40)), schema=schema)


def test_a_changed_schema_counts_at_once(tmp_path: Path) -> None:
    schema = own(tmp_path)
    validate(Rack(), schema=schema)
    schema.write_text(schema.read_text(encoding="utf-8").replace("rack", "crate"), encoding="utf-8")
    assert schema_for(schema).namespaces == {NAMESPACE}
    with pytest.raises(InvalidDocument):
        validate(Rack(), schema=schema)


@pytest.mark.parametrize(
    "content",
    [
        "<a",
        "<a/>",
        OWN.replace("IMPORTS", '<xs:import namespace="u" schemaLocation="http://x.invalid/y"/>')
        .replace("xs:integer", "u:t")
        .replace("xmlns:rl", 'xmlns:u="u" xmlns:rl'),
    ],
)
def test_files_that_are_no_schema(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.xsd"
    path.write_text(content)
    with pytest.raises(InvalidInput, match="cannot be used"):
        schema_for(path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        schema_for(tmp_path / "none.xsd")


# Places.


def test_paths_of_libxml2() -> None:
    root = etree.fromstring(b'<a xmlns="u" xmlns:p="u"><!-- --><b/><p:b/><b><c xmlns=""/></b></a>')
    assert find_path(root, "/*/*[3]") is root[3]
    assert find_path(root, "/*/p:b") is root[2]
    assert find_path(root, "/*/*[3]/c") is root[3][0]
    assert find_path(root, "/*/*[4]") is None
    assert find_path(root, "/x") is None


def test_steps_lead_as_far_as_the_model_goes() -> None:
    data = lists(
        '<list name="a"><odd><entry uri="no"/></odd><entry uri="x"/><display-name>late</display-name></list>'
    )
    tree = parse_xml(data)
    outline = Outline.of(parse(data, ResourceLists))
    only = tree.getroot()[0]
    assert Placer(outline).steps(tree.getroot()) == ([], True)
    assert Placer(outline).steps(only[0]) == ([0], False)
    assert Placer(outline).steps(only[0][0]) == ([0], False)
    assert Placer(outline).steps(only[1]) == ([0, 1], True)
    assert Placer(outline).steps(only[2]) == ([0, 0], True)


def test_places_of_what_has_no_view() -> None:
    outline = Outline.of(
        Rack(
            book=[Book(isbn="1"), Book(isbn="2")],
            loose=Loose(content=["x", AnyElement(qname="{u}a", attributes={"b": "c"})]),
            choice=[1, True],
        )
    )
    fields = [child.field for child in outline.children]
    assert place(outline, []) == ""
    assert place(outline, [fields.index("book") + 1], "isbn") == "book[1].isbn"
    assert place(outline, [fields.index("choice") + 1]) == "choice[1]"
    assert place(outline, [fields.index("loose")]) == "loose"
    assert place(outline, [fields.index("loose"), 0], "b") == 'loose.children[0].attributes["b"]'
    assert place(outline, [], "odd") == 'attributes["odd"]'


def test_names_in_python() -> None:
    assert python_name("{u}sub-handling") == "sub_handling"
    assert python_name("deviceID") == "device_id"
    assert python_name("{u}from") == "from_"


def test_serialized_models_are_what_is_checked() -> None:
    assert (
        schema_problems(serialize(ResourceLists(items=[ResourceList(name="a")])), None, ResourceLists) == []
    )
