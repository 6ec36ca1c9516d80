"""The code of the functions that read, class by class; see `reading` for what it looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from xsdata.exceptions import ParserError
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.models.enums import QNames

from xcap_sdk.documents.compiled.fields import (
    default_of,
    is_made_by_fields,
    required_fields,
    stored_as,
)
from xcap_sdk.documents.compiled.remembering import is_worth_it
from xcap_sdk.documents.compiled.stock import REFUSALS
from xcap_sdk.documents.compiled.trees import Element, Following, count, leading_text, read_any, skip
from xcap_sdk.documents.compiled.values import Convert, conversion

if TYPE_CHECKING:
    from xcap_sdk.documents.compiled.reading import Readers

Read: TypeAlias = Callable[[Element, Following], Any]
Slot: TypeAlias = tuple[int, Read]
Row: TypeAlias = tuple[int, int, Read]

MANY = 32
"""From so many children on it pays to look first whether they have the same name."""

FEW = 8
"""How many others may come before those."""


class Unreadable(ParserError):
    """A class cannot hold an element.

    Attributes:
        element: The element; all that is inside it was looked at.
    """

    def __init__(self, message: str, element: Element) -> None:
        super().__init__(message)
        self.element = element


def lenient_factory(cls: type[Any], values: dict[str, Any]) -> Any:
    """A class factory that gives None for what the class asks for and the document lacks."""
    return cls(**{**dict.fromkeys(required_fields(cls)), **values})


def together(first: Any, second: Any) -> Any:
    """What a wildcard for one element holds when there are more: xsdata makes them the children of none."""
    if first is None:
        return second
    if not isinstance(first, AnyElement) or first.qname:
        first = AnyElement(children=[first])
    first.children.append(second)
    return first


def unreadable(element: Element, why: str) -> Unreadable:
    """The error for an element."""
    name = str(element.tag).rpartition("}")[2]
    return Unreadable(f"line {element.sourceline}: {name} cannot be read: {why}", element)


def _is_default(factory: object) -> bool:
    from xsdata.formats.dataclass.parsers.config import default_class_factory

    return factory is default_class_factory


class ReadingCode:
    """Writes the function for one class."""

    def __init__(self, readers: Readers, meta: XmlMeta) -> None:
        self._readers = readers
        self._meta = meta
        self._cls: type[Any] = cast("type[Any]", meta.clazz)
        self._elements = [var for var in meta.get_element_vars() if not var.is_text]
        self._text: XmlVar | None = meta.text
        self._held: dict[str, list[XmlVar]] = {}
        for var in (*meta.attributes.values(), *meta.any_attributes, *self._elements, meta.text):
            if var is not None and var.init:
                self._held.setdefault(var.name, []).append(var)
        self._names: dict[str, Any] = {
            "XSI_TYPE": QNames.XSI_TYPE,
            "cls": self._cls,
            "islice": islice,
            "leading_text": leading_text,
            "new": object.__new__,
            "refuse": self._refuse,
            "skip": skip,
            "together": together,
            "substitute": partial(readers.substitute, self._cls),
        }

    def compiled(self) -> Read:
        """The function."""
        lines = [*self._initial(), *self._attributes(), *self._content()]
        direct = self._readers.lenient or _is_default(self._readers.config.class_factory)
        lines += self._set_fields() if direct and is_made_by_fields(self._cls) else self._call_class()
        exec("\n ".join(["def read(element, following):", *lines]), self._names)  # noqa: S102 - names of fields only
        made: Read = self._names["read"]
        return made

    def _initial(self) -> list[str]:
        values = {
            name: "{}" if held[0].is_attributes else "[]" if held[0].list_element else "None"
            for name, held in self._held.items()
        }
        values |= {var.name: "[]" if var.list_element else "None" for var in self._elements if not var.init}
        return [f"its_{name} = {value}" for name, value in values.items()]

    def _attributes(self) -> list[str]:
        lines = list[str]()
        for number, (name, var) in enumerate(self._meta.attributes.items()):
            lines += [f" elif attribute == {name!r}: {self._take(f'attribute{number}', var)}"]
        lines += [
            " elif attribute == XSI_TYPE and (other := substitute(element, value)):",
            "  return other(element, following)",
        ]
        for number, var in enumerate(self._meta.any_attributes):
            self._names[f"takes{number}"] = var.match_namespace
            lines += [f" elif takes{number}(attribute): its_{var.name}[attribute] = value"]
        if self._readers.config.fail_on_unknown_attributes:
            lines += [" elif attribute[:len(XSI)] != XSI: refuse(element, 'attribute ' + attribute)"]
            self._names["XSI"] = QNames.XSI_TYPE.removesuffix("type")
        lines[0] = lines[0].replace("elif", "if", 1)
        return ["for attribute, value in element.items():", *lines]

    def _content(self) -> list[str]:
        strict = self._readers.config.fail_on_unknown_properties
        skipped = ["if left: skip(element, following)"]
        children = self._children(strict=strict) if strict or self._elements else skipped
        if self._text is None:
            return ["left = len(element)", *children]
        return [
            "value, left = element.text, len(element)",
            "if left:",
            " value = leading_text(element)",
            *(f" {line}" for line in children),
            f"if value is not None: {self._take('text', self._text)}",
        ]

    def _children(self, *, strict: bool) -> list[str]:
        slots: dict[str, Slot] = {}
        lists = {var.name for var in self._elements if var.list_element}
        ways = dict[tuple[str, bool], str]()
        for var in self._elements:
            ways |= self._ways(var)
        numbers = {way: number for number, way in enumerate(ways)}
        takes = [f"if number == {number}{ways[way]}" for way, number in numbers.items()]

        def slots_of(tag: object) -> list[Slot]:
            """The fields for elements of a name, in the order to try them."""
            if not isinstance(tag, str):  # a comment or an instruction
                return []
            namespace = self._meta.namespace
            variables = list(self._meta.find_children(tag))
            reads = [self._readers.slot(var, tag, namespace) for var in variables]
            found = [
                (numbers[var.name, var.is_wildcard and var.name not in lists], read or read_any)
                for var, read in zip(variables, reads, strict=True)
            ]
            if found and reads[0] is not None and is_worth_it(slots, tag):
                slots[tag] = found[0]
            return found

        nowhere: Slot = (-1, read_any)
        rows = {number: name for (name, _), number in numbers.items() if name in lists}

        def row_in(element: Element) -> Row:
            """The elements of one name at the end of many, if a list takes them: how many, and how."""
            tag = str(element[-1].tag)
            if tag not in slots:
                slots_of(tag)
            number, read = slots.get(tag, nowhere)
            if number in rows:
                others = len(element) - count(element, tag)
                if others <= FEW and all(child.tag != tag for child in element[:others]):
                    return len(element) - others, number, read
            return 0, *nowhere

        self._names |= {"slots": slots, "slots_of": slots_of, "nowhere": nowhere, "row_in": row_in}
        leave_out = [
            *(["if isinstance(child.tag, str): refuse(child, 'element ' + child.tag)"] if strict else []),
            "skip(child, following)",
        ]
        next_child = ["while left:", " left -= 1", " child = next(following)"]
        if not takes:
            return [*next_child, *(f" {line}" for line in leave_out)]
        look = ["in_row = -1", f"if left >= {MANY}: row, in_row, read = row_in(element); left -= row"]
        read_row = "[read(child, following) for child in islice(following, row)]"
        return [
            *(look if rows else []),
            *next_child,
            " try: number, read_child = slots[child.tag]",
            " except KeyError: number, read_child = nowhere",
            *(f" {'el' if index else ''}{take}" for index, take in enumerate(takes)),
            " else:",
            "  for number, read_child in slots_of(child.tag):",
            *(f"   {take}; break" for take in takes),
            "  else:",
            *(f"   {line}" for line in leave_out),
            *(f"if in_row == {number}: its_{name} += {read_row}" for number, name in rows.items()),
        ]

    def _ways(self, var: XmlVar) -> dict[tuple[str, bool], str]:
        """The code that puts a child into a field, by the field and whether a wildcard takes the child.

        A second element for a field that holds one goes elsewhere, and behind a wildcard to the first.
        """
        name, value = f"its_{var.name}", "read_child(child, following)"
        if var.list_element:
            return {(var.name, False): f": {name}.append({value})"}
        ways = dict[tuple[str, bool], str]()
        if not var.is_wildcard:
            ways[var.name, False] = f" and {name} is None: {name} = {value}"
        if var.is_wildcard or var.wildcards:
            ways[var.name, True] = f": {name} = together({name}, {value})"
        return ways

    def _take(self, called: str, var: XmlVar) -> str:
        """The code that puts what ``value`` holds into a field, or only looks at it, if that is fixed."""
        if var.init and var.types == (str,) and not var.tokens:
            return f"its_{var.name} = value"
        convert = conversion(var, strict=self._readers.config.fail_on_converter_warnings)
        if var.init:
            self._names[called] = convert
            return f"its_{var.name} = {called}(value, element)"
        self._names[called] = partial(self._check_fixed, var, convert)
        return f"{called}(value, element, following)"

    def _check_fixed(
        self, var: XmlVar, convert: Convert, text: str, element: Element, following: Following
    ) -> None:
        from xsdata.formats.dataclass.parsers.utils import ParserUtils

        try:
            ParserUtils.validate_fixed_value(self._meta, var, convert(text, element))
        except ParserError as error:
            if var.is_attribute:  # nothing inside was looked at yet
                skip(element, following)
            raise unreadable(element, str(error)) from error

    def _set_fields(self) -> list[str]:
        """Code that does what the class's own ``__init__`` would do, without the detour over a dict."""
        lines = ["made = new(cls)"]
        stored = stored_as(self._cls)
        for number, field in enumerate(fields(self._cls)):
            name, its, default = field.name, f"its_{field.name}", default_of(field)
            self._names[f"default{number}"] = default
            held = self._held.get(name)
            if held is None:
                lines += [f"{its} = {f'default{number}()' if default else None}"]
            elif held[0].list_element:
                lines += self._list(
                    held[0], its, f"default{number}()" if default not in {list, tuple} else ""
                )
            elif default and not held[0].is_attributes:
                lines += [f"if {its} is None: {its} = default{number}()"]
            if not self._readers.lenient and name in required_fields(self._cls):
                lines += [f"if {its} is None: refuse(element, {f'no {name}'!r})"]
            lines += [f"made.{stored.get(name, name)} = {its}"]
        return [*lines, "return made"]

    def _list(self, var: XmlVar, its: str, default: str) -> list[str]:
        untyped: Any = var
        return [
            *([f"if not {its}: {its} = {default}"] if default else []),
            *([f"{its} = tuple({its})"] if untyped.factory is tuple else []),
        ]

    def _call_class(self) -> list[str]:
        """Code that leaves it to the class what it makes of its values."""
        factory: Callable[[type[Any], dict[str, Any]], Any] = self._readers.config.class_factory
        tuples = {name for name, held in self._held.items() if cast("Any", held[0]).factory is tuple}
        required = frozenset(required_fields(self._cls))

        def make(element: Element, values: dict[str, Any]) -> Any:
            found: dict[str, Any] = {
                name: tuple(cast("Any", value)) if name in tuples else value
                for name, value in values.items()
                if (value is not None and value not in ([], {})) or (name in required and name in tuples)
            }
            try:
                return factory(self._cls, found)
            except REFUSALS as error:
                raise unreadable(element, str(error)) from error

        self._names["make"] = make
        values = ", ".join(f"{name!r}: its_{name}" for name in self._held)
        return [f"return make(element, {{{values}}})"]

    def _refuse(self, element: Element, what: str) -> None:
        raise unreadable(element, f"{what} in {self._cls.__name__}")
