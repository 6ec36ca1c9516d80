from __future__ import annotations

from dataclasses import dataclass, field

__NAMESPACE__ = "urn:example:bookmarks"


@dataclass(kw_only=True)
class Bookmark:
    """
    A page to find again.
    """

    class Meta:
        name = "bookmark"
        namespace = "urn:example:bookmarks"

    title: None | str = field(
        default=None,
        metadata={
            "type": "Element",
        },
    )
    href: str = field(
        metadata={
            "type": "Attribute",
        }
    )


@dataclass(kw_only=True)
class Bookmarks:
    """
    A user's bookmarks.
    """

    class Meta:
        name = "bookmarks"
        namespace = "urn:example:bookmarks"

    bookmark: list[Bookmark] = field(
        default_factory=list,
        metadata={
            "type": "Element",
        },
    )
