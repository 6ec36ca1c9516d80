"""Handlers for xsdata's parsers that read from trees: the compiled one, and one that feeds xsdata itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from lxml import etree
from xsdata.exceptions import ParserError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.elements import XmlMeta
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.parsers.mixins import XmlHandler

from xcap_sdk.documents.compiled.collecting import collection_paused
from xcap_sdk.documents.compiled.reading import Readers, Rules
from xcap_sdk.documents.compiled.trees import Element, ElementTree, following_text, inside, leading_text


class CompiledHandler(XmlHandler):
    """Makes the object of a document by functions compiled once for each class.

    It follows the parser's ``context`` and of its ``config`` the class factory and the three ``fail_on_…``;
    text of the wrong form stays text without a warning. XML is read strictly: without recovery, entities or
    network. What is missing or does not fit is a `ParserError` with its line. The namespaces that the root
    declares are recorded.

    It differs from xsdata's own handlers in this:

    - ``xsi:nil`` counts for nillable classes and fields only, and ``xsi:type`` only for subclasses of the
      class that a field has, not behind wildcards.
    - Text beside the elements that a wildcard takes is left out.
    - What looks like a qualified name in attributes of no known field stays as it is.
    - Elements inside of one that is but text are left out, unless ``fail_on_unknown_properties`` says no.
    """

    def parse(self, source: Any, ns_map: dict[str | None, str]) -> Any:
        """Read a document.

        Args:
            source: A tree or element of lxml, which is left as it is, or a file's name or stream.
            ns_map: Takes the namespaces of the root by prefix.

        Returns:
            The object.

        Raises:
            ParserError: Nothing is known of the root element, or a class cannot hold the document.
            XmlContextError: xsdata cannot bind a class.
        """
        element = root_of(source)
        parser: Any = self.parser
        for prefix, uri in element.nsmap.items():
            parser.register_namespace(ns_map, prefix, uri)
        cls = self.clazz or cast("XmlContext", parser.context).find_type(str(element.tag))
        if cls is None:
            raise ParserError(f"No class found matching root: {element.tag}")
        read = readers_for(parser.context, parser.config).of(cls)
        with collection_paused:
            return read(element, inside(element))


class TreeHandler(XmlHandler):
    """Feeds xsdata's own parser from a tree, which is left as it is; no text is lost between its chunks."""

    def parse(self, source: Any, ns_map: dict[str | None, str]) -> Any:
        """Read a document, as `CompiledHandler.parse` does."""
        queue: list[Any] = []
        objects: list[Any] = []
        element = root_of(source)
        for prefix, uri in element.nsmap.items():
            self.parser.register_namespace(ns_map, prefix, uri)
        self._feed(element, queue, objects)
        return objects[-1][1] if objects else None

    def _feed(self, element: Element, queue: list[Any], objects: list[Any]) -> None:
        parser: Any = self.parser
        tag = str(element.tag)
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        parser.start(self.clazz, queue, objects, tag, attributes, element.nsmap)
        for child in element:
            if isinstance(child.tag, str):
                self._feed(child, queue, objects)
        # The text behind an element belongs to the one around it, and is content there only if that is mixed.
        around: XmlMeta | None = getattr(queue[-2], "meta", None) if len(queue) > 1 else None
        behind = following_text(element) if len(queue) > 1 and (not around or around.mixed_content) else ""
        parser.end(queue, objects, tag, leading_text(element), behind or None)


def root_of(source: Any) -> Element:
    """The root element of what a handler is given; what is no tree yet is parsed strictly."""
    if isinstance(source, Element):
        return source
    if not isinstance(source, ElementTree):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        source = etree.parse(source, parser)
    return cast("Any", source).getroot()


def readers_for(context: XmlContext, config: ParserConfig) -> Readers:
    """The functions for a context and a configuration, kept for the few that were used last."""
    rules = Rules(
        config.class_factory,
        config.fail_on_unknown_properties,
        config.fail_on_unknown_attributes,
        config.fail_on_converter_warnings,
    )
    return _readers(context, rules)


_readers = lru_cache(maxsize=16)(Readers)  # a context has no place for them, and takes no weak reference
