"""The received bytes with the edits of a model spliced in.

What the edit did not touch stays as it came, byte for byte: comments, prefixes, white space, and whatever the
model cannot hold. Where the model does not mirror the document, the smallest element that it does is new.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from xcap_sdk.documents.binding import bind, serialize
from xcap_sdk.documents.outline import Fingerprint, Outline
from xcap_sdk.documents.rendering import element_of
from xcap_sdk.documents.shapes import Unwritable
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.documents.xml import Element, parse_xml
from xcap_sdk.editing.diff import Keys, align
from xcap_sdk.errors import DocumentError, InvalidInput, UnexpectedDocument

R = TypeVar("R")

# How far down to look for the elements to change: all the way, or not below the root's children, or the root.
_DEPTHS = (None, 1, 0)


def rewrite(received: bytes, base: R, edited: R, keys: Keys | None = None) -> bytes:
    """Splice the edits of a model into the document that it was read from.

    The result is read again: it gives the edited model, or larger elements are written anew until it does.

    Args:
        received: The document.
        base: The model as it was read from it.
        edited: The model as it is to be.
        keys: The field that tells the elements of a class apart, from others of their parent.

    Returns:
        The new document; ``received`` itself if nothing was changed.

    Raises:
        InvalidDocument: The edited model holds something that XML cannot.
        DocumentError: ``received`` is no document.
    """
    if base == edited:
        return received
    source = Source.parse(received)
    before, after = Outline.of(base), Outline.of(edited)
    wanted: Fingerprint | None = None
    best: bytes | None = None
    for depth in _DEPTHS:
        try:
            result = _spliced(source, before, after, keys or {}, depth)
        except (Unwritable, InvalidInput):
            break  # to write all of it says where the fault is
        read = _read(result, type(edited))
        if read == edited or read is _UNREADABLE:
            return result
        if read is not None:
            wanted = wanted or after.fingerprint()
            if Outline.of(read).fingerprint() == wanted:
                return result
            best = best or result
    return best or serialize(edited)  # no document gives this model back: what was changed least is as good


_UNREADABLE = object()


def _read(document: bytes, root: type[object]) -> object | None:
    """The model of a document; None if it is broken, `_UNREADABLE` if it lacks what its classes need."""
    try:
        return bind(parse_xml(document), root)
    except UnexpectedDocument:
        return _UNREADABLE
    except DocumentError:
        return None


def _spliced(source: Source, before: Outline, after: Outline, keys: Keys, depth: int | None) -> bytes:
    edits = _Edits(keys).of(before, after, source.root, depth)
    splice = Splice(source)
    apply(edits, splice)
    return splice.result()


@dataclass(frozen=True, slots=True)
class Insert:
    """A new element, or one that comes from somewhere else.

    Attributes:
        parent: Where it is to be.
        index: Before which of the parent's element children.
        outline: What it is.
    """

    parent: Element
    index: int
    outline: Outline


@dataclass(frozen=True, slots=True)
class Remove:
    """An element that goes.

    Attributes:
        element: The element.
        outline: What it was.
    """

    element: Element
    outline: Outline


Edit: TypeAlias = Insert | Remove | Callable[[Splice], Any]


class Unmirrored(Exception):
    """The model does not show the document's element as it is."""


class _Edits:
    """Finds the edits of one element after the other."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def of(self, before: Outline, after: Outline, element: Element, depth: int | None = None) -> list[Edit]:
        """The edits that make an element what it is to be; replacing it, where there is no finer way."""
        if depth is not None and depth < 0:
            return [_replace(element, after)]
        try:
            return self._inside(before, after, element, None if depth is None else depth - 1)
        except Unmirrored:
            return [_replace(element, after)]

    def _inside(self, before: Outline, after: Outline, element: Element, depth: int | None) -> list[Edit]:
        if before.name != after.name or before.declarations != after.declarations:
            raise Unmirrored
        edits = _attributes(before.attributes, after.attributes, element)
        alignment = align(before, after, self._keys)
        changed = bool(alignment.before or alignment.after)
        if before.text != after.text:
            if changed or _elements(element):
                raise Unmirrored
            edits.append(_text(element, after.text))
        if not changed:
            return edits
        if not before.is_typed and any(each.tail for each in (*before.children, *after.children)):
            raise Unmirrored  # text between the elements
        children = _elements(element)
        places = _places([before.name_of(part) for part in before.parts], children)
        first = alignment.first
        removed = [(index, children[places[first + index]]) for index in alignment.removed]
        edits += [Remove(child, alignment.before[index]) for index, child in removed]
        index = self._start(alignment.origin, alignment.stays, places, first, len(alignment.before))
        for each, origin, stays in zip(alignment.after, alignment.origin, alignment.stays, strict=True):
            if origin is None:
                edits.append(Insert(element, index, each))
                continue
            place = places[first + origin]
            child = children[place]
            if stays:
                index = place + 1
            else:
                edits.append(_move(child, element, index))
            edits += self.of(alignment.before[origin], each, child, depth)
        return edits

    @staticmethod
    def _start(
        origin: Sequence[int | None], stays: Sequence[bool], places: Sequence[int], first: int, middle: int
    ) -> int:
        """Where the first new child goes: behind what stays before it, else before what stays behind it."""
        if first:
            return places[first - 1] + 1
        staying = [place for place, stay in zip(origin, stays, strict=True) if stay and place is not None]
        following = staying[0] if staying else middle
        if following < len(places):
            return places[following]
        return min(places, default=0)


def _attributes(before: Mapping[str, str], after: Mapping[str, str], element: Element) -> list[Edit]:
    edits: list[Edit] = []
    for name in before:
        if name not in after and name in element.attrib:
            edits.append(_remove_attribute(element, name))
    for name, value in after.items():
        if before.get(name) != value:
            edits.append(_set_attribute(element, name, value))
    return edits


def _replace(element: Element, outline: Outline) -> Edit:
    new = element_of(outline)
    return lambda splice: splice.replace(element, new)


def _set_attribute(element: Element, name: str, value: str) -> Edit:
    return lambda splice: splice.set_attribute(element, name, value)


def _remove_attribute(element: Element, name: str) -> Edit:
    return lambda splice: splice.remove_attribute(element, name)


def _text(element: Element, text: str) -> Edit:
    return lambda splice: splice.set_text(element, text)


def _move(element: Element, parent: Element, index: int) -> Edit:
    return lambda splice: splice.move(element, parent, index)


def _elements(element: Element) -> list[Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _places(names: Sequence[str], children: Sequence[Element]) -> Sequence[int]:
    """Which of an element's children are those of the model: the n-th of a name is the n-th of that name."""
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


def apply(edits: Sequence[Edit], splice: Splice) -> None:
    """Make the edits. What goes here and comes there moves, with all that the model does not show."""
    arriving = _arriving(edits)
    moved = {id(element) for element in arriving.values()}
    for number, edit in enumerate(edits):
        if isinstance(edit, Insert):
            element = arriving.get(number)
            if element is None:
                splice.insert(edit.parent, edit.index, element_of(edit.outline))
            else:
                splice.move(element, edit.parent, edit.index)
        elif not isinstance(edit, Remove):
            edit(splice)
        elif id(edit.element) not in moved:
            splice.remove(edit.element)


def _arriving(edits: Sequence[Edit]) -> dict[int, Element]:
    """Which insertions, by number, are of elements that are removed elsewhere."""
    if not any(isinstance(edit, Insert) for edit in edits):
        return {}
    leaving: dict[Fingerprint, deque[Element]] = defaultdict(deque)
    for edit in edits:
        if isinstance(edit, Remove):
            leaving[edit.outline.fingerprint()].append(edit.element)
    arriving: dict[int, Element] = {}
    for number, edit in enumerate(edits if leaving else ()):
        if isinstance(edit, Insert) and (found := leaving.get(edit.outline.fingerprint())):
            arriving[number] = found.popleft()
    return arriving
