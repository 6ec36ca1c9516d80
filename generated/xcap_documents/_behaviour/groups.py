"""What groups can do beyond their fields (OMA XDM Shared Group)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from .elements import AgeRestrictionsContent, QoeContent, RulesetContent, SessionActivePolicyContent, Text
from .group_views import MemberLists, Members, References, ServiceRules, Services, SupportedServices
from .naming import Labelled
from .permissions import Permission
from .resource_lists import Entries
from .tracking import HasKey, HoldsItems
from .wildcards import drop, load

if TYPE_CHECKING:
    from typing import Self

    from xcap_documents.common_policy import Rule
    from xcap_documents.poc_list_service import ListService, MemberList
    from xcap_documents.resource_lists import DisplayName


class GroupBehaviour(HoldsItems):
    """Mixed into Group."""

    __slots__ = ()

    _views: ClassVar[Mapping[str, str]] = {"ListService": "services"}

    @classmethod
    def prearranged(
        cls,
        uri: str,
        *,
        display_name: str | DisplayName | None = None,
        members: Iterable[str] | Mapping[str, str] = (),
        max_participant_count: int | None = None,
        admit_members: bool = True,
    ) -> Self:
        """Make the document of a pre-arranged group: its members are invited when a session starts.

        Args:
            uri: The URI of the group, such as sip:climbing@example.org.
            display_name: The name to show to people.
            members: The URIs of its members, or their names by their URIs.
            max_participant_count: How many may take part at a time.
            admit_members: Whether to add the rule of `ListService.admit_members`: without any rule, nobody is
                allowed anything.

        Raises:
            DuplicateKey: A member is given twice.
        """
        return cls._of(uri, display_name, members, max_participant_count, invite=True, admit=admit_members)

    @classmethod
    def chat(
        cls,
        uri: str,
        *,
        display_name: str | DisplayName | None = None,
        members: Iterable[str] | Mapping[str, str] = (),
        max_participant_count: int | None = None,
        admit_members: bool = True,
    ) -> Self:
        """Make the document of a chat group: nobody is invited, those who want to take part join.

        Args:
            uri: The URI of the group, such as sip:climbing@example.org.
            display_name: The name to show to people.
            members: The URIs of its members, or their names by their URIs.
            max_participant_count: How many may take part at a time.
            admit_members: Whether to add the rule of `ListService.admit_members`: without any rule, nobody is
                allowed anything.

        Raises:
            DuplicateKey: A member is given twice.
        """
        return cls._of(uri, display_name, members, max_participant_count, invite=False, admit=admit_members)

    @classmethod
    def _of(
        cls,
        uri: str,
        name: str | DisplayName | None,
        members: Iterable[str] | Mapping[str, str],
        most: int | None,
        *,
        invite: bool,
        admit: bool,
    ) -> Self:
        if isinstance(members, str):
            raise TypeError(f"members are several URIs, not {members!r}: give a list")
        group = cls()
        service = group.services.add(uri, display_name=name, invite_members=invite, max_participant_count=most)
        names = cast("Mapping[str, str]", members if isinstance(members, Mapping) else {})
        for member in members:
            service.members.add(member, display_name=names.get(member))
        if admit:
            service.admit_members()
        return group

    @property
    def services(self) -> Services:
        """The groups of the document, by their URIs."""
        return Services(self, load("poc_list_service", "ListService"))

    @property
    def service(self) -> ListService:
        """The one group of the document, as documents are meant to have one.

        Raises:
            LookupError: There is none, or there are several: `services` has them all.
        """
        services = list(self.services)
        if len(services) == 1:
            return services[0]
        have = f"{len(services)} groups: pick one with .services[uri]" if services else "no group: .services.add(uri)"
        raise LookupError(f"the document has {have}")


class MembersBehaviour(HoldsItems):
    """Mixed into MemberList and RequiredParticipants."""

    __slots__ = ()

    _holding: ClassVar[tuple[str, ...]] = ("items", "references")
    _views: ClassVar[Mapping[str, str]] = {"Entry": "entries", "External": "externals"}

    @property
    def entries(self) -> Entries:
        """The single ones, by their URIs."""
        return Entries(self, load("resource_lists", "Entry"))

    @property
    def externals(self) -> References:
        """The whole lists, by where they point."""
        return References(self, load("resource_lists", "External"))


class ListServiceBehaviour(Labelled, HasKey):
    """Mixed into ListService: its members, and what OMA puts behind its wildcard, as plain attributes.

    Reading what is not there gives None or an empty view; writing makes what is missing on the way.
    """

    __slots__ = ()

    _key_field: ClassVar[str] = "uri"

    if TYPE_CHECKING:
        member_list: MemberList | None

    @property
    def members(self) -> Members:
        """The single members, by their URIs."""
        return Members(self, load("resource_lists", "Entry"))

    @property
    def externals(self) -> MemberLists:
        """The lists whose entries are members, by where they point."""
        return MemberLists(self, load("resource_lists", "External"))

    ruleset: RulesetContent = RulesetContent("extensions", "common_policy", "Ruleset")
    """The rules as one element; takes a `Ruleset`, or None. `rules` is easier to use."""

    @property
    def rules(self) -> ServiceRules:
        """Who may do what with the group, by the ids of the rules (RFC 4745)."""
        return ServiceRules(self, load("common_policy", "Rule"))

    def admit_members(self, rule: str = "members") -> Rule:
        """Let the members of the group start and join sessions.

        Args:
            rule: The id of the rule that says so; made if it is missing.

        Returns:
            The rule.
        """
        said = self.rules.ensure(rule)
        said.is_list_member = True
        said.join_handling = True
        said.allow_initiate_conference = True
        return said

    subject: Text = Text("extensions", "xdm_extensions", "Subject")
    """What the group is about: the text alone; setting it keeps its language (OMA XDM 2.0)."""
    searchable: Permission = Permission("extensions", "xdm_extensions", "Searchable")
    """Whether searches may find the group (OMA XDM 2.0)."""
    automatic_group_advertisement: Permission = Permission(
        "extensions", "xdm_extensions", "AutomaticGroupAdvertisement"
    )
    """Whether the server advertises the group to its members (OMA XDM 2.0)."""
    age_restrictions: AgeRestrictionsContent = AgeRestrictionsContent("extensions", "xdm_extensions", "AgeRestrictions")
    """How old one has to be; takes `AgeRestrictions`, or None (OMA XDM 2.0)."""
    qoe: QoeContent = QoeContent("extensions", "xdm_extensions", "Qoe")
    """The quality of experience; takes a `Qoe`, or None (OMA XDM 2.0)."""
    session_active_policy: SessionActivePolicyContent = SessionActivePolicyContent(
        "extensions", "xdm_extensions", "SessionActivePolicy"
    )
    """When sessions start and end; takes a `SessionActivePolicy`, or None (OMA XDM 2.0)."""

    @property
    def supported_services(self) -> SupportedServices:
        """The services that the group is for, by enabler; ``del`` takes all away (OMA XDM 2.0, TS 24.481)."""
        return SupportedServices(self, load("xdm_extensions", "ServiceEnabler"))

    @supported_services.deleter
    def supported_services(self) -> None:
        drop(self, "extensions", load("xdm_extensions", "SupportedServices"))


class ServiceEnablerBehaviour(HasKey):
    """Mixed into ServiceEnabler."""

    __slots__ = ()

    _key_field: ClassVar[str] = "enabler"


class SupportedServicesBehaviour:
    """Mixed into SupportedServices."""

    __slots__ = ()

    # Seen through the group: its `supported_services` is itself the view.
    _views: ClassVar[Mapping[str, str]] = {"ServiceEnabler": ""}
