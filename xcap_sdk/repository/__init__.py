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
from xcap_sdk.repository.lists import (
    AsyncResourceListsRepository,
    AsyncRlsServicesRepository,
    ResourceListsRepository,
    RlsServicesRepository,
)

__all__ = [
    "AsyncCapabilitiesRepository",
    "AsyncDirectoryRepository",
    "AsyncReadOnlyRepository",
    "AsyncRepository",
    "AsyncResourceListsRepository",
    "AsyncRlsServicesRepository",
    "AsyncStatusIconRepository",
    "CapabilitiesRepository",
    "DirectoryRepository",
    "ReadOnlyRepository",
    "Repository",
    "ResourceListsRepository",
    "RlsServicesRepository",
    "StatusIconRepository",
]
