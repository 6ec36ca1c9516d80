"""XML patches (RFC 5261) on the bytes of a document: what no operation touches stays byte for byte."""

from __future__ import annotations

from collections.abc import Iterable

from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.locating import Effort, fail
from xcap_sdk.documents.patchops import Operator
from xcap_sdk.documents.rawtree import RawDocument, read_document
from xcap_sdk.documents.source import Source
from xcap_sdk.errors import DocumentError
from xcap_sdk.protocol.diffs import PatchCondition, PatchOperation

MOST_NODES = 3_000_000
"""How many nodes one patch may make one look at."""

_PER_OPERATION = 500


def apply_patch(xml: bytes, operations: Iterable[PatchOperation], *, limits: Limits | None = None) -> bytes:
    """Apply a patch to a document (RFC 5261).

    Args:
        xml: The document.
        operations: What to do, in order: each works on what those before it have made. See `parse_diff`.
        limits: How much the document may take, before and after; None for the limits in force.

    Returns:
        The new document in the same encoding. What was not touched is byte for byte what it was.

    Raises:
        PatchError: An operation cannot be carried out: .operation, and .condition as RFC 5261 §5.1 names it.
        NotWellFormed: The document is no well-formed XML.
        ForbiddenXml: The document has a DOCTYPE, or takes more than the limits allow.
    """
    source = Source.parse(xml, limits)
    effort = Effort(MOST_NODES)
    document: RawDocument | None = None
    last: PatchOperation | None = None
    for last in operations:
        effort.spend(last, _PER_OPERATION)
        document = document or _read(source, last)
        Operator(document, last, effort, limits).run()
    if document is None or last is None:
        return source.data
    return _written(document, source, last, limits)


def _read(source: Source, operation: PatchOperation) -> RawDocument:
    try:
        return read_document(source)
    except UnicodeDecodeError:
        fail(operation, PatchCondition.INVALID_CHARACTER_SET, f"the document is no {source.encoding}")


def _written(
    document: RawDocument, source: Source, operation: PatchOperation, limits: Limits | None
) -> bytes:
    """The bytes of the patched document, found as well-formed as any other."""
    try:
        data = document.text().encode(source.encoding)
    except UnicodeEncodeError as error:
        fail(
            operation,
            PatchCondition.INVALID_CHARACTER_SET,
            f"the document is in {source.encoding}, which cannot hold {error.object[error.start]!r}",
        )
    try:
        return Source.parse(data, limits).data
    except DocumentError as error:
        fail(operation, PatchCondition.INVALID_DIFF_FORMAT, f"the patched document cannot be read: {error}")
