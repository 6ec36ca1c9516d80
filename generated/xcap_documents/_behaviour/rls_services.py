"""What services of resource list servers can do beyond their fields (RFC 4826 §4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from .strings import Strings
from .tracking import HasKey, HoldsItems
from .views import Keyed
from .wildcards import load

if TYPE_CHECKING:
    from xcap_documents.resource_lists import ResourceList
    from xcap_documents.rls_services import ListReference, Packages, Service


class Services(Keyed["Service"]):
    """Services by their URIs, compared letter by letter."""

    __slots__ = ()

    def add(
        self,
        uri: str,
        *,
        resource_list: str | None = None,
        list: ResourceList | None = None,
        packages: Iterable[str] | None = None,
        at: int | None = None,
    ) -> Service:
        """Add a service.

        Args:
            uri: The URI to subscribe to, such as sip:friends-of-alice@example.org: its key.
            resource_list: The absolute URI of the list element that has the members.
            list: The list itself; an empty one if neither is given.
            packages: The event packages that the service takes; None for any.
            at: Before which service, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new service.

        Raises:
            DuplicateKey: The document has a service with this URI already.
            ValueError: Both a reference and a list are given.
        """
        if resource_list is not None and list is not None:
            raise ValueError(f"service {uri!r}: give resource_list or list, not both (RFC 4826 §4.1)")
        service = self._class(uri=uri)
        if resource_list is None:
            service.list = list or load("resource_lists", "ResourceList")()
        else:
            service.resource_list = resource_list
        service.packages = packages
        return self._insert(service, at)

    def ensure(
        self,
        uri: str,
        *,
        resource_list: str | None = None,
        list: ResourceList | None = None,
        packages: Iterable[str] | None = None,
        at: int | None = None,
    ) -> Service:
        """Get the service with this URI, or add it as `add` does; a service that is there stays as it is."""
        found = self._find(uri)
        if found is not None:
            return found
        return self.add(uri, resource_list=resource_list, list=list, packages=packages, at=at)


class EventPackages(Strings):
    """The names of the event packages that a service takes subscriptions to.

    A service that says nothing of packages takes any, which `any` tells from one that takes none.
    """

    __slots__ = ("_service",)

    def __init__(self, service: ServiceBehaviour) -> None:
        super().__init__(self._said, self._made, load("rls_services", "Package"), "value")
        self._service = service

    @property
    def any(self) -> bool:
        """Whether the service takes subscriptions to any package: it says nothing of packages."""
        return self._service.event_packages is None

    def _said(self) -> list[Any]:
        element = self._service.event_packages
        return [] if element is None else element.items

    def _made(self) -> list[Any]:
        if self._service.event_packages is None:
            self._service.event_packages = cast("Packages", load("rls_services", "Packages")())
        return self._service.event_packages.items


class RlsServicesBehaviour(HoldsItems):
    """Mixed into RlsServices."""

    __slots__ = ()

    _views: ClassVar[Mapping[str, str]] = {"Service": "services"}

    @property
    def services(self) -> Services:
        """The services, by their URIs."""
        from xcap_documents.rls_services import Service

        return Services(self, Service)


class ServiceBehaviour(HasKey):
    """Mixed into Service."""

    __slots__ = ()

    if TYPE_CHECKING:
        members: ListReference | ResourceList | None
        event_packages: Packages | None

    _key_field: ClassVar[str] = "uri"
    _shortcuts: ClassVar[Mapping[str, str]] = {"ListReference": "resource_list", "ResourceList": "list"}

    @property
    def resource_list(self) -> str | None:
        """The absolute URI of the list element that has the members; None if the service has a list of its own.

        Setting it takes the place of such a list.
        """
        members, kind = self.members, cast("type[ListReference]", load("rls_services", "ListReference"))
        return members.value if isinstance(members, kind) else None

    @resource_list.setter
    def resource_list(self, uri: str) -> None:
        from xcap_documents.rls_services import ListReference

        if isinstance(self.members, ListReference):
            self.members.value = uri
        else:
            self.members = ListReference(value=uri)

    @property
    def list(self) -> ResourceList | None:
        """The list of the members, if the service has it itself; None if it refers to one elsewhere.

        Setting it takes the place of such a reference.
        """
        members, kind = self.members, cast("type[ResourceList]", load("resource_lists", "ResourceList"))
        return members if isinstance(members, kind) else None

    @list.setter
    def list(self, members: ResourceList) -> None:
        self.members = members

    @property
    def packages(self) -> EventPackages:
        """The event packages that the service takes subscriptions to; adding one makes it take no others.

        Setting None makes it take any again. Setting names replaces those that are there; without names it takes
        none at all.
        """
        return EventPackages(self)

    @packages.setter
    def packages(self, names: Iterable[str] | None) -> None:
        from xcap_documents.rls_services import Package, Packages

        if names is None:
            self.event_packages = None
            return
        if isinstance(names, str):
            raise TypeError(f"packages are several names: [{names!r}]")
        items = [Package(value=name) for name in dict.fromkeys(names)]
        if self.event_packages is None:
            self.event_packages = Packages()
        self.event_packages.items[:] = items

    @packages.deleter
    def packages(self) -> None:
        self.event_packages = None

    def accepts(self, package: str) -> bool:
        """Whether the service takes subscriptions to an event package (RFC 4826 §4.1, §4.5).

        Args:
            package: Its name, such as presence; names are compared letter by letter.
        """
        packages = self.packages
        return packages.any or package in (name.strip() for name in packages)
