"""Rich presence that is several names at a time (RFC 4480): activities, moods, kinds of places, media."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast, get_args

from .rpid import UNKNOWN, Names, unknown_name

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from .rpid_names import Activity, Feeling, Medium, Place

LOCATION_TYPES = "urn:ietf:params:xml:ns:location-type"


class ActivityNames(Names["Activity"]):
    """What a person is doing; several at a time (RFC 4480 §3.2)."""

    __slots__ = ()

    _kind = "Activities"


class MoodNames(Names["Feeling"]):
    """How a person feels; several at a time (RFC 4480 §3.4)."""

    __slots__ = ()

    _kind = "Mood"
    _blank = UNKNOWN


class PrivacyNames(Names["Medium"]):
    """Which media others are unlikely to overhear (RFC 4480 §3.7); in the order that the schema asks for."""

    __slots__ = ()

    _kind = "Privacy"

    def _place(self, items: list[Any], element: Any) -> int:
        if self._is_foreign(element):
            return len(items)
        order = list(self._names())
        rank = order.index(cast("str", self._name(element)))
        names = [self._name(item) for item in items]
        return sum(name is not None and order.index(name) < rank for name in names)


class PlaceNames(Names["Place"]):
    """What kind of place a person is at, by names of the registry of RFC 4589, or else a text (RFC 4480 §3.6)."""

    __slots__ = ()

    _kind = "PlaceType"

    def _names(self) -> AbstractSet[str]:
        return _places().keys()

    def _value(self, name: str) -> Any:
        from xsdata.formats.dataclass.models.generics import AnyElement

        if name not in self._names():
            raise unknown_name(self._kind, name, self._names(), " Other words go into .other.")
        return AnyElement(qname=f"{{{LOCATION_TYPES}}}{name}", text="")

    def _name(self, item: object) -> str | None:
        namespace, _, name = str(getattr(item, "qname", "")).rpartition("}")
        return name if namespace == f"{{{LOCATION_TYPES}" else None

    def _excludes(self, item: object) -> bool:
        return isinstance(item, self._note())

    def _fill(self, element: Any) -> None:
        if not element.items:
            element.items.append(self._note()())


@cache
def _places() -> dict[str, None]:
    from .rpid_names import Place

    return dict.fromkeys(get_args(Place))
