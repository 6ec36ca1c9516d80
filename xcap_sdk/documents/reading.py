"""A document and what is read of it, once: its tree and its model."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from xcap_sdk.documents.binding import bind
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import detect_encoding

if TYPE_CHECKING:
    from xcap_sdk.errors import Problem

R = TypeVar("R")


class Reading(Generic[R]):
    """A document, read when it is first asked for. Neither its tree nor its model is to be changed.

    Args:
        data: The document.
        root: The class of its root element.

    Attributes:
        data: The document.
    """

    def __init__(self, data: bytes, root: type[R]) -> None:
        self.data = data
        self._root = root

    @cached_property
    def source(self) -> Source:
        """Its tree, and where in the bytes each element stands.

        Raises:
            NotWellFormed: It is no well-formed XML document.
            ForbiddenXml: It has a DOCTYPE, or more of something than the limits allow.
        """
        return Source.parse(self.data)

    def schema_problems(self, schema: Path | None = None) -> list[Problem]:
        """What its schema refuses; to be asked for once, as it must not be validated again.

        Args:
            schema: An XSD of one's own; None for the one that comes along, if it knows the root's namespace.

        Raises:
            DocumentError: As of `source`.
        """
        from xcap_sdk.documents.validation import (  # who only reads needs none of it
            parse_valid,
            schema_problems,
        )

        if "source" not in vars(self):
            tree = parse_valid(self.data, self._root, schema)
            if tree is not None:
                self.source = Source(self.data, tree.getroot(), detect_encoding(self.data))
                return []
        return schema_problems(self.source.root.getroottree(), schema, self._root)

    @cached_property
    def model(self) -> R:
        """Its model.

        Raises:
            DocumentError: As of `source`.
            UnexpectedDocument: It has another root element, or a class of one's own refuses it.
        """
        return self.bound()

    def bound(self) -> R:
        """Another model of it, which may be changed.

        Raises:
            DocumentError: As of `source`.
            UnexpectedDocument: As of `model`.
        """
        return bind(self.source.root, self._root)
