"""Selectors of XML patch operations (RFC 5261 §4.1, §8): a small part of XPath 1.0, and nothing else of it.

They look like the node selectors of XCAP and are something else: not percent-encoded, with prefixes of the
diff document, tests of child texts, and further last steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from xcap_sdk.protocol.grammar import GrammarError
from xcap_sdk.protocol.steps import MAX_DIGITS, NAME_TEST
from xcap_sdk.protocol.xmltext import NCNAME, QNAME, Expression

_TARGET = rf"""(?:'({NCNAME.pattern})'|"({NCNAME.pattern})")"""
_ID = Expression(rf"id\({_TARGET}\)")
_NODES = Expression(rf"(text|comment)\(\)|processing-instruction\({_TARGET}?\)")
_POSITION = re.compile(r"\[([0-9]+)\]")
# The values are literals of XPath: there is no escaping, so that none holds the quote that it stands in.
_COMPARISON = Expression(
    rf"""\[(?:(@?)({QNAME.pattern})|\.)=(?:'([^'\r\n]*)'|"([^"\r\n]*)")\]""",
)
_NAMESPACE = "namespace::"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A test in brackets: ``[@name='value']``, ``[name='value']`` or ``[.='value']``.

    Attributes:
        name: The attribute's or child element's name as written; None for the element itself.
        is_attribute: Whether it is an attribute's.
        value: The value.
    """

    name: str | None
    is_attribute: bool
    value: str


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step to child elements.

    Attributes:
        name: Their name as written, or ``*``.
        tests: What they have to pass, in this order: a position counts those that passed what stands before.
    """

    name: str
    tests: tuple[int | Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeStep:
    """A last step to texts, comments or instructions.

    Attributes:
        kind: Which of them.
        target: The target that an instruction has to have; None for any.
        position: Which one of those, from 1; None for all.
    """

    kind: Literal["text", "comment", "instruction"]
    target: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class NameStep:
    """A last step to an attribute, ``@name``, or to a namespace declaration, ``namespace::prefix``.

    Attributes:
        name: The attribute's name as written, or the prefix.
        is_namespace: Whether it is a declaration.
    """

    name: str
    is_namespace: bool


LastStep: TypeAlias = NodeStep | NameStep


@dataclass(frozen=True, slots=True)
class PatchPath:
    """A selector, read.

    Attributes:
        id: The ID that it starts from; None if it starts from the document.
        steps: The steps to elements.
        last: The last step, if that is none to an element.
    """

    id: str | None
    steps: tuple[PathStep, ...]
    last: LastStep | None


def read_path(text: str) -> PatchPath:
    """Read a selector.

    Args:
        text: The value of a ``sel``.

    Raises:
        GrammarError: It does not follow RFC 5261 §8.
    """
    position = 1 if text.startswith("/") else 0
    found = _ID.match(text, position)
    start = None
    if found is not None:
        start, position = found[1] or found[2], found.end()
        if position == len(text):
            return PatchPath(start, (), None)
        position = _slash(text, position)
    steps: list[PathStep] = []
    while True:
        last, position = _read_last(text, position)
        if last is not None:
            return PatchPath(start, tuple(steps), last)
        step, position = _read_step(text, position)
        steps.append(step)
        if position == len(text):
            return PatchPath(start, tuple(steps), None)
        position = _slash(text, position)


def read_type(text: str) -> NameStep:
    """Read the ``type`` of an addition (RFC 5261 §4.3): ``@name`` or ``namespace::prefix``.

    Raises:
        GrammarError: It is neither.
    """
    last, _ = _read_last(text, 0)
    if not isinstance(last, NameStep):
        raise GrammarError(text, 0, "'@name' or 'namespace::prefix'")
    return last


def _slash(text: str, position: int) -> int:
    if not text.startswith("/", position):
        raise GrammarError(text, position, "'/', a test in brackets or the end")
    return position + 1


def _read_last(text: str, position: int) -> tuple[LastStep | None, int]:
    """A last step; None if there is none at this position."""
    step: LastStep
    if found := _NODES.match(text, position):
        position = found.end()
        number = None
        if index := _POSITION.match(text, position):
            number, position = _number(text, index), index.end()
        if found[1] == "text":
            step = NodeStep("text", None, number)
        elif found[1] == "comment":
            step = NodeStep("comment", None, number)
        else:
            step = NodeStep("instruction", found[2] or found[3], number)
    elif text.startswith("@", position):
        name = QNAME.match(text, position + 1)
        if name is None:
            raise GrammarError(text, position + 1, "an attribute name")
        step, position = NameStep(name[0], is_namespace=False), name.end()
    elif text.startswith(_NAMESPACE, position):
        prefix = NCNAME.match(text, position + len(_NAMESPACE))
        if prefix is None:
            raise GrammarError(text, position + len(_NAMESPACE), "a prefix")
        step, position = NameStep(prefix[0], is_namespace=True), prefix.end()
    else:
        return None, position
    if position < len(text):
        raise GrammarError(text, position, "the end, as this step can only be the last")
    return step, position


def _read_step(text: str, position: int) -> tuple[PathStep, int]:
    name = NAME_TEST.match(text, position)
    if name is None:
        raise GrammarError(text, position, "a step of RFC 5261 §8, such as a name, '*', '@name' or 'text()'")
    position = name.end()
    tests: list[int | Comparison] = []
    while text.startswith("[", position):
        if found := _POSITION.match(text, position):
            tests.append(_number(text, found))
        elif found := _COMPARISON.match(text, position):
            value = found[3] if found[4] is None else found[4]
            tests.append(Comparison(found[2], bool(found[1]), value))
        else:
            raise GrammarError(text, position, "[position], [@name='value'], [name='value'] or [.='value']")
        position = found.end()
    return PathStep(name[0], tuple(tests)), position


def _number(text: str, found: re.Match[str]) -> int:
    digits = found[1].lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        raise GrammarError(text, found.start() + 1, f"a position of at most {MAX_DIGITS} digits")
    return int(digits)
