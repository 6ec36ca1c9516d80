"""Hostile requests and their answers: the table that the tests send and that docs/server-attacks.md shows."""

from __future__ import annotations

import hashlib

from attack_requests import (
    BASIC,
    BOBS,
    CLOSE,
    EMPTY,
    HOST,
    MAX_BODY,
    MINE,
    NODE,
    USERS,
    Attack,
    Request,
    asks,
    basic,
    chunks,
    digest,
    framed,
    get,
    head,
    put,
    replayed,
)
from server_wire import ELEMENT, LISTS


def _paths() -> list[Attack]:
    sip = USERS + "sip:alice@example.org"
    table: list[tuple[str, str, tuple[int, ...]]] = [
        ("another user's document", BOBS, (403,)),
        ("the same, `:` as `%3A`, `@` as `%40`", USERS + "sip%3Abob%40example.org/index", (403,)),
        ("the same, a letter percent-encoded", USERS + "sip:%62ob@example.org/index", (403,)),
        ("the same, the scheme in capitals", USERS + "SIP:bob@example.org/index", (403,)),
        ("the same, the name in capitals", USERS + "sip:BOB@example.org/index", (404,)),
        ("the same, a port or parameters behind it", USERS + "sip:bob@example.org;x=y/index", (403,)),
        ("the same, a second `@` behind it", USERS + "sip:bob@example.org@alice/index", (403,)),
        ("the same, a password in the URI", USERS + "sip:bob:x@example.org/index", (404,)),
        ("the same, the AUID in capitals", BOBS.replace("resource-lists", "Resource-Lists"), (404,)),
        ("the same, the AUID percent-encoded", BOBS.replace("resource", "%72esource"), (403,)),
        ("the same, the tree percent-encoded", BOBS.replace("users", "%75sers"), (403,)),
        ("the same, the root percent-encoded", BOBS.replace("xcap-root", "%78cap-root"), (404,)),
        ("a list of another user's document", BOBS + "/~~/resource-lists/list", (403,)),
        ("`..` to another user", sip + "/../sip:bob@example.org/index", (404,)),
        ("`..` behind the node separator", sip + "/index/~~/../../sip:bob@example.org/index", (404,)),
        ("`.` between", sip + "/./index", (404,)),
        ("`%2e%2e`", sip + "/%2e%2e/sip:bob@example.org/index", (404,)),
        ("`.%2E`", sip + "/.%2E/sip:bob@example.org/index", (404,)),
        ("`..` with encoded slashes", sip + "%2F..%2Fsip:bob@example.org/index", (404,)),
        ("`..` encoded twice", sip + "/%252e%252e%252fsip:bob@example.org/index", (404,)),
        ("`..` in overlong UTF-8", sip + "/%c0%ae%c0%ae/sip:bob@example.org/index", (404,)),
        ("`..` with backslashes", sip + "\\..\\sip:bob@example.org\\index", (404,)),
        ("`/etc/passwd` by `..`", "/xcap-root/" + "../" * 20 + "etc/passwd", (404,)),
        ("above the root by `..`", "/xcap-root/../xcap-root/", (404,)),
        ("`%00` in the name of the document", sip + "/index%00", (404,)),
        ("`%00` in the name of the user", sip + "%00bob/index", (404,)),
        ("line ends in the path", sip + "/index%0d%0aX-Made:%20up", (404,)),
        ("an empty user", USERS + "/index", (404,)),
        ("empty segments", USERS + "/sip:alice@example.org//index", (404,)),
        ("a slash at the end", MINE + "/", (404,)),
        ("only slashes", "/" * 1000, (404,)),
        ("an unfinished percent sign", sip + "/%", (404,)),
        ("a percent sign before no digits", sip + "/%zz", (404,)),
        ("bytes that are no ASCII", sip + "/\xe9", (400,)),
        ("a control character", sip + "/\x01", (400,)),
        ("a path of 20,000 bytes", sip + "/" + "a" * 20_000, (404,)),
        ("a path of 200,000 bytes", sip + "/" + "a" * 200_000, (431,)),
        ("a path of 10,000 segments", sip + "/a" * 10_000, (404,)),
        ("a selector of 10,000 steps", MINE + "/~~" + "/*" * 10_000, (404,)),
        ("a selector with 5,000 predicates", MINE + "/~~/*" + "%5b1%5d" * 5_000, (404,)),
        ("two node separators", MINE + "/~~/resource-lists/~~/list", (404,)),
        ("`xmlns()` that does not end", NODE + "?xmlns(a=b", (200,)),
        ("5,000 `xmlns()`", NODE + "?" + "xmlns(a=b)" * 5_000, (200,)),
        ("a URI of another host", "http://evil.example" + MINE, (200,)),
        ("a URI of another host, another user", "http://evil.example" + BOBS, (403,)),
        ("a URI of another scheme", "file:///etc/passwd", (404,)),
        ("a URI without a path", "http://localhost", (404,)),
        ("`*`", "*", (404,)),
        ("a path without a slash before it", "etc/passwd", (404,)),
        ("a fragment", MINE + "#x", (404,)),
    ]
    return [Attack("Paths", what, get(target), answers) for what, target, answers in table]


def _methods() -> list[Attack]:
    methods = ("POST", "PATCH", "TRACE", "PROPFIND", "get", "X" * 1_000)
    found = [Attack("Methods", f"`{name[:10]}`", get(MINE, method=name), (405,)) for name in methods]
    return [
        *found,
        Attack("Methods", "`CONNECT`", get("localhost:443", method="CONNECT"), (404,)),
        Attack("Methods", "a method with a space", get(MINE, method="GE T"), (400,)),
        Attack("Methods", "DELETE as a header field", get(MINE, "X-HTTP-Method-Override: DELETE"), (200,)),
        Attack("Methods", "DELETE of another user's document", get(BOBS, method="DELETE"), (403,)),
        Attack("Methods", "PUT of another user's document", put(EMPTY, target=BOBS), (403,)),
        Attack(
            "Methods",
            "PUT of another user's document by `..`",
            put(EMPTY, target=MINE.replace("index", "../sip:bob@example.org/index")),
            (404,),
        ),
        Attack(
            "Methods",
            "PUT to the global tree",
            put(EMPTY, target="/xcap-root/resource-lists/global/index"),
            (403,),
        ),
        Attack(
            "Methods",
            "PUT of what the server makes itself",
            put(EMPTY, target="/xcap-root/xcap-caps/global/index"),
            (403,),
        ),
    ]


def _heads() -> list[Attack]:
    table: list[tuple[str, bytes, tuple[int, ...]]] = [
        ("a field of 1 MB", get(MINE, "X: " + "a" * 1_000_000), (431,)),
        ("a field of 40,000 bytes", get(MINE, "X: " + "a" * 40_000), (200,)),
        ("100,000 fields", get(MINE, *(f"X{n}: a" for n in range(100_000))), (431,)),
        ("5,000 fields of one name", get(MINE, *["X: a"] * 5_000), (200,)),
        ("fields without end", b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 50_000, (431,)),
        ("5,000 ETags in If-Match", get(MINE, "If-Match: " + ",".join(['"a"'] * 5_000)), (412,)),
        ("an If-Match that is none", get(MINE, "If-Match: {" + '"' * 5_000), (400,)),
        ("no Host", head("GET", MINE, BASIC, CLOSE), (400,)),
        ("two Hosts", get(MINE, "Host: evil.example"), (400,)),
        ("a Host that is a path", head("GET", MINE, "Host: a/../b", BASIC, CLOSE), (400,)),
        ("a Host with markup", head("GET", MINE, "Host: <script>", BASIC, CLOSE), (400,)),
        ("a field without a colon", get(MINE, "nonsense"), (400,)),
        ("a field without a name", get(MINE, ": a"), (400,)),
        ("a space before the colon", get(MINE, "Content-Length : 5"), (400,)),
        ("a NUL in a field", get(MINE, "X: a\0b"), (400,)),
        ("a line end in a field", get(MINE, "X: a\rY: b"), (400,)),
        ("a field that goes on in the next line", get(MINE, "X: a", " b"), (200,)),
        ("HTTP/0.9", b"GET " + MINE.encode() + b"\r\n\r\n", (400,)),
        ("HTTP/1.0 without Host", head("GET", MINE, BASIC, version="HTTP/1.0"), (200,)),
        ("HTTP/2 as it begins", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (505,)),
        ("HTTP/9.9", head("GET", MINE, HOST, version="HTTP/9.9"), (505,)),
        ("HTTP/1.1 in small letters", head("GET", MINE, HOST, version="http/1.1"), (400,)),
        ("an upgrade to WebSocket", get(MINE, "Upgrade: websocket", "Connection: upgrade"), (200,)),
        ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)), (400,)),
        ("every byte there is", bytes(range(256)) * 10, (400,)),
        ("10,000 empty lines", b"\r\n" * 10_000 + get(MINE), (400,)),
        ("`Expect` of something else", put(EMPTY, "Expect: the-unexpected"), (200,)),
    ]
    return [Attack("Heads", what, request, answers) for what, request, answers in table]


def _framing() -> list[Attack]:
    chunked = "Transfer-Encoding: chunked"
    smuggled = get(BOBS, method="DELETE")
    length = f"Content-Length: {len(EMPTY)}"
    table: list[tuple[str, Request, tuple[int, ...]]] = [
        ("CL and TE", framed(chunks(EMPTY), "Content-Length: 4", chunked), (400,)),
        ("TE and CL", framed(b"0\r\n\r\n" + smuggled, chunked, "Content-Length: 4"), (400,)),
        ("TE in HTTP/1.0", framed(chunks(EMPTY), chunked, version="HTTP/1.0"), (400,)),
        ("TE twice", framed(chunks(EMPTY), chunked, "Transfer-Encoding: identity"), (501,)),
        ("TE of another kind", framed(chunks(EMPTY), "Transfer-Encoding: xchunked"), (501,)),
        ("TE behind a tab", framed(chunks(EMPTY), "Transfer-Encoding:\tchunked", CLOSE), (200,)),
        ("TE with a vertical tab", framed(chunks(EMPTY), "Transfer-Encoding: \x0bchunked"), (400,)),
        ("two lengths", framed(EMPTY, length, "Content-Length: 5"), (400,)),
        ("a negative length", framed(EMPTY, "Content-Length: -1"), (400,)),
        ("a length with a sign", framed(EMPTY, f"Content-Length: +{len(EMPTY)}"), (400,)),
        ("a length in hexadecimals", framed(EMPTY, "Content-Length: 0x3f"), (400,)),
        ("a length of 21 digits", framed(EMPTY, "Content-Length: " + "9" * 21), (400,)),
        ("a length of 20 digits", framed(EMPTY, "Content-Length: " + "9" * 20), (413,)),
        ("a length that is too short", framed(EMPTY + b"<x/>\r\n\r\n", length), (200, 400)),
        ("a length that is too long", framed(EMPTY, f"Content-Length: {len(EMPTY) + 9}"), (408,)),
        ("no length", framed(EMPTY, CLOSE), (409,)),
        ("a chunk without a size", framed(b"\r\n", chunked), (400,)),
        ("a chunk of size `g`", framed(b"g\r\n", chunked), (400,)),
        ("a chunk of negative size", framed(b"-1\r\n", chunked), (400,)),
        ("a chunk of 2^64 - 1 bytes", framed(b"f" * 16 + b"\r\n" + b" " * 200_000, chunked), (413,)),
        ("a chunk longer than it says", framed(b"1\r\nabc\r\n0\r\n\r\n", chunked), (400,)),
        ("an extension of a chunk without end", framed(b"1;" + b"x" * 100_000, chunked), (431,)),
        ("chunks without end", framed(b"100\r\n" + b" " * 256 + b"\r\n", chunked), (408,)),
        ("chunks beyond the largest body", framed(chunks(*[b" " * 1000] * 200), chunked), (413,)),
        ("40,000 chunks of a byte", framed(chunks(*[b" "] * 40_000), chunked, CLOSE), (409,)),
        (
            "trailers without end",
            framed(chunks(EMPTY, end=b"0\r\n" + b"X: a\r\n" * 20_000), chunked),
            (431,),
        ),
        ("a body beyond the largest", put(b" " * (MAX_BODY + 1)), (413,)),
        ("the same, asked for", framed(b"", f"Content-Length: {10**15}", "Expect: 100-continue"), (413,)),
        ("a request in the body of a GET", get(MINE, f"Content-Length: {len(smuggled)}") + smuggled, (200,)),
        ("a request in a refused body", put(smuggled, target=BOBS), (403,)),
        ("a request behind the last", get(MINE) + smuggled, (200,)),
        ("200 requests at once", head("GET", MINE, HOST, BASIC) * 199 + get(MINE), (200,) * 200),
        (
            "a PUT and its GET at once, then garbage",
            framed(EMPTY, length) + head("GET", MINE, HOST, BASIC) + b"\0\0\r\n\r\n",
            (200, 200, 400),
        ),
    ]
    return [Attack("Framing", what, request, answers) for what, request, answers in table]


def _stalling() -> list[Attack]:
    begun = put(EMPTY)
    drip = tuple(b"GET / HTTP/1.1\r\nX: " + b"a" if n == 0 else b"a" for n in range(12))
    table: list[tuple[str, Request, tuple[int, ...]]] = [
        ("a connection and nothing else", b"", ()),
        ("half a request line", b"GET /xcap", (408,)),
        ("half a head", begun[:60], (408,)),
        ("a head byte by byte", drip, (408,)),
        ("an empty line and nothing else", b"\r\n", (400,)),
        ("a head without its body", begun[: -len(EMPTY)], (408,)),
        ("half a body", begun[:-10], (408,)),
        ("a body that waits for 100 and never comes", put(EMPTY, "Expect: 100-continue")[:-63], (408,)),
        ("half a body of somebody unknown", framed(b" ", "Content-Length: 9", target=BOBS), (403,)),
        ("half a chunk", framed(b"10\r\n<", "Transfer-Encoding: chunked"), (408,)),
        ("silence after an answer", head("GET", MINE, HOST, BASIC), (200,)),
    ]
    return [Attack("Stalling", what, request, answers) for what, request, answers in table]


def _bodies() -> list[Attack]:
    rl = b'<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
    end = b"</resource-lists>"
    dtd = b"<!DOCTYPE r [%s]>" + EMPTY
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    long_list = b'<list name="x">' * 4_000 + b"</list>" * 4_000
    table: list[tuple[str, bytes, tuple[int, ...]]] = [
        ("nothing", put(b""), (409,)),
        ("random bytes", put(hashlib.sha512(b"x").digest() * 100), (409,)),
        ("zeros", put(b"\0" * 10_000), (409,)),
        ("a billion laughs", put(dtd % (b'<!ENTITY e0 "lol">' + bomb)), (409,)),
        ("a file as an entity", put(dtd % b'<!ENTITY e SYSTEM "file:///etc/passwd">'), (409,)),
        ("a DTD of elsewhere", put(b'<!DOCTYPE r SYSTEM "http://evil.example/x">' + EMPTY), (409,)),
        ("a DTD in UTF-16", put((dtd % b"").decode().encode("utf-16")), (409,)),
        ("4,000 elements in each other", put(rl + long_list + end), (409,)),
        ("5,000 attributes", put(rl[:-1] + b"".join(b' a%d=""' % n for n in range(5_000)) + b"/>"), (409,)),
        ("5,000 namespaces", put(rl[:-1] + b"".join(b' xmlns:a%d="x"' % n for n in range(5_000)) + b"/>"), (409,)),
        ("10,000 breaches of the schema", put(rl + b"<x/>" * 10_000 + end), (409,)),
        ("an attribute of 90,000 bytes", put(rl[:-1] + b' a="' + b"a" * 90_000 + b'"/>'), (409,)),
        ("a document that breaks off", put(rl + b"<list>"), (409,)),
        ("two documents", put(EMPTY * 2), (409,)),
        ("another root", put(b"<html/>"), (409,)),
        ("UTF-16", put(EMPTY.decode().encode("utf-16")), (409,)),
        ("UTF-7 as it says", put(b"<?xml version='1.0' encoding='utf-7'?>" + EMPTY), (409,)),
        ("an encoding that is none", put(b"<?xml version='1.0' encoding='x-evil'?>" + EMPTY), (409,)),
        ("another encoding than it says", put(rl + b"<!--\xff-->" + end), (409,)),
        ("a charset that is not UTF-8", put(EMPTY, media_type=LISTS + "; charset=utf-16"), (409,)),
        ("overlong UTF-8", put(rl + b"<!--\xc0\xbc-->" + end), (409,)),
        ("a NUL as a character reference", put(rl + b"&#0;" + end), (409,)),
        ("an inclusion", put(rl + b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="x"/>' + end), (409,)),
        ("an instruction for a style sheet", put(b'<?xml-stylesheet href="http://evil.example"?>' + EMPTY), (200,)),
        ("another schema", put(rl[:-1] + b' xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a http://evil.example"/>'), (200,)),
        ("gzip", put(EMPTY, "Content-Encoding: gzip"), (415,)),
        ("a part", put(EMPTY, "Content-Range: bytes 0-9/99"), (400,)),
        ("HTML", put(EMPTY, media_type="text/html"), (415,)),
        ("a media type of 10,000 bytes", put(EMPTY, media_type="a" * 10_000), (415,)),
        ("an element with a DTD", put(dtd % b"", target=NODE, media_type=ELEMENT), (409,)),
        ("an element that closes its parent", put(b"</list><list>", target=NODE, media_type=ELEMENT), (409,)),
        ("an element of another name", put(b"<evil/>", target=NODE, media_type=ELEMENT), (409,)),
        ("markup for an attribute", put(b'"/><x a="', target=NODE + "/@name", media_type="application/xcap-att+xml"), (409,)),
    ]  # fmt: skip
    return [Attack("Bodies", what, request, answers) for what, request, answers in table]


def _credentials() -> list[Attack]:
    table: list[tuple[str, Request, tuple[int, ...]]] = [
        ("none", head("GET", MINE, HOST, CLOSE), (401,)),
        ("empty", asks(""), (401,)),
        ("of another scheme", asks("Bearer eyJhbGciOiJub25lIn0.e30."), (401,)),
        ("Basic without anything", asks("Basic"), (401,)),
        ("Basic that is no base64", asks("Basic !!!!"), (401,)),
        ("Basic that is no UTF-8", basic(b"\xff\xfe:\xff"), (401,)),
        ("Basic without a colon", basic(b"alicesecret"), (401,)),
        ("Basic with an empty name", basic(b":secret"), (401,)),
        ("Basic with a NUL", basic(b"alice\0:secret"), (401,)),
        ("Basic with a wrong password", basic(b"alice:Secret"), (401,)),
        ("Basic with a password of 30,000 bytes", basic(b"alice:" + b"s" * 30_000), (401,)),
        ("Basic twice", head("GET", MINE, HOST, CLOSE, BASIC, BASIC), (401,)),
        ("Digest without anything", asks("Digest"), (401,)),
        ("Digest with 10,000 parameters", asks("Digest " + ",".join(f"a{n}=b" for n in range(7_000))), (401,)),
        ("Digest with 30,000 quotation marks", asks('Digest username="' + '\\"' * 30_000), (401,)),
        ("Digest with a nonce of somebody's own", asks(f'Digest username="alice", realm="xcap", nonce="{"A" * 44}", uri="{MINE}", nc=00000001, qop=auth, response="{"0" * 32}"'), (401,)),
        ("Digest with a nonce that is no ASCII", asks(f'Digest username="alice", realm="xcap", nonce="\xe9", uri="{MINE}", nc=00000001, qop=auth, response="\xe9"'), (401,)),
        ("Digest, sent a second time", replayed, (200, 401)),
        ("Digest made for another method", lambda wire: asks(digest(wire, method="DELETE")), (401,)),
        ("Digest made for another path", lambda wire: asks(digest(wire, uri=BOBS)), (401,)),
        ("Digest with another count than it was made with", lambda wire: asks(digest(wire).replace("nc=00000001", "nc=00000002")), (401,)),
        ("Digest with a count that is none", lambda wire: asks(digest(wire, count="x")), (401,)),
        ("Digest with a nonce that was changed", lambda wire: asks(digest(wire).replace('nonce="', 'nonce="A')), (401,)),
        ("Digest of another algorithm", lambda wire: asks(digest(wire).replace("MD5", "MD2")), (401,)),
        ("a user named by a header", head("GET", BOBS, HOST, CLOSE, BASIC, 'X-XCAP-Asserted-Identity: "sip:bob@example.org"'), (403,)),
    ]  # fmt: skip
    return [Attack("Credentials", what, request, answers) for what, request, answers in table]


ATTACKS = [*_paths(), *_methods(), *_heads(), *_framing(), *_stalling(), *_bodies(), *_credentials()]
