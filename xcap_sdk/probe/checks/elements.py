"""Elements: read, written, deleted, and where they stand afterwards."""

from __future__ import annotations

from xcap_sdk.probe.judging import Level, Part, expect, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, Lab
from xcap_sdk.protocol.messages import XCAP_ELEMENT
from xcap_sdk.protocol.profiles import Ability

ELEMENTS = Part("Elements")

_SECOND = 'resource-lists/list[@name="a"]/entry[@uri="sip:2@example.org"]'
_TEXT = b'<entry uri="sip:2@example.org" x:kept="yes"><display-name>Two</display-name></entry>'


@ELEMENTS.check("8.3", Level.MUST, Ability.GET_ELEMENT)
def element_bytes(lab: Lab) -> None:
    """An element comes from its start tag to its end tag."""
    lab.fresh()
    response = lab.get(_SECOND)
    expect_status(response, 200)
    expect(response.body == _TEXT, "200 with other bytes")


@ELEMENTS.check("7.6", Level.MUST, Ability.GET_ELEMENT)
def element_type(lab: Lab) -> None:
    """An element comes as application/xcap-el+xml."""
    lab.fresh()
    response = lab.get(_SECOND)
    expect_status(response, 200)
    expect(response.media_type == XCAP_ELEMENT, response.media_type or "no Content-Type")


@ELEMENTS.check("8.2.4", Level.MUST, Ability.REPLACE_ELEMENT)
def replace_element(lab: Lab) -> None:
    """An element that is replaced keeps its place."""
    lab.fresh()
    new = '<entry uri="sip:2@example.org"/>'
    expect_success(lab.put(_SECOND, new))
    found = lab.read()
    expect(found != BOOK.replace(_TEXT, b""), "the element is gone")
    expect(found == BOOK.replace(_TEXT, new.encode()), "another document")
