"""The benchmarks run, and their page has their rows; how long they take is no matter of tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

pytest.importorskip("pydantic_xml", reason="pydantic-xml asks for a newer pydantic than the lowest supported")

from benchmarks.__main__ import SUBJECTS
from benchmarks.report import PLOT, names_in_page, plot, table
from benchmarks.timing import TINY, Results, Row, exponent, interleaved, ratio, shown

RESULTS: dict[str, Results] = {}


def result(name: str) -> Results:
    if name not in RESULTS:
        RESULTS[name] = SUBJECTS[name].run(TINY)
    return RESULTS[name]


def rows() -> list[Row]:
    return [row for name in SUBJECTS for row in result(name).rows]


def without_numbers(name: str) -> str:
    return re.sub(r"[\d,]*\d", "n", name)


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_benchmark_runs(name: str) -> None:
    found = result(name).rows
    assert found
    assert all(row.value > 0 or row.unit in {"", "MB"} for row in found)


def test_the_page_has_the_rows_of_the_benchmarks() -> None:
    measured = {without_numbers(row.name) for row in rows()}
    assert {without_numbers(name) for name in names_in_page()} == measured
    assert any("parse, 100,000 entries" in name for name in names_in_page())


def test_the_plot_has_a_line_for_each_series() -> None:
    series = {name: line for each in SUBJECTS for name, line in result(each).series.items()}
    drawn = ElementTree.fromstring(plot(series))
    names = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert set(series) <= names
    assert {text.text for text in ElementTree.parse(PLOT).iter("{http://www.w3.org/2000/svg}text")} >= set(
        series
    )


def test_a_row_says_whether_its_target_is_met() -> None:
    least = Row("a", "b", 8.0, "×", 7, "least")
    most = Row("a", "b", 8.0, "MB", 7, "most")
    plain = Row("a", "b", 8.0)
    assert (least.met, most.met, plain.met) == (True, False, None)
    text = table([least, most, plain], 9, "here")
    assert "| 8.00 × | ≥ 7 × | yes |" in text
    assert "| 8.00 MB | ≤ 7 MB | **no** |" in text


def test_numbers_have_three_digits_that_count() -> None:
    assert [shown(number) for number in (12345.6, 123.4, 12.34, 1.234, 0.01234, 0)] == [
        "12,346",
        "123",
        "12.3",
        "1.23",
        "0.0123",
        "0",
    ]


def test_growth_is_the_slope_on_logarithmic_axes() -> None:
    assert exponent({10: 3.0, 100: 30.0, 1_000: 300.0}) == pytest.approx(1.0)
    assert exponent({10: 1.0, 100: 100.0}) == pytest.approx(2.0)


def test_functions_are_measured_in_turn() -> None:
    calls: list[str] = []
    clock = iter(range(100))
    times = interleaved(
        {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2, lambda: float(next(clock))
    )
    assert calls == ["a", "a", "b", "b", "a", "b", "a", "b"]  # twice before
    assert times == {"a": [1.0, 1.0], "b": [1.0, 1.0]}
    assert ratio(times, "a", "b") == 1.0


def test_what_takes_a_moment_runs_several_times_in_a_row() -> None:
    calls: list[str] = []
    clock = iter(range(100))
    times = interleaved(
        {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2, lambda: next(clock) / 250
    )
    assert calls == ["a", "a", "b", "b", *(["a"] * 5 + ["b"] * 5) * 2]
    assert times == {"a": [pytest.approx(0.0008)] * 2, "b": [pytest.approx(0.0008)] * 2}
