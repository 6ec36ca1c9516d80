from own.bookmarks import (
    Bookmark,
    Bookmarks,
)

__all__ = [
    "Bookmark",
    "Bookmarks",
]
