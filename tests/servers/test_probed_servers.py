"""What the probe finds on the embedded server and on Kamailio: the pages are current, the quirks are found."""

from __future__ import annotations

from typing import Any

import pytest
from kamailio import missing
from probe_tables import (
    EMBEDDED,
    KAMAILIO,
    embedded_page,
    kamailio_page,
    measured_embedded,
    measured_kamailio,
    version,
)

from xcap_sdk import profiles
from xcap_sdk.probe import Report, Verdict
from xcap_sdk.profiles import Ability

# What is known of Kamailio 5.6 from before there was a probe; "" where it does as the standard says.
QUIRKS = {
    "create-document": "200",
    "create-element": "200",
    "element-type": "application/resource-lists+xml",
    "attribute-type": "application/resource-lists+xml",
    "etag-of-a-put": "",
    "body-of-a-put": "",
    "match-fails": "",
    "match-any": "412",
    "match-list": "",
    "create-only": "200, overwritten",
    "element-create-only": "200",
    "revalidate": "",
    "revalidate-weak": "",
    "revalidate-any": "200",
    "etag-of-304": "no ETag",
    "not-well-formed": "500",
    "empty-document": "500",
    "broken-encoding": "500",
    "another-encoding": "200",
    "against-the-schema": "200",
    "not-unique": "200",
    "document-of-another-type": "200",
    "element-of-another-type": "200",
    "type-with-a-charset": "",
    "replace-element": "the order is 1, 3, 2, and not 1, 2, 3",
    "insert-element": "the order is 1, 2, 3, new, and not 1, 2, new, 3",
    "element-that-is-another": "200",
    "position-out-of-range": "200",
    "no-parent": "500",
    "no-document": "500",
    "no-element": "500",
    "element-with-a-declaration": "200",
    "slash-in-a-value": "500",
    "several-elements": "200",
    "delete-several": "200, deleted",
    "delete-missing-document": "500",
    "delete-missing-element": "500",
    "delete-missing-attribute": "500",
    "removal-that-moves-another-up": "200, deleted",
    "removal-of-the-root": "500",
    "bound-prefix": "500",
    "unused-binding": "500",
    "default-namespace": "404",
    "element-behind-other-alphabets": "",
    "put-other-alphabets": "",
    "attribute-of-other-alphabets": "500",
    "create-attribute": "500",
    "replace-attribute": "500",
    "delete-attribute": "''",
    "attribute-value": '200 with a&amp;b"c',
    "namespaces-are-read-only": "200",
    "no-selector": "200",
    "capabilities-are-read-only": "",
    "capabilities-etag": "no ETag",
    "head": "no reply (ConnectionLost)",
    "document-bytes": "",
    "document-alphabets": "",
    "directory": "",
    "encoded-user": "",
    "lower-case-digits": "",
    "encoded-separator": "",
    "apostrophes": "",
    "etag-of-an-element": "",
    "nonce-again": "",
}


def test_the_embedded_server_is_conformant_and_its_page_current() -> None:
    report = measured_embedded()
    assert {result.verdict for result in report.results} == {Verdict.CONFORMANT}
    assert embedded_page(report) == EMBEDDED.read_text(encoding="utf-8"), "run `make probe`"


@pytest.fixture(scope="module")
def kamailio_report() -> Report:
    if why := missing():
        pytest.skip(why)
    return measured_kamailio()


def test_the_quirks_of_kamailio_are_found(kamailio_report: Report) -> None:
    found: dict[str, Any] = {result.check.name: result.seen for result in kamailio_report.results}
    assert {name: found[name] for name in QUIRKS} == QUIRKS
    assert kamailio_report.left == ()


def test_namespaces_were_not_asked_for(kamailio_report: Report) -> None:
    [result] = [each for each in kamailio_report.results if each.check.name == "namespaces"]
    assert result.verdict is Verdict.NOT_MEASURED


def test_the_profile_of_kamailio_is_what_was_measured(kamailio_report: Report) -> None:
    measured, known = kamailio_report.profile, profiles.KAMAILIO
    # A race cannot be measured, and what is not sent was not.
    assert measured.wrong == known.wrong
    assert known.wrong >= {Ability.ATOMIC, Ability.GET_NAMESPACES}
    assert (measured.right, measured.dangers, measured.busy) == (known.right, known.dangers, known.busy)


def test_the_page_of_kamailio_is_current(kamailio_report: Report) -> None:
    page = KAMAILIO.read_text(encoding="utf-8")
    if f"Kamailio {version(kamailio_report)}," not in page:
        pytest.skip(f"the page is of another version than {version(kamailio_report)}")
    assert kamailio_page(kamailio_report) == page, "run `make probe`"
