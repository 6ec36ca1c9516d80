"""What a watcher may see: the permissions that one or several rules grant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import Enum

from xcap_documents.oma_pres_rules import Geopriv
from xcap_documents.pres_rules import SubHandling, UserInput
from xcap_sdk.usages.policy.matching import Unknown
from xcap_sdk.usages.policy.uris import same_user

STRENGTH = {each: strength for strength, each in enumerate(SubHandling)}
"""How much each kind of sub-handling grants, from block, the least, to allow (RFC 5025 §3.2.1)."""

_URIS = {"deviceID", "service-uri"}


@dataclass(frozen=True, slots=True)
class Selector:
    """One way in which elements of a presence document are selected (RFC 5025 §3.3.1).

    Attributes:
        kind: The element that says it: ``class``, ``occurrence-id``, ``deviceID``, ``service-uri``,
            ``service-uri-scheme``, OMA's ``service-id``, or ``{namespace}name`` for any other.
        value: Its text.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Selected:
    """Which services, devices or persons are shown: all, or what any of the selectors fits.

    Attributes:
        all: Whether all are.
        selectors: What selects them otherwise.
    """

    all: bool = False
    selectors: frozenset[Selector] = frozenset()

    def __bool__(self) -> bool:
        """Whether any can be shown."""
        return self.all or bool(self.selectors)

    def shows(self, kind: str, value: str) -> bool:
        """Whether something with this is shown: ``shows("class", "work")``.

        URIs are equal if they name the same; all else is compared letter by letter (RFC 5025 §3.3.1).
        """
        if kind in _URIS:
            return self.all or any(
                each.kind == kind and same_user(each.value, value) for each in self.selectors
            )
        return self.all or Selector(kind, value) in self.selectors


@dataclass(frozen=True, slots=True)
class Ignored:
    """A permission that grants nothing, as it is not known or its value is none that it can have.

    Attributes:
        rule: The id of its rule.
        permission: Its element, as ``{namespace}name`` if it is none that is known.
    """

    rule: str
    permission: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """What one watcher may see at one moment, and why.

    What is shown at all are the services, devices and persons; the rest says which attributes of them. Where
    ``provide_all_attributes`` is granted, all of these are. As long as the sub-handling is not allow, a
    watcher sees nothing of it, whatever the rest says.

    Attributes:
        sub_handling: What becomes of a subscription; block if no rule says anything.
        sub_handling_from: The ids of the rules that grant this much; empty if none says anything.
        matched: The ids of the rules that count, in document order.
        unknown: The conditions that could not be decided; their rules do not match.
        ignored: Permissions of the rules that count, that are not known or have a wrong value.
        provide_services: Which services are shown.
        provide_devices: Which devices are shown.
        provide_persons: Which persons are shown.
        provide_all_attributes: Whether every attribute is shown.
        provide_unknown_attributes: Attributes shown beyond those of RFC 5025, as namespace and local name.
        provide_user_input: How much is shown of when a device was last used.
        provide_geopriv: How much of the location is shown (OMA).
        provide_activities: Whether it is shown what the owner is doing.
        provide_class: Whether the classes are shown.
        provide_device_id: Whether the device ids of services are shown.
        provide_mood: Whether the mood is shown.
        provide_place_is: Whether it is shown what the place is like.
        provide_place_type: Whether the kind of place is shown.
        provide_privacy: Whether it is shown which media others can overhear.
        provide_relationship: Whether it is shown how an alternative contact is related to the owner.
        provide_status_icon: Whether the status icon is shown.
        provide_sphere: Whether the sphere is shown.
        provide_time_offset: Whether the offset of the local time is shown.
        provide_note: Whether the notes are shown.
        provide_willingness: Whether the willingness to communicate is shown (OMA).
        provide_network_availability: Whether it is shown which networks are reachable (OMA).
        provide_session_participation: Whether it is shown that a session is going on (OMA).
        provide_registration_state: Whether the state of the registration is shown (OMA).
        provide_barring_state: Whether it is shown that communication is barred (OMA).
    """

    sub_handling: SubHandling = SubHandling.BLOCK
    sub_handling_from: tuple[str, ...] = ()
    matched: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    provide_services: Selected = Selected()
    provide_devices: Selected = Selected()
    provide_persons: Selected = Selected()
    provide_all_attributes: bool = False
    provide_unknown_attributes: frozenset[tuple[str, str]] = frozenset()
    provide_user_input: UserInput = UserInput.FALSE
    provide_geopriv: Geopriv = Geopriv.FALSE
    provide_activities: bool = False
    provide_class: bool = False
    provide_device_id: bool = False
    provide_mood: bool = False
    provide_place_is: bool = False
    provide_place_type: bool = False
    provide_privacy: bool = False
    provide_relationship: bool = False
    provide_status_icon: bool = False
    provide_sphere: bool = False
    provide_time_offset: bool = False
    provide_note: bool = False
    provide_willingness: bool = False
    provide_network_availability: bool = False
    provide_session_participation: bool = False
    provide_registration_state: bool = False
    provide_barring_state: bool = False

    @property
    def allowed(self) -> bool:
        """Whether the watcher sees anything of the permissions: whether its subscription is allowed."""
        return self.sub_handling is SubHandling.ALLOW

    def shows_attribute(self, namespace: str, name: str) -> bool:
        """Whether a presence attribute is shown that RFC 5025 does not know (§3.3.2.15)."""
        return self.provide_all_attributes or (namespace, name) in self.provide_unknown_attributes

    def __str__(self) -> str:
        by = ", ".join(self.sub_handling_from)
        lines = [
            f"{self.sub_handling.value}: {f'by {by}' if by else 'no rule says anything of this watcher'}"
        ]
        if self.allowed:
            lines.append(f"  shown: {', '.join(self._shown()) or 'nothing'}")
        lines += [f"  not decided: {each.condition} in {each.rule}" for each in self.unknown]
        lines += [f"  ignored: {each.permission} in {each.rule}" for each in self.ignored]
        return "\n".join(lines)

    def _shown(self) -> Iterator[str]:
        for each in fields(self):
            value: object = getattr(self, each.name)
            name = each.name.removeprefix("provide_").replace("_", " ")
            if not each.name.startswith("provide_"):
                continue
            if isinstance(value, Selected):
                if value:
                    yield f"{'all' if value.all else 'some'} {name}"
            elif self.provide_all_attributes:
                yield name  # all attributes: no need to name them
                return
            elif value is True:
                yield name
            elif isinstance(value, Enum) and value.value != "false":
                yield f"{name} ({value.value})"
        yield from sorted(name for _, name in self.provide_unknown_attributes)
