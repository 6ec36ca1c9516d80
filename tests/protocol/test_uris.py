"""URIs in one spelling: RFC 4826 §5 for SIP, §3.4.7 for HTTP."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xcap_sdk import InvalidInput, canonical_uri


@pytest.mark.parametrize(
    ("uri", "canonical"),
    [
        ("sip:bob@example.org", "sip:bob@example.org"),
        ("SIP:Bob@EXAMPLE.org", "sip:Bob@example.org"),
        # 1: domain and tokens in lower case
        (
            "sip:bob@Example.ORG:5060;User=Phone;TRANSPORT=UDP",
            "sip:bob@example.org:5060;transport=udp;user=phone",
        ),
        ("sip:bob@x:", "sip:bob@x"),
        ("sips:Bob:Secret@[FE80::A]:5061", "sips:Bob:Secret@[fe80::a]:5061"),
        # 2: nothing encoded that need not be, as each part of the URI has it
        ("sip:%6aoe%20smith@example.com", "sip:joe%20smith@example.com"),
        ("sip:a%3bb%3Fc%2fd%40e%3a@x", "sip:a;b?c/d%40e%3A@x"),
        ("sip:a:%3b%26@x", "sip:a:%3B&@x"),
        ("sip:a@x;p=%41%3d%3b%5b", "sip:a@x;p=a%3D%3B["),
        ("sip:100%25@x", "sip:100%25@x"),
        ("sip:%C3%a4@x", "sip:%C3%A4@x"),
        ("sip:a@%45xample.org", "sip:a@example.org"),
        # 3: parameters in the order of their names
        ("sip:a@x;lr;b=2;B=1;a;-=0", "sip:a@x;-=0;a;b=2;b=1;lr"),
        ("sip:a@x;user=phone;", "sip:a@x;user=phone"),
        # 4: no header parameters
        ("sip:a@x;lr?subject=Hi&to=sip%3Ab%40y", "sip:a@x;lr"),
        ("sip:a@x?subject=Hi", "sip:a@x"),
        ("sip:example.org;lr?a=b", "sip:example.org;lr"),
        ("sip:+1-212@gw.example.org;user=phone", "sip:+1-212@gw.example.org;user=phone"),
        # §3.4.7
        ("http://XCAP.Example.org:80/a", "http://xcap.example.org/a"),
        ("HTTP://x:8080/", "http://x:8080/"),
        ("https://x:443", "https://x"),
        ("http://x:443/", "http://x:443/"),
        ("http://x:/", "http://x/"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("http://x/%7E%7e/l%5b%40n=%22a%2fb%22%5d", "http://x/~~/l%5B@n=%22a%2Fb%22%5D"),
        ("http://u%41@x/?a=%2F%3f%23#%41", "http://u%41@x/?a=/?%23#A"),
        # others stay
        ("tel:+1-212-555", "tel:+1-212-555"),
        ("pres:Bob@EXAMPLE.org", "pres:Bob@EXAMPLE.org"),
        ("http:opaque", "http:opaque"),
        ("no uri at all", "no uri at all"),
        ("", ""),
    ],
)
def test_one_spelling(uri: str, canonical: str) -> None:
    assert canonical_uri(uri) == canonical
    assert canonical_uri(canonical) == canonical


@pytest.mark.parametrize(
    "uri",
    [
        "sip:",
        "sip:@x",
        "sip:bob@",
        "sip:bob@x@y",
        "sip:bob@x:5060:5060",
        "sip:bob@x:port",
        "sip:%4%31@x",
        "sip:100%@x",
        "sip:;lr",
        "sip:a b@x",
        "http://",
        "http:///a",
        "http://:80/",
        "https://u@/x",
        "http://x::",
        "http://x:80:80/",
        "http://[::1/",
    ],
)
def test_what_is_no_uri_of_its_scheme(uri: str) -> None:
    with pytest.raises(InvalidInput, match="is no"):
        canonical_uri(uri)


PARTS = st.text("aZ09%4146-_.!~*'()&=+$,;?/:@[] \u00e4", max_size=12)


@example("http://", "x::", "", "")
@example("sip:", "%4%31", "@", "x")
@given(st.sampled_from(["sip:", "SIPS:", "http://", "https://"]), PARTS, st.sampled_from(["", "@"]), PARTS)
def test_a_canonical_uri_is_its_own_canonical_form(scheme: str, before: str, at: str, after: str) -> None:
    try:
        canonical = canonical_uri(f"{scheme}{before}{at}{after}")
    except InvalidInput:
        return
    assert canonical_uri(canonical) == canonical


@given(st.permutations(["transport=udp", "user=phone", "lr", "maddr=x"]), st.booleans())
def test_equal_uris_become_the_same(parameters: list[str], upper: bool) -> None:
    uri = ";".join(["bob@example.org", *parameters])
    assert canonical_uri(f"sip:{uri}") == "sip:bob@example.org;lr;maddr=x;transport=udp;user=phone"
    assert canonical_uri(
        f"sip:bob@{uri.removeprefix('bob@').upper() if upper else uri.removeprefix('bob@')}"
    ) == ("sip:bob@example.org;lr;maddr=x;transport=udp;user=phone")
