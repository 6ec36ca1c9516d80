"""Three-way merge: the changes of two sides to one document, brought together over its model.

What both sides left alone, or only one changed, is taken as it is; an element that both changed is merged
attribute by attribute and child by child. Where both changed the same thing differently there is a clash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.shapes import Unwritable
from xcap_sdk.editing.diff import Keys
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.merger import Merger, Prefer
from xcap_sdk.editing.relocating import Relocations
from xcap_sdk.editing.versions import Versions, same
from xcap_sdk.errors import Clash

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Merged(Generic[R]):
    """What a merge gives.

    Attributes:
        model: The other side's document with my changes in it. Where there are clashes it holds the preferred
            side's content, or theirs if no side is preferred. What I did not change it shares with their
            model, and nothing with mine.
        clashes: Where both sides changed the same thing differently, in document order. Unless a side is
            preferred, the merge is clean only if there are none.
        lineage: Which object of theirs each changed object of the model comes from.
    """

    model: R
    clashes: tuple[Clash, ...]
    lineage: Lineage = field(default=UNKNOWN, repr=False, compare=False)

    @property
    def is_clean(self) -> bool:
        """Whether there are no clashes."""
        return not self.clashes


def merge(
    base: R | None,
    mine: R,
    theirs: R,
    keys: Keys | None = None,
    *,
    lineage: Lineage = UNKNOWN,
    prefer: Prefer | None = None,
) -> Merged[R]:
    """Bring together what two sides made of a document.

    Elements are told apart as in the diff: by their objects, by their keys, else by what they are and where.
    None of the models is changed.

    Args:
        base: What both started from; None if there was nothing, and each side made a document of its own.
        mine: What I made of it.
        theirs: What the other side made of it.
        keys: The usage's keys.
        lineage: What is known of the objects of mine.
        prefer: Which side decides what clashes; only that, and not the whole document.

    Returns:
        The merged model, and the clashes.

    Raises:
        InvalidDocument: One of them holds something that XML cannot.
        TypeError: One of them is no instance of a document class, or they are of different classes.
    """
    models = [mine, theirs] if base is None else [mine, theirs, base]
    if len({kind(model) for model in models}) != 1:
        raise TypeError(f"cannot merge {' and '.join(sorted({kind(each).__name__ for each in models}))}")
    if same(mine, theirs) or (base is not None and same(mine, base)):
        return Merged(theirs, ())
    root = Versions(None if base is None else Outline.of(base), Outline.of(mine), Outline.of(theirs))
    merger = Merger(root, keys or {}, lineage, prefer)
    try:
        model: R = merger.element(root, None)
        if relocations := Relocations(merger.strays, root, keys or {}, lineage, prefer or "theirs"):
            again = Merger(root, keys or {}, lineage, prefer, relocations)
            relocated: R | None = again.relocated(again.element(root, None))
            if relocated is not None:
                model, merger = relocated, again
            model = merger.without_doubles(model, root)
    except Unwritable:
        for each in models:
            serialize(each)  # knows where it is
        raise
    return Merged(model, tuple(merger.report.clashes), merger.descent.lineage(model))
