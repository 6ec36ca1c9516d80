"""The Python blocks of docs/usages/xcap-diff.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/xcap-diff.md, line 13
from xcap_sdk import XcapClient, parse_diff

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))
with xcap.resource_lists.edit() as book:
    book.lists.ensure("friends").entries.ensure("sip:bob@example.org")

document = xcap.resource_lists.get()
assert document.etag is not None

body = f"""<?xml version="1.0" encoding="UTF-8"?>
<d:xcap-diff xmlns:d="urn:ietf:params:xml:ns:xcap-diff" xmlns="urn:ietf:params:xml:ns:resource-lists"
             xcap-root="{document.address.root}/">
  <d:document sel="resource-lists/users/sip:alice@example.org/index"
              previous-etag="{document.etag.strip('"')}" new-etag="7ahggs">
    <d:add sel="*/list[@name='friends']"><entry uri="sip:carol@example.org"/></d:add>
  </d:document>
</d:xcap-diff>""".encode()                                # what a NOTIFY brought

diff = parse_diff(body)
report = document.apply(diff)                             # nothing is sent
print(report.outcome, report.etag)                        # patched "7ahggs"
assert "sip:carol@example.org" in document.model.lists["friends"].entries

# docs/usages/xcap-diff.md, line 55
from xcap_sdk import DiffConflict

document = xcap.resource_lists.get()
document.model.lists["friends"].label = "My friends"      # not saved yet
body = body.replace(b'<entry uri="sip:carol@example.org"/>', b"<display-name>Friends</display-name>")
try:
    document.apply(parse_diff(body))
except DiffConflict as conflict:
    print(conflict.clashes[0].place)                      # lists["friends"].display_name
report = document.apply(parse_diff(body), on_conflict="mine")
assert report.merged
assert document.model.lists["friends"].label == "My friends"

# docs/usages/xcap-diff.md, line 74
from xcap_sdk import ChangeKind

for change in diff.documents:
    print(change.address, change.kind, change.previous_etag, change.new_etag)
    if change.kind is ChangeKind.PATCHED:
        print(*change.operations, sep="\n")
for element in diff.elements:
    print(element.address, element.exists, element.body)  # the bytes that a GET would give
for attribute in diff.attributes:
    print(attribute.address, attribute.exists, attribute.value)

# docs/usages/xcap-diff.md, line 92
from xcap_sdk import PatchError, PatchRemove, apply_patch

[change] = diff.documents
xml = b"""<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
  <list name="friends"/>
</resource-lists>"""
assert b'<list name="friends"><entry uri="sip:carol@example.org"/></list>' in apply_patch(xml, change.operations)

try:
    apply_patch(xml, [PatchRemove("*/list[@name='enemies']", ws="before", namespaces=change.operations[0].namespaces)])
except PatchError as error:
    print(error.condition, error.operation)               # unlocated-node …
