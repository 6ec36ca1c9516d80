"""How much of what is wrong with a document is told: a hostile one has as much of it as it has elements.

And how long the places are where it is: each problem has its own, and keys may be long and within each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xcap_sdk.errors import Problem

MOST = 100
"""So many problems are told one by one; one more says how many there are beyond."""

MOST_COUNTED = 10_000
"""So many are looked for. A list that is longer does not hold them all."""

LONG = 500
"""A place that would be longer with a key has a position there, and behind it."""


def counted(problems: Iterable[Problem]) -> Iterable[Problem]:
    """As many problems as are looked for, and one more if there are more."""
    return islice(problems, MOST_COUNTED + 1)


def told(problems: Iterable[Problem]) -> list[Problem]:
    """The first problems, and where there are more of them one that says how many."""
    rest = iter(problems)
    first = list(islice(rest, MOST))
    for problem in rest:
        from xcap_sdk.errors import Problem

        count = MOST + 1 + sum(1 for _ in rest)
        first.append(Problem("", problem.rule, beyond(count)))
    return first


def beyond(count: int) -> str:
    """What is said of the problems that are not told, out of so many that were found."""
    over = "over " if count > MOST_COUNTED else ""
    return f"and {over}{min(count, MOST_COUNTED) - MOST:,} more; once these are put right, they show"


def subscript(place: str, key: str | None, number: int) -> str:
    """How one of several is named: ``["friends"]`` or ``[3]``.

    Args:
        place: Where they are: what stands before it.
        key: Its key; None if it has none of its own.
        number: Its position among them, which names it if there is no key or that makes the place too long.

    Returns:
        The one or the other, with its brackets.
    """
    named = isinstance(key, str) and len(place) + len(key) <= LONG
    return f"[{json.dumps(key, ensure_ascii=False) if named else number}]"
