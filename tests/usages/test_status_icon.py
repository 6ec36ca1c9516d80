"""Status icons: the rules beyond the schema, and pictures over the embedded server."""

from __future__ import annotations

import asyncio
import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xcap_documents.oma_pres_content import Data, Encoding, MimeType, StatusIcon
from xcap_sdk import (
    STATUS_ICON,
    AsyncXcapClient,
    ConstraintFailure,
    InvalidDocument,
    InvalidInput,
    Problem,
    XcapClient,
)
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server import RunningServer

ALICE = "sip:alice@example.org"
PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n more", b"\xff\xd8\xff\xe0 more", b"GIF89a more"
REAL = """\
<?xml version='1.0' encoding="UTF-8"?>
<!-- a telephone's --><pc:content xmlns:pc="urn:oma:xml:prs:pres-content" xmlns:v='urn:example:v' v:camera="front">
\t<pc:mime-type>image/png</pc:mime-type>
\t<pc:encoding>base64</pc:encoding>
\t<pc:description xml:lang="de">Ich</pc:description><pc:description xml:lang = "en">Me</pc:description>
\t<pc:data>iVBORw0K
\t\tGgogbW9y\tZQ==</pc:data><v:filter>sepia</v:filter>
</pc:content>
"""


def icon(data: bytes, declared: str | None) -> StatusIcon:
    made = StatusIcon.from_bytes(data, mime_type="x/y")
    made.mime_type = None if declared is None else MimeType(value=declared)
    return made


def problems(model: StatusIcon, document: str | None = "oma_status-icon/me") -> list[Problem]:
    address = None
    if document is not None:
        address = DocumentAddress(
            root=XcapRoot("http://x.example.org"), auid=STATUS_ICON.auid, xui=ALICE, document=document
        )
    return STATUS_ICON.problems(model, address)


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (PNG, "image/png"),
        (PNG, " Image/PNG ; x=y "),
        (PNG, None),
        (PNG, ""),
        (PNG, "image/x-png"),
        (JPEG, "image/jpeg"),
        (JPEG, "image/jpg"),
        (GIF, "image/gif"),
        (b"whatever", None),
    ],
)
def test_types_that_are_right(data: bytes, declared: str | None) -> None:
    assert problems(icon(data, declared)) == []


@pytest.mark.parametrize(
    ("data", "declared", "message"),
    [
        (JPEG, "image/png", "it says 'image/png', and the data is image/jpeg"),
        (b"<svg/>", "image/gif", "it says 'image/gif', and the data begins like no such image"),
        (b"\xff\xd8\xff", "image/jpeg", "begins like no such image"),
    ],
)
def test_types_that_are_wrong(data: bytes, declared: str, message: str) -> None:
    [problem] = problems(icon(data, declared))
    assert (problem.place, problem.rule) == ("mime_type", "media-type")
    assert message in problem.message


def test_an_icon_is_of_three_types() -> None:
    svg = icon(b"<svg/>", "image/svg+xml")
    [problem] = problems(svg)
    assert (problem.place, problem.rule) == ("mime_type", "icon-type")
    assert "Unsupported MIME type 'image/svg+xml'" in problem.message
    assert problems(svg, "oma_banner/me") == problems(svg, "me") == problems(svg, None) == []
    assert [each.rule for each in problems(icon(PNG, "text/plain"))] == ["icon-type", "media-type"]


@pytest.mark.parametrize("name", ["me", "oma_status-icon/me", "mine/oma_x", "Oma_me"])
def test_folders(name: str) -> None:
    assert problems(icon(PNG, None), name) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("oma_status-icon", "those of folders"),
        ("oma_", "as in oma_status-icon/me"),
        ("a/b/c", "hold no folders"),
    ],
)
def test_folders_that_cannot_be(name: str, message: str) -> None:
    [problem] = problems(icon(PNG, None), name)
    assert (problem.place, problem.rule) == ("", "folder")
    assert message in problem.message


def test_the_phrases_that_servers_use() -> None:
    wrong = StatusIcon(data=Data(value="AAAA"), encoding=Encoding(value="hex"))
    assert problems(wrong)[0].message.startswith("Unsupported encoding 'hex'")
    assert problems(StatusIcon(data=Data(value=" \n")))[0].message.startswith("No icon data was provided")
    huge = StatusIcon(data=Data(value="A" * (68 * 2**20)))
    assert problems(huge)[0].message.startswith("71,303,168 characters")


def test_uploads(xcap_server: RunningServer, tmp_path: Path) -> None:
    (tmp_path / "me.jpg").write_bytes(JPEG)
    with xcap_server.client(ALICE) as alice:
        for picture in (JPEG, tmp_path / "me.jpg", str(tmp_path / "me.jpg")):
            alice.status_icon.upload(picture, "oma_status-icon/me")
            stored = alice.status_icon.get("oma_status-icon/me").model
            assert (stored.decode(), stored.media_type) == (JPEG, "image/jpeg")
        for number, form in enumerate((bytearray, memoryview, io.BytesIO)):
            alice.status_icon.upload(form(JPEG), f"oma_status-icon/{number}")
            assert alice.status_icon.get(f"oma_status-icon/{number}").model.decode() == JPEG
        with (tmp_path / "me.jpg").open("rb") as opened:
            assert alice.status_icon.upload(opened, "oma_status-icon/me").outcome == "unchanged"
        picture = Image.effect_noise((300, 100), 90).convert("RGB")
        alice.status_icon.upload(picture, max_side=60, description="me")
        stored = alice.status_icon.get().model
        assert (stored.image().size, stored.media_type) == ((60, 20), "image/png")
        buffer = io.BytesIO()
        picture.save(buffer, "PNG")
        alice.status_icon.upload(buffer.getvalue(), max_bytes=2000)
        stored = alice.status_icon.get().model
        assert len(stored.decode(max_bytes=2000)) > 500
        assert (stored.media_type, [each.value for each in stored.descriptions]) == ("image/jpeg", ["me"])


class Later:
    """A file as web frameworks give it, which is read asynchronously."""

    async def read(self) -> bytes:
        return PNG


def test_what_cannot_be_uploaded(xcap_server: RunningServer) -> None:
    wrong: Any = 5
    with xcap_server.client(ALICE) as alice:
        for picture, limits in (
            (wrong, {}),
            (PNG, {"max_side": 5}),
            (PNG, {"max_bytes": 0}),
            (b"<svg/>", {}),
        ):
            with pytest.raises(InvalidInput, match="nothing was sent"):
                alice.status_icon.upload(picture, **limits)
        closed = io.BytesIO(PNG)
        closed.close()
        unread: Any
        for unread, message in (
            (wrong, r"not int; a path, or a file opened in binary mode, is taken, too"),
            (io.StringIO("x"), r"read\(\) of StringIO gives str and no bytes; a path"),
            (
                io.TextIOWrapper(io.BytesIO(PNG), "utf-8"),
                r"codec can't decode.*; a path, or a file opened in binary mode",
            ),
            (Later(), r"read\(\) of Later gives coroutine and no bytes; a path"),
            (closed, "closed file.*; nothing was sent"),
        ):
            with pytest.raises(InvalidInput, match=message):
                alice.status_icon.upload(unread)
        with pytest.raises(FileNotFoundError):
            alice.status_icon.upload("/nowhere/me.png")
        with pytest.raises(InvalidDocument, match="those of folders"):
            alice.status_icon.upload(PNG, "oma_me")
        assert not alice.status_icon.exists()


def test_asynchronously(xcap_server: RunningServer) -> None:
    async def story() -> None:
        async with AsyncXcapClient(xcap_server.root, user=ALICE) as alice:
            await alice.status_icon.upload(Image.new("RGBA", (9, 9)), max_side=3)
            assert (await alice.status_icon.get()).model.image().size == (3, 3)
            with pytest.raises(InvalidInput, match="picture cannot be used"):
                await alice.status_icon.upload(PNG, max_side=5)

    asyncio.run(story())


def test_an_upload_keeps_the_rest(xcap_server: RunningServer) -> None:
    with xcap_server.client(ALICE) as alice:
        put(alice, REAL)
        document = alice.status_icon.get()
        assert document.model.decode() == PNG
        document.model.encode(GIF)
        document.save(strategy="document")
        text = base64.b64encode(GIF).decode()
        expected = REAL.replace("iVBORw0K\n\t\tGgogbW9y\tZQ==", text).replace(">image/png<", ">image/gif<")
        assert document.xml == alice.get(alice.status_icon.address()).body == expected.encode()


@pytest.mark.parametrize(
    ("old", "new", "phrase"),
    [
        ("base64", "hex", "Unsupported encoding"),
        ("image/png", "image/tiff", "Unsupported MIME type"),
        ("image/png", "image/gif", "the data is image/png"),
        ("iVBORw0K\n\t\tGgogbW9y\tZQ==", "", "No icon data was provided"),
        ("ZQ==", "Z!==", "no base64"),
    ],
)
def test_the_server_refuses(xcap_server: RunningServer, old: str, new: str, phrase: str) -> None:
    with xcap_server.client(ALICE) as alice, pytest.raises(ConstraintFailure, match=phrase):
        put(alice, REAL.replace(old, new))


def put(client: XcapClient, xml: str) -> None:
    client.put(client.status_icon.address(), xml)
