"""Attribute values: written and read as an XML processor does it, with lxml to say how that is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from protocol_strategies import values

from xcap_sdk.protocol.xmltext import (
    NCNAME,
    QNAME,
    MalformedValueError,
    forbidden_character,
    quote_value,
    unescape_value,
)


def read_by_lxml(att_value: str) -> str | None:
    try:
        return etree.fromstring(f"<a b={att_value}/>".encode()).get("b")
    except etree.XMLSyntaxError:
        return None


@pytest.mark.rule("G3", "G4")
@given(values)
@example("\t\n\r \r\n")
@example("both \" and '")
def test_a_written_value_is_what_xml_reads(value: str) -> None:
    assert read_by_lxml(quote_value(value)) == value


@pytest.mark.rule("G5")
@given(values)
def test_a_written_value_is_read_again(value: str) -> None:
    assert unescape_value(quote_value(value)[1:-1]) == value


@pytest.mark.rule("G4", "G5")
@given(
    st.lists(
        st.sampled_from(
            [*"&;#x09aAfF<>' \t\n\r", "&#", "&#x", "&amp;", "&lt;", "&apos;", "&#65;", "&#xD;", "&#0;"]
        ),
        max_size=8,
    ).map("".join)
)
@example("&#55296;")
@example("&#x110000;")
@example("&#0000000000000065;")
@example("&#x00000000000000041;")
@example("&nbsp;")
@example("&#xFFFE;")
@example("&AMP;")
def test_any_text_is_read_as_xml_reads_it(text: str) -> None:
    expected = read_by_lxml(f'"{text}"')
    if expected is None:
        with pytest.raises(MalformedValueError):
            unescape_value(text)
    else:
        assert unescape_value(text) == expected


def test_digits_without_end_are_refused_at_once() -> None:
    with pytest.raises(MalformedValueError):
        unescape_value(f"&#{'9' * 100_000};")


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("ab<", 2, "&lt; for '<'"),
        ("a & b", 2, "&amp; for '&'"),
        ("a\x00", 1, "a character that XML allows"),
        ("ab&#1;", 2, "a reference to a character that XML allows"),
    ],
)
def test_what_is_wrong_and_where(text: str, position: int, expected: str) -> None:
    with pytest.raises(MalformedValueError) as caught:
        unescape_value(text)
    assert (caught.value.position, caught.value.expected) == (position, expected)
    assert f"character {position + 1}" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a", '"a"'),
        ("a'b", '"a\'b"'),
        ('a"b', "'a\"b'"),
        ("a\"'b", '"a&quot;\'b"'),
        ("a&<>", '"a&amp;&lt;>"'),
    ],
)
def test_the_choice_of_quotes(value: str, written: str) -> None:
    assert quote_value(value) == written


@pytest.mark.parametrize("code", [0, 8, 0xB, 0x1F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_characters_that_xml_forbids(code: int) -> None:
    assert forbidden_character(f"ab{chr(code)}") == 2


@pytest.mark.parametrize(
    "character", ["\t", "\n", "\r", " ", "\x7f", "\ud7ff", "\ue000", "\ufffd", "\U0010ffff"]
)
def test_characters_that_xml_allows(character: str) -> None:
    assert forbidden_character(character) is None


@pytest.mark.parametrize("name", ["a", "_", "list", "a.b-c·1", "é", "日本", "𠀀"])
def test_names(name: str) -> None:
    assert NCNAME.fullmatch(name)
    assert QNAME.fullmatch(f"p:{name}")


@pytest.mark.parametrize(
    "name", ["", "1", "-a", ".", "·", "a b", "a×b", "a;", ":a", "a:", "a:b:c", "\u0301", "a\n"]
)
def test_no_names(name: str) -> None:
    assert not QNAME.fullmatch(name)
