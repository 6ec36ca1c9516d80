"""Buddy lists as pydantic-xml has them, written by hand: what the corpus needs, and no more."""

from __future__ import annotations

from pydantic_xml import BaseXmlModel, attr, element

_NAMESPACES = {"": "urn:ietf:params:xml:ns:resource-lists"}


class Entry(BaseXmlModel, tag="entry", nsmap=_NAMESPACES):
    """One resource in a list."""

    uri: str = attr()
    display_name: str | None = element(tag="display-name", default=None)


class List(BaseXmlModel, tag="list", nsmap=_NAMESPACES):
    """A list of entries."""

    name: str | None = attr(default=None)
    entries: list[Entry] = element(tag="entry", default=[])


class Lists(BaseXmlModel, tag="resource-lists", nsmap=_NAMESPACES):
    """The document."""

    lists: list[List] = element(tag="list", default=[])
