"""Credentials: as the server asks, and never to another origin than the XCAP root's."""

from __future__ import annotations

from xcap_sdk.auth.bearer import BearerAuth
from xcap_sdk.auth.challenges import Challenge, basic_response, challenges, digest_response
from xcap_sdk.auth.gba import GbaAuth, GbaKey
from xcap_sdk.auth.origin import CredentialsWithheld, OriginGuard
from xcap_sdk.auth.password import PasswordAuth

__all__ = [
    "BearerAuth",
    "Challenge",
    "CredentialsWithheld",
    "GbaAuth",
    "GbaKey",
    "OriginGuard",
    "PasswordAuth",
    "basic_response",
    "challenges",
    "digest_response",
]
