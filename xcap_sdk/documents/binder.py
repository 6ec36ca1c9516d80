"""From an element tree to a model, by tables made once per class from xsdata's metadata.

Reads tolerantly what is well-formed but breaks the schema: what no field can hold is left out of the model, a
value of the wrong form stays text, and what the class asks for and the document lacks is None.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar, cast
from xml.etree.ElementTree import QName

from lxml import etree
from xsdata.exceptions import ConverterError, ConverterWarning, ParserError, XmlContextError
from xsdata.formats.converter import converter
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.parsers.mixins import XmlHandler

from xcap_sdk.documents.classes import XSI_TYPE, classes, is_plain, required_fields
from xcap_sdk.documents.xml import Element, leading_text
from xcap_sdk.errors import UnexpectedDocument

T = TypeVar("T")
Convert = Callable[[str | None, Element], Any]


class _Slot:
    """Where a child element goes: a field, and how the child is read."""

    __slots__ = ("is_list", "name", "read")

    def __init__(self, name: str, is_list: bool, read: Callable[[Element], Any]) -> None:
        self.name = name
        self.is_list = is_list
        self.read = read


class Table:
    """How the elements of one class are read."""

    def __init__(self, meta: XmlMeta) -> None:
        self.meta = meta
        self.cls: type[Any] = cast("type[Any]", meta.clazz)
        self.attributes: dict[str, tuple[str, Convert]] = {
            name: (var.name, _conversion(var)) for name, var in meta.attributes.items() if var.init
        }
        text = meta.text
        self.text: tuple[str, Convert] | None = (
            (text.name, _conversion(text)) if text is not None and text.init else None
        )
        self.slots: dict[str, list[_Slot]] = {}
        self.tuples: list[str] = [
            var.name for var in meta.get_element_vars() if var.list_element and _factory_of(var) is tuple
        ]
        self.required: tuple[str, ...] = required_fields(self.cls)
        if not is_plain(meta):
            self.read = self._read_stock

    def read(self, element: Element) -> Any:
        """The model of an element; what it lacks is None, also where the class says otherwise.

        Raises:
            UnexpectedDocument: The class's own constructor refuses it.
        """
        values = self._read_attributes(element)
        if self.text is not None:
            text = leading_text(element)
            if text is not None:
                values[self.text[0]] = self.text[1](text, element)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                slots = self.slots.get(tag)
                for slot in self._slots(tag) if slots is None else slots:
                    name = slot.name
                    if slot.is_list:
                        values.setdefault(name, []).append(slot.read(child))
                        break
                    if name not in values:
                        values[name] = slot.read(child)
                        break
        for name in self.tuples:
            values[name] = tuple(values.get(name, ()))
        for name in self.required:
            if name not in values:
                values[name] = None
        try:
            return self.cls(**values)
        except (TypeError, ValueError) as error:
            raise _unreadable(element, error) from error

    def _read_stock(self, element: Element) -> Any:
        try:
            return _stock(element, self.cls)
        except (ParserError, XmlContextError, TypeError, ValueError):
            return Table.read(self, element)  # what xsdata refuses is read as far as the fields go

    def _read_attributes(self, element: Element) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, text in element.attrib.items():
            known = self.attributes.get(str(name))
            if known is not None:
                values[known[0]] = known[1](str(text), element)
            elif (wildcard := self.meta.find_any_attributes(str(name))) is not None:
                values.setdefault(wildcard.name, {})[str(name)] = str(text)
        return values

    def _slots(self, tag: str) -> list[_Slot]:
        """The fields for a child of this name, in the order to try them."""
        namespace = self.meta.namespace
        found = [
            _Slot(var.name, bool(var.list_element), _reader(var, namespace))
            for var in self.meta.find_children(tag)
            if var.init
        ]
        if len(self.slots) < 1_000:  # a hostile document has many names
            self.slots[tag] = found
        return found


def _unreadable(element: Element, error: Exception) -> UnexpectedDocument:
    name = etree.QName(element).localname
    return UnexpectedDocument(f"line {element.sourceline}: {name} cannot be read: {error}")


def _factory_of(var: XmlVar) -> object:
    untyped: Any = var
    return untyped.factory


_tables: dict[type, Table] = {}


def table_of(cls: type, namespace: str | None = None) -> Table:
    """The table of a class, made once; two threads may make it twice, which does no harm."""
    table = _tables.get(cls)
    if table is None:
        table = _tables[cls] = Table(classes().build(cls, namespace))
    return table


def _reader(var: XmlVar, namespace: str | None) -> Callable[[Element], Any]:
    if var.is_wildcard:
        typed = var.process_contents != "skip"
        return lambda child: _read_wild(child, typed=typed)
    if var.clazz:
        expected: type = var.clazz

        def read_model(child: Element) -> Any:
            cls = expected
            if XSI_TYPE in child.attrib:
                cls = _substitute(child, expected)
            return table_of(cls, namespace).read(child)

        return read_model
    convert = _conversion(var)
    empty: Any = b"" if bytes in var.types else ""

    def read_leaf(child: Element) -> Any:
        value = convert(leading_text(child), child)
        return empty if value is None else value

    return read_leaf


def _substitute(element: Element, expected: type) -> type:
    """The subclass that xsi:type names, if there is one."""
    prefix, _, name = str(element.attrib[XSI_TYPE]).strip().rpartition(":")
    namespace = element.nsmap.get(prefix or None)
    found: list[type[Any]] = classes().find_types(f"{{{namespace}}}{name}" if namespace else name)
    return next((cls for cls in found if issubclass(cls, expected)), expected)


def _read_wild(element: Element, *, typed: bool) -> Any:
    """An element behind a wildcard: typed if its class is known and can hold it."""
    cls = classes().find_type(str(element.tag)) if typed else None
    if cls is not None:
        try:
            return table_of(cls).read(element)
        except (UnexpectedDocument, XmlContextError):
            pass
    return read_any(element)


def read_any(element: Element) -> AnyElement:
    """An element that no class stands for; values that look like prefixed names stay as they are written."""
    children: list[object] = []
    for child in element:
        if isinstance(child.tag, str):
            found = read_any(child)
            tail = following_text(child)
            found.tail = tail if tail.strip() else None
            children.append(found)
    text = leading_text(element) or ""
    return AnyElement(
        qname=str(element.tag),
        text="" if children and not text.strip() else text,
        children=children,
        attributes={str(name): str(value) for name, value in element.attrib.items()},
    )


def following_text(element: Element) -> str:
    """The text behind an element up to the next element."""
    text = element.tail or ""
    sibling = element.getnext()
    while sibling is not None and not isinstance(sibling.tag, str):
        text += sibling.tail or ""
        sibling = sibling.getnext()
    return text


def _conversion(var: XmlVar) -> Convert:
    """How the text of a field becomes its value; text of the wrong form stays text.

    The namespaces in scope are looked up, which takes time, only for what may be a name with a prefix.
    """
    types = tuple(var.types)
    prefixed = QName in types
    default: Any = None if var.list_element else var.default
    untyped: Any = var
    factory: Callable[..., Any] | None = untyped.tokens_factory

    def absent() -> Any:
        if callable(default):
            return default() if factory else None
        return default

    def one(text: str, element: Element) -> Any:
        try:
            scope = element.nsmap if prefixed else None
            return converter.deserialize(text, types, ns_map=scope, format=var.format)
        except ConverterError:
            return text

    if types == (str,) and factory is None:
        return lambda text, _: absent() if text is None else text
    if factory is None:
        return lambda text, element: absent() if text is None else one(text, element)
    return lambda text, element: (
        absent() if text is None else factory(one(token, element) for token in text.split())
    )


class _TreeHandler(XmlHandler):
    """Feeds xsdata's own parser from a tree, which is left as it is."""

    def parse(self, source: Any, ns_map: dict[str | None, str]) -> Any:  # noqa: ARG002 - xsdata's signature
        queue: list[Any] = []
        objects: list[Any] = []
        self._feed(source, queue, objects)
        return objects[-1][1] if objects else None

    def _feed(self, element: Element, queue: list[Any], objects: list[Any]) -> None:
        parser: Any = self.parser
        tag = str(element.tag)
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        parser.start(self.clazz, queue, objects, tag, attributes, element.nsmap)
        for child in element:
            if isinstance(child.tag, str):
                self._feed(child, queue, objects)
        # The text behind an element belongs to the one around it, and is content there only if that is mixed.
        around: XmlMeta | None = getattr(queue[-2], "meta", None) if len(queue) > 1 else None
        behind = following_text(element) if len(queue) > 1 and (not around or around.mixed_content) else ""
        parser.end(queue, objects, tag, leading_text(element), behind or None)


def _stock(element: Element, cls: type[T]) -> T:
    """What xsdata itself makes of an element."""
    config = ParserConfig(
        class_factory=_made, fail_on_unknown_properties=False, fail_on_unknown_attributes=False
    )
    parser = XmlParser(config=config, context=classes(), handler=_TreeHandler)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConverterWarning)
        return parser.parse(element, cls)


def _made(cls: type[T], values: dict[str, Any]) -> T:
    return cls(**{**dict.fromkeys(required_fields(cls)), **values})
