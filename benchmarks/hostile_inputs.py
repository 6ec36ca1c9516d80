"""Hostile inputs: what makes each, what takes it in, and which error ends that."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from xcap_documents.common_policy import Ruleset
from xcap_documents.oma_pres_content import StatusIcon
from xcap_documents.resource_lists import ResourceLists
from xcap_documents.xcap_diff import XcapDiff
from xcap_sdk import Network, XcapClient, parse, validate
from xcap_sdk.documents.validation import check_document
from xcap_sdk.editing.merge import merge
from xcap_sdk.usages import RESOURCE_LISTS

LISTS = "urn:ietf:params:xml:ns:resource-lists"
POLICY = "urn:ietf:params:xml:ns:common-policy"
PRES_RULES = "urn:ietf:params:xml:ns:pres-rules"
DIFF = "urn:ietf:params:xml:ns:xcap-diff"
ICON = "urn:oma:xml:prs:pres-content"
MB = 1_000_000


Entry: TypeAlias = "tuple[str, str | None, Callable[[bool], Callable[[], object]]]"


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile input.

    Attributes:
        name: What it is.
        error: The name of the error that ends it; None if it is read and does no harm.
        make: Makes the input, larger if asked for, and gives what takes it in.
    """

    name: str
    error: str | None
    make: Callable[[bool], Callable[[], object]]


def lists(content: str, before: str = "") -> str:
    """A resource-lists document."""
    return f'{before}<resource-lists xmlns="{LISTS}">{content}</resource-lists>'


def read(document: str | bytes, root: type[object] = ResourceLists) -> Callable[[], object]:
    """What parses a document."""
    data = document.encode() if isinstance(document, str) else document
    return lambda: parse(data, root)


def checked(document: str, root: type[object] = ResourceLists) -> Callable[[], object]:
    """What parses and validates a document."""
    data = document.encode()
    return lambda: check_document(data, root)


def validated(icon: str) -> Callable[[], object]:
    """What parses an icon and validates it with the rules of its usage."""
    data = icon.encode()
    return lambda: validate(parse(data, StatusIcon))


def got(body: Callable[[], Iterator[bytes]], headers: dict[str, str] | None = None) -> Callable[[], object]:
    """What gets a document whose body comes piece by piece."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"ETag": '"1"', **(headers or {})}, content=body())

    http = httpx.Client(transport=httpx.MockTransport(answer))
    xcap = XcapClient("http://127.0.0.1", user="sip:alice@example.org", http=http, network=Network(tries=1))
    return xcap.resource_lists.get


def pieces(total: int | None, size: int = 65_536) -> Iterator[bytes]:
    """A body of so many bytes, or an endless one; each piece takes memory of its own."""
    yield lists("").encode().partition(b"</")[0]
    for _ in itertools.count() if total is None else range(total // size):
        yield b"A" * size


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return lists("&l9;", f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>')


def _blow_up() -> str:
    return lists("&a;" * 50_000, f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>')


def _icon(size: int) -> str:
    data = "A" * (size - 1) + "*"
    kind = "<mime-type>image/png</mime-type><encoding>base64</encoding>"
    return f'<content xmlns="{ICON}">{kind}<data>{data}</data></content>'


def _bomb(large: bool) -> Callable[[], object]:
    packed = gzip.compress(bytes(100 * MB if large else MB))
    return got(lambda: itertools.repeat(packed, 100), {"Content-Encoding": "gzip"})


def rules(count: int) -> str:
    """Presence rules that all have the same id."""
    inside = '<rule id="a"/>' * count
    return f'<ruleset xmlns="{POLICY}">{inside}</ruleset>'


def _handling(value: str) -> str:
    """A presence rule that asks for a handling."""
    inside = f'<sub-handling xmlns="{PRES_RULES}">{value}</sub-handling>'
    return f'<ruleset xmlns="{POLICY}"><rule id="a"><actions>{inside}</actions></rule></ruleset>'


def _attributes(each: str, count: int) -> str:
    return lists(f"<list {' '.join(each.format(number) for number in range(count))}/>")


def _declared(encoding: str, content: str = "") -> str:
    return lists(content, f'<?xml version="1.0" encoding="{encoding}"?>')


def _patch(selector: str) -> str:
    """A change document with one patch."""
    document = (
        f'<document sel="a/global/b" previous-etag="1" new-etag="2"><remove sel="{selector}"/></document>'
    )
    return f'<xcap-diff xmlns="{DIFF}" xcap-root="http://127.0.0.1/">{document}</xcap-diff>'


def _named(count: int, side: str) -> str:
    each = '<entry uri="sip:{0}@example.org"><display-name>{1}</display-name></entry>'
    return f"<list>{''.join(each.format(number, side) for number in range(count))}</list>"


def _moved(count: int, side: str) -> str:
    inside = '<entry uri="sip:bob@example.org"/>' if side == "mine" else ""
    each = "".join(f'<list name="{number}">{inside}</list>' for number in range(count))
    return f'<list name="theirs">{each}</list>' if side == "theirs" else each


def _merged(make: Callable[[int, str], str], count: int) -> Callable[[], object]:
    """What merges three versions."""
    base, mine, theirs = (
        parse(lists(make(count, side)), ResourceLists) for side in ("base", "mine", "theirs")
    )
    return lambda: merge(base, mine, theirs, RESOURCE_LISTS.keys)


_XML: list[Entry] = [
    ("entities of entities (billion laughs)", "ForbiddenXml", lambda _: read(_laughs())),
    ("one long entity used 50,000 times (quadratic blow-up)", "ForbiddenXml", lambda _: read(_blow_up())),
    (
        "external entity, a file",
        "ForbiddenXml",
        lambda _: read(lists("&x;", '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    ),
    (
        "parameter entity from the network",
        "ForbiddenXml",
        lambda _: read(lists("", '<!DOCTYPE x [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>')),
    ),
    (
        "external DTD",
        "ForbiddenXml",
        lambda _: read(lists("", '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">')),
    ),
    (
        "DOCTYPE behind a long comment",
        "ForbiddenXml",
        lambda _: read(lists("", f"<!--{'-x' * MB}--><!DOCTYPE x>")),
    ),
    ("DOCTYPE in UTF-16", "ForbiddenXml", lambda _: read(lists("", "<!DOCTYPE x>").encode("utf-16"))),
    ("entity that nobody declares", "NotWellFormed", lambda _: read(lists("&x;"))),
    (
        "XInclude of a file (left alone)",
        None,
        lambda _: read(
            lists('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>')
        ),
    ),
    ("document of 100 MB", "LimitExceeded", lambda large: read(lists(" " * (100 if large else 17) * MB))),
    ("10,000 elements within each other", "LimitExceeded", lambda _: read(lists("<list>" * 10_000))),
    (
        "1,000,000 attributes",
        "LimitExceeded",
        lambda _: read(_attributes('a{}=""', MB)),
    ),
    (
        "500,000 namespace declarations",
        "LimitExceeded",
        lambda _: read(_attributes('xmlns:a{}="u"', MB // 2)),
    ),
    ("1,000,001 elements", "LimitExceeded", lambda _: read(lists("<list/>" * MB))),
    (
        "900,000 elements (within the limits)",
        None,
        lambda large: read(lists("<list/>" * (900_000 if large else 9_000))),
    ),
    ("attribute value of 15 MB", "LimitExceeded", lambda _: read(lists(f'<list name="{"x" * 15 * MB}"/>'))),
    ("text of 15 MB", "LimitExceeded", lambda _: read(lists(f"<list>{'x' * 15 * MB}</list>"))),
    ("name of 60,000 letters", "LimitExceeded", lambda _: read(lists(f"<{'a' * 60_000}/>"))),
    ("namespace that is no URI", "ForbiddenXml", lambda _: read(lists('<a xmlns="a b"/>'))),
    ("cut off in a tag", "NotWellFormed", lambda _: read(lists("<list/>")[:-5])),
    ("cut off between tags", "NotWellFormed", lambda _: read(lists("<list>").partition("</")[0])),
    ("looks as if recovered: end tags missing", "NotWellFormed", lambda _: read(lists("<list><entry>"))),
    (
        "looks as if recovered: attribute without quotes",
        "NotWellFormed",
        lambda _: read(lists("<list name=a/>")),
    ),
    ("second root element", "NotWellFormed", lambda _: read(lists("") + lists(""))),
    ("bytes behind the document", "NotWellFormed", lambda _: read(lists("") + "HTTP/1.1 200 OK")),
    (
        "Latin-1 that says it is UTF-8",
        "NotWellFormed",
        lambda _: read(_declared("UTF-8", "<!--é-->").encode("latin-1")),
    ),
    (
        "unknown encoding",
        "NotWellFormed",
        lambda _: read(_declared("x-none")),
    ),
    (
        "UTF-7",
        "NotWellFormed",
        lambda _: read(_declared("UTF-7", "+ADwAIQ-")),
    ),
    ("UTF-16 without a byte order mark", "NotWellFormed", lambda _: read(lists("").encode("utf-16-le"))),
    (
        "UTF-16 that says it is UTF-8",
        "NotWellFormed",
        lambda _: read(_declared("UTF-8").encode("utf-16")),
    ),
    ("UTF-32", "NotWellFormed", lambda _: read(lists("").encode("utf-32"))),
    (
        "EBCDIC",
        "NotWellFormed",
        lambda _: read(_declared("cp037").encode("cp037")),
    ),
    ("NUL in the text", "NotWellFormed", lambda _: read(lists("\0"))),
    ("NUL as a character reference", "NotWellFormed", lambda _: read(lists("&#0;"))),
    ("another document", "UnexpectedDocument", lambda _: read(rules(1))),
    (
        "icon of 9 MB, no base64",
        "InvalidDocument",
        lambda large: validated(_icon(9 * MB if large else MB)),
    ),
    ("icon of 15 MB", "LimitExceeded", lambda _: validated(_icon(15 * MB))),
    (
        "100,000 entries that break the schema",
        "InvalidDocument",
        lambda large: checked(lists(f"<list>{'<entry/>' * (100_000 if large else 6_000)}</list>")),
    ),
    (
        "100,000 rules with one id",
        "InvalidDocument",
        lambda large: checked(rules(100_000 if large else 6_000), Ruleset),
    ),
]

_OTHERS: list[Entry] = [
    (
        "value that says 2,000 times that a value is too long",
        "InvalidDocument",
        lambda _: checked(_handling("' has a length of ; this exceeds " * 2_000), Ruleset),
    ),
    (
        "10,000 tests in a selector of a change document, and its schema",
        "InvalidDocument",
        lambda _: checked(_patch("*/a" + "[b='x']" * 10_000 + "!"), XcapDiff),
    ),
    (
        "20,000 entries that both sides changed, merged",
        None,
        lambda large: _merged(_named, 20_000 if large else 200),
    ),
    (
        "20,000 lists that they put into another one, merged with mine",
        None,
        lambda large: _merged(_moved, 20_000 if large else 200),
    ),
]

_REPLIES: list[Entry] = [
    ("reply of 100 MB", "UnexpectedReply", lambda _: got(lambda: pieces(100 * MB))),
    ("reply without an end", "UnexpectedReply", lambda _: got(lambda: pieces(None))),
    ("icon of 1 GB in a reply", "UnexpectedReply", lambda _: got(lambda: pieces(1000 * MB))),
    ("gzip that unpacks to 10 GB", "UnexpectedReply", _bomb),
]

CASES = [Case(*each) for each in (*_XML, *_OTHERS, *_REPLIES)]
