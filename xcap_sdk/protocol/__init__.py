"""RFC 4825 as values, without any I/O: addresses, selectors, conditions, messages and conflict reports."""

from __future__ import annotations

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
    Reply,
    Request,
    Response,
)
from xcap_sdk.protocol.naming import application_id, document_name, user_uri
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
