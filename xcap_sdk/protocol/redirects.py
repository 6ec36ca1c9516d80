"""Where a reply points to, and whether that may be followed."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from xcap_sdk.protocol.messages import Request, Response

Origin = tuple[str, str, int]
"""Scheme, host (without brackets) and port."""

_PORTS = {"http": 80, "https": 443}
_SAME_METHOD = frozenset({307, 308})
_GET_ONLY = frozenset({301, 302, 303})


def origin_of(uri: str) -> Origin | None:
    """The origin of an absolute http(s) URI (RFC 6454 §4).

    Args:
        uri: The URI.

    Returns:
        It; None for what is no such URI, or names a user.
    """
    try:
        parts = urlsplit(uri)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


def redirected(request: Request, response: Response) -> Request | None:
    """The request that a redirect asks for (RFC 9110 §15.4), whose method must not become another one.

    Args:
        request: What was asked.
        response: What came back.

    Returns:
        The request for the other place; None if the reply is no redirect that can be followed.
    """
    location = response.headers.get("location", "").strip()
    status = response.status
    if not location or not (status in _SAME_METHOD or (status in _GET_ONLY and request.method == "GET")):
        return None
    if not re.fullmatch(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]+", location):  # RFC 3986, appendix A
        return None
    try:
        target = urljoin(request.uri, location).partition("#")[0]
    except ValueError:
        return None
    if origin_of(target) is None:
        return None
    return Request(request.method, target, request.headers, request.body)
