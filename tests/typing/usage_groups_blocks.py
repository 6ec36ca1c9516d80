"""The Python blocks of docs/usages/groups.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/groups.md, line 20
from xcap_documents.poc_list_service import Group
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

climbing = Group.prearranged(
    "sip:climbing@example.org",
    display_name="Climbing",
    members={"sip:bob@example.org": "Bob", "sip:carol@example.org": "Carol"},    # or only their URIs
    max_participant_count=5,
)
xcap.groups.create(climbing, document="climbing")          # fails if the document exists

# docs/usages/groups.md, line 43
with xcap.groups.edit(document="climbing") as group:       # a new, empty document if there is none
    service = group.service
    service.label = "Climbing on Tuesdays"
    service.members.add("sip:dave@example.org", display_name="Dave")
    service.members.discard("sip:carol@example.org")
    service.externals.add(                                 # all entries of a resource list are members
        "http://127.0.0.1:8080/xcap-root/resource-lists/users/sip:alice@example.org/index"
        "/~~/resource-lists/list%5b@name=%22friends%22%5d"
    )
    service.invite_members = False                         # now it is a chat group
    service.max_participant_count = 20

# docs/usages/groups.md, line 66
with xcap.groups.edit(document="climbing") as group:
    members = group.service.admit_members()                # the rule "members", made if it is missing
    members.allow_conference_state = True                  # see who is taking part
    members.allow_invite_users_dynamically = True

    leader = group.service.rules.ensure("leader")
    leader.identity.add("sip:bob@example.org")
    leader.is_key_participant = True
    leader.allow_expelling = True
    leader.remove_media_handling = "any"

    guests = group.service.rules.ensure("guests")
    guests.other_identity = True                           # all that no other rule names
    guests.join_handling = False

# docs/usages/groups.md, line 91
from xcap_documents.xdm_extensions import Age, AgeRestrictions, Audio, MediaSet, Video

with xcap.groups.edit(document="climbing") as group:
    service = group.service
    service.subject = "Rocks"
    service.searchable = True
    service.automatic_group_advertisement = True
    service.age_restrictions = AgeRestrictions(ages=[Age(from_=18)], must_understand=True)
    conference = service.supported_services.ensure("urn:urn-7:3gpp-service.ims.icsi.mmtel")
    conference.group_media.append(MediaSet(items=[Audio(), Video()]))

# docs/usages/groups.md, line 112
from xsdata.formats.dataclass.models.generics import AnyElement

MCPTTGI = "urn:3gpp:ns:mcpttGroupInfo:1.0"
PRIORITY = f"{{{MCPTTGI}}}on-network-group-priority"

with xcap.groups.edit(document="climbing") as group:
    service = group.service
    service.extensions.append(AnyElement(qname=PRIORITY, text="5"))
    bob = service.members["sip:bob@example.org"]
    bob.extensions.append(AnyElement(qname=f"{{{MCPTTGI}}}on-network-required"))

service = xcap.groups.get(document="climbing").model.service
found = [each for each in service.extensions if isinstance(each, AnyElement) and each.qname == PRIORITY]
assert [each.text for each in found] == ["5"]

# docs/usages/groups.md, line 136
from xcap_sdk import NotFound

try:
    xcap.global_tree.groups.get(document="byGroupID/sip:climbing@example.org")
except NotFound as error:
    print(error)

# docs/usages/groups.md, line 147
with xcap.group_usage_list.edit() as mine:
    entry = mine.lists.ensure("groups").entries.ensure("sip:climbing@example.org", display_name="Climbing")
    entry.poc_usage = "prearranged"                        # or "chat"
