"""Documents: written, read, deleted, refused."""

from __future__ import annotations

from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_fault, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, NAMESPACE, Lab, scratch_name
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.faults import FaultKind
from xcap_sdk.protocol.profiles import Ability

DOCUMENTS = Part("Documents")


@DOCUMENTS.check("8.2.7", Level.MUST, Ability.CREATED)
def create_document(lab: Lab) -> None:
    """A new document is answered 201."""
    lab.absent()
    expect_status(lab.put(None, BOOK), 201)


@DOCUMENTS.check("8.2.7", Level.MUST)
def replace_document(lab: Lab) -> None:
    """A document that is put again is answered 200."""
    lab.fresh()
    expect_status(lab.put(None, BOOK + b"<!-- 2 -->"), 200)


@DOCUMENTS.check("8.3", Level.MUST)
def document_bytes(lab: Lab) -> None:
    """A document comes back byte for byte."""
    expect(lab.fresh() == BOOK, "other bytes")


@DOCUMENTS.check("8.3", Level.MUST)
def document_type(lab: Lab) -> None:
    """A document comes with the media type of its usage."""
    lab.fresh()
    found = lab.get().media_type
    expect(found == lab.media_type, found or "no Content-Type")


@DOCUMENTS.check("8.2.4", Level.MUST)
def document_content(lab: Lab) -> None:
    """Comments, extensions and other alphabets stay."""
    body = BOOK.replace(b"Two", "Zoë, Дмитрий, 李".encode())
    expect(lab.fresh(body) == body, "other bytes")


@DOCUMENTS.check("8.4", Level.MUST)
def delete_document(lab: Lab) -> None:
    """A document that is deleted is gone: 200, then 404."""
    lab.fresh()
    expect_status(lab.delete(), 200, 204)
    expect_status(lab.get(), 404, 410)


@DOCUMENTS.check("8.4", Level.MUST, Ability.NOT_FOUND)
def delete_missing_document(lab: Lab) -> None:
    """DELETE of a document that is not there is answered 404."""
    lab.absent()
    expect_status(lab.delete(), 404, 410)


@DOCUMENTS.check("8", Level.MUST, Ability.NOT_FOUND)
def unknown_usage(lab: Lab) -> None:
    """An application usage that the server does not have is answered 404."""
    address = DocumentAddress(
        root=lab.document.root, auid="com.example.xcap-probe", xui=lab.document.xui, document=scratch_name()
    )
    expect_status(lab.send("GET", address.uri), 404)


@DOCUMENTS.check("8.2.2", Level.MUST)
def document_of_another_type(lab: Lab) -> None:
    """A document of another media type is refused: 415."""
    lab.fresh()
    expect_status(lab.put(None, BOOK, media_type="text/plain"), 415)


@DOCUMENTS.check("8.2.2", Level.MUST, Ability.CONFLICT)
def not_well_formed(lab: Lab) -> None:
    """What is not well-formed is refused: 409 not-well-formed."""
    lab.fresh()
    expect_fault(lab.put(None, "<resource-lists"), FaultKind.NOT_WELL_FORMED)


@DOCUMENTS.check("8.2.2", Level.MUST, Ability.CONFLICT)
def empty_document(lab: Lab) -> None:
    """An empty document is refused: 409 not-well-formed."""
    lab.fresh()
    expect_fault(lab.put(None, b""), FaultKind.NOT_WELL_FORMED)


@DOCUMENTS.check("8.2.2", Level.MUST)
def another_encoding(lab: Lab) -> None:
    """Another encoding than UTF-8 is refused: 409 not-utf-8."""
    lab.fresh()
    body = BOOK.decode().replace("UTF-8", "ISO-8859-1").replace("Two", "Zoë").encode("latin-1")
    expect_fault(lab.put(None, body), FaultKind.NOT_UTF_8)


@DOCUMENTS.check("8.2.5", Level.MUST, Ability.CONFLICT)
def against_the_schema(lab: Lab) -> None:
    """What breaks the schema is refused: 409 schema-validation-error."""
    lab.fresh()
    body = f'<resource-lists xmlns="{NAMESPACE}"><entry uri="sip:1@example.org"/></resource-lists>'
    expect_fault(lab.put(None, body), FaultKind.SCHEMA_VALIDATION_ERROR)


@DOCUMENTS.check("8.2.5", Level.MUST, Ability.CONFLICT)
def not_unique(lab: Lab) -> None:
    """What is not unique and has to be is refused: 409 uniqueness-failure."""
    lab.fresh()
    body = f'<resource-lists xmlns="{NAMESPACE}"><list name="a"/><list name="a"/></resource-lists>'
    expect_fault(lab.put(None, body), FaultKind.UNIQUENESS_FAILURE)


@DOCUMENTS.check("8.2.5", Level.MUST)
def refused_and_unchanged(lab: Lab) -> None:
    """What is refused changes nothing."""
    before, etag = lab.fresh(), lab.get().etag
    if lab.put(None, "<resource-lists").status in {200, 201, 204}:
        deviates("what is not well-formed was stored")
    expect(lab.read() == before, "the document has changed")
    expect(lab.get().etag == etag, "the ETag has changed")


@DOCUMENTS.check("8.2.7", Level.MUST)
def etag_of_a_put(lab: Lab) -> None:
    """A PUT is answered with the document's ETag."""
    response = lab.put(None, BOOK)
    expect_success(response)
    expect(response.etag is not None, "no ETag")
    expect(response.etag == lab.get().etag, "another ETag than that of the next GET")


@DOCUMENTS.check("8.5", Level.MUST)
def etag_changes(lab: Lab) -> None:
    """A document that changes gets another ETag."""
    lab.fresh()
    first = lab.etag()
    lab.fresh(BOOK + b"<!-- 2 -->")
    expect(lab.etag() != first, "the same ETag")


@DOCUMENTS.check("8.5", Level.MUST)
def etag_is_strong(lab: Lab) -> None:
    """ETags are strong."""
    lab.fresh()
    etag = lab.etag()
    expect(etag.startswith('"'), "a weak ETag" if etag.startswith("W/") else "an ETag without quotes")
