"""What rules can do beyond their fields: all that RFC 4745, RFC 5025 and OMA let them say, as attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from .group_rules import GroupRuleBehaviour
from .identity import ExternalLists, Identities
from .location_detail import LocationDetail
from .locations import Locations
from .periods import moments
from .permissions import GeoprivChoice, Permission, Presence, Seconds, SubHandlingChoice, UserInputChoice, Words
from .selections import DeviceSelection, PersonSelection, ServiceSelection, UnknownAttributes
from .service_rules import ServiceRule
from .tracking import HasKey, HoldsItems
from .views import Keyed
from .wildcards import contents, drop, load, put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from xcap_documents.common_policy import Rule, Validity

    from .periods import Period


class Rules(Keyed["Rule"]):
    """Rules by their ids."""

    __slots__ = ()

    def add(self, id: str, *, at: int | None = None) -> Rule:
        """Add a rule, which at first says nothing.

        Args:
            id: Its key: an XML name without a colon, which must not start with a digit.
            at: Before which rule, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new rule.

        Raises:
            DuplicateKey: There is a rule with this id already.
        """
        return self._insert(self._class(id=id), at)

    def ensure(self, id: str, *, at: int | None = None) -> Rule:
        """Get the rule with this id, or add it as `add` does."""
        found = self._find(id)
        return self.add(id, at=at) if found is None else found


class RulesetBehaviour(HoldsItems):
    """Mixed into Ruleset."""

    __slots__ = ()

    _views: ClassVar[Mapping[str, str]] = {"Rule": "rules"}

    @property
    def rules(self) -> Rules:
        """The rules, by their ids."""
        return Rules(self, load("common_policy", "Rule"))


class RuleBehaviour(ServiceRule, GroupRuleBehaviour, HasKey):
    """Mixed into Rule: every condition, action and transformation, whether or not the rule has a place for it yet.

    Reading what the rule does not say gives None, False or an empty view. Writing makes what is missing on the
    way. Setting None, or False for what is there or not, takes the element out, and conditions, actions or
    transformations that it leaves empty.
    """

    __slots__ = ()

    _key_field: ClassVar[str] = "id"

    # Conditions.

    @property
    def identity(self) -> Identities:
        """Whom the rule is for, by URI; a rule without any identity is for everybody (RFC 4745 §7.1).

        Of several identity elements, all of which must fit, it shows the first. ``del rule.identity`` takes all of
        them away.
        """
        return Identities(self, load("common_policy", "One"))

    @identity.deleter
    def identity(self) -> None:
        drop(self, "conditions", load("common_policy", "Identity"))

    @property
    def external_list(self) -> ExternalLists:
        """The resource lists whose members the rule is for, by URI (OMA); ``del`` takes the condition away."""
        return ExternalLists(self, load("oma_common_policy", "Anchor"))

    @external_list.deleter
    def external_list(self) -> None:
        drop(self, "conditions", load("oma_common_policy", "ExternalList"))

    other_identity: Presence = Presence("conditions", "oma_common_policy", "OtherIdentity")
    """Whether the rule is for those that no other rule names (OMA)."""

    anonymous_request: Presence = Presence("conditions", "oma_common_policy", "AnonymousRequest")
    """Whether the rule is for those that hide who they are (OMA)."""

    @property
    def sphere(self) -> str | None:
        """The sphere that the owner must be in, such as home or work; None for any (RFC 4745 §7.3)."""
        kind = load("common_policy", "Sphere")
        return next((item.value for item in contents(self, "conditions") if isinstance(item, kind)), None)

    @sphere.setter
    def sphere(self, value: str | None) -> None:
        kind = load("common_policy", "Sphere")
        if value is None:
            drop(self, "conditions", kind)
        else:
            put(self, "conditions", kind(value=value))

    @property
    def validity(self) -> Validity | None:
        """When the rule applies; None for always (RFC 4745 §7.4). Its periods are easier to use."""
        kind = load("common_policy", "Validity")
        return next((item for item in contents(self, "conditions") if isinstance(item, kind)), None)

    @validity.setter
    def validity(self, value: Validity | None) -> None:
        if value is None:
            drop(self, "conditions", load("common_policy", "Validity"))
        else:
            put(self, "conditions", value)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods in which the rule applies; none if it always does (RFC 4745 §7.4).

        Setting them takes any pairs of datetimes with a time zone; None takes the condition away. No pair at all,
        or one that ends before it starts, is a ValueError. So is reading a moment that no datetime can hold, such
        as one in the year 10000: `validity` has it as it is.
        """
        return () if self.validity is None else self.validity.periods

    @periods.setter
    def periods(self, pairs: Iterable[tuple[datetime, datetime]] | None) -> None:
        if pairs is None:
            self.validity = None
            return
        starts, ends = moments(pairs)
        self.validity = load("common_policy", "Validity")(from_=starts, until=ends)

    @property
    def locations(self) -> Locations:
        """The places of which the owner has to be at one; none if anywhere will do (RFC 6772 §4).

        ``del`` takes the condition away.
        """
        return Locations(self)

    @locations.deleter
    def locations(self) -> None:
        Locations.forget(self)

    # Actions.

    sub_handling: SubHandlingChoice = SubHandlingChoice("actions", "pres_rules", "SubHandlingElement")
    """What becomes of a subscription; takes a `SubHandling` or its text, such as "allow" (RFC 5025 §3.2.1)."""

    # Transformations: what is shown at all.

    @property
    def provide_services(self) -> ServiceSelection:
        """Which services are shown; takes "all", selectors such as ``ServiceUri(value=…)``, or None."""
        return ServiceSelection(self)

    @provide_services.setter
    def provide_services(self, value: Literal["all"] | Iterable[object] | None) -> None:
        ServiceSelection(self).assign(value)

    @property
    def provide_devices(self) -> DeviceSelection:
        """Which devices are shown; takes "all", selectors such as ``DeviceId(value=…)``, or None."""
        return DeviceSelection(self)

    @provide_devices.setter
    def provide_devices(self, value: Literal["all"] | Iterable[object] | None) -> None:
        DeviceSelection(self).assign(value)

    @property
    def provide_persons(self) -> PersonSelection:
        """Which persons are shown; takes "all", selectors such as ``Class(value=…)``, or None."""
        return PersonSelection(self)

    @provide_persons.setter
    def provide_persons(self, value: Literal["all"] | Iterable[object] | None) -> None:
        PersonSelection(self).assign(value)

    # Transformations: which attributes of that are shown (RFC 5025 §3.3.2).

    provide_activities: Permission = Permission("transformations", "pres_rules", "ProvideActivities")
    """Whether it is shown what the owner is doing."""
    provide_class: Permission = Permission("transformations", "pres_rules", "ProvideClass")
    """Whether the classes of the shown elements are shown."""
    provide_device_id: Permission = Permission("transformations", "pres_rules", "ProvideDeviceId")
    """Whether the device ids are shown."""
    provide_mood: Permission = Permission("transformations", "pres_rules", "ProvideMood")
    """Whether the mood is shown."""
    provide_place_is: Permission = Permission("transformations", "pres_rules", "ProvidePlaceIs")
    """Whether it is shown what the place is like."""
    provide_place_type: Permission = Permission("transformations", "pres_rules", "ProvidePlaceType")
    """Whether the kind of place is shown."""
    provide_privacy: Permission = Permission("transformations", "pres_rules", "ProvidePrivacy")
    """Whether it is shown which media others can overhear."""
    provide_relationship: Permission = Permission("transformations", "pres_rules", "ProvideRelationship")
    """Whether it is shown how an alternative contact is related to the owner."""
    provide_status_icon: Permission = Permission("transformations", "pres_rules", "ProvideStatusIcon")
    """Whether the status icon is shown."""
    provide_sphere: Permission = Permission("transformations", "pres_rules", "ProvideSphere")
    """Whether the sphere is shown."""
    provide_time_offset: Permission = Permission("transformations", "pres_rules", "ProvideTimeOffset")
    """Whether the offset of the local time is shown."""
    provide_note: Permission = Permission("transformations", "pres_rules", "ProvideNote")
    """Whether the notes are shown."""
    provide_user_input: UserInputChoice = UserInputChoice("transformations", "pres_rules", "ProvideUserInput")
    """How much is shown of when a device was last used; takes a `UserInput` or its text, such as "bare"."""
    provide_all_attributes: Presence = Presence("transformations", "pres_rules", "ProvideAllAttributes")
    """Whether every attribute is shown."""

    @property
    def provide_unknown_attributes(self) -> UnknownAttributes:
        """Which attributes are shown that RFC 5025 does not know, by namespace and local name."""
        return UnknownAttributes(self)

    # Transformations that OMA adds (OMA Presence SIMPLE XDM).

    provide_willingness: Permission = Permission("transformations", "oma_pres_rules", "ProvideWillingness")
    """Whether the willingness to communicate is shown."""
    provide_network_availability: Permission = Permission(
        "transformations", "oma_pres_rules", "ProvideNetworkAvailability"
    )
    """Whether it is shown which networks are reachable."""
    provide_session_participation: Permission = Permission(
        "transformations", "oma_pres_rules", "ProvideSessionParticipation"
    )
    """Whether it is shown that a session is going on."""
    provide_registration_state: Permission = Permission("transformations", "oma_pres_rules", "ProvideRegistrationState")
    """Whether the state of the registration is shown."""
    provide_barring_state: Permission = Permission("transformations", "oma_pres_rules", "ProvideBarringState")
    """Whether it is shown that communication is barred."""
    provide_geopriv: GeoprivChoice = GeoprivChoice("transformations", "oma_pres_rules", "ProvideGeopriv")
    """How much of the location is shown; takes a `Geopriv` or its text, "false" or "full"."""

    # Transformations of locations (RFC 6772 §6).

    @property
    def provide_location(self) -> LocationDetail:
        """How exactly the location is shown; takes "all" or None, and has ``civic`` and ``radius`` to show less."""
        return LocationDetail(self)

    @provide_location.setter
    def provide_location(self, value: Literal["all"] | LocationDetail | None) -> None:
        LocationDetail(self).assign(value)

    set_retransmission_allowed: Permission = Permission(
        "transformations", "geolocation_policy", "SetRetransmissionAllowed"
    )
    """Whether who is shown the location is told that it may pass it on."""
    set_retention_expiry: Seconds = Seconds("transformations", "geolocation_policy", "SetRetentionExpiry")
    """For how many seconds who is shown the location is told that it may keep it."""
    set_note_well: Words = Words("transformations", "geolocation_policy", "SetNoteWell")
    """What who is shown the location is told about privacy."""
    keep_rule_reference: Permission = Permission("transformations", "geolocation_policy", "KeepRuleReference")
    """Whether who is shown the location sees the reference to further rules in it."""
