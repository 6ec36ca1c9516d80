"""What services can do beyond their fields (RFC 3863): status, contact and rich presence as attributes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, cast

from .extensions import HoldsNotes, chosen
from .persons import Shown, Stamped, Used
from .rpid_choices import RelationshipName, ServiceClassName
from .strings import Strings
from .tracking import HasKey
from .wildcards import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xcap_documents.pidf import Basic, Contact, Status

    from .enum_texts import BasicText


class DeviceIds(Strings):
    """The devices that a service runs on, by their URNs, around which white space counts for nothing."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return (text.strip() for text in super().__iter__())

    def discard(self, value: str) -> None:
        """Take out a device, if it is there."""
        items = self._read()
        items[:] = [item for item in items if not (isinstance(item, self._kind) and item.value.strip() == value)]


class TupleBehaviour(HasKey, HoldsNotes, Stamped, Used, Shown):
    """Mixed into Tuple.

    Reading what the service does not say gives None or an empty view; writing makes what is missing. Setting None,
    or deleting it, takes the element out.
    """

    __slots__ = ()

    _key_field: ClassVar[str] = "id"
    _note_class: ClassVar[tuple[str, str]] = ("pidf", "Note")

    if TYPE_CHECKING:
        status: Status | None  # it is required, and a document may lack it
        contact: Contact | None

    @property
    def basic(self) -> Basic | None:
        """Whether the service takes communication; takes a `Basic` or its text, "open" or "closed".

        None if the document says nothing, or something else.
        """
        value: object = self.status.basic if self.status is not None else None
        return value if isinstance(value, load("pidf", "Basic")) else None

    @basic.setter
    def basic(self, value: Basic | BasicText | None) -> None:
        new = None if value is None else chosen(load("pidf", "Basic"), "basic", value)
        if self.status is None:
            self.status = cast("Status", load("pidf", "Status")())
        self.status.basic = new

    @property
    def contact_uri(self) -> str | None:
        """Where the service is reached; None if the document does not say.

        Setting it keeps the contact's priority. Setting None takes the contact away.
        """
        return None if self.contact is None else self.contact.value.strip()

    @contact_uri.setter
    def contact_uri(self, uri: str | None) -> None:
        if uri is None:
            self.contact = None
        elif self.contact is None:
            self.contact = load("pidf", "Contact")(value=uri)
        else:
            self.contact.value = uri

    @property
    def priority(self) -> Decimal | None:
        """How much the contact is preferred to others, from 0 to 1; None if the document does not say.

        Takes numbers with at most three decimals (RFC 3863 §4.1.5); others are a ValueError, and so is a
        priority without a contact.
        """
        text = None if self.contact is None else self.contact.priority
        try:
            return None if text is None else Decimal(text.strip())
        except InvalidOperation:
            return None

    @priority.setter
    def priority(self, value: Decimal | float | str | None) -> None:
        text = None if value is None else q_value(value)
        if self.contact is not None:
            self.contact.priority = text
        elif text is not None:
            raise ValueError("a priority belongs to a contact, which is not there: set contact_uri first")

    @property
    def device_ids(self) -> DeviceIds:
        """The devices that the service runs on, by the URNs that their `device_id` has: a live set; takes any URNs."""
        return DeviceIds(self._extensions, self._extensions, load("pidf_data_model", "DeviceId"), "value")

    @device_ids.setter
    def device_ids(self, urns: Iterable[str]) -> None:
        wanted, said = list(urns), self.device_ids
        for urn in list(said):
            if urn not in wanted:
                said.discard(urn)
        said.update(wanted)

    relationship: RelationshipName = RelationshipName("Relationship")
    """How the one who is reached is related to the entity, such as "assistant" or "family"."""
    service_class: ServiceClassName = ServiceClassName("ServiceClass")
    """How the service delivers, such as "electronic" or "postal"."""

    def _extensions(self) -> list[Any]:
        self.find_all(load("pidf_data_model", "DeviceId"))  # those read without their class become typed
        return self.extensions


def q_value(value: Decimal | float | str) -> str:
    """A priority as a document has it.

    Raises:
        ValueError: It is no number from 0 to 1 with at most three decimals.
    """
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not (number.is_finite() and 0 <= number <= 1 and number == round(number, 3)):
        raise ValueError(f"a priority is a number from 0 to 1 with at most three decimals, not {value!r}")
    return f"{abs(number.normalize()):f}"
