"""Permissions as plain attributes of a rule: descriptors over what stands behind its wildcards.

Reading gives None, or False for what is there or not, where the rule does not say anything. Writing makes what is
missing; None, or False for what is there or not, takes the element out.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, overload

from .enum_texts import GeoprivText, SubHandlingText, UserInputText
from .wildcards import Element, drop, find, load, put

if TYPE_CHECKING:
    from typing import Self

    from xcap_documents.oma_pres_rules import Geopriv
    from xcap_documents.pres_rules import SubHandling, UserInput

E = TypeVar("E", bound=Enum)
W = TypeVar("W", bound=str)


class Permission(Element):
    """An element that says true or false; None where it is missing, or says neither."""

    @overload
    def __get__(self, rule: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, rule: object, owner: type[Any]) -> bool | None: ...
    def __get__(self, rule: object | None, owner: type[Any]) -> Self | bool | None:
        if rule is None:
            return self
        found = find(rule, self._part, self._class())
        return found.value if found is not None and isinstance(found.value, bool) else None

    def __set__(self, rule: Any, value: bool | None) -> None:
        if value is None:
            drop(rule, self._part, self._class())
        elif isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance] - "false" would be true
            put(rule, self._part, self._class()(value=value))
        else:
            raise TypeError(f"{self._name} takes True, False or None, not {value!r}")


class Presence(Element):
    """An element that says what it says by being there."""

    @overload
    def __get__(self, rule: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, rule: object, owner: type[Any]) -> bool: ...
    def __get__(self, rule: object | None, owner: type[Any]) -> Self | bool:
        return self if rule is None else find(rule, self._part, self._class()) is not None

    def __set__(self, rule: Any, value: bool) -> None:
        if not value:
            drop(rule, self._part, self._class())
        elif find(rule, self._part, self._class()) is None:
            put(rule, self._part, self._class()())


class Text(Element):
    """An element that holds a text; None where it is missing. Of several it shows the first."""

    @overload
    def __get__(self, rule: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, rule: object, owner: type[Any]) -> str | None: ...
    def __get__(self, rule: object | None, owner: type[Any]) -> Self | str | None:
        if rule is None:
            return self
        found = find(rule, self._part, self._class())
        return None if found is None else found.value

    def __set__(self, rule: Any, value: str | None) -> None:
        if value is None:
            drop(rule, self._part, self._class())
        elif isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - from untyped code
            put(rule, self._part, self._class()(value=value))
        else:
            raise TypeError(f"{self._name} takes a text or None, not {value!r}")


class Number(Element):
    """An element that holds a whole number; None where it is missing, or holds something else."""

    @overload
    def __get__(self, rule: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, rule: object, owner: type[Any]) -> int | None: ...
    def __get__(self, rule: object | None, owner: type[Any]) -> Self | int | None:
        if rule is None:
            return self
        found = find(rule, self._part, self._class())
        return found.value if found is not None and isinstance(found.value, int) else None

    def __set__(self, rule: Any, value: int | None) -> None:
        if value is None:
            drop(rule, self._part, self._class())
        elif isinstance(value, int) and not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance] - same
            put(rule, self._part, self._class()(value=value))
        else:
            raise TypeError(f"{self._name} takes a whole number or None, not {value!r}")


class Words(Text):
    """A text for people, whose language stays when another text is set."""

    def __set__(self, rule: Any, value: str | None) -> None:
        found = find(rule, self._part, self._class())
        if found is not None and isinstance(value, str):
            found.value = value
        else:
            super().__set__(rule, value)


class Seconds(Number):
    """A number of seconds."""

    def __set__(self, rule: Any, value: int | None) -> None:
        if isinstance(value, int) and value < 0:
            raise ValueError(f"{self._name} takes a number of seconds from 0 on, not {value!r}")
        super().__set__(rule, value)


class Choice(Element, Generic[E, W]):
    """An element that holds one of several values; None where it is missing, or holds something else.

    It takes a member of an enum, or its text, which type checkers know. Each enum has a subclass, as an attribute's
    annotation must not name what is only imported for type checkers.
    """

    _values: ClassVar[str]

    @overload
    def __get__(self, rule: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, rule: object, owner: type[Any]) -> E | None: ...
    def __get__(self, rule: object | None, owner: type[Any]) -> Self | E | None:
        if rule is None:
            return self
        found = find(rule, self._part, self._class())
        return cast("E", found.value) if found is not None and isinstance(found.value, Enum) else None

    def __set__(self, rule: Any, value: E | W | None) -> None:
        if value is None:
            drop(rule, self._part, self._class())
            return
        values = load(self._module, self._values)
        try:
            chosen = values(value)
        except ValueError:
            allowed = ", ".join(repr(each.value) for each in values)
            raise ValueError(f"{self._name} is one of {allowed}, not {value!r}") from None
        put(rule, self._part, self._class()(value=chosen))


class SubHandlingChoice(Choice["SubHandling", SubHandlingText]):
    """Takes a `SubHandling`, or its text."""

    _values = "SubHandling"


class UserInputChoice(Choice["UserInput", UserInputText]):
    """Takes a `UserInput`, or its text."""

    _values = "UserInput"


class GeoprivChoice(Choice["Geopriv", GeoprivText]):
    """Takes a `Geopriv`, or its text."""

    _values = "Geopriv"
