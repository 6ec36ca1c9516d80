"""From an outline to new XML: a whole document, or an element to be put into one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from xcap_sdk.documents.compiled import namespaces
from xcap_sdk.documents.compiled.namespaces import Found
from xcap_sdk.documents.outline import Outline, namespace_of
from xcap_sdk.documents.places import place
from xcap_sdk.documents.shapes import Unwritable
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import InvalidDocument, Problem
from xcap_sdk.protocol.xmltext import XMLNS_NAMESPACE

StandIns: TypeAlias = Mapping[int, Element]
"""Nodes by the ids of objects."""

PREFIXES = {
    "urn:ietf:params:xml:ns:common-policy": "cp",
    "urn:ietf:params:xml:ns:pres-rules": "pr",
    "urn:ietf:params:xml:ns:resource-lists": "rl",
    "urn:ietf:params:xml:ns:rls-services": "rls",
    "urn:ietf:params:xml:ns:xcap-caps": "xc",
    "urn:ietf:params:xml:ns:xcap-diff": "d",
    "urn:ietf:params:xml:ns:xcap-error": "xe",
    "urn:ietf:params:xml:ns:patch-ops-error": "poe",
    "urn:ietf:params:xml:ns:pidf": "pidf",
    "urn:ietf:params:xml:ns:pidf:data-model": "dm",
    "urn:ietf:params:xml:ns:pidf:rpid": "rpid",
    "urn:ietf:params:xml:ns:pidf:cipid": "ci",
    "urn:ietf:params:xml:ns:pidf:caps": "caps",
    "urn:ietf:params:xml:ns:pidf:timed-status": "ts",
    "urn:ietf:params:xml:ns:location-type": "lt",
    "urn:ietf:params:xml:ns:geolocation-policy": "gp",
    "urn:ietf:params:xml:ns:basic-location-profiles": "lp",
    "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr": "ca",
    "http://www.opengis.net/gml": "gml",
    "http://www.opengis.net/pidflo/1.0": "gs",
    "urn:oma:xml:xdm:common-policy": "ocp",
    "urn:oma:xml:prs:pres-rules": "opr",
    "urn:oma:xml:prs:pres-content": "opc",
    "urn:oma:xml:prs:pidf:oma-pres": "op",
    "urn:oma:xml:xdm:user-profile": "up",
    "urn:oma:xml:xdm:xcap-directory": "dir",
    "urn:oma:xml:poc:list-service": "ls",
    "urn:oma:xml:poc:oma-pocusage": "opu",
    "urn:oma:xml:xdm:extensions": "oxe",
    "urn:oma:xml:xdm:resource-list:oma-appusage": "oau",
    "urn:oma:xml:xdm:resource-list:oma-uriusage": "oru",
    "http://uri.etsi.org/ngn/params/xml/simservs/xcap": "ss",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
}
_DEEPEST = 256  # as deep as documents are read
_RESERVED = f"{{{XMLNS_NAMESPACE}}}"
ALWAYS_PREFIXED = frozenset(
    {"urn:ietf:params:xml:ns:common-policy"}
)  # its documents are mixed with others as a rule


def render(outline: Outline) -> bytes:
    """Write a document: UTF-8, indented, each namespace declared once on the root element.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    try:
        prefixes = prefixes_for(outline)
    except Unwritable:
        prefixes = {}  # element_of finds it too, and knows where it is
    except RecursionError:
        raise too_deep() from None
    try:
        root = element_of(outline, prefixes)
    except InvalidDocument:
        element_of(outline)  # what is wrong with a namespace shows where it is used
        raise
    etree.indent(root, "  ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="UTF-8") + b"\n"


def element_of(
    outline: Outline, prefixes: Mapping[str | None, str] | None = None, standing_in: StandIns | None = None
) -> Element:
    """A new element tree, without white space between the elements.

    Args:
        outline: What to make.
        prefixes: Namespaces by prefix, to be declared on its root.
        standing_in: Nodes to put in place of elements inside, by the ids of what stands for these in the
            model.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    try:
        return _build(outline, None, prefixes or {}, standing_in or {})
    except Unwritable as error:
        problem = Problem(place(outline, error.steps, error.attribute), "xml", str(error))
        raise InvalidDocument("the model cannot be written as XML:", problems=(problem,)) from error
    except RecursionError:
        raise too_deep() from None


def too_deep() -> InvalidDocument:
    """The error for a model that contains itself, or nests deeper than Python can follow."""
    problem = Problem("", "xml", "an element contains itself, or the elements nest too deep")
    return InvalidDocument("the model cannot be written as XML:", problems=(problem,))


def _build(
    outline: Outline, parent: Element | None, prefixes: Mapping[str | None, str], standing_in: StandIns
) -> Element:
    try:
        attributes = outline.attributes
        if outline.name.startswith(_RESERVED):
            _check_namespace(XMLNS_NAMESPACE)
        nsmap = {**prefixes, **outline.declarations} or None
        if parent is None:
            element = etree.Element(outline.name, nsmap=nsmap)
        else:
            element = etree.SubElement(parent, outline.name, nsmap=nsmap)
    except (ValueError, TypeError) as error:
        raise Unwritable(f"{outline.name!r} is no name of an element: {error}") from error
    for name, value in attributes.items():
        try:
            if name == "xmlns" or name.startswith("{"):
                _check_namespace(XMLNS_NAMESPACE if name == "xmlns" else namespace_of(name) or "")
            element.set(name, value)
        except (ValueError, TypeError) as error:
            raise Unwritable(
                f"{value!r} cannot be the value of an attribute {name!r}: {error}", name
            ) from error
    try:
        element.text = outline.text or None
        element.tail = outline.tail
    except (ValueError, TypeError) as error:
        raise Unwritable(f"{outline.text!r} cannot be the text of an element: {error}") from error
    for index, child in enumerate(outline.children):
        if (node := standing_in.get(id(child.value))) is not None:
            node.tail = child.tail
            element.append(node)
            continue
        try:
            _build(child, element, {}, standing_in)
        except Unwritable as error:
            error.steps.insert(0, index)
            raise
    return element


@lru_cache(maxsize=1_000)
def _check_namespace(namespace: str) -> None:
    """Refuse what lxml takes as the namespace of an attribute, and no parser reads.

    Raises:
        ValueError: It is no URI, or that of the declarations themselves.
    """
    if namespace == XMLNS_NAMESPACE:
        raise ValueError("it would declare a namespace")
    etree.Element(f"{{{namespace}}}name")


def prefixes_for(outline: Outline) -> dict[str | None, str]:
    """The namespaces of a document with prefixes for them: the root's own is the default where that does."""
    found = Found()
    for namespace, attribute in _names(outline):
        if namespace:
            (found.attributes if attribute else found.elements)[namespace] = None
        elif not attribute:
            found.bare = True
    return namespaces.prefixes_for(found, namespace_of(outline.name), PREFIXES, ALWAYS_PREFIXED)


def _names(outline: Outline) -> Iterator[tuple[str | None, bool]]:
    """The namespaces that occur, and whether with an attribute."""
    pending = [(outline, 0)]
    while pending:
        current, depth = pending.pop()
        if depth > _DEEPEST:
            raise RecursionError
        yield namespace_of(current.name), False
        for name in current.attributes:
            if name.startswith("{"):
                yield namespace_of(name), True
        pending += [(child, depth + 1) for child in reversed(current.children)]
