"""The bodies of attributes and namespace bindings (RFC 4825 §7.7, §7.9, §7.10) and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from xcap_sdk.documents.fragments import Scope, declarations
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.faults import Fault, FaultKind, Refused
from xcap_sdk.protocol.xmltext import (
    BLANK,
    MalformedValueError,
    forbidden_character,
    quote_value,
    unescape_value,
)


def decode_attribute_value(body: bytes, *, strict: bool = False) -> str:
    """Read the body of an attribute: an AttValue, quotes included (RFC 4825 §7.9).

    Args:
        body: The body in UTF-8; white space around the quotes is passed over.
        strict: Whether to refuse a body without quotes. Some servers send one: it is read as if it had them,
            and if that cannot be, taken as it is.

    Returns:
        The value itself: references resolved, tabs and line ends made spaces.

    Raises:
        Refused: not-xml-att-value or not-utf-8.
    """
    text = read_utf8(body)
    value = text.strip(BLANK)
    quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    if not quoted:
        if strict or forbidden_character(text) is not None:
            raise _refused("expected an attribute value in quotes, with nothing but white space around it")
        try:
            return unescape_value(text)
        except MalformedValueError:
            return text
    if value[0] in value[1:-1]:
        raise _refused(f"{value[0]} within a value that it delimits has to be a reference")
    try:
        return unescape_value(value[1:-1])
    except MalformedValueError as error:
        raise _refused(f"behind the opening quote, {error}") from error


def encode_attribute_value(value: str) -> bytes:
    """Write the body of an attribute: an AttValue in UTF-8, quotes included (RFC 4825 §7.7).

    Raises:
        InvalidInput: The value has a character that no XML document can hold.
    """
    position = forbidden_character(value)
    if position is not None:
        raise InvalidInput(
            f"no attribute can hold {value[position]!r}, character {position + 1} of {value!r:.200}"
        )
    return quote_value(value).encode()


def decode_namespaces(body: bytes) -> dict[str, str]:
    """Read the body of ``namespace::*`` (RFC 4825 §7.10).

    Returns:
        Namespace URIs by prefix; the default namespace under the empty string, if there is one.

    Raises:
        NotWellFormed: It is no element.
        ForbiddenXml: It has a DOCTYPE, or takes more than the limits allow.
    """
    found: Mapping[str | None, str] = parse_xml(body).getroot().nsmap
    return {prefix or "": uri for prefix, uri in found.items() if uri}


def encode_namespaces(name: str, namespaces: Scope) -> bytes:
    """Write the body of ``namespace::*``: an empty element with all bindings in scope (RFC 4825 §8.3, §10).

    Args:
        name: The element's name with prefix, as in the document.
        namespaces: The namespaces in scope.
    """
    ordered = {prefix: namespaces[prefix] for prefix in sorted(namespaces, key=lambda prefix: prefix or "")}
    return f"<{name}{declarations(ordered)}/>".encode()


def read_utf8(body: bytes) -> str:
    """The text of a body.

    Raises:
        Refused: not-utf-8.
    """
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        phrase = f"byte {error.start + 1} of the body is no UTF-8"
        raise Refused(Fault(FaultKind.NOT_UTF_8, phrase)) from error


def _refused(phrase: str) -> Refused:
    return Refused(Fault(FaultKind.NOT_XML_ATT_VALUE, phrase))
