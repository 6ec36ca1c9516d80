"""The code of the functions that write, class by class; see `writing` for what it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.formats.dataclass.serializers.mixins import EventGenerator

from xcap_sdk.documents.compiled.fields import is_model, kind, stored_as
from xcap_sdk.documents.compiled.output import DEEPEST, NO_LEAD, Output
from xcap_sdk.documents.compiled.trees import BLANK
from xcap_sdk.documents.compiled.values import IS_CLEAN, escape_attribute, escape_text, lexical

if TYPE_CHECKING:
    from xcap_sdk.documents.compiled.writing import Writers

Write: TypeAlias = Callable[[Any, str, Output], str]


def several(item: Any) -> Sequence[Any]:
    """The values in a field: a date is a named tuple, and no several values."""
    if isinstance(item, list) or type(item) is tuple:
        return cast("Sequence[Any]", item)
    if isinstance(item, AnyElement) and not item.qname:
        return item.children
    return () if item is None else (item,)


class WritingCode:
    """Writes the function for one class and name."""

    def __init__(self, writers: Writers, meta: XmlMeta, qname: str) -> None:
        self._writers = writers
        self._meta = meta
        self._stored = stored_as(cast("type[Any]", meta.clazz))
        self._contents = [var for var in meta.get_element_vars() if not var.is_text]
        self._written = list[str]()  # what stands for the attributes in the code
        self._names: dict[str, Any] = {
            "BLANK": BLANK,
            "NO_LEAD": NO_LEAD,
            "declared": frozenset(meta.attributes),
            "escape_attribute": escape_attribute,
            "escape_text": escape_text,
            "lexical": lexical,
            "qname": qname,
            "several": several,
        }

    def compiled(self) -> Write:
        """The function."""
        lines = [
            "try: tag = output.tags[qname]",
            "except KeyError: tag = output.names.element(qname)",
            *self._attributes(),
        ]
        lines += self._elements() if self._contents else self._leaf()
        exec("\n ".join(["def write(value, lead, output):", *lines]), self._names)  # noqa: S102 - names of fields only
        made: Write = self._names["write"]
        return made

    def _item(self, var: XmlVar) -> str:
        return f"item = value.{self._stored.get(var.name, var.name)}"

    def _attributes(self) -> list[str]:
        lines = list[str]()
        for qname, var in self._meta.attributes.items():
            name = f"{{output.names.attribute({self._named(qname)})}}" if qname.startswith("{") else qname
            written = f"written{len(self._written)}"
            self._written += [f"{{{written}}}"]
            lines += [
                f"{written} = ''",
                self._item(var),
                "if item is not None and item != []:" if var.tokens else "if item is not None:",
                *(f" {line}" for line in self._escaped(var, "escape_attribute")),
                f" {written} = f' {name}=\"{{text}}\"'",
            ]
        for var in self._meta.any_attributes:
            written = f"written{len(self._written)}"
            self._written += [f"{{{written}}}"]
            lines += [self._item(var), f"{written} = output.attributes(item, declared) if item else ''"]
        return lines

    def _returning(self, content: str) -> str:
        """Code that gives the element with its content; its start tag is open yet."""
        return f"return f'{{lead}}<{{tag}}{''.join(self._written)}{content}'"

    def _escaped(self, var: XmlVar, escape: str) -> list[str]:
        """Code that makes ``text`` of ``item``, the quickest way for what it mostly is."""
        kind = var.types[0]
        lines = [f"if item.__class__ is str: text = item if {IS_CLEAN[escape]} else {escape}(item)"]
        if kind is bool:
            lines = ["if item is True: text = 'true'", "elif item is False: text = 'false'"]
        elif issubclass(kind, Enum) and all(re.fullmatch(r"[\w.-]+", str(member.value)) for member in kind):
            lines = [f"if item.__class__ is {self._named(kind)}: text = str(item._value_)"]
        return [*lines, f"else: text = {escape}(lexical(item, {self._named(var)}))"]

    def _named(self, value: object) -> str:
        """A name for a value in the code."""
        name = f"named{len(self._names)}"
        self._names[name] = value
        return name

    def _leaf(self) -> list[str]:
        text = self._meta.text
        if text is None:
            return [self._returning("/>")]
        return [self._item(text), *self._escaped(text, "escape_text"), *self._text_alone()]

    def _text_alone(self) -> list[str]:
        return [f"if text: {self._returning('>{text}</{tag}>')}", self._returning("/>")]

    def _elements(self) -> list[str]:
        lines = ["inner = lead + output.unit", "inside = ''"]
        if any(var.sequence is not None for var in self._contents):  # elements of several fields alternate
            lines += self._in_turn()
        else:
            for var in self._contents:
                lines += self._field(var)
        if self._meta.text is not None:
            lines += [self._item(self._meta.text), *self._escaped(self._meta.text, "escape_text")]
            lines += ["if not inside:", *(f" {line}" for line in self._text_alone())]
            lines += ["if text.strip(BLANK): inside = text + NO_LEAD + inside"]
        return [
            *lines,
            f"if not inside: {self._returning('/>')}",
            f"if len(lead) > {DEEPEST}: output.check(lead)",
            self._returning(">{inside}{lead}</{tag}>"),
        ]

    def _field(self, var: XmlVar) -> list[str]:
        writers: dict[type, Write] = {}

        def writer_of(value: Any) -> Write:
            write = self._writers.child(var, value, self._meta.namespace)
            if is_model(value) or var.is_element:
                writers[kind(value)] = write  # else it may depend on the value
            return write

        known, find = self._named(writers), self._named(writer_of)
        write = f"({known}.get(item.__class__) or {find}(item))(item, inner, output)"
        if var.tokens:
            return [self._item(var), f"if item is not None: inside += {write}"]
        joined = f"inside += ''.join([{write} for item in several(item)])"
        if var.list_element:
            return [self._item(var), f"if item: {joined}"]
        return [
            self._item(var),
            "if item is not None:",
            f" write = {known}.get(item.__class__)",
            " if write is not None: inside += write(item, inner, output)",
            f" else: {joined}",
        ]

    def _in_turn(self) -> list[str]:
        def children(value: Any, inner: str, output: Output) -> str:
            child, namespace = self._writers.child, self._meta.namespace
            return "".join(
                child(var, each, namespace)(each, inner, output)
                for var, item in EventGenerator.next_value(value, self._meta)
                if not var.is_text
                for each in ((item,) if var.tokens else several(item))
            )

        self._names["children"] = children
        return ["inside += children(value, inner, output)"]
