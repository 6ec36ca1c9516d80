"""Documents and models of any class, made at random from what xsdata knows of the classes.

What comes out is valid: what the schema or a rule of the usage refuses is taken out again.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from functools import cache
from random import Random
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from lxml import etree
from xsdata.formats.dataclass.models.elements import XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement
from xsdata.models.datatype import XmlDate, XmlDateTime, XmlDuration, XmlTime

from xcap_documents.xcap_caps import XcapCaps
from xcap_sdk.documents.binding import parse, serialize
from xcap_sdk.documents.classes import classes, is_model
from xcap_sdk.documents.compiled.fields import required_fields
from xcap_sdk.documents.findings import find_path
from xcap_sdk.documents.objects import objects_of
from xcap_sdk.documents.schemas import schema_for
from xcap_sdk.documents.shapes import shape_of
from xcap_sdk.documents.xml import parse_xml
from xcap_sdk.errors import DocumentError, InvalidDocument
from xcap_sdk.protocol.addresses import DocumentAddress
from xcap_sdk.protocol.roots import XcapRoot
from xcap_sdk.usages import ApplicationUsage

XUI = "sip:alice@example.org"
DEEPEST = 5
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(40))).decode()

seeds = st.integers(0, 2**32 - 1)


class Maker:
    """Makes models of document classes.

    Args:
        random: Where chance comes from.
        root: The XCAP root that references point below.
        number: How many names others have used already.
    """

    def __init__(self, random: Random, root: str = "https://xcap.example.org/root", number: int = 0) -> None:
        self.random = random
        self.root = root
        self._number = number

    def word(self) -> str:
        """A name that nothing else has."""
        self._number += 1
        return f"w{self._number}"

    def text(self) -> str:
        """Text that has to be escaped here and there."""
        return "".join(self.random.choices("abé<&>\"'] \t😀", k=self.random.randint(0, 6)))

    def model(self, cls: type[Any], depth: int = 0) -> Any:
        """An instance of a class."""
        shape = shape_of(cls)
        minimal = {field.name: field.metadata.get("min_occurs", 0) for field in dataclasses.fields(cls)}
        required = required_fields(cls)
        values: dict[str, Any] = {}
        for var in shape.attributes:
            if var.init and (var.name in required or self.random.random() < 0.6):
                values[var.name] = self.value(cls, var)
        for var in shape.wildcards:
            if self.random.random() < 0.2:
                values[var.name] = {f"{{urn:at}}{self.word()}": self.text()}
        if shape.text is not None and shape.text.init:
            values[shape.text.name] = self.value(cls, shape.text)
        for var in shape.contents:
            if not var.init:
                continue
            few = depth >= DEEPEST
            if var.list_element:
                many = (0,) if few else (0, 0, 1, 1, 2, 3) if depth else (0, 1, 2, 3, 4, 5)
                count = max(minimal.get(var.name, 0), self.random.choice(many))
                items = [self.child(cls, var, depth + 1) for _ in range(count)]
                values[var.name] = [item for item in items if item is not None]
            elif var.name in required or (not few and self.random.random() < 0.5):
                values[var.name] = self.child(cls, var, depth + 1)
        return cls(**values)

    def child(self, cls: type[Any], var: XmlVar, depth: int) -> Any:
        """What an element field may hold; None where nothing is to be had."""
        if var.is_elements:
            choices = [*var.elements.values(), *var.wildcards]
            return self.child(cls, self.random.choice(choices), depth)
        if var.is_wildcard or (var.any_type and not var.clazz):
            return self.extension(depth)
        if var.clazz:
            return self.model(var.clazz, depth)
        return self.value(cls, var)

    def extension(self, depth: int) -> Any:
        """Content of another namespace, known or not."""
        if depth < DEEPEST and self.random.random() < 0.6:
            return self.model(self.random.choice(elements()), depth + 1)
        inner: list[object] = (
            [AnyElement(qname="{urn:e}inner", text=self.text())] if self.random.random() < 0.3 else []
        )
        return AnyElement(
            qname=f"{{urn:{self.random.choice('ef')}}}{self.word()}",
            text="" if inner else self.text(),
            attributes={"a": self.text()} if self.random.random() < 0.3 else {},
            children=inner,
        )

    def value(self, cls: type[Any], var: XmlVar) -> Any:
        """The value of an attribute, a text or a simple element."""
        special = SPECIAL.get((cls.__name__, var.name))
        if special is not None:
            return special(self)
        if var.tokens:
            return [self._simple(var)]
        return self._simple(var)

    def _simple(self, var: XmlVar) -> Any:
        kind: Any = var.types[0]
        if issubclass(kind, Enum):
            return self.random.choice(list(kind))
        if kind is str:
            return self.text() if var.is_text or self.random.random() < 0.1 else self.word()
        makers: dict[type, Callable[[], object]] = {
            bool: lambda: self.random.random() < 0.5,
            int: lambda: self.random.randint(1, 99),
            Decimal: lambda: Decimal(self.random.randint(0, 1_000)) / 1_000,
            float: lambda: 0.5,
            XmlDateTime: lambda: XmlDateTime(2026, self.random.randint(1, 12), 2, 3, 4, 5, 0, 0),
            XmlDate: lambda: XmlDate(2000, self.random.randint(1, 12), 3),
            XmlTime: lambda: XmlTime(1, 2, 3),
            XmlDuration: lambda: XmlDuration("PT20S"),
            bytes: lambda: b"bytes",
        }
        return makers[kind]() if kind in makers else self.word()

    def user(self) -> str:
        """The URI of somebody."""
        return f"sip:{self.word()}@e"

    def list_uri(self) -> str:
        """The URI of a list of one's own."""
        return f"{self.root}/resource-lists/users/{XUI}/index/~~/resource-lists/list%5B@name=%22{self.word()}%22%5D"


# What the type of a field does not say of its values.
SPECIAL: dict[tuple[str, str], Callable[[Maker], Any]] = {
    ("EntryRef", "ref"): lambda make: (
        make.list_uri().removeprefix(f"{make.root}/") + "/entry%5B@uri=%22sip:bob@example.org%22%5D"
    ),
    ("External", "anchor"): Maker.list_uri,
    ("Anchor", "anc"): Maker.list_uri,
    ("Service", "resource_list"): Maker.list_uri,
    ("ResourceList", "name"): Maker.word,
    ("Entry", "uri"): Maker.user,
    ("One", "id"): Maker.user,
    ("Except", "id"): Maker.user,
    ("UserProfile", "uri"): lambda _: XUI,
    ("Presence", "entity"): lambda _: XUI,
    ("Data", "value"): lambda _: PNG,
    ("Encoding", "value"): lambda _: "base64",
    ("MimeType", "value"): lambda _: "image/png",
}


@cache
def elements() -> list[type[Any]]:
    """The classes that stand for elements wherever they are."""
    known = classes()
    known.build_xsi_cache()
    found = [named[-1] for name, named in sorted(known.xsi_cache.items()) if named and name.startswith("{")]
    # A class of a type, which has a name for xsi:type, has no namespace of its own.
    return [
        cls for cls in found if cls.__module__.startswith("xcap_documents.") and "namespace" in vars(cls.Meta)
    ]


def address_of(usage: ApplicationUsage[Any], root: str) -> DocumentAddress:
    """Where a usage's own document is."""
    xui = XUI if usage.tree == "users" else None
    return DocumentAddress(
        root=XcapRoot(root),
        auid=usage.auid,
        tree=usage.tree,
        xui=xui,
        document=usage.document,
        default_namespace=usage.namespace,
    )


def model_of(usage: ApplicationUsage[Any], seed: int, root: str = "https://xcap.example.org/root") -> Any:
    """A valid model of a usage's document."""
    maker = Maker(Random(seed), root)
    made = maker.model(usage.root)
    if isinstance(made, XcapCaps):
        made.auids.items.append("xcap-caps")
        made.namespaces.items.append("urn:ietf:params:xml:ns:xcap-caps")
    try:
        model = _schema_valid(serialize(made), usage.root)
    except InvalidDocument:  # what XML cannot hold
        reject()
    place = address_of(usage, root)
    if usage.problems(model, place):
        model = _rules_kept(model, usage, place)
    return model


def _schema_valid(document: bytes, root: type[Any]) -> Any:
    """A document without what its schema refuses."""
    for _ in range(40):
        tree = parse_xml(document)
        breaches = schema_for().breaches(tree)
        if not breaches:
            try:
                return parse(document, root)
            except DocumentError:
                reject()
        tree = parse_xml(document)
        wrong = {
            id(found): found
            for breach in breaches
            if (found := find_path(tree.getroot(), breach.path)) is not None
        }
        for element in wrong.values():
            parent = element.getparent()
            if parent is None:
                reject()
            parent.remove(element)
        document = etree.tostring(tree, encoding="UTF-8", xml_declaration=True)
    return reject()


def _rules_kept(model: Any, usage: ApplicationUsage[Any], place: DocumentAddress) -> Any:
    """A model without the parts that break a rule by themselves."""
    for var in shape_of(usage.root).contents:
        held = getattr(model, var.name)
        if isinstance(held, list):
            good = []
            for item in held:
                setattr(model, var.name, [item])
                if not usage.problems(model, place):
                    good.append(item)
            setattr(model, var.name, good)
    if usage.problems(model, place) or schema_for().breaches(parse_xml(serialize(model))):
        reject()
    return parse(serialize(model), usage.root)


def edit(random: Random, model: Any, maker: Maker) -> Callable[[], None]:
    """Change something in a model, valid or not.

    Returns:
        What undoes it.
    """
    owner = random.choice([each for each in objects_of(model) if dataclasses.is_dataclass(each)])
    shape = shape_of(type(owner))
    spots = [var for var in (*shape.attributes, *shape.contents, shape.text) if var is not None and var.init]
    if isinstance(owner, AnyElement):
        spots = [var for var in spots if var.name == ("children" if owner.children else "text")]
    if not spots:
        return lambda: None
    var = random.choice(spots)
    before = getattr(owner, var.name)
    if isinstance(before, list):
        touched, kept = _edit_list(random, model, owner, var, maker)

        def undo() -> None:
            for items, content in zip(touched, kept, strict=True):
                items[:] = content

        return undo
    gone = before is not None and not (var.required or var.is_text) and random.random() < 0.3
    after = None if gone else _another(owner, var, maker)
    setattr(owner, var.name, after)
    return lambda: setattr(owner, var.name, before)


def _another(owner: Any, var: XmlVar, maker: Maker) -> Any:
    if isinstance(owner, AnyElement):
        return maker.text()
    if var in shape_of(type(owner)).contents:
        return maker.child(type(owner), var, DEEPEST - 1)
    return maker.value(type(owner), var)


def _edit_list(
    random: Random, model: Any, owner: Any, var: XmlVar, maker: Maker
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Change a list, or two. Gives them, and what was in them."""
    items: list[Any] = getattr(owner, var.name)
    touched = [items]
    what = random.randint(0, 4)
    others = [each for each in objects_of(model) if type(each) is type(owner) and each is not owner]
    moved = random.choice(items) if items else None
    if what == 4 and others and is_model(moved):
        target: list[Any] = getattr(random.choice(others), var.name)
        inside = [getattr(each, var.name, None) for each in objects_of(moved)]
        if not any(each is target for each in inside):
            touched.append(target)
    kept = [list(each) for each in touched]
    if what == 0 or not items:
        is_unknown = isinstance(owner, AnyElement)
        new = maker.extension(DEEPEST) if is_unknown else maker.child(type(owner), var, DEEPEST - 1)
        if new is not None:
            items.insert(random.randint(0, len(items)), new)
    elif what == 1:
        del items[random.randrange(len(items))]
    elif what == 2:
        order = list(items)
        random.shuffle(order)
        items[:] = order
    elif len(touched) == 1:
        items.insert(0, items.pop())
    else:  # to another parent of the same class
        items.pop(next(index for index, each in enumerate(items) if each is moved))
        touched[1].insert(random.randint(0, len(touched[1])), moved)
    return touched, kept
