"""From elements to objects: for each class one function, made of what xsdata knows of its fields.

The function for a class with an attribute ``uri``, elements ``name`` and a wildcard is this code, compiled:

    def read(element, following):
        its_uri = None
        its_name = None
        its_extensions = []
        for attribute, value in element.items():
            if attribute == 'uri': its_uri = value
            elif attribute == XSI_TYPE and (other := substitute(element, value)):
                return other(element, following)
        left = len(element)
        in_row = -1
        if left >= 32: row, in_row, read = row_in(element); left -= row
        while left:
            left -= 1
            child = next(following)
            try: number, read_child = slots[child.tag]
            except KeyError: number, read_child = nowhere
            if number == 0 and its_name is None: its_name = read_child(child, following)
            elif number == 1: its_extensions.append(read_child(child, following))
            else: ...  # find the fields for the element, and leave it out if they are taken or there is none
        made = new(cls)
        made.uri = its_uri
        made.name = its_name
        made.extensions = its_extensions
        return made

All functions share one iterator over the tree, and each takes from it what is inside its element. Where most
of that are elements of one name, in a row until the end, they are read without a look at each one's name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from xsdata.exceptions import XmlContextError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.elements import XmlVar

from xcap_sdk.documents.compiled.fields import (
    is_plain,
    metadata,
)
from xcap_sdk.documents.compiled.reading_code import (
    Read,
    ReadingCode,
    Unreadable,
    lenient_factory,
    unreadable,
)
from xcap_sdk.documents.compiled.stock import REFUSALS, Stock
from xcap_sdk.documents.compiled.trees import (
    Element,
    Following,
    catch_up,
    inside,
    leading_text,
    read_any,
    skip,
)
from xcap_sdk.documents.compiled.values import conversion


class Rules(NamedTuple):
    """What counts here of xsdata's ParserConfig, whose package takes a while to import."""

    class_factory: Callable[[type[Any], dict[str, Any]], Any]
    fail_on_unknown_properties: bool
    fail_on_unknown_attributes: bool
    fail_on_converter_warnings: bool


class Readers:
    """The functions that read elements as classes; each is made when its class is met first.

    Two threads may make the same function twice, which does no harm.

    Args:
        context: Knows the classes.
        config: What to do with what does not fit; `lenient_factory` as its class factory makes the functions
            give None for what is missing.

    Attributes:
        stock: Reads elements as classes as xsdata itself does.
    """

    def __init__(self, context: XmlContext, config: Rules) -> None:
        self.context = context
        self.config = config
        self.lenient: bool = config.class_factory is lenient_factory
        self.stock: Stock = Stock(context, config)
        self._made: dict[type, Read] = {}

    def of(self, cls: type[Any], namespace: str | None = None) -> Read:
        """The function for a class.

        Args:
            cls: A dataclass.
            namespace: The namespace of the element around, for a class that states none.

        Raises:
            XmlContextError: xsdata cannot bind the class.
        """
        read = self._made.get(cls)
        if read is None:
            meta = metadata(self.context, cls, namespace)
            read = ReadingCode(self, meta).compiled()
            if not is_plain(meta):
                read = self._with_stock(cls, read)
            self._made[cls] = read
        return read

    def slot(self, var: XmlVar, tag: str, namespace: str | None) -> Read | None:
        """The function that reads the elements of a field.

        Args:
            var: The field.
            tag: The name of the elements.
            namespace: The namespace of the element around.

        Returns:
            The function; None for an element of no known class, which a module imported later may have.
        """
        if var.is_wildcard:
            return self._wild(tag) if var.process_contents != "skip" else read_any
        if var.clazz:
            return self.of(var.clazz, namespace)
        convert = conversion(var, strict=self.config.fail_on_converter_warnings)
        empty: Any = b"" if bytes in var.types else ""

        strict = self.config.fail_on_unknown_properties

        def read_value(element: Element, following: Following) -> Any:
            text = element.text
            if len(element):
                text = leading_text(element)
                if strict and next(element.iterchildren("*"), None) is not None:
                    raise unreadable(element, f"elements in the text of {var.name}")
                skip(element, following)
            value = convert(text, element)
            return empty if value is None else value

        return read_value

    def substitute(self, cls: type[Any], element: Element, name: str) -> Read | None:
        """The function for the subclass that xsi:type names, if there is one."""
        prefix, _, local = name.strip().rpartition(":")
        namespace = element.nsmap.get(prefix or None)
        found: list[type[Any]] = self.context.find_types(f"{{{namespace}}}{local}" if namespace else local)
        named = next((each for each in found if issubclass(each, cls)), cls)
        return None if named is cls else self.of(named)

    def _wild(self, tag: str) -> Read | None:
        """What reads elements behind a wildcard: as their class, if it is known and can hold them."""
        cls = self.context.find_type(tag)
        if cls is None:
            return None
        try:
            read = self.of(cls)
        except XmlContextError:
            return read_any
        if not self.lenient:
            return read

        def read_wild(element: Element, following: Following) -> Any:
            try:
                return read(element, following)
            except Unreadable as error:
                catch_up(element, error.element, following)
                return read_any(element, inside(element))

        return read_wild

    def _with_stock(self, cls: type[Any], compiled: Read) -> Read:
        def read(element: Element, following: Following) -> Any:
            try:
                made = self.stock.read(element, cls)
            except REFUSALS:
                if not self.lenient:
                    raise
                return compiled(element, following)  # what xsdata refuses is read as far as the fields go
            skip(element, following)
            return made

        return read
