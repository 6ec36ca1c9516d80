"""What presence documents can do beyond their fields (RFC 3863, RFC 4479): services, persons, devices by their ids."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from .errors import DuplicateKey
from .extensions import HoldsExtensions, HoldsNotes
from .services import q_value
from .tracking import HoldsItems
from .views import Keyed
from .wildcards import find_all_in, load

if TYPE_CHECKING:
    from decimal import Decimal

    from xcap_documents.pidf import Basic, Tuple
    from xcap_documents.pidf_data_model import Device, Person

    from .enum_texts import BasicText

T = TypeVar("T")


class _WithIds(Keyed[T]):
    """Elements whose ids nothing else in the document may have: services, persons and devices share them."""

    __slots__ = ()

    def _insert(self, item: T, at: int | None) -> T:
        self._check_others(item)
        return super()._insert(item, at)

    def _check_others(self, item: T) -> None:
        key = self._key(self._checked(item))
        for view in (self._owner.tuples, self._owner.persons, self._owner.devices):
            if type(view) is not type(self) and key is not None and key in view:
                raise DuplicateKey(
                    f"{view[key].__class__.__name__} has the id {key!r} already, and ids are unique in the whole "
                    "document: choose another, or leave it out to have one made",
                    key=key,
                )


class Tuples(_WithIds["Tuple"]):
    """Services by their ids."""

    __slots__ = ()

    def add(
        self,
        id: str | None = None,
        *,
        basic: Basic | BasicText | None = None,
        contact: str | None = None,
        priority: Decimal | float | str | None = None,
        at: int | None = None,
    ) -> Tuple:
        """Add a service.

        Args:
            id: Its key: an XML name without a colon, which must not start with a digit; None to have one made.
            basic: Whether it takes communication: "open" or "closed".
            contact: The URI where it is reached.
            priority: How much the contact is preferred to others: 0 to 1, with at most three decimals.
            at: Before which service, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new service.

        Raises:
            DuplicateKey: A service, person or device has the id already.
            ValueError: The priority is none, or there is no contact for it; or basic is neither of the two.
        """
        new: Tuple = self._class(id=self._owner.new_id("t") if id is None else id, status=load("pidf", "Status")())
        new.basic = basic
        new.contact_uri = contact
        new.priority = None if priority is None else q_value(priority)
        return self._insert(new, at)

    def ensure(
        self,
        id: str,
        *,
        basic: Basic | BasicText | None = None,
        contact: str | None = None,
        priority: Decimal | float | str | None = None,
        at: int | None = None,
    ) -> Tuple:
        """Get the service with this id, or add it as `add` does; one that is there stays as it is."""
        found = self._find(id)
        return self.add(id, basic=basic, contact=contact, priority=priority, at=at) if found is None else found


class _InExtensions(_WithIds[T]):
    """Elements behind the wildcard of a presence document."""

    __slots__ = ()

    def _found(self) -> list[Any]:
        find_all_in(self._owner.extensions, self._class)  # those read without their class become typed
        return self._owner.extensions

    def _made(self) -> list[Any]:
        return self._found()


class Persons(_InExtensions["Person"]):
    """Persons by their ids; a presence document should have one (RFC 4479 §3.2)."""

    __slots__ = ()

    def add(self, id: str | None = None, *, at: int | None = None) -> Person:
        """Add a person.

        Args:
            id: Its key: an XML name without a colon, which must not start with a digit; None to have one made.
            at: Before which person, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new person.

        Raises:
            DuplicateKey: A service, person or device has the id already.
        """
        return self._insert(self._class(id=self._owner.new_id("p") if id is None else id), at)

    def ensure(self, id: str | None = None) -> Person:
        """Get the person with this id, or the first if no id is given, or add one as `add` does."""
        found = next(iter(self), None) if id is None else self._find(id)
        return self.add(id) if found is None else found


class Devices(_InExtensions["Device"]):
    """Devices by their ids."""

    __slots__ = ()

    def add(
        self,
        device_id: str,
        *,
        id: str | None = None,
        at: int | None = None,
    ) -> Device:
        """Add a device.

        Args:
            device_id: Its URN, such as urn:uuid:…, by which services refer to it.
            id: Its key: an XML name without a colon, which must not start with a digit; None to have one made.
            at: Before which device, counted from 0 or from -1 backwards; None for behind all.

        Returns:
            The new device.

        Raises:
            DuplicateKey: A service, person or device has the id already.
        """
        key = self._owner.new_id("d") if id is None else id
        return self._insert(self._class(id=key, device_id=device_id), at)

    def ensure(self, device_id: str) -> Device:
        """Get the device with this URN, or add it as `add` does."""
        found = self.by_device_id(device_id)
        return self.add(device_id) if found is None else found

    def by_device_id(self, device_id: str) -> Device | None:
        """The device with this URN, around which white space counts for nothing; None if there is none."""
        wanted = device_id.strip()
        return next((device for device in self if (device.device_id or "").strip() == wanted), None)


class PresenceBehaviour(HoldsItems, HoldsExtensions, HoldsNotes):
    """Mixed into Presence."""

    __slots__ = ()

    _views: ClassVar[Mapping[str, str]] = {"Tuple": "tuples"}
    _extension_views: ClassVar[Mapping[str, str]] = {"Person": "persons", "Device": "devices"}
    _note_class: ClassVar[tuple[str, str]] = ("pidf", "Note")

    if TYPE_CHECKING:
        entity: str

    @property
    def tuples(self) -> Tuples:
        """The services through which the entity can be reached, by their ids."""
        return Tuples(self, load("pidf", "Tuple"))

    @property
    def persons(self) -> Persons:
        """What is said of the person, by ids (RFC 4479 §3.2)."""
        return Persons(self, load("pidf_data_model", "Person"))

    @property
    def devices(self) -> Devices:
        """What is said of devices, by ids (RFC 4479 §3.4)."""
        return Devices(self, load("pidf_data_model", "Device"))

    def is_about(self, user: str) -> bool:
        """Whether it is this user's presence, whether the entity is written as a pres:, sip: or sips: URI.

        Args:
            user: The user's URI, such as sip:alice@example.org.
        """
        return _without_scheme(self.entity or "") == _without_scheme(user)

    def new_id(self, prefix: str = "i") -> str:
        """Make an id that no service, person or device of the document has, nor, likely, of any other version of it.

        Args:
            prefix: What it starts with: a letter or an underscore.
        """
        while True:
            made = f"{prefix}{secrets.token_hex(6)}"
            if not any(made in view for view in (self.tuples, self.persons, self.devices)):
                return made


def _without_scheme(uri: str) -> str:
    scheme, _, rest = uri.strip().partition(":")
    return rest if scheme.lower() in {"pres", "sip", "sips"} else uri.strip()
