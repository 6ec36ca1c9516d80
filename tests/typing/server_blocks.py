"""The Python blocks of docs/server.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/server.md, line 11
from xcap_sdk import XcapClient
from xcap_sdk.server import running_server

with running_server(users={"alice": "secret", "bob": "secret"}) as root:
    with XcapClient(root, user="sip:alice@example.org", auth=("alice", "secret")) as alice:
        with alice.resource_lists.edit() as book:
            book.lists.ensure("friends")

# docs/server.md, line 38
from xcap_sdk.server import Access, default_policy

def operated(access: Access) -> bool:
    return access.user == "operator" or default_policy(access)

with running_server(users={"alice": "secret", "operator": "secret"}, policy=operated) as root:
    with XcapClient(root, auth=("operator", "secret")) as operator:
        with operator.of("sip:alice@example.org").simservs.edit() as services:
            services.communication_waiting.active = True

# docs/server.md, line 52
from xcap_sdk.server import Storage, create_app

storage = Storage("xcap.sqlite")                          # or Storage(), which forgets everything
app = create_app(storage, users={"alice": "secret"})      # uvicorn mymodule:app
storage.close()                                           # once the server has stopped
