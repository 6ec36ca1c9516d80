"""Whatever breaks and whoever else writes: nothing of others is ever lost, and a success is one."""

from __future__ import annotations

from dictionary import ALICE, ROOT, Dictionary, Fault, lost, nothing, session
from hypothesis import event, given
from hypothesis import strategies as st

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.canonical import same_document
from xcap_sdk.errors import ConnectionFailed, ConnectionLost, TimedOut, XcapError
from xcap_sdk.flows.opening import open_document
from xcap_sdk.flows.saving import remove_held, save, update
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.messages import Request, Response
from xcap_sdk.usages import RESOURCE_LISTS

INDEX = DocumentAddress(root=ROOT, auid="resource-lists", xui=ALICE)


class World:
    """A server with somebody else at it, who never makes a mistake."""

    def __init__(self, etags: tuple[bool, bool]) -> None:
        self.server = Dictionary(etags=etags)
        self.theirs: set[str] = set()
        self.edit("friends")

    def edit(self, name: str) -> None:
        book = parse(self.server.documents[INDEX.uri], ResourceLists) if self.there else ResourceLists()
        book.lists.ensure(name)
        self.theirs.add(name)
        self.server.store(INDEX.uri, serialize(book))

    def touch(self) -> None:
        if self.there:
            self.server.store(INDEX.uri, self.server.documents[INDEX.uri] + b"\n")

    @property
    def there(self) -> bool:
        return INDEX.uri in self.server.documents

    @property
    def names(self) -> set[str | None]:
        if not self.there:
            return set()
        return {item.name for item in parse(self.server.documents[INDEX.uri], ResourceLists).items}


def fault(world: World, kind: str, number: int) -> Fault:
    def edit(request: Request) -> None:
        world.edit(f"theirs{number}")

    def touch(request: Request) -> None:
        world.touch()

    faults: dict[str, Fault] = {
        "nothing": nothing,
        "edit": edit,
        "touch": touch,
        "lost": lost(ConnectionLost),
        "timeout": lost(TimedOut),
        "refused": lost(ConnectionFailed),
        "broken": lambda request: Response(503),
    }
    return faults[kind]


BEFORE = st.lists(
    st.sampled_from(["nothing", "nothing", "edit", "touch", "lost", "timeout", "refused", "broken"]),
    max_size=12,
)
AFTER = st.lists(st.sampled_from(["nothing", "nothing", "edit", "lost", "timeout"]), max_size=12)
ETAGS = st.sampled_from([(True, True), (True, True), (True, False), (False, False)])


def prepared(before: list[str], after: list[str], etags: tuple[bool, bool]) -> World:
    world = World(etags)
    world.server.before = [fault(world, kind, number) for number, kind in enumerate(before)]
    world.server.after = [fault(world, kind, 100 + number) for number, kind in enumerate(after)]
    return world


@given(BEFORE, AFTER, ETAGS)
def test_saves_of_a_document_in_hand(before: list[str], after: list[str], etags: tuple[bool, bool]) -> None:
    world = prepared(before, after, etags)
    try:
        held = world.server.run(open_document(session(), RESOURCE_LISTS, INDEX, ResourceLists))
    except XcapError:
        return
    for name in ("mine", "mine too"):
        held.model.lists.ensure(name)
        version = held.version
        try:
            report = world.server.run(save(held))
        except XcapError as error:
            event(type(error).__name__)
            kept = error.document is held and held.version is version
        else:
            kept = True
            event(report.outcome)
            assert held.version is not None
            assert b"mine" in held.version.body
            if report.etag == world.server.etag(INDEX.uri):
                assert same_document(held.version.body, world.server.documents[INDEX.uri])
        assert kept, "nothing in hand is lost"
        assert world.theirs <= world.names


@given(BEFORE, AFTER, ETAGS)
def test_updates(before: list[str], after: list[str], etags: tuple[bool, bool]) -> None:
    world = prepared(before, after, etags)

    def change(book: ResourceLists) -> None:
        book.lists.ensure("mine")

    try:
        world.server.run(update(session(), RESOURCE_LISTS, INDEX, change, ResourceLists))
    except XcapError as error:
        event(type(error).__name__)
    else:
        assert "mine" in world.names
    assert world.theirs <= world.names


@given(BEFORE, AFTER)
def test_deletes(before: list[str], after: list[str]) -> None:
    world = prepared(before, after, (True, True))
    try:
        held = world.server.run(open_document(session(), RESOURCE_LISTS, INDEX))
        known = {item.name for item in held.model.items}
    except XcapError:
        return
    try:
        world.server.run(remove_held(held))
    except XcapError as error:
        event(type(error).__name__)
        done = False
    else:
        event("deleted")
        done = True
    assert done is (held.version is None)
    if world.there:
        assert not known - world.names or world.theirs - known, "gone only as a whole"
    else:
        assert world.theirs == known, "only what was read was deleted"
