"""pydantic's schemas of the JSON of document classes, made from what their fields are in XML.

An object is a typed dict to pydantic, and becomes an instance by calling the class with it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, SchemaValidator
from pydantic_core import core_schema as cs

from xcap_sdk.documents.json_fields import (
    ANY,
    ELEMENT,
    TYPE,
    FormField,
    Option,
    Values,
    any_element,
    class_of,
    fields_of,
    name_of,
)
from xcap_sdk.errors import InvalidInput

_WILD, _UNKNOWN, _KNOWN, _TEXT = "Element", "AnyElement", "KnownElement", "text"
_WILDCARDS = f"the {{namespace}}name of a known class, or {ANY}"
_CLASS, _OTHERS, _FACETS = "class", "others", "facets"
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_OF_TYPE = {"integer": _BOUNDS, "number": _BOUNDS, "string": ("minLength", "maxLength", "pattern")}


@cache
def reader(
    cls: type[Any], element: str | None = None, *, tolerant: bool = False, thorough: bool = True
) -> SchemaValidator:
    """What makes instances of a class of JSON values.

    Args:
        cls: The class.
        element: The ``$element`` that they carry; None for none.
        tolerant: Whether what is missing is None, and text of a wrong form stays text.
        thorough: Whether all that is wrong is named, or only the first in each list.
    """
    return SchemaValidator(_Builder(tolerant=tolerant, thorough=thorough).build(cls, element))


def describe(cls: type[Any], extensions: Iterable[type[Any]]) -> dict[str, Any]:
    """The JSON Schema of a class.

    Args:
        cls: The class.
        extensions: The classes that are described where any element may stand.

    Raises:
        InvalidInput: One of those is no class of a named element.
    """
    options: list[Option] = []
    for each in dict.fromkeys(extensions):
        name = name_of(each)
        if name is None:
            raise InvalidInput(f"{each.__name__} is no class of an element with a name of its own")
        options.append(Option(name, cls=each))
    return _Generator().generate(_Builder(options).build(cls))


class _Builder:
    """Makes the schema of a class and of all that it refers to."""

    def __init__(
        self, extensions: Sequence[Option] = (), *, tolerant: bool = False, thorough: bool = True
    ) -> None:
        self._extensions = extensions
        self._tolerant = tolerant
        self._thorough = thorough
        self._made: dict[str, CoreSchema | None] = {}

    def build(self, cls: type[Any], element: str | None = None) -> CoreSchema:
        schema = self._model(Option(element, cls=cls))
        return cs.definitions_schema(schema, [each for each in self._made.values() if each is not None])

    def _define(self, ref: str, make: Callable[[str], CoreSchema]) -> CoreSchema:
        if ref not in self._made:
            self._made[ref] = None  # it may contain itself
            self._made[ref] = make(ref)
        return cs.definition_reference_schema(ref)

    def _model(self, option: Option) -> CoreSchema:
        cls = cast("type[Any]", option.cls)
        names = [((option.element or "").rpartition("{")[1] and "element") or option.element, option.type]
        suffix = "".join(f"_{name.rpartition('}')[2]}" for name in names if name)
        return self._define(f"{cls.__module__}.{cls.__qualname__}{suffix}", partial(self._object, option))

    def _object(self, option: Option, ref: str) -> CoreSchema:
        cls = cast("type[Any]", option.cls)
        fields = fields_of(cls)
        keys = {name: cs.typed_dict_field(cs.literal_schema([key])) for name, key in option.keys.items()}
        content = cs.typed_dict_schema(
            keys
            | {
                field.name: cs.typed_dict_field(
                    self._field(field), required=field.required and not self._tolerant
                )
                for field in fields
            },
            extra_behavior="forbid",
            metadata={_CLASS: cls, _FACETS: {field.name: field.facets for field in fields if field.facets}},
        )
        absent = dict.fromkeys(each.name for each in fields if each.required)

        def build(found: dict[str, Any]) -> Any:
            for name in keys:
                del found[name]
            return cls(**{**absent, **found})

        return cs.no_info_after_validator_function(build, content, ref=ref)

    def _field(self, field: FormField) -> CoreSchema:
        if field.is_attributes:
            return cs.dict_schema(cs.str_schema(strict=True), cs.str_schema(strict=True))
        schema = self._item(field)
        if field.many is not None:
            schema = self._list(schema)
            if field.many is not list:
                schema = cs.no_info_after_validator_function(field.many, schema)
        is_nullable = field.nullable or (self._tolerant and field.many is None)
        return cs.nullable_schema(schema) if is_nullable else schema

    def _item(self, field: FormField) -> CoreSchema:
        if field.values is not None:
            return self._values(field.values)
        choices: dict[Option | str, CoreSchema] = {each: self._option(each) for each in field.options}
        if field.wild:
            choices[_WILD] = self._define(_WILD, self._wild)
        if field.mixed:
            choices[_TEXT] = cs.str_schema(strict=True)
        if len(choices) == 1 and not field.elements:
            return next(iter(choices.values()))

        def choose(found: Any) -> Option | str | None:
            if not isinstance(found, dict):
                return _TEXT if field.mixed and isinstance(found, str) else None
            content = cast("dict[str, Any]", found)
            name = content.get(ELEMENT)
            is_wild = ANY in content or (isinstance(name, str) and name.startswith("{"))
            if field.wild and is_wild:
                return _WILD
            return field.named(name, content.get(TYPE)) or field.named(name, None)

        names = [*field.elements, *([_WILDCARDS] if field.wild else [])]
        types = ["none", *(each.type for each in field.options if each.type)]
        wanted = f"{ELEMENT}, one of {', '.join(names)}" if names else f"{TYPE}, one of {', '.join(types)}"
        return _union(choices, choose, f"expected an object with {wanted}")

    def _option(self, option: Option) -> CoreSchema:
        if option.values is None:
            return self._model(option)
        content = cs.typed_dict_schema(
            {
                ELEMENT: cs.typed_dict_field(cs.literal_schema([option.element])),
                "value": cs.typed_dict_field(self._values(option.values)),
            },
            extra_behavior="forbid",
            metadata={_FACETS: {"value": option.facets}},
        )
        return cs.no_info_after_validator_function(lambda found: found["value"], content)

    def _values(self, values: Values) -> CoreSchema:
        one = _value(values)
        if self._tolerant and not values.is_text:
            one = _either(values, [one, cs.str_schema(strict=True)])
        if values.tokens is None:
            return one
        return cs.no_info_after_validator_function(values.tokens, self._list(one))

    def _list(self, item: CoreSchema) -> CoreSchema:
        return cs.list_schema(item, strict=True, fail_fast=not self._thorough)

    def _wild(self, ref: str) -> CoreSchema:
        """Any element: one without a class, one with a class, or one that is described."""

        def choose(found: Any) -> str | None:
            content = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
            if ANY in content:
                return _UNKNOWN
            return _KNOWN if class_of(content.get(ELEMENT)) is not None else None

        named = cs.typed_dict_schema(
            {ELEMENT: cs.typed_dict_field(cs.str_schema(pattern=r"^\{[^}]*\}."))},
            extra_behavior="allow",
            metadata={_OTHERS: [each.element for each in self._extensions]},
        )
        choices: dict[Option | str, CoreSchema] = {
            _UNKNOWN: self._define(_UNKNOWN, self._unknown),
            _KNOWN: cs.no_info_wrap_validator_function(self._read_known, named),
            **{each: self._model(each) for each in self._extensions},
        }
        return _union(choices, choose, f"expected an object with {ELEMENT}, {_WILDCARDS}", ref)

    def _read_known(self, found: Any, _: object) -> Any:
        cls = cast("type[Any]", class_of(found[ELEMENT]))
        known = reader(cls, found[ELEMENT], tolerant=self._tolerant, thorough=self._thorough)
        return known.validate_python(found)

    def _unknown(self, ref: str) -> CoreSchema:
        text = cs.str_schema(strict=True)
        some_text = cs.typed_dict_field(cs.nullable_schema(text), required=False)
        children = self._list(self._define(_WILD, self._wild))
        content = cs.typed_dict_schema(
            {
                ANY: cs.typed_dict_field(cs.nullable_schema(text)),
                "text": some_text,
                "attributes": cs.typed_dict_field(cs.dict_schema(text, text), required=False),
                "children": cs.typed_dict_field(children, required=False),
                "tail": some_text,
            },
            extra_behavior="forbid",
        )
        return cs.no_info_after_validator_function(
            lambda found: any_element(found.pop(ANY), found), content, ref=ref
        )


def _union(
    choices: Mapping[Option | str, CoreSchema],
    choose: Callable[[Any], Option | str | None],
    message: str,
    ref: str | None = None,
) -> CoreSchema:
    """One of several schemas.

    pydantic calls them by negative numbers: those are told from positions in the place of an error.
    """
    tags = {choice: -number for number, choice in enumerate(choices, 1)}

    def tag(found: Any) -> int | None:
        choice = choose(found)
        return None if choice is None else tags[choice]

    return cs.tagged_union_schema(
        {tags[choice]: schema for choice, schema in choices.items()},
        tag,
        custom_error_type="element",
        custom_error_message=message,
        ref=ref,
    )


def _value(values: Values) -> CoreSchema:
    if values.is_text and not values.natives:
        return cs.str_schema(strict=True)
    if values.choices is not None:
        return cs.enum_schema(values.choices, list(values.choices), sub_type="str")
    natives = {bool: cs.bool_schema, int: cs.int_schema, float: partial(cs.float_schema, allow_inf_nan=False)}
    allowed: list[CoreSchema] = [natives[each](strict=True) for each in values.natives]
    if values.has_texts:
        allowed.append(cs.no_info_after_validator_function(values.read, cs.str_schema(strict=True)))
    return allowed[0] if len(allowed) == 1 else _either(values, allowed)


def _either(values: Values, allowed: Iterable[CoreSchema]) -> CoreSchema:
    return cs.union_schema(
        [*allowed],
        mode="left_to_right",
        custom_error_type="value",
        custom_error_message=f"expected {values.names}",
    )


class _Generator(GenerateJsonSchema):
    """Adds what the docstrings say, and the facets of values: to check those is not for pydantic."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """Fields have no titles beside their names."""
        return False

    def typed_dict_schema(self, schema: cs.TypedDictSchema) -> JsonSchemaValue:
        """An object, with the descriptions of its class and fields."""
        found = super().typed_dict_schema(schema)
        metadata: dict[str, Any] = schema.get("metadata") or {}
        found["additionalProperties"] = schema.get("extra_behavior") != "forbid"
        if others := metadata.get(_OTHERS):
            found["properties"][ELEMENT]["not"] = {"enum": others}
        for name, facets in metadata.get(_FACETS, {}).items():
            found["properties"][name] = _with_facets(found["properties"][name], facets)
        cls: type[Any] | None = metadata.get(_CLASS)
        if cls is not None:
            summary, attributes = _documentation(cls)
            found |= {"title": cls.__name__, "description": summary}
            for name, text in attributes.items():
                if name in found["properties"]:
                    found["properties"][name]["description"] = text
        return found


def _with_facets(schema: JsonSchemaValue, facets: Mapping[str, Any]) -> JsonSchemaValue:
    """A schema with those facets that say something of its type."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_with_facets(each, facets) for each in schema["anyOf"]]}
    if schema.get("type") == "array":
        return {**schema, "items": _with_facets(schema["items"], facets)}
    keywords = _OF_TYPE.get(schema.get("type", ""), ())
    return {**schema, **{name: facets[name] for name in keywords if name in facets}}


def _documentation(cls: type[Any]) -> tuple[str, dict[str, str]]:
    """What a docstring says of the class, and of each attribute."""
    text, _, attributes = inspect.cleandoc(cls.__doc__ or "").partition("\nAttributes:\n")
    entries = re.findall(r"^    (\w+): (.*(?:\n {5,}.*)*)", attributes, re.MULTILINE)
    return text.strip(), {name: " ".join(said.split()) for name, said in entries}
