"""Elements of other namespaces, as attributes of the element that holds them: presence is made of them (RFC 4479)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, overload

from .periods import moment, stamp
from .wildcards import find_all_in, find_in, is_of, load, put_in

if TYPE_CHECKING:
    from datetime import datetime
    from enum import Enum
    from typing import Self

T = TypeVar("T")
V = TypeVar("V")


class HoldsExtensions:
    """A class whose field ``extensions`` holds elements of other namespaces, in any order."""

    __slots__ = ()

    if TYPE_CHECKING:
        extensions: list[object]

    def find(self, kind: type[T]) -> T | None:
        """The first element of a class among those of other namespaces; None if there is none.

        Args:
            kind: The class, such as `xcap_documents.rpid.Mood`.
        """
        return find_in(self.extensions, kind)

    def find_all(self, kind: type[T]) -> list[T]:
        """All elements of a class among those of other namespaces, in document order."""
        return find_all_in(self.extensions, kind)

    def put(self, element: T) -> T:
        """Put in an element of another namespace: in the place of all of its class, or behind all others.

        Several of one class are put in by ``extensions.append``.

        Returns:
            The element.
        """
        return put_in(self.extensions, element)

    def drop(self, kind: type[object]) -> bool:
        """Take out all elements of a class.

        Returns:
            Whether there was any.
        """
        kept = [item for item in self.extensions if not is_of(item, kind)]
        gone = len(kept) != len(self.extensions)
        if gone:
            self.extensions[:] = kept
        return gone


class Said(Generic[V]):
    """What the first element of one class says; None where it is missing.

    Setting it changes the element, whose attributes stay, or makes it; None takes all of its class out.

    Args:
        module: The module of the element's class.
        kind: The name of the element's class.
        field: The field of the class that says it.
    """

    def __init__(self, module: str, kind: str, field: str = "value") -> None:
        self._module = module
        self._kind = kind
        self._field = field
        self._name = kind

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, holder: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, holder: HoldsExtensions, owner: type[Any]) -> V | None: ...
    def __get__(self, holder: HoldsExtensions | None, owner: type[Any]) -> Self | V | None:
        if holder is None:
            return self
        found = holder.find(self._class())
        return None if found is None else self._read(getattr(found, self._field))

    def __delete__(self, holder: HoldsExtensions) -> None:
        holder.drop(self._class())

    def _class(self) -> Any:
        return load(self._module, self._kind)

    def _read(self, value: Any) -> V | None:
        return value

    def _set(self, holder: HoldsExtensions, value: Any) -> None:
        if value is None:
            holder.drop(self._class())
            return
        found = holder.find(self._class())
        if found is None:
            holder.put(self._class()(**{self._field: value}))
        else:
            setattr(found, self._field, value)


class Text(Said[str]):
    """An element that is a text."""

    def __set__(self, holder: HoldsExtensions, value: str | None) -> None:
        if value is not None and not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped
            raise TypeError(f"{self._name} takes a text or None, not {value!r}")
        self._set(holder, value)


class Token(Text):
    """An element that is a URI or a token, around which white space counts for nothing."""

    def _read(self, value: Any) -> str | None:
        return value.strip() if isinstance(value, str) else None


class Number(Said[int]):
    """An element that is a whole number; None where it holds something else."""

    def _read(self, value: Any) -> int | None:
        return value if isinstance(value, int) else None

    def __set__(self, holder: HoldsExtensions, value: int | None) -> None:
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped
            raise TypeError(f"{self._name} takes a whole number or None, not {value!r}")
        self._set(holder, value)


class Moment:
    """A moment that a field of an element holds, as a datetime; None where it is missing.

    Reading raises ValueError for a moment that no datetime can hold; the field has it as it is. Setting raises
    ValueError for a datetime without a time zone.

    Args:
        field: The field.
    """

    def __init__(self, field: str) -> None:
        self._field = field
        self._name = field

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, holder: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, holder: object, owner: type[Any]) -> datetime | None: ...
    def __get__(self, holder: object | None, owner: type[Any]) -> Self | datetime | None:
        if holder is None:
            return self
        element = self._found(holder)
        value: Any = None if element is None else getattr(element, self._field)
        raw = f"The field {self._field} of the element has what the document says."
        return None if value is None else moment(value, self._name, raw)

    def __set__(self, holder: Any, value: datetime | None) -> None:
        if value is not None:
            written = stamp(value)
            setattr(self._made(holder), self._field, written)
        elif self._found(holder) is not None:
            setattr(self._found(holder), self._field, None)

    def _found(self, holder: Any) -> Any:
        """The element that has the field; None if it is not there."""
        return holder

    def _made(self, holder: Any) -> Any:
        """The element that has the field, made if need be."""
        return holder


def chosen(values: Any, name: str, value: Enum | str) -> Any:
    """A value of an enum, from itself or from its text.

    Raises:
        ValueError: It is none; says which there are.
    """
    try:
        return values(value)
    except ValueError:
        allowed = ", ".join(repr(each.value) for each in values)
        raise ValueError(f"{name} is one of {allowed}, not {value!r}") from None


class HoldsNotes:
    """A class whose field ``notes`` holds remarks for people."""

    __slots__ = ()

    _note_class: ClassVar[tuple[str, str]]

    if TYPE_CHECKING:
        notes: list[Any]

    @property
    def note(self) -> str | None:
        """The text of the first note; None if there is none.

        Setting it keeps the language that the note has, and the other notes. Setting None, or deleting it, takes
        all notes away.
        """
        return cast("str", self.notes[0].value) if self.notes else None

    @note.setter
    def note(self, text: str | None) -> None:
        if text is None:
            self.notes.clear()
        elif self.notes:
            self.notes[0].value = text
        else:
            self.add_note(text)

    @note.deleter
    def note(self) -> None:
        self.notes.clear()

    def add_note(self, text: str, *, lang: str | None = None) -> None:
        """Add a note behind the others.

        Args:
            text: The remark.
            lang: Its language, such as ``en`` or ``pt-BR``.
        """
        self.notes.append(load(*self._note_class)(value=text, lang=lang))
