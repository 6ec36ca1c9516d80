"""What document classes ask for, where no schema does: that what is required is there, and has its type."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from xsdata.formats.dataclass.models.elements import XmlVar

from xcap_sdk.documents.bounded import counted
from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.compiled.fields import required_fields
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import Places
from xcap_sdk.documents.shapes import shape_of
from xcap_sdk.errors import Problem


def class_problems(root: Outline) -> list[Problem]:
    """What the classes of a model ask for and the model does not have.

    Args:
        root: The outline of the model.

    Returns:
        The problems in document order; at most `MOST_COUNTED`, and one more if there are more.
    """
    places = Places(root)
    found = (
        Problem(places.place(steps, attribute), "schema", message)
        for steps, attribute, message in _lacks(root)
    )
    return list(counted(found))


def _lacks(outline: Outline) -> Iterator[tuple[list[int], str | None, str]]:
    pending: list[tuple[Outline, list[int]]] = [(outline, [])]
    while pending:
        current, steps = pending.pop()
        if not current.is_typed or not is_model(current.value):
            continue
        shape = shape_of(kind(current.value))
        asked = required_fields(kind(current.value))
        for var in (*shape.attributes, *filter(None, (shape.text,)), *shape.contents):
            value: Any = getattr(current.value, var.name)
            name = var.qname if var.is_attribute else None
            if value is None and var.name in asked and not (var.is_text and str in var.types):
                lacks = "lacks its text" if var.is_text else f"lacks an element; expected: {var.local_name}"
                yield steps, name, "is required, and missing" if var.is_attribute else lacks
            elif (var.is_attribute or var.is_text) and (wrong := _wrong(value, var)):
                yield steps, name, wrong
        for index, part in enumerate(current.parts):
            if not is_model(part[1]) and (wrong := _wrong(part[1], part[0])):
                yield [*steps, index], None, wrong
        pending += [(child, [*steps, index]) for index, child in enumerate(current.children)][::-1]


def _wrong(value: Any, var: XmlVar) -> str | None:
    """What is said of text that should be something else."""
    types = [each for choice in var.elements.values() for each in choice.types] or list(var.types)
    if str in types or object in types or not types:
        return None
    values: list[Any] = list(value) if var.tokens and value is not None else [value]
    text = next((each for each in values if isinstance(each, str) and not isinstance(each, Enum)), None)
    names = " or ".join(each.__name__ for each in types)
    return None if text is None else f"{text!r} is no valid {names}"
