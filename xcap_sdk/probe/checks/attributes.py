"""Attributes: read, written and deleted."""

from __future__ import annotations

from typing import Final

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.attributes import decode_attribute_value
from xcap_sdk.documents.binding import parse
from xcap_sdk.errors import DocumentError
from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_fault, expect_status, expect_success
from xcap_sdk.probe.lab import NAMESPACE, Lab
from xcap_sdk.protocol.faults import FaultKind, Refused
from xcap_sdk.protocol.messages import XCAP_ATTRIBUTE
from xcap_sdk.protocol.profiles import Ability

ATTRIBUTES: Final = Part("Attributes")

_NAME: Final = "resource-lists/list/@name"
_NAMED: Final = f"""<resource-lists xmlns="{NAMESPACE}"><list name='a&amp;b"c'/></resource-lists>"""
_NAMELESS: Final = f'<resource-lists xmlns="{NAMESPACE}"><list/></resource-lists>'


@ATTRIBUTES.check("8.3", Level.MUST, Ability.GET_ATTRIBUTE)
def attribute_value(lab: Lab) -> None:
    """An attribute comes with its quotes, escaped."""
    lab.fresh(_NAMED)
    response = lab.get(_NAME)
    expect_status(response, 200)
    try:
        value = decode_attribute_value(response.body, strict=True)
    except Refused:
        deviates(f"200 with {response.body.decode(errors='replace')[:40]}")
    expect(value == 'a&b"c', "200 with another value")


@ATTRIBUTES.check("7.9", Level.MUST, Ability.GET_ATTRIBUTE)
def attribute_type(lab: Lab) -> None:
    """An attribute comes as application/xcap-att+xml."""
    lab.fresh(_NAMED)
    response = lab.get(_NAME)
    expect_status(response, 200)
    expect(response.media_type == XCAP_ATTRIBUTE, response.media_type or "no Content-Type")


@ATTRIBUTES.check("8.3", Level.MUST, Ability.NOT_FOUND)
def missing_attribute(lab: Lab) -> None:
    """GET of an attribute that is not there is answered 404."""
    lab.fresh(_NAMELESS)
    expect_status(lab.get(_NAME), 404)


@ATTRIBUTES.check("8.2.3", Level.MUST, Ability.SET_ATTRIBUTE)
def create_attribute(lab: Lab) -> None:
    """A new attribute is set, and answered 201."""
    lab.fresh(_NAMELESS)
    expect_status(lab.put(_NAME, '"new"'), 201)
    _expect_name(lab, "new")


@ATTRIBUTES.check("8.2.4", Level.MUST, Ability.SET_ATTRIBUTE)
def replace_attribute(lab: Lab) -> None:
    """An attribute that is put again gets the new value, and is answered 200."""
    lab.fresh(_NAMED)
    expect_status(lab.put(_NAME, '"other"'), 200)
    _expect_name(lab, "other")


@ATTRIBUTES.check("7.7", Level.MUST, Ability.SET_ATTRIBUTE)
def escaped_attribute(lab: Lab) -> None:
    """What is escaped in an attribute's value is unescaped once."""
    lab.fresh(_NAMED)
    expect_success(lab.put(_NAME, '"x &amp; &lt;y&gt;"'))
    _expect_name(lab, "x & <y>")


@ATTRIBUTES.check("7.7", Level.MUST, Ability.SET_ATTRIBUTE)
def attribute_of_other_alphabets(lab: Lab) -> None:
    """An attribute's value may be of other alphabets."""
    lab.fresh(_NAMED)
    expect_success(lab.put(_NAME, '"Zoë, Дмитрий, 李"'))
    _expect_name(lab, "Zoë, Дмитрий, 李")


@ATTRIBUTES.check("8.2.2", Level.MUST)
def no_attribute_value(lab: Lab) -> None:
    """What is no attribute value is refused: 409 not-xml-att-value."""
    lab.fresh(_NAMED)
    expect_fault(lab.put(_NAME, '"a<b"'), FaultKind.NOT_XML_ATT_VALUE)


@ATTRIBUTES.check("8.2.4", Level.MUST)
def attribute_of_its_own_selector(lab: Lab) -> None:
    """An attribute that its own selector tests cannot get another value: 409 cannot-insert."""
    lab.fresh()
    response = lab.put('resource-lists/list[@name="a"]/@name', '"c"')
    expect_fault(response, FaultKind.CANNOT_INSERT)


@ATTRIBUTES.check("8.2.2", Level.MUST)
def attribute_of_another_type(lab: Lab) -> None:
    """An attribute of another media type is refused: 415."""
    lab.fresh(_NAMED)
    expect_status(lab.put(_NAME, '"other"', media_type="text/plain"), 415)


@ATTRIBUTES.check("8.4", Level.MUST, Ability.DELETE_ATTRIBUTE)
def delete_attribute(lab: Lab) -> None:
    """An attribute that is deleted is gone, and not empty."""
    lab.fresh(_NAMED)
    expect_success(lab.delete(_NAME))
    _expect_name(lab, None)


@ATTRIBUTES.check("8.4", Level.MUST, Ability.NOT_FOUND)
def delete_missing_attribute(lab: Lab) -> None:
    """DELETE of an attribute that is not there is answered 404."""
    lab.fresh(_NAMELESS)
    expect_status(lab.delete(_NAME), 404)


def _expect_name(lab: Lab, value: str | None) -> None:
    try:
        lists = list(parse(lab.read(), ResourceLists).lists)
    except DocumentError:
        deviates("a document that is none any more")
    found = lists[0].name if lists else "no list"
    if found != value:
        deviates("not gone" if value is None and found else repr(found))
