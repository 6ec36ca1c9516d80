"""Live views of what a group document holds (OMA XDM Shared Group)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .naming import named
from .resource_lists import Entries, Externals
from .rules import Rules
from .views import Keyed
from .wildcards import find, load, put

if TYPE_CHECKING:
    from xcap_documents.poc_list_service import ListService, MemberList
    from xcap_documents.resource_lists import DisplayName
    from xcap_documents.xdm_extensions import ServiceEnabler


class Services(Keyed["ListService"]):
    """Groups by their URIs, compared letter by letter."""

    __slots__ = ()

    def add(
        self,
        uri: str,
        *,
        display_name: str | DisplayName | None = None,
        invite_members: bool | None = None,
        max_participant_count: int | None = None,
        at: int | None = None,
    ) -> ListService:
        """Add a group without members.

        Args:
            uri: Its URI, such as sip:climbing@example.org: its key.
            display_name: The name to show to people.
            invite_members: Whether its members are invited when a session starts.
            max_participant_count: How many may take part at a time.
            at: Before which group, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new group.

        Raises:
            DuplicateKey: The document has a group with this URI already.
        """
        made = self._class(
            uri=uri,
            display_name=named(display_name),
            invite_members=invite_members,
            max_participant_count=max_participant_count,
        )
        return self._insert(made, at)

    def ensure(
        self,
        uri: str,
        *,
        display_name: str | DisplayName | None = None,
        invite_members: bool | None = None,
        max_participant_count: int | None = None,
        at: int | None = None,
    ) -> ListService:
        """Get the group with this URI, or add it as `add` does; a group that is there stays as it is."""
        found = self._find(uri)
        if found is not None:
            return found
        return self.add(
            uri,
            display_name=display_name,
            invite_members=invite_members,
            max_participant_count=max_participant_count,
            at=at,
        )


class References(Externals):
    """The lists whose entries are members, by where they point."""

    __slots__ = ()

    def _found(self) -> list[Any]:
        return self._owner.references

    def _made(self) -> list[Any]:
        return self._owner.references


class Members(Entries):
    """The single members of a group; its list is made on write."""

    __slots__ = ()

    def _found(self) -> list[Any]:
        members = self._owner.member_list
        return [] if members is None else members.items

    def _made(self) -> list[Any]:
        return _members(self._owner).items


class MemberLists(Externals):
    """The lists whose entries are members of a group; its own list is made on write."""

    __slots__ = ()

    def _found(self) -> list[Any]:
        members = self._owner.member_list
        return [] if members is None else members.references

    def _made(self) -> list[Any]:
        return _members(self._owner).references


class ServiceRules(Rules):
    """The rules of a group; its ruleset is made on write."""

    __slots__ = ()

    def _found(self) -> list[Any]:
        ruleset = find(self._owner, "extensions", load("common_policy", "Ruleset"))
        return [] if ruleset is None else ruleset.items

    def _made(self) -> list[Any]:
        return _element(self._owner, "common_policy", "Ruleset").items


class SupportedServices(Keyed["ServiceEnabler"]):
    """The services that a group is for, by the ids of their enablers; made on write."""

    __slots__ = ()

    def add(self, enabler: str, *, at: int | None = None) -> ServiceEnabler:
        """Add a service.

        Args:
            enabler: The id of the service enabler: its key.
            at: Before which service, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new service, to whose `group_media` the media can be added.

        Raises:
            DuplicateKey: The service is there already.
        """
        return self._insert(self._class(enabler=enabler), at)

    def ensure(self, enabler: str, *, at: int | None = None) -> ServiceEnabler:
        """Get the service of this enabler, or add it as `add` does."""
        found = self._find(enabler)
        return self.add(enabler, at=at) if found is None else found

    def _found(self) -> list[Any]:
        element = find(self._owner, "extensions", load("xdm_extensions", "SupportedServices"))
        return [] if element is None else element.items

    def _made(self) -> list[Any]:
        items = _element(self._owner, "xdm_extensions", "SupportedServices").items
        if any(isinstance(item, load("xdm_extensions", "AllServicesExcept")) for item in items):
            raise ValueError(
                "the group is for all services except some: del service.supported_services first to name some"
            )
        return items


def _members(service: Any) -> MemberList:
    if service.member_list is None:
        service.member_list = load("poc_list_service", "MemberList")()
    return service.member_list


def _element(owner: Any, module: str, name: str) -> Any:
    kind = load(module, name)
    element = find(owner, "extensions", kind)
    return put(owner, "extensions", kind()) if element is None else element
