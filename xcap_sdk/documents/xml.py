"""Strict XML: no DTD, no entities, no network, no recovery, and limits on what a document may take.

Nothing else in the SDK parses XML. A DOCTYPE is refused before any parser sees it.
"""

from __future__ import annotations

import codecs
import re
from typing import TypeAlias

from lxml import etree

from xcap_sdk.documents.limits import PARSER_DEPTH, Limits, limits_in_force
from xcap_sdk.errors import ForbiddenXml, LimitExceeded, NotWellFormed
from xcap_sdk.protocol.wording import plain

Element: TypeAlias = etree._Element  # pyright: ignore[reportPrivateUsage] - lxml's only name for it
ElementTree: TypeAlias = etree._ElementTree  # pyright: ignore[reportPrivateUsage] - likewise

_SINGLE_BYTE = r"ascii|iso8859-(?:[1-9]|1[013456])|cp125[0-8]|koi8-[ru]"
_LONGEST_DECLARATION = 1024
_DECLARATION = re.compile(r"<\?xml[ \t\r\n]")
_ENCODING = re.compile(r"""[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*["']([^"'>]*)["']""")
_SKIPPED = re.compile(rb"[ \t\r\n]+|<\?|<!--")
_TOO_BIG = ("too big found", "Name too long: NCName")  # what the parser has no code of its own for
_QUOTED = re.compile(rb"""[^"'<>]*+(?:"[^"]*+"|'[^']*+')""")
_SHORTEST_ELEMENT = len("<a/>")
_SHORTEST_ATTRIBUTE = len(" a=''")
_WORTH_A_LOOK = 256
_PIECE = 1 << 16


def parse_xml(
    data: bytes, limits: Limits | None = None, schema: etree.XMLSchema | None = None
) -> ElementTree:
    """Parse a document strictly.

    Comments, processing instructions, CDATA sections and white space are kept.

    Args:
        data: The document in UTF-8, in UTF-16 with a byte order mark, or in a single-byte encoding that its
            XML declaration states.
        limits: How much it may take; None for the limits in force.
        schema: What it has to follow, all but the uniqueness of IDs; None for nothing.

    Returns:
        The tree.

    Raises:
        NotWellFormed: It is no well-formed XML 1.0 with namespaces, or in an encoding that is not read here;
            or it breaks the schema.
        ForbiddenXml: It has a DOCTYPE or a namespace that is no URI.
        LimitExceeded: It takes more than the limits or the parser allow; the parser's own are 10 MB of one
            text, attribute value, comment or instruction, and 50,000 bytes of a name.
    """
    limits = limits or limits_in_force()
    if len(data) > limits.max_bytes:
        raise LimitExceeded(
            f"the document has {len(data):,} bytes, and {limits.max_bytes:,} are allowed "
            f"(xcap_sdk.Limits.max_bytes)",
            limit="max_bytes",
        )
    encoding = detect_encoding(data)
    # In all encodings but UTF-16 markup is ASCII; for the checks here the rest of the text may be anything.
    text = _recode_utf16(data, encoding) if encoding.startswith("utf-16") else data
    is_long = len(text) > _SHORTEST_ELEMENT * limits.max_elements
    if is_long and text.count(b"<") - text.count(b"</") > limits.max_elements:
        raise LimitExceeded(
            f"the document has more than {limits.max_elements:,} elements, which is the limit "
            f"(xcap_sdk.Limits.max_elements)",
            limit="max_elements",
        )
    _refuse_doctype(text)
    _refuse_attributes(text, limits.max_attributes)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=False,
        schema=schema,
    )
    try:
        root = etree.fromstring(data, parser) if schema is None else _fed(parser, data)
    except etree.XMLSyntaxError as error:
        raise _failure(error) from error
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.xml_version != "1.0":
        raise ForbiddenXml("the document has a DOCTYPE or is not XML 1.0: neither is read here")
    if limits.max_depth < PARSER_DEPTH and root.xpath(f"boolean({'/*' * (limits.max_depth + 1)})"):
        raise LimitExceeded(
            f"the document has more than {limits.max_depth} levels of elements, which is the limit "
            f"(xcap_sdk.Limits.max_depth)",
            limit="max_depth",
        )
    return tree


def _fed(parser: etree.XMLParser, data: bytes) -> Element:
    """The root element; piece by piece, to be done with what is not valid before it has many errors."""
    for start in range(0, len(data), _PIECE):
        parser.feed(data[start : start + _PIECE])
        if len(parser.feed_error_log):
            raise NotWellFormed(parser.feed_error_log[0].message)
    return parser.close()


def detect_encoding(data: bytes) -> str:
    """The encoding of a document, from its byte order mark and XML declaration (XML 1.0, appendix F).

    Args:
        data: The document, or its beginning with the whole XML declaration.

    Returns:
        Python's name of it: ``utf-8``, ``utf-16-le``, ``utf-16-be``, or a single-byte encoding.

    Raises:
        NotWellFormed: Mark and declaration contradict each other, the declaration does not end within 1,024
            characters, or the encoding is not read here.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            declared = _declared(data[2 : 2 + 2 * _LONGEST_DECLARATION].decode(encoding, "replace"))
            if declared and declared.lower() not in {"utf-16", encoding, encoding.replace("-le", "le")}:
                raise _unreadable(f"{declared} in its declaration, UTF-16 by its byte order mark")
            if data[2:4] == b"\0\0":
                raise _unreadable("UTF-32")
            return encoding
    body = data.removeprefix(codecs.BOM_UTF8)
    if not body.lstrip(b" \t\r\n").startswith(b"<") or body[1:2] == b"\0":
        raise NotWellFormed(
            "the document does not begin with '<' in an encoding that is read here, such as UTF-8", line=1
        )
    declared = _declared(body[:_LONGEST_DECLARATION].decode("latin-1"))
    try:
        name = codecs.lookup(declared or "utf-8").name
    except (LookupError, ValueError):
        raise _unreadable(repr(declared)) from None
    if name != "utf-8" and (len(body) < len(data) or not re.fullmatch(_SINGLE_BYTE, name)):
        raise _unreadable(f"{declared} in its declaration")
    return name


def _declared(text: str) -> str | None:
    """The encoding that the XML declaration states; it has to be in the text as a whole, to be sure."""
    if not _DECLARATION.match(text):
        return None
    end = text.find("?>")
    if end < 0:
        raise NotWellFormed(
            f"the XML declaration does not end within {_LONGEST_DECLARATION} characters", line=1
        )
    found = _ENCODING.search(text, 0, end)
    return found[1] if found else None


def _unreadable(what: str) -> NotWellFormed:
    return NotWellFormed(f"the document's encoding is {what}, which is not read here; UTF-8 is", line=1)


def _recode_utf16(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError as error:
        raise NotWellFormed(f"the document is no {encoding}: {error.reason} at byte {error.start}") from error


def _refuse_doctype(text: bytes) -> None:
    """Walk over the prolog: a DOCTYPE can only stand before the root element."""
    position = len(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else 0
    while found := _SKIPPED.match(text, position):
        position = found.end()
        if found[0] in {b"<?", b"<!--"}:
            end = b"?>" if found[0] == b"<?" else b"-->"
            position = text.find(end, position) + len(end)
            if position < len(end):
                return  # never closed: the parser says so with the place
    if text.startswith(b"<!DOCTYPE", position):
        raise ForbiddenXml(
            "the document has a DOCTYPE: document type definitions and entities are not read here"
        )


def _refuse_attributes(text: bytes, most: int) -> None:
    """Count the quoted values of the tags that are long enough to have more than are allowed."""
    least = _SHORTEST_ATTRIBUTE * most
    if len(text) < least or (least > _WORTH_A_LOOK and not _has_gap(text, least)) or text.count(b"=") <= most:
        return
    for found in re.finditer(rb"<[^<!?/][^<]{%d,}+" % least, text):
        tag, position = found[0], 1
        for _ in range(most + 1):
            value = _QUOTED.match(tag, position)
            if value is None:
                break
            position = value.end()
        else:
            line = text.count(b"\n", 0, found.start()) + 1
            raise LimitExceeded(
                f"line {line}: an element has more than {most} attributes and namespace declarations, "
                f"which is the limit (xcap_sdk.Limits.max_attributes)",
                limit="max_attributes",
            )


def _has_gap(text: bytes, length: int) -> bool:
    """Whether there may be that many characters without a tag's start: one look for each half of it."""
    half = length // 2
    return any(text.find(b"<", at, at + half) < 0 for at in range(0, len(text) - half + 1, half))


def _failure(error: etree.XMLSyntaxError) -> NotWellFormed | ForbiddenXml:
    line, column = error.position
    message = plain(error.msg.removesuffix(f", line {line}, column {column}").strip())
    if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT or message.endswith(_TOO_BIG):
        return LimitExceeded(f"line {line}: {message}")
    if error.code == etree.ErrorTypes.WAR_NS_URI:
        return ForbiddenXml(f"line {line}: {message} (RFC 3986), and as a namespace only URIs are read here")
    return NotWellFormed(f"line {line}, column {column}: {message}", line=line, column=column)
