"""GET, PUT and DELETE of nodes (RFC 4825 §8.2 to §8.4) on the bytes of a document.

A body is put in byte for byte and nothing else changes: no white space is added or taken away, no declaration
altered. White space around the body of an element or attribute is no part of it and is dropped.
"""

from __future__ import annotations

from xcap_sdk.documents.attributes import (
    decode_attribute_value,
    decode_namespaces,
    encode_attribute_value,
    encode_namespaces,
)
from xcap_sdk.documents.finding import NodeNotFound, attribute_name, find
from xcap_sdk.documents.putting import check_encoding, put_attribute, put_element, refused, with_tag
from xcap_sdk.documents.source import Source
from xcap_sdk.errors import InvalidSelector
from xcap_sdk.protocol.faults import Fault, FaultKind, Refused
from xcap_sdk.protocol.selectors import AttributeStep, NamespaceStep, NodeSelector

__all__ = [
    "NodeNotFound",
    "ParentMissing",
    "decode_attribute_value",
    "decode_namespaces",
    "delete_node",
    "encode_attribute_value",
    "find",
    "get_node",
    "put_node",
]


class ParentMissing(Refused):
    """no-parent: the element that is to hold the new node is not there, or several fit (RFC 4825 §8.2.1).

    Attributes:
        nearest: The selector of the last element on the way that there is; None if that is the document.
    """

    def __init__(self, error: NodeNotFound) -> None:
        super().__init__(Fault(FaultKind.NO_PARENT, str(error)))
        self.nearest: NodeSelector | None = error.nearest


def get_node(source: Source, selector: NodeSelector, default_namespace: str | None) -> bytes:
    """The body of a GET (RFC 4825 §8.3), in UTF-8.

    Args:
        source: The document.
        selector: What to get.
        default_namespace: The default document namespace of the application usage.

    Returns:
        For an element its bytes, with nothing added; for an attribute its value as written, with quotes; for
        namespace bindings an empty element of the same name with all declarations in scope.

    Raises:
        NodeNotFound: The selector selects nothing, or several elements.
        UnboundPrefix: A prefix is not bound.
    """
    element = find(source, selector, default_namespace)
    match selector.terminal:
        case None:
            return source.fragment(element).decode(source.encoding).encode()
        case NamespaceStep():
            return encode_namespaces(source.start_tag(element).name, source.namespaces(element))
        case AttributeStep():
            found = source.start_tag(element).find(attribute_name(selector), source.namespaces(element))
            if found is None:
                raise NodeNotFound(selector, depth=len(selector.steps))
            return found.value.encode()


def put_node(
    source: Source,
    selector: NodeSelector,
    body: bytes,
    default_namespace: str | None,
    *,
    wanted: Source | None = None,
) -> tuple[bytes, bool]:
    """Put an element or attribute into a document (RFC 4825 §8.2.1 to §8.2.4).

    Args:
        source: The document.
        selector: The node to create or replace.
        body: The element from its first ``<`` to its last ``>``, or the attribute's value with its quotes.
        default_namespace: The default document namespace of the application usage.
        wanted: What the new document may be, so that it need not be parsed then.

    Returns:
        The new document, and whether the node was created.

    Raises:
        ParentMissing: The element that is to hold the node is not there, or several fit.
        Refused: not-xml-frag, not-xml-att-value, not-utf-8 or cannot-insert.
        InvalidSelector: It selects namespace bindings, which can only be read (§7.10), or a prefix is not
            bound.
        ForbiddenXml: The body or the new document takes more than the limits allow.
    """
    holder = selector.parent
    try:
        parent = None if holder is None else find(source, holder, default_namespace)
    except NodeNotFound as error:
        raise ParentMissing(error) from error
    if isinstance(selector.terminal, NamespaceStep):
        raise InvalidSelector(f"{selector}: namespace bindings can only be read (RFC 4825 §7.10)")
    check_encoding(source, body)
    if parent is not None and isinstance(selector.terminal, AttributeStep):
        return put_attribute(source, selector, parent, body, default_namespace, wanted=wanted)
    return put_element(source, selector, parent, body, default_namespace, wanted=wanted)


def delete_node(source: Source, selector: NodeSelector, default_namespace: str | None) -> bytes:
    """Delete an element or attribute (RFC 4825 §8.4); the white space around an element stays.

    Args:
        source: The document.
        selector: The node.
        default_namespace: The default document namespace of the application usage.

    Returns:
        The new document.

    Raises:
        NodeNotFound: The selector selects nothing, or several elements.
        Refused: cannot-delete, or schema-validation-error for the root element, without which nothing is
            left.
        InvalidSelector: It selects namespace bindings, which can only be read (§7.10), or a prefix is not
            bound.
    """
    if isinstance(selector.terminal, NamespaceStep):
        raise InvalidSelector(f"{selector}: namespace bindings can only be read (RFC 4825 §7.10)")
    element = find(source, selector, default_namespace)
    if selector.terminal is not None:
        tag = source.start_tag(element)
        found = tag.find(attribute_name(selector), source.namespaces(element))
        if found is None:
            raise NodeNotFound(selector, depth=len(selector.steps))
        return with_tag(source, element, tag.without(found))
    if element.getparent() is None:
        raise refused(
            FaultKind.SCHEMA_VALIDATION_ERROR, "without its root element there would be no document"
        )
    start, end = source.span(element)
    after = source.data[:start] + source.data[end:]
    try:
        find(Source.parse(after), selector, default_namespace)
    except NodeNotFound:
        return after
    raise refused(FaultKind.CANNOT_DELETE, f"{selector} would select another element afterwards")
