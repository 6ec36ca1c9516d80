"""What becomes of the references to a list that gets another name or goes: pure, one document at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk.documents.outline import Outline
from xcap_sdk.errors import InvalidAddress, InvalidInput
from xcap_sdk.protocol.addresses import DocumentAddress, ElementAddress
from xcap_sdk.protocol.selectors import NodeSelector
from xcap_sdk.protocol.uris import canonical_uri
from xcap_sdk.protocol.wording import shown
from xcap_sdk.usages.flat_lists import Reason, ReferenceProblem
from xcap_sdk.usages.flattening import find
from xcap_sdk.usages.list_kinds import Parent
from xcap_sdk.usages.list_nodes import Nodes
from xcap_sdk.usages.list_references import list_address
from xcap_sdk.usages.mentions import Mention, mentions
from xcap_sdk.usages.respelling import respelled

MOST = 100
"""How many references of a document that cannot be read are named."""


@dataclass(frozen=True, slots=True)
class PlannedReference:
    """A reference that is to be changed.

    Attributes:
        place: Its place in the model of its document, as that was read. For one that is to go, of all that
            goes with it: of a service, which cannot be without a list.
        old: What it says.
        new: What it is to say; None if it is to go.
    """

    place: str
    old: str
    new: str | None

    def __str__(self) -> str:
        return f"{self.place}: {self.old} → {'removed' if self.new is None else self.new}"


@dataclass(frozen=True, slots=True)
class ListEdit:
    """What is to be done with a list.

    Attributes:
        document: The document that has it.
        names: The names of the lists on the way to it, and its own.
        new: Its new name; None to remove it.
        references: Whether references to it go with it when it is removed.
    """

    document: DocumentAddress
    names: tuple[str, ...]
    new: str | None
    references: bool = True

    @property
    def address(self) -> ElementAddress:
        """The list's address."""
        return list_address(self.document, *self.names)

    def __str__(self) -> str:
        what = f"remove list {self.names[-1]!r}"
        if self.new is not None:
            what = f"rename list {self.names[-1]!r} to {self.new!r}"
        return f"{what} of {self.document.path}"

    def locate(self, book: ResourceLists) -> tuple[Parent, ResourceList]:
        """The list in the model of its document, and what it is in.

        Raises:
            InvalidInput: It is not there, or several are; or there is one of the new name.
        """
        parent, item, _ = book, *find(book, self.names)  # says what there is if there is none
        for number, name in enumerate(self.names):
            parent, place = find(book, self.names[:number])
            fitting = [each for each in _lists(parent) if each.name == name]
            if len(fitting) > 1:
                raise InvalidInput(
                    f"cannot {self}: {len(fitting)} lists in {place or 'the document'} are called {name!r}, "
                    f"so none of them can be referred to; nothing was sent"
                )
        others = {each.name for each in _lists(parent)} - {self.names[-1]}
        if self.new is not None and self.new in others:
            raise InvalidInput(f"cannot {self}: there is a list {self.new!r} beside it; nothing was sent")
        assert isinstance(item, ResourceList), "it has a name at least"
        return parent, item

    def carry_out(self, book: ResourceLists) -> None:
        """Change the list itself."""
        parent, item = self.locate(book)
        if self.new is None:
            del parent.items[next(n for n, each in enumerate(parent.items) if each is item)]
        else:
            item.name = self.new


def _lists(parent: Parent) -> list[ResourceList]:
    return [item for item in parent.items if isinstance(item, ResourceList)]


@dataclass(slots=True)
class Seen:
    """What was found in one document.

    Attributes:
        address: The document's address.
        changes: The references to be changed, each with what it is to say; None to remove it.
        planned: The same, to be shown.
        problems: References that cannot be read, and those that will lead nowhere.
        others: References to something else in the list's document, and what they lead to.
    """

    address: DocumentAddress
    changes: list[tuple[Mention, str | None]] = field(default_factory=list[tuple[Mention, str | None]])
    planned: list[PlannedReference] = field(default_factory=list[PlannedReference])
    problems: list[ReferenceProblem] = field(default_factory=list[ReferenceProblem])
    others: list[tuple[Mention, NodeSelector, object, str]] = field(
        default_factory=list[tuple[Mention, NodeSelector, object, str]]
    )

    def carry_out(self) -> None:
        """Change the references."""
        for mention, text in self.changes:
            if text is None:
                mention.remove()
            else:
                mention.say(text)

    def afterwards(self, book: ResourceLists, nodes: Nodes, original: object) -> Iterator[ReferenceProblem]:
        """The references that lead to something else now.

        Args:
            book: The model of the list's document as it is now: the very objects that it had before.
            nodes: Finds nodes in it.
            original: Another model of this document, as it was before, for the places in it.
        """
        outline = Outline.of(original)
        for mention, selector, before, where in self.others:
            after, there = nodes.select(book, selector)
            if after is before:
                continue
            reason: Reason = "revived" if before is None else "dangling" if after is None else "shifted"
            was = "leads nowhere" if before is None else f"leads to {where}"
            will = "would lead nowhere" if after is None else f"would lead to {there}"
            place = mention.place_in(outline)
            yield _problem(reason, mention.text, self.address, place, f"{was} now, and {will} then")


class Lookout:
    """Finds the references to a list, and to what is in it, while its document is as it was read.

    Args:
        edit: What is to be done with the list.
        book: The model of its document; it is not to be changed while documents are looked through.

    Raises:
        InvalidInput: There is no such list, or one of the new name beside it.
    """

    def __init__(self, edit: ListEdit, book: ResourceLists) -> None:
        self._edit = edit
        self._book = book
        self._nodes = Nodes()
        self._list = edit.locate(book)[1]

    def look(self, address: DocumentAddress, model: object) -> Seen:
        """Look through a document.

        Args:
            address: Its address.
            model: Its model; not to be changed before what is found is carried out.
        """
        seen = Seen(address)
        broken = 0
        for mention in mentions(model):
            if self._edit.new is None and mention.is_inside(self._list):
                continue  # it goes with the list
            try:
                target = mention.address(address.root)
            except InvalidAddress as error:
                broken += 1
                if broken <= MOST:
                    message = f"cannot be read, and is left as it is: {error}"
                    seen.problems.append(_problem("invalid", mention.text, address, mention.place, message))
                continue
            if is_same_document(target.document, self._edit.document):
                self._see(seen, mention, target.selector)
        if broken > MOST:
            message = f"{broken - MOST} more references cannot be read, and are left as they are"
            seen.problems.append(ReferenceProblem("invalid", None, address, "", message))
        return seen

    def _see(self, seen: Seen, mention: Mention, selector: NodeSelector) -> None:
        depth = len(self._edit.names)  # the step of the list: the first is that of the root
        head = replace(selector, steps=selector.steps[: depth + 1])
        if len(head.steps) <= depth or self._nodes.select(self._book, head)[0] is not self._list:
            before, where = self._nodes.select(self._book, selector)
            seen.others.append((mention, selector, before, where))
            return
        new = self._edit.new
        if new is None and not self._edit.references:
            message = "would lead nowhere once the list is gone"
            seen.problems.append(_problem("dangling", mention.text, seen.address, mention.place, message))
            return
        test = selector.steps[depth].attribute
        if new is not None:
            if test is None or test[0] != "name":
                return  # it goes by the position, which stays
            text = respelled(mention.text, depth, new)
            if text == mention.text:
                return
        else:
            text = None
        seen.changes.append((mention, text))
        place = mention.owner if text is None else mention.place
        seen.planned.append(PlannedReference(place, mention.text, text))


def is_same_document(one: DocumentAddress, other: DocumentAddress) -> bool:
    """Whether two addresses are of the same document, however their roots are percent-encoded."""
    if replace(one, root=other.root) != other:
        return False
    return one.root == other.root or canonical_uri(one.root.uri) == canonical_uri(other.root.uri)


def _problem(
    reason: Reason, text: str, document: DocumentAddress, place: str, message: str
) -> ReferenceProblem:
    words = message if reason == "invalid" else f"{shown(text)} {message}"
    return ReferenceProblem(reason, text, document, place, words)
