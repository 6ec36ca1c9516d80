"""Names as they are written, and the prefixes of a document's namespaces."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import lru_cache

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
    found: Found,
    home: str | None,
    usual: Mapping[str, str],
    never_default: Container[str] = (),
    given: Mapping[str | None, str] | None = None,
) -> dict[str | None, str]:
    """Prefixes for the namespaces of a document, to be declared on its root.

    Args:
        found: The namespaces.
        home: The one that is the default, if no attribute and no element without a namespace is in the way.
        usual: The prefixes that namespaces have elsewhere; the others are ``n1``, ``n2`` and so on.
        never_default: Namespaces that get a prefix always.
        given: Namespaces by prefix to be declared in any case, where no element without a namespace is in
            the way.

    Returns:
        The namespaces by prefix.
    """
    prefixes = {prefix: uri for prefix, uri in (given or {}).items() if prefix or not found.bare}
    number = 0
    for namespace in dict.fromkeys([*found.elements, *found.attributes]):
        if namespace == XML:
            continue
        in_the_way = namespace in found.attributes or found.bare
        if namespace == home and namespace not in never_default and not in_the_way:
            prefixes[None] = namespace
            continue
        prefix = usual.get(namespace)
        if prefix and prefixes.get(prefix) == namespace:
            continue
        while prefix is None or prefix in prefixes:
            number += 1
            prefix = f"n{number}"
        prefixes[prefix] = namespace
    return prefixes


class Names:
    """The names of the elements and attributes of a document as they are written, each made once.

    Args:
        prefixes: The prefixes to begin with, by namespace; new ones are ``n1``, ``n2`` and so on.

    Attributes:
        found: The namespaces that were met.
        elements: The written names of elements by their qualified ones.
        prefixes: The prefixes of all namespaces met.
    """

    __slots__ = ("_attributes", "_number", "elements", "found", "prefixes")

    def __init__(self, prefixes: Mapping[str, str | None]) -> None:
        self.found: Found = Found()
        self.prefixes: dict[str, str | None] = dict(prefixes)
        self.elements: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._number = 0

    def element(self, name: str) -> str:
        """The written name of an element.

        Raises:
            SerializerError: It is no name.
        """
        written = self.elements.get(name)
        if written is None:
            namespace, local = _checked_split(name)
            if namespace is None:
                self.found.bare = True
            self.elements[name] = written = self._written(namespace, local, self.found.elements)
        return written

    def attribute(self, name: str) -> str:
        """The written name of an attribute, which the default namespace is not for.

        Raises:
            SerializerError: It is no name.
        """
        written = self._attributes.get(name)
        if written is None:
            namespace, local = _checked_split(name)
            self._attributes[name] = written = self._written(namespace, local, self.found.attributes)
        return written

    def _written(self, namespace: str | None, local: str, found: dict[str, None]) -> str:
        if namespace is None:
            return local
        if namespace == XML:
            return f"xml:{local}"
        found[namespace] = None
        if namespace not in self.prefixes:
            self._number += 1
            self.prefixes[namespace] = f"n{self._number}"
        prefix = self.prefixes[namespace]
        return f"{prefix}:{local}" if prefix else local


def split(name: str) -> tuple[str | None, str]:
    """The namespace and the local name of a qualified one."""
    namespace, _, local = name.rpartition("}")
    return namespace[1:] or None, local


@lru_cache(maxsize=1_000)
def _checked_split(name: str) -> tuple[str | None, str]:
    try:
        etree.Element(name)  # lxml refuses what is no name, and what is no namespace
    except (ValueError, TypeError) as error:
        raise SerializerError(f"{name!r} is no name: {error}") from error
    namespace, local = split(name)
    if namespace == XMLNS or name == "xmlns":
        raise SerializerError(f"{name!r} would declare a namespace")
    return namespace, local
