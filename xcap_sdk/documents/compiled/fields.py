"""What is known of a class: whether its metadata says all, what it asks for, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from enum import Enum
from typing import Any
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import QName

from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar


def metadata(context: XmlContext, cls: type[Any], namespace: str | None = None) -> XmlMeta:
    """What xsdata knows of a class.

    Args:
        context: Knows it.
        cls: A dataclass.
        namespace: The namespace of the element around, for a class that states none.

    Raises:
        XmlContextError: xsdata cannot bind the class.
    """
    return context.build(cls, namespace)  # pyright: ignore[reportUnknownMemberType] - xsdata leaves callables without types


def name_of(context: XmlContext, var: XmlVar, cls: type[Any], namespace: str | None) -> str:
    """The name of the elements that objects of a class in a field stand for.

    Args:
        context: Knows the classes.
        var: The field.
        cls: The class.
        namespace: The namespace of the element around, for a class that states none.

    Raises:
        XmlContextError: xsdata cannot bind the class.
    """
    if var.is_element:
        return var.qname
    choice = var.find_clazz_choice(cls) if var.is_elements else None
    if choice is not None:
        return choice.qname
    meta = metadata(context, cls, namespace)
    return (meta.target_qname if var.is_elements else None) or meta.qname


def uncached(context: XmlContext, cls: type[Any], namespace: str | None = None) -> XmlMeta:
    """As `metadata`, but xsdata does not know it afterwards."""
    return context.get_builder().build(cls, namespace)  # pyright: ignore[reportUnknownMemberType] - likewise


def kind(value: object) -> type[Any]:
    """The class of a value."""
    return type(value)


def is_model(value: object) -> bool:
    """Whether a value is an instance of a dataclass."""
    return hasattr(type(value), "__dataclass_fields__")


def is_several(value: object) -> bool:
    """Whether a value is several: a date is a named tuple, and one."""
    return isinstance(value, list) or value.__class__ is tuple


_required: WeakKeyDictionary[type, tuple[str, ...]] = WeakKeyDictionary()


def required_fields(cls: type[Any]) -> tuple[str, ...]:
    """The fields that a class asks for: those without a default."""
    found = _required.get(cls)
    if found is None:
        found = tuple(field.name for field in fields(cls) if field.init and not _has_default(field))
        _required[cls] = found
    return found


def is_plain(meta: XmlMeta) -> bool:
    """Whether a class needs nothing but attributes, text, elements, choices and wildcards.

    Nillable, wrapped, mixed and untyped content, unions of classes and QNames as values are left to xsdata.
    """
    return not meta.nillable and not meta.wrappers and all(map(_is_plain, variables(meta)))


def is_made_by_fields(cls: type[Any]) -> bool:
    """Whether making an instance but sets its fields, as the ``__init__`` of a dataclass does."""
    made: Any = getattr(vars(cls).get("__init__"), "__code__", None)
    return (
        made is not None
        and made.co_filename == "<string>"  # so dataclasses name what they make
        and cls.__new__ is object.__new__
        and cls.__setattr__ is object.__setattr__
        and not hasattr(cls, "__post_init__")
        and set(made.co_varnames[1 : 1 + made.co_argcount + made.co_kwonlyargcount])
        <= {field.name for field in fields(cls)}  # no InitVar, which is no field
    )


def default_of(field: Field[Any]) -> Any:
    """What makes the default of a field; None for None, or if there is none."""
    if field.default_factory is not MISSING:
        return field.default_factory
    value = field.default
    return None if value is MISSING or value is None else lambda: value


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def variables(meta: XmlMeta) -> list[XmlVar]:
    """The fields of a class, and the elements that each of them may hold."""
    found = meta.get_all_vars()
    return [*found, *(choice for var in found for choice in (*var.elements.values(), *var.wildcards))]


def _is_plain(var: XmlVar) -> bool:
    untyped = var.any_type and not var.is_wildcard and not var.is_elements
    tokens = var.tokens and var.list_element
    names = any(map(holds_names, var.types))
    return not (var.nillable or var.mixed or var.is_clazz_union or untyped or tokens or names)


def holds_names(cls: type[Any]) -> bool:
    """Whether values of a type are qualified names, whose prefixes depend on where they are."""
    if issubclass(cls, Enum):
        return any(map(_is_name, cls))
    return cls is QName


def _is_name(member: Enum) -> bool:
    value: Any = member.value
    return any(isinstance(each, QName) for each in (value if is_several(value) else (value,)))


def stored_as(cls: type[Any]) -> Mapping[str, str]:
    """The attributes that hold the values of fields, where the field itself is a property that does more.

    A class says so by ``_stored``, a dict by the names of the fields.
    """
    stored: Mapping[str, str] = getattr(cls, "_stored", {})
    return stored
