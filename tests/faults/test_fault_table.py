"""Servers that are broken or malicious, over real connections: a typed error, in time, and nothing lost."""

from __future__ import annotations

import pytest
from fault_table import ALL, DOCUMENT, table
from faulty import asynchronous, blocking

BY_NAME = {f"{case.server}, {case.call.__name__}": case for case in ALL}


@pytest.mark.parametrize("name", BY_NAME)
def test_faults(name: str) -> None:
    blocking(BY_NAME[name])
    asynchronous(BY_NAME[name])


def test_the_table_is_current_and_each_fault_in_it_once() -> None:
    assert len(BY_NAME) == len(ALL)
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run `make faults`"
