"""Where the owner of a rule has to be (RFC 6772 §4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from .wildcards import drop, find, load, put

if TYPE_CHECKING:
    from xcap_documents.geolocation_policy import TargetLocation


class Locations(Sequence["TargetLocation"]):
    """The places of which the owner has to be at one, in document order.

    Taking out the last one leaves a condition that never holds: without it, the rule would hold anywhere.
    ``del rule.locations`` takes the condition away. Of several conditions, all of which must hold, it shows the
    first.
    """

    __slots__ = ("_rule",)

    def __init__(self, rule: object) -> None:
        self._rule = rule

    def add_circle(
        self, latitude: float, longitude: float, radius: float, *, label: str | None = None, lang: str | None = None
    ) -> TargetLocation:
        """Add a circle.

        Args:
            latitude: Degrees north of its middle, in WGS 84.
            longitude: Degrees east.
            radius: Metres.
            label: A name of the place for people.
            lang: The language of the name.

        Returns:
            The new place.

        Raises:
            ValueError: There is no such circle.
        """
        location = load("geolocation_policy", "TargetLocation")(label=label, lang=lang)
        location.circle = (latitude, longitude, radius)
        return self.append(location)

    def add_civic(
        self, parts: Mapping[str, str] | None = None, *, label: str | None = None, lang: str | None = None, **more: str
    ) -> TargetLocation:
        """Add an address, all of whose parts have to be those of the place where the owner is.

            rule.locations.add_civic(country="DE", A3="Munich")

        Args:
            parts: The parts of the address, by their names in RFC 5139.
            label: A name of the place for people.
            lang: The language of the name.
            more: Further parts.

        Returns:
            The new place.

        Raises:
            ValueError: There is no part at all, or a name is none of RFC 5139.
        """
        location = load("geolocation_policy", "TargetLocation")(label=label, lang=lang)
        location.civic = {**(parts or {}), **more}
        return self.append(location)

    def append(self, location: TargetLocation) -> TargetLocation:
        """Add a place of one's own.

        Returns:
            The place.
        """
        kind = load("geolocation_policy", "LocationCondition")
        condition = find(self._rule, "conditions", kind)
        (put(self._rule, "conditions", kind()) if condition is None else condition).items.append(location)
        return location

    def remove(self, location: TargetLocation) -> None:
        """Take out this very place.

        Raises:
            ValueError: It is not there.
        """
        items = self._items()
        for position, item in enumerate(items):
            if item is location:
                del items[position]
                return
        raise ValueError(f"{location!r} is none of the places of this rule")

    def clear(self) -> None:
        """Take out all places; the condition stays, and never holds."""
        kind = load("geolocation_policy", "TargetLocation")
        items = self._items()
        items[:] = [item for item in items if not isinstance(item, kind)]

    def __iter__(self) -> Iterator[TargetLocation]:
        return iter(self._locations())

    def __len__(self) -> int:
        return len(self._locations())

    @overload
    def __getitem__(self, index: int) -> TargetLocation: ...
    @overload
    def __getitem__(self, index: slice) -> list[TargetLocation]: ...
    def __getitem__(self, index: int | slice) -> TargetLocation | list[TargetLocation]:
        return self._locations()[index]

    def __repr__(self) -> str:
        return f"<Locations: {', '.join(map(repr, self))}>"

    def _items(self) -> list[Any]:
        condition: Any = find(self._rule, "conditions", load("geolocation_policy", "LocationCondition"))
        return [] if condition is None else condition.items

    def _locations(self) -> list[TargetLocation]:
        kind = load("geolocation_policy", "TargetLocation")
        return [item for item in self._items() if isinstance(item, kind)]

    @staticmethod
    def forget(rule: object) -> None:
        """Take all conditions on places away from a rule."""
        drop(rule, "conditions", load("geolocation_policy", "LocationCondition"))
