"""Where the checks work: one scratch document of the user's, which is removed afterwards."""

from __future__ import annotations

import contextlib
import secrets
from typing import Final

from xcap_sdk.errors import TransportError, XcapError
from xcap_sdk.flows.conversation import Flow
from xcap_sdk.probe.judging import not_measured
from xcap_sdk.protocol.addresses import Address, AttributeAddress, DocumentAddress
from xcap_sdk.protocol.messages import XCAP_ATTRIBUTE, XCAP_ELEMENT, Request, Response
from xcap_sdk.protocol.percent import encode_segment
from xcap_sdk.transport import Transport

NAMESPACE: Final = "urn:ietf:params:xml:ns:resource-lists"

BOOK: Final = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<resource-lists xmlns="{NAMESPACE}" xmlns:x="urn:example:extension">
  <list name="a">
    <entry uri="sip:1@example.org"/>
    <entry uri="sip:2@example.org" x:kept="yes"><display-name>Two</display-name></entry>
    <!-- a comment -->
    <entry uri="sip:3@example.org"/>
  </list>
  <list name="b"/>
</resource-lists>
""".encode()
"""What the scratch document usually holds."""

Fields = tuple[tuple[str, str], ...]

_STORED: Final = frozenset({200, 201, 204})


class ScratchTaken(XcapError):
    """The scratch document is there already; nothing was touched."""


class ScratchRefused(XcapError):
    """The server does not take the scratch document, so that there is nothing to measure in."""


class Lab:
    """Raw requests on a scratch document.

    Args:
        transport: Carries out requests.
        document: The scratch document's address.
        media_type: Its media type.
        stranger: Carries out requests without the user's credentials; None if there are none.
        digest: Carries out requests with them, by a Digest that never starts anew; None if they are no
            user name and password.

    Attributes:
        document: The scratch document's address.
        media_type: Its media type.
        stranger: As given.
        digest: As given.
        server: What the server called itself last; empty where it did not.
    """

    def __init__(
        self,
        transport: Transport,
        document: DocumentAddress,
        media_type: str,
        stranger: Transport | None = None,
        digest: Transport | None = None,
    ) -> None:
        self._transport = transport
        self._written: dict[str, None] = {}
        self.document = document
        self.media_type = media_type
        self.stranger = stranger
        self.digest = digest
        self.server: str = ""

    def send(
        self,
        method: str,
        uri: str,
        fields: Fields = (),
        body: bytes | None = None,
        *,
        over: Transport | None = None,
        keep: bool = False,
    ) -> Response:
        """Make one request as it is.

        Args:
            method: The method.
            uri: The URI, percent-encoded.
            fields: Header fields.
            body: The body.
            over: What carries it out; None for the user's.
            keep: Whether what is put is not the probe's to remove.

        Raises:
            TransportError: No reply came.
        """
        if method == "PUT" and not keep:
            self._written.setdefault(uri.partition("/~~/")[0])
        response = (over or self._transport).run(_exchange(Request(method, uri, fields, body)))
        self.server = response.headers.get("server", self.server)
        return response

    def at(self, selector: str, namespaces: dict[str, str] | None = None) -> Address:
        """The address of a node of the scratch document."""
        return self.document.node(selector, namespaces)

    def raw(self, selector: str, query: str = "") -> str:
        """The URI of a selector that need not be one; its segments are encoded as they are."""
        path = "/".join(encode_segment(segment) for segment in selector.split("/"))
        return f"{self.document.uri}/~~/{path}{query}"

    def get(self, where: Address | str | None = None, *fields: tuple[str, str]) -> Response:
        """GET the scratch document, or something in it.

        Args:
            where: What to read: an address, a selector, a URI of `raw`; None for the document.
            *fields: Header fields.
        """
        return self.send("GET", self._uri(where), fields)

    def put(
        self,
        where: Address | str | None,
        body: bytes | str,
        *fields: tuple[str, str],
        media_type: str | None = None,
    ) -> Response:
        """PUT the scratch document, or something in it.

        Args:
            where: What to write: an address, a selector; None for the document.
            body: The body.
            *fields: Header fields.
            media_type: Its media type; None for the one that belongs there.
        """
        address = self.at(where) if isinstance(where, str) else where or self.document
        data = body if isinstance(body, bytes) else body.encode()
        content_type = ("Content-Type", media_type or self._type(address))
        return self.send("PUT", address.uri, (*fields, content_type), data)

    def delete(self, where: Address | str | None = None, *fields: tuple[str, str]) -> Response:
        """DELETE the scratch document, or something in it."""
        return self.send("DELETE", self._uri(where), fields)

    def fresh(self, body: bytes | str = BOOK) -> bytes:
        """Make the scratch document hold something.

        Returns:
            Its bytes as the server has them.
        """
        response = self.put(None, body)
        if response.status not in _STORED:
            not_measured(f"the scratch document could not be written: {response.status}")
        return self.read()

    def absent(self) -> None:
        """Make the scratch document go."""
        if self.get().status == 200:
            self.delete()
        if self.get().status == 200:
            not_measured("the scratch document could not be removed")

    def read(self) -> bytes:
        """The scratch document's bytes."""
        response = self.get()
        if response.status != 200:
            not_measured(f"the scratch document could not be read: {response.status}")
        return response.body

    def etag(self) -> str:
        """The scratch document's ETag."""
        etag = self.get().etag
        if etag is None:
            not_measured("the server gives no ETag")
        return etag

    def require_free(self) -> None:
        """Make sure that the scratch document is nobody's.

        Raises:
            ScratchTaken: There is a document, or the server does not say that there is none.
            TransportError: No reply came.
        """
        status = self.get().status
        if status not in {404, 410}:
            raise ScratchTaken(
                f"GET {self.document} → {status}, and 404 would say that the name is free: the probe writes "
                f"only where nothing is. Nothing was written. Check root, user and credentials, or name "
                f"another scratch document."
            )

    def require_writable(self) -> None:
        """Make sure that the scratch document can be written; it is there afterwards if it can.

        No reply is none of its business: that is for the checks to find.

        Raises:
            ScratchRefused: The server does not take it.
        """
        with contextlib.suppress(TransportError):
            status = self.put(None, BOOK).status
            if status not in _STORED:
                raise ScratchRefused(
                    f"PUT {self.document} → {status}: without a scratch document there is nothing to measure "
                    f"in. Check the root, and whether the user may write there and the server serves "
                    f"{self.document.auid}; a server may also take documents of some names only."
                )

    def remove(self) -> tuple[str, ...]:
        """Remove what was written.

        Returns:
            The URIs of what is still there, or may be.
        """
        left: list[str] = []
        for uri in self._written:
            gone = False
            with contextlib.suppress(TransportError):
                self.send("DELETE", uri)
                gone = self.send("GET", uri).status != 200
            if not gone:
                left.append(uri)
        return tuple(left)

    def _uri(self, where: Address | str | None) -> str:
        if not isinstance(where, str):
            return (where or self.document).uri
        return where if where.startswith(self.document.root.uri) else self.at(where).uri

    def _type(self, address: Address) -> str:
        if isinstance(address, DocumentAddress):
            return self.media_type
        return XCAP_ATTRIBUTE if isinstance(address, AttributeAddress) else XCAP_ELEMENT


def scratch_name() -> str:
    """A name that no document has."""
    return f"xcap-probe-{secrets.token_hex(6)}.xml"


def _exchange(request: Request) -> Flow[Response]:
    response: Response = yield request
    return response
