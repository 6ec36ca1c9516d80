"""Cookies, which some balancers before XCAP servers go by: few, small, and such as can be sent back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http.cookiejar import Cookie, CookieJar

_SENDABLE = re.compile(r"[\x20-\x7e]*")
_LIMIT = 4096
_EACH = 32


class Cookies(CookieJar):
    """Cookies of up to 4 KiB in all; others are not kept.

    A server could fill the client's memory otherwise, or make it unable to send any request that is taken.

    Args:
        cookies: To begin with.
    """

    def __init__(self, cookies: Iterable[Cookie] = ()) -> None:
        super().__init__()
        for cookie in cookies:
            self.set_cookie(cookie)

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep a cookie, if it can be."""
        if not _SENDABLE.fullmatch(f"{cookie.name}={cookie.value}"):
            return
        super().set_cookie(cookie)
        if sum(_EACH + len(each.name) + len(each.value or "") for each in self) > _LIMIT:
            self.clear(cookie.domain, cookie.path, cookie.name)
