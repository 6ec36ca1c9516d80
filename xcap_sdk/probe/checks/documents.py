"""Documents: written, read and deleted, and their ETags."""

from __future__ import annotations

from typing import Final

from xcap_sdk.probe.judging import Level, Part, expect, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, Lab
from xcap_sdk.protocol.messages import Response
from xcap_sdk.protocol.profiles import Ability

DOCUMENTS: Final = Part("Documents")

_CHANGED: Final = BOOK + b"<!-- 2 -->"


@DOCUMENTS.check("8.2.7", Level.MUST, Ability.CREATED)
def create_document(lab: Lab) -> None:
    """A new document is answered 201."""
    lab.absent()
    expect_status(lab.put(None, BOOK), 201)


@DOCUMENTS.check("8.2.7", Level.MUST)
def replace_document(lab: Lab) -> None:
    """A document that is put again is answered 200."""
    lab.fresh()
    expect_status(lab.put(None, _CHANGED), 200)
    expect(lab.read() == _CHANGED, "200, and the document was not written")


@DOCUMENTS.check("8.2.7", Level.MUST)
def body_of_a_put(lab: Lab) -> None:
    """A 200 to a PUT has no body."""
    lab.fresh()
    for body in (_CHANGED, _CHANGED):  # one server sends one where nothing changes
        response = lab.put(None, body)
        expect_status(response, 200)
        expect(not response.body, "a body")


@DOCUMENTS.check("8.3", Level.MUST)
def document_bytes(lab: Lab) -> None:
    """A document comes back byte for byte."""
    expect(lab.fresh() == BOOK, "other bytes")


@DOCUMENTS.check("8.3", Level.MUST)
def document_alphabets(lab: Lab) -> None:
    """A document in other alphabets comes back byte for byte."""
    body = BOOK.replace(b"Two", "Zoë, Дмитрий, 李, 🙂".encode())
    expect(lab.fresh(body) == body, "other bytes")


@DOCUMENTS.check("8.3", Level.MUST)
def document_type(lab: Lab) -> None:
    """A document comes with the media type of its usage."""
    lab.fresh()
    found = lab.get().media_type
    expect(found == lab.media_type, found or "no Content-Type")


@DOCUMENTS.check("8.2", Level.SHOULD)
def large_document(lab: Lab) -> None:
    """A document of 64 kB is stored, or refused with 413."""
    body = BOOK + b"<!--" + b" large" * 10_000 + b"-->"
    response = lab.put(None, body)
    expect_status(response, 200, 201, 413)
    expect(response.status == 413 or lab.read() == body, "other bytes")


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


@DOCUMENTS.check("6.2", Level.MUST)
def encoded_user(lab: Lab) -> None:
    """A percent-encoded XUI is the same user."""
    before = lab.fresh()
    home, slash, document = lab.document.uri.rpartition("/")
    tree, _, user = home.rpartition("/")
    encoded = "".join(f"%{octet:02X}" if chr(octet) in ":@" else chr(octet) for octet in user.encode())
    response = lab.send("GET", f"{tree}/{encoded}{slash}{document}")
    expect_status(response, 200)
    expect(response.body == before, "another document")


@DOCUMENTS.check("8.2.1", Level.MUST)
def missing_folder(lab: Lab) -> None:
    """A document in a folder that is not there is refused: 409."""
    home, slash, document = lab.document.uri.rpartition("/")
    uri = f"{home}/xcap-probe-no-such-folder{slash}{document}"
    response = lab.send("PUT", uri, (("Content-Type", lab.media_type),), BOOK)
    if response.status in {200, 201}:
        lab.send("DELETE", uri)
    expect_status(response, 409)


@DOCUMENTS.check("8.2.7", Level.MUST)
def etag_of_a_put(lab: Lab) -> None:
    """A PUT is answered with the document's ETag."""
    response = lab.put(None, BOOK)
    expect_success(response)
    _expect_current(lab, response)


@DOCUMENTS.check("8.5", Level.MUST)
def etag_changes(lab: Lab) -> None:
    """A document that changes gets another ETag."""
    lab.fresh()
    first = lab.etag()
    lab.fresh(_CHANGED)
    expect(lab.etag() != first, "the same ETag")


@DOCUMENTS.check("8.5", Level.MUST)
def etag_is_strong(lab: Lab) -> None:
    """ETags are strong."""
    lab.fresh()
    etag = lab.etag()
    expect(etag.startswith('"'), "a weak ETag" if etag.startswith("W/") else "an ETag without quotes")


@DOCUMENTS.check("8.5", Level.MUST)
def etag_of_an_element(lab: Lab) -> None:
    """An element has the ETag of its document."""
    lab.fresh()
    response = lab.get('resource-lists/list[@name="b"]')
    expect_status(response, 200)
    _expect_current(lab, response)


@DOCUMENTS.check("8.5", Level.MUST)
def etag_after_an_element(lab: Lab) -> None:
    """PUT of an element is answered with another ETag, the document's."""
    lab.fresh()
    before = lab.etag()
    response = lab.put('resource-lists/list[@name="new"]', '<list name="new"/>')
    expect_success(response)
    _expect_current(lab, response)
    expect(response.etag != before, "the same ETag")


@DOCUMENTS.check("8.5", Level.MUST)
def etag_after_a_removal(lab: Lab) -> None:
    """DELETE of an element is answered with the ETag of what remains."""
    lab.fresh()
    response = lab.delete('resource-lists/list[@name="b"]')
    expect_success(response)
    _expect_current(lab, response)


def _expect_current(lab: Lab, response: Response) -> None:
    expect(response.etag is not None, "no ETag")
    expect(response.etag == lab.etag(), "another ETag than that of the next GET")
