"""Whether documents follow their schema and the rules of their application usage."""

from __future__ import annotations

from typing import Any, TypeVar

from xcap_sdk.documents import validation
from xcap_sdk.documents.binding import parse
from xcap_sdk.errors import UnexpectedDocument
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import for_class
from xcap_sdk.usages.usage import ApplicationUsage

R = TypeVar("R")


def validate(
    model: R, usage: ApplicationUsage[R] | None = None, address: DocumentAddress | None = None
) -> None:
    """Check a model as the document that it would be: its schema, and the rules of its application usage.

    Args:
        model: The model of a whole document.
        usage: Its application usage; None for the first that the SDK knows for its class. Where there is
            none, only the schema counts.
        address: Where it is to be, for the rules that depend on it; None if that is not known.

    Raises:
        InvalidDocument: It breaks the schema or a rule; ``.problems`` names the places, ``.rule`` which.
    """
    chosen = usage or for_class(type(model))
    if chosen is None:
        validation.validate(model)
    else:
        validation.validate(
            model, schema=chosen.schema, checks=(lambda read: chosen.problems(read, address),)
        )


def check_bytes(
    usage: ApplicationUsage[R], body: bytes, model: R, address: DocumentAddress | None = None
) -> None:
    """Check a document as it is to be sent.

    Args:
        usage: Its application usage.
        body: The document.
        model: The model that it was made from, which names the places if the document cannot be read back.
        address: Where it is to be, for the rules that depend on it; None if that is not known.

    Raises:
        InvalidDocument: It breaks the schema or a rule.
    """
    problems = validation.schema_problems(body, usage.schema, usage.root)
    try:
        sent: Any = parse(body, usage.root)
    except UnexpectedDocument:
        validate(model, usage, address)
        raise
    if not problems:  # rules are written for documents that have the form their schema asks for
        problems = usage.problems(sent, address)
    validation.refuse(problems, usage.root.__name__)
