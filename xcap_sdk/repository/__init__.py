"""Repositories: the documents of one application usage, sync and async."""

from __future__ import annotations

from xcap_sdk.repository.asynchronous import (
    AsyncCapabilitiesRepository,
    AsyncReadOnlyRepository,
    AsyncRepository,
    AsyncStatusIconRepository,
)
from xcap_sdk.repository.blocking import (
    CapabilitiesRepository,
    ReadOnlyRepository,
    Repository,
    StatusIconRepository,
)

__all__ = [
    "AsyncCapabilitiesRepository",
    "AsyncReadOnlyRepository",
    "AsyncRepository",
    "AsyncStatusIconRepository",
    "CapabilitiesRepository",
    "ReadOnlyRepository",
    "Repository",
    "StatusIconRepository",
]
