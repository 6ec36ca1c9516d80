"""What servers make of writes: failures whose outcome is open, and successes that lie."""

from __future__ import annotations

from calls import (
    all_versions,
    asked,
    create,
    create_and_read,
    delete,
    delete_document,
    delete_element,
    get,
    get_twice,
    in_hand,
    is_merged,
    is_put,
    is_stored,
    is_told,
    put_element,
    save,
    save_nodes,
    save_twice,
    told,
    update,
    wrote,
)
from faulty import ABSENT, CREATED, FOUND, LISTS, MINE, OTHER, STORED, Answer, Case

from raw import End, reply
from xcap_sdk import (
    Ability,
    AlreadyExists,
    ConnectionLost,
    ContentTooLarge,
    MergeConflict,
    NotFound,
    RequestTimeout,
    ServerError,
    ServerProfile,
    TooManyRequests,
    UnexpectedReply,
    WrongResult,
)

MINE_NOW = reply("200 OK", MINE, LISTS, 'ETag: "2"')
OTHER_NOW = reply("200 OK", OTHER, LISTS, 'ETag: "3"')
FAILED = reply("500 Internal Server Error")
BUSY = reply("503 Service Unavailable")
SLOW: Answer = [reply("408 Request Timeout", b"", "Connection: close"), End.CLOSE]
ALTERED = reply("200 OK", MINE.replace(b"Friends", b"FRIENDS"), LISTS, 'ETag: "2"')


OUTCOMES = (
    Case(
        server="answers a write 500, and has not stored it",
        call=save,
        answers={"PUT": [FAILED]},
        raises=ServerError,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="answers a write 500, and has stored it",
        call=save,
        answers={"GET": [FOUND, MINE_NOW], "PUT": [FAILED]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="answers a write 500, and then has another document",
        call=save,
        answers={"GET": [FOUND, OTHER_NOW], "PUT": [FAILED]},
        raises=MergeConflict,
        after=(
            wrote(1),
            all_versions,
            told("`.uncertain` says that the outcome is open", "uncertain", value=True),
        ),
    ),
    Case(
        server="answers a write 503, and the next one well",
        call=save,
        answers={"PUT": [BUSY, STORED]},
        raises=None,
        after=(wrote(2), is_stored),
    ),
    Case(
        server="resets the connection at every write, and stores nothing",
        call=save,
        answers={"PUT": [End.RESET]},
        raises=ConnectionLost,
        after=(wrote(2), in_hand),
    ),
    Case(
        server="resets the connection at every write and every look after it",
        call=save,
        answers={"GET": [FOUND, End.RESET], "PUT": [End.RESET]},
        raises=ConnectionLost,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="breaks off the reply to a write that it has stored",
        call=save,
        answers={"GET": [FOUND, MINE_NOW], "PUT": [[STORED[:12], End.RESET]]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="breaks off the reply to an update that it has stored",
        call=update,
        answers={"GET": [FOUND, MINE_NOW], "PUT": [[STORED[:12], End.RESET]]},
        raises=None,
        after=(wrote(1),),
    ),
    Case(
        server="breaks off the reply to a raw write",
        call=put_element,
        answers={"PUT": [[STORED[:12], End.RESET]]},
        raises=ConnectionLost,
        match="unknown",
        after=(wrote(1), asked(1)),
    ),
    Case(
        server="breaks off the reply to a raw DELETE",
        call=delete_element,
        answers={"DELETE": [End.RESET]},
        raises=ConnectionLost,
        match="unknown",
        after=(wrote(1, "DELETE"), asked(2)),
    ),
    Case(
        server="breaks off the reply to a DELETE that it has carried out",
        call=delete,
        answers={"GET": [FOUND, ABSENT], "DELETE": [End.RESET]},
        raises=None,
        after=(wrote(1, "DELETE"),),
    ),
    Case(
        server="answers a DELETE 500, and the document is still there",
        call=delete_document,
        answers={"DELETE": [FAILED]},
        raises=ServerError,
        after=(wrote(1, "DELETE"), in_hand),
    ),
    Case(
        server="answers a DELETE 200 though nothing was there",
        call=delete,
        answers={"GET": [ABSENT]},
        raises=NotFound,
        after=(wrote(0, "DELETE"),),
    ),
    *(
        Case(
            server=f"answers {status} with Retry-After: {wait}",
            call=call,
            answers={
                "GET": [reply(status, b"", f"Retry-After: {wait}", "Date: Thu, 26 Nov 2026 12:00:00 GMT")]
            },
            raises=error,
            after=(asked(times), told(f"`.retry_after` is {said}", "retry_after", said)),
        )
        for status, call, error, wait, said, times in (
            ("503 Service Unavailable", get, ServerError, "999999999", 999_999_999.0, 1),
            ("503 Service Unavailable", get, ServerError, "9" * 40, None, 2),
            ("503 Service Unavailable", get, ServerError, "-5", None, 2),
            ("503 Service Unavailable", get, ServerError, "soon", None, 2),
            ("503 Service Unavailable", get, ServerError, "Thu, 26 Nov 2020 12:00:00 GMT", 0.0, 2),
            (
                "503 Service Unavailable",
                get,
                ServerError,
                "Fri, 26 Nov 9999 12:00:00 GMT",
                251_603_539_200.0,
                1,
            ),
            ("429 Too Many Requests", get, TooManyRequests, "3600", 3600.0, 1),
            ("429 Too Many Requests", get, TooManyRequests, "never", None, 2),
        )
    ),
    Case(
        server="answers a write 429, and the next one well",
        call=save,
        answers={"PUT": [reply("429 Too Many Requests", b"", "Retry-After: 0"), STORED]},
        raises=None,
        after=(wrote(2), is_stored),
    ),
    Case(
        server="answers a GET 408 and closes the connection, and the next one well",
        call=get,
        answers={"GET": [SLOW, FOUND]},
        raises=None,
        after=(asked(2),),
    ),
    Case(
        server="says 408 to a connection that idles, and closes it",
        call=get_twice,
        answers={"GET": [[FOUND, reply("408 Request Timeout", b"", "Connection: close"), End.CLOSE], FOUND]},
        raises=None,
        after=(asked(2),),
    ),
    Case(
        server="answers every GET 408",
        call=get,
        answers={"GET": [SLOW]},
        raises=RequestTimeout,
        after=(asked(2),),
    ),
    Case(
        server="answers a write 408 and closes the connection, and the next one well",
        call=save,
        answers={"PUT": [SLOW, STORED]},
        raises=None,
        after=(wrote(2), is_stored),
    ),
    Case(
        server="answers every write 408",
        call=save,
        answers={"PUT": [SLOW]},
        raises=RequestTimeout,
        after=(wrote(2), in_hand),
    ),
    Case(
        server="answers a write 408 as a proxy that has passed it on all the same",
        call=save,
        answers={"GET": [FOUND, MINE_NOW], "PUT": [SLOW]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="answers a write 425, and the next one well",
        call=save,
        answers={"PUT": [reply("425 Too Early"), STORED]},
        raises=None,
        after=(wrote(2), is_stored),
    ),
    Case(
        server="answers a write 413 with Retry-After, and the next one well",
        call=save,
        answers={"PUT": [reply("413 Content Too Large", b"", "Retry-After: 0"), STORED]},
        raises=None,
        after=(wrote(2), is_stored),
    ),
    Case(
        server="answers a write 413 with Retry-After: 3600",
        call=save,
        answers={"PUT": [reply("413 Content Too Large", b"", "Retry-After: 3600")]},
        raises=ContentTooLarge,
        after=(wrote(1), told("`.retry_after` is 3600.0", "retry_after", 3600.0), in_hand),
    ),
    Case(
        server="answers every write 429",
        call=save,
        answers={"PUT": [reply("429 Too Many Requests")]},
        raises=TooManyRequests,
        after=(wrote(2), in_hand),
    ),
    Case(
        server="answers 500",
        call=get,
        answers={"GET": [FAILED]},
        raises=ServerError,
        after=(asked(1),),
    ),
    Case(
        server="answers 502 once, as proxies do while a server starts",
        call=get,
        answers={"GET": [reply("502 Bad Gateway", b"<html>", "Content-Type: text/html"), FOUND]},
        raises=None,
        after=(asked(2),),
    ),
)

SUCCESSES = (
    Case(
        server="answers a write 200 with a page",
        call=save,
        answers={"PUT": [reply("200 OK", b"<html>fine</html>", "Content-Type: text/html", 'ETag: "2"')]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="answers a write 200 without an ETag",
        call=save,
        answers={"PUT": [reply("200 OK")]},
        raises=None,
        after=(wrote(1), is_stored),
    ),
    Case(
        server="answers a write 202, which says that it may be carried out some day",
        call=save,
        answers={"PUT": [reply("202 Accepted")]},
        raises=UnexpectedReply,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="answers a write 207",
        call=save,
        answers={"PUT": [reply("207 Multi-Status", b"<x/>")]},
        raises=UnexpectedReply,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="answers a write 304",
        call=save,
        answers={"PUT": [reply("304 Not Modified", b"", 'ETag: "1"')]},
        raises=UnexpectedReply,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="answers a create 201 without an ETag",
        call=create,
        answers={"GET": [ABSENT], "PUT": [reply("201 Created")]},
        raises=None,
        after=(wrote(1),),
    ),
    Case(
        server="answers a create 201, and has no document",
        call=create_and_read,
        answers={"GET": [ABSENT], "PUT": [CREATED]},
        raises=NotFound,
        after=(wrote(1),),
    ),
    Case(
        server="answers a create 200, and has another document",
        call=create,
        answers={"GET": [ABSENT, OTHER_NOW], "PUT": [STORED]},
        raises=AlreadyExists,
        after=(wrote(1),),
    ),
    Case(
        server="has the document that is to be created",
        call=create,
        answers={"GET": [FOUND]},
        raises=AlreadyExists,
        after=(wrote(0),),
    ),
    Case(
        server="is known to ignore `If-Match`, and the document changed meanwhile",
        call=save,
        answers={"GET": [FOUND, OTHER_NOW]},
        options={"profile": ServerProfile(name="careless", wrong=frozenset({Ability.MATCH}))},
        raises=MergeConflict,
        after=(wrote(0), all_versions),
    ),
    Case(
        server="alters what is written, and says 200 with an ETag",
        call=save,
        answers={"GET": [FOUND, ALTERED]},
        raises=None,
        after=(wrote(1), is_put),
    ),
    Case(
        server="alters what is written, and says 200 without an ETag",
        call=save_twice,
        answers={"GET": [FOUND, ALTERED], "PUT": [reply("200 OK"), STORED]},
        raises=None,
        after=(wrote(2), is_merged),
    ),
    Case(
        server="alters an element that is written",
        call=save_nodes,
        answers={"GET": [FOUND, ALTERED]},
        raises=WrongResult,
        after=(wrote(1), is_told),
    ),
)
