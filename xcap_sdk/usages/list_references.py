"""References to lists and entries (RFC 4826 §3.1): written from addresses, and read back.

    friends = list_address(xcap.resource_lists.address(), "friends")
    anchor_to(friends)                                             # for an external or a resource-list
    reference_to(entry_address(friends, "sip:bob@example.org"))    # for an entry-ref

They are percent-encoded as the path of an XCAP URI is: quotes and brackets of the node selector, and in names
whatever is no path character.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from xcap_documents.resource_lists import __NAMESPACE__ as NAMESPACE
from xcap_sdk.errors import InvalidAddress, InvalidRoot, InvalidSelector
from xcap_sdk.protocol.addresses import DocumentAddress, ElementAddress, parse_address
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.protocol.selectors import Step, UnknownExtension
from xcap_sdk.protocol.wording import shown

AUID = "resource-lists"
_SECTION = "RFC 4826 §3.1"


def list_address(document: DocumentAddress, *names: str) -> ElementAddress:
    """The address of a list in a resource-lists document.

    Args:
        document: The document's address.
        *names: The names of the lists from the top level down; at least one.

    Returns:
        The address of the list element.

    Raises:
        InvalidSelector: No name is given, or one that no document can hold.
    """
    if not names:
        raise InvalidSelector(
            f"which list of {document} is meant? Give its name, or the names on the way to it"
        )
    address = document.element(AUID)
    for name in names:
        address = address.child("list", where=("name", name))
    return address


def entry_address(list_: ElementAddress, uri: str) -> ElementAddress:
    """The address of an entry in a list.

    Args:
        list_: The list's address.
        uri: The entry's URI, letter by letter as the document has it.

    Returns:
        The address of the entry element.

    Raises:
        InvalidSelector: The URI has characters that no document can hold.
    """
    return list_.child("entry", where=("uri", uri))


def reference_to(entry: ElementAddress) -> str:
    """What an entry-ref says in ``ref`` to stand for an entry: a path relative to the XCAP root.

    Args:
        entry: The entry's address.

    Returns:
        The reference, percent-encoded, without a slash in front.

    Raises:
        InvalidAddress: The address is of something else than an entry.
    """
    _check(entry, "entry")
    return f"{entry.document.path}/~~/{entry.selector.wire}"


def anchor_to(list_: ElementAddress) -> str:
    """What an external says in ``anchor`` and a service in its resource-list to stand for a list.

    Args:
        list_: The list's address.

    Returns:
        The absolute URI, percent-encoded.

    Raises:
        InvalidAddress: The address is of something else than a list.
    """
    _check(list_, "list")
    return list_.uri


def parse_reference(root: XcapRoot, ref: str) -> ElementAddress:
    """Read what an entry-ref says in ``ref``.

    Args:
        root: The XCAP root of the document that says it.
        ref: The reference.

    Returns:
        The address of the entry.

    Raises:
        InvalidAddress: It is no relative path reference to an entry.
    """
    text = ref.strip()
    if not is_relative_path(text):
        raise InvalidAddress(
            f"{shown(ref)} is no relative path reference: it starts with the AUID, without a scheme or a "
            f"slash ({_SECTION})"
        )
    path, question, query = text.partition("?")
    return _element(root, path, query if question else None, "entry", ref)


def parse_anchor(anchor: str, root: XcapRoot | None = None) -> ElementAddress:
    """Read what an external says in ``anchor``, or a service in its resource-list.

    Args:
        anchor: The absolute URI.
        root: The XCAP root of the document that says it; one that the URI is not below does not matter. None
            for none. The root of a URI below no known root is what stands before ``/resource-lists/``.

    Returns:
        The address of the list.

    Raises:
        InvalidAddress: It is no absolute http or https URI of a list.
    """
    text = anchor.strip()
    if not is_absolute_http(text):
        raise InvalidAddress(f"{shown(anchor)} is no absolute http or https URI ({_SECTION})")
    known = root if root is not None and _is_below(root, text) else _root_of(text)
    path, query = known.relative(text)
    return _element(known, path, query, "list", anchor)


def is_relative_path(text: str) -> bool:
    """Whether it is a relative path reference (RFC 3986 §4.2): no scheme, no authority, no slash in front."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and bool(parts.path) and not parts.path.startswith("/")


def is_absolute_http(text: str) -> bool:
    """Whether it is an absolute http or https URI."""
    try:
        parts = urlsplit(text)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _is_below(root: XcapRoot, uri: str) -> bool:
    try:
        root.relative(uri)
    except InvalidAddress:
        return False
    return True


def _root_of(uri: str) -> XcapRoot:
    """The root that a URI of a resource-lists document on another server seems to have.

    Raises:
        InvalidAddress: No segment of its path is the AUID.
    """
    before, auid, _ = uri.partition("?")[0].partition("#")[0].partition(f"/{AUID}/")
    if not auid:
        raise InvalidAddress(f"{shown(uri)} is of no {AUID} document: {AUID} is no segment of its path")
    try:
        return XcapRoot(before)
    except InvalidRoot as error:
        raise InvalidAddress(f"{error}; so nothing can be below it ({_SECTION})") from error


def _element(root: XcapRoot, path: str, query: str | None, element: str, said: str) -> ElementAddress:
    try:
        address = parse_address(root, path, query, default_namespaces={AUID: NAMESPACE})
        if isinstance(address, ElementAddress):
            _check(address, element)
            return address
    except (InvalidAddress, InvalidSelector, UnknownExtension) as error:
        raise InvalidAddress(f"{shown(said)} is no XCAP URI of {_an(element)}: {error}") from error
    raise InvalidAddress(f"{shown(said)} is no XCAP URI of {_an(element)}: it selects no element")


def _check(address: ElementAddress, element: str) -> None:
    """Whether the last step can be for such an element."""
    default = address.document.default_namespace or NAMESPACE
    step: Step = address.selector.steps[-1]
    name = address.selector.expanded(step.name, default)
    if name not in {"*", f"{{{NAMESPACE}}}{element}"}:
        raise InvalidAddress(
            f"{address} selects {shown(str(step))}, and it has to select {_an(element)} ({_SECTION})"
        )


def _an(element: str) -> str:
    return f"{'an' if element[0] in 'aeiou' else 'a'} {element}"
