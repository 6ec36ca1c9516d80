"""If-Match and If-None-Match: the grammar, and both ways of comparing."""

from __future__ import annotations

import pytest

from xcap_sdk.server.preconditions import MalformedCondition, Preconditions, Tags, parse_tags

NOW = '"now"'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("*", Tags(any=True)),
        (" * ", Tags(any=True)),
        ('"a"', Tags(strong=frozenset({'"a"'}))),
        ('"a", "b"', Tags(strong=frozenset({'"a"', '"b"'}))),
        ('"a","b"', Tags(strong=frozenset({'"a"', '"b"'}))),
        (' "a" ,\t"b" ', Tags(strong=frozenset({'"a"', '"b"'}))),
        (',"a",,"b",', Tags(strong=frozenset({'"a"', '"b"'}))),
        ('W/"a", "b"', Tags(strong=frozenset({'"b"'}), weak=frozenset({'"a"'}))),
        ('"a,b", "c d"', None),
        ('"a,b"', Tags(strong=frozenset({'"a,b"'}))),
        ('""', Tags(strong=frozenset({'""'}))),
        ("", None),
        (" , ", None),
        ("a", None),
        ('"a', None),
        ('a"', None),
        ('w/"a"', None),
        ('"a" "b"', None),
        ('"a", *', None),
        ('*, "a"', None),
        ('W/ "a"', None),
    ],
)
def test_the_grammar(value: str, expected: Tags | None) -> None:
    if expected is None:
        with pytest.raises(MalformedCondition, match="If-Match"):
            parse_tags("If-Match", value)
    else:
        assert parse_tags("If-Match", value) == expected


@pytest.mark.rule("ET5", "ET8")
@pytest.mark.parametrize(
    ("value", "there", "missing"),
    [
        ('"now"', True, False),
        ('"old"', False, False),
        ('"old", "now"', True, False),
        ('W/"now"', False, False),
        ("*", True, False),
    ],
)
def test_if_match_compares_strongly(value: str, there: bool, missing: bool) -> None:
    conditions = Preconditions.parse({"if-match": value})
    assert conditions.match_holds(NOW) is there
    assert conditions.match_holds(None) is missing
    assert conditions.none_match_holds(NOW)


@pytest.mark.rule("ET5", "ET8")
@pytest.mark.parametrize(
    ("value", "there"),
    [
        ('"now"', False),
        ('"old"', True),
        ('"old", "now"', False),
        ('W/"now"', False),
        ('W/"old"', True),
        ("*", False),
    ],
)
def test_if_none_match_compares_weakly(value: str, there: bool) -> None:
    conditions = Preconditions.parse({"if-none-match": value})
    assert conditions.none_match_holds(NOW) is there
    assert conditions.none_match_holds(None)
    assert conditions.match_holds(NOW)


def test_without_conditions_all_goes() -> None:
    conditions = Preconditions.parse({})
    assert conditions == Preconditions()
    assert conditions.match_holds(None)
    assert conditions.none_match_holds(NOW)
