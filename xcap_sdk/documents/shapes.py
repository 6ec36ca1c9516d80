"""What the fields of a class are in XML, and how their values are written."""

from __future__ import annotations

from functools import cache
from itertools import repeat
from typing import Any, TypeAlias, cast

from xsdata.exceptions import SerializerError
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_sdk.documents.classes import meta_of
from xcap_sdk.documents.compiled import values
from xcap_sdk.documents.compiled.fields import is_plain, is_several

Part: TypeAlias = tuple[XmlVar, Any]
"""A child as it is in the model, with what is known of its field."""


class Unwritable(Exception):
    """A part of a model that XML cannot hold.

    Attributes:
        steps: Where: the positions of the children from the root down.
        attribute: Which attribute, as ``{namespace}name``; None for the element itself.
    """

    def __init__(self, message: str, attribute: str | None = None) -> None:
        super().__init__(message)
        self.steps: list[int] = []
        self.attribute = attribute


class Shape:
    """The fields of a class by what they are in XML.

    Attributes:
        meta: xsdata's metadata of the class.
        plain: Whether these fields say all; else xsdata has to write its elements.
        attributes: The fields for attributes.
        wildcards: The fields for any attributes.
        text: The field for the text.
        contents: The fields for elements, in the order of the schema.
        in_turn: Whether elements of several fields alternate.
    """

    __slots__ = ("attributes", "contents", "in_turn", "meta", "plain", "text", "wildcards")

    def __init__(self, meta: XmlMeta) -> None:
        self.meta: XmlMeta = meta
        self.plain: bool = is_plain(meta)
        self.attributes: list[XmlVar] = list(meta.attributes.values())
        self.wildcards: list[XmlVar] = list(meta.any_attributes)
        self.text: XmlVar | None = meta.text
        self.contents: list[XmlVar] = [var for var in meta.get_element_vars() if not var.is_text]
        self.in_turn: bool = any(var.sequence is not None for var in self.contents)

    def parts(self, value: object) -> list[Part]:
        """The children of an instance in document order."""
        if self.in_turn:
            from xsdata.formats.dataclass.serializers.mixins import EventGenerator

            pairs: list[Part] = list(EventGenerator.next_value(value, self.meta))
        else:
            pairs = [(var, getattr(value, var.name)) for var in self.contents]
        parts: list[Part] = []
        for var, item in pairs:
            if item is None or var.is_text:
                continue
            if isinstance(item, AnyElement) and not item.qname:
                parts += [(var, child) for child in item.children or ()]
            elif is_several(item) and not var.tokens:
                parts += zip(repeat(var), cast("list[Any]", item))  # quicker than a comprehension
            elif item or not var.tokens:
                parts.append((var, cast("Any", item)))
        return parts


SHAPES: dict[type, Shape] = {}
"""The shapes made so far."""


def shape_of(cls: type, namespace: str | None = None) -> Shape:
    """The shape of a class, made once.

    Args:
        cls: A dataclass.
        namespace: The namespace of its parent, for a class that states none.
    """
    shape = SHAPES.get(cls)
    if shape is None:
        shape = SHAPES[cls] = Shape(meta_of(cls, namespace))
    return shape


@cache
def any_field() -> XmlVar:
    """The field for the children of elements of no known class."""
    return next(var for var in meta_of(AnyElement).get_all_vars() if var.is_wildcard)


def choice_of(var: XmlVar, value: Any) -> XmlVar:
    """Which of the elements that a field may hold a value stands for that is no object of a class.

    Raises:
        Unwritable: It stands for none.
    """
    try:
        return values.choice_of(var, value)
    except SerializerError as error:
        raise Unwritable(str(error)) from error


def lexical(value: Any, var: XmlVar) -> str:
    """A value as XML text, as xsdata writes it.

    Raises:
        Unwritable: It has no form in XML.
    """
    try:
        return values.lexical(value, var)
    except SerializerError as error:
        raise Unwritable(str(error), var.qname if var.is_attribute else None) from error
