"""Which requests each kind of change takes, and that they give what is wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from editing_documents import CP, PR, RL
from test_plan_properties import LISTS, address, applied

from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import Data, StatusIcon
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import DisplayName, ResourceList, ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.source import Source
from xcap_sdk.editing.comparing import same_tree
from xcap_sdk.editing.cost import MAX_OPERATIONS
from xcap_sdk.editing.nodes import ONE, NodePlanner
from xcap_sdk.editing.plan import Operation, Plan, plan_save
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.errors import InvalidDocument
from xcap_sdk.protocol.conditions import Match
from xcap_sdk.protocol.profiles import CAUTIOUS, CONFORMANT

FRIENDS = f"""<?xml version="1.0" encoding="UTF-8"?>
<resource-lists xmlns="{RL}" xmlns:x="urn:x">
  <list name="friends">
    <display-name xml:lang="en">Friends</display-name>
    <entry uri="sip:a@x.org"><display-name>A</display-name></entry>
    <!-- the best -->
    <entry uri="sip:b@x.org" x:note="1"><display-name>B</display-name></entry>
    <entry uri="sip:c@x.org"/>
    <external anchor="http://x.org/1"/>
  </list>
  <list name="work">
    <entry uri="sip:a@x.org"><display-name>A</display-name></entry>
  </list>
</resource-lists>
""".encode()

F = 'resource-lists/list[@name="friends"]'


def planned(
    received: bytes, edit: Callable[[Any], object], root: type = ResourceLists, place: Any = LISTS, **how: Any
) -> Plan:
    """The plan of an edit, seen to give what is wanted."""
    model = parse(received, root)
    edit(model)
    how = {"strategy": "nodes", "profile": CONFORMANT, **how}
    plan = plan_save(place, "a/b", model, received=received, etag='"1"', **how)
    result = applied(plan, received)
    wanted = rewrite(received, parse(received, root), model)
    assert plan.target == wanted
    assert parse(result, root) == parse(wanted, root)
    assert same_tree(Source.parse(result).root, Source.parse(wanted).root)
    return plan


def requests(plan: Plan) -> list[str]:
    return [f"{each.method} {each.place}" for each in plan.operations]


def entries(book: ResourceLists) -> Any:
    return book.lists["friends"].entries


def rename(book: ResourceLists) -> None:
    entries(book)["sip:b@x.org"].uri = "sip:new@x.org"


def language(book: ResourceLists) -> None:
    book.lists["friends"].display_name = DisplayName(value="Friends", lang="de")


def attribute(name: str, value: str | None) -> Callable[[ResourceLists], None]:
    def edit(book: ResourceLists) -> None:
        entry = entries(book)["sip:b@x.org"]
        if value is None:
            del entry.attributes[name]
        else:
            entry.attributes[name] = value

    return edit


CASES: list[tuple[str, Callable[[Any], object], list[str]]] = [
    (
        "label changed",
        lambda book: setattr(entries(book)["sip:b@x.org"], "label", "Bee"),
        [f'PUT {F}/entry[@uri="sip:b@x.org"]/display-name'],
    ),
    (
        "label added",
        lambda book: setattr(entries(book)["sip:c@x.org"], "label", "C"),
        [f'PUT {F}/entry[@uri="sip:c@x.org"]/display-name'],
    ),
    (
        "label gone",
        lambda book: setattr(entries(book)["sip:a@x.org"], "label", None),
        [f'DELETE {F}/entry[@uri="sip:a@x.org"]/display-name'],
    ),
    (
        "added",
        lambda book: book.lists["work"].entries.add("sip:n@x.org"),
        [
            'PUT resource-lists/list[@name="work"]/entry[@uri="sip:n@x.org"]',
        ],
    ),
    ("list added", lambda book: book.lists.add("new"), ['PUT resource-lists/list[@name="new"]']),
    (
        "last of its name",
        lambda book: entries(book).add("sip:n@x.org", at=3),
        [
            f'PUT {F}/entry[@uri="sip:n@x.org"]',
        ],
    ),
    ("behind others", lambda book: entries(book).add("sip:n@x.org"), [f'PUT {F}/*[6][@uri="sip:n@x.org"]']),
    (
        "in the middle",
        lambda book: entries(book).add("sip:n@x.org", at=2),
        [
            f'PUT {F}/entry[3][@uri="sip:n@x.org"]',
        ],
    ),
    (
        "in front",
        lambda book: entries(book).add("sip:n@x.org", at=0),
        [
            f'PUT {F}/entry[1][@uri="sip:n@x.org"]',
        ],
    ),
    ("removed", lambda book: entries(book).remove("sip:a@x.org"), [f'DELETE {F}/entry[@uri="sip:a@x.org"]']),
    ("renamed", rename, [f"PUT {F}/entry[2]/@uri"]),
    (
        "list renamed",
        lambda book: setattr(book.lists["work"], "name", "job"),
        [
            "PUT resource-lists/list[2]/@name",
        ],
    ),
    (
        "moved",
        lambda book: entries(book).move("sip:c@x.org", to=0),
        [
            f'DELETE {F}/entry[@uri="sip:c@x.org"]',
            f'PUT {F}/entry[1][@uri="sip:c@x.org"]',
        ],
    ),
    ("language changed", language, [f"PUT {F}/display-name/@xml:lang"]),
    (
        "attribute changed",
        attribute("{urn:x}note", "a\t\"b\" 'c' <&>"),
        [
            f'PUT {F}/entry[@uri="sip:b@x.org"]/@x:note?xmlns(x=urn:x)',
        ],
    ),
    (
        "attribute added",
        attribute("{urn:y}more", "1"),
        [
            f'PUT {F}/entry[@uri="sip:b@x.org"]/@y:more?xmlns(y=urn:y)',
        ],
    ),
    (
        "attribute gone",
        attribute("{urn:x}note", None),
        [
            f'DELETE {F}/entry[@uri="sip:b@x.org"]/@x:note?xmlns(x=urn:x)',
        ],
    ),
]


@pytest.mark.rule("PC1", "PC2", "PC3", "PC5", "PC13", "RP4", "DL11")
@pytest.mark.parametrize(("edit", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_kinds_of_changes(edit: Callable[[Any], object], wanted: list[str]) -> None:
    plan = planned(FRIENDS, edit)
    assert requests(plan) == wanted
    if plan.atomic:
        assert requests(planned(FRIENDS, edit, strategy="auto")) == wanted


def test_several_changes_are_chained() -> None:
    def edit(book: ResourceLists) -> None:
        entries(book).remove("sip:c@x.org")
        book.lists["work"].entries["sip:a@x.org"].label = "Other"

    plan = planned(FRIENDS, edit)
    assert requests(plan) == [
        f'DELETE {F}/entry[@uri="sip:c@x.org"]',
        'PUT resource-lists/list[@name="work"]/entry[@uri="sip:a@x.org"]/display-name',
    ]
    first, second = plan.operations
    assert not plan.atomic
    assert first.following('"2"') is first
    assert second.following('"2"').condition == Match('"2"')
    assert not second.following('"2"').chained
    assert second.following(None).condition == Match("*")
    assert str(plan).splitlines() == [
        f'1. DELETE {F}/entry[@uri="sip:c@x.org"]; If-Match: "1" (this entry is gone)',
        '2. PUT resource-lists/list[@name="work"]/entry[@uri="sip:a@x.org"]/display-name; '
        "If-Match: the ETag of the answer before; 34 bytes of application/xcap-el+xml "
        "(this display-name changed)",
        "2 requests, 34 bytes up, not atomic",
    ]
    content = json.loads(plan.to_json())
    assert content["cost"] == plan.cost > 2 * 8192
    assert content["operations"][1]["condition"] == "If-Match: the ETag of the answer before"
    assert content["operations"][0]["selector"] == f'{F}/entry[@uri="sip:c@x.org"]'

    # In one request: what holds both is the root, and a PUT of that is no better than one of the document.
    whole = planned(FRIENDS, edit, strategy="auto")
    assert [each.address for each in whole.operations] == [LISTS]
    assert "cheapest" in whole.operations[0].reason
    assert whole.operations[0].result == whole.target


def test_without_knowing_the_server_all_of_it_is_put() -> None:
    plan = planned(FRIENDS, rename, strategy="auto", profile=CAUTIOUS)
    assert [each.address for each in plan.operations] == [LISTS]
    assert planned(FRIENDS, rename, strategy="document").operations[0].body == plan.target


def test_several_requests_only_where_they_are_cheaper() -> None:
    book = ResourceLists()
    for name in ("one", "two"):
        chosen = book.lists.add(name)
        for number in range(400):
            chosen.entries.add(f"sip:{number}@example.org", display_name=f"Number {number}")

    def edit(book: ResourceLists) -> None:
        book.lists["one"].entries["sip:7@example.org"].label = "Seven"
        book.lists["two"].entries["sip:8@example.org"].label = "Eight"

    received = serialize(book)
    assert planned(received, edit, strategy="auto").atomic
    assert planned(received, edit, strategy="auto", several=True).requests == 2
    assert planned(FRIENDS, lambda book: (rename(book), language(book)), strategy="auto", several=True).atomic


def test_the_smallest_element_that_holds_all_changes() -> None:
    def edit(book: ResourceLists) -> None:
        entries(book)["sip:a@x.org"].label = "Other"
        entries(book).remove("sip:c@x.org")

    assert requests(planned(FRIENDS, edit, strategy="auto")) == [f"PUT {F}"]


def test_reordered() -> None:
    plan = planned(FRIENDS, lambda book: book.items.reverse())
    assert requests(plan)[0].startswith("DELETE")
    assert planned(FRIENDS, lambda book: book.items.reverse(), strategy="auto").atomic


def test_both_quotes_in_a_key() -> None:
    model = ResourceLists()
    model.lists.add('"it\'s" <&> é')
    received = serialize(model)
    plan = planned(received, lambda book: book.lists['"it\'s" <&> é'].entries.add("sip:a@x.org"))
    assert requests(plan) == [
        'PUT resource-lists/list[@name="&quot;it\'s&quot; &lt;&amp;> é"]/entry[@uri="sip:a@x.org"]'
    ]


@pytest.mark.rule("PC4", "DL11")
def test_lists_without_names() -> None:
    unnamed = "<list><entry uri='sip:a@x'/></list>"
    received = f'<resource-lists xmlns="{RL}">{unnamed * 3}</resource-lists>'.encode()

    def change(book: ResourceLists) -> None:
        book.items[1].entries.add("sip:b@x")

    assert requests(planned(received, change)) == ['PUT resource-lists/list[2]/entry[@uri="sip:b@x"]']
    assert requests(planned(received, lambda book: book.items.append(ResourceList()))) == [
        "PUT resource-lists/list[4]"
    ]
    assert requests(planned(received, lambda book: book.items.pop())) == ["DELETE resource-lists/list[3]"]
    # No attribute would tell a new one in the middle from the one that is there.
    assert requests(planned(received, lambda book: book.items.insert(1, ResourceList()))) == [
        "PUT resource-lists"
    ]
    insert = planned(received, lambda book: book.items.insert(1, ResourceList()), strategy="auto")
    assert [each.address for each in insert.operations] == [LISTS]


@pytest.mark.rule("DL11", "PC6")
def test_doubles_that_the_server_holds() -> None:
    doubled = f"""<resource-lists xmlns="{RL}"><list name="l"><entry uri="sip:a@x"/><entry uri="sip:a@x"/>
        <entry uri="sip:a@x"><display-name>3</display-name></entry></list></resource-lists>""".encode()
    plan = planned(doubled, lambda book: book.items[0].items.pop())
    assert requests(plan) == ['DELETE resource-lists/list[@name="l"]/entry[3]']
    plan = planned(doubled, lambda book: setattr(book.items[0].items[1], "label", "2"))
    assert requests(plan) == ['PUT resource-lists/list[@name="l"]/entry[2]/display-name']
    # The first of three: by place it would leave another one in its place.
    plan = planned(doubled, lambda book: book.items[0].items.pop(1))
    assert requests(plan) == ['PUT resource-lists/list[@name="l"]']


RULES = f"""<p:ruleset xmlns:p="{CP}" xmlns:q="{PR}"><p:rule id="a">
  <p:actions><q:sub-handling>allow</q:sub-handling></p:actions></p:rule>
  <p:rule id="b"><p:conditions><p:identity><p:one id="sip:x@x"/></p:identity></p:conditions></p:rule>
</p:ruleset>""".encode()


@pytest.mark.rule("PB4")
def test_rules_with_foreign_prefixes() -> None:
    place = address("pres-rules", PR)
    block = lambda policy: setattr(policy.rules["a"], "sub_handling", SubHandling.BLOCK)  # noqa: E731 - short
    plan = planned(RULES, block, Ruleset, place)
    assert requests(plan) == [f'PUT cp:ruleset/cp:rule[@id="a"]/cp:actions/sub-handling?xmlns(cp={CP})']
    assert plan.operations[0].body == b"<q:sub-handling>block</q:sub-handling>"
    plan = planned(RULES, lambda policy: policy.rules["b"].identity.add("sip:y@x"), Ruleset, place)
    assert requests(plan) == [
        f'PUT cp:ruleset/cp:rule[@id="b"]/cp:conditions/cp:identity/cp:one[@id="sip:y@x"]?xmlns(cp={CP})'
    ]
    plan = planned(RULES, block, Ruleset, address("org.openmobilealliance.pres-rules", CP))
    assert requests(plan) == [f'PUT ruleset/rule[@id="a"]/actions/pr:sub-handling?xmlns(pr={PR})']


@pytest.mark.rule("PC12", "PC13")
def test_order_of_the_schema_makes_places_necessary() -> None:
    """Conditions go before actions, and by name they would land behind them."""
    plan = planned(
        RULES, lambda policy: policy.rules["a"].identity.add("sip:y@x"), Ruleset, address("pres-rules", PR)
    )
    # An element without attributes cannot be inserted by place: the rule is replaced.
    assert requests(plan) == [f'PUT cp:ruleset/cp:rule[@id="a"]?xmlns(cp={CP})']


def test_status_icon() -> None:
    received = serialize(StatusIcon(data=Data(value="QUJD")))
    place = address("org.openmobilealliance.pres-content", "urn:oma:xml:prs:pres-content")

    def edit(icon: StatusIcon) -> None:
        icon.data = Data(value="REVG")

    assert requests(planned(received, edit, StatusIcon, place)) == ["PUT content/data"]


def test_a_state_that_the_server_would_refuse_is_gone_around() -> None:
    """Between the requests friends must not be without b."""
    refused: list[bytes] = []

    def check(document: bytes) -> None:
        if b"sip:b@x.org" not in document:
            refused.append(document)
            raise InvalidDocument("b is missing", problems=())

    def move(book: ResourceLists) -> None:
        entries(book).move("sip:b@x.org", to=0)
        book.lists["work"].entries["sip:a@x.org"].label = "Other"

    plan = planned(FRIENDS, move, check=check)
    assert refused
    assert requests(plan)[0] == f"PUT {F}"
    assert all(b"sip:b@x.org" in each.result for each in plan.operations)

    def never(document: bytes) -> None:
        raise InvalidDocument("no", problems=())

    assert requests(planned(FRIENDS, move, check=never)) == ["PUT resource-lists"]


def test_many_changes_are_made_together() -> None:
    book = ResourceLists()
    for number in range(MAX_OPERATIONS + 8):
        book.lists.add(f"l{number}").entries.add("sip:a@x.org", display_name="x" * 400)

    def edit(book: ResourceLists) -> None:
        for each in book.lists:
            each.entries["sip:a@x.org"].label = "y"

    assert requests(planned(serialize(book), edit)) == ["PUT resource-lists"]


def test_names_that_no_selector_can_have() -> None:
    """Elements in no namespace, where the usage has a default one, are selected by place."""
    received = f'''<resource-lists xmlns="{RL}"><list name="l"><o:k xmlns:o="urn:o" v="1">old</o:k>
        <k xmlns="" v="2"><m>old</m><m>older</m></k></list></resource-lists>'''.encode()

    def text(book: ResourceLists) -> None:
        item: Any = book.lists["l"].extensions[1]
        item.children[1].text = "new"

    def gone(book: ResourceLists) -> None:
        item: Any = book.lists["l"].extensions[1]
        del item.children[0]

    assert requests(planned(received, text)) == ['PUT resource-lists/list[@name="l"]/*[@v="2"]/*[2]']
    # Equal names, no attributes: not the last one cannot be deleted.
    assert requests(planned(received, gone)) == ['PUT resource-lists/list[@name="l"]/*[@v="2"]']
    assert requests(planned(received, lambda book: book.lists["l"].extensions.pop())) == [
        'DELETE resource-lists/list[@name="l"]/*[@v="2"]'
    ]


@pytest.mark.rule("DL11")
def test_a_double_is_deleted_by_place_and_what_tells_it_apart() -> None:
    doubled = f"""<resource-lists xmlns="{RL}"><list name="l"><entry uri="sip:a@x" n="1"/><entry uri="sip:a@x"
        n="2"/></list></resource-lists>""".encode()
    plan = planned(doubled, lambda book: book.items[0].items.pop(0))
    assert requests(plan) == ['DELETE resource-lists/list[@name="l"]/entry[1][@n="1"]']


def test_blank_text_that_means_something() -> None:
    def edit(book: ResourceLists) -> None:
        book.lists["friends"].display_name = DisplayName(value=" ", lang="en")

    received = FRIENDS.replace(b">Friends<", b"><")
    plan = planned(received, edit)
    assert requests(plan) == [f"PUT {F}/display-name"]
    assert requests(planned(received, edit, strategy="auto")) == [f"PUT {F}/display-name"]


def test_elements_within_text() -> None:
    mixed = f"""<resource-lists xmlns="{RL}"><list name="l"><m xmlns="urn:m">one<b>two</b>three<c/></m></list>
        </resource-lists>""".encode()

    def inside(book: ResourceLists) -> None:
        item: Any = book.lists["l"].extensions[0]
        item.children[0].text = "2"

    def around(book: ResourceLists) -> None:
        item: Any = book.lists["l"].extensions[0]
        item.text = "1"

    where = 'resource-lists/list[@name="l"]/m:m'
    assert requests(planned(mixed, inside)) == [f"PUT {where}/m:b?xmlns(m=urn:m)"]
    assert requests(planned(mixed, around)) == [f"PUT {where}?xmlns(m=urn:m)"]


def test_prefixes_that_would_clash() -> None:
    received = f"""<resource-lists xmlns="{RL}"><list name="l"><a:k xmlns:a="urn:some-thing"><b:k
        xmlns:b="urn:so-to"><c:k xmlns:c="urn:1">old</c:k></b:k></a:k></list></resource-lists>""".encode()

    def edit(book: ResourceLists) -> None:
        item: Any = book.lists["l"].extensions[0]
        item.children[0].children[0].text = "new"

    assert requests(planned(received, edit)) == [
        'PUT resource-lists/list[@name="l"]/st2:k/st:k/n:k?xmlns(n=urn:1)xmlns(st=urn:so-to)xmlns(st2=urn:some-thing)'
    ]


def test_comments_that_change_are_written_with_their_element() -> None:
    wanted = FRIENDS.replace(b"the best", b"the worst")
    planner = NodePlanner(
        Source.parse(FRIENDS),
        Source.parse(wanted),
        parse(wanted, ResourceLists),
        default_namespace=RL,
        keys={},
    )
    (write,) = planner.plan(ONE) or ()
    assert str(write.selector) == F
    assert write.result == wanted
    # What stands around the root element no node write reaches.
    around = NodePlanner(
        Source.parse(FRIENDS),
        Source.parse(FRIENDS + b"<!-- end -->"),
        ResourceLists(),
        default_namespace=RL,
        keys={},
    )
    assert around.plan(ONE) is None
    assert around.plan(0) is None


@pytest.mark.rule("PB4", "PC8")
def test_declarations_go_along() -> None:
    """What is declared around an element in the wanted document, and not in the received one."""
    # Wanted as it is, byte for byte but for what is declared where; no model has this root.
    received = b'<a xmlns="urn:1" xmlns:p="urn:p"><b><c/></b></a>'
    wanted = b'<a xmlns="urn:1" xmlns:p="urn:q" xmlns:r="urn:r"><b><c><p:d r:e="1"/></c></b></a>'
    planner = NodePlanner(
        Source.parse(received), Source.parse(wanted), ResourceLists(), default_namespace="urn:1", keys={}
    )
    writes = planner.plan(0) or ()
    assert [write.body for write in writes] == [b'<p:d xmlns:p="urn:q" xmlns:r="urn:r" r:e="1"/>']


def test_one_of_ten_thousand() -> None:
    book = ResourceLists()
    friends = book.lists.add("friends")
    for number in range(10_000):
        friends.entries.add(f"sip:user{number}@example.org", display_name=f"User {number}")
    received = serialize(book)
    friends.entries["sip:user5000@example.org"].label = "Changed"
    plan = plan_save(LISTS, "a/b", book, received=received, etag='"1"', profile=CONFORMANT)
    assert requests(plan) == [f'PUT {F}/entry[@uri="sip:user5000@example.org"]/display-name']
    assert plan.bytes_up < 1000
    assert plan.operations[0].result == plan.target


def test_operations_compare_without_their_results() -> None:
    assert Operation("DELETE", LISTS, Match('"1"'), result=b"a") == Operation("DELETE", LISTS, Match('"1"'))
