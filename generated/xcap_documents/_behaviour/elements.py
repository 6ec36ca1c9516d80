"""Whole elements behind a wildcard as plain attributes: descriptors that find, put and drop them.

Reading gives None where the element is missing; setting None takes it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .wildcards import Element, drop, find, put

if TYPE_CHECKING:
    from typing import Self

    from xcap_documents.common_policy import Ruleset
    from xcap_documents.oma_appusage import AppUsages
    from xcap_documents.oma_uriusage import UriUsages
    from xcap_documents.xdm_extensions import AgeRestrictions, MediaList, Qoe, ServiceList, SessionActivePolicy

T = TypeVar("T")


class Content(Element, Generic[T]):
    """An element as it is; each class has a subclass here, as a `Choice` has one for each enum."""

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type[Any]) -> T | None: ...
    def __get__(self, owner: object | None, kind: type[Any]) -> Self | T | None:
        return self if owner is None else find(owner, self._part, self._class())

    def __set__(self, owner: Any, value: T | None) -> None:
        if value is None:
            drop(owner, self._part, self._class())
        elif isinstance(value, self._class()):
            put(owner, self._part, value)
        else:
            raise TypeError(f"{self._name} takes {self._kind} or None, not {value!r}")


class RulesetContent(Content["Ruleset"]):
    """Takes a `Ruleset`."""


class AgeRestrictionsContent(Content["AgeRestrictions"]):
    """Takes `AgeRestrictions`."""


class QoeContent(Content["Qoe"]):
    """Takes a `Qoe`."""


class SessionActivePolicyContent(Content["SessionActivePolicy"]):
    """Takes a `SessionActivePolicy`."""


class MediaListContent(Content["MediaList"]):
    """Takes a `MediaList`."""


class ServiceListContent(Content["ServiceList"]):
    """Takes a `ServiceList`."""


class UriUsagesContent(Content["UriUsages"]):
    """Takes `UriUsages`."""


class AppUsagesContent(Content["AppUsages"]):
    """Takes `AppUsages`."""


class Text(Element):
    """The text of an element; setting it keeps the language that the element has."""

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type[Any]) -> str | None: ...
    def __get__(self, owner: object | None, kind: type[Any]) -> Self | str | None:
        if owner is None:
            return self
        found = find(owner, self._part, self._class())
        return None if found is None else found.value

    def __set__(self, owner: Any, value: str | None) -> None:
        found = find(owner, self._part, self._class())
        if value is None:
            drop(owner, self._part, self._class())
        elif found is None:
            put(owner, self._part, self._class()(value=value))
        else:
            found.value = value


class Allowance(Element):
    """An element that says in an attribute whether something is allowed; setting it keeps its content."""

    @overload
    def __get__(self, owner: None, kind: type[Any]) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type[Any]) -> bool | None: ...
    def __get__(self, owner: object | None, kind: type[Any]) -> Self | bool | None:
        if owner is None:
            return self
        found = find(owner, self._part, self._class())
        return found.allow if found is not None and isinstance(found.allow, bool) else None

    def __set__(self, owner: Any, value: bool | None) -> None:
        if value is not None and not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance] - "false" would be true
            raise TypeError(f"{self._name} takes True, False or None, not {value!r}")
        found = find(owner, self._part, self._class())
        if value is None:
            drop(owner, self._part, self._class())
        elif found is None:
            put(owner, self._part, self._class()(allow=value))
        else:
            found.allow = value
