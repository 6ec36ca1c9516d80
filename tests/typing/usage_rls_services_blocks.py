"""The Python blocks of docs/usages/rls-services.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/rls-services.md, line 17
from xcap_sdk import XcapClient, anchor_to

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

with xcap.resource_lists.edit() as book:
    book.lists.ensure("friends").entries.ensure("sip:bob@example.org")

with xcap.rls_services.edit() as mine:
    mine.services.add(
        "sip:alice-friends@example.org",
        resource_list=anchor_to(xcap.resource_lists.list_address("friends")),
        packages=["presence"],
    )

# docs/usages/rls-services.md, line 36
from xcap_documents.resource_lists import ResourceList

team = ResourceList()
team.entries.add("sip:carol@example.org", display_name="Carol")

with xcap.rls_services.edit() as mine:
    service = mine.services.add("sip:alice-team@example.org", list=team)
    assert service.resource_list is None

    friends = mine.services["sip:alice-friends@example.org"]
    assert friends.list is None
    friends.packages.add("dialog")                        # the event packages that it takes: a set
    assert friends.accepts("presence") and not friends.accepts("message-summary")

    assert service.packages.any                           # says nothing of packages: takes any
    service.packages = ["presence"]                       # takes this one only
    service.packages = []                                 # takes none
    service.packages = None                               # takes any again

# docs/usages/rls-services.md, line 63
assert xcap.rls_services.members("sip:alice-friends@example.org").uris == ["sip:bob@example.org"]

with xcap.resource_lists.edit() as book:
    book.lists.remove("friends")

flat = xcap.rls_services.members("sip:alice-friends@example.org")
[problem] = flat.problems
print(problem.reason, problem.place, problem.message)     # dangling services["…"].resource_list …

# docs/usages/rls-services.md, line 79
from xcap_sdk import UniquenessFailure

bob = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:bob@example.org", auth=("bob", "secret"))
try:
    with bob.rls_services.edit() as his:
        his.services.add("sip:alice-team@example.org")
except UniquenessFailure as error:
    free = error.fields[0].alternatives
    with bob.rls_services.edit() as his:
        his.services.add(free[0] if free else "sip:bob-team@example.org")

# docs/usages/rls-services.md, line 97
from xcap_sdk.server import running_server

with running_server(users={"alice": "secret", "rls": "secret"}, trusted=["rls"]) as root:
    with XcapClient(root, user="sip:alice@example.org", auth=("alice", "secret")) as alice:
        with alice.rls_services.edit() as mine:
            mine.services.add("sip:alice-team@example.org", list=team)

    with XcapClient(root, user="sip:rls@example.org", auth=("rls", "secret")) as rls:
        everyone = rls.global_tree.rls_services
        assert [service.uri for service in everyone.get().model.services] == ["sip:alice-team@example.org"]
        assert everyone.members("sip:alice-team@example.org").uris == ["sip:carol@example.org"]
