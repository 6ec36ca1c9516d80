"""Where in a model's JSON something is that has a place in the model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import Places
from xcap_sdk.documents.shapes import Unwritable, shape_of

_STEP = re.compile(r'\.?[^.\[\]"]+|\[(?:[^\[\]"]+|"(?:[^"\\]|\\.)*+")\]')


class JsonPlaces:
    """Places in the JSON of a model, written as those of what `from_json` refuses: ``items[0].items[1].uri``.

    Args:
        model: The model, which must not contain itself.
    """

    def __init__(self, model: object) -> None:
        self._known: dict[str, str] = {}
        outline = Outline.of(model)
        places = Places(outline)
        pending: list[tuple[tuple[int, ...], Outline, str]] = [((), outline, "")]
        while pending:
            steps, each, path = pending.pop()
            self._known.setdefault(places.place(steps), path)
            for attribute, field in _fields(each):
                self._known.setdefault(places.place(steps, attribute), _joined(path, field))
            inside = [
                ((*steps, index), child, _joined(path, field))
                for index, (child, field) in enumerate(_children(each))
            ]
            pending += reversed(inside)
        self._lengths = set(map(len, self._known))

    def __getitem__(self, place: str) -> str:
        """The place in JSON, or that of the nearest around it that JSON has; empty for the root."""
        if place in self._known:
            return self._known[place]
        ends = [0]
        while step := _STEP.match(place, ends[-1]):
            ends.append(step.end())
        around = (place[:end] for end in reversed(ends) if end in self._lengths)
        return next(self._known[each] for each in around if each in self._known)  # the root is known


def _joined(path: str, field: str) -> str:
    return f"{path}.{field}" if path and field else path or field


def _fields(element: Outline) -> Iterator[tuple[str, str]]:
    """The attributes that an element may have, and the fields that they are."""
    more: list[tuple[str, object]] = [("attributes", getattr(element.value, "attributes", None))]
    if element.is_typed:
        shape = shape_of(kind(element.value))
        yield from ((var.qname, var.name) for var in shape.attributes)
        more = [(var.name, getattr(element.value, var.name)) for var in shape.wildcards]
    for field, held in more:
        for name in cast("Mapping[str, str]", held or {}) if isinstance(held, Mapping) else ():
            yield name, f"{field}[{json.dumps(name, ensure_ascii=False)}]"


def _children(element: Outline) -> Iterator[tuple[Outline, str]]:
    """The children, each with the field and the position that it has in JSON."""
    if not element.is_typed and not isinstance(element.value, AnyElement):
        return  # the class writes itself: which fields its elements come from is not known
    try:
        children = element.children
    except Unwritable:  # nothing of it has a place in the model either
        return
    passed: dict[str, int] = {}
    for (var, value), child in zip(element.parts, children, strict=True):
        content: Any = getattr(element.value, var.name)
        position = None
        if isinstance(content, list | tuple):
            position = _position(cast("Sequence[object]", content), value, passed.get(var.name, 0))
        if position is not None:
            passed[var.name] = position + 1
        yield child, var.name if position is None else f"{var.name}[{position}]"


def _position(content: Sequence[object], value: object, start: int) -> int | None:
    return next((at for at in range(start, len(content)) if content[at] is value), None)
