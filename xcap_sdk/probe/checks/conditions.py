"""Conditions: If-Match and If-None-Match."""

from __future__ import annotations

from typing import Final

from xcap_sdk.probe.judging import Level, Part, deviates, expect, expect_status, expect_success
from xcap_sdk.probe.lab import BOOK, Lab
from xcap_sdk.protocol.profiles import Ability

CONDITIONS: Final = Part("Conditions")

_NEW: Final = BOOK + b"<!-- 2 -->"
_OTHER: Final = '"xcap-probe-no-such-etag"'
_LIST: Final = 'resource-lists/list[@name="b"]'


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH)
def match_fails(lab: Lab) -> None:
    """A PUT under another If-Match is refused: 412."""
    before = lab.fresh()
    response = lab.put(None, _NEW, ("If-Match", _OTHER))
    if lab.read() != before:
        deviates(f"{response.status}, overwritten")
    expect_status(response, 412)


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH)
def match_holds(lab: Lab) -> None:
    """A PUT under the If-Match of now is done."""
    lab.fresh()
    expect_success(lab.put(None, _NEW, ("If-Match", lab.etag())))
    expect(lab.read() == _NEW, "the document was not written")


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH)
def match_outdated(lab: Lab) -> None:
    """A PUT under the If-Match of an earlier version is refused: 412."""
    lab.fresh()
    outdated = lab.etag()
    before = lab.fresh(_NEW)
    response = lab.put(None, BOOK, ("If-Match", outdated))
    if lab.read() != before:
        deviates(f"{response.status}, overwritten")
    expect_status(response, 412)


@CONDITIONS.check("7.11", Level.MUST)
def match_list(lab: Lab) -> None:
    """A PUT under a list of ETags, one of them that of now, is done."""
    lab.fresh()
    expect_success(lab.put(None, _NEW, ("If-Match", f"{_OTHER}, {lab.etag()}")))


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_ANY)
def match_any(lab: Lab) -> None:
    """A PUT of a document that is there is done under If-Match: *."""
    lab.fresh()
    expect_success(lab.put(None, _NEW, ("If-Match", "*")))


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_ANY)
def match_any_missing(lab: Lab) -> None:
    """A PUT of a document that is not there is refused under If-Match: *: 412."""
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


@CONDITIONS.check("8.2.6", Level.MUST)
def element_match(lab: Lab) -> None:
    """An element is not put under another If-Match: 412."""
    before = lab.fresh()
    response = lab.put(_LIST, '<list name="b"><entry uri="sip:4@x"/></list>', ("If-Match", _OTHER))
    if lab.read() != before:
        deviates(f"{response.status}, written")
    expect_status(response, 412)


@CONDITIONS.check("8.2.6", Level.MUST)
def element_match_holds(lab: Lab) -> None:
    """An element is put under the document's ETag."""
    lab.fresh()
    response = lab.put(_LIST, '<list name="b"><entry uri="sip:4@x"/></list>', ("If-Match", lab.etag()))
    expect_success(response)


@CONDITIONS.check("8.2.6", Level.MUST)
def element_create_only(lab: Lab) -> None:
    """A new element is not put under If-None-Match: *, which is about the document: 412."""
    lab.fresh()
    response = lab.put('resource-lists/list[@name="c"]', '<list name="c"/>', ("If-None-Match", "*"))
    expect_status(response, 412)


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_DELETE)
def delete_match(lab: Lab) -> None:
    """A DELETE under another If-Match is refused: 412."""
    lab.fresh()
    response = lab.delete(None, ("If-Match", _OTHER))
    if lab.get().status != 200:
        deviates(f"{response.status}, deleted")
    expect_status(response, 412)


@CONDITIONS.check("7.11", Level.MUST, Ability.MATCH_DELETE)
def delete_match_holds(lab: Lab) -> None:
    """A DELETE under the If-Match of now is done."""
    lab.fresh()
    expect_status(lab.delete(None, ("If-Match", lab.etag())), 200, 204)


@CONDITIONS.check("7.11", Level.MUST, Ability.REVALIDATE)
def revalidate(lab: Lab) -> None:
    """A GET under If-None-Match of now is answered 304."""
    lab.fresh()
    expect_status(lab.get(None, ("If-None-Match", lab.etag())), 304)


@CONDITIONS.check("7.11", Level.MUST, Ability.REVALIDATE)
def revalidate_changed(lab: Lab) -> None:
    """A GET under If-None-Match of another version gives the document."""
    before = lab.fresh()
    response = lab.get(None, ("If-None-Match", _OTHER))
    expect_status(response, 200)
    expect(response.body == before, "200 with another body")


@CONDITIONS.check("7.11", Level.MUST)
def etag_of_304(lab: Lab) -> None:
    """A 304 carries the ETag."""
    lab.fresh()
    etag = lab.etag()
    response = lab.get(None, ("If-None-Match", etag))
    expect_status(response, 304)
    expect(response.etag == etag, "no ETag" if response.etag is None else "another ETag")


@CONDITIONS.check("7.11", Level.MUST)
def revalidate_any(lab: Lab) -> None:
    """A GET under If-None-Match: * is answered 304."""
    lab.fresh()
    expect_status(lab.get(None, ("If-None-Match", "*")), 304)


@CONDITIONS.check("7.11", Level.MUST)
def revalidate_weak(lab: Lab) -> None:
    """A GET under the weak form of the ETag is answered 304."""
    lab.fresh()
    etag = lab.etag()
    expect_status(lab.get(None, ("If-None-Match", f"W/{etag.removeprefix('W/')}")), 304)
