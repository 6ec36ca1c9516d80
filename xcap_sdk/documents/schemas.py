"""Compiled schemas: one for all the namespaces that come along, and those of one's own usages."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from xcap_sdk.documents.xml import Element, ElementTree
from xcap_sdk.errors import InvalidInput

_XS = "{http://www.w3.org/2001/XMLSchema}"
_DRIVER = "all.xsd"


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that the schema refuses.

    Attributes:
        path: The element, as libxml2 writes paths.
        message: What is wrong, in libxml2's words.
    """

    path: str
    message: str


class Schema:
    """A compiled schema that threads may share."""

    def __init__(self, compiled: etree.XMLSchema, namespaces: frozenset[str]) -> None:
        self._compiled = compiled
        self._lock = threading.Lock()
        self.namespaces = namespaces

    def breaches(self, document: ElementTree) -> list[Breach]:
        """What the schema refuses, in document order.

        Args:
            document: Freshly parsed: libxml2 remembers the IDs of a tree it has validated, also of elements
                that are no longer in it.
        """
        with self._lock:  # the log belongs to the compiled schema
            if self._compiled.validate(document):
                return []
            return [Breach(entry.path or "", entry.message) for entry in self._compiled.error_log]


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


def _packaged(name: str) -> bytes:
    return (resources.files("xcap_documents") / "_schemas" / name).read_bytes()


@cache
def _own() -> Schema:
    tree = etree.ElementTree(etree.fromstring(_packaged(_DRIVER), _parser(), base_url=_DRIVER))
    return Schema(etree.XMLSchema(tree), frozenset(_files()))


@lru_cache(maxsize=64)
def _compiled(path: Path, _modified: int) -> Schema:
    try:
        root = etree.fromstring(path.read_bytes(), _parser(), base_url=path.as_uri())
        _locate(root, path.parent)
        compiled = etree.XMLSchema(etree.ElementTree(root))
    except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise InvalidInput(f"the schema {path} cannot be used: {error}") from error
    target = root.get("targetNamespace")
    return Schema(compiled, frozenset({str(target)} if target else ()))


def _locate(schema: Element, folder: Path) -> None:
    """Point the imports of the namespaces that come along to the files that come along."""
    for found in schema.iter(f"{_XS}import"):
        location = found.get("schemaLocation")
        file = _files().get(str(found.get("namespace")))
        if file is not None and not (location and (folder / str(location)).is_file()):
            found.set("schemaLocation", file)


class _Resolver(etree.Resolver):
    """Gives the files that come along, and those next to the user's; nothing comes from the network."""

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:  # noqa: ARG002 - lxml's
        url = urlsplit(system_url or "")
        path = Path(unquote(url.path))
        if url.scheme in {"", "file"} and path.is_file():
            root = etree.fromstring(path.read_bytes(), _parser(), base_url=path.as_uri())
            _locate(root, path.parent)
            return self.resolve_string(etree.tostring(root), context, base_url=path.as_uri())
        name = PurePosixPath(path).name
        if name in _files().values():
            return self.resolve_string(_packaged(name), context, base_url=name)
        return None


def _parser() -> etree.XMLParser:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(_Resolver())
    return parser
