"""Addresses of documents (RFC 4825 §6.2), which is all that is needed to read one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from xcap_sdk.errors import InvalidAddress, InvalidSelector
from xcap_sdk.protocol.naming import application_id, document_name, user_uri
from xcap_sdk.protocol.percent import encode_segment
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.wording import shown

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import Address, ElementAddress, NodeAddress
    from xcap_sdk.protocol.selectors import NodeSelector

Tree: TypeAlias = Literal["users", "global"]
"""The two trees of an application usage (§6.2)."""


@dataclass(frozen=True, kw_only=True)
class DocumentAddress:
    """The address of a document (§6.2).

    Attributes:
        root: The XCAP root.
        auid: The application usage's id.
        tree: ``users``, or ``global`` for documents that belong to no user.
        xui: The user's URI; None in the global tree.
        document: The document's name, ``/`` between folders; not percent-encoded.
        default_namespace: The namespace of unprefixed element names in selectors (§5.2), None for no
            namespace; as it is no part of the URI, it does not count when addresses are compared.

    Raises:
        InvalidAddress: A part does not follow the grammar, or tree and XUI do not fit each other.
    """

    root: XcapRoot
    auid: str
    tree: Tree = "users"
    xui: str | None = None
    document: str = "index"
    default_namespace: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "auid", application_id(self.auid))
        if self.tree not in ("users", "global"):
            raise InvalidAddress(f"tree {self.tree!r}: expected 'users' or 'global' (§6.2)")
        if (self.xui is None) != (self.tree == "global"):
            raise InvalidAddress(f"tree {self.tree!r} with user {self.xui!r}: a user belongs in 'users' only")
        if self.xui is not None:
            user_uri(self.xui)
        document_name(self.document)

    @property
    def path(self) -> str:
        """The document selector: the percent-encoded path below the root, without a slash at its start."""
        owner = () if self.xui is None else (encode_segment(self.xui),)
        return "/".join((self.auid, self.tree, *owner, *map(encode_segment, self.document.split("/"))))

    @cached_property
    def uri(self) -> str:
        """The absolute URI, percent-encoded."""
        return f"{self.root.uri}/{self.path}"

    def node(self, selector: str | NodeSelector, namespaces: Mapping[str, str] | None = None) -> NodeAddress:
        """Address whatever a selector selects.

        Args:
            selector: A node selector, or its decoded form.
            namespaces: Namespace URIs by prefix, further ones for a selector that has some.

        Returns:
            The address of an element, an attribute or namespace bindings.

        Raises:
            InvalidSelector: The text is no selector, or a prefix has no namespace.
        """
        from xcap_sdk.protocol.addresses import address_of
        from xcap_sdk.protocol.selectors import NodeSelector

        if isinstance(selector, str):
            return address_of(self, NodeSelector.parse(selector, namespaces))
        return address_of(self, selector.bind(namespaces))

    def element(
        self, selector: str | NodeSelector, namespaces: Mapping[str, str] | None = None
    ) -> ElementAddress:
        """Address an element.

        Args:
            selector: The node selector of an element, or its decoded form.
            namespaces: Namespace URIs by prefix, further ones for a selector that has some.

        Returns:
            The element's address.

        Raises:
            InvalidSelector: The text is no selector, a prefix has no namespace, or no element is selected.
        """
        from xcap_sdk.protocol.addresses import ElementAddress

        address = self.node(selector, namespaces)
        if not isinstance(address, ElementAddress):
            raise InvalidSelector(
                f"{shown(str(address.selector))} selects no element: use node(), attribute() or namespaces()"
            )
        return address

    def __str__(self) -> str:
        return self.uri


def document_of(address: Address) -> DocumentAddress:
    """The document that an address belongs to.

    Args:
        address: Any address.

    Returns:
        The address itself if it is that of a document.
    """
    return address if isinstance(address, DocumentAddress) else address.document
