"""Tags are where a parser finds them, whether they are counted or looked at one by one."""

from __future__ import annotations

from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from xcap_sdk.documents import source as sources
from xcap_sdk.documents import tagplaces
from xcap_sdk.documents.source import Source

ODD = b"""<?xml version='1.0'?><?a <b/> ?><!-- <c> -->
<r a='>' b="</r>"[0]><![CDATA[<x></x>]]><s t = "'>" ><!----><u/></s
><?p </s>?><v  /></r><!-- </r> -->""".replace(b'b="</r>"[0]', b'b="&lt;/r>"')


@pytest.mark.parametrize("short", [0, 1024])
@pytest.mark.parametrize("stretch", [1, 2, 7, 64, 1024])
def test_what_looks_like_a_tag_is_none(stretch: int, short: int) -> None:
    with patch.object(tagplaces, "_STRETCH", stretch), patch.object(sources, "_SHORT", short):
        source = Source.parse(ODD)
        found = {str(each.tag): source.fragment(each) for each in source.root.iter("*")}
    assert found == {
        "r": ODD[ODD.index(b"<r") : ODD.index(b"<!-- </r>")],
        "s": b'<s t = "\'>" ><!----><u/></s\n>',
        "u": b"<u/>",
        "v": b"<v  />",
    }


@given(
    seed=st.integers(0, 1 << 32),
    stretch=st.integers(1, 200),
    short=st.sampled_from([0, 1 << 14]),
    encoding=st.sampled_from(["utf-8", "utf-16"]),
)
def test_each_element_is_where_it_stands(seed: int, stretch: int, short: int, encoding: str) -> None:
    random = Random(seed)
    pieces: list[str] = []

    def element(depth: int) -> None:
        name = random.choice("abc\u00e9")
        pieces.append(f"<{name}" + random.choice(["", " k='>'", ' k="\'/" ', "\n"]))
        if random.random() < 0.3:
            pieces.append("/>")
            return
        pieces.append(">")
        for _ in range(random.randint(0, 3) if depth < 4 else 0):
            pieces.append(
                random.choice(["", "text", "\U0001f600", "<!-- <a> -->", "<?p </a>?>", "<![CDATA[<b/>]]>"])
            )
            element(depth + 1)
        pieces.append(f"</{name}{random.choice(['', ' '])}>")

    element(0)
    text = "".join(pieces)
    data = text.encode(encoding)
    with patch.object(tagplaces, "_STRETCH", stretch), patch.object(sources, "_SHORT", short):
        source = Source.parse(data)
        for each in source.root.iter("*"):
            fragment = source.fragment(each).decode("utf-16-le" if encoding == "utf-16" else encoding)
            again = etree.fromstring(fragment)
            assert etree.tostring(again, method="c14n") == etree.tostring(
                each, method="c14n", with_tail=False
            )
            place = source.place(each)
            assert source.text(place.start, place.inside) == place.tag
            assert place.is_empty_tag == (fragment == place.tag)
