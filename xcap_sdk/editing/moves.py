"""Makes edits. What goes in one place and comes in another moves, with all that the model does not show."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeAlias

from xcap_sdk.documents.asides import has_asides, keep_asides
from xcap_sdk.documents.classes import is_model
from xcap_sdk.documents.outline import Fingerprint, Outline
from xcap_sdk.documents.rendering import element_of
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.documents.writer import is_stand_in, stand_in
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.diff import Keys, identity_anywhere
from xcap_sdk.editing.edits import Edit, Insert, Remove, Replace
from xcap_sdk.editing.lineage import Lineage
from xcap_sdk.editing.mirror import everything

Inside: TypeAlias = Callable[[Outline, Outline, Element], list[Edit]]
"""The edits of an element from how it was to how it is to be."""


def apply(
    edits: Sequence[Edit], splice: Splice, keys: Keys, lineage: Lineage, inside: Inside | None = None
) -> None:
    """Make the edits of a document.

    Args:
        edits: The edits.
        splice: What makes them.
        keys: The usage's keys.
        lineage: What is known of the objects of the edited model.
        inside: Finds the edits of an element that moves and changes; None to make it anew instead.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
        InvalidInput: It holds something that the document's encoding cannot.
        ValueError: The edits cannot be made together.
    """
    moves = _Moves(edits, keys, lineage, inside)
    moves.find()
    for edit in moves.edits:
        if isinstance(edit, Insert):
            if (element := moves.source(edit.outline)) is not None:
                splice.move(element, edit.parent, edit.index)
            else:
                splice.insert(edit.parent, edit.index, *moves.made(edit))
        elif isinstance(edit, Replace):
            splice.replace(edit.element, *moves.made(edit))
        elif not isinstance(edit, Remove):
            edit(splice)
        elif not moves.takes(edit.element):
            splice.remove(edit.element)


class _Moves:
    """Finds out which of the elements that come are ones that go.

    Attributes:
        edits: The edits, and those inside the elements that move.
    """

    def __init__(self, edits: Sequence[Edit], keys: Keys, lineage: Lineage, inside: Inside | None) -> None:
        self.edits: list[Edit] = []
        self._keys = keys
        self._lineage = lineage
        self._inside = inside
        self._coming: list[Insert] = []
        self._going: list[Remove] = []
        self._replacing: list[Replace] = []
        self._sources: dict[int, tuple[Outline, Element]] = {}  # by the ids of the outlines that come
        self._taken: set[int] = set()
        self._into: dict[int, list[tuple[Outline, Element]]] = defaultdict(list)
        self._add(edits)

    def source(self, outline: Outline) -> Element | None:
        """The element that comes here; None for a new one."""
        found = self._sources.get(id(outline))
        return None if found is None else found[1]

    def takes(self, element: Element) -> bool:
        """Whether an element goes elsewhere."""
        return id(element) in self._taken

    def made(self, edit: Insert | Replace) -> tuple[Element, list[Element]]:
        """A new element, and the elements of the document that go into it."""
        inner = self._into.get(id(edit), [])
        nodes = {id(outline.value): stand_in(number) for number, (outline, _) in enumerate(inner)}
        old = (
            self._original(edit.outline) if isinstance(edit, Insert) else edit.element if edit.keeps else None
        )
        prefixes = {} if old is None else dict(old.nsmap)
        new = element_of(edit.outline, prefixes, standing_in=nodes)
        if self._lineage.has_copies or self._originals:
            placed = {element: nodes[id(outline.value)] for outline, element in inner}
            self._keep_asides(edit.outline, new, old, placed)
        return new, [element for _, element in inner]

    def _keep_asides(
        self, outline: Outline, new: Element, old: Element | None, placed: dict[Element, Element]
    ) -> None:
        """Take over comments and instructions into what is made anew and is one of the document's elements.

        Args:
            outline: What is made.
            new: It.
            old: The element that it is, if any.
            placed: The nodes in it that stand for elements of the document; gets those made anew, too.
        """
        known: list[tuple[Element, Element]] = []
        pending = [(outline, new)]
        while pending:
            outline, node = pending.pop()
            if is_stand_in(node):
                continue
            was = old if node is new else self._original(outline)
            if was is not None:
                known.append((was, node))
                placed[was] = node
            pending += zip(outline.children, node, strict=True)
        for was, node in known:
            keep_asides(was, node, placed)

    def _original(self, outline: Outline) -> Element | None:
        """The element that something made anew is; None for what is new, or has no comments in it."""
        origin = self._lineage.origin(outline.value)
        old = None if origin is None else self._originals.get(id(origin))
        return self._lineage.element(outline.value) if old is None else old

    @cached_property
    def _originals(self) -> dict[int, Element]:
        """The elements that go or are replaced, and all in them, by the ids of their objects as they were.

        Nothing if there are no comments and instructions in them.
        """
        gone = [(edit.outline, edit.element) for edit in self._going]
        gone += [(edit.was, edit.element) for edit in self._replacing]
        if not any(has_asides(element) for _, element in gone):
            return {}
        return {
            id(was.value): each for outline, element in gone for was, each in everything(outline, element)
        }

    def find(self) -> None:
        """Look until there is nothing more to be found: inside what moves there may be more that does."""
        while (self._coming and self._going) or self._replacing:
            if not (self._by_object() or self._by_object_inside() or self._by_looks() or self._by_key()):
                return

    def _add(self, edits: Sequence[Edit]) -> None:
        self.edits += edits
        self._coming += [edit for edit in edits if isinstance(edit, Insert)]
        self._going += [edit for edit in edits if isinstance(edit, Remove)]
        self._replacing += [edit for edit in edits if isinstance(edit, Replace)]

    def _take(self, outline: Outline, was: Outline, element: Element, *, changed: bool = True) -> bool:
        """Let an element be what comes, if it can be made into that."""
        if id(element) in self._taken:
            return False
        inner: list[Edit] = []
        if changed:
            if self._inside is None:
                return False
            inner = self._inside(was, outline, element)
            if any(isinstance(edit, Replace) and edit.element is element for edit in inner):
                return False
        self._sources[id(outline)] = outline, element
        self._taken.add(id(element))
        self._add(inner)
        return True

    def _clear(self, *, found: bool) -> bool:
        """Leave out what is done."""
        if found:
            self._coming = [edit for edit in self._coming if id(edit.outline) not in self._sources]
            self._going = [edit for edit in self._going if id(edit.element) not in self._taken]
        return found

    def _by_object(self) -> bool:
        """What the same object stands for."""
        going = {id(edit.outline.value): edit for edit in self._going}
        found = False
        for edit in tuple(self._coming):
            origin = self._lineage.origin(edit.outline.value)
            gone = going.get(id(edit.outline.value if origin is None else origin))
            if gone is not None and is_model(edit.outline.value):
                found |= self._take(edit.outline, gone.outline, gone.element)
        return self._clear(found=found)

    def _by_object_inside(self) -> bool:
        """The same for what is in elements that go, and what comes in new ones."""
        if not self._lineage or self._inside is None:
            return False
        going: dict[int, tuple[Outline, Element]] = {}
        for edit in (*self._going, *self._replacing):
            was = edit.outline if isinstance(edit, Remove) else edit.was
            inside = everything(was, edit.element)
            going.update((id(outline.value), (outline, element)) for outline, element in inside)
        for edit in self._replacing:
            going.pop(id(edit.was.value), None)
        found = False
        for edit in (*self._coming, *self._replacing):
            pending = [edit.outline] if isinstance(edit, Insert) else list(reversed(edit.outline.children))
            while pending:
                outline = pending.pop()
                gone = going.get(id(self._lineage.origin(outline.value)))
                if gone is not None and gone[0].name == outline.name and self._take(outline, *gone):
                    found = True
                    if outline is not edit.outline:
                        self._into[id(edit)].append((outline, gone[1]))
                elif id(outline) not in self._sources:
                    pending += reversed(outline.children)
        return self._clear(found=found)

    def _by_looks(self) -> bool:
        """What is the same in all that the model shows."""
        going: dict[Fingerprint, deque[Remove]] = defaultdict(deque)
        for gone in self._going:
            going[gone.outline.fingerprint()].append(gone)
        found = False
        for edit in tuple(self._coming):
            if id(edit) not in self._into and (same := going.get(edit.outline.fingerprint())):
                gone = same.popleft()
                found |= self._take(edit.outline, gone.outline, gone.element, changed=False)
        return self._clear(found=found)

    def _by_key(self) -> bool:
        """What has a key that only one has that goes, and only one that comes."""
        going = [
            (identity, edit)
            for edit in self._going
            if (identity := identity_anywhere(edit.outline, self._keys))
        ]
        coming = [
            (identity, edit)
            for edit in self._coming
            if (identity := identity_anywhere(edit.outline, self._keys))
        ]
        gone, come = (Counter(identity for identity, _ in edits) for edits in (going, coming))
        by_key = {identity: edit for identity, edit in going if gone[identity] == come[identity] == 1}
        found = False
        for identity, edit in coming:
            if id(edit) not in self._into and (match := by_key.get(identity)) is not None:
                found |= self._take(edit.outline, match.outline, match.element)
        return self._clear(found=found)
