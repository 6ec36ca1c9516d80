"""What persons and devices can do beyond their fields (RFC 4479): rich presence and contacts as attributes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from .extensions import HoldsExtensions, HoldsNotes, Moment, Number, Said, Text, Token, chosen
from .periods import stamp
from .rpid_choices import PlaceProperties, SphereName
from .rpid_values import ActivityNames, MoodNames, PlaceNames, PrivacyNames
from .tracking import HasKey
from .wildcards import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xsdata.models.datatype import XmlDateTime

    from xcap_documents.rpid import ActiveIdle

    from .enum_texts import ActiveIdleText
    from .rpid_names import Activity, Feeling, Medium, Place


class _Input(Said["ActiveIdle"]):
    """The state of the input; None where it is missing, or says neither."""

    def _read(self, value: Any) -> ActiveIdle | None:
        return value if isinstance(value, load("rpid", "ActiveIdle")) else None

    def __set__(self, holder: HoldsExtensions, value: ActiveIdle | ActiveIdleText | None) -> None:
        self._set(holder, None if value is None else chosen(load("rpid", "ActiveIdle"), self._name, value))


class _InputMoment(Moment):
    """A moment of the input."""

    def _found(self, holder: HoldsExtensions) -> Any:
        return holder.find(load("rpid", "RpidUserInput"))

    def _made(self, holder: HoldsExtensions) -> Any:
        return _needed(self._found(holder), self._name)


class _InputNumber:
    """After how many seconds the input counts as idle."""

    def __get__(self, holder: HoldsExtensions, owner: type[Any]) -> int | None:
        value: Any = getattr(holder.find(load("rpid", "RpidUserInput")), "idle_threshold", None)
        return value if isinstance(value, int) else None

    def __set__(self, holder: HoldsExtensions, value: int | None) -> None:
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped
            raise TypeError(f"idle_threshold takes a whole number of seconds or None, not {value!r}")
        found = holder.find(load("rpid", "RpidUserInput"))
        if found is not None or value is not None:
            _needed(found, "idle_threshold").idle_threshold = value


def _needed(found: Any, name: str) -> Any:
    if found is None:
        raise ValueError(
            f"{name} is part of user_input, which is not there: set user_input to 'active' or 'idle' first"
        )
    return found


class Stamped:
    """A class whose field ``timestamp`` says when it last changed."""

    __slots__ = ()

    if TYPE_CHECKING:
        timestamp: XmlDateTime | None

    changed: Moment = Moment("timestamp")
    """The timestamp as a datetime; None if there is none. Set it to one with a time zone, or call `touch`."""

    def touch(self) -> None:
        """Set the timestamp to now."""
        self.timestamp = stamp(datetime.now(UTC).replace(microsecond=0))


class Used(HoldsExtensions):
    """What can be said of persons, services and devices alike (RFC 4480 §3.3, §3.13)."""

    __slots__ = ()

    class_: Token = Token("rpid", "Class")
    """A group of one's own, to which privacy rules refer."""
    user_input: _Input = _Input("rpid", "RpidUserInput")
    """Whether it is being used: an `ActiveIdle`, or its text, "active" or "idle"."""
    last_input: _InputMoment = _InputMoment("last_input")
    """When the last input was, as a datetime with a time zone; part of `user_input`."""
    idle_threshold: _InputNumber = _InputNumber()
    """After how many seconds without input it counts as idle; part of `user_input`."""


class Shown(HoldsExtensions):
    """What can be said of persons and services alike: what to show of them (RFC 4480 §3.7, §3.11; RFC 4482)."""

    __slots__ = ()

    status_icon: Token = Token("rpid", "RpidStatusIcon")
    """The URI of a picture that shows the status."""
    card: Token = Token("cipid", "Card")
    """The URI of a business card, such as a vCard."""
    display_name: Text = Text("cipid", "CipidDisplayName")
    """The name to show to people."""
    homepage: Token = Token("cipid", "Homepage")
    """The URI of the home page."""
    icon: Token = Token("cipid", "Icon")
    """The URI of a picture of the person."""
    map: Token = Token("cipid", "Map")
    """The URI of a map of the place."""
    sound: Token = Token("cipid", "Sound")
    """The URI of a sound that stands for the person."""

    @property
    def privacy(self) -> PrivacyNames:
        """Which media others are unlikely to overhear; takes names, or None."""
        return PrivacyNames(self)

    @privacy.setter
    def privacy(self, names: Medium | Iterable[Medium] | None) -> None:
        self.privacy.assign(names)

    @privacy.deleter
    def privacy(self) -> None:
        self.privacy.assign(None)


class PersonBehaviour(HasKey, HoldsNotes, Stamped, Used, Shown):
    """Mixed into Person.

    Reading what the person does not say gives None or an empty view; writing makes what is missing. Setting None,
    or deleting it, takes the element out.
    """

    __slots__ = ()

    _key_field: ClassVar[str] = "id"
    _note_class: ClassVar[tuple[str, str]] = ("pidf_data_model", "ModelNote")

    @property
    def activities(self) -> ActivityNames:
        """What the person is doing; takes names, or None."""
        return ActivityNames(self)

    @activities.setter
    def activities(self, names: Activity | Iterable[Activity] | None) -> None:
        self.activities.assign(names)

    @activities.deleter
    def activities(self) -> None:
        self.activities.assign(None)

    @property
    def mood(self) -> MoodNames:
        """How the person feels; takes names, or None."""
        return MoodNames(self)

    @mood.setter
    def mood(self, names: Feeling | Iterable[Feeling] | None) -> None:
        self.mood.assign(names)

    @mood.deleter
    def mood(self) -> None:
        self.mood.assign(None)

    @property
    def place_type(self) -> PlaceNames:
        """What kind of place the person is at; takes names of RFC 4589, or None."""
        return PlaceNames(self)

    @place_type.setter
    def place_type(self, names: Place | Iterable[Place] | None) -> None:
        self.place_type.assign(names)

    @place_type.deleter
    def place_type(self) -> None:
        self.place_type.assign(None)

    @property
    def place_is(self) -> PlaceProperties:
        """What the place is like for audio, video and text; ``del`` takes it away."""
        return PlaceProperties(self)

    @place_is.deleter
    def place_is(self) -> None:
        self.drop(load("rpid", "PlaceIs"))

    sphere: SphereName = SphereName("RpidSphere")
    """In which role the person acts: "home", "work" or "unknown"."""
    time_offset: Number = Number("rpid", "TimeOffset")
    """How many minutes the person's local time is ahead of UTC."""


class DeviceBehaviour(HasKey, HoldsNotes, Stamped, Used):
    """Mixed into Device."""

    __slots__ = ()

    _key_field: ClassVar[str] = "id"
    _note_class: ClassVar[tuple[str, str]] = ("pidf_data_model", "ModelNote")
