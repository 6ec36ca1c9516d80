"""How exactly a rule shows the owner's location (RFC 6772 §6.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .extensions import HoldsExtensions, chosen
from .wildcards import drop, find_all, load, made, remove

if TYPE_CHECKING:
    from xcap_documents.basic_location_profiles import CivicDetail

    from .enum_texts import CivicDetailText

CIVIC = "civic-transformation"
GEODETIC = "geodetic-transformation"


class ProvideLocationBehaviour(HoldsExtensions):
    """Mixed into ProvideLocation."""

    __slots__ = ()


class LocationDetail:
    """How exactly the location is shown: all of it, or an address up to some part, and a circle around it.

        rule.provide_location = "all"
        rule.provide_location.civic = "city"
        rule.provide_location.radius = 500

    A rule that does not have the transformation shows no location.
    """

    __slots__ = ("_rule",)

    def __init__(self, rule: object) -> None:
        self._rule = rule

    @property
    def said(self) -> bool:
        """Whether the rule has the transformation at all."""
        return bool(self._elements())

    @property
    def all(self) -> bool:
        """Whether the location is shown as exactly as it is known.

        Setting it to True takes the place of all else that is said; setting it to False takes it away.
        """
        return any(not element.extensions and element.profile is None for element in self._elements())

    @all.setter
    def all(self, value: bool) -> None:
        if value:
            drop(self._rule, "transformations", self._class())
            made(self._rule, "transformations").append(self._class()())
        else:
            gone = [each for each in self._elements() if not each.extensions and each.profile is None]
            remove(self._rule, "transformations", lambda item: any(item is each for each in gone))

    @property
    def civic(self) -> CivicDetail | None:
        """Up to which part an address is shown; takes a `CivicDetail` or its text; None if nothing is said.

        Setting it is a ValueError if all is shown: set ``all`` to False first.
        """
        found = self._found("ProvideCivic")
        value = None if found is None else found.value
        return value if isinstance(value, load("basic_location_profiles", "CivicDetail")) else None

    @civic.setter
    def civic(self, value: CivicDetail | CivicDetailText | None) -> None:
        if value is not None:
            value = chosen(load("basic_location_profiles", "CivicDetail"), "provide_location.civic", value)
        self._say("ProvideCivic", CIVIC, "value", value)

    @property
    def radius(self) -> int | None:
        """How many metres the radius of the circle has that is shown instead of the place; None if nothing is said.

        Setting it is a ValueError if all is shown: set ``all`` to False first.
        """
        found = self._found("ProvideGeo")
        return found.radius if found is not None and isinstance(found.radius, int) else None

    @radius.setter
    def radius(self, value: int | None) -> None:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):  # pyright: ignore[reportUnnecessaryIsInstance] - from untyped code
            raise ValueError(f"provide_location.radius is a whole number of metres or None, not {value!r}")
        self._say("ProvideGeo", GEODETIC, "radius", value)

    def assign(self, value: Literal["all"] | LocationDetail | None) -> None:
        """Say what another rule says, all, or, with None, nothing at all."""
        if isinstance(value, LocationDetail):
            shown, civic, radius = value.all, value.civic, value.radius
            drop(self._rule, "transformations", self._class())
            if shown:
                self.all = True
            else:
                self.civic, self.radius = civic, radius
        elif value == "all":
            self.all = True
        elif value is None:
            drop(self._rule, "transformations", self._class())
        else:
            raise ValueError(f"'all' or None, not {value!r}; less than all is said by .civic and .radius")

    def __repr__(self) -> str:
        if not self.said:
            return "<LocationDetail, not said>"
        return f"<LocationDetail: {'all' if self.all else f'civic={self.civic}, radius={self.radius}'}>"

    def _class(self) -> Any:
        return load("geolocation_policy", "ProvideLocation")

    def _elements(self) -> list[Any]:
        return find_all(self._rule, "transformations", self._class())

    def _found(self, kind: str) -> Any:
        cls = load("basic_location_profiles", kind)
        return next((found for each in self._elements() if (found := each.find(cls)) is not None), None)

    def _say(self, kind: str, profile: str, field: str, value: object) -> None:
        """Let the element of a profile say this; None takes it away, and what it leaves empty."""
        if value is not None and self.all:
            raise ValueError("all is shown already: set provide_location.all = False first to show less")
        cls = load("basic_location_profiles", kind)
        there = [each for each in self._elements() if each.find(cls) is not None]
        if value is None:
            for each in there:
                each.drop(cls)
            empty = [each for each in there if not each.extensions]  # which would show everything
            remove(self._rule, "transformations", lambda item: any(item is each for each in empty))
        elif there:
            setattr(there[0].find(cls), field, value)
        else:
            made(self._rule, "transformations").append(
                self._class()(profile=profile, extensions=[cls(**{field: value})])
            )
