"""Compiled schemas: one for all the namespaces that come along, and those of one's own usages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from xcap_sdk.documents.crowded import Breach, crowded_breaches, has_repeated_ids, is_crowded
from xcap_sdk.documents.marking import IdMarker, MarkedSchema
from xcap_sdk.documents.xml import Element, ElementTree, parse_xml
from xcap_sdk.errors import DocumentError, InvalidInput

_XS = "{http://www.w3.org/2001/XMLSchema}"
_DRIVER = "all.xsd"
_TOO_MUCH = "it takes too much to tell whether this follows the schema: one of its patterns may be to blame"


class Schema:
    """A compiled schema that threads may share.

    Args:
        make: Compiles it, with its files rewritten if a marker is given.
        namespaces: What it is for.
    """

    def __init__(
        self, make: Callable[[IdMarker | None], etree.XMLSchema], namespaces: frozenset[str]
    ) -> None:
        self._make = make
        self._compiled = make(None)
        self._lock = threading.Lock()
        self.namespaces = namespaces

    def breaches(self, document: ElementTree) -> list[Breach]:
        """What the schema refuses, in document order.

        Of crowded documents only the first breaches come with their elements; a list that is longer than
        `MOST_COUNTED` does not hold them all.

        Args:
            document: Freshly parsed: libxml2 remembers the IDs of a tree it has validated, also of elements
                that are no longer in it.
        """
        if is_crowded(document):
            return crowded_breaches(self._compiled, lambda: self._marked, document)
        with self._lock:  # the log belongs to the compiled schema
            gave_up: list[Breach] = []
            try:
                if self._compiled.validate(document):
                    return []
            except etree.XMLSchemaValidateError:
                gave_up = [Breach(_TOO_MUCH)]
            found = [Breach(entry.message, entry.path or "") for entry in self._compiled.error_log]
            return found + gave_up

    def parse(self, data: bytes) -> ElementTree | None:
        """Parse a document that is probably valid, and validate it meanwhile, which is quicker than later.

        Returns:
            The tree; None if the schema refuses something, or the parser does.
        """
        try:
            tree = parse_xml(data, schema=self._compiled)
        except DocumentError:
            return None
        return None if has_repeated_ids(self._marked, tree, data) else tree

    @cached_property
    def _marked(self) -> MarkedSchema:
        marker = IdMarker()
        schema = self._make(marker)
        return MarkedSchema(schema, marker.names)


def schema_for(path: Path | None = None) -> Schema:
    """A compiled schema.

    Args:
        path: An XSD file, which may import the namespaces that come along by any location or none, and other
            files next to it; None for the schema of all the namespaces that come along.

    Raises:
        InvalidInput: The file cannot be read or is no schema.
    """
    if path is None:
        return _own()
    try:
        status = path.stat()
    except OSError as error:
        raise InvalidInput(f"the schema {path} cannot be read: {error.strerror}") from error
    return _compiled(path.resolve(), status.st_mtime_ns)


@cache
def _files() -> dict[str, str]:
    """The files of the namespaces that come along."""
    driver = etree.fromstring(_packaged(_DRIVER), _parser())
    imports = driver.iter(f"{_XS}import")
    return {str(found.get("namespace")): str(found.get("schemaLocation")) for found in imports}


@cache
def bases() -> dict[str, str]:
    """What the simple types of the namespaces that come along restrict: ``xs:int``, or another one's name."""
    found: dict[str, str] = {}
    for file in _files().values():
        schema = etree.fromstring(_packaged(file), _parser())
        for simple in schema.iterchildren(f"{_XS}simpleType"):
            restriction = simple.find(f"{_XS}restriction[@base]")
            if restriction is not None:
                prefix, _, local = str(restriction.get("base")).rpartition(":")
                namespace = f"{{{restriction.nsmap.get(prefix or None, '')}}}"
                name = f"{{{schema.get('targetNamespace')}}}{simple.get('name')}"
                found[name] = f"xs:{local}" if namespace == _XS else f"{namespace}{local}"
    return found


def _packaged(name: str) -> bytes:
    return (resources.files("xcap_documents") / "_schemas" / name).read_bytes()


@cache
def _own() -> Schema:
    def make(marker: IdMarker | None) -> etree.XMLSchema:
        parser = _parser(marker)
        return etree.XMLSchema(
            etree.ElementTree(etree.fromstring(_packaged(_DRIVER), parser, base_url=_DRIVER))
        )

    return Schema(make, frozenset(_files()))


@lru_cache(maxsize=64)
def _compiled(path: Path, _modified: int) -> Schema:
    def make(marker: IdMarker | None) -> etree.XMLSchema:
        return etree.XMLSchema(etree.ElementTree(_read(path, _parser(marker), marker)))

    try:
        target = _read(path, _parser()).get("targetNamespace")
        return Schema(make, frozenset({str(target)} if target else ()))
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise InvalidInput(f"the schema {path} cannot be used: {error}") from error


def _read(path: Path, parser: etree.XMLParser, marker: IdMarker | None = None) -> Element:
    root = etree.fromstring(path.read_bytes(), parser, base_url=path.as_uri())
    _locate(root, path.parent)
    if marker is not None:
        marker.rewrite(root)
    return root


def _locate(schema: Element, folder: Path) -> None:
    """Point the imports of the namespaces that come along to the files that come along."""
    for found in schema.iter(f"{_XS}import"):
        location = found.get("schemaLocation")
        file = _files().get(str(found.get("namespace")))
        if file is not None and not (location and (folder / str(location)).is_file()):
            found.set("schemaLocation", file)


class _Resolver(etree.Resolver):
    """Gives the files that come along, and those next to the user's; nothing comes from the network."""

    def __init__(self, marker: IdMarker | None) -> None:
        self._marker = marker

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:  # noqa: ARG002 - lxml's
        url = urlsplit(system_url or "")
        path = Path(unquote(url.path))
        if url.scheme in {"", "file"} and path.is_file():
            root, base = _read(path, _parser(), self._marker), path.as_uri()
        elif path.name in _files().values():
            root, base = etree.fromstring(_packaged(path.name), _parser()), path.name
            if self._marker is not None:
                self._marker.rewrite(root)
        else:
            return None
        return self.resolve_string(etree.tostring(root), context, base_url=base)


def _parser(marker: IdMarker | None = None) -> etree.XMLParser:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(_Resolver(marker))
    return parser
