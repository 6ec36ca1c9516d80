"""Made-up documents: a plain model of XML, written in as many ways as XML allows, and edits of it.

The model knows nothing of the code under test: it says what a document with edits has to mean.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from lxml import etree

NAMES = ["a", "b", "entry", "display-name", "x.y", "é"]
URIS = ["urn:u", "urn:v", "urn:w"]
PREFIXES = ["p", "q", "ns", "xsi"]
PIECES = [
    "x",
    "bob",
    " ",
    "é",
    "€",
    "😀",
    "<",
    ">",
    "&",
    '"',
    "'",
    "]]>",
    "\t",
    "\n",
    "\r",
    "&amp;",
    "a:b",
    "  ",
]


@dataclass(eq=False)
class Node:
    """An element: its expanded name, attributes, and content."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list[Item] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        return [item for item in self.content if isinstance(item, Node)]

    @property
    def is_mixed(self) -> bool:
        return any(isinstance(item, str) and item.strip(" \t\r\n") for item in self.content)

    def walk(self) -> list[Node]:
        return [self, *(below for child in self.children for below in child.walk())]


@dataclass(frozen=True)
class Aside:
    """A comment (without target) or an instruction."""

    text: str
    target: str | None = None


Item: TypeAlias = Node | Aside | str


def make_text(random: Random) -> str:
    return "".join(random.choices(PIECES, k=random.randrange(4)))


def make_aside(random: Random) -> Aside:
    if random.random() < 0.5:
        return Aside(random.choice([" note ", "", "<a>", "é", " ]]> "]))
    return Aside(random.choice(["", "<b/>", "k='v'"]), random.choice(["pi", "xml-stylesheet"]))


class Writer:
    """Writes a document as somebody else might have, and remembers what it means."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.codec = random.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
        self.newline = random.choice(["\n", "\n", "\r\n"])
        self.indent = random.choice(["  ", " ", "\t", None])

    def document(self) -> tuple[bytes, Node]:
        r = self.random
        declared = {"utf-16": "UTF-16", "latin-1": "ISO-8859-1"}.get(self.codec)
        head = ""
        if declared or r.random() < 0.5:
            quote = r.choice("\"'")
            head = f"<?xml version={quote}1.0{quote}"
            head += f" encoding={quote}{declared}{quote}" if declared else ""
            head += "?>" + r.choice(["", self.newline])
        head += r.choice(["", "<!-- é <r> -->", f"<?p <r/> ?>{self.newline}"])
        text, root = self.element({}, 0)
        tail = r.choice(["", self.newline, "<!-- end -->", f"{self.newline}<?e?>  "])
        return (head + text + tail).encode(self.codec), root

    def element(self, scope: dict[str | None, str], depth: int) -> tuple[str, Node]:
        r = self.random
        scope, declared = dict(scope), {}
        while r.random() < (0.6 if not depth else 0.15):
            prefix = r.choice([None, *PREFIXES])
            declared[prefix] = scope[prefix] = r.choice(URIS if prefix else [*URIS, ""])
        prefix, uri = self.name_of(scope, may_be_default=True)
        local = r.choice(NAMES)
        node = Node(f"{{{uri}}}{local}" if uri else local)
        name = f"{prefix}:{local}" if prefix else local
        written = [(f"xmlns:{one}" if one else "xmlns", self.value(its)) for one, its in declared.items()]
        while r.random() < 0.5:
            prefix, uri = self.name_of(scope, may_be_default=False)
            local, value = r.choice(NAMES), make_text(r)
            key = f"{{{uri}}}{local}" if uri else local
            if key not in node.attributes:
                node.attributes[key] = value
                written.append((f"{prefix}:{local}" if prefix else local, self.value(value)))
        r.shuffle(written)
        tag = name + "".join(
            f"{r.choice([' ', ' ', '  ', self.newline])}{key}{r.choice(['=', '=', ' = '])}{value}"
            for key, value in written
        )
        tag += r.choice(["", "", " "])
        content = self.content(node, scope, depth)
        if not content and r.random() < 0.7:
            return f"<{tag}/>", node
        return f"<{tag}>{content}</{name}{r.choice(['', '', ' '])}>", node

    def name_of(self, scope: dict[str | None, str], *, may_be_default: bool) -> tuple[str | None, str]:
        known: list[tuple[str | None, str]] = [(prefix, uri) for prefix, uri in scope.items() if prefix]
        known.append((None, scope.get(None, "") if may_be_default else ""))
        return self.random.choice(known)

    def content(self, node: Node, scope: dict[str | None, str], depth: int) -> str:
        r = self.random
        kind = (
            r.choice(["empty", "text", "elements", "mixed"])
            if depth
            else r.choice(["elements", "elements", "mixed"])
        )
        if depth > 2 and kind in {"elements", "mixed"}:
            kind = "text"
        pieces: list[str] = []
        for _ in range(0 if kind == "empty" else r.randrange(4)):
            choice = r.random()
            if kind == "elements" and self.indent is not None:
                pieces.append(self.blank(node, self.newline + self.indent * (depth + 1)))
            if choice < 0.2:
                aside = make_aside(r)
                node.content.append(aside)
                separator = " " if aside.text else ""
                pieces.append(
                    f"<?{aside.target}{separator}{aside.text}?>" if aside.target else f"<!--{aside.text}-->"
                )
            elif kind in {"text", "mixed"} and (choice < 0.7 or kind == "text"):
                text = make_text(r)
                node.content.append(text)
                pieces.append(self.text(text))
            else:
                written, child = self.element(scope, depth + 1)
                node.content.append(child)
                pieces.append(written)
        if pieces and kind == "elements" and self.indent is not None:
            pieces.append(self.blank(node, self.newline + self.indent * depth))
        return "".join(pieces)

    def blank(self, node: Node, blank: str) -> str:
        node.content.append(blank.replace("\r\n", "\n"))
        return blank

    def text(self, text: str) -> str:
        if text and self.random.random() < 0.25 and not set(text) & set("\r€😀") and "]]>" not in text:
            return f"<![CDATA[{text}]]>"
        return "".join(self.character(one, "&<>\r") for one in text).replace("\n", self.newline)

    def value(self, text: str) -> str:
        quote = self.random.choice("\"'")
        written = "".join(self.character(one, f"&<\t\n\r{quote}") for one in text)
        return f"{quote}{written.replace(' ', self.random.choice([' ', ' ', self.newline]))}{quote}"

    def character(self, one: str, escaped: str) -> str:
        named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
        must = one in escaped or (self.codec == "latin-1" and ord(one) > 0xFF)
        if not must and self.random.random() < 0.9:
            return one
        return self.random.choice([named.get(one, f"&#{ord(one)};"), f"&#{ord(one)};", f"&#x{ord(one):X};"])


def make_new(random: Random, depth: int = 0) -> Node:
    """A new element."""
    r = random
    node = Node(_new_name(r))
    while r.random() < 0.4:
        node.attributes[_new_name(r)] = make_text(r)
    for _ in range(r.randrange(3) if depth < 2 else 0):
        choice = r.random()
        if choice < 0.5:
            node.content.append(make_new(r, depth + 1))
        elif choice < 0.8:
            node.content.append(make_text(r))
        else:
            node.content.append(make_aside(r))
    return node


def _new_name(random: Random) -> str:
    uri = random.choice(["", *URIS, "urn:new"])
    local = random.choice(NAMES)
    return f"{{{uri}}}{local}" if uri else local


def as_lxml(node: Node, random: Random) -> etree._Element:
    """The element as lxml has it, with prefixes of its own."""
    nsmap: dict[str | None, str] = {}
    for prefix in random.sample([None, *PREFIXES], random.randrange(3)):
        nsmap[prefix] = random.choice(URIS)
    element = etree.Element(node.name, nsmap=nsmap)
    for key, value in node.attributes.items():
        element.set(key, value)
    last: etree._Element | None = None
    for item in node.content:
        if isinstance(item, str):
            if last is None:
                element.text = (element.text or "") + item
            else:
                last.tail = (last.tail or "") + item
        else:
            if isinstance(item, Node):
                last = as_lxml(item, random)
            elif item.target:
                last = etree.ProcessingInstruction(item.target, item.text)
            else:
                last = etree.Comment(item.text)
            element.append(last)
    return element


def read(element: etree._Element) -> Node:
    """The model of a parsed element."""
    node = Node(str(element.tag), {str(key): str(value) for key, value in element.attrib.items()})
    node.content.append(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            node.content.append(read(child))
        elif child.tag is etree.Comment:
            node.content.append(Aside(child.text or ""))
        else:
            assert isinstance(child, etree._ProcessingInstruction)
            node.content.append(Aside(child.text or "", child.target))
        node.content.append(child.tail or "")
    return node


def meaning(node: Node, *, keeps_blanks: bool) -> list[object]:
    """The content of an element as a list to compare, texts joined; blank texts only if they are to be kept."""
    content: list[object] = []
    for item in node.content:
        if isinstance(item, str):
            if content and isinstance(content[-1], str):
                content[-1] += item
            else:
                content.append(item)
        else:
            content.append(item)
    return [
        one for one in content if not isinstance(one, str) or (one if keeps_blanks else one.strip(" \t\r\n"))
    ]
