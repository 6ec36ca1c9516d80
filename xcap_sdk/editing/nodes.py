"""Plans of element and attribute writes: from the document as it is to the one that is wanted.

One operation after the other is found by comparing the two documents, and made as RFC 4825 has a server
make it (§8.2, §8.4); the next one is found on what came out. At the end the document is the one that is
wanted, or the plan is not used. What a server could not do that way, or would refuse, is done by replacing a
larger element, if need be the root element.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace

from xcap_sdk.documents.binding import bind
from xcap_sdk.documents.classes import kind
from xcap_sdk.documents.fragments import declarations
from xcap_sdk.documents.operations import NodeNotFound, delete_node, encode_attribute_value, put_node
from xcap_sdk.documents.source import Source
from xcap_sdk.documents.xml import Element
from xcap_sdk.editing.changes import Edit, Insert, Remove, Replace, SetAttribute, requests
from xcap_sdk.editing.comparing import same_tree
from xcap_sdk.editing.cost import ANSWER, HEADERS, MAX_OPERATIONS, ROUND_TRIP
from xcap_sdk.editing.delta import Delta
from xcap_sdk.editing.selecting import KeyAttributes, Selecting
from xcap_sdk.errors import DocumentError, InvalidDocument, UnexpectedDocument
from xcap_sdk.protocol.faults import Refused
from xcap_sdk.protocol.profiles import Ability
from xcap_sdk.protocol.selectors import NodeSelector

FINE = 64
"""The price of a request where single nodes are asked for: what is smaller than that is not written apart."""

FEWEST = ROUND_TRIP + HEADERS + ANSWER
"""The price of a request by what it costs."""

ONE = 1 << 40
"""The price of a request where there must not be a second one."""

_ATTEMPTS = 16


@dataclass(frozen=True, slots=True)
class NodeWrite:
    """The PUT or DELETE of an element or attribute.

    Attributes:
        selector: The node.
        body: What to put; None for DELETE.
        reason: Why it is made, in words.
        result: The document after it.
        needs: What a server has to be able to do for it.
    """

    selector: NodeSelector
    body: bytes | None = field(repr=False)
    reason: str
    result: bytes = field(repr=False)
    needs: frozenset[Ability] = frozenset()


class _Stuck(Exception):
    """An edit cannot be made, or leads to a state that must not be.

    Attributes:
        owner: The element to be replaced instead; None if there is nothing larger.
    """

    def __init__(self, owner: Element | None) -> None:
        super().__init__()
        self.owner = owner


class NodePlanner:
    """Finds plans of node writes.

    Args:
        received: The document as it is.
        target: The document that is wanted.
        model: The model that ``target`` was made from.
        default_namespace: The usage's default document namespace; None if it has none.
        keys: The attributes that tell elements apart.
        check: Raises InvalidDocument for a state between two operations that a server would refuse.
        usable: Which abilities of the server may be used.
    """

    def __init__(
        self,
        received: Source,
        target: Source,
        model: object,
        *,
        default_namespace: str | None,
        keys: KeyAttributes,
        check: Callable[[bytes], object] | None = None,
        usable: Container[Ability] = frozenset(Ability),
    ) -> None:
        self._received = received
        self._target = target
        self._class = kind(model)
        self._default = default_namespace
        self._keys = keys
        self._check = check
        self._usable = usable
        self._models = [model]

    def plan(self, price: int) -> tuple[NodeWrite, ...] | None:
        """Find the cheapest plan.

        Args:
            price: What a request costs besides its bytes. With `ONE` the root element is never replaced, as a
                PUT of the document does the same.

        Returns:
            The writes, in order; None if there is no such plan.
        """
        forced: set[Element] = set()
        for attempt in range(_ATTEMPTS):
            if attempt == _ATTEMPTS - 1:
                forced.add(self._target.root)
            try:
                return tuple(self._writes(price, forced))
            except _Stuck as stuck:
                if stuck.owner is None or (price == ONE and stuck.owner is self._target.root):
                    return None
                forced.add(stuck.owner)
        return None

    def _writes(self, price: int, forced: set[Element]) -> list[NodeWrite]:
        current, is_strict = self._received, False
        writes: list[NodeWrite] = []
        last: Edit | None = None
        left = 0
        while True:
            if current.data == self._target.data or (left == 1 and self._is_exact(current)):
                return writes
            most = 1 if price == ONE else MAX_OPERATIONS
            delta = Delta(current, self._target, self._keys, most=most, forced=forced, strict=is_strict)
            change = delta.root()
            if not change:
                if self._is_exact(current):
                    return writes
                if is_strict:
                    raise _Stuck(None if self._target.root in forced else self._target.root)
                is_strict = True
                continue
            if last is not None:
                self._check_state(current, last)
            if price == ONE and last is not None:
                raise _Stuck(last.owner)
            if len(writes) > 2 * MAX_OPERATIONS:
                raise _Stuck(self._target.root)
            _, edits = change.cheapest(price, whole=False)
            while len(edits) > MAX_OPERATIONS and price < ONE:
                price *= 4
                _, edits = change.cheapest(price)
            last, left = edits[0], requests(edits)
            if price == ONE and (left > 1 or last.owner is None):
                raise _Stuck(None)
            write = self._made(current, last)
            if write is None:
                raise _Stuck(last.owner)
            if write.result == self._target.data:
                return [*writes, replace(write, result=self._target.data)]
            writes.append(write)
            current = Source.parse(write.result)

    def _check_state(self, current: Source, last: Edit) -> None:
        if self._check is None:
            return
        try:
            self._check(current.data)
        except InvalidDocument as error:
            raise _Stuck(last.owner) from error

    def _is_exact(self, current: Source) -> bool:
        """Whether a document is what is wanted, in its bytes' content and as a model."""
        if not same_tree(current.root, self._target.root):
            return False
        model = self._bound(current)
        if model == self._models[0]:
            return True
        if len(self._models) == 1:
            self._models.append(self._bound(self._target))  # not every model can be read back as it is
        return model == self._models[-1]

    def _bound(self, document: Source) -> object:
        """The model of a document; None if it lacks what its classes need."""
        try:
            return bind(document.root, self._class)
        except UnexpectedDocument:
            return None

    def _made(self, current: Source, edit: Edit) -> NodeWrite | None:
        """Make an edit by the first selector that does it on this server; None if there is none."""
        selecting = Selecting(self._default, self._keys)
        body = self._body(current, edit)
        for selector in _selectors(selecting, edit):
            needs = frozenset(_needs(edit, selector))
            if not all(need in self._usable for need in needs):
                continue
            try:
                if body is None:
                    result = delete_node(current, selector, self._default)
                else:
                    result, _ = put_node(current, selector, body, self._default, wanted=self._target)
            except (Refused, NodeNotFound, DocumentError):
                continue
            return NodeWrite(selector, body, _reason(edit), result, needs)
        return None

    def _body(self, current: Source, edit: Edit) -> bytes | None:
        match edit:
            case Remove():
                return None
            case SetAttribute():
                return None if edit.value is None else encode_attribute_value(edit.value)
            case Insert():
                return self._fragment(edit.new, current.namespaces(edit.parent))
            case Replace():
                parent = edit.old.getparent()
                return self._fragment(edit.new, {} if parent is None else current.namespaces(parent))

    def _fragment(self, element: Element, scope: dict[str | None, str]) -> bytes:
        """An element of the target as it is to be written at a place where other namespaces are in scope."""
        target = self._target
        parent = element.getparent()
        around = {} if parent is None else target.namespaces(parent)
        if around == scope and target.encoding == "utf-8":
            return target.fragment(element)
        text = target.fragment(element).decode(target.encoding)
        tag = target.start_tag(element)
        own = {attribute.name for attribute in tag.attributes}
        missing = {prefix: uri for prefix, uri in around.items() if scope.get(prefix) != uri}
        if None in scope and None not in around:
            missing[None] = ""
        missing = {
            prefix: uri
            for prefix, uri in missing.items()
            if (f"xmlns:{prefix}" if prefix else "xmlns") not in own
        }
        end = len(tag.name) + 1
        return f"{text[:end]}{declarations(missing)}{text[end:]}".encode()


def _selectors(selecting: Selecting, edit: Edit) -> Iterator[NodeSelector]:
    match edit:
        case SetAttribute():
            yield selecting.attribute(edit.element, edit.name)
        case Remove():
            yield from selecting.deleting(edit.element)
        case Insert():
            yield from selecting.inserting(edit.parent, edit.new, edit.low, edit.high)
        case Replace():
            yield from selecting.replacing(edit.old, edit.new)


def _needs(edit: Edit, selector: NodeSelector) -> Iterator[Ability]:
    """What a server has to be able to do for an edit."""
    match edit:
        case SetAttribute():
            yield Ability.DELETE_ATTRIBUTE if edit.value is None else Ability.SET_ATTRIBUTE
        case Remove():
            yield Ability.DELETE_ELEMENT
        case Insert():
            at_place = selector.steps[-1].position is not None
            yield Ability.INSERT_ELEMENT if at_place else Ability.APPEND_ELEMENT
        case Replace():
            yield Ability.REPLACE_ELEMENT
    if selector.bindings:
        yield Ability.BIND_PREFIXES


def _reason(edit: Edit) -> str:
    match edit:
        case SetAttribute():
            is_new = edit.name not in edit.element.attrib
            what = "is gone" if edit.value is None else "is new" if is_new else "changed"
            return f"this {_local(edit.name)} {what}"
        case Remove():
            return f"this {_local(edit.element.tag)} {'is gone' if edit.to is None else 'moves elsewhere'}"
        case Insert():
            return f"this {_local(edit.new.tag)} is new here"
        case Replace():
            return f"this {_local(edit.new.tag)} changed"


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]
