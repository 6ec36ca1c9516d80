"""What is wrong with a document by its schema, and what an edit of it has made worse."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from xcap_sdk.documents.asking import class_problems
from xcap_sdk.documents.bounded import MOST_COUNTED, told
from xcap_sdk.documents.findings import Finding, Traits, findings
from xcap_sdk.documents.validation import governing, outlined, placed
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import Problem

T = TypeVar("T")

_SUBSCRIPT = re.compile(r"""\[(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+)\]""")
_COUNT = re.compile(r"\b(line|column|position|number|index|at) \d+", re.IGNORECASE)


class Deviations:
    """What is wrong with a document by its schema or, where there is none, by its classes.

    Args:
        document: The document.
        schema: An XSD of one's own; None for the one that comes along, if it knows the document's namespace.
        root: The class of its root element.

    Raises:
        DocumentError: It is no well-formed document.
    """

    def __init__(self, document: bytes, schema: Path | None, root: type[Any]) -> None:
        self._tree = parse_xml(document)
        self._root = root
        compiled = governing(self._tree, schema)
        self._found: list[Finding] = []
        self._asked: list[Problem] = []
        if compiled is not None:
            self._found = findings(compiled, self._tree, thorough=True)
        elif (outline := outlined(self._tree, root)) is not None:
            self._asked = class_problems(outline)

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self._found or self._asked)

    @cached_property
    def problems(self) -> list[Problem]:
        """The first `MOST` of it, and how many more."""
        return self._readable(self._found, self._asked)

    def beyond(self, other: Deviations) -> list[Problem]:
        """What is wrong here and was not in another version of the document.

        Args:
            other: The other version.
        """
        return self._readable(
            surplus(self._found, other._found, lambda each: each.traits),
            surplus(self._asked, other._asked, traits),
        )

    def _readable(self, found: Sequence[Finding], asked: Sequence[Problem]) -> list[Problem]:
        return placed(found, outlined(self._tree, self._root)) if found else told(asked)


def traits(problem: Problem) -> Traits:
    """What a problem is told by, wherever in the document it is: positions and keys do not count."""
    where = ".".join(_SUBSCRIPT.sub("", problem.place).split(".")[-2:])
    message = _COUNT.sub(r"\1", _SUBSCRIPT.sub("[]", problem.message))
    return (problem.rule, where, problem.field and problem.field.rpartition("/")[2], message), None


def surplus(found: Sequence[T], known: Sequence[T], traits: Callable[[T], Traits]) -> list[T]:
    """What was found beyond what is known already: of the same kind as many as known are left out.

    Args:
        found: What was found; if that is more than `MOST_COUNTED`, it is all taken for new.
        known: What is known.
        traits: What tells the kind.
    """
    if len(found) > MOST_COUNTED:
        return list(found)
    rest, spare = list(found), list(known)
    for looser in (False, True):
        kinds: list[Hashable | None] = [traits(each)[looser] for each in spare]
        left = Counter(kind for kind in kinds if kind is not None)
        used = Counter[Hashable]()
        kept: list[T] = []
        for each in rest:
            kind = traits(each)[looser]
            if kind is not None and used[kind] < left[kind]:
                used[kind] += 1
            else:
                kept.append(each)
        unused: list[T] = []
        for each, kind in zip(spare, kinds, strict=True):
            if kind is not None and used[kind] > 0:
                used[kind] -= 1
            else:
                unused.append(each)
        rest, spare = kept, unused
    return rest
