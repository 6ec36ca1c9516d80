"""The compiled binding reads and writes what xsdata itself does, on every class that stands for an element.

Documents of all usages and of all other classes are made at random, disturbed, and written in odd ways; both
bindings have to make equal objects of them, and equal XML of these, or to refuse them with the same error. Where
they differ on purpose (see `Binding`), what xsdata makes is brought into line first, or not made at all.

``HYPOTHESIS_PROFILE=nightly`` does it with thousands of documents of each kind.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from lxml import etree
from xsdata.exceptions import ConverterWarning, ParserError, SerializerError, XmlContextError
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler
from xsdata.formats.dataclass.parsers.mixins import XmlHandler
from xsdata.formats.dataclass.serializers import XmlSerializer

from instances import Maker, elements, seeds
from odd_xml import odd
from xcap_documents.resource_lists import ResourceLists
from xcap_sdk.documents.binding import Binding, parse, serialize
from xcap_sdk.documents.classes import classes, is_model
from xcap_sdk.documents.compiled.handler import CompiledHandler, TreeHandler
from xcap_sdk.documents.compiled.reading_code import MANY
from xcap_sdk.documents.compiled.serializer import CompiledSerializer
from xcap_sdk.documents.shapes import shape_of
from xcap_sdk.errors import DocumentError, InvalidDocument
from xcap_sdk.usages import BY_AUID

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
VALUES = ["", " ", "x", "od:val", " true ", "1", "2026-11-26T12:00:00Z", "é &<", "sip:bob@example.org"]
ROOTS: dict[str, type[Any]] = {auid: usage.root for auid, usage in BY_AUID.items()}


def disturbed(document: bytes, random: Random, changes: list[Change]) -> bytes:
    """A document with a few changes, most of which break its schema."""
    root: Any = etree.fromstring(document)
    for _ in range(random.randrange(4)):
        element = random.choice(list(root.iter("*")))
        random.choice(changes)(element, random)
    return etree.tostring(root)


def _attribute(element: Any, random: Random) -> None:
    known = [name for name in element.attrib if not name.startswith(XSI)] or ["uri"]
    name = random.choice([*known, "odd", "{urn:odd}a", XML_LANG])
    element.set(name, random.choice([*VALUES, f" {element.get(name, 'x')}\t"]))


def _no_attribute(element: Any, random: Random) -> None:
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _text(element: Any, random: Random) -> None:
    if (element.text or "").strip():  # xsdata takes text where none belongs for an extension
        element.text = random.choice([*VALUES, f"\n {element.text} "])


def _nil(element: Any, _: Random) -> None:
    element.set(f"{XSI}nil", "false")


def _type(element: Any, _: Random) -> None:
    element.set(f"{XSI}type", "no-such-type")


def _beside(element: Any, random: Random) -> None:
    element.text = random.choice([" stray ", element.text or "\n"])


def _extension(element: Any, random: Random) -> None:
    child = etree.Element("{urn:odd}thing", {"a": "od:val", "{urn:odd}b": "1"}, nsmap={"od": "urn:odd"})
    child.text = random.choice(VALUES)
    if random.random() < 0.5:
        etree.SubElement(child, "inner").tail = random.choice(VALUES)
    element.insert(random.randrange(len(element) + 1), child)


def _again(element: Any, random: Random) -> None:
    if len(element):
        child = random.choice(list(element))
        element.insert(
            random.randrange(len(element)), etree.fromstring(etree.tostring(child, with_tail=False))
        )


def _many(element: Any, random: Random) -> None:
    if len(element):
        at = random.randrange(len(element))
        copy = etree.tostring(element[at], with_tail=False)
        element[at:at] = [etree.fromstring(copy) for _ in range(MANY)]


def _fewer(element: Any, random: Random) -> None:
    if len(element):
        element.remove(random.choice(list(element)))


def _backwards(element: Any, _: Random) -> None:
    element[:] = list(reversed(element))


Change: TypeAlias = Callable[[Any, Random], None]
FEWER: list[Change] = [_attribute, _attribute, _no_attribute, _text, _text, _fewer, _backwards, _nil, _type]
MORE: list[Change] = [_beside, _extension, _again, _many]


def read(document: bytes, root: type[Any], binding: Binding) -> Any:
    """What a binding makes of a document, or the class of its error."""
    try:
        return parse(document, root, binding=binding)
    except DocumentError as error:
        return type(error)


def read_strictly(document: bytes, root: type[Any], handler: type[XmlHandler]) -> Any:
    """What xsdata's parser makes of a document with its own settings, by a handler; None if it refuses it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConverterWarning)
            return XmlParser(context=classes(), handler=handler).parse(etree.fromstring(document), root)
    except (
        ParserError,
        XmlContextError,
        TypeError,
    ):  # the last for what a class asks for and the document lacks
        return None


def described(model: object) -> str:
    """A model as text; xsdata expands what looks like a qualified name in an extension's attributes."""
    return repr(without_text(model)).replace("od:val", "{urn:odd}val")


def without_text(value: Any) -> Any:
    """A model without the text that xsdata takes for one of the elements behind a wildcard."""
    if isinstance(value, DerivedElement):
        without_text(value.value)  # pyright: ignore[reportUnknownMemberType]
    elif is_model(value) and not isinstance(value, AnyElement):
        for var in shape_of(type(value)).contents:
            held = getattr(value, var.name)
            if var.is_wildcard and not var.mixed and isinstance(held, list):
                held[:] = [each for each in held if not isinstance(each, str)]
            elif var.is_wildcard and isinstance(held, AnyElement) and not held.qname and held.text:
                held = held.children[0] if held.children else None
                setattr(value, var.name, held)
            for each in held if isinstance(held, list) else [held]:
                without_text(each)
    return value


def written(model: object, serializer: type[XmlSerializer]) -> Any:
    """The names, attributes and texts that a serializer writes, None if it refuses; prefixes do not count.

    Of elements with content xsdata writes no xsi:nil, whatever it says.
    """
    try:
        document = serializer(context=classes()).render(model).encode()
    except (SerializerError, XmlContextError):
        return None
    except (TypeError, ValueError, AttributeError):
        if serializer is CompiledSerializer:
            raise
        return None
    return [
        (
            each.tag,
            sorted(
                (name, _expanded(value, each)) for name, value in each.attrib.items() if name != f"{XSI}nil"
            ),
            _expanded(each.text or "", each) if not len(each) or (each.text or "").strip() else "",
            each.tail if (each.tail or "").strip() else "",
        )
        for each in etree.fromstring(document).iter("*")
    ]


def _expanded(value: str, element: Any) -> str:
    prefix, _, local = value.partition(":")
    return f"{{{element.nsmap[prefix]}}}{local}" if prefix in element.nsmap else value


def made(cls: type[Any], seed: int, changes: list[Change]) -> bytes:
    """A document at random."""
    random = Random(seed)
    try:
        document = disturbed(serialize(Maker(random).model(cls), binding="stock"), random, changes)
    except InvalidDocument:  # what XML cannot hold
        reject()
    return odd(document, random) if random.random() < 0.5 else document


def check(cls: type[Any], seed: int) -> None:
    """Both bindings on documents of a class; what xsdata refuses is read as far as the fields go.

    With its own settings xsdata refuses a second element of a field, or drops it; the compiled binding refuses it.
    Its own handler for lxml's trees loses text behind comments and instructions.
    """
    document = made(cls, seed, FEWER)
    compiled = described(read_strictly(document, cls, CompiledHandler))
    assert compiled == described(read_strictly(document, cls, TreeHandler))
    if b"<!--" not in document and b"<?" not in document.removeprefix(b"<?xml"):
        assert compiled == described(read_strictly(document, cls, LxmlEventHandler))
    document = made(cls, seed, [*FEWER, *MORE])
    compiled, stock = read(document, cls, "compiled"), read(document, cls, "stock")
    if isinstance(compiled, type):
        assert compiled is stock
    elif not isinstance(stock, type):
        assert described(compiled) == described(stock)
        if "AnyElement(qname=None" not in repr(stock):  # which xsdata gives a name when it writes it
            assert written(compiled, CompiledSerializer) == written(compiled, XmlSerializer)


@pytest.mark.parametrize("root", ROOTS.values(), ids=ROOTS)
def test_both_bindings_do_the_same_with_documents_of_a_usage(root: type[Any]) -> None:
    @settings(max_examples=settings().max_examples)
    @given(seeds)
    def same(seed: int) -> None:
        check(root, seed)

    same()


@settings(max_examples=settings().max_examples * 10)
@given(st.sampled_from(elements()), seeds)
def test_both_bindings_do_the_same_with_elements(cls: type[Any], seed: int) -> None:
    check(cls, seed)


@pytest.mark.parametrize("name", ["entry", "e:thing", "e:div", "e:\u0370", "unknown", "external"])
@pytest.mark.parametrize(
    ("before", "between", "behind"),
    [
        ("", "", ""),
        ("<display-name>Friends</display-name><!-- all of them -->", "", ""),
        ("", "<!-- one more -->", ""),
        ("", "", "<?the end?>"),
        ("<entry uri='sip:a'/>", "<entry uri='sip:b'/>", "<entry uri='sip:c'/>"),
        ("", "<thing xmlns='urn:other'><e:entry/></thing>", ""),
        ("<list/>" * 9, "", ""),
    ],
)
def test_many_elements_of_one_name_are_read_the_same(
    name: str, before: str, between: str, behind: str
) -> None:
    some = f"<{name} uri='sip:bob' anchor='a'><display-name>Bob</display-name><!----></{name}>" * (MANY - 1)
    document = (
        "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' xmlns:e='urn:extension'>"
        f"<list>{before}{some}{between}{some}{behind}</list></resource-lists>"
    ).encode()
    compiled, stock = (parse(document, ResourceLists, binding=each) for each in ("compiled", "stock"))
    assert compiled == stock
    assert repr(compiled).count("'sip:bob'") == (2 * (MANY - 1) if name != "unknown" else 0)
