"""The clients for XCAP servers, sync and async."""

from __future__ import annotations

from xcap_sdk.client.async_trees import AsyncXcapTree
from xcap_sdk.client.asynchronous import AsyncXcapClient
from xcap_sdk.client.blocking import XcapClient
from xcap_sdk.client.trees import XcapTree

__all__ = ["AsyncXcapClient", "AsyncXcapTree", "XcapClient", "XcapTree"]
