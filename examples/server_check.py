"""What a server can do, for an operator or for the settings page of a softphone.

python examples/server_check.py
"""

from __future__ import annotations

from xcap_sdk import NotFound, XcapClient
from xcap_sdk.usages import ALL, by_auid


def main(xcap: XcapClient) -> None:
    """Print which application usages the server has, and those that only it knows."""
    try:
        document = xcap.capabilities.get()
    except NotFound:
        raise SystemExit(f"{xcap.root} has no xcap-caps document: is this the root?") from None
    server = document.model
    for usage in ALL:
        print("yes" if server.supports(usage.auid) else "no ", usage.auid)
    for auid in server.auids:
        if by_auid(auid) is None:
            print("yes", auid, "(unknown to the SDK)")
    for warning in document.warnings:
        print(f"warning: {warning}")


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client)
