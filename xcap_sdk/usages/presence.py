"""pidf-manipulation (RFC 4827): the presence that a user sets by hand, whatever devices publish."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.pidf import Presence, Tuple
from xcap_documents.pidf_data_model import Device, Person
from xcap_sdk.errors import Problem
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.usages.beyond import PlacedCheck
from xcap_sdk.usages.usage import ApplicationUsage

_NAME = "index"


def _begin(address: DocumentAddress) -> Presence:
    return Presence(entity=address.xui or "")


def _naming(_: Presence, address: DocumentAddress) -> Iterator[Problem]:
    if address.document != _NAME:
        message = (
            f"the document is called {address.document!r}: a user has one of them, "
            f"which is called {_NAME!r} (RFC 4827 §9)"
        )
        yield Problem("", "naming", message)


def _entity(presence: Presence, address: DocumentAddress) -> Iterator[Problem]:
    if address.xui is not None and presence.entity != address.xui:
        message = (
            f"{presence.entity!r} is not {address.xui!r}, the user whose document it is; RFC 4827 asks for "
            "nothing of the kind, but some servers do"
        )
        yield Problem("entity", "entity", message)


ENTITY_IS_OWNER = PlacedCheck("entity", "Restcomm", _entity)
"""That the entity is, letter by letter, the user whose document it is: for servers that refuse others."""

# RFC 4827 §7 has no rules. All ids of a document are one space, which the schema keeps as xs:ID.
PRESENCE = ApplicationUsage(
    auid="pidf-manipulation",
    root=Presence,
    media_type="application/pidf+xml",
    document=_NAME,
    keys={Tuple: "id", Person: "id", Device: "id"},
    begin=_begin,
    checks=(PlacedCheck("naming", "RFC 4827 §9", _naming),),
)
"""Presence set by hand (RFC 4827)."""
