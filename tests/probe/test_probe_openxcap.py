"""The probe finds each quirk of OpenXCAP, and sends nothing harmful."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from openxcap import OpenXcap

from xcap_sdk.probe import Report, Verdict, probe
from xcap_sdk.profiles import OPENXCAP, Ability
from xcap_sdk.server import RunningServer

# What is known of OpenXCAP 3.2, as the fake does it.
QUIRKS = {
    "body-of-a-put": "a body",
    "document-of-another-type": "201",
    "type-with-a-charset": "415",
    "broken-encoding": "409 not-well-formed",
    "element-with-a-declaration": "500",
    "removal-of-the-root": "500",
    "nearest-ancestor": "409 without an ancestor",
    "match-list": "500",
    "etag-of-304": "no ETag",
    "revalidate-weak": "500",
    "element-behind-other-alphabets": "200 with other bytes",
    "several-elements": "500",
    "replace-behind-other-alphabets": "500",
    "put-other-alphabets": "409",
    "delete-behind-other-alphabets": "500",
    "delete-several": "500",
    "other-alphabets-in-a-value": "200 with another body",
    "default-namespace": "200 with another body",
    "bound-prefix": "400",
    "bound-prefix-of-a-put": "400",
    "attribute-value": '200 with a&b"c',
    "create-attribute": "200",
    "escaped-attribute": "'x &amp; &lt;y&gt;'",
    "attribute-of-other-alphabets": "500",
    "no-attribute-value": "200",
    "attribute-of-its-own-selector": "200",
    "capabilities-are-read-only": "404",
    "directory": "500",
    "head": "405",
    "nonce-again": "401 without WWW-Authenticate",
    "namespaces-are-read-only": "500",
}


@pytest.fixture(scope="module")
def server() -> OpenXcap:
    return OpenXcap()


@pytest.fixture(scope="module")
def report(server: OpenXcap) -> Iterator[Report]:
    with RunningServer(users={"alice": "secret"}) as running, httpx.Client(transport=server) as http:
        yield probe(running.root, user="sip:alice@example.org", auth=("alice", "secret"), http=http)


def test_each_quirk_is_found(report: Report) -> None:
    deviating = {each.check.name: each.seen for each in report.results if each.verdict is Verdict.DEVIATES}
    assert deviating == QUIRKS
    assert report.left == ()


def test_nothing_harmful_is_sent(report: Report, server: OpenXcap) -> None:
    asked = server.asked
    assert not [path for method, path in asked if method == "GET" and path.endswith("namespace::*")]
    written = {path for method, path in asked if method in {"PUT", "DELETE"}}
    assert all("/xcap-probe-" in path or path.endswith("/xcap-caps/global/index") for path in written)
    [result] = [each for each in report.results if each.check.name == "namespaces"]
    assert result.verdict is Verdict.NOT_MEASURED


def test_the_profile_is_the_known_one_and_more(report: Report) -> None:
    profile = report.profile
    assert profile.right >= OPENXCAP.right
    assert profile.wrong >= OPENXCAP.wrong
    assert profile.dangers == OPENXCAP.dangers
    assert profile.does(Ability.MATCH_DELETE, Ability.DELETE_ATTRIBUTE, Ability.INSERT_ELEMENT)
    assert profile.fails(Ability.REPLACE_ELEMENT, Ability.DELETE_ELEMENT), "not behind other alphabets"
