"""Whose documents there are, asynchronously: a repository for each application usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from xcap_sdk import usages
from xcap_sdk.client.base import Place
from xcap_sdk.flows.conversation import Session
from xcap_sdk.protocol.documents import Tree
from xcap_sdk.repository.asynchronous import AsyncReadOnlyRepository, AsyncRepository
from xcap_sdk.transport import AsyncTransport
from xcap_sdk.usages import ApplicationUsage

if TYPE_CHECKING:
    from xcap_documents.common_policy import Ruleset
    from xcap_documents.oma_user_profile import UserProfiles
    from xcap_documents.pidf import Presence
    from xcap_documents.poc_list_service import Group
    from xcap_documents.resource_lists import ResourceLists
    from xcap_documents.simservs import Simservs
    from xcap_sdk.repository.async_lists import AsyncResourceListsRepository
    from xcap_sdk.repository.directories import AsyncDirectoryRepository
    from xcap_sdk.repository.icons import AsyncStatusIconRepository
    from xcap_sdk.repository.services import AsyncRlsServicesRepository

R = TypeVar("R")


class AsyncXcapTree(Place):
    """One user's documents, or the global tree's: a repository for each application usage."""

    def __init__(self, transport: AsyncTransport, session: Session, tree: Tree, xui: str | None) -> None:
        super().__init__(session, tree, xui)
        self._transport = transport

    def within(self, seconds: float) -> Self:
        """The same, with another deadline: calls that take longer in all raise DeadlineExceeded.

        Connections, memory and credentials are shared. Documents that were got here keep the deadline.

        Args:
            seconds: How many seconds one call may take, its tries, merges and pauses included.

        Returns:
            The client or tree with that deadline; it need not be closed.

        Raises:
            InvalidInput: It is no number above 0.
        """
        return self._with(_transport=self._transport.within(seconds))

    def _parts(
        self, usage: ApplicationUsage[R]
    ) -> tuple[AsyncTransport, Session, ApplicationUsage[R], Tree, str | None]:
        """What a repository of one of the SDK's own usages is made of."""
        return self._transport, self._session, self._own(usage), self._tree, self._xui

    @property
    def resource_lists(self) -> AsyncResourceListsRepository:
        """Buddy lists (RFC 4826 §3)."""
        from xcap_sdk.repository.async_lists import AsyncResourceListsRepository

        return AsyncResourceListsRepository(*self._parts(usages.RESOURCE_LISTS))

    @property
    def rls_services(self) -> AsyncRlsServicesRepository:
        """Services of resource list servers (RFC 4826 §4); in the global tree those of all users."""
        from xcap_sdk.repository.services import AsyncRlsServicesRepository

        return AsyncRlsServicesRepository(*self._parts(usages.RLS_SERVICES))

    @property
    def pres_rules(self) -> AsyncRepository[Ruleset]:
        """Who may see a user's presence (RFC 5025)."""
        return AsyncRepository(*self._parts(usages.PRES_RULES))

    @property
    def oma_pres_rules(self) -> AsyncRepository[Ruleset]:
        """Who may see a user's presence, with OMA's conditions, as RCS has it."""
        return AsyncRepository(*self._parts(usages.OMA_PRES_RULES))

    @property
    def geolocation_policy(self) -> AsyncRepository[Ruleset]:
        """Who may see where a user is, outside of presence (RFC 6772)."""
        return AsyncRepository(*self._parts(usages.GEOLOCATION_POLICY))

    @property
    def presence(self) -> AsyncRepository[Presence]:
        """A user's presence, set by hand (RFC 4827)."""
        return AsyncRepository(*self._parts(usages.PRESENCE))

    @property
    def status_icon(self) -> AsyncStatusIconRepository:
        """A user's picture (OMA pres-content)."""
        from xcap_sdk.repository.icons import AsyncStatusIconRepository

        return AsyncStatusIconRepository(*self._parts(usages.STATUS_ICON))

    @property
    def user_profile(self) -> AsyncRepository[UserProfiles]:
        """What a user says of himself or herself, for everyone to read (OMA user-profile)."""
        return AsyncRepository(*self._parts(usages.USER_PROFILE))

    @property
    def locked_user_profile(self) -> AsyncRepository[UserProfiles]:
        """What the provider says of a user, for the user to read (OMA locked-user-profile)."""
        return AsyncRepository(*self._parts(usages.LOCKED_USER_PROFILE))

    @property
    def directory(self) -> AsyncDirectoryRepository:
        """Which documents a user has (OMA XDM Core §6.7)."""
        from xcap_sdk.repository.directories import AsyncDirectoryRepository

        return AsyncDirectoryRepository(*self._parts(usages.XCAP_DIRECTORY))

    @property
    def groups(self) -> AsyncRepository[Group]:
        """Groups and who may join them, each document under the name that its author gave it (OMA, 3GPP)."""
        return AsyncRepository(*self._parts(usages.GROUPS))

    @property
    def group_usage_list(self) -> AsyncRepository[ResourceLists]:
        """The groups that a user uses (OMA)."""
        return AsyncRepository(*self._parts(usages.GROUP_USAGE_LIST))

    @property
    def simservs(self) -> AsyncRepository[Simservs]:
        """Diversion, barring and the other supplementary services of IMS telephony (TS 24.623)."""
        return AsyncRepository(*self._parts(usages.SIMSERVS))

    def repository(self, usage: ApplicationUsage[R]) -> AsyncRepository[R]:
        """The documents of any application usage, to be read and edited.

        Args:
            usage: The usage, one's own or one that comes with the SDK.

        Returns:
            Its repository here.

        Raises:
            InvalidInput: The usage is read-only; use `reader`.
        """
        self._usage(usage)
        return AsyncRepository(self._transport, self._session, usage, self._tree, self._xui)

    def reader(self, usage: ApplicationUsage[R]) -> AsyncReadOnlyRepository[R]:
        """The documents of any application usage, to be read only.

        Args:
            usage: The usage, one's own or one that comes with the SDK.

        Returns:
            Its repository here, without what writes.
        """
        self._usage(usage)
        return AsyncReadOnlyRepository(self._transport, self._session, usage, self._tree, self._xui)
