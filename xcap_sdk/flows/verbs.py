"""The raw verbs of RFC 4825 §7 on any address, with what was seen before as their condition."""

from __future__ import annotations

from typing import Any

from xcap_sdk.documents.attributes import decode_attribute_value, decode_namespaces, encode_attribute_value
from xcap_sdk.documents.binding import parse, serialize, serialize_element
from xcap_sdk.documents.classes import is_model, meta_of
from xcap_sdk.errors import DocumentError, InvalidAddress, InvalidInput
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.dangers import before_delete, before_get, before_put
from xcap_sdk.flows.fetching import fetch
from xcap_sdk.flows.replies import failure
from xcap_sdk.protocol.addresses import (
    Address,
    AttributeAddress,
    DocumentAddress,
    ElementAddress,
    NamespacesAddress,
    document_of,
)
from xcap_sdk.protocol.conditions import Condition, Match, Unconditional
from xcap_sdk.protocol.faults import Refused
from xcap_sdk.protocol.messages import XCAP_ATTRIBUTE, XCAP_ELEMENT, check_media_type
from xcap_sdk.protocol.reply import Reply
from xcap_sdk.protocol.wording import shown

Body = bytes | str | object


def get(session: Session, address: Address, *, force: bool = False) -> Flow[Reply[Any]]:
    """Read any resource (RFC 4825 §7.3, §7.6, §7.9, §7.10).

    Args:
        session: The client's session.
        address: What to read.
        force: Whether to send what is known to hurt this server.

    Returns:
        The reply, with a typed value where the type is known.
    """
    _check_address(address)
    talk = Conversation(session)
    if not force:
        yield from before_get(talk, address)
    fetched = yield from fetch(talk, address)
    value = _value(session, address, fetched.body)
    return Reply(fetched.status, fetched.etag, fetched.media_type, fetched.body, value)


def put(
    session: Session,
    address: Address,
    body: Body,
    condition: Condition | None = None,
    media_type: str | None = None,
    *,
    force: bool = False,
) -> Flow[Reply[None]]:
    """Create or replace any resource (RFC 4825 §7.1, §7.4, §7.7).

    Args:
        session: The client's session.
        address: Where to put it.
        body: What to put: bytes as they are, text as UTF-8, or a model for a document or an element.
        condition: When to write; None for the ETag last seen.
        media_type: The body's media type; None for the one that belongs there.
        force: Whether to send it whatever is known of this server.

    Returns:
        The reply; its body is the server's, usually empty.
    """
    _check_address(address)
    data, content_type = _outgoing(session, address, body, media_type)
    talk = Conversation(session)
    if not force:
        yield from before_put(talk, address, data, condition)
    headers = (*_condition(session, address, condition).headers(), ("Content-Type", content_type))
    request, response = yield from talk.ask("PUT", address, headers, data)
    if response.status not in {200, 201, 204}:
        raise failure(session, request, response)
    document = document_of(address)
    session.memory.forget(address)
    session.memory.saw(document, response.etag)
    return Reply(response.status, response.etag, response.media_type, response.body, None)


def delete(
    session: Session, address: Address, condition: Condition | None = None, *, force: bool = False
) -> Flow[Reply[None]]:
    """Delete any resource but namespace bindings (RFC 4825 §7.2, §7.5, §7.8).

    Args:
        session: The client's session.
        address: What to delete.
        condition: When to delete; None for the ETag last seen.
        force: Whether to send it whatever is known of this server.

    Returns:
        The reply; its ETag is that of the document that remains, if one does.
    """
    _check_address(address)
    _check_writable(address)
    talk = Conversation(session)
    if not force:
        yield from before_delete(talk, address)
    headers = _condition(session, address, condition).headers()
    request, response = yield from talk.ask("DELETE", address, headers)
    if response.status not in {200, 204}:
        raise failure(session, request, response)
    session.memory.forget(address)
    remains = None if isinstance(address, DocumentAddress) else response.etag
    session.memory.saw(document_of(address), remains)
    return Reply(response.status, remains, response.media_type, response.body, None)


def _condition(session: Session, address: Address, condition: Condition | None) -> Condition:
    if condition is not None:
        return condition
    seen = session.memory.etag(document_of(address))
    return Unconditional() if seen is None else Match(seen)


def _check_address(address: object) -> None:
    if not isinstance(address, DocumentAddress | ElementAddress | AttributeAddress | NamespacesAddress):
        raise InvalidAddress(
            f"{shown(str(address))} is a {type(address).__name__} and no address: make one with "
            f"client.address(usage, document) or repository.address(document), and .element() of that"
        )


def _check_writable(address: Address) -> None:
    if isinstance(address, NamespacesAddress):
        raise InvalidAddress(
            f"{address}: namespace bindings can only be read (RFC 4825 §7.10); "
            f"put the element with its declarations instead. Nothing was sent."
        )


def _outgoing(session: Session, address: Address, body: Body, media_type: str | None) -> tuple[bytes, str]:
    """The bytes and media type to send; without a charset, which some servers take for another type."""
    _check_writable(address)
    if media_type is not None:
        check_media_type(media_type)
    if isinstance(address, AttributeAddress):
        if isinstance(body, str):
            return _attribute_value(address, body), media_type or XCAP_ATTRIBUTE
        return _bytes(address, body), media_type or XCAP_ATTRIBUTE
    if isinstance(address, ElementAddress):
        data = _element(address, body) if is_model(body) else body
        return _bytes(address, data), media_type or XCAP_ELEMENT
    usage = session.usages.get(document_of(address).auid)
    if media_type is None and usage is None:
        raise InvalidInput(
            f"{address}: this client does not know application usage {document_of(address).auid!r}, "
            f"so say media_type=, or make an ApplicationUsage and take its address from repository(usage). "
            f"Nothing was sent."
        )
    data = body if isinstance(body, bytes | str) or usage is None else _model(address, body, usage.root)
    return _bytes(address, data), media_type or (usage.media_type if usage else "")


def _attribute_value(address: AttributeAddress, text: str) -> bytes:
    """Text in quotes that is an AttValue goes as it is; any other is taken for the value (RFC 4825 §7.7)."""
    data = _bytes(address, text)
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        try:
            decode_attribute_value(data)
        except Refused:
            return encode_attribute_value(text)
        return data
    return encode_attribute_value(text)


def _model(address: Address, body: object, root: type[object]) -> bytes:
    if not isinstance(body, root):
        raise InvalidInput(
            f"{address}: the body is {type(body).__name__}; give bytes, text, or a {root.__name__}. "
            f"Nothing was sent."
        )
    return serialize(body)


def _element(address: ElementAddress, body: object) -> bytes:
    written = meta_of(type(body)).qname.rpartition("}")[2]
    selected = address.selector.steps[-1].name.rpartition(":")[2]
    if selected not in {written, "*"}:
        raise InvalidInput(
            f"{address}: the body is {type(body).__name__}, which is written as <{written}>, and not as the "
            f"<{selected}> of the selector; give bytes or text, or the model of that. Nothing was sent."
        )
    return serialize_element(body)


def _bytes(address: Address, body: Body) -> bytes:
    if isinstance(body, str):
        try:
            return body.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"{address}: character {error.start + 1} of the body, {body[error.start]!r}, is half a "
                f"character, which UTF-8 cannot hold. Nothing was sent."
            ) from None
    if not isinstance(body, bytes):
        raise InvalidInput(
            f"{address}: the body is {type(body).__name__}; give bytes or text. Nothing was sent."
        )
    return body


def _value(session: Session, address: Address, body: bytes) -> Any:
    """The typed value of a body; None where the type is not known, or the body does not fit it."""
    try:
        match address:
            case DocumentAddress():
                usage = session.usages.get(address.auid)
                return None if usage is None else parse(body, usage.root)
            case AttributeAddress():
                return decode_attribute_value(body)
            case NamespacesAddress():
                return decode_namespaces(body)
            case ElementAddress():
                return None
    except (DocumentError, Refused):
        return None
