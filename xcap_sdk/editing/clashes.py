"""What is said of places where both sides changed the same thing differently."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xcap_sdk.documents.classes import is_model, kind
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.places import Places
from xcap_sdk.documents.rendering import render
from xcap_sdk.documents.shapes import XmlVar, lexical, shape_of
from xcap_sdk.errors import Clash, InvalidDocument

_SHOWN = 80  # characters of a value in a sentence
_NAMESPACES = re.compile(r"""\sxmlns(:[^\s=]+)?\s*=\s*("[^"]*"|'[^']*')""")
_BETWEEN = re.compile(r">\s+<")


@dataclass(frozen=True, slots=True)
class Where:
    """Where an element is, in both versions.

    Attributes:
        parent: Where the element around it is; None for the root.
        field: The field that it is in.
        mine: Which of that field's elements it is in mine; None where it is not.
        theirs: Likewise in theirs.
    """

    parent: Where | None
    field: str
    mine: int | None
    theirs: int | None


class Reporter:
    """Collects the clashes of a merge.

    Args:
        base: What both started from; None for nothing.
        mine: My version.
        theirs: Theirs.

    Attributes:
        clashes: What was found so far.
    """

    def __init__(self, base: Outline | None, mine: Outline, theirs: Outline) -> None:
        self._base = None if base is None else _Version(base)
        self._mine = _Version(mine)
        self._theirs = _Version(theirs)
        self.clashes: list[Clash] = []

    def attribute(
        self, where: Where | None, name: str, base: str | None, mine: str | None, theirs: str | None
    ) -> None:
        """Both changed an attribute."""
        self._add(self._place(where, name), base, mine, theirs)

    def text(self, where: Where | None, base: str | None, mine: str | None, theirs: str | None) -> None:
        """Both changed the text of an element."""
        self._add(self._place(where), base, mine, theirs)

    def element(
        self, where: Where | None, base: Outline | None, mine: Outline | None, theirs: Outline | None
    ) -> None:
        """Both changed an element, or one removed what the other changed."""
        texts = [None if outline is None else _xml(outline) for outline in (base, mine, theirs)]
        self._add(self._place(where), *texts)

    def order(self, where: Where | None, base: str, mine: str, theirs: str) -> None:
        """Both moved the same elements."""
        at = self._place(where)
        message = (
            f"{at or 'document'}: its children were put in another order on both sides: "
            f"{_short(mine)} here, and {_short(theirs)} there"
        )
        self.clashes.append(Clash(at, base, mine, theirs, message))

    def moved(self, base: Outline, mine: Outline | None, theirs: Outline | None) -> None:
        """One side put an element elsewhere, and the other one removed it, or put it to another place."""
        before = "" if self._base is None else self._base.place_of(base.value)
        here = None if mine is None else self._mine.place_of(mine.value)
        there = None if theirs is None else self._theirs.place_of(theirs.value)
        if here is None:
            what = f"removed here, and moved from {before} on the other side"
        elif there is None:
            what = f"moved here from {before}, and removed on the other side"
        else:
            what = f"moved here on this side, and to {there} on the other; it was {before}"
        at = here or there or ""
        self.clashes.append(Clash(at, before, here, there, f"{at}: {what}"))

    def _add(self, at: str, base: str | None, mine: str | None, theirs: str | None) -> None:
        if mine is None:
            what = f"removed here, and changed there to {_short(theirs)}"
        elif theirs is None:
            what = f"changed here to {_short(mine)}, and removed there"
        elif base is None:
            what = f"set to {_short(mine)} here, and to {_short(theirs)} there"
        else:
            what = f"changed from {_short(base)} to {_short(mine)} here, and to {_short(theirs)} there"
        self.clashes.append(Clash(at, base, mine, theirs, f"{at or 'document'}: {what}"))

    def _place(self, where: Where | None, attribute: str | None = None) -> str:
        chain: list[Where] = []
        while where is not None:
            chain.insert(0, where)
            where = where.parent
        in_mine = all(each.mine is not None for each in chain)
        version = self._mine if in_mine else self._theirs
        outline = version.root
        steps: list[int] = []
        for number, each in enumerate(chain):
            if not outline.is_typed and not is_unknown(
                outline
            ):  # xsdata has to write it: its fields do not show
                ends = [above.field for above in chain[number:]]
                return ".".join([*filter(None, [version.place(steps)]), *ends])
            index = (each.mine if in_mine else each.theirs) or 0
            fitting = version.parts_of(outline, each.field)
            if index >= len(fitting):  # it was moved into this element: the element itself has to do
                return version.place(steps)
            steps.append(fitting[index])
            outline = outline.children[steps[-1]]
        return version.place(steps, attribute)


class _Version:
    """A version and its places. It keeps what it counts: clashes may be as many as there are elements.

    Args:
        root: The version.

    Attributes:
        root: The version.
    """

    def __init__(self, root: Outline) -> None:
        self.root = root
        self.place = Places(root).place
        self._parts: dict[Outline, dict[str, list[int]]] = {}
        self._steps: dict[int, tuple[int, ...]] = {}

    def parts_of(self, outline: Outline, field: str) -> Sequence[int]:
        """The positions of the children that are in a field."""
        if outline not in self._parts:
            self._parts[outline] = {}
            for position, (var, _) in enumerate(outline.parts):
                self._parts[outline].setdefault(var.name, []).append(position)
        return self._parts[outline].get(field, ())

    def place_of(self, value: object) -> str:
        """The place of an object in the model."""
        if not self._steps:
            pending: list[tuple[Outline, tuple[int, ...]]] = [(self.root, ())]
            while pending:
                outline, steps = pending.pop()
                self._steps.setdefault(id(outline.value), steps)
                pending += [(child, (*steps, index)) for index, child in enumerate(outline.children)]
        return self.place(self._steps.get(id(value), ()))


def is_unknown(outline: Outline) -> bool:
    """Whether an element is of no known class."""
    return not outline.is_typed and is_model(outline.value) and shape_of(kind(outline.value)).plain


def text_of(values: Iterable[Any], var: XmlVar) -> list[str | None]:
    """Values of an attribute or text as XML has them; None for nothing."""
    return [None if value is None or value == [] else lexical(value, var) for value in values]


def label_of(outline: Outline, key: str | None) -> str:
    """What to call an element: its key, else its text, else its name."""
    text = outline.text.strip()
    return json.dumps(key or text, ensure_ascii=False) if key or text else outline.name.rpartition("}")[2]


def _xml(outline: Outline) -> str:
    if not is_model(outline.value):
        return outline.text
    try:
        return render(outline).partition(b"\n")[2].decode().strip()
    except InvalidDocument:
        return repr(outline.value)


def _short(text: str | None) -> str:
    """What a person needs to see of a value: without namespaces, white space and what is too long."""
    line = _BETWEEN.sub("><", " ".join(_NAMESPACES.sub("", text or "").split()))
    shown = line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"
    return shown if shown.startswith(("<", '"')) else json.dumps(shown, ensure_ascii=False)
