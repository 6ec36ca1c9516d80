"""Questions to a server's capabilities (RFC 4825 §12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xcap_documents.xcap_caps import Auids, Extensions, Namespaces


class Listing:
    """Mixed into the lists of AUIDs, namespaces and extensions: ``"resource-lists" in capabilities.auids``.

    White space around a text counts for nothing.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        items: list[str]

    def __contains__(self, text: object) -> bool:
        return text in list(self)

    def __iter__(self) -> Iterator[str]:
        return iter([each.strip() for each in self.items])

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        """Always True: an empty list is there all the same."""
        return True


class XcapCapsBehaviour:
    """Mixed into XcapCaps."""

    __slots__ = ()

    if TYPE_CHECKING:
        auids: Auids | None  # both are required, and a document may lack them
        extensions: Extensions | None
        namespaces: Namespaces | None

    def supports(self, auid: str) -> bool:
        """Whether the server serves the application usage with this id."""
        return self.auids is not None and auid in self.auids

    def knows(self, namespace: str) -> bool:
        """Whether the server knows the elements of this XML namespace."""
        return self.namespaces is not None and namespace in self.namespaces

    def extended_by(self, extension: str) -> bool:
        """Whether the server knows this extension of the protocol."""
        return self.extensions is not None and extension in self.extensions
