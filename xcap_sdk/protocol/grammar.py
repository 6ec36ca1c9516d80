"""The grammar of node selectors (RFC 4825 §6.3) in their decoded form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from xcap_sdk.protocol.steps import MAX_DIGITS, NAME_TEST, NAMESPACES, AttributeStep, NamespaceStep, Step
from xcap_sdk.protocol.wording import shown
from xcap_sdk.protocol.xmltext import QNAME, Expression, MalformedValueError, unescape_value
from xcap_sdk.protocol.xpointer import read_binding, split_parts

_POSITION = re.compile(r"\[([0-9]+)\]")
_DECODED = " in decoded form (percent-encoding is added when the URI is written)"
_TEST = Expression(rf"\[@({QNAME.pattern})=")


class GrammarError(ValueError):
    """Text that is not what the grammar has.

    Attributes:
        text: All of the text.
        position: Where in it, from 0.
        expected: What should be there.
    """

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.text = text
        self.position = position
        self.expected = expected
        found = repr(text[position : position + 12]) if position < len(text) else "the end"
        super().__init__(f"{shown(text)}, character {position + 1}: expected {expected}, found {found}")


@dataclass(slots=True)
class Reading:
    """What has been read of a selector.

    Attributes:
        steps: The element steps.
        terminal: The last step, if it selects an attribute or the namespace bindings.
        bindings: The bindings in the text itself, by prefix.
    """

    steps: list[Step] = field(default_factory=list[Step])
    terminal: AttributeStep | NamespaceStep | None = None
    bindings: dict[str, str] = field(default_factory=dict[str, str])


def read_selector(text: str) -> Reading:
    """Read a whole selector, with the bindings behind it if there are any.

    Args:
        text: The selector, decoded: steps, perhaps followed by ``?`` and ``xmlns()`` parts.

    Returns:
        What it says.

    Raises:
        GrammarError: The text does not follow the grammar.
    """
    reading = Reading()
    position = _read_segment(reading, text, 0)
    while text.startswith("/", position):
        position = _read_segment(reading, text, position + 1)
    if text.startswith("?", position):
        reading.bindings = _read_bindings(text, position + 1)
    elif position < len(text):
        raise GrammarError(text, position, _instead_of_rest(reading, text[position]))
    return reading


def read_segments(segments: Iterable[str]) -> Reading:
    """Read a selector whose segments are known already, as those of a URI are.

    Args:
        segments: The segments, decoded one by one.

    Returns:
        What they say.

    Raises:
        GrammarError: A segment is no step; its text is that of the segment.
    """
    reading = Reading()
    for text in segments:
        position = _read_segment(reading, text, 0)
        if position < len(text):
            raise GrammarError(text, position, "the end of the step")
    return reading


def _read_segment(reading: Reading, text: str, position: int) -> int:
    if reading.terminal is not None:
        raise GrammarError(text, position, f"nothing behind {str(reading.terminal)!r}")
    if reading.steps and text.startswith(NAMESPACES, position):
        reading.terminal = NamespaceStep()
        return position + len(NAMESPACES)
    if reading.steps and text.startswith("@", position):
        name = QNAME.match(text, position + 1)
        if name is None:
            raise GrammarError(text, position + 1, "an attribute name")
        reading.terminal = AttributeStep(name[0])
        return name.end()
    step, position = _read_step(text, position, _alternatives(reading))
    reading.steps.append(step)
    return position


def _read_step(text: str, position: int, alternatives: str) -> tuple[Step, int]:
    name = NAME_TEST.match(text, position)
    if name is None:
        raise GrammarError(text, position, _instead_of_name(text, position, alternatives))
    position = name.end()
    number = None
    if index := _POSITION.match(text, position):
        digits = index[1].lstrip("0") or "0"
        if len(digits) > MAX_DIGITS:
            raise GrammarError(text, position + 1, f"a position of at most {MAX_DIGITS} digits")
        number, position = int(digits), index.end()
    attribute = None
    if test := _TEST.match(text, position):
        value, position = _read_value(text, test.end())
        attribute = (test[1], value)
        if not text.startswith("]", position):
            raise GrammarError(text, position, "']' behind the value")
        position += 1
    if text.startswith("[", position):
        raise GrammarError(text, position, _instead_of_predicate(number, attribute))
    return Step(name[0], number, attribute), position


def _read_value(text: str, position: int) -> tuple[str, int]:
    delimiter = text[position : position + 1]
    if delimiter not in {'"', "'"}:
        raise GrammarError(text, position, "a value in quotation marks or apostrophes")
    end = text.find(delimiter, position + 1)
    if end < 0:
        raise GrammarError(text, len(text), f"the closing {delimiter} of the value")
    try:
        return unescape_value(text[position + 1 : end]), end + 1
    except MalformedValueError as error:
        raise GrammarError(text, position + 1 + error.position, f"{error.expected} in the value") from error


def _read_bindings(text: str, position: int) -> dict[str, str]:
    parts, end = split_parts(text[position:])
    bindings = [read_binding(data) if scheme == "xmlns" else None for scheme, data in parts]
    if not bindings or not all(bindings) or position + end < len(text):
        raise GrammarError(text, position, "xmlns(prefix=namespace) parts and nothing else")
    return dict(binding for binding in bindings if binding)


def _alternatives(reading: Reading) -> str:
    return (
        "an element name, '*', '@name' or 'namespace::*'"
        if reading.steps
        else "the root element's name or '*'"
    )


def _instead_of_name(text: str, position: int, alternatives: str) -> str:
    if text.startswith("/", position):
        return f"{alternatives}, {'without a slash before it' if position == 0 else 'behind a single slash'}"
    if text.startswith("%", position):
        return alternatives + _DECODED
    return alternatives


def _instead_of_predicate(number: int | None, attribute: tuple[str, str] | None) -> str:
    if attribute is not None:
        return "no more than one position and one attribute test, in this order"
    return '[@name="value"]' if number is not None else '[position] or [@name="value"]'


def _instead_of_rest(reading: Reading, found: str) -> str:
    if reading.terminal is not None:
        return f"nothing behind {str(reading.terminal)!r}"
    return "'/', '[' or the end" + (_DECODED if found == "%" else "")
