"""What all elements of a document share while it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from xsdata.exceptions import SerializerError

from xcap_sdk.documents.compiled.namespaces import Names
from xcap_sdk.documents.compiled.values import escape_attribute

NO_LEAD = "\0"
"""Stands behind text between elements, where no white space may be added; no document can hold it."""

DEEPEST = 256

_NONE: Mapping[str, str] = {}


class Output:
    """The names, the indentation and the limit of one document.

    Args:
        prefixes: The prefixes to begin with, by namespace.
        unit: What one level of indentation adds; empty to write all in a row.

    Attributes:
        names: The names of elements and attributes as they are written.
        tags: Those of the elements that were met, for a quick look.
        unit: What one level of indentation adds.
    """

    __slots__ = ("_longest", "names", "tags", "unit")

    def __init__(self, prefixes: Mapping[str, str | None], unit: str) -> None:
        self.names: Names = Names(prefixes)
        self.tags: dict[str, str] = self.names.elements
        self.unit: str = unit
        self._longest = 1 + len(unit) * DEEPEST

    def check(self, lead: str) -> None:
        """Refuse what nests deeper than documents are read.

        Args:
            lead: The white space before an element with children.
        """
        if len(lead) >= self._longest:
            raise SerializerError(f"the elements nest deeper than {DEEPEST} levels")

    def attributes(self, values: Any, declared: Mapping[str, str] = _NONE, owner: object = None) -> str:
        """The attributes of no known field.

        Args:
            values: The values by qualified name.
            declared: The attributes that the class has fields for, and what these are called in Python.
            owner: The object whose fields they are.

        Raises:
            SerializerError: They are no attributes, or one is there twice.
        """
        if not values:
            return ""
        if not isinstance(values, Mapping):
            raise SerializerError(f"{values!r} are no attributes by name")
        attributes = cast("Mapping[str, str]", values)
        written = {self.names.attribute(name): escape_attribute(value) for name, value in attributes.items()}
        names = [name.removeprefix("{}") for name in attributes] if declared else []
        fields = [declared[name] for name in names if name in declared]
        if len(written) < len(attributes) or any(
            getattr(owner, field) not in (None, [], ()) for field in fields
        ):
            raise SerializerError(f"one of the attributes {', '.join(attributes)} is there twice")
        return "".join([f' {name}="{value}"' for name, value in written.items()])

    def finished(self, written: str, root: str, declarations: Mapping[str | None, str]) -> str:
        """A document with its namespaces, and without white space where text is.

        Args:
            written: The document.
            root: The name of its root element.
            declarations: The namespaces by prefix.
        """
        if NO_LEAD in written:
            written = re.sub(f"{NO_LEAD}(?:\n(?:{self.unit})*)?", "", written)
        start = tag = f"<{self.names.element(root)}"
        for prefix, uri in declarations.items():
            start += f' {f"xmlns:{prefix}" if prefix else "xmlns"}="{escape_attribute(uri)}"'
        return start + written.partition(tag)[2]
