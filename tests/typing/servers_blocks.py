"""The Python blocks of docs/servers.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/servers.md, line 48
from xcap_sdk import XcapClient
from xcap_sdk.profiles import KAMAILIO

xcap = XcapClient(
    "http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"), profile=KAMAILIO
)
print(KAMAILIO)             # what it does right, what it does wrong, what is never sent to it

# docs/servers.md, line 71
from pathlib import Path
from xcap_sdk import Ability, load_profile, save_profile
from xcap_sdk.profiles import CAUTIOUS

mine = CAUTIOUS.knowing(right=[Ability.MUST_NOT_EXIST, Ability.SET_ATTRIBUTE], wrong=[Ability.REPLACE_ELEMENT])
save_profile(mine, Path("server.json"))
assert load_profile("server.json") == mine
