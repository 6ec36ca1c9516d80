"""The clients for XCAP servers, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xcap_sdk.lazy import lazily

if TYPE_CHECKING:
    from xcap_sdk.client.async_trees import AsyncXcapTree
    from xcap_sdk.client.asynchronous import AsyncXcapClient
    from xcap_sdk.client.blocking import XcapClient
    from xcap_sdk.client.trees import XcapTree

__all__ = ["AsyncXcapClient", "AsyncXcapTree", "XcapClient", "XcapTree"]

if not TYPE_CHECKING:  # what is not above is not there
    __getattr__ = lazily(
        __name__,
        {
            "xcap_sdk.client.async_trees": "AsyncXcapTree",
            "xcap_sdk.client.asynchronous": "AsyncXcapClient",
            "xcap_sdk.client.blocking": "XcapClient",
            "xcap_sdk.client.trees": "XcapTree",
        },
    )
