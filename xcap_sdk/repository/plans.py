"""Plans over several documents: what users look at before it is sent, sync and async."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.errors import InvalidInput
from xcap_sdk.flows.outcomes import SaveReport
from xcap_sdk.flows.relinking import PlannedDocument, Relinking
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.repository.place import Place
from xcap_sdk.transport import AsyncTransport, Transport
from xcap_sdk.usages.flat_lists import ReferenceProblem
from xcap_sdk.usages.list_references import list_address
from xcap_sdk.usages.relinking import ListEdit


class _Planned:
    """What both plans show, without I/O."""

    def __init__(self, relinking: Relinking) -> None:
        self._relinking = relinking

    @property
    def documents(self) -> tuple[PlannedDocument, ...]:
        """The documents to be written, in order, with what changes in each; the one with the list is last.

        Those that are written already are not among them.
        """
        return self._relinking.documents

    @property
    def warnings(self) -> tuple[ReferenceProblem, ...]:
        """What is to be known before the plan is saved.

        References that would lead nowhere or elsewhere by it, or somewhere at last; those that cannot be read
        and are left as they are; and documents that could not be searched.
        """
        return self._relinking.problems

    def to_json(self) -> str:
        """The plan as a JSON text, without the bodies."""
        return _to_json(self._relinking)

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.documents)

    def __str__(self) -> str:
        return "\n".join(_lines(self._relinking))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._relinking.edit}>"


class ListPlan(_Planned):
    """A list to be renamed or removed, and what refers to it: looked at, then saved."""

    def __init__(self, transport: Transport, relinking: Relinking) -> None:
        super().__init__(relinking)
        self._transport = transport

    def save(self) -> tuple[SaveReport, ...]:
        """Write the documents, each under its ETag: those that refer to the list, then that of the list.

        Somebody else's changes meanwhile are kept: the document is read again, and the references that it has
        then are changed. What is written already is not written again, so that saving again finishes what
        broke off. The list's document is asked for first: if it was changed, the plan is made anew from it.

        Returns:
            What was done with each of `documents`.

        Raises:
            PartlySaved: Some documents are written and others are not: .done, .remaining; save again.
            InvalidInput: The list is not there any more; nothing was written.
            XcapError: The first document could not be written; nothing was written.
        """
        return self._transport.run(self._relinking.save())


class AsyncListPlan(_Planned):
    """A list to be renamed or removed, and what refers to it: looked at, then saved."""

    def __init__(self, transport: AsyncTransport, relinking: Relinking) -> None:
        super().__init__(relinking)
        self._transport = transport

    async def save(self) -> tuple[SaveReport, ...]:
        """Write the documents, each under its ETag: those that refer to the list, then that of the list.

        Somebody else's changes meanwhile are kept: the document is read again, and the references that it has
        then are changed. What is written already is not written again, so that saving again finishes what
        broke off. The list's document is asked for first: if it was changed, the plan is made anew from it.

        Returns:
            What was done with each of `documents`.

        Raises:
            PartlySaved: Some documents are written and others are not: .done, .remaining; save again.
            InvalidInput: The list is not there any more; nothing was written.
            XcapError: The first document could not be written; nothing was written.
        """
        return await self._transport.run(self._relinking.save())


def _lines(relinking: Relinking) -> Iterator[str]:
    documents = relinking.documents
    count = f"{len(documents)} documents to write, in this order" if documents[1:] else "1 document to write"
    yield f"{relinking.edit}: {count if documents else 'nothing to write'}"
    for number, document in enumerate(documents, 1):
        yield f"{number}. {document.address.path}"
        for reference in document.references:
            yield f"   {reference.place}"
            yield f"     from {reference.old}"
            yield f"     to   {'nothing: it is removed' if reference.new is None else reference.new}"
        if document.holds_list:
            yield "   the list itself"
        yield f"   by {document.plan}"
    for problem in relinking.problems:
        yield f"warning: {problem}"


def _to_json(relinking: Relinking) -> str:
    edit = relinking.edit
    content = {
        "list": str(edit.address),
        "new_name": edit.new,
        "documents": [
            {
                "document": str(document.address),
                "holds_list": document.holds_list,
                "references": [
                    {"place": reference.place, "old": reference.old, "new": reference.new}
                    for reference in document.references
                ],
                "plan": json.loads(document.plan.to_json()),
            }
            for document in relinking.documents
        ],
        "warnings": [
            {
                "reason": problem.reason,
                "document": None if problem.document is None else str(problem.document),
                "place": problem.place,
                "reference": problem.reference,
                "message": problem.message,
            }
            for problem in relinking.problems
        ],
    }
    return json.dumps(content, ensure_ascii=False)


def list_edit(
    place: Place[ResourceLists],
    document: str | None,
    inside: str | Sequence[str],
    name: str,
    *new: str,
    also: Iterable[str | DocumentAddress],
    references: bool = True,
) -> tuple[ListEdit, list[DocumentAddress]]:
    """What is to be done with a list, and which further documents are to be searched for references to it.

    Raises:
        InvalidInput: A name that no document can hold or have; or there is no user.
    """
    address = place.address(document)
    way = (inside,) if isinstance(inside, str) else tuple(inside)
    for each in (*way, name, *new):
        if not isinstance(each, str):  # pyright: ignore[reportUnnecessaryIsInstance] - None is no removal
            raise InvalidInput(f"{each!r} cannot be the name of a list; nothing was sent")
        list_address(address, each)
    edit = ListEdit(address, (*way, name), new[0] if new else None, references)
    others = (also,) if isinstance(also, str) else also
    return edit, [place.address(each) if isinstance(each, str) else each for each in others]
