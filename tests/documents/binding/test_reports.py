"""Conflict reports, read tolerantly and written by the schema."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xcap_documents.xcap_error import XcapError
from xcap_sdk.documents.binding import parse
from xcap_sdk.documents.reports import fault_body, parse_fault
from xcap_sdk.documents.validation import schema_problems
from xcap_sdk.errors import NotWellFormed
from xcap_sdk.protocol.faults import Exists, Fault, FaultKind

NS = "urn:ietf:params:xml:ns:xcap-error"


def report(content: str) -> bytes:
    return f'<x:xcap-error xmlns:x="{NS}">{content}</x:xcap-error>'.encode()


words = st.none() | st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=9).map(
    lambda t: f"a{t}b"
)
faults = st.one_of(
    st.builds(
        Fault,
        kind=st.sampled_from(
            sorted(set(FaultKind) - {FaultKind.EXTENSION, FaultKind.UNIQUENESS_FAILURE, FaultKind.NO_PARENT})
        ),
        phrase=words,
    ),
    st.builds(
        Fault, kind=st.just(FaultKind.NO_PARENT), phrase=words, ancestor=st.none() | st.just("http://x/a%22")
    ),
    st.builds(
        Fault,
        kind=st.just(FaultKind.UNIQUENESS_FAILURE),
        phrase=words,
        exists=st.lists(
            st.builds(
                Exists, field=st.just("a/b/@c"), alternatives=st.lists(st.just("x"), max_size=2).map(tuple)
            ),
            min_size=1,
            max_size=2,
        ).map(tuple),
    ),
    st.builds(
        Fault,
        kind=st.just(FaultKind.EXTENSION),
        extension=st.none() | st.just('<a xmlns="urn:a" b="&lt;">t</a>'),
    ),
)


@pytest.mark.rule("EX1", "EX2", "EX4")
@given(faults)
def test_what_is_written_is_valid_and_reads_back(fault: Fault) -> None:
    body = fault_body(fault)
    assert schema_problems(body, None, XcapError) == []
    assert parse_fault(body) == fault


def test_the_classes_read_it_too() -> None:
    body = fault_body(Fault(FaultKind.NO_PARENT, "gone", ancestor="http://x"))
    assert parse(body, XcapError).condition.ancestor == "http://x"  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b"<html/>",
        b"\xff\xfe",
        b"<!DOCTYPE a><a/>",
        report(""),
        report("<x:unheard-of/>"),
        b"<xcap-error><cannot-insert/></xcap-error>",
    ],
)
@pytest.mark.rule("ER1", "EX5")
def test_what_is_no_report(body: bytes) -> None:
    assert parse_fault(body) is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('<x:cannot-insert a="1" phrase="p" x:b="2"/>text', Fault(FaultKind.CANNOT_INSERT, "p")),
        ("<!-- c --><x:odd/><x:cannot-delete phrase=''/><x:cannot-insert/>", Fault(FaultKind.CANNOT_DELETE)),
        (
            "<x:no-parent><x:ancestor> http://a<!-- -->/b </x:ancestor></x:no-parent>",
            Fault(FaultKind.NO_PARENT, ancestor="http://a/b"),
        ),
        ("<x:no-parent><x:ancestor/></x:no-parent>", Fault(FaultKind.NO_PARENT)),
        (
            "<x:uniqueness-failure><x:exists><x:alt-value>1</x:alt-value><x:alt-value/></x:exists></x:uniqueness-failure>",
            Fault(FaultKind.UNIQUENESS_FAILURE, exists=(Exists("", ("1", "")),)),
        ),
        (
            '<x:extension phrase="p">t<e:a xmlns:e="urn:e">u</e:a>v<e:b xmlns:e="urn:e"/></x:extension>',
            Fault(
                FaultKind.EXTENSION,
                "p",
                extension=f'<e:a xmlns:e="urn:e" xmlns:x="{NS}">u</e:a><e:b xmlns:e="urn:e" xmlns:x="{NS}"/>',
            ),
        ),
    ],
)
@pytest.mark.rule("ER1")
def test_what_is_read_tolerantly(content: str, fault: Fault) -> None:
    assert parse_fault(report(content)) == fault


def test_what_a_client_sent_cannot_break_a_report() -> None:
    body = fault_body(Fault(FaultKind.CANNOT_INSERT, "what \0 \ud800 \ufffe <is>"))
    assert parse_fault(body) == Fault(FaultKind.CANNOT_INSERT, "what \ufffd \ufffd \ufffd <is>")


def test_an_extension_has_to_be_xml() -> None:
    with pytest.raises(NotWellFormed):
        fault_body(Fault(FaultKind.EXTENSION, extension="<a>"))
