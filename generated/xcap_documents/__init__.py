"""The classes of XCAP documents, one module per XML namespace.

    from xcap_documents.resource_lists import Entry, ResourceLists

They are generated from the project's schemas. For views like theirs on classes of one's own, see `keyed`.
"""

from ._behaviour import DuplicateKey, Keyed, KeyedItems, MissingKey, keyed

__all__ = ["DuplicateKey", "Keyed", "KeyedItems", "MissingKey", "keyed"]
