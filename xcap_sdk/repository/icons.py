"""Repositories for status icons, sync and async."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from xcap_documents.oma_pres_content import StatusIcon
from xcap_sdk.errors import InvalidInput
from xcap_sdk.flows.icons import upload
from xcap_sdk.flows.outcomes import SaveReport
from xcap_sdk.repository.asynchronous import AsyncRepository
from xcap_sdk.repository.blocking import Repository

if TYPE_CHECKING:
    from xcap_documents._behaviour.pictures import Picture


class BinaryFile(Protocol):
    """What the bytes of an image are read from, to the end."""

    def read(self) -> bytes:
        """Read the rest."""
        ...


Uploadable: TypeAlias = "Path | str | bytes | bytearray | memoryview | BinaryFile | Picture"
"""What can be uploaded: a path, bytes, a file opened in binary mode, an image of Pillow."""


class StatusIconRepository(Repository[StatusIcon]):
    """Status icons, with an upload for pictures."""

    def upload(
        self,
        image: Uploadable,
        document: str | None = None,
        *,
        description: str | None = None,
        max_side: int | None = None,
        max_bytes: int | None = None,
    ) -> SaveReport:
        """Store a picture as a status icon, new or instead of the one that is there.

        Args:
            image: A PNG, JPEG or GIF image: its path, its file opened in binary mode, or its bytes, by which
                these are told apart. Or an image of Pillow.
            document: Name of the icon; None for the one that RCS uses.
            description: What it shows; None to keep what the document says.
            max_side: How many pixels it may have in width and in height; Pillow scales a larger one down.
            max_bytes: How many bytes it may have, likewise; base64 makes a third more of them.

        Returns:
            What was done.

        Raises:
            InvalidInput: It is no such image, or cannot be made that small; nothing was sent.
            OSError: The file cannot be read; nothing was sent.
            ImportError: Pillow is needed and not installed: pip install 'xcap-sdk[images]'.
            XcapError: The server refused, or could not be reached.
        """
        return self._transport.run(
            upload(
                self._session,
                self._usage,
                self.address(document),
                image_bytes(image, max_side, max_bytes),
                description,
            )
        )


class AsyncStatusIconRepository(AsyncRepository[StatusIcon]):
    """Status icons, with an upload for pictures."""

    async def upload(
        self,
        image: Uploadable,
        document: str | None = None,
        *,
        description: str | None = None,
        max_side: int | None = None,
        max_bytes: int | None = None,
    ) -> SaveReport:
        """Store a picture as a status icon, new or instead of the one that is there.

        Args:
            image: A PNG, JPEG or GIF image: its path, its file opened in binary mode, or its bytes, by which
                these are told apart. Or an image of Pillow.
            document: Name of the icon; None for the one that RCS uses.
            description: What it shows; None to keep what the document says.
            max_side: How many pixels it may have in width and in height; Pillow scales a larger one down.
            max_bytes: How many bytes it may have, likewise; base64 makes a third more of them.

        Returns:
            What was done.

        Raises:
            InvalidInput: It is no such image, or cannot be made that small; nothing was sent.
            OSError: The file cannot be read; nothing was sent.
            ImportError: Pillow is needed and not installed: pip install 'xcap-sdk[images]'.
            XcapError: The server refused, or could not be reached.
        """
        return await self._transport.run(
            upload(
                self._session,
                self._usage,
                self.address(document),
                await asyncio.to_thread(image_bytes, image, max_side, max_bytes),
                description,
            )
        )


def image_bytes(image: Uploadable, max_side: int | None = None, max_bytes: int | None = None) -> bytes:
    """The bytes of an image, of the file that holds it, or of what Pillow has of it, within limits.

    Raises:
        InvalidInput: It is no image, or cannot be made that small.
        OSError: The file cannot be read.
        ImportError: Pillow is needed and not installed.
    """
    try:
        return StatusIcon.fit(_content(image), max_side=max_side, max_bytes=max_bytes)
    except (TypeError, UnicodeDecodeError) as error:  # the latter of a file opened in text mode
        raise InvalidInput(
            f"the picture cannot be used: {error}; a path, or a file opened in binary mode, is taken, "
            f"too. As it is, nothing was sent"
        ) from error
    except ValueError as error:
        raise InvalidInput(f"the picture cannot be used: {error}; nothing was sent") from error


def _content(image: Uploadable) -> bytes | Picture:
    if isinstance(image, str | Path):
        return Path(image).read_bytes()
    if isinstance(image, bytearray | memoryview):
        return bytes(image)
    read: Callable[[], object] | None = getattr(image, "read", None)
    if read is None:
        return cast("bytes | Picture", image)
    data = read()
    if inspect.iscoroutine(data):
        data.close()
    if not isinstance(data, bytes):
        raise TypeError(f"read() of {type(image).__name__} gives {type(data).__name__} and no bytes")
    return data
