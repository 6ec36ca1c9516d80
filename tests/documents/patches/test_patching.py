"""XML patches on documents (RFC 5261): the operations of its Appendix A, each with the bytes that come of it."""

from __future__ import annotations

import pytest

from xcap_sdk import PatchAdd, PatchOperation, PatchRemove, PatchReplace, apply_patch

BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<book  owner = 'ann' xmlns:old="urn:old">
  <entry n="1">One &amp; <!-- a --><b/>two<![CDATA[ < ]]></entry>
  <!-- note -->
  <?sort by="name"?>
  <entry n="2"/>
</book>
"""


def patched(*operations: PatchOperation, document: str = BOOK) -> str:
    return apply_patch(document.encode(), operations).decode()


def changed(old: str, new: str, *operations: PatchOperation) -> None:
    """The operations make of one piece of the book another, and touch nothing else."""
    assert BOOK.count(old) == 1
    assert patched(*operations) == BOOK.replace(old, new)


def test_no_operations_give_the_same_bytes() -> None:
    assert apply_patch(BOOK.encode(), []) == BOOK.encode()


# Adding: §4.3, A.1 to A.5.


def test_content_is_added_behind_the_last() -> None:
    changed(
        '<entry n="2"/>\n</book>',
        '<entry n="2"/>\n<entry n="3">Three</entry></book>',
        PatchAdd("book", '<entry n="3">Three</entry>'),
    )


def test_white_space_of_the_content_is_kept_and_joins_what_is_there() -> None:
    patch = PatchAdd("book", '\n  <entry n="3"/>'), PatchRemove("book/entry[3]", ws="before")
    assert patched(patch[0]) == BOOK.replace("/>\n</book>", '/>\n\n  <entry n="3"/></book>')
    assert patched(*patch) == BOOK.replace("/>\n</book>", "/></book>"), "the two texts had become one"


def test_an_empty_element_gets_an_end_tag() -> None:
    changed('<entry n="2"/>', '<entry n="2">x<i/></entry>', PatchAdd("book/entry[2]", "x<i/>"))


def test_nothing_added_changes_nothing() -> None:
    changed('<entry n="2"/>', '<entry n="2"/>', PatchAdd("book/entry[2]"))


def test_content_is_prepended() -> None:
    changed(
        "One &amp; ",
        "<i/>Zero One &amp; ",
        PatchAdd("book/entry[1]", "<i/>Zero ", pos="prepend"),
    )


def test_nodes_go_before_and_after() -> None:
    changed("<b/>", "<!--x--><b/>", PatchAdd("book/entry[@n='1']/b", "<!--x-->", pos="before"))
    changed("<b/>", "<b/>1<i/>2", PatchAdd("book/entry/b", "1<i/>2", pos="after"))
    changed("<!-- a -->", "<!-- a --><?x?>", PatchAdd("*/entry/comment()", "<?x?>", pos="after"))
    changed("two", "12<i/>two", PatchAdd("*/entry/text()[2]", "12<i/>", pos="before"))
    changed("]]></entry>", "]]>new<i/></entry>", PatchAdd("*/entry/text()[2]", "new<i/>", pos="after"))


def test_text_beside_text_is_one_text_afterwards() -> None:
    operations = (
        PatchAdd("*/entry/text()[2]", "new<i/>elem", pos="after"),
        PatchReplace("*/entry[1]/text()[2]", "all"),
    )
    changed("two<![CDATA[ < ]]>", "all<i/>elem", *operations)


def test_cdata_and_references_of_the_content_are_kept() -> None:
    changed("<b/>", "<b>&#x41;&lt;<![CDATA[<&]]></b>", PatchAdd("*/*/b", "&#x41;&lt;<![CDATA[<&]]>"))


def test_attributes_are_added() -> None:
    changed(
        'n="2"', 'n="2" who="Bob &amp; &quot;Co&quot;"', PatchAdd("*/entry[2]", 'Bob &amp; "Co"', type="@who")
    )
    changed('n="2"', 'n="2" a=""', PatchAdd("*/entry[2]", "", type="@a"))
    changed('n="2"', 'n="2" xml:lang="en"', PatchAdd("*/entry[2]", "en", type="@xml:lang"))
    assert ' a="&#10; b"' in patched(PatchAdd("*/entry[2]", "\n b", type="@a")), "as it is, white space too"
    assert ' a="1"/>' in patched(PatchAdd("*/entry[2]", "1", type="@a", pos="before")), "pos is not used"


def test_declarations_are_added() -> None:
    changed(
        '<entry n="2"',
        '<entry n="2" xmlns:p="urn:p"',
        PatchAdd("book/entry[2]", "urn:p", type="namespace::p"),
    )


def test_comments_and_instructions_go_beside_the_root_element() -> None:
    patch = PatchAdd("book", "<!--1-->\n<?two?>", pos="before"), PatchAdd("/book", "\n<!--3-->", pos="after")
    after = patched(*patch)
    assert after == BOOK.replace("\n<book", "\n<!--1-->\n<?two?><book").replace(
        "</book>", "</book>\n<!--3-->"
    )
    assert patched(PatchRemove("comment()[1]"), document=after) == after.replace("<!--1-->", "")
    assert patched(PatchReplace("processing-instruction()", "<?x?>"), document=after) == after.replace(
        "<?two", "<?x"
    )
    assert patched(PatchAdd("comment()[2]", "<!--4-->", pos="after"), document=after) == after.replace(
        "<!--3-->", "<!--3--><!--4-->"
    )


# Replacing: §4.4, A.6 to A.11.


def test_elements_are_replaced_with_all_that_is_theirs() -> None:
    after = patched(PatchReplace("book/entry[@n='1']", "<group/>"))
    assert after == BOOK[: BOOK.index("<entry")] + "<group/>" + BOOK[BOOK.index("</entry>") + 8 :]


def test_the_root_element_can_be_replaced() -> None:
    assert patched(PatchReplace("book", "<list/>")) == '<?xml version="1.0" encoding="UTF-8"?>\n<list/>\n'


def test_attribute_values_are_replaced_in_their_place() -> None:
    changed("owner = 'ann'", "owner = 'bob &apos;\"'", PatchReplace("book/@owner", "bob '\""))
    changed("owner = 'ann'", "owner = ''", PatchReplace("book/@owner"))


def test_declarations_are_replaced() -> None:
    changed('"urn:old"', '"urn:new"', PatchReplace("book/namespace::old", "urn:new"))


def test_names_follow_their_declaration() -> None:
    document = '<a xmlns:p="urn:1"><p:b p:c="1"/></a>'
    operations = (
        PatchReplace("a/namespace::p", "urn:2"),
        PatchReplace("a/q:b/@q:c", "2", {"q": "urn:2"}),
        PatchAdd("a", "<q:d/>", namespaces={"q": "urn:2"}),
    )
    assert patched(*operations, document=document) == '<a xmlns:p="urn:2"><p:b p:c="2"/><p:d/></a>'


def test_comments_instructions_and_texts_are_replaced() -> None:
    changed("<!-- note -->", "<!-- new -->", PatchReplace("book/comment()[1]", "<!-- new -->"))
    changed('<?sort by="name"?>', "<?group?>", PatchReplace("*/processing-instruction('sort')", "<?group?>"))
    changed("One &amp; ", "1", PatchReplace("*/entry/text()[1]", "1"))
    changed("two<![CDATA[ < ]]>", "<![CDATA[2]]>", PatchReplace("*/entry/text()[2]", "<![CDATA[2]]>"))
    changed("two<![CDATA[ < ]]>", "", PatchReplace("*/entry/text()[2]"))


# Removing: §4.5, A.12 to A.17.


@pytest.mark.parametrize(
    ("ws", "old", "new"),
    [
        (None, "\n  <!-- note -->\n  ", "\n  \n  "),
        ("before", "\n  <!-- note -->\n  ", "\n  "),
        ("after", "\n  <!-- note -->\n  <?sort", "\n  <?sort"),
        ("both", "\n  <!-- note -->\n  ", ""),
    ],
)
def test_white_space_goes_along_as_told(ws: str | None, old: str, new: str) -> None:
    changed(old, new, PatchRemove("book/comment()", ws=ws))


def test_texts_around_what_is_removed_become_one() -> None:
    operations = (
        PatchRemove("book/entry[1]/comment()"),
        PatchRemove("book/entry[1]/b"),
        PatchReplace("*/*/text()", "x"),
    )
    changed("One &amp; <!-- a --><b/>two<![CDATA[ < ]]>", "x", *operations)


def test_elements_attributes_declarations_instructions_and_texts_are_removed() -> None:
    changed('\n  <entry n="2"/>', "", PatchRemove("book/entry[2]", ws="before"))
    changed("  owner = 'ann'", "", PatchRemove("book/@owner"))
    changed(' xmlns:old="urn:old"', "", PatchRemove("book/namespace::old"))
    changed('<?sort by="name"?>', "", PatchRemove('book/processing-instruction("sort")'))
    changed("One &amp; ", "", PatchRemove("book/entry/text()[1]"))


def test_a_declaration_whose_prefix_is_declared_again_below_can_go() -> None:
    document = '<a xmlns:p="urn:1"><b xmlns:p="urn:2"><p:c/></b></a>'
    assert patched(PatchRemove("a/namespace::p"), document=document) == '<a><b xmlns:p="urn:2"><p:c/></b></a>'


# Selecting: §4.1, §4.2.


def test_operations_work_on_what_those_before_them_made() -> None:
    operations = PatchRemove("book/entry[1]"), PatchReplace("book/entry[1]/@n", "1")
    assert '<entry n="1"/>' in patched(*operations)


@pytest.mark.parametrize(
    "sel",
    [
        "*/*[2]",
        "/book/entry[2]",
        "book/entry[@n='2']",
        "book/*[@n='2'][1]",
        "book/entry[.='']",
        "book[@owner='ann']/entry[2]",
        "book[entry='']/entry[2]",
        "book/entry[2][@n='2']",
    ],
)
def test_many_ways_lead_to_an_element(sel: str) -> None:
    changed('<entry n="2"/>', "<x/>", PatchReplace(sel, "<x/>"))


def test_values_are_compared_as_they_mean() -> None:
    document = "<a><b c='&#x41;&amp;\n'>&lt;<![CDATA[>]]><i>\r\nx</i></b><b/></a>"
    assert patched(PatchRemove("a/b[@c='A& ']"), document=document) == "<a><b/></a>"
    assert patched(PatchRemove("a/b[i='x']/i"), document=document.replace("\r\nx", "x")) == document.replace(
        "<i>\r\nx</i>", ""
    )
    assert patched(PatchRemove("a/b[.='<>x']"), document=document.replace("\r\n", "")) == "<a><b/></a>"


def test_xml_id_is_an_id() -> None:
    document = '<a><b xml:id="x"><c/></b><b id="y"/></a>'
    assert patched(PatchRemove("id('x')/c"), document=document) == '<a><b xml:id="x"></b><b id="y"/></a>'


def test_names_are_looked_up_in_the_diff_document() -> None:
    document = '<p:a xmlns:p="urn:1"><b xmlns="urn:2" p:c="1"/><b/></p:a>'
    namespaces = {None: "urn:1", "x": "urn:2", "y": "urn:1"}
    assert patched(PatchRemove("a/x:b/@y:c", None, namespaces), document=document) == document.replace(
        ' p:c="1"', ""
    )
    assert patched(PatchRemove("*/b"), document=document) == document.replace("<b/>", "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_the_encoding_stays(encoding: str) -> None:
    declared = {"utf-16": "UTF-16", "latin-1": "ISO-8859-1"}.get(encoding, "UTF-8")
    document = f'<?xml version="1.0" encoding="{declared}"?>\r\n<a>\r\n<b n="é"/></a>'
    after = apply_patch(document.encode(encoding), [PatchAdd("a/b[@n='é']", "ü")])
    assert after == document.replace("/>", ">ü</b>").encode(encoding)
