"""A model seen as XML: names, attributes, text and children in document order, one level at a time.

Nothing is serialised for it and no class is known by name: what is needed comes from xsdata's metadata, and values
look as xsdata would write them. The diff, new elements and the places of problems all look at models this way.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias, cast

from xsdata.exceptions import ConverterError
from xsdata.formats.dataclass.models.elements import XmlMeta, XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.formats.dataclass.serializers.mixins import EventGenerator
from xsdata.formats.dataclass.serializers.writers.lxml import LxmlTreeBuilder

from xcap_sdk.documents.binder import read_any
from xcap_sdk.documents.classes import XSI_TYPE, Element, classes, is_model, is_plain, meta_of

Fingerprint: TypeAlias = tuple[Any, ...]
Part: TypeAlias = tuple[XmlVar, Any]


class Unwritable(Exception):
    """A part of a model that XML cannot hold.

    Attributes:
        steps: Where: the positions of the children from the root down.
        attribute: Which attribute, as ``{namespace}name``; None for the element itself.
    """

    def __init__(self, message: str, attribute: str | None = None) -> None:
        super().__init__(message)
        self.steps: list[int] = []
        self.attribute = attribute


class Shape:
    """The fields of a class by what they are in XML."""

    __slots__ = ("attributes", "contents", "in_turn", "meta", "plain", "text", "wildcards")

    def __init__(self, meta: XmlMeta) -> None:
        self.meta = meta
        self.plain = is_plain(meta)
        self.attributes = cast("list[XmlVar]", list(meta.attributes.values()))
        self.wildcards = cast("list[XmlVar]", list(meta.any_attributes))
        self.text = meta.text
        self.contents = [var for var in cast("list[XmlVar]", meta.get_element_vars()) if not var.is_text]
        self.in_turn = any(var.sequence is not None for var in self.contents)


_shapes: dict[type, Shape] = {}


def shape_of(cls: type, namespace: str | None = None) -> Shape:
    """The shape of a class, made once."""
    shape = _shapes.get(cls)
    if shape is None:
        shape = _shapes[cls] = Shape(meta_of(cls, namespace))
    return shape


class Outline:
    """One element as a model describes it.

    Attributes:
        name: The element's name as ``{namespace}name``.
        value: What stands for it in the model: an object, or the value of an element that is but text.
        field: The field of its parent that holds it; None for the root.
        tail: The text behind it, in content of no known class; else None.
        declarations: Namespaces by prefix that its text or attributes refer to; mostly empty.
    """

    __slots__ = (
        "_attributes",
        "_children",
        "_content",
        "_parts",
        "_text",
        "_var",
        "declarations",
        "field",
        "name",
        "tail",
        "value",
        "xsi_type",
    )

    def __init__(self, name: str, value: Any, field: str | None = None, var: XmlVar | None = None) -> None:
        self.name = name
        self.value: Any = value
        self.field = field
        self.tail: str | None = None
        self.declarations: dict[str | None, str] = {}
        self.xsi_type: str | None = None
        self._var = var
        self._attributes: dict[str, str] | None = None
        self._parts: list[Part] | None = None
        self._children: list[Outline] | None = None
        self._text: str | None = None
        self._content: AnyElement | None = None
        if isinstance(value, AnyElement):
            self._content = value
            self.tail = value.tail
        elif is_model(value) and not shape_of(type(value), _namespace(name)).plain:
            self._content = self._stock()

    @classmethod
    def of(cls, model: object) -> Outline:
        """The outline of a whole document.

        Args:
            model: An instance of a document class, or an element of no known class.

        Raises:
            TypeError: It is neither.
        """
        if isinstance(model, DerivedElement):
            return _derived(cast("DerivedElement[Any]", model), None)
        if isinstance(model, AnyElement) and model.qname:
            return cls(model.qname, model)
        if not is_model(model):
            raise TypeError(f"expected an instance of a document class, not {type(model).__name__}")
        return cls(meta_of(type(model)).qname, model)

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name, as ``{namespace}name`` or plain."""
        if self._attributes is None:
            self._attributes = self._read_attributes()
        return self._attributes

    @property
    def text(self) -> str:
        """The text up to the first child."""
        if self._text is None:
            self._text = self._read_text()
        return self._text

    @property
    def parts(self) -> list[Part]:
        """The children as they are in the model, each with what is known of its field."""
        if self._parts is None:
            self._parts = self._read_parts()
        return self._parts

    @property
    def children(self) -> list[Outline]:
        """The children in document order."""
        if self._children is None:
            self._children = [self.child(part) for part in self.parts]
        return self._children

    @property
    def is_typed(self) -> bool:
        """Whether a class of its own describes the element, attributes and children one by one."""
        return self._content is None and is_model(self.value)

    def fingerprint(self, without: str | None = None) -> Fingerprint:
        """All of it as a value that can be hashed; equal for equal XML.

        Args:
            without: A field to leave out.
        """
        dropped = None if without is None else self._attribute(without)
        attributes = tuple(sorted(pair for pair in self.attributes.items() if pair[0] != dropped))
        children = tuple(
            (child.fingerprint(), child.tail if (child.tail or "").strip() else "")
            for child in self.children
            if without is None or child.field != without
        )
        return self.name, attributes, self.text if not children or self.text.strip() else "", children

    def _attribute(self, field: str) -> str | None:
        attributes = shape_of(type(self.value)).attributes if self.is_typed else ()
        return next((var.qname for var in attributes if var.name == field), None)

    def name_of(self, part: Part) -> str:
        """The name that the outline of a part has."""
        var, value = part
        if isinstance(value, AnyElement | DerivedElement):
            return cast("str", value.qname or "")
        return self._name(var, type(value)) if is_model(value) else self._choice(var, value).qname

    def child(self, part: Part) -> Outline:
        """The outline of one of the parts."""
        var, value = part
        if isinstance(value, AnyElement):
            return Outline(value.qname or "", value, var.name)
        if isinstance(value, DerivedElement):
            return _derived(cast("DerivedElement[Any]", value), var.name)
        if not is_model(value):
            choice = self._choice(var, value)
            return Outline(choice.qname, value, var.name, choice)
        cls = type(value)
        child = Outline(self._name(var, cls), value, var.name)
        if var.is_element and cls not in var.types and var.clazz is not None:
            child.xsi_type = meta_of(cls).target_qname
        return child

    def _choice(self, var: XmlVar, value: Any) -> XmlVar:
        if var.is_element:
            return var
        choice = var.find_value_choice(value, False) if var.is_elements else None
        if choice is None:
            raise Unwritable(f"{value!r} in {var.name} is nothing that an element could be made of")
        return choice

    def _name(self, var: XmlVar, cls: type) -> str:
        if var.is_element:
            return var.qname
        owner: type = type(self.value)
        known = _names.get((owner, var.name, cls))
        if known is None:
            choice = var.find_clazz_choice(cls) if var.is_elements else None
            meta = meta_of(cls, _namespace(self.name))
            known = (
                choice.qname
                if choice
                else (meta.target_qname or meta.qname if var.is_elements else meta.qname)
            )
            _names[owner, var.name, cls] = known
        return known

    def _read_attributes(self) -> dict[str, str]:
        content, value = self._content, self.value
        if content is not None:
            return dict(content.attributes)
        found: dict[str, str] = {}
        if is_model(value):
            shape = shape_of(type(value))
            for var in shape.attributes:
                item = getattr(value, var.name)
                if item is not None and item != []:
                    found[var.qname] = lexical(item, var)
            for var in shape.wildcards:
                found.update(getattr(value, var.name) or {})
        if self.xsi_type:
            found[XSI_TYPE] = self._prefixed(self.xsi_type)
        return found

    def _prefixed(self, name: str) -> str:
        namespace, local = _namespace(name), name.rpartition("}")[2]
        if namespace is None:
            return local
        self.declarations["type"] = namespace
        return f"type:{local}"

    def _read_text(self) -> str:
        content, value = self._content, self.value
        if content is not None:
            return content.text or ""
        if not is_model(value):
            return lexical(value, cast("XmlVar", self._var))
        var = shape_of(type(value)).text
        return "" if var is None else lexical(getattr(value, var.name), var)

    def _read_parts(self) -> list[Part]:
        content, value = self._content, self.value
        if content is not None:
            return [(_ANY, child) for child in content.children]
        if not is_model(value):
            return []
        shape = shape_of(type(value))
        if shape.in_turn:
            pairs = cast("list[Part]", list(EventGenerator.next_value(value, shape.meta)))
        else:
            pairs = [(var, getattr(value, var.name)) for var in shape.contents]
        parts: list[Part] = []
        for var, item in pairs:
            if item is None or var.is_text:
                continue
            if isinstance(item, AnyElement) and not item.qname:
                parts += [(var, child) for child in item.children]
            elif (isinstance(item, list) or type(item) is tuple) and not var.tokens:  # dates are named tuples
                parts += [(var, child) for child in item]
            else:
                parts.append((var, item))
        return parts

    def _stock(self) -> AnyElement:
        """What xsdata itself would write."""
        builder = LxmlTreeBuilder(config=SerializerConfig(), ns_map={})
        events = EventGenerator(context=classes()).convert_dataclass(
            self.value, _namespace(self.name), self.name
        )
        tree: Any = builder.build(events)
        element: Element = tree.getroot()
        self.declarations = dict(element.nsmap)
        return read_any(element)


def lexical(value: Any, var: XmlVar) -> str:
    """A value as XML text, as xsdata writes it.

    Raises:
        Unwritable: It has no form in XML.
    """
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value
    attribute = var.qname if var.is_attribute else None
    try:
        written: Any = EventGenerator.encode_primitive(value, var)
    except (ConverterError, TypeError, ValueError, AttributeError) as error:
        raise Unwritable(f"{value!r} is nothing that XML can hold here: {error}", attribute) from error
    return " ".join(cast("list[str]", written)) if isinstance(written, list) else str(written)


def _derived(value: DerivedElement[Any], field: str | None) -> Outline:
    outline = Outline(value.qname, value.value, field, _ANY)
    outline.xsi_type = value.type
    return outline


def _namespace(name: str) -> str | None:
    return name[1:].partition("}")[0] if name.startswith("{") else None


_names: dict[tuple[type, str, type], str] = {}


def _any_field() -> XmlVar:
    meta = classes().build(AnyElement)
    return next(var for var in cast("list[XmlVar]", meta.get_all_vars()) if var.is_wildcard)


_ANY = _any_field()
