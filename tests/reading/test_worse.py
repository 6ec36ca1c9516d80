"""What counts as worse than the document that was received, and what does not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import PRES_RULES, RESOURCE_LISTS, ApplicationUsage, Check, InvalidDocument, Problem
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.bounded import MOST, MOST_COUNTED
from xcap_sdk.documents.deviations import Deviations
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.usages.validation import Received, check_bytes, validate

RL = "urn:ietf:params:xml:ns:resource-lists"
CP = "urn:ietf:params:xml:ns:common-policy"


def lists(content: str) -> bytes:
    return f'<resource-lists xmlns="{RL}">{content}</resource-lists>'.encode()


def rules(content: str) -> bytes:
    return f'<ruleset xmlns="{CP}">{content}</ruleset>'.encode()


def worse(before: bytes, after: bytes, usage: ApplicationUsage[Any] = RESOURCE_LISTS) -> list[str]:
    try:
        check_bytes(usage, after, parse(after, usage.root), None, Received(usage, before, None))
    except InvalidDocument as error:
        return [str(problem) for problem in error.problems]
    return []


NO_URI = "<entry/>"
BAD_URI = '<entry uri="%zz"/>'
DOUBLE = '<entry uri="sip:a@x"/><entry uri="sip:a@x"/>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"<list>{NO_URI}</list>", f'<list><entry uri="sip:a@x"/>{NO_URI}</list>'),
        (f'<list name="a">{NO_URI}</list>', f'<list name="b">{NO_URI}</list>'),
        (f"<list>{BAD_URI}</list><list/>", f"<list/><list>{BAD_URI}</list>"),
        (f"<list>{BAD_URI}</list>", f"<list><list>{BAD_URI}</list></list>"),
        (f'<list name="a">{DOUBLE}</list>', f'<list/><list name="b"><entry uri="sip:b@x"/>{DOUBLE}</list>'),
        (f"<list>{DOUBLE}</list>", f"<list><list>{DOUBLE}</list></list>"),
        (f"<list>{DOUBLE}{NO_URI}</list>", f'<list>{DOUBLE}<entry uri="sip:c@x"/></list>'),
        ("<list><odd/></list>", "<list><display-name>new</display-name><odd/></list>"),
        (f"<list><odd/>{NO_URI}</list><list/>", f"<list><odd/></list><list>{NO_URI}</list>"),
        (f"<list><odd/>{BAD_URI}</list>", f"<list>{BAD_URI}</list><list/>"),
        ('<list name="a" odd="1"/>', '<list name="b" odd="1"/>'),
    ],
)
def test_what_was_wrong_before_is_not_worse(before: str, after: str) -> None:
    assert parse(lists(before), ResourceLists) != parse(lists(after), ResourceLists)
    assert Received(RESOURCE_LISTS, lists(before), None).problems
    assert worse(lists(before), lists(after)) == []


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("<list/>", f"<list>{NO_URI}</list>", "lists[0].entries[0].uri: is required, and missing [schema]"),
        (f"<list>{NO_URI}</list>", f"<list>{NO_URI}{NO_URI}</list>", "entries[1].uri"),
        (f"<list>{BAD_URI}</list>", '<list><entry uri="%yy"/></list>', "%yy"),
        (f"<list>{DOUBLE}</list>", f'<list>{DOUBLE}<entry uri="sip:a@x"/></list>', "entries[2].uri"),
        (f"<list>{NO_URI}</list>", f"<list>{NO_URI}{DOUBLE}</list>", "[uniqueness]"),
        ("<list><odd/></list>", f"<list><odd/>{BAD_URI}</list>", "entries[0].uri: '%zz'"),
        ("<list><odd/></list>", "<list><odd/><odd/></list>", "the element odd is not expected here"),
    ],
)
def test_more_of_the_same_is_worse(before: str, after: str, place: str) -> None:
    (problem,) = worse(lists(before), lists(after))
    assert place in problem


def test_only_what_is_new_is_told() -> None:
    before = lists("<list><entry/><entry/></list>")
    with pytest.raises(InvalidDocument) as caught:
        after = lists("<list><entry/><entry/><entry/></list>")
        check_bytes(RESOURCE_LISTS, after, ResourceLists(), None, Received(RESOURCE_LISTS, before, None))
    assert len(caught.value.problems) == 1
    assert "it has a problem" in str(caught.value)
    with pytest.raises(InvalidDocument) as caught:
        check_bytes(RESOURCE_LISTS, before, ResourceLists())
    assert len(caught.value.problems) == 2, "without a document before, everything counts"


def test_a_gap_is_the_same_gap_whatever_stands_behind_it() -> None:
    until = "<until>2026-01-31T09:00:00Z</until>"
    rule = '<rule id="a"><conditions><validity>{}</validity></conditions></rule>'
    empty, filled = rules(rule.format("")), rules(rule.format(until))
    assert worse(empty, filled, PRES_RULES) == []
    assert worse(filled, empty, PRES_RULES) == []
    assert worse(rules('<rule id="a"/>'), empty, PRES_RULES) != []


def test_a_third_of_an_id_is_worse_than_two() -> None:
    two = rules('<rule id="a"/><rule id="a"/>')
    assert worse(two, rules('<rule id="b"/><rule id="a"/><rule id="a"/>'), PRES_RULES) == []
    (problem,) = worse(two, rules('<rule id="a"/>' * 3), PRES_RULES)
    assert problem.startswith("rules[")


def test_faults_behind_an_unexpected_element_are_found() -> None:
    data = lists("<list><odd/><entry/><odd><entry/></odd>text<entry uri='%zz'/><list a='1'/></list>")
    assert len(schema_problems(data, None, ResourceLists)) == 1
    found = Received(RESOURCE_LISTS, data, None).problems
    assert [(problem.place, problem.message[:20]) for problem in found] == [
        ("lists[0]", "the element odd is n"),
        ("lists[0].entries[0].uri", "is required, and mis"),
        ("lists[0]", "the element odd is n"),
        ("lists[0]", "Character content ot"),
        ("lists[0].entries[1].uri", "'%zz' is no valid xs"),
        ('lists[0].lists[0].attributes["a"]', "the attribute a is n"),
        ("lists[0].entries[1].uri", "'%zz' is no URI: wri"),
    ]


def test_what_is_taken_out_to_look_further_is_not_missed() -> None:
    data = rules(
        '<rule id="a"><conditions><validity><until>2026-01-31T09:00:00Z</until></validity></conditions></rule>'
    )
    (problem,) = Received(PRES_RULES, data, None).problems
    assert "the element until is not expected here; expected: from" in problem.message


def test_very_many_faults_are_counted_all_and_told_in_part() -> None:
    many = NO_URI * (MOST + 50)
    before, after = lists(f"<list>{many}</list>"), lists(f"<list>{NO_URI}{many}</list>")
    assert len(Received(RESOURCE_LISTS, before, None).problems) == MOST + 1
    assert len(worse(before, after)) == 1
    assert worse(after, before) == []


def test_of_what_rules_refuse_all_is_compared() -> None:
    bad = [f'<entry uri="u{number}@e"/>' for number in range(MOST_COUNTED + 50)]
    good, new = '<entry uri="sip:a@e"/>', '<entry uri="new@e"/>'
    before = lists(f"<list>{''.join(bad)}</list>")
    assert len(Received(RESOURCE_LISTS, before, None).problems) == MOST + 1
    for kept in (bad, bad[::-1], bad[60:]):
        text = "".join(kept)
        assert worse(before, lists(f"<list>{good}{text}</list><list>{good}</list>")) == []
        for after, place in ((new + text, 0), (text + new, len(kept))):
            (problem,) = worse(before, lists(f"<list>{after}</list>"))
            assert problem.startswith(f"lists[0].entries[{place}].uri: ")
    assert len(worse(lists(f"<list>{good}</list>"), before)) == MOST + 1


def test_a_check_that_cannot_cope_with_the_old_document_is_not_held_against_the_edit() -> None:
    def picky(book: ResourceLists) -> list[Problem]:
        keys = [entry.uri.lower() for each in book.lists for entry in each.entries]
        return [Problem("", "picky", f"{key} is no good") for key in keys if "bad" in key]

    usage = replace(RESOURCE_LISTS, checks=(Check("picky", "§1", picky),))
    bad = '<entry uri="sip:bad@x"/>'
    assert worse(lists(f"<list>{NO_URI}{bad}</list>"), lists(f"<list>{bad}</list>"), usage) == []
    assert worse(lists("<list/>"), lists(f"<list>{bad}</list>"), usage) != []
    with pytest.raises(InvalidDocument, match="is required, and missing") as caught:
        validate(parse(lists(f"<list>{bad}{NO_URI}</list>"), ResourceLists), usage)
    assert [problem.rule for problem in caught.value.problems] == ["schema"]


def test_a_check_that_fails_on_a_right_document_says_so() -> None:
    def broken(book: ResourceLists) -> list[Problem]:
        raise LookupError("a fault in the check")

    usage = replace(RESOURCE_LISTS, checks=(Check("broken", "§1", broken),))
    with pytest.raises(LookupError):
        worse(lists("<list/>"), lists(""), usage)


@dataclass(kw_only=True)
class Item:
    """A class without a schema."""

    name: str = field(metadata={"type": "Attribute"})
    size: int | None = field(default=None, metadata={"type": "Attribute"})
    weight: int | None = field(default=None, metadata={"type": "Element"})
    owner: str = field(metadata={"type": "Element"})
    sizes: list[int] = field(default_factory=list, metadata={"type": "Attribute", "tokens": True})


@dataclass(kw_only=True)
class Stock:
    """Its root."""

    class Meta:
        name = "stock"
        namespace = "urn:example:stock"

    item: list[Item] = field(
        default_factory=list, metadata={"type": "Element", "namespace": "urn:example:stock"}
    )
    until: float = field(metadata={"type": "Element", "namespace": "urn:example:stock"})


STOCK = ApplicationUsage(auid="com.example.stock", root=Stock, media_type="application/stock+xml")


def stock(content: str) -> bytes:
    return f'<stock xmlns="urn:example:stock">{content}</stock>'.encode()


def test_without_a_schema_the_classes_say_what_they_ask_for() -> None:
    data = stock('<item name="a" size="big" sizes="1 x"><weight>heavy</weight></item><item/>')
    model = parse(data, Stock)
    assert (model.item[0].size, model.item[0].weight, model.until) == ("big", "heavy", None)
    found = Received(STOCK, data, None).problems
    assert {(problem.place, problem.message) for problem in found} == {
        ("", "lacks an element; expected: until"),
        ("item[0].size", "'big' is no valid int"),
        ("item[0].sizes", "'x' is no valid int"),
        ("item[0].weight", "'heavy' is no valid int"),
        ("item[0]", "lacks an element; expected: owner"),
        ("item[1].name", "is required, and missing"),
        ("item[1]", "lacks an element; expected: owner"),
    }
    with pytest.raises(InvalidDocument, match="is no valid int"):
        validate(model)
    good = stock('<item name="a" size="1"><owner>b</owner></item><until>1.5</until>')
    assert not Deviations(good, None, Stock)
    assert (
        worse(data, stock('<item name="b" size="big" sizes="1 x"><weight>heavy</weight></item>'), STOCK) == []
    )
    assert worse(good, data, STOCK) != []
    model.item[0].name = None  # pyright: ignore[reportAttributeAccessIssue]
    assert len(worse(data, serialize(model), STOCK)) == 1


def test_rules_are_read_with_what_they_lack() -> None:
    policy = parse(rules("<rule><conditions><identity><one/><many/></identity></conditions></rule>"), Ruleset)
    (rule,) = policy.rules
    assert rule.id is None
    assert [one.id for one in rule.identity] == [None]
    assert policy.rules.keys() == []
    policy.rules.add("b")
    assert policy.rules["b"] is policy.items[1]
