"""Every rule of RFC 4825 that a test can show has one, and the table says which."""

from __future__ import annotations

from pathlib import Path

from rules import marked_tests, rules, table

DOCUMENT = Path(__file__).parents[1] / "docs" / "rfc4825-rules.md"


def test_every_rule_has_a_test() -> None:
    tests = marked_tests()
    assert [rule.id for rule in rules() if not tests.get(rule.id)] == []


def test_every_mark_names_a_rule() -> None:
    known = {rule.id for rule in rules()}
    assert {mark: tests for mark, tests in marked_tests().items() if mark not in known} == {}


def test_the_table_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == table(), "run `make rules`"
