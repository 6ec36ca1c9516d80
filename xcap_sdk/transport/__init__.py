"""Requests over httpx, sync and async: bounded replies and times, typed failures."""

from __future__ import annotations

from xcap_sdk.transport.network import Network, identity_fields
from xcap_sdk.transport.shells import AsyncTransport, Transport
from xcap_sdk.transport.wire import Auth, Wire

__all__ = ["AsyncTransport", "Auth", "Network", "Transport", "Wire", "identity_fields"]
