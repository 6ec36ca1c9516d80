"""The Python blocks of docs/transport.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/transport.md, line 24
from xcap_sdk import BearerAuth, XcapClient

def fetch_token() -> str:
    return "mF_9.B5f-4.1JqM"        # ask your OAuth server here

web = XcapClient("https://xcap.example.org/xcap-root", user="sip:alice@example.org", auth=BearerAuth(fetch_token))

# docs/transport.md, line 37
from xcap_sdk import GbaAuth, GbaKey

def bootstrap(host: str) -> GbaKey:
    return GbaKey(b_tid="cmFuZG9t@bsf.example.org", ks_naf=bytes(32))    # ask your SIM here

phone = XcapClient("https://xcap.example.org/xcap-root", user="sip:alice@example.org", auth=GbaAuth(bootstrap))

# docs/transport.md, line 61
xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"), deadline=30)

with xcap.resource_lists.edit() as book:
    book.lists.ensure("friends")

document = xcap.within(5).resource_lists.get()      # another deadline for some calls; the rest is shared
document.model.lists["friends"].label = "Friends"
document.save()                                     # 5 seconds, too: the document came from there

# docs/transport.md, line 106
import ssl
from xcap_sdk import Network

context = ssl.create_default_context()          # cafile="authority.pem" for an authority of your own
# context.load_cert_chain("alice.pem", "alice.key")      # a client's certificate

network = Network(tls=context, connections=20, tries=5, redirect_origins=("https://xcap2.example.org",))
bulk = XcapClient("https://xcap.example.org/xcap-root", user="sip:alice@example.org", network=network)

# docs/transport.md, line 165
def open_for(user: str) -> XcapClient:
    return XcapClient.from_settings(user=user, auth=BearerAuth(fetch_token))      # XCAP_ROOT, XCAP_TIMEOUT … as they are set
