"""Application usages, methods and authentication."""

from __future__ import annotations

from typing import Final

from xcap_documents.xcap_caps import XcapCaps
from xcap_sdk.documents.binding import parse
from xcap_sdk.errors import DocumentError
from xcap_sdk.probe.judging import (
    Level,
    Part,
    deviates,
    expect,
    expect_status,
    not_measured,
    not_supported,
)
from xcap_sdk.probe.lab import Lab, scratch_name
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.profiles import Ability

USAGES: Final = Part("Usages, methods and authentication")

_DIRECTORY: Final = "org.openmobilealliance.xcap-directory"


@USAGES.check("8", Level.MUST, Ability.NOT_FOUND)
def unknown_usage(lab: Lab) -> None:
    """An application usage that the server does not have is answered 404."""
    address = DocumentAddress(
        root=lab.document.root, auid="com.example.xcap-probe", xui=lab.document.xui, document=scratch_name()
    )
    expect_status(lab.send("GET", address.uri), 404)


@USAGES.check("12", Level.MUST)
def capabilities(lab: Lab) -> None:
    """xcap-caps is there for all, with its media type, and lists itself."""
    response = lab.send("GET", _capabilities(lab))
    expect_status(response, 200)
    media_type = response.media_type
    expect(media_type == "application/xcap-caps+xml", media_type or "no Content-Type")
    expect("xcap-caps" in _auids(lab), "xcap-caps does not list itself")


@USAGES.check("8.3", Level.MUST)
def capabilities_etag(lab: Lab) -> None:
    """xcap-caps has an ETag."""
    response = lab.send("GET", _capabilities(lab))
    expect_status(response, 200)
    expect(response.etag is not None, "no ETag")


@USAGES.check("12", Level.MUST)
def capabilities_are_read_only(lab: Lab) -> None:
    """xcap-caps cannot be written: 405, or 403."""
    before = lab.send("GET", _capabilities(lab))
    if before.status != 200:
        not_measured("there is no xcap-caps")
    # What is there already, so that a server that takes it is none the worse for it.
    fields = (("Content-Type", "application/xcap-caps+xml"),)
    response = lab.send("PUT", _capabilities(lab), fields, before.body, keep=True)
    expect_status(response, 403, 405)


@USAGES.check("12", Level.MAY)
def directory(lab: Lab) -> None:
    """The user's documents are listed (OMA xcap-directory)."""
    if _DIRECTORY not in _auids(lab):
        not_supported("xcap-caps does not list it")
    lab.fresh()
    address = DocumentAddress(
        root=lab.document.root, auid=_DIRECTORY, xui=lab.document.xui, document="directory.xml"
    )
    response = lab.send("GET", address.uri)
    expect_status(response, 200)
    expect(lab.document.document.encode() in response.body, "the scratch document is not listed")


@USAGES.check("8.1", Level.MUST)
def head(lab: Lab) -> None:
    """HEAD is answered as GET, without a body."""
    lab.fresh()
    response = lab.send("HEAD", lab.document.uri)
    expect_status(response, 200)
    expect(response.etag == lab.get().etag, "another ETag than GET")


@USAGES.check("8.1", Level.MUST)
def post(lab: Lab) -> None:
    """Methods that do not exist here are answered 405."""
    lab.fresh()
    expect_status(lab.send("POST", lab.document.uri, (("Content-Type", "text/plain"),), b""), 405)


@USAGES.check("14", Level.MUST)
def challenge(lab: Lab) -> None:
    """Whoever has no credentials is asked for them by a 401 that says how."""
    if lab.stranger is None:
        not_measured("without credentials")
    response = lab.send("GET", lab.document.uri, over=lab.stranger)
    expect_status(response, 401)
    expect("www-authenticate" in response.headers, "401 without WWW-Authenticate")


@USAGES.check("14", Level.MUST)
def nonce_again(lab: Lab) -> None:
    """A Digest nonce that is used again is taken, or a new one is given with the 401."""
    if lab.digest is None or lab.stranger is None:
        not_measured("without a user name and password")
    challenged = lab.send("GET", lab.document.uri, over=lab.stranger).headers.get("www-authenticate", "")
    if not challenged.casefold().startswith("digest"):
        not_measured("the server asks for no Digest")
    lab.fresh()
    expect_status(lab.send("GET", lab.document.uri, over=lab.digest), 200)
    again = lab.send("GET", lab.document.uri, over=lab.digest)
    if again.status == 401:
        deviates("401 without WWW-Authenticate" if "www-authenticate" not in again.headers else "401")
    expect_status(again, 200)


def _capabilities(lab: Lab) -> str:
    return DocumentAddress(root=lab.document.root, auid="xcap-caps", tree="global").uri


def _auids(lab: Lab) -> list[str]:
    response = lab.send("GET", _capabilities(lab))
    try:
        return list(parse(response.body, XcapCaps).auids.items) if response.status == 200 else []
    except DocumentError:
        return []
