"""A server with the quirks of OpenXCAP 3.2: the embedded one, some of whose requests and replies are bent."""

from __future__ import annotations

import re
from urllib.parse import unquote

import httpx

from xcap_sdk.documents.reports import fault_body
from xcap_sdk.protocol.faults import Fault, FaultKind

NODE = "/~~/"
CHARSETS = {"application/xcap-el+xml; charset=utf-8"}


def fault(kind: FaultKind) -> httpx.Response:
    return httpx.Response(
        409, content=fault_body(Fault(kind)), headers={"Content-Type": "application/xcap-error+xml"}
    )


class OpenXcap(httpx.BaseTransport):
    """Between a client and the embedded server.

    Attributes:
        asked: Method and decoded path of each request.
    """

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport()
        self._nonces: set[str] = set()
        self._document = b""  # as it was put last
        self._put = ("", "")  # path and ETag of that
        self._touched = False  # whether a node was written since
        self.asked: list[tuple[str, str]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        path = unquote(request.url.raw_path.decode())
        self.asked.append((request.method, path))
        if nonce := re.search(r'\bnonce="([^"]*)"', request.headers.get("Authorization", "")):
            if nonce[1] in self._nonces:
                return self._signed(httpx.Response(401))
            self._nonces.add(nonce[1])
        response = self._early(request, path)
        if response is None:
            response = self._inner.handle_request(request)
            response.read()
            response = self._late(request, path, response)
        return self._signed(response)

    def close(self) -> None:
        self._inner.close()

    def _signed(self, response: httpx.Response) -> httpx.Response:
        response.headers["Server"] = "OpenXCAP/3.2.0"
        return response

    def _early(self, request: httpx.Request, path: str) -> httpx.Response | None:
        """What never gets to the embedded server, or gets there as something else."""
        conditions = request.headers.get("If-Match", "") + request.headers.get("If-None-Match", "")
        if request.method == "HEAD":
            return httpx.Response(405)
        if "," in conditions or "W/" in conditions or "/org.openmobilealliance.xcap-directory/" in path:
            return httpx.Response(500)
        if "/xcap-caps/" in path and request.method == "PUT":
            return httpx.Response(404)
        if NODE in path:
            return self._early_node(request, path.partition(NODE)[2])
        if request.method == "PUT" and request.headers["Content-Type"] == "text/plain":
            return httpx.Response(201)
        if request.method == "PUT" and request.content == self._document and not self._touched:
            where, etag = self._put
            if where == path:
                return httpx.Response(200, content=self._document, headers={"ETag": etag})
        return None

    def _early_node(self, request: httpx.Request, selector: str) -> httpx.Response | None:
        body, writes = request.content, request.method != "GET"
        if "xmlns(r=urn:ietf" in selector or "last()" in selector:
            return httpx.Response(400, json={"detail": "no selector"})
        if selector.endswith("namespace::*"):
            return httpx.Response(500) if writes else httpx.Response(200, content=b"<list xmlns=")
        if writes and not self._document.isascii():
            return httpx.Response(500)
        if request.headers.get("Content-Type") in CHARSETS:
            return httpx.Response(415)
        if body.startswith(b"<?xml") or (request.method == "DELETE" and selector == "resource-lists"):
            return httpx.Response(500)
        if "/@" in selector and request.method == "PUT":
            return self._attribute(request, body, selector)
        return fault(FaultKind.CANNOT_INSERT) if not body.isascii() else None

    def _attribute(self, request: httpx.Request, body: bytes, selector: str) -> httpx.Response | None:
        if not body.isascii():
            return httpx.Response(500)
        if request.headers["Content-Type"] != "application/xcap-att+xml":
            return None
        if b"<" in body or selector.startswith('resource-lists/list[@name="a"]/@'):
            return httpx.Response(200)
        escaped = body.replace(b"&", b"&amp;")
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        bent = httpx.Request("PUT", request.url, headers=headers, content=escaped)
        response = self._inner.handle_request(bent)
        response.read()
        self._touched = True
        if response.status_code == 201:
            response.status_code = 200
        return response

    def _late(self, request: httpx.Request, path: str, response: httpx.Response) -> httpx.Response:
        """What the embedded server says, bent."""
        content, selector = response.content, path.partition(NODE)[2]
        if selector:
            self._touched = self._touched or request.method != "GET"
        elif "/resource-lists/" in path:
            self._remember(request, path, response)
        if response.status_code == 304:
            del response.headers["ETag"]
        elif response.status_code == 404 and selector.endswith("/entry"):
            return httpx.Response(500)
        elif response.status_code == 409 and b"not-utf-8" in content and b"ISO-8859-1" not in request.content:
            return fault(FaultKind.NOT_WELL_FORMED)
        elif response.status_code == 409 and b"no-parent" in content:
            return fault(FaultKind.NO_PARENT)
        elif response.status_code == 200 and request.method == "GET" and selector:
            return self._fragment(response, selector)
        return response

    def _remember(self, request: httpx.Request, path: str, response: httpx.Response) -> None:
        if request.method == "PUT" and response.status_code in {200, 201}:
            self._document, self._touched = request.content, False
            self._put = (path, response.headers["ETag"])
        elif request.method == "DELETE" and response.status_code == 200:
            self._touched = True

    def _fragment(self, response: httpx.Response, selector: str) -> httpx.Response:
        content = response.content
        if "/@" in selector:
            content = content.strip(b"\"'").replace(b"&amp;", b"&").replace(b"&quot;", b'"')
        elif not self._document.isascii() or b"<rl:" in self._document:
            content = content[3:]
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return httpx.Response(200, headers=headers, content=content)
