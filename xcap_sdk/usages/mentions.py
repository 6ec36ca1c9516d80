"""Where documents of any application usage refer to lists and entries.

That are entry-refs and externals of resource lists, also inside groups and services; the resource-list of a
service; and the anchors of OMA's external-list conditions, in whatever rules they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xcap_documents.oma_common_policy import Anchor
from xcap_documents.resource_lists import EntryRef, External
from xcap_documents.rls_services import ListReference
from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import place
from xcap_sdk.protocol.addresses import ElementAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.usages.list_references import parse_anchor, parse_reference

_FIELDS: dict[type, str] = {EntryRef: "ref", External: "anchor", Anchor: "anc", ListReference: "value"}
"""The classes that refer, each with the field that says where to."""


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """One reference in a document.

    Attributes:
        text: What it says.
        way: The elements from the root of the document down to it.
        steps: The positions of the children on that way.
    """

    text: str
    way: tuple[Outline, ...]
    steps: tuple[int, ...]

    @property
    def place(self) -> str:
        """The place of what it says, as one would write it: ``lists["work"].externals[0].anchor``."""
        return self._place(self.way[0])

    def place_in(self, original: Outline) -> str:
        """The same in another model of the document, as that was when the reference was found."""
        return self._place(original)

    @property
    def owner(self) -> str:
        """The place of what goes if it is removed: the reference, or a whole service."""
        return self.place.rpartition(".")[0]

    def _place(self, root: Outline) -> str:
        value = self.way[-1].value
        if isinstance(value, ListReference):
            return f"{place(root, self.steps[:-1])}.resource_list"
        return place(root, self.steps, _FIELDS[kind(value)])

    def address(self, root: XcapRoot) -> ElementAddress:
        """What it refers to.

        Args:
            root: The XCAP root of its document.

        Raises:
            InvalidAddress: It is no such reference.
        """
        if isinstance(self.way[-1].value, EntryRef):
            return parse_reference(root, self.text)
        return parse_anchor(self.text, root)

    def is_inside(self, item: object) -> bool:
        """Whether it is in an element, however deep."""
        return any(outline.value is item for outline in self.way)

    def say(self, text: str) -> None:
        """Let it say something else."""
        value = self.way[-1].value
        setattr(value, _FIELDS[kind(value)], text)

    def remove(self) -> None:
        """Take it out of its document; that of a service with the service, which cannot be without."""
        way = self.way[:-1] if isinstance(self.way[-1].value, ListReference) else self.way
        holder, gone = way[-2].value, way[-1]
        content: list[Any] = getattr(holder, gone.field or "")
        content[:] = [item for item in content if item is not gone.value]


def mentions(model: object) -> Iterator[Mention]:
    """All references of a document, in document order; those that say nothing are left out.

    Args:
        model: The document's model; it is not to be changed meanwhile.
    """
    pending: list[tuple[tuple[Outline, ...], tuple[int, ...]]] = [((Outline.of(model),), ())]
    while pending:
        way, steps = pending.pop()
        outline = way[-1]
        field = _FIELDS.get(kind(outline.value))
        if field is not None:
            text: str | None = getattr(outline.value, field, None)  # a document may lack what it requires
            if text is not None:
                yield Mention(text, way, steps)
            continue
        children = outline.children if outline.is_typed else []
        pending += [
            ((*way, child), (*steps, number)) for number, child in reversed(list(enumerate(children)))
        ]
