"""What has changed on a server (RFC 5874), and how (RFC 5261), as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from xcap_sdk.protocol.addresses import AttributeAddress, DocumentAddress, ElementAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.wording import shown


class PatchCondition(StrEnum):
    """Why a patch cannot be applied, by the name of the element that says so (RFC 5261 §5.1)."""

    INVALID_ATTRIBUTE_VALUE = "invalid-attribute-value"
    INVALID_CHARACTER_SET = "invalid-character-set"
    INVALID_DIFF_FORMAT = "invalid-diff-format"
    INVALID_ENTITY_DECLARATION = "invalid-entity-declaration"
    INVALID_NAMESPACE_PREFIX = "invalid-namespace-prefix"
    INVALID_NAMESPACE_URI = "invalid-namespace-uri"
    INVALID_NODE_TYPES = "invalid-node-types"
    INVALID_PATCH_DIRECTIVE = "invalid-patch-directive"
    INVALID_ROOT_ELEMENT_OPERATION = "invalid-root-element-operation"
    INVALID_XML_PROLOG_OPERATION = "invalid-xml-prolog-operation"
    INVALID_WHITESPACE_DIRECTIVE = "invalid-whitespace-directive"
    UNLOCATED_NODE = "unlocated-node"
    UNSUPPORTED_ID_FUNCTION = "unsupported-id-function"
    UNSUPPORTED_XML_ID = "unsupported-xml-id"


@dataclass(frozen=True, slots=True)
class PatchAdd:
    """New content, a new attribute or a new namespace declaration (RFC 5261 §4.3).

    Attributes:
        sel: The node where it goes, as RFC 5261 selects: not percent-encoded.
        content: What is added, as XML text.
        pos: ``before`` or ``after`` the node, or ``prepend`` to put it first in the element; None for last.
        type: ``@name`` or ``namespace::prefix`` for an attribute or a declaration, whose value is the text.
        namespaces: The namespaces in scope in the diff document, the default one under None.
    """

    sel: str
    content: str = ""
    pos: str | None = None
    type: str | None = None
    namespaces: Mapping[str | None, str] = field(default_factory=dict[str | None, str], hash=False)

    def __str__(self) -> str:
        return f"add sel={shown(self.sel)}"


@dataclass(frozen=True, slots=True)
class PatchReplace:
    """A node, or the value of an attribute or declaration, in the place of another (RFC 5261 §4.4).

    Attributes:
        sel: The node, as RFC 5261 selects.
        content: What it becomes, as XML text.
        namespaces: The namespaces in scope in the diff document, the default one under None.
    """

    sel: str
    content: str = ""
    namespaces: Mapping[str | None, str] = field(default_factory=dict[str | None, str], hash=False)

    def __str__(self) -> str:
        return f"replace sel={shown(self.sel)}"


@dataclass(frozen=True, slots=True)
class PatchRemove:
    """A node that goes (RFC 5261 §4.5).

    Attributes:
        sel: The node, as RFC 5261 selects.
        ws: Which white space beside it goes along: ``before`` it, ``after`` it or ``both``; None for none.
        namespaces: The namespaces in scope in the diff document, the default one under None.
    """

    sel: str
    ws: str | None = None
    namespaces: Mapping[str | None, str] = field(default_factory=dict[str | None, str], hash=False)

    def __str__(self) -> str:
        return f"remove sel={shown(self.sel)}"


PatchOperation: TypeAlias = PatchAdd | PatchReplace | PatchRemove
"""One step of a patch."""


class ChangeKind(StrEnum):
    """What a diff says of a document (RFC 5874 §3, figure 1)."""

    PATCHED = "patched"
    """It has changed, and the patch is included."""
    FETCH = "fetch"
    """It has changed, or what is said contradicts itself: only a GET tells what it is now."""
    ETAG_ONLY = "etag-only"
    """It has another ETag, and its content is what it was."""
    CREATED = "created"
    """It is there, perhaps just created: to be fetched."""
    REMOVED = "removed"
    """It is not there any more."""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A change of a document.

    Attributes:
        address: Which document.
        kind: What happened to it.
        previous_etag: The ETag that it had, as the diff writes it: without quotes, as a rule.
        new_etag: The ETag that it has now.
        operations: The patch that leads from the one version to the other, in order.
    """

    address: DocumentAddress
    kind: ChangeKind
    previous_etag: str | None = None
    new_etag: str | None = None
    operations: tuple[PatchOperation, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementReport:
    """What an element is now.

    Attributes:
        address: Which element.
        exists: Whether it is there.
        body: Its bytes in UTF-8 as a GET would give them; None if it is not there, or too large to be told.
        namespaces: The namespaces in scope around it, the default one under None.
    """

    address: ElementAddress
    exists: bool = True
    body: bytes | None = None
    namespaces: Mapping[str | None, str] = field(default_factory=dict[str | None, str], hash=False)


@dataclass(frozen=True, slots=True)
class AttributeReport:
    """What an attribute is now.

    Attributes:
        address: Which attribute.
        exists: Whether it is there.
        value: Its value; None if it is not there.
    """

    address: AttributeAddress
    exists: bool = True
    value: str | None = None


@dataclass(frozen=True, slots=True)
class XcapDiff:
    """A diff document: what has changed below one XCAP root (RFC 5874 §3).

    Attributes:
        root: The root that the addresses are below.
        documents: Changes of documents, in order: several of one document follow on each other.
        elements: Elements as they are now.
        attributes: Attributes as they are now.
    """

    root: XcapRoot
    documents: tuple[DocumentChange, ...] = ()
    elements: tuple[ElementReport, ...] = ()
    attributes: tuple[AttributeReport, ...] = ()

    def of(self, address: DocumentAddress) -> tuple[DocumentChange, ...]:
        """The changes of one document, in order; none if the diff does not speak of it."""
        return tuple(change for change in self.documents if change.address == address)
