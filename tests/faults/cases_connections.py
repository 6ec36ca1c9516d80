"""Connections that break, replies that never come, and replies that take for ever."""

from __future__ import annotations

from collections.abc import Iterator

from calls import asked, get, get_twice, gives, in_hand, is_stored, save, wrote
from faulty import BOOK, FOUND, LISTS, MINE, STORED, Case

from raw import End, Piece, dripping, reply
from xcap_sdk import (
    ConnectionFailed,
    ConnectionLost,
    DeadlineExceeded,
    TimedOut,
)

MINE_NOW = reply("200 OK", MINE, LISTS, 'ETag: "2"')


def interim() -> Iterator[Piece]:
    """Each takes little time, and none is a reply."""
    for _ in range(400):
        yield b"HTTP/1.1 100 Continue\r\n\r\n" * 10
        yield 0.01


PROXIES = (
    *(
        Case(
            server=f"is a proxy, and {words}",
            call=get,
            proxy=True,
            answers={"CONNECT": answers},
            raises=error,
            options=options,
        )
        for words, answers, error, options in (
            ("answers 407", [reply("407 Proxy Authentication Required")], ConnectionFailed, {}),
            (
                "answers 502",
                [reply("502 Bad Gateway", b"<html>", "Content-Type: text/html")],
                ConnectionFailed,
                {},
            ),
            (
                "answers 502, with what terminals act on",
                [reply("502 \x1b[2J\x07")],
                ConnectionFailed,
                {},
            ),
            ("points elsewhere", [reply("302 Found", b"", "Location: {elsewhere}")], ConnectionFailed, {}),
            ("sends garbage", [[b"garbage\r\n\r\n", End.CLOSE]], ConnectionLost, {}),
            ("closes the connection", [End.CLOSE], ConnectionLost, {}),
            (
                "answers 200 and speaks no TLS",
                [[reply("200 OK"), b"garbage", End.CLOSE]],
                ConnectionFailed,
                {},
            ),
            ("says nothing", [20.0], TimedOut, {"timeout": 0.3}),
            (
                "sends its reply byte by byte",
                [lambda: dripping(reply("200 OK"))],
                DeadlineExceeded,
                {"deadline": 0.4},
            ),
        )
    ),
)

CASES = (
    Case(
        server="closes the connection instead of a reply",
        call=get,
        answers={"GET": [End.CLOSE]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="closes the connection instead of a reply, once",
        call=get,
        answers={"GET": [End.CLOSE, FOUND]},
        raises=None,
        after=(asked(2), gives("the document", BOOK)),
    ),
    Case(
        server="resets the connection before it reads the request",
        call=get,
        first=lambda: [0.05, End.RESET],
        raises=ConnectionLost,
        after=(asked(0),),
    ),
    Case(
        server="resets the connection instead of a reply",
        call=get,
        answers={"GET": [End.RESET]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="resets the connection in the middle of the header",
        call=get,
        answers={"GET": [[FOUND[:40], End.RESET]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="closes the connection in the middle of the body",
        call=get,
        answers={"GET": [[FOUND[:-10], End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="closes the connection after the reply, and says nothing of it",
        call=get_twice,
        answers={"GET": [[FOUND, End.CLOSE], FOUND]},
        raises=None,
        after=(gives("the document", BOOK),),
    ),
    Case(
        server="closes the kept connection when a write comes",
        call=save,
        answers={"PUT": [End.CLOSE, STORED]},
        raises=None,
        after=(wrote(2), is_stored),
    ),
    Case(
        server="closes the kept connection when a write has been stored",
        call=save,
        answers={"GET": [FOUND, MINE_NOW], "PUT": [End.CLOSE]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="closes its half of the connection, and says nothing",
        call=get,
        answers={"GET": [[End.HALF, 1.0]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="takes no connection",
        call=get,
        alone=True,
        raises=ConnectionFailed,
        match="nothing was sent",
    ),
    Case(
        server="speaks no TLS, and the root is https",
        call=get,
        answers={"GET": [FOUND]},
        first=lambda: [b"HTTP/1.1 400 Bad Request\r\n\r\n", End.CLOSE],
        scheme="https",
        raises=ConnectionFailed,
        match="nothing was sent",
        after=(asked(0),),
    ),
    Case(
        server="speaks TLS, and the root is http",
        call=get,
        answers={"GET": [[b"\x15\x03\x01\0\x02\x02\x16", End.CLOSE]]},
        raises=ConnectionLost,
        after=(asked(2),),
    ),
    Case(
        server="takes the request and says nothing",
        call=get,
        answers={"GET": [20.0]},
        options={"timeout": 0.3},
        raises=TimedOut,
        after=(asked(1),),
    ),
    Case(
        server="takes the write and says nothing, and the document stays what it was",
        call=save,
        answers={"PUT": [20.0]},
        options={"timeout": 0.3},
        raises=TimedOut,
        after=(wrote(2), in_hand),
    ),
    Case(
        server="sends the header byte by byte",
        call=get,
        answers={"GET": [lambda: dripping(FOUND)]},
        options={"deadline": 0.4},
        raises=DeadlineExceeded,
        after=(asked(1),),
    ),
    Case(
        server="sends the body byte by byte",
        call=get,
        answers={"GET": [lambda: dripping(FOUND, len(FOUND) - len(BOOK))]},
        options={"deadline": 0.4},
        raises=DeadlineExceeded,
        after=(asked(1),),
    ),
    Case(
        server="sends the reply to a write byte by byte",
        call=save,
        answers={"PUT": [lambda: dripping(STORED)]},
        options={"deadline": 0.4},
        raises=DeadlineExceeded,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="says 100 Continue again and again",
        call=get,
        answers={"GET": [interim]},
        options={"deadline": 0.4},
        raises=DeadlineExceeded,
        after=(asked(1),),
    ),
    Case(
        server="says 103 Early Hints a hundred times, and then answers",
        call=get,
        answers={"GET": [b"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n" * 100 + FOUND]},
        raises=None,
        after=(asked(1), gives("the document", BOOK)),
    ),
)
