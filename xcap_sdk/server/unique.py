"""Values that no two documents of a server may share (RFC 4826 §4.4.5, TS 24.481 §6.3.2.3).

Documents are read once for each version, known by their ETags.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice
from typing import Any, Final, Generic, TypeVar

from xcap_sdk.documents.binding import parse
from xcap_sdk.errors import DocumentError
from xcap_sdk.protocol.faults import Exists, Fault, FaultKind, Refused
from xcap_sdk.server.records import Key
from xcap_sdk.server.tables import Directory, View
from xcap_sdk.usages import ApplicationUsage

T = TypeVar("T")

_ALTERNATIVES: Final = 3
"""How many free values are suggested for one that is taken."""


class Known(Generic[T]):
    """What was read from documents, by their ETags, which are never given twice.

    Args:
        read: Reads a document.
    """

    def __init__(self, read: Callable[[bytes], T]) -> None:
        self._read = read
        self._values: dict[str, T] = {}
        self._lock = threading.Lock()

    def read(self, view: View, etags: Mapping[Key, str]) -> dict[Key, T]:
        """What is in these documents; the versions that are gone are forgotten."""
        with self._lock:
            known, values = self._values, dict[str, T]()
            found: dict[Key, T] = {}
            for key, etag in etags.items():
                if etag not in known:
                    stored = view.get(key)
                    assert stored is not None, "a view shows one moment"
                    known[etag] = self._read(stored.body)
                found[key] = values[etag] = known[etag]
            self._values = values
            return found


class UniqueValues:
    """Sees that no document takes what another one of its usage has."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], Known[frozenset[str]]] = {}

    def check(self, usage: ApplicationUsage[Any], key: Key, body: bytes, around: Directory) -> None:
        """Judge a document that is to be stored.

        Args:
            usage: Its application usage.
            key: Its place.
            body: The document; it follows its schema and the rules about itself.
            around: The documents that there are.

        Raises:
            Refused: uniqueness-failure, with values that are free.
        """
        unique = usage.unique
        if unique is None:
            return
        etags = around.etags(usage.auid, tree=key.tree)
        if not unique.per_tree:
            etags |= around.etags(usage.auid, tree="global" if key.tree == "users" else "users")
        etags.pop(key, None)
        # One memory for each set of documents: what is not in it is forgotten.
        kept = (usage.auid, unique.per_tree and key.tree == "global")
        known = self._known.setdefault(kept, Known(lambda body: frozenset(_values(usage, body))))
        others = known.read(around, etags).values()
        mine = dict.fromkeys(_values(usage, body))
        taken = [value for value in mine if any(value in values for values in others)]
        if taken:
            used = frozenset(mine).union(*others)
            exists = tuple(Exists(unique.field, tuple(_free(value, used))) for value in taken)
            phrase = (
                f"{unique.field} {taken[0]} is taken by another document of this server ({unique.section})"
            )
            raise Refused(Fault(FaultKind.UNIQUENESS_FAILURE, phrase, exists=exists))


def _values(usage: ApplicationUsage[Any], body: bytes) -> Iterator[str]:
    """The values of a document; none if it was laid down unchecked and is none."""
    if usage.unique is not None:
        try:
            model = parse(body, usage.root)
        except DocumentError:
            return
        yield from usage.unique.values(model)


def _free(value: str, used: frozenset[str]) -> Iterator[str]:
    """Values that come close to one that is taken: ``sip:friends-2@example.org``."""
    user, at, host = value.partition("@")
    candidates = (f"{user}-{number}{at}{host}" for number in count(2))
    return islice((each for each in candidates if each not in used), _ALTERNATIVES)
