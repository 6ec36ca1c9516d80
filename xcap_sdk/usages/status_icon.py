"""org.openmobilealliance.pres-content (OMA Presence SIMPLE Content XDM §5.1): the status icon."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.oma_pres_content import StatusIcon
from xcap_sdk.errors import InvalidInput, Problem
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.beyond import PlacedCheck
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "OMA-TS-Presence_SIMPLE_Content_XDM §5.1"
_TYPES = ("image/png", "image/jpeg", "image/gif")
_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png"}
_FOLDER = "oma_status-icon"
_SHOWN = 60


def _encoding(icon: StatusIcon) -> Iterator[Problem]:
    encoding = (icon.encoding.value if icon.encoding else "").strip()
    if encoding.lower() not in {"", "base64"}:
        message = f"Unsupported encoding {encoding[:_SHOWN]!r}: it has to be base64 ({_SECTION})"
        yield Problem("encoding", "encoding", message)
    elif not getattr(icon.data, "value", "x").strip():  # without data its schema has the word
        yield Problem("data", "encoding", f"No icon data was provided ({_SECTION})")
    else:
        try:
            icon.decode()
        except ValueError as error:
            reason = str(error).removeprefix("data: ")
            yield Problem("data", "encoding", f"{reason} ({_SECTION})")


def _declared(icon: StatusIcon) -> str:
    declared = (icon.media_type or "").partition(";")[0].strip().lower()
    return _ALIASES.get(declared, declared)


def _type(icon: StatusIcon) -> Iterator[Problem]:
    declared, actual = _declared(icon), icon.actual_type
    if (
        getattr(icon.data, "value", "").strip()
        and declared != actual
        and (declared in _TYPES or (declared and actual))
    ):
        found = f"is {actual}" if actual else "begins like no such image"
        message = f"it says {icon.media_type!r}, and the data {found} ({_SECTION})"
        yield Problem("mime_type", "media-type", message)


def _icon_type(icon: StatusIcon, address: DocumentAddress) -> Iterator[Problem]:
    declared = _declared(icon)
    if declared and declared not in _TYPES and address.document.startswith(f"{_FOLDER}/"):
        allowed = ", ".join(_TYPES)
        message = f"Unsupported MIME type {declared[:_SHOWN]!r}: an icon is one of {allowed} ({_SECTION})"
        yield Problem("mime_type", "icon-type", message)


def _folder(icon: StatusIcon, address: DocumentAddress) -> Iterator[Problem]:
    del icon
    folder, _, name = address.document.rpartition("/")
    if "/" in folder:
        yield Problem("", "folder", f"{address.document!r}: folders hold no folders ({_SECTION})")
    elif not folder and name.startswith("oma_"):
        message = (
            f"{name!r}: names that begin with oma_ are those of folders, as in {_FOLDER}/{name[4:] or 'me'}"
        )
        yield Problem("", "folder", f"{message} ({_SECTION})")


def image_type(data: bytes) -> str:
    """The media type of an image, recognised from its first bytes.

    Args:
        data: The image.

    Returns:
        ``image/png``, ``image/jpeg`` or ``image/gif``: those that servers take.

    Raises:
        InvalidInput: It is none of these.
    """
    media_type = StatusIcon.type_of(data)
    if media_type is None:
        start = data[:8].hex(" ") if data else "nothing at all"
        raise InvalidInput(
            f"a status icon is a PNG, JPEG or GIF image, and this is none: it starts with {start}"
        )
    return media_type


STATUS_ICON = ApplicationUsage(
    auid="org.openmobilealliance.pres-content",
    root=StatusIcon,
    media_type="application/vnd.oma.pres-content+xml",
    document="oma_status-icon/rcs_status_icon",
    checks=(
        Check("encoding", _SECTION, _encoding),
        PlacedCheck("icon-type", _SECTION, _icon_type),
        Check("media-type", _SECTION, _type),
        PlacedCheck("folder", _SECTION, _folder),
    ),
    public=True,
)
"""The picture of a user, under the name that RCS gives it."""
