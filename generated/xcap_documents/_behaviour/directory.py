"""What a directory says of documents (OMA XDM Core §6.7), read as tolerantly as real ones need it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .periods import moment, stamp
from .wildcards import load

if TYPE_CHECKING:
    from xsdata.models.datatype import XmlDateTime

    from xcap_documents.oma_xcap_directory import DirectoryEntry, DirectoryError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = 100_000_000_000
"""From here on a number counts milliseconds: as seconds it is in the year 5138."""


class DirectoryEntryBehaviour:
    """Mixed into DirectoryEntry."""

    __slots__ = ()

    if TYPE_CHECKING:
        last_modified: XmlDateTime | None

    @property
    def modified(self) -> datetime | None:
        """When the document was changed last, with a time zone; None if the directory does not say, or nothing legible.

        Some servers write milliseconds, or seconds, since 1970 instead of a date. A time without a zone is taken for
        UTC.
        """
        text = "" if self.last_modified is None else str(self.last_modified).strip()
        try:
            if re.fullmatch("[0-9]{1,18}", text):
                count = int(text)
                return _EPOCH + timedelta(milliseconds=count if count >= _MILLISECONDS else count * 1000)
            read = moment(text, "last_modified", "")
        except (ValueError, OverflowError):
            return None
        return read if read.tzinfo is not None else read.replace(tzinfo=UTC)

    @modified.setter
    def modified(self, value: datetime | None) -> None:
        self.last_modified = None if value is None else stamp(value)


class DirectoryFolderBehaviour:
    """Mixed into DirectoryFolder."""

    __slots__ = ()

    if TYPE_CHECKING:
        items: list[DirectoryEntry | DirectoryError]

    @property
    def entries(self) -> tuple[DirectoryEntry, ...]:
        """The documents."""
        kind: type[DirectoryEntry] = load("oma_xcap_directory", "DirectoryEntry")
        return tuple(item for item in self.items if isinstance(item, kind))

    @property
    def error(self) -> str | None:
        """Why the server could not list the documents, such as ``404 Not Found``; None if it could."""
        kind: type[DirectoryError] = load("oma_xcap_directory", "DirectoryError")
        return next((item.value.strip() for item in self.items if isinstance(item, kind)), None)
