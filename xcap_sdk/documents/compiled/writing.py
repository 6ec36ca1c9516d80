"""From objects to text: for each class one function, made of what xsdata knows of its fields.

The function for elements ``book`` of a class with an attribute ``uri``, an element ``name`` and a wildcard is
this code, compiled:

    def write(value, lead, output):
        try: tag = output.tags['{urn:books}book']
        except KeyError: tag = output.names.element('{urn:books}book')
        written0 = ''
        item = value.uri
        if item is not None:
            if item.__class__ is str: text = item if <item is clean> else escape_attribute(item)
            else: text = escape_attribute(lexical(item, <field>))
            written0 = f' uri="{text}"'
        inner = lead + output.unit
        inside = ""
        item = value.name
        if item is not None:
            write = writers0.get(item.__class__)
            if write is not None: inside += write(item, inner, output)
            else: ...
        item = value.extensions
        if item: inside += "".join([<the writer for its class>(item, inner, output) for item in item])
        if not inside: return f"{lead}<{tag}{written0}/>"
        return f"{lead}<{tag}{written0}>{inside}{lead}</{tag}>"

``lead`` is the white space before the element. Behind a `NO_LEAD` it is taken out in the end: there is text.
"""

from __future__ import annotations

import re
from typing import Any

from xsdata.exceptions import SerializerError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.elements import XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.formats.dataclass.serializers.mixins import EventGenerator, EventIterator
from xsdata.formats.dataclass.serializers.writers.lxml import LxmlTreeBuilder

from xcap_sdk.documents.compiled.fields import is_model, is_plain, kind, metadata
from xcap_sdk.documents.compiled.output import NO_LEAD, Output
from xcap_sdk.documents.compiled.trees import BLANK, Element, leading_text
from xcap_sdk.documents.compiled.values import escape_attribute, escape_text, lexical
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
        self._any_child: XmlVar = next(var for var in fields if var.is_wildcard)

    def of(self, cls: type[Any], qname: str, namespace: str | None = None) -> Write:
        """The function that writes objects of a class.

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
            write = WritingCode(self, meta, qname).compiled() if is_plain(meta) else self._stock_writer(qname)
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

    def child(self, var: XmlVar, value: Any, namespace: str | None) -> Write:
        """The function that writes a value of an element field.

        Args:
            var: The field.
            value: The value.
            namespace: The namespace of the element around.

        Raises:
            SerializerError: The field cannot hold it.
        """
        if isinstance(value, AnyElement):
            return self._write_any
        if isinstance(value, DerivedElement):
            return self._write_derived
        if is_model(value):
            return self._model(var, kind(value), namespace)
        if var.is_element and var.clazz is None:
            return _leaf(var)
        choice = var.find_value_choice(value, is_class=False) if var.is_elements else None
        if choice is None:
            raise SerializerError(f"{value!r} in {var.name} is nothing that an element could be made of")
        return _leaf(choice)

    def _model(self, var: XmlVar, cls: type[Any], namespace: str | None) -> Write:
        if var.is_element and cls not in var.types:  # xsdata says so with xsi:type
            return lambda value, lead, output: self._write_events(
                self._events.convert_value(value, var, namespace), lead, output
            )
        if var.is_element:
            return self.of(cls, var.qname, namespace)
        choice = var.find_clazz_choice(cls) if var.is_elements else None
        if choice is not None:
            return self.of(cls, choice.qname, namespace)
        meta = metadata(self.context, cls, namespace)
        return self.of(cls, (meta.target_qname if var.is_elements else None) or meta.qname)

    def _write_any(self, value: AnyElement, lead: str, output: Output) -> str:
        if not value.qname:
            raise SerializerError(f"{value!r} has no name")
        inner = lead + output.unit
        inside = [self.child(self._any_child, each, None)(each, inner, output) for each in value.children]
        start = f"{lead}<{output.names.element(value.qname)}{output.attributes(value.attributes)}"
        return _finish(start, value.text or "", "".join(inside), lead, output) + _tail(value.tail)

    def _write_derived(self, value: DerivedElement[Any], lead: str, output: Output) -> str:
        model: Any = value.value
        if is_model(model) and metadata(self.context, kind(model)).target_qname == value.qname:
            return self.of(kind(model), value.qname)(model, lead, output)
        return self._write_events(self._events.convert_derived_element(value, None), lead, output)

    def _stock_writer(self, qname: str) -> Write:
        return lambda value, lead, output: self._write_events(
            self._events.convert_dataclass(value, None, qname), lead, output
        )

    def _write_events(self, events: EventIterator, lead: str, output: Output) -> str:
        taken: dict[str | None, str] = {
            prefix: uri for uri, prefix in output.names.prefixes.items() if prefix
        }
        builder: Any = LxmlTreeBuilder(config=SerializerConfig(), ns_map=taken)
        return _write_node(builder.build(events).getroot(), lead, output)


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
    text = escape_text(text) if not inside or text.strip(BLANK) else ""
    end = f"</{start.split(maxsplit=1)[0][1:]}>"
    if not inside:
        return f"{start}>{text}{end}"
    output.check(lead)
    return f"{start}>{text}{NO_LEAD if text else ''}{inside}{lead}{end}"


def _tail(text: str | None) -> str:
    return escape_text(text) + NO_LEAD if text and text.strip(BLANK) else ""


def _leaf(var: XmlVar) -> Write:
    """The function that writes elements which are but text."""
    qname = var.qname

    def write_text(value: Any, lead: str, output: Output) -> str:
        tag = output.names.element(qname)
        text = escape_text(lexical(value, var))
        return f"{lead}<{tag}>{text}</{tag}>" if text else f"{lead}<{tag}/>"

    return write_text
