"""A push-to-talk group, and a note of it among the groups that I use.

python examples/talk_group.py create climbing sip:climbing@example.org sip:bob@example.org
python examples/talk_group.py leader climbing sip:bob@example.org
python examples/talk_group.py show
"""

from __future__ import annotations

import sys

from xcap_documents.poc_list_service import Group
from xcap_sdk import NotFound, XcapClient


def main(xcap: XcapClient, arguments: list[str]) -> None:
    """Do what the arguments say."""
    match arguments:
        case ["create", name, uri, *members] if members:
            group = Group.prearranged(uri, display_name=name.title(), members=members)
            xcap.groups.create(group, document=name)  # an error if the document is there
            with xcap.group_usage_list.edit() as mine:
                entry = mine.lists.ensure("groups").entries.ensure(uri, display_name=name.title())
                entry.poc_usage = "prearranged"
        case ["leader", name, uri]:
            with xcap.groups.edit(document=name) as group:
                rule = group.service.rules.ensure("leader")
                rule.identity.add(uri)
                rule.join_handling = rule.is_key_participant = rule.allow_expelling = True
        case ["show"]:
            show(xcap)
        case _:
            raise SystemExit(__doc__)


def show(xcap: XcapClient) -> None:
    """Print the groups that I use, and who is in those that are mine."""
    mine = {row.document for row in xcap.directory.documents().of("org.openmobilealliance.groups")}
    services = [service for name in mine for service in xcap.groups.get(name).model.services]
    members = {service.uri: [entry.uri for entry in service.members] for service in services}
    try:
        used = xcap.group_usage_list.get().model
    except NotFound:
        print("no groups yet")
        return
    for each in used.lists:
        for entry in each.entries:
            print(entry.label or entry.uri, *members.get(entry.uri, ["(somebody else's group)"]))


if __name__ == "__main__":
    with XcapClient.from_settings() as client:
        main(client, sys.argv[1:])
