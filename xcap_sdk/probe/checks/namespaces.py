"""Namespace bindings; they come last, as a GET of them brings some servers down."""

from __future__ import annotations

from typing import Final

from xcap_sdk.documents.attributes import decode_namespaces
from xcap_sdk.errors import DocumentError
from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_status
from xcap_sdk.probe.lab import NAMESPACE, Lab
from xcap_sdk.protocol.faults import Refused
from xcap_sdk.protocol.messages import XCAP_NAMESPACES
from xcap_sdk.protocol.profiles import Ability, Danger

NAMESPACES: Final = Part("Namespace bindings")


@NAMESPACES.check("8.4", Level.MUST)
def namespaces_are_read_only(lab: Lab) -> None:
    """Namespace bindings cannot be put: 405."""
    lab.fresh()
    expect_status(lab.put("resource-lists/list[1]/namespace::*", '<list xmlns="urn:x"/>'), 405)


@NAMESPACES.check("8.3", Level.MUST, Ability.GET_NAMESPACES, danger=Danger.GET_NAMESPACES)
def namespaces(lab: Lab) -> None:
    """The namespaces in scope come as application/xcap-ns+xml."""
    lab.fresh()
    response = lab.get("resource-lists/list[1]/namespace::*")
    expect_status(response, 200)
    expect(response.media_type == XCAP_NAMESPACES, response.media_type or "no Content-Type")
    try:
        found = decode_namespaces(response.body)
    except (DocumentError, Refused):
        deviates("200 with what is no element")
    wanted = {"": NAMESPACE, "x": "urn:example:extension"}
    expect({prefix: found.get(prefix) for prefix in wanted} == wanted, "200 with other namespaces")
