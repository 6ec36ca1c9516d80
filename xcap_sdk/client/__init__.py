"""The clients for XCAP servers, sync and async."""

from __future__ import annotations

from xcap_sdk.client.asynchronous import AsyncXcapClient, AsyncXcapTree
from xcap_sdk.client.blocking import XcapClient, XcapTree

__all__ = ["AsyncXcapClient", "AsyncXcapTree", "XcapClient", "XcapTree"]
