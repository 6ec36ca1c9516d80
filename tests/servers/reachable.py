"""The servers that the contract is run against: the embedded one, Kamailio, and any that the environment names.

`XCAP_TEST_ROOT` and `XCAP_TEST_USER` name a server of one's own and a user there, `XCAP_TEST_USERNAME` and
`XCAP_TEST_PASSWORD` the credentials. The tests write documents with names of their own and remove them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from kamailio import missing, running_kamailio

from xcap_sdk import DocumentAddress, Unconditional, XcapClient, XcapError
from xcap_sdk.server import running_server

ALICE, BOB = "sip:alice@example.org", "sip:bob@example.org"
SECRET = "s3cret"
OWN = os.environ.get("XCAP_TEST_ROOT")
KINDS = ["embedded", "embedded-digest"]
if not missing():  # where it is, test_kamailio.py says so
    KINDS += ["kamailio", "kamailio-digest"]
if OWN:
    KINDS.append("own")


@dataclass
class Place:
    """A server, two users there, and a name for the documents of one test.

    Attributes:
        kind: Which server.
        root: Its XCAP root.
        user: The user.
        auth: The user's credentials.
        name: The name of the test's documents.
        made: What the test may leave behind, to be deleted.
    """

    kind: str
    root: str
    user: str
    auth: tuple[str, str] | None
    name: str = field(default_factory=lambda: f"test-{secrets.token_hex(4)}")
    made: list[DocumentAddress] = field(default_factory=list[DocumentAddress])

    def client(self) -> XcapClient:
        return XcapClient(self.root, user=self.user, auth=self.auth, timeout=5)

    def bob(self) -> XcapClient | None:
        """A client of another user; None where there is none."""
        if self.kind == "own":
            return None
        return XcapClient(self.root, user=BOB, auth=("bob", SECRET) if self.auth else None, timeout=5)

    def clear(self) -> None:
        with self.client() as client:
            for address in (client.resource_lists.address(self.name), *self.made):
                with contextlib.suppress(XcapError):
                    client.delete(address, condition=Unconditional(), force=True)


@contextlib.contextmanager
def opened(kind: str) -> Iterator[Place]:
    if kind == "own":
        assert OWN is not None
        user = os.environ.get("XCAP_TEST_USER", ALICE)
        password = os.environ.get("XCAP_TEST_PASSWORD")
        name = os.environ.get("XCAP_TEST_USERNAME", user.partition(":")[2].partition("@")[0])
        yield Place(kind, OWN, user, (name, password) if password else None)
        return
    digest = kind.endswith("-digest")
    auth = ("alice", SECRET) if digest else None
    if kind.startswith("kamailio"):
        with running_kamailio(SECRET if digest else None) as root:
            yield Place(kind, root, ALICE, auth)
        return
    with running_server(users={"alice": SECRET, "bob": SECRET} if digest else None) as root:
        yield Place(kind, root, ALICE, auth)
