"""Repositories: the documents of one application usage, sync and async."""

from __future__ import annotations

from xcap_sdk.repository.asynchronous import (
    AsyncCapabilitiesRepository,
    AsyncDirectoryRepository,
    AsyncReadOnlyRepository,
    AsyncRepository,
    AsyncStatusIconRepository,
)
from xcap_sdk.repository.blocking import (
    CapabilitiesRepository,
    DirectoryRepository,
    ReadOnlyRepository,
    Repository,
    StatusIconRepository,
)

__all__ = [
    "AsyncCapabilitiesRepository",
    "AsyncDirectoryRepository",
    "AsyncReadOnlyRepository",
    "AsyncRepository",
    "AsyncStatusIconRepository",
    "CapabilitiesRepository",
    "DirectoryRepository",
    "ReadOnlyRepository",
    "Repository",
    "StatusIconRepository",
]
