"""The Python blocks of docs/security.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/security.md, line 40
from xcap_sdk import LimitExceeded, Limits, Network, XcapClient, parse
from xcap_documents.resource_lists import ResourceLists

phone = XcapClient(
    "https://xcap.example.org/xcap-root",
    user="sip:alice@example.org",
    network=Network(max_reply=2**20, limits=Limits(max_bytes=2**20, max_elements=20_000)),
)
try:
    parse(b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>', ResourceLists, limits=Limits(max_bytes=50))
except LimitExceeded as error:
    print(error)
