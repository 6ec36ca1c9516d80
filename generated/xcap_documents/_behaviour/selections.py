"""Which services, devices and persons a rule shows (RFC 5025 §3.3.1), and which unknown attributes (§3.3.2)."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any, ClassVar, Literal

from .strings import Strings
from .wildcards import drop, find, find_all, load, made, put, remove


class Selection:
    """What one transformation selects: all, or what any of its selectors fits.

    A rule that does not have the transformation grants nothing, and neither does one that has it without content;
    `said` tells them apart. Selectors of other namespaces take part in iteration and stay where they are.
    """

    __slots__ = ("_rule",)

    _kind: ClassVar[str]
    _all: ClassVar[str]

    def __init__(self, rule: object) -> None:
        self._rule = rule

    @property
    def said(self) -> bool:
        """Whether the rule has the transformation at all."""
        return self._element() is not None

    @property
    def all(self) -> bool:
        """Whether all are selected.

        Setting it to True takes the place of all selectors; setting it to False leaves none selected.
        """
        return any(isinstance(item, self._all_class()) for item in self._read())

    @all.setter
    def all(self, value: bool) -> None:
        if value:
            self._write()[:] = [self._all_class()()]
        elif self.all:
            self._write().clear()

    def __iter__(self) -> Iterator[object]:
        return iter([item for item in self._read() if not isinstance(item, self._all_class())])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __bool__(self) -> bool:
        """Whether anything is selected."""
        return bool(self._read())

    def __repr__(self) -> str:
        said = "'all'" if self.all else ", ".join(map(repr, self))
        return f"<{self._kind}: {said}>" if self.said else f"<{self._kind}, not said>"

    def add(self, selector: object) -> None:
        """Add a selector: an element such as ``ServiceUriScheme(value="sip")``.

        Raises:
            ValueError: All are selected already.
        """
        self._write_selectors().append(selector)

    def discard(self, selector: object) -> None:
        """Take out the selectors that are equal to this one."""
        items = self._read()
        items[:] = [item for item in items if item != selector]

    def clear(self) -> None:
        """Select nothing, and say so."""
        self._write().clear()

    def assign(self, value: Literal["all"] | Iterable[object] | None) -> None:
        """Say what the rule selects: all, these selectors, or, with None, nothing at all."""
        if value is None:
            drop(self._rule, "transformations", self._class())
        elif isinstance(value, Selection):
            self.assign(("all" if value.all else copy.deepcopy(list(value))) if value.said else None)
        elif value == "all":
            self.all = True
        elif isinstance(value, str):
            raise ValueError(f"'all', a list of selectors or None, not {value!r}")
        else:
            self._write()[:] = list(value)

    def _class(self) -> Any:
        return load("pres_rules", self._kind)

    def _all_class(self) -> Any:
        return load("pres_rules", self._all)

    def _element(self) -> Any:
        return find(self._rule, "transformations", self._class())

    def _read(self) -> list[Any]:
        element = self._element()
        return [] if element is None else element.items

    def _write(self) -> list[Any]:
        element = self._element()
        return (put(self._rule, "transformations", self._class()()) if element is None else element).items

    def _write_selectors(self) -> list[Any]:
        if self.all:
            raise ValueError("all are selected already: set .all = False first to select some")
        return self._write()

    def _strings(self, kind: str, module: str = "pres_rules") -> Strings:
        return Strings(self._read, self._write_selectors, load(module, kind), "value")


class PersonSelection(Selection):
    """Which persons are shown."""

    __slots__ = ()

    _kind = "ProvidePersons"
    _all = "AllPersons"

    @property
    def classes(self) -> Strings:
        """Selects by class."""
        return self._strings("Class")

    @property
    def occurrence_ids(self) -> Strings:
        """Selects single elements by their ids."""
        return self._strings("OccurrenceId")


class DeviceSelection(PersonSelection):
    """Which devices are shown."""

    __slots__ = ()

    _kind = "ProvideDevices"
    _all = "AllDevices"

    @property
    def device_ids(self) -> Strings:
        """Selects devices by their device ids."""
        return self._strings("DeviceId")


class ServiceSelection(PersonSelection):
    """Which services are shown."""

    __slots__ = ()

    _kind = "ProvideServices"
    _all = "AllServices"

    @property
    def uris(self) -> Strings:
        """Selects services by their URIs."""
        return self._strings("ServiceUri")

    @property
    def schemes(self) -> Strings:
        """Selects services by the schemes of their URIs, such as sip."""
        return self._strings("ServiceUriScheme")

    @property
    def service_ids(self) -> Strings:
        """Selects services by their OMA service ids (OMA Presence SIMPLE XDM)."""
        return self._strings("ServiceId", "oma_pres_rules")


class UnknownAttributes(MutableMapping[tuple[str, str], bool]):
    """Which presence attributes are shown that RFC 5025 does not know, by namespace and local name.

    rule.provide_unknown_attributes["urn:example:ns", "weather"] = True
    """

    __slots__ = ("_rule",)

    def __init__(self, rule: object) -> None:
        self._rule = rule

    def __getitem__(self, key: tuple[str, str]) -> bool:
        return self._said()[key]

    def __setitem__(self, key: tuple[str, str], value: bool) -> None:
        namespace, name = key
        for element in self._elements():
            if (element.ns, element.name) == key:
                element.value = value
                return
        made(self._rule, "transformations").append(self._class()(ns=namespace, name=name, value=value))

    def __delitem__(self, key: tuple[str, str]) -> None:
        if key not in self._said():
            raise KeyError(key)
        gone = [element for element in self._elements() if (element.ns, element.name) == key]
        remove(self._rule, "transformations", lambda item: any(item is element for element in gone))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._said())

    def __len__(self) -> int:
        return len(self._said())

    def __repr__(self) -> str:
        return f"<UnknownAttributes: {self._said()!r}>"

    def _class(self) -> Any:
        return load("pres_rules", "ProvideUnknownAttribute")

    def _elements(self) -> list[Any]:
        return find_all(self._rule, "transformations", self._class())

    def _said(self) -> dict[tuple[str, str], bool]:
        # What is neither true nor false grants nothing; of two that name the same, the first counts.
        # One that lacks a name or a value says nothing.
        said = [each for each in self._elements() if None not in {each.ns, each.name, each.value}]
        return {(each.ns, each.name): each.value is True for each in reversed(said)}
