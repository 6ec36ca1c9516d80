"""Diff documents (RFC 5874), from bytes to values.

Binding to classes would lose what a patch needs: its content as written, and the namespaces in scope there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xcap_documents.xcap_diff import __NAMESPACE__ as NAMESPACE
from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import InvalidAddress, InvalidRoot, InvalidSelector, UnexpectedDocument
from xcap_sdk.protocol.addresses import (
    Address,
    AttributeAddress,
    DocumentAddress,
    ElementAddress,
    parse_address,
)
from xcap_sdk.protocol.diffs import (
    AttributeReport,
    ChangeKind,
    DocumentChange,
    ElementReport,
    PatchAdd,
    PatchOperation,
    PatchRemove,
    PatchReplace,
    XcapDiff,
)
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.wording import plain, shown

MEDIA_TYPE = "application/xcap-diff+xml"
"""The type of diff documents (RFC 5874 §8.1)."""

DIFF_LIMITS = Limits(max_bytes=4 * 2**20, max_elements=100_000)
"""4 MiB and 100,000 elements: what came by SIP is far smaller, and what is larger is better fetched."""

_NS = f"{{{NAMESPACE}}}"
_DIFF, _DOCUMENT, _ELEMENT, _ATTRIBUTE = (
    f"{_NS}{name}" for name in ("xcap-diff", "document", "element", "attribute")
)
_ADD, _REPLACE, _REMOVE, _SAME = (f"{_NS}{name}" for name in ("add", "replace", "remove", "body-not-changed"))
_OPERATIONS = {_ADD, _REPLACE, _REMOVE}
_FALSE = {"false", "0"}
_TRUE = {"true", "1"}


def parse_diff(
    body: bytes,
    root: XcapRoot | str | None = None,
    *,
    default_namespaces: Mapping[str, str] | None = None,
    limits: Limits = DIFF_LIMITS,
) -> XcapDiff:
    """Read a diff document: what has changed below an XCAP root (RFC 5874).

    Elements and attributes of other namespaces are passed over. What a change says against figure 1 of
    RFC 5874, or in words that are not known here, makes it one of kind ``fetch``. The operations of a patch
    are taken as they are: whether they can be carried out shows when they are.

    Args:
        body: The document, such as the body of a NOTIFY of the event package xcap-diff (RFC 5875).
        root: The root that the addresses are to be below, where the client reaches the server by another URI
            than the diff says; None for the diff's own.
        default_namespaces: Default document namespaces by AUID, for the addresses of elements.
        limits: How much the document may take.

    Returns:
        What it says.

    Raises:
        NotWellFormed: It is no well-formed XML.
        ForbiddenXml: It has a DOCTYPE, or takes more than the limits allow.
        UnexpectedDocument: It is no diff document, or lacks a usable root or selector.
        InvalidRoot: ``root`` is no XCAP root.
    """
    source = Source.parse(body, limits)
    top = source.root
    if top.tag != _DIFF:
        raise UnexpectedDocument(
            f"expected xcap-diff of {NAMESPACE}, and got a document with {plain(str(top.tag))}"
        )
    stated = _required(top, "xcap-root")
    try:
        own = XcapRoot(stated)
    except InvalidRoot as error:
        raise UnexpectedDocument(f"the diff's xcap-root cannot be used: {error}") from error
    reader = _Reader(source, own, _root(root) or own, default_namespaces)
    return XcapDiff(
        reader.root,
        tuple(reader.document(each) for each in top.iterchildren(_DOCUMENT)),
        tuple(reader.element(each) for each in top.iterchildren(_ELEMENT)),
        tuple(reader.attribute(each) for each in top.iterchildren(_ATTRIBUTE)),
    )


def _root(root: XcapRoot | str | None) -> XcapRoot | None:
    return XcapRoot(root) if isinstance(root, str) else root


class _Reader:
    def __init__(
        self, source: Source, own: XcapRoot, root: XcapRoot, namespaces: Mapping[str, str] | None
    ) -> None:
        self._source = source
        self._own = own
        self.root = root
        self._namespaces = namespaces

    def document(self, element: Element) -> DocumentChange:
        """One ``document``."""
        address = self._address(element)
        if not isinstance(address, DocumentAddress):
            raise UnexpectedDocument(f"{_place(element)} selects something in a document, and not a document")
        previous, new = (_text(element, name) for name in ("previous-etag", "new-etag"))
        own = [child for child in element if str(child.tag).startswith(_NS)]
        tags = {str(child.tag) for child in own}
        if tags and tags <= _OPERATIONS:
            content = "patch"
        elif tags:
            content = "same" if tags == {_SAME} else "unknown"
        else:
            content = ""
        kind = _KINDS.get((previous is not None, new is not None, content), ChangeKind.FETCH)
        operations = tuple(map(self._operation, own)) if kind is ChangeKind.PATCHED else ()
        return DocumentChange(address, kind, previous, new, operations)

    def element(self, element: Element) -> ElementReport:
        """One ``element``."""
        address = self._address(element)
        if not isinstance(address, ElementAddress):
            raise UnexpectedDocument(f"{_place(element)} does not select an element")
        exists = _exists(element)
        found = next(element.iterchildren("*"), None) if exists else None
        if found is None:
            return ElementReport(address, exists)
        body = self._source.fragment(found).decode(self._source.encoding).encode()
        return ElementReport(address, exists, body, self._source.namespaces(element))

    def attribute(self, element: Element) -> AttributeReport:
        """One ``attribute``."""
        address = self._address(element)
        if not isinstance(address, AttributeAddress):
            raise UnexpectedDocument(f"{_place(element)} does not select an attribute")
        exists = _exists(element)
        return AttributeReport(address, exists, "".join(_texts(element)) if exists else None)

    def _operation(self, element: Element) -> PatchOperation:
        sel, namespaces = _required(element, "sel"), self._source.namespaces(element)
        if element.tag == _REMOVE:
            return PatchRemove(sel, _text(element, "ws"), namespaces)
        place = self._source.place(element)
        content = self._source.text(place.inside, place.outside)
        if element.tag == _REPLACE:
            return PatchReplace(sel, content, namespaces)
        return PatchAdd(sel, content, _text(element, "pos"), _text(element, "type"), namespaces)

    def _address(self, element: Element) -> Address:
        """What ``sel`` selects; an absolute URI is taken, too, as servers write some."""
        sel = _required(element, "sel").strip()
        try:
            if "://" in sel.partition("/~~/")[0].partition("?")[0]:
                path, query = self._own.relative(sel)
            else:
                path, question, rest = sel.partition("?")
                query = rest if question else None
            address = parse_address(self.root, path, query, default_namespaces=self._namespaces)
            if not isinstance(address, DocumentAddress):
                address.selector.check_bound()
        except (InvalidAddress, InvalidSelector) as error:
            raise UnexpectedDocument(f"{_place(element)}: {error}") from error
        return address


_KINDS = {
    (True, True, "patch"): ChangeKind.PATCHED,
    (True, True, "same"): ChangeKind.ETAG_ONLY,
    (False, True, ""): ChangeKind.CREATED,
    (True, False, ""): ChangeKind.REMOVED,
}


def _exists(element: Element) -> bool:
    stated = (_text(element, "exists") or "true").strip()
    if stated not in _TRUE | _FALSE:
        raise UnexpectedDocument(f"{_place(element)}: exists is {shown(stated)}, and has to be true or false")
    return stated in _TRUE


def _text(element: Element, name: str) -> str | None:
    found = element.get(name)
    return None if found is None else str(found)


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield child.tail or ""


def _required(element: Element, name: str) -> str:
    found = _text(element, name)
    if found is None:
        raise UnexpectedDocument(f"{_place(element)} has no {name}, which it needs (RFC 5874 §4)")
    return found


def _place(element: Element) -> str:
    sel = element.get("sel")
    name = str(element.tag).rpartition("}")[2]
    return f"line {element.sourceline}, {plain(name)}" + (f" sel={shown(str(sel))}" if sel else "")
