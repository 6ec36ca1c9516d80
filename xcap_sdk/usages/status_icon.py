"""org.openmobilealliance.pres-content (OMA Presence SIMPLE Content XDM §5.1): the status icon."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from xcap_documents.oma_pres_content import StatusIcon
from xcap_sdk.errors import InvalidInput, Problem
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "OMA-TS-Presence_SIMPLE_Content_XDM §5.1"
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def _encoding(icon: StatusIcon) -> Iterator[Problem]:
    encoding = (icon.encoding.value if icon.encoding else "").strip().lower()
    if encoding not in {"", "base64"}:
        message = f"{encoding!r} is no encoding of an icon: it has to be base64 ({_SECTION})"
        yield Problem("encoding", "encoding", message)
        return
    text = "".join(icon.data.value.split())
    if not text:
        yield Problem("data", "encoding", f"there is no image in it ({_SECTION})")
        return
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        yield Problem("data", "encoding", f"the icon is not base64: {error} ({_SECTION})")


def image_type(data: bytes) -> str:
    """The media type of an image, recognised from its first bytes.

    Args:
        data: The image.

    Returns:
        ``image/png``, ``image/jpeg`` or ``image/gif``: those that servers take.

    Raises:
        InvalidInput: It is none of these.
    """
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    start = data[:8].hex(" ") if data else "nothing at all"
    raise InvalidInput(f"a status icon is a PNG, JPEG or GIF image, and this is none: it starts with {start}")


STATUS_ICON = ApplicationUsage(
    auid="org.openmobilealliance.pres-content",
    root=StatusIcon,
    media_type="application/vnd.oma.pres-content+xml",
    document="oma_status-icon/rcs_status_icon",
    checks=(Check("encoding", _SECTION, _encoding),),
    public=True,
)
"""The picture of a user, under the name that RCS gives it."""
