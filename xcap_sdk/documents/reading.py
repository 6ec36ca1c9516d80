"""A document and what is read of it, once: its tree and its model."""

from __future__ import annotations

from functools import cached_property
from typing import Generic, TypeVar

from xcap_sdk.documents.binding import bind
from xcap_sdk.documents.source import Source

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
