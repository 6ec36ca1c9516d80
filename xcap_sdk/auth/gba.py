"""Keys from the SIM, by the Generic Bootstrapping Architecture (3GPP TS 33.220, TS 33.222, TS 24.109)."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import httpx

from xcap_sdk.auth.asking import Ask, Steps
from xcap_sdk.auth.challenges import Challenge
from xcap_sdk.auth.origin import CredentialsWithheld, host_of
from xcap_sdk.auth.password import ChallengeAuth, Grant, Secret, check_secret
from xcap_sdk.errors import InvalidInput

PRODUCT = "3gpp-gba"
"""What a client that has bootstrapped keys says of itself in User-Agent (TS 24.109 §5.2)."""

_REALM = re.compile(r"3GPP-bootstrapping(?:-uicc)?@(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GbaKey:
    """What a bootstrapping run gives for one server.

    Attributes:
        b_tid: The bootstrapping transaction identifier, B-TID.
        ks_naf: The key for this server, Ks_NAF (TS 33.220 Annex B): its bytes.
    """

    b_tid: str
    ks_naf: bytes = field(repr=False)


class GbaAuth(ChallengeAuth):
    """Digest with keys that come from the SIM: the B-TID as user name and Ks_NAF, in Base64, as password.

    The key is for one server only: it is used where the realm is ``3GPP-bootstrapping@`` and the host name of
    that server. It is asked for at the first challenge, and once more if the server refuses one that it took
    before, as it has expired then.

    Args:
        bootstrap: Gives the key for a server by its host name; runs the bootstrapping, Ub, if it has to. An
            asynchronous one for AsyncXcapClient.
        nonce: Makes the client's nonces; only tests need another.
    """

    def __init__(
        self,
        bootstrap: Callable[[str], GbaKey | Awaitable[GbaKey]],
        *,
        nonce: Callable[[], str] = lambda: os.urandom(16).hex(),
    ) -> None:
        super().__init__(cleartext=False, nonce=nonce)
        self._bootstrap = bootstrap
        self._key: Secret | None = None
        self._proven: Secret | None = None

    def steps(self, request: httpx.Request) -> Steps:
        """Say in User-Agent that there are keys, and answer the server's challenge; see httpx."""
        agent = request.headers.get("User-Agent", "")
        if PRODUCT not in agent.split():
            request.headers["User-Agent"] = f"{agent} {PRODUCT}".strip()
        yield from super().steps(request)

    def _secret_for(self, request: httpx.Request) -> Generator[Ask, Any, Secret]:
        def keep(key: object) -> Secret:
            if not isinstance(key, GbaKey) or not key.b_tid or not key.ks_naf:
                raise InvalidInput(
                    "the bootstrap function of GbaAuth gave no GbaKey with a B-TID and a Ks_NAF; nothing was "
                    "written"
                )
            secret = (key.b_tid, base64.b64encode(key.ks_naf).decode())
            check_secret(secret)
            self._key = secret
            return secret

        return (yield Ask(lambda: self._key, self._bootstrap, (host_of(request.url),), keep))

    def _best(self, request: httpx.Request, response: httpx.Response) -> Challenge | None:
        best = super()._best(request, response)
        if best is None:
            return None
        named = _REALM.fullmatch(best.parameters.get("realm", ""))
        if best.scheme != "digest" or named is None or named[1].lower() != host_of(request.url):
            raise CredentialsWithheld(
                response,
                f"the server does not ask for keys of its own, by Digest in the realm "
                f"3GPP-bootstrapping@{host_of(request.url)}: none was sent. Is the root URI right?",
            )
        return best

    def _is_worthwhile(self, again: Challenge, refused: Grant) -> bool:
        if again.is_stale:
            return True
        if self._key == refused.secret:
            self._key = None
        return self._proven == refused.secret  # it was good once, so it has expired

    def _accepted(self, grant: Grant | None, response: httpx.Response) -> None:
        super()._accepted(grant, response)
        if grant is not None:
            self._proven = grant.secret
