"""The received bytes with the edits of a model spliced in.

What the edit did not touch stays as it came, byte for byte: comments, prefixes, white space, and whatever the
model cannot hold. Where the model does not mirror the document, the smallest element that it does is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.outline import Fingerprint, Outline
from xcap_sdk.documents.places import place as place_of
from xcap_sdk.documents.reading import Reading
from xcap_sdk.documents.rendering import too_deep
from xcap_sdk.documents.shapes import Unwritable
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.diff import Alignment, Keys, align, is_bare_rename
from xcap_sdk.editing.edits import (
    Edit,
    Insert,
    Remove,
    Replace,
    move,
    remove,
    remove_attribute,
    set_attribute,
    set_following_text,
    set_leading_text,
    set_text,
)
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.mirror import Unmirrored, elements, mirrored
from xcap_sdk.editing.moves import apply
from xcap_sdk.editing.thinning import Thinned
from xcap_sdk.errors import (
    DocumentError,
    InvalidDocument,
    InvalidInput,
    LimitExceeded,
    Problem,
    UnexpectedDocument,
)

R = TypeVar("R")

# How far down to look for the elements to change: all the way, or not below the root's children, or the root.
_DEPTHS = (None, 1, 0)


def rewrite(
    received: bytes, base: R, edited: R, keys: Keys | None = None, lineage: Lineage = UNKNOWN
) -> bytes:
    """Splice the edits of a model into the document that it was read from.

    The result is read again: it gives the edited model, or larger elements are written anew until it does.

    Args:
        received: The document.
        base: The model as it was read from it.
        edited: The model as it is to be.
        keys: The field that tells the elements of a class apart, from others of their parent.
        lineage: What is known of the objects of ``edited``.

    Returns:
        The new document; ``received`` itself if nothing was changed.

    Raises:
        InvalidDocument: The edited model holds something that XML cannot, or a name that the document's
            encoding cannot; or no edits of the document read back as the model.
        DocumentError: ``received`` is no document.
    """
    reading = Reading(received, type(edited))
    return received if is_same(base, edited) else rewritten(reading, base, edited, keys, lineage).data


def is_same(base: object, edited: object) -> bool:
    """Whether two models are equal."""
    try:
        return base == edited
    except RecursionError:
        raise too_deep() from None


def rewritten(
    received: Reading[R], base: R, edited: R, keys: Keys | None = None, lineage: Lineage = UNKNOWN
) -> Reading[R]:
    """The same for a document that may have been read already, and edits that there are.

    Returns:
        The new document, as it was read again.
    """
    try:
        return _rewritten(received.source, base, edited, keys or {}, lineage.among(edited))
    except RecursionError:
        raise too_deep() from None


def _rewritten(source: Source, base: R, edited: R, keys: Keys, lineage: Lineage) -> Reading[R]:
    before, after = Outline.of(base), Outline.of(edited)
    accepted: set[Fingerprint] = set()
    for depth in _DEPTHS:
        finder = _Edits(keys, lineage)
        try:
            splice = _spliced(source, before, after, finder, depth)
            result = splice.result()
        except (Unwritable, InvalidInput) as error:
            serialize(edited)  # says where the fault is, if it is one of the model alone
            raise _unfit(source, after, error) from error
        except (TypeError, AttributeError):  # of what is no text, where XML has some
            serialize(edited)
            raise
        except ValueError:
            continue  # edits that cannot be made together
        reading = Reading(result, type(edited))
        if _is_proven(splice, Thinned(source, before, after, finder.mirrors)):
            return reading
        read = _read(reading)
        if read == edited:
            return reading
        # Some models no document gives back: what one written from the model alone gives has to do then.
        accepted = accepted or {after.fingerprint(), _looks(_read(Reading(serialize(edited), type(edited))))}
        if read is not None and _looks(read) in accepted:
            return reading
    problem = Problem("", "xml", "the document with the edits does not read back as the edited model")
    raise InvalidDocument(
        "the edits cannot be spliced into the received document; serialize() writes the model without what "
        "it does not show of that document:",
        problems=(problem,),
    )


def _is_proven(splice: Splice, thinned: Thinned) -> bool:
    """Whether what is left of the document after the edits reads back as what is left of the model.

    If not, or if nothing is to be left out, it is the whole document that has to be read.
    """
    rest = splice.result_without(thinned.stretches) if thinned.stretches else None
    return rest is not None and _read(Reading(rest, kind(thinned.model))) == thinned.model


_UNREADABLE = object()


def _read(document: Reading[Any]) -> object | None:
    """The model of a document; None if it is broken, `_UNREADABLE` if it lacks what its classes need."""
    try:
        return document.model
    except UnexpectedDocument:
        return _UNREADABLE
    except LimitExceeded:
        raise  # with the edits it takes more than is allowed, and this says of what
    except DocumentError:
        return None


def _looks(read: object | None) -> Fingerprint:
    """What was read as a value to compare."""
    return (read,) if read is None or read is _UNREADABLE else Outline.of(read).fingerprint()


def _unfit(source: Source, after: Outline, error: Exception) -> InvalidDocument:
    """The error for a model that can be written, but not into this document."""
    steps, attribute = _unencodable(after, source.encoding) or ((), None)
    return InvalidDocument(
        "the edits do not fit the received document; choose other names, or serialize() the model, in UTF-8 "
        "and without what it does not show of that document:",
        problems=(Problem(place_of(after, steps, attribute), "encoding", str(error)),),
    )


def _unencodable(outline: Outline, encoding: str) -> tuple[tuple[int, ...], str | None] | None:
    """Where a name is that an encoding cannot hold: the positions of the children, and the attribute."""
    names = [(outline.name, None), *((name, name) for name in outline.attributes)]
    for name, attribute in names:
        try:
            name.rpartition("}")[2].encode(encoding)
        except UnicodeEncodeError:
            return (), attribute
    for index, child in enumerate(outline.children):
        found = _unencodable(child, encoding)
        if found is not None:
            return (index, *found[0]), found[1]
    return None


def _spliced(source: Source, before: Outline, after: Outline, finder: _Edits, depth: int | None) -> Splice:
    edits = finder.of(before, after, source.root, depth)
    splice = Splice(source)
    apply(edits, splice, finder.keys, finder.lineage, finder.of if depth is None else None)
    return splice


class _Edits:
    """Finds the edits of one element after the other.

    Attributes:
        mirrors: The children of the elements looked at, where each is what the model shows at its place.
    """

    def __init__(self, keys: Keys, lineage: Lineage) -> None:
        self.keys = keys
        self.lineage = lineage
        self.mirrors: dict[Element, list[Element]] = {}

    def of(self, before: Outline, after: Outline, element: Element, depth: int | None = None) -> list[Edit]:
        """The edits that make an element what it is to be; replacing it, where there is no finer way."""
        if depth is not None and depth < 0:
            return [] if before.value == after.value else [Replace(element, before, after)]
        try:
            return self._inside(before, after, element, None if depth is None else depth - 1)
        except Unmirrored:
            return [Replace(element, before, after)]

    def _inside(self, before: Outline, after: Outline, element: Element, depth: int | None) -> list[Edit]:
        if before.name != after.name or before.declarations != after.declarations:
            raise Unmirrored
        edits = _attributes(before.attributes, after.attributes, element)
        alignment = align(before, after, self.keys, self.lineage)
        changed = bool(alignment.before or alignment.after)
        is_emptied = bool(before.parts) and not after.parts and not before.is_typed
        if is_emptied or before.text != after.text:  # what was white space between elements is text then
            if changed and not is_emptied:
                return edits + self._mixed(before, after, element, alignment, depth)
            leads = elements(element) and not is_emptied
            edits.append((set_leading_text if leads else set_text)(element, after.text))
        if not changed:
            return edits
        if not before.is_typed and any(each.tail for each in (*before.children, *after.children)):
            return edits + self._mixed(before, after, element, alignment, depth)
        children = elements(element)
        places = mirrored(before.names(), children)
        if isinstance(places, range):
            self.mirrors[element] = children
        first = alignment.first
        removed = [(index, children[places[first + index]]) for index in alignment.removed]
        edits += [Remove(child, alignment.before[index]) for index, child in removed]
        if removed and len(children) > len(places):
            edits += _hidden_twins(removed, places, children, after)
        is_in_place = all(alignment.stays)  # then none is asked where it goes
        indexes = [0] * len(alignment.after) if is_in_place else _indexes(before, alignment, places)
        for each, origin, stays, index in zip(
            alignment.after, alignment.origin, alignment.stays, indexes, strict=True
        ):
            if origin is None:
                edits.append(Insert(element, index, each))
                continue
            was, child = alignment.before[origin], children[places[first + origin]]
            inner = self._paired(was, each, child, depth)
            if stays:
                edits += inner
            elif any(isinstance(edit, Replace) and edit.element is child for edit in inner):
                edits += [Remove(child, was), Insert(element, index, each)]
            else:
                edits += [move(child, element, index), *inner]
        return edits

    def _paired(self, was: Outline, now: Outline, element: Element, depth: int | None) -> list[Edit]:
        """The edits of a child that is taken for the same; it is made anew if that is but a guess."""
        guessed = self.lineage.origin(now.value) is not was.value
        if guessed and is_bare_rename(was, now, self.keys) and _hides(element, was):
            return [Replace(element, was, now, keeps=False)]
        return self.of(was, now, element, depth)

    def _mixed(
        self, before: Outline, after: Outline, element: Element, alignment: Alignment, depth: int | None
    ) -> list[Edit]:
        """The edits of content with text between the elements, if these are the same in the same order."""
        children = elements(element)[alignment.first :][: len(alignment.before)]
        if alignment.origin != tuple(range(len(children))) or len(before.parts) != len(elements(element)):
            raise Unmirrored
        edits: list[Edit] = []
        if before.text != after.text:
            edits.append(set_leading_text(element, after.text))
        for was, each, child in zip(alignment.before, alignment.after, children, strict=True):
            edits += self._paired(was, each, child, depth)
            if was.tail != each.tail:
                edits.append(set_following_text(child, each.tail or ""))
        return edits


def _hidden_twins(
    removed: Sequence[tuple[int, Element]],
    places: Sequence[int],
    children: Sequence[Element],
    after: Outline,
) -> list[Edit]:
    """Removes what the model does not show as it showed another of that name, which goes, and none stays."""
    gone = {str(child.tag) for _, child in removed} - {after.name_of(part) for part in after.parts}
    shown = set(places)
    twins = [child for at, child in enumerate(children) if at not in shown and str(child.tag) in gone]
    return [remove(child) for child in twins]


def _indexes(before: Outline, alignment: Alignment, places: Sequence[int]) -> list[int]:
    """Before which of the element's children each of the alignment's goes, if it does not stay where it is.

    That is behind what stays before it, else before what stays behind it. In a document that breaks the
    order of its schema only children of the same field count, as others may stand anywhere.
    """
    first, middle = alignment.first, len(alignment.before)
    ordered = isinstance(places, range) or all(one < other for one, other in pairwise(places))
    fields = ["" if ordered else var.name for var, _ in before.parts]
    leading = range(first)[-1:] if ordered else range(first)
    trailing = range(first + middle, len(places))[:1] if ordered else range(first + middle, len(places))
    following = {fields[index]: places[index] for index in reversed(trailing)}
    behind: list[int | None] = []
    rows = [
        (
            "" if ordered else each.field or "",
            places[first + origin] if stays and origin is not None else None,
        )
        for each, origin, stays in zip(alignment.after, alignment.origin, alignment.stays, strict=True)
    ]
    for field, place in reversed(rows):
        behind.append(following.get(field))
        if place is not None:
            following[field] = place
    preceding = {fields[index]: places[index] + 1 for index in leading}
    start = min(places, default=0)
    found: list[int] = []
    for (field, place), next_place in zip(rows, reversed(behind), strict=True):
        nearest = preceding.get(field, next_place)
        found.append(max(preceding.values(), default=start) if nearest is None else nearest)
        if place is not None:
            preceding[field] = place + 1
    return found


def _attributes(before: Mapping[str, str], after: Mapping[str, str], element: Element) -> list[Edit]:
    edits: list[Edit] = []
    for name in before:
        if name not in after and name in element.attrib:
            edits.append(remove_attribute(element, name))
    for name, value in after.items():
        if before.get(name) != value:
            edits.append(set_attribute(element, name, value))
    return edits


def _hides(element: Element, shown: Outline) -> bool:
    """Whether the model does not show all of an element that it shows without content."""
    return len(element) > 0 or len(element.attrib) > len(shown.attributes)
