"""The image of a status icon (OMA Presence SIMPLE Content XDM)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final, cast

from .pictures import fitted, opened, recognised
from .wildcards import load

if TYPE_CHECKING:
    from typing import Self

    from PIL.Image import Image

    from xcap_documents.oma_pres_content import Data, Description, Encoding, MimeType

    from .pictures import Picture

LARGEST: Final = 16 * 2**20
"""The bytes that an image has at most, unless the caller says otherwise."""


class StatusIconBehaviour:
    """Mixed into StatusIcon."""

    __slots__ = ()

    if TYPE_CHECKING:
        mime_type: MimeType | None
        encoding: Encoding | None
        descriptions: list[Description]
        data: Data | None  # it is required, and a document may lack it

    @classmethod
    def from_bytes(cls, data: bytes, *, mime_type: str | None = None, description: str | None = None) -> Self:
        """Make a status icon of an image.

        Args:
            data: The image, as in its file.
            mime_type: Its media type, such as image/png; None to tell PNG, JPEG and GIF by how they begin.
            description: What it shows.

        Raises:
            ValueError: No media type is given, and the image does not tell.
        """
        icon = cls(data=load("oma_pres_content", "Data")())  # pyright: ignore[reportCallIssue] - the mixed class's
        icon.encode(data, mime_type=mime_type)
        if description is not None:
            icon.descriptions.append(load("oma_pres_content", "Description")(value=description))
        return icon

    def encode(self, data: bytes, *, mime_type: str | None = None) -> None:
        """Put in another image; what else the document says stays.

        Args:
            data: The image, as in its file.
            mime_type: Its media type; None to tell PNG, JPEG and GIF by how they begin.

        Raises:
            ValueError: There is no data; or no media type is given, and the image does not tell.
        """
        if not data:
            raise ValueError("the image is empty")
        known = mime_type or recognised(data)
        if known is None:
            raise ValueError("the image is no PNG, JPEG or GIF: say its media type with mime_type=")
        self.data = self.data or cast("Data", load("oma_pres_content", "Data")())
        self.data.value = base64.b64encode(data).decode("ascii")
        self.encoding = self.encoding or cast("Encoding", load("oma_pres_content", "Encoding")())
        self.encoding.value = "base64"
        self.mime_type = self.mime_type or cast("MimeType", load("oma_pres_content", "MimeType")())
        self.mime_type.value = known

    def decode(self, *, max_bytes: int = LARGEST) -> bytes:
        """Get the bytes of the image; white space in the text counts for nothing.

        Args:
            max_bytes: How many there are at most; by default 16 MiB. More are not decoded.

        Raises:
            ValueError: The data is no base64, is said to be something else, or is too large; names the place.
        """
        encoding = (self.encoding.value if self.encoding else "").strip() or "base64"
        if encoding.lower() != "base64":
            raise ValueError(f"encoding: {encoding[:40]!r} is not known, only base64 is")
        if self.data is None:
            raise ValueError("data: the document has none")
        text = self.data.value
        if len(text) > 4 * max_bytes + 4096:  # white space and all, before anything is copied
            raise ValueError(f"data: {len(text):,} characters, and an image of {max_bytes:,} bytes is allowed")
        wrong = re.search(r"[^A-Za-z0-9+/=\s]|=(?=\s*[^=\s])", text)
        if wrong:
            raise ValueError(f"data: no base64: {wrong[0]!r} at character {wrong.start() + 1}")
        packed = re.sub(r"\s+", "", text)
        try:
            data = base64.b64decode(packed, validate=True)
        except binascii.Error as error:
            raise ValueError(f"data: no base64: {len(packed)} characters, {error}") from None
        if len(data) > max_bytes:
            raise ValueError(f"data: the image has {len(data):,} bytes, and {max_bytes:,} are allowed")
        return data

    def image(self) -> Image:
        """Get the image as Pillow has it, loaded; Pillow comes with ``pip install 'xcap-sdk[images]'``.

        It is opened as PNG, JPEG or GIF, whatever the document says that it is.

        Raises:
            ImportError: Pillow is not installed.
            ValueError: The data is no base64 (see `decode`), no such image, a broken one, or one of more pixels than
                Pillow allows (``PIL.Image.MAX_IMAGE_PIXELS``).
        """
        data = self.decode()
        try:
            return opened(data)
        except ValueError as error:
            raise ValueError(f"data: {error}") from error

    @staticmethod
    def type_of(data: bytes) -> str | None:
        """The media type of an image, told by how it begins.

        Args:
            data: The image, as in its file.

        Returns:
            ``image/png``, ``image/jpeg`` or ``image/gif``; None for any other.
        """
        return recognised(data)

    @staticmethod
    def fit(image: bytes | Picture, *, max_side: int | None = None, max_bytes: int | None = None) -> bytes:
        """Get the bytes of an image, scaled down where limits ask for that; its proportions stay.

        An image within the limits stays as it is. Photographs stay JPEG; others become PNG, or JPEG where that makes
        them small enough and they have no transparency. Scaling leaves out metadata and all but the first frame.

        Args:
            image: The bytes of a PNG, JPEG or GIF image, or an image of Pillow.
            max_side: How many pixels it may have in width and in height; None for any number.
            max_bytes: How many bytes it may have; base64 makes a third more of them. None for any number.

        Raises:
            ImportError: Pillow is needed and not installed.
            ValueError: The image cannot be opened, or cannot be made that small.
        """
        return fitted(image, max_side, max_bytes)

    @property
    def media_type(self) -> str | None:
        """The media type of the image, such as image/png; None if the document does not say."""
        return (self.mime_type.value.strip() or None) if self.mime_type else None

    @property
    def actual_type(self) -> str | None:
        """The media type that the image shows itself: image/png, image/jpeg or image/gif; None for any other."""
        if self.data is None:
            return None
        try:
            start = re.sub(r"\s+", "", self.data.value[:256])[:64]
            return recognised(base64.b64decode(start[: len(start) // 4 * 4], validate=True))
        except (ValueError, AttributeError):  # no base64, or no data at all
            return None
