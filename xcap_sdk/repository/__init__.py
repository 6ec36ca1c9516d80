"""Repositories: the documents of one application usage, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xcap_sdk.lazy import lazily

if TYPE_CHECKING:
    from xcap_sdk.repository.async_lists import AsyncResourceListsRepository
    from xcap_sdk.repository.asynchronous import AsyncReadOnlyRepository, AsyncRepository
    from xcap_sdk.repository.blocking import ReadOnlyRepository, Repository
    from xcap_sdk.repository.capabilities import AsyncCapabilitiesRepository, CapabilitiesRepository
    from xcap_sdk.repository.directories import AsyncDirectoryRepository, DirectoryRepository
    from xcap_sdk.repository.icons import AsyncStatusIconRepository, StatusIconRepository
    from xcap_sdk.repository.lists import ResourceListsRepository
    from xcap_sdk.repository.plans import AsyncListPlan, ListPlan
    from xcap_sdk.repository.services import AsyncRlsServicesRepository, RlsServicesRepository

__all__ = [
    "AsyncCapabilitiesRepository",
    "AsyncDirectoryRepository",
    "AsyncListPlan",
    "AsyncReadOnlyRepository",
    "AsyncRepository",
    "AsyncResourceListsRepository",
    "AsyncRlsServicesRepository",
    "AsyncStatusIconRepository",
    "CapabilitiesRepository",
    "DirectoryRepository",
    "ListPlan",
    "ReadOnlyRepository",
    "Repository",
    "ResourceListsRepository",
    "RlsServicesRepository",
    "StatusIconRepository",
]

if not TYPE_CHECKING:  # what is not above is not there
    __getattr__ = lazily(
        __name__,
        {
            "xcap_sdk.repository.async_lists": "AsyncResourceListsRepository",
            "xcap_sdk.repository.asynchronous": "AsyncReadOnlyRepository AsyncRepository",
            "xcap_sdk.repository.blocking": "ReadOnlyRepository Repository",
            "xcap_sdk.repository.capabilities": "AsyncCapabilitiesRepository CapabilitiesRepository",
            "xcap_sdk.repository.directories": "AsyncDirectoryRepository DirectoryRepository",
            "xcap_sdk.repository.icons": "AsyncStatusIconRepository StatusIconRepository",
            "xcap_sdk.repository.lists": "ResourceListsRepository",
            "xcap_sdk.repository.plans": "AsyncListPlan ListPlan",
            "xcap_sdk.repository.services": "AsyncRlsServicesRepository RlsServicesRepository",
        },
    )
