"""RFC 4825 as values, without any I/O: addresses, selectors, conditions, messages and conflict reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xcap_sdk.lazy import lazily

if TYPE_CHECKING:
    from xcap_sdk.protocol.addresses import (
        Address,
        AttributeAddress,
        DocumentAddress,
        ElementAddress,
        NamespacesAddress,
        NodeAddress,
        Tree,
        document_of,
        parse_address,
    )
    from xcap_sdk.protocol.conditions import Condition, Match, MustNotExist, Unconditional
    from xcap_sdk.protocol.faults import Exists, Fault, FaultKind, Refused
    from xcap_sdk.protocol.messages import (
        XCAP_ATTRIBUTE,
        XCAP_ELEMENT,
        XCAP_ERROR,
        XCAP_NAMESPACES,
        Headers,
        Request,
        Response,
    )
    from xcap_sdk.protocol.naming import application_id, document_name, user_uri
    from xcap_sdk.protocol.reply import Reply
    from xcap_sdk.protocol.roots import XcapRoot
    from xcap_sdk.protocol.selectors import (
        AttributeStep,
        NamespaceStep,
        NodeSelector,
        Step,
        UnboundPrefix,
        UnknownExtension,
    )

__all__ = [
    "XCAP_ATTRIBUTE",
    "XCAP_ELEMENT",
    "XCAP_ERROR",
    "XCAP_NAMESPACES",
    "Address",
    "AttributeAddress",
    "AttributeStep",
    "Condition",
    "DocumentAddress",
    "ElementAddress",
    "Exists",
    "Fault",
    "FaultKind",
    "Headers",
    "Match",
    "MustNotExist",
    "NamespaceStep",
    "NamespacesAddress",
    "NodeAddress",
    "NodeSelector",
    "Refused",
    "Reply",
    "Request",
    "Response",
    "Step",
    "Tree",
    "UnboundPrefix",
    "Unconditional",
    "UnknownExtension",
    "XcapRoot",
    "application_id",
    "document_name",
    "document_of",
    "parse_address",
    "user_uri",
]

if not TYPE_CHECKING:  # what is not above is not there
    __getattr__ = lazily(
        __name__,
        {
            "xcap_sdk.protocol.addresses": "Address AttributeAddress ElementAddress NamespacesAddress "
            "NodeAddress parse_address",
            "xcap_sdk.protocol.documents": "DocumentAddress Tree document_of",
            "xcap_sdk.protocol.conditions": "Condition Match MustNotExist Unconditional",
            "xcap_sdk.protocol.faults": "Exists Fault FaultKind Refused",
            "xcap_sdk.protocol.messages": "XCAP_ATTRIBUTE XCAP_ELEMENT XCAP_ERROR XCAP_NAMESPACES "
            "Headers Request Response",
            "xcap_sdk.protocol.naming": "application_id document_name user_uri",
            "xcap_sdk.protocol.reply": "Reply",
            "xcap_sdk.protocol.roots": "XcapRoot",
            "xcap_sdk.protocol.selectors": "AttributeStep NamespaceStep NodeSelector Step UnboundPrefix "
            "UnknownExtension",
        },
    )
