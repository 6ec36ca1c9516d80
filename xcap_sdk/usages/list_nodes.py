"""The nodes of resource-lists models: their places and addresses, and what a selector selects among them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from xcap_documents.resource_lists import __NAMESPACE__ as NAMESPACE
from xcap_documents.resource_lists import Entry, EntryRef, External, ResourceList, ResourceLists
from xcap_sdk.documents.bounded import subscript
from xcap_sdk.errors import InvalidInput
from xcap_sdk.protocol.addresses import DocumentAddress, ElementAddress
from xcap_sdk.protocol.selectors import NodeSelector, Step
from xcap_sdk.usages.list_kinds import Item, Parent, kind_of


def children(parent: Parent, place: str) -> Iterator[tuple[Item, str, Step]]:
    """What is in a document or list, with its place in the model and the step that selects it.

    Both go by the key, unless it is missing or several siblings have it; so does no place that is long.
    """
    keys = [(type(item), _key(item)) for item in parent.items]
    counts = Counter(keys)
    numbers = Counter[type]()
    for item, (kind, key) in zip(list(parent.items), keys, strict=True):
        view, element, attribute = kind_of(item)
        number = numbers[kind]
        numbers[kind] += 1
        own = key if counts[kind, key] == 1 else None
        step = Step(element, number + 1) if own is None else Step(element, None, (attribute, own))
        where = f"{place}{'.' if place else ''}{view}"
        yield item, where + subscript(where, own, number), step


def address_of(document: DocumentAddress, book: ResourceLists, item: Item) -> ElementAddress:
    """The address of a list, entry or reference in hand: the very object, wherever it is in its document.

    Args:
        document: The document's address.
        book: The document's model.
        item: A part of it.

    Returns:
        The item's address; by names and URIs where those are its own, else by position.

    Raises:
        InvalidInput: The item is not in the document.
    """
    pending: list[tuple[Parent, tuple[Step, ...]]] = [(book, (Step("resource-lists"),))]
    while pending:
        parent, steps = pending.pop()
        for child, _, step in children(parent, ""):
            if child is item:
                return ElementAddress(document, NodeSelector((*steps, step)))
            if isinstance(child, ResourceList):
                pending.append((child, (*steps, step)))
    raise InvalidInput(f"this {type(item).__name__} is not in the document in hand: give the object from it")


class Nodes:
    """Finds nodes in models by selectors; what it has looked through once, it knows while it lives.

    The models must live as long, and stay as they are.
    """

    def __init__(self) -> None:
        self._known: dict[int, _Elements] = {}

    def select(self, book: ResourceLists, selector: NodeSelector) -> tuple[object, str]:
        """What a selector selects (RFC 4825 §6.3): exactly one element, as it would in the document.

        Args:
            book: The model.
            selector: A selector of an element; unprefixed names are of resource-lists.

        Returns:
            The element and its place in the model; None and nothing if no element fits, or several do.
        """
        siblings = _Elements([(_name("resource-lists"), book, "")])
        found: object = None
        place = ""
        for step in selector.steps:
            fitting = siblings.fitting(step, selector)
            if len(fitting) != 1:
                return None, ""
            _, found, place = fitting[0]
            siblings = self._elements(found, place)
        return found, place

    def _elements(self, parent: object, place: str) -> _Elements:
        if id(parent) not in self._known:
            self._known[id(parent)] = _Elements(list(_elements(parent, place)))
        return self._known[id(parent)]


_Element: TypeAlias = tuple[str, object, str]
"""The name of an element, what it is in the model, and its place."""


class _Elements:
    """The child elements of one element, by name and by key."""

    def __init__(self, elements: list[_Element]) -> None:
        self._all = elements
        self._named = defaultdict[str, list[_Element]](list)
        self._keyed = defaultdict[tuple[str, str, str], list[_Element]](list)
        for element in elements:
            name, item, _ = element
            self._named[name].append(element)
            if (
                isinstance(item, ResourceList | Entry | EntryRef | External)
                and (key := _key(item)) is not None
            ):
                self._keyed[name, kind_of(item)[2], key].append(element)

    def fitting(self, step: Step, selector: NodeSelector) -> list[_Element]:
        """Those that a step fits."""
        name = selector.expanded(step.name, NAMESPACE)
        found = self._all if name == "*" else self._named.get(name, [])
        if step.position is not None:
            found = found[step.position - 1 : step.position] if step.position else []
        if step.attribute is None:
            return found
        attribute, value = selector.expanded(step.attribute[0], None), step.attribute[1]
        if step.position is None and name != "*" and not attribute.startswith("{"):
            return self._keyed.get((name, attribute, value), [])
        return [each for each in found if _attribute(each[1], attribute) == value]


def _elements(parent: object, place: str) -> Iterator[_Element]:
    """The child elements, in document order."""
    if isinstance(parent, ResourceList) and parent.display_name is not None:
        yield _name("display-name"), parent.display_name, f"{place}.display_name"
    if isinstance(parent, ResourceLists | ResourceList):
        for item, where, _ in children(parent, place):
            yield _name(kind_of(item)[1]), item, where
    if isinstance(parent, ResourceList):
        for number, extension in enumerate(parent.extensions):
            yield str(getattr(extension, "qname", None)), extension, f"{place}.extensions[{number}]"


def _attribute(element: object, name: str) -> str | None:
    if isinstance(element, ResourceList | Entry | EntryRef | External) and name == kind_of(element)[2]:
        return _key(element)
    others: dict[str, str] = getattr(element, "attributes", {})
    return others.get(name)


def _name(element: str) -> str:
    return f"{{{NAMESPACE}}}{element}"


def _key(item: Item) -> str | None:
    key: str | None = getattr(item, kind_of(item)[2])
    return key
