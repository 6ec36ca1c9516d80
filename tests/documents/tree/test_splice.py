"""Edits by element: where they go, how they are indented, what they refuse."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import pytest
from lxml import etree

from xcap_sdk.documents.source import Source
from xcap_sdk.documents.splicing import Splice
from xcap_sdk.errors import InvalidInput

RL = "urn:ietf:params:xml:ns:resource-lists"
LISTS = f"""<?xml version="1.0"?>
<resource-lists xmlns="{RL}">
  <!-- Alice's -->
  <list name='friends'>
    <entry uri="sip:bob@example.org">
      <display-name>Bob</display-name>
    </entry>
    <!-- the boss -->
    <entry uri="sip:carol@example.org"/>
  </list>
  <list name="empty"/>
  <list name="hollow"></list>
  <list name="blank">
  </list>
</resource-lists>
"""


def spliced(document: str, edit: Callable[[Splice, etree._Element], object]) -> str:
    source = Source.parse(document.encode())
    splice = Splice(source)
    edit(splice, source.root)
    result = splice.result()
    Source.parse(result)
    return result.decode()


def entry(uri: str) -> etree._Element:
    return etree.fromstring(f'<entry xmlns="{RL}" uri="{uri}"><display-name>New</display-name></entry>')


NEW = """<entry uri="n">
      <display-name>New</display-name>
    </entry>"""


def test_a_document_goes_with_its_last_user() -> None:
    gc.collect()
    gc.disable()
    try:
        source = Source.parse(LISTS.encode())
        splice = Splice(source)
        splice.move(source.root[1][0], source.root, 1)
        splice.result()
        known = weakref.ref(source)
        del source, splice
        assert known() is None, (
            "not only once the garbage collector comes, with a tree for each save until then"
        )
    finally:
        gc.enable()


class TestInsert:
    @pytest.mark.parametrize(
        ("index", "before"),
        [
            (0, '\n    <entry uri="sip:bob@example.org">'),
            (1, "\n    <!-- the boss -->"),
            (2, '\n  </list>\n  <list name="empty"/>'),
        ],
    )
    def test_among_others(self, index: int, before: str) -> None:
        after = spliced(LISTS, lambda splice, root: splice.insert(root[1], index, entry("n")))
        assert after == LISTS.replace(before, f"\n    {NEW}{before}")

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("empty", '<list name="empty"/>', f'<list name="empty">\n    {NEW}\n  </list>'),
            ("hollow", '<list name="hollow"></list>', f'<list name="hollow">\n    {NEW}\n  </list>'),
            ("blank", '<list name="blank">', f'<list name="blank">\n    {NEW}'),
        ],
    )
    def test_the_first(self, name: str, old: str, new: str) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            (parent,) = (child for child in root if child.get("name") == name)
            splice.insert(parent, 0, entry("n"))

        assert spliced(LISTS, edit) == LISTS.replace(old, new)

    def test_calls_at_one_place_keep_their_order(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            for name in "abc":
                splice.insert(root, 0, etree.Element(name))

        assert spliced("<r>\n <x/>\n</r>", edit) == "<r>\n <a/>\n <b/>\n <c/>\n <x/>\n</r>"
        assert spliced("<r/>", edit) == "<r>\n  <a/>\n  <b/>\n  <c/>\n</r>"

    @pytest.mark.parametrize(
        ("document", "expected"),
        [
            ("<r><x/><y/></r>", "<r><x/><n><m/></n><y/></r>"),
            ("<r> <x/> <y/> </r>", "<r> <x/> <n><m/></n> <y/> </r>"),
            ("<r>a<x/>b<y/>c</r>", "<r>a<x/><n><m/></n>b<y/>c</r>"),
            ("<r>a\n <x/>\n b<y/>\n</r>", "<r>a\n <x/><n><m/></n>\n b<y/>\n</r>"),
            (
                "<r>\r\n\t<x/>\r\n\r\n\t<y/></r>",
                "<r>\r\n\t<x/>\r\n\t<n>\r\n\t\t<m/>\r\n\t</n>\r\n\r\n\t<y/></r>",
            ),
            ("<r><x/>\n  <y/>\n</r>", "<r><x/>\n  <n>\n    <m/>\n  </n>\n  <y/>\n</r>"),
        ],
    )
    def test_indentation_of_the_neighbours(self, document: str, expected: str) -> None:
        new = etree.fromstring("<n><m/></n>")
        assert spliced(document, lambda splice, root: splice.insert(root, 1, new)) == expected

    @pytest.mark.parametrize(
        ("document", "expected"),
        [
            ("<r><!-- c --></r>", "<r><!-- c -->\n  <n/>\n</r>"),
            ("<r>\n <!-- c -->\n <?p?>\n</r>", "<r>\n <!-- c -->\n <?p?>\n <n/>\n</r>"),
            ("<r>text</r>", "<r>text<n/></r>"),
            ("<r>\r\n</r>", "<r>\r\n  <n/>\r\n</r>"),
            ("<r><a/><a><b/></a></r>", "<r><a/><a><b/></a>\n</r>"),
        ][:-1],
    )
    def test_in_elements_without_children(self, document: str, expected: str) -> None:
        assert spliced(document, lambda splice, root: splice.insert(root, 0, etree.Element("n"))) == expected

    def test_an_element_in_a_row_stays_in_a_row(self) -> None:
        after = spliced(
            "<r><a/><a></a></r>", lambda splice, root: splice.insert(root[0], 0, etree.Element("n"))
        )
        assert after == "<r><a><n/></a><a></a></r>"

    def test_an_edited_tag_is_opened(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            splice.set_attribute(root[0], "k", "v")
            splice.insert(root[0], 0, etree.Element("n"))

        assert spliced("<r><a /></r>", edit) == '<r><a k="v"><n/></a></r>'

    def test_an_index_that_is_none(self) -> None:
        for index in (-1, 1):
            with pytest.raises(IndexError, match="0 children"):
                spliced(
                    "<r/>", lambda splice, root, index=index: splice.insert(root, index, etree.Element("n"))
                )


class TestRemoveReplaceMove:
    def test_the_white_space_before_goes_along(self) -> None:
        after = spliced(LISTS, lambda splice, root: splice.remove(root[1][2]))
        assert after == LISTS.replace('\n    <entry uri="sip:carol@example.org"/>', "")

    @pytest.mark.parametrize(
        ("document", "expected"),
        [
            ("<r>\n <a/>\n</r>", "<r>\n</r>"),
            ("<r>\n\n <a/></r>", "<r></r>"),
            ("<r>x <a/> y</r>", "<r>x  y</r>"),
            ("<r><!-- c --> <a/></r>", "<r><!-- c --></r>"),
            ("<r>&#32; <a/></r>", "<r>&#32;</r>"),
        ],
    )
    def test_remove(self, document: str, expected: str) -> None:
        assert spliced(document, lambda splice, root: splice.remove(next(root.iterchildren("a")))) == expected

    def test_remove_and_insert_in_one_place(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            for index, child in enumerate(root):
                splice.insert(root, index, etree.Element(f"n{index}"))
                splice.remove(child)
            splice.insert(root, len(root), etree.Element("n9"))

        assert spliced("<r>\n <a/>\n <b/>\n</r>", edit) == "<r>\n <n0/>\n <n1/>\n <n9/>\n</r>"

    def test_replace(self) -> None:
        after = spliced(LISTS, lambda splice, root: splice.replace(root[1][2], entry("n")))
        assert after == LISTS.replace('<entry uri="sip:carol@example.org"/>', NEW)

    def test_replace_the_root(self) -> None:
        new = etree.fromstring("<n><m/></n>")
        after = spliced(
            "<?xml version='1.0'?>\n<r><a/></r>\n<!-- c -->", lambda splice, root: splice.replace(root, new)
        )
        assert after == "<?xml version='1.0'?>\n<n>\n  <m/>\n</n>\n<!-- c -->"

    def test_edits_inside_what_goes_are_lost(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            splice.set_attribute(root[0], "k", "v")
            splice.set_text(root[0][0], "t")
            splice.insert(root[0], 0, etree.Element("n"))
            splice.insert(root[1], 0, etree.Element("n"))
            splice.set_attribute(root[1], "k", "v")
            splice.set_text(root[2], "t")
            splice.remove(root[0])
            splice.replace(root[1], etree.Element("m"))
            splice.replace(root[2], etree.Element("m"))

        assert spliced("<r><a><b/></a><c/><d/></r>", edit) == "<r><m/><m/></r>"

    def test_a_moved_element_takes_its_edits_along(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            splice.move(root[1], root, 0)
            splice.set_attribute(root[1], "name", "foes")
            splice.set_text(root[1][0][0], "Robert")
            splice.remove(root[1][2])
            splice.insert(root[1], 1, entry("n"))

        def edited(text: str) -> str:
            return (
                text.replace("'friends'", "'foes'")
                .replace("Bob<", "Robert<")
                .replace('\n    <entry uri="sip:carol@example.org"/>', "")
                .replace("\n    <!-- the boss -->", f"\n    {NEW}\n    <!-- the boss -->")
            )

        document = LISTS.replace("<!-- Alice's -->", "<first/>")
        start, end = document.index("\n  <list name='friends'>"), document.index('\n  <list name="empty"/>')
        moved = document[start:end]
        expected = (document[:start] + document[end:]).replace("\n  <first/>", edited(moved) + "\n  <first/>")
        assert spliced(document, edit) == expected

    def test_moves_within_moves(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            a, b, c = root
            splice.move(a, b, 0)
            splice.move(b, c, 0)
            splice.set_attribute(a, "k", "v")

        assert spliced("<r><a/><b/><c/></r>", edit) == '<r><c><b><a k="v"/></b></c></r>'

    def test_swapping_all(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            for child in reversed(root[:]):
                splice.move(child, root, 0)

        assert spliced("<r>\n <a/>\n <b/>\n <c/>\n</r>", edit) == "<r>\n <c/>\n <b/>\n <a/>\n</r>"

    def test_a_moved_element_keeps_its_namespaces(self) -> None:
        document = '<r xmlns="u"><o xmlns="v" xmlns:p="w" xmlns:q="w"><a p:k="1" xmlns:q="x"/></o><t xmlns:p="z"/></r>'
        after = spliced(document, lambda splice, root: splice.move(root[0][0], root[1], 0))
        assert '<t xmlns:p="z"><a p:k="1" xmlns:q="x" xmlns="v" xmlns:p="w"/></t>' in after
        after = spliced('<r><a/><t xmlns="u"/></r>', lambda splice, root: splice.move(root[0], root[1], 0))
        assert after == '<r><t xmlns="u"><a xmlns=""/></t></r>'

    def test_what_cannot_be(self) -> None:
        source = Source.parse(b"<r><a><b/></a><c/></r>")
        splice, root = Splice(source), source.root
        a, c = root
        for wrong in (
            lambda: splice.remove(root),
            lambda: splice.move(root, a, 0),
            lambda: splice.move(a, a, 0),
            lambda: splice.move(a, a[0], 0),
            lambda: splice.remove_attribute(a, "k"),
        ):
            with pytest.raises(ValueError, match=r"root element|into itself|no attribute"):
                wrong()
        assert splice.result() is source.data
        splice.move(c, a[0], 0)
        with pytest.raises(ValueError, match="into itself"):
            splice.move(a, c, 0)
        for again in (
            lambda: splice.remove(c),
            lambda: splice.replace(c, root),
            lambda: splice.move(c, root, 0),
        ):
            with pytest.raises(ValueError, match="already"):
                again()
        with pytest.raises(ValueError, match="gets children"):
            splice.set_text(a[0], "x")
        with pytest.raises(ValueError, match="gets children"):
            splice.set_leading_text(a[0], "x")
        splice.set_text(c, "x")
        with pytest.raises(ValueError, match="cannot get children"):
            splice.insert(c, 0, a)
        splice.set_text(a, "x")
        with pytest.raises(ValueError, match="has children"):
            splice.result()

    def test_the_text_before_the_first_child(self) -> None:
        after = spliced(
            "<r> a<!--c-->b <b/> t <c/></r>", lambda splice, root: splice.set_leading_text(root, "x&")
        )
        assert after == "<r>x&amp;<!--c--><b/> t <c/></r>"
        source = Source.parse(b"<r>a<b/></r>")
        splice = Splice(source)
        splice.set_leading_text(source.root, "a")
        assert splice.result() is source.data
        splice.set_leading_text(source.root, "x")
        with pytest.raises(ValueError, match="has to stay"):
            splice.remove(source.root[0])
        with pytest.raises(ValueError, match="cannot get children"):
            splice.insert(source.root, 0, source.root)
        assert splice.result() == b"<r>x<b/></r>"


class TestAttributes:
    @pytest.mark.parametrize(
        ("tag", "name", "value", "expected"),
        [
            ("<a/>", "k", "v", '<a k="v"/>'),
            ("<a />", "k", "v", '<a k="v" />'),
            ("<a k='1' l=\"2\"/>", "k", "it's", "<a k='it&apos;s' l=\"2\"/>"),
            ("<a k  =\n'1' />", "k", '<&>"\t\n\r', "<a k  =\n'&lt;&amp;>\"&#9;&#10;&#13;' />"),
            ("<a\n  k='1'\n/>", "l", "v", "<a\n  k='1'\n  l=\"v\"\n/>"),
            ('<a xmlns:p="u"/>', "{u}k", "v", '<a xmlns:p="u" p:k="v"/>'),
            ('<a xmlns="u"/>', "{u}k", "v", '<a xmlns="u" xmlns:ns="u" ns:k="v"/>'),
            ('<a xmlns:ns="w"/>', "{u}k", "v", '<a xmlns:ns="w" xmlns:ns1="u" ns1:k="v"/>'),
            ('<a xmlns:p="u" p:k="1" k="2"/>', "{u}k", "v", '<a xmlns:p="u" p:k="v" k="2"/>'),
            ('<a xmlns:p="u" p:k="1" k="2"/>', "k", "v", '<a xmlns:p="u" p:k="1" k="v"/>'),
            ("<a/>", "{http://www.w3.org/XML/1998/namespace}lang", "en", '<a xml:lang="en"/>'),
        ],
    )
    def test_set(self, tag: str, name: str, value: str, expected: str) -> None:
        document = f"<r>{tag}</r>"
        assert (
            spliced(document, lambda splice, root: splice.set_attribute(root[0], name, value))
            == f"<r>{expected}</r>"
        )

    def test_several(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            splice.set_attribute(root, "{u}k", "1")
            splice.set_attribute(root, "{u}l", "2")
            splice.set_attribute(root, "{v}k", "3")
            splice.remove_attribute(root, "x")
            splice.set_attribute(root, "y", "4")
            splice.set_attribute(root, "y", "5")
            splice.set_attribute(root, "{u}k", "6")

        expected = '<r y=\'5\' xmlns:ns="u" ns:k="6" ns:l="2" xmlns:ns1="v" ns1:k="3"/>'
        assert spliced("<r x='1'  y='2'/>".replace("  ", " "), edit) == expected

    def test_setting_it_back_changes_nothing(self) -> None:
        def edit(splice: Splice, root: etree._Element) -> None:
            splice.set_attribute(root, "k", "2")
            splice.set_attribute(root, "k", "1")

        assert spliced("<r k = '1'/>", edit) == "<r k = '1'/>"

    @pytest.mark.parametrize(
        "name", ["", "a b", "1", "p:k", "xmlns", "{http://www.w3.org/2000/xmlns/}p", "u}k"]
    )
    def test_names_that_are_none(self, name: str) -> None:
        with pytest.raises(InvalidInput):
            spliced("<r/>", lambda splice, root: splice.set_attribute(root, name, "v"))

    def test_values_that_xml_cannot_hold(self) -> None:
        with pytest.raises(InvalidInput, match="character 2"):
            spliced("<r/>", lambda splice, root: splice.set_attribute(root, "k", "a\x00"))
        with pytest.raises(InvalidInput, match="character 1"):
            spliced("<r/>", lambda splice, root: splice.set_text(root, "\ufffe"))


@pytest.mark.parametrize(
    ("document", "text", "expected"),
    [
        ("<r/>", "t", "<r>t</r>"),
        ("<r />", "t", "<r>t</r>"),
        ("<r></r>", "<&>\r\n", "<r>&lt;&amp;&gt;&#13;\n</r>"),
        ("<r>old</r>", "", "<r></r>"),
        ("<r><![CDATA[old]]> &#65;</r>", "old A", "<r><![CDATA[old]]> &#65;</r>"),
        ("<r>o<!-- c -->l<?p <?>d<![CDATA[<!--]]></r>", "n", "<r>n<!-- c --><?p <?></r>"),
    ],
)
def test_text(document: str, text: str, expected: str) -> None:
    assert spliced(document, lambda splice, root: splice.set_text(root, text)) == expected


def test_text_twice() -> None:
    def edit(splice: Splice, root: etree._Element) -> None:
        splice.set_text(root, "1")
        splice.set_text(root, "2")

    assert spliced("<r/>", edit) == "<r>2</r>"


def test_text_in_place_of_an_only_child() -> None:
    document = "<r><a><x>1<y/></x></a><b/></r>"

    def removed(splice: Splice, root: etree._Element) -> None:
        splice.set_text(root[0], "t")
        splice.remove(root[0][0])

    def moved(splice: Splice, root: etree._Element) -> None:
        splice.set_text(root[0], "t")
        splice.move(root[0][0], root[1], 0)

    assert spliced(document, removed) == "<r><a>t</a><b/></r>"
    assert spliced(document, moved) == "<r><a>t</a><b><x>1<y/></x></b></r>"


def test_text_behind_elements() -> None:
    def edit(splice: Splice, root: etree._Element) -> None:
        splice.set_following_text(root[0], "<1>")
        splice.set_following_text(root[2], "")
        splice.set_following_text(root[4], "3")
        with pytest.raises(ValueError, match="root"):
            splice.set_following_text(root, "4")

    document = "<r>t<a/>x<!-- c -->y<b>1</b> z<?p i?><c/></r>"
    assert spliced(document, edit) == "<r>t<a/>&lt;1&gt;<!-- c --><b>1</b><?p i?><c/>3</r>"


class TestEncodings:
    def test_characters_that_the_encoding_cannot_hold(self) -> None:
        source = Source.parse('<?xml version="1.0" encoding="ISO-8859-1"?><r>é<a/></r>'.encode("latin-1"))
        splice = Splice(source)
        splice.set_attribute(source.root[0], "k", "é€")
        splice.set_text(source.root[0], "é😀")
        splice.insert(source.root, 1, etree.fromstring("<n k='€'>é<m/>€</n>"))
        expected = '<r>é<a k="é&#8364;">é&#128512;</a><n k="&#8364;">é<m/>&#8364;</n></r>'
        assert splice.result().decode("latin-1").endswith(expected)

    def test_names_that_the_encoding_cannot_hold(self) -> None:
        source = Source.parse(b'<?xml version="1.0" encoding="ISO-8859-1"?><r/>')
        splice = Splice(source)
        splice.insert(source.root, 0, etree.Element("日本"))
        with pytest.raises(InvalidInput, match="iso8859-1"):
            splice.result()

    def test_utf_16(self) -> None:
        document = '<?xml version="1.0" encoding="UTF-16"?>\n<r>\n <a k="😀"/>\n</r>'
        source = Source.parse(document.encode("utf-16"))
        splice = Splice(source)
        splice.insert(source.root, 1, etree.Element("é"))
        splice.set_attribute(source.root[0], "l", "\u3e3e")
        expected = document.replace('"/>', '" l="\u3e3e"/>\n <é/>')
        assert splice.result() == expected.encode("utf-16")
