"""Whether two trees hold the same, white space between elements aside."""

from __future__ import annotations

from xcap_sdk.documents.xml import Element
from xcap_sdk.protocol.xmltext import BLANK


def same_tree(one: Element, other: Element) -> bool:
    """Compare two documents: names, attributes, text, comments and instructions, in order.

    Blank text counts for none. What stands before and behind the root elements is compared too.

    Args:
        one: A root element.
        other: Another one.
    """
    for around in (False, True):
        asides = [[look(node) for node in root.itersiblings(preceding=around)] for root in (one, other)]
        if asides[0] != asides[1]:
            return False
    pending = [(one, other)]
    while pending:
        left, right = pending.pop()
        if look(left) != look(right) or len(left) != len(right):
            return False
        if solid(left.text) != solid(right.text) or (
            left.items() != right.items() and left.attrib != right.attrib
        ):
            return False
        for child, its in zip(left, right, strict=True):
            if solid(child.tail) != solid(its.tail):
                return False
            pending.append((child, its))
    return True


def look(node: Element) -> tuple[str, str]:
    """What tells one node from another, but for an element's content: for asides their text."""
    if isinstance(node.tag, str):
        return node.tag, ""
    return getattr(node, "target", None) or "", node.text or ""


def is_element(node: Element) -> bool:
    """Whether a node is an element, and no comment or instruction."""
    return isinstance(node.tag, str)


def solid(text: str | None) -> str:
    """A text that is not blank; else nothing."""
    return text if text and text.strip(BLANK) else ""
