"""Replies that are no HTTP, or break off, or never end."""

from __future__ import annotations

from collections.abc import Iterator

from calls import asked, at_most, get, get_twice, gives, is_stored, save, told, wrote
from faulty import BOOK, FOUND, LISTS, STORED, Case

from raw import End, Piece, reply
from xcap_sdk import (
    BadRequest,
    ConnectionLost,
    NotWellFormed,
    TimedOut,
    UnexpectedReply,
)

MIB = 2**20
SMALL = {"network": {"max_reply": MIB}}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\n"
LENGTH = f"Content-Length: {len(BOOK)}\r\n".encode()


def endless(head: bytes, piece: bytes, size: int = 64 * MIB) -> Iterator[Piece]:
    """Something that goes on for as long as somebody reads it, up to a size that nobody should read."""
    yield head
    for _ in range(size // len(piece)):
        yield piece


def long_body() -> Iterator[Piece]:
    return endless(HEAD + b"\r\n", b" " * 65536)


def long_chunks() -> Iterator[Piece]:
    return endless(CHUNKED, b"10000\r\n" + b" " * 65536 + b"\r\n")


def many_fields() -> Iterator[Piece]:
    return endless(HEAD, b"X-Field: value\r\n" * 1000)


def long_field() -> Iterator[Piece]:
    return endless(HEAD + b"X-Field: ", b"x" * 65536)


CASES = (
    Case(
        server="sends a status line of garbage",
        call=get,
        answers={"GET": [[b"\0\xff garbage\r\n\r\n", End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="answers in HTTP/0.9, without a status line",
        call=get,
        answers={"GET": [[BOOK, End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="answers in a version of HTTP that there is not",
        call=get,
        answers={"GET": [[FOUND.replace(b"HTTP/1.1", b"HTTP/11.0"), End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="sends a status of two digits",
        call=get,
        answers={"GET": [[b"HTTP/1.1 20 OK\r\n\r\n", End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="sends status 999",
        call=get,
        answers={"GET": [reply("999 Huh", BOOK)]},
        raises=UnexpectedReply,
        after=(asked(1),),
    ),
    Case(
        server="switches to another protocol (101)",
        call=get,
        answers={
            "GET": [[b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 0.5]]
        },
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="gives a Content-Length below the body's",
        call=get,
        answers={"GET": [FOUND.replace(LENGTH, b"Content-Length: 20\r\n")]},
        raises=NotWellFormed,
        after=(asked(1),),
    ),
    Case(
        server="gives a Content-Length above the body's, and closes",
        call=get,
        answers={"GET": [[FOUND.replace(LENGTH, b"Content-Length: 999\r\n"), End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="gives a Content-Length above the body's, and waits",
        call=get,
        answers={"GET": [[FOUND.replace(LENGTH, b"Content-Length: 999\r\n"), 20.0]]},
        options={"timeout": 0.3},
        raises=TimedOut,
        after=(asked(1),),
    ),
    *(
        Case(
            server=words,
            call=get,
            answers={"GET": [[FOUND.replace(LENGTH, fields), End.CLOSE]]},
            raises=ConnectionLost,
            after=(asked(2),),
        )
        for words, fields in {
            "gives a negative Content-Length": b"Content-Length: -1\r\n",
            "gives a Content-Length that is no number": b"Content-Length: 0x10\r\n",
            "gives a Content-Length of 40 digits": b"Content-Length: %s\r\n" % (b"9" * 40),
            "gives two different Content-Lengths": LENGTH + b"Content-Length: 3\r\n",
            "gives a Transfer-Encoding that there is not": b"Transfer-Encoding: rot13\r\n",
            "puts a space before a colon in the header": LENGTH + b"X-Field : 1\r\n",
            "has a NUL in a header field": LENGTH + b"X-Field: a\0b\r\n",
            "has a header line without a colon": LENGTH + b"garbage\r\n",
        }.items()
    ),
    Case(
        server="sends chunks whose sizes are garbage",
        call=get,
        answers={"GET": [[CHUNKED + b"zz\r\nabc\r\n", End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="sends a chunk whose size has 30 digits",
        call=get,
        answers={"GET": [[CHUNKED + b"f" * 30 + b"\r\n", End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="closes the connection before the last chunk",
        call=get,
        answers={"GET": [[CHUNKED + b"%x\r\n%s\r\n" % (len(BOOK), BOOK), End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="gives a Content-Length, too, for a body in chunks",
        call=get,
        answers={
            "GET": [CHUNKED[:-2] + b"Content-Length: 3\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BOOK), BOOK)]
        },
        raises=None,
        after=(gives("the document: the chunks count (RFC 9112 §6.3)", BOOK),),
    ),
    Case(
        server="sends a body without end and without a length",
        call=get,
        answers={"GET": [long_body]},
        options=SMALL,
        raises=UnexpectedReply,
        after=(asked(1), at_most(16 * MIB)),
    ),
    Case(
        server="sends chunks without end",
        call=get,
        answers={"GET": [long_chunks]},
        options=SMALL,
        raises=UnexpectedReply,
        after=(asked(1), at_most(16 * MIB)),
    ),
    Case(
        server="sends header fields without end",
        call=get,
        answers={"GET": [many_fields]},
        raises=ConnectionLost,
        after=(at_most(16 * MIB),),
    ),
    Case(
        server="sends a header field without end",
        call=get,
        answers={"GET": [long_field]},
        raises=ConnectionLost,
        after=(at_most(16 * MIB),),
    ),
    Case(
        server="ends its lines with a bare LF",
        call=get,
        answers={"GET": [FOUND.replace(b"\r\n", b"\n")]},
        raises=None,
        after=(gives("the document", BOOK),),
    ),
    Case(
        server="sends a second reply behind the first, for the next request",
        call=get,
        answers={"GET": [FOUND + reply("200 OK", BOOK.replace(b"friends", b"smuggled"), LISTS)]},
        raises=None,
        after=(asked(1), gives("the document; the rest is thrown away with the connection", BOOK)),
    ),
    Case(
        server="sends garbage behind the reply to a write",
        call=save,
        answers={"PUT": [STORED + b"garbage"]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="answers before it has read the request",
        call=get,
        first=lambda: [reply("400 Bad Request", b"", "Connection: close"), 0.2, End.CLOSE],
        raises=BadRequest,
        after=(asked(0),),
    ),
    Case(
        server="answers 204 with a body",
        call=get,
        answers={"GET": [FOUND.replace(b"200 OK", b"204 No Content")]},
        raises=UnexpectedReply,
        after=(asked(1), told("`.status` is 204", "status", 204)),
    ),
    Case(
        server="answers a write 204 with a body",
        call=save,
        answers={"PUT": [b'HTTP/1.1 204 No Content\r\nETag: "2"\r\nContent-Length: 4\r\n\r\nbody']},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="sends a body with a 304",
        call=get_twice,
        answers={"GET": [FOUND, b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nContent-Length: 4\r\n\r\nbody']},
        raises=None,
        after=(gives("the document as it was read before", BOOK),),
    ),
)
