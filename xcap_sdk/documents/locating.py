"""Selectors of patches on a document (RFC 5261 §4.1, §4.2.1): each has to select exactly one node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from xcap_sdk.documents.rawtree import (
    RawAside,
    RawDocument,
    RawElement,
    RawNode,
    RawText,
    descendants,
    expand,
    namespace_of,
    value_of,
)
from xcap_sdk.errors import PatchError
from xcap_sdk.protocol.diffs import PatchCondition, PatchOperation
from xcap_sdk.protocol.grammar import GrammarError
from xcap_sdk.protocol.patchpaths import (
    Comparison,
    NameStep,
    NodeStep,
    PatchPath,
    PathStep,
    read_path,
)
from xcap_sdk.protocol.xmltext import XML_NAMESPACE

_XML_ID = f"{{{XML_NAMESPACE}}}id"


class Effort:
    """Counts what a patch makes one look at, so that none can take for ever.

    Args:
        most: How many nodes.
    """

    def __init__(self, most: int) -> None:
        self._left = most

    def spend(self, operation: PatchOperation, nodes: int = 1) -> None:
        """Look at nodes.

        Raises:
            PatchError: There were more than are allowed.
        """
        self._left -= nodes
        if self._left < 0:
            fail(operation, PatchCondition.INVALID_PATCH_DIRECTIVE, "the patch takes too much to apply")


def fail(operation: PatchOperation, condition: PatchCondition, what: str) -> NoReturn:
    """Give up an operation.

    Raises:
        PatchError: In any case.
    """
    raise PatchError(f"{operation}: {what} [{condition}]", condition=condition, operation=operation)


class Located:
    """What an operation's selector selects.

    Attributes:
        node: The node; for an attribute or a declaration the element that has it.
        last: The step that selects the attribute or declaration; None for a node.
    """

    __slots__ = ("last", "node")

    def __init__(self, node: RawNode, last: NameStep | None) -> None:
        self.node: RawNode = node
        self.last: NameStep | None = last


class Locator:
    """Finds what one operation changes.

    Args:
        document: The document.
        operation: The operation.
        effort: What may still be looked at.
    """

    def __init__(self, document: RawDocument, operation: PatchOperation, effort: Effort) -> None:
        self._document = document
        self._operation = operation
        self._effort = effort
        self._names: dict[tuple[str, bool], str] = {}

    def locate(self) -> Located:
        """Find the node.

        Raises:
            PatchError: The selector is none, or selects no node, or several.
        """
        try:
            path = read_path(self._operation.sel)
        except GrammarError as error:
            self._fail(PatchCondition.INVALID_ATTRIBUTE_VALUE, str(error))
        found: list[RawNode] = self._start(path)
        for depth, step in enumerate(path.steps):
            at_root = depth == 0 and path.id is None
            parents = (
                [self._document] if at_root else [each for each in found if isinstance(each, RawElement)]
            )
            found = [child for parent in parents for child in self._step(parent, step)]
        parents = [self._document] if not path.steps and path.id is None else _elements(found)
        match path.last:
            case NodeStep():
                found = [child for parent in parents for child in self._nodes(parent, path.last)]
            case NameStep():
                found = [each for each in _elements(found) if self._has(each, path.last)]
            case None:
                pass
        if len(found) != 1:
            self._fail(
                PatchCondition.UNLOCATED_NODE,
                f"selects {len(found) or 'no'} nodes, and has to select exactly one (RFC 5261 §4.1)",
            )
        last = path.last if isinstance(path.last, NameStep) else None
        if last is not None and last.is_namespace:
            self._check_declared(found[0], last.name)
        return Located(found[0], last)

    def expanded(self, name: str, *, is_attribute: bool) -> str:
        """A name by the declarations of the diff document (RFC 5261 §4.2.1).

        Raises:
            PatchError: Its prefix is not bound.
        """
        known = self._names.get((name, is_attribute))
        if known is not None:
            return known
        expanded = expand(name, self._operation.namespaces, is_attribute=is_attribute)
        if expanded is None:
            self._fail(
                PatchCondition.INVALID_NAMESPACE_PREFIX, f"the diff does not declare the prefix of {name}"
            )
        self._names[name, is_attribute] = expanded
        return expanded

    def _start(self, path: PatchPath) -> list[RawNode]:
        if path.id is None:
            if not path.steps and isinstance(path.last, NameStep):
                self._fail(
                    PatchCondition.UNLOCATED_NODE,
                    "the document itself has neither attributes nor declarations",
                )
            return []
        found: list[RawNode] = []
        roots = [node for node in self._document.children if isinstance(node, RawElement)]
        for node in (*roots, *(inner for root in roots for inner in descendants(root))):
            self._effort.spend(self._operation)
            if isinstance(node, RawElement) and "id" in node.opening:
                attribute = node.attributes.get(_XML_ID)
                if attribute is not None and value_of(attribute).strip() == path.id:
                    found.append(node)
        if not found:
            self._fail(
                PatchCondition.UNSUPPORTED_ID_FUNCTION,
                f"no xml:id is {path.id!r}, and which other attributes are IDs is not known here",
            )
        return found

    def _step(self, parent: RawElement | RawDocument, step: PathStep) -> list[RawElement]:
        name = "*" if step.name == "*" else self.expanded(step.name, is_attribute=False)
        self._effort.spend(self._operation, len(parent.children))
        children = [child for child in parent.children if isinstance(child, RawElement)]
        found = children if name == "*" else [child for child in children if child.name == name]
        for test in step.tests:
            if isinstance(test, int):
                found = found[test - 1 : test] if test else []
            else:
                found = self._passing(found, test)
        return found

    def _passing(self, elements: list[RawElement], test: Comparison) -> list[RawElement]:
        if test.name is None:
            return [each for each in elements if self._text(each) == test.value]
        name = self.expanded(test.name, is_attribute=test.is_attribute)
        if test.is_attribute:
            self._effort.spend(self._operation, len(elements))
            likely = [each for each in elements if each.may_have(test.value)]
            return [each for each in likely if self._attribute(each, name) == test.value]
        return [
            each
            for each in elements
            if any(
                isinstance(child, RawElement) and child.name == name and self._text(child) == test.value
                for child in each.children
            )
        ]

    def _attribute(self, element: RawElement, name: str) -> str | None:
        attributes = element.attributes
        self._effort.spend(self._operation, len(attributes))
        attribute = attributes.get(name)
        return None if attribute is None else value_of(attribute)

    def _text(self, element: RawElement) -> str:
        """The string value of an element (XPath 1.0 §5.2)."""
        texts: list[str] = []
        for node in descendants(element):
            length = len(node.raw) if isinstance(node, RawText) else 0
            self._effort.spend(self._operation, 1 + length // 100)
            if isinstance(node, RawText):
                texts.append(node.value)
        return "".join(texts)

    def _nodes(self, parent: RawElement | RawDocument, step: NodeStep) -> list[RawNode]:
        self._effort.spend(self._operation, len(parent.children))
        found: list[RawNode]
        if step.kind == "text":
            texts = [] if isinstance(parent, RawDocument) else parent.children
            found = [node for node in texts if isinstance(node, RawText)]
        else:
            asides = [node for node in parent.children if isinstance(node, RawAside)]
            found = [node for node in asides if _fits(node, step)]
        if step.position is None:
            return found
        return found[step.position - 1 : step.position] if step.position else []

    def _has(self, element: RawElement, last: NameStep) -> bool:
        """Whether an element has an attribute, or a prefix in scope."""
        self._effort.spend(self._operation)
        if last.is_namespace:
            return bool(namespace_of(element, last.name))
        return self.expanded(last.name, is_attribute=True) in element.attributes

    def _check_declared(self, node: RawNode, prefix: str) -> None:
        if not isinstance(node, RawElement) or prefix not in node.declared:
            self._fail(
                PatchCondition.UNLOCATED_NODE,
                f"the element does not declare the prefix {prefix} itself (RFC 5261 §4.4.3, §4.5.3)",
            )

    def _fail(self, condition: PatchCondition, what: str) -> NoReturn:
        fail(self._operation, condition, what)


def _elements(nodes: Iterable[RawNode]) -> list[RawElement]:
    return [node for node in nodes if isinstance(node, RawElement)]


def _fits(node: RawAside, step: NodeStep) -> bool:
    if step.kind == "comment":
        return node.target is None
    return node.target is not None and step.target in (None, node.target)
