"""Node selectors evaluated on a document (RFC 4825 §6.3)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element
from xcap_sdk.errors import XcapError
from xcap_sdk.protocol.selectors import AttributeStep, NodeSelector, Step


class NodeNotFound(XcapError):
    """A selector selects nothing in the document, or several nodes: to a server 404 (RFC 4825 §8.3, §8.4).

    Attributes:
        selector: What was to be selected.
        is_ambiguous: Whether a step fits several elements, which makes the selector invalid (§6.3).
        nearest: The selector of the last element on the way that there is; None if that is the document.
    """

    def __init__(self, selector: NodeSelector, *, depth: int, is_ambiguous: bool = False) -> None:
        nearest = NodeSelector(selector.steps[:depth], None, selector.bindings) if depth else None
        failed = selector.steps[depth] if depth < len(selector.steps) else selector.terminal
        fits = "fits several elements, so that it selects none" if is_ambiguous else "fits nothing"
        super().__init__(
            f"no node {selector} in the document: {failed} {fits} in {nearest or 'the document'}"
        )
        self.selector = selector
        self.is_ambiguous = is_ambiguous
        self.nearest = nearest


def find(source: Source, selector: NodeSelector, default_namespace: str | None) -> Element:
    """The element that a selector selects, or that has what it selects.

    An attribute or namespace selector gives the element; whether that has the attribute is not looked at.

    Args:
        source: The document.
        selector: Its prefixes have to be bound.
        default_namespace: The default document namespace of the application usage, for unprefixed element
            names; None if it has none.

    Raises:
        NodeNotFound: A step fits no element, or several.
        UnboundPrefix: A prefix is not bound.
    """
    selector.check_bound()
    found: Element | None = None
    for depth, step in enumerate(selector.steps):
        fitting = matches(siblings(source, found, selector, step, default_namespace), selector, step)
        if len(fitting) != 1:
            raise NodeNotFound(selector, depth=depth, is_ambiguous=bool(fitting))
        found = fitting[0]
    assert found is not None, "a selector has a step at least"
    return found


def siblings(
    source: Source, parent: Element | None, selector: NodeSelector, step: Step, default_namespace: str | None
) -> Iterable[Element]:
    """The children of an element (of the document for None) that fit a step's name, in document order."""
    name = selector.expanded(step.name, default_namespace)
    if parent is not None:
        return parent.iterchildren(name)
    return [source.root] if name in ("*", source.root.tag) else []


def matches(candidates: Iterable[Element], selector: NodeSelector, step: Step) -> list[Element]:
    """Those of the elements that fit a step's position and then its attribute test; two stand for many."""
    if step.position is not None:
        candidates = list(islice(candidates, step.position - 1, step.position)) if step.position else []
    if step.attribute is not None:
        name, value = selector.expanded(step.attribute[0], None), step.attribute[1]
        candidates = (element for element in candidates if element.get(name) == value)
    return list(islice(candidates, 2))


def attribute_name(selector: NodeSelector) -> str:
    """The expanded name of the attribute that a selector selects.

    Raises:
        UnboundPrefix: Its prefix is not bound.
    """
    assert isinstance(selector.terminal, AttributeStep)
    return selector.expanded(selector.terminal.name, None)
