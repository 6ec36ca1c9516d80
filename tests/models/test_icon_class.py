"""The bytes of a status icon."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xcap_documents.oma_pres_content import Data, Encoding, MimeType, StatusIcon

PNG = b"\x89PNG\r\n\x1a\n rest"


@given(st.binary(min_size=1))
def test_bytes_come_back(data: bytes) -> None:
    icon = StatusIcon.from_bytes(data, mime_type="image/x-any", description="me")

    assert icon.decode() == data
    assert icon.media_type == "image/x-any"
    assert [each.value for each in icon.descriptions] == ["me"]
    assert icon.encoding == Encoding(value="base64")


@pytest.mark.parametrize(
    ("data", "kind"), [(PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif")]
)
def test_usual_images_tell_their_type(data: bytes, kind: str) -> None:
    assert StatusIcon.from_bytes(data).media_type == kind


def test_what_cannot_be_an_icon() -> None:
    with pytest.raises(ValueError, match="no PNG, JPEG or GIF: say its media type"):
        StatusIcon.from_bytes(b"text")
    with pytest.raises(ValueError, match="empty"):
        StatusIcon.from_bytes(b"", mime_type="image/png")


def test_another_image_keeps_the_rest() -> None:
    icon = StatusIcon(
        data=Data(value="x", attributes={"a": "1"}),
        mime_type=MimeType(value=" "),
        encoding=Encoding(value=""),
    )
    assert icon.media_type is None
    icon.encode(PNG)

    assert icon.decode() == PNG
    assert icon.data.attributes == {"a": "1"}
    assert icon.mime_type == MimeType(value="image/png")
    assert icon.encoding == Encoding(value="base64")


def test_white_space_counts_for_nothing() -> None:
    text = base64.b64encode(PNG).decode()
    assert StatusIcon(data=Data(value=f"\n  {text[:5]}\r\n\t{text[5:]} \n")).decode() == PNG
    assert StatusIcon(data=Data(value=""), encoding=Encoding(value=" BASE64 ")).media_type is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aGVs!G8=", "data: no base64: '!' at character 5"),
        ("aG=sbG8=", "data: no base64: '=' at character 3"),
        ("aGVsbG8", "data: no base64: 7 characters, "),
        ("a", "data: no base64: 1 characters, "),
    ],
)
def test_broken_base64_names_the_place(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="no base64") as caught:
        StatusIcon(data=Data(value=text)).decode()
    assert str(caught.value).startswith(said)


def test_another_encoding() -> None:
    with pytest.raises(ValueError, match="encoding: 'quoted-printable' is not known"):
        StatusIcon(data=Data(value=""), encoding=Encoding(value="quoted-printable")).decode()
