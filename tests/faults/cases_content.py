"""Replies that are HTTP, and whose fields or bodies are not what they should be."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from calls import (
    asked,
    at_most,
    capabilities,
    directory,
    exists,
    get,
    get_element,
    get_twice,
    gives,
    icon,
    in_hand,
    is_stored,
    presence_rules,
    refresh,
    save,
    told,
    under,
    wrote,
)
from faulty import BOOK, FOUND, LISTS, OTHER, Case

from raw import Piece, reply
from xcap_sdk import (
    ForbiddenXml,
    LimitExceeded,
    MissingETag,
    NotWellFormed,
    PreconditionFailed,
    UnexpectedDocument,
    UnexpectedReply,
)

MIB = 2**20
THE_DOCUMENT = gives("the document", BOOK)


def found(body: bytes = BOOK, *fields: str) -> bytes:
    return reply("200 OK", body, *(fields or (LISTS, 'ETag: "1"')))


def with_root(markup: bytes, before: bytes = b"") -> bytes:
    return before + BOOK.replace(b"/></", b">%s</list></" % markup)


def bomb() -> Iterator[Piece]:
    """Pieces of a KiB that would unpack to a MiB each, without end."""
    packed = gzip.compress(b" " * MIB)
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    for _ in range(4096):
        yield b"%x\r\n%s\r\n" % (len(packed), packed)


IN_UTF_16 = ('<?xml version="1.0" encoding="UTF-8"?>' + BOOK.decode()).encode("utf-16")
CHANGING = [found(BOOK, LISTS, f'ETag: "{number}"') for number in range(1, 40)]

CASES = (
    *(
        Case(
            server=words,
            call=get,
            answers={"GET": [found(BOOK, *fields)]},
            raises=None,
            after=(THE_DOCUMENT,),
        )
        for words, fields in {
            "gives no media type": ['ETag: "1"'],
            "gives a media type of garbage": ["Content-Type: ;;/,", 'ETag: "1"'],
            "gives another XML media type": ["Content-Type: text/xml; charset=iso-8859-1", 'ETag: "1"'],
            "gives the media type of another usage": [
                "Content-Type: application/auth-policy+xml",
                'ETag: "1"',
            ],
            "gives two media types": [LISTS, "Content-Type: text/plain", 'ETag: "1"'],
            "names a Content-Encoding without effect": ["Content-Encoding: identity", 'ETag: "1"'],
            "sends 90 KiB of header fields": [*(f"X-Field-{n}: {'x' * 80}" for n in range(900)), 'ETag: "1"'],
        }.items()
    ),
    Case(
        server="gives an HTML page, as portals do",
        call=get,
        answers={"GET": [found(b"<html>log in</html>", "Content-Type: text/html")]},
        raises=UnexpectedReply,
        match="is that an XCAP server",
    ),
    Case(
        server="gives an HTML page to whoever asks for an element",
        call=get_element,
        answers={"GET": [found(b"<html>log in</html>", "Content-Type: text/html")]},
        raises=UnexpectedReply,
        match="is that an XCAP server",
    ),
    *(
        Case(
            server=words,
            call=save,
            answers={"GET": [found(BOOK, LISTS, *fields)]},
            raises=MissingETag,
            match="nothing was sent",
            after=(wrote(0),),
        )
        for words, fields in {
            "gives no ETag": [],
            "gives an ETag without its end": ['ETag: "1'],
            "gives * for an ETag": ["ETag: *"],
            "gives a list of ETags": ['ETag: "1", "2"'],
            "gives two ETags": ['ETag: "1"', 'ETag: "2"'],
            "gives an empty ETag": ["ETag:"],
        }.items()
    ),
    *(
        Case(
            server=words,
            call=save,
            answers={"GET": [found(BOOK, LISTS, f"ETag: {etag}")]},
            raises=None,
            after=(wrote(1), is_stored, under(etag)),
        )
        for words, etag in {
            "gives a weak ETag": 'W/"1"',
            "gives an ETag of 60 KiB": f'"{"1" * 61_440}"',
            "gives an ETag of bytes that are no text": '"\xe9\xff"',
        }.items()
    ),
    Case(
        server="gives an ETag without quotes",
        call=save,
        answers={"GET": [found(BOOK, LISTS, "ETag: 1-abc")]},
        raises=None,
        after=(wrote(1), is_stored, under('"1-abc"', "it goes back in quotes")),
    ),
    Case(
        server="gives another ETag each time, and refuses those before (412)",
        call=save,
        answers={"GET": list(CHANGING), "PUT": [reply("412 Precondition Failed")]},
        raises=PreconditionFailed,
        after=(wrote(2), in_hand),
    ),
    Case(
        server="answers 304 with the ETag of another version",
        call=get_twice,
        answers={
            "GET": [FOUND, reply("304 Not Modified", b"", 'ETag: "2"'), found(OTHER, LISTS, 'ETag: "2"')]
        },
        raises=None,
        after=(asked(3), gives("the other version, which is asked for then", OTHER)),
    ),
    Case(
        server="answers 304 to what was no question",
        call=get,
        answers={"GET": [reply("304 Not Modified", b"", 'ETag: "1"')]},
        raises=UnexpectedReply,
        after=(asked(1),),
    ),
    Case(
        server="answers 304 without end, with other ETags",
        call=get_twice,
        answers={"GET": [FOUND, reply("304 Not Modified", b"", 'ETag: "2"')]},
        raises=UnexpectedReply,
        after=(asked(3),),
    ),
    Case(
        server="gives another document under the same ETag",
        call=refresh,
        answers={"GET": [FOUND, found(OTHER)]},
        raises=None,
        after=(asked(2),),
    ),
    Case(
        server="answers 206 with a part of the document",
        call=get,
        answers={"GET": [reply("206 Partial Content", BOOK[:40], LISTS)]},
        raises=UnexpectedReply,
        after=(asked(1), told("`.status` is 206", "status", 206)),
    ),
    Case(
        server="answers 200 without a body",
        call=get,
        answers={"GET": [found(b"")]},
        raises=NotWellFormed,
    ),
    Case(
        server="answers 200 without a body to the question whether there is a document",
        call=exists,
        answers={"GET": [found(b"")]},
        raises=None,
        after=(gives("yes", value=True),),
    ),
    *(
        Case(server=words, call=get, answers={"GET": [found(body)]}, raises=error)
        for words, body, error in (
            ("sends half a document", BOOK[:-20], NotWellFormed),
            ("sends two documents in one", BOOK + BOOK, NotWellFormed),
            ("sends garbage for a document", b"\0\1\2garbage", NotWellFormed),
            ("sends a document with a NUL", with_root(b"<display-name>\0</display-name>"), NotWellFormed),
            (
                "sends Latin-1 that says it is UTF-8",
                with_root(b"<display-name>\xe9</display-name>"),
                NotWellFormed,
            ),
            ("sends UTF-16 that says it is UTF-8", IN_UTF_16, NotWellFormed),
            (
                "sends the document of another usage",
                b'<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>',
                UnexpectedDocument,
            ),
            ("sends a document without its namespace", b"<resource-lists/>", UnexpectedDocument),
            ("sends a document type", b"<!DOCTYPE resource-lists>" + BOOK, ForbiddenXml),
            (
                "sends entities that multiply",
                with_root(b"&b;", b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'),
                ForbiddenXml,
            ),
            (
                "sends an entity from a file",
                with_root(b"&f;", b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
                ForbiddenXml,
            ),
            (
                "sends a namespace of what terminals act on",
                '<a xmlns="\x9b2J\x7f"/>'.encode(),
                ForbiddenXml,
            ),
            (
                "sends an entity from elsewhere",
                with_root(b"&f;", b'<!DOCTYPE r [<!ENTITY f SYSTEM "{elsewhere}">]>'),
                ForbiddenXml,
            ),
            (
                "sends elements 10,000 deep",
                with_root(b"<list>" * 10_000 + b"</list>" * 10_000),
                LimitExceeded,
            ),
        )
    ),
    Case(
        server="sends the document of another user, who is named nowhere in it",
        call=get,
        answers={"GET": [found(OTHER)]},
        raises=None,
        after=(gives("that document: nothing in it says whose it is", OTHER),),
    ),
    Case(
        server="sends a buddy list for presence rules",
        call=presence_rules,
        answers={"GET": [FOUND]},
        raises=UnexpectedDocument,
    ),
    Case(
        server="sends a buddy list for its capabilities",
        call=capabilities,
        answers={"GET": [FOUND]},
        raises=UnexpectedDocument,
    ),
    Case(
        server="sends garbage for its capabilities",
        call=capabilities,
        answers={"GET": [found(b"<xcap-caps")]},
        raises=NotWellFormed,
    ),
    Case(
        server="sends a buddy list for a directory",
        call=directory,
        answers={"GET": [FOUND]},
        raises=UnexpectedDocument,
    ),
    Case(
        server="sends a buddy list for a picture",
        call=icon,
        answers={"GET": [FOUND]},
        raises=UnexpectedDocument,
    ),
    Case(
        server="compresses what was not asked for, to a bomb",
        call=get,
        answers={"GET": [bomb]},
        raises=UnexpectedReply,
        match="compressed",
        after=(asked(1), at_most(16 * MIB)),
    ),
    Case(
        server="names a Content-Encoding that there is not",
        call=get,
        answers={"GET": [found(BOOK, "Content-Encoding: x-rot13")]},
        raises=UnexpectedReply,
        match="compressed",
    ),
    Case(
        server="announces more than is read of a reply",
        call=get,
        answers={"GET": [found(b" " * (2 * MIB))]},
        options={"network": {"max_reply": MIB}},
        raises=UnexpectedReply,
        match="longer than",
    ),
)
