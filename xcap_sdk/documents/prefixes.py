"""Which prefixes new content takes in the document that it goes to (RFC 5261 §4.2.3).

What the content declares itself is copied as it is. What it takes from around it in the diff document is
looked up in the document by its namespace, and written with the prefix that is found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from xcap_sdk.documents.fragments import quote_attribute
from xcap_sdk.documents.rawtree import RawDocument, RawElement, RawNode, scope_of
from xcap_sdk.documents.writer import fresh_prefix
from xcap_sdk.protocol.xmltext import XML_NAMESPACE


class Place:
    """The element whose child new content becomes, or that gets a new attribute: the evaluation context.

    Args:
        context: The element; the document for a new root element.

    Attributes:
        size: How many namespaces are in scope there.
    """

    def __init__(self, context: RawElement | RawDocument) -> None:
        self._context = context
        self._target = scope_of(context)
        self.size: int = len(self._target)

    def adopt(self, nodes: Iterable[RawNode]) -> None:
        """Give new content the document's prefixes; what the document does not declare is declared there."""
        for node in nodes:
            if isinstance(node, RawElement):
                self._adopt(node, self._target, frozenset())

    def attribute_prefix(self, uri: str, wanted: str) -> tuple[str, bool]:
        """The prefix for a new attribute of the context (§4.3.2), and whether it is to be declared."""
        found = self._choose(uri, wanted, self._target, frozenset(), is_attribute=True)
        return (found, False) if found else (fresh_prefix(self._target, wanted), True)

    def _adopt(
        self, element: RawElement, around: Mapping[str | None, str], local: frozenset[str | None]
    ) -> None:
        own = element.declared
        scope = {**around, **own}
        local |= own.keys()
        new: dict[str | None, str] = {}

        def prefix_for(uri: str, wanted: str | None, *, is_attribute: bool) -> str | None:
            if wanted in local or wanted == "xml":
                return wanted
            if not uri and not scope.get(None):
                return None
            found = self._choose(uri, wanted, scope, local, is_attribute=is_attribute) if uri else None
            if found is not None:
                return found or None
            # One that stands for something else around here stays what it is, for what is inside.
            prefix = wanted and fresh_prefix(scope, wanted)
            scope[prefix] = new[prefix] = uri
            return prefix

        names: dict[str, str] = {}
        prefix = prefix_for(element.namespace, element.prefix, is_attribute=False)
        for name, attribute in element.attributes.items():
            old, _, local_name = attribute.name.rpartition(":")
            if old:
                uri = name[1:].rpartition("}")[0]
                names[attribute.name] = f"{prefix_for(uri, old, is_attribute=True)}:{local_name}"
        self._write(element, prefix, names, new)
        for child in element.children:
            if isinstance(child, RawElement):
                self._adopt(child, scope, local)

    def _write(
        self,
        element: RawElement,
        prefix: str | None,
        names: Mapping[str, str],
        new: Mapping[str | None, str],
    ) -> None:
        """Write a start tag with other prefixes and further declarations, if there are any."""
        tag = element.tag
        if prefix != element.prefix:
            local_name = tag.name.rpartition(":")[2]
            tag = replace(tag, name=f"{prefix}:{local_name}" if prefix else local_name)
        attributes = (each._replace(name=names.get(each.name, each.name)) for each in tag.attributes)
        tag = replace(tag, attributes=tuple(attributes))
        for declared, uri in new.items():
            tag = tag.with_attribute(f"xmlns:{declared}" if declared else "xmlns", quote_attribute(uri))
        if tag != element.tag:
            element.tag = tag

    def _choose(
        self,
        uri: str,
        wanted: str | None,
        scope: Mapping[str | None, str],
        local: frozenset[str | None],
        *,
        is_attribute: bool,
    ) -> str | None:
        """The prefix in scope for a namespace, empty for the default one; None if there is none."""
        if uri == XML_NAMESPACE:
            return "xml"
        bound = [
            prefix for prefix, its in scope.items() if its == uri and not (is_attribute and prefix is None)
        ]
        inherited = [each for each in bound if each not in local and self._target.get(each) == uri]
        candidates = sorted(each or "" for each in inherited or bound)
        compared = wanted or ""
        if compared in candidates:
            return compared
        context = self._context
        if isinstance(context, RawElement) and context.namespace == uri:
            own = context.prefix or ""
            if own in candidates:
                return own
        before = [each for each in candidates if each < compared]
        return before[-1] if before else next(iter(candidates), None)
