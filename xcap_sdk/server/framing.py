"""What HTTP asks of a request beyond what its parser checks: size, version, framing, content coding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.types import Scope

from xcap_sdk.server.answers import rejected

_CLOSE: Final = ("Connection", "close")


def check_head(scope: Scope, most: int) -> None:
    """Judge a request head.

    A length beside a transfer coding, or a transfer coding in HTTP/1.0, is what requests are smuggled with:
    a proxy in between may see the end of the body elsewhere (RFC 9112 §6.1).

    Args:
        scope: The request, as ASGI has it.
        most: How many bytes it may have.

    Raises:
        Rejected: 505 for another version than HTTP/1.0 to HTTP/3, 431 for too many bytes, 400 for ambiguous
            framing.
    """
    version: str = scope["http_version"]
    if version not in {"1.0", "1.1", "2", "3"}:
        raise rejected(505, f"HTTP/{version} is not spoken here", _CLOSE)
    fields: list[tuple[bytes, bytes]] = scope["headers"]
    size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    size += sum(len(name) + len(value) + len(": \r\n") for name, value in fields)
    if size > most:
        raise rejected(431, f"the request head has more than the {most} bytes taken here", _CLOSE)
    names = {name for name, _ in fields}
    if b"transfer-encoding" in names and (b"content-length" in names or version == "1.0"):
        phrase = "a Transfer-Encoding goes neither with a Content-Length nor with HTTP/1.0 (RFC 9112 §6.1)"
        raise rejected(400, phrase, _CLOSE)


def check_content(headers: Mapping[str, str]) -> None:
    """Judge what a request says of its body.

    Raises:
        Rejected: 415 for a content coding, such as gzip; 400 for a part of a document (RFC 9110 §14.5).
    """
    if (coding := headers.get("content-encoding", "").strip().lower()) not in {"", "identity"}:
        raise rejected(415, f"bodies are taken as they are, not in {coding}", ("Accept-Encoding", "identity"))
    if "content-range" in headers:
        raise rejected(400, "a PUT replaces the whole: leave Content-Range out (RFC 9110 §14.5)")
