"""Models as JSON, for web frontends and stores: what `to_json` writes, `from_json` reads back equal.

Fields have their Python names; what is None or empty is left out. Special keys begin with ``$``, which no
field does: ``$element`` tells elements apart where several may stand, ``$any`` stands for an element without
a class, ``$type`` names a class that takes the place of the field's own (xsi:type).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast
from xml.etree.ElementTree import QName

from xsdata.exceptions import ConverterError
from xsdata.formats.converter import converter
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_sdk.documents.classes import classes, is_model, kind, meta_of, required_fields
from xcap_sdk.documents.shapes import Unwritable, lexical
from xcap_sdk.errors import InvalidDocument, InvalidInput, Problem

R = TypeVar("R")

LARGEST = 1 << 24
"""So many characters of JSON are read at most."""

_ELEMENT, _ANY, _TYPE = "$element", "$any", "$type"
_DEEPEST = 256
_MOST = 100
_RULE = "json"
_NUMBERS = (int, float, Decimal)


def to_json(model: object, *, indent: int | None = None) -> str:
    """Write a model as JSON.

    Args:
        model: An instance of a document class, or of one of the classes in it.
        indent: Spaces per level; None for one line.

    Returns:
        A JSON object: stable, so that equal models give equal texts. Dates, durations, Decimals and enums are
        texts as in XML; interleaved children carry their element's name as ``$element``.

    Raises:
        InvalidInput: It is no instance of a document class, or holds something that JSON cannot.
    """
    if not is_model(model):
        raise InvalidInput(f"expected an instance of a document class, not {kind(model).__name__}")
    try:
        return json.dumps(_object(model), ensure_ascii=False, indent=indent, allow_nan=False)
    except RecursionError:
        raise InvalidInput("the model contains itself, or nests too deep") from None


def from_json(text: str | bytes, root: type[R]) -> R:
    """Read a model from the JSON that `to_json` writes.

    Args:
        text: The JSON.
        root: The class that it is of.

    Returns:
        The model. It has the form that its class asks for; whether it follows its schema and rules,
        `validate` and each save say.

    Raises:
        InvalidDocument: It is no JSON of this class: unknown fields, missing ones, values of another kind;
            ``.problems`` names the places, such as ``items[3].uri``.
    """
    reader = _Reader()
    try:
        model = reader.model(_parsed(text), root, "", 0)
    except RecursionError:
        raise _refused(root.__name__, [Problem("", _RULE, "its values nest too deep")]) from None
    if reader.problems:
        raise _refused(root.__name__, reader.problems)
    return cast("R", model)


def _refused(what: str, problems: list[Problem]) -> InvalidDocument:
    return InvalidDocument(f"this JSON is no {what}:", problems=tuple(problems[:_MOST]))


def _parsed(text: str | bytes) -> object:
    if len(text) > LARGEST:
        raise _refused("document", [Problem("", _RULE, f"it is longer than {LARGEST:,} characters")])
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        reason = "its values nest too deep"
    except (ValueError, UnicodeDecodeError) as error:
        reason = f"it cannot be read: {error}"
    raise _refused("document", [Problem("", _RULE, reason)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


@cache
def _vars(cls: type[Any]) -> dict[str, XmlVar]:
    meta: XmlMeta = meta_of(cls)
    return {var.name: var for var in meta.get_all_vars() if var.init}


# Writing.


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, AnyElement):
        return _any(value)
    found: dict[str, Any] = {}
    for name, var in _vars(kind(value)).items():
        content: Any = getattr(value, name)
        if content is None or (content in ([], {}, ()) and not isinstance(content, str | bytes)):
            continue
        if var.is_attributes:
            found[name] = dict(sorted(cast("Mapping[str, str]", content).items()))
        elif (isinstance(content, list) or kind(content) is tuple) and not (
            var.tokens and not var.list_element
        ):
            found[name] = [_item(each, var) for each in cast("list[Any]", content)]
        else:
            found[name] = _item(content, var)
    return found


def _item(value: Any, var: XmlVar) -> Any:
    if isinstance(value, AnyElement):
        return _any(value)
    if isinstance(value, DerivedElement):
        raise InvalidInput(f"{value!r} in {var.name} has no form in JSON: put its value there")
    if not is_model(value):
        return _leaf(value, var)
    cls = kind(value)
    if var.is_elements or var.is_wildcard:
        choice = var.find_clazz_choice(cls) if var.is_elements else None
        name = _name_of(cls)
        if choice is None and name is None:
            raise InvalidInput(f"{cls.__name__} in {var.name} stands for no element of its own")
        return {_ELEMENT: choice.local_name if choice is not None else name, **_object(value)}
    if cls is not var.clazz:
        return {_TYPE: meta_of(cls).target_qname, **_object(value)}
    return _object(value)


def _any(value: AnyElement) -> dict[str, Any]:
    found: dict[str, Any] = {_ANY: value.qname or ""}
    if value.text:
        found["text"] = value.text
    if value.attributes:
        found["attributes"] = dict(sorted(value.attributes.items()))
    if value.children:
        found["children"] = [_wild(child) for child in value.children]
    if value.tail is not None:
        found["tail"] = value.tail
    return found


def _wild(value: Any) -> Any:
    if isinstance(value, AnyElement):
        return _any(value)
    name = _name_of(kind(value)) if is_model(value) else None
    if name is None:
        raise InvalidInput(f"{value!r} has no form in JSON")
    return {_ELEMENT: name, **_object(value)}


def _name_of(cls: type[Any]) -> str | None:
    """The name that an element behind a wildcard is read as a class by; None if there is none."""
    name = meta_of(cls).target_qname or meta_of(cls).qname
    return name if _known(name) is cls else None


def _known(name: str) -> type[Any] | None:
    found: Any = classes().find_type(name)
    return found


def _leaf(value: Any, var: XmlVar) -> Any:
    if var.is_elements:
        choice = var.find_value_choice(value, is_class=False)
        if choice is None:
            raise InvalidInput(f"{value!r} in {var.name} stands for no element")
        return {_ELEMENT: choice.local_name, "value": _leaf(value, choice)}
    if isinstance(value, list | tuple) and var.tokens:
        return [_leaf(each, var) for each in cast("list[Any]", value)]
    if isinstance(value, bool | int | str) and not isinstance(value, Enum):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, QName):
        return value.text
    try:
        return lexical(value, var)
    except Unwritable as error:
        raise InvalidInput(str(error)) from error


# Reading.


class _Reader:
    """Reads values, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, message: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(place, _RULE, message))

    def model(self, found: object, cls: type[Any], place: str, depth: int) -> Any:
        """An object as an instance of a class; None if it is none."""
        if not isinstance(found, dict):
            return self.wrong(place, f"expected an object for {cls.__name__}, not {_shown(found)}")
        if depth > _DEEPEST:
            return self.wrong(place, "it nests too deep")
        content = cast("dict[str, Any]", found)
        known = _vars(cls)
        for name in content:
            if name not in known and name not in {_ELEMENT, _TYPE}:
                self.wrong(_in(place, name), f"{cls.__name__} has no such field; it has {', '.join(known)}")
        values = {
            name: self._field(content[name], var, _in(place, name), depth)
            for name, var in known.items()
            if name in content and content[name] is not None
        }
        missing = [name for name in required_fields(cls) if name not in values]
        for name in missing:
            self.wrong(_in(place, name), "is required, and missing")
        return None if missing or self.problems else cls(**values)

    def _field(self, found: object, var: XmlVar, place: str, depth: int) -> Any:
        if var.is_attributes:
            return self._attributes(found, place)
        if not var.list_element:
            return self._item(found, var, place, depth)
        if not isinstance(found, list):
            return self.wrong(place, f"expected a list, not {_shown(found)}")
        items = [
            self._item(each, var, f"{place}[{number}]", depth)
            for number, each in enumerate(cast("list[object]", found))
        ]
        untyped: Any = var
        return untyped.factory(items) if untyped.factory else items

    def _attributes(self, found: object, place: str) -> Any:
        pairs = cast("dict[str, Any]", found) if isinstance(found, dict) else {"": found}
        if not all(isinstance(each, str) for each in pairs.values()):
            return self.wrong(place, "expected an object of texts by attribute name")
        return pairs

    def _item(self, found: object, var: XmlVar, place: str, depth: int) -> Any:
        if var.is_wildcard:
            return self._wild(found, place, depth)
        if var.is_elements:
            return self._choice(found, var, place, depth)
        if var.clazz is None:
            return self._leaf(found, var, place)
        cls: type[Any] = var.clazz
        name = cast("dict[str, Any]", found).get(_TYPE) if isinstance(found, dict) else None
        if name is not None:
            known: list[type[Any]] = classes().find_types(str(name))
            fitting = [each for each in known if issubclass(each, cls)]
            if not fitting:
                return self.wrong(_in(place, _TYPE), f"{name!r} is no kind of {cls.__name__}")
            cls = fitting[-1]
        return self.model(cast("object", found), cls, place, depth + 1)

    def _choice(self, found: object, var: XmlVar, place: str, depth: int) -> Any:
        if not isinstance(found, dict):
            return self.wrong(place, f"expected an object with {_ELEMENT}, not {_shown(found)}")
        content = cast("dict[str, Any]", found)
        name = content.get(_ELEMENT)
        is_whole = isinstance(name, str) and name.startswith("{")
        if var.wildcards and (_ANY in content or is_whole):
            return self._wild(content, place, depth)
        choice = next((each for each in var.elements.values() if each.local_name == name), None)
        if choice is None:
            names = ", ".join(dict.fromkeys(each.local_name for each in var.elements.values()))
            said = f"{name!r} is none of them" if _ELEMENT in content else f"it has no {_ELEMENT}"
            return self.wrong(place, f"{_ELEMENT} is one of {names}; {said}")
        if choice.clazz is None:
            if set(content) != {_ELEMENT, "value"}:
                return self.wrong(place, f"expected {_ELEMENT} and value, and nothing else")
            return self._leaf(content["value"], choice, _in(place, "value"))
        return self._item(content, choice, place, depth)

    def _wild(self, found: object, place: str, depth: int) -> Any:
        content = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
        if _ANY in content:
            return self._any(content, place, depth)
        name = content.get(_ELEMENT)
        cls = _known(name) if isinstance(name, str) else None
        if cls is None:
            names = f"{_ELEMENT}, the {{namespace}}name of a known class, or {_ANY}"
            return self.wrong(place, f"expected an object with {names}")
        return self.model(content, cls, place, depth + 1)

    def _any(self, content: dict[str, Any], place: str, depth: int) -> Any:
        allowed = {_ANY: str, "text": str, "attributes": dict, "children": list, "tail": str}
        for name, each in content.items():
            if not isinstance(each, allowed.get(name, ())):
                return self.wrong(_in(place, name), f"is nothing that such an element has: {_shown(each)}")
        if depth > _DEEPEST:
            return self.wrong(place, "it nests too deep")
        children = [
            self._wild(child, f"{place}.children[{number}]", depth + 1)
            for number, child in enumerate(cast("list[object]", content.get("children", [])))
        ]
        return AnyElement(
            qname=content[_ANY],
            text=content.get("text", ""),
            tail=content.get("tail"),
            children=children,
            attributes=self._attributes(content.get("attributes", {}), place) or {},
        )

    def _leaf(self, found: object, var: XmlVar, place: str) -> Any:
        untyped: Any = var
        if var.tokens:
            if not isinstance(found, list):
                return self.wrong(place, f"expected a list, not {_shown(found)}")
            each = [self._one(one, var, f"{place}[{n}]") for n, one in enumerate(cast("list[Any]", found))]
            return untyped.tokens_factory(each)
        return self._one(found, var, place)

    def _one(self, found: object, var: XmlVar, place: str) -> Any:
        types = [each for each in var.types if each is not object]
        names = " or ".join(each.__name__ for each in types) or "text"
        if isinstance(found, bool):
            fits = bool in types
        elif isinstance(found, int | float):
            number = next((each for each in (kind(found), float) if each in types), None)
            return self._not(found, names, place) if number is None else number(found)
        elif isinstance(found, str):
            texts = [each for each in types if each not in {bool, int}] or ([] if types else [str])
            try:
                return (
                    converter.deserialize(found, texts, ns_map={}, format=var.format)
                    if texts
                    else (self._not(found, names, place))
                )
            except ConverterError:
                fits = False
        else:
            fits = False
        return found if fits else self._not(found, names, place)

    def _not(self, found: object, names: str, place: str) -> None:
        self.wrong(place, f"{_shown(found)} is no {names}")


def _in(place: str, name: str) -> str:
    step = name if name.isidentifier() else f"[{json.dumps(name[:60], ensure_ascii=False)}]"
    return f"{place}.{step}" if place and not step.startswith("[") else f"{place}{step}"


def _shown(found: object) -> str:
    if isinstance(found, dict):
        return "an object"
    if isinstance(found, list):
        return "a list"
    text = json.dumps(found, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
