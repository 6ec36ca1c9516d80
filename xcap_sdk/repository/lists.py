"""Repositories for lists and for the services of resource list servers, sync and async."""

from __future__ import annotations

from collections.abc import Sequence

from xcap_documents.resource_lists import ResourceLists
from xcap_documents.rls_services import RlsServices
from xcap_sdk.flows.resolving import Elsewhere, Following, members, resolve
from xcap_sdk.protocol.addresses import ElementAddress
from xcap_sdk.repository.asynchronous import AsyncRepository
from xcap_sdk.repository.blocking import Repository
from xcap_sdk.usages.flat_lists import FlatList
from xcap_sdk.usages.following import MAX_DEPTH, MAX_DOCUMENTS
from xcap_sdk.usages.list_references import list_address


class ResourceListsRepository(Repository[ResourceLists]):
    """Buddy lists, and what they come to once their references are followed."""

    def list_address(self, *names: str, document: str | None = None) -> ElementAddress:
        """The address of a list, for `xcap_sdk.anchor_to` and `xcap_sdk.entry_address`.

        Args:
            *names: The names of the lists from the top level down; at least one.
            document: The document's name; None for the application usage's own default.

        Returns:
            The address, whether there is such a list or not.

        Raises:
            InvalidInput: No name is given, or one that no document can hold; or the client has no user.
        """
        return list_address(self.address(document), *names)

    def resolve(
        self,
        document: str | None = None,
        *,
        list: str | Sequence[str] | None = None,
        elsewhere: Elsewhere | None = None,
        max_depth: int = MAX_DEPTH,
        max_documents: int = MAX_DOCUMENTS,
    ) -> FlatList:
        """Flatten a list as a resource list server does (RFC 4826 §4.5), its references followed.

        The lists inside it and what it refers to are gone through in document order; each URI counts once.
        Each other document is read once, whosever it is.

        Args:
            document: The document's name; None for the application usage's own default.
            list: The name of the list, or the names on the way to it from the top level down; None for all.
            elsewhere: Reads a document on another server from its absolute URI, and gives its bytes, or None
                if there is none; for the asynchronous client it may be a coroutine function. None to leave
                out what is on other servers.
            max_depth: How many externals inside each other are followed.
            max_documents: How many other documents are read.

        Returns:
            The entries in order, and the references that could not be followed: dangling, circular, refused …

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such list.
            XcapError: The server could not be reached, or refused the document itself.
        """
        return self._transport.run(
            resolve(
                self._session, self.address(document), list, Following(elsewhere, max_depth, max_documents)
            )
        )


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


class AsyncResourceListsRepository(AsyncRepository[ResourceLists]):
    """Buddy lists, and what they come to once their references are followed."""

    def list_address(self, *names: str, document: str | None = None) -> ElementAddress:
        """The address of a list, for `xcap_sdk.anchor_to` and `xcap_sdk.entry_address`.

        Args:
            *names: The names of the lists from the top level down; at least one.
            document: The document's name; None for the application usage's own default.

        Returns:
            The address, whether there is such a list or not.

        Raises:
            InvalidInput: No name is given, or one that no document can hold; or the client has no user.
        """
        return list_address(self.address(document), *names)

    async def resolve(
        self,
        document: str | None = None,
        *,
        list: str | Sequence[str] | None = None,
        elsewhere: Elsewhere | None = None,
        max_depth: int = MAX_DEPTH,
        max_documents: int = MAX_DOCUMENTS,
    ) -> FlatList:
        """Flatten a list as a resource list server does (RFC 4826 §4.5), its references followed.

        The lists inside it and what it refers to are gone through in document order; each URI counts once.
        Each other document is read once, whosever it is.

        Args:
            document: The document's name; None for the application usage's own default.
            list: The name of the list, or the names on the way to it from the top level down; None for all.
            elsewhere: Reads a document on another server from its absolute URI, and gives its bytes, or None
                if there is none; for the asynchronous client it may be a coroutine function. None to leave
                out what is on other servers.
            max_depth: How many externals inside each other are followed.
            max_documents: How many other documents are read.

        Returns:
            The entries in order, and the references that could not be followed: dangling, circular, refused …

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such list.
            XcapError: The server could not be reached, or refused the document itself.
        """
        return await self._transport.run(
            resolve(
                self._session, self.address(document), list, Following(elsewhere, max_depth, max_documents)
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
