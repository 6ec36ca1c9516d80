"""Carries requests out: GET, PUT and DELETE of RFC 4825 §8.2 to §8.5 on the stored documents.

What fails for the state of the resource (404, no-parent) fails so whatever the conditions say, as RFC 9110
§13.2.1 wants; then come the conditions; then what is wrong with the body or with the outcome.
"""

from __future__ import annotations

from dataclasses import replace

from xcap_sdk.documents.operations import NodeNotFound, ParentMissing, delete_node, get_node, put_node
from xcap_sdk.documents.source import Source
from xcap_sdk.errors import ForbiddenXml
from xcap_sdk.protocol.addresses import (
    AttributeAddress,
    DocumentAddress,
    ElementAddress,
    NodeAddress,
    document_of,
)
from xcap_sdk.protocol.faults import Fault, FaultKind, Refused
from xcap_sdk.protocol.messages import XCAP_ATTRIBUTE, XCAP_ELEMENT, XCAP_NAMESPACES
from xcap_sdk.server.admission import Admitted
from xcap_sdk.server.answers import Answer, Rejected, rejected
from xcap_sdk.server.computed import Computed
from xcap_sdk.server.content import check_charset, check_form, check_media_type, check_result, is_utf8
from xcap_sdk.server.places import nearest_folder, no_parent, require_place
from xcap_sdk.server.preconditions import Preconditions
from xcap_sdk.server.records import Key, Stored
from xcap_sdk.server.storage import Storage
from xcap_sdk.server.tables import Directory
from xcap_sdk.server.unique import UniqueValues

_FORM = {FaultKind.NOT_XML_FRAG, FaultKind.NOT_XML_ATT_VALUE}


class DocumentService:
    """The documents of a server.

    Args:
        storage: Where they are kept.
        computed: The documents that are made instead.
    """

    def __init__(self, storage: Storage, computed: Computed) -> None:
        self._storage = storage
        self._computed = computed
        self._unique = UniqueValues()

    def answer(self, request: Admitted, body: bytes) -> Answer:
        """Carry out a request.

        Raises:
            Rejected: It gets another answer than a success or a conflict report.
            Refused: It gets a conflict report.
            StorageError: The database fails.
        """
        match request.method:
            case "OPTIONS":
                return Answer(204, headers=(("Allow", ", ".join(request.allowed)),))
            case "PUT":
                return self._put(request, body)
            case "DELETE":
                return self._delete(request)
            case _:
                return self._get(request)

    def _get(self, request: Admitted) -> Answer:
        address = document_of(request.address)
        key = Key.of(address)
        stored = self._computed.get(key, address.root) if key in self._computed else self._storage.get(key)
        if stored is None:
            raise _no_document(request)
        body, media_type = _representation(request, stored)
        if not request.preconditions.match_holds(stored.etag):
            raise _if_match_failed(stored.etag)
        if not request.preconditions.none_match_holds(stored.etag):
            return Answer(304, etag=stored.etag)
        return Answer(200, body, media_type, stored.etag)

    def _put(self, request: Admitted, body: bytes) -> Answer:
        address = request.address
        if isinstance(address, DocumentAddress):
            return self._put_document(request, address, body)
        key, created = Key.of(document_of(address)), False

        def decide(before: Stored | None, around: Directory) -> bytes:
            nonlocal created
            after, created = _with_node(request, address, before, around, body)
            self._unique.check(request.usage, key, after, around)
            return after

        after = self._storage.write(key, decide).after
        return Answer(201 if created else 200, etag=after.etag if after else None)

    def _put_document(self, request: Admitted, address: DocumentAddress, body: bytes) -> Answer:
        # The body needs nothing of what is stored: judged before the transaction, it keeps nobody waiting.
        key, fault = Key.of(address), _verdict(request, body)

        def decide(before: Stored | None, around: Directory) -> bytes:
            require_place(address, request.usage, around)
            _require(request.preconditions, before)
            if fault is not None:
                raise fault
            self._unique.check(request.usage, key, body, around)
            return body

        written = self._storage.write(key, decide)
        return Answer(200 if written.before else 201, etag=written.after.etag if written.after else None)

    def _delete(self, request: Admitted) -> Answer:
        def decide(before: Stored | None, _around: Directory) -> bytes | None:
            if before is None:
                raise _no_document(request)
            if not isinstance(request.address, DocumentAddress):
                return _without_node(request, request.address, before)
            _require(request.preconditions, before)
            return None

        after = self._storage.write(Key.of(document_of(request.address)), decide).after
        return Answer(200, etag=after.etag if after else None)


def _representation(request: Admitted, stored: Stored) -> tuple[bytes, str]:
    address = request.address
    match address:
        case DocumentAddress():
            return stored.body, request.usage.media_type
        case ElementAddress():
            media_type = XCAP_ELEMENT
        case AttributeAddress():
            media_type = XCAP_ATTRIBUTE
        case _:
            media_type = XCAP_NAMESPACES
    try:
        node = get_node(Source.parse(stored.body), address.selector, request.usage.namespace)
    except NodeNotFound as error:
        raise rejected(404, str(error)) from error
    return node, media_type


def _with_node(
    request: Admitted, address: NodeAddress, before: Stored | None, around: Directory, body: bytes
) -> tuple[bytes, bool]:
    """The document with the node put in, and whether it was created."""
    if before is None:
        phrase = f"there is no document {address.document.path}"
        raise no_parent(address.document, phrase, nearest_folder(address.document, request.usage, around))
    after, created, refused = b"", False, None
    try:
        after, created = put_node(Source.parse(before.body), address.selector, body, request.usage.namespace)
    except ParentMissing as error:
        nearest = address.document if error.nearest is None else address.document.element(error.nearest)
        raise Refused(replace(error.fault, ancestor=nearest.uri)) from error
    except Refused as error:
        refused = error
    except ForbiddenXml as error:
        refused = Refused(Fault(FaultKind.CONSTRAINT_FAILURE, str(error)))
    _require(request.preconditions, before)
    if not is_utf8(body):
        raise Refused(Fault(FaultKind.NOT_UTF_8, "the body has bytes that are not UTF-8"))
    if refused is not None and refused.fault.kind in _FORM:
        raise refused
    check_charset(request.content_type)
    attribute = isinstance(address, AttributeAddress)
    check_media_type(request.content_type, XCAP_ATTRIBUTE if attribute else XCAP_ELEMENT)
    if refused is not None:
        raise refused
    check_result(request.usage, after, address.document)
    return after, created


def _without_node(request: Admitted, address: NodeAddress, before: Stored) -> bytes:
    after, refused = b"", None
    try:
        after = delete_node(Source.parse(before.body), address.selector, request.usage.namespace)
    except NodeNotFound as error:
        raise rejected(404, str(error)) from error
    except Refused as error:
        refused = error
    _require(request.preconditions, before)
    if refused is not None:
        raise refused
    check_result(request.usage, after, address.document)
    return after


def _verdict(request: Admitted, body: bytes) -> Refused | Rejected | None:
    """What is wrong with a document's body, in the order of RFC 4825 §8.2.2 and §8.2.5."""
    try:
        check_form(body, request.content_type)
        check_media_type(request.content_type, request.usage.media_type)
        check_result(request.usage, body, document_of(request.address))
    except (Refused, Rejected) as error:
        return error
    return None


def _require(preconditions: Preconditions, before: Stored | None) -> None:
    etag = before.etag if before else None
    if not preconditions.match_holds(etag):
        raise _if_match_failed(etag)
    if not preconditions.none_match_holds(etag):
        raise rejected(412, f"If-None-Match does not hold: the document has the ETag {etag}")


def _if_match_failed(etag: str | None) -> Rejected:
    now = f"has the ETag {etag}" if etag else "does not exist"
    return rejected(412, f"If-Match does not hold: the document {now}")


def _no_document(request: Admitted) -> Rejected:
    return rejected(404, f"there is no document {document_of(request.address).path}")
