"""From bytes to models and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from xcap_sdk.documents.binder import table_of
from xcap_sdk.documents.classes import meta_of
from xcap_sdk.documents.fragments import Scope, parse_fragment
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import render
from xcap_sdk.documents.xml import Element, ElementTree, parse_xml
from xcap_sdk.errors import NotWellFormed, UnexpectedDocument

R = TypeVar("R")


def parse(xml: bytes | str, root: type[R], *, namespaces: Mapping[str, str] | None = None) -> R:
    """Read a document, or one element of one.

    The XML is parsed strictly; what is well-formed but breaks the schema is read as far as the classes can
    hold it: what they ask for and the document lacks is None, and a value of the wrong form stays text.

    Args:
        xml: The document. A string must not state another encoding than UTF-8.
        root: The class of its root element.
        namespaces: For an element that a server gave: the namespaces in scope where it was, by prefix, the
            default one under the empty string. The server does not add what the element does not declare
            itself (RFC 4825 §8.3); a GET of its ``namespaces()`` gives them.

    Returns:
        The model. Elements and attributes that it cannot hold are not in it.

    Raises:
        NotWellFormed: It is no well-formed XML document.
        ForbiddenXml: It has a DOCTYPE, or more of something than the limits allow.
        UnexpectedDocument: It has another root element, or a class of one's own refuses it.
    """
    data = _encoded(xml) if isinstance(xml, str) else xml
    if namespaces is None:
        return bind(parse_xml(data), root)
    if data.startswith(b"<?xml"):  # which an element must not have, and some servers send
        data = data.partition(b"?>")[2]
    scope: Scope = {prefix or None: uri for prefix, uri in namespaces.items()}
    return bind(parse_fragment(data.strip(), scope), root)


def serialize_element(model: object) -> bytes:
    """Write a model as the one element that it is, to be put into a document.

    Args:
        model: An instance of a class that stands for an element.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    return serialize(model).partition(b"?>")[2].strip()


def _encoded(xml: str) -> bytes:
    try:
        return xml.encode()
    except UnicodeEncodeError as error:
        line = xml.count("\n", 0, error.start) + 1
        column = error.start - xml.rfind("\n", 0, error.start)
        raise NotWellFormed(
            f"line {line}, column {column}: {xml[error.start]!r} is half a character, which XML cannot hold",
            line=line,
            column=column,
        ) from error


def bind(tree: ElementTree | Element, root: type[R]) -> R:
    """Read a document that is parsed already; the tree is left as it is.

    Args:
        tree: The document, or its root element.
        root: The class of its root element.

    Raises:
        UnexpectedDocument: It has another root element, or a class of one's own refuses it.
    """
    element = tree if isinstance(tree, Element) else tree.getroot()
    expected = meta_of(root).qname
    if element.tag != expected:
        raise UnexpectedDocument(
            f"expected a document with the root element {_name(expected)}, "
            f"and got one with {_name(str(element.tag))}"
        )
    return bind_element(element, root)


def bind_element(element: Element, cls: type[R]) -> R:
    """Read one element as a class, whatever its name.

    Raises:
        UnexpectedDocument: A class of one's own refuses it, or it nests too deep.
    """
    try:
        return table_of(cls).read(element)
    except RecursionError:
        raise UnexpectedDocument("the document's elements nest deeper than Python can follow") from None


def serialize(model: object) -> bytes:
    """Write a model as a document: UTF-8, indented, each namespace declared once on the root element.

    Args:
        model: An instance of a document class.

    Returns:
        The document, with its XML declaration.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    return render(Outline.of(model))


def _name(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return f"{local} of {namespace[1:]}" if namespace else f"{local} without a namespace"
