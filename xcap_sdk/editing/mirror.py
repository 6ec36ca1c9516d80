"""Which elements of a document the children of an outline are."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.xml import Element


class Unmirrored(Exception):
    """The model does not show the document's element as it is."""


def elements(element: Element) -> list[Element]:
    """The element children of an element."""
    return list(element.iterchildren("*"))


def mirrored(names: Sequence[str], children: Sequence[Element]) -> Sequence[int]:
    """Which of an element's children are those of the model: the n-th of a name is the n-th of that name.

    Raises:
        Unmirrored: The document has fewer.
    """
    tags = [str(child.tag) for child in children]
    if tags == names:
        return range(len(names))
    where: dict[str, deque[int]] = defaultdict(deque)
    for index, tag in enumerate(tags):
        where[tag].append(index)
    try:
        return [where[name].popleft() for name in names]
    except IndexError:
        raise Unmirrored from None


def everything(was: Outline, element: Element) -> Iterator[tuple[Outline, Element]]:
    """An element and all inside it, as far as the model shows it as it is, each with what shows it."""
    pending = [(was, element)]
    while pending:
        outline, element = pending.pop()
        yield outline, element
        children = elements(element)
        try:
            where = mirrored([each.name for each in outline.children], children)
        except Unmirrored:
            continue
        pending += [(each, children[place]) for each, place in zip(outline.children, where, strict=True)]
