"""A model seen as XML: names, attributes, text and children in document order, one level at a time.

Nothing is serialised for it and no class is known by name: what is needed comes from xsdata's metadata, and
values look as xsdata would write them. The diff, new elements and places all look at models this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from xsdata.formats.dataclass.models.elements import XmlVar
from xsdata.formats.dataclass.models.generics import AnyElement, DerivedElement

from xcap_sdk.documents.classes import XSI_TYPE, classes, is_model, is_several, kind, meta_of, no_model
from xcap_sdk.documents.compiled.fields import name_of
from xcap_sdk.documents.compiled.trees import inside, read_any
from xcap_sdk.documents.shapes import SHAPES, Part, Unwritable, any_field, choice_of, lexical, shape_of
from xcap_sdk.documents.xml import Element

Fingerprint: TypeAlias = tuple[Any, ...]

_names: dict[tuple[type, str, type], str] = {}


class Outline:
    """One element as a model describes it.

    Attributes:
        name: The element's name as ``{namespace}name``.
        value: What stands for it in the model: an object, or the value of an element that is but text.
        field: The field of its parent that holds it; None for the root.
        tail: The text behind it, in content of no known class, unless it is blank; else None.
        declarations: Namespaces by prefix that its text or attributes refer to; mostly empty.
    """

    __slots__ = (
        "_attributes",
        "_children",
        "_content",
        "_parts",
        "_shape",
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
        self.name: str = name
        self.value: Any = value
        self.field: str | None = field
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
            self._shape = None
            self.tail = value.tail if str(value.tail or "").strip() else None
            return
        self._shape = SHAPES.get(kind(value))
        if self._shape is None and is_model(value):
            self._shape = shape_of(kind(value), namespace_of(name))
        if self._shape is not None and not self._shape.plain:
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
            return cls(str(model.qname), model)
        if not is_model(model):
            raise TypeError(no_model(model))
        return cls(meta_of(kind(model)).qname, model)

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes by name, as ``{namespace}name`` or plain."""
        if self._attributes is None:
            self._attributes = self._read_attributes()
        return self._attributes

    @property
    def text(self) -> str:
        """The text up to the first child; blank text counts only where there are no children."""
        if self._text is None:
            self._text = self._read_text()
        return self._text

    @property
    def parts(self) -> list[Part]:
        """The children as they are in the model, each with what is known of its field."""
        if self._parts is None:
            if self._content is not None:
                self._parts = [(any_field(), child) for child in _children(self._content)]
            else:
                self._parts = self._shape.parts(self.value) if self._shape is not None else []
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
        return self._content is None and self._shape is not None

    def fingerprint(self, without: str | None = None) -> Fingerprint:
        """All of it as a value that can be hashed; equal for equal XML.

        Args:
            without: A field to leave out.
        """
        dropped = None if without is None else self._attribute(without)
        attributes = tuple(sorted(pair for pair in self.attributes.items() if pair[0] != dropped))
        children = tuple(
            (child.fingerprint(), child.tail or "")
            for child in self.children
            if without is None or child.field != without
        )
        return self.name, attributes, self.text if not children or self.text.strip() else "", children

    def _attribute(self, field: str) -> str | None:
        attributes = self._shape.attributes if self._shape is not None else ()
        return next((var.qname for var in attributes if var.name == field), None)

    def names(self) -> list[str]:
        """The names that the outlines of the parts have."""
        found: list[str] = []
        known: dict[type, str] = {}
        field: XmlVar | None = None
        for part in self.parts:
            var, value = part
            if var is not field:
                field, known = var, {}
            name = known.get(value.__class__)
            if name is None:
                name = self.name_of(part)
                if is_model(value) and not isinstance(value, AnyElement | DerivedElement):
                    known[value.__class__] = name
            found.append(name)
        return found

    def name_of(self, part: Part) -> str:
        """The name that the outline of a part has."""
        var, value = part
        if isinstance(value, AnyElement | DerivedElement):
            return str(value.qname or "")
        return self._name(var, kind(value)) if is_model(value) else choice_of(var, value).qname

    def child(self, part: Part) -> Outline:
        """The outline of one of the parts."""
        var, value = part
        if isinstance(value, AnyElement):
            return Outline(str(value.qname or ""), value, var.name)
        if isinstance(value, DerivedElement):
            return _derived(cast("DerivedElement[Any]", value), var.name)
        if not is_model(value):
            choice = choice_of(var, value)
            return Outline(choice.qname, value, var.name, choice)
        cls = kind(value)
        child = Outline(self._name(var, cls), value, var.name)
        if var.is_element and cls not in var.types and var.clazz is not None:
            child.xsi_type = meta_of(cls).target_qname
        return child

    def _name(self, var: XmlVar, cls: type) -> str:
        if var.is_element:
            return var.qname
        place = (kind(self.value), var.name, cls)
        known = _names.get(place)
        if known is None:
            known = _names[place] = name_of(classes(), var, cls, namespace_of(self.name))
        return known

    def _read_attributes(self) -> dict[str, str]:
        if self._content is not None:
            return dict(_by_name(self._content.attributes, "attributes"))
        found: dict[str, str] = {}
        if self._shape is not None:
            for var in self._shape.attributes:
                item: Any = getattr(self.value, var.name)
                if item or not (item is None or is_several(item)):
                    found[var.qname] = lexical(item, var)
            for var in self._shape.wildcards:
                if more := getattr(self.value, var.name):
                    found.update(_by_name(more, var.name))
        if self.xsi_type:
            found[XSI_TYPE] = self._prefixed(self.xsi_type)
        return found

    def _prefixed(self, name: str) -> str:
        namespace, local = namespace_of(name), name.rpartition("}")[2]
        if namespace is None:
            return local
        self.declarations["type"] = namespace
        return f"type:{local}"

    def _read_text(self) -> str:
        if self._content is not None:
            text = self._content.text or ""
            return "" if self._content.children and not str(text).strip() else text
        if self._shape is None:
            return lexical(self.value, cast("XmlVar", self._var))
        var = self._shape.text
        return "" if var is None else lexical(getattr(self.value, var.name), var)

    def _stock(self) -> AnyElement:
        """What xsdata itself would write."""
        from xsdata.formats.dataclass.serializers.config import SerializerConfig
        from xsdata.formats.dataclass.serializers.mixins import EventGenerator
        from xsdata.formats.dataclass.serializers.writers.lxml import LxmlTreeBuilder

        generator = EventGenerator(context=classes())
        builder: Any = LxmlTreeBuilder(config=SerializerConfig(), ns_map={})
        events = generator.convert_dataclass(self.value, namespace_of(self.name), self.name)
        element: Element = builder.build(events).getroot()
        self.declarations = dict(element.nsmap)
        return read_any(element, inside(element))


def _by_name(attributes: object, field: str) -> Mapping[str, str]:
    """The attributes of no known field, if that is what a field for them holds."""
    if not attributes:
        return {}
    if not isinstance(attributes, Mapping):
        raise Unwritable(f"{attributes!r} in {field} is no dict of attributes by name")
    for name, value in cast("Mapping[object, object]", attributes).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise Unwritable(f"{value!r} cannot be the value of an attribute {name!r}: no text", str(name))
    return cast("Mapping[str, str]", attributes)


def _children(element: AnyElement) -> list[object]:
    children = element.children or []
    if not is_several(children):
        raise Unwritable(f"{children!r} are no children of an element")
    return children


def _derived(derived: DerivedElement[Any], field: str | None) -> Outline:
    """An element whose name its class does not say; xsdata writes xsi:type if the class has another."""
    outline = Outline(str(derived.qname or ""), derived.value, field, any_field())
    own = meta_of(kind(derived.value)).target_qname if is_model(derived.value) else derived.type
    outline.xsi_type = own if own != derived.qname else None
    return outline


def namespace_of(name: str) -> str | None:
    """The namespace of a name written ``{namespace}name``; None if it has none."""
    return name[1:].partition("}")[0] if name.startswith("{") else None
