"""The combined permissions of all rules that match (RFC 4745 §10.2)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any, TypeVar

from xcap_documents.common_policy import Rule
from xcap_documents.oma_pres_rules import (
    Geopriv,
    ProvideBarringState,
    ProvideGeopriv,
    ProvideNetworkAvailability,
    ProvideRegistrationState,
    ProvideSessionParticipation,
    ProvideWillingness,
)
from xcap_documents.pres_rules import (
    AllDevices,
    AllPersons,
    AllServices,
    ProvideActivities,
    ProvideAllAttributes,
    ProvideClass,
    ProvideDeviceId,
    ProvideDevices,
    ProvideMood,
    ProvideNote,
    ProvidePersons,
    ProvidePlaceIs,
    ProvidePlaceType,
    ProvidePrivacy,
    ProvideRelationship,
    ProvideServices,
    ProvideSphere,
    ProvideStatusIcon,
    ProvideTimeOffset,
    ProvideUnknownAttribute,
    ProvideUserInput,
    SubHandling,
    SubHandlingElement,
    UserInput,
)
from xcap_sdk.usages.policy.matching import Unknown, name_of
from xcap_sdk.usages.policy.permissions import Ignored, Permissions, Selected, Selector
from xcap_sdk.usages.policy.uris import said

E = TypeVar("E", bound=Enum)

BOOLEANS: dict[type, str] = {
    ProvideActivities: "provide_activities",
    ProvideBarringState: "provide_barring_state",
    ProvideClass: "provide_class",
    ProvideDeviceId: "provide_device_id",
    ProvideMood: "provide_mood",
    ProvideNetworkAvailability: "provide_network_availability",
    ProvideNote: "provide_note",
    ProvidePlaceIs: "provide_place_is",
    ProvidePlaceType: "provide_place_type",
    ProvidePrivacy: "provide_privacy",
    ProvideRegistrationState: "provide_registration_state",
    ProvideRelationship: "provide_relationship",
    ProvideSessionParticipation: "provide_session_participation",
    ProvideSphere: "provide_sphere",
    ProvideStatusIcon: "provide_status_icon",
    ProvideTimeOffset: "provide_time_offset",
    ProvideWillingness: "provide_willingness",
}
"""The permissions that are granted or not, with their names in `Permissions`."""

_Selection = ProvideServices | ProvideDevices | ProvidePersons
_SELECTIONS: dict[type[_Selection], str] = {
    ProvideServices: "provide_services",
    ProvideDevices: "provide_devices",
    ProvidePersons: "provide_persons",
}
_LEVELS: dict[type, str] = {ProvideUserInput: "provide_user_input", ProvideGeopriv: "provide_geopriv"}


def combine(rules: Iterable[Rule], unknown: Iterable[Unknown] = ()) -> Permissions:
    """Combine the permissions of rules that match.

    Booleans are true if anything says so, values of an order are the highest, sets are united.
    """
    rules = list(rules)
    found = _Found()
    for rule in rules:
        found.read(rule)
    handling = highest(SubHandling, (value for _, value in found.handlings))
    return Permissions(
        **found.fields(),
        sub_handling=handling,
        sub_handling_from=tuple(dict.fromkeys(rule for rule, value in found.handlings if value is handling)),
        matched=tuple(said(rule.id) for rule in rules),
        unknown=tuple(unknown),
        ignored=tuple(found.ignored),
    )


def handling_of(rule: Rule) -> SubHandling:
    """The sub-handling that a rule grants where it matches; block if it says nothing."""
    return combine([rule]).sub_handling


def transformations_known(rule: Rule) -> bool:
    """Whether all transformations of a rule are known, with values that they can have."""
    found = _Found()
    return rule.transformations is None or all(map(found.take, rule.transformations.extensions))


def highest(kind: type[E], values: Iterable[E]) -> E:
    """The highest of what was said, in the order of the schema; the lowest if nothing was said."""
    order = list(kind)
    return max(values, key=order.index, default=order[0])


class _Found:
    """What rules grant, gathered element by element, as one rule may repeat them, too."""

    def __init__(self) -> None:
        self.handlings: list[tuple[str, SubHandling]] = []
        self.ignored: list[Ignored] = []
        self._granted: set[str] = set()
        self._levels: dict[str, list[Enum]] = {name: [] for name in _LEVELS.values()}
        self._selections: dict[str, list[object]] = {name: [] for name in _SELECTIONS.values()}
        self._attributes: set[tuple[str, str]] = set()
        self._everything = False

    def read(self, rule: Rule) -> None:
        for item in rule.actions.extensions if rule.actions else ():
            if isinstance(item, SubHandlingElement) and isinstance(_value(item), SubHandling):
                self.handlings.append((said(rule.id), item.value))
            else:
                self.ignored.append(Ignored(said(rule.id), name_of(item)))
        for item in rule.transformations.extensions if rule.transformations else ():
            if not self.take(item):
                self.ignored.append(Ignored(said(rule.id), name_of(item)))

    def fields(self) -> dict[str, Any]:
        return {
            **{name: self._everything or name in self._granted for name in BOOLEANS.values()},
            **{name: _united(items) for name, items in self._selections.items()},
            "provide_user_input": self._level(UserInput, "provide_user_input"),
            "provide_geopriv": self._level(Geopriv, "provide_geopriv"),
            "provide_all_attributes": self._everything,
            "provide_unknown_attributes": frozenset(self._attributes),
        }

    def take(self, item: object) -> bool:
        """Take one transformation into account; False if it is none that is known, or has a wrong value."""
        value = _value(item)
        if isinstance(item, ProvideAllAttributes):
            self._everything = True
        elif isinstance(item, ProvideServices | ProvideDevices | ProvidePersons):
            self._selections[_SELECTIONS[type(item)]] += item.items
        elif isinstance(item, ProvideUnknownAttribute) and isinstance(value, bool) and _names(item):
            self._attributes |= {(item.ns, item.name)} if value else set()
        elif type(item) in _LEVELS and isinstance(value, Enum):
            self._levels[_LEVELS[type(item)]].append(value)
        elif type(item) in BOOLEANS and isinstance(value, bool):
            self._granted |= {BOOLEANS[type(item)]} if value else set()
        else:
            return False
        return True

    def _level(self, kind: type[E], name: str) -> E:
        found = [each for each in self._levels[name] if isinstance(each, kind)]
        return highest(kind, [*kind] if self._everything else found)


def _value(item: object) -> object:
    # A value that its class cannot have was read as its text.
    return getattr(item, "value", None)


def _names(item: ProvideUnknownAttribute) -> bool:
    # Both are required, and a document may lack them.
    return all(isinstance(getattr(item, name), str) for name in ("ns", "name"))


def _united(items: list[object]) -> Selected:
    return Selected(
        all=any(isinstance(item, AllServices | AllDevices | AllPersons) for item in items),
        selectors=frozenset(
            Selector(name_of(item), str(_value(item) or getattr(item, "text", None) or ""))
            for item in items
            if not isinstance(item, AllServices | AllDevices | AllPersons)
        ),
    )
