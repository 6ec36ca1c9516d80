"""Which documents may refer to a user's lists, and the conversation that reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xcap_sdk.errors import DocumentError, InvalidInput, NotFound, ReplyError
from xcap_sdk.flows.conversation import Conversation, Flow, Session
from xcap_sdk.flows.held import Held
from xcap_sdk.flows.opening import open_document
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import (
    GEOLOCATION_POLICY,
    GROUP_USAGE_LIST,
    GROUPS,
    OMA_PRES_RULES,
    PRES_RULES,
    RESOURCE_LISTS,
    RLS_SERVICES,
    SIMSERVS,
    XCAP_DIRECTORY,
    ApplicationUsage,
)
from xcap_sdk.usages.flat_lists import Reason, ReferenceProblem
from xcap_sdk.usages.xcap_directory import DirectoryListing, listing

SEARCHED: tuple[ApplicationUsage[Any], ...] = (
    RESOURCE_LISTS,
    RLS_SERVICES,
    PRES_RULES,
    OMA_PRES_RULES,
    GROUPS,
    GROUP_USAGE_LIST,
    SIMSERVS,
    GEOLOCATION_POLICY,
)
"""The application usages whose documents can refer to lists."""


class Search:
    """Reads the documents that may refer to lists of a document.

    Args:
        talk: The conversation that this belongs to.
        document: The document that has the lists.
        also: Further documents to read.

    Attributes:
        problems: The documents that the server has and that could not be read.

    Raises:
        InvalidInput: One of the further documents is of a usage that does not refer to lists.
    """

    def __init__(
        self, talk: Conversation, document: DocumentAddress, also: Iterable[DocumentAddress]
    ) -> None:
        self._talk = talk
        self._document = document
        self._also = tuple(also)
        self.problems: list[ReferenceProblem] = []
        known = {usage.auid for usage in SEARCHED}
        for address in self._also:
            if address.auid not in known:
                raise InvalidInput(
                    f"{address}: documents of {address.auid} do not refer to lists; those of "
                    f"{', '.join(sorted(known))} do. Nothing was sent"
                )

    def run(self) -> Flow[list[Held[Any]]]:
        """Read them: the default document of each usage, what the directory lists, and the further ones.

        Returns:
            Those that are there, the document with the lists not among them.
        """
        found: list[Held[Any]] = []
        for address in (yield from self._addresses()):
            usage = _own(self._talk.session, _usage(address.auid))
            held = yield from self._open(usage, address)
            if held is not None:
                found.append(held)
        return found

    def _addresses(self) -> Flow[list[DocumentAddress]]:
        session, owner = self._talk.session, self._document.xui
        addresses: list[DocumentAddress] = []
        if owner is not None:
            listed = yield from self._listed(owner)
            for usage in SEARCHED:
                own = _own(session, usage)
                addresses.append(_place(session, own, owner))
                addresses += [row.address for row in listed.of(usage) if row.address is not None]
        addresses += self._also
        return [each for each in dict.fromkeys(addresses) if each != self._document]

    def _listed(self, owner: str) -> Flow[DirectoryListing]:
        session = self._talk.session
        usage = _own(session, XCAP_DIRECTORY)
        address = _place(session, usage, owner)
        held = yield from self._open(usage, address)
        if held is None:
            return DirectoryListing((), ())
        directory = listing(held.model, session.root, session.usages, owner)
        for folder in directory.incomplete:
            if folder.auid in {usage.auid for usage in SEARCHED}:
                why = folder.error or f"{folder.more} are left out"
                self._problem("unread", address, f"not all documents of {folder.auid} are listed: {why}")
        return directory

    def _open(self, usage: ApplicationUsage[Any], address: DocumentAddress) -> Flow[Held[Any] | None]:
        """A document; None if there is none, or after telling why it cannot be read."""
        try:
            return (yield from open_document(self._talk.session, usage, address, None, self._talk))
        except NotFound:
            return None
        except ReplyError as error:
            self._problem("refused", address, f"not searched, as the server refuses it: {error}")
        except DocumentError as error:
            self._problem("unreadable", address, f"not searched, as it cannot be read: {error}")
        return None

    def _problem(self, reason: Reason, address: DocumentAddress, message: str) -> None:
        self.problems.append(ReferenceProblem(reason, None, address, "", message))


def _usage(auid: str) -> ApplicationUsage[Any]:
    return next(usage for usage in SEARCHED if usage.auid == auid)


def _own(session: Session, usage: ApplicationUsage[Any]) -> ApplicationUsage[Any]:
    """A usage as this client was told that its server has it."""
    configured = session.configured.get(usage.auid)
    return usage if configured is None or configured.root is not usage.root else configured


def _place(session: Session, usage: ApplicationUsage[Any], owner: str) -> DocumentAddress:
    """A user's default document of a usage."""
    return DocumentAddress(
        root=session.root,
        auid=usage.auid,
        xui=owner,
        document=usage.document,
        default_namespace=usage.namespace,
    )
