"""The Python blocks of docs/usages/directory.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/directory.md, line 9
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))
with xcap.resource_lists.edit() as book:
    book.lists.ensure("friends")

for row in xcap.directory.documents():
    print(row.auid, row.document, row.etag, row.size, row.modified)

# docs/usages/directory.md, line 32
[row] = xcap.directory.documents().of("resource-lists")
document = xcap.resource_lists.get(row.document)
assert document.etag == row.etag                          # it has not changed since

assert row.address is not None
print(xcap.get(row.address).value)                        # the model, for any usage that the SDK knows

# docs/usages/directory.md, line 43
for folder in xcap.directory.documents().incomplete:
    print(folder.auid, folder.error, folder.more)
