"""Names as they are written, and the prefixes of a document's namespaces."""

from __future__ import annotations

from collections.abc import Container, Mapping

from lxml import etree
from xsdata.exceptions import SerializerError

XML = "http://www.w3.org/XML/1998/namespace"
XMLNS = "http://www.w3.org/2000/xmlns/"


class Found:
    """The namespaces that occur in a document, each in the order in which they are met.

    Attributes:
        elements: Those of elements.
        attributes: Those of attributes.
        bare: Whether there are elements without a namespace.
    """

    def __init__(self) -> None:
        self.elements: dict[str, None] = {}
        self.attributes: dict[str, None] = {}
        self.bare = False


def prefixes_for(
    found: Found, home: str | None, usual: Mapping[str, str], never_default: Container[str] = ()
) -> dict[str | None, str]:
    """Prefixes for the namespaces of a document, to be declared on its root.

    Args:
        found: The namespaces.
        home: The one that is the default, if no attribute and no element without a namespace is in the way.
        usual: The prefixes that namespaces have elsewhere; the others are ``n1``, ``n2`` and so on.
        never_default: Namespaces that get a prefix always.

    Returns:
        The namespaces by prefix.
    """
    prefixes: dict[str | None, str] = {}
    number = 0
    for namespace in dict.fromkeys([*found.elements, *found.attributes]):
        if namespace == XML:
            continue
        in_the_way = namespace in found.attributes or found.bare
        if namespace == home and namespace not in never_default and not in_the_way:
            prefixes[None] = namespace
            continue
        prefix = usual.get(namespace)
        while prefix is None or prefix in prefixes:
            number += 1
            prefix = f"n{number}"
        prefixes[prefix] = namespace
    return prefixes


class Prefixes(dict[str, "str | None"]):
    """Prefixes by namespace; new ones are ``n1``, ``n2`` and so on."""

    _number = 0

    def __missing__(self, namespace: str) -> str:
        self._number += 1
        self[namespace] = prefix = f"n{self._number}"
        return prefix


class Names(dict[str, str]):
    """The written names of elements or attributes by their qualified ones, each checked and made once.

    Args:
        prefixes: Prefixes by namespace; takes those that are missing.
        found: Takes the namespaces that are met.
        attributes: Whether the names are those of attributes, which the default namespace is not for.
    """

    def __init__(self, prefixes: Prefixes, found: Found, *, attributes: bool = False) -> None:
        super().__init__()
        self._prefixes = prefixes
        self._found = found
        self._attributes = attributes

    def __missing__(self, name: str) -> str:
        namespace, local = split(name)
        try:
            etree.Element(name)  # lxml refuses what is no name, and what is no namespace
        except (ValueError, TypeError) as error:
            raise SerializerError(f"{name!r} is no name: {error}") from error
        if namespace == XMLNS or name == "xmlns":
            raise SerializerError(f"{name!r} would declare a namespace")
        prefix = None
        if namespace == XML:
            prefix = "xml"
        elif namespace is not None:
            (self._found.attributes if self._attributes else self._found.elements)[namespace] = None
            prefix = self._prefixes[namespace]
        elif not self._attributes:
            self._found.bare = True
        self[name] = written = f"{prefix}:{local}" if prefix else local
        return written


def split(name: str) -> tuple[str | None, str]:
    """The namespace and the local name of a qualified one."""
    namespace, _, local = name.rpartition("}")
    return namespace[1:] or None, local
