"""The results as a page: a table and a plot."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.timing import Results, Row, shown

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
PLOT = PAGE.with_suffix(".svg")
_BEGIN, _END = "<!-- begin: make bench -->", "<!-- end: make bench -->"
_PACKAGES = ("httpx", "lxml", "xsdata", "pydantic-xml", "uvicorn")

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _LEGEND = 860, 480, 60, 40, 230
_COLOURS = ("#1b6ca8", "#c0392b", "#7f8c8d", "#27ae60", "#8e44ad", "#d68910", "#16a085", "#2c3e50")


def machine() -> str:
    """What the results were measured on, and how busy it was."""
    cores, load = os.cpu_count(), os.getloadavg()
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{date.today().isoformat()}; {_processor()}, {cores} cores; load average {load[0]:.1f} of one "
        f"and {load[2]:.1f} of fifteen minutes; {platform.system()}, {platform.python_implementation()} "
        f"{platform.python_version()}; {versions}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def table(rows: Sequence[Row], repeats: int, where: str) -> str:
    """The table in Markdown."""
    lines = [
        f"Medians of {repeats} rounds. {where}.",
        "",
        "| what | number | measured | target | met | in detail |",
        "|---|---|---:|---|---|---|",
    ]
    for row in rows:
        sign = "≥" if row.bound == "least" else "≤"
        target = "" if row.target is None else f"{sign} {row.target:g} {row.unit}".rstrip()
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        value = f"{shown(row.value)} {row.unit}".rstrip()
        lines.append(f"| {row.subject} | {row.compared} | {value} | {target} | {met} | {row.detail} |")
    return "\n".join(lines)


def write(results: Results, repeats: int) -> None:
    """Put table and plot into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(_BEGIN)[0], text.split(_END)[1]
    page = f"{before}{_BEGIN}\n{table(results.rows, repeats, machine())}\n{_END}{after}"
    PAGE.write_text(page, encoding="utf-8")
    PLOT.write_text(plot(results.series), encoding="utf-8")


def names_in_page() -> list[str]:
    """The rows of the page, by what tells them apart."""
    text = PAGE.read_text(encoding="utf-8").split(_BEGIN)[1].split(_END)[0]
    cells = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [f"{row[0].removeprefix('| ')}: {row[1]}" for row in cells[1:]]


def plot(series: Mapping[str, Mapping[int, float]]) -> str:
    """Seconds by entries, both on logarithmic axes, as SVG."""
    series = {name: line for name, line in series.items() if len(line) > 1}
    xs = [math.log10(x) for line in series.values() for x in line]
    ys = [math.log10(y) for line in series.values() for y in line.values()]
    left, right, low, high = min(xs), max(xs), math.floor(min(ys)), math.ceil(max(ys))

    def at(x: float, y: float) -> tuple[float, float]:
        across = (x - left) / (right - left) * (_WIDTH - _LEFT - _LEGEND)
        up = (y - low) / (high - low) * (_HEIGHT - 2 * _BOTTOM)
        return round(_LEFT + across, 1), round(_HEIGHT - _BOTTOM - up, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for power in range(low, high + 1):
        (x1, y), (x2, _) = at(left, power), at(right, power)
        parts.append(f'<path d="M{x1} {y}H{x2}" stroke="#ddd"/>')
        parts.append(f'<text x="{x1 - 6}" y="{y + 4}" text-anchor="end">{_duration(power)}</text>')
    for x in sorted({x for line in series.values() for x in line}):
        across, down = at(math.log10(x), low)
        parts.append(f'<text x="{across}" y="{down + 18}" text-anchor="middle">{x:,}</text>')
    parts.append(f'<text x="{_LEFT}" y="{_BOTTOM / 2}">CPU time by entries of a buddy list</text>')
    for number, (name, line) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        dashes = ' stroke-dasharray="5 3"' if number >= len(_COLOURS) else ""
        points = " ".join("{},{}".format(*at(math.log10(x), math.log10(y))) for x, y in line.items())
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        y = _BOTTOM + 20 * number
        start = _WIDTH - _LEGEND + 20
        parts.append(f'<path d="M{start} {y}h24" stroke="{colour}" stroke-width="2"{dashes}/>')
        parts.append(f'<text x="{start + 32}" y="{y + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _duration(power: int) -> str:
    names = {-6: "1 µs", -5: "10 µs", -4: "0.1 ms", -3: "1 ms", -2: "10 ms", -1: "0.1 s", 0: "1 s", 1: "10 s"}
    return names.get(power, f"10^{power} s")
