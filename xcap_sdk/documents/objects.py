"""The objects that a model is made of."""

from __future__ import annotations

from typing import Any, cast

from xcap_sdk.documents.classes import is_model, is_several, kind
from xcap_sdk.documents.shapes import shape_of


def objects_of(model: object) -> list[object]:
    """The objects of a model, in an order that depends on its structure only.

    Left out is what its parent and its field tell already: the only one in a field that holds no others, such
    as the display name of an entry.

    Args:
        model: The model.
    """
    found: list[object] = []
    pending: list[Any] = [model]
    while pending:
        value = pending.pop()
        found.append(value)
        for name in object_fields(kind(value)):
            held: Any = getattr(value, name)
            if held is None:
                continue
            if is_several(held):
                if not held:
                    continue
                for each in cast("list[Any]", held):
                    if is_model(each):
                        (pending if object_fields(kind(each)) else found).append(each)
            elif is_model(held) and object_fields(kind(held)):
                pending.append(held)
    return found


_known: dict[type, tuple[str, ...]] = {}


def object_fields(cls: type) -> tuple[str, ...]:
    """The fields of a class that hold objects."""
    names = _known.get(cls)
    if names is None:
        names = _known[cls] = tuple(
            var.name for var in shape_of(cls).contents if not var.is_element or var.clazz or var.any_type
        )
    return names
