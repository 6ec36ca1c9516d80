"""The services of a simservs document as attributes, whether or not the document has them yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from .strings import Strings
from .supplementary import Barring, Diverting, Part, Restricting
from .wildcards import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from xcap_documents.simservs import (
        CommunicationBarring,
        CommunicationDiversion,
        FlexibleAlertingSpecific,
        IdentityRestriction,
        SupplementaryService,
    )

S = TypeVar("S")
V = TypeVar("V", bound="Service[Any]")

_CAPABILITIES = {
    "CommunicationDiversionServCap": {
        "serv_cap_conditions": "DiversionConditions",
        "serv_cap_actions": "DiversionActions",
    },
    "CommunicationBarringServCap": {"serv_cap_conditions": "BarringConditions"},
}
_OTHERWISE = ("media", "target")  # what has a form of its own


class Service(Part, Generic[S]):
    """A service of a document: reads as absent where the document does not have it, and is made on write.

    If a document has a service twice, this is the first.
    """

    __slots__ = ("_document", "_kind")

    def __init__(self, document: Any, kind: str) -> None:
        self._document = document
        self._kind = kind

    @property
    def element(self) -> S | None:
        """The service's own object; None if the document does not have it."""
        return self._read()

    @property
    def said(self) -> bool:
        """Whether the document has the service at all."""
        return self._read() is not None

    @property
    def active(self) -> bool:
        """Whether the service is there and on; so it is where it is there and does not say (TS 24.623).

        Setting it to True or False makes the service; ``del`` of the service takes it out.
        """
        element = self._read()
        return element is not None and element.active is True

    @active.setter
    def active(self, value: bool) -> None:
        if not isinstance(value, bool):  # pyright: ignore[reportUnnecessaryIsInstance] - "false" would be true
            raise TypeError(f"active takes True or False, not {value!r}")
        self._write().active = value

    def __bool__(self) -> bool:
        """Whether the service is there and on."""
        return self.active

    def __repr__(self) -> str:
        return f"<{self._kind}: {'active' if self.active else 'inactive' if self.said else 'absent'}>"

    def _read(self) -> Any:
        kind = load("simservs", self._kind)
        return next((item for item in self._document.items if isinstance(item, kind)), None)

    def _write(self) -> Any:
        found = self._read()
        if found is None:  # the schema takes the services in any order
            found = load("simservs", self._kind)()
            self._document.items.append(found)
        return found

    def _beside(self) -> Iterator[tuple[str, Any]]:
        own = self._read()
        for item in self._document.items:
            if item is not own and getattr(item, "ruleset", None) is not None:
                shortcuts = SimservsBehaviour._shortcuts  # pyright: ignore[reportPrivateUsage] - of this module
                yield shortcuts[type(item).__name__], item

    def _called(self) -> str:
        return self._kind


class Switch(Service["SupplementaryService"]):
    """A service that is on or off, and no more."""

    __slots__ = ()


class Diversion(Service["CommunicationDiversion"], Diverting):
    """Communication diversion (TS 24.604)."""

    __slots__ = ()

    @property
    def no_reply_timer(self) -> int | None:
        """For how many seconds it rings before nobody answers, 5 to 180; None if the document does not say."""
        element = self._read()
        found = None if element is None else element.no_reply_timer
        return found if isinstance(found, int) else None

    @no_reply_timer.setter
    def no_reply_timer(self, value: int | None) -> None:
        if value is not None or self.said:
            self._write().no_reply_timer = value


class BarringService(Service["CommunicationBarring"], Barring):
    """Communication barring (TS 24.611)."""

    __slots__ = ()


class Restriction(Service["IdentityRestriction"], Restricting):
    """Restriction of the presentation of an identity (TS 24.607, TS 24.608)."""

    __slots__ = ()


class AlertingGroups(Service["FlexibleAlertingSpecific"]):
    """Flexible alerting by groups (TS 24.239)."""

    __slots__ = ()

    @property
    def groups(self) -> Strings:
        """The URIs of the groups, as a live set; `element` also says which of them are active."""

        def read() -> list[Any]:
            element = self._read()
            return [] if element is None else element.identity

        return Strings(read, lambda: self._write().identity, load("simservs", "AlertingIdentity"), "value")


class Capabilities(Service["SupplementaryService"]):
    """What the network lets the user do with the rules of a service: the operator writes it, users read it."""

    __slots__ = ()

    def allows(self, name: str) -> bool:
        """Whether rules may have a condition, or say something in their action.

        Args:
            name: Its element's name, such as ``busy``, ``presence-status`` or ``notify-caller``.

        Returns:
            False only where the document says that it is not provisioned.

        Raises:
            ValueError: There is nothing of this name that the document could speak of.
        """
        names: list[str] = []
        for part, kind in _CAPABILITIES[self._kind].items():
            for each in fields(load("simservs", kind)):
                names.append(each.metadata["name"].removeprefix("serv-cap-"))
                if names[-1] == name and name not in _OTHERWISE:
                    said = getattr(getattr(self._read(), part, None), each.name, None)
                    return getattr(said, "provisioned", True) is not False
        known = ", ".join(repr(each) for each in names if each not in _OTHERWISE)
        raise ValueError(f"capabilities are said of {known}, not of {name!r}")

    @property
    def media(self) -> tuple[str, ...] | None:
        """The media that rules may be about; none for no media, None for all, or if the document does not say."""
        said = getattr(getattr(self._read(), "serv_cap_conditions", None), "serv_cap_media", None)
        items: list[Any] = [] if said is None else said.items
        if any(isinstance(item, load("simservs", "NoMedia")) for item in items):
            return ()
        return tuple(item for item in items if isinstance(item, str)) or None

    @property
    def only_telephone_numbers(self) -> bool:
        """Whether calls can only be diverted to telephone numbers."""
        said = getattr(getattr(self._read(), "serv_cap_actions", None), "serv_cap_target", None)
        return said is not None and isinstance(said.kind, load("simservs", "TelephonyTarget"))


class At(Generic[V]):
    """Where a service is in a document.

    Args:
        view: The class of its view.
        kind: The name of its element's class.
    """

    def __init__(self, view: Callable[[Any, str], V], kind: str) -> None:
        self._view = view
        self._kind = kind
        self._name = kind

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, document: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, document: object, owner: type[Any]) -> V: ...
    def __get__(self, document: object | None, owner: type[Any]) -> Self | V:
        return self if document is None else self._view(document, self._kind)

    def __set__(self, document: Any, value: SupplementaryService | None) -> None:
        kind = load("simservs", self._kind)
        if value is not None and not isinstance(value, kind):
            raise TypeError(f"{self._name} takes a {self._kind} or None, not {value!r}")
        items: list[Any] = document.items
        places = [place for place, item in enumerate(items) if isinstance(item, kind)]
        if value is None:
            items[:] = [item for item in items if not isinstance(item, kind)]
        elif places:
            items[places[0]] = value
            for place in reversed(places[1:]):
                del items[place]
        else:
            items.append(value)

    def __delete__(self, document: Any) -> None:
        self.__set__(document, None)


class SimservsBehaviour:
    """Mixed into Simservs: each service, whether or not the document has it yet.

    A service that is not there reads as inactive, with no rules; writing makes it. ``del`` takes it out.
    """

    __slots__ = ()

    _shortcuts: ClassVar[Mapping[str, str]] = {
        "OriginatingIdentityPresentation": "originating_identity_presentation",
        "OriginatingIdentityPresentationRestriction": "originating_identity_restriction",
        "TerminatingIdentityPresentation": "terminating_identity_presentation",
        "TerminatingIdentityPresentationRestriction": "terminating_identity_restriction",
        "CommunicationDiversion": "diversion",
        "IncomingCommunicationBarring": "incoming_barring",
        "OutgoingCommunicationBarring": "outgoing_barring",
        "CommunicationWaiting": "communication_waiting",
        "FlexibleAlertingDefault": "flexible_alerting_default",
        "FlexibleAlertingSpecific": "flexible_alerting",
        "CommunicationDiversionServCap": "diversion_capabilities",
        "CommunicationBarringServCap": "barring_capabilities",
    }

    originating_identity_presentation: At[Switch] = At(Switch, "OriginatingIdentityPresentation")
    """OIP: the user sees who calls."""

    originating_identity_restriction: At[Restriction] = At(Restriction, "OriginatingIdentityPresentationRestriction")
    """OIR: the user can hide who is calling."""

    terminating_identity_presentation: At[Switch] = At(Switch, "TerminatingIdentityPresentation")
    """TIP: the user sees who was reached."""

    terminating_identity_restriction: At[Restriction] = At(Restriction, "TerminatingIdentityPresentationRestriction")
    """TIR: the user can hide who was reached."""

    diversion: At[Diversion] = At(Diversion, "CommunicationDiversion")
    """CDIV: calls to the user go elsewhere, as rules say."""

    incoming_barring: At[BarringService] = At(BarringService, "IncomingCommunicationBarring")
    """ICB: some calls to the user are refused, as rules say."""

    outgoing_barring: At[BarringService] = At(BarringService, "OutgoingCommunicationBarring")
    """OCB: some calls of the user are refused, as rules say."""

    communication_waiting: At[Switch] = At(Switch, "CommunicationWaiting")
    """CW: a user who is busy hears of further calls."""

    flexible_alerting_default: At[Switch] = At(Switch, "FlexibleAlertingDefault")
    """FA: the user rings with the groups that the operator assigned."""

    flexible_alerting: At[AlertingGroups] = At(AlertingGroups, "FlexibleAlertingSpecific")
    """FA: in which groups of terminals that ring together the user is."""

    diversion_capabilities: At[Capabilities] = At(Capabilities, "CommunicationDiversionServCap")
    """What the network lets the user do with diversions."""

    barring_capabilities: At[Capabilities] = At(Capabilities, "CommunicationBarringServCap")
    """What the network lets the user do with barrings."""
