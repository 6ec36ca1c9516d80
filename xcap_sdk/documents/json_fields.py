"""What the classes' fields are in JSON; `xcap_sdk.json_form` makes pydantic's schemas of it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any, cast
from xml.etree.ElementTree import QName

from xsdata.exceptions import ConverterError
from xsdata.formats.converter import converter
from xsdata.formats.dataclass.models.elements import XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_sdk.documents.classes import classes, is_model, kind, meta_of
from xcap_sdk.documents.compiled.fields import required_fields
from xcap_sdk.documents.shapes import Unwritable, lexical
from xcap_sdk.errors import InvalidInput

ELEMENT, ANY, TYPE = "$element", "$any", "$type"
"""The keys that are no fields."""


class Values:
    """The values of a field that XML writes as text.

    Attributes:
        natives: Those of bool, int, float and str that JSON has as such.
        choices: The enum, if it is one of texts and nothing else is allowed.
        tokens: What makes the value of several; None if it is one.
        names: What is allowed, for messages.
    """

    def __init__(self, var: XmlVar) -> None:
        types: list[type[Any]] = [each for each in var.types if each is not object] or [str]
        untyped: Any = var
        self._var = var
        self._texts: list[type[Any]] = [each for each in types if each not in {bool, int}]
        self.natives: list[type[Any]] = [each for each in (bool, int, float) if each in types]
        self.is_text: bool = self._texts == [str]
        self.choices: type[Enum] | None = _text_enum(types)
        self.tokens: Callable[[list[Any]], Any] | None = untyped.tokens_factory
        self.names: str = " or ".join(each.__name__ for each in types)

    @property
    def has_texts(self) -> bool:
        """Whether a text can be one of them."""
        return bool(self._texts)

    def read(self, text: str) -> Any:
        """The value of a text.

        Raises:
            ValueError: It is none.
        """
        try:
            return converter.deserialize(text, self._texts, ns_map={}, format=self._var.format)
        except ConverterError:
            raise ValueError(f"expected {self.names}") from None

    def write(self, value: Any) -> Any:
        """A value as JSON has it; text of a wrong form is text.

        Raises:
            InvalidInput: It has no form in XML either.
        """
        if self.tokens is not None and isinstance(value, list | tuple):
            return [self._written(each) for each in cast("list[Any]", value)]
        return self._written(value)

    def _written(self, value: Any) -> Any:
        if isinstance(value, bool | int | str) and not isinstance(value, Enum):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        if isinstance(value, QName):
            return value.text
        try:
            return lexical(value, self._var)
        except Unwritable as error:
            raise InvalidInput(str(error)) from error


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things that may stand in a field: an instance of a class, or a value.

    Attributes:
        element: The element's name where several may stand.
        type: The xsi:type of a class in place of the field's own.
        cls: The class; None for a value.
        values: What values; None for a class.
        facets: What the schema says of those, likewise.
    """

    element: str | None = None
    type: str | None = None
    cls: type[Any] | None = None
    values: Values | None = None
    facets: Mapping[str, Any] = field(default_factory=dict[str, Any], compare=False)

    @property
    def keys(self) -> dict[str, str]:
        """What an object says of itself beside its fields."""
        pairs = ((ELEMENT, self.element), (TYPE, self.type))
        return {name: value for name, value in pairs if value is not None}


class FormField:
    """A field of a class.

    Attributes:
        name: Its Python name.
        required: Whether the class asks for it.
        nullable: Whether it is None unless set.
        is_attributes: Whether it holds any attributes, by name.
        many: What makes its value of a list; None if it holds one.
        options: What may stand in it.
        elements: The names of the elements, where several may stand.
        values: The values that stand in it, if that is all.
        wild: Whether any element may stand in it, too.
        mixed: Whether text may stand between those.
        facets: What its schema says of its one value, by JSON Schema's keywords.
    """

    def __init__(self, var: XmlVar, cls: type[Any]) -> None:
        untyped: Any = var
        anything = var.any_type and not (var.is_wildcard or var.is_elements or var.clazz)
        self._var = var
        self.name: str = var.name
        self.required: bool = var.name in required_fields(cls)
        self.nullable: bool = not self.required and var.default is None
        self.is_attributes: bool = var.is_attributes
        self.many: Callable[[list[Any]], Any] | None = (untyped.factory or list) if var.list_element else None
        self.wild: bool = var.is_wildcard or anything or bool(var.wildcards)
        self.mixed: bool = anything or var.mixed
        metadata = cls.__dataclass_fields__[var.name].metadata
        choices = {each.get("name"): each for each in metadata.get("choices", ())}
        self.facets: Mapping[str, Any] = _facets(var, metadata)
        self.options: list[Option] = []
        alone = [] if self.wild or self.is_attributes else [var]
        for choice in var.elements.values() if var.is_elements else alone:
            facets = _facets(choice, choices.get(choice.local_name, {}))
            self.options += _options(choice, choice.local_name if var.is_elements else None, facets)
        self.elements: list[str] = list(dict.fromkeys(each.element for each in self.options if each.element))
        self.values: Values | None = self.options[0].values if self.options and not var.is_elements else None
        self._by_name = {(each.element, each.type): each for each in reversed(self.options)}
        self._by_class = {each.cls: each for each in reversed(self.options)}

    def named(self, element: Any, type_: Any) -> Option | None:
        """Which of the options an object says that it is."""
        fit = all(each is None or isinstance(each, str) for each in (element, type_))
        return self._by_name.get((element, type_)) if fit else None

    def option_of(self, value: object) -> Option | None:
        """Which of the options a value of the model is."""
        if is_model(value) or not self._var.is_elements:
            return self._by_class.get(kind(value))
        choice: XmlVar | None = self._var.find_value_choice(value, is_class=False)
        return None if choice is None else self._by_name.get((choice.local_name, None))


def _options(var: XmlVar, element: str | None, facets: Mapping[str, Any]) -> list[Option]:
    if not var.clazz:
        return [Option(element, values=Values(var), facets=facets)]
    cls: type[Any] = var.clazz
    known = [Option(element, cls=cls)]
    for each in _below(cls):
        name: str | None = meta_of(each).target_qname
        if name is not None and each in classes().find_types(name):
            known.append(Option(element, name, each))
    return known


def _below(cls: type[Any]) -> list[type[Any]]:
    found = [each for below in cls.__subclasses__() for each in (below, *_below(below))]
    return sorted(dict.fromkeys(found), key=lambda each: (each.__module__, each.__qualname__))


def _text_enum(types: list[type[Any]]) -> type[Enum] | None:
    only = types[0]
    is_one = len(types) == 1 and issubclass(only, Enum) and all(isinstance(each.value, str) for each in only)
    return only if is_one else None


@cache
def fields_of(cls: type[Any]) -> tuple[FormField, ...]:
    """The fields of a class, in its order."""
    return tuple(FormField(var, cls) for var in meta_of(cls).get_all_vars() if var.init)


def class_of(name: object) -> type[Any] | None:
    """The class of a named element; None if there is none."""
    found: Any = classes().find_type(name) if isinstance(name, str) else None
    return found


def name_of(cls: type[Any]) -> str | None:
    """The name that an element behind a wildcard is read as a class by; None if there is none."""
    name = meta_of(cls).target_qname or meta_of(cls).qname
    return name if name and name.startswith("{") and class_of(name) is cls else None


_BOUNDS = {
    "min_inclusive": "minimum",
    "max_inclusive": "maximum",
    "min_exclusive": "exclusiveMinimum",
    "max_exclusive": "exclusiveMaximum",
}
_LENGTHS = {"min_length": ("minLength",), "max_length": ("maxLength",), "length": ("minLength", "maxLength")}
_SAME = r"\\[snrt.?*+()|{}\[\]\\^-]"
_SET = rf"\[\^?(?:{_SAME}|[^\[\]\\])+\]"
# What JSON Schema's language can say: it has no \i, no \d of all scripts, no subtraction, and reads ^ and $.
_PATTERN = re.compile(rf"(?:{_SAME}|{_SET}|[^\[\]\\^$])*")
_PART = re.compile(rf"{_SET}|\\.|.", re.DOTALL)
_SPACE = r" \t\n\r"
_OTHERWISE = {r"\s": f"[{_SPACE}]", ".": r"[^\n\r]", r"\-": "-"}


def _facets(var: XmlVar, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What the schema says of a field's values (XML Schema Part 2 §4.3), by the keywords of JSON Schema.

    What has no such keyword is left out. So are facets of lists, as it is not known whether they mean the
    items, and the lengths of what is no text in the model, as they do not count the characters of its JSON.
    """
    if cast("Any", var).tokens_factory is not None:
        return {}
    given = {name: value for name, value in metadata.items() if _is_number(value)}
    found: dict[str, Any] = {keyword: given[name] for name, keyword in _BOUNDS.items() if name in given}
    if all(each is str for each in var.types):
        for name, keywords in _LENGTHS.items():
            found |= dict.fromkeys(keywords, given[name]) if name in given else {}
    pattern = metadata.get("pattern")
    if isinstance(pattern, str) and _PATTERN.fullmatch(pattern):
        found["pattern"] = f"^(?:{_PART.sub(_in_json_schema, pattern)})$"
    return found


def _is_number(value: object) -> bool:
    """Whether JSON has it as a number."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _in_json_schema(part: re.Match[str]) -> str:
    r"""A part of a pattern in ECMA-262's language, whose \s and . know more spaces and line ends."""
    text = part.group()
    if text.startswith("["):
        return re.sub(r"\\.", lambda escape: _SPACE if escape.group() == r"\s" else escape.group(), text)
    return _OTHERWISE.get(text, text)


def any_element(qname: str | None, content: Mapping[str, Any]) -> object:
    """An element without a class."""
    values: dict[str, Any] = {"text": "", **content}
    return AnyElement(qname=qname, **values)
