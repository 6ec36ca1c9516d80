"""Pictures of status icons as a user's strictly checked code sees them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, assert_type

from PIL import Image

from xcap_documents.oma_pres_content import StatusIcon

if TYPE_CHECKING:
    from xcap_sdk import AsyncXcapClient, SaveReport, XcapClient

    def sync(xcap: XcapClient, picture: Image.Image) -> None:
        assert_type(xcap.status_icon.upload(picture, max_side=96), SaveReport)
        xcap.status_icon.upload("me.png", max_bytes=1000)
        xcap.status_icon.upload(Path("me.png"), description="me")
        assert_type(xcap.status_icon.get().model.image(), Image.Image)

    async def concurrently(xcap: AsyncXcapClient, picture: Image.Image) -> None:
        assert_type(await xcap.status_icon.upload(picture), SaveReport)


def test_icons() -> None:
    data = assert_type(StatusIcon.fit(Image.new("RGB", (2, 1))), bytes)
    icon = StatusIcon.from_bytes(data)
    assert_type(icon.actual_type, str | None)
    assert_type(StatusIcon.type_of(data), str | None)
    assert_type(icon.decode(max_bytes=1000), bytes)
    assert icon.image().size == (2, 1)
