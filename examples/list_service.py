"""One URI to subscribe to for a whole buddy list, at a resource list server.

python examples/list_service.py publish sip:alice-friends@example.org friends
python examples/list_service.py show
python examples/list_service.py withdraw sip:alice-friends@example.org
"""

from __future__ import annotations

import sys

from xcap_sdk import UniquenessFailure, XcapClient, anchor_to


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["publish", uri, name]:
            try:
                publish(xcap, uri, name)
            except UniquenessFailure as error:  # only the server knows the URIs of all users
                free = [other for field in error.fields for other in field.alternatives]
                if not free:
                    raise
                print(f"{uri} is taken")
                publish(xcap, free[0], name)
        case ["withdraw", uri]:
            with xcap.rls_services.edit() as mine:
                mine.services.remove(uri)
        case ["show"]:
            for service in xcap.rls_services.get().model.services:
                show(xcap, service.uri)
        case _:
            raise SystemExit(__doc__)


def publish(xcap: XcapClient, uri: str, name: str) -> None:
    """Let a URI stand for a list."""
    with xcap.rls_services.edit() as mine:
        service = mine.services.ensure(uri)
        service.resource_list = anchor_to(xcap.resource_lists.list_address(name))
        service.packages = ["presence"]
    show(xcap, uri)


def show(xcap: XcapClient, uri: str) -> None:
    """Print whom the server subscribes to for a URI, and what it cannot follow."""
    flat = xcap.rls_services.members(uri)
    print(uri, "stands for", ", ".join(flat.uris) or "nobody")
    for problem in flat.problems:
        print(f"  {problem.reason} at {problem.place}: {problem.message}")


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
