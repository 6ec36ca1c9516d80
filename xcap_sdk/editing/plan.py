"""What a save would send, as values that can be looked at before anything is sent.

A plan is a list of operations in the order to send them; `plan_save` makes it. `xcap_sdk.editing.nodes` finds
the operations on single nodes, and `xcap_sdk.editing.cost` says what each costs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.reading import Reading
from xcap_sdk.editing.cost import cost
from xcap_sdk.editing.diff import Keys
from xcap_sdk.editing.lineage import UNKNOWN, Lineage
from xcap_sdk.editing.nodes import FEWEST, FINE, ONE, NodePlanner, NodeWrite
from xcap_sdk.editing.rewrite import is_same, rewritten
from xcap_sdk.editing.selecting import key_attributes
from xcap_sdk.editing.strategy import Strategy
from xcap_sdk.protocol.addresses import Address, DocumentAddress
from xcap_sdk.protocol.conditions import Condition, Match, MustNotExist
from xcap_sdk.protocol.messages import XCAP_ATTRIBUTE, XCAP_ELEMENT
from xcap_sdk.protocol.profiles import CAUTIOUS, NODE_WRITES, Ability, ServerProfile

R = TypeVar("R")

Check: TypeAlias = Callable[[bytes], object]
"""Raises InvalidDocument for a document that a server would refuse."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of a plan.

    Attributes:
        method: PUT or DELETE.
        address: The document or node.
        condition: Under which condition it acts. A chained one is sent with what `following` gives.
        body: The body; None for none.
        media_type: The body's media type; None for none.
        reason: Why it is made, in words.
        result: The document after it, on a server that follows RFC 4825.
        needs: What the server has to be able to do for it, besides documents.
        chained: Whether its condition is to be the ETag that the operation before returned.
    """

    method: str
    address: Address
    condition: Condition
    body: bytes | None = field(default=None, repr=False)
    media_type: str | None = None
    reason: str = ""
    result: bytes = field(default=b"", repr=False, compare=False)
    needs: frozenset[Ability] = field(default=frozenset(), repr=False, compare=False)
    chained: bool = False

    @property
    def size(self) -> int:
        """The bytes of the body."""
        return len(self.body or b"")

    @property
    def place(self) -> str:
        """The address in short: the document below the root, or the node selector."""
        if isinstance(self.address, DocumentAddress):
            return self.address.path
        return str(self.address.selector)

    @property
    def guard(self) -> str:
        """The condition in words."""
        return "If-Match: the ETag of the answer before" if self.chained else str(self.condition)

    def following(self, etag: str | None) -> Operation:
        """The operation as it is to be sent behind another one.

        Args:
            etag: What the answer to the one before gave; None if it gave none.
        """
        return replace(self, condition=Match(etag or "*"), chained=False) if self.chained else self

    def __str__(self) -> str:
        parts = [f"{self.method} {self.place}", self.guard]
        if self.body is not None:
            parts.append(f"{self.size} bytes of {self.media_type}")
        return "; ".join(parts) + (f" ({self.reason})" if self.reason else "")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a save would send.

    Attributes:
        operations: The requests, in order; none if nothing is to be done.
        target: The whole document as it is wanted; after the last operation the server has it, but for white
            space between elements.
        reading: ``target`` as it was read to prove it; None if it was not.
    """

    operations: tuple[Operation, ...] = ()
    target: bytes = field(default=b"", repr=False, compare=False)
    reading: Reading[Any] | None = field(default=None, repr=False, compare=False)

    @property
    def requests(self) -> int:
        """How many requests it takes."""
        return len(self.operations)

    @property
    def bytes_up(self) -> int:
        """How many bytes the bodies have together."""
        return sum(operation.size for operation in self.operations)

    @property
    def cost(self) -> int:
        """What it costs, in bytes as `xcap_sdk.editing.cost` counts them."""
        return cost(self.operations)

    @property
    def atomic(self) -> bool:
        """Whether it happens as a whole or not at all: more than one request may stop halfway."""
        return self.requests <= 1

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.operations)

    def __str__(self) -> str:
        if not self.operations:
            return "nothing to send"
        if self.atomic:
            return str(self.operations[0])
        lines = [f"{number}. {operation}" for number, operation in enumerate(self.operations, 1)]
        return "\n".join((*lines, f"{self.requests} requests, {self.bytes_up} bytes up, not atomic"))

    def to_json(self) -> str:
        """The plan as a JSON text, without the bodies."""
        operations: list[dict[str, Any]] = [
            {
                "method": operation.method,
                "address": str(operation.address),
                "selector": None
                if isinstance(operation.address, DocumentAddress)
                else str(operation.address.selector),
                "condition": operation.guard,
                "media_type": operation.media_type,
                "bytes": operation.size,
                "reason": operation.reason,
            }
            for operation in self.operations
        ]
        content = {
            "operations": operations,
            "requests": self.requests,
            "bytes_up": self.bytes_up,
            "cost": self.cost,
            "atomic": self.atomic,
        }
        return json.dumps(content, ensure_ascii=False)


def plan_save(
    address: DocumentAddress,
    media_type: str,
    model: R,
    *,
    received: bytes | Reading[R] | None,
    etag: str | None,
    base: R | None = None,
    keys: Keys | None = None,
    lineage: Lineage = UNKNOWN,
    start: Reading[R] | None = None,
    untouched: bytes | None = None,
    written: bytes | None = None,
    strategy: Strategy = "auto",
    profile: ServerProfile = CAUTIOUS,
    several: bool = False,
    check: Check | None = None,
) -> Plan:
    """Decide what to send so that the server has the model.

    ``auto`` is the cheapest plan of a single request that the server is known to do right, so that it happens
    as a whole or not at all; on servers that are not known it is always the whole document.

    Args:
        address: The document.
        media_type: Its media type.
        model: What the document is to be.
        received: What the server has, as far as is known, which may have been read already; None if it has no
            document.
        etag: The ETag of ``received``; None if the server gave none, then the write asks for any version.
        base: The model of ``received`` as it was read; None to read it here.
        keys: The field that tells the elements of a class apart, from others of their parent.
        lineage: What is known of the model's objects.
        start: The document that ``base`` was read from and the edits are spliced into; None for ``received``,
            or to write a new document from the model alone.
        untouched: For a document that is not there, what `serialize` makes of the model that the edit started
            from: nothing is to be sent if the model is still that. None to create the document in any case.
        written: For a document that is not there, its bytes if they are known; None to write the model.
        strategy: How to write.
        profile: What is known of the server: ``auto`` uses what it does right, ``nodes`` what is not known to
            be wrong, too.
        several: Whether ``auto`` may take several requests.
        check: Is asked about each state between two requests; where it refuses one, larger elements are
            replaced.

    Returns:
        Nothing if the server has it already, else what to send.

    Raises:
        InvalidDocument: The model holds something that XML cannot.
    """
    if received is None:
        body = serialize(model) if written is None else written
        if body == untouched:
            return Plan()
        new: bytes | Reading[R] = body
        if start is not None and written is None:
            base = start.model if base is None else base
            new = start if is_same(base, model) else rewritten(start, base, model, keys, lineage)
        return _whole(address, media_type, MustNotExist(), new, "the document is new")
    reading = received if isinstance(received, Reading) else Reading(received, type(model))
    base = reading.model if base is None else base
    target = start or reading
    if not is_same(base, model):
        target = rewritten(target, base, model, keys, lineage)
    if target.data == reading.data:
        return Plan(target=target.data)
    condition = Match("*" if etag is None else etag)
    whole = _whole(address, media_type, condition, target, "the document was changed")
    usable = profile.right if strategy == "auto" else frozenset(Ability) - profile.wrong
    if strategy == "document" or usable.isdisjoint(NODE_WRITES):
        return whole
    planner = NodePlanner(
        reading.source,
        target.source,
        model,
        default_namespace=address.default_namespace,
        keys=key_attributes(type(model), keys or {}),
        check=check,
        usable=usable,
    )
    prices = (FINE,) if strategy == "nodes" else (ONE, FEWEST) if several else (ONE,)
    found = [
        _of_nodes(address, condition, writes, target) for price in prices if (writes := planner.plan(price))
    ]
    if strategy == "nodes":
        return found[0] if found else _because(whole, "which no node writes give")
    best = min((*found, whole), key=lambda plan: plan.cost)
    return best if best is not whole else _because(whole, "which is the cheapest way")


def _of_nodes(
    address: DocumentAddress, condition: Condition, writes: Sequence[NodeWrite], target: Reading[Any]
) -> Plan:
    operations = [
        Operation(
            "DELETE" if write.body is None else "PUT",
            address.node(write.selector),
            condition,
            write.body,
            None
            if write.body is None
            else XCAP_ELEMENT
            if write.selector.terminal is None
            else XCAP_ATTRIBUTE,
            write.reason,
            result=write.result,
            needs=write.needs,
            chained=number > 0,
        )
        for number, write in enumerate(writes)
    ]
    return Plan(tuple(operations), target.data, target)


def _because(plan: Plan, reason: str) -> Plan:
    (operation,) = plan.operations
    return replace(plan, operations=(replace(operation, reason=f"{operation.reason}, {reason}"),))


def _whole(
    address: DocumentAddress,
    media_type: str,
    condition: Condition,
    target: bytes | Reading[Any],
    reason: str,
) -> Plan:
    reading = target if isinstance(target, Reading) else None
    body = target.data if isinstance(target, Reading) else target
    return Plan((Operation("PUT", address, condition, body, media_type, reason, result=body),), body, reading)
