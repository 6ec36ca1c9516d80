"""Pictures of status icons: recognised, opened and scaled down, also hostile ones."""

from __future__ import annotations

import base64
import contextlib
import io
import struct
import sys
import warnings
import zlib
from typing import Any

import pytest
from PIL import Image

from xcap_documents.oma_pres_content import Data, MimeType, StatusIcon


def file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def photo(width: int = 160, height: int = 80) -> Image.Image:
    """Many colours, which compress badly."""
    return Image.effect_noise((width, height), 80).convert("RGB")


def size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that claims a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif")]
)
def test_real_images_are_recognised_and_opened(kind: str, media_type: str) -> None:
    data = file(photo(), kind)
    icon = StatusIcon.from_bytes(data)
    assert StatusIcon.type_of(data) == icon.media_type == icon.actual_type == media_type
    icon.data.value = "\n\t  ".join(icon.data.value[i : i + 20] for i in range(0, len(icon.data.value), 20))
    assert icon.actual_type == media_type
    icon.mime_type = MimeType(value="image/svg+xml")
    image = icon.image()
    assert (image.format, image.size) == (kind, (160, 80))


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\x00", b"GIF88a", b"\x89PNG\r\n", b"<svg/>", b"BM"]
)
def test_others_are_not(data: bytes) -> None:
    assert StatusIcon.type_of(data) is None
    assert StatusIcon(data=Data(value=base64.b64encode(data).decode())).actual_type is None


@pytest.mark.parametrize("text", ["$$$$", "é" * 400, "A", "=" * 80, "\0"])
def test_what_is_no_base64_shows_no_type(text: str) -> None:
    assert StatusIcon(data=Data(value=text)).actual_type is None


def test_bounds_on_decoding() -> None:
    icon = StatusIcon.from_bytes(b"\x89PNG\r\n\x1a\n" + bytes(92))
    assert len(icon.decode(max_bytes=100)) == 100
    with pytest.raises(ValueError, match="data: the image has 100 bytes, and 99 are allowed"):
        icon.decode(max_bytes=99)
    icon.data.value += " " * 4500
    assert len(icon.decode(max_bytes=400)) == 100
    with pytest.raises(ValueError, match="data: 4,636 characters, and an image of 100 bytes is allowed"):
        icon.decode(max_bytes=100)
    icon.data.value = "A" * (68 * 2**20)
    for read in (icon.decode, icon.image):
        with pytest.raises(ValueError, match="16,777,216 bytes is allowed"):
            read()


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [10_000, 20_000, 2**31 - 1])
def test_decompression_bombs(side: int) -> None:
    bomb = png(side, side)
    with pytest.raises(ValueError, match=r"data: no PNG, JPEG or GIF that can be opened: .*(pixels|bomb)"):
        StatusIcon.from_bytes(bomb).image()
    with pytest.raises(ValueError, match=r"pixels|bomb"):
        StatusIcon.fit(bomb, max_side=10)


def test_pillows_limit_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    icon = StatusIcon.from_bytes(file(photo()))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 12_799)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with pytest.raises(ValueError, match="160 × 80 pixels are more than the 12799"):
            icon.image()
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    assert icon.image().size == (160, 80)


def test_broken_images() -> None:
    whole = {kind: file(photo(), kind) for kind in ("PNG", "JPEG", "GIF")}
    for data in (*(each[: len(each) // 2] for each in whole.values()), png(5, 5), file(photo(), "BMP"), b"x"):
        with pytest.raises(ValueError, match="data: no PNG, JPEG or GIF that can be opened"):
            StatusIcon.from_bytes(data, mime_type="image/png").image()
    for kind, data in whole.items():  # whatever is wrong, it is a ValueError
        for place in range(8, len(data), max(1, len(data) // 40)):
            broken = data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :]
            with contextlib.suppress(ValueError):
                StatusIcon.from_bytes(broken, mime_type=kind).image()


def test_what_fits_stays_as_it_is() -> None:
    data = file(photo(), "JPEG")
    assert StatusIcon.fit(data) is data
    assert StatusIcon.fit(data, max_side=160, max_bytes=len(data)) is data
    assert StatusIcon.fit(b"anything", max_bytes=8) == b"anything"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_scaling_to_pixels(kind: str) -> None:
    small = StatusIcon.fit(file(photo(), kind), max_side=40)
    assert size(small) == (40, 20)
    assert StatusIcon.type_of(small) == ("image/jpeg" if kind == "JPEG" else "image/png")


@pytest.mark.parametrize("limit", [20_000, 3000, 1000])
def test_scaling_to_bytes(limit: int) -> None:
    for data in (file(photo(400, 200)), file(photo(400, 200), "JPEG", quality=95)):
        small = StatusIcon.fit(data, max_bytes=limit)
        assert limit / 4 < len(small) <= limit
        assert StatusIcon.type_of(small) == "image/jpeg", "a noisy picture that is PNG becomes JPEG"
    assert size(StatusIcon.fit(file(photo(400, 200)), max_side=100, max_bytes=20_000)) == (100, 50)


def test_transparency_stays() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    clear.paste(photo(64, 32), (0, 0))
    palette = clear.quantize(64)
    for image, limit in ((clear, 2000), (palette, 800)):
        small = StatusIcon.fit(file(image), max_bytes=limit)
        assert StatusIcon.type_of(small) == "image/png"
        assert StatusIcon.from_bytes(small).image().has_transparency_data


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"]
)
def test_images_of_pillow(mode: str) -> None:
    image = Image.new(mode, (30, 15))
    assert size(StatusIcon.fit(image)) == (30, 15)
    assert size(StatusIcon.fit(image, max_side=10)) == (10, 5)
    assert image.size == (30, 15), "the image that was given stays as it was"


def test_a_turned_photograph_stays_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn by 90 degrees
    exif[0x010F] = "a maker"
    small = StatusIcon.fit(file(photo(), "JPEG", exif=exif), max_side=40)
    assert size(small) == (20, 40)
    assert b"a maker" not in small


def test_limits_that_leave_nothing() -> None:
    for limits in ({"max_side": 0}, {"max_bytes": 0}, {"max_side": -5}):
        with pytest.raises(ValueError, match="leaves nothing"):
            StatusIcon.fit(b"x", **limits)
    with pytest.raises(ValueError, match="no image of 20 bytes"):
        StatusIcon.fit(file(photo(8, 8)), max_bytes=20)
    with pytest.raises(ValueError, match="no pixels"):
        StatusIcon.fit(Image.new("RGB", (0, 5)))
    wrong: Any = 5
    with pytest.raises(TypeError, match="bytes or an image of Pillow, not int"):
        StatusIcon.fit(wrong)


def test_without_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    data = file(photo())
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "PIL.Image")
    icon = StatusIcon.from_bytes(data)
    assert icon.decode() == StatusIcon.fit(data, max_bytes=len(data)) == data
    for needs in (icon.image, lambda: StatusIcon.fit(data, max_side=10)):
        with pytest.raises(ImportError, match=r"pip install 'xcap-sdk\[images\]'"):
            needs()
    wrong: Any = 5
    with pytest.raises(TypeError, match="bytes or an image of Pillow, not int"):
        StatusIcon.fit(wrong)
