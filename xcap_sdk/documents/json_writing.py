"""From models to what JSON can hold.

pydantic's serializers do not do this well: what is empty can be left out only by a function of one's own for
each object, what does not fit is written as whatever it looks like, and 130 objects may nest at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.json_fields import ANY, ELEMENT, FormField, fields_of, name_of
from xcap_sdk.errors import InvalidInput


def content_of(value: object) -> dict[str, Any]:
    """A model as an object of JSON.

    Args:
        value: An instance of a document class.

    Raises:
        InvalidInput: It holds something that JSON cannot.
        RecursionError: It contains itself, or nests too deep.
    """
    if isinstance(value, AnyElement):
        return _any(value)
    found: dict[str, Any] = {}
    for field in fields_of(kind(value)):
        held: Any = getattr(value, field.name)
        if held is None:
            if not field.required and not field.nullable:
                found[field.name] = None  # else it would come back as its default
        elif field.is_attributes:
            found |= {field.name: _sorted(held)} if held else {}
        elif field.many is None:
            found[field.name] = _item(held, field)
        elif held:
            found[field.name] = [_item(each, field) for each in held]
    return found


def _item(value: Any, field: FormField) -> Any:
    if field.values is not None:
        return field.values.write(value)
    if field.mixed and isinstance(value, str):
        return value
    option = field.option_of(value)
    if option is None:
        if field.wild:
            return _element(value)
        raise InvalidInput(f"{value!r} in {field.name} has no form in JSON")
    content = content_of(value) if option.values is None else {"value": option.values.write(value)}
    return {**option.keys, **content}


def _element(value: Any) -> dict[str, Any]:
    if isinstance(value, AnyElement):
        return _any(value)
    name = name_of(kind(value)) if is_model(value) else None
    if name is None:
        raise InvalidInput(f"{value!r} has no form in JSON where any element may stand")
    return {ELEMENT: name, **content_of(value)}


def _any(value: AnyElement) -> dict[str, Any]:
    found: dict[str, Any] = {ANY: value.qname}
    if value.text != "":
        found["text"] = value.text
    if value.attributes:
        found["attributes"] = _sorted(value.attributes)
    if value.children:
        found["children"] = [_element(child) for child in value.children]
    if value.tail is not None:
        found["tail"] = value.tail
    return found


def _sorted(attributes: Mapping[Any, str]) -> dict[str, str]:
    return {str(name): value for name, value in sorted(cast("Mapping[str, str]", attributes).items())}
