"""Cookies, which some balancers before XCAP servers go by: few, small, and such as can be sent back."""

from __future__ import annotations

import contextlib
import math
import re
from http.cookiejar import Cookie, CookieJar
from typing import Any, cast

import httpx

_SENDABLE = r"[\x20-\x7e]*"
_LIMIT = 4096
_EACH = 32


class Cookies(CookieJar):
    """Cookies of up to 4 KiB in all; others are not kept.

    A server could fill the client's memory otherwise, or make it unable to send any request that is taken.

    Args:
        limit: How many bytes are kept.
    """

    def __init__(self, limit: float = _LIMIT) -> None:
        super().__init__()
        self._limit = self._room = limit

    @classmethod
    def of(cls, jar: CookieJar) -> Cookies | None:
        """The cookies of a jar, which other threads may be filling at that moment; None if it has none.

        How many a jar of the user's has is the user's matter.
        """
        held = cast(Any, jar)
        if not held._cookies:
            return None
        kept = cls(math.inf)
        with held._cookies_lock:  # every CookieJar's; to iterate over one does not take it
            for cookie in jar:
                kept.set_cookie(cookie)
        return kept

    def _cookies_from_attrs_set(self, attrs_set: Any, request: Any) -> list[Cookie]:
        """The cookies of a reply, without those that http.cookiejar stumbles over, as at ``Max-Age`` alone.

        It would take none, and warn: where warnings are raised, as in tests, one would get out of a call.
        """
        cookies: list[Cookie] = []
        for each in attrs_set:
            with contextlib.suppress(TypeError, ValueError):
                cookies += cast(Any, super())._cookies_from_attrs_set([each], request)
        return cookies

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Keep what a reply sets, as far as there is room."""
        with cast(Any, self)._cookies_lock:
            self._room = self._limit - sum(map(_size, self))
            super().extract_cookies(response, request)

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep a cookie, if it can be; the one that it takes the place of goes in any case."""
        held: Any = self
        before: Cookie | None = held._cookies.get(cookie.domain, {}).get(cookie.path, {}).get(cookie.name)
        if before is not None:
            self.clear(cookie.domain, cookie.path, cookie.name)
            self._room += _size(before)
        if re.fullmatch(_SENDABLE, f"{cookie.name}={cookie.value}") and _size(cookie) <= self._room:
            self._room -= _size(cookie)
            super().set_cookie(cookie)


class _Looking(httpx.Cookies):
    """Looks whether a reply sets any before the jar is asked.

    For that httpx makes a request of urllib's and a message of all fields, which takes as long as its reply.
    """

    def extract_cookies(self, response: httpx.Response) -> None:
        if any(name.lower().startswith(b"set-cookie") for name, _ in response.headers.raw):
            super().extract_cookies(response)


def take_quickly(client: httpx.Client | httpx.AsyncClient) -> None:
    """Let an HTTP client that has a jar of its own ask it only for replies that set cookies.

    httpx has no public way; where it should keep them elsewhere one day, it asks each time.
    """
    held: Any = client
    held._cookies = _Looking(held.cookies.jar)


def _size(cookie: Cookie) -> int:
    return _EACH + len(cookie.name) + len(cookie.value or "")
