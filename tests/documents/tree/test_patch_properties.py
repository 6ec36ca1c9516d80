"""Patches made from two random documents lead from the one to the other; selectors select what XPath selects."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from made_documents import Writer

from xcap_sdk import PatchAdd, PatchError, PatchOperation, PatchRemove, PatchReplace, apply_patch
from xcap_sdk.documents.fragments import escape_text
from xcap_sdk.documents.locating import Effort, Locator
from xcap_sdk.documents.rawtree import RawElement, descendants, read_document
from xcap_sdk.documents.source import Source

randoms = st.integers(0, 2**64).map(Random)
many = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
BLANK = " \t\r\n"


def written(random: Random) -> bytes:
    writer = Writer(random)
    writer.codec = random.choice(["utf-8", "utf-8-sig", "utf-16"])
    return writer.document()[0]


# The meaning of a document: its XPath nodes, by expanded names.


def nodes_of(parent: Any) -> list[Any]:
    """The children in XPath's model: elements and asides of lxml, texts as strings."""
    found: list[Any] = [parent.text or ""]
    for child in parent:
        found += [child, child.tail or ""]
    return [node for node in found if node != ""]


def beside_root(root: Any) -> tuple[list[Any], list[Any]]:
    return list(root.itersiblings(preceding=True))[::-1], list(root.itersiblings())


def meaning(node: Any) -> Any:
    if isinstance(node, str):
        return node
    if not isinstance(node.tag, str):
        return (kind(node), getattr(node, "target", None), node.text or "")
    return (node.tag, dict(node.attrib), [meaning(child) for child in nodes_of(node)])


def meaning_of(data: bytes) -> Any:
    root = Source.parse(data).root
    before, behind = beside_root(root)
    return [meaning(node) for node in (*before, root, *behind)]


def kind(node: Any) -> str:
    if isinstance(node, str):
        return "text()"
    if isinstance(node.tag, str):
        return "*"
    return "comment()" if node.tag is etree.Comment else "processing-instruction()"


# A differ that makes RFC 5261 operations: simple, positional, and sequential.


class Differ:
    """Collects the operations that lead from one document to another."""

    def __init__(self, random: Random, one: bytes, other: bytes) -> None:
        self.random = random
        self.target = Source.parse(other)
        self.operations: list[PatchOperation] = []
        self.root(Source.parse(one).root, self.target.root)

    def root(self, one: Any, other: Any) -> None:
        before, behind = beside_root(one)
        for node in (*before, *behind):
            self.operations.append(PatchRemove(f"{kind(node)}[1]"))
        before, behind = beside_root(other)
        if before:
            self.operations.append(PatchAdd("*", "".join(map(self.aside, before)), "before"))
        if behind:
            self.operations.append(PatchAdd("*", "".join(map(self.aside, behind)), "after"))
        self.element(one, other, self.random.choice(["*", "/*"]))

    def element(self, one: Any, other: Any, path: str) -> None:
        if one.tag != other.tag:
            content, namespaces = self.content([other])
            self.operations.append(PatchReplace(path, content, namespaces))
            return
        for name in (*one.attrib, *other.attrib):
            self.attribute(name, one.get(name), other.get(name), path)
        self.children(nodes_of(one), nodes_of(other), path)

    def attribute(self, name: str, old: str | None, new: str | None, path: str) -> None:
        uri, _, local = name.rpartition("}")
        namespaces: dict[str | None, str] = {"n": uri[1:]} if uri else {}
        named = f"@n:{local}" if uri else f"@{local}"
        if new is None:
            self.operations.append(PatchRemove(f"{path}/{named}", None, namespaces))
        elif old is None:
            self.operations.append(PatchAdd(path, escape_text(new), type=named, namespaces=namespaces))
        elif old != new:
            self.operations.append(PatchReplace(f"{path}/{named}", escape_text(new), namespaces))

    def children(self, old: list[Any], new: list[Any], path: str) -> None:
        """Keep what is of the same kind at both ends, and exchange what is between."""
        head = 0
        while head < min(len(old), len(new)) and kind(old[head]) == kind(new[head]):
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and kind(old[~tail]) == kind(new[~tail]):
            tail += 1
        ends = [head and kind(new[head - 1]) == "text()", tail and kind(new[-tail]) == "text()"]
        if all(ends) and len(old) - tail > head:
            tail -= 1  # else the two texts would become one
        going, coming = old[head : len(old) - tail], new[head : len(new) - tail]
        self.remove(old, head, going, path)
        self.add(new[:head] + new[len(new) - tail :], head, coming, path)
        kept = [*range(head), *range(len(new) - tail, len(new))]
        for index in kept:
            partner = old[index] if index < head else old[index - len(new)]
            self.exchange(partner, new[index], self.step(new, index, path))

    def remove(self, old: list[Any], head: int, going: list[Any], path: str) -> None:
        left = list(old)
        blank = len(going) > 1 and isinstance(going[1], str) and not going[1].strip(BLANK)
        if blank and not isinstance(going[0], str) and self.random.random() < 0.5:
            self.operations.append(PatchRemove(self.step(left, head, path), "after"))
            del left[head : head + 2]
            going = going[2:]
        for texts in (True, False):  # texts first: what stands around the others would join them
            for node in [node for node in going if isinstance(node, str) == texts]:
                index = next(at for at, each in enumerate(left) if each is node and at >= head)
                self.operations.append(PatchRemove(self.step(left, index, path)))
                del left[index]

    def add(self, kept: list[Any], head: int, coming: list[Any], path: str) -> None:
        if not coming:
            return
        content, namespaces = self.content(coming)
        places: list[tuple[str, str | None]] = []
        if head == len(kept):
            places.append((path, None))
        if head == 0:
            places.append((path, "prepend"))
        if head:
            places.append((self.step(kept, head - 1, path), "after"))
        if head < len(kept):
            places.append((self.step(kept, head, path), "before"))
        sel, pos = self.random.choice(places)
        self.operations.append(PatchAdd(sel, content, pos, None, namespaces))

    def exchange(self, old: Any, new: Any, path: str) -> None:
        if kind(old) == "*":
            self.element(old, new, path)
        elif meaning(old) != meaning(new):
            self.operations.append(PatchReplace(path, self.content([new])[0]))

    def step(self, nodes: list[Any], index: int, path: str) -> str:
        name = kind(nodes[index])
        number = sum(kind(node) == name for node in nodes[: index + 1])
        return f"{path}/{name}[{number}]"

    def content(self, nodes: list[Any]) -> tuple[str, dict[str | None, str]]:
        """XML text for nodes of the target, with its namespaces around it or in it."""
        parent = next((node.getparent() for node in nodes if not isinstance(node, str)), None)
        around = {} if parent is None else self.target.namespaces(parent)
        whole = self.random.random() < 0.3
        pieces: list[str] = []
        for node in nodes:
            if isinstance(node, str):
                pieces.append(escape_text(node))
            elif not isinstance(node.tag, str):
                pieces.append(self.aside(node))
            elif whole:
                pieces.append(etree.tostring(node, encoding="unicode", with_tail=False))
            else:
                pieces.append(self.target.fragment(node).decode(self.target.encoding))
        return "".join(pieces), {} if whole else around

    def aside(self, node: Any) -> str:
        return etree.tostring(node, encoding="unicode", with_tail=False)


@many
@given(randoms)
def test_the_patch_between_two_documents_leads_to_the_other(random: Random) -> None:
    one, other = written(random), written(random)
    operations = Differ(random, one, other).operations
    assert meaning_of(apply_patch(one, operations)) == meaning_of(other)


@many
@given(randoms)
def test_the_patch_to_itself_touches_no_byte(random: Random) -> None:
    one = written(random)
    root = Source.parse(one).root
    asides = [node for nodes in beside_root(root) for node in nodes]
    operations = Differ(random, one, one).operations
    assert len(operations) == len(asides) + bool(beside_root(root)[0]) + bool(beside_root(root)[1])
    assert apply_patch(one, operations[len(operations) :]) == one


@many
@given(randoms)
def test_an_operation_touches_only_its_place(random: Random) -> None:
    data = written(random)
    source = Source.parse(data)
    elements = [element for element in source.root.iter("*") if element is not source.root]
    if not elements:
        return
    element = random.choice(elements)
    start, end = source.span(element)
    path = positional(element)
    assert apply_patch(data, [PatchRemove(path)]) == data[:start] + data[end:]
    new = "<new/>".encode(source.encoding)
    here = source.namespaces(element.getparent())
    undeclared = '<new xmlns=""/>'.encode(source.encoding) if here.get(None) else new
    assert apply_patch(data, [PatchReplace(path, "<new/>")]) == data[:start] + undeclared + data[end:]
    assert apply_patch(data, [PatchAdd(path, "<!-- c -->", "after")]) == (
        data[:end] + "<!-- c -->".encode(source.encoding) + data[end:]
    )


def positional(element: Any) -> str:
    steps: list[str] = []
    while element is not None:
        before = sum(1 for _ in element.itersiblings("*", preceding=True))
        steps.append(f"*[{before + 1}]")
        element = element.getparent()
    return "/".join(reversed(steps))


# Selectors, against another XPath.


def random_path(random: Random, source: Source) -> tuple[str, dict[str | None, str]]:
    """A selector that is likely to select something."""
    names: dict[str, str] = {}

    def prefixed(name: str) -> str:
        uri, _, local = name.rpartition("}")
        if not uri:
            return local
        return f"{names.setdefault(uri[1:], f'p{len(names)}')}:{local}"

    element: Any = random.choice(list(source.root.iter("*")))
    steps: list[str] = []
    node = element
    while node is not None:
        step = prefixed(str(node.tag)) if random.random() < 0.6 else "*"
        while random.random() < 0.4:
            step += random.choice(conditions(random, node, prefixed))
        steps.append(step)
        node = node.getparent()
    last: list[Callable[[], str]] = [
        lambda: "",
        lambda: "/text()",
        lambda: f"/text()[{random.randrange(3)}]",
        lambda: "/comment()",
        lambda: "/processing-instruction()",
        lambda: "/processing-instruction('pi')[1]",
        lambda: "/" + prefixed_attribute(random, element, prefixed),
    ]
    path = "/".join(reversed(steps)) + random.choice(last)()
    return random.choice(["", "/"]) + path, {prefix: uri for uri, prefix in names.items()}


def prefixed_attribute(random: Random, element: Any, prefixed: Callable[[str], str]) -> str:
    return "@" + (prefixed(str(random.choice(list(element.attrib)))) if element.attrib else "none")


def conditions(random: Random, element: Any, prefixed: Callable[[str], str]) -> list[str]:
    found = [f"[{random.randrange(4)}]"]
    values = [("@" + prefixed(name), value) for name, value in element.attrib.items()]
    values += [
        (prefixed(str(child.tag)), "".join(child.itertext("*"))) for child in element.iterchildren("*")
    ]
    values.append((".", "".join(element.itertext("*"))))
    for name, value in values:
        quote = next((quote for quote in "'\"" if quote not in value), None)
        if quote and not set(value) & set("\r\n"):
            found.append(f"[{name}={quote}{value}{quote}]")
    return found


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(randoms)
def test_selectors_select_what_xpath_selects(random: Random) -> None:
    source = Source.parse(written(random))
    sel, namespaces = random_path(random, source)
    text = sel if sel.startswith("/") else f"/{sel}"
    plain = etree.fromstring(source.data)  # to lxml a CDATA section is a text of its own if it is kept
    expected: list[Any] = plain.getroottree().xpath(text, namespaces=namespaces or None)
    document = read_document(source)
    operation = PatchRemove(sel, None, namespaces)
    locator = Locator(document, operation, Effort(100_000))
    if len(expected) != 1:
        with pytest.raises(PatchError, match="unlocated-node"):
            locator.locate()
        return
    located = locator.locate()
    if isinstance(located.node, RawElement):
        [root] = [node for node in document.children if isinstance(node, RawElement)]
        elements = [root, *(node for node in descendants(root) if isinstance(node, RawElement))]
        number = next(at for at, each in enumerate(elements) if each is located.node)
        element = list(plain.iter("*"))[number]
        assert expected[0] is element if located.last is None else expected[0].getparent() is element
    elif isinstance(expected[0], str):
        assert located.node.raw  # a text
    else:
        assert meaning(expected[0])[2] in located.node.raw.replace("\r\n", "\n")
