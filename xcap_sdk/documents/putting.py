"""Creating and replacing nodes: RFC 4825 §8.2.2 (bodies), §8.2.3 (where a new one goes) and §8.2.4."""

from __future__ import annotations

from collections.abc import Sequence

from xcap_sdk.documents.attributes import decode_attribute_value, read_utf8
from xcap_sdk.documents.finding import NodeNotFound, attribute_name, find, matches, siblings
from xcap_sdk.documents.fragments import Scope, declarations, parse_fragment
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.tags import StartTag
from xcap_sdk.documents.writer import prefix_for
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import NotWellFormed
from xcap_sdk.protocol.faults import Fault, FaultKind, Refused
from xcap_sdk.protocol.selectors import AttributeStep, NodeSelector, Step
from xcap_sdk.protocol.xmltext import XMLNS_NAMESPACE

_BLANK = b" \t\r\n"


def refused(kind: FaultKind, phrase: str) -> Refused:
    """A conflict report."""
    return Refused(Fault(kind, phrase))


def check_encoding(source: Source, body: bytes) -> None:
    """See that a body can go into a document and leave it in UTF-8 (RFC 4825 §5.3).

    Raises:
        Refused: not-utf-8.
    """
    if source.encoding != "utf-8" and not (source.encoding == "ascii" and body.isascii()):
        raise refused(FaultKind.NOT_UTF_8, f"the document is in {source.encoding}, not in UTF-8")


def put_element(
    source: Source,
    selector: NodeSelector,
    parent: Element | None,
    body: bytes,
    default_namespace: str | None,
    *,
    wanted: Source | None = None,
) -> tuple[bytes, bool]:
    """Create or replace an element.

    Args:
        source: The document.
        selector: The element.
        parent: The element to hold it; None for the document.
        body: From its first ``<`` to its last ``>``.
        default_namespace: The default document namespace of the application usage.
        wanted: What the new document may be, so that it need not be parsed then.

    Returns:
        The new document, and whether the element was created.

    Raises:
        Refused: not-xml-frag, not-utf-8 or cannot-insert.
        ForbiddenXml: The body or the new document takes more than the limits allow.
    """
    body = body.strip(_BLANK)
    scope = {} if parent is None else source.namespaces(parent)
    if wanted is None:
        _check_fragment(body, scope)
    step = selector.steps[-1]
    fitting = list(siblings(source, parent, selector, step, default_namespace))
    found = matches(fitting, selector, step)
    if len(found) > 1:
        raise _cannot_insert(f"{selector} fits several elements, so that it would not select the new one")
    if found:
        path = _path(found[0])
        start, end = source.span(found[0])
        after = source.data[:start] + body + source.data[end:]
    else:
        if parent is None:
            raise _cannot_insert(f"{selector} does not fit the root element, and a document has only one")
        index, position = _insertion_point(source, parent, step, fitting)
        path = [*_path(parent), index]
        after = _inserted(source, parent, position, body)
    if wanted is not None and not _is_element_of(wanted, after, path, body):
        _check_fragment(body, scope)
    _check_selected(after, selector, default_namespace, path, wanted)
    return after, not found


def put_attribute(
    source: Source,
    selector: NodeSelector,
    element: Element,
    body: bytes,
    default_namespace: str | None,
    *,
    wanted: Source | None = None,
) -> tuple[bytes, bool]:
    """Create or replace an attribute.

    A new attribute takes the selector's prefix if that stands for the same namespace in the document or for
    none; what is missing is declared beside it.

    Args:
        source: The document.
        selector: The attribute.
        element: The element that it selects.
        body: The value with its quotes.
        default_namespace: The default document namespace of the application usage.
        wanted: What the new document may be, so that it need not be parsed then.

    Returns:
        The new document, and whether the attribute was created.

    Raises:
        Refused: not-xml-att-value, not-utf-8 or cannot-insert.
        ForbiddenXml: The new document takes more than the limits allow.
    """
    assert isinstance(selector.terminal, AttributeStep), "the caller has an attribute"
    decode_attribute_value(body, strict=True)
    written = body.strip(_BLANK).decode()
    name, scope = attribute_name(selector), source.namespaces(element)
    uri, _, local = name.rpartition("}")
    if name == "xmlns" or uri[1:] == XMLNS_NAMESPACE:
        raise _cannot_insert("a namespace declaration is no attribute (RFC 4825 §6.3)")
    tag = source.start_tag(element)
    found = tag.find(name, scope)
    if found is not None:
        tag = tag.with_attribute(found.name, written, like=found)
    else:
        if uri:
            prefix, is_new = prefix_for(uri[1:], scope, [selector.terminal.name.partition(":")[0]])
            if is_new:
                declaration = declarations({prefix: uri[1:]}).partition("=")[2]
                tag = tag.with_attribute(f"xmlns:{prefix}", declaration)
            local = f"{prefix}:{local}"
        tag = tag.with_attribute(local, written)
    after = with_tag(source, element, tag)
    _check_selected(after, selector, default_namespace, _path(element), wanted)
    return after, found is None


def with_tag(source: Source, element: Element, tag: StartTag) -> bytes:
    """The document with another start tag of an element."""
    place = source.place(element)
    return source.data[: place.start] + str(tag).encode(source.encoding) + source.data[place.inside :]


def _check_fragment(body: bytes, namespaces: Scope) -> None:
    if body[:2] in {b"<\0", b"\0<"}:
        raise refused(FaultKind.NOT_UTF_8, "the body is in UTF-16")
    read_utf8(body)
    try:
        parse_fragment(body, namespaces)
    except NotWellFormed as error:
        raise refused(FaultKind.NOT_XML_FRAG, f"the body is not exactly one element: {error}") from error


def _is_element_of(wanted: Source, after: bytes, path: Sequence[int], body: bytes) -> bool:
    """Whether a new document is one that was parsed, and the body one element of it at its place.

    Then the body need not be parsed again: the same bytes are one element in the same namespaces.
    """
    if wanted.data != after:
        return False
    try:
        return wanted.fragment(_at(wanted, path)) == body
    except (IndexError, ValueError):
        return False  # another node, or none


def _insertion_point(
    source: Source, parent: Element, step: Step, fitting: Sequence[Element]
) -> tuple[int, int]:
    """Where a new element goes (RFC 4825 §8.2.3).

    Args:
        source: The document.
        parent: The element to hold it.
        step: The step that fits no child yet.
        fitting: The children that fit its name.

    Returns:
        Its index among the parent's nodes, and the position in the bytes.

    Raises:
        Refused: cannot-insert.
    """
    number, count = step.position, len(fitting)
    if number is not None and not 1 <= number <= count + 1:
        raise _cannot_insert(f"{step} cannot be filled: {count} elements fit {step.name}")
    if not count or (number is None and step.name == "*"):
        return len(parent), source.place(parent).outside
    if number == 1:
        return parent.index(fitting[0]), source.place(fitting[0]).start
    before = fitting[-1] if number is None else fitting[number - 2]
    return parent.index(before) + 1, source.place(before).end


def _inserted(source: Source, parent: Element, position: int, body: bytes) -> bytes:
    place = source.place(parent)
    if place.is_empty_tag:
        tag = source.start_tag(parent).opened()
        whole = b"".join((str(tag).encode(), body, f"</{tag.name}>".encode()))
        return source.data[: place.start] + whole + source.data[place.end :]
    return source.data[:position] + body + source.data[position:]


def _path(element: Element) -> list[int]:
    """The indices that lead from the root to an element."""
    path: list[int] = []
    parent = element.getparent()
    while parent is not None:
        path.append(parent.index(element))
        element, parent = parent, parent.getparent()
    return path[::-1]


def _at(source: Source, path: Sequence[int]) -> Element:
    """The node to which the indices lead from the root."""
    node = source.root
    for index in path:
        node = node[index]
    return node


def _check_selected(
    after: bytes,
    selector: NodeSelector,
    default_namespace: str | None,
    path: Sequence[int],
    wanted: Source | None,
) -> None:
    """See that a selector selects the node that was put, and nothing else (RFC 4825 §8.2.3, §8.2.4).

    Raises:
        Refused: cannot-insert.
        ForbiddenXml: The new document takes more than the limits allow.
    """
    try:
        source = wanted if wanted is not None and wanted.data == after else Source.parse(after)
    except NotWellFormed as error:
        # Such as a namespace from the selector's bindings that is no URI.
        raise _cannot_insert(f"{selector} would leave a document that is not well-formed: {error}") from error
    try:
        is_selected = find(source, selector, default_namespace) is _at(source, path)
    except NodeNotFound:
        is_selected = False
    if not is_selected:
        raise _cannot_insert(f"{selector} would not select what was put: a GET would not give it")


def _cannot_insert(phrase: str) -> Refused:
    return refused(FaultKind.CANNOT_INSERT, phrase)
