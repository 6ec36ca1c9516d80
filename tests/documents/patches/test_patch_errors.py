"""Patches that cannot be applied: each says which condition of RFC 5261 §5.1 it is, and changes nothing."""

from __future__ import annotations

import pytest

from xcap_sdk import (
    ForbiddenXml,
    NotWellFormed,
    PatchAdd,
    PatchCondition,
    PatchError,
    PatchOperation,
    PatchRemove,
    PatchReplace,
    apply_patch,
)
from xcap_sdk.documents import patching
from xcap_sdk.documents.limits import Limits

BOOK = b"""<!-- head --><a xmlns:p="urn:p" xmlns:q="urn:q" x="1" p:y="2">
  <b n="1">text<!-- c --><?i?></b>
  <b n="2"/>tail<p:c xml:id="c"/>
</a>"""
C = PatchCondition

FAILING: list[tuple[PatchCondition, PatchOperation]] = [
    (C.INVALID_ATTRIBUTE_VALUE, PatchRemove("a//b")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a/@x", "1")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a/namespace::p", "1")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "1", type="b")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "1", pos="behind")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchRemove("a/b[1]", ws="all")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "3", type="@x")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "3", type="@z:y", namespaces={"z": "urn:p"})),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "<![CDATA[1]]>", type="@z")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "1<!-- 2 -->", type="@z")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchReplace("a/@x", "<b/>")),
    (C.INVALID_ATTRIBUTE_VALUE, PatchAdd("a", "urn:x", type="@xmlns")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "<b>")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "</content><content>")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "&e;")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "\0")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "\ud800")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "<z:b/>")),
    (C.INVALID_DIFF_FORMAT, PatchAdd("a", "not a uri", type="namespace::z")),
    (C.INVALID_NAMESPACE_PREFIX, PatchRemove("z:a")),
    (C.INVALID_NAMESPACE_PREFIX, PatchRemove("a/b[@z:n='1']")),
    (C.INVALID_NAMESPACE_PREFIX, PatchRemove("a/b[z:n='1']")),
    (C.INVALID_NAMESPACE_PREFIX, PatchAdd("a", "1", type="@z:n")),
    (C.INVALID_NAMESPACE_PREFIX, PatchAdd("a", "1", type="@xmlns:n")),
    (C.INVALID_NAMESPACE_PREFIX, PatchAdd("a", "urn:x", type="namespace::p")),
    (C.INVALID_NAMESPACE_PREFIX, PatchAdd("a", "urn:x", type="namespace::xml")),
    (C.INVALID_NAMESPACE_PREFIX, PatchAdd("a", "urn:x", type="namespace::xmlns")),
    (C.INVALID_NAMESPACE_PREFIX, PatchAdd("a/*[3]", "urn:x", type="namespace::p")),
    (C.INVALID_NAMESPACE_PREFIX, PatchRemove("a/namespace::p")),
    (C.INVALID_NAMESPACE_URI, PatchReplace("a/namespace::q")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b[1]", "text")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b[1]", "<b/><b/>")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b[1]", " <b/>")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b[1]", "")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b[1]", "<!-- c -->")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b/comment()", "<?i?>")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b/processing-instruction()", "<!-- c -->")),
    (C.INVALID_NODE_TYPES, PatchReplace("a/b/text()", "1<b/>")),
    (C.INVALID_PATCH_DIRECTIVE, PatchAdd("a/b/text()", "1")),
    (C.INVALID_PATCH_DIRECTIVE, PatchAdd("a/b/comment()", "1", pos="prepend")),
    (C.INVALID_PATCH_DIRECTIVE, PatchAdd("a/b/text()", "1", type="@n")),
    (C.INVALID_ROOT_ELEMENT_OPERATION, PatchRemove("a")),
    (C.INVALID_ROOT_ELEMENT_OPERATION, PatchAdd("a", "<b/>", pos="after")),
    (C.INVALID_ROOT_ELEMENT_OPERATION, PatchAdd("comment()", "<b/>", pos="before")),
    (C.INVALID_XML_PROLOG_OPERATION, PatchAdd("a", "text", pos="before")),
    (C.INVALID_XML_PROLOG_OPERATION, PatchAdd("a", "&#32;", pos="before")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/b[2]", ws="after")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/b[2]", ws="both")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/b/comment()", ws="before")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/b/processing-instruction()", ws="after")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("comment()", ws="after")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/b/text()", ws="after")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/@x", ws="after")),
    (C.INVALID_WHITESPACE_DIRECTIVE, PatchRemove("a/namespace::q", ws="before")),
    (C.UNLOCATED_NODE, PatchRemove("b")),
    (C.UNLOCATED_NODE, PatchRemove("a/b")),
    (C.UNLOCATED_NODE, PatchRemove("a/b[3]")),
    (C.UNLOCATED_NODE, PatchRemove("a/b[0]")),
    (C.UNLOCATED_NODE, PatchRemove("a/b[1][2]")),
    (C.UNLOCATED_NODE, PatchRemove("a/b[@n='1'][2]")),
    (C.UNLOCATED_NODE, PatchRemove("a/b[@n='3']")),
    (C.UNLOCATED_NODE, PatchRemove("a/c")),
    (C.UNLOCATED_NODE, PatchRemove("a/b", namespaces={None: "urn:p"})),
    (C.UNLOCATED_NODE, PatchRemove("a/text()")),
    (C.UNLOCATED_NODE, PatchRemove("a/b/text()[2]")),
    (C.UNLOCATED_NODE, PatchRemove("text()")),
    (C.UNLOCATED_NODE, PatchRemove("a/processing-instruction('i')")),
    (C.UNLOCATED_NODE, PatchRemove("a/b/processing-instruction('j')")),
    (C.UNLOCATED_NODE, PatchRemove("a/@y")),
    (C.UNLOCATED_NODE, PatchRemove("@x")),
    (C.UNLOCATED_NODE, PatchReplace("a/b[1]/namespace::p", "urn:x")),
    (C.UNLOCATED_NODE, PatchRemove("a/namespace::z")),
    (C.UNLOCATED_NODE, PatchRemove("id('c')/b")),
    (C.UNSUPPORTED_ID_FUNCTION, PatchRemove("id('d')")),
]


@pytest.mark.parametrize(("condition", "operation"), FAILING, ids=[f"{each[1]}" for each in FAILING])
def test_what_cannot_be_is_refused(condition: PatchCondition, operation: PatchOperation) -> None:
    with pytest.raises(PatchError) as caught:
        apply_patch(BOOK, [PatchAdd("a", "<d/>"), operation])
    assert (caught.value.condition, caught.value.operation) == (condition, operation), caught.value
    assert str(caught.value).startswith(str(operation))
    assert str(caught.value).endswith(f"[{condition}]")


def test_the_conditions_are_all_of_the_standard() -> None:
    from xcap_documents import patch_ops_error

    names = {
        each.Meta.name
        for each in vars(patch_ops_error).values()
        if isinstance(each, type) and getattr(getattr(each, "Meta", None), "namespace", None)
    }
    assert {each.value for each in PatchCondition} == names - {"patch-ops-error"}


def test_a_document_of_another_encoding_may_not_hold_the_content() -> None:
    document = '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'.encode("latin-1")
    with pytest.raises(PatchError, match="cannot hold '€'") as caught:
        apply_patch(document, [PatchAdd("a", "€")])
    assert caught.value.condition is PatchCondition.INVALID_CHARACTER_SET


def test_documents_that_are_none_are_told_as_ever() -> None:
    with pytest.raises(NotWellFormed):
        apply_patch(b"<a>", [PatchAdd("a", "x")])
    with pytest.raises(ForbiddenXml):
        apply_patch(b"<!DOCTYPE a><a/>", [PatchAdd("a", "x")])


def test_limits_hold_for_content_and_outcome() -> None:
    limits = Limits(max_elements=10, max_depth=4, max_bytes=200)
    for content in ("<b/>" * 10, "<b><c><d><e/></d></c></b>", "x" * 200):
        with pytest.raises(PatchError, match=r"limit|allowed") as caught:
            apply_patch(b"<a/>", [PatchAdd("a", content)], limits=limits)
        assert caught.value.condition is PatchCondition.INVALID_DIFF_FORMAT
    with pytest.raises(PatchError, match="patched document"):
        apply_patch(b"<a><b><c/></b></a>", [PatchAdd("a/b/c", "<d><e/></d>")], limits=limits)


def test_a_patch_can_only_take_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patching, "MOST_NODES", 20_000)
    document = b"<a>" + b"<b><c/></b>" * 500 + b"</a>"
    apply_patch(document, [PatchRemove("a/b[3]")])
    for hostile in (
        [PatchRemove("a/b[3]")] * 100,
        [PatchAdd("a", "")] * 100,
        [PatchRemove("a" + "/*" * 2 + "[.='x']" * 10)] * 10,
        [PatchRemove("a/*" + "[@x='1']" * 50 + "[.='y']")] * 10,
        [PatchRemove("a/*" + "[c='x']" * 50)] * 20,
        [PatchRemove("a[.='x']" + "[.='x']" * 50)] * 20,
        [PatchRemove("id('x')")] * 20,
    ):
        with pytest.raises(PatchError):
            apply_patch(document, hostile)
    with pytest.raises(PatchError, match="takes too much"):
        apply_patch(document, [PatchRemove("a/b[1]")] * 100)
