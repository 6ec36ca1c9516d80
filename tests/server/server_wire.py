"""A plain HTTP client for the server's tests: it sends paths as they are, and shares no code with the SDK."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit
from xml.etree import ElementTree

ALICE = "/resource-lists/users/sip:alice@example.org/index"
LISTS = "application/resource-lists+xml"
ELEMENT = "application/xcap-el+xml"
ATTRIBUTE = "application/xcap-att+xml"
NAMESPACES = "application/xcap-ns+xml"
ERROR = "application/xcap-error+xml"
RL = "urn:ietf:params:xml:ns:resource-lists"
XE = "{urn:ietf:params:xml:ns:xcap-error}"

BOOK = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- left by another client -->
<rl:resource-lists xmlns:rl="urn:ietf:params:xml:ns:resource-lists" xmlns:x="urn:example:x">
  <rl:list name="friends" x:seen="no">
    <rl:display-name>Fr\xc3\xa9unde</rl:display-name>
    <rl:entry uri="sip:bob@example.org"/>
    <rl:entry uri="sip:carol@example.org"><rl:display-name>Carol</rl:display-name></rl:entry>
    <x:mark>&lt;kept&gt;</x:mark>
  </rl:list>
  <rl:list name="a/b &amp; &quot;c&quot;"/>
</rl:resource-lists>
"""


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def etag(self) -> str | None:
        return self.headers["ETag"]

    @property
    def type(self) -> str | None:
        return self.headers["Content-Type"]

    @property
    def fault(self) -> ElementTree.Element:
        """The one condition of a conflict report."""
        assert (self.status, self.type) == (409, ERROR), self
        root = ElementTree.fromstring(self.body)
        assert root.tag == f"{XE}xcap-error"
        (condition,) = root
        return condition

    @property
    def condition(self) -> str:
        return self.fault.tag.removeprefix(XE)


class Wire:
    def __init__(self, root: str) -> None:
        parts = urlsplit(root)
        self.root, self.path, self.netloc = root, parts.path, parts.netloc
        self.address = (parts.hostname, parts.port)
        self._connection = http.client.HTTPConnection(*self.address, timeout=20)

    def request(self, method: str, path: str, body: bytes | None = None, /, **headers: str) -> Reply:
        """Path below the XCAP root; header names with _ for -."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._connection.request(method, self.path + path, body, fields)
            response = self._connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        except BaseException:
            self._connection.close()
            raise

    def get(self, path: str, /, **headers: str) -> Reply:
        return self.request("GET", path, None, **headers)

    def put(self, path: str, body: bytes, media_type: str = LISTS, /, **headers: str) -> Reply:
        return self.request("PUT", path, body, Content_Type=media_type, **headers)

    def delete(self, path: str, /, **headers: str) -> Reply:
        return self.request("DELETE", path, None, **headers)

    def raw(self, data: bytes) -> socket.socket:
        """A connection of its own, on which these bytes were sent."""
        connection = socket.create_connection(self.address, timeout=10)
        connection.sendall(data)
        return connection

    def exchange(self, data: bytes) -> bytes:
        """All that the server sends for these bytes until it closes."""
        with self.raw(data) as connection:
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
