"""The XCAP root: what is one, and what lies below it."""

from __future__ import annotations

import pytest

from xcap_sdk.errors import InvalidAddress, InvalidRoot
from xcap_sdk.protocol import XcapRoot


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("given", "uri", "origin", "path"),
    [
        ("https://xcap.example.org", "https://xcap.example.org", ("https", "xcap.example.org", 443), ""),
        ("http://xcap.example.org/", "http://xcap.example.org", ("http", "xcap.example.org", 80), ""),
        ("HTTPS://XCAP.Example.ORG:443/A/b//", "https://xcap.example.org/A/b", ("https", "xcap.example.org", 443), "/A/b"),
        ("http://localhost:8000/xcap-root/", "http://localhost:8000/xcap-root", ("http", "localhost", 8000), "/xcap-root"),
        ("http://h:/x", "http://h/x", ("http", "h", 80), "/x"),
        ("https://h:80/x", "https://h:80/x", ("https", "h", 80), "/x"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443", ("https", "2001:db8::1", 8443), ""),
        ("http://127.0.0.1/%2f/a%20b;c=1/'x'", "http://127.0.0.1/%2f/a%20b;c=1/'x'", ("http", "127.0.0.1", 80), "/%2f/a%20b;c=1/'x'"),
    ],
)  # fmt: skip
def test_roots(given: str, uri: str, origin: tuple[str, str, int], path: str) -> None:
    root = XcapRoot(given)
    assert (root.uri, str(root), root.origin, root.path) == (uri, uri, origin, path)
    assert root == XcapRoot(uri)


@pytest.mark.rule("R1")
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "expected an absolute URI"),
        ("xcap.example.org/xcap-root", "expected an absolute URI"),
        ("//xcap.example.org", "expected an absolute URI"),
        ("/xcap-root", "expected an absolute URI"),
        ("ftp://xcap.example.org", "expected an absolute URI"),
        (" https://xcap.example.org", "expected an absolute URI"),
        ("https:/xcap.example.org", "expected an absolute URI"),
        ("https://", "no host"),
        ("https:///xcap-root", "no host"),
        ("https://:80/", "no host"),
        ("https://a b/", "no host"),
        ("https://a\n/", "no host"),
        ("https://a\\b/", "no host"),
        ("https://a:x/", "no host"),
        ("https://a:80:80/", "no host"),
        ("https://exämple.org", "xn-- form"),
        ("https://[::1", "no host"),
        ("https://[]/", "no IPv6 address"),
        ("https://[::g]/", "no IPv6 address"),
        ("https://[1.2.3.4]/", "no IPv6 address"),
        ("https://[fe80::1%25eth0]/", "no IPv6 address"),
        ("https://a:0/", "no port 0"),
        ("https://a:65536/", "no port 65536"),
        ("https://a:999999/", "no host"),
        ("https://a/x?", "neither a query nor a fragment"),
        ("https://a/x?y=1", "neither a query nor a fragment"),
        ("https://a/x#", "neither a query nor a fragment"),
        ("https://a/x y", "not percent-encoded"),
        ("https://a/é", "not percent-encoded"),
        ("https://a/[x]", "not percent-encoded"),
        ("https://a/x\n", "not percent-encoded"),
        ("https://a/%", "not percent-encoded"),
        ("https://a/%FF", "no UTF-8"),
        ("https://a/./x", "cannot have '.'"),
        ("https://a/x/..", "cannot have '..'"),
        ("https://a/%2e%2E/x", "cannot have '..'"),
        ("https://a/~~/x", "cannot have '~~'"),
        ("https://a/~%7e", "cannot have '~~'"),
    ],
)
def test_no_roots(given: str, why: str) -> None:
    with pytest.raises(InvalidRoot, match=why) as caught:
        XcapRoot(given)
    assert repr(given) in str(caught.value)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    "given",
    [
        "alice:secret@a/x",
        "ftp:alice:secret@a/x",
        "https:/alice:secret@a/x",
        "https:\\\\alice:secret@a/x",
        "https://alice:secret/1@a/x",
        "https://alice:secret?@a/x",
        "https://alice:p@secret@a/x",
    ],
)
def test_passwords_stay_out_of_messages_about_what_is_hardly_a_uri(given: str) -> None:
    with pytest.raises(InvalidRoot) as caught:
        XcapRoot(given)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "given", ["https://alice:secret@a/x", "https://alice:secret@a/x?y", "x//alice:secret@a#"]
)
def test_passwords_stay_out_of_messages(given: str) -> None:
    with pytest.raises(InvalidRoot, match="auth=") as caught:
        XcapRoot(given)
    assert "secret" not in str(caught.value)
    with pytest.raises(InvalidAddress) as other:
        XcapRoot("https://a").relative(given)
    assert "secret" not in str(other.value)


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("https://a/root/x/users/y", ("x/users/y", None)),
        ("HTTPS://A:443/root/x", ("x", None)),
        ("https://a/root/x?xmlns(a=b)?c", ("x", "xmlns(a=b)?c")),
        ("https://a/root/x?", ("x", "")),
        ("https://a/root/", ("", None)),
    ],
)
def test_what_lies_below(uri: str, found: tuple[str, str | None]) -> None:
    assert XcapRoot("https://a/root").relative(uri) == found


@pytest.mark.parametrize(
    "uri",
    ["https://a/root", "https://a/rootx/y", "https://b/root/x", "http://a/root/x", "https://a:444/root/x",
     "/root/x", "root/x", "", "https://a/root/x#y", "https://a:b/root/x", "ftp://a/root/x"],
)  # fmt: skip
def test_what_does_not(uri: str) -> None:
    with pytest.raises(InvalidAddress):
        XcapRoot("https://a/root").relative(uri)
