"""Bearer tokens (RFC 6750), and how new ones are fetched."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import httpx

from xcap_sdk.auth.asking import Ask, AskingAuth, Steps
from xcap_sdk.auth.origin import is_private
from xcap_sdk.errors import InvalidInput

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class BearerAuth(AskingAuth):
    """A bearer token, as OAuth servers give it: sent over TLS and to this machine only.

    A function that fetches tokens is called before the first request, and once more when the server refuses
    the one at hand; a refusal of the new one is final. Calls that run in parallel, in threads or in one event
    loop, wait for one call of it.

    Args:
        token: The token, or a function that fetches one; an asynchronous one for AsyncXcapClient.
        cleartext: Whether it may also be sent where others can read it.

    Raises:
        InvalidInput: The token cannot be sent (RFC 6750 §2.1).
    """

    def __init__(self, token: str | Callable[[], str | Awaitable[str]], *, cleartext: bool = False) -> None:
        super().__init__()
        self._token = None if callable(token) else _checked(token)
        self._fetch = token if callable(token) else None
        self._cleartext = cleartext

    def steps(self, request: httpx.Request) -> Steps:
        """Send the token, and a new one if it is refused; see httpx.

        Raises:
            InvalidInput: Others could read it.
        """
        if not (self._cleartext or is_private(request.url)):
            raise InvalidInput(
                "a bearer token is as good as a password, and others can read it on this connection: nothing "
                "was sent. Use https; BearerAuth(…, cleartext=True) sends it all the same"
            )
        token = self._token or (yield from self._fetched(None))
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == 401 and self._fetch is not None:
            request.headers["Authorization"] = f"Bearer {(yield from self._fetched(token))}"
            yield request

    def _fetched(self, refused: str | None) -> Generator[Ask, Any, str]:
        assert self._fetch is not None, "a token that is given is there from the start"

        def known() -> str | None:
            return None if self._token == refused else self._token

        def keep(token: object) -> str:
            self._token = _checked(token)
            return self._token

        return (yield Ask(known, self._fetch, (), keep))


def _checked(token: object) -> str:
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise InvalidInput(
            "the bearer token is no text of letters, digits and -._~+/ (RFC 6750 §2.1); nothing was sent"
        )
    return token
