"""Repositories for the services of resource list servers, sync and async."""

from __future__ import annotations

from xcap_documents.rls_services import RlsServices
from xcap_sdk.flows.resolving import Elsewhere, Following, members
from xcap_sdk.repository.asynchronous import AsyncRepository
from xcap_sdk.repository.blocking import Repository
from xcap_sdk.usages.flat_lists import FlatList
from xcap_sdk.usages.list_kinds import MAX_DEPTH, MAX_DOCUMENTS


class RlsServicesRepository(Repository[RlsServices]):
    """Services of resource list servers, and whom they stand for."""

    def members(
        self,
        uri: str,
        document: str | None = None,
        *,
        elsewhere: Elsewhere | None = None,
        max_depth: int = MAX_DEPTH,
        max_documents: int = MAX_DOCUMENTS,
    ) -> FlatList:
        """Flatten the list of a service as a resource list server does (RFC 4826 §4.5), references followed.

        Args:
            uri: The service's URI, letter by letter.
            document: The document's name; None for the application usage's own default.
            elsewhere: Reads a document on another server from its absolute URI, and gives its bytes, or None
                if there is none; for the asynchronous client it may be a coroutine function. None to leave
                out what is on other servers.
            max_depth: How many externals inside each other are followed.
            max_documents: How many other documents are read.

        Returns:
            The entries in order, and the references that could not be followed: dangling, circular, refused …

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such service.
            XcapError: The server could not be reached, or refused the document itself.
        """
        return self._transport.run(
            members(
                self._session, self.address(document), uri, Following(elsewhere, max_depth, max_documents)
            )
        )


class AsyncRlsServicesRepository(AsyncRepository[RlsServices]):
    """Services of resource list servers, and whom they stand for."""

    async def members(
        self,
        uri: str,
        document: str | None = None,
        *,
        elsewhere: Elsewhere | None = None,
        max_depth: int = MAX_DEPTH,
        max_documents: int = MAX_DOCUMENTS,
    ) -> FlatList:
        """Flatten the list of a service as a resource list server does (RFC 4826 §4.5), references followed.

        Args:
            uri: The service's URI, letter by letter.
            document: The document's name; None for the application usage's own default.
            elsewhere: Reads a document on another server from its absolute URI, and gives its bytes, or None
                if there is none; for the asynchronous client it may be a coroutine function. None to leave
                out what is on other servers.
            max_depth: How many externals inside each other are followed.
            max_documents: How many other documents are read.

        Returns:
            The entries in order, and the references that could not be followed: dangling, circular, refused …

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such service.
            XcapError: The server could not be reached, or refused the document itself.
        """
        return await self._transport.run(
            members(
                self._session, self.address(document), uri, Following(elsewhere, max_depth, max_documents)
            )
        )
