"""From objects to text: for each class one function, made of what xsdata knows of its fields.

The function for elements ``book`` of a class with an attribute ``uri``, an element ``name`` of a class
which is but text, an element ``cover`` and a wildcard is this code, compiled. It writes books in a row:

    def write(values, lead, output):
        tag = output.tags.get('{urn:books}book') or output.names.element('{urn:books}book')
        inner = lead + output.unit
        deep = len(lead) > 256
        tag1 = None
        parts = []
        for value in values:
            written0 = ''
            item = value.uri
            if item is not None:
                if item.__class__ is str: text = item if <item is clean> else escape_attribute(item)
                else: text = escape_attribute(lexical(item, <field>))
                written0 = f' uri="{text}"'
            inside = ''
            item = value.name
            if item is not None:
                if item.__class__ is Name:  # written in place
                    child = item
                    if tag1 is None: tag1 = output.names.element('{urn:books}name')
                    item = child.value
                    ...
                    if text: inside += f'{inner}<{tag1}>{text}</{tag1}>'
                    else: inside += f'{inner}<{tag1}/>'
                else: inside += <children of name>(item, inner, output)
            item = value.cover
            if item is not None:
                write = <writers of covers>.get(item.__class__)
                if write is not None: inside += write((item,), inner, output)
                else: inside += <children of cover>(item, inner, output)
            item = value.extensions
            if item: inside += <children of extensions>(item, inner, output)
            if inside:
                if deep: output.check(lead)
                parts.append(f'{lead}<{tag}{written0}>{inside}{lead}</{tag}>')
            else: parts.append(f'{lead}<{tag}{written0}/>')
        return ''.join(parts)

``lead`` is the white space before the element. Behind a `NO_LEAD` it is taken out in the end: there is text.
A name is not looked up before there is something of that name, as its namespace is declared then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, cast

from xsdata.exceptions import SerializerError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.elements import XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.formats.dataclass.serializers.mixins import EventGenerator, EventIterator
from xsdata.formats.dataclass.serializers.writers.lxml import LxmlTreeBuilder

from xcap_sdk.documents.compiled.fields import is_model, is_plain, is_several, kind, metadata, name_of
from xcap_sdk.documents.compiled.output import NO_LEAD, Output
from xcap_sdk.documents.compiled.stock import REFUSALS
from xcap_sdk.documents.compiled.trees import BLANK, Element, leading_text
from xcap_sdk.documents.compiled.values import choice_of, escape_attribute, escape_text, lexical
from xcap_sdk.documents.compiled.writing_code import Write, WritingCode

_PREFIX = re.compile(r"([^\s:]+):")


class Writers:
    """The functions that write the objects of classes as elements; each is made when it is needed first.

    Args:
        context: Knows the classes.
    """

    def __init__(self, context: XmlContext) -> None:
        self.context = context
        self._events = EventGenerator(context=context)
        self._made: dict[tuple[type, str], Write] = {}
        fields = metadata(context, AnyElement).get_all_vars()
        self._any_children = self.children(next(var for var in fields if var.is_wildcard), None, {})

    def of(self, cls: type[Any], qname: str, namespace: str | None = None) -> Write:
        """The function that writes objects of a class, each as an element.

        Args:
            cls: A dataclass.
            qname: The name of the element.
            namespace: The namespace of the element around, for a class that states none.

        Raises:
            XmlContextError: xsdata cannot bind the class.
        """
        write = self._made.get((cls, qname))
        if write is None:
            meta = metadata(self.context, cls, namespace)
            if is_plain(meta):
                write = WritingCode(self, meta, qname).compiled()
            else:
                write = _by_events(lambda value: self._events.convert_dataclass(value, None, qname))
            self._made[cls, qname] = write
        return write

    def root(self, value: Any) -> tuple[str, Write]:
        """The name of a whole document, and the function that writes it."""
        if isinstance(value, AnyElement):
            return value.qname or "", self._write_any
        if isinstance(value, DerivedElement):
            return value.qname, self._write_derived
        qname = metadata(self.context, kind(value)).qname
        return qname, self.of(kind(value), qname)

    def children(
        self, var: XmlVar, namespace: str | None, writers: dict[type, Write]
    ) -> Callable[[Any, str, Output], str]:
        """The function that writes what an element field holds, one value or several.

        Args:
            var: The field.
            namespace: The namespace of the element around.
            writers: Takes the functions for single objects, by their classes.
        """

        def writer_of(cls: type[Any]) -> Write:
            write = self._child(var, cls, namespace)
            if not issubclass(cls, (list, tuple, AnyElement)):  # which may be several values
                writers[cls] = write
            return write

        def write_children(item: Any, lead: str, output: Output) -> str:
            if item.__class__ is not list:
                item = _several(item)
            if len(item) == 1:
                cls = item[0].__class__
                return (writers.get(cls) or writer_of(cls))(item, lead, output)
            parts: list[str] = []
            for cls, row in groupby(item, type):
                parts.append((writers.get(cls) or writer_of(cls))(row, lead, output))
            return "".join(parts)

        return write_children

    def _child(self, var: XmlVar, cls: type[Any], namespace: str | None) -> Write:
        """The function that writes values of one class in an element field."""
        if issubclass(cls, AnyElement):
            return self._write_any
        if issubclass(cls, DerivedElement):
            return self._write_derived
        if hasattr(cls, "__dataclass_fields__"):
            return self._model(var, cls, namespace)
        if var.is_element and var.clazz is None:
            return lambda values, lead, output: "".join(_leaf(var, value, lead, output) for value in values)
        return lambda values, lead, output: "".join(
            _leaf(choice_of(var, value), value, lead, output) for value in values
        )

    def _model(self, var: XmlVar, cls: type[Any], namespace: str | None) -> Write:
        if var.is_element and cls not in var.types:  # xsdata says so with xsi:type
            return _by_events(lambda value: self._events.convert_value(value, var, namespace))
        return self.of(cls, name_of(self.context, var, cls, namespace), namespace)

    def _write_any(self, values: Iterable[AnyElement], lead: str, output: Output) -> str:
        parts: list[str] = []
        for value in values:
            if not value.qname or not isinstance(value.qname, str):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped code
                raise SerializerError(f"{value!r} has no name")
            inside = self._any_children(value.children or [], lead + output.unit, output)
            start = f"{lead}<{output.names.element(value.qname)}{output.attributes(value.attributes)}"
            parts += [_finish(start, value.text or "", inside, lead, output), _tail(value.tail)]
        return "".join(parts)

    def _write_derived(self, values: Iterable[DerivedElement[Any]], lead: str, output: Output) -> str:
        parts: list[str] = []
        for value in values:
            model: Any = value.value
            if is_model(model) and metadata(self.context, kind(model)).target_qname == value.qname:
                write = self.of(kind(model), value.qname)
                parts += [write((model,), lead, output)]
            else:
                events = self._events.convert_derived_element(value, None)
                parts += [_write_events(events, lead, output)]
        return "".join(parts)


def _several(item: Any) -> Sequence[Any]:
    """The values in a field."""
    if is_several(item):
        return cast("Sequence[Any]", item)
    if isinstance(item, AnyElement) and not item.qname:
        return item.children or ()
    return () if item is None else (item,)


def _by_events(events: Callable[[Any], EventIterator]) -> Write:
    """Leaves the writing to xsdata."""
    return lambda values, lead, output: "".join(
        [_write_events(events(value), lead, output) for value in values]
    )


def _write_events(events: EventIterator, lead: str, output: Output) -> str:
    taken: dict[str | None, str] = {prefix: uri for uri, prefix in output.names.prefixes.items() if prefix}
    builder: Any = LxmlTreeBuilder(config=SerializerConfig(), ns_map=taken)
    try:
        root = builder.build(events).getroot()
    except REFUSALS as error:
        raise SerializerError(str(error)) from error
    return _write_node(root, lead, output)


def _write_node(element: Element, lead: str, output: Output) -> str:
    """What xsdata has made; the prefixes that its values refer to are declared where they are used."""
    attributes, text = dict(element.items()), leading_text(element) or ""
    referred = set(_PREFIX.findall(" ".join([text, *attributes.values()])))
    declared = "".join(
        f' xmlns:{prefix}="{escape_attribute(uri)}"'
        for prefix, uri in element.nsmap.items()
        if prefix in referred
    )
    inner = lead + output.unit
    inside = "".join(_write_node(child, inner, output) for child in element)
    start = f"{lead}<{output.names.element(str(element.tag))}{declared}{output.attributes(attributes)}"
    return _finish(start, text, inside, lead, output) + _tail(element.tail)


def _finish(start: str, text: str, inside: str, lead: str, output: Output) -> str:
    """An element of no compiled function; its start tag is open yet."""
    if not inside and not text:
        return f"{start}/>"
    escaped = escape_text(text) if text else ""
    text = escaped if not inside or text.strip(BLANK) else ""
    end = f"</{start.split(maxsplit=1)[0][1:]}>"
    if not inside:
        return f"{start}>{text}{end}"
    output.check(lead)
    return f"{start}>{text}{NO_LEAD if text else ''}{inside}{lead}{end}"


def _tail(text: str | None) -> str:
    escaped = escape_text(text) if text else ""
    return escaped + NO_LEAD if text and text.strip(BLANK) else ""


def _leaf(var: XmlVar, value: Any, lead: str, output: Output) -> str:
    """An element which is but text; there is none of no tokens."""
    if not value and var.tokens:
        return ""
    tag = output.names.element(var.qname)
    text = escape_text(lexical(value, var))
    return f"{lead}<{tag}>{text}</{tag}>" if text else f"{lead}<{tag}/>"
