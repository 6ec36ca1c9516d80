"""What edits look like in the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents.caps import Servcaps
from xcap_documents.common_policy import Conditions, One, Ruleset
from xcap_documents.pres_rules import SubHandling
from xcap_documents.resource_lists import DisplayName, Entry, ResourceList, ResourceLists
from xcap_documents.xcap_caps import XcapCaps
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.snapshot import Snapshot
from xcap_sdk.editing import rewrite as rewriting
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.errors import InvalidDocument, NotWellFormed

BOOK = b"""<?xml version='1.0'?>
<?style none?><!-- top -->
<rl:resource-lists xmlns:rl="urn:ietf:params:xml:ns:resource-lists" xmlns:my='urn:my'
   xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd">
 <!-- the first -->
 <rl:list name='friends' my:color="red">
  <rl:display-name xml:lang='en' >Fr<!-- i -->iends</rl:display-name>
  <rl:entry uri="sip:bill@example.com" hidden="1"><!-- Bill --><rl:display-name>Bill</rl:display-name></rl:entry>
  <rl:entry uri='sip:&#x6a;oe@example.com'/>
  <rl:list name="close"   >
   <rl:entry uri="sip:ann@example.com"><rl:display-name><![CDATA[A&n]]></rl:display-name><my:note>n</my:note></rl:entry>
  </rl:list>
  <my:theme a="b">x<my:i/>y</my:theme>
 </rl:list>
 <rl:list name="work"/>
</rl:resource-lists>
<!-- end -->
"""


def edited(change: Callable[[ResourceLists], object], received: bytes = BOOK, **keys: Any) -> str:
    base, model = parse(received, ResourceLists), parse(received, ResourceLists)
    change(model)
    result = rewrite(received, base, model, **keys)
    assert parse(result, ResourceLists) == model
    return result.decode()


def test_nothing_changed() -> None:
    base = parse(BOOK, ResourceLists)
    assert rewrite(BOOK, base, parse(BOOK, ResourceLists)) is BOOK


def replaced(*pairs: tuple[str, str]) -> str:
    text = BOOK.decode()
    for old, new in pairs:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        (
            lambda book: book.lists["friends"].entries.remove("sip:joe@example.com"),
            [("\n  <rl:entry uri='sip:&#x6a;oe@example.com'/>", "")],
        ),
        (lambda book: setattr(book.lists["work"], "name", "job"), [('name="work"', 'name="job"')]),
        (
            lambda book: setattr(book.lists["friends"], "name", "it's"),
            [("name='friends'", "name='it&apos;s'")],
        ),
        (
            lambda book: setattr(book.lists["friends"].entries["sip:bill@example.com"], "label", "B<"),
            [("<rl:display-name>Bill<", "<rl:display-name>B&lt;<")],
        ),
        (
            lambda book: setattr(book.lists["friends"].display_name, "lang", None),
            [("<rl:display-name xml:lang='en' >", "<rl:display-name >")],
        ),
        (
            lambda book: setattr(book.lists["friends"].display_name, "lang", "de"),
            [("xml:lang='en'", "xml:lang='de'")],
        ),
        (
            lambda book: book.lists["friends"].entries.add("sip:new@example.com", display_name="New"),
            [
                (
                    "  </rl:list>\n  <my:theme",
                    '  </rl:list>\n  <rl:entry uri="sip:new@example.com">\n   <rl:display-name>New</rl:display-name>\n'
                    "  </rl:entry>\n  <my:theme",
                )
            ],
        ),
        (
            lambda book: book.lists["friends"].entries.add("sip:new@example.com", at=0),
            [
                (
                    '  <rl:entry uri="sip:bill',
                    '  <rl:entry uri="sip:new@example.com"/>\n  <rl:entry uri="sip:bill',
                )
            ],
        ),
        (
            lambda book: book.lists["friends"].entries.move("sip:joe@example.com", to=0),
            [
                ("\n  <rl:entry uri='sip:&#x6a;oe@example.com'/>", ""),
                (
                    '  <rl:entry uri="sip:bill',
                    "  <rl:entry uri='sip:&#x6a;oe@example.com'/>\n  <rl:entry uri=\"sip:bill",
                ),
            ],
        ),
        (
            lambda book: setattr(book.lists["friends"].extensions[0], "attributes", {"a": "c"}),
            [('a="b"', 'a="c"')],
        ),
        (
            lambda book: book.lists["friends"].extensions.clear(),
            [('\n  <my:theme a="b">x<my:i/>y</my:theme>', "")],
        ),
        (
            lambda book: book.lists["friends"].attributes.clear(),
            [(' my:color="red"', "")],
        ),
        (
            lambda book: setattr(book.lists["friends"].lists["close"], "label", "Close"),
            [('name="close"   >', 'name="close"   >\n   <rl:display-name>Close</rl:display-name>')],
        ),
    ],
)
def test_only_the_edit_shows(change: Callable[[ResourceLists], object], pairs: list[tuple[str, str]]) -> None:
    expected = replaced(*pairs[1:]) if len(pairs) > 1 and pairs[0][1] == "" else replaced(*pairs)
    if len(pairs) > 1:
        first = BOOK.decode().replace(*pairs[0])
        expected = first.replace(*pairs[1])
    assert edited(change) == expected


def test_changed_text_keeps_its_comments() -> None:
    assert "<!-- i -->" in edited(lambda book: setattr(book.lists["friends"], "label", "Mates"))


def test_an_element_that_goes_to_another_list_keeps_what_the_model_does_not_show() -> None:
    def move(book: ResourceLists) -> None:
        bill = book.lists["friends"].entries.remove("sip:bill@example.com")
        book.lists["work"].items.append(bill)

    result = edited(move)
    raw = '<rl:entry uri="sip:bill@example.com" hidden="1"><!-- Bill --><rl:display-name>Bill</rl:display-name></rl:entry>'
    assert raw in result.partition('name="work"')[2]
    assert raw not in result.partition('name="work"')[0]


def test_a_renamed_list_keeps_its_content_though_it_is_edited_too() -> None:
    def rename(book: ResourceLists) -> None:
        friends = book.lists["friends"]
        friends.name = "mates"
        friends.entries.add("sip:zoe@example.com")
        friends.items.remove(friends.items[1])

    result = edited(rename)
    assert "name='mates' my:color" in result
    assert "<!-- Bill -->" in result
    assert "<!-- the first -->" in result


def test_another_entry_does_not_inherit_what_the_model_does_not_show() -> None:
    def swap(book: ResourceLists) -> None:
        entries = book.lists["friends"].entries
        entries.remove("sip:bill@example.com")
        entries.add("sip:carol@example.com", display_name="Carol", at=0)

    result = edited(swap)
    assert "hidden" not in result
    assert "<!-- Bill -->" not in result


def test_a_new_key_alone_is_a_rename() -> None:
    result = edited(
        lambda book: setattr(book.lists["friends"].entries["sip:bill@example.com"], "uri", "sip:b@x")
    )
    assert result == replaced(('"sip:bill@example.com"', '"sip:b@x"'))


SECRETS = [
    '<entry uri="sip:m"><!-- fraud --></entry>',
    '<entry uri="sip:m" blocked="1"/>',
    '<entry uri="sip:m"><unknown/></entry>',
]


def book_of(content: str) -> bytes:
    return (
        f'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
        f'<list name="f">{content}</list><list name="w"/></resource-lists>'
    ).encode()


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", '<entry uri="sip:a"/>{}<entry uri="sip:b"/>'])
@pytest.mark.parametrize("at", [None, 0])
def test_a_new_entry_without_content_inherits_nothing(secret: str, around: str, at: int | None) -> None:
    def swap(book: ResourceLists) -> None:
        book.lists["f"].entries.remove("sip:m")
        book.lists["f"].entries.add("sip:carol", at=at)

    result = edited(swap, book_of(around.format(secret)))
    assert '<entry uri="sip:carol"/>' in result


def test_a_new_list_without_content_inherits_nothing() -> None:
    def swap(book: ResourceLists) -> None:
        book.lists.remove("f")
        book.lists.add("g")

    assert "private" not in edited(swap, book_of("<!-- private -->"))


def test_an_entry_that_hides_nothing_is_renamed_as_it_is_written() -> None:
    result = edited(
        lambda book: setattr(book.lists["f"].entries["sip:m"], "uri", "sip:n"),
        book_of("<entry  uri = 'sip:m'\n/>"),
    )
    assert result == book_of("<entry  uri = 'sip:n'\n/>").decode()


BOB = '<entry uri="sip:bob"{}><display-name>{}</display-name><!-- since 1999 --><unknown a="1"/></entry>'


def test_an_entry_that_goes_to_another_list_and_changes_keeps_what_the_model_does_not_show() -> None:
    def move(book: ResourceLists) -> None:
        bob = book.lists["f"].entries.remove("sip:bob")
        bob.label = "Bobby"
        book.lists["w"].items.append(bob)

    result = edited(move, book_of(BOB.format("", "Bob")))
    assert '<list name="w">' + BOB.format("", "Bobby") + "</list>" in result
    assert "Bob<" not in result


def test_which_of_several_came_from_where_is_not_guessed() -> None:
    def move(book: ResourceLists) -> None:
        book.lists["f"].items.clear()
        book.lists["w"].entries.add("sip:bob", display_name="Bobby")

    result = edited(move, book_of(BOB.format("", "1") + BOB.format("", "2")))
    assert "since" not in result
    assert result.count("sip:bob") == 1


def test_keys_of_a_usage_replace_those_of_the_classes() -> None:
    def change(book: ResourceLists) -> None:
        friends = book.lists["friends"]
        friends.name = "mates"
        friends.items.clear()

    assert "my:color" in edited(change, keys={ResourceList: "display_name"})


def test_duplicate_keys_can_be_mended() -> None:
    received = BOOK.replace(b"sip:&#x6a;oe@", b"sip:bill@")

    def mend(book: ResourceLists) -> None:
        del book.lists["friends"].items[1]

    assert edited(mend, received) == received.decode().replace(
        "\n  <rl:entry uri='sip:bill@example.com'/>", ""
    )


def test_mixed_foreign_content_is_written_anew() -> None:
    def change(book: ResourceLists) -> None:
        theme: Any = book.lists["friends"].extensions[0]
        theme.children[0].tail = "z"

    assert "x<my:i/>z</my:theme>" in edited(change)

    def text(book: ResourceLists) -> None:
        theme: Any = book.lists["friends"].extensions[0]
        theme.text = "w"

    assert "w<my:i/>y</my:theme>" in edited(text)

    def another(book: ResourceLists) -> None:
        book.lists["friends"].extensions[0] = AnyElement(qname="{urn:my}other", text="t")

    assert "<my:other>t</my:other>" in edited(another)


NOTE = b"<n:n xmlns:n='urn:n'>To <n:b q = '1'><!-- b -->Bob</n:b>,<!-- c --> and<?p i?> <n:c/> you<!-- d --></n:n>"


@pytest.mark.parametrize(
    ("change", "pairs"),
    [
        (lambda note: setattr(note.children[0], "text", "Al"), [("<!-- b -->Bob", "Al<!-- b -->")]),
        (lambda note: note.children[0].attributes.update(q="2"), [("'1'", "'2'")]),
        (
            lambda note: setattr(note.children[0], "tail", " or "),
            [(",<!-- c --> and", " or <!-- c -->"), ("?> <", "?><")],
        ),
        (lambda note: setattr(note.children[1], "tail", None), [(" you", "")]),
        (
            lambda note: (setattr(note, "text", "For "), setattr(note.children[1], "text", "C")),
            [("To", "For"), ("<n:c/>", "<n:c>C</n:c>")],
        ),
    ],
)
def test_mixed_foreign_content_is_edited_in_its_place(change: Any, pairs: list[tuple[str, str]]) -> None:
    received = BOOK.replace(b'<rl:list name="work"/>', b'<rl:list name="work">' + NOTE + b"</rl:list>")
    expected = received.decode()
    for old, new in pairs:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert edited(lambda book: change(book.lists["work"].extensions[0]), received) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda items: items.pop(), "To BOB, and <!-- c --><?p i?><!-- d -->"),
        (lambda items: items.pop(0), "To <!-- c --><?p i?><n:c/> you<!-- d -->"),
        (lambda items: items.reverse(), "To <n:c/> you<!-- d -->BOB, and <!-- c --><?p i?>"),
        (
            lambda items: items.insert(0, AnyElement(qname="new", text="")),
            "To <new/>BOB, and <!-- c --><?p i?><n:c/> you<!-- d -->",
        ),
    ],
)
def test_mixed_foreign_content_that_is_put_in_another_order_keeps_its_comments(
    change: Any, expected: str
) -> None:
    received = BOOK.replace(b'<rl:list name="work"/>', b'<rl:list name="work">' + NOTE + b"</rl:list>")
    model = parse(received, ResourceLists)
    snapshot = Snapshot(model)
    foreign: Any = model.lists["work"].extensions[0]
    change(foreign.children)
    lineage = Lineage.of(snapshot)
    result = rewrite(received, lineage.base, model, None, lineage)
    assert parse(result, ResourceLists) == model
    written = re.sub(r""" xmlns(:\w+)?=(["']).*?\2""", "", result.decode())
    assert f"<n:n>{expected}</n:n>".replace("BOB", "<n:b q = '1'><!-- b -->Bob</n:b>") in written


def test_blank_text_around_foreign_elements_is_no_edit() -> None:
    received = BOOK.replace(
        b'<rl:list name="work"/>', b'<rl:list name="work"><o><!-- o --><i/></o></rl:list>'
    )

    base, model = parse(received, ResourceLists), parse(received, ResourceLists)
    foreign: Any = model.lists["work"].extensions[0]
    foreign.text, foreign.children[0].tail = " ", "\n"  # reads back as none
    assert rewrite(received, base, model) == received
    foreign.children[0].text = "t"
    assert rewrite(received, base, model) == received.replace(b"<i/>", b"<i>t</i>")


def test_misplaced_elements_are_edited_where_they_are() -> None:
    received = BOOK.replace(
        b'<rl:list name="work"/>',
        b'<rl:list name="work"><rl:entry uri="x"/><rl:display-name>W</rl:display-name></rl:list>',
    )
    result = edited(lambda book: setattr(book.lists["work"], "label", "Work"), received)
    assert '<rl:entry uri="x"/><rl:display-name>Work</rl:display-name>' in result
    result = edited(lambda book: book.lists["work"].entries.add("y"), received)
    assert '<rl:entry uri="x"/><rl:entry uri="y"/>' in "".join(result.split("\n   ")).replace("\n", "")


def test_content_that_the_model_leaves_out_stays() -> None:
    received = BOOK.replace(
        b'<rl:list name="work"/>',
        b'<rl:list name="work"><rl:odd/><rl:display-name>1</rl:display-name><rl:display-name>2</rl:display-name></rl:list><rl:odd/>',
    )
    result = edited(lambda book: book.lists["work"].entries.add("y"), received)
    assert "<rl:odd/><rl:display-name>1</rl:display-name>" in result
    assert "<rl:display-name>2</rl:display-name>" in result
    assert result.count("<rl:odd/>") == 2
    result = edited(lambda book: book.items.clear(), received)
    assert result.count("<rl:odd/>") == 1
    result = edited(
        lambda book: book.items.append(ResourceList(name="z")),
        b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><odd/></resource-lists>',
    )
    assert '<list name="z"/>' in result


POLICY = b"""<ruleset xmlns="urn:ietf:params:xml:ns:common-policy">
  <rule id="a"><!-- a --><conditions><identity><one id="sip:a@x"/></identity></conditions>
    <actions><p:sub-handling xmlns:p="urn:ietf:params:xml:ns:pres-rules">block</p:sub-handling></actions></rule>
  <rule id="b"><transformations/></rule>
</ruleset>"""


def policy(change: Callable[[Ruleset], object]) -> str:
    base, model = parse(POLICY, Ruleset), parse(POLICY, Ruleset)
    change(model)
    result = rewrite(POLICY, base, model)
    assert Outline.of(parse(result, Ruleset)).fingerprint() == Outline.of(model).fingerprint()
    return result.decode()


def test_optional_children_appear_in_the_order_of_the_schema() -> None:
    def change(model: Ruleset) -> None:
        model.rules["b"].sub_handling = SubHandling.ALLOW
        model.rules["b"].identity.add("sip:c@x")

    result = policy(change)
    tail = result[result.index('id="b"') :]
    assert tail.index("conditions") < tail.index("actions") < tail.index("transformations")


def test_a_value_behind_a_wildcard() -> None:
    result = policy(lambda model: setattr(model.rules["a"], "sub_handling", "allow"))
    assert result == POLICY.decode().replace(">block<", ">allow<")


def test_optional_children_disappear() -> None:
    def change(model: Ruleset) -> None:
        model.rules["a"].conditions = None
        model.rules["a"].actions = None

    assert '<rule id="a"><!-- a --></rule>' in policy(change)


def test_an_identity_is_replaced() -> None:
    def change(model: Ruleset) -> None:
        conditions = model.rules["a"].conditions
        assert isinstance(conditions, Conditions)
        identity: Any = conditions.items[0]
        identity.items[:] = [One(id="sip:z@x")]

    assert policy(change) == POLICY.decode().replace("sip:a@x", "sip:z@x")


def test_lists_of_plain_text() -> None:
    received = b'<xcap-caps xmlns="urn:ietf:params:xml:ns:xcap-caps"><auids><auid>a</auid><auid>b<!-- c --></auid></auids><namespaces/></xcap-caps>'
    base, model = parse(received, XcapCaps), parse(received, XcapCaps)
    model.auids.items[1] = "z"
    assert rewrite(received, base, model) == received.replace(b">b<", b">z<")
    model.auids.items.insert(0, "n")
    model.namespaces.items.append("urn:n")
    result = rewrite(received, base, model)
    assert parse(result, XcapCaps) == model
    assert b"<namespace>urn:n</namespace>" in result


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_the_document_keeps_its_encoding(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    received = (
        BOOK.decode()
        .replace("<?xml version='1.0'?>", f"<?xml version='1.0' encoding='{declared}'?>")
        .encode(encoding)
    )
    base, model = parse(received, ResourceLists), parse(received, ResourceLists)
    model.lists["work"].label = "é😀"
    result = rewrite(received, base, model)
    assert parse(result, ResourceLists) == model
    if encoding == "utf-16":
        assert "é" in result.decode(encoding)


def test_what_xml_cannot_hold() -> None:
    base, model = parse(BOOK, ResourceLists), parse(BOOK, ResourceLists)
    model.lists["work"].entries.add("\0")
    with pytest.raises(InvalidDocument):
        rewrite(BOOK, base, model)
    model = parse(BOOK, ResourceLists)
    model.lists["work"].name = "\0"
    with pytest.raises(InvalidDocument) as caught:
        rewrite(BOOK, base, model)
    assert caught.value.problems[0].place == "lists[1].name"
    model = parse(BOOK, ResourceLists)
    broken: Any = 3
    model.lists["work"].items.append(broken)
    with pytest.raises(InvalidDocument):
        rewrite(BOOK, base, model)
    with pytest.raises(NotWellFormed):
        rewrite(b"<", base, model)


@pytest.mark.parametrize("name", ["xmlns", "{http://www.w3.org/2000/xmlns/}x", "{u x}x"])
def test_an_attribute_that_xml_cannot_hold(name: str) -> None:
    base, model = parse(BOOK, ResourceLists), parse(BOOK, ResourceLists)
    model.lists["work"].attributes[name] = "v"
    with pytest.raises(InvalidDocument) as caught:
        rewrite(BOOK, base, model)
    assert caught.value.problems[0].place == f'lists["work"].attributes["{name}"]'


def test_a_list_that_contains_itself() -> None:
    base, model = parse(BOOK, ResourceLists), parse(BOOK, ResourceLists)
    work = model.lists["work"]
    work.items.append(work)
    with pytest.raises(InvalidDocument, match="contains itself"):
        rewrite(BOOK, base, model)
    base.lists["work"].items.append(base.lists["work"])
    with pytest.raises(InvalidDocument, match="contains itself"):
        rewrite(BOOK, base, model)


def test_a_model_that_lacks_what_it_needs_is_left_to_the_checks() -> None:
    base, model = parse(BOOK, ResourceLists), parse(BOOK, ResourceLists)
    nothing: Any = None
    model.lists["work"].items.append(Entry(uri=nothing))
    assert b"<rl:entry/>" in rewrite(BOOK, base, model)


def test_a_model_that_no_document_gives_back_is_changed_least() -> None:
    base, model = parse(BOOK, ResourceLists), parse(BOOK, ResourceLists)
    model.lists["work"].extensions.append(
        AnyElement(qname="{urn:ietf:params:xml:ns:resource-lists}display-name", text="x")
    )
    model.lists["work"].items.append(Entry(uri="a", display_name=DisplayName(value="b")))
    model.lists["work"].extensions.append(AnyElement(qname="{urn:ietf:params:xml:ns:resource-lists}odd"))
    result = rewrite(BOOK, base, model)
    assert b"<!-- Bill -->" in result
    assert b"rl:odd" in result


class Wrong:
    """Edits that make another document than they should."""

    def __init__(self, result: bytes) -> None:
        self._result = result

    def result(self) -> bytes:
        return self._result

    def result_without(self, _: object) -> bytes:
        return self._result


def test_larger_elements_are_made_anew_until_the_result_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int | None] = []
    spliced = rewriting._spliced

    def wrong(source: Any, before: Any, after: Any, keys: Any, depth: int | None) -> Any:
        tries.append(depth)
        splice = spliced(source, before, after, keys, depth)
        if depth is None:
            raise ValueError("these edits contradict each other")
        return Wrong(BOOK) if depth == 1 else splice

    monkeypatch.setattr(rewriting, "_spliced", wrong)
    result = edited(lambda book: setattr(book.lists["work"], "label", "W"))
    assert tries == [None, 1, 0]
    assert "<!-- top -->" in result
    assert "<rl:display-name>W</rl:display-name>" in result


def test_a_result_that_cannot_be_read_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    spliced = rewriting._spliced
    monkeypatch.setattr(
        rewriting, "_spliced", lambda *given: Wrong(b"<broken") if given[-1] is None else spliced(*given)
    )
    assert "<!-- top -->" in edited(lambda book: setattr(book.lists["work"], "label", "W"))


@pytest.mark.parametrize("depth", [1, 0])
def test_how_larger_elements_are_made_anew(monkeypatch: pytest.MonkeyPatch, depth: int) -> None:
    monkeypatch.setattr(rewriting, "_DEPTHS", (depth,))
    result = edited(lambda book: setattr(book.lists["friends"].lists["close"], "label", "C"))
    assert "<!-- the first -->" in result if depth else "<!-- top -->" in result
    assert 'name="work"/>' in result


@pytest.mark.parametrize("result", [b"<broken", b"<x/>", BOOK])
def test_a_result_that_is_not_the_edited_model_is_never_given_back(
    monkeypatch: pytest.MonkeyPatch, result: bytes
) -> None:
    monkeypatch.setattr(rewriting, "_spliced", lambda *_: Wrong(result))
    with pytest.raises(InvalidDocument, match="does not read back as the edited model"):
        edited(lambda book: setattr(book.lists["work"], "label", "W"))


def latin(declaration: str) -> bytes:
    return (
        f"<?xml version='1.0' {declaration}encoding='ISO-8859-1'?>\n<!-- caf\xe9 -->"
        "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'><list name='\xe9'><!-- c --></list>"
        "</resource-lists>"
    ).encode("latin-1")


def test_an_encoding_that_is_declared_late() -> None:
    received = latin(" " * 600)
    base, model = parse(received, ResourceLists), parse(received, ResourceLists)
    model.lists["\xe9"].entries.add("sip:\xe8@example.com")
    result = rewrite(received, base, model)
    assert "sip:\xe8@example.com" in result.decode("latin-1")
    assert parse(result, ResourceLists) == model


@pytest.mark.parametrize("what", ["element", "attribute"])
def test_a_name_that_the_encoding_cannot_hold(what: str) -> None:
    received = latin("")
    base, model = parse(received, ResourceLists), parse(received, ResourceLists)
    changed = model.lists["\xe9"]
    if what == "element":
        changed.extensions.append(AnyElement(qname="{u:x}\u0438\u043c\u044f"))
    else:
        changed.attributes["{u:x}\u0438\u043c\u044f"] = "v"
    with pytest.raises(InvalidDocument, match=r"iso8859-1.*'\u0438'") as caught:
        rewrite(received, base, model)
    (problem,) = caught.value.problems
    extension, attribute = (
        'lists["\xe9"].extensions[0]',
        'lists["\xe9"].attributes["{u:x}\u0438\u043c\u044f"]',
    )
    assert problem.place == (extension if what == "element" else attribute)
    assert "UTF-8" in str(caught.value)


def test_fields_with_the_same_value_are_told_apart() -> None:
    received = (
        b"<servcaps xmlns='urn:ietf:params:xml:ns:pidf:caps'><actor/><audio>false</audio>"
        b"<automata>false</automata></servcaps>"
    )
    for change, old, new in (
        ({"application": False}, b"<actor/>", b"<actor/><application>false</application>"),
        (
            {"audio": None, "isfocus": False},
            b"<audio>false</audio><automata>false</automata>",
            b"<automata>false</automata><isfocus>false</isfocus>",
        ),
    ):
        model = parse(received, Servcaps)
        snapshot = Snapshot(model)
        for name, value in change.items():
            setattr(model, name, value)
        lineage = Lineage.of(snapshot)
        assert rewrite(received, lineage.base, model, None, lineage) == received.replace(old, new)


def theme(book: ResourceLists) -> Any:
    return book.items[0].extensions[0]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda book: book.items[0].attributes.update({"a": 3}), 'lists["friends"].attributes["a"]'),
        (lambda book: book.items[0].attributes.update({3: "a"}), 'lists["friends"].attributes["3"]'),
        (
            lambda book: theme(book).attributes.update({"a": 3}),
            'lists["friends"].extensions[0].attributes["a"]',
        ),
        (lambda book: setattr(theme(book), "attributes", 3), 'lists["friends"].extensions[0]'),
        (lambda book: setattr(theme(book), "children", 3), 'lists["friends"].extensions[0]'),
        (lambda book: setattr(theme(book), "qname", 3), 'lists["friends"].extensions[0]'),
        (lambda book: setattr(theme(book), "text", 3), 'lists["friends"].extensions[0]'),
        (
            lambda book: setattr(theme(book).children[0], "tail", 3),
            'lists["friends"].extensions[0].children[0]',
        ),
    ],
)
@pytest.mark.parametrize("is_new", [False, True])
def test_what_is_no_text(change: Callable[[ResourceLists], object], place: str, is_new: bool) -> None:
    def spoil(book: ResourceLists) -> None:
        if is_new:
            book.items[0].extensions[0] = deepcopy(book.items[0].extensions[0])
            theme(book).qname = "{urn:new}new"
        change(book)

    with pytest.raises(InvalidDocument) as caught:
        edited(spoil)
    assert [problem.place for problem in caught.value.problems] == [place]


def test_an_element_of_no_class_without_children_and_attributes() -> None:
    nothing: Any = None
    book = parse(BOOK, ResourceLists)
    book.items[1].extensions.append(AnyElement(qname="{urn:my}new", children=nothing, attributes=nothing))
    written = rewrite(BOOK, parse(BOOK, ResourceLists), book)
    assert b'<rl:list name="work">' in written
    assert b"<my:new/>" in written
