"""From bytes to models and back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from xsdata.exceptions import ParserError

from xcap_sdk.documents.classes import classes, meta_of
from xcap_sdk.documents.compiled.collecting import collection_paused
from xcap_sdk.documents.compiled.reading import Readers, Rules
from xcap_sdk.documents.compiled.reading_code import lenient_factory
from xcap_sdk.documents.compiled.stock import REFUSALS
from xcap_sdk.documents.compiled.trees import inside
from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.xml import Element, ElementTree, parse_xml
from xcap_sdk.errors import NotWellFormed, UnexpectedDocument
from xcap_sdk.protocol.wording import plain

if TYPE_CHECKING:
    from xcap_sdk.documents.fragments import Scope

R = TypeVar("R")

Binding: TypeAlias = Literal["compiled", "stock"]
"""Who binds documents: functions compiled for their classes, or xsdata itself, which takes much longer.

What they read and write is the same, but for what documents hardly have; compiled functions keep more of it:

- An element with ``xsi:nil="true"`` whose class is not nillable is read as ever; xsdata leaves it out.
- An element behind a wildcard is of the class for its name, or of none, whatever its ``xsi:type``; xsdata
  makes it a DerivedElement of that type.
- Text beside elements behind a wildcard is left out; xsdata takes it for one of them, which nobody can write.
- In attributes of no known field ``p:x`` stays as it is; xsdata puts the namespace in place of the prefix.
"""


def parse(
    xml: bytes | str,
    root: type[R],
    *,
    namespaces: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    binding: Binding = "compiled",
) -> R:
    """Read a document, or one element of one.

    The XML is parsed strictly; what is well-formed but breaks the schema is read as far as the classes can
    hold it: what they ask for and the document lacks is None, and a value of the wrong form stays text.

    Args:
        xml: The document. A string must not state another encoding than UTF-8.
        root: The class of its root element.
        namespaces: For an element that a server gave: the namespaces in scope where it was, by prefix, the
            default one under the empty string. The server does not add what the element does not declare
            itself (RFC 4825 §8.3); a GET of its ``namespaces()`` gives them.
        limits: How much it may take; None for the default ones: 16 MiB, 256 levels, 1,000,000 elements, 256
            attributes of each.
        binding: ``stock`` leaves it to xsdata itself to make the objects, several times as slowly. The XML is
            parsed as strictly.

    Returns:
        The model. Elements and attributes that it cannot hold are not in it.

    Raises:
        NotWellFormed: It is no well-formed XML document.
        ForbiddenXml: It has a DOCTYPE, or more of something than the limits allow.
        UnexpectedDocument: It has another root element, or a class of one's own refuses it.
    """
    data = _encoded(xml) if isinstance(xml, str) else xml
    if not isinstance(data, bytes | bytearray):  # pyright: ignore[reportUnnecessaryIsInstance] - a path, from untyped code
        raise TypeError(f"the XML is bytes or a text, not {type(data).__name__}: read a file first")
    if namespaces is None:
        return bind(parse_xml(data, limits), root, binding)
    if data.startswith(b"<?xml"):  # which an element must not have, and some servers send
        data = data.partition(b"?>")[2]
    from xcap_sdk.documents.fragments import parse_fragment

    scope: Scope = {prefix or None: uri for prefix, uri in namespaces.items()}
    return bind(parse_fragment(data.strip(), scope, limits), root, binding)


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


def bind(tree: ElementTree | Element, root: type[R], binding: Binding = "compiled") -> R:
    """Read a document that is parsed already; the tree is left as it is.

    Args:
        tree: The document, or its root element.
        root: The class of its root element.
        binding: As for `parse`.

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
    return bind_element(element, root, binding)


def bind_element(element: Element, cls: type[R], binding: Binding = "compiled") -> R:
    """Read one element as a class, whatever its name.

    Raises:
        UnexpectedDocument: A class of one's own refuses it, or it nests too deep.
    """
    if binding == "stock":
        return _bind_stock(element, cls)
    try:
        read = lenient_readers().of(cls)
        with collection_paused:
            return read(element, inside(element))
    except ParserError as error:
        raise UnexpectedDocument(plain(str(error))) from error
    except RecursionError:
        raise _too_deep() from None


def _bind_stock(element: Element, cls: type[R]) -> R:
    try:
        return lenient_readers().stock.read(element, cls)
    except REFUSALS as error:
        raise UnexpectedDocument(f"line {element.sourceline}: {plain(str(error))}") from error
    except RecursionError:
        raise _too_deep() from None


def _too_deep() -> UnexpectedDocument:
    return UnexpectedDocument("the document's elements nest deeper than Python can follow")


_LENIENT = Rules(
    lenient_factory,
    fail_on_unknown_properties=False,
    fail_on_unknown_attributes=False,
    fail_on_converter_warnings=False,
)


@cache
def lenient_readers() -> Readers:
    """What CompiledHandler reads with in a parser with that configuration; none is imported for it."""
    return Readers(classes(), _LENIENT)


def serialize(model: object, *, binding: Binding = "compiled") -> bytes:
    """Write a model as a document: UTF-8, indented, each namespace declared once on the root element.

    Args:
        model: An instance of a document class.
        binding: ``stock`` leaves it to xsdata itself to write the elements.

    Returns:
        The document, with its XML declaration.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    from xcap_sdk.documents.written import written  # reading needs none of it

    return written(model, stock=binding == "stock")


def _name(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return f"{plain(local)} of {plain(namespace[1:])}" if namespace else f"{plain(local)} without a namespace"
