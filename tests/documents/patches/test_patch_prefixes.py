"""The prefixes of new content (RFC 5261 §4.2.3): names keep their namespaces, and follow the document's prefixes."""

from __future__ import annotations

import pytest

from xcap_sdk import PatchAdd, PatchReplace, apply_patch

Scope = dict[str | None, str]


def added(document: str, content: str, namespaces: Scope, sel: str = "*") -> str:
    return apply_patch(document.encode(), [PatchAdd(sel, content, namespaces=namespaces)]).decode()


@pytest.mark.parametrize(
    ("document", "content", "namespaces", "expected"),
    [
        # One prefix, or the default one, on either side.
        ('<r xmlns:b="urn:f"/>', "<a:x/>", {"a": "urn:f"}, "<b:x/>"),
        ('<r xmlns="urn:f"/>', "<a:x></a:x >", {"a": "urn:f"}, "<x></x >"),
        ('<b:r xmlns:b="urn:f"/>', "<x> </x>", {None: "urn:f"}, "<b:x> </b:x>"),
        ('<r xmlns="urn:f"/>', "<x/>", {None: "urn:f"}, "<x/>"),
        # What the content declares itself stays as it is.
        (
            '<r xmlns:b="urn:f"/>',
            '<a:x xmlns:a="urn:f"><a:y/></a:x>',
            {"a": "urn:other"},
            '<a:x xmlns:a="urn:f"><a:y/></a:x>',
        ),
        ('<b:r xmlns:b="urn:f"/>', '<x xmlns="urn:f"><y/></x>', {}, '<x xmlns="urn:f"><y/></x>'),
        # What the document does not have is declared there.
        ("<r/>", "<a:x><a:y/></a:x>", {"a": "urn:f"}, '<a:x xmlns:a="urn:f"><a:y/></a:x>'),
        ("<r/>", "<x/>", {None: "urn:f"}, '<x xmlns="urn:f"/>'),
        ("<r/>", "<x><a:y/></x>", {"a": "urn:f"}, '<x><a:y xmlns:a="urn:f"/></x>'),
        ('<r xmlns:a="urn:g"/>', "<a:x/>", {"a": "urn:f"}, '<a1:x xmlns:a1="urn:f"/>'),
        # No namespace stays none.
        ('<r xmlns="urn:f"/>', "<x><y/></x>", {}, '<x xmlns=""><y/></x>'),
        ('<r xmlns="urn:f"/>', "<a:x><y/></a:x>", {"a": "urn:f"}, '<x><y xmlns=""/></x>'),
        # Several prefixes of the document (the standard's own example).
        ('<r xmlns:x="urn:f" xmlns:y="urn:f"/>', "<xx:e/>", {"xx": "urn:f"}, "<x:e/>"),
        ('<r xmlns:x="urn:f" xmlns:y="urn:f"/>', "<a:e/>", {"a": "urn:f"}, "<x:e/>"),
        ('<r xmlns:x="urn:f" xmlns:y="urn:f"/>', "<z:e/>", {"z": "urn:f"}, "<y:e/>"),
        ('<r xmlns:x="urn:f" xmlns:y="urn:f"/>', "<y:e/>", {"y": "urn:f"}, "<y:e/>"),
        ('<n:r xmlns="urn:f" xmlns:x="urn:f" xmlns:n="urn:n"/>', "<a:e/>", {"a": "urn:f"}, "<e/>"),
        ('<y:r xmlns:x="urn:f" xmlns:y="urn:f"/>', "<a:e/>", {"a": "urn:f"}, "<y:e/>"),
        ('<r xmlns="urn:f" xmlns:x="urn:f"/>', "<z:e/>", {"z": "urn:f"}, "<e/>"),
        ('<x:r xmlns="urn:f" xmlns:x="urn:f"/>', "<e/>", {None: "urn:f"}, "<e/>"),
        # Attributes never take the default namespace.
        ('<r xmlns="urn:f"/>', "<a:e a:k='1'/>", {"a": "urn:f"}, "<e a:k='1' xmlns:a=\"urn:f\"/>"),
        ('<r xmlns="urn:f" xmlns:x="urn:f"/>', "<a:e a:k='1' k='2'/>", {"a": "urn:f"}, "<e x:k='1' k='2'/>"),
        ("<r/>", "<e xml:lang='en'/>", {}, "<e xml:lang='en'/>"),
        # A prefix that means something else inside the content is no way out.
        (
            '<r xmlns:b="urn:f"/>',
            '<e xmlns:b="urn:g"><a:y/></e>',
            {"a": "urn:f"},
            '<e xmlns:b="urn:g"><a:y xmlns:a="urn:f"/></e>',
        ),
        (
            '<r xmlns:b="urn:f"/>',
            "<b:e a:k='1'/>",
            {"b": "urn:g", "a": "urn:f"},
            "<b1:e b:k='1' xmlns:b1=\"urn:g\"/>",
        ),
        (
            '<r xmlns:b="urn:f"/>',
            "<a:e b:k='1'/>",
            {"b": "urn:g", "a": "urn:f"},
            "<b:e b1:k='1' xmlns:b1=\"urn:g\"/>",
        ),
    ],
)
def test_prefixes_follow_the_document(document: str, content: str, namespaces: Scope, expected: str) -> None:
    after = added(document, content, namespaces)
    name = document[1:].partition(" ")[0].partition("/")[0]
    assert after == document.replace("/>", f">{expected}</{name}>")


def test_what_is_declared_for_one_does_not_bend_what_is_inside() -> None:
    namespaces: Scope = {"b": "urn:g", "a": "urn:f", "b1": "urn:h"}
    after = added('<r xmlns:b="urn:f"/>', "<a:e b:k='1'><b1:x b1:l='2'/></a:e>", namespaces)
    assert after == (
        '<r xmlns:b="urn:f"><b:e b1:k=\'1\' xmlns:b1="urn:g"><b11:x b11:l=\'2\' xmlns:b11="urn:h"/></b:e></r>'
    )


def test_the_place_decides_and_not_the_root() -> None:
    document = '<r xmlns:a="urn:f"><s xmlns:b="urn:f" xmlns:a="urn:g"/></r>'
    assert added(document, "<a:x/>", {"a": "urn:f"}, "r/s") == document.replace("/></r>", "><b:x/></s></r>")
    before = apply_patch(
        document.encode(), [PatchAdd("r/s", "<b:x/>", pos="before", namespaces={"b": "urn:f"})]
    )
    assert before.decode() == document.replace("<s", "<a:x/><s")


def test_a_new_element_in_the_place_of_another_goes_by_the_parent() -> None:
    document = '<r xmlns:a="urn:f"><s xmlns:b="urn:f"/></r>'
    after = apply_patch(document.encode(), [PatchReplace("r/s", "<b:x/>", {"b": "urn:f"})])
    assert after == b'<r xmlns:a="urn:f"><a:x/></r>'
    after = apply_patch(
        document.encode(), [PatchReplace("*", "<x><b:y/></x>", {None: "urn:g", "b": "urn:f"})]
    )
    assert after == b'<x xmlns="urn:g"><b:y xmlns:b="urn:f"/></x>'


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ('<r xmlns:b="urn:f"/>', '<r xmlns:b="urn:f" b:k="1"/>'),
        ('<r xmlns="urn:f"/>', '<r xmlns="urn:f" xmlns:a="urn:f" a:k="1"/>'),
        ('<r xmlns:a="urn:g"/>', '<r xmlns:a="urn:g" xmlns:a1="urn:f" a1:k="1"/>'),
        ('<y:r xmlns:x="urn:f" xmlns:y="urn:f"/>', '<y:r xmlns:x="urn:f" xmlns:y="urn:f" y:k="1"/>'),
    ],
)
def test_new_attributes_follow_the_document(document: str, expected: str) -> None:
    add = PatchAdd("*", "1", type="@a:k", namespaces={"a": "urn:f"})
    assert apply_patch(document.encode(), [add]).decode() == expected


def test_the_many_patches_of_appendix_a_18() -> None:
    document = """<shop xmlns="urn:s" xmlns:z="urn:t">
  <title>Old</title>
  <shelf a="1">
    <box/>
  </shelf>
  <shelf a="2">
    <z:box/>
  </shelf>
</shop>"""
    namespaces: Scope = {None: "urn:s", "y": "urn:t", "d": "urn:d"}
    from xcap_sdk import PatchOperation, PatchRemove

    operations: list[PatchOperation] = [
        PatchAdd(
            "shop/shelf[@a='1']",
            '  <!-- new -->\n    <box id="n">\n      <y:lid/>\n    </box>\n  ',
            namespaces=namespaces,
        ),
        PatchReplace("shop/title/text()", "New", namespaces),
        PatchRemove("*/shelf[@a='2']/y:box", "both", namespaces),
        PatchAdd("*/shelf[@a='2']", "more", type="@b", namespaces=namespaces),
    ]
    assert (
        apply_patch(document.encode(), operations).decode()
        == """<shop xmlns="urn:s" xmlns:z="urn:t">
  <title>New</title>
  <shelf a="1">
    <box/>
    <!-- new -->
    <box id="n">
      <z:lid/>
    </box>
  </shelf>
  <shelf a="2" b="more"></shelf>
</shop>"""
    )
