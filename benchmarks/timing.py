"""What all benchmarks share: how they measure, and the rows that they give."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

_LEAST = 0.02
_MOST_RUNS = 200

Clock = Callable[[], float]
Times = dict[str, list[float]]


@dataclass(frozen=True)
class Scale:
    """How large the benchmarks are.

    Attributes:
        sizes: How many entries the documents have, ascending.
        rules: How many rules a document of presence rules has.
        large: How many entries are meant by "10,000" in the table.
        repeats: How often each is measured.
        users: How many users edit at once.
        saves: How many saves a round has.
        edits: How many edits each of the users makes in a round.
    """

    sizes: tuple[int, ...] = (100, 1_000, 10_000, 100_000)
    rules: int = 1_000
    large: int = 10_000
    repeats: int = 9
    users: int = 200
    saves: int = 30
    edits: int = 1


QUICK = Scale(sizes=(100, 1_000, 10_000))
"""To look at one subject again and again; without the largest documents."""

TINY = Scale(sizes=(2, 4), rules=2, large=4, repeats=1, users=2, saves=2, edits=1)
"""To see that all of them work."""


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        subject: What was measured.
        compared: What it is compared with; what the number means.
        value: The number.
        unit: ``×`` for a ratio, ``%``, ``MB``, or nothing.
        target: What it should be; None where it is only for comparison.
        bound: Whether the target is what it should be at least, or at most.
        detail: The numbers that it was made of.
    """

    subject: str
    compared: str
    value: float
    unit: Literal["×", "%", "MB", "ms", ""] = "×"
    target: float | None = None
    bound: Literal["least", "most"] = "most"
    detail: str = ""

    @property
    def name(self) -> str:
        """What tells the row from the others."""
        return f"{self.subject}: {self.compared}"

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.bound == "least" else self.value <= self.target


@dataclass
class Results:
    """What a benchmark gives.

    Attributes:
        rows: Lines of the table.
        series: Lines of the plot: by what was done, the seconds by the number of entries.
    """

    rows: list[Row] = field(default_factory=list[Row])
    series: dict[str, dict[int, float]] = field(default_factory=dict[str, dict[int, float]])


def interleaved(
    functions: Mapping[str, Callable[[], object]], repeats: int, clock: Clock = time.process_time
) -> Times:
    """Measure functions in turn, A, B, A, B, so that what slows the machine down slows all of them down.

    Each is run twice before if it is measured more than once. Garbage is collected before each, and the
    collector stays on meanwhile. The results are let go of with the clock running, as that is work, too. If
    the quickest takes less than `_LEAST`, all of them run several times in a row, and the time is that of
    one.

    Args:
        functions: What to measure, by name.
        repeats: How often.
        clock: Seconds: of this process's CPU, or of the wall where there are other processes.
    """
    shortest = math.inf
    for function in functions.values() if repeats > 1 else ():
        function()
        start = clock()
        function()
        shortest = min(shortest, clock() - start)
    runs = min(max(round(_LEAST / shortest), 1), _MOST_RUNS) if shortest else _MOST_RUNS
    times: Times = {name: [] for name in functions}
    for _ in range(repeats):
        for name, function in functions.items():
            gc.collect()
            start = clock()
            for _ in range(runs):
                function()
            times[name].append((clock() - start) / runs)
    return times


def median(times: Times, name: str) -> float:
    """The median of what was measured."""
    return statistics.median(times[name])


def ratio(times: Times, one: str, other: str) -> float:
    """The median of the ratios of each round: what disturbs a round disturbs both."""
    return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))


def milliseconds(times: Times) -> str:
    """The medians, for the column of details."""
    return ", ".join(f"{name} {shown(median(times, name) * 1000)} ms" for name in times)


def shown(number: float) -> str:
    """A number with three digits that count."""
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.{max(0, 2 - math.floor(math.log10(number))) if number > 0 else 0}f}"


def exponent(points: Mapping[int, float]) -> float:
    """The slope of a line through points on logarithmic axes: 1 for what grows in proportion."""
    xs: Sequence[float] = [math.log(x) for x in points]
    ys = [math.log(y) for y in points.values()]
    return statistics.linear_regression(xs, ys).slope
