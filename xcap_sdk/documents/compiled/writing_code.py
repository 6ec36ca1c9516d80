"""The code of the functions that write, class by class; see `writing` for what it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from xsdata.exceptions import XmlContextError
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.serializers.mixins import EventGenerator

from xcap_sdk.documents.compiled.fields import is_plain, stored_as, uncached
from xcap_sdk.documents.compiled.output import DEEPEST, NO_LEAD, Output
from xcap_sdk.documents.compiled.trees import BLANK
from xcap_sdk.documents.compiled.values import IS_CLEAN, escape_attribute, escape_text, lexical

if TYPE_CHECKING:
    from xcap_sdk.documents.compiled.writing import Writers

_PLAIN_NAME = re.compile(r"(?!xmlns$)[a-z_][\w.-]*", re.ASCII | re.IGNORECASE)

Write: TypeAlias = Callable[[Iterable[Any], str, Output], str]
"""Writes objects of one class, each as an element, behind the white space that is given."""


@dataclass(frozen=True)
class _Element:
    """What the code calls an object, the white space before its element and its tag; what takes the text."""

    value: str
    lead: str
    tag: str
    put: str

    def start(self, attributes: str) -> str:
        return f"{{{self.lead}}}<{{{self.tag}}}{attributes}"

    def written(self, text: str) -> str:
        return self.put.format(f"f'{text}'")


_EACH = _Element("value", "lead", "tag", "parts.append({})")


class WritingCode:
    """Writes the function for one class and name."""

    def __init__(self, writers: Writers, meta: XmlMeta, qname: str) -> None:
        self._writers = writers
        self._meta = meta
        self._numbers = count()
        self._before = list[str]()  # what the code does once, before it goes through the objects
        self._names: dict[str, Any] = {
            "BLANK": BLANK,
            "NO_LEAD": NO_LEAD,
            "escape_attribute": escape_attribute,
            "escape_text": escape_text,
            "lexical": lexical,
            "qname": qname,
        }

    def compiled(self) -> Write:
        """The function."""
        element = self._elements() if _contents(self._meta) else self._leaf(self._meta, _EACH)
        lines = [
            "tag = output.tags.get(qname) or output.names.element(qname)",
            *self._before,
            "parts = []",
            "for value in values:",
            *_indented(element),
            "return ''.join(parts)",
        ]
        exec("\n".join(["def write(values, lead, output):", *_indented(lines)]), self._names)  # noqa: S102 - names of fields, and plain ones of attributes
        made: Write = self._names["write"]
        return made

    def _attributes(self, meta: XmlMeta, value: str) -> tuple[list[str], str]:
        """Code that makes the attributes of an object, and what stands for them in the start tag."""
        lines, shown = list[str](), ""
        for qname, var in meta.attributes.items():
            is_plain_name = _PLAIN_NAME.fullmatch(qname)
            name = qname if is_plain_name else f"{{output.names.attribute({self._named(qname)})}}"
            written = f"written{next(self._numbers)}"
            shown += f"{{{written}}}"
            lines += [
                f"{written} = ''",
                _item(meta, var, value),
                "if item not in (None, [], ()):" if var.tokens else "if item is not None:",
                *_indented(self._escaped(var, "escape_attribute")),
                f" {written} = f' {name}=\"{{text}}\"'",
            ]
        for var in meta.any_attributes:
            declared = self._named({qname: _holder(meta, each) for qname, each in meta.attributes.items()})
            written = f"written{next(self._numbers)}"
            shown += f"{{{written}}}"
            lines += [
                _item(meta, var, value),
                f"{written} = output.attributes(item, {declared}, {value}) if item else ''",
            ]
        return lines, shown

    def _escaped(self, var: XmlVar, escape: str) -> list[str]:
        """Code that makes ``text`` of ``item``, the quickest way for what it mostly is."""
        kind = var.types[0]
        lines = [f"if item.__class__ is str: text = item if {IS_CLEAN[escape]} else {escape}(item)"]
        if kind is bool:
            lines = ["if item is True: text = 'true'", "elif item is False: text = 'false'"]
        elif issubclass(kind, Enum) and all(map(_is_clean, kind)):
            lines = [f"if item.__class__ is {self._named(kind)}: text = item._value_"]
        return [*lines, f"else: text = {escape}(lexical(item, {self._named(var)}))"]

    def _named(self, value: object) -> str:
        """A name for a value in the code."""
        name = f"named{len(self._names)}"
        self._names[name] = value
        return name

    def _leaf(self, meta: XmlMeta, element: _Element) -> list[str]:
        """Code for an element which is but attributes and text."""
        lines, attributes = self._attributes(meta, element.value)
        start = element.start(attributes)
        empty = element.written(f"{start}/>")
        if meta.text is None:
            return [*lines, empty]
        return [
            *lines,
            _item(meta, meta.text, element.value),
            *self._escaped(meta.text, "escape_text"),
            f"if text: {element.written(f'{start}>{{text}}</{{{element.tag}}}>')}",
            f"else: {empty}",
        ]

    def _elements(self) -> list[str]:
        contents, text = _contents(self._meta), self._meta.text
        self._before += ["inner = lead + output.unit", f"deep = len(lead) > {DEEPEST}"]
        lines, attributes = self._attributes(self._meta, _EACH.value)
        start = _EACH.start(attributes)
        lines += ["inside = ''"]
        if any(var.sequence is not None for var in contents):  # elements of several fields alternate
            lines += self._in_turn(contents)
        else:
            for var in contents:
                lines += self._field(var)
        if text is not None:
            lines += [_item(self._meta, text, _EACH.value), *self._escaped(text, "escape_text")]
            lines += ["if inside and text.strip(BLANK): inside = text + NO_LEAD + inside"]
        lines += [
            "if inside:",
            " if deep: output.check(lead)",
            f" {_EACH.written(f'{start}>{{inside}}{{lead}}</{{tag}}>')}",
        ]
        if text is not None:
            lines += [f"elif text: {_EACH.written(f'{start}>{{text}}</{{tag}}>')}"]
        return [*lines, f"else: {_EACH.written(f'{start}/>')}"]

    def _field(self, var: XmlVar) -> list[str]:
        writers: dict[type, Write] = {}
        children = self._named(self._writers.children(var, self._meta.namespace, writers))
        item = _item(self._meta, var, _EACH.value)
        if var.tokens:
            return [item, f"if item is not None: inside += {children}((item,), inner, output)"]
        put = f"inside += {children}(item, inner, output)"
        if var.list_element:
            return [item, f"if item: {put}"]
        leaf = self._leaf_of(var)
        if leaf is not None:
            quick = [
                f"if item.__class__ is {self._named(leaf.clazz)}:",
                *_indented(self._in_place(leaf, var.qname)),
            ]
        else:
            quick = [
                f"write = {self._named(writers)}.get(item.__class__)",
                "if write is not None: inside += write((item,), inner, output)",
            ]
        return [item, "if item is not None:", *_indented([*quick, f"else: {put}"])]

    def _leaf_of(self, var: XmlVar) -> XmlMeta | None:
        """The class of a field, if its elements are but attributes and text.

        What is found of a class that was not met is not kept: one that states no namespace is in that of the
        first element that one of it is met in, which may be another one.
        """
        if not var.is_element or var.clazz is None:
            return None
        context = self._writers.context
        try:
            meta = context.cache.get(var.clazz) or uncached(context, var.clazz, self._meta.namespace)
        except XmlContextError:  # which is for those to know who have such an object
            return None
        return meta if is_plain(meta) and not _contents(meta) else None

    def _in_place(self, meta: XmlMeta, qname: str) -> list[str]:
        """Code that writes the child ``item`` without a call."""
        tag = f"tag{next(self._numbers)}"
        self._before += [f"{tag} = None"]
        return [
            "child = item",
            f"if {tag} is None: {tag} = output.names.element({self._named(qname)})",
            *self._leaf(meta, _Element("child", "inner", tag, "inside += {}")),
        ]

    def _in_turn(self, contents: list[XmlVar]) -> list[str]:
        writers = {var.name: self._writers.children(var, self._meta.namespace, {}) for var in contents}

        def children(value: Any, inner: str, output: Output) -> str:
            return "".join(
                [
                    writers[var.name]((item,) if var.tokens else item, inner, output)
                    for var, item in EventGenerator.next_value(value, self._meta)
                    if not var.is_text
                ]
            )

        return [f"inside = {self._named(children)}(value, inner, output)"]


def _item(meta: XmlMeta, var: XmlVar, value: str) -> str:
    return f"item = {value}.{_holder(meta, var)}"


def _holder(meta: XmlMeta, var: XmlVar) -> str:
    """The attribute of the objects that holds the value of a field."""
    return stored_as(cast("type[Any]", meta.clazz)).get(var.name, var.name)


def _is_clean(member: Enum) -> bool:
    """Whether the value of a member is text that needs no escaping."""
    return type(member.value) is str and re.fullmatch(r"[\w.-]+", member.value) is not None


def _contents(meta: XmlMeta) -> list[XmlVar]:
    return [var for var in meta.get_element_vars() if not var.is_text]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f" {line}" for line in lines]
