"""The conversations about status icons: an upload replaces the picture and keeps the rest of the document."""

from __future__ import annotations

from xcap_documents.oma_pres_content import Data, Description, StatusIcon
from xcap_sdk.errors import InvalidInput, LimitExceeded
from xcap_sdk.flows.conversation import Flow, Session
from xcap_sdk.flows.outcomes import SaveReport
from xcap_sdk.flows.saving import update
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages import ApplicationUsage
from xcap_sdk.usages.status_icon import image_type


def upload(
    session: Session,
    usage: ApplicationUsage[StatusIcon],
    address: DocumentAddress,
    image: bytes,
    description: str | None = None,
) -> Flow[SaveReport]:
    """Store a picture as a status icon, new or instead of the one that is there.

    Args:
        session: The client's session.
        usage: The icon's application usage.
        address: Its address.
        image: A PNG, JPEG or GIF image.
        description: What it shows; None to keep what the document says.

    Returns:
        What was done.

    Raises:
        InvalidInput: It is no such image; nothing was sent.
    """
    try:
        media_type = image_type(image)
    except InvalidInput as error:
        raise InvalidInput(f"{address}: {error}; nothing was sent") from error

    def change(icon: StatusIcon) -> None:
        icon.encode(image, mime_type=media_type)
        if description is not None:
            icon.descriptions[:] = [Description(value=description)]

    try:
        return (yield from update(session, usage, address, change, lambda: StatusIcon(data=Data())))
    except LimitExceeded as error:
        if error.request is not None:  # it is the one that is there
            raise
        raise error.adding("upload(…, max_bytes=…) scales the picture down") from error.__cause__
