"""The document classes are imported when an element of their namespace is met."""

from __future__ import annotations

import subprocess
import sys

COLD = """
import sys
import xcap_sdk
from xcap_documents.pidf import Presence

def parse(more):
    return xcap_sdk.parse(
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:a@example.org">'
        '<tuple id="t"><status/>' + more + '</tuple></presence>', Presence)

parse("")
assert "xcap_documents.rpid" not in sys.modules
model = parse('<r:mood xmlns:r="urn:ietf:params:xml:ns:pidf:rpid"><r:happy/></r:mood>')
[mood] = model.tuples["t"].extensions
assert type(mood).__module__ == "xcap_documents.rpid", mood
assert "xcap_documents.simservs" not in sys.modules
assert xcap_sdk.from_json(xcap_sdk.to_json(model), Presence) == model
"""


def test_modules_come_when_their_namespaces_do() -> None:
    done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
