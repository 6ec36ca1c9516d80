"""What is refused, with which status, and the reports of conflicts."""

from __future__ import annotations

from typing import Final

from xcap_sdk.documents.reports import parse_fault
from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_fault, expect_status
from xcap_sdk.probe.lab import BOOK, NAMESPACE, Lab
from xcap_sdk.protocol.faults import FaultKind
from xcap_sdk.protocol.messages import XCAP_ERROR
from xcap_sdk.protocol.profiles import Ability

REFUSALS: Final = Part("Refusals")

_LIST: Final = 'resource-lists/list[@name="a"]'


@REFUSALS.check("8.2.2", Level.MUST)
def document_of_another_type(lab: Lab) -> None:
    """A document of another media type is refused: 415."""
    lab.fresh()
    expect_status(lab.put(None, BOOK, media_type="text/plain"), 415)


@REFUSALS.check("8.2.2", Level.MUST)
def element_of_another_type(lab: Lab) -> None:
    """An element of another media type is refused: 415."""
    lab.fresh()
    expect_status(lab.put(_LIST, '<list name="a"/>', media_type="text/plain"), 415)


@REFUSALS.check("8.2.2", Level.MUST)
def type_with_a_charset(lab: Lab) -> None:
    """A charset behind the media type does not matter."""
    lab.fresh()
    media_type = "application/xcap-el+xml; charset=utf-8"
    expect_status(lab.put(_LIST, '<list name="a"/>', media_type=media_type), 200)


@REFUSALS.check("8.2.2", Level.MUST, Ability.CONFLICT)
def not_well_formed(lab: Lab) -> None:
    """A document that is not well-formed is refused: 409 not-well-formed."""
    lab.fresh()
    expect_fault(lab.put(None, "<resource-lists"), FaultKind.NOT_WELL_FORMED)


@REFUSALS.check("8.2.2", Level.MUST, Ability.CONFLICT)
def empty_document(lab: Lab) -> None:
    """An empty document is refused: 409 not-well-formed."""
    lab.fresh()
    expect_fault(lab.put(None, b""), FaultKind.NOT_WELL_FORMED)


@REFUSALS.check("8.2.2", Level.MUST)
def another_encoding(lab: Lab) -> None:
    """A document in another encoding than UTF-8 is refused: 409 not-utf-8."""
    lab.fresh()
    body = BOOK.decode().replace("UTF-8", "ISO-8859-1").replace("Two", "Zoë").encode("latin-1")
    expect_fault(lab.put(None, body), FaultKind.NOT_UTF_8)


@REFUSALS.check("8.2.2", Level.MUST)
def broken_encoding(lab: Lab) -> None:
    """Bytes that are no UTF-8 are refused: 409 not-utf-8."""
    lab.fresh()
    expect_fault(lab.put(None, BOOK.replace(b"Two", b"Zo\xeb")), FaultKind.NOT_UTF_8)


@REFUSALS.check("8.2.5", Level.MUST, Ability.CONFLICT)
def against_the_schema(lab: Lab) -> None:
    """A document that breaks the schema is refused: 409 schema-validation-error."""
    lab.fresh()
    body = f'<resource-lists xmlns="{NAMESPACE}"><entry uri="sip:1@example.org"/></resource-lists>'
    expect_fault(lab.put(None, body), FaultKind.SCHEMA_VALIDATION_ERROR)


@REFUSALS.check("8.2.5", Level.MUST, Ability.CONFLICT)
def not_unique(lab: Lab) -> None:
    """What has to be unique, and is not, is refused: 409 uniqueness-failure."""
    lab.fresh()
    body = f'<resource-lists xmlns="{NAMESPACE}"><list name="a"/><list name="a"/></resource-lists>'
    expect_fault(lab.put(None, body), FaultKind.UNIQUENESS_FAILURE)


@REFUSALS.check("8.2.2", Level.MUST)
def no_element(lab: Lab) -> None:
    """A body that is not one element is refused: 409 not-xml-frag."""
    lab.fresh()
    expect_fault(lab.put(_LIST, '<list name="a"/><list name="c"/>'), FaultKind.NOT_XML_FRAG)


@REFUSALS.check("8.2.2", Level.MUST)
def element_with_a_declaration(lab: Lab) -> None:
    """An element with an XML declaration before it is refused: 409 not-xml-frag."""
    lab.fresh()
    expect_fault(lab.put(_LIST, '<?xml version="1.0"?><list name="a"/>'), FaultKind.NOT_XML_FRAG)


@REFUSALS.check("8.2.5", Level.MUST)
def element_against_the_schema(lab: Lab) -> None:
    """An element with which the document breaks the schema is refused: 409 schema-validation-error."""
    lab.fresh()
    response = lab.put('resource-lists/entry[@uri="sip:9@x"]', '<entry uri="sip:9@x"/>')
    expect_fault(response, FaultKind.SCHEMA_VALIDATION_ERROR)


@REFUSALS.check("8.2.3", Level.MUST)
def element_that_is_another(lab: Lab) -> None:
    """An element that its own selector would not find is refused: 409 cannot-insert."""
    lab.fresh()
    response = lab.put('resource-lists/list[@name="c"]', '<list name="d"/>')
    expect_fault(response, FaultKind.CANNOT_INSERT)


@REFUSALS.check("8.2.3", Level.MUST)
def position_out_of_range(lab: Lab) -> None:
    """A position beyond the next one is refused: 409 cannot-insert."""
    lab.fresh()
    response = lab.put('resource-lists/list[9][@name="c"]', '<list name="c"/>')
    expect_fault(response, FaultKind.CANNOT_INSERT)


@REFUSALS.check("8.4", Level.MUST)
def removal_that_moves_another_up(lab: Lab) -> None:
    """A DELETE after which the selector finds another element is refused: 409 cannot-delete."""
    before = lab.fresh()
    response = lab.delete(f"{_LIST}/entry[1]")
    if lab.read() != before:
        deviates(f"{response.status}, deleted")
    expect_fault(response, FaultKind.CANNOT_DELETE)


@REFUSALS.check("8.4", Level.MUST)
def removal_of_the_root(lab: Lab) -> None:
    """DELETE of the root element is refused: 409."""
    lab.fresh()
    expect_status(lab.delete("resource-lists"), 409)


@REFUSALS.check("8.2.1", Level.MUST)
def no_parent(lab: Lab) -> None:
    """An element without its parent is refused: 409 no-parent."""
    lab.fresh()
    response = lab.put('resource-lists/list[@name="c"]/entry[@uri="sip:9@x"]', '<entry uri="sip:9@x"/>')
    expect_fault(response, FaultKind.NO_PARENT)


@REFUSALS.check("11.1", Level.SHOULD)
def nearest_ancestor(lab: Lab) -> None:
    """A no-parent names the nearest ancestor that is there."""
    lab.fresh()
    response = lab.put('resource-lists/list[@name="c"]/entry[@uri="sip:9@x"]', '<entry uri="sip:9@x"/>')
    expect_status(response, 409)
    fault = parse_fault(response.body)
    expect(fault is not None and fault.ancestor is not None, "409 without an ancestor")


@REFUSALS.check("8.2.1", Level.MUST)
def no_document(lab: Lab) -> None:
    """An element without its document is refused: 409 no-parent."""
    lab.absent()
    expect_fault(lab.put(_LIST, '<list name="a"/>'), FaultKind.NO_PARENT)


@REFUSALS.check("11", Level.SHOULD)
def conflict_report(lab: Lab) -> None:
    """A 409 says why, as application/xcap-error+xml."""
    lab.fresh()
    response = lab.put(None, "<resource-lists")
    expect_status(response, 409)
    expect(parse_fault(response.body) is not None, "409 without a report")
    expect(response.media_type == XCAP_ERROR, f"409 as {response.media_type or 'no type'}")


@REFUSALS.check("8.2.5", Level.MUST)
def refused_and_unchanged(lab: Lab) -> None:
    """What is refused changes nothing."""
    before, etag = lab.fresh(), lab.get().etag
    if lab.put(None, "<resource-lists").status in {200, 201, 204}:
        deviates("what is not well-formed was stored")
    expect(lab.read() == before, "the document has changed")
    expect(lab.get().etag == etag, "the ETag has changed")
