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
from xcap_sdk.repository.lists import AsyncResourceListsRepository, ResourceListsRepository
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
