"""The conflict reports of RFC 4825 §11 as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xcap_sdk.errors import XcapError


class FaultKind(StrEnum):
    """The eleven conditions, by the name of their element."""

    NOT_WELL_FORMED = "not-well-formed"
    NOT_XML_FRAG = "not-xml-frag"
    NOT_XML_ATT_VALUE = "not-xml-att-value"
    NOT_UTF_8 = "not-utf-8"
    NO_PARENT = "no-parent"
    CANNOT_INSERT = "cannot-insert"
    CANNOT_DELETE = "cannot-delete"
    SCHEMA_VALIDATION_ERROR = "schema-validation-error"
    UNIQUENESS_FAILURE = "uniqueness-failure"
    CONSTRAINT_FAILURE = "constraint-failure"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Exists:
    """One value that is not unique.

    Attributes:
        field: The node, as a relative URI that starts with the document's root element.
        alternatives: Values that are free at the moment, as the server suggests.
    """

    field: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A conflict report.

    Attributes:
        kind: Which condition.
        phrase: The server's words for a person, if any.
        ancestor: For no-parent the URI of the nearest existing insertion point, if named.
        exists: For uniqueness-failure what is not unique.
        extension: For extension its content as XML text, if any.
    """

    kind: FaultKind
    phrase: str | None = None
    ancestor: str | None = None
    exists: tuple[Exists, ...] = ()
    extension: str | None = None


class Refused(XcapError):
    """An operation on a document that RFC 4825 answers with 409.

    Attributes:
        fault: Why, as the conflict report would say it.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind}: {fault.phrase or 'refused'}")
        self.fault = fault
