"""Several writers of one document, and a network on which anything may happen: nothing is lost, nothing doubled.

Flows are generators, so that each request of each writer is carried when the test says so, in any order, with any
fate. Each change of the stored document is checked against what the writer of that request set out to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from network import INDEX, Server, session

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.editing.plan import Strategy
from xcap_sdk.errors import ConnectionFailed, ConnectionLost, MergeConflict, TimedOut, XcapError
from xcap_sdk.flows.conversation import Flow, Pause, Session
from xcap_sdk.flows.held import Held, OnConflict
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.outcomes import SaveReport
from xcap_sdk.flows.saving import save, update
from xcap_sdk.protocol.messages import Headers, Request, Response
from xcap_sdk.usages import RESOURCE_LISTS
from xcap_sdk.usages.validation import validate

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SHARED, COUNTED = "shared", "counted"


@dataclass(frozen=True)
class State:
    """What the stored document says."""

    entries: dict[str, str | None] = field(default_factory=dict)
    label: str | None = None
    number: int = 0

    @classmethod
    def of(cls, body: bytes | None) -> State:
        if body is None:
            return cls()
        book = parse(body, ResourceLists)
        validate(book, RESOURCE_LISTS)
        assert [item.name for item in book.items] in (
            [SHARED],
            [COUNTED],
            [SHARED, COUNTED],
            [COUNTED, SHARED],
        )
        shared = book.lists.get(SHARED)
        counted = book.lists.get(COUNTED)
        return cls(
            {} if shared is None else {entry.uri or "": entry.label for entry in shared.entries},
            None if shared is None else shared.label,
            0 if counted is None else int(counted.label or "0"),
        )


@dataclass(eq=False)
class Intent:
    """What a writer set out to do; what it did not set out to do must not happen by its requests."""

    begin: int
    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    label: str | None = None
    counts: int = 0
    counted: int = 0
    on_conflict: OnConflict = "merge"

    def allows(self, before: State, after: State) -> None:
        """Whether a change is one that was meant."""
        gone, new = before.entries.keys() - after.entries.keys(), after.entries.keys() - before.entries.keys()
        assert gone <= self.removed, "an edit of somebody else was undone"
        mine = self.labels.keys() if self.on_conflict == "mine" else set[str]()
        assert new <= self.added | mine, "an edit that was undone on purpose came back"
        for uri in after.entries:
            if after.entries[uri] != before.entries.get(uri):
                assert after.entries[uri] == self.labels.get(uri)
        if after.label != before.label:
            assert after.label == self.label
        self.counted += after.number - before.number
        assert 0 <= self.counted <= self.counts, "counted twice"

    def holds(self, history: list[State]) -> None:
        """Whether an acknowledged edit was there at some time since; what came later is checked by `allows`."""
        since = history[self.begin :]
        lenient = self.on_conflict == "theirs"
        for uri in self.added:
            assert any(uri in state.entries for state in since), "an acknowledged edit was never stored"
        if not lenient:
            for uri in self.removed:
                assert any(uri not in state.entries for state in since)
            for uri, label in self.labels.items():
                assert any(state.entries.get(uri) == label for state in since)
            assert self.label is None or any(state.label == self.label for state in since)
        assert self.counted == self.counts, "an acknowledged update was lost"


@dataclass(eq=False)
class Writer:
    session: Session
    intent: Intent
    held: Held[ResourceLists] | None = None
    flow: Flow[SaveReport] | None = None
    request: Request | None = None
    error: XcapError | None = None

    @property
    def failed(self) -> bool:
        return self.flow is None and self.error is not None


@dataclass(frozen=True)
class Edit:
    """One thing to do; which one of the entries there are is said by a number."""

    kind: str
    which: int


EDITS = st.lists(
    st.builds(Edit, st.sampled_from(["add", "add", "remove", "relabel", "label"]), st.integers(0, 7)),
    min_size=1,
    max_size=3,
)
STRATEGIES: st.SearchStrategy[Strategy] = st.sampled_from(["auto", "auto", "document", "nodes"])
ON_CONFLICT: st.SearchStrategy[OnConflict] = st.sampled_from(["merge", "merge", "mine", "theirs", "raise"])
FATES = st.sampled_from(
    [
        *["deliver"] * 8,
        "request lost",
        "reply lost",
        "delayed",
        "repeated",
        "refused",
        "no connection",
        "failed before",
        "failed after",
        "etag dropped",
    ]
)
FOR_READS = {"request lost", "failed before", "etag dropped"}
NUMBERS = st.integers(0, 2)


class Writers(RuleBasedStateMachine):
    """Three clients that edit one document at once."""

    server: Server

    def __init__(self) -> None:
        super().__init__()
        self.server.clear()
        self.tokens = count()
        self.history = [State()]
        self.body: bytes | None = None
        self.late: list[tuple[Request, Intent]] = []
        self.writers = [Writer(session(node_writes=known), Intent(0)) for known in (None, True, False)]

    # What writers do

    @rule(number=NUMBERS, edits=EDITS, strategy=STRATEGIES, on_conflict=ON_CONFLICT)
    def one(self, number: int, edits: list[Edit], strategy: Strategy, on_conflict: OnConflict) -> None:
        """One of them edits."""
        self.edit(number, edits, strategy, on_conflict)

    def edit(self, number: int, edits: list[Edit], strategy: Strategy, on_conflict: OnConflict) -> None:
        """Edit the document in hand, or read it first, and save it; after a failure, on top of what failed."""
        writer = self.writers[number]
        if writer.flow is None:
            self.start(writer, self.saving(writer, edits, strategy, on_conflict))

    def count(self, number: int, strategy: Strategy) -> None:
        """Count by a function of the document."""
        writer = self.writers[number]
        if writer.flow is None and not writer.failed:
            self.start(writer, self.updating(writer, strategy))

    @precondition(lambda self: any(writer.failed for writer in self.writers))
    @rule(data=st.data(), again=st.booleans(), strategy=STRATEGIES)
    def after_a_failure(self, data: st.DataObject, again: bool, strategy: Strategy) -> None:
        """Save again, deciding clashes, or give up."""
        writer = data.draw(st.sampled_from([writer for writer in self.writers if writer.failed]))
        if again and writer.held is not None:
            choices: list[OnConflict] = (
                ["mine", "theirs"] if isinstance(writer.error, MergeConflict) else ["merge"]
            )
            self.start(writer, self.saving(writer, [], strategy, data.draw(st.sampled_from(choices))))
        else:
            self.forget(writer)

    @initialize(entries=st.none() | st.integers(0, 4))
    def begin(self, entries: int | None) -> None:
        """There is no document, or one that all of them have in hand."""
        if entries is None:
            return
        book = ResourceLists()
        shared = book.lists.ensure(SHARED)
        for _ in range(entries):
            shared.entries.add(self.token())
        book.lists.ensure(COUNTED)
        headers = (("Content-Type", RESOURCE_LISTS.media_type),)
        meant = Intent(0, added={entry.uri or "" for entry in shared.entries})
        self.serve(Request("PUT", INDEX.uri, headers, serialize(book)), meant)
        for writer in self.writers:
            self.start(writer, self.saving(writer, [], "auto", "merge"))
            self.meet(writer, "deliver")

    @rule(
        race=st.tuples(*[st.tuples(EDITS, STRATEGIES, ON_CONFLICT) | STRATEGIES] * 3),
        meetings=st.lists(st.tuples(NUMBERS, FATES), max_size=8),
    )
    def race(
        self,
        race: tuple[tuple[list[Edit], Strategy, OnConflict] | Strategy, ...],
        meetings: list[tuple[int, str]],
    ) -> None:
        """All who have nothing else to do edit or count at once."""
        for number, plan in enumerate(race):
            if isinstance(plan, str):
                self.count(number, plan)
            elif not self.writers[number].failed:
                self.edit(number, *plan)
        self.carry(meetings)

    @rule(meetings=st.lists(st.tuples(NUMBERS, FATES), min_size=1, max_size=8))
    def carry(self, meetings: list[tuple[int, str]]) -> None:
        """Carry some requests; most fates are for those that write."""
        for number, fate in meetings:
            writer = self.writers[number]
            while writer.request is not None and writer.request.method == "GET" and fate not in FOR_READS:
                self.meet(writer, "deliver")
            if writer.request is not None:
                self.meet(writer, fate)

    @precondition(lambda self: self.late)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        """A request that was taken for lost arrives."""
        number = data.draw(st.integers(0, len(self.late) - 1))
        request, intent = self.late.pop(number)
        self.serve(request, intent)

    def teardown(self) -> None:
        for writer in self.writers:
            while writer.request is not None:
                self.meet(writer, "deliver")
        for request, intent in self.late:
            self.serve(request, intent)
        self.serve(Request("GET", INDEX.uri), Intent(0))

    # The flows of writers

    def saving(
        self, writer: Writer, edits: list[Edit], strategy: Strategy, on_conflict: OnConflict
    ) -> Flow[SaveReport]:
        if writer.held is None:
            writer.held = yield from open_document(writer.session, RESOURCE_LISTS, INDEX, ResourceLists)
            writer.intent = Intent(len(self.history) - 1)
        writer.intent.on_conflict = on_conflict
        for edit in edits:
            self.apply(edit, writer.held.model, writer.intent)
        return (yield from save(writer.held, on_conflict, strategy))

    def updating(self, writer: Writer, strategy: Strategy) -> Flow[SaveReport]:
        writer.held = None
        token = self.token()
        writer.intent = Intent(len(self.history) - 1, added={token}, counts=1)
        function = partial(self.count_up, token=token)
        return (
            yield from update(
                writer.session, RESOURCE_LISTS, INDEX, function, ResourceLists, strategy=strategy
            )
        )

    @staticmethod
    def count_up(book: ResourceLists, token: str) -> None:
        counted = book.lists.ensure(COUNTED)
        counted.label = str(int(counted.label or "0") + 1)
        book.lists.ensure(SHARED).entries.add(token)

    def apply(self, edit: Edit, book: ResourceLists, intent: Intent) -> None:
        shared = book.lists.ensure(SHARED)
        uris = [entry.uri or "" for entry in shared.entries if entry.uri not in intent.added]
        token = self.token()
        match edit.kind:
            case "remove" if uris:
                uri = uris[edit.which % len(uris)]
                shared.entries.remove(uri)
                intent.removed.add(uri)
                intent.labels.pop(uri, None)
            case "relabel" if uris:
                uri = uris[edit.which % len(uris)]
                shared.entries[uri].label = intent.labels[uri] = token
            case "label":
                shared.label = intent.label = token
            case _:
                shared.entries.add(token, at=edit.which % (len(shared.entries) + 1))
                intent.added.add(token)

    def token(self) -> str:
        return f"sip:{next(self.tokens)}@x"

    def start(self, writer: Writer, flow: Flow[SaveReport]) -> None:
        writer.flow, writer.error = flow, None
        self.advance(writer, partial(next, flow))

    def advance(self, writer: Writer, resume: Callable[[], Any]) -> None:
        """Run a writer's flow up to its next request."""
        assert writer.flow is not None
        writer.request = None
        try:
            step = resume()
            while isinstance(step, Pause):
                step = writer.flow.send(None)
        except StopIteration as end:
            report: SaveReport = end.value
            event(f"{report.outcome}{', merged' if report.merged else ''}")
            writer.intent.holds(self.history)
            writer.flow, writer.intent = None, Intent(len(self.history) - 1)
        except XcapError as error:
            event(type(error).__name__)
            writer.flow, writer.error = None, error
            if writer.held is None:
                self.forget(writer)
        else:
            assert isinstance(step, Request)
            writer.request = step

    def forget(self, writer: Writer) -> None:
        writer.held = writer.error = None
        writer.intent = Intent(len(self.history) - 1)

    # The network

    def meet(self, writer: Writer, fate: str) -> None:
        request, flow = writer.request, writer.flow
        assert request is not None
        assert flow is not None
        serve = partial(self.serve, request, writer.intent)
        reply: Response | XcapError
        match fate:
            case "request lost":
                reply = ConnectionLost("lost", request=request)
            case "reply lost":
                serve()
                reply = TimedOut("lost", request=request)
            case "delayed":
                self.late.append((request, writer.intent))
                reply = TimedOut("late", request=request)
            case "repeated":
                reply = serve()
                serve()
            case "refused":
                reply = Response(412)
            case "no connection":
                reply = ConnectionFailed("refused", request=request)
            case "failed before":
                reply = Response(503, Headers([("Retry-After", "1")]))
            case "failed after":
                serve()
                reply = Response(504)
            case "etag dropped":
                answer = serve()
                fields = [(name, value) for name, value in answer.headers.items() if name != "etag"]
                reply = Response(answer.status, Headers(fields), answer.body)
            case _:
                reply = serve()
        if isinstance(reply, XcapError):
            self.advance(writer, partial(flow.throw, reply))
        else:
            self.advance(writer, partial(flow.send, reply))

    def serve(self, request: Request, intent: Intent) -> Response:
        """The server acts, and what it did is checked."""
        response = self.server.answer(request)
        if request.method != "GET" and response.status < 300:
            self.body = self.server.document()
            state = State.of(self.body)
            intent.allows(self.history[-1], state)
            self.history.append(state)
        elif request.method == "GET" and response.status == 200:
            assert response.body == self.body
        return response


@pytest.mark.filterwarnings("error")
def test_writers() -> None:
    server = Server()
    try:
        machine = type("Writers", (Writers,), {"server": server})
        examples = settings().max_examples if NIGHTLY else 25
        run_state_machine_as_test(
            machine, settings=settings(max_examples=examples, stateful_step_count=25, deadline=None)
        )
    finally:
        server.close()
