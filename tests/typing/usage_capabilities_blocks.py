"""The Python blocks of docs/usages/capabilities.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/capabilities.md, line 8
from xcap_sdk import RESOURCE_LISTS, XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

assert xcap.capabilities.supports(RESOURCE_LISTS)         # or an AUID, "resource-lists"
assert not xcap.capabilities.supports("com.example.unknown")
assert xcap.capabilities.knows("urn:ietf:params:xml:ns:common-policy")
assert not xcap.capabilities.extended_by("com.example.partial-fetch")

# docs/usages/capabilities.md, line 22
server = xcap.capabilities.get().model
assert "pres-rules" in server.auids
assert server.supports("pres-rules") and server.knows("urn:ietf:params:xml:ns:pres-rules")
print(len(server.auids), sorted(server.namespaces))
