"""The steps of a node selector (RFC 4825 §6.3) as values, and what can be wrong with a selector."""

from __future__ import annotations

from dataclasses import dataclass

from xcap_sdk.errors import InvalidSelector
from xcap_sdk.protocol.wording import shown
from xcap_sdk.protocol.xmltext import QNAME, Expression, forbidden_character, quote_value

NAME_TEST = Expression(rf"\*|{QNAME.pattern}")

NAMESPACES = "namespace::*"
"""The last step that selects the namespace bindings in scope, as written."""

MAX_DIGITS = 18
"""Digits that a position may have; beyond it no document has elements, and really long ones int() refuses."""


class UnknownExtension(InvalidSelector):
    """A selector from the wire with a step that is no core grammar: an unknown extension, 404 (§6.3, §8).

    Attributes:
        step: The step, decoded.
    """

    def __init__(self, message: str, *, step: str) -> None:
        super().__init__(message)
        self.step = step


class UnboundPrefix(InvalidSelector):
    """A selector that uses a prefix which its query does not bind: to a server 400 (§8).

    Attributes:
        prefixes: The prefixes without binding, in the order of use.
    """

    def __init__(self, message: str, *, prefixes: tuple[str, ...]) -> None:
        super().__init__(message)
        self.prefixes = prefixes


@dataclass(frozen=True, slots=True)
class Step:
    """One element step: a name, perhaps a position, perhaps a test of one attribute.

    Attributes:
        name: The element's name as written, with or without prefix, or ``*`` for any element.
        position: Among the element's siblings that fit the name, from 1; 0 is grammatical but fits nothing.
        attribute: Name (as written) and value (unescaped) of the attribute that the element must have; the
            position is taken first.

    Raises:
        InvalidSelector: A name is no XML name, the position is negative, or the value holds what XML forbids.
    """

    name: str
    position: int | None = None
    attribute: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if NAME_TEST.fullmatch(self.name) is None:
            raise InvalidSelector(
                f"{shown(self.name)} is no element name: expected a name, prefix:name or '*'; a position and "
                f"an attribute test are given apart (position=2, where=('name', 'value'))"
            )
        if self.position is not None and not 0 <= self.position < 10**MAX_DIGITS:
            raise InvalidSelector(
                f"the position of {self.name!r} is negative or has over {MAX_DIGITS} digits"
            )
        if self.attribute is not None:
            name, value = self.attribute
            _check_attribute_name(name)
            forbidden = forbidden_character(value)
            if forbidden is not None:
                raise InvalidSelector(
                    f"the value {shown(value)} for @{name} has {value[forbidden]!r} as character "
                    f"{forbidden + 1}, which no XML document can hold"
                )

    def __str__(self) -> str:
        position = "" if self.position is None else f"[{self.position}]"
        test = "" if self.attribute is None else f"[@{self.attribute[0]}={quote_value(self.attribute[1])}]"
        return f"{self.name}{position}{test}"


@dataclass(frozen=True, slots=True)
class AttributeStep:
    """The last step of a selector that selects an attribute: ``@name``.

    Attributes:
        name: The attribute's name as written, with or without prefix.

    Raises:
        InvalidSelector: The name is no XML name.
    """

    name: str

    def __post_init__(self) -> None:
        _check_attribute_name(self.name)

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class NamespaceStep:
    """The last step of a selector that selects the namespace bindings in scope: ``namespace::*``."""

    def __str__(self) -> str:
        return NAMESPACES


def _check_attribute_name(name: str) -> None:
    if QNAME.fullmatch(name) is None:
        raise InvalidSelector(
            f"{shown(name)} is no attribute name: expected a name or prefix:name, without '@'"
        )
