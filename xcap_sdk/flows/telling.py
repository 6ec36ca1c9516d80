"""How errors tell of a request and its response: what was asked, what came back."""

from __future__ import annotations

from codecs import BOM_UTF8
from http import HTTPStatus
from urllib.parse import unquote

from xcap_sdk.errors import DocumentError, LimitExceeded, NotWellFormed
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.wording import plain

WHOSE = "is that an XCAP server, and its root URI right?"
"""What to ask where something came that no XCAP server sends."""


def message(request: Request, response: Response, advice: str) -> str:
    """What was asked, what came back, and what to do, in one line."""
    return f"{asked(request)} → {status_line(response)}: {advice}"


def asked(request: Request) -> str:
    """A request as people read it: method, address with its percent-encoding undone, condition."""
    conditions = [
        f"{name}: {value}" for name, value in request.headers if name in {"If-Match", "If-None-Match"}
    ]
    parts = [request.method, plain(unquote(request.uri)), *(f"[{plain(each)}]" for each in conditions)]
    return " ".join(parts)


def status_line(response: Response) -> str:
    """Status and phrase."""
    try:
        return f"{response.status} {HTTPStatus(response.status).phrase}"
    except ValueError:
        return str(response.status)


def wrong(error: DocumentError, body: bytes, media_type: str | None = None) -> str:
    """What is wrong with a document that came from the server, as its reader needs to know it.

    Args:
        error: What was found.
        body: The document.
        media_type: What it is said to be.
    """
    if isinstance(error, NotWellFormed) and _is_no_xml(body):
        what = "no XML" if body.strip() else "empty"
        said = f" (Content-Type: {plain(media_type)})" if media_type else ""
        return f"the body is {what}{said}; {WHOSE}"
    if isinstance(error, LimitExceeded):
        return f"{error}; {more_allowed(error)}"
    return error.message


def more_allowed(error: LimitExceeded) -> str:
    """What lets a document through that takes more than is allowed."""
    if error.limit is None:
        return "that is a limit of the XML parser itself, which cannot be raised"
    return f"Network(limits=Limits({error.limit}=…)) allows more"


def _is_no_xml(body: bytes) -> bool:
    """Whether a body does not even begin like XML; with zero bytes it may, in an encoding not read here."""
    return b"\0" not in body[:4] and not body.removeprefix(BOM_UTF8).lstrip(b" \t\r\n").startswith(b"<")
