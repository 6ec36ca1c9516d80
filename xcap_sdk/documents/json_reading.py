"""From the values of a JSON text to a model: what does not fit is named by its place."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, cast

from xsdata.exceptions import ConverterError
from xsdata.formats.converter import converter
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement

from xcap_sdk.documents.classes import classes, kind, meta_of, required_fields
from xcap_sdk.errors import Problem

ELEMENT, ANY, TYPE = "$element", "$any", "$type"
"""The keys that are no fields."""

RULE = "json"
"""What problems of JSON carry as their rule."""

_DEEPEST = 256


@cache
def fields_of(cls: type[Any]) -> dict[str, XmlVar]:
    """The fields of a class by name."""
    meta: XmlMeta = meta_of(cls)
    return {var.name: var for var in meta.get_all_vars() if var.init}


def class_of(name: str) -> type[Any] | None:
    """The class of a named element; None if there is none."""
    found: Any = classes().find_type(name)
    return found


class Reader:
    """Reads values, and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: str, message: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(place, RULE, message))

    def model(self, found: object, cls: type[Any], place: str, depth: int) -> Any:
        """An object as an instance of a class; None if it is none."""
        if not isinstance(found, dict):
            return self.wrong(place, f"expected an object for {cls.__name__}, not {_shown(found)}")
        if depth > _DEEPEST:
            return self.wrong(place, "it nests too deep")
        content = cast("dict[str, Any]", found)
        known = fields_of(cls)
        for name in content:
            if name not in known and name not in {ELEMENT, TYPE}:
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
        name = cast("dict[str, Any]", found).get(TYPE) if isinstance(found, dict) else None
        if name is not None:
            known: list[type[Any]] = classes().find_types(str(name))
            fitting = [each for each in known if issubclass(each, cls)]
            if not fitting:
                return self.wrong(_in(place, TYPE), f"{name!r} is no kind of {cls.__name__}")
            cls = fitting[-1]
        return self.model(cast("object", found), cls, place, depth + 1)

    def _choice(self, found: object, var: XmlVar, place: str, depth: int) -> Any:
        if not isinstance(found, dict):
            return self.wrong(place, f"expected an object with {ELEMENT}, not {_shown(found)}")
        content = cast("dict[str, Any]", found)
        name = content.get(ELEMENT)
        is_whole = isinstance(name, str) and name.startswith("{")
        if var.wildcards and (ANY in content or is_whole):
            return self._wild(content, place, depth)
        choice = next((each for each in var.elements.values() if each.local_name == name), None)
        if choice is None:
            names = ", ".join(dict.fromkeys(each.local_name for each in var.elements.values()))
            said = f"{name!r} is none of them" if ELEMENT in content else f"it has no {ELEMENT}"
            return self.wrong(place, f"{ELEMENT} is one of {names}; {said}")
        if choice.clazz is None:
            if set(content) != {ELEMENT, "value"}:
                return self.wrong(place, f"expected {ELEMENT} and value, and nothing else")
            return self._leaf(content["value"], choice, _in(place, "value"))
        return self._item(content, choice, place, depth)

    def _wild(self, found: object, place: str, depth: int) -> Any:
        content = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
        if ANY in content:
            return self._any(content, place, depth)
        name = content.get(ELEMENT)
        cls = class_of(name) if isinstance(name, str) else None
        if cls is None:
            names = f"{ELEMENT}, the {{namespace}}name of a known class, or {ANY}"
            return self.wrong(place, f"expected an object with {names}")
        return self.model(content, cls, place, depth + 1)

    def _any(self, content: dict[str, Any], place: str, depth: int) -> Any:
        allowed = {ANY: str, "text": str, "attributes": dict, "children": list, "tail": str}
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
            qname=content[ANY],
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
