"""Credentials: as the server asks, and never to another origin than the XCAP root's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xcap_sdk.lazy import lazily

if TYPE_CHECKING:
    from xcap_sdk.auth.bearer import BearerAuth
    from xcap_sdk.auth.gba import GbaAuth, GbaKey
    from xcap_sdk.auth.origin import CredentialsWithheld, OriginGuard
    from xcap_sdk.auth.password import PasswordAuth

__all__ = [
    "BearerAuth",
    "CredentialsWithheld",
    "GbaAuth",
    "GbaKey",
    "OriginGuard",
    "PasswordAuth",
]

if not TYPE_CHECKING:  # what is not above is not there
    __getattr__ = lazily(
        __name__,
        {
            "xcap_sdk.auth.bearer": "BearerAuth",
            "xcap_sdk.auth.gba": "GbaAuth GbaKey",
            "xcap_sdk.auth.origin": "CredentialsWithheld OriginGuard",
            "xcap_sdk.auth.password": "PasswordAuth",
        },
    )
