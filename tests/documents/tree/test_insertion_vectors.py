"""The worked examples of RFC 4825 §8.2.3, §8.2.4 and §8.4 and what follows from the algorithm, byte for byte."""

from __future__ import annotations

import pytest

from xcap_sdk.documents.operations import NodeNotFound, ParentMissing, delete_node, get_node, put_node
from xcap_sdk.documents.source import Source
from xcap_sdk.protocol.faults import FaultKind, Refused
from xcap_sdk.protocol.selectors import NodeSelector

D0 = b"""<?xml version="1.0"?>
<root>
 <el1 att="first"/>
 <el1 att="second"/>
 <!-- comment -->
 <el2 att="first"/>
</root>"""
D1 = b"<root>\n <!--c-->\n</root>"
FIRST, SECOND, COMMENT, EL2 = (
    b'<el1 att="first"/>',
    b'<el1 att="second"/>',
    b"<!-- comment -->",
    b'<el2 att="first"/>',
)


def put(document: bytes, selector: str, body: bytes) -> tuple[bytes, bool]:
    return put_node(Source.parse(document), NodeSelector.parse(selector), body, None)


def delete(document: bytes, selector: str) -> bytes:
    return delete_node(Source.parse(document), NodeSelector.parse(selector), None)


def refused(document: bytes, selector: str, body: bytes) -> FaultKind:
    with pytest.raises(Refused) as caught:
        put(document, selector, body)
    assert caught.value.fault.phrase
    return caught.value.fault.kind


def behind(document: bytes, what: bytes, new: bytes) -> bytes:
    assert document.count(what) == 1
    return document.replace(what, what + new)


def before(document: bytes, what: bytes, new: bytes) -> bytes:
    assert document.count(what) == 1
    return document.replace(what, new + what)


W1 = b'<el1 att="third"/>'
W2 = b'<el3 att="first"/>'
W3 = b'<el2 att="2"/>'


@pytest.mark.rule("PC1", "PC2", "PC3", "PC5", "PC9", "PL6", "V14")
@pytest.mark.parametrize(
    ("selectors", "body", "expected"),
    [
        pytest.param(
            ['root/el1[@att="third"]', 'root/el1[3][@att="third"]', 'root/*[3][@att="third"]'],
            W1,
            behind(D0, SECOND, W1),
            id="W1",
        ),
        pytest.param(["root/el3"], W2, behind(D0, EL2 + b"\n", W2), id="W2"),
        pytest.param(['root/el2[@att="2"]', 'root/el2[2][@att="2"]'], W3, behind(D0, EL2, W3), id="W3"),
        pytest.param(['root/*[2][@att="2"]'], W3, behind(D0, FIRST, W3), id="W4"),
        pytest.param(['root/el2[1][@att="2"]'], W3, before(D0, EL2, W3), id="W5"),
    ],
)
def test_worked_examples(selectors: list[str], body: bytes, expected: bytes) -> None:
    for selector in selectors:
        after, created = put(D0, selector, body)
        assert (after, created) == (expected, True)
        # What was put is what a GET gives.
        assert get_node(Source.parse(after), NodeSelector.parse(selector), None) == body


@pytest.mark.rule("PC1", "PC2", "PC3", "PC4", "PC5", "PC7", "PC13")
@pytest.mark.parametrize(
    ("document", "selector", "body", "expected"),
    [
        (D0, "root/el1[3]", b'<el1 att="n"/>', behind(D0, SECOND, b'<el1 att="n"/>')),
        (D0, "root/*[4]", b"<el9/>", behind(D0, EL2, b"<el9/>")),
        (D0, 'root/*[1][@att="n"]', b'<el9 att="n"/>', before(D0, FIRST, b'<el9 att="n"/>')),
        (D0, 'root/*[@att="n"]', b'<el9 att="n"/>', before(D0, b"</root>", b'<el9 att="n"/>')),
        (D0, 'root/*[@att="n"]', b'<el1 att="n"/>', before(D0, b"</root>", b'<el1 att="n"/>')),
        (D0, 'root/el1[1][@att="n"]', b'<el1 att="n"/>', before(D0, FIRST, b'<el1 att="n"/>')),
        (D0, 'root/el1[2][@att="n"]', b'<el1 att="n"/>', behind(D0, FIRST, b'<el1 att="n"/>')),
        (D0, "root/el3[1]", b"<el3/>", before(D0, b"</root>", b"<el3/>")),
        (D0, 'root/el3[1][@att="n"]', b'<el3 att="n"/>', before(D0, b"</root>", b'<el3 att="n"/>')),
        (D1, "root/*", b"<a/>", before(D1, b"</root>", b"<a/>")),
        (D1, "root/*[1]", b"<a/>", before(D1, b"</root>", b"<a/>")),
        (b"<root/>", "root/a", b"<a/>", b"<root><a/></root>"),
        (b'<root b="1" />', "root/a", b"<a/>", b'<root b="1"><a/></root>'),
        (b"<root>text<!--c--></root>", "root/a", b"<a/>", b"<root>text<!--c--><a/></root>"),
        (b"<root>\n <a/>\n <?p?>\n</root>", "root/b", b"<b/>", b"<root>\n <a/>\n <?p?>\n<b/></root>"),
    ],
)
def test_places_of_new_elements(document: bytes, selector: str, body: bytes, expected: bytes) -> None:
    assert put(document, selector, body) == (expected, True)


@pytest.mark.rule("RP1", "PC13", "PL6")
@pytest.mark.parametrize(
    ("selector", "body", "expected"),
    [
        ("root/el1[2]", b'<el1 att="n"/>', D0.replace(SECOND, b'<el1 att="n"/>')),
        ("root/*[2]", b"<el7>x</el7>", D0.replace(SECOND, b"<el7>x</el7>")),
        ("root/el2", b'<el2 att="n"/>', D0.replace(EL2, b'<el2 att="n"/>')),
        (
            'root/el1[@att="second"]',
            b'<el1 b="1" att="second"></el1>',
            D0.replace(SECOND, b'<el1 b="1" att="second"></el1>'),
        ),
    ],
)
def test_replacements(selector: str, body: bytes, expected: bytes) -> None:
    assert put(D0, selector, body) == (expected, False)


@pytest.mark.rule("PC4", "PC6", "RP2", "V4", "V6")
@pytest.mark.parametrize(
    ("document", "selector", "body"),
    [
        (D0, "root/el1[4]", b'<el1 att="n"/>'),
        (D0, 'root/el1[4][@att="n"]', b'<el1 att="n"/>'),
        (D0, 'root/*[5][@att="n"]', b'<el9 att="n"/>'),
        (D0, "root/el3[2]", b"<el3/>"),
        (D1, 'root/*[2][@i="1"]', b'<a i="1"/>'),
        (D0, "root/el2", b"<el3/>"),
        (D0, 'root/el1[@att="second"]', b'<el1 att="other"/>'),
        (D0, 'root/el1[@att="third"]', b'<el1 att="other"/>'),
        (D0, 'root/el1[@att="third"]', b"<el1/>"),
        (D0, "root/el3", b"<el4/>"),
        (D0, "root/el1", b'<el1 att="n"/>'),
        (D0, "root/el3[0]", b"<el3/>"),
        (D0, 'root/*[0][@att="n"]', b'<el3 att="n"/>'),
        (D0, "other", b"<other/>"),
        (D0, "root[2]", b"<root/>"),
        (D0, "root", b"<other/>"),
    ],
)
def test_refused_insertions(document: bytes, selector: str, body: bytes) -> None:
    assert refused(document, selector, body) is FaultKind.CANNOT_INSERT


@pytest.mark.rule("PL5", "PL8")
@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        ("root/none/el1", "root"),
        ("root/el1/x", "root"),
        ("root/el2/a/b/c", "root/el2"),
        ("other/el1", None),
        ("root/el2/none/@att", "root/el2"),
        ("root/el1/@att", "root"),
    ],
)
def test_a_missing_or_ambiguous_parent(selector: str, nearest: str | None) -> None:
    with pytest.raises(ParentMissing) as caught:
        put(D0, selector, b"<el1/>")
    assert caught.value.fault.kind is FaultKind.NO_PARENT
    assert caught.value.nearest == (NodeSelector.parse(nearest) if nearest else None)


@pytest.mark.rule("DL4", "DL11")
@pytest.mark.parametrize("selector", ["root/el1[1]", "root/*[2]", "root/*[1]"])
def test_deletions_that_would_let_another_move_up(selector: str) -> None:
    with pytest.raises(Refused) as caught:
        delete(D0, selector)
    assert caught.value.fault.kind is FaultKind.CANNOT_DELETE


@pytest.mark.rule("DL3", "DL11", "V14")
@pytest.mark.parametrize(
    ("selector", "gone"),
    [
        ("root/el1[2]", SECOND),
        ("root/*[3]", EL2),
        ("root/el2", EL2),
        ('root/el1[1][@att="first"]', FIRST),
        ('root/*[1][@att="first"]', FIRST),
        ('root/el1[@att="first"]', FIRST),
    ],
)
def test_deletions(selector: str, gone: bytes) -> None:
    assert delete(D0, selector) == D0.replace(gone, b"")


@pytest.mark.rule("DL2", "V6")
@pytest.mark.parametrize(
    ("selector", "is_ambiguous"),
    [
        ("root/el1", True),
        ('root/*[@att="first"]', True),
        ("root/el3", False),
        ("root/el1[3]", False),
        ("x", False),
    ],
)
def test_deletions_of_what_is_not_there(selector: str, is_ambiguous: bool) -> None:
    with pytest.raises(NodeNotFound) as caught:
        delete(D0, selector)
    assert caught.value.is_ambiguous is is_ambiguous


def test_the_root_element_cannot_be_deleted() -> None:
    with pytest.raises(Refused) as caught:
        delete(D0, "root")
    assert caught.value.fault.kind is FaultKind.SCHEMA_VALIDATION_ERROR


@pytest.mark.rule("PL8", "RP1")
def test_the_root_element_can_be_replaced() -> None:
    document = b"<?xml version='1.0'?>\n<!-- a -->\n<root>x</root>\n<!-- b -->\n"
    after = put(document, "root", b'<root att="n"/>')
    assert after == (document.replace(b"<root>x</root>", b'<root att="n"/>'), False)
