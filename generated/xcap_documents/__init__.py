"""The classes of XCAP documents, one module per XML namespace, generated from the project's schemas.

    from xcap_documents.resource_lists import Entry, ResourceLists

The views and shortcuts of the classes are the same for one's own: see `keyed`.
"""

from ._behaviour import DuplicateKey, Keyed, keyed

__all__ = ["DuplicateKey", "Keyed", "keyed"]
