"""Models as JSON, for web frontends and stores: what `to_json` writes, `from_json` reads back equal.

Fields have their Python names; what is None or empty is left out. Special keys begin with ``$``, which no
field does: ``$element`` tells elements apart where several may stand, ``$any`` stands for an element without
a class, ``$type`` names a class that takes the place of the field's own (xsi:type).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, cast
from xml.etree.ElementTree import QName

from xsdata.formats.dataclass.models.elements import XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_sdk.documents.classes import is_model, kind, meta_of
from xcap_sdk.documents.json_reading import ANY, ELEMENT, RULE, TYPE, Reader, class_of, fields_of
from xcap_sdk.documents.shapes import Unwritable, lexical
from xcap_sdk.errors import InvalidDocument, InvalidInput, Problem

R = TypeVar("R")

LARGEST = 1 << 24
"""So many characters of JSON are read at most."""

_MOST = 100


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
    reader = Reader()
    try:
        model = reader.model(_parsed(text), root, "", 0)
    except RecursionError:
        raise _refused(root.__name__, [Problem("", RULE, "its values nest too deep")]) from None
    if reader.problems:
        raise _refused(root.__name__, reader.problems)
    return cast("R", model)


def _refused(what: str, problems: list[Problem]) -> InvalidDocument:
    return InvalidDocument(f"this JSON is no {what}:", problems=tuple(problems[:_MOST]))


def _parsed(text: str | bytes) -> object:
    if len(text) > LARGEST:
        raise _refused("document", [Problem("", RULE, f"it is longer than {LARGEST:,} characters")])
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        reason = "its values nest too deep"
    except (ValueError, UnicodeDecodeError) as error:
        reason = f"it cannot be read: {error}"
    raise _refused("document", [Problem("", RULE, reason)])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, AnyElement):
        return _any(value)
    found: dict[str, Any] = {}
    for name, var in fields_of(kind(value)).items():
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
        return {ELEMENT: choice.local_name if choice is not None else name, **_object(value)}
    if cls is not var.clazz:
        return {TYPE: meta_of(cls).target_qname, **_object(value)}
    return _object(value)


def _any(value: AnyElement) -> dict[str, Any]:
    found: dict[str, Any] = {ANY: value.qname or ""}
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
    return {ELEMENT: name, **_object(value)}


def _name_of(cls: type[Any]) -> str | None:
    """The name that an element behind a wildcard is read as a class by; None if there is none."""
    name = meta_of(cls).target_qname or meta_of(cls).qname
    return name if class_of(name) is cls else None


def _leaf(value: Any, var: XmlVar) -> Any:
    if var.is_elements:
        choice = var.find_value_choice(value, is_class=False)
        if choice is None:
            raise InvalidInput(f"{value!r} in {var.name} stands for no element")
        return {ELEMENT: choice.local_name, "value": _leaf(value, choice)}
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
