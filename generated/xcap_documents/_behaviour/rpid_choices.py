"""Rich presence that is one name out of several (RFC 4480), and what a place is like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from .extensions import HoldsExtensions
from .rpid import OTHER, Rich, unknown_name, values_of
from .wildcards import load

if TYPE_CHECKING:
    from typing import Self

    from .rpid_names import Delivery, Light, Relation, Role, Sounds, Typing

N = TypeVar("N", bound=str)


class OneName(Generic[N]):
    """An element that holds one of several empty elements: the name of that; None where it is missing or foreign.

    Setting it keeps the notes of the element; None takes the element out. Each kind has a subclass, as an
    attribute's annotation must not name what is only imported for type checkers.

    Args:
        kind: The name of the element's class.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._name = kind

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, holder: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, holder: HoldsExtensions, owner: type[Any]) -> N | None: ...
    def __get__(self, holder: HoldsExtensions | None, owner: type[Any]) -> Self | N | None:
        if holder is None:
            return self
        element: Any = holder.find(self._class())
        items: list[Any] = [] if element is None else element.items
        named = ((name, item) for item in items[:1] for name, kind in self._kinds().items() if isinstance(item, kind))
        return cast("N | None", next((name for name, _ in named), None))

    def __set__(self, holder: HoldsExtensions, value: N | None) -> None:
        if value is None:
            holder.drop(self._class())
            return
        kind = self._kinds().get(value)
        if kind is None:
            raise unknown_name(self._name, value, self._kinds())
        element: Any = holder.find(self._class())
        if element is None:
            holder.put(self._class()(items=[kind()]))
        elif [type(item) for item in element.items] != [kind]:
            element.items[:] = [kind()]

    def __delete__(self, holder: HoldsExtensions) -> None:
        holder.drop(self._class())

    def _class(self) -> Any:
        return load("rpid", self._kind)

    def _kinds(self) -> dict[str, type[Any]]:
        other = {OTHER: load("rpid", "RpidNote")} if self._kind == "Relationship" else {}
        return values_of(self._class()) | other


class RelationshipName(OneName["Relation"]):
    """How the one who is reached is related to the entity."""


class ServiceClassName(OneName["Delivery"]):
    """How a service delivers."""


class SphereName(OneName["Role"]):
    """In which role a person acts."""


class _Aspect(Generic[N]):
    """What a place is like in one respect; None where that is not said."""

    def __init__(self, field: str, kind: str) -> None:
        self._field = field
        self._kind = kind

    @overload
    def __get__(self, place: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, place: PlaceProperties, owner: type[Any]) -> N | None: ...
    def __get__(self, place: PlaceProperties | None, owner: type[Any]) -> Self | N | None:
        if place is None:
            return self
        found = getattr(place.element, self._field, None)
        value = None if found is None else found.value
        return cast("N | None", next((name for name, kind in self._kinds().items() if isinstance(value, kind)), None))

    def __set__(self, place: PlaceProperties, value: N | None) -> None:
        place._set(self._field, None if value is None else self._made(value))  # pyright: ignore[reportPrivateUsage]

    def _made(self, value: str) -> Any:
        kind = self._kinds().get(value)
        if kind is None:
            raise unknown_name(f"{self._field} of place_is", value, self._kinds())
        return load("rpid", self._kind)(value=kind())

    def _kinds(self) -> dict[str, type[Any]]:
        return values_of(load("rpid", self._kind), "value")


class _Sounds(_Aspect["Sounds"]):
    pass


class _Light(_Aspect["Light"]):
    pass


class _Typing(_Aspect["Typing"]):
    pass


class PlaceProperties(Rich):
    """What the place of a person is like for communication (RFC 4480 §3.5)."""

    __slots__ = ()

    _kind = "PlaceIs"

    audio: _Sounds = _Sounds("audio", "PlaceIsAudio")
    """What it is like for talking: "noisy", "ok", "quiet" or "unknown"; None if that is not said."""
    video: _Light = _Light("video", "PlaceIsVideo")
    """What it is like for video: "toobright", "ok", "dark" or "unknown"; None if that is not said."""
    text: _Typing = _Typing("text", "PlaceIsText")
    """What it is like for text: "uncomfortable", "inappropriate", "ok", "unknown"; None if that is not said."""

    def __repr__(self) -> str:
        said = f"audio={self.audio!r}, video={self.video!r}, text={self.text!r}" if self.said else "not said"
        return f"<PlaceIs: {said}>"

    def _set(self, field: str, value: Any) -> None:
        if value is not None:
            setattr(self._made(), field, value)
        elif self.said:
            setattr(self.element, field, None)
            self._tidy()
