"""Where something is in a model, as one would write it: ``lists["friends"].entries[3].uri``."""

from __future__ import annotations

import json
import keyword
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from xcap_sdk.documents.bounded import subscript
from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import shape_of

_EXTENSIONS = "extensions"
_VIEWS = {"items": "_views", "references": "_views", _EXTENSIONS: "_extension_views"}
"""The fields that hold elements of several classes, and what names the views over them, by class."""


def place(root: Outline, steps: Sequence[int], attribute: str | None = None) -> str:
    """The place of an element or attribute in a model.

    Args:
        root: The outline of the model.
        steps: The positions of the children from the root down.
        attribute: The attribute's name as ``{namespace}name``; None for the element itself.

    Returns:
        The place; empty for the root itself.
    """
    return Places(root).place(steps, attribute)


class Places:
    """Names places in one model: elements and attributes.

    An element with a key is named by it, unless several have the same, the key itself is meant or the place
    would become too long; others are counted from 0 among their like. What lies behind a wildcard goes by its
    shortcut, if a class on the way has one: ``rules["friends"].sub_handling``.

    What it counts among siblings it keeps, so that many places in one crowd take no time each.

    Args:
        root: The outline of the model.
    """

    def __init__(self, root: Outline) -> None:
        self._root = root
        self._families: dict[Outline, _Family] = {}

    def place(self, steps: Sequence[int], attribute: str | None = None) -> str:
        """The place of an element or attribute; see `place`."""
        names: list[str] = []
        owners: list[tuple[Outline, int]] = []
        outline = self._root
        field = _field(outline, attribute)
        for depth, index in enumerate(steps):
            owners.append((outline, len(names)))
            family = self._families.get(outline) or self._families.setdefault(outline, _Family(outline))
            child = outline.children[index]
            last = depth == len(steps) - 1
            field = _field(child, attribute) if last else None
            meant = last and field is not None and field == getattr(kind(child.value), "_key_field", None)
            shortcut = _shortcut(owners, child) if family.is_first(child) else None
            if shortcut is not None:
                position, name = shortcut
                del names[position:]
                names.append(name)
            else:
                named = family.named(child)
                step = (
                    family.step(child, index, names, by_key=not meant)
                    if named is None or (last and not named)
                    else named
                )
                if names and step.startswith("["):  # the view is what was named before: identity["sip:…"]
                    names[-1] += step
                elif step:
                    names.append(step)
            outline = child
        if field:
            names.append(field)
        return ".".join(names)


def _field(outline: Outline, attribute: str | None) -> str | None:
    """The field of an attribute."""
    if attribute is None:
        return None
    if outline.is_typed:
        shape = shape_of(kind(outline.value))
        for var in shape.attributes:
            if var.qname == attribute:
                return var.name
        for var in shape.wildcards:
            return f"{var.name}[{json.dumps(attribute, ensure_ascii=False)}]"
    return f"attributes[{json.dumps(attribute, ensure_ascii=False)}]"


def _shortcut(owners: list[tuple[Outline, int]], child: Outline) -> tuple[int, str] | None:
    """A property of an object further up that is called like the element: what it replaces, and its name.

    It cannot stand for one of several of a field's own or of a view, nor for what is inside an extension.
    What has a field of its own goes by that, as a property beside it may show only a part.
    """
    name = python_name(child.name)
    parent = owners[-1][0].value
    own: object = getattr(parent, child.field or "", None)
    if _view(parent, child) is not None or (child.field not in _VIEWS and isinstance(own, list)):
        return None
    for owner, position in reversed(owners):
        cls = kind(owner.value)
        found: object = getattr(cls, name, None)
        if hasattr(kind(found), "__set__") and name not in getattr(cls, "__dataclass_fields__", {}):
            return None if owner is owners[-1][0] and child.field not in _VIEWS else (position, name)
        if owner.field == _EXTENSIONS:
            return None
    return None


def _view(parent: object, child: Outline) -> str | None:
    """The view of the parent that shows the child among its like; None if there is none."""
    views = cast("Mapping[str, str]", getattr(kind(parent), _VIEWS.get(child.field or "", ""), {}))
    return views.get(kind(child.value).__name__)


class _Family:
    """The children of one element, as they count among their like."""

    def __init__(self, parent: Outline) -> None:
        self._parent = parent
        self._first: dict[type, Outline] | None = None
        self._first_named: dict[str, Outline] | None = None
        self._alike: dict[tuple[str, type], tuple[dict[int, int], Counter[str | None]]] = {}
        self._positions: list[int] | None = None

    def named(self, child: Outline) -> str | None:
        """What the parent calls the first child of a class; empty if it shows the content of that itself."""
        if not self._parent.is_typed:
            return None
        names = cast("Mapping[str, str]", getattr(kind(self._parent.value), "_shortcuts", {}))
        name = names.get(kind(child.value).__name__)
        if name is None:
            return None
        if self._first is None:
            self._first = {kind(each.value): each for each in reversed(self._parent.children)}
        return name if self._first[kind(child.value)] is child else None

    def is_first(self, child: Outline) -> bool:
        """Whether a child is the first of its name, which is the one that a property further up shows."""
        if self._first_named is None:
            self._first_named = {each.name: each for each in reversed(self._parent.children)}
        return self._first_named[child.name] is child

    def step(self, child: Outline, index: int, before: list[str], *, by_key: bool) -> str:
        """The child by its key, or by its position, behind the names that lead to the parent."""
        field = child.field or "children"
        if not self._parent.is_typed:
            return f"children[{index}]"
        content: Any = getattr(self._parent.value, field)
        if not isinstance(content, list | tuple):
            return field
        cls = kind(child.value)
        view = _view(self._parent.value, child)
        if before and before[-1].endswith("]") and not hasattr(kind(self._parent.value), view or ""):
            view = None  # a property further up shows such views, rule.identity.many, but not of this parent
        if view is None or not is_model(child.value):
            position = min(self._position(index), len(cast("list[Any]", content)) - 1)
            return f"{field}[{position}]"
        if (field, cls) not in self._alike:
            self._alike[field, cls] = _numbered(cast("list[Any]", content), cls)
        numbers, keys = self._alike[field, cls]
        key = _key(child.value) if by_key else None
        place = ".".join([*before, view] if view else before)
        return view + subscript(place, key if keys[key] == 1 else None, numbers[id(child.value)])

    def _position(self, index: int) -> int:
        """The position in its field's list: how many parts of that field stand before."""
        if self._positions is None:
            counts = Counter[str]()
            self._positions = []
            for var, _ in self._parent.parts:
                self._positions.append(counts[var.name])
                counts[var.name] += 1
        return self._positions[index]


def _numbered(content: list[Any], cls: type) -> tuple[dict[int, int], Counter[str | None]]:
    """What is of a class: by identity with its number, the first of each, and how often there is each key."""
    alike = [item for item in content if kind(item) is cls]
    numbers = {id(item): number for number, item in reversed(list(enumerate(alike)))}
    return numbers, Counter(map(_key, alike))


def _key(value: Any) -> str | None:
    field = getattr(kind(value), "_key_field", None)
    key = getattr(value, field, None) if field else None
    return key if isinstance(key, str) else None


def python_name(name: str) -> str:
    """What an element is called in Python: ``{…}sub-handling`` is ``sub_handling``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.rpartition("}")[2])
    text = re.sub(r"\W", "_", words).lower()
    return f"{text}_" if keyword.iskeyword(text) else text
