"""One patch operation carried out on a document (RFC 5261 §4.3 to §4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn

from xcap_sdk.documents.fragments import quote_attribute
from xcap_sdk.documents.limits import Limits
from xcap_sdk.documents.locating import Effort, Located, Locator, fail
from xcap_sdk.documents.patchcontent import Content
from xcap_sdk.documents.prefixes import Place
from xcap_sdk.documents.rawtree import (
    RawAside,
    RawDocument,
    RawElement,
    RawNode,
    RawText,
    append,
    index_of,
    insert,
    take_out,
)
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.diffs import PatchAdd, PatchCondition, PatchOperation, PatchRemove, PatchReplace
from xcap_sdk.protocol.grammar import GrammarError
from xcap_sdk.protocol.patchpaths import NameStep, read_type
from xcap_sdk.protocol.xmltext import BLANK

_SIDES = {-1: ("before", "both"), 1: ("after", "both")}


class Operator:
    """Carries out one operation.

    Args:
        document: The document; it is changed.
        operation: What to do.
        effort: What may still be looked at.
        limits: How much new content may take.
    """

    def __init__(
        self, document: RawDocument, operation: PatchOperation, effort: Effort, limits: Limits | None
    ) -> None:
        self._document = document
        self._operation = operation
        self._effort = effort
        self._limits = limits
        self._locator = Locator(document, operation, effort)

    def run(self) -> None:
        """Carry it out.

        Raises:
            PatchError: It cannot be.
        """
        located = self._locator.locate()
        try:
            match self._operation:
                case PatchAdd():
                    self._add(self._operation, located, self._content(self._operation))
                case PatchReplace():
                    self._replace(located, self._content(self._operation))
                case PatchRemove():
                    self._remove(self._operation, located)
        except InvalidInput as error:  # characters that no XML can hold, in an operation made by hand
            self._fail(PatchCondition.INVALID_ATTRIBUTE_VALUE, str(error))

    # Adding (§4.3).

    def _add(self, add: PatchAdd, located: Located, content: Content) -> None:
        node = located.node
        if located.last is not None:
            self._fail(
                PatchCondition.INVALID_ATTRIBUTE_VALUE, "nothing is added to an attribute or declaration"
            )
        if add.type is not None:
            try:
                name = read_type(add.type)
            except GrammarError as error:
                self._fail(PatchCondition.INVALID_ATTRIBUTE_VALUE, f"type: {error}")
            if not isinstance(node, RawElement):
                self._fail(PatchCondition.INVALID_PATCH_DIRECTIVE, f"only elements can get {add.type}")
            if name.is_namespace:
                return self._declare(node, name.name, content)
            return self._add_attribute(node, name.name, content)
        match add.pos:
            case None | "prepend":
                if not isinstance(node, RawElement):
                    self._fail(PatchCondition.INVALID_PATCH_DIRECTIVE, "only elements have content to add to")
                nodes = content.nodes(node)
                if nodes:
                    node.open()
                    insert(node, 0, nodes) if add.pos else append(node, nodes)
            case "before" | "after":
                parent = self._parent(node)
                nodes = content.nodes(parent)
                if isinstance(parent, RawDocument):
                    self._check_prolog(nodes)
                insert(parent, index_of(node) + (add.pos == "after"), nodes)
            case _:
                self._fail(PatchCondition.INVALID_ATTRIBUTE_VALUE, f"there is no pos {add.pos!r}")
        return None

    def _check_prolog(self, nodes: Iterable[RawNode]) -> None:
        """See that nodes can stand beside the root element."""
        for node in nodes:
            if isinstance(node, RawElement):
                self._fail(
                    PatchCondition.INVALID_ROOT_ELEMENT_OPERATION, "a document has only one root element"
                )
            if isinstance(node, RawText) and node.raw.strip(BLANK):
                self._fail(
                    PatchCondition.INVALID_XML_PROLOG_OPERATION, "no text can stand beside the root element"
                )

    def _add_attribute(self, element: RawElement, name: str, content: Content) -> None:
        value = content.value()
        expanded = self._locator.expanded(name, is_attribute=True)
        prefix, _, local = name.rpartition(":")
        if name == "xmlns" or prefix == "xmlns":
            self._fail(
                PatchCondition.INVALID_ATTRIBUTE_VALUE, "a declaration is added with type='namespace::prefix'"
            )
        if expanded in element.attributes:
            self._fail(PatchCondition.INVALID_ATTRIBUTE_VALUE, f"the element has an attribute {name} already")
        tag = element.tag
        if prefix:
            uri = expanded[1:].rpartition("}")[0]
            chosen, is_new = Place(element).attribute_prefix(uri, prefix)
            if is_new:
                tag = tag.with_attribute(f"xmlns:{chosen}", quote_attribute(uri))
            local = f"{chosen}:{local}"
        element.tag = tag.with_attribute(local, quote_attribute(value))

    def _declare(self, element: RawElement, prefix: str, content: Content) -> None:
        uri = content.uri(prefix)
        if prefix in element.declared:
            self._fail(
                PatchCondition.INVALID_NAMESPACE_PREFIX, f"the element declares the prefix {prefix} already"
            )
        if self._uses(element, prefix):
            self._fail(
                PatchCondition.INVALID_NAMESPACE_PREFIX,
                f"the prefix {prefix} stands for another declaration in the element already",
            )
        element.tag = element.tag.with_attribute(f"xmlns:{prefix}", quote_attribute(uri))

    # Replacing (§4.4).

    def _replace(self, located: Located, content: Content) -> None:
        node, last = located.node, located.last
        if last is not None:
            assert isinstance(node, RawElement), "attributes and declarations are in elements"
            self._replace_value(node, last, content)
        elif isinstance(node, RawText):
            nodes = content.nodes(self._parent(node))
            if any(not isinstance(each, RawText) for each in nodes):
                self._fail(PatchCondition.INVALID_NODE_TYPES, "a text can only become a text")
            parent = self._parent(node)
            insert(parent, take_out(node), nodes)
        else:
            parent = self._parent(node)
            nodes = content.nodes(parent)
            if len(nodes) != 1 or not _are_alike(node, nodes[0]):
                what = (
                    "an element"
                    if isinstance(node, RawElement)
                    else "an instruction"
                    if node.target
                    else "a comment"
                )
                self._fail(
                    PatchCondition.INVALID_NODE_TYPES, f"{what} is replaced by {what}, with nothing around it"
                )
            index = index_of(node)
            del parent.children[index]
            insert(parent, index, nodes)

    def _replace_value(self, element: RawElement, last: NameStep, content: Content) -> None:
        tag = element.tag
        if last.is_namespace:
            value = content.uri(last.name)
            found = next(each for each in tag.attributes if each.name == f"xmlns:{last.name}")
            for each in self._scope(element, last.name):
                each.renamed(last.name, value)
        else:
            value = content.value()
            found = element.attributes[self._locator.expanded(last.name, is_attribute=True)]
        written = quote_attribute(value, found.value[0])
        element.tag = tag.with_attribute(found.name, written, like=found)

    # Removing (§4.5).

    def _remove(self, remove: PatchRemove, located: Located) -> None:
        node, last = located.node, located.last
        if remove.ws not in (None, "before", "after", "both"):
            self._fail(PatchCondition.INVALID_ATTRIBUTE_VALUE, f"there is no ws {remove.ws!r}")
        if remove.ws and (last is not None or isinstance(node, RawText)):
            self._fail(
                PatchCondition.INVALID_WHITESPACE_DIRECTIVE,
                "white space goes along with elements, comments and instructions only",
            )
        if last is not None:
            assert isinstance(node, RawElement), "attributes and declarations are in elements"
            return self._remove_named(node, last)
        parent = self._parent(node)
        if isinstance(parent, RawDocument) and isinstance(node, RawElement):
            self._fail(PatchCondition.INVALID_ROOT_ELEMENT_OPERATION, "the root element cannot be removed")
        blanks = [self._blank(node, step) for step, sides in _SIDES.items() if remove.ws in sides]
        for each in (*blanks, node):
            take_out(each)
        return None

    def _blank(self, node: RawNode, step: int) -> RawText:
        """The white space beside a node, which has to be there."""
        parent = self._parent(node)
        siblings = [] if isinstance(parent, RawDocument) else parent.children
        index = index_of(node) + step
        found = siblings[index] if 0 <= index < len(siblings) else None
        if not isinstance(found, RawText) or not found.is_blank:
            side = "before" if step < 0 else "after"
            self._fail(
                PatchCondition.INVALID_WHITESPACE_DIRECTIVE,
                f"there is no white space {side} it, or more than that",
            )
        return found

    def _remove_named(self, element: RawElement, last: NameStep) -> None:
        tag = element.tag
        if not last.is_namespace:
            found = element.attributes[self._locator.expanded(last.name, is_attribute=True)]
        elif self._uses(element, last.name):
            self._fail(
                PatchCondition.INVALID_NAMESPACE_PREFIX, f"the prefix {last.name} is in use (RFC 5261 §4.5.3)"
            )
        else:
            found = next(each for each in tag.attributes if each.name == f"xmlns:{last.name}")
        element.tag = tag.without(found)

    # What they share.

    def _content(self, operation: PatchAdd | PatchReplace) -> Content:
        return Content(operation, self._effort, self._limits)

    def _uses(self, element: RawElement, prefix: str) -> bool:
        """Whether names inside an element, its own too, use a prefix that is declared on it or outside."""
        for each in self._scope(element, prefix):
            names = (each.tag.name, *(attribute.name for attribute in each.tag.attributes))
            if any(name.startswith(f"{prefix}:") for name in names):
                return True
        return False

    def _scope(self, element: RawElement, prefix: str) -> Iterator[RawElement]:
        """An element and the elements inside it, without those where a prefix is declared again."""
        waiting = [element]
        while waiting:
            each = waiting.pop()
            self._effort.spend(self._operation, 1 + len(each.children))
            if each is element or prefix not in each.declared:
                yield each
                waiting += [child for child in each.children if isinstance(child, RawElement)]

    def _parent(self, node: RawNode) -> RawElement | RawDocument:
        parent = node.parent
        assert parent is not None, "what was located is in the document"
        return parent

    def _fail(self, condition: PatchCondition, what: str) -> NoReturn:
        fail(self._operation, condition, what)


def _are_alike(one: RawNode, other: RawNode) -> bool:
    if isinstance(one, RawAside) and isinstance(other, RawAside):
        return (one.target is None) == (other.target is None)
    return isinstance(one, RawElement) and isinstance(other, RawElement)
