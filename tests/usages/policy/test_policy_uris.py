"""Which URIs name the same user, and which names are the same domain."""

from __future__ import annotations

import pytest

from xcap_sdk.usages.policy import same_domain, same_user
from xcap_sdk.usages.policy.uris import domain_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sip:b%6Fb@example.org;transport=TCP", "sip:bob@EXAMPLE.org;Transport=tcp"),
        ("sip:bob@example.org", "SIP:bob@example.org;lr"),
        ("sip:bob@example.org;x=1", "sip:bob@example.org;y=2"),
        (
            "sip:example.org;transport=tcp;method=INVITE?to=sip:a%40b",
            "sip:example.org;method=INVITE;transport=tcp?to=sip:a%40b",
        ),
        ("sip:bob@example.org?subject=a%20b&priority=low", "sip:bob@example.org?priority=low&Subject=a%20b"),
        ("sip:bob@[2001:DB8:0::1]:5060", "sip:bob@[2001:db8::1]:5060"),
        ("sip:a;b?c@example.org", "sip:a;b?c@Example.org"),
        ("sips:bob@example.org", "sips:bob@EXAMPLE.ORG"),
        ("tel:+1-201-555-0123", "TEL:+12015550123"),
        ("tel:7042;phone-context=Example.com", "tel:70-42;phone-context=example.com"),
        ("tel:7042;phone-context=+1-914", "tel:7042;phone-context=+1914"),
        ("pres:bob@example.org", "PRES:bob@Example.Org"),
        ("xmpp:bob@example.org", "xmpp:b%6fb@example.org/home"),
        ("urn:uuid:a", "URN:uuid:a"),
        ("no uri", "no uri"),
    ],
)
def test_the_same_user(one: str, other: str) -> None:
    assert same_user(one, other)
    assert same_user(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sip:Bob@example.org", "sip:bob@example.org"),
        ("sip:bob@example.org", "sip:bob@example.org:5060"),
        ("sip:bob@example.org", "sip:bob@example.org;transport=udp"),
        ("sip:bob@example.org", "sip:bob@example.org;user=phone"),
        ("sip:bob@example.org", "sip:bob@example.org;ttl=1"),
        ("sip:bob@example.org", "sip:bob@example.org;method=INVITE"),
        ("sip:bob@example.org", "sip:bob@example.org;maddr=192.0.2.1"),
        ("sip:bob@example.org;x=1", "sip:bob@example.org;x=2"),
        ("sip:bob@example.org", "sip:bob@example.org?subject=a"),
        ("sip:bob@phone.example.org", "sip:bob@192.0.2.4"),
        ("sip:a%40b@example.org", "sip:a@b@example.org"),
        ("sip:a%3Bb@example.org", "sip:a;b@example.org"),
        ("sip:bob@example.org", "sips:bob@example.org"),
        ("sip:bob@example.org", "pres:bob@example.org"),
        ("sip:+12015550123@example.org;user=phone", "tel:+12015550123"),
        ("sip:bob@[::1]", "sip:bob@[::g]"),
        ("sip:@example.org", "sip:example.org"),
        ("tel:7042;phone-context=example.com", "tel:7042"),
        ("tel:+1", "tel:1"),
        ("pres:Bob@example.org", "pres:bob@example.org"),
        ("urn:uuid:a", "urn:uuid:A"),
        ("bob@example.org", "sip:bob@example.org"),
        ("", "sip:bob@example.org"),
    ],
)
def test_different_users(one: str, other: str) -> None:
    assert not same_user(one, other)
    assert not same_user(other, one)


def test_equal_uris_need_not_agree_with_a_third() -> None:
    plain = "sip:bob@example.org"
    assert same_user(plain, f"{plain};security=on")
    assert same_user(plain, f"{plain};security=off")
    assert not same_user(f"{plain};security=on", f"{plain};security=off")


@pytest.mark.parametrize(
    ("uri", "domain"),
    [
        ("sip:bob@Example.org:5060;transport=tcp?x=y", "example.org"),
        ("sip:example.org", "example.org"),
        ("sips:bob:secret@example.org", "example.org"),
        ("sip:a;b?c@example.org", "example.org"),
        ("sip:bob@example.org?to=mallory@evil.example", None),
        ("pres:bob@example.org", "example.org"),
        ("mailto:bob@example.org?subject=x", "example.org"),
        ("https://bob@example.org:8443/x", "example.org"),
        ("sip:bob@[2001:DB8::1]", "[2001:db8::1]"),
        ("sip:", None),
        ("tel:+1", None),
        ("urn:x:y", None),
        ("bob@example.org", None),
    ],
)
def test_domains_of_users(uri: str, domain: str | None) -> None:
    assert domain_of(uri) == domain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("example.org", "EXAMPLE.Org"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("b%C3%BCcher.example", "B\u00dcCHER\u3002example"),
        ("ex%61mple.org", "example.org"),
    ],
)
def test_the_same_domain(one: str, other: str) -> None:
    assert same_domain(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("example.org", "sub.example.org"),
        ("example.org", "example.org.evil.example"),
        ("example.org", "example"),
        ("example.org", ""),
        ("a..b", "a..b"),
        ("%FF.example", "%FF.example"),
        ("x" * 64, "x" * 64),
    ],
)
def test_different_domains(one: str, other: str) -> None:
    assert not same_domain(one, other)
