"""What stands behind the wildcards of a rule, found by its name (RFC 4745 §7 to §9).

The schema lets conditions, actions and transformations hold elements of any other namespace, and the elements that
matter are all of that kind. They are found whether they were read as their own class, or, because its module was
not imported then, as a generic element; such an element is replaced by one of its own class when it is met.
"""

from __future__ import annotations

import warnings
from dataclasses import MISSING, Field, fields
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

Part = Literal["conditions", "actions", "transformations", "extensions"]
"""A part of a rule, or, of any other element, the field of its own wildcard."""


@cache
def load(module: str, name: str) -> Any:
    """Get a generated class; by name, as the generated modules import this package and not the other way round."""
    return getattr(import_module(f"xcap_documents.{module}"), name)


def contents(rule: object, part: Part) -> list[Any]:
    """What a part of a rule holds; an empty list of no consequence if the rule does not have that part."""
    container = getattr(rule, part)
    return [] if container is None else _list(container, part)


def made(rule: object, part: Part) -> list[Any]:
    """What a part of a rule holds; the part is made if it is missing."""
    if getattr(rule, part) is None:
        setattr(rule, part, load("common_policy", part.capitalize())())
    return _list(getattr(rule, part), part)


def find(rule: object, part: Part, kind: type[T]) -> T | None:
    """The first element of a class in a part of a rule."""
    return find_in(contents(rule, part), kind)


def find_in(items: list[Any], kind: type[T]) -> T | None:
    """The first element of a class in what a wildcard holds."""
    for position, item in enumerate(items):
        if isinstance(item, kind):
            return item
        if _generic_name(item) == qualified_name(kind):
            typed = _typed(item, kind)
            if isinstance(typed, kind):
                items[position] = typed
                return typed
    return None


def find_all(rule: object, part: Part, kind: type[T]) -> list[T]:
    """All elements of a class in a part of a rule."""
    return find_all_in(contents(rule, part), kind)


def find_all_in(items: list[Any], kind: type[T]) -> list[T]:
    """All elements of a class in what a wildcard holds."""
    for position, item in enumerate(items):
        if _generic_name(item) == qualified_name(kind):
            items[position] = _typed(item, kind)
    return [item for item in items if isinstance(item, kind)]


def put(rule: object, part: Part, element: T) -> T:
    """Put an element into a part of a rule: in the place of the first of its class, or at the end."""
    return put_in(made(rule, part), element)


def put_in(items: list[Any], element: T) -> T:
    """Put an element into what a wildcard holds: in the place of the first of its class, or at the end."""
    kind = type(element)
    places = [position for position, item in enumerate(items) if is_of(item, kind)]
    for position in reversed(places[1:]):
        del items[position]
    if places:
        items[places[0]] = element
    else:
        items.append(element)
    return element


def drop(rule: object, part: Part, kind: type[Any]) -> None:
    """Take all elements of a class out of a part of a rule, as `remove` does."""
    remove(rule, part, lambda item: is_of(item, kind))


def remove(rule: object, part: Part, unwanted: Callable[[object], bool]) -> None:
    """Take elements out of a part of a rule, and the part with them if nothing else is in it."""
    items = contents(rule, part)
    kept = [item for item in items if not unwanted(item)]
    if len(kept) == len(items):
        return
    if kept or part == "extensions":
        items[:] = kept
    else:
        setattr(rule, part, None)


def qualified_name(kind: type[Any]) -> str:
    """The name of a class's element, as ``{namespace}name``."""
    return f"{{{kind.Meta.namespace}}}{getattr(kind.Meta, 'name', kind.__name__)}"


def _list(container: Any, part: Part) -> list[Any]:
    if part == "extensions":
        return container
    return container.items if part == "conditions" else container.extensions


def is_of(item: object, kind: type[Any]) -> bool:
    """Whether an element is of a class, or was read without its class and has its name."""
    # A class without a name of its own, such as Sphere, is declared by common-policy and never generic.
    return isinstance(item, kind) or (hasattr(kind.Meta, "namespace") and _generic_name(item) == qualified_name(kind))


def _generic_name(item: object) -> str | None:
    """The name of an element that was read, or made, without its class; None for any other."""
    from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

    if isinstance(item, AnyElement | DerivedElement):
        return cast("Any", item).qname
    return None


def _typed(item: object, kind: type[Any]) -> object:
    """Make a generic element one of its class, or read it again now that its class is imported.

    One that its class cannot hold stays as it is: it says nothing, and writing takes its place.
    """
    from xsdata.exceptions import ParserError, SerializerError
    from xsdata.formats.dataclass.models.generics import DerivedElement
    from xsdata.formats.dataclass.parsers import XmlParser
    from xsdata.formats.dataclass.parsers.config import ParserConfig
    from xsdata.formats.dataclass.serializers import XmlSerializer

    if isinstance(item, DerivedElement):
        value = cast("Any", item).value
        return value if isinstance(value, kind) else kind(value=value)
    holder = load("common_policy", "Transformations")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a value that does not fit stays a string, as it does in any parse
        try:
            text = cast("Any", XmlSerializer()).render(holder(extensions=[item]))
            return XmlParser(config=ParserConfig(class_factory=_made)).from_string(text, holder).extensions[0]
        except (TypeError, ValueError, ParserError, SerializerError):
            return item  # it holds what its class has no place for


def _made(cls: type[T], values: dict[str, Any]) -> T:
    """Make an element, with None for what it lacks."""
    asked = [each.name for each in fields(cast("Any", cls)) if each.init and _is_asked(each)]
    return cls(**{**dict.fromkeys(asked), **values})


def _is_asked(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


class Element:
    """What the descriptors share: one element of one class in one part of a rule.

    Args:
        part: The part of the rule.
        module: The module of the element's class.
        kind: The name of the element's class.
    """

    def __init__(self, part: Part, module: str, kind: str) -> None:
        self._part: Part = part
        self._module = module
        self._kind = kind
        self._name = kind

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    def __delete__(self, rule: Any) -> None:
        drop(rule, self._part, self._class())

    def _class(self) -> Any:
        return load(self._module, self._kind)
