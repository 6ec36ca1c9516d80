"""The bodies of attributes and of namespace bindings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xcap_sdk.documents.operations import decode_attribute_value, decode_namespaces, encode_attribute_value
from xcap_sdk.errors import ForbiddenXml, InvalidInput, NotWellFormed
from xcap_sdk.protocol.faults import FaultKind, Refused
from xcap_sdk.protocol.xmltext import forbidden_character

values = st.one_of(
    st.text(st.sampled_from("ab \t\n\r\"'&<>é😀;#x"), max_size=12),
    st.text(max_size=12).filter(lambda text: forbidden_character(text) is None),
)


@pytest.mark.rule("C8", "PB2", "GT6")
@given(values)
def test_round_trip(value: str) -> None:
    body = encode_attribute_value(value)
    assert decode_attribute_value(body, strict=True) == value
    assert etree.fromstring(b"<a k=" + body + b"/>").get("k") == value


@pytest.mark.rule("GT6")
@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"sip:nancy@example.com"', "sip:nancy@example.com"),
        (b"'a&amp;b'", "a&b"),
        (b' "x"\r\n', "x"),
        (b'"a\tb\r\nc"', "a b c"),
        (b'"&#x41;&#10;"', "A\n"),
        (b'""', ""),
        # Without quotes, as some servers send it.
        (b"sip:nancy@example.com", "sip:nancy@example.com"),
        (b"a&amp;b", "a&b"),
        (b'a&b"c', 'a&b"c'),
        (b"", ""),
        (b'"', '"'),
        (b" x ", " x "),
    ],
)
def test_reading(body: bytes, value: str) -> None:
    assert decode_attribute_value(body) == value


@pytest.mark.parametrize("body", [b'"a"b"', b'"<"', b'"&"', b'"&x;"', b"a\x00b"])
def test_what_is_no_value_even_so(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        decode_attribute_value(body)
    assert caught.value.fault.kind is FaultKind.NOT_XML_ATT_VALUE


def test_another_encoding() -> None:
    with pytest.raises(Refused) as caught:
        decode_attribute_value(b'"\xe9"')
    assert caught.value.fault.kind is FaultKind.NOT_UTF_8


def test_characters_that_xml_forbids() -> None:
    with pytest.raises(InvalidInput, match="character 2"):
        encode_attribute_value("a\x00")


def test_namespaces() -> None:
    assert decode_namespaces(b'<p:a xmlns="u" xmlns:p="v"/>') == {"": "u", "p": "v"}
    assert decode_namespaces(b'<a xmlns=""/>') == {}
    with pytest.raises(NotWellFormed):
        decode_namespaces(b"no element")
    with pytest.raises(ForbiddenXml):
        decode_namespaces(b"<!DOCTYPE a><a/>")
