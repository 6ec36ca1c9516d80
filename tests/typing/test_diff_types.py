"""Diffs as a user's strictly checked code sees them; also run, so that types and behaviour agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk import (
    ApplyReport,
    AsyncDocument,
    AttributeAddress,
    ChangeKind,
    Document,
    DocumentAddress,
    DocumentChange,
    ElementAddress,
    ElementReport,
    PatchAdd,
    PatchCondition,
    PatchError,
    PatchOperation,
    PatchRemove,
    PatchReplace,
    XcapDiff,
    XcapError,
    XcapRoot,
    apply_patch,
    parse_diff,
)

BODY = b"""<d:xcap-diff xmlns:d="urn:ietf:params:xml:ns:xcap-diff" xcap-root="https://xcap.example.org/">
<d:document sel="resource-lists/global/index" previous-etag="a" new-etag="b"><d:remove sel="a/b"/></d:document>
<d:element sel="resource-lists/global/index/~~/a/b" exists="0"/>
<d:attribute sel="resource-lists/global/index/~~/a/@b">1</d:attribute>
</d:xcap-diff>"""


def test_diffs() -> None:
    diff = assert_type(parse_diff(BODY), XcapDiff)
    assert_type(diff.root, XcapRoot)
    [change] = diff.documents
    assert_type(change, DocumentChange)
    assert_type(change.address, DocumentAddress)
    assert_type(change.kind, ChangeKind)
    assert_type(change.new_etag, str | None)
    assert_type(change.operations, tuple[PatchOperation, ...])
    assert_type(diff.of(change.address), tuple[DocumentChange, ...])
    [element] = diff.elements
    assert_type(element, ElementReport)
    assert_type(element.address, ElementAddress)
    assert_type(element.body, bytes | None)
    [attribute] = diff.attributes
    assert_type(attribute.address, AttributeAddress)
    assert_type(attribute.value, str | None)


def test_operations() -> None:
    for operation in parse_diff(BODY).documents[0].operations:
        match operation:
            case PatchAdd():
                assert_type(operation.type, str | None)
            case PatchReplace():
                assert_type(operation.content, str)
            case PatchRemove():
                assert_type(operation.ws, str | None)
        assert_type(operation.namespaces, Mapping[str | None, str])
    patched = apply_patch(
        b"<a><b/></a>",
        parse_diff(BODY).documents[0].operations,
    )
    assert_type(patched, bytes)
    try:
        apply_patch(b"<a/>", [PatchRemove("a/b")])
    except PatchError as error:
        assert_type(error.condition, PatchCondition)
        assert_type(error.operation, PatchOperation)


def keep(document: Document[ResourceLists], diff: XcapDiff) -> str | None:
    report = assert_type(document.apply(diff, on_conflict="mine"), ApplyReport)
    assert_type(report.failure, XcapError | None)
    assert_type(report.merged, bool)
    return report.etag


async def keep_asynchronously(document: AsyncDocument[ResourceLists], diff: XcapDiff) -> None:
    assert_type(await document.apply(diff), ApplyReport)
