"""User name and password, given as the server asks."""

from __future__ import annotations

import os
import re
from abc import abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import httpx

from xcap_sdk.auth.asking import Ask, AskingAuth, Steps
from xcap_sdk.auth.challenges import Challenge, basic_response, challenges, digest_response, next_nonce
from xcap_sdk.auth.origin import CredentialsWithheld, is_private
from xcap_sdk.errors import InvalidInput

Secret = tuple[str, str]
"""User name and password."""

_CONTROL = re.compile(r"[\0-\x1f\x7f-\x9f]")
_TRIES = 2


@dataclass(slots=True)
class Grant:
    """A challenge and what it is answered with, for as long as the server takes its nonce.

    Attributes:
        challenge: What the server asked for.
        secret: User name and password.
        cnonce: The client's nonce of a session.
        count: How often the nonce was used.
    """

    challenge: Challenge
    secret: Secret
    cnonce: str
    count: int = 0


class ChallengeAuth(AskingAuth):
    """Digest or Basic, as the server asks.

    A challenge that was answered well is remembered, so that later requests need no round trip of their own.
    A server that lets no nonce be used twice may then answer 401 without a challenge: the request is made
    again without credentials, to be asked anew, and from then on every request asks for a nonce of its own. A
    refusal of fresh credentials is final, unless the server says that only the nonce is stale.

    Args:
        cleartext: Whether Basic may also be sent where others can read it.
        nonce: Makes the client's nonces.
    """

    def __init__(self, *, cleartext: bool, nonce: Callable[[], str]) -> None:
        super().__init__()
        self._cleartext = cleartext
        self._nonce = nonce
        self._grant: Grant | None = None
        self._single_use = False
        self._lock = Lock()

    def steps(self, request: httpx.Request) -> Steps:
        """Answer the server's challenge; see httpx."""
        used = self._grant
        if used is not None:
            self._sign(request, used)
        response = yield request
        if response.status_code != 401:
            self._accepted(used, response)
            return
        best, bare = self._best(request, response), False
        if best is None and used is not None:
            bare = True
            self._forget(used)
            del request.headers["Authorization"]
            response = yield request
            if response.status_code != 401:
                return
            best = self._best(request, response)
        if best is None or (used is not None and best.scheme == "basic" and used.challenge == best):
            return  # Basic says the same every time
        for _ in range(_TRIES):
            secret = yield from self._secret_for(request)
            grant = Grant(best, secret, self._nonce())
            self._sign(request, grant)
            response = yield request
            if response.status_code != 401:
                self._single_use = self._single_use or bare
                self._accepted(grant, response)
                return
            again = self._best(request, response)
            if again is None or not self._is_worthwhile(again, grant):
                break
            best = again
        self._forget(used)

    @abstractmethod
    def _secret_for(self, request: httpx.Request) -> Generator[Ask, Any, Secret]:
        """What to answer the challenge to a request with."""

    def _is_worthwhile(self, again: Challenge, refused: Grant) -> bool:  # noqa: ARG002 - others go by it
        """Whether to answer the challenge that follows a refusal of fresh credentials."""
        return again.is_stale

    def _best(self, request: httpx.Request, response: httpx.Response) -> Challenge | None:
        offered = challenges(_fields(response, b"www-authenticate"))
        best = max(offered, key=lambda challenge: challenge.strength, default=None)
        if best is None or not best.strength:
            return None
        if best.scheme == "basic" and not (self._cleartext or is_private(request.url)):
            raise CredentialsWithheld(
                response,
                "the server asks for Basic, which is the password itself, on a connection that others can "
                "read: it was not sent. Use https, or a server that does Digest; cleartext_credentials=True "
                "sends it all the same",
            )
        return best

    def _sign(self, request: httpx.Request, grant: Grant) -> None:
        """Put the Authorization header on."""
        with self._lock:
            grant.count += 1
            count = grant.count
        challenge, (username, password) = grant.challenge, grant.secret
        if challenge.scheme == "basic":
            request.headers["Authorization"] = basic_response(username, password)
            return
        value = digest_response(
            challenge,
            username,
            password,
            request.method,
            request.url.raw_path.decode("ascii"),
            count=count,
            cnonce=grant.cnonce if challenge.is_session else self._nonce(),
            body=request.content if challenge.protection == "auth-int" else b"",
        )
        request.headers.encoding = "latin-1"  # else httpx takes all fields for what they were before
        request.headers["Authorization"] = value

    def _accepted(self, grant: Grant | None, response: httpx.Response) -> None:
        """Remember what the server took, or the nonce that it wants next (RFC 7616 §3.5)."""
        if grant is None:
            return
        following = next_nonce(_fields(response, b"authentication-info"))
        if following is not None and grant.challenge.scheme == "digest":
            parameters = {**grant.challenge.parameters, "nonce": following}
            self._grant = Grant(replace(grant.challenge, parameters=parameters), grant.secret, self._nonce())
        elif not self._single_use:
            self._grant = grant

    def _forget(self, grant: Grant | None) -> None:
        with self._lock:
            if self._grant is grant:
                self._grant = None


class PasswordAuth(ChallengeAuth):
    """User name and password, given as the server asks: Digest SHA-256, else Digest MD5, else Basic.

    Basic is the password itself: it is sent over TLS and to this machine only.

    Args:
        username: The user name.
        password: The password.
        cleartext: Whether Basic may also be sent where others can read it.
        nonce: Makes the client's nonces; only tests need another.

    Raises:
        InvalidInput: The user name has control characters (RFC 7617 §2), or one of them is not Unicode text.
    """

    def __init__(
        self,
        username: str,
        password: str,
        *,
        cleartext: bool = False,
        nonce: Callable[[], str] = lambda: os.urandom(16).hex(),
    ) -> None:
        super().__init__(cleartext=cleartext, nonce=nonce)
        check_secret((username, password))
        self._secret = (username, password)

    def _secret_for(self, request: httpx.Request) -> Generator[Ask, Any, Secret]:  # noqa: ARG002 - the same for all
        yield from ()
        return self._secret


def check_secret(secret: Secret) -> None:
    """See that user name and password can be sent; neither is ever shown.

    Raises:
        InvalidInput: They cannot.
    """
    if _CONTROL.search(secret[0]):
        raise InvalidInput(
            "the user name of auth= has control characters, such as a line break; nothing was sent"
        )
    try:
        "".join(secret).encode()
    except UnicodeEncodeError:
        raise InvalidInput(
            "auth= is no Unicode text: it has lone surrogates, as undecodable bytes make them; "
            "nothing was sent"
        ) from None


def _fields(response: httpx.Response, name: bytes) -> list[str]:
    """The values of a header field; characters stand for bytes."""
    return [value.decode("latin-1") for key, value in response.headers.raw if key.lower() == name]
