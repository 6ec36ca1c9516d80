"""What is wrong with a model is found in its JSON: beside which field of a form to say so."""

from __future__ import annotations

import json
import re
import time
from random import Random
from typing import Any

import pytest
from filled import filled
from hypothesis import given, settings
from hypothesis import strategies as st

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import DisplayName, ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_documents.simservs import Simservs
from xcap_sdk import (
    ApplicationUsage,
    DocumentAddress,
    InvalidDocument,
    InvalidInput,
    MergeConflict,
    Problem,
    XcapRoot,
    from_json,
    json_places,
    parse,
    serialize,
    to_json,
    usages,
    validate,
)
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import Places
from xcap_sdk.server import RunningServer

SOME = settings(max_examples=settings().max_examples * 3 // 10)
LISTS = 'xmlns="urn:ietf:params:xml:ns:resource-lists"'


def at(model: object, place: str) -> Any:
    """What stands there in the JSON of a model."""
    found: Any = json.loads(to_json(model))
    for step in re.findall(r'\w+|\[\d+\]|\["(?:[^"\\]|\\.)*"\]', place):
        found = found[json.loads(step)[0] if step.startswith("[") else step]
    return found


def wrong(model: object) -> list[tuple[str, str]]:
    """The places of what is wrong with a model, in the model and in its JSON."""
    with pytest.raises(InvalidDocument) as caught:
        validate(model)
    problems = caught.value.problems
    places = json_places(model, problems)
    return list(dict.fromkeys(zip([problem.place for problem in problems], places, strict=True)))


def test_buddy_lists() -> None:
    book = ResourceLists()
    friends = book.lists.add("friends", display_name="Friends")
    friends.entry_refs.add("http://no.path")
    friends.lists.add("inner")
    other = friends.lists.add("other")
    other.name = "inner"
    other.externals.add("relative", display_name="x").display_name = DisplayName(value="x", lang="???")
    assert wrong(book) == [
        (
            'lists["friends"].lists[1].externals["relative"].display_name.lang',
            "items[0].items[2].items[0].display_name.lang",
        ),
        ('lists["friends"].lists[1].name', "items[0].items[2].name"),
        ('lists["friends"].entry_refs[0].ref', "items[0].items[0].ref"),
        ('lists["friends"].lists[1].externals[0].anchor', "items[0].items[2].items[0].anchor"),
    ]


def test_presence_rules() -> None:
    policy = Ruleset()
    rule = policy.rules.add("a")
    rule.identity.add("sip:bob@example.org")
    rule.sub_handling = "allow"
    policy.rules.add("1b").provide_note = True
    odd = serialize(policy).replace(b">allow<", b">perhaps<").replace(b">true<", b">maybe<")
    assert wrong(parse(odd, Ruleset)) == [
        ('rules["a"].sub_handling', "items[0].actions.extensions[0]"),
        ("rules[1].id", "items[1].id"),
        ('rules["1b"].provide_note', "items[1].transformations.extensions[0]"),
    ]


def test_what_a_rule_says_several_times() -> None:
    identity = (
        '<identity><one id="sip:a@e"/><many domain="e"><except id="carol"/></many><one id="{}"/></identity>'
    )
    text = f"""<ruleset xmlns="urn:ietf:params:xml:ns:common-policy" xmlns:p="urn:ietf:params:xml:ns:pres-rules">
      <rule id="a"><conditions>{identity.format("bob")}<sphere value="x"/>{identity.format("dave")}</conditions>
        <actions><p:sub-handling>allow</p:sub-handling><p:sub-handling>perhaps</p:sub-handling></actions></rule>
    </ruleset>"""
    model = parse(text, Ruleset)
    found = wrong(model)
    assert found == [
        ('rules["a"].actions.extensions[1]', "items[0].actions.extensions[1]"),
        ('rules["a"].identity[1].id', "items[0].conditions.items[0].items[2].id"),
        ('rules["a"].identity.many["e"].items[0].id', "items[0].conditions.items[0].items[1].items[0].id"),
        ('rules["a"].conditions.items[2].items[2].id', "items[0].conditions.items[2].items[2].id"),
        (
            'rules["a"].conditions.items[2].items[1].items[0].id',
            "items[0].conditions.items[2].items[1].items[0].id",
        ),
    ]
    assert [at(model, place) for _, place in found[1:]] == ["bob", "carol", "dave", "carol"]


def test_rules_with_the_same_id() -> None:
    extra = 'xmlns:o="urn:oma:xml:xdm:common-policy"'
    rule = f"""<rule id="a"><conditions><identity><one id="sip:a@e"/></identity>
      <o:external-list {extra}/><o:external-list {extra}><o:entry anc="x"/></o:external-list></conditions></rule>"""
    text = f'<ruleset xmlns="urn:ietf:params:xml:ns:common-policy">{rule}{rule}</ruleset>'
    model, usage = parse(text, Ruleset), usages.OMA_PRES_RULES
    address = DocumentAddress(
        root=XcapRoot("https://xcap.example.org"),
        auid=usage.auid,
        tree="users",
        xui="sip:a@e",
        document="pres-rules",
    )
    problems = usage.problems(model, address)
    assert list(zip([each.place for each in problems], json_places(model, problems), strict=True)) == [
        ("rules[0].conditions", "items[0].conditions"),
        ("rules[1].conditions", "items[1].conditions"),
        ("rules[0].conditions.items[2].items[0].anc", "items[0].conditions.items[2].items[0].anc"),
        ("rules[1].conditions.items[2].items[0].anc", "items[1].conditions.items[2].items[0].anc"),
    ]


def test_supplementary_services() -> None:
    services = Simservs()
    services.diversion.no_reply_timer = 3
    services.diversion.forward("sip:voicemail@example.org", when="busy")
    next(iter(services.diversion.rules)).id = "1a"
    services.outgoing_barring.active = True
    services.incoming_barring.rules.add("2")
    assert wrong(services) == [
        ("diversion.no_reply_timer", "items[0].no_reply_timer"),
        ("diversion.rules[0].id", "items[0].ruleset.items[0].id"),
        ("incoming_barring.rules[0].id", "items[2].ruleset.items[0].id"),
    ]


def test_lists_in_services() -> None:
    text = """<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:r="urn:ietf:params:xml:ns:resource-lists">
      <service uri="sip:a@e"><list><r:list><r:external anchor="s"/></r:list></list></service>
      <service uri="sip:a@e"><resource-list>ftp://x</resource-list></service>
    </rls-services>"""
    assert wrong(parse(text, RlsServices)) == [
        ("services[1].uri", "items[1].uri"),
        ("services[0].list.lists[0].externals[0].anchor", "items[0].members.items[0].items[0].anchor"),
        ("services[1].resource_list", "items[1].members"),
    ]


def test_what_no_class_knows() -> None:
    text = f"""<resource-lists {LISTS} xmlns:x="urn:x"><list x:a="1">
      <x:b><x:c d="2"/></x:b></list></resource-lists>"""
    model = parse(text, ResourceLists)
    places = [
        'lists[0].attributes["{urn:x}a"]',
        "lists[0].extensions[0]",
        'lists[0].extensions[0].children[0].attributes["d"]',
    ]
    found = json_places(model, [Problem(place, "schema", "") for place in places])
    assert found == [place.replace("lists", "items") for place in places]
    assert at(model, found[2]) == "2"


def test_what_is_not_in_it_is_the_nearest_around() -> None:
    model = parse(f'<resource-lists {LISTS}><list name="a.b[0]"/></resource-lists>', ResourceLists)
    places = ["", 'lists["a.b[0]"].entries[3].uri', 'lists["a\\"]"]', "/resource-lists/*[2]/@uri", "nowhere"]
    found = json_places(model, [Problem(place, "schema", "") for place in places])
    assert found == ["", "items[0]", "", "", ""]


@pytest.mark.parametrize("unit", ["x", ".", ".x", "[", "[1]", "]", '\\"', '["', '["x"].y'])
def test_it_takes_no_longer_for_places_of_great_length(unit: str) -> None:
    model = parse(f'<resource-lists {LISTS}><list name="a"/></resource-lists>', ResourceLists)
    many = unit * 200_000
    for place, found in ((many, ""), (f'lists["{many}"].uri', ""), (f'lists["a"].{many}', "items[0]")):
        start = time.process_time()
        assert json_places(model, [Problem(place, "schema", "")]) == [found]
        assert time.process_time() - start < 2


@pytest.mark.parametrize("usage", usages.ALL, ids=str)
@SOME
@given(st.randoms(use_true_random=True))
def test_each_problem_has_its_place(usage: ApplicationUsage[Any], random: Random) -> None:
    model = filled(usage.root, random)
    try:
        validate(model, usage)
    except InvalidDocument as error:
        for problem, place in zip(error.problems, json_places(model, error.problems), strict=True):
            assert bool(place) == bool(problem.place), problem
            at(model, place.rpartition(".")[0])  # what is missing is not there


@pytest.mark.parametrize("usage", usages.ALL, ids=str)
@SOME
@given(st.randoms(use_true_random=True))
def test_no_two_elements_have_the_same_place(usage: ApplicationUsage[Any], random: Random) -> None:
    outline = Outline.of(filled(usage.root, random))
    places = Places(outline)
    found: list[str] = []
    pending: list[tuple[tuple[int, ...], Outline]] = [((), outline)]
    while pending:
        steps, each = pending.pop()
        found.append(places.place(steps))
        pending += [((*steps, index), child) for index, child in enumerate(each.children)]
    assert len(set(found)) == len(found)


def test_clashes_of_a_save(xcap_server: RunningServer) -> None:
    with xcap_server.client("sip:alice@example.org") as xcap:
        with xcap.resource_lists.edit() as book:
            book.lists.ensure("friends").entries.add("sip:bob@example.org", display_name="Bob")
        mine = xcap.resource_lists.get()
        mine.model = from_json(to_json(mine.model).replace('"Bob"', '"Bobby"'), ResourceLists)
        with xcap.resource_lists.edit() as book:
            book.lists["friends"].entries["sip:bob@example.org"].label = "Robert"
        with pytest.raises(MergeConflict) as caught:
            mine.save()
        [place] = json_places(mine.model, caught.value.clashes)
        assert at(mine.model, place) in ("Bobby", {"value": "Bobby"})


def test_what_has_no_form_in_json_has_no_places() -> None:
    book = ResourceLists()
    inner = book.lists.add("a")
    inner.items.append(inner)
    with pytest.raises(InvalidInput, match="contains itself"):
        json_places(book, [])
    with pytest.raises(InvalidInput):
        json_places("no model", [])
