"""Repositories, asynchronous: the documents of one application usage, of one user or of the global tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from xcap_sdk.document import AsyncDocument, AsyncEdit, AsyncReadOnlyDocument
from xcap_sdk.editing.strategy import Strategy
from xcap_sdk.flows.conversation import Session
from xcap_sdk.flows.held import OnConflict
from xcap_sdk.flows.saving import create, exists, remove, update
from xcap_sdk.protocol.documents import Tree
from xcap_sdk.repository.place import Place, WritablePlace
from xcap_sdk.transport import AsyncTransport
from xcap_sdk.usages import ApplicationUsage

if TYPE_CHECKING:
    from xcap_sdk.flows.outcomes import SaveReport

R = TypeVar("R")


class AsyncReadOnlyRepository(Place[R]):
    """The documents of one application usage, to be read."""

    def __init__(
        self,
        transport: AsyncTransport,
        session: Session,
        usage: ApplicationUsage[R],
        tree: Tree,
        xui: str | None,
    ) -> None:
        super().__init__(session, usage, tree, xui)
        self._transport = transport

    async def get(self, document: str | None = None) -> AsyncReadOnlyDocument[R]:
        """Read a document; if it is the version known already, the server is only asked.

        Args:
            document: Its name; None for the application usage's own default.

        Returns:
            The document in hand.

        Raises:
            NotFound: There is none.
            DocumentError: What came is no such document.
            XcapError: The server refused, or could not be reached.
        """
        return AsyncReadOnlyDocument(self._transport, await self._transport.run(self._open(document)))

    async def exists(self, document: str | None = None) -> bool:
        """Whether a document is there; read by GET, as HEAD is not to be relied on.

        Args:
            document: Its name; None for the application usage's own default.

        Returns:
            True if it is there.

        Raises:
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(exists(self._session, self.address(document)))


class AsyncRepository(AsyncReadOnlyRepository[R], WritablePlace[R]):
    """The documents of one application usage, to be read and edited."""

    async def get(self, document: str | None = None) -> AsyncDocument[R]:
        """Read a document; if it is the version known already, the server is only asked.

        Args:
            document: Its name; None for the application usage's own default.

        Returns:
            The document in hand.

        Raises:
            NotFound: There is none.
            DocumentError: What came is no such document.
            XcapError: The server refused, or could not be reached.
        """
        return AsyncDocument(self._transport, await self._transport.run(self._open(document)))

    def resume(self, xml: bytes, etag: str, document: str | None = None) -> AsyncDocument[R]:
        """Take a document in hand again that was read earlier, without a request.

        For applications that keep nothing in memory from a page to what is submitted from it: what `xml` and
        `etag` of the document gave for the page is kept, and a save is then guarded by that ETag (RFC 4825
        §7.11, RFC 9110 §13.1.1) and merges what others wrote since, as if the document had been in hand all
        along. To read it afresh instead would take what others wrote for what was seen, and undo it.

        The edits go into these bytes, and what is in them already is not checked again: keep them where the
        browser cannot change them, or sign them together with the ETag.

        Args:
            xml: The document, as `Document.xml` gave it.
            etag: Its ETag, as `Document.etag` gave it with these bytes.
            document: Its name; None for the application usage's own default.

        Returns:
            The document in hand; its model is of these bytes.

        Raises:
            InvalidInput: That is no ETag, or these are no bytes.
            DocumentError: The bytes are no such document.
        """
        return AsyncDocument(self._transport, self._resume(xml, etag, document))

    def edit(
        self,
        document: str | None = None,
        *,
        on_conflict: OnConflict = "merge",
        strategy: Strategy = "auto",
        atomic: bool = True,
    ) -> AsyncEdit[R]:
        """Edit a document in a block: read on entry, checked and stored under its ETag on exit.

        Without a document the block starts from an empty one, where the application usage has such; entering
        raises NotFound otherwise. Nothing is sent if nothing was changed, or if the block raises. Leaving it
        raises what `save` of a document does, and merges as that does.

        Args:
            document: Its name; None for the application usage's own default.
            on_conflict: What to do if somebody else was faster: ``merge`` both sides' changes, ``mine`` or
                ``theirs`` to merge and say who decides where they clash, ``raise`` to raise Conflicted.
            strategy: How to write: ``auto`` makes one request, for a single node where that says it all and
                the server is known to do it right; ``document`` puts the whole document; ``nodes`` writes
                single nodes, in as many requests as it takes.
            atomic: Whether ``auto`` has to make one request, so that the save happens as a whole or not at
                all; False to allow several where that costs less.

        Returns:
            The block, to be entered by ``with``; its variable is the model.

        Raises:
            InvalidInput: One of the arguments cannot be.
        """
        return AsyncEdit(self._transport, self._begin(document), on_conflict, strategy, atomic=atomic)

    async def update(
        self,
        function: Callable[[R], object],
        document: str | None = None,
        *,
        on_conflict: OnConflict = "merge",
        strategy: Strategy = "auto",
        atomic: bool = True,
    ) -> SaveReport:
        """Change a document by a function; it is run again on the fresh document if somebody else was faster.

        Args:
            function: Changes the model that it is given, in place; may run several times.
            document: Its name; None for the application usage's own default.
            on_conflict: ``raise`` raises Conflicted as soon as somebody else was faster. Otherwise there is
                nothing to decide, as the function is run again.
            strategy: How to write: ``auto`` makes one request, for a single node where that says it all and
                the server is known to do it right; ``document`` puts the whole document; ``nodes`` writes
                single nodes, in as many requests as it takes.
            atomic: Whether ``auto`` has to make one request, so that the save happens as a whole or not at
                all; False to allow several where that costs less.

        Returns:
            What was done.

        Raises:
            NotFound: There is no document, and the application usage has no empty one to start from.
            InvalidDocument: The changed document breaks its schema or a rule; nothing was sent.
            Conflicted: Somebody else was faster each time; or once, after a reply was lost (.uncertain): to
                run the function again might have acted twice.
            PartlySaved: Only some of several requests were carried out: .done, .remaining.
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(
            update(
                self._session,
                self._usage,
                self.address(document),
                function,
                self._start(document),
                on_conflict=on_conflict,
                strategy=strategy,
                several=not atomic,
            )
        )

    async def create(self, model: R, document: str | None = None) -> AsyncDocument[R]:
        """Store a new document.

        Args:
            model: The document.
            document: Its name; None for the application usage's own default.

        Returns:
            The document in hand.

        Raises:
            AlreadyExists: There is one of that name; nothing was written.
            InvalidDocument: The document breaks its schema or a rule; nothing was sent.
            XcapError: The server refused, or could not be reached.
        """
        return AsyncDocument(
            self._transport,
            await self._transport.run(create(self._session, self._usage, self.address(document), model)),
        )

    async def delete(self, document: str | None = None) -> None:
        """Delete a document as it is now: it is read, and deleted under its ETag.

        Args:
            document: Its name; None for the application usage's own default.

        Raises:
            NotFound: There is none.
            PreconditionFailed: Somebody changed it just then; nothing was deleted.
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(remove(self._session, self.address(document)))
