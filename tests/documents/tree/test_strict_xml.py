"""Strict parsing: what is refused, and what may not be attacked."""

from __future__ import annotations

import pytest

from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import detect_encoding, parse_xml
from xcap_sdk.errors import ForbiddenXml, NotWellFormed

BILLION = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize(
    "document",
    [
        b"<!DOCTYPE a><a/>",
        BILLION,
        b'<?xml version="1.0"?>\n<!-- c --> <?p q?>\n' + BILLION,
        b"\xef\xbb\xbf" + BILLION,
        BILLION.decode().encode("utf-16"),
        b"\xfe\xff" + BILLION.decode().encode("utf-16-be"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a PUBLIC "-//x" "http://localhost:9/x.dtd"><a/>',
        b"<!---->" + BILLION,
        b"<!DOCTYPE a [ nothing of this is looked at",
        b"<?p <!-- ?>" + BILLION,
    ],
)
def test_a_doctype_is_refused(document: bytes) -> None:
    with pytest.raises(ForbiddenXml, match="DOCTYPE"):
        parse_xml(document)


@pytest.mark.parametrize(
    "document",
    [
        b"<!-- <!DOCTYPE a> --><a/>",
        b"<?p <!DOCTYPE a> ?><a/>",
        b"<a><![CDATA[<!DOCTYPE a>]]></a>",
        b"<a k='&lt;!DOCTYPE a>'/>",
        b"<a/><!-- <!DOCTYPE a> -->",
    ],
)
def test_the_word_alone_is_no_doctype(document: bytes) -> None:
    assert parse_xml(document).getroot().tag == "a"


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"   ",
        b"hello",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<a/>x",
        b" <?xml version='1.0'?><a/>",
        b"<a><!DOCTYPE a></a>",
        b"<a>&nbsp;</a>",
        b"<a>&x;</a>",
        b"<a k='1' k='2'/>",
        b"<a p:k='1' q:k='2' xmlns:p='u' xmlns:q='u'/>",
        b"<p:a/>",
        b"<a p:k='1'/>",
        b"<a k=1/>",
        b"<a>\x00</a>",
        b"<a>\x01</a>",
        b"<a>&#1;</a>",
        b"<a>\xff</a>",
        b"<!-- <a/>",
        b"<?p <a/>",
        b"<!-- -- --><a/>",
        b"<a xmlns:p=''/>",
        b"<a>]]></a>",
        b"<a k='<'/>",
    ],
)
def test_what_is_not_well_formed(document: bytes) -> None:
    with pytest.raises(NotWellFormed) as caught:
        parse_xml(document)
    assert str(caught.value)


def test_the_place_of_the_fault() -> None:
    with pytest.raises(NotWellFormed, match="line 3, column") as caught:
        parse_xml(b"<a>\n <b>\n  </c>\n</a>")
    assert (caught.value.line, caught.value.column) == (3, 7)


def test_another_version() -> None:
    with pytest.raises(ForbiddenXml, match=r"1\.0"):
        parse_xml(b"<?xml version='1.1'?><a/>")


def test_everything_is_kept() -> None:
    root = parse_xml(b"<a> <!-- c --><?p q?><b><![CDATA[x]]></b> </a>").getroot()
    assert [child.tag for child in root if isinstance(child.tag, str)] == ["b"]
    assert len(root) == 3
    assert root.text == " "


@pytest.mark.parametrize(
    ("document", "encoding"),
    [
        (b"<a/>", "utf-8"),
        (b"\xef\xbb\xbf<a/>", "utf-8"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><a/>", "utf-8"),
        ('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + '<?xml version="1.0"?><a/>'.encode("utf-16-be"), "utf-16-be"),
        (b"\xff\xfe" + '<?xml version="1.0" encoding="utf-16LE"?><a/>'.encode("utf-16-le"), "utf-16-le"),
        (b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "iso8859-1"),
        (b'<?xml version="1.0" encoding="latin1" standalone="yes"?><a/>', "iso8859-1"),
        (b'<?xml version="1.0" encoding = "us-ascii"?><a/>', "ascii"),
        (b'<?xml version="1.0" encoding="windows-1252"?><a/>', "cp1252"),
        (b'<?xml version="1.0" standalone="no"?><a k="encoding=\'ISO-8859-1\'"/>', "utf-8"),
        (b'<?xml version="1.0"' + b" " * 600 + b'encoding="ISO-8859-1"?><a/>', "iso8859-1"),
        (b"<?xml-stylesheet x encoding='ISO-8859-1'?><a/>", "utf-8"),
        (b"<?xml-stylesheet " + b"x" * 2000 + b"?><a/>", "utf-8"),
    ],
)
def test_encodings(document: bytes, encoding: str) -> None:
    assert detect_encoding(document) == encoding
    assert parse_xml(document).getroot().tag == "a"


@pytest.mark.parametrize(
    "document",
    [
        "<a/>".encode("utf-16-le"),
        '<?xml version="1.0"?><a/>'.encode("utf-16-le"),
        '<?xml version="1.0"?><a/>'.encode("utf-16-be"),
        "<a/>".encode("utf-32"),
        "<a/>".encode("utf-32-be"),
        '<?xml version="1.0"?><a/>'.encode("cp037"),
        b"<?xml version='1.0' encoding='utf-7'?><a/>",
        b"<?xml version='1.0' encoding='UTF-16'?><a/>",
        b"<?xml version='1.0' encoding='shift_jis'?><a/>",
        b"<?xml version='1.0' encoding='base64'?><a/>",
        b"<?xml version='1.0' encoding='no such'?><a/>",
        b"\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        '<?xml version="1.0" encoding="utf-8"?><a/>'.encode("utf-16"),
        b"\xff\xfe<\0a\0/\0>",
        b'<?xml version="1.0"' + b" " * 2000 + b'encoding="ISO-8859-1"?><a/>',
        b'<?xml version="1.0"' + b" " * 2000 + b"?><a/>",
        ('<?xml version="1.0"' + " " * 2000 + 'encoding="UTF-8"?><a/>').encode("utf-16"),
    ],
)
def test_encodings_that_are_not_read(document: bytes) -> None:
    with pytest.raises(NotWellFormed):
        parse_xml(document)


@pytest.mark.parametrize("name", ["urn:\xe9", "a b", "u:{x}", "http://["])
@pytest.mark.parametrize("declared", ["xmlns", "xmlns:x"])
def test_a_namespace_that_is_no_uri(name: str, declared: str) -> None:
    with pytest.raises(ForbiddenXml, match=r"not a valid URI.*only URIs"):
        parse_xml(f"<a {declared}='{name}'/>".encode())


class TestLimits:
    def test_bytes(self) -> None:
        assert parse_xml(b"<a>12</a>", Limits(max_bytes=9)) is not None
        with pytest.raises(ForbiddenXml, match="10 bytes"):
            parse_xml(b"<a>123</a>", Limits(max_bytes=9))

    @pytest.mark.parametrize("depth", [1, 2, 7, 255])
    def test_depth(self, depth: int) -> None:
        limits = Limits(max_depth=depth)
        assert parse_xml(b"<a>" * depth + b"</a>" * depth, limits) is not None
        with pytest.raises(ForbiddenXml):
            parse_xml(b"<r><x/>" + b"<a>" * depth + b"</a>" * depth + b"</r>", limits)

    def test_depth_of_the_parser(self) -> None:
        with pytest.raises(ForbiddenXml, match="depth"):
            parse_xml(b"<a>" * 100_000 + b"</a>" * 100_000)

    def test_elements(self) -> None:
        limits = Limits(max_elements=3)
        assert parse_xml(b"<a><b></b><c></c></a>", limits) is not None
        with pytest.raises(ForbiddenXml, match="3 elements"):
            parse_xml(b"<a><b/><c/><d/></a>", limits)
        with pytest.raises(ForbiddenXml, match="3 elements"):
            parse_xml("<a><b/><c/><d/></a>".encode("utf-16"), limits)

    @pytest.mark.parametrize(
        "around", ["<a>{}</a>", "<!--{}--><a/>", "<?p {}?><a/>", "<a><![CDATA[{}]]></a>"]
    )
    def test_of_the_parser(self, around: str) -> None:
        with pytest.raises(ForbiddenXml, match=r"line 1: .*too"):
            parse_xml(around.format("x" * 11_000_000).encode())

    def test_a_long_name(self) -> None:
        with pytest.raises(ForbiddenXml, match="too long"):
            parse_xml(b"<" + b"a" * 60_000 + b"/>")

    @pytest.mark.parametrize("text", ["", "=\"'" * 50, "<!-- =' -->" * 50])
    def test_attributes(self, text: str) -> None:
        limits = Limits(max_attributes=3)
        within = f"<r a='1' b='>\"' xmlns='u'>{text}<e a='1' b='2' c=\"3\"/>{text}<!-- a='1' b='2' --></r>"
        beyond = within.replace("</r>", "\n<e a='1' b = \"=''>\"\n xmlns:c='u' d='4'>x</e></r>")
        for encoding in ("utf-8", "utf-16"):
            assert parse_xml(within.encode(encoding), limits) is not None
            with pytest.raises(ForbiddenXml, match=r"line 2: .* 3 attributes"):
                parse_xml(beyond.encode(encoding), limits)

    @pytest.mark.parametrize("tag", ["<e {}/>", "<e>" * 9 + "<e {}>x" + "</e>" * 10])
    def test_attributes_by_default(self, tag: str) -> None:
        assert parse_xml(tag.format(" ".join(f"a{n}=''" for n in range(256))).encode()) is not None
        for name in ("a{}", "xmlns:a{}"):
            with pytest.raises(ForbiddenXml, match="256 attributes"):
                parse_xml(tag.format(" ".join(f"{name.format(n)}='{n}'" for n in range(257))).encode())

    @pytest.mark.parametrize(
        "wrong",
        [{"max_bytes": 0}, {"max_depth": 257}, {"max_depth": 0}, {"max_elements": -1}, {"max_attributes": 0}],
    )
    def test_limits_that_make_no_sense(self, wrong: dict[str, int]) -> None:
        with pytest.raises(ValueError, match="limits"):
            Limits(**wrong)


@pytest.mark.parametrize(
    "document",
    [
        b"<a>" + (b"<b " + b" ".join(b"k%d=''" % number for number in range(256)) + b"/>") * 400 + b"</a>",
        b"<a " + b" ".join(b"xmlns:p%d='u%d'" % (number, number) for number in range(256)) + b"/>",
        b"<a>" + b"=\"'" * 500_000 + b"<b/></a>",
        b"<a " + b"=" * 1_000 + b"k='" + b">'\"" * 500_000 + b"'/>",
        b"<a>" + b"<!-- - -->" * 100_000 + b"<b/></a>",
        b"<a>" + b" " * 1_000_000 + b"<b/></a>",
        b"<!-- " + b"- " * 500_000 + b"--><a/>",
    ],
    ids=["attributes", "declarations", "quotes", "no tag", "comments", "blanks", "long comment"],
)
def test_hostile_documents_are_read_to_the_end(document: bytes) -> None:
    """Where a step were quadratic, these would take minutes."""
    try:
        source = Source.parse(document)
    except NotWellFormed:
        assert b"===" in document
    else:
        for element in source.root.iter("*"):
            source.start_tag(element)
            source.span(element)
            assert len(element.attrib.items()) <= 256
