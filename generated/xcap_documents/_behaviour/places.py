"""Places, as circles and as addresses (RFC 6772 §4.1, §4.2)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .extensions import HoldsExtensions
from .wildcards import load

GEODETIC = "geodetic-condition"
CIVIC = "civic-condition"
WGS84 = "urn:ogc:def:crs:EPSG::4326"
METRES = "urn:ogc:def:uom:EPSG::9001"

_SHAPES = "http://www.opengis.net/pidflo/1.0"
_GML = "http://www.opengis.net/gml"
_CIVIC = "urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"
_PLAIN = {"country", "PLC"}  # without a language


class Circle(NamedTuple):
    """All places around one (RFC 6772 §4.1), in WGS 84.

    Attributes:
        latitude: Degrees north, from -90 to 90.
        longitude: Degrees east, from -180 to 180.
        radius: Metres.
    """

    latitude: float
    longitude: float
    radius: float


class TargetLocationBehaviour(HoldsExtensions):
    """Mixed into TargetLocation."""

    __slots__ = ()

    if TYPE_CHECKING:
        profile: str | None

    @property
    def circle(self) -> Circle | None:
        """The circle that the place is; None if it is none, or not one in WGS 84 and metres (RFC 6772 §4.1).

        Setting it takes latitude, longitude and radius, and makes the place a circle, whatever it was; None takes
        a circle away.
        """
        return next((read for item in self.extensions if (read := _circle(item)) is not None), None)

    @circle.setter
    def circle(self, value: tuple[float, float, float] | None) -> None:
        if value is None:
            self.extensions[:] = [item for item in self.extensions if not _is_circle(item)]
            return
        element = _written(Circle(*value))
        self.profile = GEODETIC
        self.extensions[:] = [element]

    @property
    def civic(self) -> Civic:
        """The address that the place is, by its parts' names in RFC 5139: ``location.civic["A3"]``.

        It is empty if the place is no address. Setting it takes any mapping, and makes the place an address,
        whatever it was.
        """
        return Civic(self)

    @civic.setter
    def civic(self, parts: Mapping[str, str]) -> None:
        wanted = dict(parts)
        if not wanted:
            raise ValueError("an address has at least one part, such as country='DE'")
        for name in wanted:
            _field(name)
        self.profile = CIVIC
        self.extensions[:] = []
        Civic(self).update(wanted)


class Civic(MutableMapping[str, str]):
    """The parts of an address by their names in RFC 5139, such as country, A1, A3, RD and HNO.

    They stand in a ``civicAddress``, or directly in the place, as the examples of RFC 6772 have it.
    """

    __slots__ = ("_location",)

    def __init__(self, location: TargetLocationBehaviour) -> None:
        self._location = location

    def __getitem__(self, name: str) -> str:
        return self._said()[name]

    def __setitem__(self, name: str, value: str) -> None:
        field = _field(name)
        for item in self._direct():
            if item.qname == f"{{{_CIVIC}}}{name}":
                item.text = value
                return
        if self._direct():
            self._location.extensions.append(_element(_CIVIC, name, value))
            return
        address = self._address() or self._location.put(load("civic_address", "CivicAddress")())
        there = getattr(address, field)
        if name in _PLAIN:
            setattr(address, field, value)
        elif there is None:
            setattr(address, field, load("civic_address", "CivicPart")(value=value))
        else:
            there.value = value

    def __delitem__(self, name: str) -> None:
        if name not in self._said():
            raise KeyError(name)
        gone = [item for item in self._direct() if item.qname == f"{{{_CIVIC}}}{name}"]
        items = self._location.extensions
        items[:] = [item for item in items if not any(item is each for each in gone)]
        if not gone:
            setattr(self._address(), _field(name), None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._said())

    def __len__(self) -> int:
        return len(self._said())

    def __repr__(self) -> str:
        return f"<Civic: {self._said()!r}>"

    def _said(self) -> dict[str, str]:
        address = self._address()
        if address is None:
            return {item.qname.partition("}")[2]: (item.text or "").strip() for item in self._direct()}
        parts = ((name, getattr(address, field)) for name, field in _fields().items())
        texts = ((name, getattr(part, "value", part)) for name, part in parts if part is not None)
        return {name: text.strip() for name, text in texts}

    def _address(self) -> Any:
        return self._location.find(load("civic_address", "CivicAddress"))

    def _direct(self) -> list[Any]:
        """The parts that stand directly in the place; none if there is a ``civicAddress``."""
        from xsdata.formats.dataclass.models.generics import AnyElement

        if self._address() is not None:
            return []
        names = {f"{{{_CIVIC}}}{name}" for name in _fields()}
        return [item for item in self._location.extensions if isinstance(item, AnyElement) and item.qname in names]


def _fields() -> dict[str, str]:
    """The parts of an address in their order, with the fields of CivicAddress."""
    from dataclasses import fields

    cls = load("civic_address", "CivicAddress")
    return {
        each.metadata.get("name", each.name): each.name for each in fields(cls) if each.metadata["type"] == "Element"
    }


def _field(name: str) -> str:
    known = _fields()
    if name not in known:
        raise ValueError(f"{name!r} is no part of an address: there are {', '.join(known)} (RFC 5139 §3)")
    return known[name]


def _is_circle(item: object) -> bool:
    return getattr(item, "qname", None) == f"{{{_SHAPES}}}Circle"


def _circle(item: Any) -> Circle | None:
    if not _is_circle(item) or item.attributes.get("srsName") != WGS84:
        return None
    texts = {child.qname: child for child in item.children if hasattr(child, "qname")}
    middle, radius = texts.get(f"{{{_GML}}}pos"), texts.get(f"{{{_SHAPES}}}radius")
    if middle is None or radius is None or radius.attributes.get("uom") != METRES:
        return None
    try:
        latitude, longitude = map(float, (middle.text or "").split())
        return _checked(Circle(latitude, longitude, float(radius.text or "")))
    except ValueError:
        return None


def _checked(circle: Circle) -> Circle:
    if not (abs(circle.latitude) <= 90 and abs(circle.longitude) <= 180 and 0 < circle.radius < math.inf):
        raise ValueError(
            f"there is no circle around {circle.latitude}, {circle.longitude} of {circle.radius} metres: latitude is "
            "from -90 to 90, longitude from -180 to 180, and the radius is more than 0"
        )
    return circle


def _written(circle: Circle) -> Any:
    latitude, longitude, radius = map(_number, _checked(circle))
    middle = _element(_GML, "pos", f"{latitude} {longitude}")
    around = _element(_SHAPES, "radius", radius, {"uom": METRES})
    return _element(_SHAPES, "Circle", "", {"srsName": WGS84}, [middle, around])


def _number(value: float) -> str:
    return repr(float(value)).removesuffix(".0")


def _element(
    namespace: str,
    name: str,
    text: str | None,
    attributes: dict[str, str] | None = None,
    children: list[object] | None = None,
) -> Any:
    from xsdata.formats.dataclass.models.generics import AnyElement

    return AnyElement(qname=f"{{{namespace}}}{name}", text=text, attributes=attributes or {}, children=children or [])
