"""Where elements stand in the bytes, in every encoding."""

from __future__ import annotations

import codecs
from xml.parsers import expat

import pytest
from lxml import etree

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.tags import StartTag

TRICKY = """<!-- <x> é --><?p <y>?>\r
<r a="1>2/>" b='x\ny"'>\r
 <a/><b></b><c x="/>"/>é\U0001f600<![CDATA[<no>/></r>]]>&#60;&lt;\t
 <d  k = "ÀÉ"\r
 >x/></d ><e>a/></e><e/><f><g><h/></g></f
> \u3e3e <!-- <z> --><?q <w/>?></r>
<!-- </r> -->\n"""
EXPECTED = [
    "<a/>",
    "<b></b>",
    '<c x="/>"/>',
    '<d  k = "ÀÉ"\r\n >x/></d >',
    "<e>a/></e>",
    "<e/>",
    "<f><g><h/></g></f\n>",
    "<g><h/></g>",
    "<h/>",
]


def encodings() -> list[object]:
    narrow = "".join(character for character in TRICKY if ord(character) < 0x100)
    return [
        pytest.param(TRICKY.encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + TRICKY.encode(), id="bom"),
        pytest.param(codecs.BOM_UTF16_LE + TRICKY.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(codecs.BOM_UTF16_BE + TRICKY.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(b"<?xml version='1.0' encoding='ISO-8859-1'?>" + narrow.encode("latin-1"), id="latin-1"),
        pytest.param(b"<?xml version='1.0' encoding='windows-1252'?>" + narrow.encode("cp1252"), id="cp1252"),
    ]


@pytest.mark.parametrize("data", encodings())
def test_fragments(data: bytes) -> None:
    source = Source.parse(data)
    found = [source.fragment(element).decode(source.encoding) for element in source.root.iter("*")]
    assert found[1:] == EXPECTED
    text = data.decode(source.encoding)
    assert found[0] == text[text.index("<r a") : text.rindex("</r> -->") - len("\n<!-- ")]
    start, end = source.span(source.root)
    assert data[start:end] == source.fragment(source.root)


@pytest.mark.parametrize("data", encodings())
def test_contents(data: bytes) -> None:
    source = Source.parse(data)
    place = source.place(source.root[3])
    assert source.text(place.start, place.inside) == place.tag == '<d  k = "ÀÉ"\r\n >'
    assert source.text(place.inside, place.outside) == "x/>"
    assert source.text(place.outside, place.end) == "</d >"
    assert source.blank_before(place.start) == "\t\n "
    assert source.blank_before(0) == ""


def test_blanks_longer_than_a_chunk() -> None:
    for size in (255, 256, 257, 1000):
        for text, before in (("é", "é"), ("", "<a>")):
            data = f"<a>{text}{' ' * size}<b/></a>".encode()
            source = Source.parse(data)
            assert source.blank_before(source.span(source.root[0])[0]) == " " * size, before


def test_an_end_tag_in_utf_16_whose_bytes_look_like_an_end() -> None:
    name = "a\u3e3e\u3e00"
    source = Source.parse(f"<{name}><b/></{name} >".encode("utf-16"))
    assert source.fragment(source.root).decode("utf-16-le") == f"<{name}><b/></{name} >"


def test_elements_of_other_documents() -> None:
    source = Source.parse(b"<a/>")
    for element in (etree.fromstring("<a/>"), Source.parse(b"<a/>").root):
        with pytest.raises(ValueError, match="no element of this document"):
            source.span(element)


def test_namespaces_in_scope() -> None:
    source = Source.parse(b'<a xmlns="u" xmlns:p="v"><b xmlns="" xmlns:p="w" xmlns:q="x"/></a>')
    assert source.namespaces(source.root) == {None: "u", "p": "v"}
    assert source.namespaces(source.root[0]) == {"p": "w", "q": "x"}


@pytest.mark.parametrize("data", encodings())
def test_another_parser_finds_the_same_tags(data: bytes) -> None:
    source = Source.parse(data)
    parser = expat.ParserCreate()
    starts: list[int] = []
    ends: list[int] = []
    parser.StartElementHandler = lambda *_: starts.append(parser.CurrentByteIndex)
    parser.EndElementHandler = lambda *_: ends.append(parser.CurrentByteIndex)
    parser.Parse(data, True)
    places = [source.place(element) for element in source.root.iter("*")]
    assert [place.start for place in places] == starts
    assert sorted(place.outside for place in places) == sorted(ends)


@pytest.mark.parametrize(
    "text",
    ["<a>", "<a/>", "<p:a />", "<a\n>", "<a b='1'>", '<a  b = "1\'/>"\n\tp:c=\'x="y"\' />', "<é à='é'/>"],
)
def test_start_tags_are_read_and_written_alike(text: str) -> None:
    assert str(StartTag.read(text)) == text


def test_attributes_of_start_tags() -> None:
    tag = StartTag.read("<a\n  x='1'\n  xmlns:p='u'\n  p:x='2'\n>")
    scope: dict[str | None, str] = {"p": "u"}
    found = tag.find("{u}x", scope)
    assert found is not None
    assert found.value == "'2'"
    assert tag.find("p", scope) is None
    assert str(tag.with_attribute("y", '"3"')) == "<a\n  x='1'\n  xmlns:p='u'\n  p:x='2'\n  y=\"3\"\n>"
    assert str(tag.without(found)) == "<a\n  x='1'\n  xmlns:p='u'\n>"
    assert str(StartTag.read("<a />").opened()) == "<a>"
    assert str(StartTag.read("<a >").opened()) == "<a >"
