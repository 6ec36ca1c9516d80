"""What patch operations bring along: new nodes, and the values of attributes and declarations."""

from __future__ import annotations

from xcap_sdk.documents.fragments import declarations
from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.locating import Effort, fail
from xcap_sdk.documents.prefixes import Place
from xcap_sdk.documents.rawtree import (
    RawDocument,
    RawElement,
    RawNode,
    RawText,
    descendants,
    read_document,
    text_of,
)
from xcap_sdk.documents.source import Source
from xcap_sdk.errors import DocumentError
from xcap_sdk.protocol.diffs import PatchAdd, PatchCondition, PatchReplace

_RESERVED = {"xml", "xmlns"}


class Content:
    """The content of one operation.

    Args:
        operation: The operation.
        effort: What may still be looked at.
        limits: How much the content may take.
    """

    def __init__(self, operation: PatchAdd | PatchReplace, effort: Effort, limits: Limits | None) -> None:
        self._operation = operation
        self._effort = effort
        self._limits = limits

    def nodes(self, context: RawElement | RawDocument) -> list[RawNode]:
        """The new nodes, with the prefixes of the place that they go to."""
        content, place = self._read(), Place(context)
        each = 1 + (len(self._operation.namespaces) + place.size) // 4
        for node in descendants(content):
            self._effort.spend(self._operation, each)
            if isinstance(node, RawElement):
                _ = node.attributes  # read before prefixes change around them
        nodes = content.children
        place.adopt(nodes)
        return nodes

    def value(self) -> str:
        """The new value of an attribute: a single text, or nothing."""
        nodes = self._read().children
        texts = [node for node in nodes if isinstance(node, RawText)]
        if len(texts) < len(nodes) or "<![CDATA[" in text_of(nodes):
            fail(
                self._operation,
                PatchCondition.INVALID_ATTRIBUTE_VALUE,
                "the value of an attribute is a text without CDATA sections",
            )
        return "".join(text.value for text in texts)

    def uri(self, prefix: str) -> str:
        """The namespace of a new declaration."""
        if prefix in _RESERVED:
            fail(
                self._operation,
                PatchCondition.INVALID_NAMESPACE_PREFIX,
                f"the prefix {prefix} belongs to XML itself",
            )
        uri = self.value()
        if not uri:
            fail(
                self._operation,
                PatchCondition.INVALID_NAMESPACE_URI,
                "a prefix cannot be undeclared in XML 1.0",
            )
        return uri

    def _read(self) -> RawElement:
        """An element with the operation's content, in the namespaces that are in scope there."""
        opening = f"<content{declarations(self._operation.namespaces)}>"
        body = f"{opening}{self._operation.content}</content>"
        try:
            read = read_document(Source.parse(body.encode(), self._limits))
        except (DocumentError, UnicodeEncodeError) as error:
            fail(self._operation, PatchCondition.INVALID_DIFF_FORMAT, f"the content cannot be read: {error}")
        node = read.children[0]
        assert isinstance(node, RawElement), (
            "a document has a root element, and nothing stands before this one"
        )
        return node
