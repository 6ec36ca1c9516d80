"""The bytes of a status icon (OMA Presence SIMPLE Content XDM)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, cast

from .wildcards import load

if TYPE_CHECKING:
    from typing_extensions import Self

    from xcap_documents.oma_pres_content import Data, Description, Encoding, MimeType

# How files of the usual kinds begin.
SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF87a": "image/gif", b"GIF89a": "image/gif"}


class StatusIconBehaviour:
    """Mixed into StatusIcon."""

    __slots__ = ()

    if TYPE_CHECKING:
        mime_type: MimeType | None
        encoding: Encoding | None
        descriptions: list[Description]
        data: Data

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
        known = mime_type or next((kind for start, kind in SIGNATURES.items() if data.startswith(start)), None)
        if known is None:
            raise ValueError("the image is no PNG, JPEG or GIF: say its media type with mime_type=")
        self.data.value = base64.b64encode(data).decode("ascii")
        self.encoding = self.encoding or cast("Encoding", load("oma_pres_content", "Encoding")())
        self.encoding.value = "base64"
        self.mime_type = self.mime_type or cast("MimeType", load("oma_pres_content", "MimeType")())
        self.mime_type.value = known

    def decode(self) -> bytes:
        """Get the bytes of the image; white space in the text counts for nothing.

        Raises:
            ValueError: The data is no base64, or said to be something else; names the place.
        """
        encoding = (self.encoding.value if self.encoding else "").strip() or "base64"
        if encoding.lower() != "base64":
            raise ValueError(f"encoding: {encoding!r} is not known, only base64 is")
        text = self.data.value
        wrong = re.search(r"[^A-Za-z0-9+/=\s]|=(?=\s*[^=\s])", text)
        if wrong:
            raise ValueError(f"data: no base64: {wrong[0]!r} at character {wrong.start() + 1}")
        packed = re.sub(r"\s+", "", text)
        try:
            return base64.b64decode(packed, validate=True)
        except binascii.Error as error:
            raise ValueError(f"data: no base64: {len(packed)} characters, {error}") from None

    @property
    def image(self) -> bytes:
        """The bytes of the image; raises ValueError as `decode` does."""
        return self.decode()

    @property
    def media_type(self) -> str | None:
        """The media type of the image, such as image/png; None if the document does not say."""
        return (self.mime_type.value.strip() or None) if self.mime_type else None
