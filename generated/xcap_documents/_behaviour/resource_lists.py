"""What lists, entries and references can do beyond their fields (RFC 4826 §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from .list_usages import EntryUsage, ListUsage
from .naming import Labelled, named
from .tracking import HasKey, HoldsItems
from .views import Keyed

if TYPE_CHECKING:
    from xcap_documents.resource_lists import DisplayName, Entry, EntryRef, External, ResourceList


class Lists(Keyed["ResourceList"]):
    """Lists by their names; those without a name are reached by iteration or `at`."""

    __slots__ = ()

    def add(self, name: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> ResourceList:
        """Add an empty list.

        Args:
            name: Its key.
            display_name: The name to show to people.
            at: Before which list, counted from 0 or from -1 backwards; None for behind all children.

        Returns:
            The new list.

        Raises:
            DuplicateKey: A list of this parent has the name already.
        """
        return self._insert(self._class(name=name, display_name=named(display_name)), at)

    def ensure(
        self, name: str, *, display_name: str | DisplayName | None = None, at: int | None = None
    ) -> ResourceList:
        """Get the list of this name, or add it as `add` does; a list that is there stays as it is."""
        found = self._find(name)
        return self.add(name, display_name=display_name, at=at) if found is None else found


class Entries(Keyed["Entry"]):
    """Entries by their URIs, compared letter by letter."""

    __slots__ = ()

    def add(self, uri: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> Entry:
        """Add an entry.

        Args:
            uri: The resource's URI, such as sip:bob@example.org: its key.
            display_name: The name to show to people.
            at: Before which entry, counted from 0 or from -1 backwards; None for behind all children.

        Returns:
            The new entry.

        Raises:
            DuplicateKey: The list has an entry with this URI already.
        """
        return self._insert(self._class(uri=uri, display_name=named(display_name)), at)

    def ensure(self, uri: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> Entry:
        """Get the entry with this URI, or add it as `add` does; an entry that is there stays as it is."""
        found = self._find(uri)
        return self.add(uri, display_name=display_name, at=at) if found is None else found


class EntryRefs(Keyed["EntryRef"]):
    """References to entries, by where they point."""

    __slots__ = ()

    def add(self, ref: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> EntryRef:
        """Add a reference to an entry.

        Args:
            ref: The entry's address relative to the XCAP root, percent-encoded, without a slash in front: its key.
            display_name: The name to show here instead of the one that the entry has.
            at: Before which reference, counted from 0 or from -1 backwards; None for behind all children.

        Returns:
            The new reference.

        Raises:
            DuplicateKey: The list has this reference already.
        """
        return self._insert(self._class(ref=ref, display_name=named(display_name)), at)

    def ensure(self, ref: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> EntryRef:
        """Get the reference, or add it as `add` does; a reference that is there stays as it is."""
        found = self._find(ref)
        return self.add(ref, display_name=display_name, at=at) if found is None else found


class Externals(Keyed["External"]):
    """References to whole lists, by where they point."""

    __slots__ = ()

    def add(self, anchor: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> External:
        """Add a reference to a list.

        Args:
            anchor: The absolute http or https URI of the list element, percent-encoded: its key.
            display_name: The name to show to people.
            at: Before which reference, counted from 0 or from -1 backwards; None for behind all children.

        Returns:
            The new reference.

        Raises:
            DuplicateKey: The list has this reference already.
        """
        return self._insert(self._class(anchor=anchor, display_name=named(display_name)), at)

    def ensure(self, anchor: str, *, display_name: str | DisplayName | None = None, at: int | None = None) -> External:
        """Get the reference, or add it as `add` does; a reference that is there stays as it is."""
        found = self._find(anchor)
        return self.add(anchor, display_name=display_name, at=at) if found is None else found


class ResourceListsBehaviour(HoldsItems):
    """Mixed into ResourceLists."""

    __slots__ = ()

    _views: ClassVar[Mapping[str, str]] = {"ResourceList": "lists"}

    @property
    def lists(self) -> Lists:
        """The lists at the top level, by their names."""
        from xcap_documents.resource_lists import ResourceList

        return Lists(self, ResourceList)


class ResourceListBehaviour(ListUsage, Labelled, HasKey, HoldsItems):
    """Mixed into ResourceList."""

    __slots__ = ()

    _key_field: ClassVar[str] = "name"
    _views: ClassVar[Mapping[str, str]] = {
        "ResourceList": "lists",
        "Entry": "entries",
        "EntryRef": "entry_refs",
        "External": "externals",
    }

    @property
    def lists(self) -> Lists:
        """The lists inside this one, by their names."""
        from xcap_documents.resource_lists import ResourceList

        return Lists(self, ResourceList)

    @property
    def entries(self) -> Entries:
        """The entries, by their URIs."""
        from xcap_documents.resource_lists import Entry

        return Entries(self, Entry)

    @property
    def entry_refs(self) -> EntryRefs:
        """The references to entries elsewhere, by where they point."""
        from xcap_documents.resource_lists import EntryRef

        return EntryRefs(self, EntryRef)

    @property
    def externals(self) -> Externals:
        """The references to whole lists, by where they point."""
        from xcap_documents.resource_lists import External

        return Externals(self, External)


class EntryBehaviour(EntryUsage, Labelled, HasKey):
    """Mixed into Entry."""

    __slots__ = ()

    _key_field: ClassVar[str] = "uri"


class EntryRefBehaviour(Labelled, HasKey):
    """Mixed into EntryRef."""

    __slots__ = ()

    _key_field: ClassVar[str] = "ref"


class ExternalBehaviour(Labelled, HasKey):
    """Mixed into External."""

    __slots__ = ()

    _key_field: ClassVar[str] = "anchor"
