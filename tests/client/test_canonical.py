"""When two documents say the same."""

from __future__ import annotations

import pytest

from xcap_sdk.documents.canonical import same_document


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b"<a/>", b"<a></a>", True),
        (b"<a b='1' c='2'/>", b'<?xml version="1.0"?>\n<a c="2"  b="1"/>\n', True),
        ("<a>é</a>".encode(), b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", True),
        (b"<a/>", b"<a> </a>", False),
        (b"<a><!--x--></a>", b"<a><!--y--></a>", False),
        (b"<p:a xmlns:p='urn:u'/>", b"<q:a xmlns:q='urn:u'/>", False),
        (b"<a xmlns='relative'/>", b"<a xmlns='relative'></a>", False),
        (b"<a xmlns='relative'/>", b"<a xmlns='relative'/>", True),
        (b"oops", b"oops", True),
        (b"oops", b"<a/>", False),
    ],
)
def test_same(one: bytes, other: bytes, same: bool) -> None:
    assert same_document(one, other) is same
    assert same_document(other, one) is same
