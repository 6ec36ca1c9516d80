"""The Python blocks of docs/usages/resource-lists.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/resource-lists.md, line 20
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))
bob = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:bob@example.org", auth=("bob", "secret"))

with xcap.resource_lists.edit() as book:
    work = book.lists.ensure("work", display_name="Work")
    work.entries.ensure("sip:boss@example.org", display_name="The boss")
    team = work.lists.ensure("team")
    team.entries.ensure("sip:carol@example.org")
    team.entries.ensure("sip:dave@example.org")

# docs/usages/resource-lists.md, line 39
from xcap_sdk import anchor_to, entry_address, reference_to

work_list = xcap.resource_lists.list_address("work")              # the address of a list, by its name
team_list = xcap.resource_lists.list_address("work", "team")      # or by the names on the way to it
boss = entry_address(work_list, "sip:boss@example.org")

with xcap.resource_lists.edit() as book:
    friends = book.lists.ensure("friends")
    friends.entries.ensure("sip:bob@example.org")
    friends.entry_refs.ensure(reference_to(boss), display_name="My boss")     # a name of its own, if it is given
    friends.externals.ensure(anchor_to(team_list))

print(reference_to(boss))
print(anchor_to(team_list))

# docs/usages/resource-lists.md, line 59
from xcap_sdk import address_of, parse_anchor

document = xcap.resource_lists.get()
item = document.model.lists["work"].lists["team"]
assert address_of(xcap.resource_lists.address(), document.model, item) == team_list
assert parse_anchor(anchor_to(team_list), xcap.root) == team_list

# docs/usages/resource-lists.md, line 72
flat = xcap.resource_lists.resolve(list="friends")

assert flat.uris == [
    "sip:bob@example.org", "sip:boss@example.org", "sip:carol@example.org", "sip:dave@example.org"
]
assert flat.problems == ()
for entry in flat.entries:
    print(entry.uri, entry.label, entry.document, entry.place, entry.via)

# docs/usages/resource-lists.md, line 91
with xcap.resource_lists.edit() as book:
    friends = book.lists["friends"]
    friends.externals.add(anchor_to(xcap.resource_lists.list_address("friends")))              # itself
    friends.externals.add(anchor_to(xcap.resource_lists.list_address("gone")))                 # there is none
    friends.externals.add(anchor_to(bob.resource_lists.list_address("friends")))               # not for alice to see
    friends.externals.add(
        "https://xcap.example.com/resource-lists/users/sip:zoe@example.com/index/~~/resource-lists/list"
    )

flat = xcap.resource_lists.resolve(list="friends")
for problem in flat.problems:
    print(problem.reason, problem.place, problem.reference, problem.message)
assert [problem.reason for problem in flat.problems] == ["circular", "dangling", "refused", "elsewhere"]

# docs/usages/resource-lists.md, line 122
def read(uri: str) -> bytes | None:
    """Gives the bytes that another server has there; None if it has none."""
    return (
        b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
        b'<list><entry uri="sip:yan@example.com"/></list></resource-lists>'
    )

assert "sip:yan@example.com" in xcap.resource_lists.resolve(list="friends", elsewhere=read).uris

# docs/usages/resource-lists.md, line 135
from xcap_sdk import flatten

mine = xcap.resource_lists.get().model
assert flatten(mine, "work").uris == ["sip:boss@example.org", "sip:carol@example.org", "sip:dave@example.org"]
assert len(flatten(mine, "friends", address=xcap.resource_lists.address()).uris) == 4    # follows what is in mine

# docs/usages/resource-lists.md, line 148
with xcap.rls_services.edit() as mine:
    mine.services.ensure("sip:alice-work@example.org", resource_list=anchor_to(work_list))
with xcap.oma_pres_rules.edit() as policy:
    policy.rules.ensure("work").external_list.ensure(anchor_to(work_list))

plan = xcap.resource_lists.rename_list("work", "office")
print(plan)                                               # plan.to_json() says the same to programs

for document in plan.documents:
    print(document.address.path, document.plan)
    for reference in document.references:
        print(reference.place, reference.old, reference.new)

plan.save()
[service] = xcap.rls_services.get().model.services
assert service.resource_list == anchor_to(xcap.resource_lists.list_address("office"))

# docs/usages/resource-lists.md, line 174
plan = xcap.resource_lists.remove_list("office")
for warning in plan.warnings:
    print(warning.reason, warning.document, warning.place, warning.message)
assert {warning.reason for warning in plan.warnings} >= {"dangling"}

plan = xcap.resource_lists.remove_list("office", with_references=True)
plan.save()
assert xcap.rls_services.get().model.services.keys() == []

# docs/usages/resource-lists.md, line 224
from xcap_sdk import canonical_uri

assert canonical_uri("SIP:%62ob@EXAMPLE.org;user=phone;lr?subject=hi") == "sip:bob@example.org;lr;user=phone"

with xcap.resource_lists.edit() as book:
    book.lists["friends"].entries.ensure(canonical_uri("sip:bob@EXAMPLE.org"))           # it is there already

# docs/usages/resource-lists.md, line 237
from xcap_sdk import ReservedList

with xcap.resource_lists.edit() as book:
    book.lists.ensure(ReservedList.RCS).entries.ensure("sip:bob@example.org")
    book.lists.ensure(ReservedList.BUDDIES).externals.ensure(
        anchor_to(xcap.resource_lists.list_address(ReservedList.RCS))
    )

assert xcap.resource_lists.resolve(list=ReservedList.BUDDIES).uris == ["sip:bob@example.org"]
