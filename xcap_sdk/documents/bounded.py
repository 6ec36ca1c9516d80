"""How much of what is wrong with a document is told: a hostile one has as much of it as it has elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xcap_sdk.errors import Problem

MOST = 100
"""So many problems are told one by one; one more says how many there are beyond."""

MOST_COUNTED = 10_000
"""So many are looked for. A list that is longer does not hold them all."""


def counted(problems: Iterable[Problem]) -> Iterable[Problem]:
    """As many problems as are looked for, and one more if there are more."""
    return islice(problems, MOST_COUNTED + 1)


def told(problems: Sequence[Problem]) -> list[Problem]:
    """The first problems, and where there are more of them one that says how many."""
    if len(problems) <= MOST:
        return list(problems)
    from xcap_sdk.errors import Problem

    return [*problems[:MOST], Problem("", problems[MOST].rule, beyond(len(problems)))]


def beyond(count: int) -> str:
    """What is said of the problems that are not told, out of so many that were found."""
    over = "over " if count > MOST_COUNTED else ""
    return f"and {over}{min(count, MOST_COUNTED) - MOST:,} more; once these are put right, they show"
