"""xcap-caps/global/index (RFC 4825 §12): what the server can do, told by the usages that it serves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

from xcap_documents.xcap_caps import Auids, Namespaces, XcapCaps
from xcap_sdk.documents.binding import serialize
from xcap_sdk.documents.schemas import schema_for
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.server.records import Key, Stored
from xcap_sdk.usages import XCAP_CAPS, ApplicationUsage

CAPABILITIES: Final = Key("xcap-caps", "global", "", "index")
"""Where it is; nowhere else is anything in this usage."""

_REPORTS: Final = "urn:ietf:params:xml:ns:xcap-error"


def capabilities(usages: Iterable[ApplicationUsage[Any]]) -> Stored:
    """The document for these usages; its ETag is a hash: it changes with them only.

    The namespaces are those whose schemas the server holds, for it checks each element of them (§12): all
    that come with the SDK, and those of one's own schemas.
    """
    served = {usage.auid: usage for usage in (XCAP_CAPS, *usages)}
    schemas = [schema_for(), *(schema_for(usage.schema) for usage in served.values() if usage.schema)]
    namespaces = frozenset[str]().union(*(schema.namespaces for schema in schemas)) - {_REPORTS}
    model = XcapCaps(auids=Auids(items=list(served)), namespaces=Namespaces(items=sorted(namespaces)))
    body = serialize(model)
    return Stored(body, f'"caps-{hashlib.sha256(body).hexdigest()[:24]}"')


class Capabilities:
    """Makes this one document.

    Args:
        usages: The application usages served.
    """

    def __init__(self, usages: Iterable[ApplicationUsage[Any]]) -> None:
        self._document = capabilities(usages)

    def __contains__(self, key: Key) -> bool:
        """Whether it is this document's place."""
        return key == CAPABILITIES

    def get(self, key: Key, root: XcapRoot) -> Stored | None:
        """The document, which never changes."""
        del root
        return self._document if key in self else None
