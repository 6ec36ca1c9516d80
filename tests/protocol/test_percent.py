"""Percent-encoding: which characters stay, and that nothing broken gets through."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xcap_sdk.protocol.percent import MalformedEncodingError, decode, encode_query, encode_segment

PCHAR = string.ascii_letters + string.digits + "-._~" + "!$&'()*+,;=" + ":@"
text = st.text(st.characters(codec="utf-8"))


@pytest.mark.rule("P1", "P2", "P3", "P5", "G6")
def test_each_ascii_character_of_a_segment() -> None:
    for character in map(chr, range(128)):
        expected = character if character in PCHAR else f"%{ord(character):02X}"
        assert encode_segment(character) == expected


@pytest.mark.rule("Q2")
def test_a_query_keeps_slash_and_question_mark() -> None:
    for character in map(chr, range(128)):
        expected = character if character in PCHAR + "/?" else f"%{ord(character):02X}"
        assert encode_query(character) == expected


@pytest.mark.rule("P4")
@pytest.mark.parametrize(
    ("raw", "wire"), [("A", "A"), ("À", "%C3%80"), ("ア", "%E3%82%A2"), ("😀", "%F0%9F%98%80")]
)
def test_utf8_comes_first(raw: str, wire: str) -> None:
    assert encode_segment(raw) == wire
    assert decode(wire) == raw


@given(text)
def test_encoding_is_undone_by_decoding(raw: str) -> None:
    assert decode(encode_segment(raw)) == raw
    assert decode(encode_query(raw)) == raw


@given(text)
def test_every_octet_may_be_encoded(raw: str) -> None:
    assert decode("".join(f"%{octet:02x}" for octet in raw.encode())) == raw
    assert decode("".join(f"%{octet:02X}" for octet in raw.encode())) == raw


@pytest.mark.rule("P3")
def test_reading_takes_what_should_have_been_encoded() -> None:
    assert decode("list[@name='a b']\"é+") == "list[@name='a b']\"é+"


def test_octets_that_a_server_could_not_decode_are_octets() -> None:
    assert decode(b"\xc3\xa9".decode("ascii", "surrogateescape")) == "é"
    with pytest.raises(MalformedEncodingError):
        decode(b"\xe9".decode("ascii", "surrogateescape"))


@pytest.mark.parametrize("wire", ["%", "%4", "a%zz", "%%41", "%é1", "%٣٣"])
def test_half_encoded_octets(wire: str) -> None:
    with pytest.raises(MalformedEncodingError, match="no percent-encoded octet"):
        decode(wire)


@pytest.mark.parametrize("wire", ["%E9", "%C0%AF", "%ED%A0%80", "%F8%88%80%80%80", "\ud800"])
def test_octets_that_are_no_utf8(wire: str) -> None:
    with pytest.raises(MalformedEncodingError, match="UTF-8"):
        decode(wire)


def test_lone_surrogates_cannot_be_encoded() -> None:
    with pytest.raises(MalformedEncodingError, match="character 2"):
        encode_segment("a\ud800")
