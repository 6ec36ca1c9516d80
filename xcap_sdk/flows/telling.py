"""How errors tell of a request and its response: what was asked, what came back."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import unquote

from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.protocol.wording import plain


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
