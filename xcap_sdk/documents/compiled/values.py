"""Values of fields and their text in XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeAlias, cast
from xml.etree.ElementTree import QName

from xsdata.exceptions import ConverterError, ParserError, SerializerError
from xsdata.formats.converter import converter
from xsdata.formats.dataclass.models.elements import XmlVar

from xcap_sdk.documents.compiled.fields import holds_names, is_several
from xcap_sdk.documents.compiled.remembering import Remembered
from xcap_sdk.documents.compiled.trees import Element

Convert: TypeAlias = Callable[[str | None, Element], Any]

_INVALID = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"  # compiled when it is needed

_IS_TEXT = "item.isprintable() and '&' not in item and '<' not in item and '>' not in item"
IS_CLEAN = {"escape_text": _IS_TEXT, "escape_attribute": f"{_IS_TEXT} and '\"' not in item"}
"""The code that tells whether a string needs no escaping, by what escapes it; quicker than a call."""


def conversion(var: XmlVar, *, strict: bool) -> Convert:
    """How the text of a field becomes its value.

    The namespaces in scope are looked up, which takes time, only for what may be a name with a prefix.

    Args:
        var: The field.
        strict: Whether text of the wrong form is an error; else it stays text.
    """
    types = tuple(var.types)
    prefixed = any(map(holds_names, types))
    default: Any = None if var.list_element else var.default
    untyped: Any = var
    tokens: Callable[..., Any] | None = untyped.tokens_factory

    def absent() -> Any:
        if callable(default):
            return default() if tokens else None
        return default

    def one(text: str, element: Element) -> Any:
        try:
            scope = element.nsmap if prefixed else None
            return converter.deserialize(text, types, ns_map=scope, format=var.format)
        except ConverterError as error:
            if strict:
                raise ParserError(f"line {element.sourceline}: {var.name}: {error}") from error
            return text

    if tokens is not None:
        return lambda text, element: (
            absent() if text is None else tokens(one(token, element) for token in text.split())
        )
    if types == (str,):
        return lambda text, _: absent() if text is None else text
    if len(types) == 1 and issubclass(types[0], Enum | bool) and not prefixed:
        known = Remembered[Any]()

        def remembered(text: str | None, element: Element) -> Any:
            if text is None:
                return absent()
            value = known.get(text)
            if value is None:
                value = one(text, element)
                if value is not text:  # which it is if it was of the wrong form
                    known[text] = value
            return value

        return remembered
    return lambda text, element: absent() if text is None else one(text, element)


def lexical(value: Any, var: XmlVar) -> str:
    """A value as XML text, as xsdata writes it.

    Raises:
        SerializerError: It has no form in XML.
    """
    if value is None:
        return ""
    if isinstance(value, Enum):
        return lexical(value.value, var)
    if isinstance(value, str):
        return value
    if is_several(value):
        several = cast("list[Any]", value)
        if not var.tokens:
            raise SerializerError(f"{several!r} are several values, and one is expected")
        return " ".join([lexical(each, var) for each in several])
    if isinstance(value, QName):
        return str(value)  # the prefixes are made by xsdata, which alone knows those in scope
    try:
        return str(converter.serialize(value, format=var.format))
    except (ConverterError, TypeError, ValueError, AttributeError) as error:
        raise SerializerError(f"{value!r} is nothing that XML can hold here: {error}") from error


def choice_of(var: XmlVar, value: Any) -> XmlVar:
    """Which of the elements that a field may hold a value stands for that is no object of a class.

    Raises:
        SerializerError: It stands for none.
    """
    if var.is_element and var.clazz is not None:
        raise SerializerError(f"{value!r} in {var.name} is no {var.clazz.__name__}")
    choice = var.find_value_choice(value, is_class=False) if var.is_elements else None
    if choice is None and not var.is_element:
        raise SerializerError(f"{value!r} in {var.name} is nothing that an element could be made of")
    return choice or var


def escape_text(text: str) -> str:
    """A string as the text of an element.

    Raises:
        SerializerError: It is no string, or XML cannot hold one of its characters.
    """
    text = _checked(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def escape_attribute(text: str) -> str:
    """A string as the value of an attribute, to be put between double quotes.

    Raises:
        SerializerError: It is no string, or XML cannot hold one of its characters.
    """
    return escape_text(text).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")


def _checked(text: object) -> str:
    if not isinstance(text, str):
        raise SerializerError(f"{text!r} is no text")
    found = None if text.isprintable() else re.search(_INVALID, text)
    if found:
        raise SerializerError(f"{text!r} holds {found[0]!r}, which XML cannot hold")
    return text
