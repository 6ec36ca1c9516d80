"""An application usage of one's own, from an XSD: bookmarks that a user has on all devices.

python examples/bookmarks.py add https://www.rfc-editor.org/rfc/rfc4825 XCAP
python examples/bookmarks.py show

own/bookmarks.py is what xsdata makes of the schema beside it: xsdata generate bookmarks.xsd --package own
"""

from __future__ import annotations

import sys
from pathlib import Path

from own.bookmarks import Bookmark, Bookmarks
from xcap_documents import keyed
from xcap_sdk import ApplicationUsage, XcapClient

BOOKMARKS = ApplicationUsage(
    auid="com.example.bookmarks",
    root=Bookmarks,
    media_type="application/bookmarks+xml",
    schema=Path(__file__).with_name("own") / "bookmarks.xsd",
    keys={Bookmark: "href"},
    empty=Bookmarks,
)


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["add", href, *title]:
            with xcap.repository(BOOKMARKS).edit() as mine:
                bookmark = keyed(mine.bookmark, Bookmark, "href").ensure(href)
                bookmark.title = " ".join(title) or bookmark.title
        case ["show"]:
            for bookmark in xcap.repository(BOOKMARKS).get().model.bookmark:
                print(bookmark.title or "untitled", bookmark.href)
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
