"""Repositories for what servers can do, sync and async."""

from __future__ import annotations

from typing import Any

from xcap_documents.xcap_caps import XcapCaps
from xcap_sdk.flows.asking import ask
from xcap_sdk.repository.asynchronous import AsyncReadOnlyRepository
from xcap_sdk.repository.blocking import ReadOnlyRepository
from xcap_sdk.usages import ApplicationUsage


class CapabilitiesRepository(ReadOnlyRepository[XcapCaps]):
    """What the server can do (RFC 4825 §12)."""

    def supports(self, usage: ApplicationUsage[Any] | str) -> bool:
        """Whether the server serves an application usage.

        Args:
            usage: The usage, or its AUID.

        Returns:
            True if it says so.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return self._transport.run(
            ask(self._session, self._usage, self.address(), lambda server: server.supports(str(usage)))
        )

    def knows(self, namespace: str) -> bool:
        """Whether the server knows an XML namespace, so that its elements may stand in documents.

        Args:
            namespace: The namespace's URI.

        Returns:
            True if it says so.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return self._transport.run(
            ask(self._session, self._usage, self.address(), lambda server: server.knows(namespace))
        )

    def extended_by(self, extension: str) -> bool:
        """Whether the server knows an extension of the protocol (RFC 4825 §12).

        Args:
            extension: The extension's name.

        Returns:
            True if it says so.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return self._transport.run(
            ask(self._session, self._usage, self.address(), lambda server: server.extended_by(extension))
        )


class AsyncCapabilitiesRepository(AsyncReadOnlyRepository[XcapCaps]):
    """What the server can do (RFC 4825 §12)."""

    async def supports(self, usage: ApplicationUsage[Any] | str) -> bool:
        """Whether the server serves an application usage.

        Args:
            usage: The usage, or its AUID.

        Returns:
            True if it says so.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(
            ask(self._session, self._usage, self.address(), lambda server: server.supports(str(usage)))
        )

    async def knows(self, namespace: str) -> bool:
        """Whether the server knows an XML namespace, so that its elements may stand in documents.

        Args:
            namespace: The namespace's URI.

        Returns:
            True if it says so.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(
            ask(self._session, self._usage, self.address(), lambda server: server.knows(namespace))
        )

    async def extended_by(self, extension: str) -> bool:
        """Whether the server knows an extension of the protocol (RFC 4825 §12).

        Args:
            extension: The extension's name.

        Returns:
            True if it says so.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(
            ask(self._session, self._usage, self.address(), lambda server: server.extended_by(extension))
        )
