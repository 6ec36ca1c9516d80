"""New elements as text, written with the prefixes and the indentation of the place they go to."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from xcap_sdk.documents.fragments import Scope, declarations, escape_text, quote_attribute
from xcap_sdk.documents.rendering import PREFIXES
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.xmltext import BLANK, XML_NAMESPACE

_AT_ONCE = 64
"""How many namespaces one start tag declares for the elements inside, so that it stays far from the number of
attributes, declarations among them, that readers take (`Limits.max_attributes`)."""

_STAND_IN = "moved"
_MADE_UP = re.compile(r"ns\d+")
_QNAME_VALUE = re.compile(r"[ \t\r\n]*([^\s:]+):")


def stand_in(number: int) -> Element:
    """An instruction that stands for an element which is written already, see `Splice.insert`."""
    return etree.ProcessingInstruction(_STAND_IN, str(number))


def is_stand_in(node: Element) -> bool:
    """Whether a node stands for an element."""
    return isinstance(node, etree._ProcessingInstruction) and node.target == _STAND_IN  # pyright: ignore[reportPrivateUsage] - lxml's only name for it


def split_at_stand_ins(written: str) -> list[str]:
    """What was written, cut up: text, number of what goes there, text, and so on, to the last text."""
    return re.split(rf"<\?{_STAND_IN} (\d+)\?>", written)


class Layout:
    """How new elements are indented.

    Args:
        lead: The white space before the element: a line end and the indentation, or nothing to write all in
            a row.
        unit: What one level adds to it.
    """

    def __init__(self, lead: str = "", unit: str = "") -> None:
        self.lead = lead
        self.unit = unit

    def inner(self) -> Layout:
        """The layout one level deeper."""
        return Layout(self.lead + self.unit, self.unit) if self.lead else self


class Writer:
    """Writes elements that are pure data as text for one place of a document.

    Args:
        scope: The namespaces in scope there.
        prefix: The prefix that the elements around use; taken first where several would do.
        encoding: The document's encoding.
    """

    def __init__(self, scope: Scope, *, prefix: str | None = None, encoding: str = "utf-8") -> None:
        self._scope = dict(scope)
        self._prefix = prefix
        self._encoding = encoding

    def write(self, element: Element, layout: Layout) -> str:
        """Write an element.

        It is indented where it holds nothing but elements and blank text; mixed content stays as it is.
        Prefixes in scope are used, what is missing is declared where it is needed; what lxml made up prefixes
        for, once for all, with the usual one if there is one, and as long as they are not too many.

        Args:
            element: The element; what follows it in its own tree is left out.
            layout: Its indentation; white space before the element is not written.

        Raises:
            InvalidInput: It holds a node that is neither element, text, comment nor instruction.
        """
        written: list[str] = []
        names = _Names(self._scope, element)
        names.declare_for_all()
        self._element(element, layout, names, self._prefix, written.append)
        return "".join(written)

    def _element(
        self,
        element: Element,
        layout: Layout,
        names: _Names,
        around: str | None,
        write: Callable[[str], None],
    ) -> None:
        prefix, name = names.element_name(around)
        attributes = "".join(
            f" {names.attribute_name(key)}={quote_attribute(value, encoding=self._encoding)}"
            for key, value in element.attrib.items()
        )
        write(f"<{name}{declarations(names.declared)}{attributes}")
        if not len(element) and not element.text:
            write("/>")
            return
        write(">")
        indented = bool(layout.lead) and _has_only_elements(element)
        if not indented:
            write(self._text(element.text))
        inner = layout.inner() if indented else Layout()
        for child in element:
            write(inner.lead)
            if isinstance(child.tag, str):
                self._element(child, inner, _Names(names.scope, child), prefix, write)
            else:
                write(_aside(child))
            if not indented:
                write(self._text(child.tail))
        write(f"{layout.lead if indented else ''}</{name}>")

    def _text(self, text: str | None) -> str:
        return escape_text(text, self._encoding) if text else ""


class _Names:
    """The names of one start tag, and the declarations that they need."""

    def __init__(self, scope: Scope, element: Element) -> None:
        self.scope = dict(scope)
        self.declared: dict[str | None, str] = {}
        self._element = element
        self._own: dict[str | None, str] = element.nsmap
        for text in (element.text, *element.attrib.values()):
            self._keep_prefix_in_value(text)

    def declare_for_all(self) -> None:
        """Declare what the elements inside need and nobody chose a prefix for, with the usual one."""
        known = set(self.scope.values())
        for each in self._element.iter("*"):
            if len(self.declared) >= _AT_ONCE:
                return
            uri, _ = _split(str(each.tag))
            if uri and uri not in known and _MADE_UP.fullmatch(each.prefix or ""):
                known.add(uri)
                self._declare(self._fresh(PREFIXES.get(uri, "ns")), uri)

    def _keep_prefix_in_value(self, text: str | None) -> None:
        """A value such as that of xsi:type may begin with a prefix, which then has to stay what it is."""
        found = _QNAME_VALUE.match(text) if text else None
        uri = self._own.get(found[1]) if found else None
        if found and uri and self.scope.get(found[1]) != uri:
            self._declare(found[1], uri)

    def element_name(self, around: str | None) -> tuple[str | None, str]:
        """The prefix and the name as written.

        Args:
            around: The prefix of the element around it.
        """
        uri, local = _split(str(self._element.tag))
        if uri is None:
            if self.scope.get(None):
                self._declare(None, "")
            return None, local
        own = self._element.prefix
        for prefix in (around, own, None, *self.scope):
            if self.scope.get(prefix) == uri:
                return prefix, _qname(prefix, local)
        prefix = own if own is None or own not in self.scope else self._fresh(own)
        self._declare(prefix, uri)
        return prefix, _qname(prefix, local)

    def attribute_name(self, key: str) -> str:
        """The name as written; an attribute is never in the default namespace."""
        uri, local = _split(key)
        if uri is None:
            return local
        return f"{self.attribute_prefix(uri)}:{local}"

    def attribute_prefix(self, uri: str) -> str:
        """A prefix for an attribute's namespace, declared if it has to be."""
        prefix, is_new = prefix_for(uri, self.scope, [one for one, its in self._own.items() if its == uri])
        if is_new:
            self._declare(prefix, uri)
        return prefix

    def _fresh(self, prefix: str) -> str:
        return fresh_prefix(self.scope, prefix)

    def _declare(self, prefix: str | None, uri: str) -> None:
        self.declared[prefix] = uri
        self.scope[prefix] = uri


def prefix_for(uri: str, scope: Scope, wanted: list[str | None]) -> tuple[str, bool]:
    """A prefix for a namespace where the default one does not count, as with attributes.

    Args:
        uri: The namespace.
        scope: The namespaces in scope.
        wanted: The prefixes to try first.

    Returns:
        The prefix, and whether it still has to be declared.
    """
    if uri == XML_NAMESPACE:
        return "xml", False
    for prefix in (*wanted, *scope):
        if prefix and scope.get(prefix) == uri:
            return prefix, False
    return fresh_prefix(scope, next(filter(None, wanted), "ns")), True


def fresh_prefix(scope: Scope, prefix: str) -> str:
    """The prefix itself, or with a number behind it, such that nothing in scope has it."""
    number, fresh = 0, prefix
    while fresh in scope:
        number += 1
        fresh = f"{prefix}{number}"
    return fresh


def _qname(prefix: str | None, local: str) -> str:
    return f"{prefix}:{local}" if prefix else local


def _split(name: str) -> tuple[str | None, str]:
    uri, brace, local = name.rpartition("}")
    return (uri[1:] or None if brace else None), local


def _has_only_elements(element: Element) -> bool:
    if not any(isinstance(child.tag, str) or is_stand_in(child) for child in element):
        return False
    texts = (element.text, *(child.tail for child in element))
    preserved = element.get(f"{{{XML_NAMESPACE}}}space") == "preserve"
    return not preserved and not any(text and text.strip(BLANK) for text in texts)


def _aside(node: Element) -> str:
    """A comment or an instruction as text."""
    if isinstance(node, etree._Comment):  # pyright: ignore[reportPrivateUsage] - lxml's only name for it
        return f"<!--{node.text}-->"
    if isinstance(node, etree._ProcessingInstruction):  # pyright: ignore[reportPrivateUsage] - likewise
        return f"<?{node.target} {node.text}?>" if node.text else f"<?{node.target}?>"
    raise InvalidInput(f"cannot write {node!r}")
