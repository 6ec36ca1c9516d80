"""Documents as other clients leave them, and edits as users make them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_documents.common_policy import Actions, Conditions, Identity, Many, One, Rule, Ruleset, Sphere
from xcap_documents.pres_rules import (
    ProvideActivities,
    ProvideServices,
    ServiceUri,
    SubHandling,
    SubHandlingElement,
)
from xcap_documents.resource_lists import DisplayName, Entry, EntryRef, External, ResourceList, ResourceLists

RL = "urn:ietf:params:xml:ns:resource-lists"
CP = "urn:ietf:params:xml:ns:common-policy"
PR = "urn:ietf:params:xml:ns:pres-rules"

TEXT = st.text(st.sampled_from("abé<&>\"'] \t😀"), max_size=6)
WORDS = st.text(st.sampled_from("abc é&<\"'😀"), min_size=1, max_size=5).map(lambda text: f"x{text}x")


class Pen:
    """Writes XML text the way nobody would expect."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self._draw = draw
        self._number = 0

    def one(self, *choices: Any) -> Any:
        return self._draw(st.sampled_from(choices))

    def fresh(self, stem: str) -> str:
        self._number += 1
        return f"{stem}{self._number}"

    def blank(self) -> str:
        return self.one("", "\n", "\n  ", "  \n\t", " ")

    def aside(self) -> str:
        """What stands between elements."""
        return (
            self.blank()
            + self.one("", "", "", f"<!-- {self.fresh('c')} < & -->", f"<?p {self.fresh('i')}?>")
            + self.blank()
        )

    def escaped(self, text: str, quote: str = "") -> str:
        done = ""
        for char in text:
            reference = {
                "<": "&lt;",
                "&": "&amp;",
                ">": "&gt;",
                "\t": "&#9;",
                '"': "&quot;",
                "'": "&#x27;",
            }.get(char)
            if reference and (char in "<&\t" or char == quote or self._draw(st.booleans())):
                done += reference
            elif self._draw(st.integers(0, 9)) == 0:
                done += f"&#{ord(char)};"
            else:
                done += char
        return done.replace("]]>", "]]&gt;")

    def attribute(self, name: str, value: str) -> str:
        quote = self.one('"', "'")
        return f"{self.one(' ', '  ', chr(10))}{name}{self.one('=', ' = ')}{quote}{self.escaped(value, quote)}{quote}"

    def text(self, text: str) -> str:
        """Text content, cut up at times."""
        cut = self._draw(st.integers(0, len(text)))
        first, last = text[:cut], text[cut:]
        way = self.one("plain", "plain", "comment", "cdata", "instruction")
        if way == "cdata" and "]]>" not in last:
            return f"{self.escaped(first)}<![CDATA[{last}]]>"
        between = {"comment": "<!-- & -->", "instruction": "<?q?>"}.get(way, "")
        return (self.escaped(first) + between + self.escaped(last)).replace("]]>", "]]&gt;")

    def element(self, name: str, attributes: str, content: str) -> str:
        end = self.one("", " ")
        if not content:
            return self.one(f"<{name}{attributes}{end}/>", f"<{name}{attributes}></{name}{end}>")
        return f"<{name}{attributes}{end}>{content}</{name}{end}>"

    def foreign(self) -> str:
        """An element of a namespace that nobody knows."""
        key = self.fresh("f")
        return self.one(
            f'<e:{key} xmlns:e="urn:e"/>',
            f'<{key} xmlns="urn:e" a="b:c"><b/> t <c>d</c></{key}>',
            f"<z:{key} xmlns:z=\"urn:z\" z:a='1'>{self.text('t & t')}</z:{key}>",
        )

    def finish(self, root: str) -> bytes:
        declaration = self.one("", '<?xml version="1.0" encoding="UTF-8"?>\n', "<?xml version='1.0'?>")
        text = (
            declaration
            + self.one("", "<!-- top -->\n", "<?top?>")
            + root
            + self.one("", "\n", "\n<!-- end -->")
        )
        if self.one(False, False, True):
            text = text.replace("\n", "\r\n")
        return self.one(b"", b"", b"\xef\xbb\xbf") + text.encode()


@st.composite
def resource_lists(draw: Callable[[Any], Any], *, broken: bool = False) -> bytes:
    """A resource-lists document.

    Args:
        draw: Hypothesis's.
        broken: Whether it may break the schema: misplaced, unknown and doubled content.
    """
    pen = Pen(draw)
    prefix = pen.one("", "", "rl:", "x-1:")
    declaration = f' xmlns{":" + prefix[:-1] if prefix else ""}="{RL}" xmlns:at="urn:at"'

    def name(stem: str) -> str:
        return prefix + stem

    def display() -> str:
        lang = pen.one("", "", pen.attribute("xml:lang", "en"))
        return pen.element(name("display-name"), lang, pen.text(draw(TEXT)))

    def stray() -> str:
        return pen.one("", "", "", pen.element(name("stray"), "", "<i/>")) if broken else ""

    def leaf() -> str:
        kind, key = pen.one(
            ("entry", "uri"), ("entry", "uri"), ("entry", "uri"), ("entry-ref", "ref"), ("external", "anchor")
        )
        value = (
            "sip:same@x"
            if broken and pen.one(False, False, False, True)
            else f"sip:{pen.fresh('u')}@x{draw(TEXT)}"
        )
        attributes = pen.attribute(key, value) + pen.one("", "", pen.attribute("at:more", draw(TEXT)))
        content = pen.one("", "", pen.aside() + display() + pen.aside())
        return pen.element(name(kind), attributes, content + pen.one("", "", pen.foreign()) + stray())

    def inside(depth: int) -> str:
        parts = [
            one_list(depth + 1) if depth < 2 and pen.one(False, False, True) else leaf()
            for _ in range(draw(st.integers(0, 4)))
        ]
        head = pen.one("", display())
        if broken and head and parts and pen.one(False, True):
            parts, head = [*parts, head], ""
        parts = [head, *parts, pen.one("", "", pen.foreign() + pen.foreign())]
        return "".join(pen.aside() + part + stray() for part in parts) + pen.blank()

    def one_list(depth: int) -> str:
        label = pen.one(True, True, True, False)
        attributes = pen.attribute("name", f"{pen.fresh('l')}{draw(TEXT)}") if label else ""
        return pen.element(name("list"), attributes, inside(depth))

    content = (
        "".join(pen.aside() + one_list(0) + stray() for _ in range(draw(st.integers(0, 3)))) + pen.aside()
    )
    return pen.finish(pen.element(name("resource-lists"), declaration, content))


@st.composite
def pres_rules(draw: Callable[[Any], Any]) -> bytes:
    """A pres-rules document."""
    pen = Pen(draw)
    cp, pr = pen.one(("cp:", "pr:"), ("", "pr:"), ("odd:", "p.r:"))
    ns = f' xmlns{":" + cp[:-1] if cp else ""}="{CP}"'
    here = f' xmlns:{pr[:-1]}="{PR}"'
    local = pen.one(True, False)

    def permission(name: str, value: str) -> str:
        return pen.element(pr + name, here if local else "", value)

    def identity() -> str:
        one = pen.element(cp + "one", pen.attribute("id", f"sip:{pen.fresh('i')}@x"), "")
        many = pen.element(cp + "many", pen.one("", pen.attribute("domain", pen.fresh("d"))), "")
        return pen.element(cp + "identity", "", pen.aside() + one + pen.one("", many, pen.foreign()))

    def rule() -> str:
        conditions = pen.one(
            "", identity(), identity() + pen.aside() + pen.element(f"{cp}sphere", ' value="work"', "")
        )
        actions = pen.one("", permission("sub-handling", pen.text(pen.one("allow", " block ", "odd"))))
        shown = "".join(
            pen.aside()
            + pen.one(
                permission("provide-activities", pen.one("1", "true", "0")),
                permission("provide-services", pen.element(pr + "service-uri", "", "x") if not local else ""),
                pen.foreign(),
            )
            for _ in range(draw(st.integers(0, 3)))
        )
        parts = [
            pen.one("", pen.element(cp + "conditions", "", pen.aside() + conditions + pen.aside())),
            pen.one("", pen.element(cp + "actions", "", pen.aside() + actions)),
            pen.one("", pen.element(cp + "transformations", "", shown)),
        ]
        return pen.element(
            cp + "rule", pen.attribute("id", pen.fresh("r")), "".join(pen.aside() + part for part in parts)
        )

    content = "".join(pen.aside() + rule() for _ in range(draw(st.integers(0, 4)))) + pen.aside()
    return pen.finish(pen.element(cp + "ruleset", ns + ("" if local else here), content))


def all_lists(book: ResourceLists) -> list[ResourceList]:
    """Every list, at whatever depth."""
    found: list[ResourceList] = []
    pending = list(book.items)
    while pending:
        each = pending.pop(0)
        found.append(each)
        pending += [item for item in each.items if isinstance(item, ResourceList)]
    return found


ANY = st.builds(
    AnyElement,
    qname=st.sampled_from(["{urn:new}n", "{urn:e}m"]),
    text=WORDS,
    attributes=st.dictionaries(st.sampled_from(["a", "{urn:at}b"]), TEXT, max_size=2),
)


def edit_lists(draw: Callable[[Any], Any], book: ResourceLists) -> None:
    """Change something at random."""
    lists = all_lists(book)
    if not lists or draw(st.integers(0, 9)) == 0:
        book.items.insert(draw(st.integers(0, len(book.items))), ResourceList(name=draw(WORDS)))
        return
    chosen = draw(st.sampled_from(lists))
    items = chosen.items
    what = draw(st.integers(0, 12))
    if what <= 1:
        new = draw(
            st.one_of(
                st.builds(Entry, uri=WORDS, display_name=st.none() | st.builds(DisplayName, value=TEXT)),
                st.builds(EntryRef, ref=WORDS),
                st.builds(External, anchor=WORDS, extensions=st.lists(ANY, max_size=1)),
                st.builds(
                    ResourceList,
                    name=st.none() | WORDS,
                    items=st.lists(st.builds(Entry, uri=WORDS), max_size=2),
                ),
            )
        )
        items.insert(draw(st.integers(0, len(items))), new)
    elif what == 2 and items:
        del items[draw(st.integers(0, len(items) - 1))]
    elif what == 3:
        items[:] = draw(st.permutations(list(items)))
    elif what == 4:
        chosen.name = draw(st.none() | WORDS)
    elif what == 5:
        chosen.display_name = draw(
            st.none() | st.builds(DisplayName, value=TEXT, lang=st.none() | st.just("de"))
        )
    elif what == 6:
        chosen.extensions = draw(st.permutations([*chosen.extensions, *draw(st.lists(ANY, max_size=2))]))
    elif what == 7 and chosen.extensions:
        spoiled: Any = chosen.extensions[0]
        spoiled.text = draw(WORDS) if not spoiled.children else spoiled.text
        spoiled.attributes = draw(st.sampled_from([spoiled.attributes, {}, {"k": "v"}]))
    elif what == 8 and items:
        other = draw(st.sampled_from(lists))
        moved = draw(st.sampled_from(items))
        if not isinstance(moved, ResourceList):
            items.pop(next(n for n, each in enumerate(items) if each is moved))
            other.items.insert(draw(st.integers(0, len(other.items))), moved)
    elif what == 9:
        for each in items:
            if isinstance(each, Entry):
                each.label = draw(st.none() | TEXT)
    elif what == 10 and items and isinstance(items[0], Entry):
        items[0].uri = draw(WORDS)
        items[0].attributes = draw(st.sampled_from([{}, {"{urn:at}new": "1"}, {"{urn:other}a": "\n2\t"}]))
    elif what == 11:
        book.items[:] = draw(st.permutations(list(book.items)))
    elif items:
        items.append(copy.deepcopy(draw(st.sampled_from(items))))


def edit_rules(draw: Callable[[Any], Any], policy: Ruleset) -> None:
    """Change something at random."""
    rules = policy.items
    what = draw(st.integers(0, 9))
    if not rules or what == 0:
        rules.insert(draw(st.integers(0, len(rules))), Rule(id=f"n{draw(st.integers(0, 99))}"))
        return
    rule = draw(st.sampled_from(rules))
    if what == 1:
        rules.remove(rule)
    elif what == 2:
        rules[:] = draw(st.permutations(list(rules)))
    elif what == 3:
        rule.id = f"m{draw(st.integers(0, 99))}"
    elif what == 4:
        rule.actions = draw(
            st.sampled_from(
                [None, Actions(), Actions(extensions=[SubHandlingElement(value=SubHandling.CONFIRM)])]
            )
        )
    elif what == 5:
        rule.conditions = draw(
            st.sampled_from(
                [
                    None,
                    Conditions(),
                    Conditions(items=[Sphere(value="a & b"), Identity(items=[One(id="x"), Many()])]),
                ]
            )
        )
    elif what == 6 and rule.conditions is not None:
        rule.conditions.items = draw(st.permutations([*rule.conditions.items, Sphere(value=draw(WORDS))]))
    elif what == 7 and rule.transformations is not None:
        new = [ProvideActivities(value=True), ProvideServices(items=[ServiceUri(value="sip:x")]), draw(ANY)]
        rule.transformations.extensions.insert(0, draw(st.sampled_from(new)))
    elif what == 8 and rule.transformations is not None:
        for each in rule.transformations.extensions:
            if isinstance(each, ProvideActivities):
                each.value = not each.value
    elif rule.conditions is not None:
        for each in rule.conditions.items:
            if isinstance(each, Identity):
                each.items.reverse()
                each.items.append(One(id=draw(WORDS)))
