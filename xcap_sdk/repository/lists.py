"""Repositories for lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.repository.blocking import Repository
from xcap_sdk.usages.list_kinds import MAX_DEPTH, MAX_DOCUMENTS

if TYPE_CHECKING:
    from xcap_sdk.flows.resolving import Elsewhere
    from xcap_sdk.protocol.addresses import DocumentAddress, ElementAddress
    from xcap_sdk.repository.plans import ListPlan
    from xcap_sdk.usages.flat_lists import FlatList


class ResourceListsRepository(Repository[ResourceLists]):
    """Buddy lists, what they come to once their references are followed, and what refers to them."""

    def list_address(self, *names: str, document: str | None = None) -> ElementAddress:
        """The address of a list, for `xcap_sdk.anchor_to` and `xcap_sdk.entry_address`.

        Args:
            *names: The names of the lists from the top level down; at least one.
            document: The document's name; None for the application usage's own default.

        Returns:
            The address, whether there is such a list or not.

        Raises:
            InvalidInput: No name is given, or one that no document can hold; or the client has no user.
        """
        from xcap_sdk.usages.list_references import list_address

        return list_address(self.address(document), *names)

    def resolve(
        self,
        document: str | None = None,
        *,
        list: str | Sequence[str] | None = None,
        elsewhere: Elsewhere | None = None,
        max_depth: int = MAX_DEPTH,
        max_documents: int = MAX_DOCUMENTS,
    ) -> FlatList:
        """Flatten a list as a resource list server does (RFC 4826 §4.5), its references followed.

        The lists inside it and what it refers to are gone through in document order; each URI counts once.
        Each other document is read once, whosever it is.

        Args:
            document: The document's name; None for the application usage's own default.
            list: The name of the list, or the names on the way to it from the top level down; None for all.
            elsewhere: Reads a document on another server from its absolute URI, and gives its bytes, or None
                if there is none; for the asynchronous client it may be a coroutine function. None to leave
                out what is on other servers.
            max_depth: How many externals inside each other are followed.
            max_documents: How many other documents are read.

        Returns:
            The entries in order, and the references that could not be followed: dangling, circular, refused …

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such list.
            XcapError: The server could not be reached, or refused the document itself.
        """
        from xcap_sdk.flows.resolving import Following, resolve

        return self._transport.run(
            resolve(
                self._session, self.address(document), list, Following(elsewhere, max_depth, max_documents)
            )
        )

    def rename_list(
        self,
        old: str,
        new: str,
        *,
        inside: str | Sequence[str] = (),
        document: str | None = None,
        also: Iterable[str | DocumentAddress] = (),
    ) -> ListPlan:
        """Plan to rename a list and to mend what refers to it, or to what is in it, in the user's documents.

        Only reads. Searched are the document itself, the user's default documents of resource lists,
        rls-services, presence rules (both kinds), groups, group usage list, simservs and geolocation policy,
        and whatever else of these the server's directory lists, if it has one. What is not there is no error.

        Args:
            old: The list's name.
            new: Its new name.
            inside: The name of the list that it is in, or the names on the way to it from the top level down.
            document: The document's name; None for the application usage's own default.
            also: Further documents to search: names of resource-lists documents, or addresses of documents
                of the usages above, also of other users.

        Returns:
            The plan: print it, and save it.

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such list, or one of the new name beside it.
            InvalidDocument: A document would break its schema or a rule by it.
            XcapError: The server refused the document itself, or could not be reached.
        """
        from xcap_sdk.flows.relinking import plan_edit
        from xcap_sdk.repository.plans import ListPlan, list_edit

        return ListPlan(
            self._transport,
            self._transport.run(
                plan_edit(self._session, self._usage, *list_edit(self, document, inside, old, new, also=also))
            ),
        )

    def remove_list(
        self,
        name: str,
        *,
        inside: str | Sequence[str] = (),
        document: str | None = None,
        also: Iterable[str | DocumentAddress] = (),
        with_references: bool = False,
    ) -> ListPlan:
        """Plan to remove a list; the plan's warnings name what refers to it in the user's documents.

        Only reads, and searches as `rename_list` does.

        Args:
            name: The list's name.
            inside: The name of the list that it is in, or the names on the way to it from the top level down.
            document: The document's name; None for the application usage's own default.
            also: Further documents to search: names of resource-lists documents, or addresses of documents
                of the usages of `rename_list`, also of other users.
            with_references: Whether the references go, too: entry-refs, externals, anchors of external-list
                conditions, which then hold for nobody, and whole services, which cannot be without a list.

        Returns:
            The plan: print it, and save it.

        Raises:
            NotFound: There is no such document.
            InvalidInput: It has no such list.
            InvalidDocument: A document would break its schema or a rule by it.
            XcapError: The server refused the document itself, or could not be reached.
        """
        from xcap_sdk.flows.relinking import plan_edit
        from xcap_sdk.repository.plans import ListPlan, list_edit

        return ListPlan(
            self._transport,
            self._transport.run(
                plan_edit(
                    self._session,
                    self._usage,
                    *list_edit(self, document, inside, name, also=also, references=with_references),
                )
            ),
        )
