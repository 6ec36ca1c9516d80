"""Classes as a user of the SDK might write them, with what the generated ones do not need."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from xml.etree.ElementTree import QName

NAMESPACE = "urn:example:shelf"


@dataclass(kw_only=True)
class Note:
    """A note behind wildcards."""

    class Meta:
        name = "note"
        namespace = NAMESPACE

    by: str = field(metadata={"type": "Attribute"})


@dataclass(kw_only=True)
class Refusing(Note):
    """A note that not everybody can write."""

    class Meta:
        name = "refusing"
        namespace = NAMESPACE

    def __post_init__(self) -> None:
        if self.by == "nobody":
            raise ValueError("nobody writes")


@dataclass(kw_only=True)
class Book:
    """Inherits its namespace."""

    isbn: str = field(metadata={"type": "Attribute"})
    price: Decimal | None = field(default=None, metadata={"type": "Element"})
    tags: list[str] = field(default_factory=list, metadata={"type": "Attribute", "tokens": True})


@dataclass(kw_only=True)
class AudioBook(Book):
    """Comes in place of a book by xsi:type."""

    class Meta:
        namespace = NAMESPACE

    minutes: int | None = field(default=None, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Loose:
    """What xsdata has to read and write itself: mixed content."""

    class Meta:
        name = "loose"
        namespace = NAMESPACE

    content: list[object] = field(
        default_factory=list,
        metadata={"type": "Wildcard", "namespace": "##any", "mixed": True},
    )


@dataclass(kw_only=True)
class Shelf:
    """The root."""

    class Meta:
        name = "shelf"
        namespace = NAMESPACE

    book: list[Book] = field(default_factory=list, metadata={"type": "Element"})
    loose: Loose | None = field(default=None, metadata={"type": "Element"})
    label: tuple[str, ...] = field(default=(), metadata={"type": "Element"})
    choice: list[int | bool | Book] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": (
                {"name": "count", "type": int},
                {"name": "full", "type": bool},
            ),
        },
    )
    kind: QName | None = field(default=None, metadata={"type": "Attribute"})
    only: object | None = field(default=None, metadata={"type": "Wildcard", "namespace": "##other"})


@dataclass(kw_only=True)
class Rack:
    """A root that the tables read themselves."""

    class Meta:
        name = "rack"
        namespace = NAMESPACE

    book: list[Book] = field(default_factory=list, metadata={"type": "Element"})
    loose: Loose | None = field(default=None, metadata={"type": "Element"})
    label: tuple[str, ...] = field(default=(), metadata={"type": "Element"})
    data: bytes | None = field(default=None, metadata={"type": "Element", "format": "base64"})
    choice: list[int | bool] = field(
        default_factory=list,
        metadata={
            "type": "Elements",
            "choices": ({"name": "count", "type": int}, {"name": "full", "type": bool}),
        },
    )
    only: object | None = field(default=None, metadata={"type": "Wildcard", "namespace": "##other"})
    strange: list[object] = field(
        default_factory=list, metadata={"type": "Wildcard", "namespace": "##targetNamespace"}
    )


@dataclass(kw_only=True)
class Unbound:
    """What xsdata cannot bind."""

    class Meta:
        name = "unbound"
        namespace = NAMESPACE

    odd: set[str] | None = field(default=None, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Unused:
    """Has a field that nobody can use."""

    class Meta:
        name = "unused"
        namespace = NAMESPACE

    unbound: Unbound | None = field(default=None, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Homeless:
    """States no namespace."""

    name: str | None = field(default=None, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Names:
    """A root of no namespace, and elements whose name is a word of XPath."""

    div: list[str] = field(default_factory=list, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Owner:
    """May have one that states none."""

    class Meta:
        name = "owner"
        namespace = "urn:owner"

    at: Homeless | None = field(default=None, metadata={"type": "Element"})


@dataclass(kw_only=True)
class Tenant:
    """May have one, too, in another namespace."""

    class Meta:
        name = "tenant"
        namespace = "urn:tenant"

    at: Homeless | None = field(default=None, metadata={"type": "Element"})
