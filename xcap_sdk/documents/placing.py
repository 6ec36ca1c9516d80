"""Where an element of a document is in its model."""

from __future__ import annotations

from collections import defaultdict

from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import Places
from xcap_sdk.documents.xml import Element


class Placer:
    """Finds the elements of a document in its model.

    What it counts among siblings it keeps, so that many elements of one crowd take no time each.

    Args:
        outline: The outline of the model; None to name places by the document's elements.
    """

    def __init__(self, outline: Outline | None) -> None:
        self._outline = outline
        self._places = None if outline is None else Places(outline)
        self._numbers: dict[Element, dict[Element, int]] = {}
        self._candidates: dict[Outline, dict[str, list[int]]] = {}

    def place(self, element: Element, attribute: str | None) -> str:
        """The place of an element, or of an attribute of it, in the model."""
        if self._places is None:
            return element.getroottree().getpath(element) + (f"/@{attribute}" if attribute else "")
        steps, whole = self.steps(element)
        return self._places.place(steps, attribute if whole else None)

    def steps(self, element: Element) -> tuple[list[int], bool]:
        """Where an element is in the model.

        Args:
            element: An element of the document.

        Returns:
            The positions of the children from the root down, and whether they lead to the element itself: of
            what the model does not hold they lead to the nearest element that it does.
        """
        steps: list[int] = []
        outline = self._outline
        for child in [element, *element.iterancestors()][-2::-1]:
            candidates = [] if outline is None else self._named(outline, str(child.tag))
            number = self._number(child)
            if outline is None or number >= len(candidates):
                return steps, False
            steps.append(candidates[number])
            outline = outline.children[candidates[number]]
        return steps, True

    def _number(self, child: Element) -> int:
        """How many siblings of the same name stand before a child."""
        parent = child.getparent()
        assert parent is not None, "only the root has none"
        if parent not in self._numbers:
            counts: dict[str, int] = defaultdict(int)
            self._numbers[parent] = numbers = {}
            for each in parent.iterchildren("*"):
                numbers[each] = counts[str(each.tag)]
                counts[str(each.tag)] += 1
        return self._numbers[parent][child]

    def _named(self, outline: Outline, name: str) -> list[int]:
        """The positions of the children with a name."""
        if outline not in self._candidates:
            named = self._candidates[outline] = defaultdict[str, list[int]](list)
            for index, each in enumerate(outline.children):
                named[each.name].append(index)
        return self._candidates[outline].get(name, [])
