"""Repositories for the lists of a user's documents, sync and async."""

from __future__ import annotations

from xcap_documents.oma_xcap_directory import XcapDirectory
from xcap_sdk.flows.asking import ask
from xcap_sdk.repository.asynchronous import AsyncReadOnlyRepository
from xcap_sdk.repository.blocking import ReadOnlyRepository
from xcap_sdk.usages.xcap_directory import DirectoryListing, listing


class DirectoryRepository(ReadOnlyRepository[XcapDirectory]):
    """Which documents a user has (OMA XDM Core §6.7)."""

    def documents(self) -> DirectoryListing:
        """List the user's documents of all application usages, with what the server says of them.

        Returns:
            The documents; and the application usages of which the server could not list them all.

        Raises:
            NotFound: The server has no directory.
            DocumentError: What came is no directory.
            XcapError: The server refused, or could not be reached.
        """
        return self._transport.run(
            ask(
                self._session,
                self._usage,
                self.address(),
                lambda model: listing(model, self._session.root, self._session.usages, self._xui),
            )
        )


class AsyncDirectoryRepository(AsyncReadOnlyRepository[XcapDirectory]):
    """Which documents a user has (OMA XDM Core §6.7)."""

    async def documents(self) -> DirectoryListing:
        """List the user's documents of all application usages, with what the server says of them.

        Returns:
            The documents; and the application usages of which the server could not list them all.

        Raises:
            NotFound: The server has no directory.
            DocumentError: What came is no directory.
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(
            ask(
                self._session,
                self._usage,
                self.address(),
                lambda model: listing(model, self._session.root, self._session.usages, self._xui),
            )
        )
