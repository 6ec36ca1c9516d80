"""The start tags of a document as they are to be: attributes and declarations set and removed one by one."""

from __future__ import annotations

from collections.abc import Iterable

from xcap_sdk.documents.fragments import quote_attribute
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.tags import StartTag
from xcap_sdk.documents.writer import prefix_for
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.xmltext import NCNAME, XMLNS_NAMESPACE


class EditedTags:
    """Start tags with edits; what is not edited stays as written.

    Args:
        source: The document.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._tags: dict[Element, StartTag] = {}
        self._scopes: dict[Element, dict[str | None, str]] = {}

    def edited(self) -> Iterable[tuple[Element, StartTag]]:
        """The elements whose tags were edited, with these."""
        return self._tags.items()

    def tag(self, element: Element) -> StartTag:
        """The start tag of an element, as it is to be."""
        return self._tags.get(element) or self._source.start_tag(element)

    def set_attribute(self, element: Element, name: str, value: str) -> None:
        """Give an attribute a value: in its place and with its quotes, or at the end of the start tag.

        Args:
            element: The element.
            name: The attribute's name as ``{namespace}local`` or ``local``.
            value: The value itself, unescaped.

        Raises:
            InvalidInput: A name or value that XML cannot hold.
        """
        tag = self.tag(element)
        scope = self._scope(element)
        found = tag.find(name, scope)
        if found is not None:
            if self._source.start_tag(element) != tag or element.get(name) != value:
                written = quote_attribute(value, found.value[0], self._source.encoding)
                self._tags[element] = tag.with_attribute(found.name, written, like=found)
            return
        uri, local = _checked(name)
        if uri:
            hints = [prefix for prefix, its in scope.items() if its == uri]
            prefix, is_new = prefix_for(uri, scope, hints)
            if is_new:
                self._declare(element, prefix, uri)
            local = f"{prefix}:{local}"
        written = quote_attribute(value, encoding=self._source.encoding)
        self._tags[element] = self.tag(element).with_attribute(local, written)

    def remove_attribute(self, element: Element, name: str) -> None:
        """Take an attribute away, with the white space before it.

        Args:
            element: The element.
            name: The attribute's name as ``{namespace}local`` or ``local``.

        Raises:
            ValueError: The element does not have it.
        """
        tag = self.tag(element)
        found = tag.find(name, self._scope(element))
        if found is None:
            raise ValueError(f"{element!r} has no attribute {name}")
        self._tags[element] = tag.without(found)

    def _scope(self, element: Element) -> dict[str | None, str]:
        return self._scopes.get(element) or self._source.namespaces(element)

    def _declare(self, element: Element, prefix: str | None, uri: str) -> None:
        name = f"xmlns:{prefix}" if prefix else "xmlns"
        written = quote_attribute(uri, encoding=self._source.encoding)
        self._scopes[element] = {**self._scope(element), prefix: uri}
        self._tags[element] = self.tag(element).with_attribute(name, written)

    def carry_scope(self, element: Element, target: dict[str | None, str]) -> None:
        """Declare on a moved element what it inherited where it was and does not where it goes.

        Args:
            element: The element.
            target: The namespaces in scope where it goes.
        """
        parent = element.getparent()
        assert parent is not None, "only the root element has no parent"
        origin = self._source.namespaces(parent)
        own = {attribute.name for attribute in self.tag(element).attributes}
        for prefix in dict.fromkeys((*origin, *target)):
            name = f"xmlns:{prefix}" if prefix else "xmlns"
            uri = origin.get(prefix, "")
            # Only the default namespace can be undeclared; an additional prefix does no harm.
            if name not in own and target.get(prefix, "") != uri and (uri or prefix is None):
                self._declare(element, prefix, uri)


def _checked(name: str) -> tuple[str | None, str]:
    """Namespace and local name of a new attribute."""
    uri, brace, local = name.rpartition("}")
    if not NCNAME.fullmatch(local) or (brace and not uri.startswith("{")) or name == "xmlns":
        raise InvalidInput(f"{name!r} is no attribute name: expected local, or {{namespace}}local")
    if uri[1:] == XMLNS_NAMESPACE:
        raise InvalidInput(f"{name!r} would declare a namespace, which is no attribute")
    return uri[1:] or None, local
