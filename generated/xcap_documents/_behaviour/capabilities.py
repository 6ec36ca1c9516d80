"""Questions to a server's capabilities (RFC 4825 §12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xcap_documents.xcap_caps import Auids, Extensions, Namespaces


class XcapCapsBehaviour:
    """Mixed into XcapCaps."""

    __slots__ = ()

    if TYPE_CHECKING:
        auids: Auids
        extensions: Extensions | None
        namespaces: Namespaces

    def supports(self, auid: str) -> bool:
        """Whether the server serves the application usage with this id."""
        return auid in (each.strip() for each in self.auids.items)

    def knows(self, namespace: str) -> bool:
        """Whether the server knows the elements of this XML namespace."""
        return namespace in (each.strip() for each in self.namespaces.items)

    def extended_by(self, extension: str) -> bool:
        """Whether the server knows this extension of the protocol."""
        return extension in (each.strip() for each in self.extensions.items) if self.extensions else False
