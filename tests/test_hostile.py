"""Each hostile input that is measured for docs/security.md ends with the error that is said there."""

from __future__ import annotations

import re

import pytest

from benchmarks.hostile import BEGIN, END, PAGE
from benchmarks.hostile_inputs import CASES, Case
from xcap_sdk import XcapError


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_as_it_should(case: Case) -> None:
    attack = case.make(False)
    if case.error is None:
        assert attack() is not None
        return
    with pytest.raises(XcapError) as raised:
        attack()
    assert type(raised.value).__name__ == case.error
    assert len(str(raised.value)) < 30_000, "errors do not repeat what they were given"


def test_the_page_has_them_all() -> None:
    table = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    named = re.findall(r"^\| (.*?) \| (?:`(\w+)`|–) \|", table, re.MULTILINE)
    assert named == [(case.name, case.error or "") for case in CASES]
