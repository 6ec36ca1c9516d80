"""Comments and instructions, which no model shows."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from lxml import etree

from xcap_sdk.documents.writer import is_stand_in
from xcap_sdk.documents.xml import Element


def has_asides(element: Element) -> bool:
    """Whether there are comments or instructions anywhere in an element."""
    return next(element.iter(etree.Comment, etree.ProcessingInstruction), None) is not None


def keep_asides(old: Element, new: Element, kept: Mapping[Element, Element]) -> None:
    """Take over the comments and instructions right inside an element that is made anew.

    Each comes behind the child that it stood behind, or that was before that one, if it is there still.

    Args:
        old: The element.
        new: The new one.
        kept: What stands in the new one, or elsewhere, for those of the children that are kept.
    """
    at = 0
    for node in old:
        if isinstance(node.tag, str):
            child = kept.get(node)
            if child is not None and child.getparent() is new:
                at = new.index(child) + 1
        elif not is_stand_in(node):
            aside = copy.copy(node)
            aside.tail = None
            new.insert(at, aside)
            at += 1
