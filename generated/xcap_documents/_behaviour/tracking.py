"""How a look-up by key stays fast and never gives a stale answer.

A list of keyed children is an `Items`, which drops its indexes whenever it is changed other than through a view.
The key attribute of a keyed class is a property that logs every change, so that an index can catch up or give up.
Both are put in place when a class is made: the slots that dataclasses create are wrapped, nothing else changes.
"""

from __future__ import annotations

from collections import deque
from itertools import islice
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, SupportsIndex, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

ITEMS = "items"
REMEMBERED = 64  # changes of keys that an index may lag behind before it is built anew


class KeyLog:
    """The latest changes of the key attribute of one class.

    Attributes:
        count: How many changes there have been.
        recent: The latest: the id() of the element, its old key and its new one.
    """

    __slots__ = ("count", "recent")

    def __init__(self) -> None:
        self.count = 0
        self.recent: deque[tuple[int, str | None, str | None]] = deque(maxlen=REMEMBERED)

    def add(self, element: object, old: str | None, new: str | None) -> None:
        """Note one change."""
        self.count += 1
        self.recent.append((id(element), old, new))


class Index(Generic[T]):
    """The elements of one class in one list, by their keys.

    Attributes:
        first: For each key the first element that has it.
        exact: False if several elements have the same key: then any change makes the index useless.
        keyless: Whether there are elements without a key.
        seen: How many changes of keys it takes account of.
    """

    __slots__ = ("exact", "first", "keyless", "log", "seen")

    def __init__(self, elements: list[T], key: Callable[[T], str | None], log: KeyLog) -> None:
        keys = list(map(key, elements))
        # The first one of a key is put in last.
        found: dict[str | None, T] = dict(zip(reversed(keys), reversed(elements), strict=True))
        self.keyless = found.pop(None, None) is not None
        self.first: dict[str, T] = cast("dict[str, T]", found)
        self.exact = len(self.first) == len(keys) - keys.count(None)
        self.log = log
        self.seen = log.count

    def add(self, element: T, key: str | None) -> None:
        """Take in an element that stands behind all others, or whose key nobody has."""
        if key is None:
            self.keyless = True
        elif key in self.first:
            self.exact = False
        else:
            self.first[key] = element

    def catch_up(self) -> bool:
        """Take account of the changes of keys since the last time; False if only building anew can."""
        behind = self.log.count - self.seen
        if not behind:
            return True
        recent = self.log.recent
        if behind > len(recent) or not self.exact:
            return False
        for identity, old, new in islice(recent, len(recent) - behind, None):
            if old is None:
                if self.keyless:
                    return False
                continue
            element = self.first.get(old)
            if element is None or id(element) != identity:
                continue
            if new is not None and new in self.first:
                return False
            del self.first[old]
            self.add(element, new)
        self.seen = self.log.count
        return True


class Items(list[T]):
    """A list that knows when it is changed; in all else a list.

    Attributes:
        indexes: What is known of its keyed elements, by their class.
    """

    __slots__ = ("indexes",)

    def __init__(self, items: Iterable[T] = (), /) -> None:
        # Quicker than super(), and documents have thousands of them.
        list.__init__(self, items)  # pyright: ignore[reportUnknownMemberType] - of list without a parameter
        self.indexes: dict[type[Any], Index[Any]] = {}

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> tuple[Any, ...]:
        return type(self), (list(self),)

    # One item in or out is noted, so that a loop of changes and look-ups takes linear time.

    def append(self, item: T, /) -> None:
        """Put an item at the end."""
        super().append(item)
        self._came(item, last=True)

    def insert(self, index: SupportsIndex, item: T, /) -> None:
        """Put an item before the one at this position."""
        super().insert(index, item)
        self._came(item, last=False)

    def __delitem__(self, index: SupportsIndex | slice[Any, Any, Any], /) -> None:
        if isinstance(index, slice):
            self.indexes.clear()
        elif self.indexes:
            self._goes(self[index])
        super().__delitem__(index)

    def _came(self, item: T, *, last: bool) -> None:
        for kind, index in list(self.indexes.items()):
            if isinstance(item, kind):
                key = getattr(item, key_field(kind))
                if index.catch_up() and (last or key not in index.first):
                    index.add(item, key)
                else:
                    del self.indexes[kind]

    def _goes(self, item: T) -> None:
        for kind, index in list(self.indexes.items()):
            if isinstance(item, kind):
                key = getattr(item, key_field(kind))
                if not index.catch_up() or not index.exact:
                    del self.indexes[kind]
                elif key is not None:
                    del index.first[key]


def _dropping(name: str) -> Callable[..., Any]:
    """Make a method of `list` one that drops the indexes first."""
    plain = getattr(list, name)

    def method(self: Items[Any], *args: Any, **named: Any) -> Any:
        self.indexes.clear()
        return plain(self, *args, **named)

    method.__name__, method.__qualname__, method.__doc__ = name, f"Items.{name}", plain.__doc__
    return method


for _name in ("extend", "remove", "pop", "clear", "sort", "reverse", "__setitem__", "__iadd__", "__imul__"):
    setattr(Items, _name, _dropping(_name))


class HoldsItems:
    """A class whose field ``items`` holds keyed children; where the schema keeps kinds apart, several do."""

    __slots__ = ()

    _holding: ClassVar[tuple[str, ...]] = (ITEMS,)

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        for field in cls._holding:
            slot = cls.__dict__.get(field)
            if isinstance(slot, MemberDescriptorType):
                setattr(cls, field, _items(slot))


class HasKey:
    """A class whose elements are told apart by one attribute.

    What makes thousands of new objects may put their keys where they are stored: nobody has looked them up yet.
    """

    __slots__ = ()

    _key_field: ClassVar[str]
    _key_log: ClassVar[KeyLog]
    _key_slot: ClassVar[MemberDescriptorType]
    _stored: ClassVar[dict[str, str]]

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        field = getattr(cls, "_key_field", "")
        slot = cls.__dict__.get(field)
        if isinstance(slot, MemberDescriptorType):
            cls._key_log = KeyLog()
            cls._key_slot = slot
            cls._stored = {field: "_key_slot"}
            setattr(cls, field, _key(slot, cls._key_log))


def key_field(kind: type[Any]) -> str:
    """The name of the attribute that tells the elements of a class apart."""
    return kind._key_field


def key_log(kind: type[Any]) -> KeyLog | None:
    """The log of a class whose keys are watched; None for any other."""
    return getattr(kind, "_key_log", None)


def _items(slot: MemberDescriptorType) -> property:
    """Wrap the slot of a list, so that it always holds an `Items`."""
    store = slot.__set__

    def put(self: object, value: Any) -> None:
        store(self, Items(value) if value.__class__ is list else value)

    return property(slot.__get__, put)


def _key(slot: MemberDescriptorType, log: KeyLog) -> property:
    """Wrap the slot of a key, so that changes are logged; giving an element its first key is none."""

    def put(self: object, value: Any) -> None:
        try:
            old = slot.__get__(self)
        except AttributeError:
            slot.__set__(self, value)
            return
        if old != value:
            log.add(self, old, value)
        slot.__set__(self, value)

    return property(slot.__get__, put)
