"""Addresses (RFC 4825 §6): of documents, and of elements, attributes and namespace bindings in them.

    index = DocumentAddress(root=XcapRoot("https://xcap.example.org/xcap-root"), auid="resource-lists",
                            tree="users", xui="sip:alice@example.org", document="index")
    index.element("resource-lists").child("list", where=("name", "friends")).attribute("name").uri

Addresses are values: two are equal if they name the same resource by the same terms, however their URIs were
percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, TypeAlias

from xcap_sdk.errors import InvalidAddress, InvalidSelector
from xcap_sdk.protocol.documents import DocumentAddress, Tree, document_of
from xcap_sdk.protocol.percent import MalformedEncodingError, decode, encode_segment
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.selectors import AttributeStep, NamespaceStep, NodeSelector
from xcap_sdk.protocol.wording import shown

__all__ = [
    "Address",
    "AttributeAddress",
    "DocumentAddress",
    "ElementAddress",
    "NamespacesAddress",
    "NodeAddress",
    "Tree",
    "address_of",
    "document_of",
    "parse_address",
]


@dataclass(frozen=True)
class _NodeAddress:
    document: DocumentAddress
    selector: NodeSelector

    _terminal: ClassVar[type]
    _selected: ClassVar[str]

    def __post_init__(self) -> None:
        if not isinstance(self.selector.terminal, self._terminal):
            raise InvalidSelector(f"{shown(str(self.selector))} selects no {self._selected}")

    @cached_property
    def uri(self) -> str:
        """The absolute URI, percent-encoded."""
        return f"{self.document.uri}/~~/{self.selector.wire}"

    @property
    def element(self) -> ElementAddress:
        """The address of the element itself, without what is selected of it."""
        return ElementAddress(self.document, self.selector.element)

    def __str__(self) -> str:
        return self.uri


@dataclass(frozen=True)
class ElementAddress(_NodeAddress):
    """The address of an element.

    Attributes:
        document: The document's address.
        selector: What to select in it.

    Raises:
        InvalidSelector: The selector selects no element.
    """

    _terminal = type(None)
    _selected = "element"

    @property
    def parent(self) -> ElementAddress | None:
        """The address of the element that holds this one; None for the root element."""
        parent = self.selector.parent
        return None if parent is None else ElementAddress(self.document, parent)

    def child(
        self,
        name: str,
        *,
        position: int | None = None,
        where: tuple[str, str] | None = None,
        namespaces: Mapping[str, str] | None = None,
    ) -> ElementAddress:
        """Address an element inside this one.

        Args:
            name: The child's name, with or without prefix, or ``*``.
            position: Its place among the children of that name (with ``*`` among all), from 1.
            where: Name and value of an attribute that it has; the value as it is, nothing escaped.
            namespaces: Further namespace URIs by prefix.

        Returns:
            The child's address.

        Raises:
            InvalidSelector: A name, position or value that a selector cannot hold.
            UnboundPrefix: A prefix has no namespace.
        """
        selector = self.selector.child(name, position=position, where=where, namespaces=namespaces)
        return ElementAddress(self.document, selector)

    def attribute(self, name: str, *, namespaces: Mapping[str, str] | None = None) -> AttributeAddress:
        """Address an attribute of the element.

        Args:
            name: The attribute's name, without ``@``; unprefixed it is in no namespace.
            namespaces: Further namespace URIs by prefix.

        Returns:
            The attribute's address.

        Raises:
            InvalidSelector: The name is none.
            UnboundPrefix: A prefix has no namespace.
        """
        return AttributeAddress(self.document, self.selector.attribute(name, namespaces=namespaces))

    def namespaces(self) -> NamespacesAddress:
        """Address the namespace bindings in scope of the element; they can only be read (§7.10)."""
        return NamespacesAddress(self.document, self.selector.namespaces())


@dataclass(frozen=True)
class AttributeAddress(_NodeAddress):
    """The address of an attribute; ``.element`` is that of the element that has it.

    Attributes:
        document: The document's address.
        selector: What to select in it.

    Raises:
        InvalidSelector: The selector selects no attribute.
    """

    _terminal = AttributeStep
    _selected = "attribute"

    @property
    def name(self) -> str:
        """The attribute's name as written, with or without prefix."""
        return str(self.selector.terminal).removeprefix("@")


@dataclass(frozen=True)
class NamespacesAddress(_NodeAddress):
    """The address of the namespace bindings in scope of an element; ``.element`` is that of the element.

    Attributes:
        document: The document's address.
        selector: What to select in it.

    Raises:
        InvalidSelector: The selector selects no namespace bindings.
    """

    _terminal = NamespaceStep
    _selected = "namespace bindings"


NodeAddress: TypeAlias = ElementAddress | AttributeAddress | NamespacesAddress
"""The address of something in a document."""

Address: TypeAlias = DocumentAddress | NodeAddress
"""The address of anything that XCAP can read."""

_SEPARATOR = re.compile(r"(?:~|%7[Ee]){2}")


def parse_address(
    root: XcapRoot,
    path: str,
    query: str | None = None,
    *,
    default_namespaces: Mapping[str, str] | None = None,
) -> Address:
    """Read an address as it comes over the wire.

    The first segment ``~~``, percent-encoded or not, ends the document's part. Whether prefixes are bound is
    left to `NodeSelector.check_bound`. The query of a document's URI is ignored.

    Args:
        root: The XCAP root.
        path: The raw path below the root, with or without a slash at its start.
        query: The raw query without its ``?``; None if there is none.
        default_namespaces: Default document namespaces by AUID.

    Returns:
        The address.

    Raises:
        InvalidAddress: The document's part does not follow §6.2, so nothing can be there.
        UnknownExtension: The node selector has a step that is no core grammar.
        InvalidSelector: The node selector or the query has malformed percent-encoding or UTF-8.
    """
    if "?" in path or "#" in path:
        raise InvalidAddress(f"path {shown(path)}: a raw '?' or '#' does not belong into a path")
    raw = path.removeprefix("/").split("/")
    separator = next((place for place, segment in enumerate(raw) if _SEPARATOR.fullmatch(segment)), None)
    try:
        auid, tree, *rest = (decode(segment) for segment in raw[:separator])
    except MalformedEncodingError as error:
        raise InvalidAddress(f"path {shown(path)}: {error}") from error
    except ValueError as error:
        raise InvalidAddress(
            f"path {shown(path)} names no document: expected AUID, tree and document (§6.2)"
        ) from error
    if tree not in ("users", "global"):
        raise InvalidAddress(
            f"path {shown(path)}: expected 'users' or 'global' behind the AUID, found {shown(tree)} (§6.2)"
        )
    if any("/" in segment for segment in rest[tree == "users" :]):
        raise InvalidAddress(f"path {shown(path)}: the name of a document or folder cannot hold a slash")
    auid = encode_segment(auid)
    document = DocumentAddress(
        root=root,
        auid=auid,
        tree=tree,
        xui=rest.pop(0) if tree == "users" and rest else None,
        document="/".join(rest),
        default_namespace=(default_namespaces or {}).get(auid),
    )
    if separator is None:
        return document
    return address_of(document, NodeSelector.from_wire("/".join(raw[separator + 1 :]), query))


def address_of(document: DocumentAddress, selector: NodeSelector) -> NodeAddress:
    """The address of what a selector selects in a document."""
    if selector.terminal is None:
        return ElementAddress(document, selector)
    kind = AttributeAddress if isinstance(selector.terminal, AttributeStep) else NamespacesAddress
    return kind(document, selector)
