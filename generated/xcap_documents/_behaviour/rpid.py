"""Rich presence as attributes of a person or service (RFC 4480): names instead of empty elements.

Each view shows the first element of its kind, and makes it on write; of several, which are to hold at different
times, ``find_all`` of the person or service gives the others.
"""

from __future__ import annotations

import copy
import difflib
from collections.abc import Iterable, Iterator, MutableSet
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from .extensions import HoldsExtensions, HoldsNotes, Moment
from .wildcards import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from xcap_documents.rpid import RpidNote

N = TypeVar("N", bound=str)

UNKNOWN = "unknown"
OTHER = "other"
_LISTED = 8  # names that an error lists at most


@cache
def values_of(kind: type[Any], field: str = "items") -> dict[str, type[Any]]:
    """The empty elements that a class chooses from, by their names in the order of the schema."""
    choices: Any = next(each.metadata["choices"] for each in fields(kind) if each.name == field)
    note = load("rpid", "RpidNote")
    return {each["name"]: each["type"] for each in choices if "name" in each and each["type"] is not note}


def unknown_name(view: str, name: object, names: Iterable[str], hint: str = "") -> ValueError:
    """The error for a name that is none."""
    known = list(names)
    close = difflib.get_close_matches(str(name), known, n=3)
    if close:
        which = f"did you mean {' or '.join(map(repr, close))}?"
    elif len(known) > _LISTED:
        which = f"there are {len(known)}, such as {', '.join(map(repr, known[:3]))}; .known has all."
    else:
        which = f"there are {', '.join(map(repr, known))}."
    return ValueError(f"{view} has no {name!r}: {which}{hint}")


class _ViewMoment(Moment):
    """A moment of the element that a view shows."""

    def _found(self, holder: Rich) -> Any:
        return holder.element

    def _made(self, holder: Rich) -> Any:
        return holder._made()  # pyright: ignore[reportPrivateUsage] - of this module


class Rich(HoldsNotes):
    """One element of rich presence, there or not.

    Args:
        owner: The person or service.
    """

    __slots__ = ("_owner",)

    _kind: ClassVar[str]
    _note_class: ClassVar[tuple[str, str]] = ("rpid", "RpidNote")

    from_: _ViewMoment = _ViewMoment("from_")
    """When it started or will start, as a datetime with a time zone; None if that is not said."""
    until: _ViewMoment = _ViewMoment("until")
    """Until when it is expected to hold, as a datetime with a time zone; None if that is not said."""

    def __init__(self, owner: HoldsExtensions) -> None:
        self._owner = owner

    @property
    def element(self) -> Any:
        """The element itself, of a class of `xcap_documents.rpid`; None if it is not there."""
        return self._owner.find(load("rpid", self._kind))

    @property
    def said(self) -> bool:
        """Whether the element is there at all."""
        return self.element is not None

    @property
    def notes(self) -> list[RpidNote]:  # pyright: ignore[reportIncompatibleVariableOverride] - of the element
        """The remarks for people; an empty list of no consequence if the element is not there."""
        return self.element.notes if self.said else []

    def add_note(self, text: str, *, lang: str | None = None) -> None:
        """Add a note behind the others; an element that says nothing else says that the rest is unknown.

        Args:
            text: The remark.
            lang: Its language, such as ``en`` or ``pt-BR``.
        """
        self._made()
        super().add_note(text, lang=lang)

    def _made(self) -> Any:
        """The element; made if need be, in a form that the schema allows."""
        found = self.element
        if found is None:
            found = self._owner.put(load("rpid", self._kind)())
            self._fill(found)
        return found

    def _fill(self, element: Any) -> None:
        """Put in what the schema asks for at least."""

    def _tidy(self) -> None:
        """Take the element away if it says nothing any more, or put in what the schema asks for at least."""
        element = self.element
        if element == load("rpid", self._kind)():
            self._owner.extensions[:] = [item for item in self._owner.extensions if item is not element]
        elif element is not None:
            self._fill(element)


class Names(Rich, MutableSet[N], Generic[N]):
    """What a person or service says by several names; a live set of them, in document order.

    `other` holds a text of one's own, `foreign` what other namespaces define. ``unknown`` excludes all the rest, and
    goes when something is added.
    """

    __slots__ = ()

    _blank: ClassVar[str | None] = None
    """What the schema asks for where nothing is said."""

    @classmethod
    def _from_iterable(cls, it: Iterable[Any]) -> set[Any]:  # pyright: ignore[reportIncompatibleMethodOverride]
        # What & | - ^ give is no view of anything.
        return set(it)

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def __iter__(self) -> Iterator[N]:
        return iter([cast("N", name) for name in map(self._name, self._items()) if name is not None])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __bool__(self) -> bool:
        """Whether anything is said: by a name, a text of one's own or an element of another namespace."""
        return bool(self._items())

    def __repr__(self) -> str:
        if not self.said:
            return f"<{self._kind}, not said>"
        other = [] if self.other is None else [f"other={self.other!r}"]
        return f"<{self._kind}: {', '.join([*map(repr, self), *other, *map(repr, self.foreign)])}>"

    def add(self, value: N) -> None:
        """Add a name, if it is not there.

        Raises:
            ValueError: There is no such name; says which come close.
        """
        element = self._value(value)
        if value not in self:
            self._insert(element)

    def update(self, values: Iterable[N]) -> None:
        """Add several names: all of them, or none if there is an error."""
        new = list(values)
        for value in new:
            self._value(value)
        for value in new:
            self.add(value)

    def discard(self, value: N) -> None:
        """Take out a name, if it is there; the last one takes along the element that says nothing else."""
        self._keep(lambda item: self._name(item) != value)

    def clear(self) -> None:
        """Take out all names, the text of one's own and what other namespaces define; notes stay."""
        self._keep(lambda _: False)

    @property
    def known(self) -> tuple[N, ...]:
        """All names that there are."""
        return tuple(cast("N", name) for name in self._names())

    @property
    def other(self) -> str | None:
        """A text of one's own for what has no name; None if there is none. Setting None takes it out."""
        return next((item.value for item in self._items() if isinstance(item, self._note())), None)

    @other.setter
    def other(self, text: str | None) -> None:
        if text is None:
            self._keep(lambda item: not isinstance(item, self._note()))
            return
        found = next((item for item in self._items() if isinstance(item, self._note())), None)
        if found is None:
            self._insert(self._note()(value=text))
        else:
            found.value = text

    @other.deleter
    def other(self) -> None:
        self.other = None

    @property
    def foreign(self) -> tuple[object, ...]:
        """The elements of other namespaces."""
        return tuple(item for item in self._items() if self._is_foreign(item))

    def add_foreign(self, element: object) -> None:
        """Add an element of another namespace, such as an xsdata ``AnyElement``."""
        self._insert(element)

    def assign(self, names: N | Iterable[N] | None) -> None:
        """Say these names and nothing else, or, with None, nothing at all; notes and times stay unless None.

        Another view gives all that it says, with the text of its own and what other namespaces define.
        """
        if isinstance(names, Names):
            self._assign_view(names)
            return
        if names is None:
            self._owner.drop(load("rpid", self._kind))
            return
        given = [cast("N", names)] if isinstance(names, str) else list(names)
        new = [self._value(name) for name in dict.fromkeys(given)]
        self._made().items.clear()
        for element in new:
            self._insert(element)
        self._tidy()

    def _assign_view(self, view: Names[N]) -> None:
        if not view.said:
            self.assign(None)
        elif view.element is not self.element:
            self._made().items[:] = copy.deepcopy(view.element.items)
            self._tidy()

    def _items(self) -> list[Any]:
        element = self.element
        return [] if element is None else element.items

    def _note(self) -> Any:
        return load("rpid", "RpidNote")

    def _values(self) -> dict[str, type[Any]]:
        return values_of(load("rpid", self._kind))

    def _names(self) -> AbstractSet[str]:
        return self._values().keys()

    def _value(self, name: str) -> Any:
        kind = self._values().get(name)
        if kind is None:
            raise unknown_name(self._kind, name, self._names(), " Other words go into .other.")
        return kind()

    def _name(self, item: object) -> str | None:
        return next((name for name, kind in self._values().items() if isinstance(item, kind)), None)

    def _is_foreign(self, item: object) -> bool:
        return self._name(item) is None and not isinstance(item, self._note())

    def _excludes(self, item: object) -> bool:
        """Whether an element stands alone."""
        return self._name(item) == UNKNOWN

    def _insert(self, element: Any) -> None:
        items: list[Any] = self._made().items
        alone = self._excludes(element)
        items[:] = [item for item in items if not (alone or self._excludes(item))]
        items.insert(self._place(items, element), element)

    def _place(self, items: list[Any], element: Any) -> int:  # noqa: ARG002 - what some kinds need
        return len(items)

    def _keep(self, wanted: Callable[[Any], bool]) -> None:
        items = self._items()
        kept = [item for item in items if wanted(item)]
        if len(kept) != len(items):
            items[:] = kept
            self._tidy()

    def _fill(self, element: Any) -> None:
        if self._blank is not None and not element.items:
            element.items.append(self._value(self._blank))
