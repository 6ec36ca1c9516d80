"""xcap-caps (RFC 4825 §12): what a server can do."""

from __future__ import annotations

from collections.abc import Iterator

from xcap_documents.xcap_caps import XcapCaps
from xcap_sdk.errors import Problem
from xcap_sdk.usages.usage import ApplicationUsage, Check

_SECTION = "RFC 4825 §12"
_NAMESPACE = "urn:ietf:params:xml:ns:xcap-caps"


def _lists_itself(capabilities: XcapCaps) -> Iterator[Problem]:
    if "xcap-caps" not in capabilities.auids:
        yield Problem("auids", "capabilities", f"xcap-caps is missing among the AUIDs ({_SECTION})")
    if _NAMESPACE not in capabilities.namespaces:
        yield Problem(
            "namespaces", "capabilities", f"{_NAMESPACE} is missing among the namespaces ({_SECTION})"
        )


XCAP_CAPS = ApplicationUsage(
    auid="xcap-caps",
    root=XcapCaps,
    media_type="application/xcap-caps+xml",
    checks=(Check("capabilities", _SECTION, _lists_itself),),
    tree="global",
    read_only=True,
)
"""The capabilities of a server: one document in the global tree that clients only read."""
