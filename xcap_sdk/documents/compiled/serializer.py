"""A serializer for xsdata that writes by functions compiled once for each class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO, TextIOBase
from typing import Any, cast

from xsdata.exceptions import SerializerError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.utils.namespaces import clean_prefixes  # pyright: ignore[reportUnknownVariableType] - dicts without types

from xcap_sdk.documents.compiled.namespaces import prefixes_for, split
from xcap_sdk.documents.compiled.output import Output
from xcap_sdk.documents.compiled.writing import Writers


@dataclass
class CompiledSerializer(XmlSerializer):
    """Writes what `XmlSerializer` does, with each namespace declared once on the root element.

    The namespace of the root is the default one, unless an attribute or an element without a namespace is in
    the way or ``ns_map`` says otherwise. Settings of ``config`` that ask for more than an encoding, a
    declaration and indentation leave the writing to `XmlSerializer`.

    It refuses what `XmlSerializer` writes in these cases:

    - None and text in a wildcard, and an AnyElement without a name that has text or attributes itself.
    - An attribute of no known field that is no text, or that a field of the object has a value for, too.
    - Elements that nest deeper than 256 levels, if they are indented.

    In attributes of no known field ``{http://www.w3.org/2001/XMLSchema}…`` and ``xsi:nil`` stay as they are.

    Args:
        prefixes: The prefixes of namespaces; those of others are ``n1``, ``n2`` and so on.
        never_default: Namespaces that always get a prefix.
    """

    prefixes: Mapping[str, str] = field(default_factory=dict[str, str])
    never_default: frozenset[str] = frozenset()

    def write(self, out: TextIOBase, obj: Any, ns_map: dict[str | None, str] | None = None) -> None:
        """Write an object.

        Args:
            out: Takes the text.
            obj: An instance of a document class.
            ns_map: Namespaces by prefix.

        Raises:
            SerializerError: The object holds something that XML cannot.
        """
        out.write(self.render(obj, ns_map))

    def render(self, obj: Any, ns_map: dict[str | None, str] | None = None) -> str:
        """An object as a document.

        Args:
            obj: An instance of a document class.
            ns_map: Namespaces by prefix.

        Raises:
            SerializerError: The object holds something that XML cannot.
        """
        config = self.config
        if config.ignore_default_attributes or config.schema_location or config.no_namespace_schema_location:
            stock = StringIO()
            super().write(stock, obj, ns_map)  # pyright: ignore[reportUnknownMemberType] - dicts without types
            return stock.getvalue()
        try:
            return self._text(obj, ns_map)
        except RecursionError:
            raise SerializerError("an element contains itself, or the elements nest too deep") from None

    def _text(self, obj: Any, ns_map: dict[str | None, str] | None) -> str:
        name, write = writers_for(self.context).root(obj)
        given = cast("dict[str | None, str]", clean_prefixes(ns_map or {}))
        home = split(name)[0] if ns_map is None else given.get(None)
        usual = {**self.prefixes, **{uri: prefix for prefix, uri in given.items() if prefix}}
        guess: dict[str, str | None] = dict(usual)
        if home is not None and home not in self.never_default:
            guess[home] = None
        while True:
            output = Output(guess, self.config.indent or "")
            written = write((obj,), "\n" if self.config.indent else "", output)
            declared = prefixes_for(output.names.found, home, usual, self.never_default, given)
            right = {uri: prefix for prefix, uri in declared.items()}
            if right.items() <= output.names.prefixes.items():
                before, behind = self._around()
                return f"{before}{output.finished(written, name, declared)}{behind}"
            guess = {**guess, **right}  # what was met late changes the names of what came before

    def _around(self) -> tuple[str, str]:
        """What stands before and behind the root element."""
        config = self.config
        declaration = f'<?xml version="{config.xml_version}" encoding="{config.encoding}"?>\n'
        return (declaration if config.xml_declaration else ""), ("\n" if config.indent else "")


@lru_cache(maxsize=16)
def writers_for(context: XmlContext) -> Writers:
    """The functions for a context, kept for the few that were used last: it has no place for them itself."""
    return Writers(context)
