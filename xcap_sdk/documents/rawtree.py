"""A document as a tree that can be changed and is made of its text: what no change touches stays as it is.

Other than in the parser's tree, texts, comments and instructions are nodes, as in XPath: a text with its
CDATA sections is one, and never stands beside another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.tags import StartTag, TagAttribute
from xcap_sdk.protocol.xmltext import BLANK, XML_NAMESPACE, unescape_value

_TOKEN = re.compile(
    r"""(<!--.*?-->) | (<\?.*?\?>) | (<!\[CDATA\[.*?\]\]>) | (</[^>]*+>)
    | (<[^"'>]*+ (?:(?:"[^"]*+" | '[^']*+') [^"'>]*+)*+ >)""",
    re.DOTALL | re.VERBOSE,
)
_COMMENT, _INSTRUCTION, _CDATA, _END_TAG, _START_TAG = range(1, 6)
_HEAD = re.compile(r"\ufeff?(?:<\?xml[ \t\r\n].*?\?>)?", re.DOTALL)
_REFERENCE = re.compile(r"<!\[CDATA\[(.*?)\]\]>|&[^;]+;|\r\n?", re.DOTALL)
_SPECIAL = re.compile(r"[&\t\r\n]")
_TARGET = re.compile(r"<\?([^ \t\r\n?]+)")


class RawText:
    """A text, with CDATA sections and references as written."""

    __slots__ = ("parent", "raw")

    def __init__(self, raw: str) -> None:
        self.raw: str = raw
        self.parent: RawElement | RawDocument | None = None

    @property
    def value(self) -> str:
        """The text itself."""
        return _REFERENCE.sub(_resolved, self.raw)

    @property
    def is_blank(self) -> bool:
        """Whether it is nothing but white space."""
        return not self.value.strip(BLANK)


class RawAside:
    """A comment or a processing instruction."""

    __slots__ = ("parent", "raw", "target")

    def __init__(self, raw: str) -> None:
        self.raw: str = raw
        found = _TARGET.match(raw)
        self.target: str | None = found[1] if found else None
        """The target of an instruction; None for a comment."""
        self.parent: RawElement | RawDocument | None = None


class RawElement:
    """An element: its tags as written, and what is between them."""

    __slots__ = ("_attributes", "_declared", "_tag", "children", "closing", "name", "opening", "parent")

    def __init__(self, opening: str, name: str) -> None:
        self.opening: str = opening
        self.closing: str = ""
        self.name: str = name
        """The expanded name, ``{namespace}local``."""
        self.children: list[RawNode] = []
        self.parent: RawElement | RawDocument | None = None
        self._tag: StartTag | None = None
        self._attributes: dict[str, TagAttribute] | None = None
        self._declared: dict[str | None, str] | None = None

    @property
    def tag(self) -> StartTag:
        """The start tag, read into its parts."""
        if self._tag is None:
            self._tag = StartTag.read(self.opening)
        return self._tag

    @tag.setter
    def tag(self, tag: StartTag) -> None:
        if tag.name != self.tag.name and self.closing:
            self.closing = f"</{tag.name}{self.closing[2 + len(self.tag.name) :]}"
        self._tag = tag
        self.opening = str(tag)
        self._attributes = self._declared = None

    def may_have(self, value: str) -> bool:
        """Whether an attribute may have this value: a look at the tag as written, which is quick."""
        return value in self.opening or _SPECIAL.search(self.opening) is not None

    @property
    def prefix(self) -> str | None:
        """The prefix of its name; None for none."""
        prefix, _, _ = self.tag.name.rpartition(":")
        return prefix or None

    @property
    def namespace(self) -> str:
        """The namespace of its name; empty for none."""
        return self.name.rpartition("}")[0][1:]

    @property
    def declared(self) -> dict[str | None, str]:
        """The namespaces that it declares itself, by prefix; an empty one undeclares the default."""
        if self._declared is None:
            self._declared = {}
            for attribute in self.tag.attributes if "xmlns" in self.opening else ():
                if attribute.name == "xmlns" or attribute.name.startswith("xmlns:"):
                    self._declared[attribute.name[6:] or None] = value_of(attribute)
        return self._declared

    @property
    def attributes(self) -> dict[str, TagAttribute]:
        """The attributes by their expanded names, without declarations."""
        if self._attributes is None:
            named = [each for each in self.tag.attributes if each.name.partition(":")[0] != "xmlns"]
            self._attributes = {self._expanded(each.name): each for each in named}
        return self._attributes

    def _expanded(self, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{namespace_of(self, prefix)}}}{local}" if prefix else local

    def renamed(self, prefix: str, uri: str) -> None:
        """Take note that a prefix stands for another namespace here."""
        self._attributes = None
        if self.prefix == prefix:
            self.name = f"{{{uri}}}{self.name.rpartition('}')[2]}"

    def open(self) -> None:
        """Make two tags of an element of one tag, so that content can go between them."""
        if not self.closing:
            self.tag = self.tag.opened()
            self.closing = f"</{self.tag.name}>"


class RawDocument:
    """A document: what is before and behind its root element, too."""

    __slots__ = ("children", "head")

    def __init__(self, head: str) -> None:
        self.head: str = head
        """Byte order mark and XML declaration."""
        self.children: list[RawNode] = []
        """What comes behind it; blank texts among it are no nodes to XPath."""

    def text(self) -> str:
        """The whole document as text."""
        return self.head + text_of(self.children)


RawNode = RawElement | RawText | RawAside


def read_document(source: Source) -> RawDocument:
    """A parsed document as a tree of its text.

    Raises:
        UnicodeDecodeError: Bytes that the parser reads in its encoding, and Python does not.
    """
    text = source.data.decode(source.encoding)
    head = _HEAD.match(text)
    assert head is not None, "the pattern fits anything"
    document = RawDocument(head[0])
    names = (str(element.tag) for element in source.root.iter("*"))
    around: RawElement | RawDocument = document
    outer: list[RawElement | RawDocument] = []
    position = head.end()
    for found in _TOKEN.finditer(text, position):
        if found.start() > position:
            _grow(around, RawText(text[position : found.start()]))
        position = found.end()
        match found.lastindex:
            case 4:  # an end tag
                assert isinstance(around, RawElement), "the parser found it well-formed"
                around.closing = found[0]
                around = outer.pop()
            case 5:  # a start tag
                element = RawElement(found[0], next(names))
                _grow(around, element)
                if not found[0].endswith("/>"):
                    outer.append(around)
                    around = element
            case 3:  # a CDATA section
                _grow(around, RawText(found[0]))
            case _:
                _grow(around, RawAside(found[0]))
    if position < len(text):
        _grow(around, RawText(text[position:]))
    return document


def _grow(parent: RawElement | RawDocument, node: RawNode) -> None:
    """Put a node behind the last one."""
    last = parent.children[-1] if parent.children else None
    if isinstance(node, RawText) and isinstance(last, RawText):
        last.raw += node.raw
    else:
        node.parent = parent
        parent.children.append(node)


def append(parent: RawElement | RawDocument, nodes: Iterable[RawNode]) -> None:
    """Put nodes behind the last one."""
    insert(parent, len(parent.children), nodes)


def insert(parent: RawElement | RawDocument, index: int, nodes: Iterable[RawNode]) -> None:
    """Put nodes in before another one; texts that come together become one (RFC 5261 §4.3.5)."""
    new = list(nodes)
    for node in new:
        node.parent = parent
    parent.children[index:index] = new
    _join(parent, index + len(new))
    _join(parent, index)


def take_out(node: RawNode) -> int:
    """Take a node out, and join the texts around it (RFC 5261 §4.5.6); gives the index where it was."""
    parent = node.parent
    assert parent is not None, "only nodes of a tree are taken out"
    index = index_of(node)
    del parent.children[index]
    node.parent = None
    _join(parent, index)
    return index


def index_of(node: RawNode) -> int:
    """Where a node is among its siblings."""
    parent = node.parent
    assert parent is not None, "only nodes of a tree have siblings"
    return next(index for index, child in enumerate(parent.children) if child is node)


def _join(parent: RawElement | RawDocument, index: int) -> None:
    """Make one text of two that meet before an index."""
    pair = parent.children[max(index - 1, 0) : index + 1]
    if len(pair) == 2 and isinstance(pair[0], RawText) and isinstance(pair[1], RawText):
        pair[0].raw += pair[1].raw
        del parent.children[index]


def text_of(nodes: Iterable[RawNode]) -> str:
    """Nodes as they are written."""
    written: list[str] = []
    waiting: list[RawNode | str] = [*nodes]
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        if isinstance(node, RawElement):
            written.append(node.opening)
            waiting.append(node.closing)
            waiting += node.children[::-1]
        else:
            written.append(node if isinstance(node, str) else node.raw)
    return "".join(written)


def descendants(element: RawElement) -> Iterator[RawNode]:
    """All nodes inside an element, in document order."""
    waiting = element.children[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, RawElement):
            waiting += node.children[::-1]


def scope_of(element: RawElement | RawDocument | None) -> dict[str | None, str]:
    """The namespaces in scope of an element by prefix, the default one under None; without ``xml``."""
    chain: list[RawElement] = []
    while isinstance(element, RawElement):
        chain.append(element)
        element = element.parent
    scope: dict[str | None, str] = {}
    for each in reversed(chain):
        scope |= each.declared
    return {prefix: uri for prefix, uri in scope.items() if uri}


def namespace_of(element: RawElement | RawDocument | None, prefix: str) -> str:
    """The namespace that a prefix stands for; empty if it is not bound."""
    if prefix == "xml":
        return XML_NAMESPACE
    while isinstance(element, RawElement):
        if (uri := element.declared.get(prefix)) is not None:
            return uri
        element = element.parent
    return ""


def value_of(attribute: TagAttribute) -> str:
    """The value of an attribute itself."""
    written = attribute.value[1:-1]
    return unescape_value(written) if _SPECIAL.search(written) else written


def expand(name: str, scope: Mapping[str | None, str], *, is_attribute: bool) -> str | None:
    """The expanded name of a name as written; None if its prefix is not bound."""
    prefix, _, local = name.rpartition(":")
    if not prefix and is_attribute:
        return local
    uri = XML_NAMESPACE if prefix == "xml" else scope.get(prefix or None)
    if uri is None and prefix:
        return None
    return f"{{{uri}}}{local}" if uri else local


def _resolved(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1].replace("\r\n", "\n").replace("\r", "\n")
    return "\n" if found[0].startswith("\r") else unescape_value(found[0])
