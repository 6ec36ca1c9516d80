"""The conflict reports of RFC 4825 §11, between their XML and `Fault`."""

from __future__ import annotations

from lxml import etree

from xcap_documents.xcap_error import __NAMESPACE__ as NAMESPACE
from xcap_sdk.documents.xml import Element, parse_xml
from xcap_sdk.errors import DocumentError
from xcap_sdk.protocol.faults import Exists, Fault, FaultKind

_KINDS = {f"{{{NAMESPACE}}}{kind}": kind for kind in FaultKind}
_ROOT, _ANCESTOR, _EXISTS, _ALTERNATIVE = (
    f"{{{NAMESPACE}}}{name}" for name in ("xcap-error", "ancestor", "exists", "alt-value")
)


def parse_fault(body: bytes) -> Fault | None:
    """Read a conflict report tolerantly: what is not understood is left out (RFC 4825 §11).

    Args:
        body: The body of a 409, of whatever media type.

    Returns:
        The report; None if the body is none, or of no condition that RFC 4825 knows.
    """
    try:
        root = parse_xml(body).getroot()
    except DocumentError:
        return None
    if root.tag != _ROOT:
        return None
    for condition in root:
        kind = _KINDS.get(str(condition.tag))
        if kind is not None:
            return _fault(kind, condition)
    return None


def _fault(kind: FaultKind, condition: Element) -> Fault:
    ancestor = _text(condition.find(_ANCESTOR))
    exists = tuple(
        Exists(
            field=str(found.get("field", "")),
            alternatives=tuple(_text(each) or "" for each in found.iterchildren(_ALTERNATIVE)),
        )
        for found in condition.iterchildren(_EXISTS)
    )
    content = "".join(
        etree.tostring(child, encoding="unicode", with_tail=False)
        for child in condition
        if isinstance(child.tag, str)
    )
    return Fault(
        kind=kind,
        phrase=_phrase(condition),
        ancestor=ancestor if kind is FaultKind.NO_PARENT else None,
        exists=exists if kind is FaultKind.UNIQUENESS_FAILURE else (),
        extension=(content or None) if kind is FaultKind.EXTENSION else None,
    )


def _phrase(condition: Element) -> str | None:
    phrase = condition.get("phrase")
    return str(phrase) if phrase else None


def _text(element: Element | None) -> str | None:
    text = None if element is None else "".join(str(part) for part in element.itertext("{*}*"))
    return (text or "").strip() or None


def fault_body(fault: Fault) -> bytes:
    """Write a conflict report (RFC 4825 §11.2).

    Args:
        fault: The report. Its phrase is left out for an extension, where the schema has no place for it.

    Returns:
        A document of type application/xcap-error+xml.

    Raises:
        NotWellFormed: The content of the extension is no XML.
    """
    root = etree.Element(_ROOT, nsmap={None: NAMESPACE})
    condition = etree.SubElement(root, f"{{{NAMESPACE}}}{fault.kind}")
    if fault.kind is FaultKind.EXTENSION:
        content = f"<extension>{fault.extension or ''}</extension>".encode()
        condition.extend(list(parse_xml(content).getroot()))
    elif fault.phrase:
        condition.set("phrase", _writable(fault.phrase))
    if fault.kind is FaultKind.NO_PARENT and fault.ancestor:
        etree.SubElement(condition, _ANCESTOR).text = _writable(fault.ancestor)
    if fault.kind is FaultKind.UNIQUENESS_FAILURE:
        for each in fault.exists:
            exists = etree.SubElement(condition, _EXISTS, field=_writable(each.field))
            for value in each.alternatives:
                etree.SubElement(exists, _ALTERNATIVE).text = _writable(value)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="UTF-8") + b"\n"


def _writable(text: str) -> str:
    """Text with what XML cannot hold replaced: a phrase may quote what a client sent."""
    return "".join(char if _is_xml(ord(char)) else "\N{REPLACEMENT CHARACTER}" for char in text)


def _is_xml(code: int) -> bool:
    """XML 1.0 §2.2."""
    return code in {9, 10, 13} or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
