"""Refusals of writes, with reports of every kind, and documents that are other ones by then."""

from __future__ import annotations

from collections.abc import Iterator

from calls import (
    all_versions,
    asked,
    at_most,
    delete_element,
    in_hand,
    put_document,
    put_element,
    put_much,
    save,
    told,
    upload,
    wrote,
)
from faulty import ABSENT, BOOK, FOUND, LISTS, MINE, Case

from raw import End, Piece, reply
from xcap_sdk import (
    AttributeValueNotWellFormed,
    BadRequest,
    CannotDelete,
    CannotInsert,
    Conflict,
    Conflicted,
    ConnectionLost,
    ConstraintFailure,
    ContentTooLarge,
    DocumentNotWellFormed,
    ExtensionFailure,
    Forbidden,
    FragmentNotWellFormed,
    HeadTooLarge,
    MergeConflict,
    MethodNotAllowed,
    Misdirected,
    NoParent,
    NotFound,
    NotUtf8,
    PreconditionFailed,
    RequestTimeout,
    SchemaValidationFailure,
    ServerError,
    TimedOut,
    UnexpectedReply,
    UniquenessFailure,
    UnsupportedMediaType,
)
from xcap_sdk.flows.pauses import TRIES

MIB = 2**20
REPORT = "Content-Type: application/xcap-error+xml"
STALE = reply("412 Precondition Failed")


def report(inner: bytes, before: bytes = b"") -> bytes:
    body = before + b'<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error">%s</xcap-error>' % inner
    return reply("409 Conflict", body, REPORT)


def renamed(number: int) -> bytes:
    """The document as somebody else changed the very same place."""
    body = MINE.replace(b"Friends", b"Theirs %d" % number)
    return reply("200 OK", body, LISTS, f'ETag: "theirs-{number}"')


def touched(number: int) -> bytes:
    """The document as somebody else changed another place."""
    body = BOOK.replace(b"</res", b'<list name="l%d"/></res' % number)
    return reply("200 OK", body, LISTS, f'ETag: "theirs-{number}"')


def long_report() -> Iterator[Piece]:
    yield b"HTTP/1.1 409 Conflict\r\n\r\n<xcap-error>"
    for _ in range(1024):
        yield b" " * 65536


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

CONDITIONS = {
    "not-well-formed": DocumentNotWellFormed,
    "not-xml-frag": FragmentNotWellFormed,
    "not-xml-att-value": AttributeValueNotWellFormed,
    "not-utf-8": NotUtf8,
    "no-parent": NoParent,
    "cannot-insert": CannotInsert,
    "cannot-delete": CannotDelete,
    "schema-validation-error": SchemaValidationFailure,
    "uniqueness-failure": UniquenessFailure,
    "constraint-failure": ConstraintFailure,
    "extension": ExtensionFailure,
}

CASES = (
    *(
        Case(
            server=f"answers 409 with the condition `{name}`",
            call=save,
            answers={"PUT": [report(f"<{name}/>".encode())]},
            raises=error,
            after=(wrote(1), in_hand),
        )
        for name, error in CONDITIONS.items()
    ),
    *(
        Case(
            server=f"answers 409 {words}",
            call=save,
            answers={"PUT": [answer]},
            raises=Conflict,
            after=(wrote(1), told("`.fault` is None", "fault", None), in_hand),
        )
        for words, answer in {
            "without a body": reply("409 Conflict"),
            "with half a report": reply("409 Conflict", b"<xcap-error xmlns=", REPORT),
            "with a condition that there is not": report(b"<too-much-love/>"),
            "with a report of another namespace": reply(
                "409 Conflict", b"<xcap-error><no-parent/></xcap-error>", REPORT
            ),
            "with an HTML page": reply("409 Conflict", b"<html><p>no<br></html>", "Content-Type: text/html"),
            "with entities that multiply": report(b"<extension>&b;</extension>", BOMB),
            "with a report 10,000 deep": report(b"<extension>" * 10_000 + b"</extension>" * 10_000),
        }.items()
    ),
    Case(
        server="answers 409 with two conditions",
        call=put_element,
        answers={"PUT": [report(b"<no-parent/><cannot-insert/>")]},
        raises=NoParent,
        after=(wrote(1),),
    ),
    Case(
        server="answers 409 with a phrase of 60 KiB, of what terminals act on",
        call=put_element,
        answers={"PUT": [report(b'<cannot-insert phrase="%s"/>' % (b"&#x9b;2J&#10;" * 5_000))]},
        raises=CannotInsert,
        match="2J",
        after=(wrote(1),),
    ),
    Case(
        server="answers 405 and allows 60 KiB of what terminals act on",
        call=put_element,
        answers={"PUT": [reply("405 Method Not Allowed", b"", "Allow: " + "GET\x1b[2J, " * 5_000)]},
        raises=MethodNotAllowed,
        match="GET",
        after=(wrote(1),),
    ),
    Case(
        server="answers 409 with a report without end",
        call=save,
        answers={"PUT": [long_report]},
        options={"network": {"max_reply": MIB}},
        raises=UnexpectedReply,
        after=(wrote(1), at_most(16 * MIB), in_hand),
    ),
    *(
        Case(
            server=f"answers a write {status}",
            call=call,
            answers={
                "GET": [ABSENT if call in {upload, put_document} else FOUND],
                method: [reply(status, b"", *fields)],
            },
            raises=error,
            after=(wrote(1, method), *((in_hand,) if call is save else ())),
        )
        for status, call, method, error, fields in (
            ("400 Bad Request", save, "PUT", BadRequest, []),
            ("403 Forbidden", save, "PUT", Forbidden, []),
            ("404 Not Found", save, "PUT", NotFound, []),
            ("405 Method Not Allowed", save, "PUT", MethodNotAllowed, ["Allow: ,, GET ,;"]),
            ("413 Content Too Large", upload, "PUT", ContentTooLarge, []),
            ("414 URI Too Long", put_element, "PUT", HeadTooLarge, []),
            ("415 Unsupported Media Type", save, "PUT", UnsupportedMediaType, []),
            ("421 Misdirected Request", save, "PUT", Misdirected, []),
            ("428 Precondition Required", put_element, "PUT", UnexpectedReply, []),
            ("431 Request Header Fields Too Large", save, "PUT", HeadTooLarge, []),
            ("418 I'm a teapot", save, "PUT", UnexpectedReply, []),
            ("501 Not Implemented", put_document, "PUT", ServerError, []),
            ("507 Insufficient Storage", save, "PUT", ServerError, []),
            ("511 Network Authentication Required", save, "PUT", ServerError, []),
            ("408 Request Timeout", put_element, "PUT", RequestTimeout, ["Connection: close"]),
            ("408 Request Timeout", delete_element, "DELETE", RequestTimeout, ["Connection: close"]),
            ("404 Not Found", delete_element, "DELETE", NotFound, []),
            ("409 Conflict", delete_element, "DELETE", Conflict, []),
        )
    ),
    Case(
        server="answers 413 while the write is still coming",
        call=put_much,
        first=lambda: [reply("413 Content Too Large", b"", "Connection: close"), End.DRAIN],
        raises=ContentTooLarge,
        after=(asked(0),),
    ),
    Case(
        server="resets the connection while the write is coming",
        call=put_much,
        first=lambda: [0.05, End.RESET],
        raises=ConnectionLost,
        after=(asked(0),),
    ),
    Case(
        server="never reads the write",
        call=put_much,
        first=lambda: [20.0],
        options={"timeout": 0.3},
        raises=TimedOut,
        after=(asked(0),),
    ),
    Case(
        server="answers 412 for ever, and the document never changes",
        call=save,
        answers={"PUT": [STALE]},
        raises=PreconditionFailed,
        after=(wrote(1), in_hand),
    ),
    Case(
        server="answers 412 for ever, and the document is another one each time",
        call=save,
        answers={"GET": [FOUND, *map(touched, range(3 * TRIES))], "PUT": [STALE]},
        raises=Conflicted,
        after=(wrote(TRIES), all_versions),
    ),
    Case(
        server="answers 412, and somebody else changed the same place",
        call=save,
        answers={"GET": [FOUND, renamed(1)], "PUT": [STALE]},
        raises=MergeConflict,
        after=(wrote(1), all_versions),
    ),
    Case(
        server="answers 412, and somebody else deleted the document and made another kind of it",
        call=save,
        answers={"GET": [FOUND, reply("200 OK", b"<x/>", LISTS, 'ETag: "3"')], "PUT": [STALE]},
        raises=Conflicted,
        after=(wrote(1), all_versions),
    ),
)
