"""Conditions: If-Match and If-None-Match."""

from __future__ import annotations

from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, Lab
from xcap_sdk.protocol.profiles import Ability

CONDITIONS = Part("Conditions")

_NEW = BOOK + b"<!-- 2 -->"
_OTHER = '"xcap-probe-no-such-etag"'


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH)
def match_fails(lab: Lab) -> None:
    """A PUT under another If-Match is refused: 412."""
    before = lab.fresh()
    expect_status(lab.put(None, _NEW, ("If-Match", _OTHER)), 412)
    expect(lab.read() == before, "412, and the document was written")


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH)
def match_holds(lab: Lab) -> None:
    """A PUT under the If-Match of now is done."""
    lab.fresh()
    expect_success(lab.put(None, _NEW, ("If-Match", lab.etag())))
    expect(lab.read() == _NEW, "the document was not written")


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_ANY)
def match_any(lab: Lab) -> None:
    """If-Match: * holds for a document that is there."""
    lab.fresh()
    expect_success(lab.put(None, _NEW, ("If-Match", "*")))


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_ANY)
def match_any_missing(lab: Lab) -> None:
    """If-Match: * does not hold for one that is not: 412."""
    lab.absent()
    expect_status(lab.put(None, _NEW, ("If-Match", "*")), 412)


@CONDITIONS.check("8.2.6", Level.MUST, Ability.MUST_NOT_EXIST)
def create_only(lab: Lab) -> None:
    """If-None-Match: * keeps a document from being overwritten: 412."""
    before = lab.fresh()
    response = lab.put(None, _NEW, ("If-None-Match", "*"))
    if lab.read() != before:
        deviates(f"{response.status}, overwritten")
    expect_status(response, 412)


@CONDITIONS.check("8.2.6", Level.MUST, Ability.MUST_NOT_EXIST)
def create_if_absent(lab: Lab) -> None:
    """If-None-Match: * lets a new document be created."""
    lab.absent()
    expect_success(lab.put(None, _NEW, ("If-None-Match", "*")))


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_DELETE)
def delete_match(lab: Lab) -> None:
    """A DELETE under another If-Match is refused: 412."""
    lab.fresh()
    response = lab.delete(None, ("If-Match", _OTHER))
    if lab.get().status != 200:
        deviates(f"{response.status}, deleted")
    expect_status(response, 412)


@CONDITIONS.check("7.11", Level.MUST, Ability.REVALIDATE)
def revalidate(lab: Lab) -> None:
    """A GET under If-None-Match of now is answered 304."""
    lab.fresh()
    expect_status(lab.get(None, ("If-None-Match", lab.etag())), 304)


@CONDITIONS.check("7.11", Level.MUST, Ability.REVALIDATE)
def revalidate_changed(lab: Lab) -> None:
    """A GET under another If-None-Match gives the document."""
    before = lab.fresh()
    response = lab.get(None, ("If-None-Match", _OTHER))
    expect_status(response, 200)
    expect(response.body == before, "200 with another body")
