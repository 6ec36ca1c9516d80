"""What a document has to be: RFC 4825 §8.2.2 on a body, and §8.2.5 on what would be stored."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import quote

from xcap_sdk.documents.binding import bind
from xcap_sdk.documents.classes import meta_of
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import DocumentError, ForbiddenXml, NotWellFormed, Problem, UnexpectedDocument
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.faults import Exists, Fault, FaultKind, Refused
from xcap_sdk.protocol.wording import plain
from xcap_sdk.server.answers import rejected
from xcap_sdk.usages import ApplicationUsage

_DECLARED: Final = re.compile(r"(<\?xml\s[^>]*?)\sencoding\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_DECLARATION: Final = 4096
"""How far an XML declaration is looked for, in characters."""


def check_media_type(content_type: str | None, expected: str) -> None:
    """Compare type and subtype (RFC 4825 §8.2.2); parameters do not matter here.

    Raises:
        Rejected: 415.
    """
    sent = (content_type or "").partition(";")[0].strip().lower()
    if sent != expected.lower():
        raise rejected(415, f"expected a body of type {expected}, not {sent or 'one without a Content-Type'}")


def check_charset(content_type: str | None) -> None:
    """A charset parameter rules over what the body says of itself (RFC 7303 §3), so it has to be UTF-8 too.

    Raises:
        Refused: not-utf-8.
    """
    for parameter in (content_type or "").split(";")[1:]:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in {"utf-8", "utf8", "us-ascii"}:
            raise Refused(Fault(FaultKind.NOT_UTF_8, f"the Content-Type says charset {charset}"))


def is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def check_form(body: bytes, content_type: str | None) -> Source:
    """Whether a body is an XML document in UTF-8.

    Returns:
        The document, parsed.

    Raises:
        Refused: not-well-formed, not-utf-8, or constraint-failure for a DOCTYPE and for what exceeds the
            limits of the parser.
    """
    source = _parsed(body)
    if source.encoding != "utf-8":
        raise Refused(Fault(FaultKind.NOT_UTF_8, f"the document is in {source.encoding}"))
    check_charset(content_type)
    return source


def _parsed(body: bytes) -> Source:
    try:
        return Source.parse(body)
    except ForbiddenXml as error:
        raise Refused(Fault(FaultKind.CONSTRAINT_FAILURE, str(error))) from error
    except NotWellFormed as error:
        if _only_its_encoding_is_wrong(body):
            raise Refused(Fault(FaultKind.NOT_UTF_8, f"the document is not UTF-8: {error}")) from error
        raise Refused(Fault(FaultKind.NOT_WELL_FORMED, str(error))) from error


def _only_its_encoding_is_wrong(body: bytes) -> bool:
    """Whether it parses once its bytes are taken for some other encoding."""
    encoding = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    text = body.decode(encoding.get(body[:2], "latin-1"), "replace")
    # At the start only, and bounded: a search through the whole body would take quadratic time.
    declared = _DECLARED.match(text, 0, _DECLARATION)
    if declared is not None:
        text = declared[1] + text[declared.end() :]
    try:
        Source.parse(text.encode())
    except DocumentError:
        return False
    return True


def check_result(usage: ApplicationUsage[Any], body: bytes, address: DocumentAddress) -> None:
    """Whether a document follows its schema and the rules of its usage, in the order of RFC 4825 §8.2.5.

    Raises:
        Refused: schema-validation-error, uniqueness-failure or constraint-failure.
    """
    # The schema takes any of its global elements for a document's root; a usage has one root element.
    tree = parse_xml(body)
    expected = meta_of(usage.root).qname
    if tree.getroot().tag != expected:
        phrase = f"the root element is {plain(str(tree.getroot().tag))}, and has to be {expected}"
        raise Refused(Fault(FaultKind.SCHEMA_VALIDATION_ERROR, phrase))
    if wrong := schema_problems(tree, usage.schema, usage.root):
        raise Refused(Fault(FaultKind.SCHEMA_VALIDATION_ERROR, _phrase(wrong)))
    if not usage.checks:
        return
    try:
        model = bind(tree, usage.root)
    except UnexpectedDocument as error:
        raise Refused(Fault(FaultKind.SCHEMA_VALIDATION_ERROR, str(error))) from error
    found = usage.problems(model, address)
    taken = [problem for problem in found if problem.field is not None]
    if taken:
        exists = tuple(Exists(quote(problem.field or "", safe="/@:?=()&!$'*+,;~")) for problem in taken)
        raise Refused(Fault(FaultKind.UNIQUENESS_FAILURE, _phrase(taken), exists=exists))
    if found:
        raise Refused(Fault(FaultKind.CONSTRAINT_FAILURE, _phrase(found)))


def _phrase(problems: list[Problem]) -> str:
    """The first problem in words, and how many more there are."""
    first = problems[0]
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{plain(first.place or 'the document')}: {plain(first.message)}{more}"
