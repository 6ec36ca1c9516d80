"""What the generated classes do not show of the compiled binding: values, fields and settings of one's own."""

from __future__ import annotations

import gc
import os
import sys
import threading
import tracemalloc
import warnings
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field, make_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import QName

import pytest
from binding_classes import NAMESPACE, Loose, Note, Rack, Refusing, Shelf
from lxml import etree
from xsdata.exceptions import ConverterWarning, ParserError, SerializerError
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig
from xsdata.formats.dataclass.parsers.handlers import LxmlEventHandler
from xsdata.formats.dataclass.parsers.mixins import XmlHandler
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig

from xcap_documents.common_policy import Ruleset
from xcap_documents.resource_lists import ResourceList, ResourceLists
from xcap_sdk.documents.binding import bind_element, lenient_readers, parse, serialize
from xcap_sdk.documents.classes import Classes, classes, meta_of
from xcap_sdk.documents.compiled.collecting import Paused, collection_paused
from xcap_sdk.documents.compiled.fields import required_fields
from xcap_sdk.documents.compiled.handler import CompiledHandler, TreeHandler
from xcap_sdk.documents.compiled.remembering import LONGEST, MOST, Remembered
from xcap_sdk.documents.compiled.serializer import CompiledSerializer
from xcap_sdk.documents.compiled.stock import Stock
from xcap_sdk.documents.outline import Outline
from xcap_sdk.documents.rendering import element_of
from xcap_sdk.editing.rewrite import rewrite
from xcap_sdk.errors import UnexpectedDocument

RL = "urn:ietf:params:xml:ns:resource-lists"
CP = "urn:ietf:params:xml:ns:common-policy"
PR = "urn:ietf:params:xml:ns:pres-rules"
CONTEXT = XmlContext()


class Flag(Enum):
    YES = True
    NO = False


class Number(Enum):
    ENDLESS = float("inf")
    SMALL = 1e-7


class Exact(Enum):
    TINY = Decimal("1E-7")
    ONE = Decimal("1.0")


class Kind(Enum):
    A = QName("urn:kind", "a")
    B = QName("urn:kind", "b")


class Kinds(Enum):
    NONE = ()
    BOTH = (QName("urn:kind", "a"), QName("urn:kind", "b"))


@dataclass(kw_only=True)
class Values:
    class Meta:
        name = "values"
        namespace = NAMESPACE

    words: tuple[str, ...] = field(default=(), metadata={"type": "Attribute", "tokens": True})
    numbers: list[int] = field(default_factory=list, metadata={"type": "Attribute", "tokens": True})
    flag: Flag | None = field(default=None, metadata={"type": "Attribute"})
    number: Number | None = field(default=None, metadata={"type": "Attribute"})
    exact: Exact | None = field(default=None, metadata={"type": "Attribute"})
    inside: list[str] = field(default_factory=list, metadata={"type": "Element", "tokens": True})
    fixed: tuple[str, ...] = field(default=(), metadata={"type": "Element", "tokens": True})
    text: list[str | None] = field(default_factory=list, metadata={"type": "Element"})
    other: dict[str, str] = field(default_factory=dict, metadata={"type": "Attributes"})
    extensions: list[object] = field(
        default_factory=list, metadata={"type": "Wildcard", "namespace": "##any"}
    )


@dataclass(kw_only=True)
class Turns:
    """Elements that alternate."""

    class Meta:
        name = "turns"
        namespace = NAMESPACE

    one: list[str] = field(default_factory=list, metadata={"type": "Element", "sequence": 1})
    words: list[str] = field(
        default_factory=list, metadata={"type": "Element", "tokens": True, "sequence": 1}
    )


@dataclass(kw_only=True)
class Named:
    class Meta:
        name = "named"
        namespace = NAMESPACE

    kind: Kind | None = field(default=None, metadata={"type": "Attribute"})
    kinds: Kinds | None = field(default=None, metadata={"type": "Attribute"})


@dataclass(kw_only=True)
class Fixed:
    class Meta:
        name = "fixed"
        namespace = NAMESPACE

    version: str = field(init=False, default="1", metadata={"type": "Attribute"})
    level: int = field(init=False, default=2, metadata={"type": "Attribute"})
    unit: str = field(init=False, default="m", metadata={"type": "Element"})
    size: int | None = field(default=None, metadata={"type": "Element"})
    other: dict[str, str] = field(default_factory=dict, metadata={"type": "Attributes"})


@dataclass(kw_only=True)
class FixedText:
    class Meta:
        name = "fixed-text"
        namespace = NAMESPACE

    value: str = field(init=False, default="yes", metadata={"type": "Text"})


@dataclass(kw_only=True)
class Holder:
    """Holds what its class may refuse."""

    class Meta:
        name = "holder"
        namespace = NAMESPACE

    refusing: list[Refusing] = field(default_factory=list, metadata={"type": "Element"})
    fixed: Fixed | None = field(default=None, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Trimmed:
    """Expects what a document may lack."""

    class Meta:
        name = "trimmed"
        namespace = NAMESPACE

    href: str = field(metadata={"type": "Attribute"})

    def __post_init__(self) -> None:
        self.href = self.href.strip()


def element(name: str, content: str = "", attributes: str = "") -> bytes:
    return f'<{name} xmlns="{NAMESPACE}" xmlns:k="urn:kind" {attributes}>{content}</{name}>'.encode()


# Writing.


def nodes(document: str) -> list[object]:
    return [(each.tag, dict(each.attrib), each.text) for each in etree.fromstring(document.encode()).iter()]


@pytest.mark.parametrize(
    "model",
    [
        Values(),
        Values(words=("a", "b"), numbers=[1, 2], inside=["a", "b"], fixed=("c",), text=[None, "", "a"]),
        *(Values(flag=flag) for flag in Flag),
        *(Values(number=number) for number in Number),
        *(Values(exact=exact) for exact in Exact),
        Values(other={"flag": "1", "{urn:o}words": "x"}),
        Turns(one=["a", "b"], words=["c"]),
        Turns(one=["a"]),
        Values(extensions=[AnyElement(qname="a", children=[AnyElement(qname="b", text="x", tail="\r")])]),
    ],
)
def test_values_are_written_as_xsdata_writes_them(model: object) -> None:
    compiled = CompiledSerializer(context=CONTEXT).render(model)
    assert nodes(compiled) == nodes(XmlSerializer(context=CONTEXT).render(model))
    assert serialize(model) == serialize(model, binding="stock")
    assert parse(serialize(model), type(model)) == parse(serialize(model), type(model), binding="stock")
    assert nodes(etree.tostring(element_of(Outline.of(model))).decode()) == nodes(compiled)


def test_no_tokens_are_no_edit() -> None:
    received = element("values", "<!-- kept --><text >a</text><text>b</text>")
    base, edited = parse(received, Values), parse(received, Values)
    edited.text[1] = "c"
    assert rewrite(received, base, edited) == received.replace(b">b<", b">c<")
    edited.words, edited.inside = ("x",), ["y"]
    with_words = rewrite(received, base, edited)
    again = parse(with_words, Values)
    again.words, again.inside = (), []
    assert b"<!-- kept -->" in with_words
    assert (
        nodes(rewrite(with_words, parse(with_words, Values), again).decode())[0]
        == nodes(received.decode())[0]
    )


@pytest.mark.parametrize("serializer", [CompiledSerializer, XmlSerializer])
@pytest.mark.parametrize("handler", [CompiledHandler, LxmlEventHandler])
def test_qualified_names_in_enumerations(serializer: type[XmlSerializer], handler: type[XmlHandler]) -> None:
    model = Named(kind=Kind.B, kinds=Kinds.BOTH)
    written = serializer(context=CONTEXT).render(model).encode()
    assert XmlParser(context=CONTEXT, handler=handler).from_bytes(written, Named) == model
    again = element("named", attributes='kind="k:a"')
    assert XmlParser(context=CONTEXT, handler=handler).from_bytes(again, Named) == Named(kind=Kind.A)


@pytest.mark.parametrize(
    "other", [{"flag": "0"}, {"{}flag": "0"}, {"x": "1", "{}x": "2"}, {"x": 1}, {3: "x"}]
)
def test_attributes_that_no_element_can_have(other: Any) -> None:
    with pytest.raises(SerializerError):
        CompiledSerializer(context=CONTEXT).render(Values(flag=Flag.YES, other=other))


@pytest.mark.parametrize("name", ["a{1/0}", "a'b", "xmlns", '"', "1"])
def test_names_that_are_none(name: str) -> None:
    odd = make_dataclass(
        "Odd",
        [("a", str, field(metadata={"type": "Attribute", "name": name}))],
        namespace={"__module__": __name__},
    )
    with pytest.raises(SerializerError, match=r"is no name|would declare"):
        CompiledSerializer(context=XmlContext()).render(odd(a="1"))


NO_TEXT: Any = 3
NO_TEXTS: Any = ["a"]


@pytest.mark.parametrize(
    "broken",
    [
        AnyElement(qname="a", text=NO_TEXT),
        AnyElement(qname="a", tail=NO_TEXT),
        AnyElement(qname=NO_TEXT),
        AnyElement(qname=NO_TEXTS),
        AnyElement(qname="a", children=NO_TEXT),
        AnyElement(qname="a", attributes=NO_TEXT),
        Rack(loose=Loose(content=NO_TEXT)),
        Rack(loose=NO_TEXT),
    ],
)
def test_what_it_cannot_write_is_an_error_of_its_own(broken: Any) -> None:
    with pytest.raises(SerializerError):
        CompiledSerializer(context=CONTEXT).render(Values(extensions=[broken]))


@pytest.mark.parametrize("indent", [None, "  "])
def test_all_prefixes_of_the_caller_are_declared(indent: str | None) -> None:
    def written(model: object, ns_map: dict[str | None, str]) -> tuple[str, dict[str | None, str]]:
        config = SerializerConfig(indent=indent)
        text = CompiledSerializer(context=CONTEXT, config=config, prefixes={"urn:n": "p"}).render(
            model, ns_map
        )
        root = etree.fromstring(text.encode())
        assert nodes(text)[0] == nodes(XmlSerializer(context=CONTEXT, config=config).render(model, ns_map))[0]
        return text, root.nsmap

    model = Values(text=["p:value"], other={"{urn:n}a": "1"})
    assert written(model, {"p": "urn:p"})[1] == {"p": "urn:p", "n1": NAMESPACE, "n2": "urn:n"}
    assert written(model, {"n1": "urn:n"})[1] == {"n1": "urn:n", "n2": NAMESPACE}
    assert written(model, {"a": "urn:n", "b": "urn:n", "": NAMESPACE, "c": ""})[1] == {
        "a": "urn:n",
        "b": "urn:n",
        None: NAMESPACE,
    }
    assert written(model, {None: NAMESPACE, "v": NAMESPACE})[1] == {"v": NAMESPACE, "p": "urn:n"}
    assert written(model, {None: "urn:else"})[1] == {None: "urn:else", "n1": NAMESPACE, "p": "urn:n"}
    bare = Values(extensions=[AnyElement(qname="bare")])
    assert written(bare, {None: NAMESPACE, "p": "urn:p"})[1] == {"p": "urn:p", "n1": NAMESPACE}


# Reading.


def read(handler: type[XmlHandler], document: bytes, cls: type[Any], **settings: bool) -> Any:
    """What a handler makes of a document; None if it is refused."""
    parser = XmlParser(context=CONTEXT, handler=handler, config=ParserConfig(**settings))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConverterWarning)
            return parser.from_bytes(document, cls)
    except ParserError:
        return None


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("document", "cls", "is_read"),
    [
        (element("fixed", attributes='version="1" level="2"'), Fixed, True),
        (element("fixed", attributes='version=" 1 "'), Fixed, True),
        (element("fixed", attributes='level=" 2 " other="3"'), Fixed, True),
        (element("fixed", attributes='version="2"'), Fixed, False),
        (element("fixed", attributes='level="1"'), Fixed, False),
        (element("fixed", attributes='level="two"'), Fixed, False),
        (element("fixed", "<unit>m</unit><size>3</size>"), Fixed, True),
        (element("fixed", "<size>3</size><unit>km</unit>"), Fixed, True),
        (element("fixed-text", "yes"), FixedText, True),
        (element("fixed-text", "no"), FixedText, False),
    ],
)
def test_fixed_values(document: bytes, cls: type[Any], is_read: bool, strict: bool) -> None:
    settings = {"fail_on_unknown_attributes": strict, "fail_on_unknown_properties": strict}
    compiled = read(CompiledHandler, document, cls, **settings)
    assert (compiled is not None) is is_read
    assert compiled == read(TreeHandler, document, cls, **settings)
    assert compiled == read(LxmlEventHandler, document, cls, **settings)
    if is_read:
        assert parse(document, cls) == compiled
    else:
        with pytest.raises(UnexpectedDocument, match="mismatch"):
            parse(document, cls)


@pytest.mark.parametrize(
    ("setting", "document", "cls"),
    [
        ("fail_on_unknown_attributes", element("shelf", '<book isbn="1" odd="2"/>'), Shelf),
        ("fail_on_unknown_attributes", element("rack", '<book isbn="1" odd="2"/>'), Rack),
        ("fail_on_unknown_properties", element("rack", '<book isbn="1"><odd/></book>'), Rack),
        ("fail_on_converter_warnings", element("rack", "<book isbn='1'><price>x</price></book>"), Rack),
        ("fail_on_converter_warnings", element("values", attributes='flag="x"'), Values),
        ("fail_on_converter_warnings", element("values", attributes='numbers="1 x"'), Values),
        ("fail_on_converter_warnings", element("rack", "<data>?</data>"), Rack),
    ],
)
def test_settings(setting: str, document: bytes, cls: type[Any]) -> None:
    usual = {
        "fail_on_unknown_attributes": False,
        "fail_on_unknown_properties": False,
        "fail_on_converter_warnings": False,
    }
    for handler in (CompiledHandler, TreeHandler, LxmlEventHandler):
        assert read(handler, document, cls, **usual) is not None
        assert read(handler, document, cls, **usual | {setting: True}) is None


def test_reading_goes_on_behind_what_a_class_refuses() -> None:
    refused = (
        '<refusing by="x"/><refusing by="nobody"><a/><b><c/></b></refusing><refusing by="y"/><d><e/></d>'
    )
    model = parse(element("rack", f'<holder>{refused}</holder><note by="z"/>'), Rack)
    holder, note = model.strange
    assert isinstance(holder, AnyElement)
    assert [each.qname for each in holder.children if isinstance(each, AnyElement)] == [
        f"{{{NAMESPACE}}}{name}" for name in ("refusing", "refusing", "refusing", "d")
    ]
    assert note == Note(by="z")
    refused = '<fixed version="2"><size>3</size><unit>m</unit></fixed><refusing by="y"/>'
    model = parse(element("rack", f'<holder>{refused}</holder><note by="z"/>'), Rack)
    assert isinstance(model.strange[0], AnyElement)
    assert model.strange[1:] == [Note(by="z")]


@pytest.mark.parametrize("binding", ["compiled", "stock"])
def test_a_class_that_expects_what_the_document_lacks(binding: Any) -> None:
    with pytest.raises(UnexpectedDocument, match="strip"):
        parse(element("trimmed"), Trimmed, binding=binding)
    assert bind_element(etree.fromstring(element("trimmed", attributes='href=" x "')), Trimmed).href == "x"


# What is kept.


def test_what_is_remembered_is_little() -> None:
    known = Remembered[int]()
    known["x" * (LONGEST + 1)] = 1
    assert not known
    for number in range(MOST + 10):
        known[str(number)] = number
    assert len(known) == MOST
    assert known.get("1") == 1


def test_wrong_values_and_long_names_are_not_kept() -> None:
    def read_once(text: str) -> None:
        policy = (
            f'<cp:ruleset xmlns:cp="{CP}" xmlns:pr="{PR}"><cp:rule id="a"><cp:actions><pr:sub-handling>{text}'
            "</pr:sub-handling></cp:actions></cp:rule></cp:ruleset>"
        )
        parse(policy, Ruleset)
        extensions = f'<list xmlns:e="urn:{text}" e:a="1"><entry uri="x" e:a="1"/><e:a/></list>'
        parse(f'<resource-lists xmlns="{RL}">{extensions}</resource-lists>', ResourceLists)

    read_once("allow")
    tracemalloc.start()
    try:
        for number in range(10):
            read_once(f"{number}{'x' * 100_000}")
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()


def test_the_names_that_xsdata_looked_at_are_few() -> None:
    many = "".join(f'<e xmlns="urn:many-{number}"/>' for number in range(MOST + 100))
    parse(f'<resource-lists xmlns="{RL}"><list>{many}</list></resource-lists>', ResourceLists)
    for var in meta_of(ResourceList).get_all_vars():
        assert len(var.namespace_matches or ()) <= MOST


def test_classes_are_freed() -> None:
    made = make_dataclass("Made", [("a", str)])
    assert required_fields(made) == ("a",)
    gone = weakref.ref(made)
    del made
    gc.collect()
    assert gone() is None


# Threads and processes.


def test_the_collector_is_off_inside_and_as_before_afterwards() -> None:
    assert gc.isenabled()
    with collection_paused:
        with collection_paused:
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with Paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_collector_is_off_while_objects_are_made() -> None:
    seen: list[bool] = []

    @dataclass
    class Seeing(Note):
        def __post_init__(self) -> None:
            seen.append(gc.isenabled())

    for handler in (bind_element, lambda tree, cls: XmlParser(handler=CompiledHandler).parse(tree, cls)):
        handler(etree.fromstring(element("note", attributes='by="x"')), Seeing)
    assert seen == [False, False]
    assert gc.isenabled()


def in_child(check: Callable[[], bool]) -> bool:
    """Whether something is so in the child of a fork; it is not if it takes too long."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # there are threads, which is what is tried
        child = os.fork()
    if not child:
        try:
            threading.Timer(5, os._exit, [2]).start()  # pyright: ignore[reportPrivateUsage]
            os._exit(0 if check() else 1)
        finally:
            os._exit(3)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="there are no forks")
@pytest.mark.parametrize(
    "held",
    [collection_paused, collection_paused._lock, Stock._one_at_a_time, Classes._lock],  # pyright: ignore[reportPrivateUsage]
    ids=["inside", "collecting", "stock", "index"],
)
def test_a_fork_while_another_thread_reads(held: Any) -> None:
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with held:
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    inside.wait(10)

    def reads() -> bool:
        shelf = parse(element("shelf", '<book isbn="1"/>'), Shelf)
        Classes().build_xsi_cache()
        return gc.isenabled() and len(shelf.book) == 1

    try:
        assert in_child(reads)
    finally:
        leave.set()
        thread.join()
    assert gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="there are no forks")
def test_a_fork_while_this_thread_reads() -> None:
    paused = collection_paused

    def leaves() -> bool:
        paused.__exit__(None, None, None)
        is_on = gc.isenabled()
        with paused:
            return is_on and not gc.isenabled()

    with paused:
        assert in_child(leaves)
    assert gc.isenabled()


def test_threads_leave_the_warnings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    document = etree.fromstring(element("shelf", '<book isbn="1"><price>x</price></book>'))
    lenient_readers().stock.read(document, Shelf)
    before = list(warnings.filters)
    inside, second = threading.Event(), threading.Event()
    stock = XmlParser.parse

    def slow(self: XmlParser, *args: Any) -> Any:
        if not inside.is_set():
            inside.set()
            second.wait(0.2)  # the other thread comes in meanwhile, if it may, and goes out later
        else:
            second.set()
            first.join(1)
        return stock(self, *args)

    monkeypatch.setattr(XmlParser, "parse", slow)
    first, other = (
        threading.Thread(target=lenient_readers().stock.read, args=(document, Shelf)) for _ in range(2)
    )
    first.start()
    inside.wait(5)
    other.start()
    first.join()
    other.join()
    assert list(warnings.filters) == before


def test_classes_of_a_module_that_is_being_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    started, go = threading.Event(), threading.Event()
    monkeypatch.setattr(threading, "xcap_slow_module", (started, go), raising=False)
    (tmp_path / "xcap_slow_module.py").write_text(
        "import threading\nfrom dataclasses import dataclass\nstarted, go = threading.xcap_slow_module\n"
        "started.set()\ngo.wait(5)\n"
        "@dataclass\nclass Late:\n    class Meta:\n        name = 'late'\n        namespace = 'urn:late'\n"
    )
    index = Classes()
    importing = threading.Thread(target=__import__, args=("xcap_slow_module",))
    importing.start()
    try:
        started.wait(5)
        assert index.find_type("{urn:late}late") is None
        kept = index.xsi_cache
        assert index.find_type("{urn:late}late") is None
        assert index.xsi_cache is kept  # it is not made again for nothing
        go.set()
        importing.join()
        assert index.find_type("{urn:late}late") is sys.modules["xcap_slow_module"].Late
    finally:
        go.set()
        importing.join()
        sys.modules.pop("xcap_slow_module", None)
        classes().build_xsi_cache()
