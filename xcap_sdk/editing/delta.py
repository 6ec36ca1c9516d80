"""What sets the elements of one document apart from those of another, and how to get from one to the other.

The way is made of edits that single XCAP requests can make: setting or removing an attribute, and inserting,
removing or replacing an element. Subtrees of equal bytes are passed over without a look into them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.aligning import Aligned, Content, Row, aligned
from xcap_sdk.editing.changes import Change, Insert, Remove, Replace, SetAttribute
from xcap_sdk.editing.cost import MAX_OPERATIONS, SELECTOR_STEP
from xcap_sdk.editing.selecting import KeyAttributes


class Delta:
    """Finds the changes from one document to another.

    Args:
        current: The document as it is.
        target: The document that is wanted.
        keys: The attributes that tell elements apart.
        most: How many requests there may be.
        forced: Elements of the target to be replaced as a whole if anything is to be done in them.
        strict: Whether blank text counts where there are no children.
    """

    def __init__(
        self,
        current: Source,
        target: Source,
        keys: KeyAttributes,
        *,
        most: int = MAX_OPERATIONS,
        forced: Collection[Element] = (),
        strict: bool = False,
    ) -> None:
        self._current = current
        self._target = target
        self._keys = keys
        self._most = most
        self._forced = set(forced)
        self._strict = strict
        self._start = _common(current.data, target.data)
        self._end = min(
            _common(current.data[::-1], target.data[::-1]),
            min(len(current.data), len(target.data)) - self._start,
        )

    def root(self) -> Change:
        """The changes of the root element."""
        old, new = self._innermost()
        depth = 1 + sum(1 for _ in new.iterancestors())
        change = self._change(old, new, new.getparent(), depth)
        for outer, wanted in zip(old.iterancestors(), new.iterancestors(), strict=True):
            depth -= 1
            inner, change = change, self._unequal(outer, wanted, wanted.getparent(), depth)
            if inner:
                change.inner.append(inner)
                change.is_whole = wanted in self._forced
        return change

    def _innermost(self) -> tuple[Element, Element]:
        """The innermost elements that have all differences in their content; else the root elements.

        Around them the documents have the same bytes, so there is no need to look at their siblings.
        """
        current, target = self._current, self._target
        from_end = len(current.data) - len(target.data)
        old = current.innermost(self._start, len(current.data) - self._end)
        new = target.innermost(self._start, len(target.data) - self._end)
        while old is not None and new is not None:
            before, after = current.place(old), target.place(new)
            if before[:2] == after[:2] and before.outside == after.outside + from_end:
                return old, new
            if before.start >= after.start:
                old = old.getparent()
            if after.start >= before.start:
                new = new.getparent()
        return current.root, target.root

    def _change(self, old: Element, new: Element, owner: Element | None, depth: int) -> Change:
        change = self._unequal(old, new, owner, depth)
        if old.tag != new.tag:
            change.is_whole = True
            return change
        self._attributes(change, depth)
        self._content(change, depth)
        if change and new in self._forced:
            change.is_whole = True
        return change

    def _unequal(self, old: Element, new: Element, owner: Element | None, depth: int) -> Change:
        return Change(Replace(owner, depth * SELECTOR_STEP, old, new, self._target))

    def _attributes(self, change: Change, depth: int) -> None:
        old, new = change.replace.old, change.replace.new
        before, after = dict(old.attrib), dict(new.attrib)
        for name in [*after, *(name for name in before if name not in after)]:
            value = after.get(str(name))
            if before.get(name) != value:
                size = (depth + 1) * SELECTOR_STEP + len(value or "")
                change.late.append(SetAttribute(new, size, old, str(name), value))

    def _content(self, change: Change, depth: int) -> None:
        old, new = change.replace.old, change.replace.new
        same_scope = self._current.namespaces(old) == self._target.namespaces(new)
        before, after = Row(old), Row(new)
        first = last = 0
        if same_scope:
            first, last = self._unchanged(before.elements, after.elements)
        before.cut(first, last)
        after.cut(first, last)
        if before.asides != after.asides:
            change.is_whole = True
        elif any(before.texts) or any(after.texts):
            self._mixed(change, before, after, depth)
        elif self._strict and not len(old) and not len(new) and (old.text or "") != (new.text or ""):
            change.is_whole = True
        elif before.elements or after.elements:
            content = self._content_of if same_scope else None
            found = aligned(before, after, self._keys, content)
            if found is None:
                change.is_whole = True
            else:
                self._children(change, (before, after), found, content, depth)

    def _unchanged(self, olds: Sequence[Element], news: Sequence[Element]) -> tuple[int, int]:
        """How many elements at the start and at the end have the same bytes.

        Where the first ones begin at the same place, so do all as far as the documents have the same bytes.
        """
        count = min(len(olds), len(news))
        if not count:
            return 0, 0
        current, target = self._current, self._target
        first = last = 0
        if current.span(olds[0])[0] == target.span(news[0])[0]:
            first = bisect_left(range(count), True, key=lambda at: current.span(olds[at])[1] > self._start)
        from_end = len(current.data) - len(target.data)
        if current.span(olds[-1])[1] == target.span(news[-1])[1] + from_end:
            limit = len(current.data) - self._end
            rest = range(count - first)
            last = bisect_left(rest, True, key=lambda at: current.span(olds[-1 - at])[0] < limit)
        return first, last

    def _mixed(self, change: Change, before: Row, after: Row, depth: int) -> None:
        """Where there is text between the elements, nothing can come, go or move by itself."""
        if before.texts != after.texts or before.looks != after.looks:
            change.is_whole = True
            return
        for old, new in zip(before.elements, after.elements, strict=True):
            self._inner(change, old, new, depth)

    def _inner(self, change: Change, old: Element, new: Element, depth: int) -> None:
        """Note what changed in a child, if anything."""
        inner = self._change(old, new, change.replace.new, depth + 1)
        if inner:
            change.inner.append(inner)

    def _content_of(self, element: Element) -> bytes:
        """The bytes of an element of either document."""
        is_current = element.getroottree().getroot() is self._current.root
        return (self._current if is_current else self._target).fragment(element)

    def _children(
        self, change: Change, rows: tuple[Row, Row], found: Aligned, content: Content | None, depth: int
    ) -> None:
        """Note which children come, go, move and change."""
        before, after = rows
        parent, wanted = change.replace.old, change.replace.new
        for at in found.removed:
            size = (depth + 1) * SELECTOR_STEP
            change.early.append(Remove(wanted, size, before.elements[at]))
        for at, its in found.staying:
            if change.parts + len(found.coming) > self._most:
                change.is_whole = True  # no need to look further
                return
            one, other = before.elements[at], after.elements[its]
            if content is None or content(one) != content(other):
                self._inner(change, one, other, depth)
        moves: list[Remove | Insert] = []
        for its, low, high in found.coming:
            new = after.elements[its]
            start, end = self._target.span(new)
            size = (depth + 1) * SELECTOR_STEP + end - start
            at = found.moved.get(its)
            if at is None:
                change.late.append(Insert(wanted, size, parent, new, low, high))
            else:
                moves.append(Remove(wanted, size + SELECTOR_STEP, before.elements[at], new))
        change.late += moves


def _common(one: bytes, other: bytes) -> int:
    """How many bytes two documents have in common at the start."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
