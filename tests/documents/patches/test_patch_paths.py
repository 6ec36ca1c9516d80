"""The selectors of XML patches: RFC 5261 §8 and nothing else."""

from __future__ import annotations

import pytest

from xcap_sdk.protocol.grammar import GrammarError
from xcap_sdk.protocol.patchpaths import (
    Comparison,
    NameStep,
    NodeStep,
    PatchPath,
    PathStep,
    read_path,
    read_type,
)

GOOD = {
    "doc": PatchPath(None, (PathStep("doc"),), None),
    "/doc": PatchPath(None, (PathStep("doc"),), None),
    "*/a:b/@c": PatchPath(None, (PathStep("*"), PathStep("a:b")), NameStep("c", is_namespace=False)),
    "doc/namespace::p": PatchPath(None, (PathStep("doc"),), NameStep("p", is_namespace=True)),
    "doc[2][@a='1'][b=\"2\"][.='3'][4]": PatchPath(
        None,
        (
            PathStep(
                "doc",
                (
                    2,
                    Comparison("a", is_attribute=True, value="1"),
                    Comparison("b", is_attribute=False, value="2"),
                    Comparison(None, is_attribute=False, value="3"),
                    4,
                ),
            ),
        ),
        None,
    ),
    "a[@x:y='']": PatchPath(None, (PathStep("a", (Comparison("x:y", is_attribute=True, value=""),)),), None),
    "a[@b='x]/y[\"']/c": PatchPath(
        None,
        (PathStep("a", (Comparison("b", is_attribute=True, value='x]/y["'),)), PathStep("c")),
        None,
    ),
    "a/text()": PatchPath(None, (PathStep("a"),), NodeStep("text")),
    "a/text()[02]": PatchPath(None, (PathStep("a"),), NodeStep("text", None, 2)),
    "comment()[1]": PatchPath(None, (), NodeStep("comment", None, 1)),
    "a/processing-instruction()": PatchPath(None, (PathStep("a"),), NodeStep("instruction")),
    "a/processing-instruction('t')[1]": PatchPath(None, (PathStep("a"),), NodeStep("instruction", "t", 1)),
    'a/processing-instruction("t")': PatchPath(None, (PathStep("a"),), NodeStep("instruction", "t")),
    "id('x')": PatchPath("x", (), None),
    '/id("x")/a/@b': PatchPath("x", (PathStep("a"),), NameStep("b", is_namespace=False)),
    "id('x')/text()": PatchPath("x", (), NodeStep("text")),
    # Names that look like functions are names.
    "text/comment": PatchPath(None, (PathStep("text"), PathStep("comment")), None),
    "id": PatchPath(None, (PathStep("id"),), None),
}


@pytest.mark.parametrize("text", GOOD)
def test_selectors_are_read(text: str) -> None:
    assert read_path(text) == GOOD[text]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "//a",
        "a//b",
        "a/",
        "a/ b",
        " a",
        "a ",
        "a/..",
        "./a",
        "a|b",
        "a[last()]",
        "a[position()=1]",
        "a[-1]",
        "a[1 ]",
        "a[ @b='1']",
        "a[@b]",
        "a[@b=1]",
        "a[@b!='1']",
        "a[@b='1' or @c='2']",
        "a[@b='1'or'1'='1']",
        "a[@b='it's']",
        'a[@b="x]',
        "a[@b='x\ny']",
        "a[count(b)='1']",
        "a[local-name()='b']",
        "a[namespace-uri()='b']",
        "a[@*='1']",
        "a[b/c='1']",
        "a[b",
        "a]",
        "a:*",
        "a:b:c",
        "@a/b",
        "a/@b/c",
        "a/@b[1]",
        "a/@",
        "a/@*",
        "a/namespace::",
        "a/namespace::*",
        "a/namespace::p:q",
        "a/attribute::b",
        "child::a",
        "a/node()",
        "a/text()/b",
        "a/text()[@b='1']",
        "a/text()[1][1]",
        "a/comment('x')",
        "a/processing-instruction(t)",
        "a/processing-instruction('a b')",
        "a/processing-instruction('t\")",
        "id()",
        "id(x)",
        "id('a b')",
        "id('x')a",
        "id('x')[1]",
        "a/id('x')",
        "document('http://x')",
        "a[" + "9" * 19 + "]",
        "a%5b1%5d",
        "1a",
        "a[\N{ARABIC-INDIC DIGIT ONE}]",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(GrammarError, match="expected"):
        read_path(text)


def test_types_name_attributes_and_declarations() -> None:
    assert read_type("@a") == NameStep("a", is_namespace=False)
    assert read_type("@p:a") == NameStep("p:a", is_namespace=False)
    assert read_type("namespace::p") == NameStep("p", is_namespace=True)


@pytest.mark.parametrize(
    "text", ["", "a", "@", "@a b", "text()", "namespace::", "namespace::p/x", "@a[1]", " @a"]
)
def test_other_types_are_refused(text: str) -> None:
    with pytest.raises(GrammarError, match="expected"):
        read_type(text)


def test_long_selectors_are_read_in_linear_time_and_shown_short() -> None:
    with pytest.raises(GrammarError) as caught:
        read_path("/".join(["a[@b='" + "x" * 50 + "']"] * 20_000) + "/!")
    assert len(str(caught.value)) < 500
