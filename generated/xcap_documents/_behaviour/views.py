"""Live, ordered views of the keyed children of an element."""

from __future__ import annotations

from itertools import compress, count, repeat
from operator import attrgetter, eq, is_, is_not
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .errors import DuplicateKey, MissingKey
from .tracking import Index, Items, key_field, key_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import SupportsRichComparison

T = TypeVar("T")
D = TypeVar("D")

COMPARED = 2_000  # keys that are looked through for one that comes close, which takes time
NEAR = 0.75  # how much of two texts has to agree for one to be a typo of the other: of four letters, three


class Keyed(Generic[T]):
    """The children of one class among the children of an element, in document order, by their keys.

    A view holds nothing itself: it reads and changes the element's own list, whose other children stay where they
    are. Iteration goes over the elements, not the keys, and over those that were there when it began. Elements
    without a key take part in everything but look-ups. If a document holds a key twice, against the rules,
    look-ups give the first.
    """

    __slots__ = ("_class", "_owner")

    def __init__(self, owner: Any, element: type[T]) -> None:
        self._owner = owner
        self._class = element

    # What views differ in.

    def _found(self) -> list[Any]:
        """The element's list to read from; an empty one if the element is not there."""
        return self._owner.items

    def _made(self) -> list[Any]:
        """The element's list to write to; makes what is missing."""
        return self._owner.items

    def _key(self, item: T, /) -> str | None:
        return getattr(item, self._field())

    def _field(self) -> str:
        return key_field(self._class)

    # Reading.

    def __len__(self) -> int:
        return len(self._elements())

    def __iter__(self) -> Iterator[T]:
        return iter(self._elements())

    def __reversed__(self) -> Iterator[T]:
        return reversed(self._elements())

    def __contains__(self, key: object) -> bool:
        """Whether an element has this key, or is this very element."""
        if isinstance(key, str):
            return self._find(key) is not None
        return any(element is key for element in self._elements())

    def __getitem__(self, key: str) -> T:
        """Get the element with this key.

        Raises:
            MissingKey: Nothing has it; a KeyError that names the keys that come close.
            TypeError: The key is no string; elements are counted with `at`.
        """
        if not isinstance(key, str):  # pyright: ignore[reportUnnecessaryIsInstance] - from untyped code
            raise TypeError(
                f"{self._name()} are found by their {self._field()}, not {key!r}; use .at({key!r}) to count"
            )
        found = self._find(key)
        if found is None:
            raise self._missing(key)
        return found

    @overload
    def get(self, key: str) -> T | None: ...
    @overload
    def get(self, key: str, default: D) -> T | D: ...
    def get(self, key: str, default: Any = None) -> Any:
        """Get the element with this key, or the default."""
        found = self._find(key)
        return default if found is None else found

    def at(self, position: int) -> T:
        """Get an element by its position among its like, from 0, or from -1 backwards.

        Raises:
            IndexError: There are fewer.
        """
        elements = self._elements()
        try:
            return elements[position]
        except IndexError:
            raise IndexError(f"no {self._name()} at {position}: there are {len(elements)}") from None

    def keys(self) -> list[str]:
        """The keys, in document order; elements without one are left out."""
        return [key for key in map(self._key, self._elements()) if key is not None]

    def __repr__(self) -> str:
        return f"<{self._name()}: {', '.join(repr(self._key(element)) for element in self._elements())}>"

    # Writing.

    def append(self, item: T) -> T:
        """Put an element of one's own behind all children.

        Returns:
            The element.

        Raises:
            DuplicateKey: Its key is taken.
        """
        return self._insert(item, None)

    def extend(self, items: Iterable[T]) -> None:
        """Put several elements behind all children: all of them, or none if there is an error.

        Raises:
            DuplicateKey: A key is taken, or given twice.
        """
        new = [self._checked(item) for item in items]
        given = [key for key in map(self._key, new) if key is not None]
        taken = set(self.keys()) if given else set[str]()
        for key in given:
            if key in taken:
                raise self._duplicate(key)
            taken.add(key)
        self._made().extend(new)

    def remove(self, key: str) -> T:
        """Take out the element with this key, or all, if the document holds it twice.

        Returns:
            The element, the first of several.

        Raises:
            MissingKey: Nothing has it; a KeyError that names the keys that come close.
        """
        found = self[key]
        self.discard(key)
        return found

    def __delitem__(self, key: str) -> None:
        self.remove(key)

    def discard(self, key: str) -> bool:
        """Take out the element with this key if it is there, or all, if the document holds it twice.

        Returns:
            Whether it was there.
        """
        found = self._find(key)
        there = found is not None
        while found is not None:
            items = self._found()
            del items[_position(items, found)]
            found = self._find(key)
        return there

    def clear(self) -> None:
        """Take out all elements of the view; the other children stay."""
        items = self._found()
        kept = [item for item in items if not isinstance(item, self._class)]
        if len(kept) != len(items):
            items[:] = kept

    def move(self, key: str, *, to: int) -> T:
        """Move the element with this key.

        Args:
            key: Its key.
            to: The position among its like that it is to have, from 0, or from -1 backwards; beyond the last is
                the last.

        Returns:
            The element.

        Raises:
            MissingKey: Nothing has the key; a KeyError that names the keys that come close.
        """
        item = self[key]
        elements = self._elements()
        others = [element for element in elements if element is not item]
        to = max(to + len(elements), 0) if to < 0 else min(to, len(others))
        if elements[to] is not item:
            items = self._made()
            del items[_position(items, item)]
            items.insert(_position(items, others[to]) if to < len(others) else _position(items, others[-1]) + 1, item)
        return item

    def sort(self, *, key: Callable[[T], SupportsRichComparison], reverse: bool = False) -> None:
        """Sort the elements, as lists are sorted, into the places that they have now; the other children stay.

        Args:
            key: What to sort an element by: ``lambda entry: entry.label or ""``.
            reverse: Whether the largest comes first.
        """
        elements = self._elements()
        ordered = sorted(elements, key=key, reverse=reverse)
        if any(map(is_not, elements, ordered)):
            new, items = iter(ordered), self._found()
            items[:] = [next(new) if isinstance(item, self._class) else item for item in items]

    # What these build on.

    def _elements(self) -> list[T]:
        items = self._found()
        return list(compress(items, map(isinstance, items, repeat(self._class))))

    def _index(self, items: list[Any]) -> Index[T] | None:
        """The index of a list that tracks its changes, up to date; None for any other list."""
        log = key_log(self._class)
        if log is None or not isinstance(items, Items):
            return None
        indexes = items.indexes
        index = indexes.get(self._class)
        if index is None or not index.catch_up():
            index = indexes[self._class] = Index(self._elements(), attrgetter(self._field()), log)
        return index

    def _find(self, key: str) -> T | None:
        items = self._found()
        index = self._index(items)
        if index is not None:
            return index.first.get(key)
        try:
            return self._scan(items, key)
        except AttributeError:  # a child of another class that has no such field
            return self._scan(self._elements(), key)

    def _scan(self, items: list[Any], key: str) -> T | None:
        field = attrgetter(self._field())
        if key not in map(field, items):  # the fastest way through a list there is, and adding ends here
            return None
        fitting = compress(items, map(eq, map(field, items), repeat(key)))
        return next((item for item in fitting if isinstance(item, self._class)), None)

    def _insert(self, item: T, at: int | None) -> T:
        """Put in an element, before the one at this position among its like, or behind all children."""
        key = self._key(self._checked(item))
        if key is not None and self._find(key) is not None:
            raise self._duplicate(key)
        items = self._made()
        if at is None:
            items.append(item)
            return item
        positions = compress(count(), map(isinstance, items, repeat(self._class)))
        if at < 0:
            at = max(at + len(self), 0)
        last = -1
        for number, position in enumerate(positions):
            if number == at:
                items.insert(position, item)
                return item
            last = position
        items.insert(last + 1 if last >= 0 else len(items), item)
        return item

    def _checked(self, item: T) -> T:
        if not isinstance(item, self._class):
            raise TypeError(f"{self._name()} hold {self._class.__name__}, not {type(item).__name__}")
        return item

    def _name(self) -> str:
        return type(self).__name__

    def _missing(self, key: str) -> MissingKey:
        keys = self.keys()
        close = [each for each in keys if each.casefold().strip() == key.casefold().strip()][:3]
        close = close or _close(key, keys[:COMPARED])
        if close:
            hint = f"did you mean {' or '.join(map(repr, close))}?"
        else:
            hint = f"there are {len(keys)}, see .keys()." if keys else "there are none."
        return MissingKey(f"no {self._class.__name__} with {self._field()} {key!r}: {hint}", key=key)

    def _duplicate(self, key: str) -> DuplicateKey:
        return DuplicateKey(
            f"{self._class.__name__} with {self._field()} {key!r} is there already: "
            "get it with [key] or .ensure(), or remove it first",
            key=key,
        )


def _close(key: str, keys: list[str]) -> list[str]:
    """The keys that this one may be a typo of, at most three.

    Of URIs the users have to be near by themselves: scheme and domain are mostly everybody's, and who is not meant is
    not to be named.
    """
    from difflib import SequenceMatcher, get_close_matches

    user, domain = _parts(key)
    users: dict[str, list[str]] = {}
    for each in keys:
        users.setdefault(_parts(each)[0], []).append(each)
    near = [each for one in get_close_matches(user, users, cutoff=NEAR) for each in users[one]]
    return [each for each in near if SequenceMatcher(None, domain, _parts(each)[1]).ratio() >= NEAR][:3]


def _parts(key: str) -> tuple[str, str]:
    """What comes before the @ of a URI, without the scheme, and what comes behind it."""
    before, _, domain = key.partition("@")
    return before.rpartition(":")[2], domain


def _position(items: list[Any], item: object) -> int:
    """The position of this very object; == would stop at one that is merely equal."""
    return next(compress(count(), map(is_, items, repeat(item))))
