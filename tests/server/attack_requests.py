"""What the table of attacks is made of: requests right and wrong, and credentials."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

from server_wire import LISTS, Wire

USERS = "/xcap-root/resource-lists/users/"
MINE = USERS + "sip:alice@example.org/index"
BOBS = USERS + "sip:bob@example.org/index"
NODE = MINE + "/~~/resource-lists/list%5b@name=%22l%22%5d"
MAX_BODY = 100_000
MAX_HEAD = 65_536
EMPTY = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"/>'
HOST = "Host: localhost"
BASIC = "Authorization: Basic " + base64.b64encode(b"alice:secret").decode()
CLOSE = "Connection: close"

Request = bytes | tuple[bytes, ...] | Callable[[Wire], bytes]


@dataclass(frozen=True)
class Attack:
    """What is sent, in one piece, in pieces with pauses, or made for the server; and the statuses that come back.

    ``answers`` is empty where the connection is closed without a word.
    """

    group: str
    what: str
    request: Request
    answers: tuple[int, ...]


def head(method: str, target: str, *fields: str, version: str = "HTTP/1.1") -> bytes:
    lines = (f"{method} {target} {version}", *fields)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def get(target: str, *fields: str, method: str = "GET") -> bytes:
    return head(method, target, HOST, BASIC, CLOSE, *fields)


def put(body: bytes, *fields: str, target: str = MINE, media_type: str = LISTS) -> bytes:
    length = f"Content-Length: {len(body)}"
    return head("PUT", target, HOST, BASIC, CLOSE, f"Content-Type: {media_type}", length, *fields) + body


def framed(body: bytes, *fields: str, target: str = MINE, version: str = "HTTP/1.1") -> bytes:
    """A PUT that says itself how long it is."""
    return head("PUT", target, HOST, BASIC, f"Content-Type: {LISTS}", *fields, version=version) + body


def chunks(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def asks(credentials: str) -> bytes:
    return head("GET", MINE, HOST, CLOSE, f"Authorization: {credentials}")


def basic(token: bytes) -> bytes:
    return asks("Basic " + base64.b64encode(token).decode())


def digest(wire: Wire, *, count: str = "00000001", uri: str = MINE, method: str = "GET") -> str:
    """Right credentials on a nonce of the server's."""
    challenge = wire.get("/resource-lists/users/sip:alice@example.org/index").headers["WWW-Authenticate"]
    found = re.search('nonce="([^"]*)"', challenge)
    assert found is not None

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    asked = md5(f"{method}:{uri}")
    response = md5(f"{md5('alice:xcap:secret')}:{found[1]}:{count}:c:auth:{asked}")
    return (
        f'Digest username="alice", realm="xcap", nonce="{found[1]}", uri="{uri}", cnonce="c", nc={count}, '
        f'qop=auth, algorithm=MD5, response="{response}"'
    )


def replayed(wire: Wire) -> bytes:
    request = head("GET", MINE, HOST, f"Authorization: {digest(wire)}")
    return request + request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
