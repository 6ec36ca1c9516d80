"""The query: XPointer parts, of which only xmlns() counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol_strategies import bindings

from xcap_sdk.protocol.xpointer import (
    format_bindings,
    is_bindable,
    read_binding,
    read_bindings,
    split_parts,
)


@pytest.mark.rule("Q7", "Q11")
@given(bindings)
def test_bindings_are_read_again(found: dict[str, str]) -> None:
    assert read_bindings(format_bindings(found.items())) == found


@given(st.text(st.sampled_from("xmlns()^=a: \tb"), max_size=30))
def test_nothing_breaks_the_reading(text: str) -> None:
    parts, end = split_parts(text)
    assert 0 <= end <= len(text)
    assert len(read_bindings(text)) <= len(parts)


@pytest.mark.rule("Q7")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("xmlns(a=urn:a)", {"a": "urn:a"}),
        ("xmlns(a=urn:a)xmlns(b=urn:b)", {"a": "urn:a", "b": "urn:b"}),
        (" xmlns(a=urn:a) \t\r\n xmlns(b=urn:b) ", {"a": "urn:a", "b": "urn:b"}),
        ("xmlns(a \t=\n urn:a)", {"a": "urn:a"}),
        ("xmlns(a=urn:a=b)", {"a": "urn:a=b"}),
    ],
)
def test_the_syntax_of_parts(text: str, found: dict[str, str]) -> None:
    assert read_bindings(text) == found


@pytest.mark.rule("Q8")
def test_the_later_binding_wins() -> None:
    assert read_bindings("xmlns(a=urn:1)xmlns(a=urn:2)") == {"a": "urn:2"}


@pytest.mark.rule("Q4")
@pytest.mark.parametrize(
    "other", ["xpointer(//x[@a=')'])", "element(/1/2)", "p:own(a(b)c)", "xpath(^))", "e()"]
)
def test_other_schemes_are_ignored(other: str) -> None:
    assert read_bindings(f"xmlns(a=urn:a){other}xmlns(b=urn:b)")["a"] == "urn:a"
    if "')'" not in other:  # an unbalanced parenthesis without circumflex ends the part
        assert read_bindings(f"{other}xmlns(b=urn:b)") == {"b": "urn:b"}


@pytest.mark.rule("Q9")
@pytest.mark.parametrize(
    "data", ["", "a", "=urn:a", "1=urn:a", "a=", "a= ", "a:b=urn:a", "a b=urn:a", "a=^x", "a=u v"]
)
def test_broken_data_binds_nothing(data: str) -> None:
    assert read_bindings(f"xmlns({data})xmlns(b=urn:b)") == {"b": "urn:b"}


@pytest.mark.parametrize(
    "text", ["foo=bar", "xmlns(a=urn:a", "xmlns(a=urn:a^)", "xmlns (a=urn:a)", "xmlns(a=(b)", "1(x)"]
)
def test_what_is_no_part_ends_the_reading(text: str) -> None:
    assert read_bindings(text) == {}
    assert read_bindings(f"xmlns(b=urn:b){text}xmlns(c=urn:c)").keys() <= {"b"}


@pytest.mark.rule("Q10")
@pytest.mark.parametrize("prefix", ["xml", "xmlns"])
def test_reserved_prefixes_are_not_bound(prefix: str) -> None:
    assert read_binding(f"{prefix}=urn:a") is None
    assert not is_bindable(prefix, "urn:a")


@pytest.mark.rule("Q11")
@pytest.mark.parametrize(
    ("data", "uri"),
    [
        ("a=x^(y", "x(y"),
        ("a=x^)y", "x)y"),
        ("a=x^^y", "x^y"),
        ("a=x(y)z", "x(y)z"),
        ("a=^^^(", "^("),
        ("a=^^(", None),
    ],
)
def test_circumflexes(data: str, uri: str | None) -> None:
    expected = {} if uri is None else {"a": uri}
    assert read_bindings(f"xmlns({data})") == expected


@pytest.mark.rule("Q11")
def test_parentheses_are_written_with_circumflexes() -> None:
    assert format_bindings([("a", "u(^)v")]) == "xmlns(a=u^(^^^)v)"


@pytest.mark.parametrize(
    ("prefix", "uri"), [("", "urn:a"), ("a:b", "urn:a"), ("a", ""), ("a", " "), ("a", "u\x00")]
)
def test_what_cannot_be_bound(prefix: str, uri: str) -> None:
    assert not is_bindable(prefix, uri)
