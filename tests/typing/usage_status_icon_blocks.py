"""The Python blocks of docs/usages/status-icon.md, written by `make pages` for the type checker; never imported."""
# pyright: reportUnusedExpression=false, reportDuplicateImport=false

# docs/usages/status-icon.md, line 13
from pathlib import Path
from xcap_sdk import XcapClient

xcap = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:alice@example.org", auth=("alice", "secret"))

xcap.status_icon.upload(Path("me.png"), description="Me")  # a path, bytes, or a file opened in binary mode

# docs/usages/status-icon.md, line 27
from PIL import Image

with Image.open("me.png") as picture:
    xcap.status_icon.upload(picture.convert("RGB"), max_side=96)

xcap.status_icon.upload(Path("me.png"), max_side=200, max_bytes=200_000)

# docs/usages/status-icon.md, line 42
bob = XcapClient("http://127.0.0.1:8080/xcap-root", user="sip:bob@example.org", auth=("bob", "secret"))
icon = bob.of("sip:alice@example.org").status_icon.get().model

data = icon.decode()                                      # the bytes of the image
print(icon.media_type, icon.actual_type, len(data))       # what the document says, what the image shows
assert [each.value for each in icon.descriptions] == ["Me"]

picture = icon.image()                                    # the image in Pillow
assert max(picture.size) <= 200

# docs/usages/status-icon.md, line 61
import xcap_sdk
from xcap_documents.oma_pres_content import StatusIcon

small = StatusIcon.fit(Path("me.png").read_bytes(), max_side=48)
print(xcap_sdk.serialize(StatusIcon.from_bytes(small, description="Me")).decode())

# docs/usages/status-icon.md, line 75
from dataclasses import replace
from xcap_sdk import STATUS_ICON

other = XcapClient(
    "http://127.0.0.1:8080/xcap-root",
    user="sip:alice@example.org",
    auth=("alice", "secret"),
    usages=[replace(STATUS_ICON, document="oma_status-icon/index")],
)
assert not other.status_icon.exists()
