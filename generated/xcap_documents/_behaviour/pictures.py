"""What PNG, JPEG and GIF images are, with Pillow and without."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from types import ModuleType
    from typing import TypeGuard

    from PIL.Image import Image

FORMATS: Final = ("PNG", "JPEG", "GIF")

# How their files begin; of a JPEG the next marker, too, as two bytes are soon found by chance.
_BEGINNINGS: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff[\xc0-\xcf\xdb-\xef\xfe\xff]"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
)
_JPEG_QUALITY: Final = 85


class Picture(Protocol):
    """An image of Pillow, as far as it takes to tell it from others: a type that is known without Pillow, too."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def mode(self) -> str: ...
    @property
    def has_transparency_data(self) -> bool: ...


def recognised(data: bytes) -> str | None:
    """The media type of an image, told by how it begins: image/png, image/jpeg or image/gif; None for any other."""
    return next((kind for beginning, kind in _BEGINNINGS if beginning.match(data)), None)


def opened(data: bytes) -> Image:
    """Open a PNG, JPEG or GIF image with Pillow, and load it.

    Raises:
        ImportError: Pillow is not installed.
        ValueError: It is no such image, is broken, or has more pixels than Pillow allows.
    """
    pillow = _pillow()
    limit: int | None = pillow.MAX_IMAGE_PIXELS
    try:
        image: Image = pillow.open(io.BytesIO(data), formats=FORMATS)
        # Pillow only warns up to twice its limit, and what is opened here comes from others.
        if limit is not None and image.width * image.height > limit:
            size = f"{image.width} × {image.height}"  # noqa: RUF001 - as sizes are written
            raise ValueError(f"{size} pixels are more than the {limit} that Pillow allows")  # noqa: TRY301 - as Pillow's
        image.load()
    except Exception as error:  # what Pillow's decoders raise on broken images is not said anywhere
        raise ValueError(f"no PNG, JPEG or GIF that can be opened: {error!s:.200}") from error
    return image


def fitted(image: bytes | Picture, max_side: int | None, max_bytes: int | None) -> bytes:
    """An image within limits: as it is if it is, else scaled down, its proportions kept.

    Args:
        image: The bytes of a PNG, JPEG or GIF image, or an image of Pillow.
        max_side: How many pixels it has at most in width and in height.
        max_bytes: How many bytes it has at most.

    Raises:
        ImportError: Pillow is needed and not installed.
        TypeError: It is neither.
        ValueError: The image cannot be opened, or cannot be made that small.
    """
    if (max_side is not None and max_side < 1) or (max_bytes is not None and max_bytes < 1):
        raise ValueError("a limit of less than 1 leaves nothing of an image")
    if isinstance(image, bytes):
        small = max_bytes is None or len(image) <= max_bytes
        if small and max_side is None:
            return image
        picture = opened(image)
        if small and max_side is not None and max(picture.size) <= max_side:
            return image
    elif _is_pillow(image):
        picture = image
    else:
        raise TypeError(f"an image is bytes or an image of Pillow, not {type(image).__name__}")
    if 0 in picture.size:
        raise ValueError("the image has no pixels")
    return _scaled(picture, max_side, max_bytes)


def _scaled(picture: Image, max_side: int | None, max_bytes: int | None) -> bytes:
    from PIL import ImageOps

    transparent = picture.has_transparency_data
    # Without transparency, JPEG says most with few bytes; photographs stay JPEG, others become it only if need be.
    kinds = ("PNG",) if transparent else ("JPEG",) if picture.format == "JPEG" else ("PNG", "JPEG")
    picture = ImageOps.exif_transpose(picture).convert("RGBA" if transparent else "RGB")
    if max_side is not None:
        picture.thumbnail((max_side, max_side))
    while True:
        size = 0
        for kind in kinds:
            data = _saved(picture, kind)
            if max_bytes is None or len(data) <= max_bytes:
                return data
            size = len(data)
        if max(picture.size) == 1:
            raise ValueError(f"no image of {max_bytes} bytes can be made of it")
        factor = min(0.9, max(0.5, ((max_bytes or 0) / size) ** 0.5))
        size_now = max(1, int(picture.width * factor)), max(1, int(picture.height * factor))
        picture = picture.resize(size_now)  # pyright: ignore[reportUnknownMemberType] - Pillow's arrays


def _saved(picture: Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    if kind == "JPEG":
        picture.save(buffer, kind, quality=_JPEG_QUALITY)
    else:
        picture.save(buffer, kind, optimize=True)
    return buffer.getvalue()


def _is_pillow(image: object) -> TypeGuard[Image]:
    """Whether it is an image of Pillow: who has one has imported Pillow."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(image, pillow.Image)


def _pillow() -> ModuleType:
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("images need Pillow: pip install 'xcap-sdk[images]'") from error
    return Image
